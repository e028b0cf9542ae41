"""Causes: why a bill and a log differ, a row each, in the order in which they are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    # What tells a charge from others: the number of the vendor, day, model and meter.
    ChargeKey = tuple[int, date, str | None, str | None]

OWN_RATE = "own_rate"
OTHER_METER = "other_meter"
MISSING = "missing"
EXTRA = "extra"
RATE = "rate"
DISCOUNT = "discount"
ROUNDING = "rounding"
CREDIT = "credit"
TAX = "tax"
FEE = "fee"
DAY_BOUNDARY = "day_boundary"
MAYBE_BILLED = "maybe_billed"
UNEXPLAINED = "unexplained"

# kind -> what it is, and what to do about it.
KINDS = {
    OWN_RATE: (
        "the log recorded another cost than the rate card gives for the same counts",
        "update the prices (llmcost update), and price the log anew: llmcost spend reprice",
    ),
    OTHER_METER: (
        "the same tokens are counted under another meter",
        "see how these calls are logged: a gateway or an SDK dropped or moved the counters of the cache",
    ),
    MISSING: (
        "calls are on the bill and not in the log",
        "look for other keys, projects and programs of this account that make calls without a log",
    ),
    EXTRA: (
        "calls are in the log and not on the bill",
        "see whether they went to another account, were refused, or are still to be billed",
    ),
    RATE: (
        "the bill has another rate of the same card",
        "log what decides the rate: service tier, batch, region, or the day of the prices",
    ),
    DISCOUNT: (
        "the bill has the same share of every rate",
        "state the terms of the contract, so that the log has them too (docs/custom-pricing.md)",
    ),
    ROUNDING: ("the bill rounds each of its lines", "nothing: no line is off by more than half of its last digit"),
    CREDIT: ("a credit of the bill, which is for no usage", "nothing: it is no cost of calls"),
    TAX: ("a tax of the bill", "nothing: it is no cost of calls"),
    FEE: ("a fee, purchase or adjustment of the bill, which is for no usage", "see the contract"),
    DAY_BOUNDARY: (
        "the bill counts the same calls on a neighbouring day",
        "name the time zone of the bill: --tz America/Los_Angeles",
    ),
    MAYBE_BILLED: (
        "calls with an answer that did not arrive whole; the provider has billed them",
        "nothing: these calls are logged as maybe_billed, since their usage was not stated",
    ),
    UNEXPLAINED: ("no cause is known", "look at the cells: the ratio says how the bill and the card compare"),
}


class Piece(NamedTuple):
    """A part of the difference in one place.

    Attributes:
        kind: one of ``KINDS``.
        amount: USD, the bill less the log.
        text: what is the same for all pieces of one cause.
        day, model, meter: the place; None where the bill does not tell it.
        quantity: units that it is about; None where it is about none.
        calls: of the log, in this place.
        place: of the bill, such as ``costs.csv:12``; empty for what is not on it.
        charge: the key of the charge that it is a part of the difference of; None for a line that is none.
    """

    kind: str
    amount: Fraction
    text: str
    day: date | None = None
    model: str | None = None
    meter: str | None = None
    quantity: Fraction | None = None
    calls: int = 0
    place: str = ""
    charge: ChargeKey | None = None
