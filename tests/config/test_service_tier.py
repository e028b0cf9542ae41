"""The tier that a deployment requests: its calls are billed at it, unless something stronger says otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from llmcost import CostMap
from llmcost.errors import ConfigWarning

ROW = {
    "input_cost_per_token": 2e-06,
    "input_cost_per_token_flex": 1e-06,
    "input_cost_per_token_priority": 4e-06,
    "litellm_provider": "openai",
}
MILLION = 1_000_000


def body(tier: str | None = None) -> dict[str, object]:
    """A response to a prompt of a million tokens, which states its tier or does not."""
    stated = {} if tier is None else {"service_tier": tier}
    usage = {"prompt_tokens": MILLION, "completion_tokens": 0, "total_tokens": MILLION}
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": usage, **stated}


def configured(tier: object = "flex", **more: object) -> CostMap:
    """A map with a deployment that requests this tier."""
    mine = {"model_name": "mine", "litellm_params": {"model": "openai/m", "service_tier": tier}, **more}
    plain = {"model_name": "plain", "litellm_params": {"model": "openai/other"}}
    return CostMap({"m": ROW, "other": ROW}).with_config({"model_list": [mine, plain]})


@pytest.mark.parametrize(
    ("stated", "facts", "usd"),
    [
        (None, {}, "1"),  # a million at 1e-6, the rate of flex
        ("flex", {}, "1"),
        ("default", {}, "2"),  # what was served is billed, and not what was requested
        ("priority", {}, "4"),
        (None, {"service_tier": "priority"}, "4"),  # the request of the call is stronger than that of the deployment
        (None, {"service_tier": "default"}, "2"),
        (None, {"served_tier": "default"}, "2"),
        (None, {"model": "plain"}, "2"),
    ],
)
def test_which_tier_is_billed(stated, facts, usd):
    """The served tier counts, then the call's own request, then that of the deployment."""
    assert configured().calculate(body(stated), **{"model": "mine", **facts}).total == Decimal(usd)


def test_a_batch_is_a_batch():
    """Whatever tier the deployment requests of its other calls."""
    prices = CostMap({"m": {**ROW, "input_cost_per_token_batches": 5e-07}}).with_config(
        {"model_list": [{"model_name": "mine", "litellm_params": {"model": "openai/m", "service_tier": "priority"}}]}
    )
    assert prices.calculate(body(), model="mine", batch=True).total == Decimal("0.5")


def test_the_cost_says_so():
    """The tier is the requested one, and the line is of its rate."""
    cost = configured().calculate(body(), model="mine")
    assert (cost.requested_tier, cost.served_tier, cost.billed_tier) == ("flex", None, "flex")
    assert [line.price_key for line in cost.line_items] == ["input_cost_per_token_flex"]
    assert "requested=flex served=- billed=flex" in cost.explain()


def test_a_tier_without_rates_is_noted():
    """As where the call requests it."""
    cost = configured("balanced").calculate(body(), model="mine")
    assert (cost.total, [note.code for note in cost.notes]) == (Decimal(2), ["tier_without_rates"])


def test_deployments_of_two_tiers_cost_differently():
    """So that a name of both is no answer."""
    listed = [{"model_name": "mine", "litellm_params": {"model": "openai/m", "service_tier": t}} for t in ("flex", "")]
    prices = CostMap({"m": ROW}).with_config({"model_list": listed})
    with pytest.raises(llmcost.UnknownModelError, match="price differently"):
        prices.calculate(body(), model="mine")
    assert prices.calculate(body(), model="mine", deployment="model_list[1]").total == Decimal(2)


def test_a_wildcard_passes_it_on():
    """The deployment that it stands for requests the same."""
    listed = {"model_name": "open/*", "litellm_params": {"model": "openai/*", "service_tier": "flex"}}
    prices = CostMap({"m": ROW}).with_config({"model_list": [listed]})
    assert prices.calculate(body(), model="open/m").total == Decimal(1)


@pytest.mark.parametrize("tier", [None, "", {"type": "flex"}, ["flex"]])
def test_what_names_no_tier(tier):
    """Such a deployment requests none."""
    assert configured(tier).calculate(body(), model="mine").total == Decimal(2)


def test_an_unknown_word_is_doubted():
    """When the file is read, with its line and the word that was meant; each call notes it too."""
    with pytest.warns(ConfigWarning, match=r"service_tier: is no service tier that is known.*Did you mean 'flex'"):
        prices = configured("flexx")
    cost = prices.calculate(body(), model="mine")
    assert (cost.total, [note.code for note in cost.notes]) == (Decimal(2), ["tier_unknown"])


def test_a_tier_in_a_variable(monkeypatch):
    """It is looked up. What it holds may be a secret, which is shown nowhere."""
    monkeypatch.delenv("OUR_TIER", raising=False)
    assert configured("os.environ/OUR_TIER").calculate(body(), model="mine").total == Decimal(2)
    monkeypatch.setenv("OUR_TIER", "flex")
    assert configured("os.environ/OUR_TIER").calculate(body(), model="mine").total == Decimal(1)
    monkeypatch.setenv("OUR_TIER", "sk-4711")
    with pytest.warns(ConfigWarning, match="is no service tier that is known") as told:
        prices = configured("os.environ/OUR_TIER")
    assert "4711" not in "".join(str(one.message) for one in told)
    cost = prices.calculate(body(), model="mine")
    assert (cost.total, cost.notes) == (Decimal(2), ())


def test_check_says_it():
    """Beside the region of the deployment."""
    from llmcost.config.check import check

    text = check(
        {"model_list": [{"model_name": "mine", "litellm_params": {"model": "m", "service_tier": "flex"}}]},
        CostMap({"m": ROW}),
    ).text
    assert "model_list[0] mine -> m, at the flex tier" in text


@pytest.mark.parametrize(("word", "usd"), [(None, "1"), ("default", "2"), ("priority", "4")])
def test_a_table_says_the_same(word, usd):
    """A row without a tier has that of the deployment, and a row that was served at standard has standard's price."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("narwhals")
    rows = pandas.DataFrame({"model": ["mine", "plain"], "input": [MILLION, MILLION], "service_tier": [word, word]})
    told = llmcost.price_table(rows, cost_map=configured())
    other = {"1": "2"}.get(usd, usd)
    assert [Decimal(str(cost)) for cost in told["cost"]] == [Decimal(usd), Decimal(other)]
