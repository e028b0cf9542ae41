"""Lines of a message batch's results: at batch rates, or not billed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

MessageBatch = Kind("anthropic.types.messages.MessageBatch")
MessageBatchIndividualResponse = Kind("anthropic.types.messages.MessageBatchIndividualResponse")

RATES = {
    "input_cost_per_token": 5e-06,
    "output_cost_per_token": 2.5e-05,
    "input_cost_per_token_batches": 2.5e-06,
    "output_cost_per_token_batches": 1.25e-05,
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-4-6",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    # The message itself need not say that it was a batch.
    "usage": {"input_tokens": 11, "output_tokens": 36, "service_tier": "standard"},
}
LINE = {"custom_id": "one", "result": {"type": "succeeded", "message": MESSAGE}}


@pytest.mark.parametrize("build", [dict, lambda line: MessageBatchIndividualResponse.construct(**line)])
def test_a_line_is_at_batch_rates(build):
    """The wrapper says that it was a batch, as a dict and as the SDK's object."""
    cost = CostMap({"claude-opus-4-6": RATES}).calculate(build(LINE))
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 11, Decimal("0.0000275")),
        ("output", 36, Decimal("0.00045")),
    ]
    assert cost.billed_tier == "batches"


@pytest.mark.parametrize(
    ("outcome", "word"), [("errored", "failed"), ("canceled", "was canceled"), ("expired", "expired")]
)
@pytest.mark.parametrize("build", [dict, lambda line: MessageBatchIndividualResponse.construct(**line)])
def test_what_did_not_succeed_is_free(outcome, word, build):
    """The reason is the only line, and no model is needed for it."""
    cost = CostMap({}).calculate(build({"custom_id": "one", "result": {"type": outcome}}))
    assert cost.total == 0
    assert [(line.meter, line.note) for line in cost.line_items] == [
        ("free", f"a request of the batch that {word} is not billed")
    ]


def test_a_success_without_a_message():
    """A success has a message; without it nothing is known."""
    with pytest.raises(MissingUsageError, match="line of a batch"):
        read_usage({"custom_id": "one", "result": {"type": "succeeded"}})


def test_the_batch_itself_has_no_usage():
    """Its lines have; the error says so."""
    batch = {
        "id": "msgbatch_1",
        "type": "message_batch",
        "processing_status": "ended",
        "request_counts": {"succeeded": 1},
    }
    for build in (dict, MessageBatch.construct):
        with pytest.raises(MissingUsageError, match="pass each line"):
            read_usage(build(**batch))


def test_lines_of_other_vendors_are_not_taken():
    """OpenAI's line has a custom_id too."""
    from llmcost.readers.anthropic_batch import READER

    assert not READER.recognises({"custom_id": "one", "response": {"status_code": 200, "body": {}}, "error": None})
    assert not READER.recognises({"custom_id": "one", "result": {"type": "other"}})
