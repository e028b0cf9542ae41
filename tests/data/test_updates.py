"""The data of this project is an update that this project takes, and so is the next release over the last one."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from llmcost import CostMap, Usage
from llmcost.prices import places
from llmcost.prices.moments import now

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = ("model_prices.json", "price_history.json", "provenance.json")
MODEL = "gpt-4o"


pytestmark = pytest.mark.usefixtures("no_updates")

# The latest day that an update may be of.
TOMORROW = (now().date() + timedelta(days=1)).isoformat()


def release(folder: Path, as_of: str, *changes: tuple[str, str, object]) -> str:
    """Write the files of ``data/`` with other values for ``(model, key, value)``, a day and the sha256 of them all."""
    folder.mkdir()
    files = {name: (DATA / name).read_bytes() for name in FILES}
    models = json.loads(files["model_prices.json"])
    for model, key, value in changes:
        models[model][key] = value
    lines = (f"{json.dumps(name)}:{json.dumps(entry, separators=(',', ':'))}" for name, entry in models.items())
    files["model_prices.json"] = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    info = json.loads((DATA / "map_info.json").read_bytes())
    info["sizes"] = {name: len(data) for name, data in files.items()}
    info |= {"as_of": as_of, "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    files["map_info.json"] = json.dumps(info).encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


def price() -> str:
    """What 1M tokens of gpt-4o's input cost in a map made at this moment."""
    return str(CostMap().calculate(usage=Usage(input=1_000_000), model=MODEL).total.normalize())


def test_the_data_of_the_checkout_is_an_update():
    """Every row and every epoch of the history can be billed by; and it brings nothing new."""
    assert CostMap.update(str(DATA)).unchanged


def test_a_later_release_is_installed_used_and_rolled_back(tmp_path):
    """One price of one model is another: 3 USD instead of 2.5 USD per 1M tokens."""
    assert price() == "2.5"
    source = release(tmp_path / "next", TOMORROW, (MODEL, "input_cost_per_token", 3e-06))
    report = CostMap.update(source)
    assert [str(change) for change in report.changes] == ["gpt-4o input_cost_per_token 0.0000025 -> 0.000003 (+20.0%)"]
    assert report.installed
    assert price() == "3"
    assert CostMap.rollback() == ""
    assert price() == "2.5"


def test_the_release_before_is_replaced_by_this_one(tmp_path, monkeypatch):
    """The package is of the day before, with other prices for three models, one of them in its second spelling."""
    stated = json.loads((DATA / "map_info.json").read_bytes())["as_of"]
    former = release(
        tmp_path / "former",
        str(date.fromisoformat(stated) - timedelta(days=1)),
        (MODEL, "input_cost_per_token", 5e-06),
        ("o3", "output_cost_per_token", 4e-05),
        ("deepseek-v4-flash", "input_cost_per_token_cache_hit", 7e-09),
    )
    monkeypatch.setattr(places, "PACKAGED", places.DataSet("the bundled map", (f"{former}/",)))
    assert price() == "5"
    report = CostMap.update(str(DATA))
    assert (report.installed, report.as_of) == (True, stated)
    assert sorted({change.model for change in report.changes}) == ["deepseek-v4-flash", MODEL, "o3"]
    assert price() == "2.5"
