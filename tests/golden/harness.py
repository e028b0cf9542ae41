"""How a golden case is priced: one map with the case's rates, the context as keywords."""

from __future__ import annotations

import json
from pathlib import Path

from llmcost import CostMap

HERE = Path(__file__).parent

# Keywords of calculate() for the facts of a case's context that only the caller knows.
KEYWORDS = {
    "input_characters": "characters",
    "seconds": "duration",
    "duration_seconds": "duration",
    "requested_service_tier": "service_tier",
}


def cases(name: str) -> list[dict]:
    with (HERE / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def price(case: dict, response: object, **options: object):
    context = dict(case.get("context") or {})
    model = context.pop("model", None) or case["model_for_pricing"]
    context.pop("base_url", None)
    facts = {KEYWORDS.get(key, key): value for key, value in context.items()}
    prices = CostMap({case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})})
    return prices.calculate(response, model=model, prefer="calculated", **facts, **options)
