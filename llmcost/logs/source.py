"""Where records are read from."""

from __future__ import annotations

from itertools import chain

from ..errors import LogError
from .folders import plain_name
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .session_format import Lines
    from .session_formats import Format
    from .values import Value

# Files that hold a value a line.
LINES = (".jsonl", ".ndjson")
_BY_LINE = (*LINES, ".csv")


class Source:
    """What records are read from, and how their places in it are told.

    Attributes:
        name: the file as it was named, or ``stdin``.
        by_line: whether its values stand one a line, so that a place always has its line.
        first: the line of the first record.
        keeps_text: whether a record keeps the text of its line, from which it can be read again.
        of_agent: whether it is a file of a coding agent, in which an unknown line counts as no call.
        sums: spans that add up the calls of other spans, and are no calls; with the line of the first.
        session: the format of the session log of a coding agent that the last such line belongs to, and its reader;
            None before one.
        taken: the line of the last call that was handed to a sink and not yielded; 0 before one.
        cut_off: whether something could not be read that text which follows may mend.
        passed: how many lines of session logs are no calls, by what they are; ``passed_line`` is the last of them.
    """

    def __init__(self, name: str, *, by_line: bool | None = None, of_agent: bool = False) -> None:
        self.name, self.of_agent = name, of_agent
        self.by_line = plain_name(name).endswith(_BY_LINE) or name == "stdin" if by_line is None else by_line
        self.keeps_text = False
        self.first: int | None = None
        self.sums, self.first_sum = 0, 0
        self.session: tuple[Format, Lines] | None = None
        self.taken, self.cut_off = 0, False
        self.passed: dict[str, int] = {}
        self.passed_line = 0

    def leaves_out(self, spans: int, line: int) -> None:
        """Count spans that are not priced, since the calls that they add up are."""
        if spans:
            self.first_sum = self.first_sum or line
            self.sums += spans

    def passes(self, kind: str, line: int) -> None:
        """Count a line that is no call, and no error either."""
        self.passed[kind] = self.passed.get(kind, 0) + 1
        self.passed_line = line

    def sums_alone(self) -> LogError | None:
        """Return the error of a log without a call that was read; None if it holds no span that adds up others."""
        if not self.sums or self.taken:
            return None
        said = f"{self.sums} spans add up the calls of spans that are not in it, and no span is a call"
        return LogError(f"{said}: price one of them by calculate(span)", self.name, self.first_sum)

    def whole(self, response: dict[str, object], item: Value) -> Record:
        """Return the record of a whole response, as ``record`` does."""
        found = Record.of(response, self.name, item.line)
        self.place(found, item.line, item.text, item.element)
        return found

    def place(self, found: Record, line: int, text: str | bytes | None, element: int | None = None) -> None:
        """Note where a call stands that was read: its element, or whether its place names the line; and its text."""
        if self.keeps_text:
            found.text = text
        if element is not None:
            found.element = element
        elif not self.by_line:
            if self.first is None:
                self.first = line
            if line == self.first:
                found.numbered = False

    def record(
        self, value: object, item: Value, element: int | None, *, chunks: int = 0, whole: bool | None = None
    ) -> Record:
        """Return the record of a value; ``element`` is its place in an array, for ``whole`` see ``Record``.

        Raises ValueError if it contradicts itself.
        """
        found = Record(value, self.name, item.line, whole=whole)
        if chunks:
            found.chunks = chunks
        self.place(found, item.line, None, element)
        return found


def add_counts(counts: dict[str, int], more: dict[str, int]) -> None:
    """Add counts of lines to others, in place."""
    for kind, count in more.items():
        counts[kind] = counts.get(kind, 0) + count


def or_empty(found: Iterable[Record | LogError], source: Source, said: str = "") -> Iterator[Record | LogError]:
    """Return what was found in a source; where that is nothing, why: it holds spans of sums alone, else ``said``.

    Nothing is said of one that holds lines of session logs, nor where ``said`` is empty.
    """
    rest = iter(found)
    first = next(rest, None)
    if first is not None:
        return chain((first,), rest)
    error = source.sums_alone()
    if error is None and said and not (source.passed or source.taken):
        error = LogError(said, source.name)
    return iter(() if error is None else (error,))
