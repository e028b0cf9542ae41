"""The cases: one question, as every library wants it to be asked.

A question is source text, so that it is timed without a function call around it. Its answer is compared with
the one worked out by hand: a wrong answer shows beside its time. A library that cannot do a case stands here
with the reason. Peers are asked in the way that suits them best: litellm gets its own response object where it
has one, genai-prices is told the provider and the API.
"""

from __future__ import annotations

from typing import NamedTuple

OURS = "llmcost"
PEERS = ("litellm", "genai-prices", "cendor-core", "litellm-cost")
BASELINE = "baseline"

OPENAI = {
    "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    "object": "chat.completion",
    "created": 1741569952,
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hi", "refusal": None, "annotations": []},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": 2006,
        "completion_tokens": 300,
        "total_tokens": 2306,
        "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    },
    "service_tier": "default",
    "system_fingerprint": "fp_b376dfbbd5",
}
ANTHROPIC = {
    "id": "msg_01XFDUDYJgAACzvnptvVoYEL",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 120,
        "cache_creation_input_tokens": 800,
        "cache_read_input_tokens": 4000,
        "cache_creation": {"ephemeral_5m_input_tokens": 800, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 350,
        "service_tier": "standard",
    },
}
HOSTED = {"my-hosted-model": {"input_cost_per_second": 0.00042, "litellm_provider": "sagemaker", "mode": "chat"}}


class No(str):
    """Why a library cannot do a case."""

    __slots__ = ()


READS_NO_RESPONSES = No("prices counts that its caller takes out of the response")
NOT_BY_TIME = No("prices tokens only")
NOT_PER_CALL = No("takes no prices with a call")
NO_CACHE_WRITES = No("does not price cache writes")


class Case(NamedTuple):
    """One question, the answer worked out by hand (None: an error), and how each library is asked it."""

    name: str
    expected: float | None
    asked: dict[str, str]


CASES = (
    Case(
        "plain call",
        0.0035,  # 1000 x 2.5e-06 + 100 x 1e-05
        {
            OURS: "calculate(usage={'prompt_tokens': 1000, 'completion_tokens': 100}, model='gpt-4o').response_cost",
            "litellm": "completion_cost(plain)",
            "genai-prices": "calc_price(Usage(input_tokens=1000, output_tokens=100), 'gpt-4o', provider_id='openai')",
            "cendor-core": "estimate('gpt-4o', 1000, 100)",
            "litellm-cost": "get_cost('gpt-4o', 1000, 100)",
        },
    ),
    Case(
        "cached call",
        0.005615,  # 86 x 2.5e-06 + 1920 x 1.25e-06 + 300 x 1e-05
        {
            OURS: "calculate(usage=counters, model='gpt-4o-2024-08-06').response_cost",
            "litellm": "completion_cost(cached)",
            "genai-prices": (
                "calc_price(Usage(input_tokens=2006, cache_read_tokens=1920, output_tokens=300), "
                "'gpt-4o-2024-08-06', provider_id='openai')"
            ),
            "cendor-core": "estimate('gpt-4o-2024-08-06', 2006, 300, 1920)",
            "litellm-cost": "get_cost('gpt-4o', 86, 300, 1920)",
        },
    ),
    Case(
        "raw OpenAI dict",
        0.005615,
        {
            OURS: "calculate(openai_dict).response_cost",
            "litellm": "completion_cost(openai_dict)",
            "genai-prices": "extract_usage(openai_dict, provider_id='openai', api_flavor='chat').calc_price()",
            "cendor-core": READS_NO_RESPONSES,
            "litellm-cost": READS_NO_RESPONSES,
        },
    ),
    Case(
        # Every line's data are read, since lines are worked out no earlier than that. The peers give a total.
        "line items read too",
        0.005615,
        {
            OURS: "lines(openai_dict)",
            "litellm": "completion_cost(openai_dict)",
            "genai-prices": "extract_usage(openai_dict, provider_id='openai', api_flavor='chat').calc_price()",
            "cendor-core": READS_NO_RESPONSES,
            "litellm-cost": READS_NO_RESPONSES,
        },
    ),
    Case(
        "raw Anthropic dict",
        0.00981,  # 120 x 3e-06 + 800 x 3.75e-06 + 4000 x 3e-07 + 350 x 1.5e-05
        {
            OURS: "calculate(anthropic_dict).response_cost",
            "litellm": "completion_cost(anthropic_dict, model='claude-sonnet-4-5-20250929')",
            "genai-prices": "extract_usage(anthropic_dict, provider_id='anthropic').calc_price()",
            "cendor-core": READS_NO_RESPONSES,
            "litellm-cost": NO_CACHE_WRITES,
        },
    ),
    Case(
        "SDK object (openai)",
        0.005615,
        {
            OURS: "calculate(sdk_object).response_cost",
            "litellm": "completion_cost(sdk_object)",
            # It takes dicts only.
            "genai-prices": (
                "extract_usage(sdk_object.model_dump(), provider_id='openai', api_flavor='chat').calc_price()"
            ),
            "cendor-core": READS_NO_RESPONSES,
            "litellm-cost": READS_NO_RESPONSES,
        },
    ),
    Case(
        "unknown model",
        None,
        {
            OURS: "refused(calculate, unknown_dict)",
            "litellm": "refused(completion_cost, unknown_dict)",
            "genai-prices": "refused(calc_price, Usage(input_tokens=1), 'gpt-99', provider_id='openai')",
            "cendor-core": "refused(estimate, 'gpt-99', 1)",
            "litellm-cost": "refused(get_cost, 'gpt-99', 1)",
        },
    ),
    Case(
        "per second",
        0.000504,  # 1.2 x 0.00042
        {
            OURS: "calculate(duration=1.2, model='my-hosted-model').response_cost",
            # Its total_time is in milliseconds.
            "litellm": "completion_cost(model='my-hosted-model', custom_llm_provider='sagemaker', total_time=1200.0)",
            "genai-prices": NOT_BY_TIME,
            "cendor-core": NOT_BY_TIME,
            "litellm-cost": NOT_BY_TIME,
        },
    ),
    Case(
        # litellm puts the cache rate of its map out of force with them, llmcost keeps what the call does not name:
        # 86 x 6e-06 + 1920 x 1.25e-06 + 300 x 3e-05.
        "per-call prices",
        0.011916,
        {
            OURS: "calculate(openai_dict, input_cost_per_token=6e-06, output_cost_per_token=3e-05).response_cost",
            "litellm": "completion_cost(openai_dict, custom_cost_per_token=own_prices)",
            "genai-prices": NOT_PER_CALL,
            "cendor-core": NOT_PER_CALL,
            "litellm-cost": NOT_PER_CALL,
        },
    ),
    Case(
        "cost_per_token",
        0.008015,  # 2006 x 2.5e-06 + 300 x 1e-05
        {
            OURS: "cost_per_token('gpt-4o', 2006, 300)",
            "litellm": "cost_per_token('gpt-4o', 2006, 300)",
            "genai-prices": "calc_price(Usage(input_tokens=2006, output_tokens=300), 'gpt-4o', provider_id='openai')",
            "cendor-core": "estimate('gpt-4o', 2006, 300)",
            "litellm-cost": "get_cost('gpt-4o', 2006, 300)",
            BASELINE: "look_up('gpt-4o', 2006, 300)",
        },
    ),
)


def names() -> dict[str, object]:
    """Return the names that every question may use, beside those of its own library."""
    from openai.types.chat import ChatCompletion  # noqa: PLC0415 - the environment is set up by then

    return {
        "openai_dict": OPENAI,
        "anthropic_dict": ANTHROPIC,
        "unknown_dict": {**OPENAI, "model": "gpt-99"},
        "sdk_object": ChatCompletion.model_validate(OPENAI),
        "own_prices": {"input_cost_per_token": 6e-06, "output_cost_per_token": 3e-05},
        "counters": {
            "prompt_tokens": 2006,
            "completion_tokens": 300,
            "prompt_tokens_details": {"cached_tokens": 1920},
        },
    }


def ours() -> dict[str, object]:
    """Return llmcost's names."""
    import llmcost  # noqa: PLC0415 - see names()

    llmcost.register_model(HOSTED)

    def lines(response: object) -> float:
        cost = llmcost.calculate(response)
        for line in cost.line_items:
            _ = line.meter, line.quantity, line.rate, line.amount
        return cost.response_cost

    return {**vars(llmcost), "lines": lines, "refused": _refused(llmcost.UnknownModelError)}


def litellm() -> dict[str, object]:
    """Return litellm's names."""
    import litellm  # noqa: PLC0415 - see names()

    litellm.suppress_debug_info = True
    litellm.register_model(HOSTED)
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {
        "completion_cost": litellm.completion_cost,
        "cost_per_token": litellm.cost_per_token,
        "plain": litellm.ModelResponse(model="gpt-4o", usage=usage),
        "cached": litellm.ModelResponse(model="gpt-4o-2024-08-06", usage=dict(OPENAI["usage"])),
        # It raises a bare Exception for what it does not know.
        "refused": _refused(Exception),
    }


def genai_prices() -> dict[str, object]:
    """Return genai-prices' names."""
    import genai_prices  # noqa: PLC0415 - see names()

    return {**vars(genai_prices), "refused": _refused(LookupError)}


def cendor_core() -> dict[str, object]:
    """Return cendor-core's names."""
    from cendor.core import prices  # noqa: PLC0415 - see names()

    return {"estimate": prices.estimate, "refused": _refused(prices.UnknownModelError)}


def litellm_cost() -> dict[str, object]:
    """Return litellm-cost's names."""
    import litellm_cost  # noqa: PLC0415 - see names()

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
