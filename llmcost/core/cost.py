"""What a call cost: line items, their total, and everything that had to be decided on the way."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from math import gcd, lcm

from .dimensions import STANDARD
from .exact import decimal_of, plain, ratio
from .meters import METERS
from .ratecard import Grounds
from .rating import Segment, side_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from .ratecard import Tariff, Term
    from .usage import Quantities, Quantity, Usage

_new = object.__new__
_NOTHING: dict[str, str] = {}

# What a sum says of a fact in which its costs differ.
MIXED = "mixed"

_LINE_FIELDS = (
    "model",
    "meter",
    "quantity",
    "unit",
    "rate",
    "amount",
    "conditions",
    "factors",
    "layer",
    "map_key",
    "price_key",
    "note",
)


class LineItem:
    """One line of the bill.

    Attributes:
        meter: what was counted.
        quantity: how many units.
        rate: USD per one unit.
        amount: USD, the quantity times the rate times the factors.
    """

    __slots__ = ("_grounds", "amount", "meter", "quantity", "rate")

    meter: str
    quantity: Quantity
    rate: Decimal
    amount: Decimal
    _grounds: Grounds

    def __init__(
        self,
        model: str,
        meter: str,
        quantity: Quantity,
        unit: str,
        rate: Decimal,
        amount: Decimal,
        conditions: str = "",
        factors: tuple[str, ...] = (),
        layer: str = "",
        map_key: str = "",
        price_key: str = "",
        note: str = "",
    ) -> None:
        self.meter, self.quantity, self.rate, self.amount = meter, quantity, rate, amount
        self._grounds = Grounds(model, unit, rate, conditions, factors, layer, map_key, price_key, note)

    @property
    def model(self) -> str:
        """The map key whose card priced it."""
        return self._grounds.model

    @property
    def unit(self) -> str:
        """What is counted: token, second, image ..."""
        return self._grounds.unit

    @property
    def conditions(self) -> str:
        """The conditions of the rate as text, empty for the base rate."""
        return self._grounds.conditions

    @property
    def factors(self) -> tuple[str, ...]:
        """Factors on the rate as text, such as ``x 1.1 (region us)``."""
        return self._grounds.factors

    @property
    def layer(self) -> str:
        """The layer that set the rate: call, config, registered, base_model or map."""
        return self._grounds.layer

    @property
    def map_key(self) -> str:
        """The entry that the rate stands in."""
        return self._grounds.map_key

    @property
    def price_key(self) -> str:
        """The key that the rate stands under."""
        return self._grounds.price_key

    @property
    def note(self) -> str:
        """What had to be decided for this line."""
        return self._grounds.note

    @property
    def rate_per_million(self) -> Decimal:
        """USD per 1,000,000 units."""
        numerator, denominator = self.rate.as_integer_ratio()
        return decimal_of(numerator * 1_000_000, denominator)[0]

    @property
    def source(self) -> dict[str, object]:
        """Where the rate comes from: ``url``, ``as_of``, ``confidence``, who ``agree``s and ``differ``s.

        Known of the bundled map's rates, and read when it is asked for; empty for prices of one's own and for a
        line that was pickled.
        """
        card = self._grounds.card
        return dict(card.attest(self.map_key)) if card is not None and card.attest is not None else {}

    @property
    def side(self) -> str:
        """``input``, ``output`` or ``other``."""
        return side_of(self.meter)

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        quantity = str(self.quantity) if isinstance(self.quantity, Decimal) else self.quantity
        return {
            "model": self.model,
            "meter": self.meter,
            "quantity": quantity,
            "unit": self.unit,
            "rate": plain(self.rate, 0),
            "amount": plain(self.amount, 0),
            "conditions": self.conditions,
            "factors": list(self.factors),
            "layer": self.layer,
            "map_key": self.map_key,
            "price_key": self.price_key,
            "note": self.note,
        }

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, field) for field in _LINE_FIELDS)

    def __reduce__(self) -> tuple[object, ...]:
        return LineItem, self._values()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LineItem) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return (
            f"LineItem({self.model!r}, {self.meter!r}, {self.quantity}, {self.unit!r}, "
            f"rate={plain(self.rate, 0)}, amount={plain(self.amount, 0)})"
        )


# Wide enough for every count and rate; a product that does not fit is an error, and not rounded.
_WIDE = Context(prec=200, Emin=-999999, Emax=999999, traps=[Inexact])
_times = _WIDE.multiply


def _lines(quantities: Quantities, tariff: Tariff, waived: Mapping[str, str]) -> list[LineItem]:
    """Return the lines of what was rated by a tariff."""
    found = []
    known = tariff.grounds
    for meter, quantity in quantities.items():
        line = _new(LineItem)
        line.meter, line.quantity = meter, quantity
        grounds = known.get(meter)
        if grounds is None or (waived and meter in waived):
            grounds = _grounds(meter, tariff, waived.get(meter))
        line._grounds, line.rate = grounds, grounds.rate
        if type(quantity) is int and quantity <= grounds.most:
            line.amount = _times(grounds.each, quantity).normalize(_WIDE)
        elif waived and meter in waived:
            line.amount = Decimal(0)
        else:
            units, per = ratio(quantity)
            line.amount = decimal_of(units * (tariff.rates[meter] or 0), per * tariff.denominator)[0]
        found.append(line)
    return found


def _grounds(meter: str, tariff: Tariff, waived: str | None) -> Grounds:
    priced = tariff.price(meter)
    assert priced is not None  # noqa: S101 - a tariff has lines only of meters that it prices
    grounds = Grounds.of(tariff.card, meter, priced, waived)
    if waived is None:
        tariff.grounds[meter] = grounds
    return grounds


class Cost:
    """What a call cost, and why.

    The total is the sum of the line items and is defined nowhere else. Costs add up exactly, with ``+`` and
    with ``sum()``; a sum that holds a lower bound is one.

    Attributes:
        model: the model that was asked for.
        reported: USD that the provider itself states, or None.
        calculated: USD by our own calculation; None if the model is unknown.
        requested_tier, served_tier: the service tier of the request and of the response, as they were written.
        basis: how the price was dated: ``current``, ``exact``, ``assumed`` or ``scheduled``; ``mixed`` for a sum over
            several.
        usage: the usage that was rated; None for a sum, and after pickling.
    """

    model: str | None = None
    reported: Decimal | None = None
    requested_tier: str | None = None
    served_tier: str | None = None
    basis: str = "current"
    usage: Usage | None = None
    waived: str | None = None

    _tariff: Tariff | None = None
    _segments: tuple[Segment, ...] | None = None
    _members: tuple[Cost, Cost] | None = None
    _lines: tuple[LineItem, ...] | None = None
    _more: tuple[LineItem, ...] = ()
    _calculated: tuple[int, int] | None = None
    _notes: tuple[str, ...] = ()
    _facts: tuple[Any, ...] | None = None

    def __init__(
        self, numerator: int, denominator: int, usage: Usage | None = None, tariff: Tariff | None = None
    ) -> None:
        self._n = numerator
        self._d = denominator
        self.usage = usage
        self._tariff = tariff

    # Money.

    @property
    def response_cost(self) -> float:
        """USD: the correctly rounded double of the exact total."""
        return self._n / self._d

    @property
    def total(self) -> Decimal:
        """USD, exact; 40 digits if no finite decimal exists (``exact`` is False then)."""
        return decimal_of(self._n, self._d)[0]

    @property
    def exact(self) -> bool:
        """Whether ``total`` is exact."""
        return decimal_of(self._n, self._d)[1]

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return USD as an exact fraction ``(numerator, denominator)``, in lowest terms."""
        common = gcd(self._n, self._d)
        return self._n // common, self._d // common

    @property
    def input(self) -> Decimal:
        """USD of the prompt: input tokens of every kind, input media, and time."""
        return self._side("input")

    @property
    def output(self) -> Decimal:
        """USD of the answer."""
        return self._side("output")

    @property
    def other(self) -> Decimal:
        """USD of tools, requests, pages, and of discounts, margins and fees."""
        return self._side("other")

    def _side(self, side: str) -> Decimal:
        return decimal_of(*_sum(line.amount for line in self.line_items if line.side == side))[0]

    @property
    def split(self) -> tuple[float, float]:
        """USD as two floats, ``(input + other, output)``: the way LiteLLM splits a cost."""
        numerator, denominator = self.output.as_integer_ratio()
        rest = self._n * denominator - numerator * self._d
        return rest / (self._d * denominator), numerator / denominator

    @property
    def calculated(self) -> Decimal | None:
        """USD by our own calculation, also when ``reported`` is what counts; None if a model is unknown."""
        found = self._calculation()
        return None if found is None else decimal_of(*found)[0]

    def _calculation(self) -> tuple[int, int] | None:
        if self._facts is not None:
            restored: tuple[int, int] | None = self._facts[7]
            return restored
        if self._members is not None:
            total = (0, 1)
            for cost in self._leaves():
                calculated = cost._calculation()
                if calculated is None:
                    return None
                total = _add(total, calculated)
            return total
        if self._calculated is not None:
            return self._calculated
        return None if self._reported_counts else (self._n, self._d)

    @property
    def _reported_counts(self) -> bool:
        return bool(self._more) and any(line.meter == "reported" for line in self._more)

    @property
    def saved(self) -> Decimal:
        """USD that cache reads saved against fresh input at the same card, less what cache writes cost on top."""
        return decimal_of(*self._savings())[0]

    def _savings(self) -> tuple[int, int]:
        if self._facts is not None:
            restored: tuple[int, int] = self._facts[8]
            return restored
        total = (0, 1)
        if self._members is not None:
            for cost in self._leaves():
                total = _add(total, cost._savings())
            return total
        for segment in self.segments:
            if segment.tariff is None:
                continue
            for meter, quantity in segment.quantities.items():
                if not meter.startswith("cache_") or meter in segment.waived:
                    continue
                rates = segment.tariff.rates
                modality = next((m for m in METERS[meter].parents if m.startswith("input")), "input")
                full, paid = rates[modality], rates[meter]
                if full is None or paid is None:
                    continue
                units, per = ratio(quantity)
                total = _add(total, (units * (full - paid), per * segment.tariff.denominator))
        return total

    # What it consists of.

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The call and its parts, each with the tariff it was rated by; empty for a restored Cost."""
        if self._members is not None:
            return tuple(segment for cost in self._leaves() for segment in cost.segments)
        if self._segments is None:
            if self._tariff is None or self.usage is None:
                return ()
            self._segments = (
                Segment(
                    self.usage, self._tariff.card.name, self._tariff, self.usage.quantities, (), self._tariff.notes
                ),
            )
        return self._segments

    @property
    def line_items(self) -> tuple[LineItem, ...]:
        """Every line of the bill. Their amounts add up to the total."""
        if self._lines is None:
            if self._tariff is not None and self.usage is not None:
                self._lines = tuple(_lines(self.usage.quantities, self._tariff, _NOTHING))
            elif self._members is not None:
                self._lines = tuple(line for cost in self._leaves() for line in cost.line_items)
            else:
                self._lines = (*self._rated_lines(), *self._more)
        return self._lines

    def _rated_lines(self) -> list[LineItem]:
        if self._reported_counts:
            return []
        return [
            line
            for segment in self.segments
            if segment.tariff is not None
            for line in _lines(segment.quantities, segment.tariff, segment.waived)
        ]

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Meters that were used and have no rate, in the order of use."""
        if self._tariff is not None:
            return ()
        if self._facts is not None:
            return tuple(self._facts[0])
        if self._members is not None:
            return tuple(dict.fromkeys(meter for cost in self._leaves() for meter in cost.unpriced))
        if self._reported_counts:
            return ()
        return tuple(dict.fromkeys(meter for segment in self.segments for meter in segment.unpriced))

    @property
    def complete(self) -> bool:
        """Whether everything that was used has a rate."""
        return not self.unpriced

    @property
    def lower_bound(self) -> bool:
        """Whether the true cost may be higher: something is unpriced, or the usage broke off or is an aggregate."""
        if self._facts is not None:
            return bool(self._facts[1])
        if self._members is not None:
            return any(cost.lower_bound for cost in self._leaves())
        if self._reported_counts:
            return False
        return bool(self.unpriced) or any(
            segment.usage.partial
            or (segment.usage.context is None and segment.tariff is not None and bool(segment.tariff.card.thresholds))
            for segment in self.segments
        )

    @property
    def matched_as(self) -> str | None:
        """The map key that priced the call; None for a reported cost of an unknown model, and for a mixed sum."""
        return self._card_fact("name", 2)

    @property
    def match_rule(self) -> str | None:
        """The rule by which the name was matched: ``exact``, ``dated_snapshot`` ..."""
        return self._card_fact("match_rule", 3)

    @property
    def provider(self) -> str | None:
        """The provider whose prices were used, as the map names it."""
        return self._card_fact("provider", 6)

    def _card_fact(self, name: str, place: int) -> str | None:
        if self._facts is not None:
            found: str | None = self._facts[place]
            return found
        if self._members is not None:
            values = {cost._card_fact(name, place) for cost in self._leaves()}
            return values.pop() if len(values) == 1 else None
        tariff = self._main_tariff()
        return getattr(tariff.card, name) if tariff is not None else None

    def _main_tariff(self) -> Tariff | None:
        if self._tariff is not None:
            return self._tariff
        return self._segments[0].tariff if self._segments else None

    @property
    def billed_tier(self) -> str:
        """The service tier whose prices were used; ``mixed`` for a sum over several."""
        if self._facts is not None:
            return str(self._facts[4])
        if self._members is not None:
            tiers = {cost.billed_tier for cost in self._leaves()}
            return tiers.pop() if len(tiers) == 1 else MIXED
        tariff = self._main_tariff()
        return tariff.billed_tier if tariff is not None else STANDARD

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be decided or assumed, in words."""
        if self._facts is not None:
            return tuple(self._facts[5])
        if self._members is not None:
            return tuple(dict.fromkeys(note for cost in self._leaves() for note in cost.notes))
        found: list[str] = list(self._notes)
        for segment in self.segments:
            found += segment.usage.notes
            if segment.tariff is not None:
                found += segment.tariff.card.notes
            found += segment.notes
            if segment.usage.partial:
                found.append("the response broke off: this is a lower bound")
        found += _disputes(self.line_items)
        found += [line.note for line in self.line_items if line.note and line.meter not in {"free", "reported"}]
        return tuple(dict.fromkeys(found))

    # Putting together.

    @classmethod
    def of_segments(
        cls,
        segments: tuple[Segment, ...],
        usage: Usage,
        terms: tuple[Term, ...] = (),
        waived: str | None = None,
    ) -> Cost:
        """Return the Cost of a call and its parts, with commercial terms applied to their sum."""
        numerator, denominator = 0, 1
        for segment in segments:
            if waived is not None:
                segment.waive(waived, fees=True)
                segment.unpriced = ()
            numerator, denominator = _add((numerator, denominator), (segment.numerator, segment.denominator))
        more: list[LineItem] = []
        name = segments[0].model if segments else ""
        for term in terms if waived is None and usage.free is None else ():
            amount = _term_amount(term, (numerator, denominator))
            numerator, denominator = _add((numerator, denominator), amount)
            more.append(_term_line(term, amount, name))
        if usage.free is not None and not any(segment.quantities for segment in segments):
            more.append(LineItem(name, "free", 1, "call", Decimal(0), Decimal(0), "", (), "", "", "", usage.free))
        cost = cls(numerator, denominator, usage)
        cost._segments = segments
        cost._more = tuple(more)
        cost.waived = waived
        return cost

    @classmethod
    def of_reported(cls, reported: Decimal, usage: Usage, calculated: Cost | None, model: str) -> Cost:
        """Return the Cost that the provider itself states: one line, ``reported``."""
        numerator, denominator = reported.as_integer_ratio()
        cost = cls(numerator, denominator, usage)
        cost._segments = calculated.segments if calculated is not None else ()
        cost._calculated = (calculated._n, calculated._d) if calculated is not None else None
        cost._more = (
            LineItem(
                model, "reported", 1, "call", reported, reported, "", (), "response", "", "", "stated by the provider"
            ),
        )
        cost.reported = reported
        return cost

    def __add__(self, other: object) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        both = Cost(*_add((self._n, self._d), (other._n, other._d)))
        both._members = (self, other)
        for fact in ("model", "requested_tier", "served_tier", "waived"):
            if getattr(self, fact) == getattr(other, fact):
                setattr(both, fact, getattr(self, fact))
        both.basis = self.basis if self.basis == other.basis else MIXED
        if self.reported is not None and other.reported is not None:
            both.reported = decimal_of(*_sum((self.reported, other.reported)))[0]
        return both

    def __radd__(self, other: object) -> Cost:
        # sum() starts with the int 0.
        return self if type(other) is int and other == 0 else NotImplemented

    def _leaves(self) -> Iterator[Cost]:
        """Yield the costs of single calls under a sum, left to right; a loop, since sums get thousands deep."""
        stack: list[Cost] = [self]
        while stack:
            cost = stack.pop()
            if cost._members is None:
                yield cost
            else:
                stack += (cost._members[1], cost._members[0])

    # Reading.

    def __float__(self) -> float:
        return self.response_cost

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return plain(self.total)

    def __repr__(self) -> str:
        bound = "at least " if self.lower_bound else ""
        return f"<Cost {bound}{self} USD, {self.matched_as or self.model or 'several models'}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cost):
            return NotImplemented
        return self._n * other._d == other._n * self._d and self.line_items == other.line_items

    def __hash__(self) -> int:
        divisor = gcd(self._n, self._d)
        return hash((self._n // divisor, self._d // divisor))

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text, the keys are stable."""
        return {
            "model": self.model,
            "matched_as": self.matched_as,
            "match_rule": self.match_rule,
            "total": plain(self.total, 0),
            "exact": self.exact,
            "input": plain(self.input, 0),
            "output": plain(self.output, 0),
            "other": plain(self.other, 0),
            "reported": None if self.reported is None else plain(self.reported, 0),
            "calculated": None if self.calculated is None else plain(self.calculated, 0),
            "complete": self.complete,
            "unpriced": list(self.unpriced),
            "lower_bound": self.lower_bound,
            "tier": {"requested": self.requested_tier, "served": self.served_tier, "billed": self.billed_tier},
            "basis": self.basis,
            "line_items": [line.to_dict() for line in self.line_items],
            "notes": list(self.notes),
        }

    def explain(self, *, verbose: bool = False) -> str:
        """Return one screen of text: every line, why its rate applies, and what had to be decided.

        ``verbose`` adds the rates that a stronger layer replaced or put out of force.
        """
        from .explain import explain  # noqa: PLC0415 - text is made only when a person asks for it

        return explain(self, verbose=verbose)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the lines and not the card, so that a Cost stays small."""
        lines = tuple(line._values() for line in self.line_items)
        facts = (
            self.unpriced, self.lower_bound, self.matched_as, self.match_rule, self.billed_tier, self.notes,
            self.provider, self._calculation(), self._savings(),
        )  # fmt: skip
        state = (
            self._n, self._d, self.model, self.reported, self.requested_tier, self.served_tier, self.basis, self.waived,
        )  # fmt: skip
        return _restored, (state, facts, lines)


def of_tariff(numerator: int, tariff: Tariff, usage: Usage, model: str | None) -> Cost:
    """Return the Cost of quantities times the rates of one tariff; a function, since the common call has this one."""
    cost = _new(Cost)
    cost._n, cost._d = numerator, tariff.denominator
    cost.usage, cost._tariff = usage, tariff
    cost.model, cost.served_tier = model, usage.service_tier
    return cost


# What the common Cost has set, so that CPython lets all of them share these keys: see Usage.
_first = Cost(0, 1)
_first.model = _first.served_tier = _first._lines = _first._segments = None
_first.basis = "current"


def _restored(state: tuple[Any, ...], facts: tuple[Any, ...], lines: Iterable[tuple[Any, ...]]) -> Cost:
    cost = Cost(state[0], state[1])
    cost.model, cost.reported, cost.requested_tier, cost.served_tier, cost.basis, cost.waived = state[2:]
    cost._facts = facts
    cost._lines = tuple(LineItem(*values) for values in lines)
    cost._more = tuple(line for line in cost._lines if line.meter in {"reported", "free", *_TERMS})
    return cost


_TERMS = ("discount", "margin", "fee")


def _disputes(lines: Iterable[LineItem]) -> Iterator[str]:
    for name in dict.fromkeys(line.map_key for line in lines if line.layer in {"map", "base_model"}):
        source = next(line for line in lines if line.map_key == name).source
        if source.get("confidence") == "disputed":
            others = source.get("differ")
            who = f": {', '.join(sorted(others))} differ" if isinstance(others, dict) and others else ""
            yield f"the price of {name} is disputed{who}"


def _term_amount(term: Term, before: tuple[int, int]) -> tuple[int, int]:
    if term.kind == "fee":
        return term.numerator, term.denominator
    sign = -1 if term.kind == "discount" else 1
    return sign * before[0] * term.numerator, before[1] * term.denominator


def _term_line(term: Term, amount: tuple[int, int], model: str) -> LineItem:
    value = decimal_of(*amount)[0]
    share = decimal_of(term.numerator * 100, term.denominator)[0]
    note = "" if term.kind == "fee" else f"{plain(share, 0)}% of the sum before it"
    return LineItem(model, term.kind, 1, "term", value, value, "", (), term.layer, term.map_key, term.price_key, note)


def _add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    if one[1] == two[1]:
        return one[0] + two[0], one[1]
    common = lcm(one[1], two[1])
    return one[0] * (common // one[1]) + two[0] * (common // two[1]), common


def _sum(amounts: Iterable[Decimal]) -> tuple[int, int]:
    result = (0, 1)
    for amount in amounts:
        result = _add(result, amount.as_integer_ratio())
    return result
