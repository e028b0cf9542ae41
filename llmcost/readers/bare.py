"""Bare usage dicts: counters without the response around them.

The keys tell how they count. Where they do not, the total does; where nothing does, it is an error.
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.meters import METERS
from ..core.notes import Note
from ..core.scalars import own_fields
from ..core.stated import RESPONSE_FACTS
from ..core.usage import Usage
from ..errors import MissingUsageError, UsageError, shown
from . import anthropic, bedrock, gemini, langchain, openai_chat, openai_responses, words
from .bare_facts import BESIDE, add_facts, with_numbers
from .counter_names import INPUT, OUTPUT, TOTAL, meant
from .dialects import correct, is_hinted, restated, with_dialects
from .fields import sub, text, whole_number
from .looking import look, with_unread
from .other_names import of_the_set_that_counts
from .reader import Block, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .reader import Fields, Reader


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
    names that no API has                 by their words; the total, or who uses them, tells the rest
    ====================================  ==========================================================
    """
    fields = of_the_set_that_counts(with_numbers(own_fields(fields)))
    stated = dialect or text(fields, "dialect") or _SEMANTICS.get(text(fields, "usage_semantic") or "")
    name = stated.lower() if stated is not None else _dialect_of(fields)
    if stated is not None and name not in DIALECTS:
        raise UsageError(f"dialect={shown(stated)} is not known; the dialects are {', '.join(DIALECTS)}")
    if name is None:
        return None
    usage = DIALECTS[name](fields)
    if name == "anthropic" and stated is None and any(meter.startswith("cache") for meter in usage.quantities):
        usage.names_of = ("claude", "Anthropic")
    if name not in _BY_WORDS:
        usage = with_unread(usage, {"usage": fields}, {"usage": _block_of(usage.dialect or name)})
    add_facts(usage, fields)
    return usage


def _block_of(dialect: str) -> Block:
    """Return the names that may stand among bare counters: those of the dialect, and what is beside them."""
    found = _known.get(dialect)
    if found is None:
        block = _BLOCKS.get(dialect, openai_responses.BLOCK)
        found = block.joined(BESIDE)
        found.also = block.also
        _known[dialect] = found
    return found


_known: dict[str, Block] = {}
# Whose sense counters of new-api have, in its words.
_SEMANTICS = {"anthropic": "exclusive", "openai": "inclusive"}


def read_around(
    fields: Fields, dialect: str | None = None, reader_of: Callable[[Fields], Reader | None] = lambda _: None
) -> Usage | None:
    """Return the usage of a record of a call that keeps its ``usage`` and whose it is; None for every other object.

    Its counters are read as they are alone: by the reader that knows them, else by their names. Nothing but facts of
    the call and what was asked and answered may stand beside them: what an API says in other fields may be billed too.
    """
    counters = sub(fields, "usage")
    if not counters or any(name not in _OF_A_RECORD and name not in BESIDE.names for name in fields):
        return None
    if any(type(fields[name]) not in {str, type(None)} for name in _TEXTS if name in fields):
        return None
    if dialect is None and counters.get("prompt_tokens") is not None and _dialect_of(counters) == "openai":
        usage: Usage | None = openai_chat.READER.read(fields)
    else:
        reader = reader_of(counters) if dialect is None and "usage" not in counters else None
        usage = reader.read(counters) if reader is not None else read(counters, dialect)
    if usage is not None:
        add_facts(usage, fields)
    return usage


# What was asked and answered, where it is text alone; in pieces, it may hold tools and media.
_TEXTS = frozenset(
    {"content", "text", "output", "answer", "completion", "response", "result", "prompt", "input", "message", "role"}
)
_OF_A_RECORD = _TEXTS | {"usage", "citations", "search_results", "_hidden_params"}


def _dialect_of(fields: Fields) -> str | None:
    """Return how these counters count, as their names tell; None if they are no counters."""
    name = _named(fields)
    if name not in _BLOCKS:
        # Names of meters, and errors of what is missing.
        return name if name is not None or not _counts(fields) else "words"
    if name == "anthropic" and _is_of_another(fields):
        return "words"
    found: dict[str, object] = look({"usage": fields}, ((("usage",), _block_of(name)),))
    return "words" if any(meant(path)[0] is not None for path in found) else name


def _named(fields: Fields) -> str | None:
    if fields.get("prompt_tokens") is not None:
        return "openai"
    if fields.get("promptTokenCount") is not None or fields.get("prompt_token_count") is not None:
        return "words" if fields.get("completion_token_count") is not None else "gemini"
    if any(name in fields for name in ("candidatesTokenCount", "candidates_token_count")):
        return "gemini"
    if "inputTokens" in fields:
        return "converse"
    if "uncached_input_tokens" in fields:
        return "words"
    if "input_tokens" in fields or "output_tokens" in fields:
        return _of_input_tokens(fields)
    if _is_meters(fields):
        return "meters"
    if fields.get("total_tokens") is not None and all(name in _TOTAL_ONLY for name in fields):
        # With an answer, the total says how long the prompt was. It does not say that nothing else was used.
        return "openai" if fields.get("completion_tokens") else "total"
    return "openai" if "prompt_tokens" in fields or "completion_tokens" in fields else None


def _of_input_tokens(fields: Fields) -> str:
    if fields.get("input_tokens") is None or fields.get("output_tokens") is None:
        raise MissingUsageError(
            "input_tokens alone is a count before a call, not the usage of one: give output_tokens too "
            "(0 if the call has no output)"
        )
    if any(fields.get(name) is not None for name in _ANTHROPIC_CACHE):
        return "anthropic"
    inside = sub(fields, "input_tokens_details")
    if inside is not None and "text_tokens" in inside and "image_tokens" in inside and "cached_tokens" not in inside:
        return "images"
    if inside is not None or sub(fields, "output_tokens_details") is not None:
        return "responses"
    if sub(fields, "input_token_details") is not None or sub(fields, "output_token_details") is not None:
        return "langchain"
    if any(fields.get(name) for name in ("server_tool_use", "inference_geo", "speed", "iterations")):
        return "anthropic"
    return "either"


def _is_of_another(fields: Fields) -> bool:
    """Return whether Anthropic's names stand beside another maker's model, or a total says that they count inside."""
    if sub(fields, "cache_creation") is not None:
        return False
    model = text(fields, "model") or text(fields, "model_name")
    return fields.get("total_tokens") is not None or (model is not None and "claude" not in model.lower())


def _counts(fields: Fields) -> bool:
    """Return whether names that no API has state an input and an output, or an input and a total."""
    told = {meant(name)[0] for name, value in fields.items() if isinstance(name, str) and is_number(value)}
    return INPUT in told and (OUTPUT in told or TOTAL in told)


_TOTAL_ONLY = frozenset({"total_tokens", "prompt_tokens", "completion_tokens", "cost", "model"})
_ANTHROPIC_CACHE = tuple(sorted(name for name in anthropic.BLOCK.names if name.startswith("cache_")))


def _openai(fields: Fields) -> Usage:
    if not is_hinted(fields):
        return openai_chat.read_counters(fields, {})
    counters = restated({}, fields)
    return correct({}, counters, openai_chat.read_counters(counters, {}))


def _gemini(fields: Fields) -> Usage:
    return gemini.read_counters(fields, {})


def _anthropic(fields: Fields) -> Usage:
    return anthropic.read_counters(fields)


def _responses(fields: Fields) -> Usage:
    return openai_responses.read_counters(fields, {})


def _either(fields: Fields) -> Usage:
    return openai_responses.read_counters(fields, {}, "either")


def _converse(fields: Fields) -> Usage:
    return bedrock.read_counters(fields, {})


def _langchain(fields: Fields) -> Usage:
    return langchain.read_counters(fields, {})


# What may stand beside meters, as text.
_FACTS = frozenset(RESPONSE_FACTS) - {"reported", "free", "dialect"}


_WORDS = frozenset({"input", "output"})


def _may_count(value: object) -> bool:
    """Return whether a value is a number, or missing, or a text that may be one."""
    return not isinstance(value, (str, list, dict)) or (isinstance(value, str) and value.strip()[:1].isdecimal())


def _is_meters(fields: Fields) -> bool:
    names = {name for name in fields if name != "dialect"}
    if names <= _WORDS and not any(_may_count(fields.get(name)) for name in names):
        # What a model of somebody's own answers: {"output": "Hello"}.
        return False
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
    tokens = whole_number("total_tokens", fields["total_tokens"])
    usage = Usage.of({"input": tokens}, tokens, "total", {})
    if tokens:
        said = f"total_tokens={tokens} stands alone: taken for input, as of an embedding or a rerank"
        usage.notes = (Note("total_is_input", said, "total_tokens"),)
    return correct({}, fields, usage) if is_hinted(fields) else usage


def _images(fields: Fields) -> Usage:
    from . import openai_images

    return openai_images.read_counters(fields)


_BLOCKS = {
    "openai": openai_chat.BLOCK,
    "responses": openai_responses.BLOCK,
    "either": openai_responses.BLOCK,
    "anthropic": anthropic.BLOCK,
    "gemini": gemini.BLOCK,
    "converse": bedrock.BLOCK,
    "images": openai_responses.IMAGES,
    "total": Block("total_tokens", also=with_dialects),
    "meters": Block(*METERS, *RESPONSE_FACTS),
    "langchain": langchain.BLOCK,
}
DIALECTS: dict[str, Callable[[Fields], Usage]] = {
    "openai": _openai,
    "responses": _responses,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "converse": _converse,
    "langchain": _langchain,
    "total": _total,
    "meters": _meters,
    "images": _images,
    "inclusive": lambda fields: words.read(fields, words.INCLUSIVE),
    "exclusive": lambda fields: words.read(fields, words.EXCLUSIVE),
    # Ways that only the names choose.
    "either": _either,
    "words": words.read,
}
_BY_WORDS = frozenset({"inclusive", "exclusive", "words"})
