"""The formats of session logs, a row each, and where their files are.

What reads a format is the module of its name, which loads when a line is read: a status line asks for the files alone.
"""

from __future__ import annotations

import os
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .session_format import Calls, Fields, Lines


class Format:
    """A format of session logs: how one is told, and found.

    Args:
        name: its name, and that of the module that reads it.
        keys: each of its lines has one of these.
        names: how the names of its files begin and end.
        variable: the variable of the environment that names the home of its program; several with commas.
        sessions: the variable that names the folder of its files itself, wherever the home is.
        homes: where the home is without it: a variable of the platform, what it is by default, and what is below it.
        folders: the folders in the home that hold the files.
        store: the variable that names a database in the home, and how the name of one begins and ends; ``-`` and
            anything may stand between. None where its program keeps no database.
        agent: the program that writes it, as reports name it; the name of the format if it is not given.
        beside: another format of the same program, whose calls of a session hold all that this one sums up.
    """

    def __init__(
        self,
        name: str,
        *,
        keys: tuple[str, ...],
        names: tuple[tuple[str, str], ...] = (),
        variable: str = "",
        sessions: str = "",
        homes: tuple[tuple[str, str, str], ...] = (),
        folders: tuple[str, ...] = (),
        store: tuple[str, str, str] | None = None,
        agent: str = "",
        beside: str = "",
    ) -> None:
        self.name, self.agent, self.beside = name, agent or name, beside
        self.keys, self.names = keys, names
        self._variable, self._sessions = variable, sessions
        self._homes, self._folders, self._store = homes, folders, store
        self._loaded: Any = None

    def _module(self) -> Any:
        if self._loaded is None:
            self._loaded = import_module(f"{__package__}.{self.name}")
        return self._loaded

    def stores(self, files: Iterable[str]) -> list[str]:
        """Return those of files that are databases of this format, by their names."""
        if self._store is None:
            return []
        variable, first, last = self._store
        named = os.path.basename(os.environ.get(variable, ""))
        # A status line asks of thousands of files, and nearly all are told by their ends.
        ends = (last, named) if named else (last,)
        found = []
        for file in files:
            if file.endswith(ends):
                name = os.path.basename(file)
                if name in {first + last, named} or (name.startswith(f"{first}-") and name.endswith(last)):
                    found.append(file)
        return found

    def lines(self) -> Lines:
        """Return what reads the lines of one file."""
        found: Lines = self._module().Lines()
        return found

    def calls(self) -> Calls:
        """Return what counts each call of all files once."""
        found: Calls = self._module().Calls()
        return found

    def mark(self, kept: list[Any]) -> Any:
        """Return a mark of what JSON has kept of it."""
        return self._module().Mark.of(kept)

    def usual(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return what the home of its program is called where no variable names it, and its folders in that home.

        A program that is at home in the user's own folder has one folder there for all it keeps. One that keeps a
        database alone has no folder in its home.
        """
        found = []
        for _, default, below in self._homes:
            home = os.path.join(default, below).split(os.sep)
            for folder in self._folders or ("",):
                parts = [part for part in (*home, *folder.split(os.sep)) if part]
                size = len([part for part in home if part]) or 1
                found.append((tuple(parts[:size]), tuple(parts[size:])))
        return found

    def folders(self, environ: Mapping[str, str]) -> list[str]:
        """Return the folders of its files, and its databases, whether they exist or not."""
        user = os.path.expanduser("~")
        itself = environ.get(self._sessions, "").strip()
        if itself:
            return [_expanded(itself, user)]
        named = [text.strip() for text in environ.get(self._variable, "").split(",")]
        homes = [_expanded(text, user) for text in named if text]
        if not homes:
            homes = [
                os.path.normpath(os.path.join(environ.get(variable) or os.path.join(user, default), below))
                for variable, default, below in self._homes
            ]
        found = [
            home if os.path.basename(home) == folder else os.path.join(home, folder)
            for home in homes
            for folder in self._folders
        ]
        if self._store is not None:
            variable, first, last = self._store
            for home in homes:
                own = environ.get(variable)
                if own:
                    found.append(os.path.join(home, _expanded(own, user)))
                else:
                    found += _stores(home, first, last)
        return found


def _stores(home: str, first: str, last: str) -> list[str]:
    """Return the databases in a folder, that of the usual name first, whether it exists or not."""
    usual = first + last
    try:
        others = [name for name in os.listdir(home) if name.startswith(f"{first}-") and name.endswith(last)]
    except OSError:
        others = []
    return [os.path.join(home, name) for name in (usual, *sorted(others))]


def _expanded(path: str, user: str) -> str:
    return os.path.normpath(user + path[1:] if path == "~" or path.startswith("~/") else os.path.expanduser(path))


# How the names of databases begin and end; a version under test writes one of its own.
_STORE, _OF_KILO = ("opencode", ".db"), ("kilo", ".db")
FORMATS = (
    Format(
        "claude_code",
        keys=("type",),
        names=(("", ".jsonl"),),
        variable="CLAUDE_CONFIG_DIR",
        homes=(("XDG_CONFIG_HOME", ".config", "claude"), ("", "", ".claude")),
        folders=("projects",),
    ),
    Format(
        "qwen_code",
        keys=("uuid",),
        names=(("", ".jsonl"),),
        variable="QWEN_RUNTIME_DIR",
        homes=(("", "", ".qwen"),),
        folders=("projects",),
    ),
    Format(
        "codex",
        keys=("type",),
        names=(("", ".jsonl"),),
        variable="CODEX_HOME",
        homes=(("", "", ".codex"),),
        folders=("sessions", "archived_sessions"),
    ),
    Format(
        "gemini_cli",
        keys=("type", "sessionId", "$set", "$rewindTo"),
        names=(("session-", ".json"), ("", ".jsonl")),
        variable="GEMINI_CLI_HOME",
        homes=(("", "", ""),),
        folders=(os.path.join(".gemini", "tmp"),),
    ),
    Format(
        "opencode",
        keys=("sessionID",),
        names=(("msg_", ".json"), _STORE),
        variable="OPENCODE_DATA_DIR",
        homes=(("XDG_DATA_HOME", os.path.join(".local", "share"), "opencode"),),
        folders=(os.path.join("storage", "message"),),
        store=("OPENCODE_DB", *_STORE),
    ),
    # After OpenCode, whose lines it writes: the name of its database tells it.
    Format(
        "kilo",
        keys=("sessionID",),
        names=(_OF_KILO,),
        homes=(("XDG_DATA_HOME", os.path.join(".local", "share"), "kilo"),),
        store=("KILO_DB", *_OF_KILO),
    ),
    Format(
        "pi",
        keys=("type",),
        names=(("", ".jsonl"),),
        variable="PI_CODING_AGENT_DIR",
        sessions="PI_CODING_AGENT_SESSION_DIR",
        homes=(("", "", os.path.join(".pi", "agent")),),
        folders=("sessions",),
    ),
    Format(
        "kimi_code",
        keys=("type",),
        names=(("wire", ".jsonl"),),
        variable="KIMI_CODE_HOME",
        homes=(("", "", ".kimi-code"),),
        folders=("sessions",),
    ),
    Format(
        "copilot_cli",
        keys=("parentId",),
        names=(("", ".jsonl"),),
        variable="COPILOT_HOME",
        homes=(("", "", ".copilot"),),
        folders=("session-state",),
    ),
    # What programs print, and keep nowhere themselves.
    Format("claude_print", keys=("type",), agent="claude_code", beside="claude_code"),
    Format("codex_exec", keys=("type",), agent="codex", beside="codex"),
    Format("opencode_run", keys=("sessionID",), agent="opencode", beside="opencode"),
)
# The word under which lines are counted that state a call once more.
COPIES = "copies of calls"
# The word under which files of coding agents are counted that are no logs of sessions.
OTHER_FILES = "other files of coding agents"
NAMED = {form.name: form for form in FORMATS}
# Each line of a session log has one of these keys.
_KEYS = frozenset(key for form in FORMATS for key in form.keys)
_asked: list[tuple[Format, Lines]] = []


def is_store(file: str) -> bool:
    """Return whether a file is a database of messages, by its name."""
    return store_of(file) is not None


def store_of(file: str) -> Format | None:
    """Return the format of a database of messages, by its name; None for any other file."""
    return next((form for form in FORMATS if form.stores([file])), None)


def stores_of(files: Iterable[str]) -> set[str]:
    """Return those of files that are databases of messages, by their names."""
    files = list(files)
    return {file for form in FORMATS for file in form.stores(files)}


def may_be_of_session(fields: Mapping[str, object]) -> bool:
    """Return whether an object has a key that each line of a session log has."""
    return not _KEYS.isdisjoint(fields)


def proving() -> list[tuple[Format, Lines]]:
    """Return each format with what says whether a line proves to be of it."""
    if not _asked:
        _asked.extend((form, form.lines()) for form in FORMATS)
    return _asked


def format_of(fields: Fields) -> Format | None:
    """Return the format that a line proves to be of; None if it proves none."""
    for form, lines in proving():
        if lines.knows(fields):
            return form
    return None
