"""Bare usage dicts: counters without the response around them.

The keys tell how they count. Where they do not, the total does; where nothing does, it is an error.
"""

from __future__ import annotations

from ..core.meters import METERS
from ..core.scalars import own_fields
from ..core.stated import RESPONSE_FACTS
from ..core.usage import Usage
from ..errors import MissingUsageError, UsageError, shown
from . import anthropic, bedrock, gemini, langchain, openai_chat, openai_responses
from .dialects import correct, is_hinted, restated, with_dialects
from .fields import sub, text, whole
from .reader import Block, missing, with_unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .reader import Fields


def read(fields: Fields, dialect: str | None = None) -> Usage | None:
    """Return the usage of bare counters, or None if these are none. The choice made is ``usage.dialect``.

    ====================================  ==========================================================
    ``prompt_tokens``                     OpenAI: cache and reasoning are inside
    ``promptTokenCount``                  Gemini: cache is inside, thoughts are outside
    ``inputTokens``                       Bedrock Converse: cache is outside
    ``input_tokens`` with ``*_details``   Responses and LangChain: inside, unless the total proves otherwise
    the same, with text and image tokens  OpenAI Images: output without a split is image tokens
    ``input_tokens`` with ``cache_*``     Anthropic: cache is outside
    ``input_tokens``, ``output_tokens``   either, there is nothing to tell apart
    names of meters                       ``Usage(**counters)``
    ``total_tokens`` alone                input, of an embedding or a rerank
    ====================================  ==========================================================
    """
    fields = own_fields(fields)
    stated = dialect or fields.get("dialect")
    if isinstance(stated, str):
        try:
            chosen = _DIALECTS[stated.lower()]
        except KeyError:
            known = ", ".join(_DIALECTS)
            raise UsageError(f"dialect={shown(stated)} is not known; the dialects are {known}") from None
    else:
        found = _reader_of(fields)
        if found is None:
            return None
        chosen = found
    usage = chosen(fields)
    model = text(fields, "model")
    if model is not None and usage.model is None:
        usage.model = model
    return with_unread(usage, {"usage": fields}, {"usage": _block_of(usage.dialect or "")})


def _block_of(dialect: str) -> Block:
    """Return the names that may stand among bare counters: those of the dialect, and what is beside them."""
    found = _known.get(dialect)
    if found is None:
        own = _BLOCKS.get(dialect, openai_responses.BLOCK)
        found = own.joined(_BESIDE)
        found.also = own.also
        _known[dialect] = found
    return found


_known: dict[str, Block] = {}


def read_around(fields: Fields, dialect: str | None = None) -> Usage | None:
    """Return the usage of a record of a call that keeps its ``usage`` and whose it is; None for every other object.

    Its counters are read by their names. Nothing but facts of the call may stand beside them: what an API says in
    other fields may be billed too.
    """
    counters = sub(fields, "usage")
    if not counters or any(name not in _OF_A_RECORD for name in fields):
        return None
    if dialect is None and counters.get("prompt_tokens") is not None:
        return openai_chat.READER.read(fields)
    usage = read(counters, dialect)
    if usage is not None and usage.model is None:
        usage.model = text(fields, "model")
    return usage


_OF_A_RECORD = frozenset(
    {"model", "usage", "id", "created", "service_tier", "citations", "search_results", "_hidden_params"}
)


def _reader_of(fields: Fields) -> Callable[[Fields], Usage] | None:
    """Return what reads these counters, as their names tell."""
    if fields.get("prompt_tokens") is not None:
        return _openai
    if any(name in fields for name in ("promptTokenCount", "prompt_token_count")):
        return _gemini
    if "inputTokens" in fields:
        return _converse
    if "input_tokens" in fields or "output_tokens" in fields:
        return _input_tokens
    if _is_meters(fields):
        return _meters
    if fields.get("total_tokens") is not None and all(name in _TOTAL_ONLY for name in fields):
        return _total
    if "prompt_tokens" in fields or "completion_tokens" in fields:
        return _openai  # which says what is missing
    return None


_TOTAL_ONLY = frozenset({"total_tokens", "prompt_tokens", "completion_tokens", "cost", "model"})
_ANTHROPIC_CACHE = frozenset(name for name in anthropic.BLOCK.names if name.startswith("cache_"))


def _openai(fields: Fields) -> Usage:
    if not is_hinted(fields):
        return openai_chat.read_counters(fields, {})
    counters = restated({}, fields)
    return correct({}, counters, openai_chat.read_counters(counters, {}))


def _gemini(fields: Fields) -> Usage:
    return gemini.read_counters(fields, {})


def _anthropic(fields: Fields) -> Usage:
    return anthropic.read_counters(fields, {})


def _responses(fields: Fields) -> Usage:
    return openai_responses.read_counters(fields, {})


def _converse(fields: Fields) -> Usage:
    return bedrock.read_counters(fields, {})


def _input_tokens(fields: Fields) -> Usage:
    if fields.get("input_tokens") is None or fields.get("output_tokens") is None:
        raise MissingUsageError(
            "input_tokens alone is a count before a call, not the usage of one: give output_tokens too "
            "(0 if the call has no output)"
        )
    cache = [name for name, value in fields.items() if str(name).startswith("cache_") and value is not None]
    if cache:
        strange = [name for name in cache if name not in _ANTHROPIC_CACHE and fields[name]]
        if strange:
            raise UsageError(
                f"{strange[0]}={shown(fields[strange[0]])} is no counter of any API: Anthropic's are "
                f"{', '.join(sorted(_ANTHROPIC_CACHE))}; or name meters: usage=llmcost.Usage(input=..., cache_read=...)"
            )
        return _anthropic(fields)
    inside = sub(fields, "input_tokens_details")
    if inside is not None and "text_tokens" in inside and "image_tokens" in inside and "cached_tokens" not in inside:
        return _images(fields)
    if inside is not None or sub(fields, "output_tokens_details") is not None:
        return _responses(fields)
    if sub(fields, "input_token_details") is not None or sub(fields, "output_token_details") is not None:
        return _langchain(fields)
    if any(fields.get(name) for name in ("server_tool_use", "inference_geo", "speed", "iterations")):
        return _anthropic(fields)
    usage = _responses(fields)
    usage.dialect = "either"
    return usage


def _langchain(fields: Fields) -> Usage:
    return langchain.read_counters(fields, {})


# What may stand beside meters, as text.
_FACTS = frozenset(RESPONSE_FACTS) - {"reported", "free", "dialect"}


def _is_meters(fields: Fields) -> bool:
    names = {name for name in fields if name != "dialect"}
    return not names.isdisjoint(METERS) and all(name in METERS or name in _FACTS for name in names)


def _meters(fields: Fields) -> Usage:
    for name in ("input", "output"):
        if name in fields and fields[name] is None:
            raise missing(f"a usage with {name}=None", f"Leave {name} out if nothing of it was used.")
    given = {str(name): value for name, value in fields.items() if name in METERS and value is not None}
    facts = {name: text(fields, name) for name in _FACTS if text(fields, name) is not None}
    return Usage(**given, **{**facts, "dialect": "meters"})


def _total(fields: Fields) -> Usage:
    """A total alone is what embeddings and reranks state: input tokens."""
    if fields.get("total_tokens") is None:
        raise missing("a usage object without total_tokens")
    tokens = whole("total_tokens", fields["total_tokens"])
    usage = Usage.of({"input": tokens} if tokens else {}, tokens, "total", {})
    return correct({}, fields, usage) if is_hinted(fields) else usage


def _images(fields: Fields) -> Usage:
    from . import openai_images

    return openai_images.read_counters(fields)


# What may stand among bare counters, since they are often a row of somebody's log.
_LABEL = "the name or the number of a call, a request or a person"
_SETTING = "a setting of the request"
_BESIDE = Block(
    "model",
    "dialect",
    ignored={
        **dict.fromkeys(("id", "request_id", "user_id", "created", "timestamp"), _LABEL),
        **dict.fromkeys(("temperature", "top_p", "n", "seed"), _SETTING),
    },
)
_BLOCKS = {
    "openai": openai_chat.BLOCK,
    "anthropic": anthropic.BLOCK,
    "gemini": gemini.BLOCK,
    "converse": bedrock.BLOCK,
    "images": openai_responses.IMAGES,
    "total": Block("total_tokens", also=with_dialects),
    "meters": Block(*METERS, *RESPONSE_FACTS),
    "langchain": langchain.BLOCK,
}
_DIALECTS: dict[str, Callable[[Fields], Usage]] = {
    "openai": _openai,
    "responses": _responses,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "converse": _converse,
    "langchain": _langchain,
    "total": _total,
    "meters": _meters,
    "images": _images,
}
