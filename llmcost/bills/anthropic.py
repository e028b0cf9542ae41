"""Anthropic: the cost report and the usage report of the Admin API.

https://platform.claude.com/docs/en/api/admin/cost_report: amounts are decimal text in cents; the priority tier is not
in it. https://platform.claude.com/docs/en/api/admin/usage_report: tokens without money. Days are of UTC.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.exact import ratio
from ..errors import BillError, UsageError
from ..readers.anthropic_usage_report import read
from ..readers.bare_facts import with_numbers
from .bill import USAGE, BillLine
from .causes import FEE, UNEXPLAINED
from .cells import Conditions
from .forms import Form
from .pages import any_with, buckets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from .bill import Bill
    from .forms import Source
    from .tables import Row

PROVIDERS = frozenset({"anthropic"})
_CENTS = 2
_FAST = "fast"
# token_type of a cost -> meter.
_TOKENS = {
    "uncached_input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cache_read",
    "cache_creation.ephemeral_5m_input_tokens": "cache_write",
    "cache_creation.ephemeral_1h_input_tokens": "cache_write_1h",
}
# Objects of a row of usage, whose fields stand beside the others here.
_INNER = ("cache_creation", "server_tool_use")
_COUNTED = (
    *("uncached_input_tokens", "output_tokens", "cache_read_input_tokens", *_INNER),
    *("cache_creation_ephemeral_5m_input_tokens", "cache_creation_ephemeral_1h_input_tokens"),
    "server_tool_use_web_search_requests",
)
_SEARCHES = "web_search"
# Costs of a session or a container, which belong to no call.
_FEES = frozenset({"code_execution", "session_usage"})
METERS = frozenset({*_TOKENS.values(), "web_searches"})
_COSTS = frozenset({"starting_at", "amount", "currency"})
_USAGE = frozenset({"starting_at", "uncached_input_tokens", "output_tokens", "model"})
_KNOWN = frozenset(
    {
        *(_COSTS | _USAGE),
        *_COUNTED,
        *("ending_at", "cost_type", "token_type", "description", "model", "service_tier", "context_window"),
        *("inference_geo", "workspace_id", "api_key_id", "account_id", "service_account_id", "speed"),
    }
)
_BUCKET = frozenset({"starting_at", "ending_at"})
_NO_GEO = frozenset({"", "not_available", "global"})


def _is_page(page: Mapping[str, Any]) -> bool:
    """Return whether an object is an answer of the Admin API."""
    return any_with(page.get("data"), {"starting_at"})


def _bill(source: Source) -> Bill:
    lines = []
    priority = False
    for row, day in source.by_day("starting_at", "ending_at"):
        if "amount" in row.values:
            lines.append(_cost(row, day, source))
        elif "model" in row.values or not row.values.keys() <= _BUCKET:
            lines.append(_used(row, day, source))
            priority = priority or row.text("service_tier") == "priority"
    if priority:
        source.remarks.append("the usage has calls of the priority tier, which the cost report does not hold")
    states = {name for line in lines for name in line.conditions.stated}
    return source.bill(FORM, "Anthropic", lines, providers=PROVIDERS, meters=METERS, states=states)


def _cost(row: Row, day: date, source: Source) -> BillLine:
    amount = source.money.usd(row.field("amount"), row.field("currency"), _CENTS)
    if amount is None:
        raise row.field("amount").refused("a cost without an amount")
    model = row.text("model") or None
    kind, token = row.text("cost_type"), row.text("token_type")
    text = row.text("description") or kind or "all costs"
    if kind in _FEES:
        return BillLine(row.place, day, FEE, text, amount=amount)
    if kind == _SEARCHES:
        return BillLine(row.place, day, USAGE, text, model, {"web_searches": None}, amount)
    if not kind and not token:
        return BillLine(row.place, day, USAGE, text, model, amount=amount)
    meter = _TOKENS.get(token)
    if meter is None:
        return BillLine(row.place, day, UNEXPLAINED, text, model, amount=amount)
    return BillLine(row.place, day, USAGE, text, model, {meter: None}, amount, _conditions(row, source))


def _used(row: Row, day: date, source: Source) -> BillLine:
    """Return a line of usage: what the reader of such a row counts, and in which window its requests were."""
    try:
        usage = read(_counters(row))
    except UsageError as error:
        raise BillError(f"{row.where}: {error}" if row.where else str(error), row.source, row.line) from error
    units: dict[str, Fraction | None] = {meter: Fraction(*ratio(n)) for meter, n in usage.quantities.items() if n}
    return BillLine(
        row.place, day, USAGE, f"usage of {usage.model}", usage.model, units, None, _conditions(row, source)
    )


def _counters(row: Row) -> Mapping[str, object]:
    """Return a row as the API writes it, with its inner objects."""
    found: dict[str, object] = {}
    inner: dict[str, dict[str, object]] = {}
    for name, value in row.values.items():
        outer = next((one for one in _INNER if name.startswith(f"{one}_")), None)
        if outer is None:
            found[name] = value
        else:
            inner.setdefault(outer, {})[name.removeprefix(f"{outer}_")] = value
    return with_numbers({**found, **inner})


def _conditions(row: Row, source: Source) -> Conditions:
    window, geo = row.text("context_window"), row.text("inference_geo")
    # Fast mode is a tier of prices, whatever the row says of the service tier.
    word = _FAST if row.text("speed") == _FAST else row.text("service_tier")
    return Conditions(
        source.tier(word),
        None if not window else window != "0-200k",
        None if geo in _NO_GEO else geo,
    )


FORM = Form("anthropic", (_COSTS, _USAGE), _KNOWN, _bill, _is_page, buckets)
