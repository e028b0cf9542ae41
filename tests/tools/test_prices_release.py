"""The data wheel: the same data gives the same bytes, and it holds the data and nothing that runs."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.sdks import optional
from tests.tools.examples import assert_true
from tools.prices import facts
from tools.prices import release as releasing
from tools.prices.__main__ import main
from tools.prices.fetch import Lock, Source

DATA = Path(__file__).parents[2] / "data"
INFO = json.loads((DATA / "map_info.json").read_bytes())
FILES = ("model_prices.json", "price_history.json", "provenance.json")


@pytest.fixture
def data(tmp_path):
    """A copy of the data, with times of another day on its files."""
    optional("hatchling")
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, copy_function=shutil.copyfile)
    return folder


def test_the_same_data_gives_the_same_bytes(data, tmp_path, capsys):
    """Twice, from two folders whose files were written at two times: one name and one sha256, which is printed."""
    found = []
    for out, source in (("a", DATA), ("b", data)):
        assert main(["release", "--data", str(source), "--out", str(tmp_path / out)]) == 0
        (wheel,) = (tmp_path / out).iterdir()
        found.append((wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()))
    assert found[0] == found[1]
    assert capsys.readouterr().out.splitlines() == [f"{digest}  {name}" for name, digest in found]
    assert found[0][0] == f"llm_costmap_data-{INFO['version']}-py3-none-any.whl"


def test_what_is_in_it(data, tmp_path):
    """The files as they are, the notice and the licence; a package without a line of code, which requires nothing."""
    wheel, _ = releasing.release(data, tmp_path)
    with zipfile.ZipFile(wheel) as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    package = {name.partition("/")[2]: text for name, text in held.items() if name.startswith("llm_costmap_data/")}
    assert package.pop("__init__.py") == b""
    assert package.pop("LICENSE") == (DATA.parent / "LICENSE").read_bytes()
    assert package == {path.name: path.read_bytes() for path in DATA.iterdir()}
    (metadata,) = (text.decode() for name, text in held.items() if name.endswith(".dist-info/METADATA"))
    assert f"Name: llm-costmap-data\nVersion: {INFO['version']}\n" in metadata
    assert "Requires-Dist" not in metadata
    assert [name for name in held if name.endswith("entry_points.txt")] == []


def test_another_build_of_a_version_is_refused(data, tmp_path, capsys):
    """One version has one content: the second release of a day has a number of its own."""
    command = ["release", "--data", str(data), "--out", str(tmp_path)]
    assert main(command) == 0
    assert main(command) == 0
    (data / "NOTICE.md").write_text("another notice", encoding="utf-8")
    assert main(command) == 2
    assert 'holds other bytes: write "release": 2' in capsys.readouterr().err


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_not_those_of_the_build_are_refused(data, tmp_path, capsys, name):
    """Changed by hand, or missing."""
    with (data / name).open("ab") as file:
        file.write(b" ")
    command = ["release", "--data", str(data), "--out", str(tmp_path / "out")]
    assert main(command) == 2
    assert f"{name} is not the file that map_info.json states" in capsys.readouterr().err
    (data / name).unlink()
    assert main(command) == 2
    assert f"{name} cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_another_version_of_the_tool_is_refused(data, tmp_path, monkeypatch, capsys):
    """It may write other bytes of the same data."""
    monkeypatch.setattr("importlib.metadata.version", lambda _: "0.1")
    assert main(["release", "--data", str(data), "--out", str(tmp_path / "out")]) == 2
    assert "built by hatchling==1.27.0, and 0.1 is installed: pip install hatchling==1.27.0" in capsys.readouterr().err


def test_the_facts_of_a_set():
    """Which release it is, what reads it, what it was made of, what is announced, and the size of each file."""
    sources = [
        Source(p, v, "f", "0", "m", "0", day, "MIT")
        for p, v, day in (
            ("litellm", "2.0", "2026-11-20"),
            ("litellm", "1.0", "2026-11-01"),
            ("other", "3", "2026-10-01"),
        )
    ]
    row = '"litellm_provider":"x","fedramp_uplift_multiplier":1.1'
    prices = f'{{\n"a":{{{row}}},\n"b":{{"alias_of":"a"}}\n}}\n'.encode()
    past = b'{\n"a":[{"from":"2026-01-01"},{"from":"2026-12-01T16:00:00Z"}]\n}\n'
    found = facts.facts({"model_prices.json": prices, "price_history.json": past}, Lock(sources, "2026-12-01", 3))
    digests = {
        "model_prices.json": hashlib.sha256(prices).hexdigest(),
        "price_history.json": hashlib.sha256(past).hexdigest(),
    }
    assert found == {
        "version": "2026.12.1.3",
        "as_of": "2026-11-20",
        "format": 1,
        "needs": "0.2",
        "keys_since": {"fedramp_uplift_multiplier": "0.2"},
        "models": 1,
        "aliases": 1,
        "providers": 1,
        "sources": {"litellm": ["2.0", "2026-11-20"], "other": ["3", "2026-10-01"]},
        "scheduled": [],
        "sizes": {"model_prices.json": len(prices), "price_history.json": len(past)},
        "sha256": digests,
    }
    assert json.loads(facts.written(found)) == found
    assert_true(facts)


def test_the_facts_in_the_checkout_are_those_of_its_files():
    """Sizes and sums of the files beside it, and the days on which prices change."""
    for name in FILES:
        content = (DATA / name).read_bytes()
        assert (INFO["sizes"][name], INFO["sha256"][name]) == (len(content), hashlib.sha256(content).hexdigest())
    assert INFO["scheduled"] == sorted(INFO["scheduled"])
    assert all(day > INFO["as_of"] and count > 0 for day, count in INFO["scheduled"])
