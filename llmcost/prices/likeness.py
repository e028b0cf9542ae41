"""Which of many known texts look like another: the answers of difflib, without comparing it with each of them."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappush, heapreplace
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Likeness:
    """Known texts, among which those are looked for that look like another text."""

    __slots__ = ("_places", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        # A bit for each letter, and for each time that a text repeats it: two texts share as many letters, in any
        # order, as they share bits.
        self._places: dict[tuple[str, int], int] = {}
        self._texts: list[tuple[str, int, int]] = []
        for text in texts:
            letters = 0
            for one in _occurrences(text):
                letters |= self._places.setdefault(one, 1 << len(self._places))
            self._texts.append((text, len(text), letters))

    def close(self, text: str, most: int, cutoff: float) -> list[tuple[float, str]]:
        """Return what ``difflib.get_close_matches`` returns, the most alike first, each with how alike it is.

        >>> Likeness(["ape", "apple", "peach", "puppy"]).close("appel", 3, 0.6)
        [(0.8, 'apple'), (0.75, 'ape')]
        """
        places, letters, size = self._places, 0, len(text)
        for one in _occurrences(text):
            letters |= places.get(one, 0)
        # No text is more alike than its letters in any order, so that only those with enough of them are compared.
        bounds = [
            (2.0 * shared / (length + size), known)
            for known, length, its in self._texts
            if (shared := (letters & its).bit_count()) and 2.0 * shared >= cutoff * (length + size)
        ]
        if not bounds:
            return []
        from difflib import SequenceMatcher

        bounds.sort(reverse=True)
        matcher = SequenceMatcher()
        matcher.set_seq2(text)
        common = _Common(text)
        best: list[tuple[float, str]] = []
        for bound, known in bounds:
            least = best[0][0] if len(best) == most else cutoff
            if bound < least:
                break
            # Nor than its letters in their order, which are counted in a tenth of the time.
            if 2.0 * common.letters(known) < least * (len(known) + size):
                continue
            matcher.set_seq1(known)
            found = (matcher.ratio(), known)
            if found[0] < cutoff:
                continue
            if len(best) < most:
                heappush(best, found)
            elif found > best[0]:
                heapreplace(best, found)
        return sorted(best, reverse=True)


class _Common:
    """Counts the letters that a text has in common with others, in their order: the longest common subsequence.

    All columns of a row of the usual table are worked out at once, a bit for each.
    """

    __slots__ = ("_all", "_places", "_size")

    def __init__(self, text: str) -> None:
        self._size, self._all = len(text), (1 << len(text)) - 1
        self._places: dict[str, int] = {}
        for place, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def letters(self, other: str) -> int:
        """Return how many letters the two texts have in common, in their order."""
        row, places = self._all, self._places
        for letter in other:
            its = places.get(letter)
            if its is not None:
                its &= row
                row = (row + its) | (row - its)
        return self._size - (row & self._all).bit_count()


def _occurrences(text: str) -> Iterator[tuple[str, int]]:
    """Yield each letter of a text, and how often it stood before: ``("t", 0), ("o", 0), ("t", 1)``."""
    before: dict[str, Iterator[int]] = defaultdict(count)
    return ((letter, next(before[letter])) for letter in text)
