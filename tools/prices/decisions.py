"""What a build cannot settle by itself: each with all that a person needs to decide it."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Decision:
    """One thing to decide: which price of which model, what was expected, what is said upstream and here, and where."""

    model_id: str
    why: str
    key: str = ""
    expected: str = ""
    upstream: str = ""
    ours: str = ""
    page: str = ""

    def __str__(self) -> str:
        return f"{self.model_id}: {self.why}"


class UndecidedError(Exception):
    """Hand-kept rules and sources do not fit together; the message lists every place."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        super().__init__("a person has to decide:\n  " + "\n  ".join(map(str, decisions)))
        self.decisions = tuple(decisions)


def stop_if_any(decisions: Sequence[Decision]) -> None:
    """Raise UndecidedError if there is something to decide."""
    if decisions:
        raise UndecidedError(decisions)


COLUMNS = ("id", "why", "key", "expected", "upstream", "ours", "page")


def table(decisions: Sequence[Decision]) -> list[str]:
    """Return the decisions as the lines of a Markdown table.

    >>> table([Decision("acme/m", "expired on 2026-01-01", page="https://acme.test")])[-1]
    '| acme/m | expired on 2026-01-01 |  |  |  |  | https://acme.test |'
    """
    rows = (astuple(decision) for decision in decisions)
    return markdown(COLUMNS, rows)


def markdown(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return rows of texts as a Markdown table; nothing for no rows but the head."""
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for row in rows:
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    return lines
