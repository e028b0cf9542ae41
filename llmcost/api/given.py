"""What the caller of one call gives: facts, and prices of the call's own."""

from __future__ import annotations

from ..core.call import Call, variants
from ..core.exact import exact_key
from ..core.late import Late
from ..core.stated import NOTHING_MORE
from ..core.tiers import PREPAID, STANDARD
from ..errors import ArgumentError, did_you_mean, shown
from ..prices.entries import is_price_key
from ..prices.registry import Kept
from .facts import COMPLETING, FACTS, PLANNED, QUANTIFYING, THEIRS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..core import counts
    from ..core.usage import Usage
    from .facts import Fact
else:
    # A call without facts has nothing to check.
    counts = Late("llmcost.core.counts")

_call_types = Late("llmcost.api.call_types")


class Given:
    """The facts that a caller gives for one call; a fact that is not given has its default.

    Attributes:
        own: prices of the call alone.
        key: the values that decide the Plan; None if one of them cannot be a key.
        timed: whether a duration is given. Its seconds are of one call, and not of this kind of calls.
        completes: whether something beside the response is counted.
        quantifies: whether a fact is given that can be billed without counters, such as ``duration``.
        counts_work: whether it counts work by itself: a measured time counts only on some cards.
        kind: what its ``call_type`` says of the call, or None.
        alone: the usage of a call of which nothing else is stated, without its duration, and what decides its plan
            beside the model; None until there is such a call.
    """

    if TYPE_CHECKING:
        provider: Any
        deployment: Any
        base_model: Any
        dialect: Any
        service_tier: Any
        served_tier: Any
        batch: bool | None
        region: Any
        size: Any
        quality: Any
        resolution: Any
        n: Any
        characters: Any
        elapsed: Any
        search_context_size: Any
        web_searches: Any
        image_model: Any
        embedding_model: Any
        transcription_model: Any
        call_type: Any
        cache_hit: bool
        prefer: str
        tags: tuple[str, ...]
        fees: dict[str, Any] | None
        strict: bool
        replace: bool
        scale_rest: bool

    own: Mapping[str, object] = {}
    key: tuple[object, ...] | None = ()
    timed: bool = False
    completes: bool = False
    quantifies: bool = False
    counts_work: bool = False
    kind: str | None = None
    alone: tuple[Usage, object] | None = None

    def tier_word(self, served: object) -> object:
        """Return the word for the tier that counts; ``served`` is the response's.

        The first stated one of these: what the caller says was served, what the response says, what was requested.
        """
        return self.served_tier or served or self.service_tier

    def call(self, usage: Usage, tier: str) -> Call:
        """Return the facts of a call that select rates: what the caller says, else what the response says.

        Every ``Call`` that is priced is made here, so that a fact selects the same rate for all of them.
        """
        stated = usage.more
        tier = STANDARD if tier == PREPAID else tier
        if self is NOTHING and stated is NOTHING_MORE:
            return Call(usage.context, tier, quantities=usage.quantities)
        return Call(
            usage.context,
            tier,
            variants=variants(
                self.resolution or stated.resolution,
                self.size or stated.size,
                self.quality or stated.quality,
                self.search_context_size or stated.search_context_size,
                stated.variant,
            ),
            interval=float(stated.duration) if stated.duration is not None else None,
            results=self.n,
            region=self.region or stated.region,
            speed=stated.speed,
            quantities=usage.quantities,
        )

    def part_model(self, keyword: str | None) -> str | None:
        """Return the model that the caller names for a part of this kind."""
        model: str | None = getattr(self, keyword) if keyword else None
        return model


for _row in FACTS.values():
    if _row.does != "dates" and _row.name not in {"duration", "model", "prices"}:
        setattr(Given, _row.name, _row.default)
# A caller who says nothing.
NOTHING = Given()


# What a program knows of its calls is the same for many of them.
_cached, _MOST_CACHED = Kept(), 1024
_PLAIN = frozenset({str, int, float, bool})


def given_facts(keywords: Mapping[str, object], *, timed: bool = False) -> Given:
    """Return the facts that a caller gives, which nobody changes afterwards; a name that is no fact is a price key.

    ``timed`` says that a duration is given too.

    Raises:
        ArgumentError: a name is neither a fact nor a price key, a value is not of the kind of its fact, or ``replace``
            or ``scale_rest`` is given without prices.
        InconsistentUsageError: what is counted is no count.
    """
    key: tuple[object, ...] = (True,) if timed else ()
    for name in keywords:
        value = keywords[name]
        kind = type(value)
        if kind not in _PLAIN:
            return _facts(keywords, timed=timed)
        # 1 and True are equal, and only one of them is a number of images: the kind is part of the key.
        key += (name, value, kind)
    given: Given | None = _cached.get(key)
    if given is None:
        given = _facts(keywords, timed=timed)
        _cached.keep(key, given, _MOST_CACHED)
    return given


def _facts(keywords: Mapping[str, object], *, timed: bool) -> Given:
    given = Given()
    fields = given.__dict__
    key: list[object] = []
    own: dict[str, object] = {}
    if timed:
        given.timed = given.completes = given.quantifies = given.counts_work = True
    for name, value in keywords.items():
        row = FACTS.get(name)
        if row is None:
            if name in THEIRS:
                raise ArgumentError(f"calculate() has no {name}=, which is LiteLLM's: write {THEIRS[name]}")
            if not is_price_key(name):
                raise ArgumentError(
                    f"got an unexpected keyword argument {name!r}: it is neither a fact of a call nor a price key."
                    f"{did_you_mean(name, ('response', 'usage', 'duration', *FACTS))}"
                )
            own[name] = value
        elif value is not row.default and counts.is_stated(value):
            if type(value) is not str or row.kind != "text":
                value = as_kind(row, value)  # noqa: PLW2901 - the same value, as Python's own
            fields[name] = value
            if name in PLANNED:
                key.append((name, value))
            if name in COMPLETING:
                given.completes = True
                if name in QUANTIFYING:
                    given.quantifies = True
                    given.counts_work = given.counts_work or name != "elapsed"
    if "call_type" in fields:
        _call_types.apply(given.call_type, given, key)
    prices = fields.get("prices")
    if prices is not None:
        own = {**prices, **own}
        key = [pair for pair in key if pair != ("prices", prices)]
    if own:
        given.own = own
        try:
            key.append(exact_key(own))
        except (TypeError, ValueError):
            # Compiling the prices says what is wrong with them.
            given.key = None
    elif given.replace or given.scale_rest:
        raise ArgumentError("replace= and scale_rest= say how the call's own prices treat the others; none are given")
    if given.key is not None:
        given.key = tuple(key)
    return given


def tags_of(tags: object) -> tuple[str, ...]:
    """Return the tags of a call; raise ArgumentError unless they are a list of texts."""
    if isinstance(tags, (str, bytes)) or not hasattr(tags, "__iter__"):
        raise ArgumentError(f"tags={shown(tags)}: tags are a list of texts; write tags=[{shown(tags)}]")
    texts = []
    for tag in tags:
        if not isinstance(tag, str):
            raise ArgumentError(f"tags=...: a tag is a text, this is {shown(tag)}")
        texts.append(tag)
    return tuple(texts)


def fees_of(fees: object) -> dict[str, Any]:
    """Return the fees that a call used, by name; raise ArgumentError unless they are numbers of units.

    >>> fees_of({"crm_lookup": 3, "export": 0})
    {'crm_lookup': 3}
    """
    if not hasattr(fees, "items"):
        raise ArgumentError(f"fees={shown(fees)}: expected a mapping of names to numbers of units")
    used: dict[str, Any] = {}
    for name, quantity in fees.items():
        if not isinstance(name, str) or not name:
            raise ArgumentError(f"fees=...: the name of a fee is text, this is {shown(name)}")
        counted = counts.checked(f"fees[{shown(name)}]", quantity)
        if counted:
            used[name] = counted
    return used


def prices_among(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the prices among other fields, such as those of a deployment; a null is no price.

    >>> prices_among({"mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": None})
    {'input_cost_per_token': 2e-06}
    """
    return {name: value for name, value in fields.items() if value is not None and is_price_key(name)}


def as_kind(row: Fact, value: object) -> object:
    """Return the value of a fact as Python's own; raise an error that names the fact if it is not of its kind.

    Raises:
        ArgumentError: it is not of the kind of the fact.
        InconsistentUsageError: what is counted is no count.
    """
    kind, name = row.kind, row.name
    if kind == "text":
        # LiteLLM's word for the kind of a call may be an enum.
        text = getattr(value, "value", value) if name == "call_type" else value
        if isinstance(text, str):
            # A text enum compares as text and prints as its class.
            return str.__str__(text)
        raise ArgumentError(f"{name}={shown(value)}: it has to be text")
    if kind in {"number", "count"}:
        return value if type(value) is int and 0 <= value < counts.MOST else counts.checked(name, value)
    if kind == "flag":
        if value is True or value is False:
            return value
        from ..core.scalars import truth_of

        truth = truth_of(value)
        if truth is not None:
            return truth
        raise ArgumentError(f"{name}={shown(value)}: it is True or False, and text is neither")
    if kind == "choice" and not (isinstance(value, str) and value in row.choices):
        raise ArgumentError(f"{name}={shown(value)}: it is one of {', '.join(map(repr, row.choices))}")
    if kind == "prices" and not hasattr(value, "keys"):
        raise ArgumentError(f"{name}={shown(value)}: expected a mapping of price keys to USD per unit")
    return tags_of(value) if kind == "texts" else fees_of(value) if kind == "fees" else value
