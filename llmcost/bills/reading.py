"""Reading bills: which format a file is of, and its lines."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.exact import ratio
from ..errors import ArgumentError, BillError, shown
from . import anthropic, bedrock, focus_bill, openai, openrouter
from .amounts import Money
from .tables import content, decoded, documents, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from .bill import Bill

_REPORTS: tuple[ModuleType, ...] = (openai, anthropic, openrouter)
_TABLES: tuple[ModuleType, ...] = (focus_bill, bedrock, openai, anthropic, openrouter)
_KNOWN = (
    "OpenAI costs and usage, Anthropic cost and usage reports, OpenRouter activity, an AWS Cost and Usage Report, and "
    "FOCUS 1.0 to 1.2"
)


def read_bill(path: str | os.PathLike[str], *, rates: Mapping[str, object] | None = None) -> Bill:
    """Return a provider's bill, line by line, from a file.

    It is what an API answered (JSON, JSON Lines, an array of pages) or an export (CSV, also packed by gzip): OpenAI's
    costs and usage, Anthropic's cost and usage reports, OpenRouter's activity, an AWS Cost and Usage Report, or FOCUS
    of any vendor. Amounts are exact, as they are written.

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

    Raises:
        BillError: the file cannot be read, is torn, is of no known format, or has an amount that is no number or in
            a currency without a rate; the error names file, line and field.
        ArgumentError: a rate is no number above 0.
    """
    name = os.fspath(path)
    money = Money(_checked(rates or {}))
    text = decoded(content(name), name)
    if text.lstrip()[:1] in {"{", "["}:
        found = documents(text, name)
        for report in _REPORTS:
            if found and all(report.is_report(one) for one in found):
                bill: Bill = report.of_report(found, name, money)
                return bill
        raise BillError(f"it is no bill that this version knows: {_KNOWN}", name)
    whole = table(text, name)
    columns = frozenset(whole.columns)
    for form in _TABLES:
        if form.is_table(columns):
            read: Bill = form.of_table(whole, name, money)
            return read
    raise BillError(f"its columns are of no bill that this version knows: {_KNOWN}", name, 1)


def _checked(rates: Mapping[str, object]) -> dict[str, Fraction]:
    found = {}
    for currency, rate in rates.items():
        try:
            found[str(currency).upper()] = usd = Fraction(*ratio(rate))
        except (TypeError, ValueError):
            usd = Fraction(0)
        if usd <= 0:
            raise ArgumentError(
                f"rates={{{currency!r}: {shown(rate)}}}: a rate is USD of one unit of the currency, above 0"
            )
    return found
