"""Prices of one's own, as they are handed over."""

from __future__ import annotations

import pytest

from llmcost import ConfigError, CostMap, InvalidPriceError, PriceDataError
from llmcost.prices.own_prices import copied


def test_what_is_copied_is_no_longer_the_callers():
    """Dicts and lists at every depth."""
    given = {"tiered_pricing": [{"range": [0, 1]}]}
    found = copied(given)
    given["tiered_pricing"][0]["range"].append(2)
    assert found == {"tiered_pricing": [{"range": [0, 1]}]}


def test_an_entry_that_contains_itself_is_refused():
    """It has no end; the error names what it is."""
    row: dict[str, object] = {"input_cost_per_token": 1e-6}
    row["tiered_pricing"] = [row]
    with pytest.raises(PriceDataError, match="contains itself, or is nested more than"):
        CostMap({"m": row})


# The least float above 0 is 5e-324: of each of these a float keeps nothing.
TOO_SMALL = ["1.0e-400", "-2.5e-330", "0." + "0" * 330 + "1"]


@pytest.mark.parametrize("price", TOO_SMALL)
@pytest.mark.parametrize("whole", [True, False], ids=["own file", "file of one row a line"])
def test_a_price_of_a_file_that_no_float_holds_is_refused(tmp_path, monkeypatch, price, whole):
    """It would be a price of 0. The error names the key."""
    path = tmp_path / "prices.json"
    path.write_text(f'{{\n"m":{{"input_cost_per_token":{price},"output_cost_per_token":1e-06}}\n}}\n', encoding="utf-8")
    if not whole:
        monkeypatch.setenv("LLMCOST_PRICES", str(path))
    with pytest.raises(InvalidPriceError, match=r"input_cost_per_token=.*(out of range|not a decimal number)"):
        (CostMap(path) if whole else CostMap.bundled()).calculate(usage={"input": 1}, model="m")


@pytest.mark.parametrize("price", ["1.0e-400", "!!float 1e-400", "'1.0e-400'"])
def test_a_price_of_a_configuration_that_no_float_holds_is_refused(tmp_path, price):
    """The error names the file, the line and the key."""
    path = tmp_path / "config.yaml"
    text = "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n    input_cost_per_token: "
    path.write_text(text + price, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config.yaml:5: .*input_cost_per_token = '?1.?0?e-400'?: out of range"):
        CostMap({}).with_config(path)


@pytest.mark.parametrize("price", ["0", "0.0", "0e-400", "0.000E-999"])
def test_a_price_that_is_0_in_the_file_is_0(tmp_path, price):
    """2 tokens at 1e-06 are all that is billed."""
    path = tmp_path / "prices.json"
    path.write_text(f'{{"m": {{"input_cost_per_token": {price}, "output_cost_per_token": 1e-06}}}}', encoding="utf-8")
    cost = CostMap(path).calculate(usage={"input": 5, "output": 2}, model="m")
    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [("input", "0"), ("output", "0.000002")]
