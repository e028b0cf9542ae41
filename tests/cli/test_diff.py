"""``llmcost diff``: two maps side by side."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app
from llmcost.prices import places

OLD = {
    "a": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
    "b": {"input_cost_per_token": 4e-06},
    "gone": {"input_cost_per_token": 1e-06},
}
NEW = {
    "a": {"input_cost_per_token": 1.5e-06, "output_cost_per_token": 2e-06, "output_cost_per_token_flex": 1e-06},
    "b": {"input_cost_per_token": 1e-06},
    "came": {},
}


def diff(*arguments):
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


@pytest.fixture
def maps(tmp_path):
    """A file, and a folder with a date."""
    old, new = tmp_path / "old.json", tmp_path / "new"
    new.mkdir()
    old.write_text(json.dumps(OLD))
    (new / "model_prices.json").write_text(json.dumps(NEW))
    (new / "map_info.json").write_text('{"as_of": "2026-02-01"}')
    return old, new


def test_the_biggest_change_first(maps):
    """Then what came and went, and what was compared."""
    old, new = maps
    result = diff(old, new)
    assert result.exit_code == 0
    said = "3 prices of 2 models changed, 1 model added, 1 removed"
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["model", "price", "key", "old", "new", "change"],
        ["-----", "--------------------------", "--------", "---------", "------"],
        ["b", "input_cost_per_token", "0.000004", "0.000001", "-75.0%"],
        ["a", "input_cost_per_token", "0.000001", "0.0000015", "+50.0%"],
        ["a", "output_cost_per_token_flex", "none", "0.000001", "new"],
        ["added"],
        ["came"],
        ["removed"],
        ["gone"],
        [],
        f"{old} (3 models) -> {new} of 2026-02-01 (3 models): {said}".split(),
    ]


def test_json(maps):
    """The numbers as the maps have them."""
    old, new = maps
    assert json.loads(diff(old, new, "--json").stdout) == {
        "old": {"origin": str(old), "as_of": "", "models": 3},
        "new": {"origin": str(new), "as_of": "2026-02-01", "models": 3},
        "changed": [
            {"model": "b", "key": "input_cost_per_token", "old": 4e-06, "new": 1e-06, "percent": -75.0},
            {"model": "a", "key": "input_cost_per_token", "old": 1e-06, "new": 1.5e-06, "percent": 50.0},
            {"model": "a", "key": "output_cost_per_token_flex", "old": None, "new": 1e-06, "percent": None},
        ],
        "added": ["came"],
        "removed": ["gone"],
    }


def test_a_price_that_goes_or_is_no_number(tmp_path):
    """Words where there is no percentage."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text('{"m": {"input_cost_per_token": 1, "off_peak_pricing": {"windows": ["00:00-01:00"]}}}')
    new.write_text('{"m": {"off_peak_pricing": {"windows": ["00:00-02:00"]}}}')
    assert [line.split()[1:] for line in diff(old, new).stdout.splitlines()[2:4]] == [
        ["input_cost_per_token", "1", "none", "gone"],
        ["off_peak_pricing.windows[0]", "00:00-01:00", "00:00-02:00", "other"],
    ]


def test_two_maps_that_are_the_same(maps):
    """One line says so, and the exit code does not depend on it."""
    result = diff(maps[0], maps[0])
    assert result.stdout.endswith(": 0 prices of 0 models changed, 0 models added, 0 removed\n")
    assert (result.stdout.count("\n"), result.exit_code) == (1, 0)


def test_the_words(maps, monkeypatch):
    """What ships with the package, and what is in use."""
    monkeypatch.setattr(places, "PACKAGED", places.DataSet("the bundled map", (f"{maps[1]}/",)))
    monkeypatch.setenv("LLMCOST_PRICES", str(maps[0]))
    found = json.loads(diff("current", "bundled", "--json").stdout)
    assert (found["old"]["origin"], found["new"]["origin"]) == (str(maps[0]), "the bundled map")
    assert len(found["changed"]) == 3


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"m": 1}', b"[" * 100_000, b"\xff", None])
def test_what_is_no_map(tmp_path, maps, text):
    """It is named, and the exit code says that it is the command line."""
    path = tmp_path / "wrong.json"
    if text is not None:
        path.write_bytes(text)
    result = diff(maps[0], path)
    assert (result.exit_code, str(path) in result.stderr, result.stdout) == (2, True, "")


def test_a_folder_without_a_map(tmp_path, maps):
    """What is looked for in it is said."""
    result = diff(tmp_path, maps[0])
    assert (result.exit_code, "a folder with model_prices.json" in result.stderr) == (2, True)


def test_a_map_that_cannot_be_read(tmp_path, maps):
    """A link that leads to itself is opened by nobody."""
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    result = diff(maps[0], loop)
    assert (result.exit_code, f"{loop} cannot be read" in result.stderr) == (2, True)
