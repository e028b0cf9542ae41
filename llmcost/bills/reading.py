"""Reading bills: which format a file is of, and its lines."""

from __future__ import annotations

import os
from datetime import timezone
from typing import TYPE_CHECKING

from ..core.signatures import as_signed
from ..errors import ArgumentError, BillError, shown
from . import anthropic, bedrock, focus_bill, openai, openrouter
from .amounts import Money, given_number
from .forms import Source
from .pages import documents
from .parquet import MAGIC, parquet_table
from .tables import content, decoded, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from fractions import Fraction
    from typing import Any

    from .bill import Bill
    from .forms import Form
    from .tables import Table

FORMS: tuple[Form, ...] = (focus_bill.FORM, bedrock.FORM, openai.FORM, anthropic.FORM, openrouter.FORM)
_KNOWN = (
    "OpenAI costs and usage, Anthropic cost and usage reports, OpenRouter activity, an AWS Cost and Usage Report, and "
    "FOCUS 1.0 to 1.2"
)


@as_signed
def read_bill(
    path: str | os.PathLike[str], *, rates: Mapping[str, object] | None = None, zone: tzinfo = timezone.utc
) -> Bill:
    """Return a provider's bill, line by line, from a file.

    It is what an API answered (JSON, JSON Lines, an array of pages) or an export (CSV or Parquet, also packed by gzip):
    OpenAI's costs and usage, Anthropic's cost and usage reports, OpenRouter's activity, an AWS Cost and Usage Report,
    or FOCUS of any vendor. Amounts are exact, as they are written.

    >>> import tempfile, pathlib
    >>> report = '{"data": [{"starting_at": "2026-11-01T00:00:00Z", "results": [{"currency": "USD", "amount": "12.5", '
    >>> report += '"cost_type": "tokens", "model": "claude-sonnet-4-5", "token_type": "output_tokens"}]}]}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "november.json")
    ...     _ = path.write_text(report)
    ...     bill = read_bill(path)
    >>> bill.vendor, float(bill.amount), bill.lines[0].model, bill.lines[0].meter
    ('Anthropic', 0.125, 'claude-sonnet-4-5', 'output')

    Args:
        path: the file.
        rates: currency -> USD of one unit of it, for amounts that are in another currency.
        zone: whose days the lines are put into by their times. A line that states a day and no time is of that day.

    Raises:
        BillError: the file cannot be read, is torn, is of no known format, has an amount that is no number or in a
            currency without a rate, or a line of usage that is for several days of the zone; the error names file,
            line and field.
        MissingDependencyError: the file is Parquet, and the extra ``parquet`` is not installed.
        ArgumentError: a rate is no number above 0.
    """
    name = os.fsdecode(path)
    money = Money(_checked(rates or {}))
    data = content(name)
    if data[: len(MAGIC)] == MAGIC:
        return _of_table(parquet_table(data, name), name, money, zone)
    text = decoded(data, name)
    if text.lstrip()[:1] in {"{", "["}:
        return _of_pages(documents(text, name), name, money, zone)
    return _of_table(table(text, name), name, money, zone)


def _of_pages(pages: list[dict[str, Any]], path: str, money: Money, zone: tzinfo) -> Bill:
    """Return the bill of pages. A page of a report without any rows is of the form of the others."""
    stated = [page for page in pages if page.get("data") != []]
    if pages and not stated:
        raise BillError("it is a report without any days or rows: there is nothing to compare", path)
    for form in FORMS:
        if form.is_page is not None and stated and all(map(form.is_page, stated)):
            rows, remarks = form.rows(pages, path)
            columns = dict.fromkeys(name for row in rows for name in row.values)
            return form.bill(Source(path, rows, columns, money, [*remarks, *form.remarks(columns)], zone))
    raise BillError(f"it is no bill that this version knows: {_KNOWN}", path)


def _of_table(table_of_file: Table, path: str, money: Money, zone: tzinfo) -> Bill:
    for form in FORMS:
        if form.is_table(table_of_file.columns):
            read = table_of_file.renamed(form.plain, path)
            return form.bill(Source(path, read.rows, read.columns, money, form.remarks(read.columns), zone))
    raise BillError(f"its columns are of no bill that this version knows: {_KNOWN}", path, 1)


def _checked(rates: Mapping[str, object]) -> dict[str, Fraction]:
    found = {}
    for currency, rate in rates.items():
        usd = given_number(rate)
        if usd is None or usd <= 0:
            raise ArgumentError(
                f"rates={{{currency!r}: {shown(rate)}}}: a rate is USD of one unit of the currency, above 0"
            )
        found[str(currency).upper()] = usd
    return found
