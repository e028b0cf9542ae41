"""Prices over time: what an entry of the map said at a moment.

``price_history.json`` holds, per model, rows of changes with the value before and after. It is read when a
date needs it and not before. The format is described in docs/price-data.md.
"""

from __future__ import annotations

import json
from bisect import bisect_right

from ..errors import PriceDataError
from .moments import instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What a row says beside prices.
ABOUT = frozenset({"from", "born", "seen", "after", "conf", "src", "assumed"})
# A change that one source dates, or the date in a model's name, says less than a list of that day.
_NOT_DATED = "medium"


class Epochs:
    """The changes of one model, oldest first, and since when each of its prices is known.

    Attributes:
        starts: the moments of the changes, in seconds since 1970.
        born: whether the first of them is the model's birth.
        settled: the moment since which the present prices hold, and are known as well as today; infinite if a change is
            still to come.
        basis: how a price after that moment is dated.
    """

    __slots__ = ("_known", "_marks", "_rows", "basis", "born", "settled", "starts")

    def __init__(self, rows: list[dict[str, object]]) -> None:
        ordered = sorted(rows, key=lambda row: instant(row["from"]))
        self._rows = [row for row in ordered if row.get("seen") is not True]
        self.starts = tuple(instant(row["from"]) for row in self._rows)
        self.born = bool(self._rows) and self._rows[0].get("born") is True
        marks = []
        for row in ordered:
            if row.get("after") is not None:
                marks.append((instant(row["after"]), False))
            marks.append((instant(row["from"]), row.get("conf") != _NOT_DATED))
        marks.sort(key=lambda mark: mark[0])
        self._marks = [moment for moment, _ in marks]
        self._known = [known for _, known in marks]
        self.basis = "exact" if marks and self._known[-1] else "assumed"
        self.settled = self._marks[-1] if marks else float("-inf")

    def settle(self, raw: Mapping[str, object]) -> Epochs:
        """Compare with the present entry, and return self: while a change is to come, nothing is settled."""
        if self._rows and self.entry(raw, len(self._rows)) != raw:
            self.settled = float("inf")
        return self

    def __bool__(self) -> bool:
        return bool(self._marks)

    @property
    def moments(self) -> tuple[float, ...]:
        """The moments at which a price, or what is known of it, changes."""
        return tuple(self._marks)

    def basis_at(self, seconds: float) -> str:
        """Return ``exact`` if something dated states the price of a moment, else ``assumed``."""
        place = bisect_right(self._marks, seconds)
        return "exact" if place and self._known[place - 1] else "assumed"

    def known_since(self, seconds: float) -> float | None:
        """Return the first moment after one of which the price is known; None if there is none."""
        for place in range(bisect_right(self._marks, seconds), len(self._marks)):
            if self._known[place]:
                return self._marks[place]
        return None

    def after(self, seconds: float) -> list[tuple[float, dict[str, tuple[object, object]]]]:
        """Return the changes after a moment, each with its moment and, per price key, the value before and after."""
        found = []
        for start, row in zip(self.starts, self._rows, strict=True):
            if start > seconds:
                changes: dict[str, tuple[object, object]] = {}
                for key, change in row.items():
                    if key not in ABOUT:
                        assert isinstance(change, list)  # noqa: S101 - checked when the row was read
                        changes[key] = (change[0], change[1])
                found.append((start, changes))
        return found

    def around(self, seconds: float) -> tuple[float, float]:
        """Return the moments around another one between which no price changes, nor what is known of it."""
        place = bisect_right(self._marks, seconds)
        first = self._marks[place - 1] if place else float("-inf")
        return first, self._marks[place] if place < len(self._marks) else float("inf")

    def at(self, seconds: float) -> int:
        """Return how many changes had come by a moment: the number of the epoch it lies in."""
        return bisect_right(self.starts, seconds)

    def entry(self, raw: Mapping[str, object], epoch: int) -> dict[str, object]:
        """Return an entry as it was in an epoch; keys are independent of each other."""
        found = dict(raw)
        settled: set[str] = set()
        for number in range(len(self._rows), 0, -1):
            for key, change in self._rows[number - 1].items():
                if key in ABOUT:
                    continue
                assert isinstance(change, list)  # noqa: S101 - checked when the row was read
                old, new = change
                if number > epoch:
                    found[key] = old
                elif key not in settled:
                    found[key] = new
                    settled.add(key)
        return {key: value for key, value in found.items() if value is not None or key not in self._keys()}

    def _keys(self) -> set[str]:
        return {key for row in self._rows for key in row} - ABOUT


NONE = Epochs([])


class History:
    """The changes of every model, from the text of its JSON file; a model's rows are parsed when asked for."""

    def __init__(self, data: bytes, origin: str = "the price history") -> None:
        self._data, self._origin = data, origin
        self._epochs: dict[str, Epochs] = {}

    def of(self, name: str, raw: Mapping[str, object] | None = None) -> Epochs:
        """Return the changes of a model; ``NONE`` if nothing is known of its past. ``raw`` is its present entry.

        Raises PriceDataError for rows that are not of the format.
        """
        found = self._epochs.get(name)
        if found is None:
            found = self._epochs[name] = self._parse(name)
            if raw is not None and found is not NONE:
                found.settle(raw)
        return found

    def _parse(self, name: str) -> Epochs:
        start = self._data.find(b"\n" + json.dumps(name, ensure_ascii=False).encode() + b":[")
        if start < 0:
            return NONE
        end = self._data.find(b"\n", start + 1)
        line = self._data[start + 1 : end if end >= 0 else len(self._data)].strip().rstrip(b",")
        try:
            rows = json.loads(b"{" + line + b"}")[name]
            for row in rows:
                if not isinstance(row, dict) or any(
                    not isinstance(change, list) or len(change) != 2 for key, change in row.items() if key not in ABOUT
                ):
                    raise ValueError("a row is an object, and a change in it is [old, new]")
            return Epochs(rows)
        except (ValueError, TypeError, KeyError) as error:
            raise PriceDataError(f"{self._origin}: {name!r}: {error}") from error
