"""Reducto: a document is sold by credits, which the answer states beside its pages.

https://docs.reducto.ai/api-reference/parse
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import count, quantity, sub
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the credits of a document, with its pages as the other unit of the same work.

    >>> read({"job_id": "j", "usage": {"num_pages": 3, "credits": 4.5}, "result": {}}).alternatives
    (({'ocr_credits': 4.5}, {'ocr_pages': 3}),)

    Raises:
        MissingUsageError: neither credits nor pages are stated.
        InconsistentUsageError: a counter is no count.
    """
    counters = sub(fields, "usage") or {}
    spent, pages = quantity(counters, "credits"), count(counters, "num_pages")
    both: tuple[Quantities, ...] = ({"ocr_credits": spent}, {"ocr_pages": pages})
    units = [unit for unit in both if all(unit.values())]
    if not units:
        raise missing("this document")
    usage = Usage.of({}, 0, "ocr", {"provider": "reducto"})
    usage.alternatives = (tuple(units),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a job of Reducto with its usage."""
    return "job_id" in fields and "num_pages" in (sub(fields, "usage") or ())


READER = Reader("Reducto", recognises, read, {"usage": Block("num_pages", "credits")})
