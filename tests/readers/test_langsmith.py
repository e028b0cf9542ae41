"""LangSmith's runs, as the client and as exports have them."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

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
