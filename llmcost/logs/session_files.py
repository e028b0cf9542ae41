"""Where coding agents keep the logs of their sessions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .session_formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def session_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders in which coding agents keep their sessions, be they there or not.

    Variables of the agents replace the folders in the home of the user, such as ``CLAUDE_CONFIG_DIR`` (several with
    commas) and ``CODEX_HOME``.
    """
    return [folder for form in FORMATS for folder in form.folders(environ)]


def session_files(places: Iterable[Path]) -> list[str]:
    """Return the files of sessions in folders and in the folders in them; a file is itself."""
    patterns = list({pattern: None for form in FORMATS for pattern in form.names})
    found: list[str] = []
    for place in places:
        if place.is_file():
            found.append(str(place))
        for folder, folders, names in os.walk(place):
            folders.sort()
            found += [
                os.path.join(folder, name)  # noqa: PTH118 - there are thousands of them
                for name in sorted(names)
                if any(name.startswith(first) and name.endswith(last) for first, last in patterns)
            ]
    return found
