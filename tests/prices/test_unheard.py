"""A name that shares no word with a row is unknown without a search, and its error says what a search says."""

from __future__ import annotations

import pickle

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.prices.asked import Asked
from llmcost.prices.unheard import is_unheard

USAGE = Usage(input=1000)
BEFORE = (
    "openai/",
    "us.",
    "bedrock/us-east-1/",
    "bedrock/converse/",
    "litellm_proxy/",
    "cursor/",
    "codex/",
    "databricks/",
    "models/",
    "openai:",
    "projects/p/locations/europe-west4/publishers/google/models/",
    "arn:aws:bedrock:us-east-1::foundation-model/",
    "ft:",
)
AFTER = ("-2024-05-13", "@20250514", "-latest", "[1m]", ":thinking", ":nitro", "-high", "-001", ":20230824-v2", ":o:i")


def resolver(prices):
    """Return what looks for a name by every rule; the index of names is built."""
    with pytest.raises(UnknownModelError):
        prices.rate_card("nobody-knows-it")
    return prices._resolver()


def is_found(rules, asked):
    try:
        rules.stack(asked, priced=False)
    except UnknownModelError as error:
        return bool(error.choices)  # several sellers: a search is needed to say so
    return True


def written_anew(name):
    """Yield a name as people, frameworks and clouds write it."""
    tail = name.rpartition("/")[2]
    yield from (name, name.upper(), tail, name.replace(".", "-"), tail.replace("-", "."))
    yield from (f"{before}{tail}" for before in BEFORE)
    yield from (f"{name}{after}" for after in AFTER)


def test_no_rule_finds_what_shares_no_word():
    """Of every fiftieth name of the map, in some thirty spellings and under two sellers."""
    prices = CostMap.bundled()
    rules, seen, unheard = resolver(prices), 0, 0
    for name in list(prices)[::50]:
        for written in written_anew(name):
            for seller in (None, "databricks") if seen % 10 == 0 else (None,):
                asked = Asked(written.removeprefix("databricks-"), None, seller)
                seen += 1
                if is_unheard(prices.source, asked):
                    unheard += 1
                    assert not is_found(rules, asked), (written, seller)
    assert seen > 4000
    assert unheard < seen / 10


@pytest.mark.parametrize("name", ["my-deployment", "Team 7", "zzz/yyy", "x\x1b[2J", "arn:aws:zzz:x", "zzz-2024-05-13"])
def test_the_error_says_what_a_search_says(name):
    """The same text, choices and names that were tried, when somebody reads them; raised again and pickled too."""
    prices = CostMap.bundled()
    rules = resolver(prices)
    assert is_unheard(prices.source, Asked(None, name))
    with pytest.raises(UnknownModelError) as raised:
        prices.calculate(usage=Usage(input=1000, model=name))
    with pytest.raises(UnknownModelError) as again:
        prices.calculate(usage=Usage(input=1000, model=name))
    with pytest.raises(UnknownModelError) as searched:
        rules.stack(Asked(None, name), priced=False)
    searched.value.prices = prices._origin.told
    for error in (raised.value, again.value, pickle.loads(pickle.dumps(raised.value))):
        assert str(error) == str(searched.value)
        assert (error.tried, error.provider) == (searched.value.tried, searched.value.provider)
        assert (error.why, error.choices) == (searched.value.why, searched.value.choices)
    assert raised.value.tried


def test_what_is_ones_own_may_have_any_name():
    """A registered name, a deployment and a price of the call are asked for as before."""
    prices = CostMap.bundled()
    resolver(prices)
    own = {"input_cost_per_token": 3e-6}
    assert prices.calculate(usage=USAGE, model="my-deployment", **own).response_cost == 0.003
    assert prices.calculate(usage=USAGE, model="my-deployment", base_model="gpt-4o").response_cost == 0.0025
    prices.register({"my-deployment": own})
    assert prices.calculate(usage=USAGE, model="my-deployment").response_cost == 0.003


def test_the_response_may_name_a_known_model():
    """1000 x 2.5e-6 of gpt-4o, although nobody knows the name that the caller has for it."""
    prices = CostMap.bundled()
    resolver(prices)
    cost = prices.calculate(usage=Usage(input=1000, model="gpt-4o-2024-08-06"), model="zzz")
    assert cost.response_cost == 0.0025


def test_a_name_without_a_word_takes_no_search_away():
    """Where a row's own name has no letter of ASCII, every name is looked for by every rule."""
    prices = CostMap({"模型": {"input_cost_per_token": 1e-6}, "m": {"input_cost_per_token": 2e-6}})
    resolver(prices)
    assert not is_unheard(prices.source, Asked("zzz"))
    assert prices.calculate(usage=USAGE, model="模型").response_cost == 0.001
