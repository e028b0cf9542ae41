"""Calls added up by their kinds: the sum that their costs have, and every call that is of no kind left to its cost."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from llmcost import CostMap, LLMCostError, Usage
from llmcost.api.kinds import Kinds
from llmcost.api.logged import LoggedCostMap
from llmcost.core.exact import ratio
from llmcost.core.notes import Note
from llmcost.core.usage import counted
from tests import responses

# Prices of before and of after a change, thresholds, tiers, a seller, words that no price knows.
MODELS = (*("gpt-4o", "o3", "deepseek-chat", "claude-sonnet-4-5", "gemini-2.5-pro") * 2, "no-such-model", None)
TIERS = (None, None, None, None, "default", "flex", "priority", "batch", "odd", "provisioned")
TIMES = (None, None, None, 1749427199, 1759017600, 1767225600, 1767225600, "2025-06-10", "noon", 4102444800)
METERS = (("input", "output"), ("input", "cache_read", "output"), ("cache_write", "output"), ("output", "web_searches"))
AMOUNTS = (0, 1, 1000, 1000, 150_000, 199_999, 200_000, 200_001, 12.5)


def usage_of(chance):
    """A usage of a few words and counters, in which everything that matters is drawn."""
    found = Usage(**{meter: chance.choice(AMOUNTS) for meter in chance.choice(METERS)})
    found.model, found.service_tier, found.at = chance.choice(MODELS), chance.choice(TIERS), chance.choice(TIMES)
    found.provider = chance.choice((None, None, None, None, None, "azure"))
    odd = chance.randrange(20)
    if odd == 0:
        found.partial = True
    elif odd == 1:
        found.notes = (Note("caller", "odd"),)
    elif odd == 2:
        found.region = "eu"
    elif odd == 3:
        found.context = None
    return found


def costs(prices, usages):
    """What each usage costs; calls that cannot be priced are left out."""
    for usage in usages:
        try:
            yield usage, prices.of_usage(usage)
        except (LLMCostError, ValueError):
            continue


def sums(usages):
    """For each model and day: calls, USD and units, once by costs alone and once by kinds as far as they go."""
    prices = CostMap.bundled()

    def day(when, kind):
        return kind.matched_as, None if when is None else when // 86_400

    kinds, alone, together, added = Kinds(prices, day), {}, {}, 0

    def put(sums, key, calls, usd, quantities):
        found = sums.setdefault(key, [0, Fraction(0), {}])
        found[0] += calls
        found[1] += usd
        for meter, units in quantities.items():
            found[2][meter] = found[2].get(meter, 0) + Fraction(*ratio(units))

    for usage, cost in costs(prices, usages):
        key = (cost.matched_as, usage.at // 86_400 if type(usage.at) is int else None)
        one = (key, 1, Fraction(*cost.as_integer_ratio()), cost.usage.quantities)
        put(alone, *one)
        if kinds.add(usage):
            added += 1
            assert not cost.lower_bound
            assert cost.complete
        else:
            put(together, *one)
            kinds.learn(usage, cost)
    for kind, key, pile in kinds.taken():
        quantities = kind.quantities(pile)
        usd = sum(
            Fraction(units * rate, kind.tariff.denominator) for units, rate in zip(pile.units, kind.rates, strict=True)
        )
        put(together, key, pile.calls, usd, quantities)
    return alone, together, added


@pytest.mark.parametrize("seed", range(2))
def test_kinds_add_up_to_the_sum_of_their_costs(seed):
    """Whatever words, times, thresholds and rare facts stand beside the counters."""
    chance = random.Random(seed)
    alone, together, added = sums([usage_of(chance) for _ in range(1500)])
    assert together == alone
    assert added > 100


def test_the_examples_of_the_readers_add_up():
    """Every response of the tests, twice: what was learnt from the first is right of the second, and of all others."""
    from llmcost.readers import stated_usage

    usages = []
    for example in [*responses.everything()] * 2:
        try:
            usages.append(stated_usage(example.response))
        except LLMCostError:
            continue
    alone, together, added = sums(usages)
    assert together == alone
    assert added > 20


def test_prices_that_change_are_learnt_anew():
    """A registration changes what every call costs from then on."""
    prices = CostMap({"m": {"input_cost_per_token": 2e-6}})
    kinds, usage = Kinds(prices), Usage(input=1000, model="m")
    assert kinds.learn(usage, prices.of_usage(usage)) is not None
    assert kinds.add(usage)
    prices.register({"m": {"input_cost_per_token": 4e-6}})
    assert not kinds.add(usage)
    kind = kinds.learn(usage, prices.of_usage(usage))
    assert [rate / kind.tariff.denominator for rate in kind.rates] == [4e-6]
    assert kinds.add(usage)
    assert [pile.calls for _, _, pile in kinds.taken()] == [1, 1]


def test_what_was_learnt_before_a_change_is_forgotten():
    """Another model that is learnt anew brings no old price back: n costs 6 USD a million instead of 3."""
    prices = CostMap({"m": {"input_cost_per_token": 2e-6}, "n": {"input_cost_per_token": 3e-6}})
    kinds = Kinds(prices)
    for at in (None, 1767225600):
        usages = [Usage(input=1000, model=model, at=at) for model in "mn"]
        assert None not in [kinds.learn(usage, prices.of_usage(usage)) for usage in usages]
        prices.register({"n": {"input_cost_per_token": 6e-6}})
        assert kinds.learn(usages[0], prices.of_usage(usages[0])) is not None
        assert [kinds.add(usage) for usage in usages] == [True, False]


def test_a_map_that_grows_old_ends_a_kind(monkeypatch):
    """From then on a note says how old the prices are, which only a cost of its own has."""
    prices, usage = CostMap.bundled(), Usage(input=1000, model="gpt-4o")
    kinds = Kinds(prices)
    old = kinds.learn(usage, prices.of_usage(usage)).tariff.card.stale_at
    assert kinds.add(usage)
    monkeypatch.setattr("llmcost.api.kinds.clock", lambda: old - 1)
    assert kinds.add(usage)
    monkeypatch.setattr("llmcost.api.kinds.clock", lambda: old)
    assert not kinds.add(usage)


def test_each_time_has_its_own_kind():
    """deepseek-chat: 0.56 USD a million tokens until 2025-09-29. https://api-docs.deepseek.com/quick_start/pricing"""
    prices = CostMap.bundled()
    kinds = Kinds(prices)
    late, early = (Usage(input=1000, model="deepseek-chat", at=at) for at in (1767225600, 1759017600))
    kinds.learn(late, prices.of_usage(late))
    assert kinds.add(late)
    assert not kinds.add(early)
    kind = kinds.learn(early, prices.of_usage(early))
    assert [rate / kind.tariff.denominator for rate in kind.rates] == [0.56e-6]
    assert kinds.add(late)
    assert kinds.add(early)
    assert sorted(pile.calls for _, _, pile in kinds.taken()) == [1, 2]


def test_a_call_of_the_future_is_of_no_kind():
    """What it costs in 2100 is assumed, which its own cost says."""
    prices = CostMap.bundled()
    kinds, usage = Kinds(prices), Usage(input=1000, model="gpt-4o", at=1767225600)
    assert kinds.learn(usage, prices.of_usage(usage)) is not None
    assert kinds.add(Usage(input=1000, model="gpt-4o", at=1767225601))
    assert not kinds.add(Usage(input=1000, model="gpt-4o", at=4102444800))


def test_a_map_that_logs_every_call_teaches_no_kind():
    """Each of its calls has to be said."""
    prices, usage = LoggedCostMap.bundled(), Usage(input=1000, model="gpt-4o")
    kinds = Kinds(prices)
    assert kinds.learn(usage, prices.of_usage(usage)) is None
    assert not kinds.add(usage)


def test_a_map_of_a_class_of_ones_own_teaches_no_kind():
    """It may do more with each call, whatever its costs look like."""

    class Watched(CostMap):
        pass

    prices, usage = Watched({"m": {"input_cost_per_token": 2e-6}}), Usage(input=1000, model="m")
    assert Kinds(prices).learn(usage, prices.of_usage(usage)) is None


def test_the_first_second_of_a_price_is_of_its_own_kind():
    """4 USD a million tokens before 2025, 3 in 2025, 2 from the first second of 2026 on, in whatever order learnt."""
    blocks = [(4e-6, "2024-01-01", "2025-01-01"), (3e-6, "2025-01-01", "2026-01-01"), (2e-6, "2026-01-01", None)]
    rows = [{"input_cost_per_token": price, "from": start, "until": end} for price, start, end in blocks]
    rows[-1].pop("until")
    prices = CostMap({"m": {"llmcost": {"prices": rows}}})
    seconds = {1704067200: 4, 1735689599: 4, 1735689600: 3, 1767225599: 3, 1767225600: 2, 1767225601: 2}
    for learnt in itertools.permutations((1704067200, 1735689600, 1767225600)):
        kinds = Kinds(prices, lambda when, _: when)
        for at in learnt:
            usage = Usage(input=1000, model="m", at=at)
            assert kinds.learn(usage, prices.of_usage(usage)) is not None
        assert [kinds.add(Usage(input=1000, model="m", at=at)) for at in seconds] == [True] * 6
        found = {
            at: Fraction(pile.units[0] * kind.rates[0], kind.tariff.denominator) * 1000
            for kind, at, pile in kinds.taken()
        }
        assert found == seconds


def test_calls_of_which_more_counts_are_of_no_kind():
    """A prompt at a threshold that holds from there on, a note, a part of an answer, nothing that is used.

    xAI's prices above 128,000 tokens hold from 128,000 on. https://docs.x.ai/docs/models
    """
    dear = {"input_cost_per_token": 2e-6, "input_cost_per_token_above_128k_tokens": 4e-6}
    prices = CostMap({"xai/m": {**dear, "output_cost_per_token": 1e-5, "litellm_provider": "xai"}})
    kinds, first = Kinds(prices), Usage(input=127_999, output=1, model="xai/m")
    assert kinds.learn(first, prices.of_usage(first)) is not None
    assert kinds.add(first)
    others = [Usage(input=128_000, output=1), Usage(input=1, output=1), Usage(input=1, output=1, partial=True)]
    others[1].notes = (Note("not_understood", "a counter"),)
    others.append(counted({"input": 0, "output": 0}, 0, "meters"))
    for usage in others:
        usage.model = "xai/m"
        assert not kinds.add(usage), usage
        assert kinds.learn(usage, prices.of_usage(usage)) is None
    assert prices.of_usage(others[0]).total == Decimal("0.51201")


def test_kinds_and_their_groups_are_bounded(monkeypatch):
    """Calls beyond them are priced one by one."""
    monkeypatch.setattr("llmcost.api.kinds._MOST_KINDS", 2)
    monkeypatch.setattr("llmcost.api.kinds._MOST_PILES", 3)
    prices = CostMap({f"m{number}": {"input_cost_per_token": 2e-6} for number in range(3)})
    kinds = Kinds(prices, lambda when, _: when)
    usages = [Usage(input=1, model=f"m{number}", at=1767225600) for number in range(3)]
    assert [kinds.learn(usage, prices.of_usage(usage)) is not None for usage in usages] == [True, True, False]
    assert [kinds.add(usages[0], made) for made in (1, 2, 3, 4, 1)] == [True, True, True, False, True]
    assert kinds.learn(usages[0], prices.of_usage(usages[0])) is None
    assert kinds.add(usages[0], 2)
