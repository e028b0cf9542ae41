"""Prices over time: what an entry of the map said at a moment.

``price_history.json`` holds, per model, rows of changes with the value before and after. It is read when a
date needs it and not before. The format is described in docs/price-data.md.
"""

from __future__ import annotations

from ..errors import PriceDataError
from .lines import Lines, row_of
from .moments import bounds, instant, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

# What a row says beside prices.
ABOUT = frozenset({"from", "born", "seen", "after", "conf", "src", "assumed"})
# Weaker proofs than a list of that day: a change that one source dates, and the date in a model's name.
_NOT_DATED = "medium"
# A line is searched for in the text; after so many models there is an index of all lines.
_MOST_SEARCHED = 20


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

    def __init__(self, rows: list[dict[str, Any]]) -> None:
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
        """Put ``settled`` at infinity if the present entry shows that a change is still to come, and return self."""
        if self._rows and self.entry(raw, len(self._rows)) != raw:
            self.settled = float("inf")
        return self

    def with_starts(self, other: Epochs) -> Epochs:
        """Return these epochs, parted where another row changes too; how this row is dated stays as it is.

        What the other row was before the birth of this one does not count.
        """
        first = self.starts[0] if self.born else float("-inf")
        new = [start for start in other.starts if start > first and start not in self.starts]
        found = Epochs([])
        rows = [*zip(self.starts, self._rows, strict=True), *((start, {}) for start in new)]
        rows.sort(key=lambda row: row[0])
        found.starts, found._rows = tuple(start for start, _ in rows), [row for _, row in rows]
        marks = [*zip(self._marks, self._known, strict=True)]
        marks += [(start, self.basis_at(start) == "exact") for start in new if start not in self._marks]
        marks.sort(key=lambda mark: mark[0])
        found._marks, found._known = [moment for moment, _ in marks], [known for _, known in marks]
        found.basis, found.born = self.basis, self.born
        found.settled = max(self.settled, other.settled if other.starts else self.settled, *new)
        return found

    def __bool__(self) -> bool:
        return bool(self._marks)

    @property
    def moments(self) -> tuple[float, ...]:
        """The moments at which a price, or what is known of it, changes."""
        return tuple(self._marks)

    def basis_at(self, seconds: float) -> str:
        """Return ``exact`` if something dated states the price of a moment, else ``assumed``."""
        place = span_of(self._marks, seconds)
        return "exact" if place and self._known[place - 1] else "assumed"

    def known_since(self, seconds: float) -> float | None:
        """Return the first moment after another one at which the price is known; None if there is none."""
        for place in range(span_of(self._marks, seconds), len(self._marks)):
            if self._known[place]:
                return self._marks[place]
        return None

    def after(self, seconds: float) -> list[tuple[float, dict[str, tuple[object, object]]]]:
        """Return the changes after a moment, each with its moment and, per price key, the value before and after."""
        found = []
        for start, row in zip(self.starts, self._rows, strict=True):
            if start > seconds:
                found.append((start, {key: (old, new) for key, old, new in _changes(row)}))
        return found

    def around(self, seconds: float) -> tuple[float, float]:
        """Return the span around a moment in which every moment has one price and one ``basis_at``: start and end."""
        return bounds(self._marks, span_of(self._marks, seconds))

    def at(self, seconds: float) -> int:
        """Return how many changes had come by a moment: the number of the epoch it lies in."""
        return span_of(self.starts, seconds)

    def first(self, epoch: int) -> float:
        """Return the moment at which an epoch begins."""
        return bounds(self.starts, epoch)[0]

    def entry(self, raw: Mapping[str, object], epoch: int) -> dict[str, object]:
        """Return an entry as it was in an epoch; keys are independent of each other."""
        found = dict(raw)
        dated: set[str] = set()
        for number in range(len(self._rows), 0, -1):
            for key, old, new in _changes(self._rows[number - 1]):
                if number > epoch:
                    found[key] = old
                elif key not in dated:
                    found[key] = new
                    dated.add(key)
        return {key: value for key, value in found.items() if value is not None or key not in self._keys()}

    def guessed(self, raw: Mapping[str, object], epoch: int) -> frozenset[str]:
        """Return the keys with an assumed price in an epoch: nobody states it, and it kept its ratio to another price.

        What ``raw``, the present entry, says is stated; a row that assumes a key says nothing of its farther side.
        """
        count = len(self._rows)
        present = next((number for number in range(count, -1, -1) if self.entry(raw, number) == raw), count)
        between = self._rows[epoch:present] if epoch < present else self._rows[present:epoch][::-1]
        settled: set[str] = set()
        found: set[str] = set()
        for row in between:
            changed = row.keys() - ABOUT - settled
            assumed = row.get("assumed", [])
            assert isinstance(assumed, list)  # noqa: S101 - checked when the row was read
            found |= changed.intersection(assumed)
            settled |= changed
        return frozenset(found)

    def _keys(self) -> set[str]:
        return {key for row in self._rows for key in row} - ABOUT


def _changes(row: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Yield each price key that a row changes, with its value before and after."""
    for key, change in row.items():
        if key not in ABOUT:
            old, new = change
            yield key, old, new


NONE = Epochs([])


class History:
    """The changes of every model, from the text of its JSON file; a model's rows are parsed when asked for."""

    def __init__(self, data: bytes | Lines, origin: str = "the price history") -> None:
        self._lines, self._origin = Lines(data) if isinstance(data, bytes) else data, origin
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
        if len(self._epochs) >= _MOST_SEARCHED:
            self._lines.index()
        line = self._lines.find(name)
        if line is None:
            return NONE
        try:
            rows = row_of(line)[name]
            for row in rows:
                _check(row)
            return Epochs(rows)
        except (ValueError, TypeError, KeyError) as error:
            raise PriceDataError(f"{self._origin}: {name!r}: {error}") from error


def _check(row: object) -> None:
    """Raise ValueError or TypeError for a row that is not of the format."""
    if not isinstance(row, dict) or any(
        not isinstance(change, list) or len(change) != 2 for key, change in row.items() if key not in ABOUT
    ):
        raise ValueError("a row is an object, and a change in it is [old, new]")
    if not isinstance(row["from"], str) or not isinstance(row.get("after"), (str, type(None))):
        raise TypeError("from and after are days in text")
    assumed = row.get("assumed", [])
    if not isinstance(assumed, list) or not all(isinstance(key, str) for key in assumed):
        raise ValueError("assumed is a list of keys")
