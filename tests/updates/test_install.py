"""Putting an update in place: where the folder of updates cannot be written to, or not be synced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmcost import UpdateError
from llmcost.prices import places
from llmcost.updates import install, update


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
    install._sync(str(tmp_path))
    assert len(synced) == 1
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        install._sync(str(tmp_path / "nowhere"))
    assert len(synced) == 1


def test_a_pointer_that_cannot_be_replaced(monkeypatch, tmp_path):
    """The update before stays in use, and neither the new one nor half a pointer stays on the disk."""
    folder = f"{tmp_path}{os.sep}"
    first = install.install({places.MAP: b"{}"}, {"as_of": "2026-11-01"}, folder)
    before = sorted(path.name for path in tmp_path.iterdir())

    def refuse(source, target):
        raise PermissionError(13, "in use by another program", target)

    with monkeypatch.context() as locked:
        locked.setattr(Path, "replace", refuse)
        with pytest.raises(UpdateError, match=r"in use by another program.*; the last prices stay in use"):
            install.install({places.MAP: b'{"m":{}}'}, {"as_of": "2026-11-02"}, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert places.pointed(folder)["folder"] == Path(first).name
