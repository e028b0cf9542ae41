"""Compared: a cause of a difference, and what both sides say of one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import decimal_of, plain
from ..spend.money import usd_text
from .causes import KINDS
from .cells import ZERO

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction
    from typing import Any

    from .causes import Piece


class Cause(NamedTuple):
    """Why the bill and the log differ.

    Attributes:
        kind: one of ``llmcost.bills.causes.KINDS``.
        text: what it is.
        amount: USD, the bill less the log.
        pieces: where it is: days, models and meters.
        ids: of some calls of the log in these places.
    """

    kind: str
    text: str
    amount: Fraction
    pieces: list[Piece]
    ids: list[str]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return KINDS[self.kind][1]

    @property
    def calls(self) -> int:
        """How many calls of the log are in these places, counted once for each meter."""
        return sum(piece.calls for piece in self.pieces)

    @property
    def quantity(self) -> Fraction:
        """Units that it is about."""
        return sum((piece.quantity for piece in self.pieces if piece.quantity is not None), ZERO)

    def to_dict(self, *, cells: bool = True) -> dict[str, Any]:
        """Return a JSON-safe dict; money is decimal text. ``cells`` is whether its places are in it."""
        found = {
            "kind": self.kind,
            "text": self.text,
            "amount": usd(self.amount),
            "calls": self.calls,
            "ids": list(self.ids),
            "advice": self.advice,
        }
        return {**found, "cells": [_place(piece) for piece in self.pieces]} if cells else found

    def __str__(self) -> str:
        return f"{self.text}: {shown_usd(self.amount)} USD"


def _place(piece: Piece) -> dict[str, Any]:
    return {
        "day": None if piece.day is None else piece.day.isoformat(),
        "model": piece.model,
        "meter": piece.meter,
        "amount": usd(piece.amount),
        "quantity": None if piece.quantity is None else usd(piece.quantity),
        "calls": piece.calls,
        "place": piece.place,
    }


class ComparedRow(NamedTuple):
    """One day, model or meter, as both sides have it.

    Attributes:
        value: the day, the model or the meter, as text.
        billed, recorded: USD of the bill, and of the log.
        causes: kind -> USD; their sum is the difference.
    """

    value: str
    billed: Fraction
    recorded: Fraction
    causes: dict[str, Fraction]

    @property
    def difference(self) -> Fraction:
        """USD, the bill less the log."""
        return self.billed - self.recorded

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "value": self.value,
            "billed": usd(self.billed),
            "recorded": usd(self.recorded),
            "difference": usd(self.difference),
            "causes": {kind: usd(amount) for kind, amount in self.causes.items()},
        }


class ComparedCell(NamedTuple):
    """What both sides say of one charge, or of a line of the bill that is for no usage.

    Attributes:
        day, model, meter: what it is for; None where the bill does not tell it apart.
        billed, recorded: USD of the bill, and of the log.
        causes: kind -> USD; their sum is the difference.
        text: what the bill calls it; empty for usage.
    """

    day: date | None
    model: str | None
    meter: str | None
    billed: Fraction
    recorded: Fraction
    causes: dict[str, Fraction]
    text: str = ""


def usd(amount: Fraction) -> str:
    """Return an amount or a quantity as exact text: a decimal, or a fraction where there is none."""
    return usd_text(amount.numerator, amount.denominator)


def shown_usd(amount: Fraction) -> str:
    """Return an amount rounded to a millionth, as a person reads it.

    >>> from fractions import Fraction
    >>> shown_usd(Fraction("-0.07364075")), shown_usd(Fraction(12))
    ('-0.073641', '12.00')
    """
    return plain(decimal_of(round(amount * 10**6), 10**6)[0])
