"""Grammars: what the names of SKUs and usage types say, as data: one file for each vendor in ``grammars/``.

A pattern is a regular expression with the groups ``model``, ``meter`` and ``marks``; ``{meters}`` and ``{marks}`` stand
for all that the file lists. What a name states beyond that makes it unknown: it is listed, and never guessed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from .cells import Conditions

if TYPE_CHECKING:
    from typing import Any


class Decoded(NamedTuple):
    """What a name says.

    Attributes:
        model: as the vendor writes it; None for a fee that is of no model.
        meter: what is counted.
        conditions: what selects its rate.
        date: month and day of the version of the model, such as ``1120``; empty if it is not said.
    """

    model: str | None
    meter: str
    conditions: Conditions
    date: str = ""


class Grammar:
    """How one vendor writes what it bills.

    Attributes:
        vendor: as a person says it.
        providers: whose calls of the log are billed by it, as price maps name them.
        meters: the meters that its names tell apart.
        states: which conditions they state.
    """

    def __init__(self, stated: dict[str, Any]) -> None:
        self.vendor: str = stated["vendor"]
        self.providers = frozenset(stated["providers"])
        self._meters: dict[str, str] = stated["meters"]
        self._fees: dict[str, str] = stated.get("fees", {})
        self._marks: dict[str, dict[str, Any]] = stated.get("marks", {})
        self._rewrites = [(re.compile(old), new) for old, new in stated.get("rewrites", [])]
        self._usual = Conditions(**stated.get("usual", {}))
        names = {"meters": _any_of(self._meters), "marks": _any_of(self._marks)}
        self._patterns = [
            re.compile(re.sub(r"\{(meters|marks)\}", lambda found: names[found[1]], pattern), re.ASCII | re.IGNORECASE)
            for pattern in stated["patterns"]
        ]
        self.meters = frozenset(self._meters.values()) | frozenset(self._fees.values())
        self.states = frozenset(
            name
            for mark in (*self._marks.values(), self._usual._asdict())
            for name, value in mark.items()
            if value is not None
        )

    def decode(self, name: str) -> Decoded | None:
        """Return what a name says; None for one that this version does not know."""
        fee = self._fees.get(name.strip().lower())
        if fee is not None:
            return Decoded(None, fee, Conditions())
        for pattern in self._patterns:
            found = pattern.fullmatch(name.strip())
            if found is not None:
                groups = found.groupdict()
                meter = self._meters[found["meter"].lower()]
                model = found["model"].strip()
                for old, new in self._rewrites:
                    model = old.sub(new, model)
                marks = " ".join(text for key, text in groups.items() if key.startswith("marks") and text)
                return Decoded(model, meter, self._conditions(marks), groups.get("date") or "")
        return None

    def _conditions(self, marks: str) -> Conditions:
        found: dict[str, Any] = {}
        left = marks.lower()
        for mark in sorted(self._marks, key=len, reverse=True):
            pattern = re.compile(rf"(?<![a-z0-9]){re.escape(mark)}(?![a-z0-9])")
            if pattern.search(left):
                found.update(self._marks[mark])
                left = pattern.sub(" ", left)
        return Conditions(**found).or_else(self._usual)


def _any_of(words: dict[str, Any]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


@cache
def grammar(name: str) -> Grammar:
    """Return the grammar of a vendor, by the name of its file."""
    text = files(__package__ or "").joinpath("grammars").joinpath(f"{name}.json").read_text("utf-8")
    return Grammar(json.loads(text))
