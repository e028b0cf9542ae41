"""Rate cards: all rates of one model, as data."""

from __future__ import annotations

from math import lcm

from . import dimensions
from .call import SEARCH_DEFAULT
from .meters import CALL_METERS, TIME_ORDER, TOKEN_METERS, WHOLE_CALL_METERS, WORK_METERS, minimum_key
from .rate import PUBLIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .dimensions import Conditions
    from .notes import Note
    from .rate import Factor, Rate, Shadow
    from .set_aside import SetAside
    from .term import Fee, Term

    Cells = dict[tuple[str, Conditions], Rate]

# More than any count.
BEYOND = 1 << 62


class RateCard:
    """All rates of one model, compiled from the layers.

    Attributes:
        name: the map key that was matched.
        model: the name that was asked for.
        match_rule: the named rule by which the name was matched.
        cells: ``(meter, conditions) -> Rate``, the rates in force.
        shadowed: rates that a stronger layer replaced or put out of force, each with the reason.
        factors: region and speed factors.
        terms: discounts, margins and fees, in the order in which they are applied.
        notes: what there is to say about this card on every call.
        layers: the layers it was compiled from, strongest first: ``(layer, map key)``.
        inclusive: whether a threshold is reached by exactly its number of tokens.
        priced_by_user: whether a registered, config or call price is in force.
        free: layer and map key of the entry that states that this model costs nothing; None without one.
        wall_clock: whether ``*_cost_per_second`` means elapsed time and not the length of the media.
        unstated: meters that every call uses, such as searches, each with the note for a call that does not count them.
        search_size: the size of a search whose context is not stated.
        repeats: meters whose own rate repeated their parent's; they follow it without a note.
        region: where the model runs, for calls that do not say.
        requested_tier: the word for the tier that is requested of its provider, for calls that do not say.
        trail: how the card was found, as ``(what, text)``: the names asked for and tried, the deployment, the match.
        info: what the entries say besides prices: limits, modes, sources.
        unknown: price-like keys of public maps that this version does not know, set aside.
        simple: whether the counters of a call, its context and its tier decide its cost.
        sells_calls: whether time, requests or queries pay for the whole call.
        timed: the meters of time that have rates, in the order in which an undivided time is rated by them.
        minimums: for how many seconds a request is billed at least, by those of these meters that have such a minimum.
        counts_calls: whether a call counts something by itself: one request, one query, searches that are not stated.
        first_threshold: tokens of the prompt below which no threshold is reached.
    """

    def __init__(
        self,
        cells: Iterable[Rate],
        *,
        name: str,
        model: str | None = None,
        match_rule: str = "exact",
        provider: str | None = None,
        mode: str | None = None,
        factors: tuple[Factor, ...] = (),
        terms: tuple[Term, ...] = (),
        notes: tuple[Note, ...] = (),
        shadowed: tuple[Shadow, ...] = (),
        layers: tuple[tuple[str, str], ...] = (),
        inclusive: bool = False,
        priced_by_user: bool = False,
        free: tuple[str, str] | None = None,
        wall_clock: bool = True,
        unstated: Mapping[str, Note] | None = None,
        search_size: str = SEARCH_DEFAULT,
        repeats: frozenset[str] = frozenset(),
        region: str | None = None,
        requested_tier: str | None = None,
        trail: tuple[tuple[str, str], ...] = (),
        info: Mapping[str, object] | None = None,
        unknown: tuple[SetAside, ...] = (),
    ) -> None:
        self.cells: Cells = {(rate.meter, rate.conditions): rate for rate in cells}
        self.name, self.model, self.match_rule = name, model or name, match_rule
        self.provider, self.mode = provider, mode
        self.factors, self.terms, self.notes = factors, terms, notes
        self.shadowed, self.layers = shadowed, layers
        self.inclusive, self.priced_by_user = inclusive, priced_by_user
        self.free, self.wall_clock = free, wall_clock
        self.repeats, self.unstated, self.search_size = repeats, dict(unstated or {}), search_size
        self.region, self.requested_tier, self.trail = region, requested_tier, trail
        self.info = dict(info or {})
        self.unknown = unknown

        self.by_meter: dict[str, list[Rate]] = {}
        for rate in self.cells.values():
            self.by_meter.setdefault(rate.meter, []).append(rate)
        for rates in self.by_meter.values():
            if len(rates) > 1:
                rates.sort(key=lambda rate: dimensions.strength(rate.conditions), reverse=True)
        self.conditions = tuple(dict.fromkeys(c for rate in self.cells.values() for c in rate.conditions))
        self._kinds = {name for name, _ in self.conditions}
        self.thresholds: tuple[int, ...] = tuple(sorted(self.values("context")))  # type: ignore[arg-type]
        self.denominator = lcm(1, *(rate.denominator for rate in self.cells.values()))
        # A free model prices tokens at 0, unless it sells other work.
        self.prices_tokens = any(meter in TOKEN_METERS for meter in self.by_meter) or (
            free is not None and not any(meter in WORK_METERS for meter in self.by_meter)
        )
        self.prices_work = any(meter in WORK_METERS and meter not in CALL_METERS for meter in self.by_meter)
        self.sells_calls = not self.prices_tokens and any(meter in WHOLE_CALL_METERS for meter in self.by_meter)
        # The user's own price per second goes before a public one, whatever second either is named after.
        timed = [meter for meter in TIME_ORDER if meter in self.by_meter]
        self.timed = tuple(sorted(timed, key=self._is_public)) if len(timed) > 1 else tuple(timed)
        self.minimums = {
            meter: stated for meter in self.timed if (stated := self.info.get(minimum_key(meter))) is not None
        }
        self.counts_calls = bool(unstated) or "requests" in self.by_meter or "queries" in self.by_meter
        self.simple = self.prices_tokens and not (
            terms
            or unstated
            or unknown
            or not all(dimensions.BY_NAME[name].simple for name in self._kinds)
            or any(meter in WHOLE_CALL_METERS for meter in self.by_meter)
        )
        # Filled by ``tariff_of``: the rates in force for each kind of call.
        self.tariffs: dict[object, Any] = {}
        self.first_threshold = self.thresholds[0] if self.thresholds else BEYOND
        # Set by the map: the day of its prices, and the moment from which on they are old.
        self.as_of, self.stale_at = "", float("inf")
        # Set by the map: the moments at which own prices begin or end, and the place of this card between them.
        self.moments: tuple[float, ...] = ()
        self.span = 0
        # Set by the map: fees of one's own by name; a name may end with a star.
        self.fees: Mapping[str, Fee] = {}
        # Set by the map: price keys of public rates whose value on another day nobody states.
        self.guessed: frozenset[str] = frozenset()
        # Set by the map: returns where the numbers of an entry come from.
        self.attest: Callable[[str], Mapping[str, object]] | None = None

    def forget(self) -> None:
        """Forget the tariffs, which hold the card: without them it is freed with its last Cost."""
        self.tariffs.clear()

    def _is_public(self, meter: str) -> bool:
        return not any(rate.numerator and rate.layer not in PUBLIC for rate in self.by_meter[meter])

    def values(self, kind: str) -> frozenset[object]:
        """Return the values of all conditions of this kind: of ``tier`` the tiers that have rates of their own."""
        return frozenset(value for name, value in self.conditions if name == kind)

    def depends_on(self, kind: str) -> bool:
        """Return whether some rate stands under a condition of this kind: ``window``, ``tier`` ..."""
        return kind in self._kinds
