"""A row of FOCUS: what is alike in its calls, what they come to, and its columns as text."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import decimal_of, plain
from .cells import ZERO
from .focus_columns import Unit

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

_CATEGORY, _SUBCATEGORY = "AI and Machine Learning", "Generative AI"
# What a provider bills that states one sum for a call: it is sold by its own unit of money.
CREDITS = Unit("Credits", 1)


class RowKey(NamedTuple):
    """What is alike in all calls of a row."""

    day: date
    provider: str | None
    model: str
    meter: str
    price_key: str
    conditions: str
    tier: str
    unit: Unit
    listed: Fraction
    agreed: Fraction
    source: str
    term: bool


class RowSums:
    """What the calls of a row come to."""

    __slots__ = ("agreed", "calls", "consumed", "listed", "quantity")

    def __init__(self) -> None:
        self.quantity = self.consumed = self.listed = self.agreed = ZERO
        self.calls = 0


def row_of(columns: tuple[str, ...], account: str, key: RowKey, sums: RowSums, *, bound: bool) -> dict[str, str]:
    """Return a row as text, an empty text for null; ``bound`` is whether something beside it has no price."""
    name, publisher, service = _seller(key.provider, account)
    start = datetime.combine(key.day, time(), timezone.utc)
    month = start.replace(day=1)
    agreed = number_text(sums.agreed)
    row = dict.fromkeys(columns, "")
    row |= {
        "BilledCost": agreed,
        "BillingAccountId": account,
        "BillingCurrency": "USD",
        "BillingPeriodStart": _moment(month),
        "BillingPeriodEnd": _moment((month + timedelta(days=32)).replace(day=1)),
        "ChargePeriodStart": _moment(start),
        "ChargePeriodEnd": _moment(start + timedelta(days=1)),
        "ChargeDescription": f"{key.model}, {key.meter.replace('_', ' ')}",
        "ChargeFrequency": "Usage-Based",
        "ContractedCost": agreed,
        "EffectiveCost": agreed,
        "InvoiceIssuerName": publisher,
        "ListCost": number_text(sums.listed),
        "ProviderName": name,
        "PublisherName": publisher,
        "ServiceCategory": _CATEGORY,
        "ServiceName": service,
        "ServiceSubcategory": _SUBCATEGORY,
        "x_Calls": str(sums.calls),
        "x_CostSource": key.source,
        "x_LowerBound": str(bound).lower(),
        "x_Meter": key.meter,
        "x_Model": key.model,
        "x_Provider": key.provider or "",
        "x_ServiceTier": key.tier,
    }
    row["ChargeCategory"] = "Adjustment" if key.term else "Usage"
    if not key.term:
        row |= _priced(key, sums)
    return {column: row[column] for column in columns}


def _priced(key: RowKey, sums: RowSums) -> dict[str, str]:
    """Return the columns of a row that has a unit price."""
    consumed = Unit("Requests", 1) if key.unit is CREDITS else key.unit
    sku = "/".join(filter(None, (key.provider, key.model, key.meter)))
    details = {"x_Tier": key.tier, **({"x_Conditions": key.conditions} if key.conditions else {})}
    return {
        "ConsumedQuantity": number_text(sums.consumed),
        "ConsumedUnit": consumed.noun,
        "ListUnitPrice": number_text(key.listed * key.unit.size),
        "ContractedUnitPrice": number_text(key.agreed * key.unit.size),
        "PricingCategory": "Standard",
        "PricingQuantity": number_text(sums.quantity / key.unit.size),
        "PricingUnit": key.unit.text,
        "SkuId": sku,
        "SkuMeter": key.meter,
        "SkuPriceId": "/".join(filter(None, (sku, key.price_key, key.tier, key.conditions))),
        "SkuPriceDetails": json.dumps(details),
    }


@cache
def _sellers() -> dict[str, list[str]]:
    text = files(__package__ or "").joinpath("grammars").joinpath("sellers.json").read_text("utf-8")
    found: dict[str, list[str]] = json.loads(text)
    return found


def _seller(provider: str | None, account: str) -> tuple[str, str, str]:
    """Return provider, publisher and service; of a model of one's own it is the account itself that provides it."""
    seller = _sellers().get(provider or "")
    if seller is not None:
        return seller[0], seller[1], seller[2]
    name = provider or account
    return name, name, f"{name} models"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def number_text(amount: Fraction) -> str:
    """Return a number as FOCUS writes it: decimal, without an exponent."""
    return plain(decimal_of(amount.numerator, amount.denominator)[0], 0)
