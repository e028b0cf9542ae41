"""The facts that a caller states of a usage: each is of its type, and nothing of a foreign type is kept."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import pytest

from llmcost import ArgumentError, CostMap, InconsistentUsageError, Usage


class Tier(str, Enum):
    FLEX = "flex"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("model", 5, "it is text"),
        ("region", [], "it is text"),
        ("aggregate", 1, "it is True or False"),
        ("parts", [5], "it is usages"),
        ("parts", 5, r"it cannot be read \(TypeError\)"),
        ("notes", [5], r"it cannot be read \(TypeError\)"),
        ("alternatives", [[5]], r"it cannot be read \(TypeError\)"),
        ("at", {}, "it is a time"),
        ("unread", 5, r"it cannot be read \(AttributeError\)"),
    ],
)
def test_a_fact_of_another_type(name, value, said):
    with pytest.raises(ArgumentError, match=rf"Usage\({name}=.*\): {said}"):
        Usage(input=1, **{name: value})


def test_times_and_truth_values_of_numpy():
    """As ``calculate`` takes them: they stand in the rows of tables."""
    numpy = pytest.importorskip("numpy")
    for at in (numpy.int64(1_759_017_600), numpy.datetime64("2025-09-28"), "2025-09-28"):
        assert str(CostMap.bundled().of_usage(Usage(input=1_000_000, model="deepseek-chat", at=at))) == "0.56"
    assert type(Usage(input=1, at=numpy.int64(5)).at) is int
    assert Usage(input=1, partial=numpy.bool_(1)).partial is True
    with pytest.raises(ArgumentError, match="it is a time"):
        Usage(input=1, at=numpy.array([1, 2]))


def test_a_count_that_is_none():
    with pytest.raises(InconsistentUsageError, match="context=-1"):
        Usage(input=1, context=-1)
    with pytest.raises(InconsistentUsageError, match="reported='x'"):
        Usage(input=1, reported="x")
    with pytest.raises(InconsistentUsageError, match="output_images=-1"):
        Usage(input=1, alternatives=[[{"output_images": -1}]])


def test_what_is_kept_is_of_pythons_own_types():
    """An enum of texts, lists, and what tables make of an empty cell."""
    groups = [[{"output_images": 2}]]
    usage = Usage(
        input=1, service_tier=Tier.FLEX, alternatives=groups, reported="0.1", model=float("nan"), unread={Tier.FLEX: 1j}
    )
    groups[0][0]["output_images"] = 9
    assert type(usage.service_tier) is str
    assert usage.service_tier == "flex"
    assert usage.alternatives == (({"output_images": 2},),)
    assert usage.reported == Decimal("0.1")
    assert usage.model is None
    assert usage.unread == {"flex": "1j"}
    usage = Usage(input=1, above=5, media=2, elapsed=0.5, booked=True, routed=True)
    assert (usage.above, usage.media, usage.elapsed, usage.booked, usage.routed) == (5, 2, 0.5, True, True)


def test_cells_of_a_table():
    """A truth value and a time of numpy's are Python's own; other numbers are no truth values."""
    np = pytest.importorskip("numpy")
    usage = Usage(input=1, batch=np.bool_(1), at=np.int64(1790000000))
    assert (usage.batch, type(usage.at), usage.at) == (True, int, 1790000000)
    assert Usage(input=1, at=np.datetime64("2026-11-01")).at == "2026-11-01"
    with pytest.raises(ArgumentError, match="it is True or False"):
        Usage(input=1, batch=np.int64(1))


def test_a_replaced_fact_has_a_name():
    assert Usage(input=1).replaced(region="eu").region == "eu"
    with pytest.raises(ArgumentError, match="no fact 'regoin'"):
        Usage(input=1).replaced(regoin="eu")
