"""The page on budgets does what it says: its Python is run against a server of this machine."""

from __future__ import annotations

import importlib.util
from decimal import Decimal

import pytest

import llmcost
from tests.docs.page import DOCS, run
from tests.sdks import optional
from tests.servers.provider import whole
from tests.tracking.test_clients import CHAT

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def test_the_page_runs(provider, tmp_path):
    """From top to bottom, as one session; of an error its message counts too."""
    optional("openai")
    optional("sqlalchemy")
    provider.gives(whole(CHAT))
    ran, _, _ = run(DOCS / "budgets.md", tmp_path, {"SERVER": provider.url, "FOLDER": tmp_path})
    assert ran["python"] == 5


def test_the_agent_stops_at_its_budget(provider):
    """A call costs 1,000 x 1.5e-7 + 100 x 6e-7 = 0.00021 USD, and may cost its bytes x 1.5e-7 + 500 x 6e-7 > 0.0003.

    Of 0.001 USD three calls leave 0.00037, in which a fourth fits; it leaves 0.00016, in which none does.
    """
    optional("openai")
    path = DOCS.parent / "examples" / "agent_budget.py"
    spec = importlib.util.spec_from_file_location("agent_budget", path)
    agent = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(agent)
    provider.gives(whole({**CHAT, "model": "gpt-4o-mini"}))
    budget = llmcost.Budget("0.001")
    *steps, last = agent.run("Count", budget, api_key="x", base_url=f"{provider.url}/v1")
    assert steps == ["hi"] * 4
    assert last.startswith("stopped: budget of 0.001 USD: a call that may cost 0.000")
    assert len(provider.requests) == 4
    assert budget.spent == 4 * Decimal("0.00021")
