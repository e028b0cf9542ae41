"""``llmcost spend statusline`` and ``llmcost sessions statusline``: one line for a prompt or a status bar.

It is written before click, SQLAlchemy or the prices load. What both have in common stands here: which command line is
for one, how an amount is written, and when today began.
"""

from __future__ import annotations

import sqlite3
import sys
from importlib import import_module

from ..errors import LLMCostError, printable

DAY_US = 86_400_000_000
# command -> its options, and the module with its line.
_COMMANDS = {
    "spend": (("--db", "--spool", "--tz", "--session"), "_spend_line"),
    "sessions": (("--tz", "--session"), "_sessions_line"),
}


def parsed(arguments: list[str]) -> tuple[str, dict[str, str]] | None:
    """Return the command of a command line that is for a status line and asks for no help, and its options; else None.

    >>> parsed(["spend", "--db", "spend.db", "statusline"]), parsed(["spend", "tail"])
    (('spend', {'--db': 'spend.db'}), None)
    """
    if not arguments or arguments[0] not in _COMMANDS:
        return None
    options, _ = _COMMANDS[arguments[0]]
    found: dict[str, str] = {}
    named = False
    rest = iter(arguments[1:])
    for word in rest:
        option, equals, value = word.partition("=")
        if option in options:
            found[option] = value if equals else next(rest, "")
        elif word == "statusline" and not named:
            named = True
        else:
            return None
    return (arguments[0], found) if named else None


def run(command: str, options: dict[str, str]) -> int:
    """Write the line of a command; return the exit code."""
    try:
        print(import_module(f"{__package__}.{_COMMANDS[command][1]}").line(options))
    except (LLMCostError, ValueError, OSError, sqlite3.Error) as error:
        print(f"llmcost: {printable(error)}", file=sys.stderr)
        return 1
    return 0


def start_of_today(now: int, zone: str | None) -> int:
    """Return the start of today in microseconds. Raises ValueError if there is no such zone."""
    if not zone or zone.upper() == "UTC":
        return now - now % DAY_US
    from datetime import datetime

    from ..spend.clocks import start_of, zone_of

    tz = zone_of(zone)
    return int(start_of(datetime.fromtimestamp(now / 1_000_000, tz).date(), tz).timestamp()) * 1_000_000


def usd(nano: int, atto: int, bound: int) -> str:
    """Return an amount to the cent, or to four digits of less than a dollar; a lower bound is rounded down.

    >>> usd(12_345_678_901, 0, 0), usd(16_384, 0, 0), usd(1_239_999_999, 0, 1), usd(0, 0, 0)
    ('$12.35', '$0.00001638', '>=$1.23', '$0')
    """
    amount = nano * 10**9 + atto
    if not amount:
        return ">=$0" if bound else "$0"
    places = max(2, 18 + 4 - len(str(amount))) if amount < 10**18 else 2
    unit = 10 ** (18 - places) if places < 18 else 1
    whole, dot = divmod((amount if bound else amount + unit // 2) // unit, 10**places)
    return f"{'>=' if bound else ''}${whole:,}.{dot:0{places}d}"
