"""A terminal of some width: what a command of the program writes there, with its colours."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")


def screen(arguments: list[str], columns: int, environment: Mapping[str, str]) -> str:
    """Return what ``llmcost`` writes to a terminal of so many columns, errors included.

    Raises RuntimeError if it fails.
    """
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    own = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
    own |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1", **environment}
    command = [sys.executable, "-m", "llmcost", *arguments]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=own)
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65_536)
        except OSError:
            # Linux says so when the last writer has gone.
            break
        if not piece:
            break
        written += piece
    os.close(leader)
    text = written.decode().replace("\r\n", "\n")
    if process.wait():
        raise RuntimeError(f"llmcost {' '.join(arguments)} ended with {process.returncode}:\n{text}")
    return text


def bare(text: str) -> str:
    """Return what a terminal shows, without its colours."""
    return _ESCAPE.sub("", text)
