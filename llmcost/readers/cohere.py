"""Cohere: chat, embed and classify, version 1 and 2.

``billed_units`` is what is billed; ``tokens`` beside it also counts what Cohere adds to a prompt by itself.
All counters are floats. No body names its model. https://docs.cohere.com/docs/how-does-cohere-pricing-work
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.notes import Note
from ..core.usage import Usage
from .chunk_reader import LastChunkReader
from .fields import count, sub, text
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_METERS = {
    "input_tokens": "input",
    # With images the text is counted apart.
    "text_tokens": "input",
    "output_tokens": "output",
    "pages": "ocr_pages",
    # A query searches up to 100 documents; a classification is a query on one text.
    "search_units": "queries",
    "classifications": "queries",
}
_IMAGES = ("image_tokens", "images")
_NAMES = (*_METERS, *_IMAGES)
_GROSS = "also counts what Cohere adds to a prompt by itself; billed_units is what is billed"
_VERSION = "the version of the API"
_BLOCK = Block(
    "cached_tokens", ignored={"tokens": _GROSS, "api_version": _VERSION}, inner={"billed_units": Block(*_NAMES)}
)


def read(fields: Fields) -> Usage:
    """Return the usage that is billed.

    >>> billed = {"input_tokens": 5.0, "output_tokens": 418.0}
    >>> read({"message": {}, "usage": {"billed_units": billed, "tokens": {"input_tokens": 71.0}}}).quantities
    {'input': 5, 'output': 418}

    Raises:
        MissingUsageError: no units are stated.
        InconsistentUsageError: a counter is no count.
    """
    stated = _stated(fields)
    billed = sub(stated, "billed_units") if stated is not None else None
    if stated is None or billed is None or not any(is_number(billed.get(name)) for name in _NAMES):
        raise missing("this Cohere response", "Its billed_units are what is billed.")
    quantities: Quantities = {}
    for name, meter in _METERS.items():
        units = count(billed, name)
        if units:
            quantities[meter] = units
    image_tokens, images = (count(billed, name) for name in _IMAGES)
    context = int(quantities.get("input", 0)) + image_tokens
    usage = Usage.of(quantities, context, "cohere", {"model": text(fields, "model")})
    if images or image_tokens:
        # Newer models sell the tokens of an image, older ones the image.
        group: tuple[Quantities, ...] = ({"input_image": image_tokens}, {"input_images": images})
        usage.alternatives = (tuple(unit for unit in group if all(unit.values())),)
    cached = count(stated, "cached_tokens")
    if cached:
        said = f"{cached} cached tokens: no discount is published, the billed units are as stated"
        usage.notes = (Note("cache_not_discounted", said, "cached_tokens"),)
    return usage


def _stated(fields: Fields) -> Fields | None:
    """Return the object that holds the billed units: ``usage``, ``meta``, or the fields themselves."""
    for name in ("usage", "meta"):
        inner = sub(fields, name)
        if inner is not None and "billed_units" in inner:
            return inner
    return fields if "billed_units" in fields else None


def recognises(fields: Fields) -> bool:
    """Return whether this states billed units, or is a chat of version 2 without them."""
    if _stated(fields) is not None:
        return True
    return "message" in fields and "finish_reason" in fields and "choices" not in fields and "done" not in fields


_EVENTS = frozenset(
    {
        "message-start",
        "content-start",
        "content-delta",
        "content-end",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "citation-start",
        "citation-end",
        "message-end",
    }
)


def _is_event(fields: Fields) -> bool:
    # Version 2 has types with hyphens; version 1 names the event itself.
    kind = fields.get("event_type")
    return text(fields, "type") in _EVENTS or (isinstance(kind, str) and kind in {"stream-start", "stream-end"})


def _last(event: Fields) -> Fields | None:
    """Return what holds the usage: the delta of the last event (version 2), or the whole response in it (version 1)."""
    if event.get("type") == "message-end":
        return sub(event, "delta") or {}
    return sub(event, "response") or {} if event.get("event_type") == "stream-end" else None


READER = Reader(
    "Cohere",
    recognises,
    read,
    {"usage": _BLOCK, "meta": _BLOCK, "": _BLOCK},
    chunk=_is_event,
    stream=lambda: LastChunkReader(read, _last),
    events={"delta.usage": _BLOCK, "response.meta": _BLOCK},
    tells=("message-end", "stream-end"),
)
