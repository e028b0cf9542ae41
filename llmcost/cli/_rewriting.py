"""Logs that are written again with new costs, line by line: one to a file, several into a folder."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from llmcost import Record
from llmcost.errors import LogError
from llmcost.logs.csv_rows import is_csv
from llmcost.logs.files import Files, is_database_file, name_of
from llmcost.logs.folders import plain_name
from llmcost.logs.lines import line_of, with_cost
from llmcost.logs.opening import encoding_of, opened
from llmcost.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from llmcost.core.cost import Cost
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
    for log, target in found:
        if is_csv(log) or plain_name(log) != log or is_database_file(log):
            raise click.UsageError(
                f"--write writes logs again, line by line: {log} is packed, or CSV, or a database, and cannot be"
            )
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
            if files.source(log).of_agent:
                raise click.UsageError(f"--write: {log} is the log of an agent's sessions, which states no costs")
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


def rewrite(work: Rewrite, repricer: Repricer) -> int:
    """Reprice the lines of a log, and write it with its new costs; return how many lines got one.

    Raises:
        ClickException: the log cannot be read, or the new one cannot be written; it is as it was then.
    """
    priced = 0
    log, target = work
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        with opened(log) as binary, _replacing(target) as out:
            text = io.TextIOWrapper(binary, encoding=encoding_of(binary), errors="surrogateescape", newline="\n")
            try:
                for number, line in enumerate(text, 1):
                    cost = _priced(repricer, line, number, name_of(log)) if line.strip() else None
                    priced += cost is not None
                    # A line without a new cost stays as it is, to the last byte.
                    out.write(line if cost is None else _line(with_cost(line_of(line), cost), line))
            finally:
                # Closing the wrapper would close standard input.
                text.detach()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename or log}: {error.strerror or error}") from error
    return priced


def _priced(repricer: Repricer, line: str, number: int, source: str) -> Cost | None:
    try:
        call = Record(line_of(line), source, number)
    except ValueError as error:
        repricer.fail(error, number, source)
        return None
    return repricer.add(call, number)


def _line(record: object, before: str) -> str:
    ending = before[len(before.rstrip("\r\n")) :]
    return json.dumps(record, ensure_ascii=False) + ending


@contextmanager
def _replacing(write: str) -> Iterator[TextIO]:
    with (
        replacing(write) as path,
        path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        yield out
