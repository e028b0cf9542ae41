"""How numbers are written on the command line, and that the options are the keywords of calculate()."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.api import facts
from llmcost.cli._options import COUNT, FACTS


@pytest.mark.parametrize(
    ("written", "count"),
    [("0", 0), ("12000", 12000), ("12_000", 12000), ("12,000", 12000), ("12k", 12000), ("1.5M", 1_500_000),
     ("0.001k", 1), ("2.50K", 2500), ("1,234.5k", 1_234_500), ("3.0", 3)],
)  # fmt: skip
def test_counts_as_people_write_them(written, count):
    """Thousands may be separated, k and M stand for zeros."""
    assert COUNT.convert(written, None, None) == count


@pytest.mark.parametrize("written", ["", "k", "-1", "1e3", "12,00", "1.2.3", "1.5", "0.0001k", "12 k", "0x10", "١٢"])
def test_what_is_no_count(written):
    """Nothing is rounded and nothing is guessed."""
    with pytest.raises(click.BadParameter):
        COUNT.convert(written, None, None)


@given(st.integers(0, 10**12))
def test_every_count_is_read_as_it_is_printed(count):
    """With and without separators."""
    assert COUNT.convert(f"{count:,}", None, None) == COUNT.convert(f"{count:_}", None, None) == count
    assert COUNT.convert(str(count), None, None) == count


def test_every_fact_is_a_keyword_of_calculate():
    """And every keyword of calculate() that says something of a call is a fact."""
    assert set(FACTS) == set(facts.FACTS) - {"prices", "replace", "scale_rest"}
