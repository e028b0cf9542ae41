"""Notes are text with a code, whatever is done with them; and every code is one of the table."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal

import pytest

from llmcost import Cost, CostMap, LLMCostError, Note, Usage, read_usage
from llmcost.core.note_codes import CODES
from llmcost.core.notes import NO_NOTE, as_note, from_dicts, joined
from llmcost.core.rating import BROKEN_OFF
from tests import responses
from tests.golden.harness import cases, price

# A map in which much has to be said of a call: a rate by variants, a key of the future, an alias, a tier.
ODD = {
    "m": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 2e-06,
        "output_cost_per_token": 1e-05,
        "input_cost_per_token_priority": 4e-06,
        "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_medium": 0.02},
    },
    "other": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "openai"},
    "n": {"alias_of": "m"},
    "s": {"input_cost_per_second": 0.5},
}
PRICES = CostMap(ODD)


def test_a_note_is_text():
    """It compares, joins, hashes and serializes as its text does."""
    note = Note("parent_rate", "reasoning rate missing: output rate used", "reasoning")
    assert note == "reasoning rate missing: output rate used"
    assert hash(note) == hash("reasoning rate missing: output rate used")
    assert json.dumps([note]) == '["reasoning rate missing: output rate used"]'
    assert not hasattr(note, "__dict__")
    for twin in (copy.copy(note), copy.deepcopy(note), *(pickle.loads(pickle.dumps(note, n)) for n in range(2, 6))):
        assert (type(twin), twin, twin.code, twin.about) == (Note, note, note.code, note.about)


def test_a_note_may_end_with_the_page_that_proves_it():
    """A table shows the rule alone; where no page is named, both are the whole text."""
    note = Note("derived_rate", "1.25 x input", "input", "https://vendor.example/pricing")
    assert (note, note.brief) == ("1.25 x input, https://vendor.example/pricing", "1.25 x input")
    assert Note("alias", "said, http-like").brief == "said, http-like"


def test_a_dict_of_a_note():
    """Code, text and subject, and back."""
    note = Note("alias", "n is an alias of m in this map")
    assert note.to_dict() == {"code": "alias", "text": "n is an alias of m in this map", "about": None}
    (twin,) = from_dicts([note.to_dict()])
    assert (twin, twin.code, twin.about) == (note, "alias", None)


@pytest.mark.parametrize(
    "stated",
    [
        ["text"],
        [{}],
        [{"code": "a", "text": "b"}],
        [{"code": 1, "text": "b", "about": None}],
        [{"code": "a", "text": None, "about": None}],
        [{"code": "a", "text": "b", "about": 1}],
    ],
)
def test_what_is_no_dict_of_a_note(stated):
    """Each field has to be there, as text; the subject may be null."""
    with pytest.raises((TypeError, KeyError)):
        from_dicts(stated)


def test_several_notes_as_one_text():
    """The code and the subject are those of the first; none is an empty text with an empty code."""
    one, two = Note("weaker_rate", "a", "input"), Note("derived_rate", "b", "output")
    assert (joined(()), joined(()).code, joined(()).about) == ("", "", None)
    assert joined((one,)) is one
    assert (joined((one, two)), joined((one, two)).code, joined((one, two)).about) == ("a; b", "weaker_rate", "input")
    assert not NO_NOTE


def test_a_text_of_the_callers():
    """A usage and a cost take plain text; what has a code keeps it."""
    assert (as_note("n").code, as_note(Note("alias", "n")).code) == ("caller", "alias")
    assert [(note, note.code) for note in Usage(input=1, notes=("n",)).notes] == [("n", "caller")]
    cost = PRICES.calculate(usage=Usage(input=1, output=1), model="m").with_note("looked at by hand")
    assert (cost.notes[0], cost.notes[0].code) == ("looked at by hand", "caller")


def test_the_notes_of_a_usage_come_back_from_its_dict():
    """What `to_dict` writes is what `Usage` takes, code and all."""
    counters = {"input_tokens": 1, "cache_creation_input_tokens": 9, "output_tokens": 1}
    usage = read_usage({"type": "message", "usage": counters})
    (note,) = Usage(**usage.to_dict()).notes
    assert (note, note.code, note.about) == ("ttl unknown, 5m rate used", "ttl_assumed", "cache_write")


def test_a_line_keeps_every_code():
    """Reasoning in a batch: at the rate of its parent, which is half of the standard one by the vendor's rule."""
    cost = PRICES.calculate(usage=Usage(reasoning=1000), model="m", batch=True)
    (line,) = cost.line_items
    assert line.amount == Decimal("0.005")
    assert [(note.code, note.about) for note in line.notes] == [
        ("parent_rate", "reasoning"),
        ("derived_rate", "output"),
    ]
    assert line.note == "; ".join(line.notes)
    assert line.note.code == "parent_rate"
    assert set(line.notes) <= set(cost.notes)


@pytest.mark.parametrize(
    ("facts", "code", "about"),
    [
        ({"usage": Usage(input=1, output=1), "model": "n"}, "alias", None),
        ({"usage": Usage(input=1, web_searches=1), "model": "m"}, "search_size_assumed", "web_searches"),
        ({"usage": Usage(input=1, reasoning=1), "model": "m"}, "parent_rate", "reasoning"),
        ({"usage": Usage(input=1), "model": "m", "service_tier": "flex"}, "tier_without_rates", "flex"),
        ({"usage": Usage(input=1), "model": "m", "service_tier": "gold"}, "tier_unknown", "service_tier"),
        ({"usage": Usage(output=1, service_tier="priority"), "model": "m"}, "weaker_rate", "output"),
        ({"usage": Usage(input=1, partial=True), "model": "m"}, "broken_off", None),
        ({"usage": Usage(input=1), "model": "other"}, "zero_by_map", None),
        ({"usage": Usage(), "model": "s"}, "duration_needed", "input_seconds"),
        ({"usage": Usage(input=1, parts=(Usage(output=1, model="x"),)), "model": "m"}, "part_unknown", "x"),
        ({"usage": Usage(input=1, reported="0.5"), "model": "m"}, "reported_differs", None),
        ({"usage": Usage(input=1) + Usage(input=1, region="eu"), "model": "m"}, "facts_differ", "region"),
        ({"usage": Usage(input=1, at="whenever"), "model": "m"}, "time_not_read", "at"),
        ({"usage": Usage(input=1, model="other"), "model": "m"}, "other_model", "other"),
    ],
)
def test_the_code_of_a_note(facts, code, about):
    """Each branch says it with its own code, and what it is about."""
    found = {note.code: note.about for note in PRICES.calculate(**facts).notes}
    assert found.get(code, "no such note") == about


def test_restored_and_pickled_costs_keep_the_codes():
    """Those of the call, those of its lines, and those of a sum."""
    usage = Usage(input=1, reasoning=5, web_searches=1, partial=True)
    cost = PRICES.calculate(usage=usage, model="n", service_tier="gold")
    for kept in (cost, cost + PRICES.calculate(usage=usage, model="m")):
        codes = [(note.code, note, note.about) for note in kept.notes]
        assert len({code for code, _, _ in codes}) >= 4
        lines = [[note.to_dict() for note in line.notes] for line in kept.line_items]
        for twin in (Cost.from_dict(json.loads(json.dumps(kept.to_dict()))), pickle.loads(pickle.dumps(kept))):
            assert [(note.code, note, note.about) for note in twin.notes] == codes
            assert [[note.to_dict() for note in line.notes] for line in twin.line_items] == lines


# The table.


def known(cost: Cost) -> bool:
    """Return whether all that a cost says, and all that its usage and its lines say, are notes of the table."""
    usages = list(cost.usage.walk()) if cost.usage is not None else []
    said = [*cost.notes, *cost.doubts, *(note for usage in usages for note in usage.notes)]
    said += [note for line in cost.line_items for note in (*line.notes, *((line.note,) if line.note else ()))]
    return all(type(note) is Note and note.code in CODES for note in said)


def test_every_note_of_every_response_has_a_code():
    """Of the golden responses and those of the tests of readers, on a card with a rate for every meter."""
    found = 0
    for example in responses.everything():
        try:
            cost = example.price(example.response)
        except LLMCostError:
            continue  # readings that cannot be told apart, or a part whose model nobody knows
        found += len(cost.notes)
        assert known(cost), example
    assert found > 100


def test_every_note_of_every_golden_case_has_a_code():
    """On the rates of each case, with what only its caller knows."""
    priced = 0
    for case in cases("cases.jsonl"):
        try:
            cost = price(case, case["response"])
        except LLMCostError:
            continue
        priced += 1
        assert known(cost), case["id"]
    assert priced > 130


@pytest.mark.parametrize(
    ("notes", "codes"),
    [
        ((), ["broken_off"]),
        ((Note("left_out", "2 of 3 answers state no usage"),), ["left_out"]),
        ((Note("left_out", "2 of 3 answers state no usage"), BROKEN_OFF), ["left_out", "broken_off"]),
        # a note that is no cause does not hide it
        ((Note("ttl_assumed", "ttl unknown, 5m rate used"),), ["ttl_assumed", "broken_off"]),
    ],
)
def test_a_lower_bound_says_its_own_cause(notes, codes):
    """Only a response that ended early broke off; one that leaves something out says what it is. 10 x 2e-6."""
    cost = PRICES.calculate(usage=Usage(input=10, partial=True, notes=notes), model="m")
    assert (cost.total, cost.lower_bound, [note.code for note in cost.notes]) == (Decimal("0.00002"), True, codes)


def test_a_stated_cost_is_not_described_by_our_own_calculation():
    """What the rate card assumed, or could not price, is said of the calculation: the stated sum is complete."""
    usage = Usage(input=10, reasoning=1, output_images=1, reported="0.5", service_tier="priority")
    cost = PRICES.calculate(usage=usage, model="m")
    assert (cost.total, cost.complete, [note.code for note in cost.notes]) == (Decimal("0.5"), True, [])
    assert (cost.calculated.unpriced, cost.calculated.complete) == (("output_images",), False)
    searching = CostMap({"gpt-4o-search-preview": ODD["m"]}).calculate(
        usage=Usage(input=10, reported="0.01"), model="gpt-4o-search-preview"
    )
    assert "searches_not_counted" not in [note.code for note in searching.notes]
    assert "searches_not_counted" in [note.code for note in searching.calculated.notes]
