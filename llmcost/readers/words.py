"""Counters whose names no API has, and whose words say what is counted: what logs, frameworks and gateways make up.

What a name means is told by its words (``counter_names``). Whether the cache is inside the input is told by the
envelope, else by who uses the name, else by the total; where nothing tells, the usage has both readings.
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.unread import add_unread
from ..errors import InconsistentUsageError, shown
from .bare_facts import BESIDE
from .counter_names import FIVE_MINUTES, INPUT, OUTPUT, REST, TOOLS, TOTAL, meant
from .fields import count, nested, text
from .inclusive import disjoint
from .reader import missing
from .unknown import MOST_NAMES, ignored_anywhere, numbers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..core.usage import Usage
    from .reader import Fields

    # What is counted -> the names that state it, with their counts.
    Stated = dict[str, dict[str, int]]

INCLUSIVE, EXCLUSIVE = "inclusive", "exclusive"
# Names of those who count the cache beside the input.
# https://platform.claude.com/docs/en/api/messages, https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
# https://agentclientprotocol.com/protocol/schema, https://docs.dagger.io
_BESIDE = frozenset(
    {
        *("cache_read_input_tokens", "cache_creation_input_tokens", "uncached_input_tokens"),
        *("cacheReadInputTokens", "cacheWriteInputTokens", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"),
        *("cachedReadTokens", "cachedWriteTokens", "cachedTokenReads", "cachedTokenWrites"),
    }
)
# Names of those who count it inside: OpenAI and who speaks its API, Codex, pydantic-ai, crewAI, browser-use, Copilot,
# the AI SDK, AG-UI, Mistral, xAI, OpenAI's usage API, Microsoft.Extensions.AI.
# https://platform.openai.com/docs/api-reference/usage, https://docs.mistral.ai/api, https://docs.x.ai/docs/api-reference
# https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text, https://ai.pydantic.dev/api/usage
_INSIDE = frozenset(
    {
        *(
            "cached_tokens",
            "num_cached_tokens",
            "cached_input_tokens",
            "cache_write_input_tokens",
            "input_cached_tokens",
        ),
        *("cache_read_tokens", "cache_write_tokens", "cached_prompt_tokens", "prompt_cached_tokens"),
        *("prompt_cache_creation_tokens", "cache_creation_tokens", "cached_prompt_text_tokens", "cachedTokens"),
        *(
            "cacheReadTokens",
            "cacheWriteTokens",
            "cachedInputTokens",
            "CachedInputTokenCount",
            "prompt_cache_hit_tokens",
        ),
        "input_cached_audio_tokens",
    }
)
# Both lists have it: beside this name it is the AI SDK's and AG-UI's.
_AG_UI = "cachedInputTokens"
_ANTHROPIC = frozenset({"cache_read_input_tokens", "cache_creation_input_tokens"})
# Stands among the names where the model is another maker's.
_FOREIGN = ""
_NO_PARTS = frozenset({INPUT, OUTPUT, TOTAL, TOOLS, REST})
_OF_ANSWERS = ("output", "completion", "candidates")
_FEES = ("web_searches", "citation")
_DEEPEST = 3


def read(fields: Fields, convention: str | None = None) -> Usage:
    """Return the usage of bare counters by the words of their names; ``convention`` is the caller's word.

    >>> read({"prompt_tokens": 1000, "completion_tokens": 100, "cached_prompt_tokens": 800}).quantities
    {'input': 200, 'cache_read': 800, 'output': 100}

    Raises:
        MissingUsageError: the input or the output is not stated.
        InconsistentUsageError: two names state one thing differently, or a part exceeds its whole.
    """
    found, unread, rows = _counted(fields)
    _drop_text_of_the_cache(found)
    counts = {what: _one(what, names) for what, names in found.items() if what not in _NO_PARTS}
    written = counts.pop(FIVE_MINUTES, 0) + counts.get("cache_write_1h", 0)
    counts["cache_write"] = max(counts.get("cache_write", 0), written)
    cache = counts.get("cache_read", 0) + counts["cache_write"]
    prompt, answer, total = (_total(what, found.get(what, {}), cache) for what in (INPUT, OUTPUT, TOTAL))
    fresh = _one("uncached", found.get("uncached", {}))
    counts.pop("uncached", None)
    if prompt is None and "uncached" in found:
        prompt, convention = fresh, EXCLUSIVE
    if prompt is None or (answer is None and total is None):
        raise missing(f"a usage without {'input' if prompt is None else 'output'} tokens")
    if answer is None:
        answer = max((total or 0) - prompt, 0)
    tools = _one(TOOLS, found.pop(TOOLS, {}))
    if total is not None and total - prompt - answer - tools in _sums(cache, counts.get("reasoning", 0)):
        prompt += tools
    names = {name.rpartition(".")[2] for what, told in found.items() if what.startswith("cache") for name in told}
    model = text(fields, "model") or text(fields, "model_name")
    if model is not None and "claude" not in model.lower() and names & _ANTHROPIC:
        # Gateways give these names to models of other makers, and some of them count inside.
        names = names | {_FOREIGN}
    way = convention or _way(prompt, answer, total, cache, counts.get("reasoning", 0), names)
    if way is None:
        way = _by_rest(prompt, counts, cache, found.get(REST, {}))
    fees = {meter: counts.pop(meter) for meter in _FEES if counts.get(meter)}
    if way is None:
        usage = _either(prompt, answer, counts, cache, total)
    else:
        usage = _by(way, prompt, answer, counts, cache, total)
    for reading in (usage, *usage.readings):
        reading.quantities.update(fees)
    if rows > 1:
        usage.aggregate, usage.context = True, None
    if unread:
        add_unread(usage, {name: unread[name] for name in sorted(unread)})
    return usage


def _by(way: str, prompt: int, answer: int, counts: dict[str, int], cache: int, total: int | None) -> Usage:
    if way == EXCLUSIVE:
        prompt += cache
        # A total may leave the cache out, as the input does.
        total = total if total is not None and total >= prompt + answer else None
    return disjoint(prompt, answer, counts, {}, way, total)


def _either(prompt: int, answer: int, counts: dict[str, int], cache: int, total: int | None) -> Usage:
    """Return a usage with both readings, where nothing tells whether the cache is inside the input."""
    inside, beside = (_by(way, prompt, answer, dict(counts), cache, total) for way in (INCLUSIVE, EXCLUSIVE))
    usage = inside.replaced()
    usage.readings = (inside, beside)
    usage.undecided = (
        f"nothing tells whether the {cache} cached tokens are inside the input of {prompt} or beside it: "
        f"dialect='{INCLUSIVE}' or '{EXCLUSIVE}'"
    )
    return usage


def _sums(cache: int, reasoning: int) -> set[int]:
    """Return what a total may hold beside the prompt and the answer."""
    return {0, cache, reasoning, cache + reasoning}


def _way(prompt: int, answer: int, total: int | None, cache: int, reasoning: int, names: set[str]) -> str | None:
    """Return whether the cache is inside the input: by the arithmetic, else by the names, else None."""
    if not cache:
        return INCLUSIVE
    if cache > prompt:
        return EXCLUSIVE
    extra = total - prompt - answer if total is not None else None
    if extra in {cache, cache + reasoning} and extra:
        return EXCLUSIVE
    if extra in {0, reasoning}:
        return INCLUSIVE
    held, beside = bool(names & _INSIDE), bool(names & _BESIDE)
    if _AG_UI in names or (held and not beside):
        return INCLUSIVE
    return EXCLUSIVE if beside and not held and _FOREIGN not in names else None


def _by_rest(prompt: int, counts: Mapping[str, int], cache: int, rests: Mapping[str, int]) -> str | None:
    """Return whether the cache is inside the input, where the rest of the prompt is stated too, as text or uncached.

    Text that is the whole prompt proves nothing: OpenAI counts cached text as text, too.
    https://platform.openai.com/docs/api-reference/realtime-server-events/response/done
    """
    media = sum(tokens for meter, tokens in counts.items() if meter.startswith("input_"))
    for name, rest in rests.items():
        for held in {rest, rest + media}:
            if rest and held + cache == prompt:
                return INCLUSIVE
            if rest and held == prompt and "cache" in name.lower():
                return EXCLUSIVE
    return None


def _counted(fields: Fields) -> tuple[Stated, dict[str, object], int]:
    """Return what is counted, each by the names that state it; what nobody knows; and the most rows of a list."""
    found: Stated = {}
    unread: dict[str, object] = {}
    most = 1
    # The rows of a list have the same names.
    meanings: dict[str, tuple[str | None, bool]] = {}
    for name, value, rows in _leaves(fields, "", 0):
        most = max(most, rows)
        meaning = meanings.get(name)
        if meaning is None:
            meaning = meanings[name] = _meaning(name)
        what, unknown = meaning
        if what == REST and not (is_number(value) and value >= 0 and value % 1 == 0):
            # It is a part that is not billed, so that it need not be a count.
            continue
        if what is not None and is_number(value):
            told = found.setdefault(what, {})
            told[name] = told.get(name, 0) + count({name: value}, name)
        elif unknown and len(unread) < MOST_NAMES:
            # "7" is not added to a counter, and is noted like a number.
            unread.update(numbers_of(value, name))
    return found, unread, most


def _meaning(name: str) -> tuple[str | None, bool]:
    """Return what a name counts, and whether a number under it is noted where it is no count of that."""
    what, why = meant(name)
    if name.rpartition(".")[2] == "uncached_input_tokens":
        what = "uncached"
    elif why == TOOLS or (why == REST and not any(word in name.lower() for word in _OF_ANSWERS)):
        what = why
    return what, why is None and not _is_beside(name)


def _drop_text_of_the_cache(found: Stated) -> None:
    """Take away the text of what was cached, where the whole of it is stated too."""
    cached = found.get("cache_read", {})
    written = {name: tokens for name, tokens in cached.items() if "text" in name.lower()}
    whole = [tokens for name, tokens in cached.items() if name not in written]
    if written and whole and max(written.values()) <= max(whole):
        for name in written:
            del cached[name]


def _is_beside(name: str) -> bool:
    return name.partition(".")[0] in BESIDE.names or ignored_anywhere(name) is not None


def _leaves(fields: Fields, path: str, depth: int) -> Iterator[tuple[str, object, int]]:
    """Yield every name with its value, those of nested objects by their path, and how many rows its list has."""
    for key, value in fields.items():
        if value is None or not isinstance(key, str):
            continue
        inner = None if depth >= _DEEPEST else nested(value)
        if inner is not None:
            yield from _leaves(inner, f"{path}{key}.", depth + 1)
        elif isinstance(value, (list, tuple)) and value and depth < _DEEPEST:
            for row in value:
                for name, held, _ in _leaves(nested(row) or {}, f"{path}{key}.", depth + 1):
                    yield name, held, len(value)
        else:
            yield f"{path}{key}", value, 1


def _one(what: str, names: Mapping[str, int]) -> int:
    """Return the count that these names state; one that states 0 says nothing."""
    found = {tokens for tokens in names.values() if tokens}
    if len(found) > 1:
        raise InconsistentUsageError(f"names of one usage state {what} differently: {shown(dict(names))}", {}, names)
    return found.pop() if found else 0


def _total(what: str, names: Mapping[str, int], cache: int) -> int | None:
    """Return a whole that several names may state, one of them without the cache; None if it is not stated."""
    if not names:
        return None
    found = {tokens for tokens in names.values() if tokens}
    if what == INPUT and len(found) > 1 and cache and max(found) - min(found) == cache:
        return max(found)
    return _one(what, names)
