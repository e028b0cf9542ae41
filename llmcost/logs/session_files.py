"""Where coding agents keep the logs of their sessions."""

from __future__ import annotations

import os
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ENDING = ".jsonl"


def session_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders in which Claude Code and Codex keep their sessions, be they there or not.

    ``CLAUDE_CONFIG_DIR`` (several with commas) and ``CODEX_HOME`` replace the folders in the home of the user.
    """
    home = Path.home()
    named = [text.strip() for text in environ.get("CLAUDE_CONFIG_DIR", "").split(",")]
    claude = [Path(text).expanduser() for text in named if text]
    if not claude:
        claude = [Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "claude"), home / ".claude"]
    codex = Path(environ.get("CODEX_HOME") or home / ".codex").expanduser()
    found = [folder if folder.name == "projects" else folder / "projects" for folder in claude]
    return [*found, codex / "sessions", codex / "archived_sessions"]


def session_files(places: Iterable[Path]) -> list[str]:
    """Return the files of sessions in folders and in the folders in them; a file is itself."""
    found: list[str] = []
    for place in places:
        if place.is_file():
            found.append(str(place))
        for folder, folders, names in os.walk(place):
            folders.sort()
            found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(_ENDING)]
    return found
