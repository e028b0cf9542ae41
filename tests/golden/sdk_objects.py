"""Golden responses as the objects of the real SDKs."""

from __future__ import annotations

from tests.sdks import Kind

GENERATED = Kind("google.genai.types.GenerateContentResponse")
TRANSCRIPTION = Kind("openai.types.audio.Transcription")
TRANSCRIPTION_VERBOSE = Kind("openai.types.audio.TranscriptionVerbose")


def _construct(name):
    kind = Kind(name)
    return lambda response: kind.construct(**response)


def _events(name):
    union = Kind(name)
    return lambda response: [union.event(event) for event in response]


def _anthropic_events(response):
    # The SDK drops pings.
    return _events("anthropic.types.RawMessageStreamEvent")([event for event in response if event["type"] != "ping"])


def _embeddings(response):
    # The SDK puts Vertex's predictions into one list of embeddings.
    rows = [row["embeddings"] for row in response["predictions"]]
    return Kind("google.genai.types.EmbedContentResponse").model_validate(
        {"embeddings": rows, "metadata": response["metadata"]}
    )


def _inlined(line):
    response = GENERATED.model_validate(line["response"])
    return Kind("google.genai.types.InlinedResponse")(response=response, metadata={"key": line["key"]})


def _transcript(response):
    return (TRANSCRIPTION_VERBOSE if "segments" in response else TRANSCRIPTION).construct(**response)


BUILDERS = {
    "audio.transcriptions": _transcript,
    "audio.transcriptions.stream": _events("openai.types.audio.TranscriptionStreamEvent"),
    "batches": _construct("openai.types.Batch"),
    "decisions": _construct("openai.types.Decision"),
    "embeddings": _construct("openai.types.CreateEmbeddingResponse"),
    "images": _construct("openai.types.ImagesResponse"),
    "images.stream": _events("openai.types.ImageGenStreamEvent"),
    "moderations": _construct("openai.types.ModerationCreateResponse"),
    "realtime": _construct("openai.types.realtime.ResponseDoneEvent"),
    "realtime.stream": _events("openai.types.realtime.RealtimeServerEvent"),
    "responses.compact": _construct("openai.types.responses.CompactedResponse"),
    "videos": _construct("openai.types.Video"),
    "chat.completions": _construct("openai.types.chat.ChatCompletion"),
    "chat.completions.stream": lambda chunks: [
        Kind("openai.types.chat.ChatCompletionChunk").construct(**chunk) for chunk in chunks
    ],
    "completions": _construct("openai.types.Completion"),
    "responses": _construct("openai.types.responses.Response"),
    "responses.stream": _events("openai.types.responses.ResponseStreamEvent"),
    "batchGenerateContent": _inlined,
    "beta.messages": _construct("anthropic.types.beta.BetaMessage"),
    "generateImages": Kind("google.genai.types.GenerateImagesResponse").model_validate,
    "generateVideos": Kind("google.genai.types.GenerateVideosOperation").model_validate,
    "interactions": Kind("google.genai.interactions.Interaction").model_validate,
    "live": Kind("google.genai.types.LiveServerMessage").model_validate,
    "messages.batches.result": _construct("anthropic.types.messages.MessageBatchIndividualResponse"),
    "messages": _construct("anthropic.types.Message"),
    "messages.stream": _anthropic_events,
    "generateContent": GENERATED.model_validate,
    "predict.embeddings": _embeddings,
    "streamGenerateContent": lambda chunks: [GENERATED.model_validate(chunk) for chunk in chunks],
}


def supports(case: dict) -> bool:
    return case["flavour"] in BUILDERS


def build(case: dict) -> object:
    return BUILDERS[case["flavour"]](case["response"])
