"""Where coding agents keep the logs of their sessions."""

from __future__ import annotations

import os

from .folders import PACKED, walked
from .session_formats import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PATTERNS = {(first, last + packed) for form in FORMATS for first, last in form.names for packed in ("", *PACKED)}
# A status line looks at thousands of names, and nearly all of them are told by their ends.
_ENDS = tuple(last for first, last in _PATTERNS if not first)
_BOTH = [pattern for pattern in _PATTERNS if pattern[0]]


def session_folders(environ: Mapping[str, str]) -> list[str]:
    """Return the folders in which coding agents keep their sessions, whether they exist or not.

    Variables of the agents replace the folders in the home of the user, such as ``CLAUDE_CONFIG_DIR`` (several with
    commas) and ``CODEX_HOME``.
    """
    return [folder for form in FORMATS for folder in form.folders(environ)]


def session_files(places: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Return the files of sessions in folders and in the folders in them, packed ones too; a file is itself.

    A folder that several places lead to, such as by a link, is looked at once.
    """
    found: list[str] = []
    seen: set[tuple[int, int]] = set()
    for place in places:
        if os.path.isfile(place):
            found.append(os.fspath(place))
        for folder, names in walked(place, seen):
            before = os.path.join(folder, "")
            found += [before + name for name in names if is_session_file(name)]
    return found


def is_session_file(name: str) -> bool:
    """Return whether a file has a name of those that agents give to the files of sessions.

    >>> is_session_file("agent-a1.jsonl.gz"), is_session_file("sessions-index.json")
    (True, False)
    """
    return name.endswith(_ENDS) or any(name.startswith(first) and name.endswith(last) for first, last in _BOTH)
