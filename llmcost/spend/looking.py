"""Looking: single calls of a log, and its page."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timezone
from typing import TYPE_CHECKING

from ..core.late import Late
from ..core.signatures import as_signed
from .instants import span_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo
    from typing import IO, Any

    from sqlalchemy import Connection

    from ..core.cost import Cost
    from . import conditions, exporting, page, questions, stored, whole
    from . import report as _report
    from .answers import Total
    from .background import Background
    from .conditions import Scope
    from .stored import StoredCall
    from .whole import WholeCall
else:
    # They load SQLAlchemy.
    conditions = Late("llmcost.spend.conditions")
    stored = Late("llmcost.spend.stored")
    page = Late("llmcost.spend.page")
    _report = Late("llmcost.spend.report")
    questions = Late("llmcost.spend.questions")
    exporting = Late("llmcost.spend.exporting")
    whole = Late("llmcost.spend.whole")

# Most calls of a page; the sums are of all.
MOST = 20_000


class Looking:
    """What people look at: single calls, and the page.

    >>> import llmcost, tempfile
    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
    ...     log.record(llmcost.calculate(usage=usage, model="gpt-4o"))
    ...     stored = log.drain()
    ...     log.report()["total"]["cost"], log.page()[:15]
    ('0.0035', '<!doctype html>')
    """

    _background: Background

    @contextmanager
    def _asked(
        self, since: object, until: object, where: Mapping[str, object] | None, repricing: int | None = None
    ) -> Iterator[tuple[Connection, Scope]]:
        """Give a connection on which all is of one state of the log, and which calls a question is about."""
        with self._background.drainer().database.reading() as connection:
            yield connection, conditions.scope(connection, *span_of(since, until), where, repricing)

    @as_signed
    def calls(
        self,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        most: int = 100,
        after: int | None = None,
    ) -> list[StoredCall]:
        """Return the last calls, the latest first; or the first that were stored after another one.

        Args:
            since, until, where: as of ``total``.
            most: how many calls at most.
            after: the ``seq`` of the call behind which to begin; they then come in the order of being stored.

        Raises as ``total`` does.
        """
        with self._asked(since, until, where) as (connection, question):
            if after is None:
                return stored.last_calls(connection, question, most)
            return stored.next_calls(connection, question, after, most)

    @as_signed
    def call(self, id: str) -> StoredCall:
        """Return the stored call with an id.

        Raises SpendLogError if there is none, or the database cannot be used.
        """
        with self._background.drainer().database.reading() as connection:
            return stored.one_call(connection, id)

    @as_signed
    def cost_of(self, id: str) -> Cost | None:
        """Return the Cost of the stored call with an id, with its lines; None if no cost of it is known.

        Raises as ``call`` does.
        """
        with self._background.drainer().database.reading() as connection:
            return stored.cost_of_call(connection, id)

    @as_signed
    def export(
        self,
        target: str | os.PathLike[str] | IO[Any],
        form: str = "csv",
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
    ) -> Total:
        """Return the total of the calls that were written, a row each, to a path or to an open file of text.

        All of it is of the same state of the log, so that the costs of the rows add up to the total, to the last digit.

        >>> import io, llmcost, tempfile
        >>> text = io.StringIO()
        >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
        ...     log.record(llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 0}, model="gpt-4o"))
        ...     stored = log.drain()
        ...     total = log.export(text)
        >>> total.calls, len(text.getvalue().splitlines())
        (1, 2)

        Args:
            target: a path, or for CSV and JSON Lines a file of text that is open for writing.
            form: ``csv``, ``jsonl`` or ``parquet``, which needs PyArrow.
            since, until, where: as of ``total``.

        Raises:
            SpendLogError: as of ``total``; or a cost has more digits than a column of Parquet holds.
            MissingDependencyError: PyArrow is not installed.
            ArgumentError: ``form`` is none of these, Parquet is asked for where text is written, or nothing can be
                written at the path.
        """
        with self._asked(since, until, where) as (connection, question):
            exporting.write_calls(stored.each_call(connection, question), target, form)
            return questions.total(connection, question)

    @as_signed
    def whole(
        self, *, since: object = None, until: object = None, where: Mapping[str, object] | None = None
    ) -> Iterator[WholeCall]:
        """Yield every call with its Cost and its usage, in the order of their time, as they are read.

        >>> import llmcost, tempfile
        >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
        ...     log.record(llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 0}, model="gpt-4o"))
        ...     stored = log.drain()
        ...     [(str(one.cost.total), one.usage["input"]) for one in log.whole()]
        [('0.0025', 1000)]

        Args:
            since, until, where: as of ``total``.

        Raises as ``total`` does.
        """
        return self._each_whole(*span_of(since, until), where)

    def _each_whole(
        self, since: int | None, until: int | None, where: Mapping[str, object] | None
    ) -> Iterator[WholeCall]:
        with self._background.drainer().database.reading() as connection:
            yield from whole.whole_calls(connection, conditions.scope(connection, since, until, where))

    @as_signed
    def report(
        self,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        zone: tzinfo = timezone.utc,
        users: bool = True,
        most: int = MOST,
    ) -> dict[str, Any]:
        """Return what ``page`` shows, as a JSON-safe dict; all of it is of the same state of the log.

        Args:
            since, until, where: as of ``total``.
            zone: whose days and times they are.
            users: whether users and sessions are in it.
            most: how many calls at most, the last ones; the sums are of all.

        Raises as ``total`` does.
        """
        with self._asked(since, until, where) as (connection, question):
            return _report.report_of(connection, question, zone, where, users=users, most=most)

    @as_signed
    def mark(self) -> str:
        """Return a text that changes whenever something is stored or changed; calls that wait to be stored do not.

        >>> import llmcost, tempfile
        >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
        ...     before = log.mark()
        ...     log.record(llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 0}, model="gpt-4o"))
        ...     stored = log.drain()
        ...     before == log.mark()
        False

        Raises SpendLogError if the database cannot be used.
        """
        return self._background.drainer().database.mark()

    @as_signed
    def page(
        self,
        *,
        since: object = None,
        until: object = None,
        where: Mapping[str, object] | None = None,
        zone: tzinfo = timezone.utc,
        users: bool = True,
        most: int = MOST,
        bill: Mapping[str, object] | None = None,
    ) -> str:
        """Return the page of the log: one file of HTML that needs no network, and can be mailed.

        Args:
            since, until, where, zone, users, most: as of ``report``.
            bill: what ``Reconciliation.to_dict(cells=False)`` returns: the page shows it too.

        Raises as ``total`` does.
        """
        report = self.report(since=since, until=until, where=where, zone=zone, users=users, most=most)
        return page.page_of(report if bill is None else {**report, "bill": dict(bill)})
