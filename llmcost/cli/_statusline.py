"""``llmcost spend statusline``: one line for a prompt or a status bar, before click or SQLAlchemy load.

It reads the database of a log as it is, by ``sqlite3`` alone, and writes nothing.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from time import time

from ..errors import LLMCostError, printable
from ..spend.axes import ALL, STATUS_CODES
from ..spend.place import place_of

USAGE = "usage: llmcost spend statusline [--db PATH] [--tz ZONE] [--session ID]"
_OPTIONS = ("--db", "--spool", "--tz", "--session")
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
# Statuses of calls that may have cost more.
_OPEN = ", ".join(str(STATUS_CODES[word]) for word in ("partial", "unpriced", "maybe_billed"))
_SUMS = f"SELECT COALESCE(SUM(nano), 0), COALESCE(SUM(atto), 0), COALESCE(SUM((status IN ({_OPEN})) * {{calls}}), 0)"
_OF_HOURS = f"{_SUMS.format(calls='calls')} FROM totals WHERE axis = ? AND hour >= ?"
_OF_CALLS = f"{_SUMS.format(calls=1)} FROM calls WHERE at >= ? AND at < ?"
_OF_SESSION = f"{_SUMS.format(calls=1)} FROM calls WHERE session = ? AND session <> 0"
_DROPPED = "SELECT COALESCE(SUM(calls), 0) FROM drops WHERE hour >= ?"
_CODE = "SELECT code FROM names WHERE kind = 'session' AND text = ?"


def asked(arguments: list[str]) -> dict[str, str] | None:
    """Return the options of a command line that is for this command and asks for no help; else None.

    >>> asked(["spend", "--db", "spend.db", "statusline"]), asked(["spend", "tail"])
    ({'--db': 'spend.db'}, None)
    """
    if arguments[:1] != ["spend"]:
        return None
    found: dict[str, str] = {}
    named = False
    rest = iter(arguments[1:])
    for word in rest:
        option, equals, value = word.partition("=")
        if option in _OPTIONS:
            found[option] = value if equals else next(rest, "")
        elif word == "statusline" and not named:
            named = True
        else:
            return None
    return found if named else None


def run(options: dict[str, str]) -> int:
    """Write the line; return the exit code."""
    try:
        print(line(options))
    except (LLMCostError, ValueError, sqlite3.Error) as error:
        print(f"llmcost: {printable(error)}", file=sys.stderr)
        return 1
    return 0


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
    today = _start(now, options.get("--tz"))
    connection = sqlite3.connect(f"{place.file.as_uri()}?mode=ro", uri=True, timeout=0.2)
    try:
        said = [f"{_since(connection, today, now)} today", f"{_since(connection, now - 7 * _DAY, now)} in 7 days"]
        if options.get("--session"):
            row = connection.execute(_CODE, (options["--session"],)).fetchone()
            spent = _usd(*connection.execute(_OF_SESSION, (row[0],)).fetchone()) if row else "$0"
            said.insert(0, f"{spent} session")
    finally:
        connection.close()
    waiting = " (calls wait to be stored)" if _waits(place.spool) else ""
    return ", ".join(said) + waiting


def _start(now: int, zone: str | None) -> int:
    """Return the start of today in microseconds."""
    if not zone or zone.upper() == "UTC":
        return now - now % _DAY
    from datetime import datetime

    from ..spend.clocks import start_of, zone_of

    own = zone_of(zone)
    return int(start_of(datetime.fromtimestamp(now / 1_000_000, own).date(), own).timestamp()) * 1_000_000


def _since(connection: sqlite3.Connection, start: int, now: int) -> str:
    """Return what calls have cost from a moment on: whole hours from their sums, the rest from the calls."""
    first = -(-start // _HOUR)
    nano, atto, bound = connection.execute(_OF_HOURS, (ALL, first)).fetchone()
    if start < first * _HOUR:
        more = connection.execute(_OF_CALLS, (start, min(first * _HOUR, now + _DAY))).fetchone()
        nano, atto, bound = nano + more[0], atto + more[1], bound + more[2]
    dropped = connection.execute(_DROPPED, (start // _HOUR,)).fetchone()[0]
    return _usd(nano, atto, bound + dropped)


def _usd(nano: int, atto: int, bound: int) -> str:
    """Return an amount to the cent, or to four digits of less than a dollar; a lower bound is rounded down.

    >>> _usd(12_345_678_901, 0, 0), _usd(16_384, 0, 0), _usd(1_239_999_999, 0, 1), _usd(0, 0, 0)
    ('$12.35', '$0.00001638', '>=$1.23', '$0')
    """
    amount = nano * 10**9 + atto
    if not amount:
        return ">=$0" if bound else "$0"
    places = max(2, 18 + 4 - len(str(amount))) if amount < 10**18 else 2
    unit = 10 ** (18 - places) if places < 18 else 1
    whole, dot = divmod((amount if bound else amount + unit // 2) // unit, 10**places)
    return f"{'>=' if bound else ''}${whole:,}.{dot:0{places}d}"


def _waits(folder: os.PathLike[str]) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".spool") and entry.stat().st_size for entry in entries)
    except OSError:
        return False
