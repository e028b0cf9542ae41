"""The line of ``llmcost sessions statusline``.

It reads what the sessions have written since the last time, if that is little; else it says how much is not read.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from time import time

from ..core.json_text import read_json
from ..logs.session_files import session_files, session_folders
from ..sessions.database import is_busy
from ..sessions.index import SessionIndex, ask
from ..sessions.sums import Span, spent
from ._statusline import DAY_US, start_of_today, usd

# Bytes of new lines that a prompt waits for, and seconds for another process that writes.
_MOST = 1 << 20
_PATIENCE = 0.2


def line(options: dict[str, str]) -> str:
    """Return what today's sessions have cost, those of the last seven days, and one session if it is named.

    Raises:
        ValueError: there are no logs of sessions, or the session is to be read from something that names none.
        OSError, sqlite3.Error: the index cannot be used.
    """
    now = int(time() * 1_000_000)
    today = start_of_today(now, options.get("--tz"))
    session = _session(options.get("--session"))
    places = session_folders(os.environ)
    files = session_files(places)
    if not files:
        raise ValueError(f"there are no logs of sessions in {', '.join(places)}")

    def line_of(index: SessionIndex) -> str:
        try:
            left = index.update(_MOST)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            # Another process is writing: what it has written so far is shown.
            left = index.behind()
        spans = [(today, "today"), (now - 7 * DAY_US, "in 7 days")]
        parts = [f"{usd(*spent(index.connection, Span(start), more=left))} {name}" for start, name in spans]
        if session is not None:
            parts.insert(0, f"{usd(*spent(index.connection, Span(), session, more=left))} session")
        return ", ".join(parts) + (f" ({_size(left)} of logs are not read yet: llmcost sessions)" if left else "")

    return ask(places, files, line_of, patience=_PATIENCE)


def _size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return "<0.1 MB" if count < 100_000 else f"{count / 1e6:,.1f} MB"


def _session(given: str | None) -> str | None:
    """Return the session that an option names; ``-`` is that of the JSON on standard input, as Claude Code writes it.

    https://code.claude.com/docs/en/statusline
    """
    if given != "-":
        return given or None
    try:
        found = read_json(sys.stdin.read())
    except (ValueError, RecursionError):
        found = None
    session = found.get("session_id") if isinstance(found, dict) else None
    if session is None:
        raise ValueError("--session - reads JSON with a session_id from standard input")
    return str(session)
