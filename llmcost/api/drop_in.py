"""LiteLLM's names: change the import and keep the calls.

What is the same and what is deliberately different stands in docs/litellm.md.
"""

from __future__ import annotations

from ..core.late import Late
from .per_token import CostPerToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..core import refusing
    from . import arguments, floats

else:
    floats = Late("llmcost.api.floats")
    refusing = Late("llmcost.core.refusing")
    arguments = Late("llmcost.api.arguments")


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
        requested_model_info_override: Mapping[str, object] | None = None,
        optional_params: Mapping[str, object] | None = None,
        custom_pricing: bool | None = None,
        base_model: str | None = None,
        standard_built_in_tools_params: object = None,
        litellm_model_name: str | None = None,
        router_model_id: str | None = None,
        litellm_logging_obj: object = None,
        pricing_provider: str | None = None,
        service_tier: str | None = None,
        data_residency: str | None = None,
        vertex_location: str | None = None,
        **more: Any,
    ) -> float:
        """Return what a call cost in USD, as a float. The arguments are those of LiteLLM's function.

        Takes LiteLLM's arguments in LiteLLM's order, every keyword of ``calculate``, and price keys for this call.
        ``total_time`` and ``duration`` are **seconds**; ``response_time_ms`` is milliseconds. ``litellm_logging_obj``
        and ``litellm_model_name`` are accepted and ignored.

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
            prompt, messages, completion: text to count, if there is no response: its characters where the model is
                sold by them, else its tokens (extra ``tokens``).
            total_time: seconds the call took, for models that are billed by time.
            call_type: LiteLLM's word for the kind of call, such as ``aretrieve_batch``, ``rerank`` or ``speech``.
            custom_cost_per_token: ``{"input_cost_per_token": ..., "output_cost_per_token": ...}``, prices of this call.
            custom_cost_per_second: a price per second of this call.
            requested_model_info_override: a model's entry, whose prices are those of this call.
            optional_params: the parameters of the request; what they say of tier, size, length and number counts.
            standard_built_in_tools_params: what tools used: ``vector_store_usage``, ``code_interpreter_sessions`` ...
            router_model_id: the id of a configured deployment, or of a registered entry with its prices; another id
                says nothing, and with ``custom_pricing=False`` none does.
            pricing_provider: whose prices apply; stronger than ``custom_llm_provider``.

        Raises:
            UnknownModelError: no price is known for the model.
            UnpricedUsageError: nothing of the call could be priced. If a part could, it warns instead.
            UsageError: the response has no usage, contradicts itself, or is not recognised; or there is nothing to
                price.
        """
        try:
            # Only stated facts are passed on: the fewer facts a call has, the faster it is priced. A keyword of
            # calculate is stronger than LiteLLM's argument, and that than a parameter of the request.
            facts: dict[str, Any] = {}
            if requested_model_info_override or custom_cost_per_token is not None or custom_cost_per_second is not None:
                facts = arguments.prices_of_call(
                    (requested_model_info_override,), custom_cost_per_token, custom_cost_per_second
                )
            if optional_params:
                facts.update(arguments.facts_of(arguments.mapping_of("optional_params", optional_params), call_type))
            usage = more.pop("usage", None)
            if standard_built_in_tools_params:
                used, stated = arguments.tools_of(standard_built_in_tools_params)
                facts.update(stated)
                if used:
                    usage = arguments.with_tools(completion_response if usage is None else usage, used)
            if total_time or "elapsed" in more or "response_time_ms" in more:
                facts.update(arguments.times_of(total_time, more.pop("response_time_ms", None), more))
            provider = pricing_provider or custom_llm_provider
            if provider is not None:
                facts["provider"] = provider
            region = region_name or data_residency or vertex_location
            if region is not None:
                facts["region"] = region
            if data_residency or vertex_location:
                arguments.one_region(
                    region_name=region_name, data_residency=data_residency, vertex_location=vertex_location
                )
            if size is not None:
                facts["size"] = size
            if quality is not None:
                facts["quality"] = quality
            if n is not None:
                facts["n"] = n
            if base_model is not None:
                facts["base_model"] = base_model
            if call_type is not None:
                facts["call_type"] = call_type
            if service_tier is not None:
                facts["service_tier"] = service_tier
            facts.update(more)
            if (
                router_model_id is not None
                and custom_pricing is not False
                and self.has_deployment(arguments.one_text("router_model_id", router_model_id))
            ):
                facts.setdefault("deployment", router_model_id)
            if usage is None and (prompt or messages or completion):
                from .texts import usage_of_text

                usage = usage_of_text(
                    self, completion_response, model, facts, prompt=prompt, messages=messages, completion=completion
                )
            elif usage is None and optional_params and call_type is not None:
                usage = arguments.queries_of(optional_params, call_type)
            cost = self.calculate(completion_response, usage, facts.pop("duration", None), model=model, **facts)
            floats.warn_of(cost)
        except Exception as error:
            refusing.refuse_call(error, LiteLLMNames.completion_cost, locals())
            raise
        return cost.response_cost

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
        standard_built_in_tools_params: object = None,
        litellm_model_name: str | None = None,
        router_model_id: str | None = None,
        litellm_logging_obj: object = None,
        pricing_provider: str | None = None,
        service_tier: str | None = None,
        data_residency: str | None = None,
        vertex_location: str | None = None,
        region_name: str | None = None,
        custom_cost_per_token: Mapping[str, float] | None = None,
        custom_cost_per_second: float | None = None,
        requested_model_info_override: Mapping[str, object] | None = None,
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
            region_name=region_name,
            custom_cost_per_token=custom_cost_per_token,
            custom_cost_per_second=custom_cost_per_second,
            requested_model_info_override=requested_model_info_override,
            optional_params=optional_params,
            custom_pricing=custom_pricing,
            base_model=base_model,
            standard_built_in_tools_params=standard_built_in_tools_params,
            litellm_model_name=litellm_model_name,
            router_model_id=router_model_id,
            litellm_logging_obj=litellm_logging_obj,
            pricing_provider=pricing_provider,
            service_tier=service_tier,
            data_residency=data_residency,
            vertex_location=vertex_location,
            cache_hit=cache_hit,
            **more,
        )

    def batch_cost_calculator(
        self,
        usage: object,
        model: str,
        custom_llm_provider: str | None = None,
        model_info: Mapping[str, object] | None = None,
        data_residency: str | None = None,
        vertex_location: str | None = None,
        **more: Any,
    ) -> tuple[float, float]:
        """Return ``(input + other, output)`` in USD of usage that was billed as a batch.

        ``model_info`` is a model's entry, whose prices are those of this call.

        >>> import llmcost
        >>> llmcost.batch_cost_calculator(
        ...     {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}, "gpt-4o"
        ... )
        (0.00125, 0.0005)
        """
        try:
            if model_info:
                more = {"prices": arguments.prices_of(model_info), **more}
            region = data_residency or vertex_location
            if region is not None:
                more.setdefault("region", region)
                arguments.one_region(
                    region=more["region"], data_residency=data_residency, vertex_location=vertex_location
                )
            cost = self.calculate(
                None, usage, model=model, provider=custom_llm_provider, batch=True, prefer="calculated", **more
            )
            floats.warn_of(cost)
        except Exception as error:
            refusing.refuse_call(error, LiteLLMNames.batch_cost_calculator, locals())
            raise
        return cost.split
