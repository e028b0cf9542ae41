"""llmcost beside the installed litellm, both on our map: every difference is zero or accounted for."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from importlib.metadata import version
from pathlib import Path

import pytest

from llmcost import CostMap, Usage, UsageError

from . import usages
from .by_hand import by_hand
from .conftest import REPORT
from .reasons import REASONS, State, equal, explain
from .theirs import LiteLLM, provider

pytestmark = [pytest.mark.sweep, pytest.mark.timeout(0)]

MAP = Path(__file__).parents[2] / "data" / "model_prices.json"

# litellm asks a server about a model of these providers before it prices it.
ASKS_A_SERVER = frozenset({"huggingface", "github_copilot"})
# It prices this one by the clock: the time since the response's `created`.
BY_THE_CLOCK = frozenset({"replicateopenai/gpt-oss-20b"})

# Their cost is no sum of a call's own tokens: the fee of a router, to which the model that it picked comes, and
# models that search on every call for a fee.
MORE_THAN_TOKENS = ("model-router", "model_router", "search-preview", "search-api")


@pytest.fixture(scope="module")
def rows():
    return json.loads(MAP.read_bytes())


@pytest.fixture(scope="module")
def prices(rows):
    # A map of one's own has no history, so the calls' times choose windows and not past prices.
    return CostMap(rows)


@pytest.fixture(scope="module")
def litellm():
    # Of its own, so that nothing it writes into its map reaches ours.
    return LiteLLM(json.loads(MAP.read_bytes()))


@pytest.fixture(scope="module")
def drawn(rows, prices):
    """Every call of every model that is priced by tokens."""
    found = []
    for name, entry in rows.items():
        if "alias_of" in entry or entry["litellm_provider"] in ASKS_A_SERVER or name in BY_THE_CLOCK:
            continue
        if any(word in name for word in MORE_THAN_TOKENS):
            continue
        card = prices.rate_card(name, provider=provider(entry))
        if card.prices_tokens:
            found += usages.calls(name, card.thresholds, card.values("tier"))
    return found


def ours(prices, rows, call, what):
    return prices.calculate(
        usage=what,
        model=call.model,
        provider=provider(rows[call.model]),
        service_tier=call.requested,
        served_tier=call.served,
        batch=call.batch,
        at=call.at,
    )


def test_every_kind_of_use_is_drawn(rows, prices, drawn):
    """Each kind of token a thousand times and more; each tier and both sides of each threshold of every model."""
    assert {
        meter: count for meter, count in Counter(m for c in drawn for m in c.quantities).items() if count < 1000
    } == {}
    assert {meter for call in drawn for meter in call.quantities} == {
        "input",
        "input_audio",
        "input_image",
        "input_video",
        "cache_read",
        "cache_read_audio",
        "cache_write",
        "cache_write_1h",
        "output",
        "reasoning",
        "output_audio",
        "output_image",
    }
    by_model = defaultdict(list)
    for call in drawn:
        by_model[call.model].append(call)
    missed = []
    for name, found in by_model.items():
        card = prices.rate_card(name, provider=provider(rows[name]))
        tiers = {"batches" if call.batch else call.served or call.requested for call in found}
        missed += [(name, tier) for tier in card.values("tier") - tiers]
        for threshold in card.thresholds:
            sides = {(call.prompt > threshold) - (call.prompt < threshold) for call in found}
            missed += [(name, threshold, side) for side in {-1, 0, 1} - sides]
    assert missed == []


def test_our_numbers_are_those_worked_out_by_hand(prices, rows, drawn):
    """Every call, from the keys of its entry and without the package: the cost, and what has no price."""
    wrong = []
    for call in drawn:
        cost = ours(prices, rows, call, Usage(**call.quantities))
        assert cost.matched_as in {call.model, f"{provider(rows[call.model])}/{call.model}"}
        total, unpriced = by_hand(rows, cost.matched_as, call)
        if not equal(cost.response_cost, total) or set(cost.unpriced) != unpriced:
            wrong.append(f"{call}: by hand {total}, no price for {sorted(unpriced)}\n{cost.explain()}")
    assert not wrong, f"{len(wrong)} are another number by hand, the first:\n\n" + "\n\n".join(wrong[:5])


def test_every_difference_is_accounted_for(prices, rows, litellm, drawn, request):
    """Over 3,000 models x 10 calls: the same number, or named reasons that reproduce litellm's to the last digit."""
    counts, models, unexplained = Counter(), defaultdict(set), []
    for call in drawn:
        cost = ours(prices, rows, call, Usage(**call.quantities))
        who = provider(rows[call.model])
        theirs = litellm.cost(call, who)
        if equal(cost.response_cost, theirs):
            counts["equal"] += 1
            counts["free"] += theirs == 0
            continue
        names = explain(
            State(dict(rows[cost.matched_as]), call, rows, who, litellm.keys, theirs, litellm.loses(call, who))
        )
        if names is None:
            unexplained.append(f"{call}: litellm {theirs}\n{cost.explain()}")
        for name in names or ():
            counts[name] += 1
            models[name].add(call.model)
    counts.update(calls=len(drawn), models=len({call.model for call in drawn}), unexplained=len(unexplained))
    request.config.stash[REPORT] = {
        "counts": counts,
        "models": Counter({name: len(found) for name, found in models.items()}),
        "versions": Counter([version("litellm")]),
    }
    assert counts["models"] >= 3000
    assert counts["calls"] >= counts["models"] * usages.CALLS_PER_MODEL
    assert counts["equal"] > 0.8 * counts["calls"]
    assert not unexplained, f"{len(unexplained)} unexplained differences, the first:\n\n" + "\n\n".join(unexplained[:5])
    assert [reason.name for reason in REASONS if not counts[reason.name]] == []


def read_otherwise(prices, rows, litellm, chosen):
    """Return the calls whose litellm response costs something else than their quantities."""
    wrong = []
    for call in chosen:
        cost = ours(prices, rows, call, Usage(**call.quantities))
        try:
            read = prices.calculate(
                litellm.response(call),
                model=call.model,
                provider=provider(rows[call.model]),
                service_tier=call.requested,
                batch=call.batch,
                at=call.at,
                prefer="calculated",
            )
        except UsageError as error:
            wrong.append(f"{call}\n{error!r}")
            continue
        if (read.total, set(read.unpriced)) != (cost.total, set(cost.unpriced)):
            wrong.append(f"{call}\n{cost.explain()}\n{read.explain()}")
    return wrong


def test_litellms_own_response_is_read_as_meant(prices, rows, litellm, drawn):
    """litellm's response object costs what its quantities cost: cache, media and reasoning are taken apart again."""
    chosen = [call for call in drawn[::3] if "cache_read_audio" not in call.quantities]
    assert len(chosen) > 10_000
    wrong = read_otherwise(prices, rows, litellm, chosen)
    assert not wrong, f"{len(wrong)} are read otherwise, the first:\n\n" + "\n\n".join(wrong[:3])


def test_litellms_cached_audio_is_read_as_meant(prices, rows, litellm, drawn):
    """Where litellm states how much of the cached tokens is audio, that much is."""
    chosen = [call for call in drawn[::3] if "cache_read_audio" in call.quantities]
    wrong = read_otherwise(prices, rows, litellm, chosen)
    assert not wrong, f"{len(wrong)} are read otherwise, the first:\n\n" + "\n\n".join(wrong[:3])
