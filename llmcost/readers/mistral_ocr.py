"""Mistral OCR, and whoever answers in its shape: pages, annotated pages, or credits.

The counters stand in ``usage_info``. The pages processed are billed, however many are returned; annotating them
is billed on top. https://docs.mistral.ai/capabilities/document_ai
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .fields import count, items, quantity, sub, text
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_BLOCK = Block(
    "pages_processed",
    "pages_processed_annotation",
    "credits",
    ignored={"doc_size_bytes": "the size of the file; nothing is sold by it"},
)


def read(fields: Fields) -> Usage:
    """Return the usage of an OCR call.

    >>> read({"pages": [], "model": "mistral-ocr-2512", "usage_info": {"pages_processed": 8}}).quantities
    {'ocr_pages': 8}

    Raises:
        MissingUsageError: neither pages nor credits are stated.
        InconsistentUsageError: a counter is no count.
    """
    counters = sub(fields, "usage_info")
    if counters is None or (counters.get("pages_processed") is None and counters.get("credits") is None):
        raise missing("this OCR response")
    model = text(fields, "model")
    pages, credits_ = count(counters, "pages_processed"), quantity(counters, "credits")
    annotated = count(counters, "pages_processed_annotation")
    if not pages and not credits_ and not annotated and items(fields, "pages"):
        raise missing("this OCR response, which holds pages and says that none was processed,")
    notes: tuple[Note, ...] = ()
    if counters.get("pages_processed_annotation") is None and _is_annotated(fields):
        annotated = pages
        said = "the response is annotated and does not say how many pages: every processed page is counted"
        notes = (Note("pages_assumed", said, "annotation_pages"),)
    quantities: Quantities = {"annotation_pages": annotated} if annotated else {}
    if pages and not credits_:
        quantities["ocr_pages"] = pages
    usage = Usage.of(quantities, 0, "ocr", {} if model is None else {"model": model})
    if credits_:
        units: tuple[Quantities, ...] = ({"ocr_credits": credits_}, {"ocr_pages": pages})
        usage.alternatives = (units if pages else units[:1],)
    usage.notes = notes
    return usage


def _is_annotated(fields: Fields) -> bool:
    if text(fields, "document_annotation") is not None:
        return True
    return any(text(image, "image_annotation") for page in items(fields, "pages") for image in items(page, "images"))


def recognises(fields: Fields) -> bool:
    """Return whether this is an OCR response."""
    return "usage_info" in fields and "pages" in fields


READER = Reader("Mistral OCR", recognises, read, {"usage_info": _BLOCK})
