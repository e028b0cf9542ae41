"""LiteLLM's ``cost_per_token``: counters in, the cost of the prompt and of the answer out."""

from __future__ import annotations

from ..core.late import Late
from ..core.signatures import dressed
from ..core.usage import counted
from ..prices.moments import clock
from .given import NOTHING
from .model_info import ModelInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..core import refusing
    from ..core.cost import Cost
    from ..core.ratecard import RateCard
    from ..core.usage import Usage
    from ..prices.registry import Kept
    from . import arguments, call_types, counters, floats
    from .given import Given
    from .plan import Plan

    # How two counters of a model are priced: the tokens of the prompt below which it holds, the card, which may grow
    # old, and the function that multiplies.
    TwoCounters = tuple[int, RateCard, Callable[[int, int], tuple[float, float]]]
else:
    # Two counters of a model whose plan is known need none of these.
    refusing = Late("llmcost.core.refusing")
    call_types = Late("llmcost.api.call_types")
    floats = Late("llmcost.api.floats")
    counters = Late("llmcost.api.counters")
    arguments = Late("llmcost.api.arguments")


# How two counters of a model are priced where their cost depends on more: no prompt is below 0 tokens.
BY_CALCULATE: TwoCounters = (0, None, None)  # type: ignore[assignment]
_MOST_MODELS = 2048


def _two_counters_first(all_arguments: Callable[..., tuple[float, float]]) -> Callable[..., tuple[float, float]]:
    """Return ``cost_per_token`` with a look at what most calls give: a model and two counters.

    To bind its other arguments takes longer than to price these two. How a model prices them is looked up, so that
    such a call enters one more function, which multiplies.
    """

    def cost_per_token(
        self: CostPerToken,
        model: str = "",
        prompt_tokens: int | None = None,
        completion_tokens: int | None = None,
        *others: object,
        **more: object,
    ) -> tuple[float, float]:
        if (
            not more
            and not others
            and type(model) is str
            and type(prompt_tokens) is int
            and type(completion_tokens) is int
            and not (prompt_tokens | completion_tokens) >> 49
        ):
            of_two: Callable[[int, int], tuple[float, float]]
            try:
                below, card, of_two = self._state.two_counters[model]
            except (KeyError, TypeError):
                # The first call of this model, or what is no name of one.
                below, card, of_two = self._two_counters(model)
            # ``calculate`` warns of a card that has grown old.
            if prompt_tokens < below and clock() < card.stale_at:
                return of_two(prompt_tokens, completion_tokens)
        return all_arguments(self, model, prompt_tokens, completion_tokens, *others, **more)

    return dressed(cost_per_token, all_arguments)


class CostPerToken(ModelInfo):
    """A map with LiteLLM's ``cost_per_token``."""

    if TYPE_CHECKING:
        # CostMap has them.
        def calculate(self, *args: Any, **keywords: Any) -> Cost:
            """Return what a call cost."""

        def of_usage(self, usage: Any, **keywords: Any) -> Cost:
            """Return what a usage cost that nobody changes afterwards."""

        def _plan(self, plans: Kept | None, key: object, model: str | None, usage: Usage, given: Given) -> Plan:
            """Return the plan of a call."""

    def _two_counters(self, model: object) -> TwoCounters:
        """Return how two counters of a model are priced, and keep it: ``BY_CALCULATE`` if their cost depends on more.

        Raises UnknownModelError if no price is known for the model.
        """
        if type(model) is not str:
            return BY_CALCULATE
        state = self._state
        plans = state.named_plans
        plan = plans.get(model) or self._plan(plans, model, model, counted({}, 0, "meters"), NOTHING)
        of_two = plan.of_two_counters()
        priced = BY_CALCULATE if of_two is None else (plan.below, plan.card, of_two)
        state.two_counters.keep(model, priced, _MOST_MODELS)
        return priced

    def cost_per_token(
        self,
        model: str = "",
        prompt_tokens: int | None = None,
        completion_tokens: int | None = None,
        response_time_ms: float | None = None,
        custom_llm_provider: str | None = None,
        region_name: str | None = None,
        prompt_characters: int | None = None,
        completion_characters: int | None = None,
        cache_creation_input_tokens: int | None = 0,
        cache_read_input_tokens: int | None = 0,
        custom_cost_per_token: Mapping[str, float] | None = None,
        custom_cost_per_second: float | None = None,
        requested_model_info_override: Mapping[str, object] | None = None,
        number_of_queries: int | None = None,
        usage_object: object = None,
        rerank_billed_units: Mapping[str, Any] | None = None,
        call_type: str | None = None,
        audio_transcription_file_duration: float = 0.0,
        service_tier: str | None = None,
        data_residency: str | None = None,
        vertex_location: str | None = None,
        response: object = None,
        request_model: str | None = None,
        custom_model_info: Mapping[str, object] | None = None,
        bedrock_model_info: Mapping[str, object] | None = None,
        **more: Any,
    ) -> tuple[float, float]:
        """Return ``(input + other, output)`` in USD: the cost of the prompt with tools and time, and of the answer.

        Takes LiteLLM's arguments in LiteLLM's order, every keyword of ``calculate``, and price keys for this call.
        ``prompt_tokens`` is the whole prompt, cache included; a cache count above it raises. ``request_model`` is
        read where it names a router: its fee is on top of what ``model`` costs.

        >>> import llmcost
        >>> llmcost.cost_per_token("gpt-4o", prompt_tokens=2006, completion_tokens=300, cache_read_input_tokens=1920)
        (0.002615, 0.003)

        Raises:
            UnknownModelError: no price is known for the model.
            UnpricedUsageError: nothing of the call could be priced. If a part could, it warns instead.
            InconsistentUsageError: more tokens are cached than the prompt has.
            MissingUsageError: nothing to count is given.
        """
        try:
            # Only stated facts are passed on: the fewer facts a call has, the faster it is priced.
            given: dict[str, Any] = {}
            usage, seconds = usage_object, audio_transcription_file_duration or None
            counters_alone = usage is None and response is None
            if counters_alone:
                usage = counters.usage_of(
                    prompt_tokens,
                    completion_tokens,
                    cache_creation_input_tokens,
                    cache_read_input_tokens,
                    number_of_queries,
                    arguments.mapping_of("rerank_billed_units", rerank_billed_units) if rerank_billed_units else None,
                    completion_characters,
                )
            else:
                given["prefer"] = "calculated"
                if completion_characters is not None:
                    usage = counters.with_answer(response if usage is None else usage, completion_characters)
            if request_model is not None and counters.is_router(arguments.one_text("request_model", request_model)):
                usage, model = counters.picked_by_router(response if usage is None else usage, model), request_model
            if custom_llm_provider is not None:
                given["provider"] = custom_llm_provider
            region = region_name or data_residency or vertex_location
            if region:
                given["region"] = region
                if data_residency or vertex_location:
                    arguments.one_region(
                        region_name=region_name, data_residency=data_residency, vertex_location=vertex_location
                    )
            if service_tier is not None:
                given["service_tier"] = service_tier
            if call_type is not None and not call_types.is_chat(call_type):
                given["call_type"] = call_type
            if response_time_ms:
                given["elapsed"] = arguments.seconds_in(response_time_ms)
            if prompt_characters is not None:
                given["characters"] = prompt_characters
            infos = bedrock_model_info or custom_model_info or requested_model_info_override
            if infos or custom_cost_per_token is not None or custom_cost_per_second is not None:
                prices = arguments.prices_of_call(
                    (bedrock_model_info, custom_model_info, requested_model_info_override),
                    custom_cost_per_token,
                    custom_cost_per_second,
                )
                given["prices"] = {**prices, **(more.pop("prices", None) or {})}
            if more:
                if "elapsed" in more:
                    arguments.seconds_of("elapsed", more["elapsed"])
                given.update(more)
            if counters_alone:
                # Nobody else has this usage: no copy is needed.
                cost = self.of_usage(usage, duration=seconds, model=model or None, **given)
                if prompt_tokens is None and completion_tokens is None:
                    counters.refuse_nothing(
                        cost, prompt_characters, completion_characters, number_of_queries, rerank_billed_units, seconds
                    )
            else:
                cost = self.calculate(response, usage, seconds, model=model or None, **given)
            floats.warn_of(cost)
        except Exception as error:
            refusing.refuse_call(error, CostPerToken.cost_per_token, locals())
            raise
        return cost.split

    if not TYPE_CHECKING:
        cost_per_token = _two_counters_first(cost_per_token)
