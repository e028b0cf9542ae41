"""How numbers are written on the command line, and that the options are the keywords of calculate()."""

from __future__ import annotations

import json

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.api.facts import FACTS
from llmcost.cli._app import app
from llmcost.cli._options import COUNT, OPTIONS, TYPES, fact_options


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("0", 0),
        ("12000", 12000),
        ("12_000", 12000),
        ("12,000", 12000),
        ("12k", 12000),
        ("1.5M", 1_500_000),
        ("0.001k", 1),
        ("2.50K", 2500),
        ("1,234.5k", 1_234_500),
        ("3.0", 3),
        ("1e3", 1000),
        ("1.25E+6", 1_250_000),
    ],
)
def test_counts_as_people_write_them(written, count):
    """Thousands may be separated, k and M stand for zeros."""
    assert COUNT.convert(written, None, None) == count


@pytest.mark.parametrize(
    "written",
    ["", "k", "-1", "1e-3", "1e0.5", "1.25e1", "1ke3", "12,00", "1.2.3", "1.5", "0.0001k", "12 k", "0x10", "١٢"],
)
def test_what_is_no_count(written):
    """Nothing is rounded and nothing is guessed."""
    with pytest.raises(click.BadParameter):
        COUNT.convert(written, None, None)


@given(st.integers(0, 10**12))
def test_every_count_is_read_as_it_is_printed(count):
    """With and without separators."""
    assert COUNT.convert(f"{count:,}", None, None) == COUNT.convert(f"{count:_}", None, None) == count
    assert COUNT.convert(str(count), None, None) == count


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-08-24", "2026-08-24"),
        ("1787536800", 1787536800),
        ("999999999", 999999999),
    ],
)
def test_times_are_iso_text_or_seconds(written, when):
    """Nine digits are seconds since 1970; eight are a date."""
    assert TYPES["time"].convert(written, None, None) == when


@pytest.mark.parametrize("written", ["", "noon", "12345678", "9" * 12, "12345.5", "١٧٨٧٥٣٦٨٠٠"])
def test_what_is_no_time(written):
    """Another month than twelve, and a year beyond all calendars."""
    with pytest.raises(click.BadParameter):
        TYPES["time"].convert(written, None, None)


def test_every_fact_is_an_option():
    """But for what code alone says of its own prices; those are written one by one, as --price."""
    assert set(OPTIONS) == set(FACTS) - {"prices", "replace", "scale_rest"}

    @click.command()
    @fact_options()
    def command(**options):
        click.echo(sorted(options))

    written = {name: parameter.opts for parameter in command.params if (name := parameter.name)}
    # What may be given several times is written one by one.
    each = {"prices": ["--price"], "tags": ["--tag"], "fees": ["--fee"]}
    assert written == {**{name: [f"--{name.replace('_', '-')}"] for name in OPTIONS}, **each}
    assert {parameter.name for parameter in command.params if parameter.is_flag} == {"batch", "cache_hit", "strict"}


def test_help_names_options_and_no_python():
    """Who types a command does not see keywords, and each option that takes a value says of which kind."""
    for name in OPTIONS:
        assert "=" not in FACTS[name].help
        assert "`" not in FACTS[name].help
        assert bool(FACTS[name].value) == (FACTS[name].kind != "flag")


def test_a_count_of_thousands_of_digits_is_none():
    """Python makes no number of such a text."""
    with pytest.raises(click.BadParameter, match="is no count"):
        COUNT.convert("9" * 5000, None, None)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LLMCOST_PRICES", "/none", "LLMCOST_PRICES='/none' is neither a JSON price map nor a folder"),
        ("LLMCOST_TODAY", "soon", "LLMCOST_TODAY='soon' is no day"),
    ],
)
@pytest.mark.parametrize("command", ["price", "reprice"])
def test_a_wrong_environment_is_said_once(runner, tmp_path, monkeypatch, completion, command, name, value, said):
    """And not of each of the calls, which all lack their price for it."""
    log = tmp_path / "log.jsonl"
    log.write_text((json.dumps(completion()) + "\n") * 3, encoding="utf-8")
    monkeypatch.setenv(name, value)
    result = runner.invoke(app, [command, str(log)])
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {said}")
