"""Blocks of a few bytes, so that a short file is cut in many places."""

from __future__ import annotations

from llmcost.logs import pieces


def cut_small(monkeypatch, size, read=1 << 16):
    """Cut files into blocks of ``size`` bytes, of which ``read`` are read at once."""
    for name in ("_BLOCK", "_LARGE"):
        monkeypatch.setattr(pieces, name, size)
    monkeypatch.setattr(pieces, "_AT_ONCE", read)
