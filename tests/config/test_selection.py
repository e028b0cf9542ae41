"""Which deployment a call means: by alias, backend, id, litellm's model_id, wildcard, or the response's model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.config.check import check

TWO = """
model_list:
  - model_name: chat
    litellm_params: {model: openai/gpt-4o, input_cost_per_token: 1e-6, output_cost_per_token: 0}
    model_info: {id: cheap}
  - model_name: chat
    litellm_params: {model: azure/dep-2, input_cost_per_token: 2e-6, output_cost_per_token: 0}
  - model_name: same
    litellm_params: {model: azure/eastus, api_base: https://a}
    model_info: {base_model: azure/gpt-4o}
  - model_name: same
    litellm_params: {model: azure/westus, api_base: https://b}
    model_info: {base_model: azure/gpt-4o}
router_settings:
  model_group_alias: {old: chat, hidden: {model: same, hidden: true}}
"""
USAGE = Usage(input=1000)


def test_an_alias_of_one_price(configured):
    """Several deployments that price the same are used as one."""
    cost = configured(TWO).calculate(usage=USAGE, model="same")

    assert str(cost) == "0.0025"
    assert cost.matched_as == "azure/gpt-4o"


@pytest.mark.parametrize("name", ["chat", "old"])
def test_an_alias_of_several_prices_raises_and_lists_them(configured, name):
    """Nothing is guessed: the error names both and the keyword that chooses."""
    with pytest.raises(UnknownModelError, match="price differently") as caught:
        configured(TWO).calculate(usage=USAGE, model=name)

    text = str(caught.value)
    assert "cheap (openai/gpt-4o)" in text
    assert "model_list[1] (azure/dep-2)" in text
    assert "deployment=" in text


@pytest.mark.parametrize(
    ("deployment", "total"),
    [("cheap", "0.001"), ("openai/gpt-4o", "0.001"), ("azure/dep-2", "0.002"), ("model_list[1]", "0.002")],
)
def test_deployment_chooses(configured, deployment, total):
    """By id, by backend, or by its place; with the alias or alone."""
    prices = configured(TWO)

    assert str(prices.calculate(usage=USAGE, model="chat", deployment=deployment)) == total
    assert str(prices.calculate(usage=USAGE, deployment=deployment)) == total


def test_an_unknown_deployment_raises(configured, bundled):
    """With a configuration and without one."""
    with pytest.raises(UnknownModelError, match="has no deployment 'nope'"):
        configured(TWO).calculate(usage=USAGE, model="chat", deployment="nope")
    with pytest.raises(UnknownModelError, match="no configuration has a deployment"):
        bundled.calculate(usage=USAGE, model="gpt-4o", deployment="nope")


@pytest.mark.parametrize(("model", "total"), [("cheap", "0.001"), ("azure/dep-2", "0.002"), ("hidden", "0.0025")])
def test_an_id_a_backend_and_an_alias_of_an_alias_are_names(configured, model, total):
    """A caller may name any of them."""
    assert str(configured(TWO).calculate(usage=USAGE, model=model)) == total


class ModelResponse:
    """A response as litellm returns it."""

    __module__ = "litellm.types.utils"

    def __init__(self, model, hidden):
        self.model, self._hidden_params = model, hidden
        self.object, self.id, self.choices = "chat.completion", "x", []
        self.usage = {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}


def test_litellms_model_id_is_the_deployment(configured):
    """``_hidden_params.model_id`` tells deployments of one alias apart; ``deployment=`` is stronger."""
    prices = configured(TWO)
    response = ModelResponse("gpt-4o", {"model_id": "cheap"})

    assert str(prices.calculate(response, model="chat")) == "0.001"
    assert str(prices.calculate(response)) == "0.001"
    assert str(prices.calculate(response, model="chat", deployment="azure/dep-2")) == "0.002"
    with pytest.raises(UnknownModelError, match="price differently"):
        prices.calculate(ModelResponse("gpt-4o", {"model_id": "a-generated-hash"}), model="chat")


@pytest.mark.parametrize(
    ("model", "total"), [("gpt-4o", "0.001"), ("gpt-4o-2024-08-06", "0.001"), ("dep-2", "0.002"), ("same", "0.0025")]
)
def test_the_responses_model_finds_a_deployment(configured, chat, model, total):
    """By backend with or without its provider, by its dated snapshot, and by the alias that a proxy answers with."""
    assert str(configured(TWO).calculate(chat(model, completion=0))) == total


def test_a_response_that_several_may_have_given_raises(configured, chat):
    """The alias of one deployment is the model of another: both may have answered, at different prices."""
    prices = configured(
        """
        model_list:
          - model_name: gpt-4
            litellm_params: {model: azure/chatgpt-v-2, input_cost_per_token: 1e-6}
          - model_name: other
            litellm_params: {model: azure/gpt-4, input_cost_per_token: 2e-6}
        """
    )

    assert str(prices.calculate(chat("x", completion=0), model="gpt-4")) == "0.001"
    with pytest.raises(UnknownModelError, match="price differently"):
        prices.calculate(chat("gpt-4"))


def test_a_name_outside_the_configuration_says_so(configured, chat):
    """The map prices it, and the notes say that no price of the configuration is used."""
    cost = configured(TWO).calculate(chat("gpt-4.1", completion=0))

    assert str(cost) == "0.002"
    assert "no deployment of the configuration is named 'gpt-4.1': none of its prices is used" in cost.notes
    said = next(line for line in cost.explain(verbose=True).splitlines() if "none; the configuration knows" in line)
    assert said.split(maxsplit=1) == ["deployment", "none; the configuration knows the names chat, same, old, hidden"]


MINE = """
model_list:
  - model_name: gpt-4
    litellm_params: {model: azure/my-deployment, region_name: eu}
    model_info: {llmcost: {discount: 0.1}}
"""


@pytest.mark.parametrize("asked", [None, "gpt-4"])
def test_a_deployment_without_any_price_says_what_to_do(configured, chat, asked):
    """Its backend is no model of the map. A proxy answers with the name that was called: that is no model either."""
    response = chat(asked) if asked else None
    with pytest.raises(UnknownModelError, match="base_model") as caught:
        configured(MINE).calculate(response, usage=None if asked else USAGE, model="gpt-4")

    assert "the deployment model_list[0] (azure/my-deployment) has no prices of its own" in str(caught.value)


def test_a_deployment_without_any_price_is_priced_as_what_answers(configured, chat):
    """As without a configuration, and with the deployment's discount: 1,000 x 2.75e-06 (eu) x 0.9, which is noted."""
    cost = configured(MINE).calculate(chat("gpt-4o-2024-08-06", completion=0), model="gpt-4")

    assert (str(cost), cost.matched_as, cost.match_rule) == (
        "0.002475",
        "azure/eu/gpt-4o-2024-08-06",
        "response_model",
    )
    note = next(note for note in cost.notes if note.code == "response_model_priced")
    assert "base_model decides" in note


ROUTED = """
model_list:
  - model_name: pick-one
    litellm_params: {model: auto_router/complexity_router}
  - model_name: cheap
    litellm_params: {model: openai/gpt-4o-mini, input_cost_per_token: 1e-6}
"""


@pytest.mark.parametrize(
    ("answered", "total"),
    [
        ("gpt-4o-mini-2024-07-18", "0.001"),  # the deployment that it called: 1,000 x 1e-6
        ("cheap", "0.001"),
        ("gpt-4o", "0.0025"),  # no deployment: the map's 2.5e-06
    ],
)
def test_a_router_has_the_price_of_the_deployment_that_answers(configured, chat, answered, total):
    """LiteLLM's own routers call one of the other deployments."""
    assert str(configured(ROUTED).calculate(chat(answered, completion=0), model="pick-one")) == total


def test_a_router_whose_answer_is_not_known(configured):
    """The error says what is missing."""
    with pytest.raises(UnknownModelError, match="is a router: the response names the model that answered"):
        configured(ROUTED).calculate(usage=USAGE, model="pick-one")


WILD = """
model_list:
  - model_name: "*"
    litellm_params: {model: "openai/*"}
  - model_name: "anthropic/*"
    litellm_params: {model: "anthropic/*", input_cost_per_token: 1e-6}
  - model_name: "anthropic/claude-*"
    litellm_params: {model: "bedrock/anthropic.claude-*", input_cost_per_token: 2e-6}
  - model_name: "team-*/gpt-*"
    litellm_params: {model: "azure/*-gpt-*", input_cost_per_token: 3e-6}
  - model_name: "fixed-*"
    litellm_params: {model: openai/gpt-4o}
"""


@pytest.mark.parametrize(
    ("model", "total", "matched"),
    [
        ("gpt-4o-mini", "0.00015", "gpt-4o-mini"),  # the catch-all; gpt-4o-mini costs 1.5e-07
        ("anthropic/other", "0.001", "anthropic/other"),
        ("anthropic/claude-x", "0.002", "bedrock/anthropic.claude-x"),  # the longest pattern
        ("team-a/gpt-4", "0.003", "azure/a-gpt-4"),  # each star in its place
        ("fixed-anything", "0.0025", "gpt-4o"),
    ],
)
def test_wildcards(configured, model, total, matched):
    """The most specific pattern wins, and what its stars stand for goes into the backend."""
    cost = configured(WILD).calculate(usage=USAGE, model=model)

    assert (str(cost), cost.matched_as) == (total, matched)


MESSAGE = {
    "type": "message",
    "model": "claude-sonnet-4-5-20250929",
    "usage": {"input_tokens": 1000, "output_tokens": 0},
}


def test_a_wildcard_without_prices_leaves_a_response_to_the_map(configured):
    """A catch-all that routes to OpenAI says nothing of an answer of Anthropic's: 1,000 x 3e-06."""
    cost = configured('model_list: [{model_name: "*", litellm_params: {model: "openai/*"}}]').calculate(MESSAGE)

    assert (str(cost), cost.matched_as) == ("0.003", "claude-sonnet-4-5-20250929")


@pytest.mark.parametrize("alias", ["*", "anthropic/*", "anthropic/claude-*"])
def test_a_wildcard_with_prices_is_found_by_a_response(configured, alias):
    """Its price is set, so it is used; the provider that is known is part of the name."""
    text = f'model_list: [{{model_name: "{alias}", litellm_params: {{model: "{alias}", input_cost_per_token: 1e-6}}}}]'
    cost = configured(text).calculate(MESSAGE, provider="anthropic")

    assert [(line.meter, str(line.amount), line.layer) for line in cost.line_items] == [
        ("input", "0.001", "config litellm_params")
    ]


def test_a_region_of_the_deployment(configured, chat):
    """The row of the region is used, a caller's region is stronger, and a vendor's uplift is applied."""
    prices = configured(
        """
        model_list:
          - model_name: data-zone
            litellm_params: {model: azure/my-dep, region_name: eu}
            model_info: {base_model: azure/gpt-4o-2024-08-06}
          - model_name: vertex
            litellm_params: {model: vertex_ai/claude-sonnet-4-5@20250929, vertex_location: us-east5}
        """
    )
    europe = prices.calculate(chat("gpt-4", completion=0), model="data-zone")
    there = prices.calculate(chat("gpt-4", completion=0), model="data-zone", region="us")
    vertex = prices.calculate(usage=USAGE, model="vertex")
    everywhere = prices.calculate(usage=USAGE, model="vertex", region="global")

    assert (str(europe), europe.matched_as) == ("0.00275", "azure/eu/gpt-4o-2024-08-06")
    assert (str(there), there.matched_as) == ("0.00275", "azure/us/gpt-4o-2024-08-06")
    assert [line.factors for line in vertex.line_items] == [("x 1.1 (region *)",)]
    assert (str(vertex), str(everywhere)) == ("0.0033", "0.003")


def test_base_model_and_own_prices(configured):
    """Own prices win over base_model; what they leave out comes from base_model."""
    prices = configured(
        """
        model_list:
          - model_name: ft
            litellm_params: {model: "openai/ft:gpt-4.1-2025-04-14:my-org:x"}
            model_info: {base_model: gpt-4.1, input_cost_per_token: 0.000003}
          - model_name: elsewhere
            litellm_params: {model: hosted_vllm/custom, base_model: openrouter/deepseek/flash}
        """,
        {
            "gpt-4.1": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
            "openrouter/deepseek/flash": {"input_cost_per_token": 6e-8, "output_cost_per_token": 1.2e-7},
        },
    )
    cost = prices.calculate(usage=Usage(input=1000, output=500), model="ft")

    assert [(line.meter, str(line.amount), line.layer) for line in cost.line_items] == [
        ("input", "0.003", "config model_info"),
        ("output", "0.004", "base_model"),
    ]
    assert str(prices.calculate(usage=Usage(input=14, output=100), model="elsewhere")) == "0.00001284"


def test_two_deployments_on_one_backend_under_threads(bundled):
    """One is priced 0, one is not: 8 threads, thousands of calls, never a wrong price."""
    text = """
    model_list:
      - model_name: free
        litellm_params: {model: openai/gpt-4o, input_cost_per_token: 0, output_cost_per_token: 0}
      - model_name: paid
        litellm_params: {model: openai/gpt-4o, input_cost_per_token: 3e-6, output_cost_per_token: 1e-5}
      - model_name: listed
        litellm_params: {model: openai/gpt-4o}
    """
    expected = {"free": 0.0, "paid": 0.008, "listed": 0.0075}
    response = {
        "object": "chat.completion",
        "model": "gpt-4o",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
    }

    def work(worker):
        prices = maps[worker % 2]
        names = list(expected)
        found = []
        for i in range(500):
            name = names[(worker + i) % 3]
            found.append((name, prices.calculate(response, model=name).response_cost))
        return found

    maps = [bundled.with_config(text), CostMap.bundled().with_config(text)]
    with ThreadPoolExecutor(8) as pool:
        results = [result for found in pool.map(work, range(8)) for result in found]

    assert len(results) == 4000
    assert {(name, cost) for name, cost in results} == set(expected.items())


REFERENCE = """
model_list:
  - model_name: chat
    litellm_params: {model: os.environ/LLMCOST_TEST_BACKEND, input_cost_per_token: 3e-6, output_cost_per_token: 0}
"""


def test_a_backend_in_a_variable_is_matched_and_never_shown(configured, bundled, monkeypatch):
    """Its value is a deployment that no map knows: a response of it has the deployment's own price, 1000 x 3e-6."""
    monkeypatch.setenv("LLMCOST_TEST_BACKEND", "azure/our-deployment-4711")
    prices = configured(REFERENCE)

    response = {"object": "chat.completion", "model": "our-deployment-4711", "choices": []}
    used = {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}
    assert str(prices.calculate({**response, "usage": used})) == "0.003"
    for model in ("chat", "azure/our-deployment-4711"):
        assert str(prices.calculate(usage=USAGE, model=model)) == "0.003"
    shown = prices.calculate(usage=USAGE, model="chat")
    assert "4711" not in "".join((repr(shown), shown.explain(), str(shown.to_dict()), check(REFERENCE, bundled).text))


def test_a_secret_in_a_variable_of_a_backend_is_not_shown(configured, bundled, monkeypatch):
    """Without a price of its own the error names the variable, and not what is in it."""
    monkeypatch.setenv("LLMCOST_TEST_BACKEND", "sk-proj-4711")
    text = REFERENCE.replace(", input_cost_per_token: 3e-6, output_cost_per_token: 0", "")

    prices = configured(text)
    with pytest.raises(UnknownModelError, match=r"os\.environ/LLMCOST_TEST_BACKEND") as caught:
        prices.calculate(usage=USAGE, model="chat")
    told = check(text, bundled)
    assert "4711" not in "".join((str(caught.value), told.text, *told.warnings))


def test_the_rows_of_another_provider_price_a_deployment():
    """``pricing_provider`` is whose rows count: 1,000 x 3e-06 of azure, and not the 2e-06 of openai that serves it."""
    row = {"input_cost_per_token": 2e-06, "output_cost_per_token": 0, "litellm_provider": "openai"}
    azure = {"input_cost_per_token": 3e-06, "output_cost_per_token": 0, "litellm_provider": "azure"}
    usage = {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}
    called = {"model": "openai/m", "custom_llm_provider": "openai"}
    for info, expected in (({"pricing_provider": "azure"}, "0.003"), ({}, "0.002")):
        listed = [{"model_name": "mine", "litellm_params": called, "model_info": info}]
        prices = CostMap({"m": row, "azure/m": azure}).with_config({"model_list": listed})
        assert prices.calculate(usage=usage, model="mine").total == Decimal(expected)
