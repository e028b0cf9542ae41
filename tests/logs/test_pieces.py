"""Lines of a file that a process reads by itself, where they stand."""

from __future__ import annotations

import pytest

from llmcost.logs.pieces import Block, Piece


def test_lines_by_their_place_in_a_file(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"{}\n[]\n{}\n")
    block = Block(Piece(str(path), 3, 3), "log.jsonl", "utf-8", 2, by_line=True, of_agent=False)
    assert (block.content(), block._replace(data=b"{}\n").content()) == (b"[]\n", b"{}\n")
    # It was written anew meanwhile.
    path.write_bytes(b"{}\n[")
    with pytest.raises(OSError, match="it became shorter while it was read"):
        block.content()
