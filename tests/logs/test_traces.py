"""Traces in logs: the spans of models are calls, and those around them are none."""

from __future__ import annotations

import json

import pytest

from llmcost import LogError, MissingUsageError, read_log
from llmcost.logs.traces import calls_of, spans_of

COUNTED = {"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100, "gen_ai.request.model": "gpt-4o"}


def span(name, attributes, **more):
    return {"name": name, "context": {"trace_id": "0x1", "span_id": "0x2"}, "attributes": attributes, **more}


CHAT = span("chat gpt-4o", {"gen_ai.operation.name": "chat", **COUNTED})
AGENT = span("invoke_agent", {"gen_ai.operation.name": "invoke_agent", **COUNTED})
CHAIN = span(
    "chain", {"openinference.span.kind": "CHAIN", "llm.token_count.prompt": 5, "llm.token_count.completion": 1}
)
TOOL = span("execute_tool", {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "x"})
HTTP = span("POST", {"http.request.method": "POST"})
UNCOUNTED = span("chat gpt-4o", {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"})
ATTRIBUTES = [
    {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
    for key, value in COUNTED.items()
]
SPANS = [
    {
        "traceId": "1",
        "spanId": "2",
        "name": "chat",
        "startTimeUnixNano": "1790000000500000000",
        "attributes": ATTRIBUTES,
    },
    {"traceId": "1", "spanId": "3", "name": "POST", "attributes": []},
]
OTLP = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {"name": "x"}, "spans": SPANS}]}]}
RUN = {"id": "r", "run_type": "llm", "prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
RUN["extra"] = {"metadata": {"ls_model_name": "gpt-4o"}}


def logged(*values):
    return list(read_log([json.dumps(value) for value in values]))


def test_only_the_spans_of_models_are_calls():
    """1000 x 2.5e-06 + 100 x 1e-05, twice; the agent and the chain around them repeat them, and tools cost nothing."""
    found = logged(CHAT, TOOL, CHAT, HTTP, CHAIN, AGENT)
    assert [(record.line, str(record.calculate(at="2026-11-01"))) for record in found] == [
        (1, "0.0035"),
        (3, "0.0035"),
    ]


def test_a_model_whose_counters_are_missing():
    """It stays in sight, and is an error where it is priced."""
    (record,) = logged(UNCOUNTED)
    with pytest.raises(MissingUsageError):
        record.calculate()


def test_attributes_alone():
    """Without the span around them the word of an agent decides all the same."""
    assert len(logged(COUNTED, {"gen_ai.operation.name": "invoke_agent", **COUNTED})) == 1


def test_a_row_of_a_data_frame():
    """Columns have the names of attributes, and one of them is the kind."""
    row = {"name": "x", "span_kind": "LLM", **{f"attributes.{key}": value for key, value in COUNTED.items()}}
    assert len(logged(row, {**row, "span_kind": "AGENT"}, {"span_kind": "TOOL", "attributes.tool.name": "x"})) == 1


def test_a_document_of_otlp():
    """Each of its spans is a value of its own."""
    found = logged(OTLP, CHAT)
    assert [(record.line, record.element, str(record.calculate(at="2026-11-01"))) for record in found] == [
        (1, 0, "0.0035"),
        (2, None, "0.0035"),
    ]


def test_runs_of_langsmith():
    """A chain adds up the runs below it."""
    found = logged(RUN, {**RUN, "run_type": "chain"}, {"run_type": "tool"})
    assert [str(record.calculate(at="2026-11-01")) for record in found] == ["0.0035"]


def test_rows_of_ones_own_have_attributes_too():
    """A record around a response is a call, whatever its other fields are called."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    own = {"attributes": {"team": "a"}, "model": "gpt-4o", "usage": usage}
    assert [str(record.calculate(at="2026-11-01")) for record in logged(own)] == ["0.0035"]


@pytest.mark.parametrize("value", [{"resourceSpans": None}, {"resourceSpans": [{"scopeSpans": [None, {"spans": 1}]}]}])
def test_damaged_documents(value):
    """What is no list of objects holds no span."""
    assert spans_of(value) == []
    assert calls_of(value) == []
    assert spans_of({"spans": []}) is None


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_a_log_of_sums_alone(tmp_path, jobs):
    """Their calls are not in it, so that nothing can be priced without a word; beside a call they are left out."""
    lines = [json.dumps(value) for value in (HTTP, AGENT, CHAIN)]
    path = tmp_path / "spans.jsonl"
    path.write_text("\n".join(lines))
    problems = []
    found = read_log(path, jobs=jobs, on_error=problems.append) if jobs else read_log(lines, on_error=problems.append)
    assert list(found) == []
    (problem,) = problems
    assert problem.line == 2
    assert "2 spans add up the calls of spans that are not in it" in str(problem)
    path.write_text("\n".join([*lines, json.dumps(CHAT)]))
    assert len(list(read_log(path, jobs=jobs or 1))) == 1


def test_a_document_of_sums_alone():
    """OTLP's document of one agent."""
    agent = {
        **SPANS[0],
        "attributes": [*ATTRIBUTES, {"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_agent"}}],
    }
    with pytest.raises(LogError, match="1 spans add up"):
        logged({"resourceSpans": [{"scopeSpans": [{"spans": [agent, SPANS[1]]}]}]})


MLFLOW = {
    "trace_id": "t",
    "span_id": "s",
    "name": "Completions",
    "attributes": {
        "mlflow.spanType": '"CHAT_MODEL"',
        "mlflow.llm.model": '"gpt-4o"',
        "mlflow.chat.tokenUsage": '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}',
    },
}
OBSERVATION = {
    "id": "o",
    "traceId": "t",
    "type": "GENERATION",
    "model": "gpt-4o",
    "usageDetails": {"input": 1000, "output": 100, "total": 1100},
}


def test_traces_of_observability_services():
    """1000 x 2.5e-06 + 100 x 1e-05 for each call; a trace of MLflow, of AgentOps and of Langfuse has two."""
    root = {"trace_id": "t", "span_id": "r", "name": "predict", "attributes": {"mlflow.spanType": '"CHAIN"'}}
    mlflow = {"info": {"trace_id": "tr-1"}, "data": {"spans": [root, MLFLOW, MLFLOW]}}
    agent_ops = {"trace_id": "t", "project_id": "p", "tags": [], "spans": [TOOL, CHAT, CHAT]}
    around = {**OBSERVATION, "id": "s", "type": "SPAN", "model": None, "usageDetails": {}, "costDetails": {}}
    langfuse = {"id": "t", "name": "x", "timestamp": "2026-01-01T00:00:00Z", "totalCost": 0.5, "scores": []}
    langfuse["observations"] = [around, OBSERVATION, {**OBSERVATION, "id": "o2"}]
    for trace in (mlflow, agent_ops, langfuse):
        found = logged(trace)
        assert [str(record.calculate(at="2026-11-01")) for record in found] == ["0.0035"] * 2


def test_what_only_looks_like_a_trace():
    """A list of spans beside no trace, and rows called observations, are of something else."""
    assert spans_of({"spans": [CHAT]}) is None
    assert spans_of({"info": "x", "data": [CHAT]}) is None
    assert spans_of({"observations": [OBSERVATION]}) is None
