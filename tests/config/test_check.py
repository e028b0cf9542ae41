"""``check``: every rate with its layer, and what in a valid configuration most likely is not meant so."""

from __future__ import annotations

import pytest

from llmcost import ConfigError, CostMap
from llmcost.config.check import check

ENTRIES = {
    "openai/gpt-x": {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 4e-6,
        "cache_read_input_token_cost": 1e-7,
        "input_cost_per_token_priority": 2e-6,
        "input_cost_per_token_above_200k_tokens": 2e-6,
        "litellm_provider": "openai",
        "mode": "chat",
    }
}


def checked(params="", info="", more=""):
    params = f", {params}" if params else ""
    return check(
        f"model_list:\n- model_name: m\n  litellm_params: {{model: openai/gpt-x{params}}}\n"
        f"  model_info: {{{info}}}\n{more}",
        CostMap(ENTRIES),
    )


def test_every_rate_with_its_layer():
    """A deployment's rate card, layer by layer, with what became of every key."""
    result = checked("output_cost_per_token: 5e-6", "output_cost_per_token: 6e-6")

    lines = [" ".join(line.split()) for line in result.text.splitlines()]
    assert "model_list[0] m -> openai/gpt-x (<text>:2)" in lines
    assert "config litellm_params m" in lines
    assert "output_cost_per_token 0.000005 USD/token in force" in lines
    assert "output_cost_per_token 0.000006 USD/token not used: config litellm_params sets it" in lines
    assert "map openai/gpt-x" in lines
    assert "input_cost_per_token 0.000001 USD/token in force" in lines
    assert "output_cost_per_token 0.000004 USD/token not used: config model_info sets it" in lines
    assert [text for text in result.warnings if "not used" in text] == [
        "<text>:2: model_list[0] m: output_cost_per_token of config model_info is not used: "
        "config litellm_params sets it"
    ]


def test_all_is_well():
    """A configuration without own prices has nothing to warn about."""
    result = checked()

    assert result.warnings == ()
    assert result.text.endswith("1 deployment, no warnings")


@pytest.mark.parametrize(
    ("params", "info", "warning"),
    [
        (
            "input_cost_per_token: 2e-6",
            "",
            "input_cost_per_token is set here, but rates of map openai/gpt-x that go with it stay in force: "
            "cache_read_input_token_cost, input_cost_per_token_priority, input_cost_per_token_above_200k_tokens. "
            "Set them too, or say llmcost: {replace: true} to drop them or {scale_rest: true} to scale them",
        ),
        (
            "",
            "input_cost_per_second: 0.01",
            "config model_info prices this model by the second: the token rates of weaker layers are out of force "
            "(input_cost_per_token, output_cost_per_token, cache_read_input_token_cost, input_cost_per_token_priority "
            "and 1 more)",
        ),
        (
            "input_cost_per_second: 0.01, input_cost_per_token: 1e-6, output_cost_per_token: 1e-6",
            "llmcost: {replace: true}",
            "input_cost_per_second is billed only for calls without tokens: the deployment has prices per token as "
            "well",
        ),
        (
            "input_cost_per_token: 1e-6",
            "llmcost: {replace: true}",
            "output_cost_per_token is missing: output is unpriced, never 0; if it costs nothing, set it to 0",
        ),
        (
            "",
            "output_cost_per_token: ",
            "output_cost_per_token of map is not used: config model_info un-sets it (no value is null; "
            "without the key it stays)",
        ),
    ],
)
def test_warnings_of_a_deployment(params, info, warning):
    """Siblings left in force, weaker rates put out of force, prices that never apply."""
    result = checked(params, info)

    assert f"<text>:2: model_list[0] m: {warning}" in result.warnings
    assert f" - <text>:2: model_list[0] m: {warning}" in result.text.splitlines()


@pytest.mark.parametrize(
    ("params", "info"),
    [
        ("input_cost_per_token: 2e-6", "llmcost: {scale_rest: true}"),
        ("input_cost_per_token: 2e-6, output_cost_per_token: 1e-5", "llmcost: {replace: true}"),
        ("output_cost_per_token: 2e-6", ""),
        ("input_cost_per_second: 0.01", "mode: audio_transcription, llmcost: {replace: true}"),
    ],
)
def test_what_is_right_is_not_warned_about(params, info):
    """Neither siblings that scale or are gone, nor a price without siblings."""
    assert checked(params, info).warnings == ()


def test_the_key_in_the_wrong_block():
    """A price beside model_name is never used, and the warning has its line."""
    result = check(
        "model_list:\n- model_name: m\n  litellm_params: {model: openai/gpt-x}\n  input_cost_per_token: 1e-6\n",
        CostMap(ENTRIES),
    )

    assert result.warnings == (
        "<text>:4: model_list[0].input_cost_per_token: this price is never used: prices stand in model_info or "
        "litellm_params of a deployment",
    )


def test_prices_on_names_that_no_call_reaches():
    """An alias that hides a deployment of its name, and one that stands for nothing."""
    more = (
        "- model_name: n\n  litellm_params: {model: openai/gpt-x}\n"
        "router_settings: {model_group_alias: {m: n, old: typo, fine: n}}\n"
    )

    assert checked("output_cost_per_token: 1e-6", more=more).warnings == (
        "model_group_alias 'm': takes the calls of the deployments of the same name: no call by it reaches "
        "model_list[0] (openai/gpt-x)",
        "model_group_alias 'old': stands for 'typo', which is the name of no deployment: no price of the configuration "
        "applies",
    )


def test_deployments_of_one_name_that_price_differently():
    """A call by the name alone raises; the warning says how to choose."""
    more = (
        "- model_name: m\n  litellm_params: {model: azure/d, input_cost_per_token: 1e-6, output_cost_per_token: 1e-6}\n"
    )

    [warning] = checked(more=more).warnings
    assert warning.startswith("model_name 'm': 'm' has several deployments that price differently: model_list[0]")
    assert "pass deployment=" in warning


def test_deployments_without_any_price():
    """They load, since other calls can be priced, and are told."""
    [warning] = check("model_list: [{model_name: m, litellm_params: {model: azure/mine}}]", CostMap(ENTRIES)).warnings

    assert warning.startswith("<text>:1: model_list[0] m: no price is known for it, calls raise UnknownModelError")


def test_a_model_in_a_variable_that_is_not_set():
    """The name of the variable is told."""
    text = "model_list: [{model_name: m, litellm_params: {model: os.environ/LLMCOST_TEST_UNSET}}]"

    assert (
        "model_list[0]: its model is in the variable LLMCOST_TEST_UNSET, which is not set here"
        in check(text, CostMap(ENTRIES)).warnings
    )


def test_wildcards_are_described():
    """There is no one rate card; own prices hold for all that it stands for."""
    result = check(
        'model_list: [{model_name: "openai/*", litellm_params: {model: "openai/*", input_cost_per_token: 1e-6}}]',
        CostMap(ENTRIES),
    )

    assert "the prices of whatever model is called" in result.text
    assert result.warnings == (
        "<text>:1: model_list[0] openai/*: its prices hold for every model that 'openai/*' stands for",
    )


def test_terms_are_shown_in_their_order():
    """Discount, margin, fee, each with who set it."""
    text = checked(info="llmcost: {margin: {percentage: 0.1, fixed_amount: 0.001}, discount: 0.05}").text

    lines = [" ".join(line.split()) for line in text.splitlines()]
    start = lines.index("terms, each on the sum before it")
    assert lines[start + 1 : start + 4] == [
        "discount 0.05 config model_info m: llmcost.discount",
        "margin 0.1 config model_info m: llmcost.margin",
        "fee 0.001 USD for each call config model_info m: llmcost.margin.fixed_amount",
    ]


def test_a_wrong_configuration_is_refused():
    """Check raises what ``with_config`` raises."""
    with pytest.raises(ConfigError):
        checked("input_cost_per_token: free")


def test_no_secret_is_shown():
    """Neither in the text nor in the warnings."""
    result = checked("api_key: sk-hidden, input_cost_per_token: 5", "notes: sk-hidden")

    assert "sk-hidden" not in result.text
    assert any("is 5,000,000 USD per 1M tokens" in text for text in result.warnings)


def test_what_is_the_same_is_said_once():
    """Thirty deployments of one price of their own are thirty titles above one table, and one warning of thirty."""
    rows = "".join(
        f"- model_name: m{number}\n  litellm_params: {{model: openai/gpt-x, input_cost_per_token: 2e-6}}\n"
        for number in range(30)
    )
    result = check(f"model_list:\n{rows}", CostMap(ENTRIES))

    lines = result.text.splitlines()
    assert lines[0] == "warnings"
    assert len([line for line in lines if "model_list[29] m29" in line]) == 2
    assert len([line for line in lines if "input_cost_per_token_priority" in line]) == 2  # the warning, and the table
    assert len([line for line in lines if line.startswith(" - 30 times: input_cost_per_token is set here")]) == 1
    assert len(result.warnings) == 30
    assert len(lines) < 80


def test_a_deployment_with_the_prices_of_the_map_is_one_line():
    """What a million tokens cost; every rate on request."""
    assert checked().text == (
        "model_list[0] m -> openai/gpt-x  (<text>:2): map openai/gpt-x, USD a million tokens: input 1.00, output 4.00"
        "\n\n1 deployment, no warnings"
    )
    config = "model_list: [{model_name: m, litellm_params: {model: openai/gpt-x}}]"
    assert "cache_read_input_token_cost  " in check(config, CostMap(ENTRIES), verbose=True).text


def test_another_unit_is_named():
    """A deployment whose model is sold by the second says so in its line."""
    clock = CostMap({"clock": {"input_cost_per_second": 0.001, "mode": "audio_transcription"}})
    found = check("model_list: [{model_name: m, litellm_params: {model: clock}}]", clock).text
    assert found.splitlines()[0] == "model_list[0] m -> clock  (<text>:1): map clock, by input_seconds"


def test_settings_of_a_proxy_about_money_that_are_not_applied():
    """A budget stops no call here, and nobody is called back: said, and no mistake of the configuration."""
    result = checked(more="litellm_settings: {max_budget: 10, success_callback: [langfuse], drop_params: true}\n")
    assert result.warnings == ()
    at = result.text.splitlines().index("settings of the proxy that llmcost does not apply")
    assert result.text.splitlines()[at + 1 : at + 3] == [
        " - <text>:5: litellm_settings.max_budget: a map of prices stops no call: "
        "track(client, budget=Budget(limit)) does",
        " - <text>:5: litellm_settings.success_callback: with_config calls no function: give one to "
        "Tracker(success=..., failure=...), or append it to llmcost.success_callback",
    ]


@pytest.mark.parametrize("named", ["{}", "[{}]"])
def test_the_logger_of_llmcost_is_no_setting_without_effect(named):
    """LiteLLM calls it, as docs/tracking.md says; beside another name the line is said."""
    logger = "llmcost.integrations.litellm.logger"
    assert "does not apply" not in checked(more=f"litellm_settings: {{callbacks: {named.format(logger)}}}\n").text
    assert "does not apply" in checked(more=f"litellm_settings: {{callbacks: [{logger}, langfuse]}}\n").text
