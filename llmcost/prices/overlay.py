"""Overlay: the entries of one model laid over each other, so that of each cell the strongest is in force."""

from __future__ import annotations

from ..core.exact import plain
from ..core.meters import METERS, OTHER, TIME_METERS, TOKEN, TOKEN_METERS, WORK_METERS, side_of
from ..core.notes import Note
from ..core.rate import ANOTHER_UNIT, CARD_REPLACED, FREE_MODEL, PUBLIC, SET, UNSET, Factor, Shadow
from ..errors import InvalidPriceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.dimensions import Conditions
    from ..core.rate import Rate
    from ..core.set_aside import SetAside
    from .entry import Entry

    Cells = dict[tuple[str, Conditions], Rate]


class Overlay:
    """What the layers that were laid so far leave in force; the weakest is laid first.

    Attributes:
        cells, factors: the prices in force; ``shadowed`` are those that are not, and why.
        info: what the entries say besides prices.
        touched: the meters that some layer prices or un-sets: no rule of a vendor fills them in.
        unknown: price-like keys that this version does not know.
        free: layer and map key of the ``free: true`` that is in force, or None.
    """

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.cells: Cells = {}
        self.factors: dict[tuple[str, str], Factor] = {}
        self.shadowed: list[Shadow] = []
        self.info: dict[str, object] = {}
        self.touched: set[str] = set()
        self.unknown: list[SetAside] = []
        self.free: tuple[str, str] | None = None
        self.notes = list(notes)

    def lay(self, entry: Entry, *, replace: bool, scale_rest: bool) -> None:
        """Lay the entry of a stronger layer over those before it; the flags are those of ``Layer``."""
        if replace:
            self.shadowed += [Shadow(rate, entry.layer, CARD_REPLACED) for rate in self.cells.values()]
            self.cells, self.factors, self.touched, self.unknown, self.free = {}, {}, set(), [], None
        cells, shadowed = self.cells, self.shadowed
        for cell in [cell for cell, rate in cells.items() if entry.unsets(rate.price_key)]:
            shadowed.append(Shadow(cells.pop(cell), entry.layer, UNSET))
        self.factors = {key: factor for key, factor in self.factors.items() if not entry.unsets(factor.price_key)}
        self.free = _free(entry, self.free, cells, shadowed)
        _put_tokens_out_of_force(entry, cells, shadowed, self.notes)
        if entry.layer not in PUBLIC:
            _put_images_out_of_force(entry, cells, shadowed, str(self.info.get("mode")))
            _put_work_out_of_force(entry, cells, shadowed, self.notes)
        if scale_rest:
            # The weaker rates are scaled by the old base rate, which the entry is about to replace.
            _scale_rest(entry, cells)
        for cell, rate in entry.rates.items():
            self.touched.add(cell[0])
            weaker = cells.pop(cell, None)
            if weaker is not None:
                shadowed.append(Shadow(weaker, entry.layer, UNSET if rate is None else SET))
            if rate is not None:
                cells[cell] = rate
        for factor in entry.factors:
            self.factors[factor.fact, factor.value] = factor
        self.unknown += entry.unknown
        self.info.update({key: value for key, value in entry.info.items() if value is not None})


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


def _put_work_out_of_force(entry: Entry, cells: Cells, shadowed: list[Shadow], notes: list[Note]) -> None:
    """Put the weaker price of a whole call out of force where the user prices its time, or prices it by tokens.

    A price of any second holds for seconds of video and audio too. A price of tokens takes the place of a price in
    another unit on its side of the bill, if the model is sold by nothing but such units: both would bill it twice.
    """
    own = {rate.meter for rate in entry.rates.values() if rate is not None and rate.numerator}
    for cell in [cell for cell in cells if cell[0] in TIME_METERS and cell[0] not in own]:
        if not own.isdisjoint(METERS[cell[0]].parents):
            shadowed.append(Shadow(cells.pop(cell), entry.layer, ANOTHER_UNIT, METERS[cell[0]].unit))
    if own.isdisjoint(TOKEN_METERS) or not own.isdisjoint(WORK_METERS):
        return
    if any(rate.numerator for cell, rate in cells.items() if cell[0] in TOKEN_METERS):
        return
    sides = {OTHER, *(side_of(meter) for meter in own)}
    weaker = [cell for cell, rate in cells.items() if cell[0] in WORK_METERS and side_of(cell[0]) in sides]
    weaker = [cell for cell in weaker if cells[cell].numerator]
    if weaker:
        unit = METERS[weaker[0][0]].unit
        why = f"{entry.layer} prices this model by the token: the price of weaker layers by the {unit} is out of force"
        shadowed += [Shadow(cells.pop(cell), entry.layer, ANOTHER_UNIT, TOKEN) for cell in weaker]
        notes.append(Note("work_out_of_force", why, entry.layer))


# The units of a generated image, in the order in which a card is asked for their rates.
_GENERATED = ("output_images", "output_pixels", "input_pixels", "input_images")


def _put_images_out_of_force(entry: Entry, cells: Cells, shadowed: list[Shadow], mode: str) -> None:
    """Put the public price of a generated image out of force where the user prices it in a unit that is asked later.

    A price under the input key is one of generated images only if the model makes nothing else, and no public price
    stands under that key. So is a public one, if no other prices them: it is out of force where the user prices pixels,
    which cannot be counted without a size.
    """
    made = [cell[0] for cell in cells if cell[0] in _GENERATED]
    own = {rate.meter for rate in entry.rates.values() if rate is not None and rate.numerator}
    for place, meter in enumerate(_GENERATED):
        if meter not in own or any(cell[0] == meter for cell in cells):
            continue
        if meter == "input_images" and not mode.startswith("image"):
            continue
        weaker = _GENERATED[:place]
        if meter.endswith("pixels") and mode.startswith("image") and set(made) == {"input_images"}:
            weaker = ("input_images",)
        for cell in [cell for cell in cells if cell[0] in weaker and cell[0] not in own]:
            shadowed.append(Shadow(cells.pop(cell), entry.layer, ANOTHER_UNIT, METERS[meter].unit))


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
