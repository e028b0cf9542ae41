"""LiteLLM's names: change the import and keep the calls.

What is the same and what is deliberately different stands in the README, "Coming from LiteLLM".
"""

from __future__ import annotations

from ..core.counts import checked
from ..core.meters import METERS as _METERS
from ..core.usage import Usage
from ..errors import (
    InconsistentUsageError,
    MissingUsageError,
    UnknownModelError,
    UnpricedUsageError,
    UnpricedUsageWarning,
)
from ..prices.layers import BASE_MODEL as _BASE_MODEL
from ..prices.layers import MAP as _MAP
from ..prices.layers import REGISTERED as _REGISTERED
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..core.cost import Cost
    from .costmap import CostMap

_warned: set[tuple[str | None, str]] = set()

# Arguments of litellm that only its proxy fills; accepted so that a call with them goes on working.
_IGNORED = ("litellm_logging_obj", "litellm_model_name", "standard_built_in_tools_params")
_EMBEDDING_CALLS = frozenset({"rerank", "arerank"})


def completion_cost(
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
    *,
    cost_map: CostMap = DEFAULT,
    **more: Any,
) -> float:
    """Return what a call cost in USD, as a float; the LiteLLM-shaped call.

    Takes LiteLLM's arguments in LiteLLM's order, every keyword of ``calculate``, and price keys for this call.
    ``total_time`` and ``duration`` are **seconds**; ``response_time_ms`` is milliseconds. ``litellm_logging_obj``,
    ``litellm_model_name``, ``standard_built_in_tools_params`` and ``custom_pricing`` are accepted and ignored.

    >>> completion_cost(
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
        from .tokens import count_usage  # noqa: PLC0415 - the extra loads when text has to be counted

        usage = count_usage(
            model, prompt=prompt, messages=messages, completion=completion, characters=more.get("characters")
        )
    if call_type in _EMBEDDING_CALLS and completion_response is None and usage is None:
        usage = Usage(queries=more.pop("queries", 1))
    # What is not given is not passed on: calculate() has a short way for calls with few facts.
    given = (
        ("provider", custom_llm_provider), ("region", region_name or data_residency or vertex_location),
        ("size", size), ("quality", quality), ("n", n), ("base_model", base_model),
        ("deployment", more.pop("deployment", None) or router_model_id), ("service_tier", service_tier),
    )  # fmt: skip
    more.update({name: value for name, value in given if value is not None})
    cost = cost_map.calculate(completion_response, usage, more.pop("duration", None), model=model, **more)
    return _as_float(cost)


def _as_float(cost: Cost) -> float:
    """Return the cost as a float, which cannot carry a mark: so nothing priced raises, a part unpriced warns."""
    if cost.unpriced:
        names = ", ".join(cost.unpriced)
        if not any(line.meter not in {"discount", "margin", "fee"} for line in cost.line_items):
            raise UnpricedUsageError(
                f"{cost.matched_as} has no rate for {names}. {'; '.join(cost.notes)}".rstrip(), cost.unpriced
            )
        for meter in cost.unpriced:
            key = (cost.matched_as, meter)
            if key not in _warned:
                _warned.add(key)
                import warnings  # noqa: PLC0415 - needed only for an incomplete cost

                warnings.warn(
                    f"{cost.matched_as} has no rate for {meter}: the cost is a lower bound (calculate() says more)",
                    UnpricedUsageWarning,
                    stacklevel=3,
                )
    for doubt in cost.doubts:
        if (cost.matched_as, doubt) not in _warned:
            _warned.add((cost.matched_as, doubt))
            import warnings  # noqa: PLC0415 - needed only for an incomplete cost

            warnings.warn(doubt, UnpricedUsageWarning, stacklevel=3)
    return cost.response_cost


def cost_per_token(
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
    number_of_queries: int | None = None,
    usage_object: object = None,
    rerank_billed_units: Mapping[str, Any] | None = None,
    call_type: str | None = None,
    audio_transcription_file_duration: float = 0.0,
    service_tier: str | None = None,
    response: object = None,
    request_model: str | None = None,
    data_residency: str | None = None,
    vertex_location: str | None = None,
    *,
    cost_map: CostMap = DEFAULT,
    **price_keys: Any,
) -> tuple[float, float]:
    """Return ``(input + other, output)`` in USD: the cost of the prompt with tools and time, and of the answer.

    ``prompt_tokens`` is the whole prompt, cache included; a cache count above it raises.

    >>> cost_per_token("gpt-4o", prompt_tokens=2006, completion_tokens=300, cache_read_input_tokens=1920)
    (0.002615, 0.003)

    Raises:
        UnknownModelError: no price is known for the model.
        UnpricedUsageError: nothing of the call could be priced. If a part could, it warns instead.
        InconsistentUsageError: more tokens are cached than the prompt has.
    """
    if (
        type(prompt_tokens) is int and type(completion_tokens) is int and prompt_tokens >= 0 and completion_tokens >= 0
        and not cache_creation_input_tokens and not cache_read_input_tokens and not price_keys
        and response_time_ms is None and custom_llm_provider is None and region_name is None
        and prompt_characters is None and completion_characters is None and custom_cost_per_token is None
        and custom_cost_per_second is None and number_of_queries is None and usage_object is None
        and rerank_billed_units is None and not audio_transcription_file_duration and service_tier is None
        and response is None and data_residency is None and vertex_location is None
    ):  # fmt: skip
        both = cost_map.of_two(model, prompt_tokens, completion_tokens)
        if both is not None:
            return both
    del request_model, call_type
    usage: object = usage_object
    uncounted = False
    if usage is None and response is None:
        counted = (
            prompt_tokens, completion_tokens, prompt_characters, completion_characters, number_of_queries,
            rerank_billed_units, cache_creation_input_tokens or None, cache_read_input_tokens or None,
            audio_transcription_file_duration or None,
        )  # fmt: skip
        uncounted = all(value is None for value in counted)
        queries = number_of_queries
        if rerank_billed_units:
            queries = rerank_billed_units.get("search_units") if queries is None else queries
            prompt_tokens = prompt_tokens or rerank_billed_units.get("total_tokens")
        usage = _token_usage(
            prompt_tokens or 0,
            completion_tokens or 0,
            cache_creation_input_tokens or 0,
            cache_read_input_tokens or 0,
            queries,
        )
        if completion_characters:
            answer = ({"output": completion_tokens or 0}, {"output_characters": completion_characters})
            rest = {meter: quantity for meter, quantity in usage.quantities.items() if meter != "output"}
            usage = usage.replaced(alternatives=(answer,), quantities=rest)
    prices = {**(custom_cost_per_token or {}), **price_keys}
    if custom_cost_per_second is not None:
        prices["input_cost_per_second"] = custom_cost_per_second
    cost = cost_map.calculate(
        response,
        usage,
        audio_transcription_file_duration or None,
        elapsed=response_time_ms / 1000 if response_time_ms else None,
        characters=prompt_characters,
        model=model or None,
        provider=custom_llm_provider,
        region=region_name or data_residency or vertex_location,
        service_tier=service_tier,
        prices=prices or None,
        prefer="calculated",
    )
    if uncounted and not cost.line_items and not cost.unpriced:
        raise MissingUsageError(
            "cost_per_token() has nothing to count: give prompt_tokens= and completion_tokens= (0 if there were none)"
        )
    _as_float(cost)
    return cost.split


def _token_usage(prompt: int, answer: int, written: int, read: int, queries: int | None) -> Usage:
    for name, tokens in (("prompt", prompt), ("cache_creation_input", written), ("cache_read_input", read)):
        checked(f"{name}_tokens", tokens)
    fresh = prompt - written - read
    if fresh < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={prompt} is the whole prompt, but {read} tokens of it were read from the cache and "
            f"{written} were written",
            {"prompt_tokens": prompt},
            {"cache_read_input_tokens": read, "cache_creation_input_tokens": written},
        )
    given = {"input": fresh, "cache_read": read, "cache_write": written, "output": answer}
    if queries:
        given["queries"] = queries
    return Usage(**given)


def response_cost_calculator(
    response_object: object = None,
    model: str | None = None,
    custom_llm_provider: str | None = None,
    call_type: str | None = None,
    optional_params: Mapping[str, object] | None = None,
    cache_hit: bool | None = None,
    base_model: str | None = None,
    custom_pricing: bool | None = None,
    prompt: str = "",
    *,
    cost_map: CostMap = DEFAULT,
    **more: Any,
) -> float:
    """Return what a call cost in USD; 0.0 for a hit of the application's own cache.

    >>> response_cost_calculator(
    ...     {
    ...         "object": "chat.completion",
    ...         "model": "gpt-4o",
    ...         "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
    ...     },
    ...     cache_hit=True,
    ... )
    0.0
    """
    return completion_cost(
        response_object, model, prompt, call_type=call_type, custom_llm_provider=custom_llm_provider,
        optional_params=optional_params, base_model=base_model, custom_pricing=custom_pricing,
        cache_hit=bool(cache_hit), cost_map=cost_map, **more,
    )  # fmt: skip


def batch_cost_calculator(
    usage: object,
    model: str,
    custom_llm_provider: str | None = None,
    *,
    cost_map: CostMap = DEFAULT,
    **more: Any,
) -> tuple[float, float]:
    """Return ``(input + other, output)`` in USD of usage that was billed as a batch.

    >>> batch_cost_calculator({"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}, "gpt-4o")
    (0.00125, 0.0005)
    """
    cost = cost_map.calculate(
        None, usage, model=model, provider=custom_llm_provider, batch=True, prefer="calculated", **more
    )
    _as_float(cost)
    return cost.split


def register_model(
    model_cost: Mapping[str, Mapping[str, object]] | str | os.PathLike[str],
    *,
    replace: bool = False,
    scale_rest: bool = False,
) -> Mapping[str, dict[str, object]]:
    """Return the map after adding prices of one's own to it; either all entries are added or none.

    They are stronger than the map's and weaker than a call's, key by key: what is not named stays as it is.

    >>> _ = register_model({"my-sagemaker-model": {"input_cost_per_second": 0.000420, "litellm_provider": "sagemaker"}})
    >>> completion_cost(model="my-sagemaker-model", total_time=10)
    0.0042

    Args:
        model_cost: model -> price keys, or the path of a JSON file of that form.
        replace: the entries are whole cards; nothing of weaker layers stays in force.
        scale_rest: conditional siblings of weaker layers follow a changed base rate in proportion.

    Raises:
        UnknownPriceKeyError, InvalidPriceError: an entry cannot be billed by.
        PriceDataError: the entries are no mapping of mappings, or the file is no JSON.
    """
    DEFAULT.register(model_cost, replace=replace, scale_rest=scale_rest)
    found: Mapping[str, dict[str, object]] = MODEL_COST
    return found


class _ModelCost:
    """The entries of the default map, read-only."""

    def __getitem__(self, name: str) -> dict[str, object]:
        return DEFAULT[name]

    def get(self, name: str, default: object = None) -> object:
        return DEFAULT.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in DEFAULT

    def __iter__(self) -> Iterator[str]:
        return iter(DEFAULT)

    def __len__(self) -> int:
        return len(DEFAULT)

    def keys(self) -> tuple[str, ...]:
        return DEFAULT.keys()

    def items(self) -> Iterator[tuple[str, dict[str, object]]]:
        return DEFAULT.items()

    def values(self) -> Iterator[dict[str, object]]:
        return (entry for _, entry in DEFAULT.items())

    def __setitem__(self, name: str, entry: object) -> None:
        raise TypeError(f"model_cost is read-only: use llmcost.register_model({{{name!r}: {entry!r}}})")

    def update(self, *args: object, **entries: object) -> None:
        del args, entries
        raise TypeError("model_cost is read-only: use llmcost.register_model({...})")

    def __repr__(self) -> str:
        return f"<model_cost: {len(self)} models, read-only>"


MODEL_COST: Any = _ModelCost()


def get_model_info(
    model: str, custom_llm_provider: str | None = None, *, cost_map: CostMap = DEFAULT
) -> dict[str, object]:
    """Return what the map says of a model: prices, limits, mode, provider, and ``key``, the entry that was matched.

    >>> info = get_model_info("openai/gpt-4o-2024-08-06")
    >>> info["key"], info["input_cost_per_token"], info["max_input_tokens"]
    ('gpt-4o-2024-08-06', 2.5e-06, 128000)

    Raises:
        UnknownModelError: no entry is known for the name.
    """
    card = cost_map.rate_card(model, provider=custom_llm_provider)
    info: dict[str, object] = {}
    for layer, key in reversed(card.layers):
        info.update(cost_map[key] if layer in _OF_THE_MAP else {})
    # What a configuration says of its deployments stands in no entry of the map.
    info.update(card.facts)
    info.update(
        (_METERS[rate.meter].keys[0], float(rate.usd))
        for rate in card.cells.values()
        if rate.layer not in _OF_THE_MAP and not rate.conditions and not rate.derived
    )
    if not info:
        raise UnknownModelError(model, custom_llm_provider)
    info["key"] = card.name
    return info


# Layers whose entries have names of their own in the map.
_OF_THE_MAP = frozenset({_MAP, _BASE_MODEL, _REGISTERED})


def get_max_tokens(model: str, *, cost_map: CostMap = DEFAULT) -> int | None:
    """Return the most tokens a model writes; None if the map does not say.

    >>> get_max_tokens("gpt-4o")
    16384
    """
    info = get_model_info(model, cost_map=cost_map)
    for key in ("max_output_tokens", "max_tokens"):
        value = info.get(key)
        if isinstance(value, int):
            return value
    return None


def supports(model: str, feature: str, *, custom_llm_provider: str | None = None, cost_map: CostMap = DEFAULT) -> bool:
    """Return whether the map says that a model has a feature, such as ``vision`` or ``prompt_caching``.

    >>> supports("gpt-4o", "vision")
    True
    """
    return get_model_info(model, custom_llm_provider, cost_map=cost_map).get(f"supports_{feature}") is True


def supports_vision(model: str, custom_llm_provider: str | None = None) -> bool:
    """Return whether a model reads images."""
    return supports(model, "vision", custom_llm_provider=custom_llm_provider)


def supports_function_calling(model: str, custom_llm_provider: str | None = None) -> bool:
    """Return whether a model calls functions."""
    return supports(model, "function_calling", custom_llm_provider=custom_llm_provider)


def supports_prompt_caching(model: str, custom_llm_provider: str | None = None) -> bool:
    """Return whether a model's vendor caches prompts."""
    return supports(model, "prompt_caching", custom_llm_provider=custom_llm_provider)


__all__ = [name for name in globals() if not name.startswith("_") and name not in {"annotations", "TOKEN_METERS"}]
