"""Tables as text: aligned, never cut off, and as long as they come."""

from __future__ import annotations

import re
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.cli._table import BLOCK, Column, Table, fitting, money


def test_columns_are_aligned(capsys):
    """Words to the left, counts to the right, amounts at their points, also where there is a word among them."""
    table = Table(Column("name"), Column("count", "right"), Column("USD", "point"))
    table.add("a", "1", "0.5")
    table.add("longer", "1,000", "12.125")
    table.add("b", "", "error")
    table.rule()
    table.add("sum", "1,001", "12.625")
    table.end()
    assert capsys.readouterr().out == (
        "name    count     USD\n"
        "------  -----  ------\n"
        "a           1   0.5\n"
        "longer  1,000  12.125\n"
        "b               error\n"
        "------  -----  ------\n"
        "sum     1,001  12.625\n"
    )


def test_an_empty_table_is_nothing(capsys):
    """Without rows there is no header."""
    Table(Column("name")).end()
    assert capsys.readouterr().out == ""


def test_rows_are_written_in_blocks_under_one_header(capsys):
    """A block is written when it is full; a wider cell of a later block is not cut off."""
    table = Table(Column("name"), Column("count", "right"))
    for number in range(BLOCK):
        table.add("x", str(number))
    first = capsys.readouterr().out.splitlines()
    assert len(first) == BLOCK + 2
    table.add("a much longer name", "1")
    table.end()
    assert capsys.readouterr().out == "a much longer name      1\n"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("1E+2", "100.00"),
        ("1E-7", "0.0000001"),
        ("0.1234567890125", "0.1235"),
        ("0.99996", "1.00"),
        ("9.996", "9.996"),
        ("9.9996", "10.00"),
        ("12.345", "12.34"),  # half to even
        ("3239.4554295675", "3,239.46"),
        ("1234567890123.456", "1,234,567,890,123.46"),
        ("-0.5", "-0.50"),
        ("-1234.5", "-1,234.50"),
    ],
)
def test_money(amount, text):
    """To the cent or to four significant digits, whichever says more."""
    assert money(Decimal(amount)) == text


def test_a_lower_bound_is_rounded_down():
    """So that what is shown is a lower bound too."""
    assert money(Decimal("0.12349"), bound=True) == ">=0.1234"
    assert money(Decimal("12.349"), bound=True) == ">=12.34"
    assert money(Decimal(0), bound=True) == ">=0.00"


@given(st.decimals(min_value=0, max_value=10**15, places=20))
def test_what_is_shown_is_near(amount):
    """By less than half a cent, and by less than one in two thousand."""
    shown = Decimal(money(amount).replace(",", ""))
    assert abs(shown - amount) <= min(Decimal("0.005"), amount / 2000)


_COLUMNS = (
    Column("name", least=8),
    Column("count", "right", drop=1),
    Column("USD", "point"),
    Column("remarks", drop=2, least=6, cut="end"),
)
_WIDTHS = [20, 6, 8, 10]
_STYLES = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize(
    ("room", "shown", "widths"),
    [
        (50, [0, 1, 2, 3], [20, 6, 8, 10]),  # 44 and three separators of two
        (49, [0, 1, 2, 3], [19, 6, 8, 10]),
        (34, [0, 1, 2, 3], [8, 6, 8, 6]),
        (33, [0, 1, 2], [15, 6, 8, 10]),
        (25, [0, 2], [15, 6, 8, 10]),
        (18, [0, 2], [8, 6, 8, 10]),
        (10, [0, 2], [8, 6, 8, 10]),
    ],
)
def test_what_fits_a_terminal(room, shown, widths):
    """Names are shortened before a column is left out; what remains has the room of that column again."""
    found, fitted = fitting(_COLUMNS, _WIDTHS, room)
    assert found == shown
    assert [fitted[number] for number in shown] == [widths[number] for number in shown]


@given(st.lists(st.integers(3, 60), min_size=4, max_size=4), st.integers(20, 200))
def test_no_line_is_wider_than_the_terminal(widths, room):
    """Unless what always stays is wider; nothing is wider than it has to be."""
    shown, fitted = fitting(_COLUMNS, widths, room)
    whole = sum(fitted[number] for number in shown) + 2 * (len(shown) - 1)
    assert whole <= room or shown == [0, 2]
    assert all(fitted[number] <= widths[number] for number in shown)


def test_a_terminal_gets_what_fits(monkeypatch, capsys):
    """A long name loses its middle, a text its end, and the end of the table names what was left out."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "34")
    table = Table(*_COLUMNS)
    table.add("anthropic/claude-sonnet-5", "1,000", "0.0125", "tier flex, cached")
    table.end()
    wide = _STYLES.sub("", capsys.readouterr().out)
    monkeypatch.setenv("COLUMNS", "20")
    table = Table(*_COLUMNS)
    table.add("anthropic/claude-sonnet-5", "1,000", "0.0125", "tier flex, cached")
    table.end()
    assert wide == (
        "name      count     USD  remarks\n──────────────────────────────────\nanth…t-5  1,000  0.0125  tier fle…\n"
    )
    assert _STYLES.sub("", capsys.readouterr().out) == (
        "name             USD\n────────────────────\nanthro…net-5  0.0125\nleft out for the width: count, remarks\n"
    )
