"""Counters that nobody understands: kept with a note, added up, and never in a quantity."""

from __future__ import annotations

import json
from decimal import Decimal

from llmcost import CostMap, Usage, read_usage
from llmcost.core.unread import add_unread, both_unread

MAP = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})


def test_each_has_a_note_by_its_name():
    """The note names the counter, once however often it is stated; the quantities stay."""
    usage = Usage(input=10)
    add_unread(usage, {"b_tokens": 7})
    add_unread(usage, {"b_tokens": 7, "a.c": 1.5})
    assert usage.unread == {"b_tokens": 7, "a.c": 1.5}
    assert [(note.code, note.about) for note in usage.notes] == [
        ("not_understood", "b_tokens"),
        ("not_understood", "a.c"),
    ]
    assert usage.quantities == {"input": 10}


def test_what_can_be_no_count_is_kept_as_text():
    """A number of thousands of digits, or an infinite one, cannot be written to JSON."""
    usage = Usage(input=10)
    add_unread(usage, {"long": 10**5000, "inf": float("inf")})
    assert usage.unread == {"long": "an int that is too long to show", "inf": "inf"}
    assert json.loads(json.dumps(usage.to_dict()))["unread"] == usage.unread


def test_a_text_is_kept_as_it_is():
    """It is no number to begin with, or one that was kept as text before; the note shows it, and no sum takes it in."""
    usage = Usage(input=10)
    add_unread(usage, {"state": "three"})
    assert usage.unread == {"state": "three"}
    assert [note.about for note in usage.notes] == ["state"]
    assert usage.notes[0].startswith("state=three is not understood")
    restored = Usage(input=10, unread={"inf": "inf"})
    assert (restored.unread, restored.quantities) == ({"inf": "inf"}, {"input": 10})


def test_usages_add_up():
    """3 + 4 of one name are 7; that of one side alone is kept, also beside what is free."""
    one, two = Usage(input=1, unread={"x": 3}), Usage(input=2, unread={"x": 4, "y": 5})
    assert (one + two).unread == {"x": 7, "y": 5}
    assert both_unread({"x": "inf"}, {"x": 4}) == {"x": 4}
    free = Usage(free="a refusal", unread={"z": 1})
    assert (one + free).unread == {"x": 3, "z": 1}
    assert {note.about for note in (one + free).notes} >= {"x", "z"}


def test_a_caller_may_state_them():
    """A usage that is built by hand gets the same notes, and equal usages have equal ones."""
    usage = Usage(input=1, unread={"x": 3})
    assert usage.to_dict()["unread"] == {"x": 3}
    assert [note.about for note in usage.notes] == ["x"]
    assert usage != Usage(input=1)
    assert usage == Usage(input=1, unread={"x": 3})
    # The default is nobody's to change.
    assert Usage(input=1).unread == {}


def test_a_cost_of_them_is_a_lower_bound():
    """10 tokens of 1e-6 are 0.00001, and more may have been used; a part's are the call's."""
    part = Usage(input=5, unread={"x": 3})
    for usage in (Usage(input=10, unread={"x": 3}), Usage(input=5, parts=(part,))):
        cost = MAP.calculate(usage=usage, model="m")
        assert cost.total == Decimal("0.00001")
        assert not cost.complete
        assert cost.lower_bound
        assert [doubt.about for doubt in cost.doubts] == ["x"]
        assert "x=3 is not understood" in cost.explain()
        assert cost.explain().startswith("m: at least 0.00001 USD")


def test_a_reported_cost_is_whole_all_the_same():
    """What the provider says that it charges holds what we do not understand; the note stays."""
    body = {
        "object": "chat.completion",
        "id": "gen-1",
        "provider": "X",
        "model": "m",
        "choices": [],
        "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11, "cost": 0.5, "x_tokens": 3},
    }
    cost = MAP.calculate(body)
    assert cost.total == Decimal("0.5")
    assert cost.complete
    assert [note.about for note in cost.notes if note.code == "not_understood"] == ["x_tokens"]
    assert read_usage(body).unread == {"x_tokens": 3}
