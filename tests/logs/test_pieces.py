"""Blocks of whole lines of a file, and where their lines stand."""

from __future__ import annotations

import gc
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.logs import pieces
from llmcost.logs.opening import opened
from llmcost.logs.pieces import Block, Cutter, Piece
from llmcost.logs.source import Source
from tests.logs.small_blocks import cut_small

CALL = b'{"object": "chat.completion", "choices": [{"message": {}}], "usage": {"completion_tokens": 1}}'
OPEN = b'{"choices": [{"index": 0, "delta": {}}]}'


def cut(path, shared=0):
    """The blocks of a file."""
    with opened(str(path)) as binary:
        cutter = Cutter(Source(str(path)), binary, str(path), shared)
        return [block for block, _ in iter(cutter.next, None)]


def test_lines_by_their_place_in_a_file(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"{}\n[]\n{}\n")
    block = Block(Piece(str(path), 3, 3), "log.jsonl", "utf-8", 2, by_line=True, of_agent=False)
    assert (block.content(), block._replace(data=b"{}\n").content()) == (b"[]\n", b"{}\n")
    # It was written anew meanwhile.
    path.write_bytes(b"{}\n[")
    with pytest.raises(OSError, match="it became shorter while it was read"):
        block.content()


def test_a_file_that_is_gone(tmp_path, monkeypatch):
    """It is an error of the system, and nothing of ours fails once more when its memory is freed."""
    failed = []
    monkeypatch.setattr(sys, "unraisablehook", failed.append)
    with pytest.raises(FileNotFoundError):
        Piece(str(tmp_path / "log.jsonl"), 3, 3).opened()
    gc.collect()
    assert not failed


@given(
    lines=st.lists(st.sampled_from([CALL, OPEN, b"", b"  ", b"{", b"[1,", b"x" * 100]), max_size=12),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=12, max_size=12),
    at_end=st.booleans(),
    size=st.integers(1, 300),
    read=st.integers(1, 300),
)
def test_blocks_are_all_lines_in_their_order(tmp_path_factory, lines, ends, at_end, size, read):
    """Each knows the number of its first line, and of its last one that is not blank, by any line break."""
    text = b"".join(line + end for line, end in zip(lines, ends, strict=False))
    path = tmp_path_factory.mktemp("cut") / "log.jsonl"
    path.write_bytes(text if at_end else text.rstrip(b"\r\n"))
    with pytest.MonkeyPatch.context() as patch:
        cut_small(patch, size, read)
        blocks = cut(path)
    before = b""
    for block in blocks:
        assert block.line == 1 + len(before.splitlines())
        data = block.content()
        before += data
        assert data.endswith(b"\n") or before == path.read_bytes()
        written = data.rstrip().splitlines()
        assert block.last_line == block.line + max(0, len(written) - 1)
        assert block.ends_in_object == (bool(written) and written[-1].startswith(b"{"))
    assert before == path.read_bytes()
    for one, other in pairwise(blocks):
        joined = one.joined(other)
        assert joined.content() == one.content() + other.content()
        assert joined.line == one.line
        assert joined.last_line == (other.last_line if other.content().strip() else one.last_line)


def test_a_block_ends_after_a_line_that_stands_alone(tmp_path, monkeypatch):
    """The chunks before such a line are of the same block; of more than are looked at, a stream is cut."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"\n".join([OPEN, OPEN, OPEN, CALL, OPEN, CALL]))
    cut_small(monkeypatch, 10)
    assert [block.line for block in cut(path)] == [1, 5]
    monkeypatch.setattr(pieces, "_MOST_LOOKED_AT", 1)
    assert [block.line for block in cut(path)] == [1, 3, 5]


def test_a_large_file_is_cut_into_larger_blocks(tmp_path, monkeypatch):
    """At least eight for each process, and none above the largest; the calls that are handed on come in small ones."""
    path = tmp_path / "log.jsonl"
    path.write_bytes((CALL + b"\n") * 1600)
    cut_small(monkeypatch, len(CALL))
    monkeypatch.setattr(pieces, "_LARGE", 100 * len(CALL))
    # Blocks of 1 line; of 99, which 100 lines without their ends reach into; of 1600 / 8 / 4, and the line after those.
    assert [len(cut(path, shared)) for shared in (0, 1, 2, 4)] == [1600, 17, 17, 32]
