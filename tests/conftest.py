"""How hypothesis runs: the same examples every time, or, on demand, a long random search. And the day that it is.

``HYPOTHESIS_PROFILE=search pytest --timeout=0 tests/laws`` looks for what the steady examples miss.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

# It is the day of the map's build, on whatever day the tests run: no price is old, and none changes under them. Set
# before the package is loaded.
_INFO = json.loads((Path(__file__).resolve().parents[1] / "data" / "map_info.json").read_bytes())
os.environ.setdefault("LLMCOST_TODAY", _INFO["version"].replace(".", "-")[:10])

# A slow machine is no failing law, hence no deadline.
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
def no_updates(tmp_path, monkeypatch):
    """Give the test a data folder without updates, and no variable that names other prices."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    for name in ("LLMCOST_PRICES", "LLMCOST_UPDATE_FROM"):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(config, items):
    """Leave the long form of a fuzz test out unless it is asked for (``-m fuzz``)."""
    if "fuzz" in str(config.getoption("markexpr") or ""):
        return
    long = [item for item in items if item.get_closest_marker("fuzz")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
