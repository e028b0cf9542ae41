"""The rate sheet: the rates of many kinds of call as two small tables, to join with a table of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.meters import INPUT, OTHER, OUTPUT, side_of
from ..core.signatures import as_signed
from ..errors import PriceDataError, shown
from .checking import check
from .packing import DIGITS, Packing

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

# More than any count, and than any time in microseconds: a card without a step stays below it.
BEYOND = 1 << 62
MILLION = 1_000_000
# Seconds at the start of the year 2 and the end of the year 9998: what lies outside is no time of a single call either.
FIRST, LAST = -62_104_060_800, 253_370_764_799
# Periods of a day or longer that reach from before the first time to 1970.
PERIODS = 1_000_000
# The columns that steps stand in are called ``context_1``, ``context_2`` ...
STEPPED = ("context", "time", "week", "duration")

# 2: ``names`` says which cards ask for the counters above 0.
_SCHEMA = 2
# The sides of a bill.
SIDES = (INPUT, OUTPUT, OTHER)


class Sheet:
    """The rates of many kinds of call.

    Attributes:
        names: a row for each (model, provider, region): the number of its card, ``base``, its steps, and whether it
            ``asks`` which counters are above 0; or its ``status``, where nothing can be priced.
        rates: a row for each kind of call, by its ``code``: status, what is unpriced, and the rates, whole numbers of
            1/``unit`` USD for one unit of a counter.
        notes: texts; ``note_id`` of a row is a place in them, from 1.
        unit: how many of the sheet's units are 1 USD.
        as_of: the day that the prices are of, ISO text; "" for prices of one's own.
        valid_until: the last day before a price of the sheet is known to change, ISO text; "" if none is known to.
        meters: the counters that the sheet prices.
        facts: what else a row may say, of ``service_tier``, ``batch``, ``aggregate``, ``time`` and ``duration``.
        tiers: words of service tiers -> their number.

    >>> import llmcost, polars
    >>> sheet = llmcost.rate_sheet(polars.DataFrame({"model": ["gpt-4o"], "input": [1000], "output": [100]}))
    >>> sheet.columns, sheet.needs, sheet.steps("context")
    ({'rate_input': ('input', 'input'), 'rate_output': ('output', 'output')}, {}, [])
    >>> sheet.unit, sheet.rates["rate_input"], Sheet.from_dict(sheet.to_dict()) == sheet
    (10000000, [25], True)
    """

    def __init__(
        self,
        *,
        names: Mapping[str, list[Any]],
        rates: Mapping[str, list[Any]],
        notes: Iterable[str],
        unit: int,
        as_of: str,
        valid_until: str,
        meters: Iterable[str],
        facts: Iterable[str],
        tiers: Mapping[str, int],
        sizes: Mapping[str, int],
    ) -> None:
        self.names, self.rates, self.notes = dict(names), dict(rates), tuple(notes)
        self.unit, self.as_of, self.valid_until = unit, as_of, valid_until
        self.meters, self.facts, self.tiers = tuple(meters), tuple(facts), dict(tiers)
        self.packing = Packing(sizes)

    def __repr__(self) -> str:
        until = f", valid until {self.valid_until}" if self.valid_until else ""
        return (
            f"<Sheet: {len(self.names['model']):,} names, {len(self.rates['code']):,} kinds of call, 1 USD = "
            f"{self.unit:,} units, as of {self.as_of or 'no day'}{until}>"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    @property
    def columns(self) -> dict[str, tuple[str, str]]:
        """The columns of ``rates`` that hold rates: name -> (counter, line of the bill)."""
        return {name: place_of(name) for name in self.rates if name.startswith("rate_")}

    @as_signed
    def steps(self, kind: str) -> list[str]:
        """Return the columns of ``names`` with the steps of a kind: ``context``, ``time``, ``week``, ``duration``."""
        return [name for name in self.names if name.startswith(f"{kind}_")]

    @property
    def needs(self) -> dict[str, str]:
        """Counter -> column of ``names`` with its bit in the presence, where a card asks for one."""
        return {name.removeprefix("need_"): name for name in self.names if name.startswith("need_")}

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-safe dict; ``Sheet.from_dict`` takes it."""
        return {
            "schema": _SCHEMA,
            "unit": str(self.unit),
            "as_of": self.as_of,
            "valid_until": self.valid_until,
            "meters": list(self.meters),
            "facts": list(self.facts),
            "tiers": self.tiers,
            "sizes": {digit: self.packing.sizes[digit] for digit in DIGITS},
            "notes": list(self.notes),
            "names": self.names,
            "rates": self.rates,
        }

    @classmethod
    @as_signed
    def from_dict(cls, stated: Mapping[str, Any]) -> Sheet:
        """Return the sheet of a dict that ``to_dict`` made.

        Raises PriceDataError for a sheet of another form, and for one that is damaged.
        """
        if stated.get("schema") != _SCHEMA:
            raise PriceDataError(
                f"the rate sheet is of form {shown(stated.get('schema'))}, and this version reads form {_SCHEMA}: make "
                "it anew with rate_sheet()"
            )
        check(stated)
        given = {name: stated[name] for name in stated if name != "schema"}
        return cls(**{**given, "unit": int(stated["unit"])})

    @as_signed
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the sheet: as one JSON file, or as a folder of two tables and ``sheet.json``.

        Args:
            path: ``*.json``; or ``*.parquet`` or ``*.csv`` for a folder of that name with tables of that form. Parquet
                needs pyarrow.

        Raises:
            ArgumentError: the path ends otherwise, or nothing can be written there.
            PriceDataError: a name is no text of such a file, or a rate has more than 38 digits, which Parquet has not.
            MissingDependencyError: pyarrow is not installed.

        >>> import llmcost, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sheet = llmcost.rate_sheet(["gpt-4o"])
        ...     sheet.save(f"{folder}/sheet.json")
        ...     Sheet.load(f"{folder}/sheet.json") == sheet
        True
        """
        from .files import save

        save(self.to_dict(), path)

    @classmethod
    @as_signed
    def load(cls, path: str | os.PathLike[str]) -> Sheet:
        """Return a sheet that ``save`` wrote.

        Raises PriceDataError for a file that is no sheet, or one of another form.
        """
        from .files import load

        return cls.from_dict(load(path))


def column_of(source: str, line: str) -> str:
    """Return the name of a column of rates.

    >>> column_of("input", "input"), column_of("duration", "compute_seconds")
    ('rate_input', 'rate_duration__compute_seconds')
    """
    return f"rate_{source}" if source == line else f"rate_{source}__{line}"


def place_of(column: str) -> tuple[str, str]:
    """Return the counter and the line of a column of rates.

    >>> place_of("rate_input"), place_of("rate_call__requests")
    (('input', 'input'), ('call', 'requests'))
    """
    source, _, line = column.removeprefix("rate_").partition("__")
    return source, line or source


def side(column: str) -> str:
    """Return the side of the bill that a column of rates is on."""
    return side_of(place_of(column)[1])
