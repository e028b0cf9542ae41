"""LangSmith's runs, as the client and as exports have them."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import langchain, read_usage

from .test_langchain_result import QUANTITIES, RESULT, USAGE

ABOUT = {
    "metadata": {"ls_model_name": "gpt-4o", "ls_provider": "azure"},
    "invocation_params": {"model": "gpt-4o-mini"},
}
RUN = {
    "id": "r",
    "run_type": "llm",
    "start_time": "2026-01-02T03:04:05Z",
    "extra": ABOUT,
    "outputs": {"generations": [], "usage_metadata": {**USAGE, "total_cost": 0.5}},
    "total_cost": 0.5,
}
TOP = {
    "run_type": "llm",
    "serialized": {"kwargs": {"model": "gpt-4o"}},
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "total_tokens": 1100,
    "prompt_token_details": {"cache_read": 800},
}
RESULTS = {"run_type": "llm", "extra": ABOUT, "outputs": {k: RESULT[k] for k in ("generations", "llm_output")}}


def test_where_a_run_states_its_usage():
    """In its outputs, in its metadata, at its top, or in the messages of its result."""
    inside = {**ABOUT, "metadata": {**ABOUT["metadata"], "usage_metadata": USAGE}}
    for run in (RUN, TOP, RESULTS, {**RUN, "outputs": {}, "extra": inside}, {**RUN, "usage_metadata": USAGE}):
        assert read_usage(run).quantities == QUANTITIES


def test_facts():
    """The model that the tracer named, by its seller; a model of the response is stronger. No cost is believed."""
    usage = read_usage(RUN)
    assert (usage.model, usage.named_provider, usage.at) == ("gpt-4o", "azure", "2026-01-02T03:04:05Z")
    assert (usage.reported, {note.code for note in usage.notes}) == (None, {"cost_not_used"})
    assert read_usage(TOP).model == "gpt-4o"
    assert read_usage(RESULTS).model == "gpt-4o-2024-08-06"


def test_runs_around_others():
    """A chain adds up the runs below it."""
    usage = read_usage({**TOP, "run_type": "chain"})
    assert (usage.aggregate, usage.context, usage.notes[0].code) == (True, None, "sum_of_spans")


def test_a_run_without_a_usage():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({"run_type": "llm", "outputs": None, "error": "x"})


def test_objects_of_the_package():
    """The client returns objects."""
    schemas = pytest.importorskip("langsmith.schemas")
    given = {"name": "x", "inputs": {}, "trace_id": "00000000-0000-0000-0000-000000000000", "dotted_order": "x"}
    run = schemas.Run.model_validate({**RUN, **given, "id": given["trace_id"]})
    assert read_usage(run).quantities == QUANTITIES


def test_a_run_whose_answer_was_kept():
    """LangChain's cache answered: the run has the tokens of the call that made the answer, and nothing is billed."""
    kept = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11, "total_cost": 0}
    message = {"lc": 1, "kwargs": {"usage_metadata": kept, "response_metadata": {}}}
    outputs = {"generations": [[{"text": "Hi", "message": message}]]}
    top = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    for run in (
        {"run_type": "llm", "extra": ABOUT, "outputs": {"usage_metadata": kept}},
        {"run_type": "llm", "extra": ABOUT, "outputs": outputs},
        {"run_type": "llm", "extra": ABOUT, "outputs": outputs, **top},
    ):
        usage = read_usage(run)
        assert (usage.quantities, usage.free) == ({}, langchain.KEPT)
        assert usage.model == read_usage({"run_type": "llm", "extra": ABOUT, **top}).model


def test_a_run_with_one_answer_that_was_kept():
    """Two prompts, of which one was paid for: the counters of the run are those of both."""
    paid = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    messages = [{"usage_metadata": {**paid, **more}, "response_metadata": {}} for more in ({"total_cost": 0}, {})]
    run = {"run_type": "llm", "extra": ABOUT, "outputs": {"generations": [[{"message": one}] for one in messages]}}
    cost = CostMap({"gpt-4o": {"input_cost_per_token": 1, "output_cost_per_token": 1}}).calculate(run, model="gpt-4o")
    assert cost.total == 11


def test_what_only_the_provider_says():
    """Searches stand in the message of a run, in the blocks of Anthropic's answer and in the items of OpenAI's."""
    counted = {"input_tokens": 9, "output_tokens": 2, "server_tool_use": {"web_search_requests": 1}}
    used = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    message = {"content": "Hi", "usage_metadata": used, "response_metadata": {"usage": counted}}
    blocks = [{"type": "server_tool_use"}, {"type": "web_search_tool_result", "content": []}]
    item = {"type": "web_search_call", "status": "completed", "action": {"type": "search"}}
    top = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    for outputs in (
        {"generations": [[{"message": {"kwargs": message}}]]},
        {"content": blocks, "usage_metadata": used},
        {"output": [item], "tools": [{"type": "web_search"}], "usage_metadata": used},
    ):
        for counters in (top, {}):
            usage = read_usage({"run_type": "llm", "outputs": outputs, **counters})
            assert usage.quantities == {"input": 9, "output": 2, "web_searches": 1}
    # Of several answers the run has the sum of the tokens, and each has its fees.
    several = {"generations": [[{"message": message}], [{"message": message}]]}
    both = read_usage({"run_type": "llm", "outputs": several, **top}).quantities
    assert both == {"input": 9, "output": 2, "web_searches": 2}
    for answers, fees in (([message, message], {"web_searches": 1}), ([{"content": "Hi"}, {"content": "Ho"}], {})):
        outputs = {"generations": [[{"message": answer} for answer in answers]]}
        found = read_usage({"run_type": "llm", "outputs": outputs, **top}).quantities
        assert found == {"input": 9, "output": 2, **fees}
    # One answer that lacks a counter does not make the sum of all of them unknown.
    cut = {"generations": [[{"message": message}], [{"message": {"usage_metadata": {"input_tokens": 4}}}]]}
    assert read_usage({"run_type": "llm", "outputs": cut, **top}).quantities == {"input": 9, "output": 2}
