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
        type(places.PACKAGED)("the bundled map", (data_set(tmp_path / "package", PRICES, "2026-01-01") + "/",)),
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
    reasons = ["it changes the prices of 2 of 3 models", "it deletes 1 of 3 models"]
    held = (
        "held back, and priced as before: a input_cost_per_token 0.000001 -> 0.00001 (+900.0%); "
        "b input_cost_per_token 0.000001 -> 0 (-100.0%)"
    )
    refused = update("--from", unusual)
    assert refused.exit_code == 1
    assert all(reason in refused.stderr for reason in reasons)
    checked = update("--from", unusual, "--check")
    assert checked.exit_code == 1
    lines = checked.stdout.splitlines()
    assert [line.removeprefix("unusual: ") for line in lines if line.startswith("unusual")] == reasons
    assert sorted(held) == sorted(next(line for line in lines if line.startswith("held back")))
    assert "--accept takes it" in checked.stderr
    assert in_use() == PRICES
    assert update("--from", unusual, "--check", "--accept").exit_code == 0
    assert in_use() == PRICES
    assert update("--from", unusual, "--accept").exit_code == 0
    assert in_use()["a"]["input_cost_per_token"] == 1e-05


def test_what_is_held_back_is_taken_by_name(tmp_path):
    """Of 40 models two move tenfold: both are named, and one is taken."""
    many = {**PRICES, **{f"m{n:02}": PRICES["a"] for n in range(40)}}
    update("--from", data_set(tmp_path / "many", many, "2026-02-01"), "--accept")
    dear = {"input_cost_per_token": 1e-05, "mode": "chat"}
    source = data_set(tmp_path / "dear", {**many, "a": dear, "b": dear}, "2026-02-02")
    first = update("--from", source)
    assert first.exit_code == 0
    assert "held back, and priced as before: a input_cost_per_token" in first.stdout
    assert (in_use()["a"], in_use()["b"]) == (PRICES["a"], PRICES["b"])
    assert "held back" in update("--from", source).stdout
    assert update("--from", source, "--accept", "b").exit_code == 0
    assert (in_use()["a"], in_use()["b"]) == (PRICES["a"], dear)
    strange = update("--from", source, "--accept", "nobody")
    assert (strange.exit_code, "nothing is held back of nobody" in strange.stderr) == (1, True)
    assert update("--from", source, "a").exit_code == 2


def test_a_long_update_is_shown_in_part(tmp_path):
    """The biggest changes, and how many more there are."""
    source = data_set(tmp_path / "many", {**PRICES, **{f"m{n:02}": {} for n in range(30)}}, "2026-02-01")
    lines = update("--from", source, "--check").stdout.splitlines()
    assert lines[20:22] == ["  m19", "... and 10 more"]


def test_where_updates_come_from(added, monkeypatch):
    """The option, else the environment; without either it says so."""
    nowhere = update()
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert all(way in nowhere.stderr for way in ("llm-costmap-data", "--from SOURCE", "LLMCOST_UPDATE_FROM=SOURCE"))
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


def test_the_status_of_every_set(added, monkeypatch):
    """Each set that is found, its age and whether its files are sound; the one in use first, and why."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-02-10")
    update("--from", added)
    result = update("--status")
    assert result.exit_code == 0
    assert [line.strip() for line in result.stdout.splitlines()] == [
        "in use  update   the update of 2026-02-01, as of 2026-02-01, 9 days old",
        "because: the bundled map is older, of 2026-01-01",
        "files: sound",
        "package  the bundled map, as of 2026-01-01, 40 days old",
        "files: sound",
    ]


@pytest.mark.parametrize(("most", "code"), [("9d", 0), ("9", 0), ("8d", 1), ("x", 2), ("-1d", 2)])
def test_a_scheduler_is_told_of_old_prices(added, monkeypatch, most, code):
    """By the exit code, and one line on the error stream."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-02-10")
    update("--from", added)
    result = update("--status", f"--max-age={most}")
    assert result.exit_code == code
    assert ("the prices in use are older than 8 days" in result.stderr) is (code == 1)


def test_the_status_sees_a_changed_digit(added):
    """Its size is the same: only the sum tells."""
    update("--from", added)
    path = places.user_update().folder + places.MAP
    with open(path, "r+b") as file:  # noqa: PTH123 - a place is text
        text = file.read().replace(b"1e-06", b"9e-06", 1)
        file.seek(0)
        file.write(text)
    result = update("--status")
    assert result.exit_code == 1
    assert "model_prices.json is not the file that was published" in result.stdout


def test_the_status_of_a_cut_off_update(added):
    """It is not in use, and what is wrong with it is said; what is in use is sound."""
    update("--from", added)
    with open(places.user_update().folder + places.MAP, "ab") as file:  # noqa: PTH123 - a place is text
        file.write(b" ")
    result = update("--status")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("in use  package")
    assert "files: is damaged: a file is missing, or has not its size," in result.stdout


def test_the_status_of_prices_of_ones_own(added, tmp_path, monkeypatch):
    """They state no day, so that they are as old as no scheduler wants."""
    own = tmp_path / "own.json"
    own.write_text('{"mine": {}}')
    monkeypatch.setenv("LLMCOST_PRICES", str(own))
    result = update("--status", "--max-age", "1000d")
    assert result.stdout.splitlines()[:2] == [
        f"in use  own      {own}, of an unknown day",
        "        because: LLMCOST_PRICES names it",
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "options", [("--status", "--check"), ("--status", "--rollback"), ("--status", "--from=x"), ("--max-age", "1d")]
)
def test_a_status_goes_with_its_age_alone(options):
    """It is not clear what both would mean."""
    assert update(*options).exit_code == 2
