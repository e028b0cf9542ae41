"""The end of the program: what cannot be written any more, and the exit code then."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from llmcost.cli._ending import flushed


class Refusing:
    """A stream that takes all, and can write none of it."""

    def __init__(self, error):
        self.error = error

    def flush(self):
        raise self.error

    def fileno(self):
        raise ValueError("no file")


@pytest.mark.parametrize(
    ("error", "codes", "said"),
    [
        (OSError(28, "No space left on device"), [1, 2], "Error: No space left on device\n"),
        (BrokenPipeError(32, "Broken pipe"), [141, 2], ""),
    ],
)
def test_output_that_is_lost(monkeypatch, capsys, error, codes, said):
    """It is no success any more; a code that is one already stays, and what it is of was said."""
    monkeypatch.setattr(sys, "stdout", Refusing(error))
    assert [flushed(0), flushed(2)] == codes
    assert capsys.readouterr().err == said


def test_messages_that_are_lost(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Refusing(OSError(28, "No space left on device")))
    assert [flushed(0), flushed(2)] == [0, 2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is full")
def test_what_is_lost_is_not_written_once_more(monkeypatch, capsys):
    """The interpreter flushes its streams at its end, and would say that it fails."""
    full = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - closed below
    full.write("x")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        assert flushed(0) == 1
    full.close()
    assert capsys.readouterr().err == "Error: No space left on device\n"
