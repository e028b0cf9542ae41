"""Axes: by what the log adds up, and the codes of statuses in its tables."""

from __future__ import annotations

from ..core.statement import REPORTED
from ..core.statuses import CACHED, FAILED, FREE, MAYBE_BILLED, PARTIAL, PRICED, UNPRICED
from ..errors import ArgumentError, shown

# axis -> the column of ``calls`` that holds the code of its value.
COLUMNS = {
    "model": "model",
    "provider": "provider",
    "deployment": "deployment",
    "team": "team",
    "user": "user_name",
    "session": "session",
}
TAG, METER, ALL, SAVED = "tag", "meter", "all", "saved"
# Axes of time are hours of the axis ``all``.
HOURS = {"hour": 1, "day": 24}
# What ``by`` takes.
AXES = (*COLUMNS, TAG, METER, *HOURS)
# What ``where`` takes.
FILTERS = (*COLUMNS, TAG, "status")

# Kinds of names beside the axes.
SOURCE, MAP, STATUS = "source", "map", "status"
# The code of what is not stated.
NONE = 0

STATUS_CODES = {
    PRICED: 1,
    PARTIAL: 2,
    FREE: 3,
    CACHED: 4,
    REPORTED: 5,
    UNPRICED: 6,
    FAILED: 7,
    MAYBE_BILLED: 8,
}
STATUS_WORDS = {code: word for word, code in STATUS_CODES.items()}


def checked(axis: str) -> str:
    """Return the name of an axis.

    Raises ArgumentError for another word.
    """
    if axis not in AXES:
        raise ArgumentError(f"by({shown(axis)}): the axes are {', '.join(AXES)}")
    return axis
