"""Azure Document Intelligence: the pages that were analysed, which is what it is sold by.

https://learn.microsoft.com/azure/ai-services/document-intelligence/concept/analyze-document-response
https://azure.microsoft.com/pricing/details/ai-document-intelligence
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import items, sub, text, when
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_RESULT = "analyzeResult"


def read(fields: Fields) -> Usage:
    """Return the pages of a result.

    >>> read({"status": "succeeded", "analyzeResult": {"modelId": "prebuilt-read", "pages": [{"pageNumber": 1}]}}).model
    'doc-intelligence/prebuilt-read'

    Raises MissingUsageError if it is not done, or has no pages.
    """
    result = sub(fields, _RESULT)
    pages = len(items(result, "pages")) if result is not None else 0
    if result is None or not pages:
        raise missing(
            f"an analysis that is {text(fields, 'status') or 'without pages'}", "Read it again when it is done."
        )
    named = text(result, "modelId")
    facts = {
        "model": named and f"doc-intelligence/{named}",
        "provider": "azure_ai",
        "at": when(fields, "createdDateTime"),
    }
    return Usage.of({"ocr_pages": pages}, 0, "ocr", facts)


def recognises(fields: Fields) -> bool:
    """Return whether this is the state of an analysis."""
    if _RESULT in fields:
        return "modelId" in (sub(fields, _RESULT) or ())
    return "createdDateTime" in fields and "lastUpdatedDateTime" in fields and "status" in fields


READER = Reader("Azure Document Intelligence", recognises, read, "its pages are counted")
