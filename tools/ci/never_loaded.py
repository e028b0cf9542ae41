"""Modules without which llmcost starts and prices a first call: each of them costs milliseconds to import."""

from __future__ import annotations

NEVER_LOADED = (
    "pydantic",
    "yaml",
    "importlib.resources",
    "importlib_resources",
    "logging",
    "asyncio",
    "socket",
    "dataclasses",
    "typing",
    "pathlib",
    "difflib",
    "datetime",
    "decimal",
    "zoneinfo",
    # With it come collections, keyword, operator and reprlib.
    "functools",
)
