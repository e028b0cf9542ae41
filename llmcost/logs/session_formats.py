"""The formats of session logs, a row each; they load without what reads counters, for a status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import claude_code, codex, gemini_cli, opencode

if TYPE_CHECKING:
    from .session_format import Fields, Format

FORMATS = (claude_code.FORMAT, codex.FORMAT, gemini_cli.FORMAT, opencode.FORMAT)
NAMED = {form.name: form for form in FORMATS}
# Each line of a session log has one of these keys.
_KEYS = frozenset().union(*(form.keys for form in FORMATS))
_ASKED = [(form, form.lines()) for form in FORMATS]


def may_be_of_session(fields: Fields) -> bool:
    """Return whether an object has a key that each line of a session log has."""
    return not _KEYS.isdisjoint(fields)


def format_of(fields: Fields) -> Format | None:
    """Return the format of which a line proves to be; None if it proves none."""
    for form, lines in _ASKED:
        if lines.knows(fields):
            return form
    return None
