"""Databases of messages are known by their names, one by one and among thousands of files."""

from __future__ import annotations

import pytest

from llmcost.logs import session_formats


@pytest.mark.parametrize("form", [form for form in session_formats.FORMATS if form._store is not None])
def test_a_database_whose_name_a_variable_says(form, monkeypatch):
    """Its usual name, one with a channel in it, and the one of the variable, whatever its end."""
    variable, first, last = form._store
    files = [f"folder/{name}" for name in (first + last, f"{first}-beta{last}", "own.data", "a.jsonl", f"x{last}")]
    monkeypatch.delenv(variable, raising=False)
    assert session_formats.stores_of(files) == set(files[:2])
    monkeypatch.setenv(variable, "/elsewhere/own.data")
    assert session_formats.stores_of(files) == set(files[:3])
    assert session_formats.store_of(files[2]) is form
