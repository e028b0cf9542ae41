"""Records of calls, as applications, agents, gateways and observability services keep them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, UnrecognizedResponseError, read_log, read_usage

# 1000 tokens in, of which 800 come from the cache, and 100 out.
AGENT_OPS = {
    "id": "e",
    "event_type": "llms",
    "prompt": "x",
    "completion": {"role": "assistant", "content": "y"},
    "model": "gpt-4o",
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "cost": 0.5,
    "init_timestamp": "2026-11-01T00:00:00Z",
    "end_timestamp": "2026-11-01T00:00:01Z",
}
agent_ops_trace = {
    "span_count": 5,
    "trace_count": 1,
    "success_count": 4,
    "fail_count": 1,
    "prompt_tokens": 1000,
    "completion_tokens": 90,
    "cache_read_input_tokens": 800,
    "reasoning_tokens": 10,
    "total_tokens": 1100,
    "prompt_cost": "0.3",
    "completion_cost": "0.2",
    "average_cost_per_trace": "0.5",
    "total_cost": "0.5",
}
agent_ops_span = {
    "total_tokens": 1100,
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "cache_read_input_tokens": 800,
    "success_tokens": 1100,
    "fail_tokens": 0,
    "prompt_cost": "0.3",
    "total_cost": "0.5",
}
LOBE_CHAT = {
    "role": "assistant",
    "model": "gpt-4o",
    "provider": "openai",
    "usage": {
        "inputCacheMissTokens": 200,
        "inputCachedTokens": 800,
        "totalInputTokens": 1000,
        "outputTextTokens": 70,
        "outputReasoningTokens": 30,
        "totalOutputTokens": 100,
        "totalTokens": 1100,
        "cost": 0.5,
    },
}
lobe_chat_before = {"role": "assistant", "model": "gpt-4o", "provider": "openai", "metadata": LOBE_CHAT["usage"]}
ANYTHING_LLM = {
    "type": "textResponse",
    "textResponse": "x",
    "close": True,
    "metrics": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "outputTps": 9.5,
        "duration": 2.5,
        "model": "gpt-4o",
        "provider": "openai",
    },
}
DATADOG = {
    "name": "chat",
    "span_id": "s",
    "trace_id": "t",
    "meta": {"kind": "llm", "model_name": "claude-sonnet-4-5", "model_provider": "anthropic"},
    "metrics": {
        "input_tokens": 1000,
        "non_cached_input_tokens": 100,
        "cache_read_input_tokens": 800,
        "cache_write_input_tokens": 100,
        "output_tokens": 50,
        "total_tokens": 1050,
        "time_to_first_token": 0.25,
    },
    "start_ns": 1713889389104152000,
    "duration": 10000000000,
}
datadog_api = {
    "type": "span",
    "attributes": {
        "model_name": "gpt-4o",
        "model_provider": "openai",
        "metrics": {"input_tokens": 9, "output_tokens": 2},
    },
}
BRAINTRUST = {
    "span_attributes": {"type": "llm"},
    "metadata": {"model": "gpt-4o"},
    "metrics": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "tokens": 1100,
        "prompt_cached_tokens": 800,
        "time_to_first_token": 0.25,
        "estimated_cost": 0.5,
    },
}
LANG_WATCH = {
    "type": "llm",
    "span_id": "s",
    "model": "gpt-4o",
    "vendor": "openai",
    "metrics": {"prompt_tokens": 1000, "completion_tokens": 100, "cache_read_input_tokens": 800, "cost": 0.5},
}
N8N = {"response": {}, "tokenUsage": {"promptTokens": 1000, "completionTokens": 100, "totalTokens": 1100}}
SEMANTIC_KERNEL = {
    "role": "assistant",
    "ai_model_id": "gpt-4o",
    "metadata": {"usage": {"prompt_tokens": 1000, "completion_tokens": 100}},
}
OPEN_WEB_UI = {
    "id": "m",
    "role": "assistant",
    "content": "x",
    "model": "gpt-4o",
    "timestamp": 1764000000,
    "done": True,
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 800},
    },
}
ollama_through_it = {
    **OPEN_WEB_UI,
    "usage": {
        "response_token/s": 23.5,
        "prompt_token/s": 100.5,
        "total_duration": 10,
        "prompt_eval_count": 1000,
        "prompt_tokens": 1000,
        "eval_count": 100,
        "completion_tokens": 100,
        "approximate_total": "0h0m1s",
        "total_tokens": 1100,
    },
}
MASTRA = {
    "type": "model_generation",
    "attributes": {
        "model": "gpt-4o",
        "provider": "openai",
        "usage": {
            "inputTokens": 1000,
            "outputTokens": 100,
            "inputDetails": {"text": 200, "cacheRead": 800},
            "outputDetails": {"text": 90, "reasoning": 10},
        },
    },
}
mastra_as_stored = {"traceId": "t", "spanType": MASTRA["type"], "attributes": MASTRA["attributes"]}
NEW_RELIC = {
    "eventType": "LlmChatCompletionSummary",
    "request.model": "gpt-4o",
    "response.model": "gpt-4o-2024-08-06",
    "vendor": "openai",
    "response.usage.prompt_tokens": 1000,
    "response.usage.completion_tokens": 100,
    "response.usage.total_tokens": 1100,
}
kong_as_documented = {
    "ai": {
        "payload": {"request": "x"},
        "ai-proxy": {
            "usage": {
                "prompt_token": 1000,
                "total_tokens": 1100,
                "completion_token": 100,
                "cost": 1,
                "time_per_token": 9,
            },
            "meta": {
                "request_model": "gpt-4o",
                "provider_name": "openai",
                "response_model": "gpt-4o",
                "llm_latency": 9,
            },
        },
    }
}
KONG = {
    "ai": {
        "proxy": {
            "usage": {
                "prompt_tokens": 1000,
                "completion_tokens": 100,
                "total_tokens": 1100,
                "time_per_token": 9,
                "cost": 1,
            },
            "meta": {"request_model": "gpt-4o", "provider_name": "openai", "llm_latency": 9},
        }
    }
}
SENTRY = {
    "op": "gen_ai.chat",
    "data": {
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.system": "openai",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.input_tokens.cached": 800,
        "gen_ai.usage.output_tokens": 100,
        "gen_ai.usage.output_tokens.reasoning": 10,
        "gen_ai.usage.total_tokens": 1100,
    },
}
CLOUDFLARE = {
    "id": "l",
    "created_at": "2026-06-01T00:00:00Z",
    "provider": "openai",
    "model": "gpt-4o",
    "tokens_in": 1000,
    "tokens_out": 100,
    "cached": False,
    "cost": 0.5,
    "duration": 10,
    "status_code": 200,
}
# In lower case, since the laws would add the counters of the last request to the sums.
goose = {
    "model_config": {"model_name": "gpt-4o"},
    "provider_name": "openai",
    "input_tokens": 500,
    "output_tokens": 20,
    "total_tokens": 520,
    "accumulated_input_tokens": 1000,
    "accumulated_output_tokens": 100,
    "accumulated_total_tokens": 1100,
}
ZED = {
    "model": {"provider": "anthropic", "model": "claude-sonnet-4-5"},
    "cumulative_token_usage": {
        "input_tokens": 100,
        "cache_read_input_tokens": 800,
        "cache_creation_input_tokens": 100,
        "output_tokens": 50,
    },
}


PI = {
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "provider": "anthropic",
    "content": [],
    "usage": {
        "input": 100,
        "output": 50,
        "cacheRead": 800,
        "cacheWrite": 100,
        "cacheWrite1h": 40,
        "reasoning": 20,
        "totalTokens": 1050,
        "cost": {"total": 0.5},
    },
}
pi_line = {"type": "message", "id": "l", "timestamp": "2026-06-01T00:00:00Z", "message": PI}
KIMI = {
    "type": "usage.record",
    "model": "claude-sonnet-4-5",
    "usage": {"inputOther": 100, "output": 50, "inputCacheRead": 800, "inputCacheCreation": 100},
    "usageScope": "turn",
}
OPEN_HANDS = {
    "model_name": "gpt-4o",
    "accumulated_cost": 0.5,
    "accumulated_token_usage": {
        "model": "",
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "cache_read_tokens": 800,
        "cache_write_tokens": 0,
        "reasoning_tokens": 30,
        "context_window": 128000,
        "per_turn_token": 1100,
    },
}


def cline(**more):
    used = {
        "request": "x",
        "tokensIn": 100,
        "tokensOut": 50,
        "cacheReads": 800,
        "cacheWrites": 100,
        "cost": 0.5,
        **more,
    }
    return {
        "ts": 1764000000000,
        "type": "say",
        "say": "api_req_started",
        "text": json.dumps(used),
        "modelInfo": {"providerId": "anthropic", "modelId": "claude-sonnet-4-5", "mode": "act"},
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        # 200 x 2.5e-6 + 800 x 1.25e-6 + 100 x 10e-6
        *((record, "0.0025") for record in (LOBE_CHAT, lobe_chat_before, LOBE_CHAT["usage"], BRAINTRUST, LANG_WATCH)),
        *((record, "0.0025") for record in (OPEN_WEB_UI, MASTRA, mastra_as_stored, SENTRY, OPEN_HANDS)),
        # the metrics of AgentOps, of which a trace counts reasoning beside the answer: 90 x 10e-6 + 10 x 10e-6
        *((record, "0.0025") for record in (agent_ops_trace, agent_ops_span)),
        # 1000 x 2.5e-6 + 100 x 10e-6: what is cached is not told
        *(
            (record, "0.0035")
            for record in (ANYTHING_LLM, N8N, SEMANTIC_KERNEL, ollama_through_it, NEW_RELIC, KONG, kong_as_documented)
        ),
        *((record, "0.0035") for record in (CLOUDFLARE, goose, AGENT_OPS)),
        (datadog_api, "0.0000425"),
        # 100 x 3e-6 + 800 x 3e-7 + 100 x 3.75e-6 + 50 x 15e-6
        *((record, "0.001665") for record in (DATADOG, ZED, cline(), KIMI)),
        # The same, but 60 x 3.75e-6 + 40 x 6e-6 written, and 20 of the 50 are thoughts
        *((record, "0.001755") for record in (PI, pi_line)),
    ],
)
def test_each_record_is_a_call(record, expected):
    """Costs that somebody calculated, times and speeds beside the counters are none; nothing is left unread."""
    model = None if read_usage(record).model else "gpt-4o"
    cost = CostMap().calculate(record, model=model)
    assert (cost.total, cost.complete, cost.reported, cost.usage.unread) == (Decimal(expected), True, None, {})


def test_a_message_with_metadata_is_no_event_of_a_stream():
    """Converse's last event has its usage in ``metadata``, too; a log of messages is one of calls."""
    records = list(read_log([json.dumps({**SEMANTIC_KERNEL, "id": number}) for number in range(2)]))
    assert [record.calculate().total for record in records] == [Decimal("0.0035")] * 2


def test_who_was_called_and_when():
    """The model that answered goes before the one that was asked for; Cline writes milliseconds."""
    assert (read_usage(NEW_RELIC).model, read_usage(NEW_RELIC).named_provider) == ("gpt-4o-2024-08-06", "openai")
    assert (read_usage(cline()).at, read_usage(cline()).named_provider) == (1764000000, "anthropic")
    assert read_usage(KONG).named_provider == "openai"
    assert read_usage(AGENT_OPS).at == "2026-11-01T00:00:00Z"


def test_sums_of_a_session_have_no_context():
    """No threshold of one prompt holds for them."""
    assert [(read_usage(record).aggregate, read_usage(record).context) for record in (goose, ZED)] == [(True, None)] * 2
    assert (read_usage(agent_ops_trace).aggregate, read_usage(agent_ops_trace).context) == (True, None)


def from_a_cache():
    proxy = KONG["ai"]["proxy"]
    kong = {"ai": {"proxy": {**proxy, "cache": {"cache_status": "Hit", "fetch_latency": 452}}}}
    braintrust = {**BRAINTRUST, "metrics": {**BRAINTRUST["metrics"], "cached": 1}}
    return [{**CLOUDFLARE, "cached": True}, kong, braintrust]


@pytest.mark.parametrize("record", from_a_cache(), ids=["cloudflare", "kong", "braintrust"])
def test_an_answer_from_the_cache_of_a_gateway_is_free(record):
    """Its tokens are stated all the same."""
    cost = CostMap().calculate(record)
    assert (cost.total, cost.complete, cost.usage.free) == (0, True, "answered from the cache of the gateway")


def test_an_answer_that_no_cache_had_is_billed():
    """1000 x 2.5e-06 + 100 x 1e-05, and with 800 of them from the provider's own cache 0.001 less."""
    proxy = KONG["ai"]["proxy"]
    kong = {"ai": {"proxy": {**proxy, "cache": {"cache_status": "Miss", "fetch_latency": 452}}}}
    braintrust = {**BRAINTRUST, "metrics": {**BRAINTRUST["metrics"], "cached": 0}}
    costs = [CostMap.bundled().calculate(record, at="2026-11-20") for record in (kong, braintrust)]
    assert [cost.total for cost in costs] == [Decimal("0.0035"), Decimal("0.0025")]


def test_the_protocol_of_roo_code_tells_whether_the_cache_is_inside():
    """1000 of which 800 are cached: inside with OpenAI's; with Anthropic's the version decides."""
    used = {"tokensIn": 1000, "cacheWrites": 0}
    assert read_usage(cline(**used, apiProtocol="openai")).quantities == {"input": 200, "cache_read": 800, "output": 50}
    assert read_usage(cline(**used)).quantities == {"input": 1000, "cache_read": 800, "output": 50}
    with pytest.raises(InconsistentUsageError, match="nothing tells whether the 800 cached tokens are inside"):
        CostMap().calculate(cline(**used, apiProtocol="anthropic"))


def test_the_text_of_an_agents_record_alone_reports_no_cost():
    """What Cline calculates is no bill: 100 x 3e-6 + 50 x 15e-6."""
    used = {"tokensIn": 100, "tokensOut": 50, "cost": 0.5}
    cost = CostMap().calculate(used, model="claude-sonnet-4-5")
    assert (cost.total, cost.reported) == (Decimal("0.00105"), None)


def test_records_without_counters():
    """Half of the counters is no usage."""
    with pytest.raises(MissingUsageError):
        read_usage({**CLOUDFLARE, "tokens_in": None})


@pytest.mark.parametrize(
    "record",
    [
        {"type": "agent_run", "attributes": MASTRA["attributes"]},
        {"op": "gen_ai.invoke_agent", "data": SENTRY["data"]},
        {"ai": {"a": KONG["ai"]["proxy"], "b": KONG["ai"]["proxy"]}},
        {"say": "text", "text": "x"},
        {"say": "api_req_started", "text": '{"request": "x"}'},
    ],
)
def test_what_is_no_call(record):
    """Spans that hold those of calls, several calls in one record, and messages without counters."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage(record)


@pytest.mark.parametrize("record", [PI, pi_line, KIMI])
def test_every_other_name_among_the_counters_is_a_counter(record):
    """Nothing but counters stands there, so that 7 of anything are named, and the cost is a lower bound."""
    holder = record.get("message", record)
    changed = {**holder, "usage": {**holder["usage"], "searches": 7}}
    usage = read_usage({**record, "message": changed} if "message" in record else changed)
    assert usage.unread == {"searches": 7}


@pytest.mark.parametrize("record", [KONG, MASTRA, N8N, SEMANTIC_KERNEL, OPEN_WEB_UI, ZED, LOBE_CHAT])
def test_a_counter_without_the_word_token(record):
    """Three images are in no quantity: they are named, and the cost is a lower bound."""
    places = {id(KONG): ("ai", "proxy", "usage"), id(MASTRA): ("attributes", "usage"), id(N8N): ("tokenUsage",)}
    places |= {id(SEMANTIC_KERNEL): ("metadata", "usage"), id(ZED): ("cumulative_token_usage",)}

    def counting(fields, path):
        if not path:
            return {**fields, "image_count": 3}
        return {**fields, path[0]: counting(fields[path[0]], path[1:])}

    usage = read_usage(counting(record, places.get(id(record), ("usage",))))
    assert usage.unread == {"image_count": 3}
    assert usage.quantities == read_usage(record).quantities


def test_the_usage_of_open_web_ui_alone():
    """It has the counters of Ollama and the same under OpenAI's names, beside speeds and nanoseconds."""
    counted = {"prompt_eval_count": 26, "eval_count": 298, "prompt_tokens": 26, "completion_tokens": 298}
    measured = {"response_token/s": 10.5, "prompt_token/s": 20.5, "total_duration": 9, "approximate_total": "0h0m1s"}
    usage = {**counted, **measured, "total_tokens": 324, "completion_tokens_details": {"reasoning_tokens": 0}}
    found = read_usage(usage)
    assert (found.quantities, found.unread) == ({"input": 26, "output": 298}, {})
    found = read_usage({**usage, "prompt_tokens_details": {"cached_tokens": 10}})
    assert (found.quantities, found.unread) == ({"input": 16, "cache_read": 10, "output": 298}, {})


def test_every_other_name_under_a_prefix_of_counters_is_a_counter():
    """Sentry and New Relic put their counters under one, beside much else; a cost there is none."""
    data = {**SENTRY["data"], "gen_ai.usage.searches": 7, "gen_ai.usage.total_cost": 0.5, "gen_ai.request.top_k": 3}
    assert read_usage({**SENTRY, "data": data}).unread == {"gen_ai.usage.searches": 7}
    assert read_usage({**NEW_RELIC, "response.usage.searches": 7}).unread == {"response.usage.searches": 7}


def test_the_model_that_a_router_chose():
    """Pi names it beside the router that was asked."""
    assert read_usage({**PI, "model": "openrouter/auto", "responseModel": "claude-sonnet-4-5"}).model == PI["model"]


@pytest.mark.parametrize("record", [PI, pi_line])
def test_zeros_beside_an_answer_are_missing(record):
    """A stream that broke off leaves counters of 0 beside what it said; a call that failed at once said nothing."""
    used = dict.fromkeys(("input", "output", "cacheRead", "cacheWrite", "totalTokens"), 0)
    said = {**PI, "content": [{"type": "text", "text": "Hi"}], "usage": used}
    with pytest.raises(MissingUsageError, match="counters are all 0"):
        read_usage({**record, "message": said} if "message" in record else said)
    assert read_usage({**said, "content": []}).quantities == {}


def test_who_sold_what_is_named_in_the_record():
    """LangWatch calls it the vendor, in both spellings of a span, and so does New Relic."""
    in_camel = {
        **{name: value for name, value in LANG_WATCH.items() if name not in {"span_id", "metrics"}},
        "spanId": "s",
        "metrics": {"promptTokens": 1000, "completionTokens": 100},
    }
    assert [read_usage(record).named_provider for record in (LANG_WATCH, in_camel, NEW_RELIC)] == ["openai"] * 3


@pytest.mark.parametrize("name", ["cost", "estimated_cost", "estimated_total_cost", "total_cost"])
def test_a_cost_of_the_keeper_is_no_report(name):
    """It was calculated: 0.5 is noted, and the cost is that of the tokens, 1000 x 2.5e-6 + 100 x 10e-6."""
    record = {**OPEN_WEB_UI, "usage": {"prompt_tokens": 1000, "completion_tokens": 100, name: 0.5}}
    cost = CostMap().calculate(record)
    assert (cost.total, cost.usage.reported) == (Decimal("0.0035"), None)
    assert any("0.5" in note for note in cost.notes)
