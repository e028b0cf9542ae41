"""What is left out where a package of an extra is missing; the tests themselves say so when they skip."""

from __future__ import annotations

import gc
import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Load the package before any file of it is collected, and after the conftest of the tests has set their day.

    A package whose ``__init__`` has examples would be loaded a second time for them.

    What is collected stays until the end: 30,000 tests and all modules. Python's collector of cycles waits meanwhile,
    and does not look through them again and again later, which took a fifth of the time of the tests.
    """
    import llmcost  # noqa: F401

    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
