"""smolagents: runs and steps."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost import MissingUsageError, read_usage

USED = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
TIMING = {"start_time": 1760000000.1, "end_time": 1760000002.4, "duration": 2.3}
RUN = {"output": "x", "state": "success", "steps": [], "token_usage": USED, "timing": TIMING}
STEP = {"step_number": 1, "model_output": "x", "token_usage": USED, "timing": TIMING}


def test_a_run_adds_up_its_steps():
    """A sum has no context; a step is one call."""
    run, step = read_usage(RUN), read_usage(STEP)
    assert (run.quantities, run.aggregate, run.context) == ({"input": 100, "output": 10}, True, None)
    assert (step.quantities, step.context) == (run.quantities, 100)


def test_an_object():
    """A run returns one."""
    run = SimpleNamespace(**{**RUN, "token_usage": SimpleNamespace(**USED), "timing": SimpleNamespace(**TIMING)})
    assert read_usage(run).quantities == {"input": 100, "output": 10}


def test_a_run_that_counted_nothing():
    """Where a step did not count, the run has no usage."""
    with pytest.raises(MissingUsageError):
        read_usage({**RUN, "token_usage": None})
