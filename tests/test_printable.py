"""Names from responses, maps, configurations and callers neither drive a terminal nor forge a line of a log."""

from __future__ import annotations

import json
import logging
import warnings

import pytest

import llmcost
from llmcost import Cost, CostMap, Note
from llmcost.api.logged import LoggedCostMap

# Clears the screen, names the window, rings, turns the reading direction, and begins a line that looks like a log's.
EVIL = "gpt\x1b[2J\x1b]0;owned\x07\u202e\u2066\x9b31m\r\n2026-01-01 INFO priced"
SPELLED = r"gpt\x1b[2J\x1b]0;owned\x07\u202e\u2066\x9b31m\r\n2026-01-01 INFO priced"
ROW = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "litellm_provider": EVIL, "mode": EVIL}


def is_safe(text):
    """Return whether a text holds printable characters and our own line breaks alone."""
    return all(line.isprintable() for line in text.split("\n")) and "\n2026-01-01 INFO" not in text


def chat(model=EVIL, **more):
    """Return a completion of 1,000 tokens in and 100 out."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {"object": "chat.completion", "model": model, "usage": usage, **more}


def test_the_sample_is_what_it_says():
    """Not one of the checks below could fail on a harmless name."""
    assert not is_safe(EVIL)
    assert not is_safe(f"x: {EVIL}")
    assert is_safe("gpt-4o: 1\n  tried: gpt-4o")
    assert is_safe(SPELLED)


PRICES = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}})


@pytest.mark.parametrize(
    "ask",
    [
        lambda: PRICES.calculate(chat()),
        lambda: PRICES.calculate(chat(), provider=EVIL),
        lambda: PRICES.calculate(chat("m"), deployment=EVIL),
        lambda: PRICES.calculate(chat("m"), base_model=EVIL),
        lambda: PRICES.calculate(chat("m"), at=EVIL),
        lambda: PRICES.calculate(chat("m"), prefer=EVIL),
        lambda: PRICES.calculate(chat("m"), cache_hit=EVIL),
        lambda: PRICES.calculate(chat("m"), prices={EVIL + "_cost": 1}),
        lambda: PRICES.calculate(chat("m"), prices={"input_cost_per_token": EVIL}),
        lambda: PRICES.calculate(chat("m"), prices=EVIL),
        lambda: PRICES.calculate(usage={"input_tokens": EVIL, "output_tokens": 1}, model="m"),
        lambda: PRICES.calculate(usage={"input_tokens": 1, "output_tokens": 1}, dialect=EVIL, model="m"),
        lambda: PRICES.calculate({EVIL: 1}),
        lambda: PRICES.calculate({"object": EVIL, "status": EVIL, "usage": None}),
        lambda: PRICES.cost_per_token(EVIL, 1, 1),
        lambda: PRICES.get_model_info(EVIL),
        lambda: CostMap({EVIL: {"input_cost_per_token": -1}}).calculate(chat()),
        lambda: CostMap({EVIL: 3}),
        lambda: CostMap(f"/nowhere/{EVIL}"),
        lambda: CostMap({}).register({EVIL: {EVIL + "_cost_per_token": 1}}),
        lambda: CostMap({}).register({"x": {"alias_of": EVIL}}),
        lambda: CostMap({}).register({"x": {"input_cost_per_token": 1e-6, "tiered_pricing": EVIL}}),
        lambda: CostMap({}).with_config(f"/nowhere/{EVIL}.yaml"),
        lambda: CostMap({}).with_config({EVIL: 1, "model_list": [{"model_name": EVIL, "litellm_params": {}}]}),
        lambda: CostMap({}).with_config(
            {"model_list": [{"model_name": EVIL, "litellm_params": {"model": EVIL, "input_cost_per_token": EVIL}}]}
        ),
        lambda: CostMap({}).with_config(
            {
                "model_list": [
                    {"model_name": EVIL, "litellm_params": {"model": EVIL}, "model_info": {"base_model": EVIL}}
                ]
            }
        ),
        lambda: list(llmcost.read_log(f"/nowhere/{EVIL}.jsonl")),
        lambda: list(llmcost.read_log([json.dumps({"response": chat("m"), "time": EVIL, "cost": EVIL})])),
        lambda: [record.calculate(cost_map=PRICES) for record in llmcost.read_log([json.dumps(chat())])],
        lambda: Cost.from_dict({"schema": EVIL}),
        lambda: Cost.from_dict({**PRICES.calculate(chat("m")).to_dict(), "total": EVIL}),
    ],
)
def test_errors_are_safe_to_show(ask):
    """The text and the repr of every error that quotes a foreign value, as a handler prints or logs them."""
    with pytest.raises((llmcost.LLMCostError, ValueError, TypeError)) as raised:
        ask()
    assert is_safe(str(raised.value)), str(raised.value)
    assert is_safe(repr(raised.value))


def test_an_unknown_model_still_says_which_one():
    """The name is spelled out and not left away."""
    with pytest.raises(llmcost.UnknownModelError) as raised:
        PRICES.calculate(chat())
    assert str(raised.value).startswith(f"no price is known for the model '{SPELLED}'")
    assert f"\n  tried: {SPELLED}, " in str(raised.value)
    assert raised.value.model == EVIL


def odd_cost(kind=CostMap):
    """Return a cost in which every name is foreign: the model, its provider, the tier, a caller's note."""
    prices = kind({EVIL: ROW})
    prices.register({EVIL: {"output_cost_per_token": 8e-6}})
    return prices.calculate(chat(service_tier=EVIL), region=EVIL, service_tier=EVIL).with_note(EVIL)


def test_a_bill_is_safe_to_show():
    """1,000 x 0.000001 + 100 x 0.000008 = 0.0018 USD; its names are spelled out in explain(), repr() and the notes."""
    cost = odd_cost()
    for text in (cost.explain(), cost.explain(verbose=True), repr(cost), str(cost), *cost.notes, str(cost.line_items)):
        assert is_safe(text), text
    assert cost.explain().startswith(f"{SPELLED}: 0.0018 USD\n")
    assert cost.model == EVIL


def test_the_columns_of_a_bill_stay_in_line():
    """A name is measured as it is written: the two numbers of the lines end in the same column."""
    lines = odd_cost().explain().splitlines()
    rows = [line for line in lines if "set by" in line or line.endswith("_cost_per_token")]
    assert len(rows) == 3
    starts = {row.index(word) for row, word in zip(rows, ("set by", "map", "registered"), strict=True)}
    assert len(starts) == 1


def test_a_note_is_one_printable_line():
    """What it is about stays as it was stated: a program compares that."""
    note = Note("caller", EVIL, EVIL)
    assert (str(note), note.about) == (SPELLED, EVIL)


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_log_lines_cannot_be_forged(caplog, level):
    """Priced, not priced, configured and refused."""
    caplog.set_level(level, logger="llmcost")
    odd_cost(LoggedCostMap)
    prices = LoggedCostMap({EVIL: ROW})
    with pytest.raises(llmcost.UnknownModelError):
        prices.calculate(chat("y" + EVIL))
    prices.with_config(
        {"model_list": [{"model_name": EVIL, "litellm_params": {"model": EVIL, "input_cost_per_token": 1e-6}}]}
    )
    with pytest.raises(llmcost.ConfigError):
        prices.with_config({"model_list": [{"model_name": EVIL, "litellm_params": {}}]})
    assert len(caplog.messages) == (4 if level == logging.DEBUG else 3)
    for message in caplog.messages:
        assert is_safe(message), message


def test_warnings_are_safe_to_show():
    """A meter without a rate, a price of another unit, and a doubtful configuration."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        prices = CostMap({f"w{EVIL}": {"input_cost_per_token": 1e-6}})
        assert prices.completion_cost(chat(f"w{EVIL}")) == 0.001
        prices.register({f"w{EVIL}": {"output_cost_per_token": 4.0}})
        prices.with_config(
            {"model_list": [{"model_name": EVIL, "litellm_params": {"model": EVIL, "input_cost_per_token": 3.0}}]}
        )
    assert {one.category for one in told} == {llmcost.UnpricedUsageWarning, llmcost.SuspiciousPriceWarning}
    for one in told:
        assert is_safe(str(one.message)), str(one.message)
        assert issubclass(one.category, llmcost.LLMCostWarning)


def test_notes_on_unknown_names_are_safe_to_show():
    """The name of a counter is the response's, and may hold anything; so may its number."""
    for name, value in ((f"cache_{EVIL}", 5), ("cache_x", 10**5000)):
        cost = PRICES.calculate(usage={"input_tokens": 1, "output_tokens": 1, name: value}, model="m")
        assert not cost.complete
        said = [note for note in cost.notes if note.code == "not_understood"]
        assert said
        assert all(note.isprintable() for note in said)


LONG = "x" * 100_000


@pytest.mark.parametrize(
    "ask",
    [
        lambda prices: prices.calculate(chat(LONG)),
        lambda prices: prices.calculate(chat("m", service_tier=LONG), service_tier=LONG, region=LONG),
        lambda prices: prices.calculate(chat("m"), base_model=LONG),
        lambda prices: prices.calculate(chat("a"), fees={LONG: 2, f"un{LONG}": 1}, tags=[LONG]),
        lambda prices: prices.calculate(usage=llmcost.Usage(input=5, free=LONG, model="m")),
        lambda prices: prices.calculate(usage=llmcost.Usage(input=5, model="m"), output_cost_per_token=1e-6),
        lambda prices: prices.calculate(chat("n")),
        lambda prices: prices.calculate(chat("m")).with_note(LONG),
    ],
    ids=["model", "tier and region", "base model", "fees and terms", "free", "layers", "unknown keys", "note"],
)
def test_a_bill_of_long_names_is_a_bill_of_one_screen(ask):
    """A text of 100,000 letters is cut wherever it stands, and the total is shown whole."""
    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
    block = {"guardrail_cost_per_unit": {LONG: 1}, f"input_cost_per_token_{LONG}": 1, "mode": LONG}
    prices = CostMap({"m": {**row, "litellm_provider": LONG}, LONG: row, "n": {**row, **block}}).with_config(
        {
            "model_list": [{"model_name": "a", "litellm_params": {"model": "m"}, "model_info": {"id": LONG}}],
            "llmcost": {"fees": {LONG: 0.01}, "terms": [{"name": LONG, "kind": "fee", "value": 0.1, "tags": [LONG]}]},
        }
    )
    cost = ask(prices)
    assert len(cost.explain()) < 12_000
    assert len(cost.explain(verbose=True)) < 20_000
    assert len(repr(cost)) < 2_100
    assert all(len(note) <= 10_000 for note in cost.notes)
    assert f" {cost} USD\n" in cost.explain()


def test_warnings_and_log_lines_are_cut(caplog):
    """A counter of a name of 100,000 letters is a lower bound, which both say."""
    caplog.set_level(logging.INFO, logger="llmcost")
    prices = LoggedCostMap(
        {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "litellm_provider": LONG}}
    )
    with pytest.warns(llmcost.LLMCostWarning) as told:
        prices.completion_cost(chat("m", service_tier=LONG, usage={"input_tokens": 1, "output_tokens": 1, LONG: 5}))
    assert all(len(str(one.message)) <= 10_000 for one in told)
    assert len(str(llmcost.LLMCostWarning(LONG))) == 10_000
    assert caplog.messages
    assert all(len(message) <= 10_000 for message in caplog.messages)
