"""All cases; here those of calls without facts: a response or its counters, and whose model it is."""

from __future__ import annotations

from cases_with_facts import WITH_FACTS
from questions import BASELINE, NO_CACHE_WRITES, OURS, READS_NO_RESPONSES, Case

BARE = (
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

CASES = (*BARE, *WITH_FACTS)
