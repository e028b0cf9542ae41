"""Book: what the calls of a budget have cost, and what those under way may cost, in this process."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOTHING = Fraction(0)

# One for all books: a call for which several budgets hold is entered in all of them or in none.
_TURN = Turn()


class State(NamedTuple):
    """What a budget holds in one period, in USD."""

    spent: Fraction
    reserved: Fraction


class Slot(Protocol):
    """What was reserved for one call in one budget."""

    def close(self, spent: Fraction) -> None:
        """Put what the call cost in the place of what was reserved. It is called once."""


class Accounts(Protocol):
    """Where a budget keeps its periods."""

    def charge(self, period: str, amount: Fraction) -> None:
        """Enter what a call cost for which nothing was reserved."""

    def state(self, period: str) -> State:
        """Return the sums of a period."""

    def reach(self, period: str, shares: Sequence[Fraction], *, refused: bool) -> list[Fraction]:
        """Return which shares of the limit are reached and were not before."""


class SharedAccounts(Accounts, Protocol):
    """Where a budget of many processes keeps them. Those of one process reserve by ``take_all``."""

    def take(self, period: str, amount: Fraction) -> Slot | State:
        """Reserve an amount; return the state of the period if it has no room for it."""


class _Period:
    __slots__ = ("called", "open", "reserved", "spent")

    def __init__(self) -> None:
        self.spent = self.reserved = _NOTHING
        self.open = 0
        self.called: set[Fraction] = set()


class Book:
    """The periods of one budget.

    The garbage collector settles a stream that was never closed, and may do so in the middle of other
    code. So the cost of a call is first put down, which cannot be interrupted, and entered in the next turn.

    Args:
        limit: USD in each period.
    """

    def __init__(self, limit: Fraction) -> None:
        self.limit = limit
        self._periods: dict[str, _Period] = {}
        self._closed: deque[tuple[_Period | str, Fraction, Fraction, int]] = deque()

    def charge(self, period: str, amount: Fraction) -> None:
        """Enter what a call cost for which nothing was reserved."""
        self._closed.append((period, _NOTHING, amount, 0))

    def state(self, period: str) -> State:
        """Return the sums of a period."""
        with _TURN:
            found = self._entered(period)
            return State(found.spent, found.reserved)

    def reach(self, period: str, shares: Sequence[Fraction], *, refused: bool) -> list[Fraction]:
        """Return which shares of the limit are reached and were not before; a refused call reaches all of it."""
        # A call that the garbage collector settles in the middle of a turn is told of after the next one.
        if not _TURN.begin():
            return []
        try:
            found = self._entered(period)
            reached = reached_shares(shares, found.spent, self.limit, refused=refused)
            new = [share for share in reached if share not in found.called]
            found.called.update(new)
            return new
        finally:
            _TURN.end()

    def _entered(self, period: str) -> _Period:
        """Return a period with all that was put down entered in it; within a turn."""
        while self._closed:
            where, reserved, spent, slots = self._closed.popleft()
            account = self._named(where) if isinstance(where, str) else where
            account.reserved -= reserved
            account.spent += spent
            account.open -= slots
        return self._named(period)

    def _named(self, period: str) -> _Period:
        found = self._periods.get(period)
        if found is None:
            # Calls of periods that have ended still find theirs by their slot.
            kept = {name: account for name, account in self._periods.items() if account.open or name > period}
            found = _Period()
            self._periods = {**kept, period: found}
        return found

    def _close(self, account: _Period, reserved: Fraction, spent: Fraction) -> None:
        self._closed.append((account, reserved, spent, 1))


class _Reserved:
    """What was reserved for one call in a book."""

    __slots__ = ("_account", "_amount", "_book")

    def __init__(self, book: Book, account: _Period, amount: Fraction) -> None:
        self._book, self._account, self._amount = book, account, amount

    def close(self, spent: Fraction) -> None:
        """Put what the call cost in the place of what was reserved."""
        self._book._close(self._account, self._amount, spent)


class Charged:
    """Stands for a slot if nothing was reserved: the cost of the call is added when it is known."""

    __slots__ = ("_accounts", "_period")

    def __init__(self, accounts: Accounts, period: str) -> None:
        self._accounts, self._period = accounts, period

    def close(self, spent: Fraction) -> None:
        """Enter what the call cost."""
        self._accounts.charge(self._period, spent)


def take_all(wanted: Sequence[tuple[Book, str, Fraction]]) -> list[Slot] | tuple[int, State]:
    """Reserve amounts in several books, or in none; then return which of them has no room, and its state."""
    with _TURN:
        accounts = [book._entered(period) for book, period, _ in wanted]
        for place, ((book, _, amount), account) in enumerate(zip(wanted, accounts, strict=True)):
            if account.spent + account.reserved + amount > book.limit:
                return place, State(account.spent, account.reserved)
        for (_, _, amount), account in zip(wanted, accounts, strict=True):
            account.reserved += amount
            account.open += 1
        return [_Reserved(book, account, amount) for (book, _, amount), account in zip(wanted, accounts, strict=True)]


def reached_shares(shares: Iterable[Fraction], spent: Fraction, limit: Fraction, *, refused: bool) -> list[Fraction]:
    """Return the shares of a limit that a sum has reached."""
    return [share for share in shares if spent >= share * limit or (refused and share == 1)]
