"""The folders of coding agents among those of a log: which of their files are logs of sessions, and which are not.

Beside its sessions a program keeps lists of them, its settings, its secrets, and what tools have answered. Such a file
is no log: it is counted, and not opened.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LLMCostError
from .folders import plain_name
from .opening import opened
from .session_files import is_session_file
from .session_formats import FORMATS, format_of, is_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parts = tuple[str, ...]

_LINES = ".jsonl"
# How many files of a folder, and how many lines of each, are looked at for the line of a session.
_MOST_FILES, _MOST_LINES = 4, 20


class Sorted(NamedTuple):
    """Which files of a folder may be logs, whether those are a coding agent's, and how many files are no logs."""

    logs: list[str]
    of_agent: bool = False
    others: int = 0


class AgentHomes:
    """What the folders of a place are to coding agents.

    Args:
        place: a folder that is read as a log, with all below it; or a file.
        environ: the variables of the environment, which name other homes of agents.
    """

    def __init__(self, place: str, environ: Mapping[str, str]) -> None:
        self._place = len(_parts(place))
        self._named = [_parts(folder) for form in FORMATS for folder in form.folders(environ)]
        self._usual = [pair for form in FORMATS for pair in form.usual()]
        # The folders of single sessions, which are told by the log beside them.
        self._of_sessions: set[Parts] = set()

    def sorted(self, folder: str, names: list[str]) -> Sorted:
        """Return what the files of a folder are; a folder is asked about before those in it."""
        parts = _parts(folder)
        if self.holds_sessions(parts):
            return _sorted(names, is_session_file)
        if self._is_home(parts):
            return _sorted(names, is_store)
        lines = [name for name in names if plain_name(name).endswith(_LINES)]
        if any(_is_of_session(Path(folder, name)) for name in lines[:_MOST_FILES]):
            self._of_sessions.update((*parts, plain_name(name).removesuffix(_LINES)) for name in lines)
            return Sorted(names, of_agent=True)
        return Sorted(names)

    def holds_sessions(self, parts: Parts) -> bool:
        """Return whether a folder is one in which an agent keeps sessions, or below one."""
        if any(parts[: len(named)] == named for named in self._named):
            return True
        if self._of_sessions and any(parts[:end] in self._of_sessions for end in range(self._place, len(parts) + 1)):
            return True
        kept = [(home, inner) for home, inner in self._usual if inner]
        return any(parts[end : end + len(inner)] == inner for home, inner in kept for end in _ends(parts, home))

    def _is_home(self, parts: Parts) -> bool:
        """Return whether a folder is the usual home of an agent, or in one that is read as a whole.

        A place in such a home may be anything: agents keep copies of repositories there.
        """
        return any(end >= self._place for home, _ in self._usual for end in _ends(parts, home))


def of_agent(file: str, environ: Mapping[str, str]) -> bool:
    """Return whether a file that is named itself is one of the logs in which an agent keeps sessions."""
    return is_session_file(Path(file).name) and AgentHomes(file, environ).holds_sessions(_parts(file)[:-1])


def _sorted(names: list[str], is_log: Callable[[str], bool]) -> Sorted:
    logs = [name for name in names if is_log(name)]
    return Sorted(logs, of_agent=True, others=len(names) - len(logs))


def _parts(path: str) -> Parts:
    return Path(os.path.abspath(path)).parts  # noqa: PTH100 - a link is where it is named


def _ends(parts: Parts, home: Parts) -> list[int]:
    """Return where a path has come into a folder of these names."""
    size = len(home)
    return [end for end in range(size, len(parts) + 1) if parts[end - size : end] == home]


def _is_of_session(file: Path) -> bool:
    """Return whether one of the first lines of a file is of a session; a file that cannot be read has none."""
    try:
        with opened(str(file)) as binary:
            for _ in range(_MOST_LINES):
                line = binary.readline()
                if not line:
                    return False
                fields = json.loads(line)
                if isinstance(fields, dict) and format_of(fields) is not None:
                    return True
    except (OSError, ValueError, RecursionError, LLMCostError):
        return False
    return False
