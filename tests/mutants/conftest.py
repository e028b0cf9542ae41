"""The mutants are made and collected only where they are asked for: ``pytest -m mutants tests/mutants``."""

from __future__ import annotations


def pytest_ignore_collect(collection_path, config):
    """Leave them out of every other run."""
    expression = str(config.getoption("markexpr") or "")
    asked = "mutants" in expression and "not mutants" not in expression
    return True if collection_path.name == "test_mutants.py" and not asked else None
