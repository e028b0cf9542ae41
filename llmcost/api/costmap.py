"""CostMap: one call as a straight line, from a response to a Cost."""

from __future__ import annotations

from functools import update_wrapper
from time import time

from ..core.cost import Cost, of_tariff
from ..core.dimensions import PREPAID, STANDARD, TIER_WORDS, Call, variants
from ..core.meters import TOKEN_METERS
from ..core.rating import Segment, rate
from ..core.usage import Usage
from ..errors import PriceDataError, UnknownModelError, UnpricedUsageError, UsageError, shown
from ..prices.costmap import Asked, PriceMap
from ..prices.entries import is_price_key
from ..prices.windows import LAST, day, seconds_of
from ..readers import read_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, TypeVar

    from ..core.ratecard import RateCard
    from ..core.usage import Quantity
    from ..prices.update import Report
    from .facts import Facts

    _Calculate = TypeVar("_Calculate", bound=Callable[..., Cost])

_MOST_PLAIN = 4096
_NEVER = float("inf")
# Capacity that was bought is that of the model: its tools, and other models, are billed beside it.
_PREPAID = "prepaid capacity: the model's own work adds nothing"


def _short_way(calculate: _Calculate) -> _Calculate:
    """Return ``calculate`` with a short way before it, for a response or a usage and perhaps its model and time.

    Most calls are no more than that, and its few parameters are the point: a function with thirty keywords
    spends as much on them as on the pricing of a common call.
    """

    def short(
        self: CostMap,
        response: object = None,
        usage: object = None,
        duration: object = None,
        *,
        model: str | None = None,
        at: object = None,
        **given: object,
    ) -> Cost:
        if given or duration is not None or (response is not None and usage is not None):
            return calculate(self, response, usage, duration, model=model, at=at, **given)
        if usage is None:
            if type(response) is not dict and (response is None or type(response).__module__[:7] == "litellm"):
                return calculate(self, response, model=model, at=at)
            read = read_usage(response)
        else:
            read = usage.mark() if isinstance(usage, Usage) else read_usage(usage)
        context, word, when = read.context, read.service_tier, read.at
        if read.special or context is None or not (when is None or (type(when) is int and when <= LAST)):
            return calculate(self, None, read, model=model, at=at)
        named = read.model
        key = named if model is None and read.provider is None else (model, named, read.provider)
        try:
            plain = self._state.plain.get(key) or self._find_plain(key, read, model)
        except TypeError:
            # A name that is no text and cannot be looked up: the long way says so.
            return calculate(self, None, read, model=model, at=at)
        card, basis = plain.card, "current"
        if at is None and type(when) is int and plain.settled <= when <= time():
            # Nothing has changed since: the present prices are those of that day.
            basis = plain.basis
        elif at is not None or type(when) is int:
            card, basis = self._plain_at(plain, read, model, at)
        if not card.simple:
            return calculate(self, None, read, model=model, at=at)
        tariff = card.by_word.get(word) if context < card.first_threshold else None
        if tariff is None:
            tariff = card.simple_tariff(context, word)
            if tariff is None:
                return calculate(self, None, read, model=model, at=at)
        known = tariff.known
        numerator = 0
        try:
            for meter, quantity in read.quantities.items():
                numerator += quantity * known[meter]  # type: ignore[assignment]
        except KeyError:
            # The first call with this meter; or a meter without a rate, which is no plain call.
            amounts = [(quantity, tariff.rates[meter]) for meter, quantity in read.quantities.items()]
            if any(rate is None for _, rate in amounts):
                return calculate(self, None, read, model=model, at=at)
            numerator = sum(quantity * rate for quantity, rate in amounts)  # type: ignore[operator, misc]
        cost = of_tariff(numerator, tariff, read, model or named)
        if basis != "current":
            cost.basis = basis
        return cost

    return update_wrapper(short, calculate)  # type: ignore[return-value]


class _Plain:
    """A card for the short way, under the names that it was asked by.

    Attributes:
        settled: seconds since 1970 from which on its present prices hold; infinite until a date is asked for.
        basis: how a price after that moment is dated, where the response states its time.
    """

    __slots__ = ("basis", "card", "settled")

    def __init__(self, card: RateCard, settled: float) -> None:
        self.card, self.settled, self.basis = card, settled, "current"


class CostMap(PriceMap):
    """All models with their prices; answers what a call cost, and why.

    A map of one's own has no global state. It reads like a mapping of names to entries.

    >>> prices = CostMap({"my-model": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}})
    >>> prices.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="my-model").total
    Decimal('0.0028')

    Args:
        entries: model -> price keys (USD per unit), or the path of such a JSON file; the bundled map if None.

    Raises:
        PriceDataError: the entries are no mapping of mappings, or the file is no JSON.
    """

    @classmethod
    def bundled(cls) -> CostMap:
        """Return a map of one's own over the prices that ship with the package."""
        return cls()

    @staticmethod
    def update(source: str | None = None, *, check: bool = False, accept: bool = False) -> Report:
        """Return what an update of the bundled prices does, and put it in use unless ``check``.

        It is used by maps that are made afterwards, in this process and in others. Never implicit: nothing is
        fetched but by this call.

        Args:
            source: an https address or a path, of a folder with ``map_info.json`` or of one JSON map; the
                environment variable ``LLMCOST_UPDATE_FROM`` if it is not given.
            check: only say what it would do.
            accept: take it although it changes, deletes or moves more than is usual.

        Raises:
            UpdateError: it cannot be fetched, is damaged, is no price data, is older than the prices in use, or
                changes more than is usual. The last good prices stay in use.
        """
        from ..prices.update import default_source, update  # noqa: PLC0415 - the network only for an update

        return update(source or default_source(), check=check, accept=accept)

    @staticmethod
    def rollback() -> str:
        """Return the folder of the update that is in use again, or "" for the prices of the package.

        Raises UpdateError if no update is in use.
        """
        from ..prices.update import rollback  # noqa: PLC0415 - only for an update

        return rollback()

    def with_config(self, config: str | os.PathLike[str] | Mapping[str, object]) -> CostMap:
        """Return a new map with the deployments of a LiteLLM-style configuration over this one's prices.

        Args:
            config: the path of a YAML file, its text, or the mapping that was read from it.

        Raises:
            ConfigError: every problem of the configuration, each with its line and address.
        """
        from ..config import load  # noqa: PLC0415 - yaml and pydantic load when a configuration is read

        return self.with_deployments(load(config, self))

    @_short_way
    def calculate(
        self,
        response: object = None,
        usage: object = None,
        duration: Quantity | None = None,
        *,
        model: str | None = None,
        provider: str | None = None,
        deployment: str | None = None,
        base_model: str | None = None,
        dialect: str | None = None,
        service_tier: str | None = None,
        served_tier: str | None = None,
        batch: bool | None = None,
        region: str | None = None,
        at: object = None,
        size: str | None = None,
        quality: str | None = None,
        resolution: str | None = None,
        n: int | None = None,
        characters: int | None = None,
        elapsed: Quantity | None = None,
        search_context_size: str | None = None,
        web_searches: int | None = None,
        image_model: str | None = None,
        transcription_model: str | None = None,
        cache_hit: bool = False,
        prefer: Literal["auto", "calculated", "reported"] = "auto",
        strict: bool = False,
        replace: bool = False,
        scale_rest: bool = False,
        prices: Mapping[str, object] | None = None,
        **price_keys: object,
    ) -> Cost:
        """Return what a call cost, with the lines that say why.

        >>> cost = CostMap().calculate(
        ...     {
        ...         "object": "chat.completion",
        ...         "model": "gpt-4o-2024-08-06",
        ...         "usage": {
        ...             "prompt_tokens": 2006,
        ...             "completion_tokens": 300,
        ...             "total_tokens": 2306,
        ...             "prompt_tokens_details": {"cached_tokens": 1920},
        ...         },
        ...     }
        ... )
        >>> str(cost), [line.meter for line in cost.line_items]
        ('0.005615', ['input', 'cache_read', 'output'])

        Args:
            response: a raw dict, an SDK object, or a list of stream chunks.
            usage: a Usage or a usage dict, instead of a response or over the one inside it; needs ``model``.
            duration: seconds: the length of the media for media models, the wall clock for hosted ones.
            model: the name that was called; it is stronger than the response's, which may be its dated snapshot.
            provider: whose prices apply where several sell the model.
            deployment: id or backend of a configured deployment.
            base_model: the model that it is priced as.
            dialect: how a bare usage dict counts: openai, responses, anthropic, gemini, converse.
            service_tier: the tier that was requested; the response's own word is stronger.
            served_tier: the tier that was served, if the caller knows better than the response.
            batch: whether the call was part of a batch.
            region: where the call was served, for prices by region.
            at: the time of the price: datetime, date, ISO text or seconds since 1970.
            size, quality, resolution, n: of images and videos that were asked for.
            characters: of the text that was spoken or embedded.
            elapsed: seconds of measured latency; used only where the model is billed by wall clock.
            search_context_size: low, medium or high.
            web_searches: number of searches, where the response does not state it.
            image_model, transcription_model: the models of parts that the response does not name.
            cache_hit: answered from the application's own cache, so that it costs nothing.
            prefer: ``auto`` takes a cost that the provider reports unless own prices are set; ``calculated``
                and ``reported`` choose.
            strict: raise if anything that was used has no rate, instead of marking it.
            replace, scale_rest: how the call's own prices treat those of weaker layers.
            prices, **price_keys: prices of this call alone, named as in the map (USD per unit).

        Raises:
            UnknownModelError: no price is known for the model.
            UsageError: the response has no usage, contradicts itself, or is not recognised.
            UnpricedUsageError: with ``strict``, or with ``prefer="reported"`` where no cost is reported.
            UnknownPriceKeyError, InvalidPriceError: a price of the call cannot be billed by.
        """
        from .facts import Facts, usage_of  # noqa: PLC0415 - the short way does without

        facts = Facts(
            duration=duration, elapsed=elapsed, characters=characters, n=n, size=size, quality=quality,
            resolution=resolution, search_context_size=search_context_size, web_searches=web_searches,
            region=region, dialect=dialect, model=model, image_model=image_model,
            transcription_model=transcription_model, service_tier=service_tier, served_tier=served_tier,
            batch=batch, at=at,
        )  # fmt: skip
        if not isinstance(cache_hit, bool):
            raise TypeError(f"cache_hit={cache_hit!r}: it is True or False, and text is neither")
        if at is not None:
            seconds_of(at)
        stated, missing = usage_of(response, usage, facts)
        stated = _dated(stated)
        for name in price_keys:
            if not is_price_key(name):
                raise TypeError(f"calculate() got an unexpected keyword argument {name!r}, and it is no price key")
        if prices is not None and not hasattr(prices, "keys"):
            raise PriceDataError(f"prices={shown(prices)}: expected a mapping of price keys to USD per unit")
        own = {**(prices or {}), **price_keys}
        asked = Asked(
            model, stated.model or facts.hidden_model, provider or facts.hidden_provider, stated.provider, base_model,
            region or stated.region, deployment, facts.model_id,
            *((size or stated.size, quality or stated.quality) if not _has_tokens(stated) else (None, None)),
            routed=stated.routed,
        )  # fmt: skip
        cost = self._cost(asked, stated, facts, own, replace=replace, scale_rest=scale_rest,
                          prefer=prefer, waived="answered from the application's own cache" if cache_hit else None,
                          missing=missing)  # fmt: skip
        if strict and cost.unpriced:
            raise UnpricedUsageError(
                f"no rate for {', '.join(cost.unpriced)} on {cost.matched_as}: {'; '.join(cost.notes)}", cost.unpriced
            )
        return cost

    def _find_plain(self, key: object, usage: Usage, model: str | None) -> _Plain:
        known = self._state.plain
        card = self.card(Asked(model, usage.model, None, usage.provider))
        if len(known) >= _MOST_PLAIN:
            known.clear()
        found = known[key] = _Plain(card, _NEVER if self._dated else -_NEVER)
        return found

    def _plain_at(self, plain: _Plain, usage: Usage, model: str | None, at: object) -> tuple[RateCard, str]:
        """Return the card of another moment than the present, and how its prices are dated."""
        when = usage.at if at is None else at
        seconds_of(when)
        if not self._dated:
            return plain.card, "current"
        asked = Asked(model, usage.model, None, usage.provider)
        found = self._card_at(plain.card, asked, when, explicit=at is not None)
        epochs = plain.card.epochs
        plain.basis, plain.settled = epochs.basis if epochs.starts else "current", epochs.settled
        return found

    def completion_cost(self, *args: Any, **options: Any) -> float:
        """Return what a call cost in USD, as a float; see ``llmcost.completion_cost``, whose arguments it takes.

        >>> CostMap({"m": {"input_cost_per_second": 0.5}}).completion_cost(model="m", total_time=3)
        1.5
        """
        from .drop_in import completion_cost  # noqa: PLC0415 - the functions are made over this class

        return completion_cost(*args, cost_map=self, **options)

    def _cost(
        self,
        asked: Asked,
        usage: Usage,
        facts: Facts,
        own: Mapping[str, object],
        *,
        replace: bool,
        scale_rest: bool,
        prefer: str,
        waived: str | None,
        missing: UsageError | None,
    ) -> Cost:
        if prefer not in {"auto", "calculated", "reported"}:
            raise ValueError(f"prefer={prefer!r}: it is one of 'auto', 'calculated', 'reported'")
        if prefer == "reported" and usage.reported is None:
            raise UnpricedUsageError("the response reports no cost of its own; use prefer='calculated'", ("reported",))
        name = asked.model or asked.response_model
        cost: Cost | None = None
        priced_by_user = False
        try:
            card = self._card(asked, usage, own, replace=replace, scale_rest=scale_rest)
            when = facts.at if facts.at is not None else usage.at
            basis = "current"
            if self._dated and (when is not None or card.promised):
                card, basis = self._card_at(
                    card, asked, when, own, explicit=facts.at is not None, replace=replace, scale_rest=scale_rest
                )
            if missing is not None and card.prices_tokens and not card.prices_work:
                raise missing
            priced_by_user = card.priced_by_user
            usage = facts.in_mode(usage.for_model(card.name, card.model), card.mode)
            cost = self._rated(card, usage, facts, waived)
            if missing is not None and not cost.line_items and not cost.unpriced:
                raise missing
            cost.basis = basis
            cost._notes += self._promise(card, when)
        except UnknownModelError:
            if prefer == "calculated" or usage.reported is None:
                raise
        reported = usage.reported
        if reported is not None and waived is None and (
            prefer == "reported" or (prefer == "auto" and not priced_by_user)
        ):  # fmt: skip
            calculated, cost = cost, Cost.of_reported(reported, usage, cost, name or "")
            cost._notes = _difference(calculated, cost)
        assert cost is not None  # noqa: S101 - either rated or reported
        cost.model = name
        cost.reported = reported
        cost.requested_tier = facts.service_tier
        cost.served_tier = facts.served_tier or usage.service_tier
        return cost

    def _card_at(
        self,
        card: RateCard,
        asked: Asked,
        when: object,
        own: Mapping[str, object] | None = None,
        *,
        explicit: bool,
        replace: bool = False,
        scale_rest: bool = False,
    ) -> tuple[RateCard, str]:
        """Return the card of a moment, and how its prices are dated: exact, assumed, scheduled or current.

        Only an explicit date before a model's birth is an error; a response's own time before the first known
        price is priced by the oldest one.
        """
        epochs = card.epochs
        if epochs is None:
            epochs = card.epochs = self.epochs(card)
        if not epochs.starts:
            if not explicit:
                return card, "current"
            seconds_of(when)
            return card, "assumed"
        now = time()
        seconds = now if when is None else seconds_of(when)
        number = epochs.at(seconds)
        basis = "exact" if number and seconds <= now else "assumed"
        if number and epochs.starts[number - 1] > now:
            basis = "scheduled"
        if not number and epochs.born:
            if explicit:
                raise PriceDataError(
                    f"at={when!r} is before {card.name!r} existed: its first price is of {day(epochs.starts[0])}"
                )
            number = 1
        found = self.card(asked, own, replace=replace, scale_rest=scale_rest, epoch=number)
        return found, "current" if when is None else basis

    def _promise(self, card: RateCard, when: object) -> tuple[str, ...]:
        """Return a note if a price is billed beyond the day until which its seller promised it."""
        if not card.promised or not self._dated:
            return ()
        until = str(card.facts["price_valid_until"])
        seconds = time() if when is None else seconds_of(when)
        if day(seconds) <= until or any(day(start) > until for start in self.epochs(card).starts if start <= seconds):
            return ()
        return (f"the seller promised this price until {until}; whether it still holds is not known",)

    def _card(
        self, asked: Asked, usage: Usage, own: Mapping[str, object], *, replace: bool, scale_rest: bool
    ) -> RateCard:
        """Return the card of the main model; an empty one where everything stands in parts of other models."""
        try:
            return self.card(asked, own, replace=replace, scale_rest=scale_rest)
        except UnknownModelError:
            if usage.free is not None or (usage.parts and not usage.quantities and all(p.model for p in usage.parts)):
                from ..core.ratecard import RateCard  # noqa: PLC0415 - rare

                name = asked.model or asked.response_model or ""
                return RateCard((), name=name, model=name, match_rule="parts")
            raise

    def _rated(self, card: RateCard, usage: Usage, facts: Facts, waived: str | None) -> Cost:
        tier, notes = _billed_tier(usage, facts)
        parts = usage.parts
        if usage.duration is not None and not card.prices_tokens:
            # The stated time pays for every turn of a session; parts of other models are billed beside it.
            parts = tuple(part for part in parts if part.model is not None or part.model_keyword is not None)
        segments = [self._segment(card, usage, facts, tier, card.name)]
        segments += [self._part(card, part, facts, tier) for part in parts]
        if usage.free is not None:
            segments[0] = Segment(usage, card.name, segments[0].tariff, {})
            segments = segments[:1]
        cost = Cost.of_segments(tuple(segments), usage, card.terms, waived)
        cost._notes = notes
        if tier == PREPAID:
            cost.waived = waived or _PREPAID
        return cost

    def _segment(self, card: RateCard, usage: Usage, facts: Facts, tier: str, name: str) -> Segment:
        call = Call(
            usage.context,
            STANDARD if tier == PREPAID else tier,
            variants=variants(
                facts.resolution or usage.resolution, facts.size or usage.size, facts.quality or usage.quality,
                facts.search_context_size or usage.search_context_size, usage.variant,
            ),
            interval=float(usage.duration) if usage.duration is not None else None,
            results=facts.n,
            region=facts.region or usage.region,
            speed=usage.speed,
        )  # fmt: skip
        if card.has_windows:
            from ..prices.windows import clock, moment, now  # noqa: PLC0415 - only cards with windows need a clock

            at = facts.at if facts.at is not None else usage.at
            call.clock = clock(moment(at) if at is not None else now())
        segment = rate(usage, card.tariff(call), name)
        if card.unknown:
            from ..core.set_aside import doubts, hints  # noqa: PLC0415 - no key of the bundled map is unknown

            word = facts.served_tier or usage.service_tier or facts.service_tier
            segment.doubts = doubts(card, call, word, (*segment.quantities, *segment.unpriced))
            segment.notes += hints(card) if segment.unpriced else ()
        return segment.waive(_PREPAID, fees=False) if tier == PREPAID else segment

    def _part(self, main: RateCard, part: Usage, facts: Facts, tier: str) -> Segment:
        """Return what a part of another model costs on its own card; unknown, it is unpriced and marked."""
        own_tier = tier if tier == "batches" else TIER_WORDS.get(str(part.service_tier or "").lower(), STANDARD)
        name = part.model or facts.model_of(part.model_keyword)
        if name is None and part.model_keyword is None:
            return self._segment(main, part, facts, tier, main.name)
        meters = tuple(part.quantities) or tuple(meter for group in part.alternatives for meter in group[0])
        if name is None:
            note = f"the response does not name this part's model: pass {part.model_keyword}="
            return Segment(part, str(part.model_keyword), None, {}, meters, (note,))
        try:
            # The part stands in a response of its provider, who serves it whatever its name says.
            card = self.card(Asked(name, None, part.provider, None, None, part.region))
        except UnknownModelError as error:
            return Segment(
                part, name, None, {}, meters, (f"a part is unpriced: {error.why or error.args[0]!s}: unknown",)
            )
        return self._segment(card, part, facts, own_tier, card.name)


def _dated(usage: Usage) -> Usage:
    """Return the usage without a time that is none: a broken clock in a response is no reason not to price it."""
    if usage.at is None:
        return usage
    try:
        seconds_of(usage.at)
    except PriceDataError:
        note = f"the response's time {str(usage.at)[:40]!r} is no time: priced by today"
        return usage.replaced(at=None, notes=(*usage.notes, note))
    return usage


def _has_tokens(usage: Usage) -> bool:
    units = (usage.quantities, *(unit for group in usage.alternatives for unit in group))
    return any(meter in TOKEN_METERS for unit in units for meter in unit)


def _billed_tier(usage: Usage, facts: Facts) -> tuple[str, tuple[str, ...]]:
    """Return the tier that is billed, and a note if its word is not known (DESIGN 8)."""
    if facts.batch or (facts.batch is None and usage.batch):
        return "batches", ()
    word = facts.served_tier or usage.service_tier or facts.service_tier
    if word is None:
        return STANDARD, ()
    tier = TIER_WORDS.get(str(word).lower())
    if tier is None:
        return STANDARD, (f"service tier {word!r} is not known: billed at standard",)
    return tier, ()


def _difference(calculated: Cost | None, cost: Cost) -> tuple[str, ...]:
    if calculated is None or calculated.unpriced or calculated == cost or calculated.total == cost.total:
        return ()
    return (f"the provider reports {cost} USD, the rate card gives {calculated} USD",)
