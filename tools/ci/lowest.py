"""The lowest versions that the project says it works with, as constraints for pip.

    python -m tools.ci.lowest > lowest.txt
    pip install -c lowest.txt -e '.[test-core]'

They are those of the project itself and of the extras that the tests need; the tests' own tools are the newest.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.prices.toml import read_toml

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
TESTS = "test-core"

_BOUND = re.compile(r"([\w.-]+)\s*>=\s*([\w.]+)")


def lowest(project: dict[str, Any]) -> list[str]:
    """Return a pip constraint for each requirement, from the table ``project`` of a pyproject.toml.

    Raises ValueError for a requirement without a lower bound.
    """
    extras: dict[str, list[str]] = project["optional-dependencies"]
    own = re.compile(rf"{re.escape(project['name'])}\[([\w,-]+)\]")
    named = [name for row in extras[TESTS] if (found := own.fullmatch(row)) for name in found[1].split(",")]
    return [_constraint(row) for row in (*project["dependencies"], *(row for name in named for row in extras[name]))]


def _constraint(requirement: str) -> str:
    found = _BOUND.match(requirement)
    if found is None:
        raise ValueError(f"pyproject.toml: {requirement!r} has no lower bound; write {requirement}>=VERSION")
    return f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    print("\n".join(lowest(read_toml(PROJECT)["project"])))
