"""The end of the program: what is still to be written, and the exit code where it cannot be."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

FAILED, PIPE_CLOSED = 1, 141


def code_after(error: OSError) -> int:
    """Say what the system has refused to write, and return the exit code; a reader that has gone is told nothing."""
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED
    try:  # noqa: SIM105 - contextlib would take a sixth of the time of a status line
        print(f"Error: {error.strerror or error}", file=sys.stderr)
    except OSError:
        pass
    return FAILED


def flushed(code: object) -> object:
    """Write what is still buffered; return the exit code, which is no longer 0 where output is lost."""
    try:
        sys.stdout.flush()
    except OSError as error:
        forget(sys.stdout)
        code = code or code_after(error)
    try:
        sys.stderr.flush()
    except OSError:
        # There is no place where that could be said.
        forget(sys.stderr)
    return code


def forget(stream: TextIO) -> None:
    """Drop what is still buffered: the interpreter would fail to flush it on its way out, and say so."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
