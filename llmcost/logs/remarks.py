"""What has to be said of the calls of a log that are priced anew, and of how many of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.notes import Note

# Sets of notes that are counted as a whole before each of their notes is.
_MOST_NOTED = 256
_TOKENIZERS = (
    "the tokens are those that the called models counted: another model's tokenizer makes more or fewer of the same "
    "text, and its answers have another length"
)


class Remarks:
    """Notes of calls, counted.

    >>> remarks = Remarks(20)
    >>> remarks.undated += 2
    >>> remarks.note(("checked by hand",), 3)
    >>> list(remarks.said(3, other_model=False))
    ['2 calls without a time or a recorded cost: the old price is the price of today', 'checked by hand']

    Attributes:
        undated: calls without a time or a recorded cost.
        assumed: calls whose old price is assumed.
        unclocked: calls without a time, at a price that depends on the hour.

    Args:
        most: how many different notes are kept.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self.undated = self.assumed = self.unclocked = self._unsaid = 0
        self._notes: dict[str, int] = {}
        self._noted: dict[tuple[Note | str, ...], int] = {}

    def note(self, notes: tuple[Note | str, ...], calls: int = 1) -> None:
        """Count the notes of calls. Calls of one kind have the same: they are told apart once for all of them."""
        self._noted[notes] = self._noted.get(notes, 0) + calls
        if len(self._noted) > _MOST_NOTED:
            self._tell()

    def join(self, other: Remarks) -> None:
        """Add those of the calls that come next."""
        self.undated += other.undated
        self.assumed += other.assumed
        self.unclocked += other.unclocked
        self._tell()
        other._tell()
        for note, count in other._notes.items():
            self._say(note, count)

    def said(self, calls: int, *, other_model: bool) -> Iterator[str]:
        """Yield them in words; ``calls`` is how many there were, ``other_model`` whether they are priced on another."""
        self._tell()
        if other_model:
            yield _TOKENIZERS
        if self.undated:
            yield f"{_calls(self.undated)} without a time or a recorded cost: the old price is the price of today"
        if self.assumed:
            yield (
                f"{_calls(self.assumed)} with an assumed old price: no change of it is known, "
                "or the call is older than the first price known"
            )
        if self.unclocked:
            yield f"{_calls(self.unclocked)} without a time, at a price that depends on the hour: that of at= is used"
        for note, count in self._notes.items():
            yield note if count == calls else f"{note} ({_calls(count)})"
        if self._unsaid:
            yield f"and {self._unsaid:,} other notes: calculate() has the notes of each call"

    def _tell(self) -> None:
        """Count each note of the calls that were added."""
        noted, self._noted = self._noted, {}
        for notes, count in noted.items():
            for note in notes:
                self._say(note, count)

    def _say(self, note: str, count: int) -> None:
        if note in self._notes or len(self._notes) < self._most:
            self._notes[note] = self._notes.get(note, 0) + count
        else:
            self._unsaid += count


def _calls(count: int) -> str:
    return f"{count:,} call{'s' if count != 1 else ''}"
