"""Files that are written whole or not at all: what stays, what is replaced, and what is written to in its place."""

from __future__ import annotations

import os
import stat
import threading

import pytest

import llmcost
from llmcost.replacing import replacing, sync_folder, write_whole


@pytest.fixture
def sheet():
    return llmcost.rate_sheet(llmcost.CostMap({"m": {"input_cost_per_token": 1e-06}}), meters=["input"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_replaced_file_keeps_its_permissions(tmp_path, sheet):
    """A rate sheet that others may not read stays so."""
    path = tmp_path / "rates.json"
    path.write_text("before")
    path.chmod(0o640)
    sheet.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert llmcost.Sheet.load(path) == sheet


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name on this system")
def test_a_pipe_is_written_to(tmp_path, sheet):
    """It is not replaced by a file: its reader gets the text."""
    path, read = tmp_path / "rates.json", []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: read.append(path.read_text()), daemon=True)
    reader.start()
    sheet.save(path)
    # Without a writer the reader would wait for ever.
    reader.join(10)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert '"unit"' in read[0]


def test_an_error_names_the_file_that_was_asked_for(tmp_path, monkeypatch):
    """And not the one that becomes it; what was there before stays, and nothing else lies about."""
    with pytest.raises(FileNotFoundError) as error:
        write_whole(tmp_path / "no" / "file", "text")
    assert error.value.filename == str(tmp_path / "no" / "file")
    path = tmp_path / "file"
    path.write_text("before")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as error:
        write_whole(path, "after")
    assert error.value.filename == str(path)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert path.read_text() == "before"


def test_a_private_file_is_for_its_owner(tmp_path):
    """Also where the file before could be read by all."""
    path = tmp_path / "page.html"
    path.write_text("before")
    path.chmod(0o644)
    with replacing(path, private=True) as new:
        new.write_text("after")
    assert path.read_text() == "after"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_sheet_that_could_not_be_saved_is_none(tmp_path, sheet):
    """Of a folder, half a save would be the names of one sheet with the rates of another."""
    sheet.save(tmp_path / "s.csv")
    with pytest.raises(llmcost.PriceDataError, match="surrogates"):
        llmcost.rate_sheet(["\ud800"]).save(tmp_path / "s.csv")
    with pytest.raises(llmcost.PriceDataError, match="is no rate sheet"):
        llmcost.Sheet.load(tmp_path / "s.csv")
    sheet.save(tmp_path / "s.csv")
    assert llmcost.Sheet.load(tmp_path / "s.csv") == sheet


def test_a_folder_is_synced_where_that_can_be_done(tmp_path, monkeypatch):
    """Windows opens no folder."""
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "no")
    sync_folder(tmp_path)
    monkeypatch.setattr(os, "name", "nt")
    sync_folder("no")
