"""SpendLog: keeps every call, and says what they cost together."""

from __future__ import annotations

from importlib.util import find_spec
from math import inf
from operator import index
from typing import TYPE_CHECKING

from ..core.cost import Cost
from ..core.late import Late
from ..core.signatures import as_signed
from ..errors import ArgumentError, MissingDependencyError, SpendLogError, how_to_install, shown
from ..tracking.call import TrackedCall
from .axes import HOURS, checked
from .background import Background
from .importing import Importing
from .instants import HOUR_US
from .looking import Looking
from .money import decimal
from .place import POSTGRESQL, place_of
from .recording import Given, check_call, line_of_call, line_of_cost, time_of_call
from .spool import FSYNC, FULL, Spool
from .spooled import definition
from .upkeep import Upkeep

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo
    from decimal import Decimal
    from fractions import Fraction
    from typing import Any

    from . import leases, questions, zones
    from .answers import Breakdown, Total
else:
    # They load SQLAlchemy.
    leases = Late("llmcost.spend.leases")
    questions = Late("llmcost.spend.questions")
    zones = Late("llmcost.spend.zones")

_GIB = 1 << 30
# extra -> the packages that it brings.
PACKAGES = {"spend": ("sqlalchemy", "alembic"), "postgres": ("psycopg", "psycopg-binary")}
# One of the ways in which psycopg finds PostgreSQL's own library.
_BINARY = "psycopg-binary"


class SpendLog(Upkeep, Looking, Importing):
    """A log of calls: ``record`` keeps one, ``total`` and ``by`` say what they cost.

    What ``record`` has returned from is not lost by the end of the process, however it ends: it stands in a file, and
    is moved to the database by a thread, by ``drain``, or by the next process.

    >>> import llmcost, tempfile
    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> with tempfile.TemporaryDirectory() as folder, SpendLog(f"sqlite:///{folder}/spend.db") as log:
    ...     log.record(llmcost.calculate(usage=usage, model="gpt-4o"), id="1", team="search")
    ...     stored = log.drain()
    ...     print(log.total())
    ...     [(group.value, group.calls, str(group.cost)) for group in log.by("team")]
    ...     log.saved(), log.call("1").status, str(log.cost_of("1")), len(log.calls())
    ...     [line.meter for whole in log.whole() for line in whole.cost.line_items]
    $0.0035
    [('search', 1, '0.0035')]
    (Decimal('0'), 'priced', '0.0035', 1)
    ['input', 'output']

    It is a ``log=`` of a ``Tracker``, and a handler for ``llmcost.success_callback`` and ``llmcost.failure_callback``.

    Args:
        database: ``sqlite:///spend.db``, the path of such a file, or ``postgresql://user@host/database``. By default
            what ``LLMCOST_SPEND_DB`` names, else ``spend.db`` in the user's data folder.
        spool: the folder of the files that wait, on a local disk; by default beside the database.
        spool_cap: the most bytes that wait.
        full: what ``record`` does at the cap: ``raise``, or ``block`` until there is room.
        fsync: ``never`` leaves it to the system when a line is written to the disk; ``always`` waits for it, so that a
            loss of power loses nothing either.
        drain: whether this process moves calls to the database by itself.
        patience: seconds for which a question or a batch waits while the database is locked.

    Raises:
        SpendLogError: the address cannot be read, or names a kind of database that is not supported.
        MissingDependencyError: the packages of the extra ``spend``, or ``postgres``, are not installed.
        ArgumentError: ``full`` or ``fsync`` is no such word, or ``spool_cap`` or ``patience`` is no number from 0 on.
    """

    @as_signed
    def __init__(
        self,
        database: str | os.PathLike[str] | None = None,
        *,
        spool: str | os.PathLike[str] | None = None,
        spool_cap: int = _GIB,
        full: str = "raise",
        fsync: str = "never",
        drain: bool = True,
        patience: float = 5.0,
    ) -> None:
        for name, value, words in (("full", full, FULL), ("fsync", fsync, FSYNC)):
            if value not in words:
                raise ArgumentError(f"{name}={shown(value)}: it is one of {', '.join(map(repr, words))}")
        for name, number in (("spool_cap", spool_cap), ("patience", patience)):
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number < inf:
                raise ArgumentError(f"{name}={shown(number)}: it is a number, 0 or more")
        place = place_of(database, spool)
        if drain:
            check_packages(place.kind)
        self._address, self._drains = place.shown, drain
        self._spool = Spool(place.spool, index(spool_cap), fsync, full, definition)
        self._background = Background(place, durable=fsync == "always", patience=patience)

    @as_signed
    def record(
        self,
        call: TrackedCall | Cost,
        *,
        id: str | None = None,
        team: str | None = None,
        user: str | None = None,
        session: str | None = None,
        tags: Iterable[str] = (),
        metadata: Mapping[str, object] | None = None,
        at: object = None,
    ) -> None:
        """Keep a call. When this returns, the end of the process cannot lose it.

        Args:
            call: what a tracker tells of, or what ``calculate`` returns.
            id: of the call. The same id counts once, with its largest usage. Without one, a call of a stated time gets
                a hash of what is known of it, and another one is always a call of its own.
            team, user, session, tags: on whose behalf; they replace those of the call.
            metadata: anything that JSON has a form for. It is stored as it is given.
            at: when the call was made; by default its own time, else the time that its response states, else now.

        Raises:
            SpendLogError: it cannot be kept: the spool is at its cap, or the disk is full.
            ArgumentError: ``call`` is neither, or a name is no text.
        """
        given = Given(id, team, user, session, tags, metadata, at)
        if isinstance(call, TrackedCall):
            check_call(call)
            when = time_of_call(call, given)
            try:
                self._spool.append(*line_of_call(call, given, when))
            except SpendLogError:
                # The tracker goes on, and nobody hands the call over again.
                self._background.drops.add(when // HOUR_US)
                raise
        elif isinstance(call, Cost):
            self._spool.append(*line_of_cost(call, given))
        else:
            raise ArgumentError(f"record({shown(call)}): a log keeps a TrackedCall or a Cost")
        if self._drains and not self._background.started:
            self._background.start()

    def __call__(self, kwargs: Mapping[str, Any], *_: object) -> None:
        """Keep the call that a handler is told of; its other arguments say nothing more."""
        self.record(kwargs["call"])

    def close(self) -> None:
        """End the thread when it has stored the calls that wait, and close the database.

        Without a thread these calls stay in their files.
        """
        self._spool.seal()
        self._background.close()

    def __enter__(self) -> SpendLog:  # noqa: PYI034 - typing.Self is of 3.11
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @as_signed
    def total(
        self,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        repricing: int | None = None,
    ) -> Total:
        """Return what the calls of a span of time cost together: USD, exact, with its bound.

        A call counts when it is stored, a moment after it was recorded; ``drain`` stores the calls that wait.

        Args:
            since, until: a datetime, a date (its start), ISO text, seconds since 1970, or a span back from now such as
                ``7d``, ``12h`` or a timedelta. The first is of the span, the second is behind it. No zone is UTC.
            where: which calls count, such as ``{"team": "search", "status": ["priced", "partial"]}``. None is what is
                not stated.
            repricing: the version of a repricing whose costs count; by default those that were recorded.

        Raises:
            SpendLogError: the database cannot be used.
            ArgumentError: a time or a condition is not valid.
        """
        with self._asked(since, until, where, repricing) as asked:
            return questions.total(*asked)

    @as_signed
    def by(
        self,
        axis: str,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        repricing: int | None = None,
        zone: tzinfo | None = None,
    ) -> Breakdown:
        """Return what the calls of each value of an axis cost together, the highest cost first.

        Args:
            axis: ``model``, ``provider``, ``deployment``, ``team``, ``user``, ``session``, ``tag``, ``meter``, ``day``
                or ``hour``. A call counts once for each of its tags; ``overlap`` says how much that is too much. Of a
                meter, ``calls`` counts lines.
            since, until, where, repricing: as of ``total``.
            zone: whose days and hours they are; by default UTC.

        Raises:
            SpendLogError: the database cannot be used.
            ArgumentError: an axis, a time or a condition is not valid.
        """
        checked(axis)
        with self._asked(since, until, where, repricing) as (connection, question):
            if zone is not None and axis in HOURS:
                return zones.by_zone(connection, question, axis, zone)
            return questions.breakdown(connection, question, axis)

    @as_signed
    def saved(
        self,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        repricing: int | None = None,
    ) -> Decimal:
        """Return what caching saved in USD, less what writing to caches cost on top.

        Args:
            since, until, where, repricing: as of ``total``.

        Raises as ``total`` does.
        """
        with self._asked(since, until, where, repricing) as asked:
            return decimal(*questions.saved(*asked))

    def budget_accounts(self, name: str, limit: Fraction, lease: float) -> leases.Leases:
        """Return where a ``Budget(shared=log)`` is kept: in the database of the log, for all processes that name it."""
        self._background.drainer()
        return leases.Leases(lambda: self._background.drainer().database, name, limit, lease)

    def __repr__(self) -> str:
        return f"<SpendLog {self._address}>"


def check_packages(kind: str) -> None:
    """Check that the packages for a kind of database are installed.

    Raises MissingDependencyError if one is not.
    """
    for extra in ("spend", "postgres") if kind == POSTGRESQL else ("spend",):
        missing = [package for package in PACKAGES[extra] if package != _BINARY and find_spec(package) is None]
        if missing:
            raise MissingDependencyError(
                f"this spend log needs {' and '.join(missing)}, not installed here: "
                f"{how_to_install(extra, *PACKAGES[extra])}",
                extra,
            )
