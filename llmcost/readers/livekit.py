"""LiveKit Agents: the metrics of one request, of a session by model, and the sum of a session.

A language model's prompt holds what was cached, whoever the maker is. Speech is counted in tokens, characters and
seconds at once; the card knows by which of them it is sold. The names are snake_case in Python and camelCase in
JavaScript. https://docs.livekit.io/deploy/observability/data/
"""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import decimal_of, ratio
from ..core.unread import add_unread
from ..core.usage import Usage
from . import openai_realtime
from .fields import camel, count, items, names_of, quantity, sub, text, when
from .framework import HANDED_ON, read_bare, several, summed
from .reader import Reader, missing
from .words import INCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities, Quantity
    from .reader import Fields

_LLM, _STT, _TTS, _REALTIME = "llm", "stt", "tts", "realtime_model"
_ONE, _SUM = "_metrics", "_usage"
_KINDS = {
    **{f"{kind}{_ONE}": kind for kind in (_LLM, _STT, _TTS, _REALTIME)},
    **{f"{kind}{_SUM}": kind for kind in (_LLM, _STT, _TTS)},
}
# LiveKit's own models of whose turn it is, by how often they were asked. What one takes for an interruption is not
# billed, since it is no longer asked beyond its quota; no page prices what it takes for the end of a turn.
# https://community.livekit.io/t/adaptive-interruption-for-self-hosted/625
_FREE, _END_OF_TURN = "interruption_usage", "eot_usage"
_OF_A_SESSION = frozenset({*_KINDS, _FREE, _END_OF_TURN})
# Fields among the counters of a language model that are no counters.
_ABOUT = frozenset(
    {
        *("type", "provider", "model", "label", "requestId", "timestamp", "duration", "durationMs", "ttft", "ttftMs"),
        *("cancelled", "tokensPerSecond", "speechId", "metadata", "error", "sessionDuration", "sessionDurationMs"),
        *("acquireTime", "acquireTimeMs", "connectionReused"),
    }
)
_SPEECH = names_of("inputTokens", "outputTokens", "charactersCount", "audioDuration", "audioDurationMs")
_SUMMARY = names_of(
    *("llmPromptTokens", "llmPromptCachedTokens", "llmCompletionTokens", "llmInputAudioTokens", "llmOutputAudioTokens"),
    *("ttsCharactersCount", "ttsAudioDuration", "ttsAudioDurationMs", "sttAudioDuration", "sttAudioDurationMs"),
)
_SIGNS = ("llm_prompt_tokens", "llmPromptTokens")


def read(fields: Fields) -> Usage:
    """Return the usage of a request, of a model in a session, or of a session.

    >>> read({"type": "llm_metrics", "prompt_tokens": 9, "prompt_cached_tokens": 4, "completion_tokens": 2}).quantities
    {'input': 5, 'cache_read': 4, 'output': 2}
    >>> read({"type": "stt_usage", "provider": "deepgram", "model": "nova-3", "audio_duration": 31.5}).duration
    31.5

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    models = items(fields, "model_usage") or items(fields, "modelUsage")
    if models:
        return _of_models(models)
    metrics = sub(fields, "metrics") or fields
    return _of_kind(metrics) if text(metrics, "type") in _KINDS else _summary(fields)


def _of_models(models: list[Fields]) -> Usage:
    """Return the usage of a session of several models."""
    usages, asked = [], 0
    for model in models:
        kind = text(model, "type")
        if kind == _END_OF_TURN:
            asked += count(camel(model, names_of("totalRequests")), "totalRequests")
        elif kind != _FREE:
            usages.append(_of_kind(model))
    if not usages:
        raise missing("this session")
    usage = several(usages, "livekit")
    if asked:
        add_unread(usage, {f"{_END_OF_TURN}.total_requests": asked})
    return usage


def _of_kind(metrics: Fields) -> Usage:
    stated = text(metrics, "type") or ""
    kind = _KINDS.get(stated)
    if kind is None:
        raise missing("this entry of a session")
    if kind == _LLM:
        counters = {name: value for name, value in metrics.items() if _camel(name) not in _ABOUT}
        usage = read_bare(counters, "these metrics", INCLUSIVE)
    elif kind == _REALTIME:
        block = {name: value for name, value in metrics.items() if name in openai_realtime.BLOCK.names}
        usage = openai_realtime.READER.read({"object": "realtime.response", "usage": block})
    else:
        usage = _speech(camel(metrics, _SPEECH), kind)
    about = camel(sub(metrics, "metadata") or {}, names_of("modelName", "modelProvider"))
    model, seller = text(metrics, "model") or text(about, "modelName"), text(metrics, "provider")
    usage.model, usage.named_provider = model, seller or text(about, "modelProvider")
    usage.at = when(metrics, "timestamp") if stated.endswith(_ONE) else None
    return summed(usage, 2 if stated.endswith(_SUM) else 1)


def _camel(name: str) -> str:
    head, *rest = str(name).split("_")
    return head + "".join([word.capitalize() for word in rest])


def _speech(metrics: Fields, kind: str) -> Usage:
    """Return what speech took: the same work in each unit that is counted."""
    tokens, answer = count(metrics, "inputTokens"), count(metrics, "outputTokens")
    seconds = _seconds(metrics, "audioDuration")
    characters = count(metrics, "charactersCount")
    ways: list[Quantities] = []
    if tokens or answer:
        heard = {"input_audio": tokens, "output": answer} if kind == _STT else {"input": tokens, "output_audio": answer}
        ways.append({meter: found for meter, found in heard.items() if found})
    if characters:
        ways.append({"input_characters": characters})
    if seconds:
        ways.append({"input_seconds": seconds} if kind == _STT else {"output_seconds": seconds})
    if not ways:
        raise missing("these metrics of speech")
    usage = Usage.of({}, tokens, "livekit", {})
    if kind == _STT and len(ways) == 1 and seconds:
        usage.duration = seconds
    else:
        usage.alternatives = (tuple(ways),)
    return usage


def _seconds(fields: Fields, name: str) -> Quantity:
    """Return a length of time, which JavaScript states in milliseconds."""
    if fields.get(f"{name}Ms") is None:
        return quantity(fields, name) if fields.get(name) is not None else 0
    numerator, denominator = ratio(quantity(fields, f"{name}Ms"))
    return checked(name, decimal_of(numerator, denominator * 1000)[0])


def _summary(fields: Fields) -> Usage:
    """Return the sum of a session: a language model, speech and transcription; it names no model."""
    stated = {name: value for name, value in camel(fields, _SUMMARY).items() if value is not None}
    found = []
    if count(stated, "llmPromptTokens") or count(stated, "llmCompletionTokens"):
        counters = {
            "input_tokens": count(stated, "llmPromptTokens"),
            "output_tokens": count(stated, "llmCompletionTokens"),
            "cached_tokens": count(stated, "llmPromptCachedTokens"),
            "input_audio_tokens": count(stated, "llmInputAudioTokens"),
            "output_audio_tokens": count(stated, "llmOutputAudioTokens"),
        }
        found.append(read_bare(counters, "this session", INCLUSIVE))
    heard, spoken = _seconds(stated, "sttAudioDuration"), count(stated, "ttsCharactersCount")
    ear = {"audioDuration": heard} if heard else {}
    voice = {"charactersCount": spoken, "audioDuration": _seconds(stated, "ttsAudioDuration")}
    for part, kind, keyword in ((ear, _STT, "transcription_model"), (voice, _TTS, None)):
        if any(part.values()):
            usage = _speech(part, kind)
            # Beside a language model an ear is named by a keyword of its own.
            usage.model_keyword = keyword if found else None
            found.append(usage)
    if not found:
        raise missing("this session")
    return summed(several(found, "livekit"))


def recognises(fields: Fields) -> bool:
    """Return whether these are metrics of LiveKit."""
    kind = text(fields, "type")
    if kind in _KINDS:
        return True
    if kind == "metrics_collected":
        return text(sub(fields, "metrics") or {}, "type") in _KINDS
    models = items(fields, "model_usage") or items(fields, "modelUsage")
    return any(name in fields for name in _SIGNS) or any(text(model, "type") in _OF_A_SESSION for model in models)


READER = Reader("LiveKit Agents", recognises, read, HANDED_ON)
