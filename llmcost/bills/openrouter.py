"""OpenRouter: the activity of an account, by day, model and seller.

https://openrouter.ai/docs/client-sdks/typescript/models/activityitem: one amount in USD for all meters of a row. Days
are of UTC. What was paid to a seller with a key of one's own is not on this bill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .amounts import Field
from .bill import USAGE, Bill, BillLine
from .tables import Row, flat, not_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction
    from typing import Any

    from .amounts import Money
    from .tables import Table

FORMAT = "openrouter"
PROVIDERS = frozenset({"openrouter"})
# The tokens that were reasoned are inside those of the answer.
METERS = frozenset({"input", "output"})
_NEEDED = frozenset({"date", "model", "usage", "prompt_tokens", "completion_tokens"})
_KNOWN = frozenset(
    {
        *_NEEDED,
        *("model_permaslug", "endpoint_id", "provider_name", "byok_usage_inference", "requests", "reasoning_tokens"),
    }
)


def is_table(columns: frozenset[str]) -> bool:
    """Return whether a table has the fields of the activity."""
    return columns >= _NEEDED


def is_report(page: Mapping[str, Any]) -> bool:
    """Return whether an object is the answer of the API."""
    data = page.get("data")
    return isinstance(data, list) and any(isinstance(one, dict) and one.keys() >= _NEEDED for one in data)


def of_report(pages: list[dict[str, Any]], path: str, money: Money) -> Bill:
    """Return the bill of answers of the API."""
    rows = [
        Row(flat(one), path, None, f"{f'[{number}].' if number else ''}data[{place}]")
        for number, page in enumerate(pages)
        for place, one in enumerate(page["data"])
    ]
    columns = dict.fromkeys(name for row in rows for name in row.values)
    return _bill(rows, path, money, not_read(columns, _KNOWN))


def of_table(table: Table, path: str, money: Money) -> Bill:
    """Return the bill of a table with the fields of the activity."""
    return _bill(table.rows, path, money, not_read(table.columns, _KNOWN))


def _bill(rows: Iterable[Row], path: str, money: Money, remarks: list[str]) -> Bill:
    lines = []
    own_keys = False
    for row in rows:
        amount = money.usd(row.field("usage"), Field("currency", "USD", path, row.line))
        own_keys = own_keys or bool(row.field("byok_usage_inference").number())
        units: dict[str, Fraction | None] = {
            "input": row.field("prompt_tokens").units(),
            "output": row.field("completion_tokens").units(),
        }
        requests = row.field("requests").units()
        model = row.text("model_permaslug") or row.text("model")
        text = f"{row.text('model')} by {row.text('provider_name') or 'any seller'}"
        calls = None if requests is None else int(requests)
        lines.append(BillLine(row.place, row.field("date").day(), USAGE, text, model, units, amount, requests=calls))
    if own_keys:
        remarks.append("what calls with keys of one's own cost at their sellers is not on this bill, and not counted")
    return Bill(
        path,
        FORMAT,
        "OpenRouter",
        lines,
        providers=PROVIDERS,
        step=money.step,
        meters=METERS,
        remarks=remarks,
    )
