"""Which files have no doctests to collect: a room whose extra is not installed."""

from __future__ import annotations

import os
from importlib.util import find_spec

# The doctests of tables need an engine. Where every package is asked for, a missing one is an error.
collect_ignore_glob = (
    [] if os.environ.get("LLMCOST_TESTS") == "complete" or find_spec("polars") else ["llmcost/frames/*"]
)
