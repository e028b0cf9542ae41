"""The least that a seller bills a request for: a number of units in the row, applied to each request."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InvalidPriceError, Usage

ROW = {"litellm_provider": "acme", "mode": "audio_transcription", "input_cost_per_second": 0.001}
PRICES = CostMap({"ear": ROW | {"input_cost_per_second_minimum": 10}, "free-form": ROW})


@pytest.mark.parametrize(
    ("heard", "billed"),
    [(4.2, 10), (9.999, 10), (10, 10), (10.5, Decimal("10.5")), (0.001, 10)],
)
def test_a_short_request_is_billed_for_the_minimum(heard, billed):
    """Ten seconds at 0.001 for 4.2 s; what is longer is billed as it is."""
    cost = PRICES.calculate(None, None, heard, model="ear")
    (line,) = cost.line_items
    assert (Decimal(str(line.quantity)), cost.total) == (billed, billed * Decimal("0.001"))


def test_the_line_says_what_was_heard():
    """The quantity on the line is not the one that the caller knows."""
    cost = PRICES.calculate(None, None, 4.2, model="ear")
    (note,) = [note for note in cost.notes if note.code == "minimum_billed"]
    assert note == "10 s, the minimum of a request, for 4.2 s"
    assert "minimum" not in " ".join(PRICES.calculate(None, None, 4.2, model="free-form").notes)


def test_groq_bills_ten_seconds():
    """4.2 s of whisper-large-v3: 10 x 0.00003083."""
    heard = {
        "task": "transcribe",
        "language": "en",
        "duration": 4.2,
        "text": "hi",
        "segments": [],
        "x_groq": {"id": "r"},
    }
    cost = CostMap().calculate(heard, model="groq/whisper-large-v3")
    assert cost.total == Decimal("0.0003083")


def test_a_transcript_that_states_its_billed_seconds():
    """Groq states ten for it: they are the ten that are billed."""
    cost = PRICES.calculate({"text": "hi", "usage": {"type": "duration", "seconds": 10}}, model="ear")
    assert cost.total == Decimal("0.01")
    assert not [note for note in cost.notes if note.code == "minimum_billed"]


def test_a_sum_is_no_request():
    """Two requests of 3 s and 4 s were billed for 10 each; their sum of 7 s does not say that they were two."""
    both = Usage(duration=3) + Usage(duration=4)
    cost = PRICES.calculate(usage=both, model="ear")
    assert cost.total == Decimal("0.007")
    assert [note.code for note in cost.notes] == ["aggregate_count"]


def test_no_time_is_no_request():
    """Nothing was heard: no line, and no minimum of it."""
    assert PRICES.calculate(None, None, 0, model="ear").total == 0


def test_a_price_of_ones_own_may_state_one():
    """2 s at 0.01, six at least."""
    prices = CostMap({})
    prices.register({"m": {"input_cost_per_second": 0.01, "input_cost_per_second_minimum": 6}})
    assert prices.calculate(None, None, 2, model="m").total == Decimal("0.06")


@pytest.mark.parametrize("value", ["ten", -1, float("nan"), True])
def test_a_minimum_that_is_no_number(value):
    """It is refused where it enters, with its key."""
    with pytest.raises(InvalidPriceError, match="input_cost_per_second_minimum"):
        CostMap({"m": ROW | {"input_cost_per_second_minimum": value}}).rate_card("m")
