"""``llmcost update``: what would change, what is refused, and the way back."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app
from llmcost.prices import places

# USD per token: 1 per million, in three models.
PRICES = {name: {"input_cost_per_token": 1e-06, "mode": "chat"} for name in ("a", "b", "c")}


def data_set(folder, prices, as_of):
    """A folder of price data with its sha256, as it is published."""
    folder.mkdir(exist_ok=True)
    text = json.dumps(prices).encode()
    (folder / "model_prices.json").write_bytes(text)
    facts = {"as_of": as_of, "sha256": {"model_prices.json": hashlib.sha256(text).hexdigest()}}
    (folder / "map_info.json").write_text(json.dumps(facts))
    return str(folder)


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    """A package of three models, and a user without an update."""
    monkeypatch.setattr(
        places,
        "PACKAGED",
        places.DataSet("the bundled map", (data_set(tmp_path / "package", PRICES, "2026-01-01") + "/",)),
    )
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("LLMCOST_PRICES", raising=False)
    monkeypatch.delenv("LLMCOST_UPDATE_FROM", raising=False)


@pytest.fixture
def added(tmp_path):
    """An update that brings two models."""
    more = {**PRICES, "d": {"input_cost_per_token": 1e-06}, "e\x1b[2J": {"input_cost_per_token": 1e-06}}
    return data_set(tmp_path / "added", more, "2026-02-01")


@pytest.fixture
def unusual(tmp_path):
    """An update that moves a price tenfold, another to 0, and loses a model."""
    prices = {"a": {"input_cost_per_token": 1e-05, "mode": "chat"}, "b": {"input_cost_per_token": 0, "mode": "chat"}}
    return data_set(tmp_path / "unusual", prices, "2026-02-02")


def update(*options):
    return CliRunner().invoke(app, ["update", *options])


def in_use():
    return json.loads(places.current().read(places.MAP))


def test_an_update_and_the_way_back(added):
    """It is shown, put in place, and taken back step by step."""
    result = update("--from", added)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "added",
        "  d",
        "  e\\x1b[2J",
        "",
        "prices of 2026-02-01: 0 prices of 0 models changed, 2 models added, 0 removed",
        "in use: the update of 2026-02-01",
        "`llmcost update --rollback` goes back",
    ]
    assert len(in_use()) == 5
    assert update("--from", added).stdout.splitlines() == ["there is nothing new", "in use: the update of 2026-02-01"]
    assert update("--rollback").stdout == "in use: the bundled map\n"
    assert in_use() == PRICES
    again = update("--rollback")
    assert (again.exit_code, "no update is in use" in again.stderr) == (1, True)


def test_a_check_changes_nothing(added):
    """It says what would happen."""
    result = update("--from", added, "--check")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "nothing is changed; without --check it is put in place"
    assert in_use() == PRICES


def test_what_is_unusual_is_refused_until_a_person_accepts_it(unusual):
    """The reasons are given, with and without --check; and the exit code says so."""
    reasons = [
        "it changes the prices of 2 of 3 models",
        "it deletes 1 of 3 models",
        "1 price moves by 10x or more: a input_cost_per_token 0.000001 -> 0.00001 (+900.0%)",
        "1 price falls to 0: b input_cost_per_token 0.000001 -> 0 (-100.0%)",
    ]
    refused = update("--from", unusual)
    assert refused.exit_code == 1
    assert all(reason in refused.stderr for reason in reasons)
    checked = update("--from", unusual, "--check")
    assert checked.exit_code == 1
    assert [
        line.removeprefix("unusual: ") for line in checked.stdout.splitlines() if line.startswith("unusual")
    ] == reasons
    assert "--accept takes it" in checked.stderr
    assert in_use() == PRICES
    assert update("--from", unusual, "--check", "--accept").exit_code == 0
    assert in_use() == PRICES
    assert update("--from", unusual, "--accept").exit_code == 0
    assert in_use()["a"]["input_cost_per_token"] == 1e-05


def test_a_long_update_is_shown_in_part(tmp_path):
    """The biggest changes, and how many more there are."""
    source = data_set(tmp_path / "many", {**PRICES, **{f"m{n:02}": {} for n in range(30)}}, "2026-02-01")
    lines = update("--from", source, "--check").stdout.splitlines()
    assert lines[20:22] == ["  m19", "... and 10 more"]


def test_where_updates_come_from(added, monkeypatch):
    """The option, else the environment; without either it says so."""
    nowhere = update()
    assert (nowhere.exit_code, "LLMCOST_UPDATE_FROM" in nowhere.stderr) == (1, True)
    monkeypatch.setenv("LLMCOST_UPDATE_FROM", added)
    assert update("--check").exit_code == 0
    assert "cannot be read" in update("--check", "--from", f"{added}-not").stderr
    # What the environment names does not speak against going back.
    assert update("--rollback").stderr == update("--rollback").stderr != ""


def test_prices_of_ones_own_are_stronger_and_it_is_said(added, tmp_path, monkeypatch):
    """Or the update would seem to be in use."""
    own = tmp_path / "own.json"
    own.write_text('{"mine": {}}')
    monkeypatch.setenv("LLMCOST_PRICES", str(own))
    result = update("--from", added)
    assert f"in use: {own}" in result.stdout
    assert f"LLMCOST_PRICES={own} is set and stronger than every update" in result.stderr


@pytest.mark.parametrize("option", ["--check", "--accept", "--from=x"])
def test_a_rollback_goes_with_nothing_else(option):
    """It is not clear what both would mean."""
    result = update("--rollback", option)
    assert (result.exit_code, "goes with no other option" in result.stderr) == (2, True)


def test_the_help_shows_the_commands_line_by_line():
    """And its own exit codes."""
    text = update("--help").stdout
    assert "\n  llmcost update --from ./prices\n" in text
    assert "1    the update failed or is refused" in text


def test_the_same_prices_of_a_later_day(tmp_path):
    """Nothing changes but the date."""
    result = update("--from", data_set(tmp_path / "later", PRICES, "2026-03-01"))
    assert result.stdout.splitlines()[:2] == [
        "prices of 2026-03-01: 0 prices of 0 models changed, 0 models added, 0 removed",
        "in use: the update of 2026-03-01",
    ]


def test_what_this_version_cannot_use_is_said(tmp_path):
    """Keys that it does not know, and aliases of nothing; before the update is put in place, and after."""
    prices = {**PRICES, "a": {**PRICES["a"], "moon_pricing": 2}, "lost": {"alias_of": "nobody\x1b[2J"}}
    source = data_set(tmp_path / "new", prices, "2026-02-01")
    told = [
        "1 key this version does not know, on 1 model: moon_pricing; set aside",
        "aliases that are left out: lost is an alias of nobody\\x1b[2J, which is no row",
    ]
    for options in (("--check", "--accept"), ("--accept",)):
        lines = update("--from", source, *options).stdout.splitlines()
        place = lines.index(told[0])
        assert lines[place : place + 2] == told
