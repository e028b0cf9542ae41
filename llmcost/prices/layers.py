"""Layers: entries of one model, strongest first -> one rate card, cell by cell."""

from __future__ import annotations

from ..core.call import SEARCH_DEFAULT
from ..core.meters import METERS, TOKEN_METERS, WORK_METERS
from ..core.notes import Note
from ..core.rate import LIKE_ITS_PARENT, PUBLIC, ZERO_BESIDE_A_PRICE, Factor, Shadow
from ..core.ratecard import RateCard
from . import missing_cells, vendors
from .batches import fill_batch
from .overlay import Overlay
from .spellings import is_snapshot, of_no_region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.term import Term
    from .contract import Contract
    from .entry import Entry
    from .overlay import Cells

    # A last step over what the layers leave in force.
    Finish = Callable[[Overlay], None]

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
    requested_tier: str | None = None,
    trail: tuple[tuple[str, str], ...] = (),
    finish: Finish | None = None,
) -> RateCard:
    """Return the rate card of a model from its layers, strongest first.

    ``finish`` is applied last: it is for rows that price each other, such as those of the sizes of an image.
    """
    overlay = Overlay(notes)
    for layer in reversed(layers):
        overlay.lay(layer.entry, replace=layer.replace, scale_rest=layer.scale_rest)
    factors, info, free = overlay.factors, overlay.info, overlay.free
    owner = str(info.get("litellm_provider") or provider or "") or None
    mode = str(info["mode"]) if "mode" in info else None
    repeats = _complete(overlay, layers, name, owner, mode)
    if finish is not None:
        finish(overlay)
    cells, found_notes = overlay.cells, overlay.notes
    if region and free is None and all(layer.entry.layer in PUBLIC for layer in layers):
        found_notes += of_no_region(region, name, factors.values(), found_notes)
    if cells and free is None and _all_zero_by_map(cells):
        found_notes.append(Note("zero_by_map", "the map lists this model at 0"))
    rules = vendors.rules_for(owner)
    found_notes += _unstated_searches(
        name, rules.searches is not None and "web_searches" in {meter for meter, _ in cells}
    )
    # A variant of the name may search too, and its note says so.
    unstated = {note.about: note for note in found_notes if note.about and note.code == "searches_not_counted"}
    found_notes = [note for note in found_notes if note not in unstated.values()]
    return RateCard(
        cells.values(),
        unstated=unstated,
        name=name,
        model=model,
        match_rule=match_rule,
        provider=owner,
        mode=mode,
        factors=tuple(factors.values()),
        terms=terms,
        notes=tuple(found_notes),
        shadowed=tuple(overlay.shadowed),
        layers=tuple((layer.entry.layer, layer.entry.key) for layer in layers),
        inclusive=rules.inclusive,
        search_size=rules.searches or SEARCH_DEFAULT,
        # A discount counts as an own price: the cost that a provider reports does not contain it.
        priced_by_user=any(not term.tags for term in terms)
        or any(layer.entry.layer not in PUBLIC and layer.entry.rates for layer in layers)
        or (free is not None and free[0] not in PUBLIC),
        free=free,
        wall_clock=info.get("mode") not in vendors.MEDIA_MODES,
        repeats=repeats,
        region=region,
        requested_tier=requested_tier,
        trail=trail,
        info=info,
        unknown=tuple(overlay.unknown),
    )


def _complete(
    overlay: Overlay, layers: Sequence[Layer], name: str, owner: str | None, mode: str | None
) -> frozenset[str]:
    """Drop rates that mean nothing and add those that follow from others; return the meters with a dropped repeat."""
    cells = overlay.cells
    if overlay.info.get("web_search_billing_unit") == "per_query":
        _drop_search(cells, "grounded_prompts")
    elif vendors.grounds_by_prompt(name, owner or ""):
        _drop_search(cells, "web_searches")
    _drop_placeholder_zeros(layers, cells, overlay.shadowed)
    repeats = _drop_repeats(layers, cells, overlay.shadowed)
    missing_cells.cross(cells)
    fill_batch(cells, owner, name, mode)
    vendors.fill(cells, overlay.touched, repeats, owner)
    rules = vendors.rules_for(owner)
    for speed, multiple in rules.speeds if layers else ():
        weakest = layers[-1].entry
        factor = Factor("speed", speed, multiple, weakest.layer, weakest.key, rules.source)
        overlay.factors.setdefault(("speed", speed), factor)
    missing_cells.follow(cells)
    return repeats


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


def _unstated_searches(name: str, known: bool) -> list[Note]:
    """Return a note if every call of the model searches the web; it holds where a response does not count that."""
    bare = name.rpartition("/")[2]
    if not (known or any(bare == searcher or is_snapshot(bare, searcher) for searcher in vendors.SEARCHERS)):
        return []
    said = (
        f"every call of {name} searches the web for a fee, and the response does not count the searches: "
        "one is in this cost, or those of web_searches="
    )
    return [Note("searches_not_counted", said, "web_searches")]


def _all_zero_by_map(cells: Cells) -> bool:
    return all(rate.layer in PUBLIC and not rate.numerator for rate in cells.values())
