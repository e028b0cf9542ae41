"""Session logs of coding agents among other logs: who wrote a line, and calls that stand in several lines or files."""

from __future__ import annotations

from . import claude_code, codex
from .session_call import SessionCall
from .source import add_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..errors import LogError
    from .record import Record
    from .source import Source

    Fields = dict[str, object]
    Lines = claude_code.Lines | codex.Lines

_FORMATS = {claude_code.AGENT: claude_code, codex.AGENT: codex}
# The word under which lines are counted that state a call once more.
COPIES = "copies of calls"


def lines_of(fields: Fields, source: Source) -> Lines | None:
    """Return the reader of the session log that a line is of; None if the line does not prove that it is of one."""
    known = source.session
    if known is not None and known.knows(fields):
        return known
    for written_by in _FORMATS.values():
        if written_by.Lines.knows(fields):
            source.session = written_by.Lines()
            return source.session
    return None


def counted_once(found: Iterable[Record | LogError], passed: dict[str, int]) -> Iterator[Record | LogError]:
    """Yield what was found in all files; calls of session logs come last, each once, in the order of their places."""
    held: dict[str, claude_code.Calls | codex.Calls] = {}
    order = copies = 0
    for item in found:
        if not isinstance(item, SessionCall):
            yield item
            continue
        order += 1
        item.order = order
        calls = held.get(item.agent)
        if calls is None:
            calls = held[item.agent] = _FORMATS[item.agent].Calls()
        copies += calls.add(item)
    kept: list[SessionCall] = []
    for calls in held.values():
        settled, more = calls.settled()
        copies += more
        kept += settled
    if copies:
        add_counts(passed, {COPIES: copies})
    yield from sorted(kept, key=lambda call: call.order)
