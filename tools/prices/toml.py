"""Reading TOML on every supported Python: the standard library has a reader from 3.11 on."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    return parse_toml(path.read_text("utf-8"))


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says; raise ValueError for text that is not TOML."""
    return dict(_reader.loads(text))
