"""LiteLLM's logged calls: rows of its spend table, and what its callbacks get."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage
from llmcost.errors import MissingUsageError
from llmcost.logs.record import Record

MAP = CostMap(
    {
        "m": {
            "input_cost_per_token": 2e-6,
            "cache_read_input_token_cost": 1e-6,
            "output_cost_per_token": 1e-5,
            "input_cost_per_token_priority": 4e-6,
            "cache_read_input_token_cost_priority": 2e-6,
            "output_cost_per_token_priority": 2e-5,
            "input_cost_per_token_batches": 1e-6,
            "output_cost_per_token_batches": 5e-6,
            "litellm_provider": "acme",
        }
    }
)
COUNTED = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CACHED = {**COUNTED, "prompt_tokens_details": {"cached_tokens": 800}}
ROW = {
    "request_id": "r",
    "call_type": "acompletion",
    "model": "m",
    "custom_llm_provider": "acme",
    "spend": 0.0022,
    "cache_hit": "False",
    "startTime": "2026-11-02T10:00:00Z",
    **COUNTED,
    "metadata": {"usage_object": CACHED},
}
PAYLOAD = {
    "id": "chatcmpl-1",
    "call_type": "acompletion",
    "status": "success",
    "model": "acme/m",
    "custom_llm_provider": "acme",
    "response_cost": 0.0044,
    "cache_hit": None,
    "startTime": 1793613600.25,
    **COUNTED,
    "metadata": {},
    "model_parameters": {},
    "hidden_params": {"model_id": "dep-1", "response_cost": "0.0044", "additional_headers": {}},
    "response": {
        "object": "chat.completion",
        "model": "m-2026-08-06",
        "service_tier": "priority",
        "choices": [],
        "usage": CACHED,
    },
}


def test_details_of_a_spend_row_stand_in_its_metadata():
    """200 x 2e-6 + 800 x 1e-6 + 100 x 1e-5; the top alone would be 1000 x 2e-6 + 100 x 1e-5."""
    assert str(MAP.calculate(ROW)) == "0.0022"
    assert str(MAP.calculate({**ROW, "metadata": json.dumps(ROW["metadata"])})) == "0.0022"
    assert str(MAP.calculate({**ROW, "metadata": {}})) == "0.003"


def test_the_whole_response_says_more_than_its_usage():
    """The tier, and the dated name: 200 x 4e-6 + 800 x 2e-6 + 100 x 2e-5."""
    usage = read_usage(PAYLOAD)
    assert (usage.model, usage.service_tier, usage.model_id) == ("m-2026-08-06", "priority", "dep-1")
    assert (usage.provider, usage.at, usage.reported) == ("acme", 1793613600.25, None)
    assert str(MAP.calculate(PAYLOAD)) == "0.0044"


def test_zeros_of_the_response_beside_counters():
    """The set that counts is read, at the tier that the response states: 1000 x 4e-6 + 100 x 2e-5."""
    response = {**PAYLOAD["response"], "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}
    assert str(MAP.calculate({**PAYLOAD, "response": response})) == "0.006"
    zeros = dict.fromkeys(COUNTED, 0)
    nothing = MAP.calculate({**PAYLOAD, **zeros, "response": response})
    assert (nothing.total, [note.code for note in nothing.notes]) == (0, ["nothing_used", "cost_not_used"])


@pytest.mark.parametrize("response", [None, {}, "redacted-by-litellm", {"choices": []}, {"text": "redacted"}])
def test_a_response_that_was_cut_says_nothing(response):
    """The top is what is left: 1000 x 2e-6 + 100 x 1e-5."""
    assert str(MAP.calculate({**PAYLOAD, "response": response})) == "0.003"


def test_a_proxy_answers_with_the_name_of_its_group():
    """The model of the row is the one that was called."""
    response = {**PAYLOAD["response"], "model": "our-best"}
    assert read_usage({**PAYLOAD, "response": response}).model == "acme/m"


@pytest.mark.parametrize("hit", [True, "True", "true"])
def test_an_answer_of_the_applications_cache_costs_nothing(hit):
    """And says so."""
    cost = MAP.calculate({**ROW, "cache_hit": hit})
    assert (str(cost), [line.meter for line in cost.line_items]) == ("0.00", ["free"])
    assert "cache" in cost.line_items[0].note


def test_a_failed_call_costs_nothing_and_says_so():
    """A row of a failure has counters of 0; a successful one without counters states no usage."""
    none = dict.fromkeys(COUNTED, 0)
    failed = MAP.calculate({**ROW, **none, "metadata": {}, "status": "failure"})
    assert (str(failed), "failed" in failed.line_items[0].note) == ("0.00", True)
    with pytest.raises(MissingUsageError, match="with all counters at 0"):
        MAP.calculate({**ROW, **none, "metadata": {}})


def test_a_failed_call_that_used_tokens_is_priced():
    """A stream that broke: 1000 x 2e-6 + 100 x 1e-5."""
    assert str(MAP.calculate({**ROW, "metadata": {}, "status": "failure"})) == "0.003"


def test_the_call_type_tells_a_batch():
    """1000 x 1e-6 + 100 x 5e-6."""
    assert str(MAP.calculate({**ROW, "metadata": {}, "call_type": "aretrieve_batch"})) == "0.0015"


def test_a_requested_tier_counts_where_no_other_is_stated():
    """200 x 4e-6 + 800 x 2e-6 + 100 x 2e-5."""
    assert str(MAP.calculate({**ROW, "model_parameters": {"service_tier": "priority"}})) == "0.0044"


@pytest.mark.parametrize(("row", "cost"), [(ROW, "0.0022"), (PAYLOAD, "0.0044")], ids=["spend", "payload"])
def test_what_was_recorded_is_compared_with(row, cost):
    """``spend`` and ``response_cost`` are what the log says, and no report of a seller."""
    record = Record(row)
    assert str(record.cost) == cost
    assert str(record.calculate(cost_map=MAP)) == cost
    assert record.calculate(cost_map=MAP).reported is None


def test_a_row_that_keeps_its_usage_in_pieces():
    """2455 of the 2459 tokens are read from the cache: 4 x 3e-6 + 2455 x 3e-7 + 23 x 15e-6; a null is no detail."""
    more = {"prompt_tokens_details": None, "cache_read_input_tokens": 2455, "cache_creation_input_tokens": 0}
    row = {
        "call_type": "acompletion",
        "model": "claude-sonnet-4-5",
        "custom_llm_provider": "anthropic",
        "spend": 0.1,
        "prompt_tokens": 2459,
        "completion_tokens": 23,
        "total_tokens": 2482,
        "metadata": {"additional_usage_values": more},
    }
    cost = CostMap.bundled().calculate(row)
    assert (cost.total, cost.complete) == (Decimal("0.0010935"), True)
    assert read_usage({**row, "metadata": {"additional_usage_values": {"zzz_tokens": 7}}}).unread == {"zzz_tokens": 7}


@pytest.mark.parametrize("at", ["top", "metadata"])
def test_tools_that_only_litellm_has_counted(at):
    """A fee of tools says that some ran: without their number the cost is a lower bound; with it, nothing is marked."""
    parts = {"cost_breakdown": {"input_cost": 0.002, "output_cost": 0.001, "tool_usage_cost": 0.01}}
    row = {**ROW, **parts} if at == "top" else {**ROW, "metadata": {**ROW["metadata"], **parts}}
    cost = MAP.calculate(row)
    # 200 x 2e-06 + 800 x 1e-06 + 100 x 1e-05
    assert (cost.total, cost.complete) == (Decimal("0.0022"), False)
    assert read_usage(row).unread == {"cost_breakdown.tool_usage_cost": 0.01}
    searched = {**COUNTED, "server_tool_use": {"web_search_requests": 1}}
    assert read_usage({**row, "metadata": {**row["metadata"], "usage_object": searched}}).unread == {}
    assert read_usage({**row, "cache_hit": "True"}).unread == read_usage(ROW).unread == {}
