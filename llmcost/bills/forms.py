"""Forms: by what each kind of bill is told; and a file of one while it is read."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, NamedTuple

from ..core.tiers import tier_of
from ..errors import printable
from .amounts import day_before, day_of
from .bill import Bill
from .pages import items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, tzinfo
    from typing import Any

    from .amounts import Money
    from .bill import BillLine
    from .tables import Row

    Rows = Callable[[Iterable[Mapping[str, Any]], str], tuple[list[Row], list[str]]]


class Form(NamedTuple):
    """A kind of bill.

    Attributes:
        name: what it is called: ``openai``.
        tables: sets of columns; a table that has all of one of them is such a bill.
        known: the columns that are read, or that are known to say nothing of a cost.
        bill: returns the bill of a file.
        is_page: whether an object of JSON is a page of it; None for what is a table alone.
        rows: the rows of pages.
        families: beginnings of other columns that are known to say nothing of a cost.
        plain: a column as ``tables`` and ``known`` name it.
    """

    name: str
    tables: tuple[frozenset[str], ...]
    known: frozenset[str]
    bill: Callable[[Source], Bill]
    is_page: Callable[[Mapping[str, Any]], bool] | None = None
    rows: Rows = items
    families: tuple[str, ...] = ("x_",)
    plain: Callable[[str], str] = str

    def is_table(self, columns: Iterable[str]) -> bool:
        """Return whether a table with these columns is such a bill."""
        found = {self.plain(column) for column in columns}
        return any(found >= needed for needed in self.tables)

    def remarks(self, columns: Iterable[str]) -> list[str]:
        """Return a remark on columns that this version does not know, if there are some."""
        unknown = [
            printable(name)
            for name in dict.fromkeys(columns)
            if name not in self.known and not name.startswith(self.families)
        ]
        return [f"columns that are not read: {', '.join(unknown)}"] if unknown else []


class Source:
    """A file of a bill while it is read.

    Attributes:
        path: the file, as it was named.
        rows, columns: what it holds; the rows are read once.
        money: its amounts.
        zone: whose days it counts by.
        remarks: what there is to say of it.
    """

    def __init__(
        self,
        path: str,
        rows: Iterable[Row],
        columns: Iterable[str],
        money: Money,
        remarks: Iterable[str] = (),
        zone: tzinfo = timezone.utc,
    ) -> None:
        self.path, self.rows, self.columns, self.money, self.zone = path, rows, frozenset(columns), money, zone
        self.remarks = list(remarks)
        self._unknown_tiers: dict[str, None] = {}
        self._days: set[date] = set()

    def by_day(self, start: str, end: str) -> Iterator[tuple[Row, date]]:
        """Yield the rows with their days, all of which the bill covers.

        Args:
            start, end: as of ``day``.
        """
        for row in self.rows:
            day = self.day(row, start, end)
            self._days.add(day)
            yield row, day

    def day(self, row: Row, start: str, end: str = "") -> date:
        """Return the day that a row is for.

        Args:
            start, end: the columns of its first moment and of the one behind its last. Without the end the row is for
                the day of its start.

        Raises BillError for what is no time, and for a row that is for several days.
        """
        first = row.field(start).day(self.zone)
        if end and row.text(end):
            last = day_before(row.field(end).moment(), self.zone)
            if last > first:
                longer = day_before(row.field(end).moment(), timezone.utc) > day_of(
                    row.field(start).moment(), timezone.utc
                )
                raise row.field(start).refused(
                    f"the row is for several days, until {row.text(end)}: export the bill by the day or the hour"
                    if longer
                    else f"the row is for a part of two days of {self.zone}, until {row.text(end)}: it counts by the "
                    "days of another zone, name that one"
                )
        return first

    def tier(self, word: str) -> str | None:
        """Return the tier that a word means; None without one, and for an unknown one, which gets a remark."""
        found = tier_of(word) if word else None
        if word and found is None:
            self._unknown_tiers[word] = None
        return found

    def bill(
        self,
        form: Form,
        vendor: str,
        lines: Iterable[BillLine],
        *,
        providers: frozenset[str],
        meters: frozenset[str],
        states: Iterable[str] = (),
    ) -> Bill:
        """Return the bill of the file."""
        unknown = ", ".join(map(printable, self._unknown_tiers))
        said = [f"service tiers that are not known, and not told apart: {unknown}"] if unknown else []
        return Bill(
            self.path,
            form.name,
            vendor,
            lines,
            providers=providers,
            step=self.money.step,
            states=states,
            meters=meters,
            remarks=[*self.remarks, *said, *self.money.remarks],
            days=self._days,
            zone=self.zone,
        )
