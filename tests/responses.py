"""Every response of the tests: the golden ones, and the constants of the tests of each reader."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from llmcost import CostMap, LLMCostError, read_usage
from llmcost.core.meters import METERS

from .golden.harness import KEYWORDS, cases

READERS = Path(__file__).parent / "readers"
MODEL = "any-model"

# Every meter has a rate of its own, each another prime, so that units which are counted under another meter change the
# sum. Left out are searches and guardrails, whose prices stand in blocks below, and requests, whose number an aggregate
# does not state.
RATES: dict[str, object] = {
    row.keys[0]: float(f"{prime}e-6")
    for row, prime in zip(METERS.values(), (n for n in range(2, 300) if all(n % k for k in range(2, n))), strict=False)
    if row.name not in {"web_searches", "guardrail_units", "requests"}
}
RATES |= {
    "input_cost_per_token_above_200k_tokens": 3.1e-05,
    "output_cost_per_token_above_200k_tokens": 3.7e-05,
    "input_cost_per_token_priority": 4.1e-05,
    "output_cost_per_token_priority": 4.3e-05,
    "input_cost_per_token_batches": 4.7e-07,
    "output_cost_per_token_flex": 5.3e-07,
    "search_context_cost_per_query": {
        "search_context_size_low": 0.0059,
        "search_context_size_medium": 0.0061,
        "search_context_size_high": 0.0067,
    },
    "guardrail_cost_per_unit": {"topicPolicyUnits": 7.1e-05, "contentPolicyUnits": 7.3e-05},
}


class Example:
    """A response with a name, and what else a test may want to know of it."""

    def __init__(self, name: str, response: object, case: dict | None = None) -> None:
        self.name, self.response, self.case = name, response, case
        self.flavour = case["flavour"] if case is not None else ""

    def __repr__(self) -> str:
        return self.name

    @property
    def options(self) -> dict[str, object]:
        """The keywords for ``calculate``: ``MODEL``, and the facts of a golden case that only the caller knows."""
        context = (self.case or {}).get("context") or {}
        facts = {KEYWORDS.get(key, key): context[key] for key in context if key not in {"model", "base_url"}}
        return {"model": MODEL, "prefer": "calculated", **facts}

    def price(self, response: object):
        """Return the Cost of the response, or of another form of it, at rates that tell every meter apart."""
        return prices().calculate(response, **self.options)


@cache
def prices() -> CostMap:
    """Return a map with ``MODEL``, which has every rate, and with the models that golden calls name."""
    entries: dict[str, dict] = {MODEL: RATES}
    for case in cases("cases.jsonl"):
        for name, rates in {case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})}.items():
            entries.setdefault(name, rates)
    return CostMap(entries)


@cache
def golden() -> tuple[Example, ...]:
    """Return the golden responses that state a usage."""
    return tuple(
        Example(case["id"], case["response"], case) for case in cases("cases.jsonl") if readable(case["response"])
    )


@cache
def constants() -> tuple[Example, ...]:
    """Return the responses among the constants of the readers' tests."""
    found = {}
    for path in sorted(READERS.rglob("test_*.py")):
        name = ".".join(("tests", *path.relative_to(READERS.parent).with_suffix("").parts))
        try:
            module = import_module(name)
        except pytest.skip.Exception:
            continue  # its SDK is not installed
        for constant, value in vars(module).items():
            if constant.isupper() and isinstance(value, (dict, list)) and readable(value):
                # The same response may be imported from one test into another.
                found.setdefault(json.dumps(value, default=repr), Example(f"{path.stem[5:]}.{constant}", value))
    return tuple(found.values())


def everything() -> tuple[Example, ...]:
    """Return all of them."""
    return golden() + constants()


def readable(response: object) -> bool:
    """Return whether this states a usage: it is a response, or its counters alone."""
    try:
        # A dict of meters is what a test expects, and not a response of a provider.
        return read_usage(response).dialect != "meters"
    except LLMCostError:
        return False


def named(examples, **options):
    """Return the decorator that runs a test for each example."""
    return pytest.mark.parametrize("example", examples, ids=[example.name for example in examples], **options)
