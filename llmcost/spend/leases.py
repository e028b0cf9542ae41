"""Leases: a budget of many processes, in the database of a log.

What a call may cost is a row that ends by itself: a living process renews its rows, those of a dead one are left out
once their time has passed. What could not be written is written with the next question.
"""

from __future__ import annotations

import atexit
import os
from collections import deque
from contextlib import contextmanager
from fractions import Fraction
from threading import Event, Lock
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from ..errors import SpendLogError
from ..tracking.book import State, reached_shares
from ..tracking.periods import now
from ..tracking.threads import started
from ..tracking.turn import Turn
from .money import usd_text
from .schema import budget_leases as leases
from .schema import budgets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Thread

    from sqlalchemy import Connection

    from .database import Database

_SECOND = 1_000_000
# Parts of its time after which a lease is renewed.
_PARTS = 3
# Seconds that the end of the process waits for a question that is being asked.
_LAST_WAIT = 5.0


class Leases:
    """The periods of one budget that many processes share.

    Args:
        database: returns the log's.
        name: of the budget.
        limit: USD in each period.
        seconds: after which a lease ends that is not renewed.
    """

    def __init__(self, database: Callable[[], Database], name: str, limit: Fraction, seconds: float) -> None:
        self._database, self._name, self._limit, self._seconds = database, name, limit, seconds
        self._begin()

    def _begin(self) -> None:
        """Begin in a process, or anew in one that was forked: what the other one holds and has to write is its own."""
        self._pid = os.getpid()
        self._turn, self._lock = Turn(), Lock()
        self._unsent: deque[tuple[str, str, Fraction]] = deque()
        self._open: set[str] = set()
        self._thread: Thread | None = None
        self._over = Event()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Give the connection of the one writer of this budget; what waits is written first."""
        if self._pid != os.getpid():
            self._begin()
        with self._turn:
            with self._database().writing(f"budget {self._name}") as connection:
                sent = self._send(connection)
                yield connection
            # Only now it is written.
            for _ in range(sent):
                self._open.discard(self._unsent.popleft()[0])

    def take(self, period: str, amount: Fraction) -> _Lease | State:
        """Reserve an amount; return the state of the period if it has no room for it.

        Raises SpendLogError if the database cannot be used.
        """
        with self._writing() as connection:
            moment = round(now() * _SECOND)
            connection.execute(delete(leases).where(leases.c.name == self._name, leases.c.until <= moment))
            state = self._state(connection, period)
            if state.spent + state.reserved + amount > self._limit:
                return state
            lease = _Lease(self, uuid4().hex, period)
            row = {"id": lease.id, "name": self._name, "period": period, "amount": _text(amount)}
            connection.execute(insert(leases).values(**row, until=moment + round(self._seconds * _SECOND)))
        self._hold(lease.id)
        return lease

    def charge(self, period: str, amount: Fraction) -> None:
        """Enter what a call cost for which nothing was reserved."""
        self._end("", period, amount)

    def state(self, period: str) -> State:
        """Return the sums of a period.

        Raises SpendLogError if the database cannot be used.
        """
        with self._writing() as connection:
            return self._state(connection, period)

    def reach(self, period: str, shares: Sequence[Fraction], *, refused: bool) -> list[Fraction]:
        """Return the shares of the limit that are reached and that no process has reported yet."""
        if self._turn.mine:
            return []
        try:
            with self._writing() as connection:
                spent, told = self._account(connection, period)
                called = set(told.split())
                new = [
                    share
                    for share in reached_shares(shares, spent, self._limit, refused=refused)
                    if _text(share) not in called
                ]
                if new:
                    self._put(connection, period, spent, " ".join(sorted({*called, *map(_text, new)})))
                return new
        except (SpendLogError, OSError):
            # The next call that asks gets the error.
            return []

    def _account(self, connection: Connection, period: str) -> tuple[Fraction, str]:
        """Return what was spent in a period, and the shares of the limit that were reported."""
        which = (budgets.c.name == self._name, budgets.c.period == period)
        found = connection.execute(select(budgets.c.spent, budgets.c.called).where(*which)).first()
        return (Fraction(0), "") if found is None else (Fraction(found.spent), found.called)

    def _state(self, connection: Connection, period: str) -> State:
        held = select(leases.c.amount).where(
            leases.c.name == self._name, leases.c.period == period, leases.c.until > round(now() * _SECOND)
        )
        reserved = sum((Fraction(amount) for amount in connection.execute(held).scalars()), Fraction(0))
        return State(self._account(connection, period)[0], reserved)

    def _put(self, connection: Connection, period: str, spent: Fraction, called: str) -> None:
        row = {"spent": _text(spent), "called": called}
        which = (budgets.c.name == self._name, budgets.c.period == period)
        if not connection.execute(update(budgets).where(*which).values(**row)).rowcount:
            connection.execute(insert(budgets).values(name=self._name, period=period, **row))

    def _send(self, connection: Connection) -> int:
        """Write what calls have cost; return how many."""
        waiting = list(self._unsent)
        if not waiting:
            return 0
        added: dict[str, Fraction] = {}
        for _, period, spent in waiting:
            added[period] = added.get(period, Fraction(0)) + spent
        connection.execute(delete(leases).where(leases.c.id.in_([lease for lease, _, _ in waiting])))
        for period, spent in added.items():
            before, called = self._account(connection, period)
            self._put(connection, period, before + spent, called)
        return len(waiting)

    def _end(self, lease: str, period: str, spent: Fraction) -> None:
        if self._pid != os.getpid():
            self._begin()
        self._unsent.append((lease, period, spent))
        if self._turn.mine:
            # The garbage collector may end a call in the middle of a question: the next question writes it.
            return
        try:
            with self._writing():
                pass
        except (SpendLogError, OSError):
            # It waits for the next question, or for the thread.
            self._hold(lease)

    def _hold(self, lease: str) -> None:
        with self._lock:
            if lease:
                self._open.add(lease)
            if self._thread is None:
                instead = "a lease ends after its time, also of a call that goes on"
                self._thread = started("llmcost-leases", instead, self._renew, self._over)
                if self._thread is not None:
                    atexit.register(self._end_thread)

    def _end_thread(self) -> None:
        """End the thread: an interpreter inside a process cannot end while it has threads."""
        thread = self._thread
        if thread is not None:
            self._over.set()
            thread.join(_LAST_WAIT)

    def _renew(self, over: Event) -> None:
        """Renew what this process holds, and write what waits, until there is neither."""
        while not over.wait(self._seconds / _PARTS):
            with self._lock:
                if not (self._open or self._unsent):
                    self._thread = None
                    atexit.unregister(self._end_thread)
                    return
                held = list(self._open)
            try:
                with self._writing() as connection:
                    until = round((now() + self._seconds) * _SECOND)
                    connection.execute(update(leases).where(leases.c.id.in_(held)).values(until=until))
            except (SpendLogError, OSError):
                continue


class _Lease:
    """What one call holds. In a process that was forked meanwhile it ends nothing."""

    __slots__ = ("_leases", "_period", "_pid", "id")

    def __init__(self, owner: Leases, id: str, period: str) -> None:
        self._leases, self.id, self._period, self._pid = owner, id, period, os.getpid()

    def close(self, spent: Fraction) -> None:
        """Put what the call cost in the place of what was reserved."""
        if self._pid == os.getpid():
            self._leases._end(self.id, self._period, spent)


def _text(amount: Fraction) -> str:
    return usd_text(amount.numerator, amount.denominator)
