"""Everything that is wrong stands in one error, each with its file, line, address, value and what to do."""

from __future__ import annotations

import pickle
import textwrap
import warnings

import pytest
import yaml

from llmcost import ConfigError, ConfigWarning, CostMap, SuspiciousPriceWarning
from llmcost.config import examine

TWELVE = """\
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      api_key: sk-proj-0123456789abcdef0123456789abcdef
      input_cost_per_tokn: 0.000003
    model_info:
      id: one
      output_cost_per_token: "1,5e-6"
      cache_read_input_token_cost: -1e-7
  - model_name: b
    litellm_params: {model: openai/gpt-4o, input_cost_per_token: free}
    model_info:
      id: one
      base_model: gpt-4oo
      currency: EUR
  - litellm_params:
      model: openai/gpt-4o
      input_cost_per_token: os.environ/LLMCOST_TEST_UNSET
    model_info:
      llmcost:
        replase: true
        discount: 1.5
      tiered_pricing:
        - range: [0, 128000]
          input_cost_per_token: 1e-6
        - range: [128000, 256000]
          input_cost_per_token: true
"""

EXPECTED = [
    (6, "model_list[0].litellm_params.input_cost_per_tokn", "0.000003", "Did you mean 'input_cost_per_token'?"),
    (9, "model_list[0].model_info.output_cost_per_token", "'1,5e-6'", "write a point before the decimals"),
    (10, "model_list[0].model_info.cache_read_input_token_cost", "'-1e-7'", "a price is a finite number >= 0"),
    (12, "model_list[1].litellm_params.input_cost_per_token", "'free'", "not a decimal number"),
    (14, "model_list[1].model_info.id", "'one'", "another deployment has this id (config.yaml:8)"),
    (15, "model_list[1].model_info.base_model", "'gpt-4oo'", "the price map has no such model. Nearest: gpt-4o"),
    (16, "model_list[1].model_info.currency", "'EUR'", "USD is the only currency"),
    (17, "model_list[2].model_name", None, "is missing"),
    (19, "model_list[2].litellm_params.input_cost_per_token", "'os.environ/LLMCOST_TEST_UNSET'", "is not set"),
    (22, "model_list[2].model_info.llmcost.replase", None, "there are replace, scale_rest"),
    (23, "model_list[2].model_info.llmcost.discount", "1.5", "would make a total negative"),
    (28, "model_list[2].model_info.tiered_pricing[1].input_cost_per_token", "true", "not a number"),
]


def refused(bundled, text):
    with pytest.raises(ConfigError) as caught:
        bundled.with_config(textwrap.dedent(text))
    return caught.value


def test_twelve_mistakes_in_one_report(bundled, tmp_path):
    """12 mistakes of different kinds: one error with 12 problems, each at its file, line and address."""
    file = tmp_path / "config.yaml"
    file.write_text(TWELVE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        bundled.with_config(file)

    error = caught.value
    assert len(error.problems) == len(EXPECTED) == 12
    for problem, (line, address, value, why) in zip(error.problems, EXPECTED, strict=True):
        shown = "" if value is None else f" = {value}"
        assert problem.startswith(f"config.yaml:{line}: {address}{shown}: ")
        assert why in problem
    assert (error.path, error.line, error.address) == (str(file), 6, "model_list[0].litellm_params.input_cost_per_tokn")
    assert "sk-proj" not in str(error)
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_nothing_is_half_applied(chat, tmp_path):
    """After a refused configuration the map prices exactly as before."""
    prices = CostMap.bundled()
    before = prices.calculate(chat(), model="gpt-4o").to_dict()
    file = tmp_path / "config.yaml"
    file.write_text(TWELVE, encoding="utf-8")
    with pytest.raises(ConfigError):
        prices.with_config(file)

    assert prices.calculate(chat(), model="gpt-4o").to_dict() == before
    assert prices.deployments is None


def one(params="", info="", more=""):
    """Return a configuration of one deployment with these lines in its blocks."""
    return (
        "model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/gpt-4o\n"
        + "".join(f"      {line}\n" for line in params.splitlines())
        + "    model_info:\n      mode: chat\n"
        + "".join(f"      {line}\n" for line in info.splitlines())
        + more
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (one("token_price: 3"), "<text>:5: model_list[0].litellm_params.token_price = 3: looks like a price key"),
        (one(info="pricing: {input: 3}"), "<text>:7: model_list[0].model_info.pricing = a mapping: looks like a price"),
        (
            one("input_cst_per_tokn: free"),
            "input_cst_per_tokn = 'free': looks like a price key but is not one. Did you mean 'in",
        ),
        (one("input_cost_per_token: .inf"), "= .inf: not finite"),
        (one("input_cost_per_token: .nan"), "= .nan: not finite"),
        (one("input_cost_per_token: false"), "= false: not a number"),
        (one("input_cost_per_token: []"), "= a list: not a number"),
        (one("input_cost_per_token: $0.50"), "a price is a bare number; its currency is always USD"),
        (one("input_cost_per_token: 1e-6\ninput_cost_per_token: 2e-6"), "stands twice in this mapping"),
        (one("model: openai/gpt-4.1"), "<text>:5: model_list[0].litellm_params.model: stands twice in this mapping"),
        (
            one("input_cost_per_token: 1e-6\ninput_cost_per_million_tokens: 2"),
            "input_cost_per_token sets the same rate to 0.000001; keep one of the two",
        ),
        (one(info="llmcost: {replace: true}"), "the deployment sets no price that could replace or scale others"),
        (one(info="llmcost: {multiplier: 0.8, discount: 0.1}"), "give a multiplier, or a discount and a margin"),
        (one(info="llmcost: {replace: maybe}"), "model_list[0].model_info.llmcost.replace = 'maybe': true or false"),
        (one("llmcost: {replace: true}"), "belongs in model_info; LiteLLM would send it to the provider"),
        (one(info="llmcost: {currency: CNY}"), "model_list[0].model_info.llmcost.currency = 'CNY': USD is the only"),
        (
            one(info="input_cost_per_token: 1e-6\nllmcost: {scale_rest: true}").replace("gpt-4o", "gpt-zero"),
            "scale_rest cannot scale from a rate of 0",
        ),
        (one(more="litellm_settings: {cost_discount_config: {openai: 5%}}"), "openai = '5%': not a decimal number"),
        (one(more="litellm_settings: {cost_discount_config: {openai: 1.01}}"), "above 1 (100%) would make a total"),
        (one(more="litellm_settings: {cost_discount_config: {openai: -0.1}}"), "= -0.1: it is below 0"),
        (
            one(more="litellm_settings: {cost_margin_config: {global: {fixed_amount: -1}}}"),
            "fixed_amount = -1: it is below 0",
        ),
        (
            one(more="litellm_settings: {cost_margin_config: {global: {percent: 1}}}"),
            "there are percentage, fixed_amount",
        ),
        (one(more="router_settings: {model_group_alias: {a: 3}}"), "model_group_alias.a: a mapping is expected"),
        (
            one(more="router_settings: {model_group_alias: {a: {hidden: true}}}"),
            "model_group_alias.a.model: is missing",
        ),
        (one(more="model_list: []"), "<text>:7: model_list: stands twice"),
        ("model_list:\n  - gpt-4o\n", "<text>:2: model_list[0]: a mapping is expected"),
        ("model_list: {a: b}\n", "<text>:1: model_list: a list of deployments is expected"),
        (
            "model_list:\n  - model_name: m\n    litellm_params:\n    model: x\n",
            "is empty; are its keys indented below it?",
        ),
        (
            "model_list:\n  - model_name: m\n    litellm_params: {rpm: 3}\n",
            "model_list[0].litellm_params.model: is missing",
        ),
        ("- a\n- b\n", "<text>:1: a configuration is a mapping"),
        ("model_list: [\n", "<text>:2: not YAML"),
    ],
)
def test_each_mistake_says_what_to_do(text, problem):
    """One mistake, one problem, with its address and the next step."""
    prices = CostMap(
        {
            "openai/gpt-4o": {"input_cost_per_token": 2.5e-6, "output_cost_per_token": 1e-5},
            "openai/gpt-zero": {"input_cost_per_token": 0, "input_cost_per_token_priority": 1, "mode": "chat"},
        }
    )
    error = refused(prices, text)

    assert len(error.problems) == 1, error
    assert problem in error.problems[0]


def test_a_secret_is_never_shown(bundled, monkeypatch):
    """Neither a key that was pasted into a price, nor a variable that a price refers to."""
    monkeypatch.setenv("LLMCOST_TEST_KEY", "sk-ant-api03-0123456789")
    error = refused(
        bundled,
        one("input_cost_per_token: os.environ/LLMCOST_TEST_KEY\noutput_cost_per_token: sk-live-1\nllmcost: sk-two")
        + "litellm_settings: {cost_discount_config: {openai: os.environ/LLMCOST_TEST_KEY}}\n",
    )

    assert len(error.problems) == 4
    assert "sk-" not in str(error)
    assert "0123456789" not in str(error)
    assert "the variable does not hold a number >= 0" in error.problems[0]


def test_a_price_per_million_in_a_token_key_warns(configured):
    """It is used as it stands, and the warning says what it reads as, at its line; 0.001 is the border."""
    with pytest.warns(SuspiciousPriceWarning, match=r"<text>:5: .*output_cost_per_token=15 is 15,000,000 USD per 1M"):
        configured(one("output_cost_per_token: 15"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        configured(one("output_cost_per_token: 0.001\noutput_cost_per_million_tokens_flex: 1000"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "model_list:\n- model_name: m\n  litellm_params: {model: x}\n  input_cost_per_token: 1e-6\n",
            "<text>:4: model_list[0].input_cost_per_token",
        ),
        (
            one("model_info: {input_cost_per_token: 1e-6}"),
            "<text>:5: model_list[0].litellm_params.model_info.input_cost_per_token",
        ),
        ("input_cost_per_token: 1e-6\n", "<text>:1: input_cost_per_token"),
        ("litellm_settings: {output_cost_per_token: 1e-6}\n", "<text>:1: litellm_settings.output_cost_per_token"),
    ],
)
def test_a_price_in_the_wrong_block_warns(configured, text, address):
    """It is not used, and the warning says where it stands and where prices belong."""
    with pytest.warns(ConfigWarning, match="this price is never used: prices stand in model_info") as caught:
        configured(text)

    assert str(caught[0].message).startswith(address)


@pytest.mark.parametrize(
    "line",
    [
        "cost_center: 4711",
        "pricing_url: 'https://intranet/prices'",
        "price_tier: 2",
        "max_cost: 5",
        "cost_tracking: true",
        "cost_owner: finance",
        "price_valid_until: 2027-01-01",
        "input_dbu_cost_per_token: 0.1",
        "cost_per_ptu_per_hour: 1.0",
        "metadata: {cost: high}",
        "description: 'costs 3 USD'",
    ],
)
def test_what_is_about_costs_and_states_none_is_not_judged(configured, line):
    """Strings outside price keys are never judged, and neither are keys that are only about costs."""
    assert len(configured(one(info=line)).deployments) == 1


def test_a_provider_that_nobody_is_warns(configured):
    """A discount for a misspelt provider never applies; ``global`` is a margin's word alone."""
    text = one(
        more="litellm_settings: {cost_discount_config: {opnai: 0.1}, cost_margin_config: {global: 0.1, vllm: 1}}\n"
    )
    with pytest.warns(ConfigWarning, match=r"config.opnai: never applies: .* Did you mean 'openai'?") as caught:
        configured(text)
    assert len(caught) == 1
    with pytest.warns(ConfigWarning, match="only a margin may be global"):
        configured(text.replace("opnai", "global"))


@pytest.mark.parametrize("setting", ["cost_discount_config", "cost_margin_config"])
@pytest.mark.parametrize("name", ["gpt-4.1", "m"])
def test_a_share_for_a_model_warns(configured, setting, name):
    """Both are by provider: a model of the map or a ``model_name`` in its place would never apply."""
    text = one(more=f"litellm_settings: {{{setting}: {{{name}: 0.1}}}}\n")
    with pytest.warns(ConfigWarning, match=f"{setting}.{name}: never applies: it is by provider, and this is a model"):
        configured(text)


def test_shares_for_models_have_a_provider_that_is_known(configured):
    """``openai/gpt-4*`` is a discount's word; a margin is by provider alone, and would never apply."""
    settings = "litellm_settings: {cost_discount_config: {openai/gpt-4*: 0.1}}\n"
    assert configured(one(more=settings)).deployments is not None
    with pytest.warns(ConfigWarning, match=r"config.opnai/gpt-4\*: never applies: .* Did you mean 'openai'?"):
        configured(one(more=settings.replace("openai", "opnai")))
    with pytest.warns(ConfigWarning, match=r"margin_config.openai/gpt-4\*: never applies: a margin is by provider"):
        configured(one(more=settings.replace("discount", "margin")))


def test_capacity_that_is_paid_by_the_hour_is_listed(bundled):
    """Its calls are billed by the token besides; ``free`` or a price of one's own says what they cost."""
    hourly = "ptu_count: 50\ncost_per_ptu_per_hour: 1"
    _, problems = examine(yaml.safe_load(one(info=hourly)), bundled)
    assert [finding.address for finding in problems.unused] == ["model_list[0].model_info.cost_per_ptu_per_hour"]
    for said in ("free: true", "input_cost_per_token: 0"):
        assert examine(yaml.safe_load(one(info=f"{hourly}\n{said}")), bundled)[1].unused == []


def test_a_misspelt_block_is_named(bundled):
    """A block that is not read, and whose name is nearly that of one that is; other names may be anybody's."""
    text = """\
    modle_list: []
    house_notes: {}
    model_list:
      - model_name: a
        litellm_param: {model: openai/gpt-4o}
        litellm_params: {model: openai/gpt-4o}
    """
    with pytest.warns(ConfigWarning) as caught:
        bundled.with_config(textwrap.dedent(text))
    assert [str(warning.message) for warning in caught] == [
        "<text>:1: modle_list: is not read. Did you mean 'model_list'?",
        "<text>:5: model_list[0].litellm_param: is not read. Did you mean 'litellm_params'?",
    ]


def test_a_file_without_any_block_that_is_read_is_named(bundled):
    """It is most likely another file. LiteLLM's blocks without prices are right, and so is an empty file."""
    with pytest.warns(
        ConfigWarning, match=r"^<text>:1: services: is not read, and nothing else in this file is\. .*model_list"
    ):
        bundled.with_config("services: {a: 1}\nvolumes: {}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in ("environment_variables: {A: b}", "services: {}\nmodel_list: []", "{}"):
            bundled.with_config(text)
