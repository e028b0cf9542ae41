"""The price map: all models; yields rate cards, compiled once per combination of layers."""

from __future__ import annotations

from ..core.exact import exact_key
from ..core.late import Late
from ..core.rate import PUBLIC
from ..core.stated import own_text
from ..errors import ArgumentError, LLMCostError, UnknownModelError, shown
from .asked import Asked
from .keys import ALIAS_OF
from .moments import bounds, clock
from .origin import Origin
from .registry import LOCK, State, layer_of_call
from .resolve import Resolver
from .rows import DictSource, MapSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from typing import TypeVar

    from ..core import refusing
    from ..core.ratecard import RateCard
    from .deployment import Deployment
    from .deployments import Deployments
    from .history import Epochs
    from .layers import Layer
    from .places import DataSet
    from .rows import Source
    from .stack import Stack

    _Map = TypeVar("_Map", bound="PriceMap")
    Entries = Mapping[str, Mapping[str, object]] | str | os.PathLike[str]
else:
    # Loaded where something failed.
    refusing = Late("llmcost.core.refusing")

# How many answers each cache keeps. A full collection of garbage looks at all of them, hence the small numbers.
_MOST_CARDS, _MOST_PRICED, _MOST_UNKNOWN = 1024, 256, 2048


class PriceMap:
    """All models. It reads like a mapping of names to rows; ``rate_card`` compiles the rate card of a model.

    Attributes:
        deployments: those of the configuration, or None without one.
        has_past: whether the history of the bundled prices applies; a user's own prices hold at any time.
    """

    def __init__(self, entries: Entries | None = None) -> None:
        self.deployments: Deployments | None = None
        self._state = State({})
        self._origin, self.has_past = Origin(), entries is None
        self._base: Source | None = None
        if entries is not None:
            from .own_prices import content, copies, is_path

            if is_path(entries):
                self._base = MapSource(content(entries), str(entries))
            else:
                self._base = DictSource(copies(entries, "entries"))

    @property
    def source(self) -> Source:
        """The entries, read when they are first needed."""
        if self._base is None:
            with LOCK:
                if self._base is None:
                    self._base = self._origin.read()
        return self._base

    @property
    def as_of(self) -> str:
        """The day that the prices are of, ISO text; "" for entries of one's own."""
        return self._origin.as_of if self.source is not None else ""

    @property
    def data(self) -> DataSet | None:
        """The set of price data that it was read from; None for a user's own entries."""
        return self._origin.data

    def epochs(self, card: RateCard) -> Epochs:
        """Return the price changes known of the map's entry that a card rests on."""
        name = next((key for layer, key in card.layers if layer in PUBLIC), None)
        if not self.has_past or name is None:
            from .history import NONE

            return NONE
        return self._origin.epochs(name, self.source.get(name) or {}, self.source)

    def register(self, entries: Entries, *, replace: bool = False, scale_rest: bool = False) -> None:
        """Add a user's own prices: stronger than the map's, weaker than a call's.

        A name that was registered before keeps the keys that are not named again. Either all entries are
        registered or, if one is wrong, none. A price-like key that this version does not know is an error; in a row
        that was copied from a public map, which has a ``litellm_provider``, only if it looks like a typo.
        Otherwise it is set aside, with one ConfigWarning for all.

        Args:
            entries: model -> price keys, or the path of a JSON file of that form.
            replace: the entries are whole cards; nothing of weaker layers stays in force.
            scale_rest: conditional siblings of weaker layers follow a changed base rate in proportion.

        Raises:
            UnknownPriceKeyError, InvalidPriceError: an entry cannot be billed by.
            PriceDataError: the entries are no mapping of mappings, or the file cannot be read or is no JSON.
        """
        from .own_prices import entries_of
        from .registration import Registration

        new = entries_of(entries, "register")
        if any(ALIAS_OF in raw for raw in new.values()):
            self._base = self.source  # read here: what an alias stands for may be a row of the map
        with LOCK:
            found = Registration(self._state.registered, new, lambda: self.source)
            found.add(replace=replace, scale_rest=scale_rest)
            before, self._state = self._state, State(found.registered, self._base if found.aliased else None)
        before.forget()
        found.say_what_is_aside()

    def rate_card(
        self,
        model: str | None = None,
        *,
        provider: str | None = None,
        base_model: str | None = None,
        region: str | None = None,
        deployment: str | None = None,
        prices: Mapping[str, object] | None = None,
        replace: bool = False,
        scale_rest: bool = False,
    ) -> RateCard:
        """Return all rates of a model, compiled from every layer.

        Raises:
            UnknownModelError: no layer knows the name.
            UnknownPriceKeyError, InvalidPriceError: ``prices`` cannot be billed by.
            ArgumentError: a fact is no text, or ``prices`` is no mapping.
        """
        try:
            asked = Asked(model, None, provider, None, base_model, region, deployment)
            return self.card(asked, prices, replace=replace, scale_rest=scale_rest)
        except LLMCostError:
            raise
        except Exception as error:
            refusing.refuse_call(error, PriceMap.rate_card, locals())
            raise

    def card(
        self,
        asked: Asked,
        prices: Mapping[str, object] | None = None,
        *,
        replace: bool = False,
        scale_rest: bool = False,
        epoch: int | None = None,
        span: int | None = None,
    ) -> RateCard:
        """Return the rate card of what is asked for; the same object for the same question.

        ``epoch`` is the number of a past or future epoch of the map's entry; None for its present prices. ``span`` is
        the same for prices of one's own: it counts the spans between the ``moments`` of the card.
        """
        if (replace or scale_rest) and not prices:
            raise ArgumentError("replace= and scale_rest= say how the call's own prices treat others; none are given")
        if prices and not hasattr(prices, "keys"):
            raise ArgumentError(f"prices={shown(prices)}: it has to be a mapping of price keys to USD")
        state, question = self._state, asked.key
        key: object = (question, epoch) if span is None else (question, epoch, span)
        cards, most = state.cards, _MOST_CARDS
        try:
            unknown = state.unknown.get((question, bool(prices)))
            if unknown is not None:
                # An error holds the frame that raises it: a name for it here would make a cycle.
                raise unknown.__copy__()  # noqa: RSE102 - this is no class
            if prices:
                key = (key, replace, scale_rest, exact_key(prices))
                cards, most = state.priced, _MOST_PRICED
            card: RateCard | None = cards.get(key)
        except (TypeError, ValueError):
            # A fact is not text, or a price is not a number: the error names it.
            asked.check()
            card = key = None
        if card is None or (span is None and card.moments and bounds(card.moments, card.span)[1] <= clock()):
            layer = layer_of_call(prices, replace=replace, scale_rest=scale_rest) if prices else ()
            card = self._card_from(self._stack(state, asked, question, priced=bool(layer)), layer, epoch, span)
            if key is not None:
                cards.keep(key, card, most)
        return card

    def _card_from(
        self, stack: Stack, own: tuple[Layer, ...] = (), epoch: int | None = None, span: int | None = None
    ) -> RateCard:
        number = stack.span() if span is None else span
        below, gaps = stack.in_force(number)
        layers = own + (below if epoch is None else self._origin.at_epoch(below, epoch, self.source))
        card = self._origin.date(stack.compile_with(layers, (), gaps, stack.terms_at(number)), layers)
        card.moments, card.span, card.fees = stack.moments, number, stack.fees
        if self.has_past:
            card.attest = self._attest
        return card

    def _attest(self, name: str) -> Mapping[str, object]:
        return self._origin.attest(name, self.source.get(name))

    def _stack(self, state: State, asked: Asked, question: object, *, priced: bool) -> Stack:
        key = (question, priced)
        found: Stack | None = state.stacks.get(key)
        if found is not None:
            return found
        asked.check()
        try:
            found = self._resolver(state).stack(asked, priced=priced)
        except UnknownModelError as error:
            error.prices = self._origin.told
            state.unknown.keep(key, error.__copy__(), _MOST_UNKNOWN)
            raise
        state.stacks.keep(key, found, _MOST_CARDS)
        return found

    def has_deployment(self, name: str) -> bool:
        """Return whether ``deployment=`` may name this: a deployment, or an entry that is registered with prices."""
        name = own_text(name)
        own = self._state.registered.get(name) if type(name) is str else None
        return (own is not None and own.layer.sells) or (type(name) is str and self._resolver().configures(name))

    def _resolver(self, state: State | None = None) -> Resolver:
        return Resolver(self.source, state or self._state, self.deployments)

    def with_deployments(self: _Map, deployments: Deployments) -> _Map:
        """Return a new map with the deployments of a configuration over this one's prices."""
        # The rows are read now, so that both maps share them.
        self._base = self.source
        found = type(self).__new__(type(self))
        found.__dict__.update(self.__dict__)
        found._state = State(self._state.registered, self._base)
        found.deployments = deployments
        return found

    def use_deployments(self, deployments: Deployments | None) -> None:
        """Put the deployments and the terms of a configuration in place in this map itself, or take them out."""
        base = self.source
        with LOCK:
            self.deployments, before = deployments, self._state
            self._state = State(before.registered, base)
        before.forget()

    def card_of(self, deployment: Deployment, span: int | None = None, region: str | None = None) -> RateCard:
        """Return the rate card of one deployment of a configuration: of a span between its moments, or the present.

        Raises UnknownModelError if neither it nor its model has a price.
        """
        from .deployments import Choice

        stack = self._resolver().stack_of(Asked(deployment.alias, region=region), Choice("", [deployment]))
        return self._card_from(stack, span=span)

    def __getitem__(self, name: str) -> dict[str, object]:
        name = own_text(name)
        if type(name) is not str:
            raise KeyError(shown(name))
        # An alias has the entry of the row that it stands for.
        name = self._state.source.alias_of(name) or name
        if name not in self._state.registered:
            name = self.source.alias_of(name) or name
        own = self._state.registered.get(name)
        base = self.source.get(name)
        if own is None and base is None:
            raise KeyError(name)
        from .own_prices import copied

        return {key: copied(value) for key, value in {**(base or {}), **(own.raw if own is not None else {})}.items()}

    def get(self, name: str, default: object = None) -> object:
        """Return the entry of exactly this name: the map's, with registered keys over it."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        name = own_text(name)
        return type(name) is str and (self._state.source.get(name) is not None or self.source.get(name) is not None)

    def __iter__(self) -> Iterator[str]:
        return self._resolver().names()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def keys(self) -> tuple[str, ...]:
        """Return every name."""
        return tuple(self)

    def items(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield every name with its entry."""
        for name in self:
            yield name, self[name]
