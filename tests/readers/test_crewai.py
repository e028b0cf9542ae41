"""crewAI: what a crew and an agent return."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

USED = {"total_tokens": 1100, "prompt_tokens": 1000, "completion_tokens": 100, "successful_requests": 2}
CREW = {"raw": "x", "pydantic": None, "json_dict": None, "tasks_output": [], "token_usage": USED}
AGENT = {"raw": "x", "agent_role": "Writer", "usage_metrics": {**USED, "successful_requests": 1}}


def test_a_crew():
    """All calls of a run together have no context; a single call has one."""
    usage = read_usage(CREW)
    assert (usage.quantities, usage.aggregate, usage.context) == ({"input": 1000, "output": 100}, True, None)
    assert read_usage(AGENT).context == 1000


@pytest.mark.parametrize("used", [None, {}, dict.fromkeys(USED, 0)])
def test_a_crew_that_counted_nothing(used):
    """Zeros are what it writes where no call was counted."""
    with pytest.raises(MissingUsageError):
        read_usage({**CREW, "token_usage": used})


def test_objects_of_the_package():
    """A crew returns an object."""
    outputs = pytest.importorskip("crewai.crews.crew_output")
    metrics = pytest.importorskip("crewai.types.usage_metrics")
    output = outputs.CrewOutput(raw="x", tasks_output=[], token_usage=metrics.UsageMetrics(**USED))
    assert read_usage(output).quantities == {"input": 1000, "output": 100}
