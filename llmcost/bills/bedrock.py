"""Amazon Bedrock: the lines of a Cost and Usage Report, 2.0 or older.

https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html. Model, meter, tier and routing stand in the
usage type. Lines of other services are counted and left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .bill import USAGE, BillLine
from .causes import CREDIT, FEE, TAX, UNEXPLAINED
from .forms import Form
from .grammar import grammar
from .units import units_of

if TYPE_CHECKING:
    from .bill import Bill
    from .forms import Source
    from .tables import Row

_TYPE, _AMOUNT, _COST = "line_item_usage_type", "line_item_usage_amount", "line_item_unblended_cost"
_START, _UNIT = "line_item_usage_start_date", "pricing_unit"
_NEEDED = frozenset({_TYPE, _AMOUNT, _COST, _START})
# In 2.0 ``product`` holds the name of the service among others.
_SERVICE_NAMES = ("product_servicename", "product_product_name", "product")
_READ = frozenset({"product", "tags", "resource_tags", "cost_category", "discount"})
# A report has more than a hundred columns; these are its families.
_FAMILIES = (
    *("bill_", "capacity_reservation_", "cost_category_", "discount_", "identity_", "line_item_", "pricing_"),
    *("product_", "reservation_", "resource_tags_", "savings_plan_", "split_line_item_"),
)
_SERVICES = re.compile("amazonbedrock.*", re.IGNORECASE)
# line_item_line_item_type -> what the line is for.
_KINDS = {
    "Usage": USAGE,
    "DiscountedUsage": USAGE,
    "Tax": TAX,
    "Credit": CREDIT,
    "Refund": CREDIT,
    "EdpDiscount": CREDIT,
    "PrivateRateDiscount": CREDIT,
    "BundledDiscount": CREDIT,
    "Fee": FEE,
    "RIFee": FEE,
}


def _plain(column: str) -> str:
    """Return a column as 2.0 names it: ``lineItem/UsageType`` is ``line_item_usage_type``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|/", "_", column).lower()


def _bill(source: Source) -> Bill:
    """Return the bill of Bedrock's lines of a report."""
    names = grammar("bedrock")
    lines: list[BillLine] = []
    others = 0
    for row in source.rows:
        if _is_bedrock(row):
            lines.append(_line(row, source))
        else:
            others += 1
    if others:
        source.remarks.append(f"{others:,} lines of other services are not counted")
    if lines and _UNIT not in source.columns:
        source.remarks.append(f"without the column {_UNIT} the report states no units: export it too")
    states = names.states - {"region"}
    return source.bill(FORM, names.vendor, lines, providers=names.providers, meters=names.meters, states=states)


def _is_bedrock(row: Row) -> bool:
    product = row.text("line_item_product_code")
    if _SERVICES.fullmatch(product):
        return True
    # Models of other makers are sold through the marketplace, whose product code is a key that says nothing.
    service = next(filter(None, map(row.text, _SERVICE_NAMES)), "")
    return "bedrock" in service.lower() or grammar("bedrock").decode(row.text(_TYPE)) is not None


def _line(row: Row, source: Source) -> BillLine:
    amount = source.money.usd(row.field(_COST), row.field("line_item_currency_code"))
    text, stated = row.text(_TYPE), row.text("line_item_line_item_type")
    kind = _KINDS.get(stated, UNEXPLAINED) if stated else USAGE
    found = grammar("bedrock").decode(text) if kind == USAGE else None
    if found is None:
        day = source.day(row, _START)
        if kind == USAGE:
            return BillLine(row.place, day, UNEXPLAINED, text, amount=amount)
        return BillLine(row.place, day, kind, f"{stated} {text}".strip(), amount=amount)
    units = {found.meter: units_of(row.field(_AMOUNT), row.field(_UNIT), found.meter, amount)}
    day = source.day(row, _START, "line_item_usage_end_date")
    return BillLine(row.place, day, USAGE, text, found.model, units, amount, found.conditions._replace(region=None))


FORM = Form("bedrock", (_NEEDED,), _NEEDED | _READ, _bill, families=("x_", *_FAMILIES), plain=_plain)
