"""Where coding agents keep the logs of their sessions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .sessions import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def session_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders in which coding agents keep their sessions, be they there or not.

    Variables of the agents replace the folders in the home of the user, such as ``CLAUDE_CONFIG_DIR`` (several with
    commas) and ``CODEX_HOME``.
    """
    return [folder for form in FORMATS for folder in form.folders(environ)]


def session_files(places: Iterable[Path]) -> list[str]:
    """Return the files of sessions in folders and in the folders in them; a file is itself."""
    endings = tuple({ending: None for form in FORMATS for ending in form.endings})
    found: list[str] = []
    for place in places:
        if place.is_file():
            found.append(str(place))
        for folder, folders, names in os.walk(place):
            folders.sort()
            found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(endings)]
    return found
