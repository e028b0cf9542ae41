"""SageMaker: nothing is counted, and the caller's seconds are the bill."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

BODY = {
    "ResponseMetadata": {"HTTPStatusCode": 200},
    "ContentType": "application/json",
    "InvokedProductionVariant": "AllTraffic",
    "Body": {"generated_text": "x"},
}
PER_SECOND = {"input_cost_per_second": 0.00042}


def test_the_callers_seconds():
    """12.5 s x 0.00042."""
    assert bill(PER_SECOND, BODY, duration=12.5) == lines(("input_seconds", 12.5, "0.00525"))


@pytest.mark.parametrize("row", [PER_SECOND, {"input_cost_per_token": 1e-06}])
def test_without_a_duration(row):
    """It is an error that names the keyword, whatever the row sells; never 0."""
    with pytest.raises(MissingUsageError, match=r"variant 'AllTraffic'.*pass duration= \(seconds\)"):
        CostMap({"m": row}).calculate(BODY, model="m")


def test_seconds_are_no_tokens():
    """On a row that sells tokens a duration does not stand in for them."""
    with pytest.raises(MissingUsageError):
        CostMap({"m": {"input_cost_per_token": 1e-06}}).calculate(BODY, model="m", duration=12.5)


def test_the_callers_tokens():
    """A price per token needs the counters from the container's own body."""
    cost = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}}).calculate(
        BODY, usage={"prompt_tokens": 10, "completion_tokens": 5}, model="m"
    )
    assert str(cost.total) == "0.00002"


def test_a_stream_of_bytes():
    """The answer of a streaming endpoint is recognised by its content type."""
    with pytest.raises(MissingUsageError, match="SageMaker"):
        read_usage({"Body": object(), "ContentType": "application/json", "InvokedProductionVariant": None})
