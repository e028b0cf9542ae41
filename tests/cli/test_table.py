"""Tables as text: aligned, never cut off, and as long as they come."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.cli._table import BLOCK, Column, Table, money


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
        ("0", "0.000000"),
        ("1E+2", "100.000000"),
        ("1E-7", "0.0000001"),
        ("0.123456789012", "0.123456789012"),
        ("0.1234567890125", "~0.123456789012"),
        ("-0.5", "-0.500000"),
    ],
)
def test_money(amount, text):
    """Exact with at least six decimals; beyond twelve it is rounded, and says so."""
    assert money(Decimal(amount)) == text
    assert money(Decimal(amount), bound=True) == f">={text}"
