"""Text Generation Inference: the prompt is counted only through its prefill."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

DETAILS = {"finish_reason": "length", "generated_tokens": 20, "seed": None, "prefill": [{"id": i} for i in range(7)]}
BODY = {"generated_text": "x", "details": DETAILS}
TOKEN = {"id": 1, "text": "x", "logprob": -0.1, "special": False}


@pytest.mark.parametrize("response", [BODY, [BODY]])
def test_priced(response):
    """7 x 1e-06 + 20 x 2e-06, alone or in the list that the server returns."""
    row = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    assert bill(row, response) == lines(("input", 7, "0.000007"), ("output", 20, "0.00004"))


@pytest.mark.parametrize("prefill", [[], None])
def test_no_prefill(prefill):
    """It is empty unless it is asked for: the prompt is unknown, not 0."""
    with pytest.raises(MissingUsageError, match="decoder_input_details=true"):
        read_usage([{**BODY, "details": {**DETAILS, "prefill": prefill}}])


def test_no_details():
    """Text alone says nothing of its tokens; the time of the machine may be billed instead."""
    with pytest.raises(MissingUsageError, match="details=true"):
        read_usage({"generated_text": "x"})
    assert bill({"input_cost_per_second": 0.001}, {"generated_text": "x"}, duration=2) == lines(
        ("input_seconds", 2, "0.002")
    )


def test_stream():
    """The last event's details count the prompt too."""
    events = [
        {"index": 1, "token": TOKEN, "generated_text": None, "details": None},
        {"index": 2, "token": TOKEN, "generated_text": "xx", "details": {"generated_tokens": 2, "input_length": 7}},
    ]
    usage = read_usage(events)
    assert (usage.quantities, usage.unread) == ({"input": 7, "output": 2}, {})
    with pytest.raises(MissingUsageError):
        read_usage(events[:1])
