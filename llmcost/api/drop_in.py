"""LiteLLM's names: change the import and keep the calls.

What is the same and what is deliberately different stands in the README, "Coming from LiteLLM".
"""

from __future__ import annotations

from ..core.usage import Usage
from .floats import as_float
from .per_token import CostPerToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# LiteLLM's words for a rerank, which is billed by the query.
_RERANK_CALLS = frozenset({"rerank", "arerank"})


class LiteLLMNames(CostPerToken):
    """A map that is asked by LiteLLM's names, with LiteLLM's arguments in LiteLLM's order."""

    def completion_cost(
        self,
        completion_response: object = None,
        model: str | None = None,
        prompt: str = "",
        messages: object = None,
        completion: str = "",
        total_time: float | None = 0.0,
        call_type: str | None = None,
        custom_llm_provider: str | None = None,
        region_name: str | None = None,
        size: str | None = None,
        quality: str | None = None,
        n: int | None = None,
        custom_cost_per_token: Mapping[str, float] | None = None,
        custom_cost_per_second: float | None = None,
        optional_params: Mapping[str, object] | None = None,
        custom_pricing: bool | None = None,
        base_model: str | None = None,
        standard_built_in_tools_params: object = None,
        litellm_model_name: str | None = None,
        router_model_id: str | None = None,
        litellm_logging_obj: object = None,
        service_tier: str | None = None,
        data_residency: str | None = None,
        vertex_location: str | None = None,
        **more: Any,
    ) -> float:
        """Return what a call cost in USD, as a float; the LiteLLM-shaped call.

        Takes LiteLLM's arguments in LiteLLM's order, every keyword of ``calculate``, and price keys for this call.
        ``total_time`` and ``duration`` are **seconds**; ``response_time_ms`` is milliseconds. ``litellm_logging_obj``,
        ``litellm_model_name``, ``standard_built_in_tools_params`` and ``custom_pricing`` are accepted and ignored.

        >>> import llmcost
        >>> llmcost.completion_cost(
        ...     {
        ...         "object": "chat.completion",
        ...         "model": "gpt-4o",
        ...         "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
        ...     },
        ...     input_cost_per_token=6e-06,
        ...     output_cost_per_token=3e-05,
        ... )
        0.009

        Args:
            completion_response: a raw dict, an SDK object, or a list of stream chunks.
            model: the name that was called.
            prompt, messages, completion: text to count, if there is no response (extra ``tokens``).
            total_time: seconds the call took, for models that are billed by time.
            custom_cost_per_token: ``{"input_cost_per_token": ..., "output_cost_per_token": ...}``, prices of this call.
            custom_cost_per_second: a price per second of this call.
            router_model_id: the id of a configured deployment.

        Raises:
            UnknownModelError: no price is known for the model.
            UnpricedUsageError: nothing of the call could be priced. If a part could, it warns instead.
            UsageError: the response has no usage, contradicts itself, or is not recognised.
        """
        del standard_built_in_tools_params, litellm_model_name, litellm_logging_obj, custom_pricing
        if custom_cost_per_token is not None:
            more.update(custom_cost_per_token)
        if custom_cost_per_second is not None:
            more["input_cost_per_second"] = custom_cost_per_second
        params: Mapping[str, Any] = optional_params or {}
        service_tier = service_tier if service_tier is not None else params.get("service_tier")
        size = size if size is not None else params.get("size")
        quality = quality if quality is not None else params.get("quality")
        n = n if n is not None else params.get("n")
        milliseconds = more.pop("response_time_ms", None)
        if milliseconds is not None:
            more["elapsed"] = milliseconds / 1000
        if total_time:
            more["elapsed" if "duration" in more else "duration"] = total_time
        usage = more.pop("usage", None)
        if completion_response is None and usage is None and (prompt or messages or completion):
            from .tokens import count_usage

            usage = count_usage(model, prompt=prompt, messages=messages, completion=completion)
        if call_type in _RERANK_CALLS and completion_response is None and usage is None:
            usage = Usage(queries=more.pop("queries", 1))
        # Only what is given is passed on: the fewer facts a call has, the faster it is priced.
        given = (
            ("provider", custom_llm_provider),
            ("region", region_name or data_residency or vertex_location),
            ("size", size),
            ("quality", quality),
            ("n", n),
            ("base_model", base_model),
            ("deployment", more.pop("deployment", None) or router_model_id),
            ("service_tier", service_tier),
        )
        more.update({name: value for name, value in given if value is not None})
        cost = self.calculate(completion_response, usage, more.pop("duration", None), model=model, **more)
        return as_float(cost)

    def response_cost_calculator(
        self,
        response_object: object = None,
        model: str | None = None,
        custom_llm_provider: str | None = None,
        call_type: str | None = None,
        optional_params: Mapping[str, object] | None = None,
        cache_hit: bool | None = None,
        base_model: str | None = None,
        custom_pricing: bool | None = None,
        prompt: str = "",
        **more: Any,
    ) -> float:
        """Return what a call cost in USD; 0.0 for a hit of the application's own cache.

        >>> import llmcost
        >>> llmcost.response_cost_calculator(
        ...     {
        ...         "object": "chat.completion",
        ...         "model": "gpt-4o",
        ...         "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
        ...     },
        ...     cache_hit=True,
        ... )
        0.0
        """
        return self.completion_cost(
            response_object,
            model,
            prompt,
            call_type=call_type,
            custom_llm_provider=custom_llm_provider,
            optional_params=optional_params,
            base_model=base_model,
            custom_pricing=custom_pricing,
            cache_hit=bool(cache_hit),
            **more,
        )

    def batch_cost_calculator(
        self,
        usage: object,
        model: str,
        custom_llm_provider: str | None = None,
        **more: Any,
    ) -> tuple[float, float]:
        """Return ``(input + other, output)`` in USD of usage that was billed as a batch.

        >>> import llmcost
        >>> llmcost.batch_cost_calculator(
        ...     {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}, "gpt-4o"
        ... )
        (0.00125, 0.0005)
        """
        cost = self.calculate(
            None, usage, model=model, provider=custom_llm_provider, batch=True, prefer="calculated", **more
        )
        as_float(cost)
        return cost.split
