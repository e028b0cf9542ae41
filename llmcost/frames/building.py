"""Building a rate sheet: every name and every kind of call is asked of the price map, once."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from ..api.distinctions import MICROSECONDS, distinctions
from ..core.exact import decimal_of
from ..errors import LLMCostError
from .asking import CALL, DURATION, SPLINTER, Question, ask, refused
from .packing import Code, Packing
from .sheet import BEYOND, STEPPED, Sheet, column_of
from .stated import KEYS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from ..api.costmap import CostMap
    from ..api.distinctions import Distinctions
    from .asking import Answer

    Key = tuple[str | None, str | None, str | None]


class Card(NamedTuple):
    """A rate card of the sheet: a name that finds it, what tells its calls apart, and which counters have bits."""

    number: int
    key: Key
    tells: Distinctions
    needs: dict[str, int]


class Names:
    """The names of a sheet: which card prices each, and by which digits its kinds of call are told apart.

    A name is (model, provider, region) as a row says it, with None for what is not said.

    Attributes:
        cards: by their number.
        columns: the table ``names`` of the sheet, once it is closed.
        packing: how kinds of call are numbered, once it is closed.

    Args:
        meters: the counters of the table.
        tiers: words of service tiers -> their number, from 1.
        facts: what else the rows say.
    """

    def __init__(self, prices: CostMap, meters: Sequence[str], tiers: Mapping[str, int], facts: Iterable[str]) -> None:
        self.prices, self.meters, self.tiers, self.facts = prices, tuple(meters), dict(tiers), tuple(facts)
        self._meters = frozenset(self.meters)
        self.notes: dict[str, int] = {}
        self.cards: list[Card] = []
        self._by_tells: dict[Any, Card] = {}
        self._rows: list[tuple[Key, Card | None, Answer | None]] = []
        self._known: set[Key] = set()
        # By what is alike of their cards: answers in which no name stands.
        self._alike: dict[Hashable, Answer] = {}

    def add(self, key: Key) -> Card | None:
        """Add a name, and return its card if that is a new one; a name that was added before stands once."""
        if key in self._known:
            return None
        self._known.add(key)
        try:
            tells = distinctions(self.prices, *key, timed="time" in self.facts)
        except LLMCostError as error:
            self._rows.append((key, None, refused(error)))
            return None
        known = self._by_tells.get(tells.key)
        card = known or Card(len(self.cards), key, tells, self._needs(tells))
        self._rows.append((key, card, None))
        if known is not None:
            return None
        self._by_tells[tells.key] = card
        self.cards.append(card)
        return card

    def close(self) -> Names:
        """Number the kinds of call, now that every name is known, and return self."""
        self.packing = Packing(self._sizes())
        self.columns = self._columns()
        return self

    def _needs(self, tells: Distinctions) -> dict[str, int]:
        needed = [meter for meter in self.meters if not tells.additive or meter not in tells.rated]
        return {meter: 1 << bit for bit, meter in enumerate(needed)}

    def asks(self, card: Card) -> bool:
        """Return whether it matters to a card which of the counters are above 0.

        A sum of calls that counts nothing has no cost, since its cost is a lower bound without a line.
        """
        return bool(card.needs) or "duration" in self.facts or "aggregate" in self.facts

    def _sizes(self) -> dict[str, int]:
        most = {kind: max((len(_steps(card.tells, kind)) for card in self.cards), default=0) for kind in STEPPED}
        return {
            "card": max(len(self.cards), 1),
            "tier": max(self.tiers.values(), default=0) + 1,
            "batch": 2 if "batch" in self.facts else 1,
            "aggregate": 2 if "aggregate" in self.facts else 1,
            "context": most["context"] + 1,
            "time": most["time"] + 2 if "time" in self.facts else 1,
            "week": most["week"] + 1 if "time" in self.facts else 1,
            "duration": most["duration"] + 2 if "duration" in self.facts else 1,
            "counted": 2 if any(map(self.asks, self.cards)) else 1,
            "presence": 1 << max((len(card.needs) for card in self.cards), default=0),
        }

    def _columns(self) -> dict[str, list[Any]]:
        rows = self._rows
        columns: dict[str, list[Any]] = {
            name: [key[place] or "" for key, _, _ in rows] for place, name in enumerate(KEYS)
        }
        place = self.packing.places["card"]
        columns["base"] = [None if card is None else card.number * place for _, card, _ in rows]
        columns["status"] = [None if answer is None else answer.status for _, _, answer in rows]
        columns["note_id"] = [self.note(answer.notes) if answer is not None else None for _, _, answer in rows]
        kinds = [
            kind for kind in STEPPED if kind in {"context", *self.facts} or (kind == "week" and "time" in self.facts)
        ]
        for kind in kinds:
            found = [_steps(card.tells, kind) if card is not None else () for _, card, _ in rows]
            for number in range(max(map(len, found), default=0)):
                columns[f"{kind}_{number + 1}"] = [one[number] if number < len(one) else BEYOND for one in found]
        if any(name.startswith("week_") for name in columns):
            columns["period"] = [max(card.tells.period, 1) if card is not None else 1 for _, card, _ in rows]
        if self.packing.sizes["counted"] > 1:
            columns["asks"] = [int(card is None or self.asks(card)) for _, card, _ in rows]
        for meter in self.meters:
            weights = [card.needs.get(meter, 0) if card is not None else 0 for _, card, _ in rows]
            if any(weights):
                columns[f"need_{meter}"] = weights
        return columns

    def note(self, texts: Iterable[str]) -> int | None:
        """Return the number of a note, from 1; None for no texts."""
        text = "; ".join(texts)
        return self.notes.setdefault(text, len(self.notes) + 1) if text else None

    def answer(self, code: Code, when: float | None = None) -> Answer | None:
        """Return what a kind of call costs; None if there are no such calls.

        ``when`` is the time of such a call, in seconds since 1970.
        """
        card = self.cards[code.card]
        tells = card.tells
        if code.time and when is None:
            when = moment_of(tells, code.time, code.week)
            if when is None:
                return None
        alike = None if code.time or tells.alike is None else (tells.alike, code[1:])
        known = self._alike.get(alike)
        if known is not None:
            return known._replace(matched_as=tells.name)
        alone = tells.additive
        counted = {meter for meter, bit in card.needs.items() if code.presence & bit}
        # Where the card does not ask, the digit says nothing: every counter may be above 0.
        if alone and (code.counted or not self.asks(card)):
            counted.update(self._meters.difference(card.needs))
        word = next((word for word, number in self.tiers.items() if number == code.tier), None) if code.tier else None
        below = tells.context[0] if tells.context else 0
        question = Question(
            *card.key,
            word,
            bool(code.batch),
            bool(code.aggregate),
            below if not code.context else tells.context[code.context - 1] + 1,
            when if code.time else None,
            None if not code.duration else _duration_of(tells, code.duration),
            self.meters if len(counted) == len(self.meters) else tuple([m for m in self.meters if m in counted]),
            alone,
        )
        found = ask(self.prices, question)
        if alike is not None and found.matched_as and not _names(card, found.notes):
            self._alike[alike] = found
        return found

    def _valid_until(self) -> str:
        known = [card.tells.until for card in self.cards if card.tells.until is not None]
        return datetime.fromtimestamp(min(known) // MICROSECONDS, timezone.utc).date().isoformat() if known else ""

    def sheet(self, answers: Mapping[Code, Answer]) -> Sheet:
        """Return the sheet with what these kinds of call cost."""
        unit = _power(lcm(*{answer.per for answer in answers.values()}))
        rates: dict[str, list[Any]] = {
            "code": [self.packing.pack(code) for code in answers],
            "status": [answer.status for answer in answers.values()],
            "unpriced": [answer.unpriced for answer in answers.values()],
            "matched_as": [answer.matched_as for answer in answers.values()],
            "basis": [answer.basis for answer in answers.values()],
            "note_id": [self.note(answer.notes) for answer in answers.values()],
        }
        shares: dict[tuple[str, str], list[int]] = {}
        for kind, answer in enumerate(answers.values()):
            whole = unit // answer.per
            for place, share in answer.form.items():
                if place not in shares:
                    shares[place] = [0] * len(answers)
                shares[place][kind] = share * whole
        for source in (*self.meters, DURATION, CALL):
            rates |= {column_of(*place): found for place, found in shares.items() if place[0] == source and any(found)}
        return Sheet(
            names=self.columns,
            rates=rates,
            notes=self.notes,
            unit=unit,
            as_of=self.prices.as_of,
            valid_until=self._valid_until(),
            meters=self.meters,
            facts=self.facts,
            tiers=self.tiers,
            sizes=self.packing.sizes,
        )


def _power(units: int) -> int:
    """Return the least power of 10 that is a multiple of a number; the number itself if there is none."""
    number, exact = decimal_of(1, units)
    return 10 ** max(0, -int(number.as_tuple().exponent)) if exact else units


def _names(card: Card, notes: Iterable[str]) -> bool:
    """Return whether notes hold a name of a card, so that they are of no other one."""
    names = [name for name in (card.tells.name, *card.key) if name]
    return any(name in note for note in notes for name in names)


def _steps(tells: Distinctions, kind: str) -> tuple[int, ...]:
    return {"context": tells.context, "time": tells.moments, "week": tells.week, "duration": tells.duration}[kind]


def _duration_of(tells: Distinctions, digit: int) -> Decimal:
    """Return seconds just above the step of a digit; a duration of 0 is below all of them."""
    if not tells.duration:
        return SPLINTER
    return Decimal(tells.duration[digit - 2]) / MICROSECONDS + SPLINTER if digit > 1 else Decimal(0)


def moment_of(tells: Distinctions, time: int, week: int) -> float | None:
    """Return a moment in seconds since 1970, as the digits of time and week say; None if there is none."""
    first = tells.moments[time - 2] + 1 if time > 1 else 0
    last = tells.moments[time - 1] if time - 1 < len(tells.moments) else first + 400 * 86_400 * MICROSECONDS
    if not tells.period:
        return (first if time > 1 else last) / MICROSECONDS
    start = tells.week[week - 1] + 1 if week else 0
    found = first + (start - first) % tells.period
    return found / MICROSECONDS if found <= last else None
