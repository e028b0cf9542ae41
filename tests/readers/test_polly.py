"""Amazon Polly counts characters."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, LLMCostError, MissingUsageError, calculate, read_usage

from .billing import bill, lines

SPEECH = {"ContentType": "audio/mpeg", "RequestCharacters": 250, "ResponseMetadata": {"HTTPStatusCode": 200}}
TASK = {"SynthesisTask": {"Engine": "neural", "TaskStatus": "completed", "RequestCharacters": 250, "TaskId": "t"}}


@pytest.mark.parametrize("answer", [SPEECH, TASK])
def test_characters(answer):
    """250 x 1.6e-5."""
    row = {"mode": "audio_speech", "input_cost_per_character": 1.6e-05}
    assert bill(row, answer) == lines(("input_characters", 250, "0.004"))


def test_the_engine_is_the_model():
    """A task states it, so that its price is found: neural speech is 16 USD for a million characters."""
    assert str(calculate(TASK).total) == "0.004"


def test_what_is_no_count():
    """Missing is not 0, and a word is no number."""
    with pytest.raises(MissingUsageError):
        read_usage({**SPEECH, "RequestCharacters": None})
    with pytest.raises(InconsistentUsageError):
        read_usage({**SPEECH, "RequestCharacters": "many"})


def test_counters_beside_the_characters_are_anothers():
    """An answer of Polly has no usage: what has one is not taken for it."""
    with pytest.raises(LLMCostError):
        read_usage({"RequestCharacters": 20, "usage": {"tokens_of_somebody": 5}})
