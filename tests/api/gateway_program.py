"""A gateway's bookkeeping in the twelve ways in which programs use LiteLLM's cost functions.

It runs on either library: ``run(litellm)`` and ``run(llmcost)`` return its report, a line for each way.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

# Prices of the gateway's own, so that both libraries have the same ones.
PRICES = {
    "house/big": {
        "input_cost_per_token": 2e-06,
        "output_cost_per_token": 8e-06,
        "cache_read_input_token_cost": 5e-07,
        "input_cost_per_token_above_200k_tokens": 4e-06,
        "output_cost_per_token_above_200k_tokens": 1.2e-05,
        "input_cost_per_token_batches": 1e-06,
        "output_cost_per_token_batches": 4e-06,
        "max_input_tokens": 1_000_000,
        "max_output_tokens": 64_000,
        "litellm_provider": "openai",
        "mode": "chat",
        "supports_vision": True,
    },
    "house/small": {
        "input_cost_per_token": 1e-07,
        "output_cost_per_token": 4e-07,
        "litellm_provider": "openai",
        "mode": "chat",
    },
    "house/embed": {
        "input_cost_per_token": 2e-08,
        "output_cost_per_token": 0.0,
        "litellm_provider": "openai",
        "mode": "embedding",
    },
}


def answer(model: str, prompt: int, completion: int, cached: int = 0) -> dict[str, Any]:
    """Return a chat completion as a server sends it."""
    usage: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    if cached:
        usage["prompt_tokens_details"] = {"cached_tokens": cached}
    return {"id": "c-1", "object": "chat.completion", "created": 1, "model": model, "choices": [], "usage": usage}


def shown(value: object) -> str:
    """Return money without the dust of floats, and anything else as it is."""
    if isinstance(value, float):
        return f"{value:.12f}"
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    return str(value)


def run(library: ModuleType) -> list[str]:
    """Return the report of a day, a line for each way of asking."""
    lines: list[str] = []

    def tell(what: str, ask: Callable[[], object]) -> None:
        try:
            lines.append(f"{what}: {shown(ask())}")
        except Exception as error:  # noqa: BLE001 - the two libraries raise errors of their own
            lines.append(f"{what}: {type(error).__name__}")

    # 1. Prices of one's own.
    library.register_model({name: dict(row) for name, row in PRICES.items()})
    tell("registered", lambda: library.model_cost["house/big"]["input_cost_per_token"])

    # 2. A response.
    tell("response", lambda: library.completion_cost(completion_response=answer("house/big", 1000, 100)))

    # 3. A response of which the model is called otherwise.
    tell(
        "named",
        lambda: library.completion_cost(answer("gpt-x-2026", 1000, 100), model="house/small", custom_pricing=True),
    )

    # 4. Cached tokens, and a prompt above the threshold.
    tell("cached", lambda: library.completion_cost(answer("house/big", 2000, 100, 1500)))
    tell("long", lambda: library.completion_cost(answer("house/big", 300_000, 1000)))

    # 5. Two sides of a call.
    tell("sides", lambda: library.cost_per_token(model="house/big", prompt_tokens=1000, completion_tokens=100))
    tell(
        "sides of a usage",
        lambda: library.cost_per_token(model="house/big", usage_object=library_usage(library, 1000, 100)),
    )

    # 6. A batch.
    tell("batch", lambda: library.completion_cost(answer("house/big", 1000, 100), call_type="aretrieve_batch"))

    # 7. Prices of one call.
    own = {"input_cost_per_token": 1e-05, "output_cost_per_token": 3e-05}
    tell("own", lambda: library.completion_cost(answer("house/big", 1000, 100), custom_cost_per_token=own))
    tell("after own", lambda: library.completion_cost(answer("house/big", 1000, 100)))

    # 8. A price by time, of a model that is hosted: two seconds, in LiteLLM's milliseconds.
    tell(
        "timed",
        lambda: library.completion_cost(
            answer("house/big", 10, 1), model="house/big", custom_cost_per_second=0.01, total_time=2000.0
        ),
    )

    # 9. Embeddings.
    embedded = {
        "object": "list",
        "model": "house/embed",
        "data": [],
        "usage": {"prompt_tokens": 500, "total_tokens": 500},
    }
    tell("embedding", lambda: library.completion_cost(embedded, call_type="embedding"))

    # 10. What is known of a model.
    tell("limit", lambda: library.get_model_info("house/big")["max_input_tokens"])
    tell("unstated", lambda: library.get_model_info("house/big")["cache_creation_input_token_cost"])
    tell("most", lambda: library.get_max_tokens("house/big"))
    tell("vision", lambda: library.supports_vision("house/big"))

    # 11. Discounts by provider.
    library.cost_discount_config = {"openai": 0.1}
    tell("discounted", lambda: library.completion_cost(answer("house/big", 1000, 100), custom_llm_provider="openai"))
    library.cost_discount_config = {}

    # 12. What nobody has a price for, and the map as a document.
    tell("unknown", lambda: library.completion_cost(answer("no-such-model", 1000, 100)))
    tell("document", lambda: "house/small" in json.loads(json.dumps(library.model_cost)))
    return lines


def library_usage(library: ModuleType, prompt: int, completion: int) -> Any:
    """Return a usage as the library has it; a dict where it has no class of its own for one that is LiteLLM's."""
    kind = getattr(library, "Usage", dict)
    counters = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    try:
        return kind(**counters)
    except TypeError:
        return counters
