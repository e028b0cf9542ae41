"""Parts of a call: each on its own card, none of them dropped."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnpricedUsageWarning, Usage, calculate

PRICES = CostMap(
    {
        "main": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
        "ears": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"},
        "other": {"input_cost_per_token": 1e-05, "output_cost_per_token": 2e-05},
    }
)


def lines(cost):
    return [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_a_part_without_a_model_is_marked_by_all_that_it_counts():
    """Its tokens, its alternatives and its time: 5 x 1e-6 is a lower bound, and the note says what to pass."""
    part = Usage(
        input=2, duration=45, alternatives=(({"output_images": 1},),), model_keyword="transcription_model", context=0
    )
    cost = PRICES.calculate(usage=Usage(input=5, parts=(part,)), model="main")
    assert cost.unpriced == ("input", "output_images", "compute_seconds")
    assert (cost.total, cost.complete) == (Decimal("0.000005"), False)
    assert any("transcription_model=" in note for note in cost.notes)


def test_the_time_of_a_part_with_a_model():
    """45 x 0.0001 on the card of the model that the caller names; of an unknown one the time is marked."""
    part = Usage(duration=45, model_keyword="transcription_model")
    usage = Usage(input=5, parts=(part,))
    cost = PRICES.calculate(usage=usage, model="main", transcription_model="ears")
    assert lines(cost)[1:] == [("ears", "input_seconds", 45, Decimal("0.0045"))]
    unknown = PRICES.calculate(usage=usage, model="main", transcription_model="nobody-knows-it")
    assert (unknown.unpriced, unknown.complete) == (("compute_seconds",), False)


def test_parts_of_parts_are_billed():
    """One of several images, drawn with the help of another model: 3 x 1e-5 + 4 x 2e-5 beside 5 x 1e-6."""
    drawing = Usage(input=3, output=4, model="other")
    cost = PRICES.calculate(usage=Usage(input=5, parts=(Usage(parts=(drawing,)),)), model="main")
    assert lines(cost) == [
        ("main", "input", 5, Decimal("0.000005")),
        ("other", "input", 3, Decimal("0.00003")),
        ("other", "output", 4, Decimal("0.00008")),
    ]


def test_a_part_has_the_price_of_its_time():
    """o3 fell to a fifth on 2025-06-10: 1000 x 1e-5 + 100 x 4e-5, then 1000 x 2e-6 + 100 x 8e-6, beside 1000 x 2.5e-6.

    The time is the one that is asked for, else the part's own, else that of the whole call.
    """
    part = Usage(input=1000, output=100, model="o3")
    for day, total in (("2025-06-09", "0.0165"), ("2025-06-10", "0.0053")):
        call = Usage(input=1000, model="gpt-4o", parts=(part,))
        dated = call.replaced(at="2025-01-01", parts=(part.replaced(at=day),))
        for usage, at in ((call, day), (call.replaced(at=day), None), (dated, None)):
            cost = calculate(usage=usage, at=at)
            assert (str(cost.total), cost.basis) == (total, "exact")


def test_a_part_has_the_hour_of_its_call():
    """1000 tokens of the call and of its part, at 1e-6 off peak and at 2e-6 else: a turn, and another model."""
    row = {"input_cost_per_token": 2e-6, "off_peak_pricing": {"hours_utc": "01:00-02:00", "input_cost_per_token": 1e-6}}
    prices = CostMap({"m": row, "other": row})
    for hour, total in (("01:30", "0.002"), ("12:00", "0.004")):
        for model in (None, "other"):
            usage = Usage(input=1000, parts=(Usage(input=1000, model=model),)).replaced(at=f"2026-01-05T{hour}:00Z")
            assert str(prices.calculate(usage=usage, model="m").total) == total


def test_a_part_whose_price_was_not_known_at_its_time():
    """The price of o3 is known since 2025-04-16. Before, the same is assumed, 1000 x 1e-5: so is the sum, then."""
    cost = calculate(usage=Usage(input=1000, model="gpt-4o", parts=(Usage(input=1000, model="o3"),)), at="2025-03-01")
    assert (str(cost.total), cost.basis, [note.code for note in cost.notes]) == ("0.0125", "assumed", ["known_since"])


def test_a_part_that_is_free_says_why():
    """Nothing of it is billed, whatever it counts."""
    cost = PRICES.calculate(usage=Usage(input=5, parts=(Usage(output=9, free="an entry that failed"),)), model="main")
    assert (cost.total, cost.complete, list(cost.notes)) == (Decimal("0.000005"), True, ["an entry that failed"])


def test_a_speed_without_a_price_is_a_lower_bound():
    """10 x 1e-6 is the least that it cost, and a float warns; what is free, or has a price of it, is complete."""
    prices = CostMap(
        {
            "main": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
            "free": {"input_cost_per_token": 0, "output_cost_per_token": 0, "free": True},
            "fast": {"input_cost_per_token": 1e-06, "provider_specific_entry": {"fast": 6}},
        }
    )
    cost = prices.calculate(usage=Usage(input=10, speed="fast"), model="main")
    assert (cost.total, cost.complete) == (Decimal("0.00001"), False)
    assert [note.code for note in cost.doubts] == ["speed_without_rates"]
    with pytest.warns(UnpricedUsageWarning, match="speed fast"):
        prices.completion_cost(usage=Usage(input=10, speed="fast"), model="main")
    for name, total in (("free", "0"), ("fast", "0.00006")):
        sped = prices.calculate(usage=Usage(input=10, speed="fast"), model=name)
        assert (str(sped.total.normalize() + 0), sped.complete) == (str(Decimal(total).normalize() + 0), True)
    assert prices.calculate(usage=Usage(input=10, speed="standard"), model="main").complete
