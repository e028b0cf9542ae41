"""FOCUS: a bill in the form of the FinOps Open Cost and Usage Specification, 1.0 to 1.2, of any vendor.

https://focus.finops.org/focus-specification/v1-2/. Which model and meter a row is for is not in its columns: it is
decoded from the names of the vendor by the grammars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.meters import METERS
from ..core.statement import REPORTED
from .bill import USAGE, BillLine
from .causes import CREDIT, FEE, TAX, UNEXPLAINED
from .cells import NOT_STATED, Conditions
from .focus_columns import COLUMNS
from .forms import Form
from .grammar import grammar
from .units import units_of

if TYPE_CHECKING:
    from fractions import Fraction

    from .bill import Bill
    from .forms import Source
    from .grammar import Decoded, Grammar
    from .tables import Row

_START, _END = "ChargePeriodStart", "ChargePeriodEnd"
_NEEDED = frozenset({"BilledCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart"})
_KINDS = {"usage": USAGE, "purchase": FEE, "tax": TAX, "credit": CREDIT, "adjustment": FEE}
_OUR_CATEGORY, _CORRECTION = "ai and machine learning", "correction"
# Columns that name the seller or its service; from 1.3 on the first two have other names.
_VENDORS = ("ProviderName", "PublisherName", "ServiceProviderName", "HostProviderName", "ServiceName")
# The grammars, and words that a row's provider or service has.
_GRAMMARS = {
    "bedrock": ("aws", "amazon", "bedrock"),
    "azure": ("microsoft", "azure"),
    "google": ("google", "vertex", "gemini"),
    "openai": ("openai",),
}
# Columns that may hold the name of what is billed, the most telling first.
_NAMES = (
    *("x_UsageType", "x_SkuMeterName", "x_SkuDescription", "SkuMeter", "SkuId", "SkuPriceId", "ChargeDescription"),
    "ResourceName",
)
_OWN_MODEL, _OWN_METER, _OWN_TIER = "x_Model", "x_Meter", "x_ServiceTier"
# Besides those that ``focus_rows`` writes.
_KNOWN = frozenset(
    {
        *COLUMNS,
        *("AvailabilityZone", "BillingAccountType", "CapacityReservationId", "CapacityReservationStatus"),
        *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
        *("CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType"),
        *("CommitmentDiscountUnit", "HostProviderName", "InvoiceId", "PricingCurrency"),
        *("PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice"),
        *("RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceProviderName"),
        *("SubAccountId", "SubAccountName", "SubAccountType", "Tags"),
    }
)


def _bill(source: Source) -> Bill:
    """Return the bill of the lines of models; those of other services are counted and left alone."""
    lines: list[BillLine] = []
    used: set[str] = set()
    others = 0
    for row in source.rows:
        line, names = _line(row, source)
        if line is None:
            others += 1
            continue
        lines.append(line)
        used |= names
    grammars = [grammar(name) for name in sorted(used)]
    if others:
        source.remarks.insert(0, f"{others:,} lines of other services are not counted")
    return source.bill(
        FORM,
        ", ".join(one.vendor for one in grammars) or "FOCUS",
        lines,
        providers=frozenset[str]().union(*(one.providers for one in grammars)),
        states={name for line in lines for name in line.conditions.stated},
        meters=frozenset(meter for line in lines for meter in line.quantities).union(*(one.meters for one in grammars)),
    )


def _line(row: Row, source: Source) -> tuple[BillLine | None, set[str]]:
    """Return a line, and the names of the grammars that it was read by; None for a line of another service."""
    if row.text(_OWN_MODEL) and row.text(_OWN_METER):
        return _of_focus_rows(row, source), set()
    kind = _KINDS.get(row.text("ChargeCategory").lower(), UNEXPLAINED)
    ours = row.text("ServiceCategory").lower() == _OUR_CATEGORY
    vendor = " ".join(row.text(name) for name in _VENDORS).lower()
    names = [name for name, words in _GRAMMARS.items() if any(word in vendor for word in words)]
    found, by = _decoded(row, names)
    if found is None and not ours:
        return None, set()
    if found is None and kind == USAGE and _is_litellm(row):
        return _of_litellm(row, source), set()
    amount = source.money.usd(row.field("BilledCost"), row.field("BillingCurrency"))
    text = _text(row)
    if row.text("ChargeClass").lower() == _CORRECTION:
        # It changes a bill of an earlier period, and is no usage of this one.
        kind, text = FEE, f"correction of an earlier bill: {text}"
    if kind != USAGE:
        return BillLine(row.place, source.day(row, _START), kind, text, amount=amount), set()
    if found is None:
        return BillLine(row.place, source.day(row, _START), UNEXPLAINED, text, amount=amount), set()
    units = {found.meter: _units(row, found.meter, amount)}
    day = source.day(row, _START, _END)
    return BillLine(row.place, day, USAGE, text, found.model, units, amount, found.conditions), {by}


def _is_litellm(row: Row) -> bool:
    """Return whether a row is of LiteLLM's export, which has one for each day, model and key, with one sum.

    https://docs.litellm.ai/docs/observability/focus: the resource, its type and the description are the model.
    """
    named = {row.text(name) for name in ("ResourceName", "ResourceType", "ChargeDescription")}
    return len(named) == 1 and "" not in named and '"custom_llm_provider"' in row.text("Tags")


def _of_litellm(row: Row, source: Source) -> BillLine:
    model = row.text("ResourceName")
    amount = source.money.usd(row.field("BilledCost"), row.field("BillingCurrency"))
    # What it counts as consumed is one request a row, whatever was used.
    return BillLine(row.place, source.day(row, _START, _END), USAGE, model, model, amount=amount)


def _of_focus_rows(row: Row, source: Source) -> BillLine:
    """Return a line of rows that ``focus_rows`` has written."""
    meter, tier = row.text(_OWN_METER), row.text(_OWN_TIER) or None
    amount = source.money.usd(row.field("BilledCost"), row.field("BillingCurrency"))
    # A sum that a provider states is for all meters of its calls.
    units = {} if meter == REPORTED else {meter: _units(row, meter, amount) if meter in METERS else None}
    conditions = Conditions(tier) if units else NOT_STATED
    day = source.day(row, _START, _END)
    return BillLine(row.place, day, USAGE, _text(row), row.text(_OWN_MODEL), units, amount, conditions)


def _decoded(row: Row, names: list[str]) -> tuple[Decoded | None, str]:
    """Return what the row is for, and by which grammar it was read."""
    for name in names:
        read: Grammar = grammar(name)
        for column in _NAMES:
            found = read.decode(row.text(column)) if row.text(column) else None
            if found is not None:
                # The date of a version is a part of the model's name.
                named = f"{found.model or ''} {found.date}".strip() or None
                return found._replace(model=named, conditions=found.conditions._replace(region=None)), name
    return None, ""


def _units(row: Row, meter: str, amount: Fraction | None) -> Fraction | None:
    consumed = units_of(row.field("ConsumedQuantity"), row.field("ConsumedUnit"), meter, amount)
    if consumed is not None:
        return consumed
    return units_of(row.field("PricingQuantity"), row.field("PricingUnit"), meter, amount)


def _text(row: Row) -> str:
    return next((row.text(name) for name in _NAMES if row.text(name)), row.text("ServiceName") or "a line")


FORM = Form("focus", (_NEEDED,), _KNOWN, _bill)
