"""The rules of FOCUS 1.2 for the columns of a row, as a table of our own.

From https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec/tree/v1.2/specification, the files of the columns
(level, nulls, values) and of the attributes (null handling, numbers, dates, units, key-value).
"""

from __future__ import annotations

import json
import re
from fractions import Fraction

MANDATORY, CONDITIONAL, RECOMMENDED = "mandatory", "conditional", "recommended"
TEXT, NUMBER, TIME, JSON = "text", "number", "time", "json"

# column -> (level, whether it may be null, kind of value, the version that introduced it)
COLUMNS = {
    "AvailabilityZone": (RECOMMENDED, True, TEXT, "0.5"),
    "BilledCost": (MANDATORY, False, NUMBER, "0.5"),
    "BillingAccountId": (MANDATORY, False, TEXT, "0.5"),
    "BillingAccountName": (MANDATORY, True, TEXT, "0.5"),
    "BillingAccountType": (CONDITIONAL, False, TEXT, "1.2"),
    "BillingCurrency": (MANDATORY, False, TEXT, "0.5"),
    "BillingPeriodEnd": (MANDATORY, False, TIME, "0.5"),
    "BillingPeriodStart": (MANDATORY, False, TIME, "0.5"),
    "CapacityReservationId": (CONDITIONAL, True, TEXT, "1.1"),
    "CapacityReservationStatus": (CONDITIONAL, True, TEXT, "1.1"),
    "ChargeCategory": (MANDATORY, False, TEXT, "0.5"),
    "ChargeClass": (MANDATORY, True, TEXT, "1.0"),
    "ChargeDescription": (MANDATORY, True, TEXT, "1.0"),
    "ChargeFrequency": (RECOMMENDED, False, TEXT, "1.0"),
    "ChargePeriodEnd": (MANDATORY, False, TIME, "0.5"),
    "ChargePeriodStart": (MANDATORY, False, TIME, "0.5"),
    "CommitmentDiscountCategory": (CONDITIONAL, True, TEXT, "1.0"),
    "CommitmentDiscountId": (CONDITIONAL, True, TEXT, "1.0"),
    "CommitmentDiscountName": (CONDITIONAL, True, TEXT, "1.0"),
    "CommitmentDiscountQuantity": (CONDITIONAL, True, NUMBER, "1.1"),
    "CommitmentDiscountStatus": (CONDITIONAL, True, TEXT, "1.0"),
    "CommitmentDiscountType": (CONDITIONAL, True, TEXT, "1.0"),
    "CommitmentDiscountUnit": (CONDITIONAL, True, TEXT, "1.1"),
    "ConsumedQuantity": (CONDITIONAL, True, NUMBER, "1.0"),
    "ConsumedUnit": (CONDITIONAL, True, TEXT, "1.0"),
    "ContractedCost": (MANDATORY, False, NUMBER, "1.0"),
    "ContractedUnitPrice": (CONDITIONAL, True, NUMBER, "1.0"),
    "EffectiveCost": (MANDATORY, False, NUMBER, "0.5"),
    "InvoiceId": (RECOMMENDED, True, TEXT, "1.2"),
    "InvoiceIssuerName": (MANDATORY, False, TEXT, "0.5"),
    "ListCost": (MANDATORY, False, NUMBER, "1.0"),
    "ListUnitPrice": (CONDITIONAL, True, NUMBER, "1.0"),
    "PricingCategory": (CONDITIONAL, True, TEXT, "1.0"),
    "PricingCurrency": (CONDITIONAL, True, TEXT, "1.2"),
    "PricingCurrencyContractedUnitPrice": (CONDITIONAL, True, NUMBER, "1.2"),
    "PricingCurrencyEffectiveCost": (CONDITIONAL, True, NUMBER, "1.2"),
    "PricingCurrencyListUnitPrice": (CONDITIONAL, True, NUMBER, "1.2"),
    "PricingQuantity": (MANDATORY, True, NUMBER, "1.0"),
    "PricingUnit": (MANDATORY, True, TEXT, "1.0"),
    "ProviderName": (MANDATORY, False, TEXT, "0.5"),
    "PublisherName": (MANDATORY, False, TEXT, "0.5"),
    "RegionId": (CONDITIONAL, True, TEXT, "1.0"),
    "RegionName": (CONDITIONAL, True, TEXT, "1.0"),
    "ResourceId": (CONDITIONAL, True, TEXT, "0.5"),
    "ResourceName": (CONDITIONAL, True, TEXT, "0.5"),
    "ResourceType": (CONDITIONAL, True, TEXT, "1.0"),
    "ServiceCategory": (MANDATORY, False, TEXT, "0.5"),
    "ServiceName": (MANDATORY, False, TEXT, "0.5"),
    "ServiceSubcategory": (RECOMMENDED, False, TEXT, "1.1"),
    "SkuId": (CONDITIONAL, True, TEXT, "1.0"),
    "SkuMeter": (CONDITIONAL, True, TEXT, "1.1"),
    "SkuPriceDetails": (CONDITIONAL, True, JSON, "1.1"),
    "SkuPriceId": (CONDITIONAL, True, TEXT, "1.0"),
    "SubAccountId": (CONDITIONAL, True, TEXT, "0.5"),
    "SubAccountName": (CONDITIONAL, True, TEXT, "0.5"),
    "SubAccountType": (CONDITIONAL, True, TEXT, "1.2"),
    "Tags": (CONDITIONAL, True, JSON, "1.0"),
}
VALUES = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeClass": {"Correction"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
    "ServiceCategory": {"AI and Machine Learning"},
    "ServiceSubcategory": {"Generative AI"},
}
# Not null where the charge is usage or a purchase, and no correction.
OF_USAGE = (
    *("ContractedUnitPrice", "ListUnitPrice", "PricingCategory", "PricingQuantity", "SkuId", "SkuPriceId"),
    "ConsumedQuantity",
)
# Null where the other one is null, and only there.
TOGETHER = (("ConsumedQuantity", "ConsumedUnit"), ("PricingQuantity", "PricingUnit"))
# Null where the other one is null.
UNDER = (("SkuId", "SkuMeter"), ("SkuPriceId", "SkuPriceDetails"), ("SkuId", "SkuPriceId"))
NUMBERS = re.compile(r"-?[0-9]+(\.[0-9]+)?(E-?[0-9]+)?")
TIMES = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
UNITS = re.compile(r"([0-9]+ )?[A-Z][A-Za-z]*(-[A-Z][a-z]+)*s")
PLACEHOLDERS = {"not applicable", "n/a", "null", "none", "unknown", "(not stated)"}
PASCAL = re.compile(r"([A-Z][a-z]+)+(Id)?")


def broken(columns, rows, version="1.2"):
    """Return what breaks a rule, in sentences."""
    needed = [name for name, (level, *_) in _of(version).items() if level == MANDATORY]
    found = [f"{name} is missing" for name in needed if name not in columns]
    own = [name for name in columns if name.startswith("x_")]
    found += [f"{name} is no column of {version}" for name in columns if name not in own and name not in _of(version)]
    found += [f"{name} is no name of a column" for name in columns if name not in own and not PASCAL.fullmatch(name)]
    if list(columns) != [name for name in columns if name not in own] + own:
        found.append("columns of one's own stand among those of FOCUS")
    for number, row in enumerate(rows, 1):
        alone = list(_of_values(columns, row))
        # Values that are none have no relation to others.
        found += [f"row {number}: {said}" for said in alone or _of_row(columns, row)]
    return found


def _of(version):
    return {name: rule for name, rule in COLUMNS.items() if float(rule[3]) <= float(version)}


def _of_values(columns, row):
    for name in columns:
        if name.startswith("x_"):
            continue
        _, nullable, kind, _ = COLUMNS[name]
        value = row[name]
        if value == "":
            if not nullable:
                yield f"{name} is null"
            continue
        if value.strip().lower() in PLACEHOLDERS or value != value.strip():
            yield f"{name}={value!r} stands for nothing"
        if kind == NUMBER and not NUMBERS.fullmatch(value):
            yield f"{name}={value!r} is no number"
        if kind == TIME and not TIMES.fullmatch(value):
            yield f"{name}={value!r} is no time"
        if kind == JSON:
            inner = json.loads(value)
            if any(isinstance(held, (dict, list)) for held in inner.values()):
                yield f"{name} holds an object"
            if any(not key.startswith("x_") for key in inner):
                yield f"{name} has a key that is no key of FOCUS"
        if name in VALUES and value not in VALUES[name]:
            yield f"{name}={value!r} is none of its values"
        if name in {"PricingUnit", "ConsumedUnit"} and not UNITS.fullmatch(value):
            yield f"{name}={value!r} is no unit"


def _of_row(columns, row):
    usage = row["ChargeCategory"] in {"Usage", "Purchase"} and row["ChargeClass"] != "Correction"
    for name in OF_USAGE:
        if usage and name in columns and row[name] == "":
            yield f"{name} is null for usage"
    if row["ChargeCategory"] != "Usage" and row["ConsumedQuantity"] != "":
        yield "ConsumedQuantity of what is no usage"
    for one, two in TOGETHER:
        if (row[one] == "") != (row[two] == ""):
            yield f"{one} and {two} are not null together"
    for one, two in UNDER:
        if one in columns and two in columns and row[one] == "" and row[two] != "":
            yield f"{two} without {one}"
    for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        if row[price] and row["PricingQuantity"]:
            if Fraction(row[price]) < 0:
                yield f"{price} is negative"
            if Fraction(row[price]) * Fraction(row["PricingQuantity"]) != Fraction(row[cost]):
                yield f"{price} times PricingQuantity is not {cost}"
    if not row["ListUnitPrice"] and row["ListCost"] != row["BilledCost"]:
        yield "ListCost without a unit price is not BilledCost"
    if not row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]:
        yield "the charge period is not inside the billing period"
    if row["BillingCurrency"] != "USD":
        yield "another currency"
