"""Anthropic: the cost report and the usage report of the Admin API.

https://platform.claude.com/docs/en/api/admin/cost_report: amounts are decimal text in cents; the priority tier is not
in it. https://platform.claude.com/docs/en/api/admin/usage_report: tokens without money. Days are of UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bill import USAGE, BillLine
from .causes import FEE, UNEXPLAINED
from .cells import Conditions
from .forms import Form
from .pages import any_with, buckets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction
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
# Counter of the usage -> meter.
_COUNTED = {
    "uncached_input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cache_read",
    "cache_creation_ephemeral_5m_input_tokens": "cache_write",
    "cache_creation_ephemeral_1h_input_tokens": "cache_write_1h",
    "server_tool_use_web_search_requests": "web_searches",
}
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
    days: set[date] = set()
    for row in source.rows:
        day = source.day(row, "starting_at", "ending_at")
        days.add(day)
        if "amount" in row.values:
            lines.append(_cost(row, day, source))
        elif "model" in row.values or not row.values.keys() <= _BUCKET:
            lines.append(_used(row, day, source))
    if any(line.amount is None and line.conditions.tier == "priority" for line in lines):
        source.remarks.append("the usage has calls of the priority tier, which the cost report does not hold")
    states = {name for line in lines for name, value in line.conditions._asdict().items() if value is not None}
    return source.bill(FORM, "Anthropic", lines, providers=PROVIDERS, meters=METERS, states=states, days=days)


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
    model = row.text("model") or None
    units: dict[str, Fraction | None] = {}
    for name, meter in _COUNTED.items():
        count = row.field(name).units()
        if count:
            units[meter] = count
    return BillLine(row.place, day, USAGE, f"usage of {model}", model, units, None, _conditions(row, source))


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
