"""What the updater of an installed llmcost says of the built files."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmcost.errors import LLMCostError
from llmcost.prices.update import update

from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_update(files: Mapping[str, bytes]) -> list[Finding]:
    """Return why the updater of an installed llmcost would refuse the files (E58); the date is not looked at."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "data")
        place.mkdir()
        for name, content in files.items():
            (place / name).write_bytes(_undated(content) if name == "map_info.json" else content)
        try:
            update(str(place), check=True, folder=str(Path(folder, "updates")))
        except LLMCostError as error:
            return [Finding("E58", "*", str(error).replace(str(place), "the built folder"))]
    return []


def _undated(info: bytes) -> bytes:
    facts: dict[str, Any] = json.loads(info)
    facts.pop("as_of", None)
    return json.dumps(facts).encode()
