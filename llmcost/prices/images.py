"""Images whose size and quality have rows of their own beside the plain one: ``hd/1024-x-1024/dall-e-3``."""

from __future__ import annotations

from ..core.call import sides_of
from ..core.counts import IMAGE_UNITS
from ..core.notes import Note
from ..core.rate import IMAGE_PRICE, PRICED_BY_SIZE, PUBLIC, Rate, Shadow
from .entries import compile_entry
from .layers import REGISTERED
from .names import is_provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .entry import Entry
    from .layers import Finish
    from .overlay import Cells, Overlay
    from .rows import Source

    # (quality, size) -> the name of its row; the quality is empty where a row has none.
    Listed = dict[tuple[str, str], str]

# What a vendor takes where nobody says the quality. https://platform.openai.com/docs/api-reference/images/create
STANDARD = "standard"
# What the older words for a quality are for models that have the newer ones, as LiteLLM sends them on.
_SAME = {"hd": "high", STANDARD: "medium"}
_MOST_SHOWN = 12
_REGISTERED = PUBLIC | {REGISTERED}


def written(word: str | None) -> str | None:
    """Return a size or a quality as maps write it; None if it is left to the vendor.

    >>> written("1024-x-1024"), written("Auto"), written("")
    ('1024x1024', None, None)
    """
    found = (word or "").lower().replace("-x-", "x")
    return found if found and found != "auto" else None


def spellings(name: str, size: str | None, quality: str | None) -> list[str]:
    """Return the names under which maps list an image of this size and quality, the most specific first.

    >>> spellings("azure/dall-e-3", "1024x1024", "low")[:2]
    ['azure/low/1024-x-1024/dall-e-3', 'azure/1024-x-1024/dall-e-3']
    >>> spellings("gpt-image-2", "1024x1024", "hd")
    ['hd/1024-x-1024/gpt-image-2', 'high/1024-x-1024/gpt-image-2', '1024-x-1024/gpt-image-2']
    """
    size, quality = written(size), written(quality)
    if size is None:
        return []
    dashed = size.replace("x", "-x-")
    head, slash, rest = name.partition("/")
    named = [quality or STANDARD]
    if quality in _SAME:
        named.append(_SAME[quality])
    found = []
    # The word before a slash is the provider, or a part of the name.
    for before, after in ((f"{head}/", rest), ("", name)) if slash else (("", name),):
        found += [f"{before}{word}/{dashed}/{after}" for word in named]
        found.append(f"{before}{dashed}/{after}")
    return found


def listed(source: Source, name: str) -> Listed:
    """Return the rows of a source for sizes and qualities of the image model with this plain row."""
    head, slash, rest = name.partition("/")
    found: Listed = {}
    for before, after in ((f"{head}/", f"/{rest}"), ("", f"/{name}")) if slash else (("", f"/{name}"),):
        for row in source.index().ending(name):
            if row.endswith(after) and row.startswith(before) and len(row) > len(before) + len(after):
                _add(found, source, row, row[len(before) : -len(after)])
    if slash:
        # A map may list a seller's sizes without the seller, who stands in the row.
        for row in source.index().ending(rest):
            if row.endswith(f"/{rest}") and (source.get(row) or {}).get("litellm_provider") == head:
                _add(found, source, row, row[: -len(rest) - 1])
    return found


def _add(listed: Listed, source: Source, row: str, words: str) -> None:
    """Add a row if the words before the model's name are a size, or a quality and a size."""
    quality, _, size = words.rpartition("/")
    if sides_of(size) is not None and "/" not in quality and not is_provider(source, quality):
        listed.setdefault((quality, size.replace("-x-", "x")), row)


def is_sized(row: str) -> bool:
    """Return whether a row is that of one size.

    >>> is_sized("azure/hd/1024-x-1024/dall-e-3"), is_sized("dall-e-3")
    (True, False)
    """
    return any(sides_of(word) is not None for word in row.split("/")[:-1])


def by_size(source: Source, entry: Entry, size: str | None, quality: str | None, notes: list[Note]) -> Finish | None:
    """Return what rows by size and quality mean for the row of an image model; None if there are none."""
    if is_sized(entry.key):
        if written(quality) is None and f"{STANDARD}/" in entry.key:
            notes.append(Note("quality_assumed", f"quality= is not stated: {STANDARD} assumed", "quality"))
        return drop_beside_own
    rows = listed(source, entry.key)
    return Sized(source, entry.key, rows, size, quality) if rows else None


def by_own_size(source: Source, name: str, size: str | None, quality: str | None) -> Sized | None:
    """Return what registered rows by size and quality mean for a registered plain row; None if there are none."""
    rows = {} if is_sized(name) else listed(source, name)
    return Sized(source, name, rows, size, quality, _REGISTERED) if rows else None


def drop_beside_own(overlay: Overlay) -> None:
    """Put the map's price of a size out of force if somebody has set the price of an image, in any unit."""
    rates = [(cell, rate) for cell, rate in overlay.cells.items() if cell[0] in IMAGE_UNITS]
    own = [rate.layer for _, rate in rates if rate.layer not in PUBLIC]
    for cell, rate in rates if own else ():
        if rate.layer in PUBLIC:
            overlay.shadowed.append(Shadow(overlay.cells.pop(cell), own[0], IMAGE_PRICE))


class Sized:
    """What the rows of sizes and qualities mean for a card that was compiled from the plain row.

    ``layers`` are those whose price of an image is that of the plain row: registered rows of sizes stand beside a
    registered plain row, as in the map that they were copied from.
    """

    __slots__ = ("_layers", "_listed", "_name", "_quality", "_size", "_source")

    def __init__(
        self,
        source: Source,
        name: str,
        rows: Listed,
        size: str | None,
        quality: str | None,
        layers: frozenset[str] = PUBLIC,
    ) -> None:
        self._source, self._name, self._listed, self._layers = source, name, rows, layers
        self._size, self._quality = written(size), written(quality)

    def __call__(self, overlay: Overlay) -> None:
        """Price images by the row of their size and quality, and note where the plain row is used instead.

        Where the quality has rows, or the size has rows for several qualities, one of these rows has to fit: with none
        that fits, the image is unpriced. In all other cases the plain row prices it, if it has a price.
        """
        cells, notes = overlay.cells, overlay.notes
        plain = [cell for cell in cells if cell[0] in IMAGE_UNITS]
        if any(cells[cell].layer not in self._layers for cell in plain):
            return
        size, quality = self._size, self._quality
        said = " and ".join(f"{key}={word}" for key, word in (("size", size), ("quality", quality)) if word)
        fitting = [row for row in self._listed if (row[0] == quality if quality else row[1] == size)]
        if fitting:
            missing = "size" if quality else "quality"
            why = f"{self._name} of {said} is priced by {words(fitting)}"
            for cell in plain:
                overlay.shadowed.append(Shadow(cells.pop(cell), "", PRICED_BY_SIZE, why))
            notes.append(Note("image_size_needed", f"{why}: pass {missing}=", missing))
        elif plain:
            why = f"no row for {said}" if said else "size= and quality= are not stated"
            for cell in plain:
                derived = Note("image_row_missing", f"{why}: the row of {self._name} itself is used", cell[0])
                cells[cell] = cells[cell].times((1, 1), *cells[cell].derived, derived)
        elif said:
            why = f"{self._name} has no price for {said}: it has {words(list(self._listed))}"
            notes.append(Note("image_row_missing", why))
        else:
            self._add_variants(cells)

    def _add_variants(self, cells: Cells) -> None:
        """Add the price of an image from each row: the note on an unpriced image names the sizes that there are."""
        for (quality, size), row in self._listed.items():
            value = _price(compile_entry(self._source.get(row) or {}, "map", row), size)
            if value is not None:
                conditions = (("variant", f"{quality} {size}".strip()),)
                cells["output_images", conditions] = Rate("output_images", conditions, *value)


def _price(entry: Entry, size: str) -> tuple[tuple[int, int], str, str, str, tuple[Note, ...]] | None:
    """Return what an image of a size costs, as a rate takes it; None where the row does not say."""
    width, height = sides_of(size) or (0, 0)
    for meter, units in (
        ("output_images", 1),
        ("input_images", 1),
        ("output_pixels", width * height),
        ("input_pixels", width * height),
    ):
        rate = entry.rates.get((meter, ()))
        if rate is not None and rate.numerator:
            derived = (Note("pixels", f"{units:,} pixels", meter),) if units > 1 else ()
            return (rate.numerator * units, rate.denominator), rate.layer, rate.map_key, rate.price_key, derived
    return None


def words(rows: list[tuple[str, str]]) -> str:
    """Return qualities and sizes in words, the first of many.

    >>> words([("hd", "1024x1024"), ("", "512x512")])
    'hd 1024x1024, 512x512'
    """
    named = [f"{quality} {size}".strip() for quality, size in rows]
    more = f" and {len(named) - _MOST_SHOWN} more" if len(named) > _MOST_SHOWN else ""
    return ", ".join(named[:_MOST_SHOWN]) + more
