"""Engines: whole numbers as decimals of DuckDB."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.sdks import optional


@pytest.mark.parametrize("number", [1, 10**8 - 1, 10**8, 10**9 - 1, 10**37])
def test_whole_numbers_of_thirty_places(number):
    """Of 38 digits 30 stand behind the point: 8 fit before it, and longer numbers are put together."""
    optional("narwhals")
    from llmcost.frames.engines import _duckdb_decimal

    one = optional("duckdb").connect().sql("SELECT 1 AS one").select(f"CAST({number} AS HUGEINT) AS n")
    assert one.select(_duckdb_decimal("n", 30, number)).fetchall() == [(Decimal(number).scaleb(-30),)]
