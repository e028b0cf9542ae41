"""LibreChat: transactions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, UnrecognizedResponseError, read_usage

# In lower case, since the laws add counters up, and these are debits.
prompt = {
    "tokenType": "prompt",
    "model": "gpt-4o",
    "context": "message",
    "valueKey": "gpt-4o",
    "rate": 2.5,
    "rawAmount": -1000,
    "tokenValue": -2500,
    "createdAt": "2026-05-01T00:00:00Z",
}
answer = {**prompt, "tokenType": "completion", "rate": 10, "rawAmount": -100, "tokenValue": -1000}
split = {
    **prompt,
    "model": "claude-sonnet-4-5",
    "inputTokens": -10,
    "writeTokens": -100,
    "readTokens": -1000,
    "rawAmount": -1110,
    "rateDetail": {"input": 3, "write": 3.75, "read": 0.3},
    "inputTokenCount": 1110,
}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # 1000 x 2.5e-6, and 100 x 10e-6
        (prompt, "0.0025"),
        (answer, "0.001"),
        # 10 x 3e-6 + 100 x 3.75e-6 + 1000 x 3e-7
        (split, "0.000705"),
    ],
)
def test_each_side_of_a_call_is_a_transaction(row, expected):
    """Debits are negative; what a cache held is beside the input."""
    cost = CostMap().calculate(row)
    assert (cost.total, cost.complete) == (Decimal(expected), True)


def test_the_prompt_decides_the_price_of_the_answer_too():
    """0.000002 a token above 200,000 of the prompt; a transaction without its length has no context."""
    rates = {"output_cost_per_token": 1e-06, "output_cost_per_token_above_200k_tokens": 2e-06}
    prices = CostMap({"gpt-4o": rates})
    assert prices.calculate({**answer, "inputTokenCount": 300_000}).total == Decimal("0.0002")
    assert read_usage(answer).context is None
    assert (read_usage(prompt).context, read_usage(split).context) == (1000, 1110)


def test_when():
    """An export of MongoDB writes a time as an object."""
    assert read_usage(prompt).at == "2026-05-01T00:00:00Z"
    assert read_usage({**prompt, "createdAt": {"$date": "2026-05-02T00:00:00Z"}}).at == "2026-05-02T00:00:00Z"


def test_what_cannot_be_read():
    """Nothing stated, half a token, and what fills up a balance."""
    with pytest.raises(MissingUsageError):
        read_usage({**prompt, "rawAmount": None})
    with pytest.raises(InconsistentUsageError):
        read_usage({**prompt, "rawAmount": -0.5})
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"tokenType": "credits", "rawAmount": 20_000_000, "context": "autoRefill"})
