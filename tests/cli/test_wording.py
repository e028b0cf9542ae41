"""A message on the command line names options and fields of a log line, and no keyword of Python."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from llmcost.cli._options import fact_options
from llmcost.cli._wording import error_text, in_options
from llmcost.errors import InvalidPriceError, UnknownModelError

SOLD_TWICE = {"a/llama": {"input_cost_per_token": 1e-6}, "b/llama": {"input_cost_per_token": 2e-6}}
CONFIG = {
    "model_list": [
        {"model_name": "m", "litellm_params": {"model": "x/one", "input_cost_per_token": 1e-6}},
        {"model_name": "m", "litellm_params": {"model": "x/two", "input_cost_per_token": 2e-6}},
    ]
}


@pytest.fixture
def path(tmp_path, completion):
    """Write a file by name: responses, logs, a map and a configuration."""
    contents = {
        "unknown.json": json.dumps(completion(model="zzz")),
        "nameless.json": json.dumps(completion(model="")),
        "small.json": json.dumps(completion()),
        "clock.json": json.dumps(completion(model="clock-1")),
        "wrong.jsonl": json.dumps({"response": completion(), "prefer": "cheap"}),
        "twice.json": json.dumps(SOLD_TWICE),
        "config.yaml": json.dumps(CONFIG),
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    return lambda name: str(tmp_path / name) if name in contents else name


@pytest.mark.parametrize(
    ("line", "said", "not_said"),
    [
        (
            "price --model zzz --input 1",
            "give a price (--price input_cost_per_token=..., --register FILE), or name the model it is priced as: "
            "--base-model NAME",
            "register_model",
        ),
        ("price unknown.json", "--base-model NAME", "base_model="),
        ("compare zzz --input 1", "give a price (--price input_cost_per_token=..., --register FILE)", "base_model"),
        ("models", "3 of 3 models", "="),
        ("reprice unknown.json", '"base_model": "..."', "base_model="),
        ("whatif unknown.json --batch", '"base_model": "..."', "base_model="),
        ("price nameless.json", "pass --model", "model="),
        (
            "price --model small-1 --input 1 --at 1600-01-01T25",
            "Invalid value for '--at': '1600-01-01T25' is no time",
            "at=",
        ),
        ("explain clock.json", "pass --duration (seconds)", "duration="),
        (
            "price --config config.yaml --model m --input 1",
            "pass --deployment (an id, an address such as model_list[0], or a backend)",
            "deployment=",
        ),
        ("show --register twice.json llama", "pass --provider", "provider="),
        ("price wrong.jsonl", "prefer='cheap': it is one of", "--prefer"),
        ("price small.json --price output_cost_per_token=-1", "output_cost_per_token='-1'", "prices="),
    ],
)
def test_messages_name_what_can_be_typed(run, path, line, said, not_said):
    """The way out is an option of this command, or a field of the log line where the command has no such option."""
    command, *rest = line.split()
    result = run(command, *map(path, rest))
    assert said in result.stdout + result.stderr
    assert not_said not in result.stderr.replace("input_cost_per_token=...", "") or not_said == "="


def words(text, **given):
    """Return a text as a command with the options of all facts shows it."""
    found = []

    @click.command()
    @fact_options()
    def command(**_):
        found.append(in_options(text) if isinstance(text, str) else error_text(text))

    arguments = [part for name, value in given.items() for part in (f"--{name}", value)]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pass model=", "pass --model"),
        ("pass model=, batch= or at=", "pass --model, --batch or --at"),
        ("name it: base_model=...", "name it: --base-model ..."),
        ("prices=5: it has to be a mapping", "prices=5: it has to be a mapping"),
        ("'model= of a name' is unknown", "'model= of a name' is unknown"),
        ('"model= of a name" is unknown', '"model= of a name" is unknown'),
        ("usage= and replace= are no options", "usage= and replace= are no options"),
        ("x.model= and cost=1", "x.model= and cost=1"),
    ],
)
def test_keywords_as_options(text, expected):
    """Quoted values stay, and so does what the command has no option for."""
    assert words(text) == expected


def test_a_value_is_the_options_only_if_it_was_given():
    """A log line may state the same fact: then its own word stands in the message."""
    assert words("region='mars' is no region") == "region='mars' is no region"
    assert words("region='mars' is no region", region="mars") == "--region 'mars' is no region"


def test_errors_with_their_advice():
    """An unknown model says by which options it can be priced; any other error is its text."""
    assert words(UnknownModelError("m", tried=("m",))).splitlines() == [
        "no price is known for the model 'm'",
        "  tried: m",
        "  give a price (--price input_cost_per_token=...), or name the model it is priced as: --base-model NAME",
    ]
    assert words(InvalidPriceError("k", -1)) == "k=-1: a price is a finite number >= 0, in USD per unit"
