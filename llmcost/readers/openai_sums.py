"""Counters of OpenAI's kind with several details, or with sums that do not add up at once."""

from __future__ import annotations

from ..core.scalars import own_fields
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .fields import count, fields_of, sub, whole_number
from .reader import missing, refuse_total_alone
from .settling import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_FEES = ("web_searches", "maps_queries")
_CACHED = {f"{kind}_tokens": (f"input_{kind}", f"cache_read_{kind}") for kind in ("audio", "image", "video")}
_SPLIT = "cached_tokens_details"


def wholes(counters: Fields) -> tuple[int, int]:
    """Return the tokens of the prompt and of the completion; one that is not stated follows from the total."""
    from ..core.scalars import own_fields

    counters = own_fields(counters)
    prompt, completion, total = (counters.get(f"{name}_tokens") for name in ("prompt", "completion", "total"))
    if prompt is None:
        raise missing("a usage object without prompt_tokens", f"It has: {', '.join(map(str, counters)) or 'nothing'}.")
    given = whole_number("prompt_tokens", prompt)
    if completion is not None:
        return given, whole_number("completion_tokens", completion)
    if total is None:
        raise missing("a usage object with neither completion_tokens nor total_tokens")
    rest = whole_number("total_tokens", total) - given
    if not given:
        # Nothing tells whether the tokens are those of an answer.
        refuse_total_alone("total_tokens", rest, 0)
    if rest < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={given} exceeds total_tokens={total}", {"total_tokens": total}, {"prompt_tokens": given}
        )
    return given, rest


def with_care(
    counters: Fields,
    prompt: int,
    completion: int,
    meters: tuple[dict[str, str], dict[str, str]],
    facts: Fields,
    dialect: str,
) -> Usage:
    """Return the usage of counters whose wholes are known; ``meters`` are the names of the details of each side."""
    counters = own_fields(counters)
    inside = _details(counters.get("prompt_tokens_details"), meters[0])
    outside = _details(counters.get("completion_tokens_details"), meters[1])
    total = counters.get("total_tokens")
    if total and not prompt and not completion:
        refuse_total_alone("total_tokens", whole_number("total_tokens", total), 0)
    fees = {meter: inside.pop(meter) for meter in _FEES if meter in inside}
    details = sub(counters, "prompt_tokens_details") or {}
    split = sub(details, _SPLIT)
    if split and inside.get("cache_read") and total in (None, prompt + completion):
        split_cache(prompt, inside, split)
    settled = settle(
        prompt, completion, None if total is None else whole_number("total_tokens", total), inside, outside
    )
    quantities = {**settled.quantities, **fees}
    groups: tuple[tuple[Quantities, ...], ...] = ()
    if any(details.get(name) for name, meter in meters[0].items() if not meter and name != _SPLIT):
        from .media_counts import units_of

        names = list(settled.quantities)
        tokens = {meter: int(settled.quantities[meter]) for meter in names[1 : names.index("output")]}
        fresh, groups = units_of(details, tokens, int(settled.quantities["input"]))
        rest = {meter: q for meter, q in quantities.items() if meter not in names[: names.index("output")]}
        quantities = {"input": fresh, **tokens, **rest}
    usage = Usage.of(quantities, settled.context, dialect, facts)
    if groups:
        usage.alternatives = groups
    return settled.tell(usage)


def _details(details: object, meters: dict[str, str]) -> dict[str, int]:
    """Return the meters of a details object that are above 0, in the order of the table; a missing detail is 0."""
    fields = fields_of(details) if details else None
    if type(fields) is not dict:
        # A foreign object has attributes, and no items.
        fields = {name: fields.get(name) for name in meters} if fields is not None else {}
    found: dict[str, int] = {}
    for name, meter in meters.items():
        tokens = count(fields, name) if meter else 0
        if tokens:
            # Two spellings of one counter state it twice.
            found[meter] = max(tokens, found.get(meter, 0))
    return found


def split_cache(prompt: int, inside: dict[str, int], split: Fields) -> None:
    """Take the cached tokens of each medium out of the medium's tokens and out of the cache's."""
    for name, (fresh, cached) in _CACHED.items():
        tokens = count(split, name)
        if not tokens:
            continue
        for whole_meter in (fresh, "cache_read"):
            held = inside.get(whole_meter, 0)
            if tokens > held:
                raise InconsistentUsageError(
                    f"cached_tokens_details: {name}={tokens} exceeds the {held} of {whole_meter}",
                    {whole_meter: held},
                    {name: tokens},
                )
            inside[whole_meter] = held - tokens
        inside[cached] = tokens
    if sum(inside.values()) > prompt:
        raise InconsistentUsageError(
            f"the parts of the prompt exceed prompt_tokens={prompt}: {inside}", {"prompt_tokens": prompt}, inside
        )
