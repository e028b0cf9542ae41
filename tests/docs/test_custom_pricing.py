"""The page on custom pricing does what it says: its files are written, its Python and its commands are run."""

from __future__ import annotations

import pytest

from tests.docs.page import DOCS, run


@pytest.mark.usefixtures("build_day")
def test_the_page_runs(tmp_path, monkeypatch):
    """From top to bottom; no variable that its configurations name is set."""
    monkeypatch.chdir(tmp_path)
    for name in ("AZURE_API_KEY", "AZURE_API_BASE", "AZURE_API_VERSION", "ANTHROPIC_PROD_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    ran, _, _ = run(DOCS / "custom-pricing.md", tmp_path)
    assert all(ran[kind] >= least for kind, least in {"yaml": 7, "python": 9, "console": 1}.items()), ran
