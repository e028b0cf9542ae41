"""The sweep is asked for, or it is not there: without ``-m sweep`` or LLMCOST_SWEEP=1 its files are not collected.

It needs an environment of its own, so it must not count as skipped where nobody asked for it.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# What the sweep counted: calls by reason, models by reason, and the version of litellm.
REPORT = pytest.StashKey[dict[str, Counter[str]]]()


def asked_for(config: pytest.Config) -> bool:
    expression = str(config.getoption("markexpr") or "")
    return os.environ.get("LLMCOST_SWEEP") == "1" or ("sweep" in expression and "not sweep" not in expression)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if collection_path.name == "conftest.py" or asked_for(config):
        return None
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash.get(REPORT, None)
    if report is None:
        return
    from .reasons import REASONS

    counts, models = report["counts"], report["models"]
    terminalreporter.section("sweep against litellm")
    write = terminalreporter.write_line
    write(f"{counts['calls']:,} calls of {counts['models']:,} models, litellm {report['versions'].most_common()[0][0]}")
    write(f"{counts['equal']:>7,}  equal, {counts['free']:,} of them 0")
    for reason in REASONS:
        if counts[reason.name]:
            write(f"{counts[reason.name]:>7,}  {reason.name} ({models[reason.name]} models): {reason.why}")
    write(f"{counts['unexplained']:>7,}  unexplained")
