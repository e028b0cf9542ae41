"""Packed files: read as what they hold, and damage is an error of the file."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest

from llmcost import LogError, read_log
from llmcost.errors import MissingDependencyError
from llmcost.logs import opening
from llmcost.logs.files import Files

CALLS = [{"model": "gpt-4o", "usage": {"input": 1000 + number, "output": 10}} for number in range(2000)]
TEXT = "".join(json.dumps(call) + "\n" for call in CALLS).encode()


def packed(kind):
    if kind == "gz":
        # Two members in a row, as a log has to which somebody appended.
        return gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:])
    zstandard = pytest.importorskip("zstandard")
    return zstandard.compress(TEXT[:5000]) + zstandard.compress(TEXT[5000:])


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_a_packed_log_is_the_log(tmp_path, kind):
    plain, file = tmp_path / "log.jsonl", tmp_path / f"log.jsonl.{kind}"
    plain.write_bytes(TEXT)
    file.write_bytes(packed(kind))
    said = [(call.place.replace(f".{kind}", ""), call.usage) for call in read_log(file)]
    assert said == [(call.place, call.usage) for call in read_log(plain)]
    assert said[0][0].endswith("log.jsonl:1")
    plain.unlink()
    assert len(list(read_log(tmp_path))) == len(CALLS)


def test_packed_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(packed("gz")))))
    assert len(list(read_log("-"))) == len(CALLS)


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_damage_is_an_error_after_what_could_be_read(tmp_path, kind):
    file = tmp_path / f"log.jsonl.{kind}"
    whole = packed(kind)
    file.write_bytes(whole[: len(whole) - 40])
    errors = []
    found = list(read_log(file, on_error=errors.append))
    assert 0 < len(found) < len(CALLS)
    assert [error.source for error in errors][-1] == str(file)
    assert "cannot be read: it is packed, and damaged" in str(errors[-1])
    file.write_bytes(whole[:2000] + b"\0" * 40 + whole[2000:])
    with pytest.raises(LogError, match=r"damaged|no JSON"):
        list(read_log(file))


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("rest", [1, 2, 4, 20])
def test_a_packed_log_that_is_cut_off_is_an_error(tmp_path, kind, rest):
    """Wherever it ends: also between two lines, before the first one, and where its check sum alone is missing."""
    file = tmp_path / f"log.jsonl.{kind}"
    whole = packed(kind)
    for data in (whole[:-rest], whole[: rest + 4], whole + whole[: rest + 4]):
        file.write_bytes(data)
        errors = []
        list(read_log(file, on_error=errors.append))
        assert "cannot be read: it is packed, and damaged: " in str(errors[-1])
    file.write_bytes(whole + whole)
    assert len(list(read_log(file))) == 2 * len(CALLS)


def test_frames_of_zstandard(tmp_path):
    """With and without their sizes and check sums, empty ones, and such that are passed over, in any order."""
    zstandard = pytest.importorskip("zstandard")
    half = len(TEXT) // 2
    made = zstandard.ZstdCompressor(write_checksum=True, write_content_size=False)
    passed_over = b"\x50\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"
    frames = [made.compress(TEXT[:half]), made.compress(b""), passed_over, zstandard.compress(TEXT[half:])]
    file = tmp_path / "log.jsonl.zst"
    file.write_bytes(b"".join(frames))
    assert len(list(read_log(file))) == len(CALLS)
    file.write_bytes(b"".join(frames) + passed_over[:-1])
    with pytest.raises(LogError, match="in the middle of a frame"):
        list(read_log(file))
    file.write_bytes(b"".join(frames) + b"\0" * 7)
    with pytest.raises(LogError, match="damaged"):
        list(read_log(file))


def test_without_its_package(tmp_path, monkeypatch):
    file = tmp_path / "log.jsonl.zst"
    file.write_bytes(packed("zst"))
    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match=r"log\.jsonl\.zst.*pip install zstandard") as error:
        list(read_log(file))
    assert error.value.extra == "zstd"


def test_progress_is_of_the_packed_bytes(tmp_path):
    file = tmp_path / "log.jsonl.gz"
    file.write_bytes(packed("gz"))
    files = Files([str(file)])
    seen = [files.done for _ in files]
    assert files.total == file.stat().st_size
    assert seen == sorted(seen)
    assert 0 < seen[0] <= files.done == files.total


def test_a_file_that_the_collector_closes_first_is_left_in_silence(tmp_path):
    """Where nobody reads on, the collector closes the file, and then what reads it, in any order."""
    path = tmp_path / "calls.jsonl"
    path.write_text("{}\n")
    files = Files([str(path)])
    with files.opened(str(path)) as binary:
        binary.close()
    assert files.done == 0


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such devices")
def test_a_device_without_an_end_is_no_log():
    """Its first line would never end; the empty device is an empty file, and a name too long is none."""
    for device in ("/dev/zero", "/dev/full", "/dev/urandom"):
        with pytest.raises(LogError, match=f"^{device}: cannot be read: it is a device, and no file"):
            list(read_log(device))
    assert list(read_log("/dev/null")) == []
    (found,) = Files(["x" * 5000]).files
    assert isinstance(found, LogError)
    assert found.reason == "no such file or folder"
