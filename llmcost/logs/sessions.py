"""Session logs of coding agents among other logs: who wrote a line, and calls that stand in several lines or files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .record import Record
from .session_call import SessionCall
from .session_format import text_of
from .session_formats import COPIES, NAMED, format_of
from .source import add_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..errors import LogError
    from .session_format import Calls, Fields, Lines
    from .session_formats import Format
    from .source import Source


def lines_of(fields: Fields, source: Source) -> tuple[Format, Lines] | None:
    """Return the session log that a line is of, and its reader; None if the line does not prove that it is of one."""
    known = source.session
    if known is not None and known[1].knows(fields):
        return known
    form = format_of(fields)
    if form is None:
        return None
    source.session = form, form.lines()
    return source.session


def session_of(call: SessionCall) -> str | None:
    """Return the session that a call states; None if it states none."""
    return text_of(call.value, "session") if isinstance(call.value, dict) else None


def counted_once(found: Iterable[Record | LogError], passed: dict[str, int]) -> Iterator[Record | LogError]:
    """Yield what was found in all files; calls of session logs come last, each once, in the order of their places."""
    held: dict[str, Calls] = {}
    order = copies = 0
    for item in found:
        if type(item) is Record or not isinstance(item, SessionCall):
            yield item
            continue
        order += 1
        item.order = order
        calls = held.get(item.format)
        if calls is None:
            calls = held[item.format] = NAMED[item.format].calls()
        copies += calls.add(item)
    settled: dict[str, list[SessionCall]] = {}
    for name, calls in held.items():
        settled[name], more = calls.settled()
        copies += more
    kept: list[SessionCall] = []
    for name, ones in settled.items():
        whole = {session_of(call) for call in settled.get(NAMED[name].beside, ())} - {None}
        found_here = [call for call in ones if session_of(call) not in whole]
        copies += len(ones) - len(found_here)
        kept += found_here
    if copies:
        add_counts(passed, {COPIES: copies})
    yield from sorted(kept, key=lambda call: call.order)
