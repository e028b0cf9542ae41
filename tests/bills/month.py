"""A made-up month: what was really used, the log of it with its faults, and the bill of it in every format.

The amounts that each fault comes to are worked out here, from the rates of this file alone.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import llmcost
from llmcost.bills.causes import CREDIT, DAY_BOUNDARY, DISCOUNT, MISSING, OTHER_METER, OWN_RATE, RATE

FIRST = date(2026, 11, 1)
DAYS = 30
# USD per token.
RATES = {"input": Fraction("2e-6"), "cache_read": Fraction("2e-7"), "output": Fraction("8e-6")}
# The models by their part in the month, as each vendor writes them, and their provider in a price map.
NAMES = {
    "openai": ("gpt-5.1-2025-11-13", "gpt-5-mini-2025-08-07", "gpt-4.1-2025-04-14"),
    "anthropic": ("claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"),
    "openrouter": ("openai/gpt-5.1", "anthropic/claude-opus-4.8", "mistralai/mistral-large"),
    "bedrock": ("Claude4.8Opus", "Claude4.6Sonnet", "Nova2.0Lite"),
    "focus": ("gpt-5.1-2025-11-13", "gpt-5-mini-2025-08-07", "gpt-4.1-2025-04-14"),
}
# Names of the log, where they are other ones.
LOGGED = {
    "openrouter": tuple(f"openrouter/{name}" for name in NAMES["openrouter"]),
    "bedrock": ("anthropic.claude-opus-4-8", "us.anthropic.claude-sonnet-4-6", "amazon.nova-2-lite-v1:0"),
}
PROVIDERS = {"focus": "openai", "bedrock": "bedrock_converse"}
# Days of each fault, and whose they are: 0 is the first model.
LOST, STALE, BATCHED, MOVED, LATE = {4}, {7, 8, 9, 10, 11}, {13, 14, 15, 16}, {19, 20, 21}, 24
STALE_FACTOR = Fraction("1.5")
SHARE = Fraction("0.88")
CREDITED = Fraction("-5")


def price_map(vendor):
    """Return the right prices of the month."""
    entry = {
        "input_cost_per_token": "2e-6",
        "cache_read_input_token_cost": "2e-7",
        "output_cost_per_token": "8e-6",
        "input_cost_per_token_batches": "1e-6",
        "cache_read_input_token_cost_batches": "1e-7",
        "output_cost_per_token_batches": "4e-6",
        "litellm_provider": PROVIDERS.get(vendor, vendor),
        "mode": "chat",
    }
    return llmcost.CostMap(dict.fromkeys(LOGGED.get(vendor, NAMES[vendor]), entry))


class Month:
    """The month of one vendor.

    Attributes:
        calls: the records of the log.
        billed: (day, model, meter, tier) -> [units, USD], before rounding.
        planted: kind -> USD that the fault comes to, the bill less the log.
    """

    def __init__(self, vendor, *, faults=("lost", "stale", "batch", "moved", "discount", "late", "credit")):
        self.vendor, self.faults = vendor, set(faults)
        self.calls, self.billed, self.planted = [], {}, {}
        for day in range(DAYS):
            for place in range(3):
                for number in range(8):
                    self._call(day, place, number)
        if "credit" in self.faults:
            self.planted[CREDIT] = CREDITED

    def _call(self, day, place, number):
        model = NAMES[self.vendor][place]
        seed = 1 + day * 24 + place * 8 + number
        units = {"input": 900 + seed * 37 % 5000, "cache_read": seed * 101 % 7000, "output": 50 + seed * 13 % 900}
        batch = "batch" in self.faults and place == 0 and day in BATCHED
        share = SHARE if "discount" in self.faults and place == 2 else Fraction(1)
        billed_on = day + 1 if "late" in self.faults and (day, place, number) == (LATE, 0, 7) else day
        for meter, count in units.items():
            cell = self.billed.setdefault((billed_on, model, meter, "batch" if batch else "standard"), [0, Fraction(0)])
            cell[0] += count
            cell[1] += count * RATES[meter] * (Fraction(1, 2) if batch else 1) * share
        right = sum(count * RATES[meter] for meter, count in units.items())
        if batch:
            self._plant(RATE, -right / 2)
        if place == 2:
            self._plant(DISCOUNT, right * (share - 1))
        if billed_on != day:
            # On one day as much as is missing on the other.
            self._plant(DAY_BOUNDARY, Fraction(0))
        if "lost" in self.faults and place == 0 and day in LOST and number == 3:
            self._plant(MISSING, right)
            return
        logged, cost = dict(units), right
        if "moved" in self.faults and place == 1 and day in MOVED:
            logged = {"input": units["input"] + units["cache_read"], "output": units["output"]}
            cost = right + units["cache_read"] * (RATES["input"] - RATES["cache_read"])
            self._plant(OTHER_METER, right - cost)
        if "stale" in self.faults and place == 1 and day in STALE:
            self._plant(OWN_RATE, cost - cost * STALE_FACTOR)
            cost *= STALE_FACTOR
        at = datetime(FIRST.year, FIRST.month, 1, 9 + number, tzinfo=timezone.utc) + timedelta(days=day)
        self.calls.append(
            {
                "time": at.isoformat(),
                "model": LOGGED.get(self.vendor, NAMES[self.vendor])[place],
                "provider": PROVIDERS.get(self.vendor, self.vendor),
                "usage": logged,
                "cost": exact(cost),
            }
        )

    def _plant(self, kind, amount):
        if amount or kind == DAY_BOUNDARY:
            self.planted[kind] = self.planted.get(kind, Fraction(0)) + amount

    @property
    def lines(self):
        """How many lines the bill has."""
        return len(self.billed)


def exact(amount):
    """Return USD as decimal text."""
    return format(Decimal(amount.numerator) / Decimal(amount.denominator), "f")


def rounded(amount, places=4):
    """Return USD as text with so many places."""
    number = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))


def day_of(number):
    return FIRST + timedelta(days=number)


def seconds_of(number):
    return int(datetime(2026, 11, 1, tzinfo=timezone.utc).timestamp()) + number * 86_400


def _table(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


OPENAI = {"input": "input", "cache_read": "cached input", "output": "output"}


def openai(month):
    """The costs by line item as the page exports them, and the usage by model as the API answers."""
    costs = [
        {
            "start_time": seconds_of(day),
            "end_time": seconds_of(day + 1),
            "amount_value": rounded(amount),
            "amount_currency": "usd",
            "line_item": f"{model}, {OPENAI[meter]}",
            "project_id": "proj_1",
        }
        for (day, model, meter, _), (_, amount) in month.billed.items()
    ]
    used = {}
    for (day, model, meter, tier), (units, _) in month.billed.items():
        used.setdefault((day, model, tier), {})[meter] = units
    data = [
        {
            "object": "bucket",
            "start_time": seconds_of(day),
            "end_time": seconds_of(day + 1),
            "results": [
                {
                    "object": "organization.usage.completions.result",
                    "input_tokens": units["input"] + units["cache_read"],
                    "input_cached_tokens": units["cache_read"],
                    "output_tokens": units["output"],
                    "input_audio_tokens": 0,
                    "output_audio_tokens": 0,
                    "num_model_requests": 8,
                    "model": model,
                    "batch": tier == "batch",
                }
            ],
        }
        for (day, model, tier), units in used.items()
    ]
    usage = {"object": "page", "data": data, "has_more": False, "next_page": None}
    return {"costs.csv": _table(list(costs[0]), costs), "usage.json": json.dumps(usage)}


ANTHROPIC = {"input": "uncached_input_tokens", "cache_read": "cache_read_input_tokens", "output": "output_tokens"}


def anthropic(month):
    """The cost report, in cents, and the usage report."""

    def bucket(day, results):
        return {
            "starting_at": f"{day_of(day)}T00:00:00Z",
            "ending_at": f"{day_of(day + 1)}T00:00:00Z",
            "results": results,
        }

    costs, usage = {}, {}
    for (day, model, meter, tier), (units, amount) in month.billed.items():
        common = {"model": model, "service_tier": tier, "context_window": "0-200k", "workspace_id": None}
        costs.setdefault(day, []).append(
            {
                **common,
                "currency": "USD",
                "amount": rounded(amount * 100, 2),
                "cost_type": "tokens",
                "token_type": ANTHROPIC[meter],
                "description": f"{model} Usage - {meter}",
            }
        )
        counted = usage.setdefault(day, {}).setdefault((model, tier), {**common, "cache_creation": {}})
        counted[ANTHROPIC[meter]] = units
    pages = [
        {"data": [bucket(day, results) for day, results in sorted(costs.items())], "has_more": False},
        {"data": [bucket(day, [*found.values()]) for day, found in sorted(usage.items())], "has_more": False},
    ]
    return {"cost_report.json": json.dumps(pages[0]), "usage_report.json": json.dumps(pages[1])}


def openrouter(month):
    """The activity: one amount for all meters, what is read from the cache inside the prompt."""
    rows = {}
    for (day, model, meter, _), (units, amount) in month.billed.items():
        row = rows.setdefault((day, model), {"prompt": 0, "completion": 0, "usage": Fraction(0)})
        row["completion" if meter == "output" else "prompt"] += units
        row["usage"] += amount
    data = [
        {
            "date": str(day_of(day)),
            "model": model,
            "model_permaslug": model,
            "endpoint_id": "e",
            "provider_name": "Somebody",
            "usage": float(rounded(row["usage"])),
            "byok_usage_inference": 0,
            "requests": 8,
            "prompt_tokens": row["prompt"],
            "completion_tokens": row["completion"],
            "reasoning_tokens": 0,
        }
        for (day, model), row in rows.items()
    ]
    return {"activity.json": json.dumps({"data": data})}


BEDROCK = {"input": "input-tokens", "cache_read": "cache-read-input-token-count", "output": "output-tokens"}


def bedrock(month):
    """A Cost and Usage Report: units of 1,000 tokens, a credit, and a line of another service."""
    columns = [
        *("line_item_usage_start_date", "line_item_line_item_type", "line_item_product_code", "line_item_usage_type"),
        *("line_item_usage_amount", "line_item_currency_code", "line_item_unblended_cost", "pricing_unit"),
    ]
    rows = [
        (
            f"{day_of(day)}T00:00:00Z",
            "Usage",
            "AmazonBedrock",
            f"USE1-{model}-{BEDROCK[meter]}{'-batch' if tier == 'batch' else ''}",
            exact(Fraction(units, 1000)),
            "USD",
            rounded(amount),
            "1K tokens",
        )
        for (day, model, meter, tier), (units, amount) in month.billed.items()
    ]
    rows.append(
        (f"{day_of(29)}T00:00:00Z", "Usage", "AmazonS3", "USE1-Requests-Tier1", "7", "USD", "0.0350", "Requests")
    )
    if "credit" in month.faults:
        rows.append((f"{day_of(29)}T00:00:00Z", "Credit", "AmazonBedrock", "", "", "USD", exact(CREDITED), ""))
    return {"cur.csv": _table(columns, [dict(zip(columns, row, strict=True)) for row in rows])}


def focus(month):
    """FOCUS 1.2 of a vendor that names its lines as OpenAI does: units of a million tokens, a credit, a tax."""
    columns = [
        *("BilledCost", "BillingCurrency", "ChargeCategory", "ChargeDescription", "ChargePeriodStart"),
        *("ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit", "ProviderName", "ServiceCategory"),
        "SkuId",
    ]
    rows = [
        (
            rounded(amount),
            "USD",
            "Usage",
            "Tokens",
            f"{day_of(day)}T00:00:00Z",
            str(units),
            "Tokens",
            exact(Fraction(units, 10**6)),
            "1000000 Tokens",
            "OpenAI",
            "AI and Machine Learning",
            f"{model}, {OPENAI[meter]}",
        )
        for (day, model, meter, tier), (units, amount) in month.billed.items()
    ]
    if "credit" in month.faults:
        line = (exact(CREDITED), "USD", "Credit", "Welcome", f"{day_of(29)}T00:00:00Z", "", "", "", "", "OpenAI")
        rows.append((*line, "AI and Machine Learning", ""))
    return {"focus.csv": _table(columns, [dict(zip(columns, row, strict=True)) for row in rows])}


WRITERS = {"openai": openai, "anthropic": anthropic, "openrouter": openrouter, "bedrock": bedrock, "focus": focus}


def written(month, folder):
    """Write the bill of a month into a folder, and return its files."""
    paths = []
    for name, text in WRITERS[month.vendor](month).items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
