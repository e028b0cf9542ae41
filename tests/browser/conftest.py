"""A browser, and pages of logs to open in it.

The browser is the system's Chromium, driven by Playwright: ``pytest -m browser``.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timezone
from importlib.resources import files
from pathlib import Path

import pytest

import llmcost
from tests.sdks import optional

START = datetime(2026, 11, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium; ``LLMCOST_TEST_CHROMIUM`` may name another one."""
    sync_api = optional("playwright.sync_api")
    program = os.environ.get("LLMCOST_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium is installed; LLMCOST_TEST_CHROMIUM may name one")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core; ``LLMCOST_TEST_AXE`` may name the file of a newer one."""
    path = os.environ.get("LLMCOST_TEST_AXE")
    if path is None:
        return files(optional("axe_core_python")).joinpath("axe.min.js").read_text("utf-8")
    return Path(path).read_text("utf-8")


@pytest.fixture
def show(browser, tmp_path):
    """Open a page in the browser. What the browser complains of, and what it asks a network for, fails the test."""
    pages = []

    def opened(html=None, *, address=None, **options):
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        # A browser starts slowly on a busy machine.
        page.set_default_timeout(170_000)
        complaints, asked = [], []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        if html is not None:
            path = tmp_path / f"page{len(pages)}.html"
            path.write_text(html, encoding="utf-8")
            address = path.as_uri()
        page.goto(address)
        page.wait_for_selector("body[data-drawn]")
        pages.append((page, complaints, [url for url in asked if url != address]))
        return page

    yield opened
    for page, complaints, asked in pages:
        assert not complaints
        assert all(url.endswith("/data.json") for url in asked), asked
        page.context.close()


@pytest.fixture
def log(tmp_path):
    """An empty log in a file."""
    optional("sqlalchemy")
    with llmcost.SpendLog(tmp_path / "spend.db", drain=False) as found:
        yield found
