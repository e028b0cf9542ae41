"""RunPod: the time of a job, the tokens of its output, and what a public endpoint charges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

from .billing import bill, lines

PER_SECOND = {"input_cost_per_second": 0.00019}
PER_TOKEN = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
JOB = {
    "delayTime": 824,
    "executionTime": 3391,
    "id": "sync-1",
    "output": [{"image": "https://image.url", "seed": 46578}],
    "status": "COMPLETED",
}
worker = {
    "delayTime": 31618,
    "executionTime": 1437,
    "id": "1-u1",
    "output": {"input_tokens": 22, "output_tokens": 16, "text": ["x"]},
    "status": "COMPLETED",
}
public = {
    "delayTime": 25,
    "executionTime": 3153,
    "id": "sync-2",
    "output": [{"choices": [{"tokens": ["x"]}], "cost": 0.0001, "usage": {"input": 10, "output": 100}}],
    "status": "COMPLETED",
    "workerId": "w",
}


def test_the_time_that_a_job_ran():
    """3.391 x 0.00019; the time in the queue is not the job's, and the rest of its worker's time is named."""
    assert bill(PER_SECOND, JOB) == lines(("input_seconds", "3.391", "0.00064429"))
    assert [note.code for note in read_usage(JOB).notes] == ["worker_time"]


def test_tokens_and_time():
    """By the token 22 x 1e-06 + 16 x 2e-06, by the second 1.437 x 0.00019: the row decides."""
    assert bill(PER_TOKEN, worker) == lines(("input", 22, "0.000022"), ("output", 16, "0.000032"))
    assert bill(PER_SECOND, worker) == lines(("input_seconds", "1.437", "0.00027303"))


def test_the_last_row_counts_all_before_it():
    """A worker that streams counts the whole prompt and all of the answer so far in each row: 10 in, 100 out."""
    rows = [
        {"choices": [{"tokens": ["x"]}], "usage": {"input": 10, "output": 60}},
        {"choices": [{"tokens": ["y"]}], "usage": {"input": 10, "output": 100}},
    ]
    assert bill(PER_TOKEN, {**worker, "output": rows}) == lines(("input", 10, "0.00001"), ("output", 100, "0.0002"))


def test_a_public_endpoint_states_its_charge():
    """0.0001 as charged, and the tokens beside it."""
    cost = CostMap({}).calculate(public, model="qwen3-32b-awq")
    assert (cost.total, cost.reported, cost.complete) == (Decimal("0.0001"), Decimal("0.0001"), True)
    assert cost.usage.quantities == {"input": 10, "output": 100}


def test_an_image_of_a_public_endpoint():
    """0.02097152 as charged; nothing is counted."""
    response = {**JOB, "output": {"cost": 0.02097152, "image_url": "u"}}
    assert CostMap({}).calculate(response, model="flux").total == Decimal("0.02097152")


def test_a_response_of_openai_inside():
    """10 x 1e-06 + 1 x 2e-06."""
    usage = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}
    response = {**JOB, "output": [{"object": "chat.completion", "model": "m", "choices": [], "usage": usage}]}
    assert bill(PER_TOKEN, response) == lines(("input", 10, "0.00001"), ("output", 1, "0.000002"))


@pytest.mark.parametrize("status", ["IN_QUEUE", "IN_PROGRESS"])
def test_a_job_that_is_not_done(status):
    """What it will cost is not known."""
    with pytest.raises(MissingUsageError, match="when it has ended"):
        read_usage({"id": "j", "status": status, "delayTime": 3})


def test_a_job_that_never_ran():
    """No time is stated, and a missing time is not zero."""
    with pytest.raises(MissingUsageError, match="CANCELLED"):
        read_usage({"id": "j", "status": "CANCELLED", "delayTime": 3})


def test_a_job_that_failed_has_run():
    """0.1 x 0.00019: the worker is billed, whatever came of the job."""
    response = {"id": "j", "status": "FAILED", "delayTime": 3, "executionTime": 100, "error": "x"}
    assert bill(PER_SECOND, response) == lines(("input_seconds", "0.1", "0.000019"))


def test_a_time_that_is_no_number():
    """It is an error that shows it."""
    with pytest.raises(InconsistentUsageError, match="executionTime"):
        read_usage({**JOB, "executionTime": "long"})


def test_jobs_of_others():
    """A job of RunPod has an id."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"status": "COMPLETED", "executionTime": 1437})
