"""Upkeep: what keeps a log right and small: checking, repricing, deleting, forgetting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.default import DEFAULT
from ..core.late import Late
from ..core.signatures import as_signed
from ..errors import ArgumentError, shown
from .instants import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..api.costmap import CostMap
    from . import checking, conditions, removal, repricing
    from .background import Background
    from .checking import Verification
    from .repricing import Difference
    from .spool import Spool
else:
    # They load SQLAlchemy.
    conditions = Late("llmcost.spend.conditions")
    checking = Late("llmcost.spend.checking")
    repricing = Late("llmcost.spend.repricing")
    removal = Late("llmcost.spend.removal")


class Upkeep:
    """What is done to a log that is not recording and asking.

    >>> import llmcost, tempfile
    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
    ...     log.record(llmcost.calculate(usage=usage, model="gpt-4o"), user="u-17", at="2026-01-02")
    ...     log.drain(), bool(log.verify()), log.reprice().calls, log.forget({"user": "u-17"}), log.prune("2026-01-01")
    (True, True, 1, 1, 0)
    """

    _background: Background
    _spool: Spool

    @as_signed
    def drain(self, seconds: float | None = None) -> bool:
        """Wait until what was recorded is stored, what dead processes have left included.

        Returns False if that takes longer than ``seconds``. What other living processes still write is not waited for.

        Raises:
            SpendLogError: the database cannot be used; what waits is stored later.
            MissingDependencyError: this is a subinterpreter in which no database can be used.
        """
        return self._background.drain(seconds)

    def verify(self) -> Verification:
        """Work out every sum anew from the calls, and every cost from its lines; return what is wrong with the log.

        Raises SpendLogError if the database cannot be used.
        """
        with self._background.drainer().database.reading() as connection:
            return checking.verify(connection)

    @as_signed
    def reprice(
        self,
        *,
        since: object = None,
        until: object = None,
        model: str | None = None,
        where: Mapping[str, object] | None = None,
        cost_map: CostMap = DEFAULT,
        dry_run: bool = True,
        why: str | None = None,
    ) -> Difference:
        """Return what calls would cost at other prices, by model and day, and with ``dry_run=False`` keep it beside.

        What was recorded is never changed: ``total(repricing=version)`` asks for the new costs. Calls with prices of
        their own, those that the provider has reported, and those whose prices rest on a fact that the log does not
        hold keep their cost, and are counted by reason.

        Args:
            since, until, where: as of ``total``.
            model: the model that was asked for.
            cost_map: whose prices; each call is priced at its own time.
            why: a remark that is kept.

        Raises as ``total`` does.
        """
        span, wanted = span_of(since, until), {**(where or {}), **({} if model is None else {"model": model})}
        database = self._background.drainer().database
        return repricing.reprice(
            database, lambda connection: conditions.scope(connection, *span, wanted), cost_map, dry_run=dry_run, why=why
        )

    @as_signed
    def prune(
        self,
        older_than: object,
        *,
        status: str | Iterable[str] | None = None,
        totals: bool = False,
        seconds: float | None = None,
        batch: int = 5000,
    ) -> int:
        """Delete calls that are older than a time, and return how many. Their sums stay, unless ``totals`` go too.

        Where sums stay, questions that whole hours answer say the same as before; others count the calls that are left.

        Args:
            older_than: as ``since`` of ``total``: ``90d``, a date ...
            status: only calls with one of these.
            seconds: begin no batch after so long.
            batch: how many are deleted in one transaction.

        Raises ArgumentError for a batch below 1, and as ``total`` does.
        """
        if batch < 1:
            raise ArgumentError(f"batch={shown(batch)}: it is a number of calls above 0")
        where = None if status is None else {"status": status if isinstance(status, str) else list(status)}
        _, until = span_of(None, older_than)
        database = self._background.drainer().database
        with database.reading() as connection:
            question = conditions.scope(connection, None, until, where)
        return removal.prune(database, question, totals=totals, seconds=seconds, batch=batch)

    @as_signed
    def forget(self, where: Mapping[str, object]) -> int:
        """Delete the calls of somebody, such as ``{"user": "u-17"}``, and the name; return how many calls.

        Sums over all calls stay. What other processes have recorded and not yet stored is not reached: forget again
        when they have.

        Raises:
            ArgumentError: ``where`` does not name one user, session, team, tag or deployment.
            SpendLogError: the database cannot be used.
        """
        self.drain()
        return removal.forget(self._background.drainer().database, self._spool.folder, where)
