"""``llmcost show``: a rate card as a table and as JSON."""

from __future__ import annotations

import json


def test_every_rate_with_its_condition_and_source(run):
    """One row per rate: when, per unit, per million, and the key that set it."""
    result = run("show", "small-1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "small-1 of acme, chat"
    assert lines[1] == "  match rule: exact"
    assert [line.split()[:7] for line in lines[5:11]] == [
        ["input", "always", "0.000001", "token", "1.00", "map:", "input_cost_per_token"],
        ["tier", "flex", "0.0000005", "token", "0.50", "map:", "input_cost_per_token_flex"],
        ["cache_read", "always", "0.0000001", "token", "0.10", "map:", "cache_read_input_token_cost"],
        # Not listed: it follows the input, which costs half in this tier.
        ["tier", "flex", "0.00000005", "token", "0.05", "map:", "cache_read_input_token_cost"],
        ["output", "always", "0.000004", "token", "4.00", "map:", "output_cost_per_token"],
        ["tier", "flex", "0.000002", "token", "2.00", "map:", "output_cost_per_token_flex"],
    ]
    assert "  limits      100,000 max_input_tokens" in lines


def test_the_rule_by_which_the_name_was_matched(run):
    """A dated snapshot shows the row whose prices it has."""
    result = run("show", "small-1-2026-01-01")
    assert result.stdout.startswith(
        "small-1 of acme, chat\n  asked for small-1-2026-01-01, match rule: dated_snapshot\n"
    )


def test_prices_of_a_layer_above_the_map(run):
    """The layer that set a rate stands beside it; what it replaced is shown on request."""
    result = run("show", "small-1", "--price", "output_cost_per_token=0", "--verbose")
    assert "call prices: output_cost_per_token" in result.stdout
    assert "layers      call prices; map small-1" in result.stdout
    assert "not used\n   - <output 0.000004 USD, map small-1:output_cost_per_token>" in result.stdout


def test_a_price_by_the_second(run):
    """Its unit is the second, and there is no price per million."""
    row = run("show", "clock-1").stdout.splitlines()[5].split()
    assert row == ["input_seconds", "always", "0.001", "second", "map:", "input_cost_per_second"]


def test_dates_are_shown(run):
    """A retired model says so."""
    assert "  retired on  2026-01-31" in run("show", "large-1").stdout.splitlines()


def test_json(run):
    """Money is decimal text."""
    found = json.loads(run("show", "large-1", "--json").stdout)
    assert found["matched_as"] == "large-1"
    assert found["rates"][0] == {
        "meter": "input",
        "conditions": "",
        "unit": "token",
        "rate": "0.000002",
        "rate_per_million": "2",
        "layer": "map",
        "map_key": "large-1",
        "price_key": "input_cost_per_token",
        "derived": "",
        "remarks": [],
    }


def test_an_unknown_model(run):
    """Exit code 2 with what was tried and the nearest names."""
    result = run("show", "smal-1")
    assert result.exit_code == 2
    assert "tried: smal-1" in result.stderr
    assert "nearest names (not used): small-1" in result.stderr


def test_what_else_there_is_to_know(run, tmp_path):
    """Factors, terms, thresholds that are reached by their own number, layers and notes stand below the rates."""
    (tmp_path / "map.json").write_text(
        json.dumps(
            {
                "claude-x": {
                    "input_cost_per_token": 1e-6,
                    "output_cost_per_token": 5e-6,
                    "litellm_provider": "anthropic",
                    "provider_specific_entry": {"us": 1.1},
                    "source": "https://example.com/prices",
                },
                "xai/grok-x": {
                    "input_cost_per_token": 1e-6,
                    "input_cost_per_token_above_128k_tokens": 2e-6,
                    "output_cost_per_token": 5e-6,
                    "litellm_provider": "xai",
                },
                "nothing-1": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "acme"},
            }
        )
    )
    (tmp_path / "config.yaml").write_text(
        "model_list:\n- model_name: mine\n  litellm_params: {model: anthropic/claude-x}\n"
        "  model_info: {llmcost: {margin: {percentage: 0.1, fixed_amount: 0.001}, discount: 0.05}}\n"
    )
    lines = run(
        "show", "mine", "--map", tmp_path / "map.json", "--config", tmp_path / "config.yaml"
    ).stdout.splitlines()
    for line in (
        "  factor      x 1.1 (region us) on token rates",
        "  term        discount 0.05 of the sum (config model_info)",
        "  term        margin 0.1 of the sum (config model_info)",
        "  term        fee 0.001 USD (config model_info)",
        "  source      https://example.com/prices",
    ):
        assert line in lines
    # Anthropic sells writes at 1.25 x the input, which the map does not say.
    (write,) = [line for line in lines if line.startswith("cache_write ")]
    assert write.split()[:5] == ["cache_write", "always", "0.00000125", "token", "1.25"]
    assert "1.25" in write.partition("map: ")[2]
    reached = run("show", "xai/grok-x", "--map", tmp_path / "map.json").stdout
    assert "  threshold   reached by exactly its number of tokens\n" in reached
    assert (
        "  note        the map lists this model at 0" in run("show", "nothing-1", "--map", tmp_path / "map.json").stdout
    )


def test_what_a_public_map_has_besides_rates(run, tmp_path):
    """A key that is not known, an alias, and a model that is free; as a table and as JSON."""
    rows = {
        "small-9": {"input_cost_per_token": 1e-06, "moon_pricing": {"x\x1b[2J": 2}},
        "small-latest": {"alias_of": "small-9"},
        "given": {"free": True, "mode": "chat"},
    }
    (tmp_path / "map.json").write_text(json.dumps(rows))
    lines = run("show", "small-latest", "--map", tmp_path / "map.json").stdout.splitlines()
    assert lines[1] == "  asked for small-latest, match rule: alias"
    known = "a price key that this version does not know"
    assert f"  set aside   moon_pricing = {{'x\\x1b[2J': 2}} (small-9): {known}" in lines
    assert "  note        small-latest is an alias of small-9 in this map" in lines
    found = json.loads(run("show", "small-9", "--map", tmp_path / "map.json", "--json").stdout)
    assert found["set_aside"] == [
        {"layer": "map", "map_key": "small-9", "price_key": "moon_pricing", "value": {"x\x1b[2J": 2}}
    ]
    assert found["free"] is False
    free = run("show", "given", "--map", tmp_path / "map.json").stdout
    assert "  free        map given states that the model costs nothing: its work without a price costs 0\n" in free
    assert json.loads(run("show", "given", "--map", tmp_path / "map.json", "--json").stdout)["free"] is True


def test_what_a_registered_name_covers(run, tmp_path):
    """Its dated snapshots, and other sellers of it; neither another model nor one that is registered itself."""
    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
    names = ["m", "m-2026-01-31", "m-2026-02-28", "m-mini", "azure/m"]
    (tmp_path / "map.json").write_text(json.dumps(dict.fromkeys(names, row)))
    (tmp_path / "own.json").write_text(json.dumps({"m": {"input_cost_per_token": 2e-6}, "m-2026-02-28": row}))
    asked = ("show", "m", "--map", tmp_path / "map.json", "--register", tmp_path / "own.json")
    said = "  covers      m-2026-01-31, azure/m: the prices registered for 'm' are theirs, too"
    assert said in run(*asked).stdout.splitlines()
    assert json.loads(run(*asked, "--json").stdout)["covers"] == {"m": ["m-2026-01-31", "azure/m"]}
    assert "covers" not in run("show", "m", "--map", tmp_path / "map.json").stdout


def test_a_long_list_of_what_is_covered_is_cut(run, tmp_path):
    """Eight names, and how many more there are; all of them on request."""
    names = ["m", *(f"m-2026-01-{day}" for day in range(10, 22))]
    (tmp_path / "map.json").write_text(json.dumps({name: {"input_cost_per_token": 1e-6} for name in names}))
    (tmp_path / "own.json").write_text(json.dumps({"m": {"input_cost_per_token": 2e-6}}))
    asked = ("show", "m", "--map", tmp_path / "map.json", "--register", tmp_path / "own.json")
    assert "m-2026-01-17 and 4 more (--verbose): the prices" in run(*asked).stdout
    assert "m-2026-01-20, m-2026-01-21: the prices" in run(*asked, "--verbose").stdout
