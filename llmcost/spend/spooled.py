"""A call as a line of the spool: made fast, since the host waits for it, and read when it is stored.

A line is a JSON list:

- ``["d", number, form]`` defines a form for the lines behind it;
- ``["c", number, quantities, context, time, *call]`` is a call whose Cost has that form;
- ``["w", cost, usage, input, output, n, d, prices, *call]`` is a call whose Cost is kept whole; ``prices`` is the day
  that its prices are of.

``CALL`` names what is known of every call.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING

from ..core.forms import form_key, form_of, rated_usage
from ..errors import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.cost import Cost
    from ..core.usage import Usage

DEFINITION, FORMED, WHOLE = "d", "c", "w"
# What every line of a call ends with. The time is in microseconds since 1970.
CALL = (
    *("at", "id", "status", "model", "provider", "deployment", "team", "user", "session", "tags", "metadata"),
    *("latency_us", "ttft_us", "error", "attempt", "source"),
)


def text(value: str | None) -> str:
    """Return a text, or None, as JSON."""
    return "null" if value is None else encode_basestring_ascii(value)


def number(value: int | None) -> str:
    """Return a whole number, or None, as JSON."""
    return "null" if value is None else str(value)


def as_json(value: object) -> str:
    """Return anything as JSON; what JSON has no form for is written as its text."""
    return json.dumps(value, separators=(",", ":"), default=str)


def _metadata(given: Mapping[str, object]) -> str:
    """Return metadata as JSON; as one text where JSON has no form for them."""
    try:
        return json.dumps(dict(given), separators=(",", ":"), default=str, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return text(shown(given))


def call_text(
    at: int,
    id: str | None,
    status: str,
    model: str | None,
    provider: str | None,
    deployment: str | None,
    team: str | None,
    user: str | None,
    session: str | None,
    tags: Sequence[str],
    metadata: Mapping[str, object],
    latency_us: int | None,
    ttft_us: int | None,
    error: str | None,
    attempt: int | None,
    source: str,
) -> str:
    """Return what is known of a call beside its Cost, as the end of its line."""
    return (
        f'{at},{text(id)},"{status}",{text(model)},{text(provider)},{text(deployment)},{text(team)},{text(user)},'
        f"{text(session)},{as_json(list(tags)) if tags else '[]'},{_metadata(metadata) if metadata else 'null'},"
        f'{number(latency_us)},{number(ttft_us)},{text(error)},{number(attempt)},"{source}"]'
    )


def with_cost(cost: Cost | None, usage: Usage | None, call: str) -> tuple[str, object]:
    """Return the line of a call, and what decides the form of its Cost; None for one that is kept whole.

    The line of a call with a form begins with the quantities: the caller, who knows the number of the form, puts it
    before them.
    """
    key = None if cost is None else form_key(cost)
    if key is None or cost is None or usage is not cost.usage:
        return f'["{WHOLE}",{_texts(cost, usage)},{call}', None
    assert usage is not None  # noqa: S101 - a Cost with a form has a usage
    at = usage.at
    counted = ",".join(map(str, usage.quantities.values()))
    when = "null" if at is None else number(at) if type(at) is int else text(str(at))
    return f"[{counted}],{number(usage.context)},{when},{call}", key


def _texts(cost: Cost | None, usage: Usage | None) -> str:
    stated = "null" if cost is None else as_json(cost.to_dict())
    if usage is None:
        used, tokens = "null", "null,null"
    else:
        rated = usage.to_dict() if cost is None or usage is not cost.usage else rated_usage(cost)
        used, tokens = as_json(rated), f"{int(usage.input_tokens)},{int(usage.output_tokens)}"
    numerator, denominator = (0, 1) if cost is None else cost.as_integer_ratio()
    return f"{stated},{used},{tokens},{numerator},{denominator},{text(_as_of(cost))}"


def _as_of(cost: Cost | None) -> str | None:
    """Return the latest day that the prices of a Cost are of; None where none is known."""
    if cost is None:
        return None
    return max((segment.tariff.card.as_of for segment in cost.segments if segment.tariff is not None), default=None)


def definition(cost: Cost) -> str:
    """Return the text that defines the form of a Cost."""
    return as_json(form_of(cost))
