"""Layers: entries of one model, strongest first -> one rate card, cell by cell."""

from __future__ import annotations

from ..core.exact import plain
from ..core.meters import METERS, TOKEN_METERS, WORK_METERS
from ..core.notes import Note
from ..core.rate import (
    ANOTHER_UNIT,
    CARD_REPLACED,
    FREE_MODEL,
    LIKE_ITS_PARENT,
    PUBLIC,
    SET,
    UNSET,
    ZERO_BESIDE_A_PRICE,
    Factor,
    Shadow,
)
from ..core.ratecard import RateCard
from ..errors import InvalidPriceError
from . import missing_cells, vendors
from .batches import fill_batch
from .spellings import is_snapshot, of_no_region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.dimensions import Conditions
    from ..core.rate import Rate
    from ..core.set_aside import SetAside
    from ..core.term import Term
    from .contract import Contract
    from .entry import Entry

    Cells = dict[tuple[str, Conditions], Rate]
    # A last step over the cells, the rates that are out of force, and the notes.
    Finish = Callable[[Cells, list[Shadow], list[Note]], None]

MAP, BASE_MODEL, REGISTERED, MODEL_INFO, LITELLM_PARAMS, CALL = (
    "map",
    "base_model",
    "registered",
    "config model_info",
    "config litellm_params",
    "call",
)


class Layer:
    """One source of prices for one model: its entry, and how it treats the layers below it.

    Attributes:
        replace: start from an empty card.
        scale_rest: scale the conditional siblings of weaker layers by new/old of the base key.
        contract: its prices that hold at some times or in some regions only, or None; ``entry`` is without them.
    """

    __slots__ = ("contract", "entry", "replace", "scale_rest")

    def __init__(
        self, entry: Entry, *, replace: bool = False, scale_rest: bool = False, contract: Contract | None = None
    ) -> None:
        self.entry, self.replace, self.scale_rest, self.contract = entry, replace, scale_rest, contract

    @property
    def sells(self) -> bool:
        """Whether it has any price, at whatever time."""
        return bool(self.entry.rates) or (self.contract is not None and bool(self.contract.blocks))


def compile_card(
    layers: Sequence[Layer],
    *,
    model: str,
    name: str,
    match_rule: str,
    notes: tuple[Note, ...] = (),
    provider: str | None = None,
    terms: tuple[Term, ...] = (),
    region: str | None = None,
    trail: tuple[tuple[str, str], ...] = (),
    finish: Finish | None = None,
) -> RateCard:
    """Return the rate card of a model from its layers, strongest first.

    ``finish`` is applied last: it is for rows that price each other, such as those of the sizes of an image.
    """
    cells: Cells = {}
    shadowed: list[Shadow] = []
    factors: dict[tuple[str, str], Factor] = {}
    info: dict[str, object] = {}
    # The meters that some layer prices or un-sets.
    named: set[str] = set()
    unknown: list[SetAside] = []
    free: tuple[str, str] | None = None
    found_notes = list(notes)
    for layer in reversed(layers):
        entry = layer.entry
        if layer.replace:
            shadowed += [Shadow(rate, entry.layer, CARD_REPLACED) for rate in cells.values()]
            cells, factors, named, unknown, free = {}, {}, set(), [], None
        for cell in [cell for cell, rate in cells.items() if entry.unsets(rate.price_key)]:
            shadowed.append(Shadow(cells.pop(cell), entry.layer, UNSET))
        factors = {key: factor for key, factor in factors.items() if not entry.unsets(factor.price_key)}
        free = _free(entry, free, cells, shadowed)
        _put_tokens_out_of_force(entry, cells, shadowed, found_notes)
        if layer.scale_rest:
            _scale_rest(entry, cells)
        for cell, rate in entry.rates.items():
            named.add(cell[0])
            weaker = cells.pop(cell, None)
            if weaker is not None:
                shadowed.append(Shadow(weaker, entry.layer, UNSET if rate is None else SET))
            if rate is not None:
                cells[cell] = rate
        for factor in entry.factors:
            factors[factor.fact, factor.value] = factor
        unknown += entry.unknown
        info.update({key: value for key, value in entry.info.items() if value is not None})

    if info.get("web_search_billing_unit") == "per_query":
        _drop_search(cells, "grounded_prompts")
    elif vendors.grounds_by_prompt(name, str(info.get("litellm_provider") or provider or "")):
        _drop_search(cells, "web_searches")
    _drop_placeholder_zeros(layers, cells, shadowed)
    repeats = _drop_repeats(layers, cells, shadowed)
    owner = str(info.get("litellm_provider") or provider or "") or None
    missing_cells.cross(cells)
    fill_batch(cells, owner, name, str(info["mode"]) if "mode" in info else None)
    vendors.fill(cells, named, repeats, owner)
    rules = vendors.rules_for(owner)
    for speed, multiple in rules.speeds if layers else ():
        weakest = layers[-1].entry
        factor = Factor("speed", speed, multiple, weakest.layer, weakest.key, rules.source)
        factors.setdefault(("speed", speed), factor)
    missing_cells.follow(cells)
    if finish is not None:
        finish(cells, shadowed, found_notes)
    if region and free is None and all(layer.entry.layer in PUBLIC for layer in layers):
        found_notes += of_no_region(region, name, factors.values(), found_notes)
    if cells and free is None and _all_zero_by_map(cells):
        found_notes.append(Note("zero_by_map", "the map lists this model at 0"))
    searches = _always_searches(name)
    # A variant of the name may search too, and its note says so.
    unstated = searches or any(note.code == "searches_not_counted" for note in found_notes)
    if searches:
        said = (
            f"every call of {name} searches the web for a fee, and the response does not count the searches: "
            "one is in this cost, or those of web_searches="
        )
        found_notes.append(Note("searches_not_counted", said, "web_searches"))
    return RateCard(
        cells.values(),
        unstated=("web_searches",) if unstated else (),
        name=name,
        model=model,
        match_rule=match_rule,
        provider=owner,
        mode=str(info["mode"]) if "mode" in info else None,
        factors=tuple(factors.values()),
        terms=terms,
        notes=tuple(found_notes),
        shadowed=tuple(shadowed),
        layers=tuple((layer.entry.layer, layer.entry.key) for layer in layers),
        inclusive=vendors.rules_for(owner).inclusive,
        # A discount counts as an own price: the cost that a provider reports does not contain it.
        priced_by_user=any(not term.tags for term in terms)
        or any(layer.entry.layer not in PUBLIC and layer.entry.rates for layer in layers)
        or (free is not None and free[0] not in PUBLIC),
        free=free,
        wall_clock=info.get("mode") not in vendors.MEDIA_MODES,
        repeats=repeats,
        region=region,
        trail=trail,
        info=info,
        unknown=tuple(unknown),
    )


def _free(entry: Entry, free: tuple[str, str] | None, cells: Cells, shadowed: list[Shadow]) -> tuple[str, str] | None:
    """Return which layer's ``free: true`` is in force after an entry is laid over the weaker ones.

    ``free: true`` is a price of 0 for the model's own work, and replaces what weaker layers ask for that. A stronger
    layer with a price for work in another unit than tokens, such as seconds, replaces it in turn.
    """
    if entry.info.get("free") is True:
        for cell in [cell for cell in cells if cell[0] in TOKEN_METERS or cell[0] in WORK_METERS]:
            shadowed.append(Shadow(cells.pop(cell), entry.layer, FREE_MODEL))
        return entry.layer, entry.key
    sold = [rate.meter for rate in entry.rates.values() if rate is not None]
    work = any(meter in WORK_METERS for meter in sold) and not any(meter in TOKEN_METERS for meter in sold)
    unset = any(rate is None and not conditions for (_, conditions), rate in entry.rates.items())
    return None if work or unset or entry.info.get("free") is False else free


def _put_tokens_out_of_force(entry: Entry, cells: Cells, shadowed: list[Shadow], notes: list[Note]) -> None:
    """Put the token rates of weaker layers out of force where an entry prices the model by time or by calls instead."""
    rates = [rate for rate in entry.rates.values() if rate is not None]
    if not any(rate.meter in WORK_METERS for rate in rates) or any(rate.meter in TOKEN_METERS for rate in rates):
        return
    weaker = [cell for cell in cells if cell[0] in TOKEN_METERS]
    if not weaker:
        return
    unit = METERS[next(rate.meter for rate in rates if rate.meter in WORK_METERS)].unit
    why = f"{entry.layer} prices this model by the {unit}: the token rates of weaker layers are out of force"
    shadowed += [Shadow(cells.pop(cell), entry.layer, ANOTHER_UNIT, unit) for cell in weaker]
    notes.append(Note("tokens_out_of_force", why, entry.layer))


def _scale_rest(entry: Entry, cells: Cells) -> None:
    """Scale the conditional and child rates of weaker layers by new/old of the base rate that an entry sets."""
    for (meter, conditions), new in entry.rates.items():
        if conditions or new is None:
            continue
        old = cells.get((meter, ()))
        siblings = [
            cell
            for cell in cells
            if cell not in entry.rates
            and (cell[0] == meter or meter in METERS[cell[0]].parents)
            and cell != (meter, ())
            # A sibling follows the nearest parent that the layer sets.
            and _nearest_set(cell[0], entry) == meter
        ]
        if not siblings or old is None:
            continue
        if not old.numerator:
            raise InvalidPriceError(
                new.price_key, new.usd, entry.layer, "scale_rest cannot scale from a rate of 0; give the other keys too"
            )
        factor = (new.numerator * old.denominator, new.denominator * old.numerator)
        for cell in siblings:
            why = f"scaled by {plain(new.usd, 0)} / {plain(old.usd, 0)} ({entry.layer} {new.price_key})"
            cells[cell] = cells[cell].times(factor, Note("scaled_rate", why, new.price_key))


def _nearest_set(meter: str, entry: Entry) -> str | None:
    return next((name for name in (meter, *METERS[meter].parents) if entry.rates.get((name, ())) is not None), None)


def _drop_search(cells: Cells, meter: str) -> None:
    """Drop one of the two prices of a search, by the grounded prompt or by the query: the one that is not billed.

    Gemini 2.5 and older bill a grounded prompt once, Gemini 3 every query; the map flags the latter with
    ``web_search_billing_unit: per_query``. https://ai.google.dev/gemini-api/docs/pricing
    """
    for cell in [cell for cell in cells if cell[0] == meter]:
        if cells[cell].price_key.startswith("search_context_cost_per_query"):
            del cells[cell]


def _drop_placeholder_zeros(layers: Sequence[Layer], cells: Cells, shadowed: list[Shadow]) -> None:
    """Drop token rates of 0 that public maps write beside the price of a query, an image or a second.

    A row of a map that is registered as it is, which its ``litellm_provider`` shows, is read as in the map.
    """
    tokens = [rate for rate in cells.values() if rate.meter in TOKEN_METERS]
    selling = {(rate.layer, rate.map_key) for rate in cells.values() if rate.meter in WORK_METERS and rate.numerator}
    copied = {(layer.entry.layer, layer.entry.key) for layer in layers if layer.entry.info.get("litellm_provider")}
    if not tokens or not selling or any(rate.numerator for rate in tokens):
        return
    if all(rate.layer in PUBLIC or (rate.layer, rate.map_key) in selling & copied for rate in tokens):
        for rate in tokens:
            shadowed.append(Shadow(cells.pop((rate.meter, rate.conditions)), "", ZERO_BESIDE_A_PRICE))


def _drop_repeats(layers: Sequence[Layer], cells: Cells, shadowed: list[Shadow]) -> frozenset[str]:
    """Drop a child's rate that only repeats its parent's, so that it follows it through thresholds and tiers."""
    dropped = {}
    for layer in layers:
        rates = layer.entry.rates
        for (meter, conditions), rate in rates.items():
            if conditions or rate is None or cells.get((meter, ())) is not rate:
                continue
            parent = next((rates.get((name, ())) for name in METERS[meter].parents if rates.get((name, ()))), None)
            if parent is None or cells.get((parent.meter, ())) is not parent:
                continue
            if rate.numerator * parent.denominator == parent.numerator * rate.denominator:
                dropped[meter] = parent.meter
    for meter, parent_meter in dropped.items():
        shadowed.append(Shadow(cells.pop((meter, ())), "", LIKE_ITS_PARENT, parent_meter))
    return frozenset(dropped)


def _always_searches(name: str) -> bool:
    bare = name.rpartition("/")[2]
    return any(bare == searcher or is_snapshot(bare, searcher) for searcher in vendors.SEARCHERS)


def _all_zero_by_map(cells: Cells) -> bool:
    return all(rate.layer in PUBLIC and not rate.numerator for rate in cells.values())
