"""The JSON values of a text, one by one, with the line each starts in.

One reader for JSON, JSON Lines, several documents in a row, arrays (element by element), and server-sent events
(``data: {...}``). Text is read as it is needed and forgotten when it is used: a file of any length takes the memory of
its longest value. A value that cannot be read is reported; reading goes on with the next line that looks like one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from . import data_stream
from .decoding import alone, first_of_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ..errors import LogError
    from .record import Record

    # Takes the object of a line, the number of the line and its JSON; see ``lane_of``.
    Lane = Callable[[Any, int, str | bytes], Record | LogError | bool]
    # Text, or bytes of UTF-8, each with its end; a long line may come in pieces.
    Lines = Iterable[str | bytes]

_decoder = json.JSONDecoder()
_tuple = tuple.__new__
# How a line of text or of bytes begins that holds an object, and how one of bytes ends.
_BRACE, _END = frozenset(("{", ord("{"))), ord("\n")
_EVENT_LINE = re.compile(rf"(data|event|id|retry)?:|{data_stream.LINE}")
_NEXT_START = re.compile(r"\n(?=[\[{\]]|data:|event:)")


class Value(NamedTuple):
    """A JSON value: its line, which element of an array it is, whether it came as a server-sent event, and its JSON.

    The JSON is known where the value is a line of its own.
    """

    line: int
    value: object
    element: int | None = None
    event: bool = False
    text: str | bytes | None = None


class Problem(NamedTuple):
    """Text that is no JSON value: its line, what is wrong, and whether text that follows the last may mend it."""

    line: int
    message: str
    open: bool = False


class Break(NamedTuple):
    """What comes next does not belong to what came before: the edge of an array, or ``[DONE]``."""


def values(
    lines: Lines, line: int = 1, take: Lane | None = None
) -> Iterator[Value | Problem | Break | Record | LogError]:
    """Yield the objects of a text, and what could not be read, in their order; ``line`` is the number of its first.

    ``take`` is asked for the call of each line that holds an object and nothing else; where it knows one, that is
    yielded in the place of the object.
    """
    text = _Text(lines, line)
    inside, opened = -1, 0
    while True:
        if inside < 0:
            yield from text.lines_alone(take)
        char = text.start()
        if not char:
            break
        # A byte order mark is no part of a text: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
        if char == "\ufeff" or (inside >= 0 and char == ","):
            text.skip(1)
        elif inside >= 0 and char == "]":
            text.skip(1)
            inside = -1
            yield Break()
        elif inside >= 0:
            found = text.value()
            if isinstance(found, Value):
                yield found._replace(element=inside)
                inside += 1
            else:
                yield found
                if found.line == opened:
                    # The line of the array is lost, and with it where the array would have ended.
                    inside = -1
                    yield Break()
        elif char == "{":
            yield text.value()
        elif text.startswith("[DONE]"):
            text.skip(6)
            yield Break()
        elif char == "[":
            inside, opened = 0, text.line
            text.skip(1)
            yield Break()
        elif text.at_event():
            yield from text.event()
        else:
            yield text.no_object()
    if inside >= 0:
        yield Problem(opened, "the array that starts here is not closed")


class _Text:
    """A text that is read piece by piece: what lies before ``_at`` is used up, the rest waits."""

    def __init__(self, lines: Lines, line: int) -> None:
        self._lines = iter(lines)
        self._text, self._at, self._more = "", 0, True
        self.line = line

    def lines_alone(self, take: Lane | None) -> Iterator[Value | Record | LogError]:
        """Use up and yield the lines that hold an object each and nothing else; most lines of a log are such."""
        if self._at < len(self._text):
            rest = self._text[self._at :]
            if rest.strip():
                return
            self.skip(len(rest))
        number = self.line
        line: str | bytes
        for line in self._lines:
            if line[0] not in _BRACE:
                break
            own: str | bytes = line
            try:
                value = alone(line)
                # A line of bytes has its only break at its end, or none; a text may hold several.
                one = line[-1] == _END if type(line) is bytes else line.find("\n") + 1 == len(line)  # type: ignore[arg-type]
            except (ValueError, RecursionError):
                one = False
            if one:
                lines = 1
            else:
                # It does not end with its only line break, or takes a longer look.
                own = _text(line)
                try:
                    value, rest = first_of_line(own)
                except (ValueError, RecursionError):
                    break
                if rest.strip():
                    break
                lines = rest.count("\n")
            found = False if take is None else take(value, number, own)
            if found is False:
                # By hand: this is made for many lines, and the class would bind its names.
                yield _tuple(Value, (number, value, None, False, own))
            elif found is not True:
                yield found
            number += lines
        else:
            line = ""
        self.line = number
        self._text, self._at, self._more = _text(line), 0, line != ""

    def start(self) -> str:
        """Return the next character that is no space, without using it; empty at the end."""
        while True:
            rest = len(self._text) - self._at
            if rest and (char := self._text[self._at]).isspace() is False:
                return char
            bare = self._text[self._at :].lstrip()
            self.skip(rest - len(bare))
            if not bare and not self._grow(1):
                return ""

    def startswith(self, word: str) -> bool:
        """Return whether the text goes on with a word."""
        return self._text.startswith(word, self._at)

    def skip(self, characters: int) -> None:
        """Use up some characters."""
        end = self._at + characters
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def value(self) -> Value | Problem:
        """Consume one JSON value and return it; after text that is no value, go on at the next start of one."""
        line = self.line
        while True:
            cut_off = False
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut_off = self._cut_off(error)
                if cut_off and self._grow(len(self._text) - self._at):
                    continue
                place = line + self._text.count("\n", self._at, error.pos)
                column = error.pos - self._text.rfind("\n", 0, error.pos)
                what = error.msg.removesuffix(" at")
                if what == "Invalid control character" and self._text[error.pos] == "\n":
                    what = "a text is not closed by the end of its line"
                message = f"no JSON: {what} (line {place}, column {column})"
            except (ValueError, RecursionError) as error:
                # A number of thousands of digits, or brackets a thousand deep.
                message = f"no JSON that can be read: {error}"
            else:
                self.skip(end - self._at)
                return Value(line, value)
            self._resume()
            return Problem(line, message, cut_off)

    def no_object(self) -> Problem:
        """Return what is wrong with text that does not start an object; go on at the next start of one."""
        line, word = self.line, self._text[self._at : self._at + 40].splitlines()[0]
        self._resume()
        return Problem(line, f"expected a JSON object or array, found {word!r}")

    def _cut_off(self, error: json.JSONDecodeError) -> bool:
        """Return whether the rest of a value, which is not read yet, may make it right."""
        return error.msg.startswith("Unterminated string") or len(self._text) - error.pos < _LITERAL

    def _grow(self, characters: int) -> bool:
        """Read on, by lines and at least so many characters; return whether there was anything."""
        pieces, count = [self._text[self._at :]], 0
        while self._more and count < characters:
            piece = _text(next(self._lines, ""))
            self._more = piece != ""
            pieces.append(piece)
            count += len(piece)
        if count:
            self._text, self._at = "".join(pieces), 0
        return count > 0

    def _resume(self) -> None:
        """Use up what cannot be read, up to the next line that starts like a value."""
        while True:
            found = _NEXT_START.search(self._text, self._at)
            if found is not None:
                self.skip(found.end() - self._at)
                return
            # Kept: the line break that the start of the next piece may follow.
            self.skip(max(len(self._text) - self._at - 1, 0))
            if not self._grow(1):
                self.skip(len(self._text) - self._at)
                return

    # Server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html

    def at_event(self) -> bool:
        """Return whether a line of an event stream comes next."""
        return _EVENT_LINE.match(self._text, self._at) is not None

    def event(self) -> Iterator[Value | Problem | Break]:
        """Use up one line of an event stream, or the lines over which its data goes on."""
        line, data = self.line, self._data()
        if data is None or not data.strip():
            return
        if data.strip() == "[DONE]":
            yield Break()
            return
        while True:
            try:
                value = json.loads(data)
            except (ValueError, RecursionError) as error:
                problem = Problem(line, f"no JSON: {error}")
            else:
                yield Value(line, value, event=True)
                return
            if not self._line_ready() or not self.startswith("data:"):
                yield problem
                return
            more_line, more = self.line, self._data() or ""
            if more.lstrip().startswith(("{", "[DONE]")):
                # A new event begins, so that the one before never ended.
                yield problem
                line, data = more_line, more
                if data.strip() == "[DONE]":
                    yield Break()
                    return
            else:
                data += "\n" + more

    def _line_ready(self) -> bool:
        return self._at < len(self._text) or self._grow(1)

    def _data(self) -> str | None:
        """Use up a line; return what follows ``data:``, or the part that it states; None if it is another field."""
        end = self._text.find("\n", self._at)
        while end < 0 and self._grow(len(self._text) - self._at):
            end = self._text.find("\n", self._at)
        line = self._text[self._at : end if end >= 0 else len(self._text)]
        self.skip(len(line) + (end >= 0))
        return line.removeprefix("data:") if line.startswith("data:") else data_stream.part_of(line)


def _text(line: str | bytes) -> str:
    return line if isinstance(line, str) else line.decode("utf-8", "replace")


# The longest literal of JSON as Python reads it, -Infinity, may be cut anywhere.
_LITERAL = 10
