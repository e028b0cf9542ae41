"""A pipeline of OpenTelemetry: spans of inferences leave it with what they cost, and all others as they were."""

from __future__ import annotations

import gzip

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.local import Handler, Local

# gpt-4o is 2.5e-6 USD a token in and 1e-5 out: 1,000 x 2.5e-6 + 100 x 1e-5.
COST = 0.0035
CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
}


@pytest.fixture
def spans():
    """Run spans through the SDK and the exporter; return them as the inner exporter has them, by name."""
    optional("opentelemetry.sdk")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from llmcost.integrations.opentelemetry import CostExporter

    def run(*started, **settings):
        inner, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(CostExporter(inner, **settings)))
        tracer = provider.get_tracer("test", "1")
        for name, attributes in started:
            with tracer.start_as_current_span(name) as span:
                span.set_attributes(attributes)
                span.add_event("an event")
        assert provider.force_flush()
        provider.shutdown()
        return {span.name: span for span in inner.get_finished_spans()}

    return run


def test_a_span_of_an_inference_has_its_cost(spans):
    """By the proposed names, with status and bound under our own; the rest of the span is as it was."""
    span = spans(("chat gpt-4o", CHAT))["chat gpt-4o"]
    assert dict(span.attributes) == {
        **CHAT,
        "gen_ai.usage.cost.amount": COST,
        "gen_ai.usage.cost.currency": "USD",
        "gen_ai.usage.cost.source": "local",
        "llmcost.status": "priced",
        "llmcost.lower_bound": False,
    }
    assert [event.name for event in span.events] == ["an event"]
    assert span.instrumentation_scope.name == "test"
    assert span.start_time < span.end_time
    assert span.context.is_valid


@pytest.mark.parametrize(
    ("names", "added"),
    [
        ("logfire", {"operation.cost": COST}),
        ("openlit", {"gen_ai.usage.cost": COST}),
        ("openinference", {"llm.cost.total": COST, "llm.cost.prompt": 0.0025, "llm.cost.completion": 0.001}),
        (("logfire", "openlit"), {"operation.cost": COST, "gen_ai.usage.cost": COST}),
    ],
)
def test_other_names(spans, names, added):
    span = spans(("chat", CHAT), names=names)["chat"]
    own = {"llmcost.status": "priced", "llmcost.lower_bound": False}
    assert dict(span.attributes) == {**CHAT, **own, **added}


def test_a_sum_that_a_provider_states_is_not_split(spans):
    """OpenRouter states what it bills, and not how much of it is the prompt's: nothing is 0."""
    bill = {**CHAT, "gen_ai.provider.name": "openrouter", "gen_ai.usage.cost": 0.01}
    span = spans(("chat", bill), names="openinference")["chat"]
    added = {name: value for name, value in span.attributes.items() if name not in bill}
    assert added == {"llm.cost.total": 0.01, "llmcost.status": "reported", "llmcost.lower_bound": False}


@pytest.mark.parametrize("operation", ["invoke_agent", "invoke_workflow", "execute_tool", "create_agent"])
def test_spans_that_add_up_others_have_none(spans, operation):
    """Their tokens are those of the spans below them."""
    attributes = {**CHAT, "gen_ai.operation.name": operation}
    assert dict(spans(("agent", attributes))["agent"].attributes) == attributes


def test_spans_of_anything_else_are_handed_on(spans):
    """The same object, with nothing more; a model without a price says so, without an amount."""
    http = {"http.request.method": "POST", "url.full": "http://localhost"}
    unknown = {**CHAT, "gen_ai.request.model": "my-own", "gen_ai.response.model": "my-own"}
    waiting = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"}
    found = spans(("http", http), ("unknown", unknown), ("waiting", waiting))
    assert dict(found["http"].attributes) == http
    assert dict(found["unknown"].attributes) == {**unknown, "llmcost.status": "unpriced"}
    assert dict(found["waiting"].attributes) == waiting


def test_an_amount_of_somebody_else_stays(spans):
    attributes = {**CHAT, "gen_ai.usage.cost.amount": 7.0}
    assert spans(("chat", attributes))["chat"].attributes["gen_ai.usage.cost.amount"] == 7.0


def test_prices_of_ones_own(spans):
    """1,000 x 1e-3 + 100 x 2e-3 = 1.2 USD."""
    own = llmcost.CostMap({"my-own": {"input_cost_per_token": 1e-3, "output_cost_per_token": 2e-3}})
    attributes = {**CHAT, "gen_ai.request.model": "my-own", "gen_ai.response.model": "my-own"}
    span = spans(("chat", attributes), cost_map=own)["chat"]
    assert span.attributes["gen_ai.usage.cost.amount"] == 1.2


def test_the_counter(spans):
    """Two calls of a model are one sum; agents add nothing."""
    optional("opentelemetry.sdk")
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader])
    spans(
        ("one", CHAT), ("two", CHAT), ("agent", {**CHAT, "gen_ai.operation.name": "invoke_agent"}),
        meter=provider.get_meter("test"),
    )  # fmt: skip
    (metric,) = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics
    (point,) = metric.data.data_points
    assert (metric.name, metric.unit, point.value) == ("llmcost.cost", "USD", 2 * COST)
    assert point.attributes["gen_ai.request.model"] == "gpt-4o"
    assert point.attributes["llmcost.status"] == "priced"
    provider.shutdown()


class Collector(Local):
    """Takes what an exporter of OTLP sends."""

    def __init__(self):
        self.bodies = bodies = []

        class Taking(Handler):
            def do_POST(self):  # noqa: N802 - the name that the base class looks for
                body = self.rfile.read(int(self.headers["content-length"]))
                bodies.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

        super().__init__(Taking)


def test_over_the_wire():
    """The exporter of OTLP writes what was added."""
    optional("opentelemetry.sdk")
    optional("opentelemetry.exporter.otlp.proto.http")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from llmcost.integrations.opentelemetry import CostExporter

    collector = Collector()
    provider = TracerProvider()
    inner = OTLPSpanExporter(endpoint=f"{collector.url}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(CostExporter(inner)))
    tracer = provider.get_tracer("test")
    agent = {"gen_ai.operation.name": "invoke_agent"}
    with tracer.start_as_current_span("agent", attributes=agent), tracer.start_as_current_span("chat", attributes=CHAT):
        pass
    provider.shutdown()
    collector.close()
    (body,) = collector.bodies
    request = ExportTraceServiceRequest.FromString(body)
    found = {span.name: span for scope in request.resource_spans[0].scope_spans for span in scope.spans}
    attributes = {each.key: each.value for each in found["chat"].attributes}
    assert attributes["gen_ai.usage.cost.amount"].double_value == COST
    assert attributes["gen_ai.usage.cost.currency"].string_value == "USD"
    assert found["chat"].parent_span_id == found["agent"].span_id
    assert not any("cost" in each.key for each in found["agent"].attributes)


def test_a_word_that_is_no_convention():
    optional("opentelemetry.sdk")
    from llmcost.integrations.opentelemetry import CostExporter

    with pytest.raises(ValueError, match="names='datadog': it is one of 'gen_ai', 'logfire'"):
        CostExporter(None, names="datadog")
