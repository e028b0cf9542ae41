"""How each library is set up, the names that its questions may use, and how its answers are read."""

from __future__ import annotations

from datetime import datetime, timezone
from importlib.util import find_spec

import mix
from questions import ANTHROPIC, BASELINE, HOSTED, OPENAI, OURS, TIERED, Case


def names() -> dict[str, object]:
    """Return the names that every question may use, beside those of its own library.

    The object of the SDK is missing where the SDK is.
    """
    found: dict[str, object] = {
        "openai_dict": OPENAI,
        "tiered_dict": TIERED,
        "mix": mix.calls(),
        "anthropic_dict": ANTHROPIC,
        "unknown_dict": {**OPENAI, "model": "gpt-99"},
        "may": datetime(2026, 5, 1, tzinfo=timezone.utc),
        "own_prices": {"input_cost_per_token": 6e-06, "output_cost_per_token": 3e-05},
        "counters": {
            "prompt_tokens": 2006,
            "completion_tokens": 300,
            "prompt_tokens_details": {"cached_tokens": 1920},
        },
    }
    if find_spec("openai") is not None:
        from openai.types.chat import ChatCompletion

        found["sdk_object"] = ChatCompletion.model_validate(OPENAI)
    return found


def ours() -> dict[str, object]:
    """Return llmcost's names."""
    import llmcost

    llmcost.register_model(HOSTED)

    def lines(response: object) -> float:
        cost = llmcost.calculate(response)
        for line in cost.line_items:
            _ = line.meter, line.quantity, line.rate, line.amount
        return cost.response_cost

    public = {name: getattr(llmcost, name) for name in llmcost.__all__}
    return {**public, "lines": lines, "refused": _refused(llmcost.UnknownModelError)}


def litellm() -> dict[str, object]:
    """Return litellm's names."""
    import litellm

    litellm.suppress_debug_info = True
    litellm.register_model(HOSTED)
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {
        "completion_cost": litellm.completion_cost,
        "cost_per_token": litellm.cost_per_token,
        "plain": litellm.ModelResponse(model="gpt-4o", usage=usage),
        "cached": litellm.ModelResponse(model="gpt-4o-2024-08-06", usage=dict(OPENAI["usage"])),
        "two_images": litellm.ImageResponse(created=0, data=[{"url": "a"}, {"url": "b"}]),
        # It raises a bare Exception for what it does not know.
        "refused": _refused(Exception),
    }


def genai_prices() -> dict[str, object]:
    """Return genai-prices' names."""
    import genai_prices

    return {**vars(genai_prices), "refused": _refused(LookupError)}


def cendor_core() -> dict[str, object]:
    """Return cendor-core's names."""
    from cendor.core import prices

    return {"estimate": prices.estimate, "refused": _refused(prices.UnknownModelError)}


def litellm_cost() -> dict[str, object]:
    """Return litellm-cost's names."""
    import litellm_cost

    return {"get_cost": litellm_cost.get_cost, "refused": _refused(litellm_cost.UnknownModel)}


def baseline() -> dict[str, object]:
    """Return a function with one look-up and two products: what nothing can be faster than."""
    table = {"gpt-4o": (2.5e-06, 1e-05)}

    def look_up(model: str, prompt_tokens: int, completion_tokens: int) -> tuple[float, float]:
        rates = table[model]
        return prompt_tokens * rates[0], completion_tokens * rates[1]

    return {"look_up": look_up}


NAMESPACES = {
    OURS: ours,
    "litellm": litellm,
    "genai-prices": genai_prices,
    "cendor-core": cendor_core,
    "litellm-cost": litellm_cost,
    BASELINE: baseline,
}


def _refused(error: type[Exception]) -> object:
    def refused(call, *given, **named):
        try:
            call(*given, **named)
        except error:
            return
        raise AssertionError("an unknown model was priced")

    return refused


def usd(answer: object) -> float | None:
    """Return what a library answered as USD."""
    if isinstance(answer, list):
        return sum(usd(one) for one in answer)
    if isinstance(answer, tuple):
        return float(sum(answer))
    for field in ("total_price", "amount"):
        answer = getattr(answer, field, answer)
    return None if answer is None else float(answer)


def differs(case: Case, answer: float | None) -> bool:
    """Return whether an answer is another one than that worked out by hand; the peers count in floats."""
    if case.expected is None or answer is None:
        return case.expected is not answer
    return abs(answer - case.expected) > 1e-9 * case.expected
