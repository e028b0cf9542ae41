"""Counters of an envelope under the names of another API, put under the envelope's own.

Clients and gateways mix the names of APIs: defaults of 0 beside the counts, the parts of one set beside the wholes of
another, a part under a name of its own. What a name means is told by its words (``counter_names``).
"""

from __future__ import annotations

from ..core.counts import is_number
from ..errors import InconsistentUsageError, UsageError
from .counter_names import FIVE_MINUTES, meant
from .fields import count, whole_number
from .unknown import stated_fields, unread_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .blocks import Block, Fields

# Where OpenAI and its like state a part: the details of which side, and its name there.
_PLACES = {
    "cache_read": (0, "cached_tokens"),
    "cache_write": (0, "cache_write_tokens"),
    "input_audio": (0, "audio_tokens"),
    "input_image": (0, "image_tokens"),
    "reasoning": (1, "reasoning_tokens"),
    "output_audio": (1, "audio_tokens"),
    "output_image": (1, "image_tokens"),
}
# Where an envelope of OpenAI's states how long what was written is kept, as LiteLLM has it.
SPLIT = "cache_creation_token_details"
_LIFETIMES = {"cache_write_1h": "ephemeral_1h_input_tokens", FIVE_MINUTES: "ephemeral_5m_input_tokens"}
_WRITTEN = ("cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens")
# The names that the APIs have for the prompt, the answer, and the parts of each.
_SETS = (
    ("prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details"),
    ("input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details"),
    ("promptTokens", "completionTokens", "promptTokensDetails", "completionTokensDetails"),
    ("inputTokens", "outputTokens", "inputTokenDetails", "outputTokenDetails"),
    ("promptTokenCount", "candidatesTokenCount", "promptTokensDetails", "candidatesTokensDetails"),
    ("prompt_token_count", "candidates_token_count", "prompt_tokens_details", "candidates_tokens_details"),
)
_TOTALS = ("totalTokens", "totalTokenCount", "total_token_count")


def of_the_set_that_counts(fields: Fields) -> Fields:
    """Return counters without the sets of names that are all 0 beside one that is not, as clients fill them in."""
    sets = [names[:2] for names in _SETS if any(fields.get(name) is not None for name in names[:2])]
    empty = [names for names in sets if all(fields.get(name) is None or _is_zero(fields[name]) for name in names)]
    if not empty or len(empty) == len(sets):
        return fields
    without = {name for names in empty for name in names}
    if _is_zero(fields.get("total_tokens")):
        without.add("total_tokens")
    return {name: value for name, value in fields.items() if name not in without}


def _is_zero(value: object) -> bool:
    return is_number(value) and value == 0


def of_one_set(counters: Fields, prompt_name: str) -> Fields:
    """Return the counters of an envelope by its own names, where those of another API stand beside them.

    ``prompt_name`` is the envelope's name of the prompt. What counts is read where one set is all 0; where both say the
    same, the one may have the parts that the other lacks.

    Raises InconsistentUsageError where both count, and differ.
    """
    mine = next(names for names in _SETS if names[0] == prompt_name)
    found: dict[str, object] = dict(counters)
    for theirs in _SETS:
        if theirs is mine or all(counters.get(name) is None for name in theirs[:2]):
            continue
        one = [count(found, name) for name in mine[:2]]
        two = [count(counters, name) if counters.get(name) is not None else None for name in theirs[:2]]
        cache = sum(count(counters, name) for name in ("cache_read_input_tokens", "cache_creation_input_tokens"))
        if not any(one) and any(two):
            # A whole that neither set states stays missing.
            found.update({name: tokens for name, tokens in zip(mine[:2], two, strict=True) if tokens is not None})
            if not found.get("total_tokens"):
                found.pop("total_tokens", None)
        elif any(two) and not (two[0] in {None, one[0], one[0] + cache} and two[1] in {None, one[1]}):
            ours, others = (
                {name: count(found, name) for name in names[:2] if found.get(name) is not None}
                for names in (mine, theirs)
            )
            said = [" and ".join(f"{name}={tokens}" for name, tokens in told.items()) for told in (others, ours)]
            raise InconsistentUsageError(f"{said[0]} are not {said[1]}", ours, others)
        for name, same in zip(theirs[2:], mine[2:], strict=True):
            parts = found.get(name)
            if name != same and parts is not None and found.get(same) is None:
                found[same] = parts
            if name != same:
                found.pop(name, None)
        for name in theirs[:2]:
            found.pop(name, None)
        for name in _TOTALS:
            total = found.pop(name, None)
            if total is not None and found.get("total_tokens") is None:
                found["total_tokens"] = total
    return found


def renamed(block: Block, counters: Fields, details: tuple[str, str]) -> Fields:
    """Return the counters of an envelope with each part under the envelope's own name for it.

    The other name is one that the envelope does not have, and whose words mean the part. ``details`` are what the
    envelope calls the parts of the prompt and of the answer. Without such a name the same counters come back.
    """
    found: dict[str, object] = dict(counters)
    changed = False
    lifetimes: dict[str, int] = {}
    for path, stands in unread_of(block, counters, {}).items():
        what = meant(path)[0]
        if what not in _LIFETIMES and what not in _PLACES:
            continue
        try:
            value = whole_number(path, stands)
        except UsageError:
            # It stays under its name, and is told of as unread.
            continue
        if what in _LIFETIMES:
            if lifetimes.get(what, value) == value:
                _without(found, path.split("."))
                lifetimes[what] = value
            continue
        side, name = _PLACES[what]
        held = dict(stated_fields(found.get(details[side])) or {})
        before = held.get(name)
        if before is not None and not (is_number(before) and before in {0, value}):
            continue
        held[name] = value
        keys = path.split(".")
        if len(keys) == 2 and keys[0] == details[side]:
            held.pop(keys[1], None)
        elif not _without(found, keys):
            continue
        found[details[side]] = held
        changed = True
    if lifetimes:
        _put_lifetimes(found, details[0], lifetimes)
    return found if changed or lifetimes else counters


def _put_lifetimes(found: dict[str, object], details: str, lifetimes: dict[str, int]) -> None:
    """Put what was written for each time among the details of the prompt, and its sum where nothing states it."""
    held = dict(stated_fields(found.get(details)) or {})
    held[SPLIT] = {_LIFETIMES[what]: tokens for what, tokens in lifetimes.items()}
    if not any(count(holder, name) for holder in (found, held) for name in _WRITTEN):
        held["cache_write_tokens"] = sum(lifetimes.values())
    found[details] = held


def _without(fields: dict[str, object], keys: list[str]) -> bool:
    """Take a counter out of nested fields, copied on the way; return whether it was there."""
    name, *below = keys
    if name not in fields:
        return False
    if not below:
        del fields[name]
        return True
    inner = dict(stated_fields(fields[name]) or {})
    fields[name] = inner
    return _without(inner, below)


def without_meaning(unread: dict[str, object]) -> dict[str, object]:
    """Return the unread counters whose names have no meaning by their words."""
    return {name: value for name, value in unread.items() if meant(name)[0] is None}
