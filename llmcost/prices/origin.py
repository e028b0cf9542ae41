"""Origin: the set of price data that a map is read from; its day, its history, and what vouches for its numbers."""

from __future__ import annotations

from ..core.notes import Note
from ..errors import PriceDataError
from . import layers as layering
from . import places
from .entries import compile_entry
from .layers import Layer
from .moments import day_number, today
from .rows import MapSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .history import Epochs, History
    from .rows import Source

# Vendors change prices within weeks; a map that is older says so.
STALE_DAYS = 30


class Origin:
    """The set of price data that a map is read from, each of its files when it is first needed.

    Attributes:
        data: the set; None until the map is read.
    """

    __slots__ = ("_as_of", "_history", "_provenance", "data")

    def __init__(self) -> None:
        self.data: places.DataSet | None = None
        self._as_of: str | None = None
        self._history: History | None = None
        self._provenance: MapSource | None = None

    def read(self) -> MapSource:
        """Return the rows of the map; raise PriceDataError for an installation that has lost them."""
        data = self.data = places.current()
        found = data.read(places.MAP)
        if found is None:
            raise PriceDataError(f"{places.MAP} is missing from this installation of llmcost")
        return MapSource(found, data.origin)

    def _past(self) -> History:
        if self._history is None:
            from .history import History

            data = self.data or places.current()
            self._history = History(data.read(places.HISTORY) or b"", data.origin)
        return self._history

    def epochs(self, name: str, row: Mapping[str, object]) -> Epochs:
        """Return the price changes known of a row."""
        return self._past().of(name, row)

    def at_epoch(self, layers: tuple[Layer, ...], epoch: int, source: Source) -> tuple[Layer, ...]:
        """Return layers with the map's entry as it was in an epoch; dates concern that layer only."""
        found = []
        for layer in layers:
            entry = layer.entry
            if entry.layer in layering.PUBLIC:
                raw = self._past().of(entry.key).entry(source.get(entry.key) or {}, epoch)
                found.append(Layer(compile_entry(raw, entry.layer, entry.key)))
            else:
                found.append(layer)
        return tuple(found)

    def attest(self, name: str, row: Mapping[str, object] | None) -> Mapping[str, object]:
        """Return what is known of where a row's numbers come from."""
        data = self.data
        if data is None or row is None:
            return {}
        if self._provenance is None:
            self._provenance = MapSource(data.read(places.PROVENANCE) or b"{}", "the provenance")
        return {"url": row.get("source"), **(self._provenance.get(name) or {})}

    def age(self, layers: tuple[Layer, ...]) -> tuple[Note, ...]:
        """Return a note if the map is old and a card rests on it."""
        if self.data is None or not any(layer.entry.layer in layering.PUBLIC for layer in layers):
            return ()
        if self._as_of is None:
            self._as_of = str(places.info_of(self.data).get("as_of") or "")
        stated = self._as_of or self.data.installed
        if not stated:
            return ()
        days = today() - day_number(stated)
        if days <= STALE_DAYS:
            return ()
        if not self._as_of:
            said = f"the price map was fetched on {stated}, {days} days ago, and may be older: see `llmcost update`"
        else:
            said = f"the price map is of {self._as_of}, {days} days old: see `llmcost update`"
        return (Note("map_is_old", said),)
