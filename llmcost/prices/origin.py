"""Origin: the set of price data that a map is read from; its day, its history, and the sources of its numbers."""

from __future__ import annotations

from ..core.notes import Note
from ..core.rate import PUBLIC
from ..errors import PriceDataError
from . import places
from .batches import batch_id, documented
from .entries import compile_entry
from .layers import Layer
from .moments import day_number, today
from .rows import MapSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.ratecard import RateCard
    from .entry import Entry
    from .history import Epochs, History
    from .rows import Source

# Vendors change prices within weeks; a map that is older says so.
STALE_DAYS = 30


class Origin:
    """The set of price data that a map is read from, each of its files when it is first needed.

    Attributes:
        data: the set; None until the map is read.
    """

    __slots__ = ("_as_of", "_beside", "_history", "_provenance", "data")

    def __init__(self) -> None:
        self.data: places.DataSet | None = None
        self._as_of: str | None = None
        self._history: History | None = None
        # The names of models with a row of their seller for batches -> the epochs in which neither price changes.
        self._beside: dict[str, Epochs] = {}
        self._provenance: MapSource | None = None

    def read(self) -> MapSource:
        """Return the rows of the map; raise PriceDataError for an installation that has lost them."""
        data = self.data = places.current()
        found = data.lines(places.MAP)
        if found is None:
            raise PriceDataError(f"{places.MAP} is missing from this installation of llmcost")
        return MapSource(found, data.origin)

    def _past(self) -> History:
        if self._history is None:
            from .history import History

            data = self.data or places.current()
            self._history = History(data.lines(places.HISTORY) or b"", data.origin)
        return self._history

    def epochs(self, name: str, row: Mapping[str, object], source: Source) -> Epochs:
        """Return the price changes known of a row, and of the seller's row for its batches."""
        found = self._past().of(name, row)
        batch = batch_id(name, str(row.get("litellm_provider") or ""))
        if batch is None:
            return found
        both = self._beside.get(name)
        if both is None:
            sold = source.get(batch)
            other = self._past().of(batch, sold) if sold is not None else None
            both = self._beside[name] = found if other is None or not other.starts else found.with_starts(other)
        return both

    def at_epoch(self, layers: tuple[Layer, ...], epoch: int, source: Source) -> tuple[Layer, ...]:
        """Return layers with the map's entry as it was in an epoch; dates concern that layer only."""
        found = []
        for layer in layers:
            entry = layer.entry
            if entry.layer in PUBLIC:
                present = source.get(entry.key) or {}
                epochs = self.epochs(entry.key, present, source)
                dated = compile_entry(epochs.entry(present, epoch), entry.layer, entry.key)
                guessed = epochs.guessed(present, epoch)
                dated.guessed = guessed - documented(dated, guessed) if guessed else guessed
                dated.batch = self._batch_of(entry, epochs.first(epoch), source)
                found.append(Layer(dated))
            else:
                found.append(layer)
        return tuple(found)

    def _batch_of(self, entry: Entry, moment: float, source: Source) -> Entry | None:
        """Return the seller's row for batches of a model as it was at a moment; None if it has none."""
        name = batch_id(entry.key, str(entry.info.get("litellm_provider") or ""))
        row = source.get(name) if name is not None else None
        if name is None or row is None:
            return None
        epochs = self._past().of(name, row)
        return compile_entry(epochs.entry(row, max(epochs.at(moment), int(epochs.born))), entry.layer, name)

    def attest(self, name: str, row: Mapping[str, object] | None) -> Mapping[str, object]:
        """Return what is known of where a row's numbers come from."""
        data = self.data
        if data is None or row is None:
            return {}
        if self._provenance is None:
            self._provenance = MapSource(data.lines(places.PROVENANCE) or b"{}", "the provenance")
        return {"url": row.get("source"), **(self._provenance.get(name) or {})}

    @property
    def as_of(self) -> str:
        """The day that the prices are of, ISO text: as the set states it, else when it was fetched; "" if unknown."""
        if self.data is None:
            return ""
        if self._as_of is None:
            self._as_of = str(self.data.info.get("as_of") or "")
        return self._as_of or self.data.installed

    def told(self) -> str:
        """Return the day and the age of the prices, in words: an unknown model may be younger than they are."""
        if not self.as_of:
            return ""
        days = max(0, today() - day_number(self.as_of))
        return f"the prices are of {self.as_of}, {days} day{'' if days == 1 else 's'} old: see `llmcost update`"

    def date(self, card: RateCard, layers: tuple[Layer, ...]) -> RateCard:
        """Return a card with the day of its prices, and with a note if they are old."""
        stated = self.as_of
        card.guessed = frozenset(key for layer in layers for key in layer.entry.guessed)
        if stated and any(layer.entry.layer in PUBLIC for layer in layers):
            card.as_of = stated
            card.stale_at = (day_number(stated) + STALE_DAYS + 1) * 86_400.0
            fetched = not self._as_of
            if today() * 86_400 >= card.stale_at:
                grow_old(card, fetched=fetched)
        return card


_warned: list[str] = []


def grow_old(card: RateCard, *, fetched: bool = False) -> None:
    """Put the age of its map into the notes of a card, once, and warn, once a process."""
    card.stale_at = float("inf")
    days = today() - day_number(card.as_of)
    said = f"the price map is of {card.as_of}, {days} days old: see `llmcost update`"
    if fetched:
        said = f"the price map was fetched on {card.as_of}, {days} days ago, and may be older: see `llmcost update`"
    card.notes = (*card.notes, Note("map_is_old", said))
    if not _warned:
        _warned.append(said)
        import warnings

        from ..errors import StalePricesWarning

        warnings.warn(said, StalePricesWarning, stacklevel=2)
