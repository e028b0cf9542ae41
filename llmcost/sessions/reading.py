"""What new lines of a file of sessions state."""

from __future__ import annotations

import json
import os
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from ..core.late import Late
from ..errors import printable
from ..logs import keywords
from ..logs.session_format import kind_of
from ..logs.session_formats import NAMED, format_of, may_be_of_session

if TYPE_CHECKING:
    from io import BufferedReader

    from ..logs import opening, values
    from ..logs.session_format import Fields, Found, Lines
    from ..logs.session_formats import Format
    from .progress import State
else:
    # A status line reads a few lines of a plain file, each with a value.
    opening, values = Late("llmcost.logs.opening"), Late("llmcost.logs.values")

# Of the lines of one file that cannot be read, so many are kept; the others are counted.
_MOST_PROBLEMS = 20


class Line(NamedTuple):
    """A call, and where it stands."""

    found: Found
    format: Format
    line: int


class Batch:
    """What new lines state.

    Attributes:
        calls: by format and key, of several lines of a file the one that counts.
        copies: how many lines state a call once more.
        passed: how many are no calls, by what they are.
        problems: lines that cannot be read, and why; ``unread`` is how many there are.
    """

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str], Line] = {}
        self.copies = self.unread = 0
        self.passed: dict[str, int] = {}
        self.problems: list[tuple[int, str]] = []

    def add(self, found: Found, form: Format, line: int) -> None:
        """Take a call of a line; one with a wrong time is no line of a call that others state too."""
        time = found.beside.get("time")
        if time is not None and time != "":
            try:
                keywords.whole_seconds("time", time)
            except ValueError as error:
                self.cannot(line, printable(error))
                return
        key = (form.name, found.mark.key)
        before = self.calls.get(key)
        if before is not None:
            self.copies += 1
            if before.found.mark.weight >= found.mark.weight:
                return
        self.calls[key] = Line(found, form, line)

    def cannot(self, line: int, reason: str, *, kept: bool = False) -> None:
        """Take a line that cannot be read; ``kept``: it is kept, however many there are."""
        self.unread += 1
        if kept or len(self.problems) < _MOST_PROBLEMS:
            self.problems.append((line, reason))


def read_on(state: State, binary: BufferedReader, most: int) -> Batch:
    """Return what the next lines state, of about so many bytes; the state goes on behind them."""
    batch = Batch()
    form = NAMED.get(state.format or "")
    lines = None if form is None else form.lines()
    if lines is not None:
        lines.go_on(json.loads(state.state))
    reader = _Reader(state.path, batch, form, lines)
    if state.packed:
        _unpack(state, binary, reader)
    elif state.whole:
        content = binary.read()
        state.offset, state.line = len(content), 1
        reader.whole(content)
    else:
        binary.seek(state.offset)
        until = state.offset + most
        while state.offset < until:
            raw = binary.readline()
            if not raw:
                break
            if not reader.line(raw, state.line):
                # It may still be written; it is read again when it is whole.
                break
            state.offset += len(raw)
            state.line += 1
    if reader.form is not None and reader.lines is not None:
        state.format, state.state = reader.form.name, json.dumps(reader.lines.state())
    state.copies += batch.copies
    return batch


def _unpack(state: State, binary: BufferedReader, reader: _Reader) -> None:
    """Read all that a packed file holds; the state goes on behind it."""
    text = opening.unpacked(binary, state.path)
    try:
        if state.whole:
            reader.whole(text.read())
        else:
            for raw in text:
                reader.line(raw, state.line)
                state.line += 1
    except OSError as error:
        # What was read before the damage stands.
        reader.batch.cannot(state.line, printable(error), kept=True)
    state.offset = os.fstat(binary.fileno()).st_size


class _Reader:
    """Lines of a file, and their format."""

    def __init__(self, path: str, batch: Batch, form: Format | None, lines: Lines | None) -> None:
        self.path, self.batch, self.form, self.lines = path, batch, form, lines

    def line(self, raw: bytes, number: int) -> bool:
        """Read a line; return whether it is whole."""
        whole = raw.endswith(b"\n")
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            return whole
        text = raw.decode("utf-8", "replace")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            if whole and self._several(text, number):
                return True
            end = "" if whole else "the file ends in the middle of a line: "
            self.batch.cannot(number, f"{end}no JSON: {error}", kept=not whole)
            return whole
        for part in value if isinstance(value, list) else [value]:
            self._value(part, number)
        return True

    def _several(self, text: str, number: int) -> bool:
        """Read the values of a line in which two programs wrote at once; return whether there is any."""
        found = list(values.values(StringIO(text), number))
        if not any(isinstance(item, values.Value) for item in found):
            return False
        for item in found:
            if isinstance(item, values.Value):
                self._value(item.value, number)
            elif isinstance(item, values.Problem):
                self.batch.cannot(number, item.message)
        return True

    def whole(self, content: bytes) -> None:
        """Read a file that is one value."""
        try:
            value = json.loads(content.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError) as error:
            self.batch.cannot(1, f"no JSON: {error}")
            return
        for part in value if isinstance(value, list) else [value]:
            self._value(part, 1)

    def _value(self, value: object, number: int) -> None:
        batch = self.batch
        if not isinstance(value, dict):
            batch.cannot(number, f"expected an object, found {type(value).__name__}")
            return
        lines = self._known(value)
        if lines is None:
            kind = kind_of(value)
        else:
            try:
                found = lines.read(value, (self.path, number))
            except ValueError as error:
                batch.cannot(number, printable(error))
                return
            if not isinstance(found, str):
                for call in found:
                    batch.add(call, self.form, number)  # type: ignore[arg-type]
                return
            kind = found
        batch.passed[kind] = batch.passed.get(kind, 0) + 1

    def _known(self, fields: Fields) -> Lines | None:
        """Return the reader of a line; None if it is of no format that is known."""
        if self.lines is not None and self.lines.knows(fields):
            return self.lines
        form = format_of(fields) if may_be_of_session(fields) else None
        if form is None:
            return None
        self.form, self.lines = form, form.lines()
        return self.lines
