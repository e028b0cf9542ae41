"""OpenTelemetry: an exporter that puts what a call cost on its span.

::

    from llmcost.integrations.opentelemetry import CostExporter

    provider.add_span_processor(BatchSpanProcessor(CostExporter(OTLPSpanExporter())))

A processor cannot do it: a span that has ended takes no attribute. The exporter hands on a copy of the span.
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter

from ..api.default import DEFAULT
from ..core.statement import REPORTED
from ..core.statuses import UNPRICED, status_of
from ..errors import ArgumentError, LLMCostError, MissingUsageError, UnrecognizedResponseError, shown
from ..tracking._guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..api.costmap import CostMap
    from ..core.cost import Cost

_CURRENCY = "USD"


def _proposed(cost: Cost) -> dict[str, Any]:
    # https://github.com/open-telemetry/semantic-conventions-genai/issues/443
    return {
        "gen_ai.usage.cost.amount": cost.response_cost,
        "gen_ai.usage.cost.currency": _CURRENCY,
        "gen_ai.usage.cost.source": "provider" if cost.counts == REPORTED else "local",
    }


def _openinference(cost: Cost) -> dict[str, Any]:
    # https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
    total = {"llm.cost.total": cost.response_cost}
    if cost.counts == REPORTED:
        # A provider states one sum; how it falls on the prompt and the answer is not known.
        return total
    return {**total, "llm.cost.prompt": float(cost.input), "llm.cost.completion": float(cost.output)}


def _openlit(cost: Cost) -> dict[str, Any]:
    # https://github.com/openlit/openlit/blob/main/sdk/python/src/openlit/semcov/__init__.py
    return {"gen_ai.usage.cost": cost.response_cost}


# Whose names -> the attributes of a cost.
NAMES: dict[str, Callable[[Cost], dict[str, Any]]] = {
    "gen_ai": _proposed,
    "logfire": lambda cost: {"operation.cost": cost.response_cost},
    "openlit": _openlit,
    "openinference": _openinference,
}
# What attributes of a span of a model begin with, by the conventions that are read.
_PREFIXES = ("gen_ai.", "llm.", "ai.", "mlflow.", "traceloop.")


class CostExporter(SpanExporter):  # type: ignore[misc]
    """Hands spans on to another exporter, those of inferences with what they cost.

    Spans of agents, workflows and tools get no cost: they add up the spans below them. A span that has one of the
    attributes already keeps it.

    Args:
        exporter: where spans go.
        names: whose names the attributes have, one or several of ``gen_ai``, ``logfire``, ``openlit``,
            ``openinference``. Beside them, ``llmcost.status`` is a word of ``llmcost.core.statuses``, and
            ``llmcost.lower_bound`` says whether the call may have cost more.
        cost_map: whose prices.
        meter: of the SDK of metrics; with it, a counter ``llmcost.cost`` in USD adds up what spans cost.

    Raises:
        ArgumentError: ``names`` has another word.
    """

    def __init__(
        self,
        exporter: Any,
        *,
        names: str | Sequence[str] = "gen_ai",
        cost_map: CostMap = DEFAULT,
        meter: Any = None,
    ) -> None:
        chosen_names = (names,) if isinstance(names, str) else tuple(names)
        for name in chosen_names:
            if name not in NAMES:
                raise ArgumentError(f"names={shown(name)}: it is one of {', '.join(map(repr, NAMES))}")
        self._inner, self._names, self._cost_map, self._guard = exporter, chosen_names, cost_map, Guard()
        self._counter = None
        if meter is not None:
            self._counter = meter.create_counter(
                "llmcost.cost", unit=_CURRENCY, description="What calls of models cost"
            )

    def export(self, spans: Sequence[Any]) -> Any:
        """Export spans; what pricing raises costs no span its way."""
        return self._inner.export([self._guard.call("span", self._with_cost, span, default=span) for span in spans])

    def shutdown(self) -> None:
        """Shut the inner exporter down."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the inner exporter."""
        return bool(self._inner.force_flush(timeout_millis))

    def _with_cost(self, span: Any) -> Any:
        attributes = span.attributes or {}
        if not any(str(name).startswith(_PREFIXES) for name in attributes):
            return span
        fields = {"name": span.name, "attributes": dict(attributes), "start_time": span.start_time}
        try:
            cost = self._cost_map.calculate(fields)
        except (MissingUsageError, UnrecognizedResponseError):
            return span
        except LLMCostError:
            return _copied(span, {"llmcost.status": UNPRICED})
        if any(note.code == "sum_of_spans" for note in cost.notes):
            return span
        status = status_of(cost)
        added: dict[str, Any] = {"llmcost.status": status, "llmcost.lower_bound": cost.lower_bound}
        if status != UNPRICED:
            for name in self._names:
                added.update(NAMES[name](cost))
            if self._counter is not None:
                self._counter.add(cost.response_cost, _labels(attributes, status))
        return _copied(span, added)


def _labels(attributes: Any, status: str) -> dict[str, str]:
    kept = ("gen_ai.request.model", "gen_ai.response.model", "gen_ai.provider.name", "gen_ai.operation.name")
    return {"llmcost.status": status, **{name: str(attributes[name]) for name in kept if name in attributes}}


def _copied(span: Any, added: dict[str, Any]) -> Any:
    """Return a span with more attributes; what it has already stays."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={**added, **(span.attributes or {})},
        events=span.events,
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
