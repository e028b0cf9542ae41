"""The segments of a call: what it costs on its own card, and each of its parts on the part's card."""

from __future__ import annotations

from ..core.meters import TIME_ORDER
from ..core.notes import Note
from ..core.rating import Segment, rate
from ..core.tariff import tariff_at, tariff_of
from ..core.tiers import BATCHES, PREPAID, STANDARD, tier_of
from ..errors import UnknownModelError
from ..prices.asked import Asked
from .given import NOTHING
from .plan import Plan
from .planning import at_its_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.ratecard import RateCard
    from ..core.usage import Usage
    from ..prices.price_map import PriceMap
    from .given import Given

# Bought capacity pays for the tokens of its model. Tools and other models are billed beside it.
BOUGHT = "prepaid capacity: the model's own work adds nothing"


def segments_of(prices: PriceMap, plan: Plan, usage: Usage, tier: str, at: object, given: Given) -> tuple[Segment, ...]:
    """Return what a call costs on its own card, and each part of it on the card of the part's model and time."""
    card = plan.card
    main = _segment(card, usage, given, tier, at)
    if usage.more.free is not None:
        return (Segment(usage, card.name, main.tariff, {}),)
    if not usage.more.parts:
        return (main,)
    # A part may have parts of its own: one of several images, with the model that drew it.
    parts = tuple(usage.walk())[1:]
    if usage.duration is not None and not card.prices_tokens:
        # The stated time pays for every turn of a session; parts of other models are billed beside it.
        parts = tuple(part for part in parts if part.model is not None or part.model_keyword is not None)
    return (main, *(_part(prices, card, part, given, tier, at, usage.at) for part in parts))


def _segment(card: RateCard, usage: Usage, given: Given, tier: str, at: object) -> Segment:
    tariff = None if card.unknown or usage.more.speed else tariff_at(card, tier)
    if tariff is not None:
        return rate(usage, tariff, card.name)
    call = given.call(usage, tier)
    if card.depends_on("window"):
        from ..prices.moments import moment, now
        from ..prices.windows import clock

        when = at if at is not None else usage.at
        call.clock = clock(moment(when) if when is not None else now())
    segment = rate(usage, tariff_of(card, call), card.name)
    if card.unknown or call.speed:
        from ..core.doubts import doubts, may_price

        word = given.tier_word(usage.service_tier) or card.requested_tier
        segment.doubts += doubts(card, call, word, (*segment.quantities, *segment.unpriced))
        segment.notes += may_price(card) if segment.unpriced else ()
    return segment.waive(BOUGHT, fees=False) if tier == PREPAID else segment


def _part(prices: PriceMap, main: RateCard, part: Usage, given: Given, tier: str, at: object, made: object) -> Segment:
    """Return what a part costs on the card of its own model; a part of an unknown model is unpriced and marked.

    ``made`` is when the whole call was made: the time of a part that states none.
    """
    if part.free is not None:
        return Segment(part, part.model or main.name, None, {}, (), (Note("not_billed", part.free),))
    if given.batch is None and part.batch:
        tier = BATCHES
    own_tier = tier if tier == BATCHES else tier_of(part.service_tier) or STANDARD
    when = at if at is not None else part.at if part.at is not None else made
    name = part.model or given.part_model(part.model_keyword)
    if name is None and part.model_keyword is None:
        return _segment(main, part, given, tier, when)
    meters = (
        *part.quantities,
        *(meter for group in part.alternatives for meter in group[0]),
        *(() if part.duration is None else TIME_ORDER[:1]),
    )
    if name is None:
        said = f"the response does not name this part's model: pass {part.model_keyword}="
        note = Note("model_needed", said, part.model_keyword)
        return Segment(part, str(part.model_keyword), None, {}, meters, (note,))
    try:
        # The provider of the response serves its parts too, also where the name of a part says otherwise.
        asked = Asked(name, None, part.provider, None, None, part.region, named_provider=part.named_provider)
        card = prices.card(asked)
    except UnknownModelError as error:
        note = Note("part_unknown", f"a part is unpriced: {error.why or error.args[0]!s}: unknown", name)
        return Segment(part, name, None, {}, meters, (note,))
    if when is None or not (card.moments or prices.has_past):
        return _segment(card, part, given, own_tier, when)
    if part.at != when:
        part = part.replaced(at=when)
    plan = Plan(card, asked, NOTHING, has_past=prices.has_past)
    part, plan, basis, notes = at_its_time(prices, part, plan)
    segment = _segment(plan.card, part, given, own_tier, at)
    segment.notes += notes
    segment.assumed = basis == "assumed"
    return segment
