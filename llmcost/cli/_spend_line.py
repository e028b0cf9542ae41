"""The line of ``llmcost spend statusline``.

It reads the database of a log as it is, by ``sqlite3`` alone, and writes nothing.
"""

from __future__ import annotations

import os
import sqlite3
from time import time

from ..spend.axes import ALL, STATUS_CODES
from ..spend.place import place_of
from ._statusline import DAY_US, start_of_today, usd

_HOUR = 3_600_000_000
# Statuses of calls that may have cost more.
_OPEN = ", ".join(str(STATUS_CODES[word]) for word in ("partial", "unpriced", "maybe_billed"))
_SUMS = f"SELECT COALESCE(SUM(nano), 0), COALESCE(SUM(atto), 0), COALESCE(SUM((status IN ({_OPEN})) * {{calls}}), 0)"
_OF_HOURS = f"{_SUMS.format(calls='calls')} FROM totals WHERE axis = ? AND hour >= ?"
_OF_CALLS = f"{_SUMS.format(calls=1)} FROM calls WHERE at >= ? AND at < ?"
_OF_SESSION = f"{_SUMS.format(calls=1)} FROM calls WHERE session = ? AND session <> 0"
_DROPPED = "SELECT COALESCE(SUM(calls), 0) FROM drops WHERE hour >= ?"
_CODE = "SELECT code FROM names WHERE kind = 'session' AND text = ?"


def line(options: dict[str, str]) -> str:
    """Return what today's calls have cost, those of the last seven days, and those of a session if one is named.

    Raises:
        ValueError: there is no such log, or it is none of SQLite.
        SpendLogError: its address is none.
        sqlite3.Error: it cannot be read.
    """
    place = place_of(options.get("--db"), options.get("--spool"))
    if place.file is None:
        raise ValueError("statusline reads a log of SQLite; for PostgreSQL write `llmcost spend`")
    if not place.file.exists():
        raise ValueError(f"{place.file}: there is no log of calls here")
    now = int(time() * 1_000_000)
    today = start_of_today(now, options.get("--tz"))
    connection = sqlite3.connect(f"{place.file.as_uri()}?mode=ro", uri=True, timeout=0.2)
    try:
        said = [f"{_since(connection, today, now)} today", f"{_since(connection, now - 7 * DAY_US, now)} in 7 days"]
        if options.get("--session"):
            row = connection.execute(_CODE, (options["--session"],)).fetchone()
            spent = usd(*connection.execute(_OF_SESSION, (row[0],)).fetchone()) if row else "$0"
            said.insert(0, f"{spent} session")
    finally:
        connection.close()
    waiting = " (calls wait to be stored)" if _waits(place.spool) else ""
    return ", ".join(said) + waiting


def _since(connection: sqlite3.Connection, start: int, now: int) -> str:
    """Return what calls have cost from a moment on: whole hours from their sums, the rest from the calls."""
    first = -(-start // _HOUR)
    nano, atto, bound = connection.execute(_OF_HOURS, (ALL, first)).fetchone()
    if start < first * _HOUR:
        more = connection.execute(_OF_CALLS, (start, min(first * _HOUR, now + DAY_US))).fetchone()
        nano, atto, bound = nano + more[0], atto + more[1], bound + more[2]
    dropped = connection.execute(_DROPPED, (start // _HOUR,)).fetchone()[0]
    return usd(nano, atto, bound + dropped)


def _waits(folder: os.PathLike[str]) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".spool") and entry.stat().st_size for entry in entries)
    except OSError:
        return False
