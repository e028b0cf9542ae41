"""OpenRouter: the activity of an account, by day, model and seller.

https://openrouter.ai/docs/client-sdks/typescript/models/activityitem: one amount in USD for all meters of a row. Days
are of UTC. What was paid to a seller with a key of one's own is not on this bill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bill import USAGE, BillLine
from .forms import Form
from .pages import any_with

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from typing import Any

    from .bill import Bill
    from .forms import Source

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


def _is_page(page: Mapping[str, Any]) -> bool:
    """Return whether an object is the answer of the API."""
    return any_with(page.get("data"), _NEEDED)


def _bill(source: Source) -> Bill:
    lines = []
    own_keys = False
    for row in source.rows:
        amount = source.money.usd(row.field("usage"), row.field("currency")._replace(value="USD"))
        own_keys = own_keys or bool(row.field("byok_usage_inference").number())
        units: dict[str, Fraction | None] = {
            "input": row.field("prompt_tokens").units(),
            "output": row.field("completion_tokens").units(),
        }
        requests = row.field("requests").units()
        model = row.text("model_permaslug") or row.text("model")
        text = f"{row.text('model')} by {row.text('provider_name') or 'any seller'}"
        calls = None if requests is None else int(requests)
        day = source.day(row, "date")
        lines.append(BillLine(row.place, day, USAGE, text, model, units, amount, requests=calls))
    if own_keys:
        source.remarks.append(
            "what calls with keys of one's own cost at their sellers is not on this bill, and not counted"
        )
    return source.bill(FORM, "OpenRouter", lines, providers=PROVIDERS, meters=METERS)


FORM = Form("openrouter", (_NEEDED,), _KNOWN, _bill, _is_page)
