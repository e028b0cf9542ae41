"""Golden responses as the objects of the real SDKs."""

from __future__ import annotations

import anthropic.types
import anthropic.types.beta
import anthropic.types.messages
import google.genai.interactions
import google.genai.types
import openai.types
import openai.types.audio
import openai.types.chat
import openai.types.live
import openai.types.realtime
import openai.types.responses
from anthropic.types import RawMessageStreamEvent
from openai.types.responses import ResponseStreamEvent


def _construct(kind):
    # SDKs do not validate what comes over the wire: construct() builds as they do, nested objects included.
    return lambda response: kind.construct(**response) if hasattr(kind, "construct") else kind.model_validate(response)


def _events(union):
    def build(response):
        from openai._models import construct_type

        return [construct_type(type_=union, value=event) for event in response]

    return build


def _anthropic_events(response):
    from anthropic._models import construct_type

    # The SDK drops pings.
    events = [event for event in response if event["type"] != "ping"]
    return [construct_type(type_=RawMessageStreamEvent, value=event) for event in events]


def _gemini(response):
    return google.genai.types.GenerateContentResponse.model_validate(response)


def _google(kind):
    return google.genai.types.__dict__[kind].model_validate


def _embeddings(response):
    # The SDK puts Vertex's predictions into one list of embeddings.
    rows = [row["embeddings"] for row in response["predictions"]]
    return google.genai.types.EmbedContentResponse.model_validate(
        {"embeddings": rows, "metadata": response["metadata"]}
    )


def _inlined(line):
    return google.genai.types.InlinedResponse(response=_gemini(line["response"]), metadata={"key": line["key"]})


def _transcript(response):
    kind = openai.types.audio.TranscriptionVerbose if "segments" in response else openai.types.audio.Transcription
    return _construct(kind)(response)


BUILDERS = {
    "audio.transcriptions": _transcript,
    "audio.transcriptions.stream": _events(openai.types.audio.TranscriptionStreamEvent),
    "batches": _construct(openai.types.Batch),
    "decisions": _construct(openai.types.Decision),
    "embeddings": _construct(openai.types.CreateEmbeddingResponse),
    "images": _construct(openai.types.ImagesResponse),
    "images.stream": _events(openai.types.ImageGenStreamEvent),
    "moderations": _construct(openai.types.ModerationCreateResponse),
    "realtime": _construct(openai.types.realtime.ResponseDoneEvent),
    "realtime.stream": _events(openai.types.realtime.RealtimeServerEvent),
    "responses.compact": _construct(openai.types.responses.CompactedResponse),
    "videos": _construct(openai.types.Video),
    "chat.completions": _construct(openai.types.chat.ChatCompletion),
    "chat.completions.stream": lambda chunks: [openai.types.chat.ChatCompletionChunk.construct(**c) for c in chunks],
    "completions": _construct(openai.types.Completion),
    "responses": _construct(openai.types.responses.Response),
    "responses.stream": _events(ResponseStreamEvent),
    "batchGenerateContent": _inlined,
    "beta.messages": _construct(anthropic.types.beta.BetaMessage),
    "generateImages": _google("GenerateImagesResponse"),
    "generateVideos": _google("GenerateVideosOperation"),
    "interactions": google.genai.interactions.Interaction.model_validate,
    "live": _google("LiveServerMessage"),
    "messages.batches.result": _construct(anthropic.types.messages.MessageBatchIndividualResponse),
    "messages": _construct(anthropic.types.Message),
    "messages.stream": _anthropic_events,
    "generateContent": _gemini,
    "predict.embeddings": _embeddings,
    "streamGenerateContent": lambda chunks: [_gemini(chunk) for chunk in chunks],
}


def supports(case: dict) -> bool:
    return case["flavour"] in BUILDERS


def build(case: dict) -> object:
    return BUILDERS[case["flavour"]](case["response"])
