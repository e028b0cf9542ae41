"""A progress bar on a terminal: it knows its end, and what is read is what is read without it."""

from __future__ import annotations

import json
import sys

import pytest

from llmcost.cli import _progress
from llmcost.logs.files import Files


class Terminal:
    """A standard error that is a terminal, and keeps what is written to it."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass


@pytest.fixture
def files(tmp_path, completion):
    file = tmp_path / "log.jsonl"
    file.write_text((json.dumps(completion()) + "\n") * 1000)
    return Files([str(file)])


@pytest.mark.parametrize("silent", [True, False])
def test_a_long_input_has_a_bar(files, monkeypatch, silent):
    """Not while rows are written to the terminal."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(_progress, "_LONG_INPUT", 10)
    monkeypatch.setenv("TERM", "xterm")
    assert len(list(_progress.watched(files, files, lambda: silent, "calls"))) == 1000
    assert ("calls" in terminal.text) is silent
    assert files.done == files.total


def test_a_short_input_and_a_pipe_have_none(files, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert len(list(_progress.watched(files, files))) == 1000
    assert terminal.text == ""
