"""Seeded tables of calls that are hard to price, and what ``calculate`` says of each row."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from llmcost import InconsistentUsageError, LLMCostError, UnknownModelError, UnpricedUsageError, Usage
from llmcost.core.meters import METERS as EVERY_METER
from llmcost.core.statuses import NO_COST, status_of

# What a text model counts, and what others do. Every row has all columns, most of them empty.
TOKENS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")
OTHERS = ("input_audio", "input_image", "output_image", "web_searches", "input_characters", "output_images", "queries")
# In the order in which meters are listed, and stand in ``unpriced``.
METERS = tuple(meter for meter in EVERY_METER if meter in {*TOKENS, *OTHERS})
TIERS = (None, None, None, "default", "flex", "priority", "batch", "scale", "turbo")
REGIONS = (None, None, None, "us", "eu-central-1", "global")
FIRST, LAST = datetime(2024, 1, 1, tzinfo=timezone.utc), datetime(2027, 3, 1, tzinfo=timezone.utc)


def hard_rows(prices, size, seed=20, names=None):
    """Return rows of a table: names in a shuffled order, contexts on and beside thresholds, days of changes."""
    chosen = random.Random(seed)
    names = list(names or prices)
    chosen.shuffle(names)
    rows = []
    for number in range(size):
        name = names[number % len(names)]
        row = dict.fromkeys((*METERS, "duration", "time", "provider", "region", "service_tier", "batch"))
        row["model"] = name
        _count(prices, row, chosen)
        row["service_tier"] = chosen.choice(TIERS)
        row["batch"] = chosen.choice((None, False, False, True))
        row["region"] = chosen.choice(REGIONS)
        row["time"] = _time(prices, row, chosen)
        _spoil(row, chosen)
        rows.append(row)
    return rows


def _card(prices, row):
    try:
        return prices.rate_card(row["model"])
    except LLMCostError:
        return None


def _count(prices, row, chosen):
    for meter in TOKENS:
        if chosen.random() < 0.6:
            row[meter] = chosen.choice((0, 1, 7, 999, 12_345, 210_000))
    for meter in OTHERS:
        if chosen.random() < 0.06:
            row[meter] = chosen.choice((0, 1, 2, 1000))
    if chosen.random() < 0.2:
        row["duration"] = chosen.choice((0.0, 0.5, 9.999999, 10.0, 15.0, 15.5, 61.25))
    card = _card(prices, row)
    if card is not None and card.thresholds and chosen.random() < 0.7:
        around = chosen.choice(card.thresholds) + chosen.choice((-1, 0, 1))
        others = sum(row[meter] or 0 for meter in ("cache_read", "cache_write", "cache_write_1h"))
        if around < others:
            row["cache_read"] = row["cache_write"] = row["cache_write_1h"] = others = 0
        row["input"] = around - others - (row["input_audio"] or 0) - (row["input_image"] or 0)
        row["input"] = max(row["input"], 0)


def _time(prices, row, chosen):
    if chosen.random() < 0.15:
        return None
    card = _card(prices, row)
    epochs = prices.epochs(card) if card is not None else None
    if epochs and chosen.random() < 0.5:
        moment = datetime.fromtimestamp(chosen.choice(epochs.moments), timezone.utc)
        return moment + timedelta(microseconds=chosen.choice((-1, 0, 1)))
    seconds = chosen.random() * (LAST - FIRST).total_seconds()
    return FIRST + timedelta(seconds=int(seconds), microseconds=chosen.choice((0, 0, 123_456)))


def _spoil(row, chosen):
    """Make a few rows unknown, empty or contradictory."""
    what = chosen.random()
    if what < 0.01:
        row["model"] = chosen.choice((None, "", "no-such-model", f"{row['model']}-99", str(row["model"]).upper()))
    elif what < 0.02:
        row.update(dict.fromkeys((*METERS, "duration")))
    elif what < 0.03:
        row[chosen.choice(TOKENS)] = chosen.choice((-1, 10**15 + 1))
    elif what < 0.05:
        row["provider"] = chosen.choice(("openai", "azure", "no-such-seller", ""))


def said(row, prices):
    """Return what ``calculate`` says of a row: total, input, output, other, status, unpriced, matched_as, basis."""
    counts = {meter: row[meter] for meter in METERS if row.get(meter) is not None}
    if not counts and row.get("duration") is None:
        return None, None, None, None, "unpriced", None, None, None
    named = {name: row.get(name) or None for name in ("provider", "region", "service_tier")}
    try:
        usage = Usage(**counts, **({"at": row["time"]} if row.get("time") is not None else {}))
        cost = prices.calculate(
            None, usage, row.get("duration"), model=row["model"] or None, batch=row.get("batch"), **named
        )
    except LLMCostError as error:
        kinds = {
            UnknownModelError: "unknown_model",
            InconsistentUsageError: "inconsistent_usage",
            UnpricedUsageError: "unpriced",
        }
        return None, None, None, None, kinds.get(type(error), "error"), None, None, None
    status = status_of(cost)
    money = (cost.total, cost.input, cost.output, cost.other) if status not in NO_COST else (None,) * 4
    return (*money, status, ",".join(cost.unpriced), cost.matched_as, cost.basis)


COMPARED = ("cost", "cost_input", "cost_output", "cost_other", "status", "unpriced", "matched_as", "basis")


def differences(priced, rows, prices):
    """Return the rows of which a priced table says something else than ``calculate``: the row, its words, ours."""
    found = []
    for row, ours in zip(rows, priced, strict=True):
        expected = said(row, prices)
        told = tuple(ours[name] for name in COMPARED)
        if ours["status"] in {"unknown_model", "inconsistent_usage", "error"} or expected[5] is None:
            same = told[:5] == expected[:5]
        else:
            same = told[:5] == expected[:5] and tuple(map(_text, told[5:])) == tuple(map(_text, expected[5:]))
        if not same:
            found.append((row, expected, told))
    return found


def _text(value):
    return "" if value is None or isinstance(value, Decimal) else value
