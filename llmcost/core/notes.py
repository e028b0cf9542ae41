"""Notes: what had to be decided or assumed, in words for a person and with a code for a program."""

from __future__ import annotations

from ..errors.printing import message, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Note(str):
    """What was decided or assumed: one printable line for a person, with a code for a program.

    >>> note = Note("parent_rate", "reasoning rate missing: output rate used", "reasoning")
    >>> note.code, note.about, note.startswith("reasoning")
    ('parent_rate', 'reasoning', True)
    >>> note.to_dict()
    {'code': 'parent_rate', 'text': 'reasoning rate missing: output rate used', 'about': 'reasoning'}

    Attributes:
        code: one of ``note_codes.CODES``, which stays the same when the words change.
        about: the meter, price key, counter, model or layer that it is about; None for the whole call.
        brief: the text without the page that proves it, for a table; the whole text where no page is named.
    """

    __slots__ = ("about", "brief", "code")

    code: str
    about: str | None
    brief: str

    def __new__(cls, code: str, text: str, about: str | None = None, page: str | None = None) -> Note:
        """Return a note; ``page`` is the address that proves it, and ends the text."""
        self = str.__new__(cls, message(text) if page is None else f"{told(text)}, {page}")
        self.code, self.about = code, about
        self.brief = message(text)
        return self

    def to_dict(self) -> dict[str, str | None]:
        """Return a JSON-safe dict: ``code``, ``text`` and ``about``."""
        return {"code": self.code, "text": str(self), "about": self.about}

    def __reduce__(self) -> tuple[object, ...]:
        return Note, (self.code, str(self), self.about)


# The codes of notes on something that was not understood or not counted. Each of them makes a cost a lower bound.
NOT_UNDERSTOOD, TOTAL_ABOVE = "not_understood", "total_above"
DOUBTS = frozenset({NOT_UNDERSTOOD, TOTAL_ABOVE, "not_counted"})
# The same, and the codes of notes on something that costs more than any map says.
BOUNDS = DOUBTS | {"results_above"}
# The codes of notes that say why a usage is a lower bound. Without one of them the response broke off.
CAUSES = frozenset({"left_out", "broken_off"})
# The notes on a total that is not the sum of its parts. They go if something explains the difference.
OF_TOTALS = frozenset({TOTAL_ABOVE, "total_differs"})
# The note of a line that has none.
NO_NOTE = Note("", "")


def as_note(text: str) -> Note:
    """Return a Note as it is, and a plain text as a Note with the code ``caller``."""
    return text if isinstance(text, Note) else Note("caller", text)


def joined(notes: tuple[Note, ...]) -> Note:
    """Return several notes as one, with the code and the subject of the first; without notes, an empty one."""
    if len(notes) < 2:
        return notes[0] if notes else NO_NOTE
    return Note(notes[0].code, "; ".join(notes), notes[0].about)


def from_dicts(stated: Iterable[object]) -> tuple[Note, ...]:
    """Return the notes that ``to_dict`` has written.

    Raises TypeError, KeyError or ValueError if a row is no note.
    """
    found = []
    for row in stated:
        code, text, about = (row[name] for name in ("code", "text", "about"))  # type: ignore[index]
        if not isinstance(code, str) or not isinstance(text, str) or not isinstance(about, (str, type(None))):
            raise TypeError("a note has a code, a text, and what it is about or null")
        found.append(Note(code, text, about))
    return tuple(found)
