"""How hypothesis runs (the same examples every time, or a long random search on demand), and which day tests see.

``HYPOTHESIS_PROFILE=search pytest --timeout=0 tests/laws`` looks for what the steady examples miss.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

# Tests see the day of the map's build, on whatever day they run, so that no price is old or changes. It is set before
# the package is loaded, which reads it once.
_INFO = json.loads((Path(__file__).resolve().parents[1] / "data" / "map_info.json").read_bytes())
_YEAR, _MONTH, _DAY = (int(part) for part in _INFO["version"].split(".")[:3])
BUILD_DAY = f"{_YEAR}-{_MONTH:02}-{_DAY:02}"
os.environ.setdefault("LLMCOST_TODAY", BUILD_DAY)

# Without a deadline: a slow machine does not break a law.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def provider():
    """A server of this machine that stands for a provider."""
    from tests.servers.provider import Provider

    found = Provider()
    yield found
    found.close()


@pytest.fixture
def build_day(monkeypatch):
    """Set the day of the map's build, whatever day the run was given: for what the present of the tests decides."""
    from llmcost.api.default import DEFAULT

    monkeypatch.setenv("LLMCOST_TODAY", BUILD_DAY)
    # The cards of a later day say that the map is old.
    DEFAULT.use_deployments(DEFAULT.deployments)


@pytest.fixture
def no_updates(tmp_path, monkeypatch):
    """Give the test a data folder without updates, and no variable that names other prices."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    for name in ("LLMCOST_PRICES", "LLMCOST_UPDATE_FROM"):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(config, items):
    """Leave out what runs where it is asked for: long forms (``-m fuzz``, ``-m kill``), a browser (``-m browser``)."""
    asked = str(config.getoption("markexpr") or "")
    left_out = [name for name in ("fuzz", "kill", "browser", "soak", "memory") if name not in asked]
    long = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture
def clock(monkeypatch):
    """The time of budgets and leases, from the start of 26 November 2025 (UTC)."""
    from llmcost.tracking import periods

    class Clock:
        now = 1764115200.0

    found = Clock()
    monkeypatch.setattr(periods, "time", lambda: found.now)
    return found
