"""MLflow: the sum of what the calls of a trace used."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, UnknownModelError, read_usage

MAP = CostMap(
    {"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "input_cost_per_token_above_1k_tokens": 5}}
)
USED = {"input_tokens": 2000, "output_tokens": 100, "total_tokens": 2100}
present = {
    "trace_id": "tr-1",
    "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}},
    "request_time": "2026-11-01T00:00:00Z",
    "state": "OK",
    "execution_duration_ms": 1000,
    "trace_metadata": {
        "mlflow.trace.tokenUsage": json.dumps(USED),
        "mlflow.trace.cost": json.dumps({"input_cost": 0.3, "output_cost": 0.2, "total_cost": 0.5}),
        "mlflow.trace_schema.version": "3",
    },
    "tags": {},
}
before = {
    "request_id": "tr-1",
    "timestamp_ms": 1761955200000,
    "status": "OK",
    "request_metadata": present["trace_metadata"],
}


@pytest.mark.parametrize("trace", [present, before], ids=["present", "former"])
def test_a_trace(trace):
    """2000 x 1e-06 + 100 x 2e-06: a sum has no context, and MLflow's cost is a calculation."""
    cost = MAP.calculate(trace, model="m")
    assert (cost.total, cost.reported) == (Decimal("0.0022"), None)
    assert {"sum_of_spans", "cost_not_used", "aggregate_context"} <= {note.code for note in cost.notes}


def test_when_it_was():
    """MLflow 2 has milliseconds."""
    assert read_usage(present).at == "2026-11-01T00:00:00Z"
    assert read_usage(before).at == 1761955200


def test_it_names_no_model():
    """Its calls may be of several."""
    with pytest.raises(UnknownModelError, match="names a model"):
        MAP.calculate(present)


def test_a_trace_without_calls():
    """An empty sum is missing."""
    with pytest.raises(MissingUsageError, match="this trace of MLflow"):
        read_usage({**present, "trace_metadata": {"mlflow.trace.tokenUsage": "{}"}})


def test_cached_tokens_of_a_trace():
    """1200 x 1e-06 + 800 x 1e-06 (no rate of their own) + 100 x 2e-06; a note says how they are counted."""
    used = json.dumps({**USED, "cache_read_input_tokens": 800})
    usage = read_usage({**present, "trace_metadata": {"mlflow.trace.tokenUsage": used}})
    assert usage.quantities == {"input": 1200, "cache_read": 800, "output": 100}
    assert "counted_inside" in {note.code for note in usage.notes}
