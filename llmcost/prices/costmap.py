"""The price map: all models; yields rate cards, compiled once per combination of layers."""

from __future__ import annotations

import json
from _thread import allocate_lock
from time import time

from ..core.counts import IMAGE_UNITS
from ..core.exact import exact_key
from ..errors import ConfigWarning, LLMCostError, PriceDataError, SuspiciousPriceWarning, UnknownModelError, shown
from . import layers as layering
from . import places
from .aliases import ALIAS_OF
from .bundled import NO_MODELS, DictSource, MapSource, checked_entries
from .entries import compile_entry, suspicious
from .layers import Layer, compile_card
from .names import ALIAS, Match, Query, find, is_provider, is_snapshot, nearest
from .provider_rules import IMAGE_MODES, ROUTED_SELLERS, ROUTER_FEES, ROUTER_NAMES, family
from .windows import day_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, TypeVar

    from ..core.rate import Term
    from ..core.ratecard import RateCard
    from .deployments import Deployment, Deployments
    from .entries import Entry
    from .history import Epochs, History
    from .layers import Finish

    _Map = TypeVar("_Map", bound="PriceMap")

_MOST_CARDS = 8192
# Vendors change prices within weeks; a map that is older says so.
STALE_DAYS = 30


class _Registered:
    """A registered entry and how it treats the layers below it."""

    __slots__ = ("entry", "raw", "replace", "scale_rest")

    def __init__(self, raw: dict[str, object], entry: Entry, *, replace: bool, scale_rest: bool) -> None:
        self.raw, self.entry, self.replace, self.scale_rest = raw, entry, replace, scale_rest


class _State:
    """One consistent view of the map: readers hold on to it, writers put a new one in its place."""

    __slots__ = ("cards", "plans", "registered", "source", "stacks", "unknown")

    def __init__(self, registered: dict[str, _Registered], base: MapSource | DictSource | None = None) -> None:
        self.registered = registered
        # What is registered may be an alias of a row of the map.
        self.source = DictSource({name: found.raw for name, found in registered.items()}, base)
        self.cards: dict[object, RateCard] = {}
        self.plans: dict[object, Any] = {}
        self.stacks: dict[object, _Stack] = {}
        self.unknown: dict[object, tuple[str, str | None, tuple[str, ...], str]] = {}


class _Stack:
    """The layers of one model below the call's own prices, and how they were found."""

    __slots__ = ("finish", "layers", "model", "name", "notes", "path", "provider", "region", "rule", "terms")

    def __init__(
        self,
        model: str,
        name: str,
        rule: str,
        layers: tuple[Layer, ...],
        notes: tuple[str, ...],
        provider: str | None,
        terms: tuple[Term, ...],
        region: str | None,
        path: tuple[tuple[str, str], ...],
        finish: Finish | None,
    ) -> None:
        self.model, self.name, self.rule, self.layers = model, name, rule, layers
        self.notes, self.provider, self.terms = notes, provider, terms
        self.region, self.path, self.finish = region, path, finish


class Asked:
    """Which model is asked for, and what is known of who serves it.

    Attributes:
        model: the caller's name for it.
        response_model: the response's.
        provider: the caller's.
        response_provider: the one that the reader proved.
        routed: the response proves that its model is what is billed, whatever was asked for.
    """

    __slots__ = (
        "base_model", "deployment", "model", "model_id", "provider", "quality", "region", "response_model",
        "response_provider", "routed", "size",
    )  # fmt: skip

    def __init__(
        self,
        model: str | None = None,
        response_model: str | None = None,
        provider: str | None = None,
        response_provider: str | None = None,
        base_model: str | None = None,
        region: str | None = None,
        deployment: str | None = None,
        model_id: str | None = None,
        size: str | None = None,
        quality: str | None = None,
        *,
        routed: bool = False,
    ) -> None:
        self.routed = routed
        # An empty name, as LiteLLM's callers pass it, names nothing.
        self.model, self.response_model = model or None, response_model
        self.provider, self.response_provider = provider, response_provider
        self.base_model, self.region = base_model, region
        self.deployment, self.model_id = deployment, model_id
        self.size, self.quality = size, quality

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """Everything that decides which card it is."""
        return (
            self.model, self.response_model, self.provider, self.response_provider, self.base_model, self.region,
            self.deployment, self.model_id, self.size, self.quality, self.routed,
        )  # fmt: skip

    def check(self) -> None:
        """Raise PriceDataError for a fact that is no text: a look-up by it could only fail further on."""
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None and name != "routed" and not isinstance(value, str):
                raise PriceDataError(f"{name.removeprefix('response_')}={shown(value)}: it has to be text")


class PriceMap:
    """All models. Reads like a mapping of names to entries; ``rate_card`` compiles what a call is rated by.

    Attributes:
        deployments: those of the configuration, or None without one.
    """

    def __init__(self, entries: Mapping[str, Mapping[str, object]] | str | os.PathLike[str] | None = None) -> None:
        self._lock = allocate_lock()
        self.deployments: Deployments | None = None
        self._state = _State({})
        # Only the bundled map has a past; prices that somebody hands over are theirs at any time.
        self._history: History | None = None
        self.has_past = entries is None
        self.data: places.DataSet | None = None
        self._as_of: str | None = None
        self._provenance: MapSource | None = None
        self._base: MapSource | DictSource | None
        if entries is None:
            self._base = None
        elif isinstance(entries, (str, bytes)) or hasattr(entries, "__fspath__"):
            self._base = MapSource(_content(entries), str(entries))
        else:
            self._base = DictSource(_own(entries, "entries"))

    @property
    def source(self) -> MapSource | DictSource:
        """The entries, read when they are first needed."""
        if self._base is None:
            with self._lock:
                if self._base is None:
                    data = self.data = places.current()
                    found = data.read(places.MAP)
                    if found is None:
                        raise PriceDataError(f"{places.MAP} is missing from this installation of llmcost")
                    self._base = MapSource(found, data.origin)
        return self._base

    def epochs(self, card: RateCard) -> Epochs:
        """Return the price changes known of the map's entry that a card rests on."""
        from .history import NONE, History  # noqa: PLC0415 - only a date needs the past

        if not self.has_past:
            return NONE
        name = next((key for layer, key in card.layers if layer in layering.PUBLIC), None)
        if name is None:
            return NONE
        if self._history is None:
            data = self.data or places.current()
            self._history = History(data.read(places.HISTORY) or b"", data.origin)
        return self._history.of(name, self.source.get(name) or {})

    # Registering.

    def register(
        self,
        entries: Mapping[str, Mapping[str, object]] | str | os.PathLike[str],
        *,
        replace: bool = False,
        scale_rest: bool = False,
    ) -> None:
        """Add prices of one's own, over the map's and under a call's.

        A name that was registered before keeps the keys that are not named again. Either all entries are
        registered or, if one is wrong, none. A price-like key that this version does not know is an error; in a row
        that was copied from a public map, which has a ``litellm_provider``, only if it looks like a slip of the pen.
        Otherwise it is set aside, with one ConfigWarning for all.

        Args:
            entries: model -> price keys, or the path of a JSON file of that form.
            replace: the entries are whole cards; nothing of weaker layers stays in force.
            scale_rest: conditional siblings of weaker layers follow a changed base rate in proportion.

        Raises:
            UnknownPriceKeyError, InvalidPriceError: an entry cannot be billed by.
            PriceDataError: the entries are no mapping of mappings, or the file cannot be read or is no JSON.
        """
        if isinstance(entries, (str, bytes)) or hasattr(entries, "__fspath__"):
            data = _content(entries)
            try:
                new = _own(json.loads(data), str(entries))
            except (ValueError, RecursionError) as error:
                raise PriceDataError(f"{entries!r} is no JSON map of prices: {error}") from error
        else:
            new = _own(entries, "register")
        aside: dict[str, list[str]] = {}
        new = {name: raw for name, raw in new.items() if name not in NO_MODELS}
        if any(ALIAS_OF in raw for raw in new.values()):
            self._base = self.source  # read here: what an alias stands for may be a row of the map
        with self._lock:
            registered = dict(self._state.registered)
            for name, raw in new.items():
                if ALIAS_OF in raw:
                    self._check_alias(name, raw, new, registered)
                    registered[name] = _Registered(
                        raw, compile_entry(raw, layering.REGISTERED, name), replace=False, scale_rest=False
                    )
                    continue
                tolerate = _is_new if "litellm_provider" in raw else None
                entry = compile_entry(raw, layering.REGISTERED, name, tolerate)
                for found in entry.unknown:
                    aside.setdefault(found.key, []).append(name)
                before = registered.get(name)
                if before is not None and not replace and ALIAS_OF not in before.raw:
                    # Cell by cell: what is said again may have been spelled otherwise before.
                    kept = {key: value for key, value in before.raw.items() if not entry.sets(key)}
                    raw = {**kept, **raw}  # noqa: PLW2901 - both together are what is registered now
                    entry = compile_entry(raw, layering.REGISTERED, name, tolerate)
                warn_if_suspicious(entry)
                registered[name] = _Registered(
                    raw, entry,
                    replace=replace or (before.replace if before else False),
                    scale_rest=scale_rest or (before.scale_rest if before else False),
                )  # fmt: skip
            aliased = any(ALIAS_OF in found.raw for found in registered.values())
            self._state = _State(registered, self._base if aliased else None)
        if aside:
            import warnings  # noqa: PLC0415 - needed only for keys that this version does not know

            text = f"{keys_of_models(aside)}: set aside, they price nothing"
            warnings.warn(text, ConfigWarning, stacklevel=2)

    def _check_alias(
        self, name: str, raw: Mapping[str, object], new: Mapping[str, object], registered: Mapping[str, _Registered]
    ) -> None:
        """Raise PriceDataError unless an alias that somebody registers is no more than that, and of a known model."""
        target = raw[ALIAS_OF]
        if not isinstance(target, str):
            raise PriceDataError(f"{name!r}: {ALIAS_OF}={shown(target)} is no name of a model")
        entry = compile_entry(raw, layering.REGISTERED, name)
        if entry.rates or entry.factors:
            raise PriceDataError(
                f"{name!r} is an alias of {target!r} and has prices too: register the prices under {target!r}, or "
                f"leave {ALIAS_OF} out and pass base_model={target!r} with the call"
            )
        own = new.get(target) or (registered[target].raw if target in registered else None)
        if isinstance(own, dict) and ALIAS_OF in own:
            raise PriceDataError(f"{name!r} is an alias of {target!r}, which is an alias itself: name the model")
        if own is None and (self.source.get(target) is None or self.source.alias_of(target) is not None):
            why = "which is an alias itself" if self.source.get(target) is not None else "which no layer knows"
            raise PriceDataError(f"{name!r} is an alias of {target!r}, {why}: name a model that has a row")

    # Rate cards.

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
            PriceDataError: a fact is no text, or ``prices`` is no mapping.
        """
        asked = Asked(model, None, provider, None, base_model, region, deployment)
        return self.card(asked, prices, replace=replace, scale_rest=scale_rest)

    def card(
        self,
        asked: Asked,
        prices: Mapping[str, object] | None = None,
        *,
        replace: bool = False,
        scale_rest: bool = False,
        epoch: int | None = None,
    ) -> RateCard:
        """Return the rate card of what is asked for; the same object for the same question.

        ``epoch`` is the number of a past or future epoch of the map's entry; None for its present prices.
        """
        if (replace or scale_rest) and not prices:
            raise ValueError("replace= and scale_rest= say how the call's own prices treat the others; none are given")
        if prices and not hasattr(prices, "keys"):
            raise PriceDataError(f"prices={shown(prices)}: it has to be a mapping of price keys to USD")
        state = self._state
        key: object = (asked.key, epoch)
        try:
            if prices:
                key = (key, replace, scale_rest, exact_key(prices))
            card = state.cards.get(key)
        except (TypeError, ValueError):
            # A fact that is no text, or a price that is no number: compiling says which.
            return self._compile(state, asked, prices or {}, replace=replace, scale_rest=scale_rest, epoch=epoch)
        if card is None:
            card = self._compile(state, asked, prices or {}, replace=replace, scale_rest=scale_rest, epoch=epoch)
            if len(state.cards) >= _MOST_CARDS:
                state.cards.clear()
            state.cards[key] = card
        return card

    def _compile(
        self,
        state: _State,
        asked: Asked,
        prices: Mapping[str, object],
        *,
        replace: bool,
        scale_rest: bool,
        epoch: int | None = None,
    ) -> RateCard:
        asked.check()
        own: tuple[Layer, ...] = ()
        if prices:
            entry = compile_entry(prices, layering.CALL, "prices")
            warn_if_suspicious(entry)
            own = (Layer(entry, replace=replace, scale_rest=scale_rest),)
        stack = self._stack(state, asked, priced=bool(own))
        below = stack.layers if epoch is None else self._at_epoch(stack.layers, epoch)
        return self._card_from(stack, own + below)

    def _card_from(self, stack: _Stack, layers: tuple[Layer, ...]) -> RateCard:
        card = compile_card(
            layers,
            model=stack.model,
            name=stack.name,
            match_rule=stack.rule,
            notes=stack.notes + self._age(layers),
            provider=stack.provider,
            terms=stack.terms,
            region=stack.region,
            path=stack.path,
            finish=stack.finish,
        )
        if self.has_past:
            card.attest = self._attest
        return card

    def _attest(self, name: str) -> Mapping[str, object]:
        """Return what is known of where an entry's numbers come from."""
        data = self.data
        if data is None or self.source.get(name) is None:
            return {}
        if self._provenance is None:
            self._provenance = MapSource(data.read(places.PROVENANCE) or b"{}", "the provenance")
        url = (self.source.get(name) or {}).get("source")
        return {"url": url, **(self._provenance.get(name) or {})}

    def _age(self, layers: tuple[Layer, ...]) -> tuple[str, ...]:
        """Return a note if the map is old and a card rests on it."""
        if self.data is None or not any(layer.entry.layer in layering.PUBLIC for layer in layers):
            return ()
        if self._as_of is None:
            self._as_of = str(places.info_of(self.data).get("as_of") or "")
        stated = self._as_of or self.data.installed
        if not stated:
            return ()
        days = int(time() // 86_400) - day_number(stated)
        if days <= STALE_DAYS:
            return ()
        if not self._as_of:
            return (f"the price map was fetched on {stated}, {days} days ago, and may be older: see `llmcost update`",)
        return (f"the price map is of {self._as_of}, {days} days old: see `llmcost update`",)

    def _at_epoch(self, layers: tuple[Layer, ...], epoch: int) -> tuple[Layer, ...]:
        """Return the layers with the map's entry as it was in an epoch; dates concern that layer only."""
        found = []
        for layer in layers:
            entry = layer.entry
            if entry.layer in layering.PUBLIC:
                assert self._history is not None  # noqa: S101 - epochs() has read it
                raw = self._history.of(entry.key).entry(self.source.get(entry.key) or {}, epoch)
                found.append(Layer(compile_entry(raw, entry.layer, entry.key)))
            else:
                found.append(layer)
        return tuple(found)

    def _stack(self, state: _State, asked: Asked, *, priced: bool) -> _Stack:
        key = (asked.key, priced)
        found = state.stacks.get(key)
        if found is not None:
            return found
        known_unknown = state.unknown.get(key)
        if known_unknown is not None:
            raise UnknownModelError(*known_unknown, nearest=lambda: nearest(known_unknown[0], self))
        try:
            found = self._find(state, asked, priced=priced)
        except UnknownModelError as error:
            if len(state.unknown) >= _MOST_CARDS:
                state.unknown.clear()
            state.unknown[key] = (error.model, error.provider, error.tried, error.why)
            raise
        if len(state.stacks) >= _MOST_CARDS:
            state.stacks.clear()
        state.stacks[key] = found
        return found

    def _find(self, state: _State, asked: Asked, *, priced: bool) -> _Stack:
        deployment, how = self._deployment(asked)
        return self._stack_of(state, asked, deployment, how, priced=priced)

    def _stack_of(
        self, state: _State, asked: Asked, deployment: Deployment | None, how: str, *, priced: bool
    ) -> _Stack:
        backend = deployment.backend if deployment is not None else None
        region = asked.region or (deployment.region if deployment is not None else None)
        base_model = asked.base_model or (deployment.base_model if deployment is not None else None)
        name = backend or asked.model or asked.response_model
        if name is None:
            raise UnknownModelError("", why="neither the call nor the response names a model: pass model=")
        queries = _queries(asked, deployment, region)
        tried: list[str] = []
        stack: list[Layer] = list(deployment.layers) if deployment is not None else []
        notes: list[str] = []

        base_query = Query(base_model, None, region) if base_model else None
        base_queries = _sized(base_model, None, region, asked) if base_model else queries
        via = _first(state.source, queries, tried) if state.source.aliases else None
        if via is not None and via.rule == ALIAS:
            queries = _queries(asked, deployment, region, via.name)
            base_queries = base_queries if base_model else queries
        several: UnknownModelError | None = None
        try:
            matched = _first(self.source, base_queries, tried)
            if matched is not None and matched.rule == ALIAS:
                via = matched
                if base_model:
                    base_queries = [*base_queries, Query(matched.name, None, region)]
                else:
                    # What the caller means is the row: its snapshots, and what is registered for it, are meant too.
                    queries = _queries(asked, deployment, region, matched.name)
                    matched = _first(self.source, queries, tried)
        except UnknownModelError as error:
            # Own prices are used all the same.
            matched, several = None, error
        via = via if via is not None and via.rule == ALIAS else None
        layer = layering.BASE_MODEL if base_query is not None else layering.MAP
        entry = compile_entry(self.source.get(matched.name) or {}, layer, matched.name) if matched is not None else None
        fee = None
        if entry is not None and entry.key in ROUTER_FEES:
            from . import routers  # noqa: PLC0415 - few calls go to a router

            fee = routers.fee_of(entry)
        if fee is not None:
            # What is registered for the model that was picked is no price of the router.
            queries = [query for query in queries if query.name != asked.response_model] or queries
        registered = None
        if state.registered:
            # What other providers ask for a model of this name is no price of the one that was matched.
            if matched is not None and base_query is None:
                seller = family(self._owner(None, matched.name, matched) or "")
                for query in queries:
                    query.seller = seller
            registered = _own_row(state, queries, tried)
        if registered is None and base_query is not None and state.registered:
            registered = _own_row(state, base_queries, [])
        if registered is not None:
            own = state.registered[registered.name]
            if base_query is None:
                notes += self._shared(registered.name, own, self._owner(queries[0].provider, name, matched))
            stack.append(Layer(own.entry, replace=own.replace, scale_rest=own.scale_rest))

        finish: Finish | None = None
        if entry is not None and matched is not None:
            picked = self._picked(state, asked, region, entry.key) if fee is not None else None
            if fee is None:
                stack.append(Layer(entry))
                notes += self._other_model(asked, deployment, matched)
                finish = self._by_size(entry, asked, notes)
            elif picked is None:
                stack.append(Layer(entry))
                finish = routers.FeeAlone(entry.key, asked.response_model)
            else:
                matched, below = picked
                stack += below
                finish = routers.FeeOnTop(fee, below)
                notes.append(f"{entry.key} picked {matched.name}: its fee is on every token of the prompt")
            if matched.note:
                notes.append(matched.note)
        elif (base_query is not None and registered is None) or (not stack and not priced):
            asked_for = base_query or queries[0]
            raise several or self._unknown(
                base_model or name, asked_for.provider if base_query is None else None, tried, deployment
            )
        elif several is not None:
            notes.append(f"{several.why}: own prices alone are used")
        if via is not None and via.note not in notes:
            notes.append(via.note)
        found = matched or registered or Match(name, "own_prices")
        provider = queries[0].provider or (name.partition("/")[0] if "/" in name else None)
        rule = ALIAS if via is not None else found.rule
        if base_query is not None and matched is not None:
            rule = "base_model"
        terms: tuple[Term, ...] = ()
        if self.deployments is not None:
            if deployment is None and len(self.deployments):
                notes.append(f"no deployment of the configuration is named {name!r}: none of its prices is used")
            owner = self._owner(queries[0].provider, name, matched)
            terms = self.deployments.terms(owner, deployment)
        path = _path(asked, deployment, how, tried, f"{found.name} (match rule: {rule})", self.deployments)
        return _Stack(
            asked.model or name, found.name, rule, tuple(stack), tuple(notes), provider, terms, region, path,
            finish,
        )  # fmt: skip

    def with_deployments(self: _Map, deployments: Deployments) -> _Map:  # noqa: PYI019 - typing.Self is of 3.11
        """Return a new map with the deployments of a configuration over this one's prices."""
        # Read by now or read here, so that both maps share it.
        self._base = self.source
        found = type(self).__new__(type(self))
        found.__dict__.update(self.__dict__)
        found._state = _State(self._state.registered, self._base)
        found.deployments = deployments
        return found

    def card_of(self, deployment: Deployment) -> RateCard:
        """Return the rate card of one deployment of a configuration.

        Raises UnknownModelError if neither it nor its model has a price.
        """
        asked = Asked(deployment.alias)
        stack = self._stack_of(self._state, asked, deployment, "", priced=False)
        return self._card_from(stack, stack.layers)

    def _owner(self, provider: str | None, name: str, matched: Match | None) -> str | None:
        """Return the provider by which discounts and margins are given: the named one, the prefix, the row's."""
        if provider is not None:
            return provider
        prefix, slash, _ = name.partition("/")
        if slash and is_provider(self.source, prefix):
            return prefix
        entry = (self.source.get(matched.name) if matched is not None else None) or {}
        return str(entry["litellm_provider"]) if "litellm_provider" in entry else None

    def _picked(self, state: _State, asked: Asked, region: str | None, router: str) -> tuple[Match, list[Layer]] | None:
        """Return the model that a router picked, by the response's word, and the layers of its prices."""
        named = asked.response_model or ""
        head, slash, rest = named.partition("/")
        if slash and head in ROUTED_SELLERS:
            named = rest
        for seller in dict.fromkeys((router.partition("/")[0], *ROUTED_SELLERS)):
            matched = find(self.source, Query(named, seller, region)) if named else None
            registered = _own_row(state, [Query(named, seller, region)], []) if named else None
            found = matched or registered
            if found is None or found.name in ROUTER_FEES:
                continue
            layers = []
            if registered is not None:
                own = state.registered[registered.name]
                layers.append(Layer(own.entry, replace=own.replace, scale_rest=own.scale_rest))
            if matched is not None:
                raw = self.source.get(matched.name) or {}
                layers.append(Layer(compile_entry(raw, layering.MAP, matched.name)))
            return found, layers
        return None

    def _by_size(self, entry: Entry, asked: Asked, notes: list[str]) -> Finish | None:
        """Return what rows by size and quality mean for the plain row of an image model; None for all others."""
        mode = entry.facts.get("mode")
        if mode not in IMAGE_MODES and (mode is not None or not any(meter in IMAGE_UNITS for meter, _ in entry.rates)):
            return None
        from . import images  # noqa: PLC0415 - only for images

        if images.is_sized(entry.key):
            if images.stated(asked.quality) is None and f"{images.STANDARD}/" in entry.key:
                notes.append(f"quality= is not stated: {images.STANDARD} assumed")
            return images.OwnPrice()
        rows = images.listed(self.source, entry.key)
        return images.Sized(self.source, entry.key, rows, asked.size, asked.quality) if rows else None

    def _shared(self, name: str, own: _Registered, seller: str | None) -> list[str]:
        """Return a note if a price registered for another seller's model, as the map knows it, is used for this one's.

        A row without a provider belongs to all; whoever registered it may have thought of one of them.
        """
        theirs = (self.source.get(name) or {}).get("litellm_provider")
        if seller is None or theirs is None or own.raw.get("litellm_provider"):
            return []
        if family(seller) == family(str(theirs)):
            return []
        return [
            f"the price registered for {name!r} names no provider, so it is used for {family(seller)} too: register "
            f"{family(seller)}/{name} as well, or give it a litellm_provider"
        ]

    def _unknown(
        self, name: str, provider: str | None, tried: list[str], deployment: Deployment | None = None
    ) -> UnknownModelError:
        why = ""
        if deployment is not None:
            why = f"the deployment {deployment.label} has no prices of its own, and no price is known for {name!r}"
        target = self.source.aliases.pointers.get(name)
        if target is not None:
            why = f"{name!r} is an alias of {target!r} in this map, which is no row of it: name the model"
        if "arn:" in name:
            why = f"the ARN {name!r} does not contain the model's name: pass base_model="
        return UnknownModelError(name, provider, tuple(dict.fromkeys(tried)), why, lambda: nearest(name, self))

    def _other_model(self, asked: Asked, deployment: Deployment | None, matched: Match) -> list[str]:
        """Return a note if the response names another known model than the caller did."""
        if asked.model is None or asked.response_model is None or deployment is not None:
            return []
        if asked.base_model or _same_model(asked.response_model, asked.model):
            return []
        try:
            other = _first(self.source, [Query(asked.response_model, asked.response_provider)], [])
        except UnknownModelError:
            return []
        if other is None or other.name == matched.name:
            return []
        return [f"the response says {asked.response_model!r}; {matched.name!r} is priced, as the caller named it"]

    def _deployment(self, asked: Asked) -> tuple[Deployment | None, str]:
        """Return the configured deployment that is asked for, if any, and how it was found."""
        deployments = self.deployments
        if deployments is None:
            if asked.deployment is not None:
                raise UnknownModelError(asked.deployment, why=f"no configuration has a deployment {asked.deployment!r}")
            return None, ""
        by_id = deployments.by_id(asked.model_id) if asked.model_id is not None else None
        if asked.deployment is not None:
            found = deployments.chosen(asked.deployment, asked.model)
            if not found.deployments:
                raise UnknownModelError(
                    asked.deployment, why=f"the configuration has no deployment {asked.deployment!r}"
                )
        elif by_id is not None and by_id.deployments:
            found = by_id
        elif asked.model is not None:
            found = deployments.named(asked.model)
        elif asked.response_model is not None:
            found = deployments.serving(asked.response_model, asked.provider or asked.response_provider)
        else:
            return None, ""
        fitting = found.deployments
        if len(fitting) > 1 and len({self._priced_as(d, asked) for d in fitting}) > 1:
            from .deployments import ambiguous  # noqa: PLC0415 - only maps with a configuration have any

            raise ambiguous(asked.model or asked.response_model or asked.deployment or "", fitting)
        return (fitting[0], found.how) if fitting else (None, "")

    def _priced_as(self, deployment: Deployment, asked: Asked) -> str:
        """Return a text that is equal for deployments that price the same."""
        single = Asked(deployment.alias, asked.response_model, asked.provider, asked.response_provider,
                       asked.base_model, asked.region)  # fmt: skip
        try:
            stack = self._stack_of(self._state, single, deployment, "", priced=False)
            card = self._card_from(stack, stack.layers)
        except LLMCostError as error:
            return f"{type(error).__name__} {deployment.backend}"
        cells = sorted((meter, str(conditions), rate.usd) for (meter, conditions), rate in card.cells.items())
        terms = [(term.kind, term.numerator, term.denominator) for term in card.terms]
        return repr((cells, card.region, [factor.text for factor in card.factors], terms))

    # A mapping of names to entries.

    def __getitem__(self, name: str) -> dict[str, object]:
        if isinstance(name, str):
            # An alias has the entry of the row that it stands for.
            name = self._state.source.alias_of(name) or name
            if name not in self._state.registered:
                name = self.source.alias_of(name) or name
        own = self._state.registered.get(name)
        base = self.source.get(name) if isinstance(name, str) else None
        if own is None and base is None:
            raise KeyError(name)
        return {key: _copied(value) for key, value in {**(base or {}), **(own.raw if own is not None else {})}.items()}

    def get(self, name: str, default: object = None) -> object:
        """Return the entry of exactly this name: the map's, with registered keys over it."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self._state.source.get(name) is not None or self.source.get(name) is not None)

    def __iter__(self) -> Iterator[str]:
        names = self.source.index().names
        yield from names
        known = frozenset(names)
        yield from (name for name in self._state.source.index().names if name not in known)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def keys(self) -> tuple[str, ...]:
        """Return every name."""
        return tuple(self)

    def items(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield every name with its entry."""
        for name in self:
            yield name, self[name]


def _content(path: str | bytes | os.PathLike[str]) -> bytes:
    """Return what a file of prices holds; raise PriceDataError if it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - see bundled
            return file.read()
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        hint = "name a JSON file of prices, or pass the mapping itself"
        if isinstance(path, str) and "://" in path:
            hint = "an address is never fetched on the way: download it and name the file"
        raise PriceDataError(f"{shown(path)} cannot be read: {why}; {hint}") from error


def _own(entries: object, origin: str) -> dict[str, dict[str, object]]:
    """Return somebody's entries as dicts of the map's own, which they cannot change afterwards."""
    found = entries
    if not isinstance(found, dict) and hasattr(found, "keys") and hasattr(found, "__getitem__"):
        found = {name: found[name] for name in found.keys()}  # noqa: SIM118 - a Mapping of whatever kind
    if isinstance(found, dict):
        found = {name: dict(entry) if hasattr(entry, "keys") else entry for name, entry in found.items()}
    return {
        name: {key: _copied(value) for key, value in entry.items()}
        for name, entry in checked_entries(found, origin).items()
    }


def _copied(value: object) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _is_new(key: str) -> bool:
    """Return whether a price-like key may be one that public maps have and this version does not know."""
    from .unknown_keys import near_miss  # noqa: PLC0415 - see entries

    return near_miss(key) is None


def keys_of_models(found: Mapping[str, Sequence[str]]) -> str:
    """Return keys with the models that have them, in words: how many they are, and each with its models.

    >>> keys_of_models({"output_cost_per_smell": ["a", "b"]})
    "1 price key that this version does not know: output_cost_per_smell (2 models, 'a' is one)"
    """
    count = f"{len(found)} price key{'s' if len(found) > 1 else ''} that this version does not know"
    each = [
        f"{key} ({f'{len(names)} models, {names[0]!r} is one' if len(names) > 1 else f'model {names[0]!r}'})"
        for key, names in found.items()
    ]
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return f"{count}: {', '.join(each[:_MOST_NAMED])}{more}"


_MOST_NAMED = 8


def warn_if_suspicious(entry: Entry) -> None:
    """Warn about a per-token price that reads like one per 1K or per 1M tokens."""
    for rate in entry.rates.values():
        text = suspicious(rate) if rate is not None else None
        if text is not None:
            import warnings  # noqa: PLC0415 - needed only for a mistake

            warnings.warn(f"{text} ({entry.layer} {entry.key})", SuspiciousPriceWarning, stacklevel=2)


def _first(source: MapSource | DictSource, queries: list[Query], tried: list[str]) -> Match | None:
    for query in queries:
        found = find(source, query)
        tried += query.tried
        if found is not None:
            return found
    return None


def _own_row(state: _State, queries: list[Query], tried: list[str]) -> Match | None:
    """Return what is registered under a name; None for an alias of a row that is the map's alone."""
    found = _first(state.source, queries, tried)
    return found if found is not None and found.name in state.registered else None


def _path(
    asked: Asked,
    deployment: Deployment | None,
    how: str,
    tried: list[str],
    matched: str,
    deployments: Deployments | None,
) -> tuple[tuple[str, str], ...]:
    """Return how a card was found, in words."""
    stated = [f"the call says {asked.model!r}"] if asked.model is not None else []
    if asked.response_model is not None:
        stated.append(f"the response says {asked.response_model!r}")
    path = [("asked for", "; ".join(stated) or "nothing")]
    if deployment is not None:
        place = f", {deployment.place}" if deployment.place else ""
        path.append(("deployment", f"{deployment.label}{place}, found {how}"))
    elif deployments is not None and len(deployments):
        path.append(("deployment", f"none; the configuration knows the names {deployments.names()}"))
    path.append(("names tried", ", ".join(dict.fromkeys(tried)) or "none"))
    path.append(("priced as", matched))
    return tuple(path)


def _queries(asked: Asked, deployment: Deployment | None, region: str | None, target: str | None = None) -> list[Query]:
    """Return what to look for, in order (DESIGN 6.5); ``target`` is the row that the named model is an alias of."""
    model, response_model = asked.model, asked.response_model
    provider = asked.provider
    if deployment is not None:
        model, provider = deployment.backend, deployment.provider or provider
    if target is not None:
        # The alias has said whose row it is.
        model, provider = target, None
    named: list[tuple[str, str | None]] = []
    if model is None:
        named.append((response_model or "", provider or asked.response_provider))
    else:
        # The caller's own prefix is stronger than what the reader proved.
        theirs = provider or (None if "/" in model or target is not None else asked.response_provider)
        prefix = model.partition("/")[0] if "/" in model and "/" not in (response_model or "") else None
        if asked.routed and response_model is not None:
            named.append((response_model, provider or asked.response_provider or prefix))
        elif response_model is not None and is_snapshot(response_model, model):
            named.append((response_model, provider or prefix or asked.response_provider))
        named.append((model, theirs))
        router = model in ROUTER_NAMES or model.rpartition("/")[2] in ROUTER_NAMES
        if router and response_model is not None:
            named.append((response_model, provider or asked.response_provider))
    return [query for name, owner in named for query in _sized(name, owner, region, asked)]


def _sized(name: str, owner: str | None, region: str | None, asked: Asked) -> list[Query]:
    """Return what to look for under a name: the row for the size and quality of an image, then the model's own."""
    if not asked.size:
        return [Query(name, owner, region)]
    from . import images  # noqa: PLC0415 - only for images

    sized = images.spellings(name, asked.size, asked.quality)
    queries = [Query(spelling, owner, region) for spelling in sized]
    for query in queries:
        # Another seller's row, or one of another quality, is none of this model's.
        query.seller = ""
    return [*queries, Query(name, owner, region), *(Query(spelling, owner, region) for spelling in sized[:1])]


def _same_model(one: str, other: str) -> bool:
    bare, theirs = one.casefold(), other.casefold()
    return bare == theirs or bare.rpartition("/")[2] == theirs.rpartition("/")[2] or is_snapshot(one, other)
