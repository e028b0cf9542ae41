"""Rows that are held back: a reseller's slip keeps its former price, and the rest of the update is taken."""

from __future__ import annotations

import hashlib
import json

import pytest

import llmcost
from llmcost import CostMap, UpdateError
from llmcost.prices import places
from llmcost.updates.held import without

RESELLER = {"litellm_provider": "wandb", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}
MAKER = RESELLER | {"litellm_provider": "xai"}
ROWS = {"wandb/m": RESELLER, "xai/m": MAKER, **{f"wandb/other-{n}": RESELLER for n in range(40)}}
PAST = {"wandb/m": [{"from": "2098-01-01", "input_cost_per_token": [2e-06, 1e-06], "conf": "high", "src": "s"}]}


def lines(rows):
    return ("{\n" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in rows.items()) + "\n}\n").encode()


def data_set(folder, rows, past, as_of):
    folder.mkdir()
    files = {places.MAP: lines(rows), places.HISTORY: lines(past)}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files[places.INFO] = json.dumps({"as_of": as_of, "sha256": digests}).encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


@pytest.fixture
def first(no_updates, tmp_path, monkeypatch):
    """An update that is in use, of a day on which nothing is old."""
    monkeypatch.setenv("LLMCOST_TODAY", "2099-01-10")
    CostMap.update(data_set(tmp_path / "first", ROWS, PAST, "2099-01-01"), accept=True)
    return tmp_path


def million(model, prices):
    return prices.calculate(model=model, usage={"prompt_tokens": 1_000_000, "completion_tokens": 0}).total


@pytest.mark.parametrize("price", [1e-05, 1e-07, 0])
def test_a_resellers_slip_is_held_back(first, price):
    """Ten times, a tenth, and 0: the row stays, with its past, and the other row's new price is taken."""
    rows = ROWS | {"wandb/m": RESELLER | {"input_cost_per_token": price}}
    rows["wandb/other-1"] = RESELLER | {"input_cost_per_token": 1.5e-06}
    source = data_set(first / "second", rows, {}, "2099-01-02")
    report = CostMap.update(source)
    assert report.installed
    assert [change.model for change in report.held] == ["wandb/m"]
    assert [change.model for change in report.changes] == ["wandb/other-1"]
    assert report.remarks[0].startswith("held back, and priced as before: wandb/m input_cost_per_token 0.000001 ->")
    prices = CostMap()
    assert (million("wandb/m", prices), million("wandb/other-1", prices)) == (1, 1.5)
    at = prices.calculate(model="wandb/m", usage={"prompt_tokens": 1_000_000, "completion_tokens": 0}, at="2097-06-01")
    assert at.total == 2
    assert json.loads(prices.data.read(places.INFO))["held"] == ["wandb/m"]


def test_a_person_takes_what_was_held_back(first):
    """``accept`` is a person's word."""
    rows = ROWS | {"wandb/m": RESELLER | {"input_cost_per_token": 1e-05}}
    report = CostMap.update(data_set(first / "second", rows, PAST, "2099-01-02"), accept=True)
    assert (report.installed, report.held) == (True, ())
    assert million("wandb/m", CostMap()) == 10


@pytest.mark.parametrize("price", [3e-06, 1e-06 / 3, 1e-05, 0])
def test_a_makers_price_moves_threefold_on_a_stated_day_only(first, price):
    """The row stays, and the reseller's new price is taken; 2.9 times would have been taken."""
    rows = ROWS | {"xai/m": MAKER | {"input_cost_per_token": price}}
    rows["wandb/other-1"] = RESELLER | {"input_cost_per_token": 9e-06}
    report = CostMap.update(data_set(first / "second", rows, PAST, "2099-01-02"))
    assert ([change.model for change in report.held], report.installed) == (["xai/m"], True)
    assert (million("xai/m", CostMap()), million("wandb/other-1", CostMap())) == (1, 9)
    rows["xai/m"] = MAKER | {"input_cost_per_token": 2.9e-06}
    assert CostMap.update(data_set(first / "third", rows, PAST, "2099-01-03")).held == ()


@pytest.mark.parametrize(("new", "held"), [(4e-06, []), (5e-06, ["xai/m"])])
def test_a_dated_change_of_a_maker_is_taken(first, new, held):
    """A row of the history says on which day the price became 4 USD per million; of 5 USD it says nothing."""
    rows = ROWS | {"xai/m": MAKER | {"input_cost_per_token": new}}
    dated = {"from": "2099-01-02", "input_cost_per_token": [1e-06, 4e-06], "conf": "high", "src": "s"}
    report = CostMap.update(data_set(first / "second", rows, {**PAST, "xai/m": [dated]}, "2099-01-02"))
    assert [change.model for change in report.held] == held


def test_an_alias_is_judged_by_the_row_that_it_stands_for(first):
    """The alias is a maker's too, and moves with its row on the stated day."""
    alias = {"xai/alias": {"alias_of": "xai/m"}}
    CostMap.update(data_set(first / "second", ROWS | alias, PAST, "2099-01-02"))
    rows = ROWS | alias | {"xai/m": MAKER | {"input_cost_per_token": 4e-06}}
    source = data_set(first / "third", rows, PAST, "2099-01-03")
    assert sorted(change.model for change in CostMap.update(source, check=True).held) == ["xai/alias", "xai/m"]
    dated = {"from": "2099-01-02", "input_cost_per_token": [1e-06, 4e-06], "conf": "high", "src": "s"}
    source = data_set(first / "fourth", rows, {**PAST, "xai/m": [dated]}, "2099-01-03")
    assert CostMap.update(source, check=True).held == ()


def test_a_person_takes_what_is_named(first):
    """The one is taken and the other stays held back; a name of which nothing is held back is an error."""
    rows = ROWS | {"wandb/m": RESELLER | {"input_cost_per_token": 1e-05}}
    rows["xai/m"] = MAKER | {"input_cost_per_token": 5e-06}
    source = data_set(first / "second", rows, PAST, "2099-01-02")
    CostMap.update(source)
    report = CostMap.update(source, accept=["xai/m"])
    assert [change.model for change in report.held] == ["wandb/m"]
    assert (million("xai/m", CostMap()), million("wandb/m", CostMap())) == (5, 1)
    with pytest.raises(UpdateError, match="nothing is held back of xai/m, which accept names"):
        CostMap.update(source, accept=["xai/m", "wandb/m"])


def test_many_slips_at_once_stop_the_update(first):
    """A slip of the unit in every row is no update of the day alone."""
    rows = {name: row | {"input_cost_per_token": 1e-03} for name, row in ROWS.items()}
    with pytest.raises(UpdateError, match="it changes the prices of 42 of 42 models"):
        CostMap.update(data_set(first / "second", rows, PAST, "2099-01-02"))


def test_the_sizes_of_a_set_with_held_rows_are_its_own(first):
    """It is read at every start with the sizes that it states."""
    rows = ROWS | {"wandb/m": RESELLER | {"input_cost_per_token": 1e-05}}
    source = data_set(first / "second", rows, PAST, "2099-01-02")
    info = json.loads((first / "second" / places.INFO).read_bytes())
    names = (places.MAP, places.HISTORY)
    info["sizes"] = {name: (first / "second" / name).stat().st_size for name in names}
    (first / "second" / places.INFO).write_text(json.dumps(info))
    assert CostMap.update(source).held
    assert million("wandb/m", CostMap()) == 1
    assert llmcost.map_info(cost_map=CostMap(), verify=True).set == "update"


def test_the_same_update_again_brings_nothing(first):
    """What is held back is not installed anew each time."""
    rows = ROWS | {"wandb/m": RESELLER | {"input_cost_per_token": 1e-05}}
    source = data_set(first / "second", rows, PAST, "2099-01-02")
    assert CostMap.update(source).installed
    again = CostMap.update(source)
    assert (again.unchanged, [change.model for change in again.held]) == (True, ["wandb/m"])


def test_a_map_alone_has_no_past_and_no_facts():
    """The held row is as it was, the other one is new, and no file is made that the update does not have."""
    before = {"a/m": {"x": 1}, "b/m": {"x": 2}}
    found = without({places.MAP: b'{"a/m": {"x": 10}, "b/m": {"x": 3}}'}, before, None, {"a/m"})
    assert found == {places.MAP: b'{\n"a/m":{"x":1},\n"b/m":{"x":3}\n}\n'}


def test_a_held_row_has_the_past_that_it_had():
    """The new past of a row without a former one is left out; that of a row which had one is the former."""
    files = {
        places.MAP: b'{"a/m": {"x": 10}, "b/m": {"x": 20}, "c/m": {"x": 3}}',
        places.HISTORY: b'{"a/m": ["new"], "b/m": ["new"], "c/m": ["new"]}',
    }
    before = {"a/m": {"x": 1}, "b/m": {"x": 2}, "c/m": {"x": 2}}
    found = without(files, before, b'{"b/m": ["old"], "c/m": ["old"]}', ("a/m", "b/m"))
    assert json.loads(found[places.MAP]) == {"a/m": {"x": 1}, "b/m": {"x": 2}, "c/m": {"x": 3}}
    assert json.loads(found[places.HISTORY]) == {"b/m": ["old"], "c/m": ["new"]}
    assert sorted(found) == sorted(files)
