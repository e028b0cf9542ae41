"""Every set of price data that is found, and which of them is in use."""

from __future__ import annotations

import os
import warnings

from ..errors import LLMCostError, printable
from ..prices import places
from ..prices.moments import day_number, today
from ..prices.precedence import trouble
from .integrity import verify


class SetStatus:
    """One set of price data.

    Attributes:
        set: ``package``, ``data`` (the data wheel), ``update``, or ``own`` (what ``LLMCOST_PRICES`` names).
        origin: where it is.
        version: the release of the data, or "".
        as_of: the day that the prices are of, else the one on which they were fetched, ISO text; or "".
        age_days: whole days since then, or None.
        fault: what is wrong with its files, or why this version cannot use them; "" if nothing is.
        in_use: whether prices come from it.
        why: why it is in use; "" for the others.
    """

    __slots__ = ("age_days", "as_of", "fault", "in_use", "origin", "set", "version", "why")

    def __init__(self, data: places.DataSet, used: places.DataSet | None) -> None:
        self.set, self.origin, self.as_of = data.kind, data.origin, data.day
        self.version = str(data.info.get("version") or "")
        try:
            self.age_days: int | None = today() - day_number(self.as_of)
        except ValueError:
            self.age_days = None
        self.fault = _fault(data)
        self.in_use = used is not None and (used.kind, used.origin) == (data.kind, data.origin)
        self.why = used.why if used is not None and self.in_use else ""

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return printable(f"<SetStatus {self.set}: {self.origin}{', in use' if self.in_use else ''}>")


def _fault(data: places.DataSet) -> str:
    try:
        if isinstance(data, places.Replaceable):
            why = trouble(data)
            if why:
                return why
        if data.info.get("sha256") or data.kind == places.DATA:
            verify(data)
    except (OSError, LLMCostError) as error:
        return str(error)
    return ""


def status() -> list[SetStatus]:
    """Return the sets that are found, the one in use first.

    Raises PriceDataError if ``LLMCOST_PRICES`` names nothing that can be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with a set is a fact about it here
        used = places.current()
    found = [places.PACKAGED.again(), places.located(), places.user_update()]
    if os.environ.get("LLMCOST_PRICES") and used.kind == "own":
        found.append(used)
    rows = [SetStatus(data, used) for data in found if data is not None]
    return sorted(rows, key=lambda row: not row.in_use)
