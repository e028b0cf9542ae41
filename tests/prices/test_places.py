"""Where prices are read from: every place, on every platform, and what is not there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import importlib_resources
import pytest

from llmcost import CostMap, PriceDataError, StalePricesWarning
from llmcost.prices import data_sets, origin, places


def test_a_package_without_plain_files_is_read_through_resources(monkeypatch, tmp_path):
    """Inside a zip or a frozen application; a file that is not there is None."""
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data" / places.MAP).write_bytes(b"{}")
    monkeypatch.setattr(importlib_resources, "files", lambda name: {"llmcost": tmp_path}[name])
    packaged = type(places.PACKAGED)("zipped", (str(tmp_path / "nowhere") + os.sep,))
    assert packaged.read(places.MAP) == b"{}"
    assert packaged.read(places.HISTORY) is None


def test_a_package_with_plain_files_has_what_is_there(tmp_path):
    """A checkout without one of the files is no zip."""
    (tmp_path / places.MAP).write_bytes(b"{}")
    packaged = type(places.PACKAGED)("plain", (str(tmp_path) + os.sep,))
    assert (packaged.read(places.MAP), packaged.read(places.HISTORY)) == (b"{}", None)


def test_a_place_that_cannot_be_read(monkeypatch):
    """Its own reason is part of the message."""
    monkeypatch.setenv("LLMCOST_PRICES", "x" * 5000)
    with pytest.raises(PriceDataError, match=r"LLMCOST_PRICES='x+' cannot be read: \S"):
        places.current()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/c/local"}, "/c/local/llmcost/prices/"),
        ("win32", {"LOCALAPPDATA": ""}, "/user/ada/AppData/Local/llmcost/prices/"),
        ("darwin", {}, "/user/ada/Library/Application Support/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": ""}, "/user/ada/.local/share/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "/user/ada/.local/share/llmcost/prices/"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the paths here are POSIX paths")
def test_the_users_folder_on_every_platform(monkeypatch, platform, environment, expected):
    """Each platform's own place for application data."""
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in {"HOME": "/user/ada", **environment}.items():
        monkeypatch.setenv(name, value)
    assert places.user_folder() == expected


@pytest.mark.parametrize("text", ["{", "[1]", "5", "[" * 100_000])
def test_facts_that_cannot_be_read_are_none(tmp_path, text):
    """A broken map_info.json says nothing."""
    (tmp_path / places.INFO).write_text(text, encoding="utf-8")
    assert places.DataSet("here", (str(tmp_path) + os.sep,)).info == {}
    assert places.DataSet("nowhere", ()).info == {}


def test_an_update_is_intact_if_every_file_has_its_size(tmp_path):
    """A missing file, another size, or no map at all: it is not."""
    (tmp_path / places.MAP).write_bytes(b"{}")
    place = str(tmp_path) + os.sep
    assert places.intact(place, {"sizes": {places.MAP: 2}})
    for sizes in ({places.MAP: 3}, {places.MAP: 2, places.HISTORY: 2}, {}):
        assert not places.intact(place, {"sizes": sizes})


def test_the_packaged_data_is_there():
    """The map and everything beside it."""
    for name in (places.MAP, places.HISTORY, places.PROVENANCE, places.INFO):
        assert json.loads(places.PACKAGED.read(name) or b"null"), name
    assert Path(data_sets._PACKAGED[1], places.MAP).exists()


@pytest.fixture
def pointed(monkeypatch, tmp_path):
    """Return a function that puts an update of a user's in use; the package's prices are of 2026-01-01."""
    package = tmp_path / "package"
    package.mkdir()
    (package / places.MAP).write_text('{"m": {}}', encoding="utf-8")
    (package / places.INFO).write_text('{"as_of": "2026-01-01"}', encoding="utf-8")
    monkeypatch.setattr(places, "PACKAGED", places.DataSet("the bundled map", (f"{package}{os.sep}",)))
    monkeypatch.delenv("LLMCOST_PRICES", raising=False)
    monkeypatch.setattr(places, "user_folder", lambda: f"{tmp_path}{os.sep}")

    def point(**facts):
        folder = tmp_path / "map-1"
        folder.mkdir(exist_ok=True)
        text = '{"m": {"input_cost_per_token": 3e-06}}'
        (folder / places.MAP).write_text(text, encoding="utf-8")
        pointer = {"folder": "map-1", "sizes": {places.MAP: len(text)}, **facts}
        (tmp_path / places.POINTER).write_text(json.dumps(pointer), encoding="utf-8")
        return folder

    return point


@pytest.mark.parametrize(
    ("facts", "origin", "installed"),
    [
        ({"as_of": "2026-01-01"}, "the update of 2026-01-01", ""),
        ({"as_of": "", "installed": "2026-02-02"}, "the update fetched on 2026-02-02, of an unknown day", "2026-02-02"),
        ({"as_of": "2025-12-31"}, "the bundled map", ""),
        ({}, "the bundled map", ""),
    ],
)
def test_an_update_is_in_use_unless_the_package_is_newer(pointed, facts, origin, installed):
    """Of the same day, the update; one that states no day is of the one on which it was fetched."""
    pointed(**facts)
    found = places.current()
    assert (found.origin, found.installed) == (origin, installed)


def test_a_damaged_update_is_said_and_not_used(pointed):
    """A file of another size is not what was written."""
    folder = pointed(as_of="2026-02-01")
    (folder / places.MAP).write_text("{}", encoding="utf-8")
    with pytest.warns(StalePricesWarning, match=r"the update of 2026-02-01 in .* is damaged.* and is not used"):
        assert places.current().origin == "the bundled map"


def test_an_update_that_is_swept_while_it_is_used(pointed):
    """A file that it had is missed by name; one that it never had is None."""
    folder = pointed(as_of="2026-02-01")
    found = places.current()
    assert json.loads(found.read(places.MAP)) == {"m": {"input_cost_per_token": 3e-06}}
    assert found.read(places.HISTORY) is None
    (folder / places.MAP).unlink()
    with pytest.raises(PriceDataError, match=r"model_prices\.json of the update of 2026-02-01 is gone"):
        found.read(places.MAP)


@pytest.mark.parametrize("text", ["{", "5", '{"folder": 5, "sizes": {}}', '{"folder": "map-1", "sizes": 5}'])
def test_a_pointer_that_cannot_be_read_points_to_nothing(pointed, tmp_path, text):
    """Broken, or of another form: a warning says so, and the package's prices are used."""
    pointed(as_of="2026-02-01")
    (tmp_path / places.POINTER).write_text(text, encoding="utf-8")
    with pytest.warns(StalePricesWarning, match=r"current\.json is damaged: it names no update"):
        assert places.current().origin == "the bundled map"


def test_an_update_that_comes_while_it_is_looked_for(pointed, monkeypatch):
    """The first update of a user is installed by another process between the two questions: it is no damaged one."""
    pointed(as_of="2099-01-01")
    answers = [None, places.user_update()]
    monkeypatch.setattr(places, "user_update", lambda _: answers.pop(0))
    found = answers[1]
    assert places.updated() is found


def test_without_a_home_there_is_no_update(monkeypatch):
    """The package's prices are used."""
    monkeypatch.setattr(places, "user_folder", lambda: "")
    assert places.updated() is None


@pytest.mark.parametrize("folder", [False, True])
def test_a_map_of_the_environment(monkeypatch, tmp_path, folder):
    """LLMCOST_PRICES names a file or a folder, and is stronger than an update."""
    path = tmp_path / places.MAP
    path.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path if folder else path))
    assert places.current().read(places.MAP) == b"{}"
    path.unlink()
    with pytest.raises(PriceDataError, match=r"is neither a JSON price map nor a folder"):
        places.current()


def test_an_old_update_of_an_unknown_day_says_when_it_was_fetched(pointed, monkeypatch):
    """On the 32nd day: 2026-02-02 + 31 = 2026-03-05."""
    pointed(installed="2026-02-02")
    monkeypatch.setattr(origin, "_warned", ["said"])
    monkeypatch.setenv("LLMCOST_TODAY", "2026-03-05")
    assert CostMap().rate_card("m").notes == (
        "the price map was fetched on 2026-02-02, 31 days ago, and may be older: see `llmcost update`",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_map_of_the_environment_that_is_no_file(monkeypatch, tmp_path):
    """A pipe would be waited for without end: the error names it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    monkeypatch.setenv("LLMCOST_PRICES", str(path))
    with pytest.raises(PriceDataError, match=r"pipe cannot be read: it is no regular file"):
        places.current()
