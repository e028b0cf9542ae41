"""A cache, a home and a folder of logs for each test."""

from __future__ import annotations

import pytest

from tests.session_logs import Logs


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The user's cache is a folder of the test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return folder


@pytest.fixture
def logs(tmp_path):
    """A folder of logs."""
    return Logs(tmp_path / "logs")
