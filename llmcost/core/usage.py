"""Usage: all the quantities of one call, with what the response itself states."""

from __future__ import annotations

from .counts import as_json, checked, checked_part, prompt_tokens
from .exact import plus
from .meters import INPUT, METERS, OUTPUT, no_meter, token_side
from .notes import Note
from .stated import NOTHING_MORE, RESPONSE_FACTS, More, kept_in_more

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from .counts import AnyQuantities, Quantities, Quantity

_new = object.__new__


class Usage:
    """All the quantities of one call, disjoint: each physical token stands under exactly one meter.

    Quantities are keyword arguments named like meters; facts that the response states are keyword
    arguments too (``model``, ``service_tier``, ``region`` ...).

    >>> usage = Usage(input=200, cache_read=800, output=500)
    >>> usage.input_tokens, usage.output_tokens, usage.total_tokens
    (1000, 500, 1500)
    >>> usage.replaced(region="eu").to_dict()
    {'cache_read': 800, 'input': 200, 'output': 500, 'region': 'eu', 'context': 1000}
    >>> [part.context for part in usage.walk()], (usage + usage).aggregate
    ([1000], True)

    Attributes:
        quantities: meter -> how many units. Treat it as read-only.
        model, provider, dialect, service_tier, region, at: what the response states; None where it states nothing.
        speed, size, quality, resolution, variant, search_context_size: the same, of what decides a price.
        reported: USD that the response states as its cost, or None.
        aggregate: whether it is of several requests together.
        batch: whether it was billed as a batch.
        alternatives: groups of units that measure the same work. A group is a tuple of ``{meter: quantity}``
            in order of preference; the card rates the first that it has rates for.
        context: tokens of the whole prompt of one request; None for an aggregate of several.
        duration: seconds, where the response gives one undivided time; rated once.
        elapsed: seconds of measured latency; used only by cards billed by wall clock.
        parts: usages of other models, or turns, inside the same response.
        free: why nothing is billed, or None.
        model_keyword: the keyword of ``calculate`` that names the model of this part, such as ``image_model``, or None.
        model_id: the id of the deployment that a gateway chose, or None.
        booked: the reported cost is a gateway's own calculation, and not the bill of a seller.
        partial: the response broke off; the quantities are a lower bound.
        routed: the response proves that its model is billed, and not the one that was called.
        media: how many pieces of media there are, each as long as the duration that the caller states.
        above: tokens that only the stated total holds, and none of its parts.
        overlap: ``(words, tokens)``: models with such a word in their name count these cached tokens as input too.
        names_of: ``(word, maker)``: the counters stand alone under the names of this maker's API, whose models have the
            word in their name, and are counted as there.
        named_provider: the seller that a span or log names; weaker than ``provider``, which the response proves.
        unread: counters that the response states and nobody knows, by their path, with their value. None of them
            is in a quantity, so that a cost of this usage is a lower bound.
        readings: what the counters may mean, where that is more than one thing, as usages of quantities alone. The
            card decides: where all cost the same there is no doubt. One with a ``provider`` is how that seller counts.
        undecided: why no reading is better than the others, in words; None if this usage is the documented one.
        notes: what the reader had to decide.

    Raises:
        InconsistentUsageError: a quantity is negative, not finite or not a number.
        ArgumentError: a name is neither a meter nor a fact.
    """

    quantities: Quantities
    model: str | None = None
    provider: str | None = None
    dialect: str | None = None
    service_tier: str | None = None
    at: object = None
    context: int | None = None
    partial: bool = False
    notes: tuple[Note, ...] = ()
    # Everything else that is stated. Most usages are the units of one request and state nothing else.
    more: More = NOTHING_MORE

    if TYPE_CHECKING:
        named_provider: str | None
        region: str | None
        speed: str | None
        search_context_size: str | None
        size: str | None
        quality: str | None
        resolution: str | None
        variant: str | None
        reported: Decimal | None
        free: str | None
        model_keyword: str | None
        model_id: str | None
        booked: bool
        alternatives: tuple[tuple[Quantities, ...], ...]
        duration: Quantity | None
        elapsed: Quantity | None
        parts: tuple[Usage, ...]
        aggregate: bool
        batch: bool
        routed: bool
        media: int | None
        above: int | None
        overlap: tuple[tuple[str, ...], int] | None
        names_of: tuple[str, str] | None
        readings: tuple[Usage, ...]
        undecided: str | None
        unread: Mapping[str, Quantity | str]

    def __init__(self, **given: object) -> None:
        quantities: Quantities = {}
        for name, value in given.items():
            if name in METERS:
                quantity = checked(name, value) if name in _WHOLES else checked_part(name, value)
                if quantity:
                    quantities[name] = quantity
            elif name in _SETTABLE:
                if type(value) is str and name in RESPONSE_FACTS and name != "reported":
                    setattr(self, name, value)
                elif value is not None:
                    self._state(name, value)
            else:
                raise no_meter("Usage()", name)
        self.quantities = quantities
        if self.unread:
            from .unread import add_unread

            stated, self.unread = self.unread, {}
            add_unread(self, stated)
        if self.context is None and not self.aggregate:
            self.context = prompt_tokens(quantities)

    def _state(self, name: str, value: object) -> None:
        """State a fact that a caller gives, unless it is NaN or the like."""
        from .stated_facts import NOTHING, checked_fact

        found = checked_fact(Usage, name, value)
        if found is not NOTHING:
            setattr(self, name, found)

    @classmethod
    def of(cls, quantities: AnyQuantities, context: int | None, dialect: str, facts: Mapping[str, object]) -> Usage:
        """Return a usage from quantities that a reader has already checked; those of 0 are left out."""
        zero = 0 in quantities.values()
        used = {meter: units for meter, units in quantities.items() if units} if zero else quantities
        self = counted(used, context, dialect)  # type: ignore[arg-type]
        for name, value in facts.items():
            setattr(self, name, value)
        return self

    def replaced(self, **changes: object) -> Usage:
        """Return a copy with other facts; a quantity is replaced through ``quantities``."""
        copy = twin(self)
        for name, value in changes.items():
            if name not in _REPLACEABLE:
                raise no_meter("Usage.replaced()", name)
            setattr(copy, name, value)
        return copy

    def for_model(self, *names: str) -> Usage:
        """Return the usage as the API of this model counts it: tokens that it counts twice are counted once."""
        named, overlap = self.more.names_of, self.more.overlap
        if named is not None and not any(named[0] in name for name in names):
            said = (
                f"cached tokens are counted beside the input, as {named[1]}'s names of counters say, and "
                f"{names[0]} is another maker's: dialect='inclusive' if they are inside"
            )
            return self.replaced(names_of=None, notes=(*self.notes, Note("counted_beside", said, "cache_read")))
        if overlap is None:
            return self
        words, tokens = overlap
        if not any(word in name for word in words for name in names):
            return self
        quantities = {**self.quantities, "input": self.quantities.get("input", 0) - tokens}
        said = "models of this family count cached tokens inside the input too: taken out of it"
        return self.replaced(
            quantities={meter: quantity for meter, quantity in quantities.items() if quantity},
            context=(self.context or 0) - tokens,
            overlap=None,
            notes=(*self.notes, Note("counted_inside", said, "input")),
        )

    @property
    def input_tokens(self) -> Quantity:
        """How many tokens the prompt has, cached ones and those of parts included."""
        return self._tokens(INPUT)

    @property
    def output_tokens(self) -> Quantity:
        """How many tokens the answer has, reasoning and those of parts included."""
        return self._tokens(OUTPUT)

    @property
    def total_tokens(self) -> Quantity:
        """How many tokens prompt and answer have together."""
        return plus(self.input_tokens, self.output_tokens)

    def _tokens(self, side: str) -> Quantity:
        total: Quantity = 0
        for usage in self.walk():
            counted = [usage.quantities]
            for group in usage.alternatives:
                counted += [unit for unit in group if any(map(token_side, unit))][:1]
            for unit in counted:
                for meter, quantity in unit.items():
                    if token_side(meter) == side:
                        total = plus(total, quantity)
        return total

    def walk(self) -> Iterable[Usage]:
        """Yield this usage and every part below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def __add__(self, other: object) -> Usage:
        """Return both together: an aggregate, which has no context, so no threshold is applied to it.

        To add what calls cost, add their Costs.
        """
        if not isinstance(other, Usage):
            return NotImplemented
        from .together import together

        both: Usage = together(self, other)
        return both

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Usage) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        given = {**self.quantities, **self._facts()}
        return f"Usage({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    def _facts(self) -> dict[str, object]:
        return {fact: value for fact in RESPONSE_FACTS if (value := getattr(self, fact)) is not None}

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict: the quantities, and every fact that is stated."""
        result: dict[str, object] = {meter: as_json(q) for meter, q in sorted(self.quantities.items())}
        for fact, value in self._facts().items():
            result[fact] = value if isinstance(value, (str, int, float, bool)) else str(value)
        if self.alternatives:
            result["alternatives"] = [
                [{meter: as_json(q) for meter, q in unit.items()} for unit in group] for group in self.alternatives
            ]
        for name in ("context", "duration", "elapsed", "media", "above"):
            value = getattr(self, name)
            if value is not None:
                result[name] = as_json(value)
        for name in ("partial", "aggregate", "batch", "routed", "booked"):
            if getattr(self, name):
                result[name] = True
        if self.unread:
            result["unread"] = {name: as_json(value) for name, value in self.unread.items()}
        if self.parts:
            result["parts"] = [part.to_dict() for part in self.parts]
        if self.notes:
            result["notes"] = [note.to_dict() for note in self.notes]
        return result


def counted(quantities: Quantities, context: int | None, dialect: str | None) -> Usage:
    """Return ``Usage.of`` without facts, in half the time: what the common call is read into."""
    self = _new(Usage)
    self.quantities, self.context, self.dialect = quantities, context, dialect
    # Read on every call: an attribute of its own is found faster than one of the class.
    self.model = self.provider = self.service_tier = self.at = None
    self.more = NOTHING_MORE
    return self


def twin(usage: Usage) -> Usage:
    """Return a usage of the same class that states the same; of Usage itself by attributes, which is faster."""
    if type(usage) is Usage:
        copy = counted(usage.quantities, usage.context, usage.dialect)
        copy.model, copy.provider, copy.at = usage.model, usage.provider, usage.at
        copy.service_tier, copy.partial, copy.notes = usage.service_tier, usage.partial, usage.notes
    else:
        copy = type(usage).__new__(type(usage))
        copy.__dict__.update(usage.__dict__)
    if usage.more is not NOTHING_MORE:
        copy.more = More()
        copy.more.__dict__.update(usage.more.__dict__)
    return copy


for _name in More.__annotations__:
    setattr(Usage, _name, kept_in_more(_name))

# NaN, the empty cell of a table, is 0 for a part such as cache_read. For these wholes it means
# that the count is missing, which is an error.
_WHOLES = frozenset({"input", "output"})
_REPLACEABLE = frozenset({*RESPONSE_FACTS, *More.__annotations__, "context", "partial", "notes", "quantities"})
_SETTABLE = _REPLACEABLE - {"overlap", "names_of", "quantities"}
