"""Pages: rows of somebody's log as its API returns them, ``{"data": [...], "meta": {...}}``."""

from __future__ import annotations

from .shapes import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    Fields = dict[str, object]


def rows_of(fields: Fields) -> list[Fields] | None:
    """Return the rows of a page of a log that a reader knows; None for anything else."""
    rows = fields["data"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return None
    return rows if shape_of(rows[0]).logged(rows[0]) is not None else None


def passed_of(fields: Fields) -> str | None:
    """Return the word by which a row says that it is no call, after the name of its log; None for a call."""
    logged = shape_of(fields).logged(fields)
    return None if logged is None else logged.passed(fields)
