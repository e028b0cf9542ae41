"""LiteLLM itself prices from the built file; what differs from its own map is a listed correction.

Opt-in, because it needs an installed litellm and the pinned wheels: ``python -m tools.prices fetch``, then
``pytest -m sweep tests/data``. Any recent litellm will do: its engine prices with both maps.
"""

from __future__ import annotations

import copy
import importlib
import json
from pathlib import Path

import pytest

from tools.prices.fetch import InputError, load_lock, read_member

TOOL = Path(__file__).resolve().parents[2] / "tools" / "prices"
DATA = Path(__file__).resolve().parents[2] / "data"
TOKENS = {"prompt_tokens": 1000, "completion_tokens": 100}

pytestmark = [
    pytest.mark.sweep,
    # litellm and what it imports warn about themselves.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def litellm():
    return pytest.importorskip("litellm")


@pytest.fixture(scope="module")
def built():
    return json.loads((DATA / "model_prices.json").read_bytes())


@pytest.fixture(scope="module")
def provenance():
    return json.loads((DATA / "provenance.json").read_bytes())


def priced(litellm, prices, names):
    """Return what litellm makes of 1,000 + 100 tokens per model, or the name of its error."""
    before = litellm.model_cost
    litellm.model_cost = prices
    for clear in ("_invalidate_model_cost_lowercase_map", "get_model_info"):
        function = getattr(litellm.utils, clear, None)
        getattr(function, "cache_clear", function if clear.startswith("_") else lambda: None)()
    found = {}
    for name in names:
        provider = prices[name]["litellm_provider"]
        try:
            found[name] = litellm.cost_per_token(model=name, custom_llm_provider=provider, **TOKENS)
        except Exception as error:  # noqa: BLE001 - an error of litellm is a result that the two maps must share
            found[name] = type(error).__name__
    litellm.model_cost = before
    return found


def test_a_known_price(litellm, built):
    """gpt-4o, 1,000 tokens in and 100 out: 0.0025 + 0.001."""
    assert priced(litellm, built, ["gpt-4o"])["gpt-4o"] == pytest.approx((0.0025, 0.001))


def test_an_alias(litellm, built):
    """LiteLLM reads the aliases of the file itself: 1,000 tokens in and 100 out of Opus 5.5 are 0.004 + 0.002."""
    theirs = importlib.import_module("litellm.litellm_core_utils.get_model_cost_map")
    # What LiteLLM does with a map that it has fetched.
    resolved = theirs._expand_model_aliases(copy.deepcopy(built))
    assert len(resolved) == len(built)
    assert priced(litellm, resolved, ["claude-opus-latest"])["claude-opus-latest"] == pytest.approx((0.004, 0.002))


@pytest.fixture(scope="module")
def upstream():
    """The map of the newest pinned release, on which the built file is based."""
    newest = next(source for source in load_lock(TOOL / "inputs.lock.json").sources if source.package == "litellm")
    try:
        return json.loads(read_member(newest, TOOL / ".cache", offline=True))
    except InputError as missing:
        pytest.skip(str(missing))


def test_every_shared_model_prices_alike(litellm, built, provenance, upstream):
    """A sweep over all token models that both maps list: each difference is a correction or a price held back."""
    own = upstream
    names = sorted(
        name
        for name in own.keys() & built.keys()
        if "alias_of" not in built[name]
        and own[name].get("mode") in {"chat", "completion", "responses", "embedding"}
        and own[name].get("litellm_provider")
    )
    assert len(names) > 2500
    theirs, ours = priced(litellm, own, names), priced(litellm, built, names)
    different = [name for name in names if not same(theirs[name], ours[name])]
    assert [name for name in different if not {"corrected", "held"} & provenance[name].keys()] == []
    # Microsoft's meter says 10 per million in, litellm 11.
    assert "azure/gpt-4-turbo" in different


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one == pytest.approx(other, rel=1e-9, abs=1e-15)
