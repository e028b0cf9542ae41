"""LiteLLM's names that are not functions of a map: what stands for each here, and what is not here.

``supports_*`` are made when they are asked for. The others are no cost surface; an AttributeError says what to use.
"""

from __future__ import annotations

import sys

from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LITELLM = "it makes calls: keep LiteLLM, or an SDK, for that"
_NOT_A_SETTING = "it steers calls, which llmcost does not make"
_RESPONSE = "pass the response as it is, a raw dict or LiteLLM's own object"
# Name of a function, or of a setting that code assigns to -> what to use.
INSTEAD = {
    **dict.fromkeys(
        ("completion", "acompletion", "embedding", "aembedding", "image_generation", "transcription", "speech"),
        _LITELLM,
    ),
    **dict.fromkeys(("rerank", "moderation", "responses", "aresponses", "batch_completion", "Router"), _LITELLM),
    "stream_chunk_builder": "pass the list of chunks itself: completion_cost(chunks), or StreamMeter",
    "encode": "token_counter(model, text=...) counts tokens",
    "decode": "token_counter(model, text=...) counts tokens",
    **dict.fromkeys(("ModelResponse", "EmbeddingResponse", "ImageResponse", "TranscriptionResponse"), _RESPONSE),
    "get_llm_provider": "get_model_info(model)['litellm_provider']",
    "model_list": "list(model_cost)",
    "models_by_provider": "[name for name, row in model_cost.items() if row.get('litellm_provider') == ...]",
    "get_valid_models": "list(model_cost)",
    "add_known_models": "nothing: what is registered is known",
    "get_supported_openai_params": "it is about requests: LiteLLM or the provider's documentation",
    "completion_cost_calculator": "completion_cost()",
    **dict.fromkeys(
        ("default_image_cost_calculator", "default_video_cost_calculator", "handle_realtime_stream_cost_calculation"),
        "completion_cost(response, model)",
    ),
    "get_model_cost_map": "CostMap(path), or llmcost.model_cost; llmcost update gets newer prices",
    "model_cost_map_url": "CostMap(path), or LLMCOST_PRICES; no price is fetched unless it is asked for",
    "get_provider_info": "get_model_info(model)",
    "BudgetManager": "Budget(limit, scope={'user': ...})",
    "max_budget": "track(client, budget=Budget(limit))",
    "budget_duration": "Budget(limit, period='day')",
    "model_alias_map": "CostMap.with_config({'router_settings': {'model_group_alias': {...}}})",
    "callbacks": "success_callback and failure_callback",
    "input_callback": "success_callback and failure_callback",
    "service_callback": "success_callback and failure_callback",
    "disable_token_counter": "nothing is counted unless a text stands alone",
    "suppress_debug_info": "LLMCOST_LOG, or logging.getLogger('llmcost')",
    "set_verbose": "LLMCOST_LOG=DEBUG",
    **dict.fromkeys(
        ("drop_params", "num_retries", "request_timeout", "api_key", "api_base", "cache", "modify_params", "telemetry"),
        _NOT_A_SETTING,
    ),
}


def attribute(name: str) -> object:
    """Return the function of a name that is made when it is asked for.

    >>> attribute("supports_reasoning")("gpt-4o")
    False

    Raises AttributeError for every other name; for one of LiteLLM's it says what to use.
    """
    if name == "token_counter":
        from .tokens import token_counter

        return token_counter
    feature = name.removeprefix("supports_")
    if feature != name and feature:
        return _supports(name, feature)
    raise absent(name)


def absent(name: str) -> AttributeError:
    """Return the error for a name that llmcost does not have."""
    hint = f"; {INSTEAD[name]}" if name in INSTEAD else ""
    # With the module, a traceback asks whether a name like it was meant.
    return AttributeError(f"module 'llmcost' has no attribute {name!r}{hint}", name=name, obj=sys.modules["llmcost"])


def _supports(name: str, feature: str) -> Callable[..., bool]:
    def supports(model: str, custom_llm_provider: str | None = None) -> bool:
        return DEFAULT.supports(model, feature, custom_llm_provider=custom_llm_provider)

    supports.__name__ = supports.__qualname__ = name
    supports.__doc__ = f"Return whether the map says that a model has the feature {feature}."
    return supports
