"""Asking: what one kind of call costs, as an amount per unit of each counter.

Within a kind of call the cost is a linear form of its counters. The engine prices one call of the kind, whose counters
are told apart by their sizes; the form is read off its segments and its terms, and has to give the total of that call.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import ratio
from ..core.statuses import ERROR, INCONSISTENT_USAGE, UNKNOWN_MODEL, UNPRICED, status_of
from ..core.term import TERM_KINDS
from ..core.usage import Usage
from ..errors import InconsistentUsageError, LLMCostError, UnknownModelError, UnpricedUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..core.counts import Quantity
    from ..core.lines import LineItem
    from ..core.term import Term

# What a share of the cost is for, where it is for no counter.
CALL, DURATION = "call", "duration"
# A counter of the call that is asked about is a power of 2 from here on, so that a sum tells what it is made of. What a
# call costs by itself (one request, the least of 10 s) stays below.
_FIRST_BIT = 12
# Counters go up to 10^15, which is below 2^50.
_MOST_METERS = 50 - _FIRST_BIT - 2
# A duration above a step, in seconds: the part of a second tells it from whole numbers.
SPLINTER = Decimal("0.013")


class Question(NamedTuple):
    """A kind of call, as an example of it.

    Attributes:
        model, provider, region, tier: as the rows say; None for what they do not say.
        meters: the counters above 0.
        context: tokens of the prompt.
        when: a time, in seconds since 1970; None without one.
        duration: seconds; None without one.
        alone: whether the counters add up one by one, whatever else is counted.
    """

    model: str | None
    provider: str | None
    region: str | None
    tier: str | None
    batch: bool
    aggregate: bool
    context: int
    when: float | None
    duration: Decimal | None
    meters: tuple[str, ...]
    alone: bool


class Answer(NamedTuple):
    """What calls of one kind cost, and what is said of them.

    Attributes:
        form: ``(source, line) -> USD per unit``, as a whole number over ``per``: the source is a counter, ``duration``
            or ``call``; the line is the one of the bill on which it stands.
    """

    status: str
    unpriced: str = ""
    matched_as: str | None = None
    basis: str | None = None
    notes: tuple[str, ...] = ()
    form: Mapping[tuple[str, str], int] = {}
    per: int = 1


def ask(prices: CostMap, question: Question) -> Answer:
    """Return what calls of a kind cost; ``error`` with the reason where that is no sum of shares of their counters."""
    if len(question.meters) > _MOST_METERS:
        return Answer(ERROR, notes=(f"more than {_MOST_METERS} counters in one row: price it with calculate()",))
    try:
        cost = _priced(prices, question)
    except LLMCostError as error:
        return refused(error)
    known: dict[str, Quantity] = {} if question.duration is None else {DURATION: question.duration}
    sizes = {**_sizes(question.meters), **known}
    form = _form(cost, sizes)
    borne_out = form.gives(sizes, cost)
    if not question.alone and borne_out and question.meters:
        # Where one counter may depend on another, a second call has to bear the form out.
        others = {**_sizes(question.meters, again=True), **known}
        borne_out = form.gives(others, _priced(prices, question, again=True))
    if not borne_out:
        return Answer(ERROR, notes=("the cost is no sum of shares of the counters: price it with calculate()",))
    said = dict.fromkeys((*(str(note) for note in cost.cautions), *_by_tag(cost)))
    shared = gcd(form.per, *form.shares.values())
    shares = {place: share // shared for place, share in form.shares.items()}
    per = form.per // shared
    return Answer(status_of(cost), ",".join(cost.unpriced), cost.matched_as, cost.basis, tuple(said), shares, per)


def refused(error: LLMCostError) -> Answer:
    """Return the answer for calls that raise an error when they are priced one by one."""
    if isinstance(error, UnknownModelError):
        return Answer(UNKNOWN_MODEL, notes=(error.why or str(error.args[0]),))
    if isinstance(error, UnpricedUsageError):
        return Answer(UNPRICED, notes=(str(error),))
    status = INCONSISTENT_USAGE if isinstance(error, InconsistentUsageError) else ERROR
    return Answer(status, notes=(f"{type(error).__name__}: {error}",))


@lru_cache(maxsize=1024)
def _sizes(meters: tuple[str, ...], *, again: bool = False) -> Mapping[str, int]:
    """Return the counters of the call that is asked about, or of the second one that bears its form out."""
    sizes = {meter: 1 << bit for bit, meter in enumerate(meters, _FIRST_BIT)}
    return {meter: 3 * size + 1 for meter, size in sizes.items()} if again else sizes


def _priced(prices: CostMap, question: Question, *, again: bool = False) -> Cost:
    stated = {"provider": question.provider, "region": question.region, "service_tier": question.tier}
    given = {name: value for name, value in stated.items() if value}
    if question.batch:
        given["batch"] = True  # type: ignore[assignment]
    context = None if question.aggregate else question.context
    usage = _usage(question.meters, again, context, question.when)
    return prices.calculate(None, usage, question.duration, model=question.model, **given)  # type: ignore[arg-type]


# Cards are asked about the same calls.
@lru_cache(maxsize=1024)
def _usage(meters: tuple[str, ...], again: bool, context: int | None, when: float | None) -> Usage:
    facts: dict[str, object] = {"aggregate": True} if context is None else {"context": context}
    if when is not None:
        facts["at"] = when
    return Usage(**_sizes(meters, again=again), **facts)


class _Form:
    """A sum of shares, each for one counter and one line: whole numbers over one denominator, which is exact and fast.

    Attributes:
        shares: ``(source, line) -> USD per unit of the source``, over ``per``.
    """

    def __init__(self) -> None:
        self.shares: dict[tuple[str, str], int] = {}
        self.per = 1

    def add(self, source: str, line: str, share: int, per: int) -> None:
        """Add a share, which is over a denominator of its own."""
        if self.per % per:
            whole = lcm(self.per, per)
            self.shares = {place: known * (whole // self.per) for place, known in self.shares.items()}
            self.per = whole
        self.shares[source, line] = self.shares.get((source, line), 0) + share * (self.per // per)

    def gives(self, sizes: Mapping[str, Quantity], cost: Cost) -> bool:
        """Return whether it gives the total of a cost with counters of these sizes."""
        parts = 0
        per = 1
        for (source, _), share in self.shares.items():
            size = 1 if source == CALL else sizes[source]
            units, of = (size, 1) if type(size) is int else ratio(size)
            parts, per = parts * of + share * units * per, per * of
        numerator, denominator = cost.as_integer_ratio()
        return parts * denominator == numerator * per * self.per


def _form(cost: Cost, sizes: Mapping[str, Quantity]) -> _Form:
    form = _Form()
    for segment in cost.segments:
        tariff = segment.tariff
        if tariff is None:
            continue
        denominator = tariff.denominator
        for meter, quantity in segment.quantities.items():
            # A segment holds only meters that have a rate.
            rate: int = 0 if meter in segment.waived else tariff.rate(meter)  # type: ignore[assignment]
            if sizes.get(meter) == quantity:
                # Most quantities are what was counted.
                form.add(meter, meter, rate, denominator)
                continue
            sources, units, per = _made_of(quantity, sizes)
            for source in sources:
                form.add(source, meter, rate, denominator)
            if units:
                form.add(CALL, meter, units * rate, per * denominator)
    terms = _terms_of(cost)
    if terms:
        _add_terms(form, cost, terms, sizes)
    return form


def _terms_of(cost: Cost) -> Sequence[Term]:
    """Return the terms of the card that priced a call."""
    main = cost.segments[0].tariff if cost.segments else None
    return () if main is None else main.card.terms


def _add_terms(form: _Form, cost: Cost, terms: Iterable[Term], sizes: Mapping[str, Quantity]) -> None:
    """Add what terms change, each as the share of what it is on that the cost states for the call."""
    known = {_origin(term): term.meters for term in terms}
    # By counter and meter; what terms have changed so far is in it, and what is on the whole call has no meter.
    before = {place: Fraction(share, form.per) for place, share in form.shares.items()}
    for line in cost.line_items:
        if line.meter not in TERM_KINDS:
            continue
        value = Fraction(*ratio(line.amount))
        if line.meter == "fee":
            form.add(CALL, line.meter, *value.as_integer_ratio())
            before[CALL, ""] = before.get((CALL, ""), Fraction(0)) + value
            continue
        meters = known.get(_origin(line), frozenset())
        chosen = [place for place in before if not meters or place[1] in meters]
        whole = sum((_times(before[place], place[0], sizes) for place in chosen), Fraction(0))
        share = value / whole if whole else Fraction(0)
        for place in chosen:
            change = before[place] * share
            form.add(place[0], line.meter, *change.as_integer_ratio())
            before[place] += change


def _by_tag(cost: Cost) -> list[str]:
    """Return what is said of terms that are for calls with tags: a table does not state the tags of its calls."""
    names = ", ".join(sorted({term.name for term in _terms_of(cost) if term.tags}))
    return [f"terms for calls with tags are not in it, since a table states no tags: {names}"] if names else []


def _origin(one: Term | LineItem) -> tuple[str, str, str]:
    return one.layer, one.map_key, one.price_key


def _made_of(quantity: Quantity, sizes: Mapping[str, Quantity]) -> tuple[list[str], int, int]:
    """Return the counters that a quantity is made of, and as a fraction what is left of it."""
    found = []
    units, per = ratio(quantity)
    if DURATION in sizes:
        of, parts = ratio(sizes[DURATION])
        rest = units * parts - of * per
        # The part of a second tells a duration from whole numbers.
        if of and rest >= 0 and not rest % (per * parts):
            found.append(DURATION)
            units, per = rest // (per * parts), 1
    whole = units // per
    for meter, size in sizes.items():
        if meter != DURATION and whole & int(size):
            found.append(meter)
            units -= int(size) * per
    return found, units, per


def _times(amount: Fraction, source: str, sizes: Mapping[str, Quantity]) -> Fraction:
    return amount if source == CALL else amount * Fraction(*ratio(sizes[source]))
