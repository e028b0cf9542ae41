"""LiteLLM's arguments, for whoever gives them to ``calculate``."""

from __future__ import annotations

# Arguments of LiteLLM's functions, and what calculate() has for each.
THEIRS = {
    "completion_response": "response=",
    "custom_llm_provider": "provider=",
    "region_name": "region=",
    "data_residency": "region=",
    "vertex_location": "region=",
    "total_time": "duration= (seconds)",
    "response_time_ms": "elapsed= (seconds)",
    "router_model_id": "deployment=",
    "custom_cost_per_token": "prices=",
    "custom_cost_per_second": "input_cost_per_second=",
    "optional_params": "its facts one by one (service_tier=, size=, n= ...), or completion_cost()",
}
