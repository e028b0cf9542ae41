"""Where prices are read from: every place, on every platform, and what is not there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import importlib_resources
import pytest

from llmcost import PriceDataError, UpdateError
from llmcost.prices import places, update
from llmcost.prices.differences import Change
from llmcost.prices.update import Report


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
        ("win32", {"LOCALAPPDATA": ""}, "/home/ada/AppData/Local/llmcost/prices/"),
        ("darwin", {}, "/home/ada/Library/Application Support/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": ""}, "/home/ada/.local/share/llmcost/prices/"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "/home/ada/.local/share/llmcost/prices/"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the paths here are POSIX paths")
def test_the_users_folder_on_every_platform(monkeypatch, platform, environment, expected):
    """Each platform's own place for application data."""
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in {"HOME": "/home/ada", **environment}.items():
        monkeypatch.setenv(name, value)
    assert places.user_folder() == expected


@pytest.mark.parametrize("text", ["{", "[1]", "5", "[" * 100_000])
def test_facts_that_cannot_be_read_are_none(tmp_path, text):
    """A broken map_info.json says nothing."""
    (tmp_path / places.INFO).write_text(text, encoding="utf-8")
    assert places.info_of(places.DataSet("here", (str(tmp_path) + os.sep,))) == {}
    assert places.info_of(places.DataSet("nowhere", ())) == {}


def test_an_update_is_intact_if_every_file_has_its_size(tmp_path):
    """A missing file, another size, or no map at all: it is not."""
    (tmp_path / places.MAP).write_bytes(b"{}")
    place = str(tmp_path) + os.sep
    assert places.intact(place, {"sizes": {places.MAP: 2}})
    for sizes in ({places.MAP: 3}, {places.MAP: 2, places.HISTORY: 2}, {}):
        assert not places.intact(place, {"sizes": sizes})


def test_a_report_says_what_an_update_did():
    """In one line."""
    changes = (Change("added", "m"), Change("changed", "n"))
    assert str(Report(unchanged=True)) == "the prices are up to date"
    assert str(Report(changes, "2026-11-01", installed=True)) == (
        "prices of 2026-11-01: 1 added, 0 removed, 1 changed; installed"
    )
    assert str(Report(changes)) == "prices of unknown date: 1 added, 0 removed, 1 changed; not installed"


def test_a_folder_that_cannot_be_written(monkeypatch, tmp_path):
    """The last prices stay in use, and the error says where it failed."""
    data = tmp_path / "data"
    data.mkdir()
    (data / places.MAP).write_text('{\n"m":{"input_cost_per_token":1e-06}\n}\n', encoding="utf-8")
    monkeypatch.setattr(places, "PACKAGED", places.DataSet("the bundled map", (str(data) + os.sep,)))
    (tmp_path / "file").write_text("", encoding="utf-8")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    newer = tmp_path / "newer.json"
    newer.write_text('{\n"m":{"input_cost_per_token":2e-06}\n}\n', encoding="utf-8")
    with pytest.raises(UpdateError, match=r"cannot be written to .*; the last prices stay in use"):
        update.update(str(newer), accept=True)


def test_folders_are_synced_where_that_can_be_done(monkeypatch, tmp_path):
    """Windows cannot, and some file systems refuse; the files themselves are written."""
    synced = []

    def fsync(handle):
        synced.append(handle)
        raise OSError

    monkeypatch.setattr(os, "fsync", fsync)
    update._sync(str(tmp_path))
    assert len(synced) == 1
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        update._sync(str(tmp_path / "nowhere"))
    assert len(synced) == 1


def test_the_packaged_data_is_there():
    """The map and everything beside it."""
    for name in (places.MAP, places.HISTORY, places.PROVENANCE, places.INFO):
        assert json.loads(places.PACKAGED.read(name) or b"null"), name
    assert Path(places._PACKAGED[1], places.MAP).exists()
