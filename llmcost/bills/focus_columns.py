"""The columns of FOCUS that a row of a log has, by the version that introduced them, and the units of its prices.

From the files of the columns at
https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec/tree/v1.2/specification/columns.
"""

from __future__ import annotations

from typing import NamedTuple

from ..core.meters import METERS, TOKEN

VERSIONS = ("1.0", "1.1", "1.2")
# column -> the version that introduced it.
COLUMNS = {
    "BilledCost": "1.0",
    "BillingAccountId": "1.0",
    "BillingAccountName": "1.0",
    "BillingCurrency": "1.0",
    "BillingPeriodEnd": "1.0",
    "BillingPeriodStart": "1.0",
    "ChargeCategory": "1.0",
    "ChargeClass": "1.0",
    "ChargeDescription": "1.0",
    "ChargeFrequency": "1.0",
    "ChargePeriodEnd": "1.0",
    "ChargePeriodStart": "1.0",
    "ConsumedQuantity": "1.0",
    "ConsumedUnit": "1.0",
    "ContractedCost": "1.0",
    "ContractedUnitPrice": "1.0",
    "EffectiveCost": "1.0",
    "InvoiceIssuerName": "1.0",
    "ListCost": "1.0",
    "ListUnitPrice": "1.0",
    "PricingCategory": "1.0",
    "PricingQuantity": "1.0",
    "PricingUnit": "1.0",
    "ProviderName": "1.0",
    "PublisherName": "1.0",
    "ServiceCategory": "1.0",
    "ServiceName": "1.0",
    "ServiceSubcategory": "1.1",
    "SkuId": "1.0",
    "SkuMeter": "1.1",
    "SkuPriceDetails": "1.1",
    "SkuPriceId": "1.0",
}
# Of our own, behind those of FOCUS.
OWN_COLUMNS = ("x_Calls", "x_CostSource", "x_LowerBound", "x_Meter", "x_Model", "x_Provider", "x_ServiceTier")
_MILLION = 1_000_000
# unit of a meter -> the noun of FOCUS; any other one gets an s.
_NOUNS = {"query": "Queries", "search": "Searches", "GB-day": "GB-Days", "token-hour": "Token-Hours"}


class Unit(NamedTuple):
    """How a meter is sold: the noun of its units, and for how many the price is."""

    noun: str
    size: int

    @property
    def text(self) -> str:
        """The unit of the price: ``1000000 Tokens``, ``Requests``."""
        return self.noun if self.size == 1 else f"{self.size} {self.noun}"


def columns(version: str) -> tuple[str, ...]:
    """Return the columns of a version, those of our own behind them."""
    order = VERSIONS.index(version)
    return (*(name for name, since in COLUMNS.items() if VERSIONS.index(since) <= order), *OWN_COLUMNS)


def unit_of(meter: str, unit: str) -> Unit:
    """Return how a meter is sold. Price lists are per million tokens.

    >>> unit_of("input", "token").text, unit_of("file_searches", "call").text, unit_of("web_searches", "search").text
    ('1000000 Tokens', '1000 Calls', 'Searches')
    """
    noun = _NOUNS.get(unit) or f"{unit.capitalize()}s"
    row = METERS.get(meter)
    return Unit(noun, _MILLION if unit == TOKEN else row.per if row is not None else 1)
