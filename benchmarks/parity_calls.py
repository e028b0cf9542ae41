"""The calls of the comparison with LiteLLM: for each model of a map those of its mode, as raw dicts and as objects."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Row = Mapping[str, object]

# LiteLLM prices off-peak hours by its own clock, so that the raw dicts are of the same moment.
NOW = int(time.time())


class Call:
    """One call of one model.

    Attributes:
        kind: what is called, such as ``chat`` or ``video``.
        form: ``dict`` or ``object``.
        response: what ``completion_cost`` gets; None where a call has no response.
        twin: for a raw dict, the object of LiteLLM's that says the same.
        arguments: further arguments of ``completion_cost``.
        used: what it used, in words for a report.
    """

    def __init__(
        self,
        kind: str,
        form: str,
        model: str,
        provider: str,
        response: object,
        used: str,
        *,
        twin: object = None,
        **arguments: Any,
    ) -> None:
        self.kind, self.form, self.model, self.provider = kind, form, model, provider
        self.response, self.used, self.twin, self.arguments = response, used, twin, arguments

    def __repr__(self) -> str:
        return f"{self.kind} ({self.form}) of {self.model!r}, {self.provider}: {self.used} {self.arguments or ''}"


def provider_of(row: Row) -> str:
    """Return the provider that LiteLLM is called with for a row."""
    stated = str(row.get("litellm_provider", ""))
    if stated.startswith("vertex_ai"):
        return "vertex_ai"
    return "bedrock" if stated == "bedrock_converse" else stated


def _both(
    kind: str, name: str, provider: str, body: object, made: object, used: str, **arguments: Any
) -> Iterator[Call]:
    """Yield a call whose response is a raw dict, and the same with LiteLLM's object."""
    yield Call(kind, "dict", name, provider, body, used, twin=made, **arguments)
    yield Call(kind, "object", name, provider, made, used, **arguments)


def calls_of(name: str, row: Row, make: Makers) -> Iterator[Call]:
    """Yield the calls of a model, by its mode."""
    kinds = _BY_MODE.get(str(row.get("mode") or "chat"), _chat)
    yield from kinds(name, provider_of(row), make)


class Makers:
    """Makes LiteLLM's own objects."""

    def __init__(self, litellm: Any) -> None:
        from litellm.llms.base_llm.ocr.transformation import OCRResponse
        from litellm.llms.base_llm.search.transformation import SearchResponse
        from litellm.types.llms.openai import OpenAIModerationResponse
        from litellm.types.rerank import RerankResponse
        from litellm.types.utils import LiteLLMRealtimeStreamLoggingObject
        from litellm.types.videos.main import VideoObject

        self.usage, self.chat, self.embedding = litellm.Usage, litellm.ModelResponse, litellm.EmbeddingResponse
        self.image, self.transcript = litellm.ImageResponse, litellm.TranscriptionResponse
        self.video, self.search, self.ocr, self.rerank = VideoObject, SearchResponse, OCRResponse, RerankResponse
        self.moderation, self.session = OpenAIModerationResponse, LiteLLMRealtimeStreamLoggingObject


_PLAIN, _CACHED, _LONG = (1000, 100, 0), (2000, 300, 1500), (300_000, 1000, 0)


def _counters(prompt: int, answer: int, cached: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    if cached:
        found["prompt_tokens_details"] = {"cached_tokens": cached}
    return found


def _chat(name: str, provider: str, make: Makers) -> Iterator[Call]:
    variants: tuple[tuple[str, tuple[int, int, int], dict[str, object]], ...] = (
        ("plain", _PLAIN, {}),
        ("cached", _CACHED, {}),
        ("long", _LONG, {}),
        ("batch", _PLAIN, {"call_type": "aretrieve_batch"}),
        ("priority", _PLAIN, {"optional_params": {"service_tier": "priority"}}),
    )
    for used, counts, more in variants:
        counters = _counters(*counts)
        kind = "batch" if used == "batch" else "chat"
        body = {"object": "chat.completion", "id": "c", "created": NOW, "model": name, "choices": [], "usage": counters}
        yield from _both(kind, name, provider, body, make.chat(model=name, usage=make.usage(**counters)), used, **more)


def _embedding(name: str, provider: str, make: Makers) -> Iterator[Call]:
    counters = _counters(1000, 0)
    for used, more in (("1000 tokens", {"call_type": "embedding"}), ("a batch", {"call_type": "aretrieve_batch"})):
        body = {"object": "list", "model": name, "data": [], "usage": counters}
        made = make.embedding(model=name, data=[], usage=make.usage(**counters))
        kind = "embedding" if more["call_type"] == "embedding" else "batch"
        yield from _both(kind, name, provider, body, made, used, **more)


def _image(name: str, provider: str, make: Makers) -> Iterator[Call]:
    more = {"call_type": "image_generation", "size": "1024x1024"}
    for images, used in ((1, "an image"), (2, "two images")):
        body: dict[str, Any] = {"created": NOW, "data": [{"url": "https://example.com/1.png"}] * images}
        yield from _both("image", name, provider, body, make.image(**body), used, **more)
    counters = {"input_tokens": 20, "output_tokens": 1000, "total_tokens": 1020}
    usage = {**counters, "input_tokens_details": {"text_tokens": 20, "image_tokens": 0}}
    body = {"created": NOW, "data": [{"b64_json": "x"}], "usage": usage}
    yield from _both("image", name, provider, body, make.image(**body), "tokens", **more)


def _speech(name: str, provider: str, _: Makers) -> Iterator[Call]:
    yield Call("speech", "text", name, provider, None, "14 letters", prompt="abcdefghijklmn", call_type="speech")


def _transcript(name: str, provider: str, make: Makers) -> Iterator[Call]:
    heard = make.transcript(text="hi")
    heard.duration = 30.0
    body = {"text": "hi", "duration": 30.0}
    yield from _both("transcription", name, provider, body, heard, "30 s", call_type="transcription")
    counters = {"type": "tokens", "input_tokens": 100, "output_tokens": 20, "total_tokens": 120}
    usage = {**counters, "input_token_details": {"text_tokens": 0, "audio_tokens": 100}}
    body = {"text": "hi", "usage": usage}
    yield from _both(
        "transcription", name, provider, body, make.transcript(**body), "tokens", call_type="transcription"
    )


def _video(name: str, provider: str, make: Makers) -> Iterator[Call]:
    for used, usage in (
        ("5 s", {"duration_seconds": 5.0}),
        ("two of 5 s", {"duration_seconds": 5.0, "video_count": 2}),
        ("5 s at 720p", {"duration_seconds": 5.0, "video_resolution": "720p"}),
        ("5 s at 1080p", {"duration_seconds": 5.0, "video_resolution": "1080p"}),
    ):
        body = {"id": "v", "object": "video", "status": "completed", "model": name, "usage": usage}
        yield from _both("video", name, provider, body, make.video(**body), used, call_type="create_video")


def _rerank(name: str, provider: str, make: Makers) -> Iterator[Call]:
    results = [{"index": 0, "relevance_score": 0.5}]
    for units in (1, 3):
        meta = {"billed_units": {"search_units": units, "total_tokens": 812}}
        body = {"id": "r", "results": results, "meta": meta}
        made = make.rerank(**body)
        yield from _both("rerank", name, provider, body, made, f"{units} searches", call_type="rerank")


def _search(name: str, provider: str, make: Makers) -> Iterator[Call]:
    for params in ({"query": "a"}, {"query": ["a", "b"], "max_results": 26}, {"query": "a", "max_results": 10}):
        more = {"call_type": "search", "optional_params": params}
        body = {"object": "search", "results": []}
        yield from _both("search", name, provider, body, make.search(results=[]), str(params), **more)


def _ocr(name: str, provider: str, make: Makers) -> Iterator[Call]:
    for usage in ({"pages_processed": 8}, {"pages_processed": 8, "pages_processed_annotation": 8}, {"credits": 3.0}):
        body = {"object": "ocr", "model": name, "pages": [], "usage_info": usage}
        yield from _both("ocr", name, provider, body, make.ocr(**body), str(usage), call_type="ocr")


def _moderation(name: str, provider: str, make: Makers) -> Iterator[Call]:
    result = {"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}
    body = {"id": "modr-1", "model": name, "results": [result]}
    yield from _both("moderation", name, provider, body, make.moderation(**body), "one text", call_type="moderation")


def _session(name: str, provider: str, make: Makers) -> Iterator[Call]:
    usage = {
        "input_tokens": 100,
        "output_tokens": 50,
        "total_tokens": 150,
        "input_token_details": {"text_tokens": 60, "audio_tokens": 40, "cached_tokens": 0},
        "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
    }
    events = [
        {"type": "session.created", "session": {"model": name}},
        {"type": "response.done", "response": {"usage": usage}},
    ]
    details = {"prompt_tokens_details": {"text_tokens": 60, "audio_tokens": 40}}
    summed = {**_counters(100, 50), **details, "completion_tokens_details": {"text_tokens": 10, "audio_tokens": 40}}
    more = {"call_type": "_arealtime"}
    made = make.session(results=events, usage=make.usage(**summed))
    yield from _both("realtime", name, provider, {"results": events, "usage": summed}, made, "one turn", **more)
    yield from _chat(name, provider, make)


_BY_MODE: dict[str, Callable[[str, str, Makers], Iterator[Call]]] = {
    "embedding": _embedding,
    "image_generation": _image,
    "image_edit": _image,
    "audio_speech": _speech,
    "audio_transcription": _transcript,
    "video_generation": _video,
    "rerank": _rerank,
    "search": _search,
    "ocr": _ocr,
    "moderation": _moderation,
    "realtime": _session,
}
