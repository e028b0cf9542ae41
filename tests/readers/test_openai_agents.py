"""OpenAI's Agents SDK: runs, and what one call returned."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

USED = {
    "requests": 1,
    "input_tokens": 1000,
    "input_tokens_details": {"cached_tokens": 800},
    "output_tokens": 100,
    "output_tokens_details": {"reasoning_tokens": 20},
    "total_tokens": 1100,
}
RESPONSE = {"output": [], "usage": USED, "response_id": "resp_1"}
RUN = {"input": "x", "new_items": [], "raw_responses": [RESPONSE, RESPONSE], "final_output": "x"}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}


def test_a_call():
    """Cache and reasoning are inside."""
    usage = read_usage(RESPONSE)
    assert (usage.quantities, usage.context, usage.aggregate) == (QUANTITIES, 1000, False)


def test_a_run():
    """Each call is a part with a context of its own."""
    assert [(part.quantities, part.context) for part in read_usage(RUN).parts] == [(QUANTITIES, 1000)] * 2
    assert read_usage(SimpleNamespace(**RUN)) == read_usage(RUN)
    assert read_usage({**RUN, "raw_responses": [RESPONSE]}).quantities == QUANTITIES
    with pytest.raises(MissingUsageError):
        read_usage({**RUN, "raw_responses": []})


def test_several_requests_in_one_call():
    """The rows of the requests tell them apart; without them it is a sum, which has no context."""
    both = {**USED, "requests": 2, "input_tokens": 2000, "output_tokens": 200, "total_tokens": 2200}
    both["input_tokens_details"], both["output_tokens_details"] = {"cached_tokens": 1600}, {"reasoning_tokens": 40}
    usage = read_usage({**RESPONSE, "usage": both})
    assert (usage.quantities["cache_read"], usage.aggregate, usage.context) == (1600, True, None)
    entry = {name: value for name, value in USED.items() if name != "requests"}
    usage = read_usage({**RESPONSE, "usage": {**both, "request_usage_entries": [entry, entry]}})
    assert [part.quantities for part in usage.parts] == [QUANTITIES, QUANTITIES]


def test_requests_that_are_the_whole_of_a_run():
    """800 of 1000 tokens are cached by the only request, whatever the sum of the run says or leaves out."""
    entry = {name: value for name, value in USED.items() if name != "requests"}
    bare = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
    for run in (
        {**bare, "requests": 1, "request_usage_entries": [entry]},
        # A request without tokens has no entry.
        {**bare, "requests": 2, "request_usage_entries": [entry]},
        {**USED, "request_usage_entries": [bare]},
    ):
        assert read_usage(run).quantities == QUANTITIES
    # The entries of a part of the requests do not say what the others cached.
    several = {"requests": 2, "input_tokens": 2000, "output_tokens": 200, "total_tokens": 2200}
    assert read_usage({**several, "request_usage_entries": [entry]}).quantities == {"input": 2000, "output": 200}


def test_objects_of_the_package():
    """A response of a model holds a dataclass of counters."""
    agents = pytest.importorskip("agents")
    details = pytest.importorskip("openai.types.responses.response_usage")
    inside = details.InputTokensDetails.model_validate({"cached_tokens": 800, "cache_write_tokens": 0})
    outside = details.OutputTokensDetails(reasoning_tokens=20)
    usage = agents.Usage(
        requests=1,
        input_tokens=1000,
        input_tokens_details=inside,
        output_tokens=100,
        output_tokens_details=outside,
        total_tokens=1100,
    )
    assert read_usage(agents.ModelResponse(output=[], usage=usage, response_id=None)).quantities == QUANTITIES


# A usage of a run by itself; in lower case, since it says each count twice, of which the laws know nothing.
alone = {
    "requests": 2,
    "input_tokens": 1000,
    "input_tokens_details": {"cached_tokens": 800},
    "output_tokens": 100,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 1100,
    "request_usage_entries": [
        {"input_tokens": 900, "output_tokens": 60, "total_tokens": 960, "input_tokens_details": {"cached_tokens": 800}},
        {"input_tokens": 100, "output_tokens": 40, "total_tokens": 140},
    ],
}


def test_a_usage_alone_has_its_requests():
    """Each is a call with a context of its own; where they are not all told apart, the sum is what is known."""
    parts = [(part.quantities, part.context) for part in read_usage(alone).parts]
    assert parts == [({"input": 100, "cache_read": 800, "output": 60}, 900), ({"input": 100, "output": 40}, 100)]
    usage = read_usage({**alone, "request_usage_entries": []})
    assert (usage.quantities, usage.aggregate) == ({"input": 200, "cache_read": 800, "output": 100}, True)
    assert not usage.unread
