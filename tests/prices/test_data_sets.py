"""Files of prices: what is read whole, and what is refused before it is."""

from __future__ import annotations

import os

import pytest

from llmcost.prices.data_sets import open_regular, read_regular


def test_a_file_is_read_up_to_the_largest_size(tmp_path):
    """Four bytes of at most four; the fifth is too many."""
    path = tmp_path / "map.json"
    path.write_bytes(b"1234")
    assert read_regular(path, 4) == read_regular(str(path)) == b"1234"
    path.write_bytes(b"12345")
    with pytest.raises(ValueError, match="it is larger than 4 bytes: no price map is"):
        read_regular(path, 4)


def test_a_file_that_grows(tmp_path, monkeypatch):
    """Five bytes where four were there: half a file is no price map."""
    path = tmp_path / "map.json"
    path.write_bytes(b"1234")
    before = path.stat()
    monkeypatch.setattr(os, "fstat", lambda _: before)
    path.write_bytes(b"12345")
    with pytest.raises(ValueError, match="it grew while it was read"):
        read_regular(path)


def test_a_size_is_written_for_people(tmp_path):
    """Thousands are set apart."""
    path = tmp_path / "map.json"
    path.write_bytes(b" " * 1235)
    with pytest.raises(ValueError, match=r"larger than 1,234 bytes"):
        read_regular(path, 1234)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    """Nobody writes to it, so that reading it would never end."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(ValueError, match="it is no regular file"):
        read_regular(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_pipe_where_one_may_be(tmp_path):
    """What was written to it is read; a device is refused there too."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    both = os.open(path, os.O_RDWR)
    os.write(both, b"written")
    with open_regular(path, pipes=True) as file:
        os.close(both)
        assert file.read() == b"written"
    with pytest.raises(ValueError, match="it is no regular file"):
        open_regular("/dev/zero", pipes=True)


def test_a_file_that_is_not_there(tmp_path):
    """The system's own error, which callers tell from the others."""
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "none.json")


def test_a_system_without_such_pipes(tmp_path, monkeypatch):
    """A file is opened where the system knows no opening without waiting, as Windows."""
    monkeypatch.delattr(os, "O_NONBLOCK", raising=False)
    file = tmp_path / "map.json"
    file.write_bytes(b"{}")
    with open_regular(file) as opened:
        assert opened.read() == b"{}"
