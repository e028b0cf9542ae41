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
    return dict(_reader.loads(path.read_text("utf-8")))
