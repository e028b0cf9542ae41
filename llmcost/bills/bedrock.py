"""Amazon Bedrock: the lines of a Cost and Usage Report, 2.0 or older, as CSV.

https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html. Model, meter, tier and routing stand in the
usage type. Lines of other services are counted and left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .bill import USAGE, Bill, BillLine
from .causes import CREDIT, FEE, TAX, UNEXPLAINED
from .grammar import grammar
from .tables import Row
from .units import units_of

if TYPE_CHECKING:
    from fractions import Fraction

    from .amounts import Money
    from .tables import Table

FORMAT = "bedrock"
_TYPE, _AMOUNT, _COST = "line_item_usage_type", "line_item_usage_amount", "line_item_unblended_cost"
_NEEDED = frozenset({_TYPE, _AMOUNT, _COST, "line_item_usage_start_date"})
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


def is_table(columns: frozenset[str]) -> bool:
    """Return whether a table is a Cost and Usage Report."""
    return {_plain(column) for column in columns} >= _NEEDED


def of_table(table: Table, path: str, money: Money) -> Bill:
    """Return the lines of Bedrock of a report."""
    names = grammar("bedrock")
    lines: list[BillLine] = []
    others = 0
    for raw in table.rows:
        row = Row({_plain(column): value for column, value in raw.values.items()}, raw.source, raw.line)
        if not _is_bedrock(row):
            others += 1
            continue
        lines.append(_line(row, money))
    remarks = [f"{others:,} lines of other services are not counted"] if others else []
    if lines and "pricing_unit" not in {_plain(column) for column in table.columns}:
        remarks.append("without the column pricing_unit the report states no units: export it too")
    return Bill(
        path,
        FORMAT,
        names.vendor,
        lines,
        providers=names.providers,
        step=money.step,
        states=names.states - {"region"},
        meters=names.meters,
        remarks=[*remarks, *money.remarks],
    )


def _is_bedrock(row: Row) -> bool:
    product = row.text("line_item_product_code")
    if _SERVICES.fullmatch(product):
        return True
    # Models of other makers are sold through the marketplace, whose product code is a key that says nothing.
    service = row.text("product_servicename") or row.text("product_product_name")
    return "bedrock" in service.lower() or grammar("bedrock").decode(row.text(_TYPE)) is not None


def _line(row: Row, money: Money) -> BillLine:
    amount = money.usd(row.field(_COST), row.field("line_item_currency_code"))
    day, text = row.field("line_item_usage_start_date").day(), row.text(_TYPE)
    stated = row.text("line_item_line_item_type")
    kind = _KINDS.get(stated, UNEXPLAINED) if stated else USAGE
    if kind != USAGE:
        return BillLine(row.place, day, kind, f"{stated} {text}".strip(), amount=amount)
    found = grammar("bedrock").decode(text)
    if found is None:
        return BillLine(row.place, day, UNEXPLAINED, text, amount=amount)
    units: dict[str, Fraction | None] = {found.meter: units_of(row.field(_AMOUNT), row.field("pricing_unit"))}
    return BillLine(row.place, day, USAGE, text, found.model, units, amount, found.conditions._replace(region=None))
