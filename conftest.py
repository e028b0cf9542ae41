"""What is left out where a package of an extra is missing; the tests themselves say so when they skip."""

from __future__ import annotations

import os
from importlib.util import find_spec

# The examples in docstrings of a room are found by importing it.
_NEEDED = {"llmcost/spend": "sqlalchemy", "llmcost/frames": "polars"}
_MISSING = {folder: package for folder, package in _NEEDED.items() if find_spec(package) is None}
collect_ignore_glob = [f"{folder}/*" for folder in _MISSING]


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes ``-n auto`` starts: two a processor, since many tests wait for something else."""
    return 2 * (os.cpu_count() or 1)


def pytest_report_header() -> list[str]:
    """Name what is left out."""
    return [
        f"the examples of {folder} are left out: {package} is not installed" for folder, package in _MISSING.items()
    ]


def pytest_collection() -> None:
    """Load the package before any file of it is collected, and after the conftest of the tests has set their day.

    A package whose ``__init__`` has examples would be loaded a second time for them.
    """
    import llmcost  # noqa: F401
