"""Assistants: a run states its usage, its steps are inside it, and a queued one has none."""

from __future__ import annotations

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, UsageError, read_usage
from tests.sdks import Kind

from .billing import bill, lines

Run = Kind("openai.types.beta.threads.Run")

RUN = {
    "id": "run_1",
    "object": "thread.run",
    "status": "completed",
    "model": "gpt-4o",
    "created_at": 1774965897,
    "assistant_id": "asst_1",
    "thread_id": "thread_1",
    "instructions": "",
    "tools": [],
    "metadata": {},
    "parallel_tool_calls": True,
    "usage": {
        "prompt_tokens": 900,
        "completion_tokens": 30,
        "total_tokens": 930,
        "prompt_token_details": {"cached_tokens": 512},
        "completion_tokens_details": {"reasoning_tokens": 10},
    },
}
QUEUED = {**RUN, "status": "queued", "usage": None}
STEP = {"id": "step_1", "object": "thread.run.step", "run_id": "run_1", "usage": RUN["usage"]}
STREAM = [
    {"event": "thread.run.created", "data": QUEUED},
    {"event": "thread.run.step.completed", "data": STEP},
    {"event": "thread.message.delta", "data": {"object": "thread.message.delta", "delta": {}}},
    {"event": "thread.run.completed", "data": RUN},
]
ROW = {"input_cost_per_token": 2.5e-06, "cache_read_input_token_cost": 1.25e-06, "output_cost_per_token": 1e-05}


def test_every_counter():
    """388 x 2.5e-6 + 512 x 1.25e-6 + 20 x 1e-5 + 10 x 1e-5."""
    assert bill(ROW, RUN) == lines(
        ("input", 388, "0.00097"), ("cache_read", 512, "0.00064"), ("output", 20, "0.0002"), ("reasoning", 10, "0.0001")
    )
    usage = read_usage(RUN)
    assert (usage.model, usage.at, usage.aggregate, usage.context) == ("gpt-4o", 1774965897, True, None)


def test_the_object_of_the_sdk():
    """It keeps the details that it does not declare."""
    assert read_usage(Run.construct(**RUN)).quantities == read_usage(RUN).quantities


@pytest.mark.parametrize("events", [STREAM, [event["data"] for event in STREAM], STREAM[1:]])
def test_a_stream(events):
    """The last run with a usage, with the names of the events or without; the step is not counted beside it."""
    assert read_usage(events).quantities == read_usage(RUN).quantities


@pytest.mark.parametrize(("status", "partial"), [("in_progress", True), ("completed", False)])
def test_a_stream_of_a_run_that_goes_on(status, partial):
    """What it has used so far is a lower bound until the run has ended."""
    usage = read_usage([*STREAM[:3], {"event": f"thread.run.{status}", "data": {**RUN, "status": status}}])
    assert (usage.quantities["output"], usage.partial) == (20, partial)


def test_several_requests_have_no_context():
    """Of how many requests the run is made nobody says: no threshold is applied, and it is a lower bound."""
    row = {**ROW, "input_cost_per_token_above_200k_tokens": 5e-06}
    cost = CostMap({"m": row}).calculate(RUN, model="m")
    assert (cost.complete, "aggregate_context" in [note.code for note in cost.notes]) == (False, True)


@pytest.mark.parametrize("response", [QUEUED, STREAM[:3]])
def test_a_run_that_has_not_ended(response):
    """It states no usage yet."""
    with pytest.raises(MissingUsageError, match="queued"):
        read_usage(response)


def test_a_step_alone():
    """It is inside its run, and would be billed twice beside it."""
    with pytest.raises(UsageError, match="inside its run"):
        read_usage(STEP)


def test_contradictions():
    """More is cached than the prompt has."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**RUN, "usage": {**RUN["usage"], "prompt_token_details": {"cached_tokens": 901}}})
