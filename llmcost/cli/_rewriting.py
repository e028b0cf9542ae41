"""Logs that are written again with new costs, line by line: one to a file, several into a folder."""

from __future__ import annotations

import io
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from llmcost import Record
from llmcost.errors import LogError, printable
from llmcost.logs.csv_rows import is_csv
from llmcost.logs.files import Files, is_database_file
from llmcost.logs.folders import plain_name
from llmcost.logs.lines import CostedLines
from llmcost.logs.opening import encoding_of, opened
from llmcost.logs.session_call import SessionCall
from llmcost.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from llmcost.logs.reprice import Repricer


_STDIN = "--write writes standard input to a file: name no other log beside it"


class Rewrite(NamedTuple):
    """A log, and the file that it is written to with its new costs."""

    log: str
    target: str


def rewrites(write: str | None, logs: tuple[str, ...], *, force: bool) -> list[Rewrite]:
    """Return what is to be written: one log to a file, several logs, or those of a folder, into a folder.

    Raises UsageError if something that is to be kept would be lost, or a log cannot be written line by line.
    """
    if write is None:
        if force:
            raise click.UsageError("--force is about --write, which is not given")
        return []
    if len(logs) == 1 and not Path(logs[0]).is_dir():
        found = [Rewrite(logs[0], write)]
    else:
        found = _into_folder(write, logs)
    inputs = Files(logs)
    for log, target in found:
        if is_csv(log) or plain_name(log) != log or is_database_file(log):
            raise click.UsageError(
                f"--write writes logs again, line by line: {log} is packed, or CSV, or a database, and cannot be"
            )
        if inputs.source(log).of_agent:
            raise click.UsageError(f"--write: {log} is the log of an agent's sessions, which states no costs")
        _check(write, log, Path(target), force=force)
    return found


def _into_folder(write: str, logs: tuple[str, ...]) -> list[Rewrite]:
    """Return where the logs go in a folder: at the same place as in the folder that was named, else by their names."""
    folder, found = Path(write), []
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"--write {write}: several logs are written into a folder, and it is none")
    if not folder.parent.is_dir():
        raise click.UsageError(f"--write {write}: there is no folder {folder.parent}")
    for place in logs:
        root = Path(place)
        if root.is_dir() and root.resolve() in folder.resolve().parents:
            raise click.UsageError(f"--write {write}: it is in {place}, which is read: name a folder beside it")
        files = Files([place])
        for log in files.files:
            if isinstance(log, LogError) or log == "-":
                raise click.UsageError(_STDIN if log == "-" else str(log))
            found.append(Rewrite(log, str(folder / Path(log).relative_to(root if root.is_dir() else root.parent))))
    targets: dict[str, str] = {}
    for log, target in found:
        if target in targets:
            raise click.UsageError(f"--write {write}: {targets[target]} and {log} would be one file in it")
        targets[target] = log
    return found


def _check(write: str, log: str, target: Path, *, force: bool) -> None:
    if str(target) == write and not target.parent.is_dir():
        raise click.UsageError(f"--write {write}: there is no folder {target.parent}")
    if not target.exists():
        return
    if not target.is_file():
        raise click.UsageError(f"--write {target}: it is no plain file")
    if not force:
        same = log != "-" and Path(log).exists() and target.samefile(log)
        what = "is the log that is read" if same else "exists"
        raise click.UsageError(f"--write {target}: it {what}; --force replaces it, or name another file")


class Rewritten(NamedTuple):
    """A log that was written again.

    Attributes:
        target: its file.
        costed: how many calls got a cost.
        kept: how many have one, and no line of their own that it could be written to.
        of_sessions: whether it holds calls of session logs, whose lines state no costs.
    """

    target: str
    costed: int
    kept: int
    of_sessions: bool

    def __str__(self) -> str:
        said = f"{printable(self.target)}: {self.costed:,} calls with a new cost, the other lines as they were"
        if self.kept:
            said += f"; {self.kept:,} calls have no line of their own, and got none"
        return said + ("; calls of session logs state no costs, and got none" if self.of_sessions else "")


def rewrite(work: Rewrite, inputs: Files, repricer: Repricer, done: list[Rewritten]) -> Iterator[Record | LogError]:
    """Reprice the calls of a log, and write it with their new costs; yield what cannot be read, and calls of sessions.

    Only all logs together tell which calls of sessions are copies, and their lines state no costs.

    Raises:
        ClickException: the log cannot be read, or the new one cannot be written; it is as it was then.
    """
    log, target = work
    of_sessions = False
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        with _twice(log) as (binary, again), _replacing(target) as out:
            # newline="" ends lines at LF, CRLF and CR, as the line numbers of the calls do, and keeps these ends.
            text = io.TextIOWrapper(again, encoding=encoding_of(again), errors="surrogateescape", newline="")
            lines = CostedLines(text, out.write)
            for call in inputs.calls_in(binary, log):
                if isinstance(call, SessionCall):
                    of_sessions = True
                    yield call
                elif isinstance(call, Record):
                    lines.add(call, repricer.add(call, 0))
                else:
                    yield call
            lines.end()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename or log}: {error.strerror or error}") from error
    done.append(Rewritten(target, lines.costed, lines.kept, of_sessions))


@contextmanager
def _twice(log: str) -> Iterator[tuple[io.BufferedReader, io.BufferedReader]]:
    """Give a log to read twice at once. What can be read only once, such as a pipe, is copied for that."""
    if log != "-" and Path(log).is_file():
        with opened(log) as first, opened(log) as second:
            yield first, second
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "log")
        with opened(log) as binary, copy.open("wb") as out:
            shutil.copyfileobj(binary, out)
        with copy.open("rb") as first, copy.open("rb") as second:
            yield first, second


@contextmanager
def _replacing(write: str) -> Iterator[TextIO]:
    with (
        replacing(write) as path,
        path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        yield out
