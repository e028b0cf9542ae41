"""Where records are read from."""

from __future__ import annotations

from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .values import Value

# Files that hold a value a line.
LINES = (".jsonl", ".ndjson")


class Source:
    """What records are read from, and how their places in it are told.

    Attributes:
        name: the file as it was named, or ``stdin``.
        by_line: whether its values stand one a line, so that a place always has its line.
        first: the line of the first record.
        keeps_text: whether a record keeps the text of its line, from which it can be read again.
    """

    keeps_text = False

    def __init__(self, name: str, *, by_line: bool | None = None) -> None:
        self.name = name
        self.by_line = name.endswith(LINES) or name == "stdin" if by_line is None else by_line
        self.first: int | None = None

    def record(
        self, value: object, item: Value, element: int | None, *, chunks: int = 0, whole: bool | None = None
    ) -> Record:
        """Return the record of a value; ``element`` is its place in an array, for ``whole`` see ``Record``.

        Raises ValueError if it contradicts itself.
        """
        found = Record(value, self.name, item.line, whole=whole)
        if chunks:
            found.chunks = chunks
        if element is not None:
            found.element = element
            return found
        if self.first is None:
            self.first = item.line
        if not self.by_line and item.line == self.first:
            found.numbered = False
        return found
