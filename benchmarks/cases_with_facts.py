"""The cases of calls with facts: what a gateway knows beside the response, as keywords.

Each stands beside a bare call of the same response, so that a keyword shows what it costs.
"""

from __future__ import annotations

import mix
from questions import NO_SUCH_FACT, NOT_DATED, NOT_OF_THE_MIX, OURS, READS_NO_RESPONSES, Case, No

BARE_CALL = "bare call"
CHOOSES = ("provider=", "service_tier=", "batch=", "region=")
COMPLETES = ("duration=", "n=", "size=")
MIXED, MIXED_TIER = "cost_per_token, 50 models, cache", "cost_per_token, 50 models, cache and tier"

_GENAI = "extract_usage(tiered_dict, provider_id='openai', api_flavor='chat').calc_price()"
_MIX = (
    "[cost_per_token(model, prompt_tokens=1000, completion_tokens=200, cache_creation_input_tokens=written, "
    "cache_read_input_tokens=600{}) for model, written in mix]"
)


def _asked(ours: str, litellm: str, genai: str = NO_SUCH_FACT, rest: No = READS_NO_RESPONSES) -> dict[str, str]:
    return {OURS: ours, "litellm": litellm, "genai-prices": genai, "cendor-core": rest, "litellm-cost": rest}


WITH_FACTS = (
    Case(
        BARE_CALL,
        0.005195,  # 86 x 2.5e-06 + 1920 x 2.5e-07 + 300 x 1.5e-05
        _asked("calculate(tiered_dict).response_cost", "completion_cost(tiered_dict)", _GENAI),
    ),
    Case(
        "provider=",
        0.005195,
        _asked(
            "calculate(tiered_dict, provider='openai').response_cost",
            "completion_cost(tiered_dict, custom_llm_provider='openai')",
            _GENAI,
        ),
    ),
    Case(
        "service_tier=",
        0.0026071,  # 86 x 1.25e-06 + 1920 x 1.3e-07 + 300 x 7.5e-06
        _asked(
            "calculate(tiered_dict, service_tier='flex').response_cost",
            "completion_cost(tiered_dict, service_tier='flex')",
        ),
    ),
    Case(
        "batch=",
        0.0026071,  # the prices of flex
        _asked(
            "calculate(tiered_dict, batch=True).response_cost",
            "completion_cost(tiered_dict, call_type='aretrieve_batch', custom_llm_provider='openai')",
        ),
    ),
    Case(
        "region=",
        0.0057145,  # 0.005195 x 1.1
        _asked(
            "calculate(tiered_dict, region='eu').response_cost",
            "completion_cost(tiered_dict, data_residency='eu')",
        ),
    ),
    Case(
        # litellm puts the cache rate of its map out of force with them, llmcost keeps what the call does not name:
        # 86 x 6e-06 + 1920 x 2.5e-07 + 300 x 3e-05.
        "own prices",
        0.009996,
        _asked(
            "calculate(tiered_dict, input_cost_per_token=6e-06, output_cost_per_token=3e-05).response_cost",
            "completion_cost(tiered_dict, custom_cost_per_token=own_prices)",
        ),
    ),
    Case(
        "at=",
        0.005195,
        _asked(
            "calculate(tiered_dict, at='2026-05-01').response_cost",
            NOT_DATED,
            "extract_usage(tiered_dict, provider_id='openai', api_flavor='chat')"
            ".calc_price(genai_request_timestamp=may)",
        ),
    ),
    Case(
        "duration=",
        0.000504,  # 1.2 x 0.00042
        _asked(
            "calculate(duration=1.2, model='my-hosted-model').response_cost",
            # Its total_time is in milliseconds.
            "completion_cost(model='my-hosted-model', custom_llm_provider='sagemaker', total_time=1200.0)",
            rest=NO_SUCH_FACT,
        ),
    ),
    Case(
        "n=",
        0.08,  # 2 x 0.04
        _asked(
            "calculate(model='recraft/recraftv3', n=2).response_cost",
            "completion_cost(two_images, model='recraft/recraftv3', n=2, call_type='image_generation')",
            rest=NO_SUCH_FACT,
        ),
    ),
    Case(
        "size=",
        0.4,  # 2 x 0.2
        _asked(
            "calculate(model='gpt-image-1.5', n=2, size='1024x1536', quality='high').response_cost",
            "completion_cost(two_images, model='gpt-image-1.5', n=2, size='1024x1536', quality='high', "
            "call_type='image_generation')",
            rest=NO_SUCH_FACT,
        ),
    ),
    Case(MIXED, mix.by_hand(), _asked(_MIX.format(""), _MIX.format(""), NOT_OF_THE_MIX, NOT_OF_THE_MIX)),
    Case(
        MIXED_TIER,
        mix.by_hand("priority"),
        _asked(
            _MIX.format(", service_tier='priority'"),
            _MIX.format(", service_tier='priority'"),
            NOT_OF_THE_MIX,
            NOT_OF_THE_MIX,
        ),
    ),
)
