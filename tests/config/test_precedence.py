"""Which of several prices is used. The table of the documentation is made from these cases:

``python tests/config/test_precedence.py`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from llmcost import CostMap, Usage

DOCS = Path(__file__).parents[2] / "docs" / "custom-pricing.md"
BEGIN, END = "<!-- precedence: begin -->\n", "<!-- precedence: end -->\n"

MAP = {
    "gpt-x": {"input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1e-7},
    "base-x": {"input_cost_per_token": 2e-6},
}
USAGE = Usage(input=1_000_000)


class Case(NamedTuple):
    """What is set, what is billed, and who set it."""

    what: str
    billed: str
    by: str
    model_info: dict = {}
    params: dict = {}
    registered: dict = {}
    call: dict = {}
    usage: Usage = USAGE


def per_million(price):
    return {"input_cost_per_million_tokens": price}


CASES = (
    Case("the map: 1", "1", "map"),
    Case("and `base_model`, whose entry says 2", "2", "base_model", {"base_model": "base-x"}),
    Case("and `register_model`: 3", "3", "registered", {"base_model": "base-x"}, registered=per_million(3)),
    Case(
        "and `model_info`: 4",
        "4",
        "config model_info",
        {"base_model": "base-x", **per_million(4)},
        registered=per_million(3),
    ),
    Case(
        "and `litellm_params`: 5",
        "5",
        "config litellm_params",
        {"base_model": "base-x", **per_million(4)},
        per_million(5),
        per_million(3),
    ),
    Case(
        "and a keyword argument of the call: 6",
        "6",
        "call",
        {"base_model": "base-x", **per_million(4)},
        per_million(5),
        per_million(3),
        per_million(6),
    ),
    Case("`model_info` sets the output only: the input stays", "1", "map", {"output_cost_per_token": 1e-5}),
    Case("`model_info`: 0, which is a price", "0", "config model_info", per_million(0)),
    Case("`model_info`: null, which un-sets it", "unpriced", "", per_million(None)),
    Case(
        "`model_info`: 0.5 a second; 2 seconds",
        "1",
        "config model_info",
        {"input_cost_per_second": 0.5},
        usage=Usage(input=1_000_000, duration=2),
    ),
    Case(
        "the same, and 6 in the call: tokens that have a price are billed by it",
        "6",
        "call",
        {"input_cost_per_second": 0.5},
        call=per_million(6),
        usage=Usage(input=1_000_000, duration=2),
    ),
    Case(
        "a million cached tokens; `model_info`: 2 for fresh ones",
        "0.1",
        "map",
        per_million(2),
        usage=Usage(cache_read=1_000_000),
    ),
    Case(
        "the same with `llmcost: {replace: true}`: they follow the fresh ones",
        "2",
        "config model_info",
        {**per_million(2), "llmcost": {"replace": True}},
        usage=Usage(cache_read=1_000_000),
    ),
    Case(
        "the same with `llmcost: {scale_rest: true}`: 0.1 x 2 / 1",
        "0.2",
        "map",
        {**per_million(2), "llmcost": {"scale_rest": True}},
        usage=Usage(cache_read=1_000_000),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_precedence(case):
    """Strongest first: the call, litellm_params, model_info, register_model, base_model, the map; key by key."""
    prices = CostMap(MAP)
    if case.registered:
        prices.register({"gpt-x": case.registered})
    deployment = {"model_name": "m", "litellm_params": {"model": "gpt-x", **case.params}, "model_info": case.model_info}
    cost = prices.with_config({"model_list": [deployment]}).calculate(usage=case.usage, model="m", prices=case.call)

    if case.billed == "unpriced":
        assert cost.unpriced == ("input",)
        return
    assert [(f"{line.amount.normalize():f}", line.layer) for line in cost.line_items] == [(case.billed, case.by)]


def table():
    """Return the cases as the table of the documentation."""
    rows = [("what is set for input, USD per million", "a million tokens cost", "set by")]
    rows += [(case.what, case.billed, f"`{case.by}`" if case.by else "") for case in CASES]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |\n" for row in rows
    )


def test_the_table_of_the_documentation_is_made_from_these_cases():
    """What the page says is what was just proved."""
    text = DOCS.read_text(encoding="utf-8")

    assert text.partition(BEGIN)[2].partition(END)[0] == table()


if __name__ == "__main__":
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    DOCS.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
