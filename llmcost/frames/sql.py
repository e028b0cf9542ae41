"""The same as SQL: two small tables and one view, in plain words that every warehouse knows.

LEFT JOIN on equal values, CASE, +, *, MOD and COALESCE. There is no division, since engines differ in what it returns,
and no literal with an exponent. The view gives whole units; how many are 1 USD stands beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.counts import MOST
from ..core.meters import PROMPT_METERS
from ..core.statuses import ERROR, INCONSISTENT_USAGE, NO_COST, NOT_IN_SHEET, UNPRICED
from ..errors import PriceDataError, shown
from .asking import CALL, DURATION
from .columns import columns_of
from .dialects import DIALECTS
from .sheet import FIRST, KEYS, LAST, MILLION, form_of, side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .columns import Columns
    from .dialects import Dialect
    from .sheet import Sheet


def tables(sheet: Sheet, dialect: str, prefix: str = "llmcost") -> str:
    """Return the statements that create the two tables of a sheet and fill them, each ended by a semicolon."""
    speaks = _dialect(dialect)
    wide = _is_wide(sheet)
    found = []
    for name, columns in (("names", sheet.names), ("rates", _rates(sheet))):
        kinds = [
            speaks.text if column in _TEXTS else speaks.wide if wide and column.startswith("rate_") else speaks.integer
            for column in columns
        ]
        told = ", ".join(f"{column} {kind}" for column, kind in zip(columns, kinds, strict=True))
        engine = " ENGINE = MergeTree ORDER BY tuple()" if dialect == "clickhouse" else ""
        found.append(f"CREATE TABLE {prefix}_{name} ({told}){engine};")
        rows = list(zip(*columns.values(), strict=True))
        for start in range(0, len(rows), _ROWS):
            values = ",\n".join(f"({', '.join(map(_literal, row))})" for row in rows[start : start + _ROWS])
            found.append(f"INSERT INTO {prefix}_{name} VALUES\n{values};")
    return "\n".join(found)


# Rows of one INSERT.
_ROWS = 500
_TEXTS = frozenset({"model", "provider", "region", "status", "unpriced", "matched_as", "basis"})


def query(
    sheet: Sheet,
    table: str,
    dialect: str,
    columns: str | Mapping[str, str] = "meters",
    names: list[str] | None = None,
    prefix: str = "llmcost",
) -> str:
    """Return a SELECT over a table of calls: its columns, ``cost_units`` and its sides, ``cost_unit``, what is said.

    SQLite's whole numbers have 64 bits and turn into doubles beyond: a row whose counts may lead there is an ``error``.

    Args:
        sheet: the rates; ``tables`` writes them.
        table: the table of calls, as SQL names it.
        columns: what its columns say, as for ``price_table``; layouts are for frames alone.
        names: the columns of the table; those that the sheet has meters and facts for, if they are not given.

    Raises PriceDataError for a dialect that nobody knows, a column that is missing, or rates too great for SQLite.
    """
    speaks = _dialect(dialect)
    most = MOST
    if dialect == "sqlite":
        most = min(MOST, ((1 << 63) - 1) // _greatest(sheet))
        if most < _FEWEST:
            raise PriceDataError("SQLite has no whole numbers beyond 64 bits, and the rates of this sheet need more")
    there = names or ["model", *(key for key in KEYS[1:] if any(sheet.names[key])), *sheet.facts, *sheet.meters]
    found = columns_of(columns, there)
    if found.layout is not None:
        raise PriceDataError(f"columns={shown(columns)}: SQL takes 'meters' or a mapping")
    lacking = [name for name in (*found.counters, *found.said) if name not in {*sheet.meters, *sheet.facts, *KEYS}]
    if lacking:
        raise PriceDataError(f"the sheet was made without {lacking[0]}")
    view = _View(sheet, found, speaks, prefix, most)
    return view.text(table)


def _dialect(name: str) -> Dialect:
    if name not in DIALECTS:
        raise PriceDataError(f"dialect {shown(name)}: it is one of {', '.join(DIALECTS)}")
    return DIALECTS[name]


# A sheet that leaves room for fewer units in a row is of no use.
_FEWEST = 1_000_000


def _is_wide(sheet: Sheet) -> bool:
    # As many as can be of every counter have to fit.
    return MOST * _greatest(sheet) >= 1 << 63


def _greatest(sheet: Sheet) -> int:
    """Return the greatest sum of the rates of one kind of call."""
    rates = [sheet.rates[name] for name in sheet.columns]
    return max((sum(abs(rate or 0) for rate in kind) for kind in zip(*rates, strict=True)), default=1) or 1


def _rates(sheet: Sheet) -> dict[str, list[Any]]:
    """Return the table of rates; kinds of call without a cost have no rates."""
    free = [status in NO_COST for status in sheet.rates["status"]]
    return {
        name: [None if none and name.startswith("rate_") else value for none, value in zip(free, values, strict=True)]
        for name, values in sheet.rates.items()
    }


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


class _View:
    """The text of the view."""

    def __init__(self, sheet: Sheet, columns: Columns, speaks: Dialect, prefix: str, most: int) -> None:
        self.sheet, self.said, self.counters = sheet, columns.said, columns.counters
        self.speaks, self.prefix, self.most = speaks, prefix, most
        self.places = sheet.packing.places

    def _name(self, column: str) -> str:
        return f"c.{self.speaks.quote[0]}{column}{self.speaks.quote[1]}"

    def _count(self, meter: str) -> str:
        return f"COALESCE({self._name(self.counters[meter])}, 0)"

    def text(self, table: str) -> str:
        """Return the SELECT."""
        named = [
            f"COALESCE({self._name(self.said[key])}, '') = n.{key}" if key in self.said else f"n.{key} = ''"
            for key in KEYS
        ]
        coded = f"SELECT c.*, n.status AS llmcost_status, n.note_id AS llmcost_note_id, {self._code()} AS llmcost_code"
        costs = [self._cost("cost_units", None), *(self._cost(f"cost_{one}_units", one) for one in _SIDES)]
        outer = (
            f"SELECT c.*, {', '.join(costs)}, {self._literal_unit()} AS cost_unit, {self._status()} AS cost_status, "
            "r.unpriced AS cost_unpriced, r.matched_as AS cost_matched_as, r.basis AS cost_basis, "
            "COALESCE(c.llmcost_note_id, r.note_id) AS cost_note_id"
        )
        inner = f"{coded}\n  FROM {table} c LEFT JOIN {self.prefix}_names n ON {' AND '.join(named)}"
        return f"{outer}\nFROM (\n  {inner}\n) c LEFT JOIN {self.prefix}_rates r ON c.llmcost_code = r.code"

    def _literal_unit(self) -> str:
        return str(self.sheet.unit)

    def _code(self) -> str:
        terms = ["n.base", *self._stated()]
        prompt = [self._count(meter) for meter in self.counters if meter in PROMPT_METERS]
        above = self._above("context", " + ".join(prompt) or "0")
        if above:
            once = f" * (1 - {self._flag('aggregate')})" if "aggregate" in self.said else ""
            terms.append(f"({above}){once} * {self.places['context']}")
        terms += self._dated()
        if "duration" in self.said:
            lasted = self._name(self.said["duration"])
            above = self._above("duration", f"{lasted} * 1000000")
            terms.append(f"CASE WHEN {lasted} IS NULL THEN 0 ELSE (1 + {above or 0}) END * {self.places['duration']}")
        if self.sheet.packing.sizes["counted"] > 1:
            terms.append(f"CASE WHEN n.asks > 0 THEN {self._presence()} ELSE {self.places['counted']} END")
        return " + ".join(terms)

    def _presence(self) -> str:
        needs = {meter: column for meter, column in self.sheet.needs.items() if meter in self.counters}
        terms = [f"CASE WHEN {self._count(meter)} > 0 THEN n.{need} ELSE 0 END" for meter, need in needs.items()]
        alone = [
            f"({self._count(meter)} > 0" + (f" AND n.{needs[meter]} = 0)" if meter in needs else ")")
            for meter in self.counters
        ]
        any_counted = f"CASE WHEN {' OR '.join(alone)} THEN {self.places['counted']} ELSE 0 END"
        return " + ".join([*terms, any_counted])

    def _stated(self) -> list[str]:
        terms = []
        if "service_tier" in self.said:
            word = f"LOWER(COALESCE({self._name(self.said['service_tier'])}, ''))"
            known: dict[int, list[str]] = {0: [""]}
            for one, number in self.sheet.tiers.items():
                known.setdefault(number, []).append(one.lower())
            cases = " ".join(
                f"WHEN {word} IN ({', '.join(map(_literal, dict.fromkeys(words)))}) THEN {number * self.places['tier']}"
                for number, words in known.items()
            )
            terms.append(f"CASE {cases} END")
        terms += [f"{self._flag(flag)} * {self.places[flag]}" for flag in ("batch", "aggregate") if flag in self.said]
        return terms

    def _flag(self, name: str) -> str:
        return f"CASE WHEN {self._name(self.said[name])} THEN 1 ELSE 0 END"

    def _dated(self) -> list[str]:
        if "time" not in self.said:
            return []
        column = self._name(self.said["time"])
        time = (self.speaks.microseconds or "{}").format(column)
        above = self._above("time", time)
        dated = f"(1 + {above or 0}) * {self.places['time']}"
        if "period" in self.sheet.names:
            within = self._above("week", self.speaks.mod.format(time, "n.period"))
            dated += f" + ({within}) * {self.places['week']}"
        return [f"CASE WHEN {self._is_time(column, time)} THEN {dated} {self._no_time(column)} END"]

    def _is_time(self, column: str, microseconds: str) -> str:
        """Return whether a time is one of a call, by the rule of frames."""
        if self.speaks.seconds is not None:
            seconds = self.speaks.seconds.format(column)
            return f"{seconds} >= {FIRST} AND {seconds} <= {LAST}"
        return f"{microseconds} >= {FIRST * MILLION} AND {microseconds} <= {LAST * MILLION}"

    def _no_time(self, column: str) -> str:
        # A number or a text that is no time of a call is none in other units either: such a row is in no sheet.
        return "ELSE 0" if self.speaks.microseconds else f"WHEN {column} IS NULL THEN 0"

    def _above(self, kind: str, value: str) -> str:
        steps = self.sheet.steps(kind)
        return " + ".join(f"CASE WHEN {value} > n.{step} THEN 1 ELSE 0 END" for step in steps)

    def _cost(self, name: str, wanted: str | None) -> str:
        terms = []
        for column in self.sheet.columns:
            source, _ = form_of(column)
            if (wanted is not None and side(column) != wanted) or source not in {CALL, DURATION, *self.counters}:
                continue
            if source == DURATION and DURATION not in self.said:
                continue
            quantity = self._lasted() if source == DURATION else "1" if source == CALL else self._count(source)
            terms.append(f"{quantity} * r.{column}")
        none = "CASE WHEN r.code IS NULL THEN NULL ELSE 0 END"
        return f"CASE WHEN {self._refused()} THEN NULL ELSE {' + '.join(terms) or none} END AS {name}"

    def _refused(self) -> str:
        return f"({self._bad()}) OR ({self._beyond()}) OR ({self._silent()})"

    def _beyond(self) -> str:
        counts = [*map(self._count, self.counters), *([self._lasted()] if "duration" in self.said else [])]
        return " OR ".join(f"{count} > {self.most}" for count in counts)

    def _lasted(self) -> str:
        return f"COALESCE({self._name(self.said[DURATION])}, 0)"

    def _bad(self) -> str:
        counts = [*map(self._count, self.counters), *([self._lasted()] if "duration" in self.said else [])]
        return " OR ".join(f"{count} < 0 OR {count} > {MOST}" for count in counts)

    def _silent(self) -> str:
        columns = [*self.counters.values(), *([self.said["duration"]] if "duration" in self.said else [])]
        return " AND ".join(f"{self._name(column)} IS NULL" for column in columns)

    def _status(self) -> str:
        return (
            f"CASE WHEN {self._silent()} THEN '{UNPRICED}' WHEN {self._bad()} THEN '{INCONSISTENT_USAGE}' "
            f"WHEN {self._beyond()} THEN '{ERROR}' ELSE COALESCE(c.llmcost_status, r.status, '{NOT_IN_SHEET}') END"
        )


_SIDES = ("input", "output", "other")
