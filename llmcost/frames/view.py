"""The view over a table of calls, as SQL text: two joins, the code of each row's kind of call, and its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.counts import MOST
from ..core.meters import PROMPT_METERS
from ..core.statuses import ERROR, INCONSISTENT_USAGE, NO_COST, NOT_IN_SHEET, UNPRICED
from .asking import CALL, DURATION
from .sheet import FIRST, LAST, MILLION, PERIODS, SIDES, place_of, side
from .stated import KEYS

if TYPE_CHECKING:
    from .columns import Columns
    from .dialects import Dialect
    from .sheet import Sheet


class View:
    """The text of the view.

    A count is read as a whole number, whatever its type: 0 in place of what is no count, which is refused by itself.

    Args:
        most: the greatest count at which no cost is beyond the numbers of the database.
    """

    def __init__(self, sheet: Sheet, columns: Columns, speaks: Dialect, most: int) -> None:
        self.sheet, self.stated, self.counters = sheet, columns.stated, columns.counters
        self.speaks, self.most = speaks, most
        self.places = sheet.packing.places

    def _name(self, column: str) -> str:
        return f"c.{self.speaks.name(column)}"

    def _count(self, meter: str) -> str:
        column = self._name(self.counters[meter])
        whole = f"CAST({column} AS {self.speaks.integer})"
        return f"CASE WHEN {column} >= 0 AND {column} <= {MOST} THEN {whole} ELSE 0 END"

    def text(self, table: str) -> str:
        """Return the SELECT."""
        named = [
            f"COALESCE({self._name(self.stated[key])}, '') = n.{key}" if key in self.stated else f"n.{key} = ''"
            for key in KEYS
        ]
        coded = f"SELECT c.*, n.status AS llmcost_status, n.note_id AS llmcost_note_id, {self._code()} AS llmcost_code"
        costs = [self._cost("cost_units", None), *(self._cost(f"cost_{one}_units", one) for one in SIDES)]
        outer = (
            f"SELECT c.*, {', '.join(costs)}, {self.sheet.unit} AS cost_unit, {self._status()} AS cost_status, "
            "r.unpriced AS cost_unpriced, r.matched_as AS cost_matched_as, r.basis AS cost_basis, "
            "COALESCE(c.llmcost_note_id, r.note_id) AS cost_note_id"
        )
        inner = f"{coded}\n  FROM {table} c LEFT JOIN llmcost_names n ON {' AND '.join(named)}"
        return f"{outer}\nFROM (\n  {inner}\n) c LEFT JOIN llmcost_rates r ON c.llmcost_code = r.code"

    def _code(self) -> str:
        terms = ["n.base", *self._stated()]
        prompt = [self._count(meter) for meter in self.counters if meter in PROMPT_METERS]
        above = self._above("context", " + ".join(prompt) or "0")
        if above:
            once = f" * (1 - {self._flag('aggregate')})" if "aggregate" in self.stated else ""
            terms.append(f"({above}){once} * {self.places['context']}")
        terms += self._dated()
        if "duration" in self.stated:
            lasted = self._name(self.stated["duration"])
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
        if "service_tier" in self.stated:
            word = f"LOWER(COALESCE({self._name(self.stated['service_tier'])}, ''))"
            known: dict[int, list[str]] = {0: [""]}
            for one, number in self.sheet.tiers.items():
                known.setdefault(number, []).append(one.lower())
            cases = " ".join(
                f"WHEN {word} IN ({', '.join(map(self.speaks.literal, dict.fromkeys(words)))}) "
                f"THEN {number * self.places['tier']}"
                for number, words in known.items()
            )
            terms.append(f"CASE {cases} END")
        terms += [f"{self._flag(flag)} * {self.places[flag]}" for flag in ("batch", "aggregate") if flag in self.stated]
        return terms

    def _flag(self, name: str) -> str:
        column = self._name(self.stated[name])
        if self.speaks.booleans:
            return f"CASE WHEN {column} THEN 1 ELSE 0 END"
        # A text or another number is no boolean, and such a row is in no sheet.
        return f"CASE WHEN {column} IS NULL OR {column} = 0 THEN 0 WHEN {column} = 1 THEN 1 END"

    def _dated(self) -> list[str]:
        if "time" not in self.stated:
            return []
        column = self._name(self.stated["time"])
        time = (self.speaks.microseconds or "{}").format(column)
        above = self._above("time", time)
        dated = f"(1 + {above or 0}) * {self.places['time']}"
        if "period" in self.sheet.names:
            # Databases have several remainders of a time before 1970.
            since = f"({time} + n.period * {PERIODS})"
            within = self._above("week", self.speaks.mod.format(since, "n.period"))
            dated += f" + ({within}) * {self.places['week']}"
        return [f"CASE WHEN {self._is_time(column, time)} THEN {dated} {self._no_time(column)} END"]

    def _is_time(self, column: str, microseconds: str) -> str:
        """Return whether a time is one of a call, by the rule of frames."""
        if self.speaks.seconds is not None:
            seconds = self.speaks.seconds.format(column)
            return f"{seconds} >= {FIRST} AND {seconds} <= {LAST}"
        return f"{microseconds} >= {FIRST * MILLION} AND {microseconds} <= {LAST * MILLION}"

    def _no_time(self, column: str) -> str:
        # A value that is no time of a call stays none in any unit: such a row is in no sheet.
        return "ELSE 0" if self.speaks.microseconds else f"WHEN {column} IS NULL THEN 0"

    def _above(self, kind: str, value: str) -> str:
        steps = self.sheet.steps(kind)
        return " + ".join(f"CASE WHEN {value} > n.{step} THEN 1 ELSE 0 END" for step in steps)

    def _cost(self, name: str, wanted: str | None) -> str:
        terms = []
        for column in self.sheet.columns:
            source, _ = place_of(column)
            if (wanted is not None and side(column) != wanted) or source not in {CALL, DURATION, *self.counters}:
                continue
            if source == DURATION and DURATION not in self.stated:
                continue
            quantity = self._lasted() if source == DURATION else "1" if source == CALL else self._count(source)
            terms.append(f"{quantity} * r.{column}")
        costless = ", ".join(f"'{status}'" for status in sorted(NO_COST))
        none = f"CASE WHEN r.code IS NULL OR r.status IN ({costless}) THEN NULL ELSE 0 END"
        return f"CASE WHEN {self._refused()} THEN NULL ELSE {' + '.join(terms) or none} END AS {name}"

    def _refused(self) -> str:
        return f"({self._bad()}) OR ({self._beyond()}) OR ({self._silent()})"

    def _beyond(self) -> str:
        counts = [*map(self._count, self.counters), *([self._lasted()] if "duration" in self.stated else [])]
        return " OR ".join(f"{count} > {self.most}" for count in counts)

    def _lasted(self) -> str:
        return f"COALESCE({self._name(self.stated[DURATION])}, 0)"

    def _bad(self) -> str:
        odd = [f"COALESCE({self._name(column)}, 0) <> {self._count(meter)}" for meter, column in self.counters.items()]
        if "duration" in self.stated:
            odd.append(f"{self._lasted()} < 0 OR {self._lasted()} > {MOST}")
        return " OR ".join(odd)

    def _silent(self) -> str:
        columns = [*self.counters.values(), *([self.stated["duration"]] if "duration" in self.stated else [])]
        return " AND ".join(f"{self._name(column)} IS NULL" for column in columns)

    def _status(self) -> str:
        return (
            f"CASE WHEN {self._silent()} THEN '{UNPRICED}' WHEN {self._bad()} THEN '{INCONSISTENT_USAGE}' "
            f"WHEN {self._beyond()} THEN '{ERROR}' ELSE COALESCE(c.llmcost_status, r.status, '{NOT_IN_SHEET}') END"
        )
