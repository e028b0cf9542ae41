"""LiteLLM's functions about models: register one, read its entry and its limits, ask what it can do."""

from __future__ import annotations

from ..core.late import Late
from ..core.meters import METERS
from ..core.signatures import as_signed
from ..errors import UnknownModelError
from ..prices.layers import BASE_MODEL, MAP, REGISTERED
from ..prices.price_map import PriceMap

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Any

    from . import floats

else:
    floats = Late("llmcost.api.floats")

# Layers whose entries have names of their own in the map.
_OF_THE_MAP = frozenset({MAP, BASE_MODEL, REGISTERED})


class ModelInfo(PriceMap):
    """A map with LiteLLM's functions about its models.

    >>> prices = ModelInfo({"my-model": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}})
    >>> prices.register({"my-model": {"output_cost_per_token": 4e-6}})
    >>> prices["my-model"]
    {'input_cost_per_token': 2e-06, 'output_cost_per_token': 4e-06}
    >>> str(prices.rate_card("my-model", prices={"input_cost_per_token": 1e-6}).cells["input", ()].usd)
    '0.000001'
    """

    @property
    def model_cost(self) -> Any:
        """The entries of the map, read-only.

        >>> prices = ModelInfo({"my-model": {"input_cost_per_token": 2e-6}})
        >>> prices.model_cost["my-model"], prices.get("my-model"), prices.get("other-model")
        ({'input_cost_per_token': 2e-06}, {'input_cost_per_token': 2e-06}, None)
        >>> list(prices), prices.keys(), dict(prices.items()) == prices.model_cost.copy(), prices.as_of
        (['my-model'], ('my-model',), True, '')
        """
        from .model_cost import ModelCost

        return ModelCost(self)

    def register_model(
        self,
        model_cost: Mapping[str, Mapping[str, object]] | str | os.PathLike[str],
        *,
        persist_across_reloads: bool = True,
        warning_display_name: str | None = None,
        custom_llm_provider: str | None = None,
        add_to_provider_model_sets: bool = True,
        replace: bool = False,
        scale_rest: bool = False,
    ) -> Mapping[str, dict[str, object]]:
        """Return the map after adding entries to it: all of them, or none if one is wrong.

        They are stronger than the map's and weaker than a call's. A key that is not named keeps its value.

        >>> import llmcost
        >>> own = {"input_cost_per_second": 0.000420, "litellm_provider": "sagemaker"}
        >>> _ = llmcost.register_model({"my-sagemaker-model": own})
        >>> llmcost.completion_cost(model="my-sagemaker-model", total_time=10)
        0.0042

        Args:
            model_cost: model -> price keys, or the path of a JSON file of that form.
            persist_across_reloads, add_to_provider_model_sets, warning_display_name: LiteLLM's. They say nothing here:
                what is registered stays, and is known by its own name.
            custom_llm_provider: who sells the entries that name no ``litellm_provider``.
            replace: the entries are whole cards; nothing of weaker layers stays in force.
            scale_rest: conditional siblings of weaker layers follow a changed base rate in proportion.

        Raises:
            UnknownPriceKeyError, InvalidPriceError: an entry cannot be billed by.
            PriceDataError: the entries are no mapping of mappings, or the file is no JSON.
        """
        del persist_across_reloads, warning_display_name, add_to_provider_model_sets
        if custom_llm_provider is not None:
            from ..prices.own_prices import entries_of

            rows = entries_of(model_cost, "register_model")
            model_cost = {name: {"litellm_provider": custom_llm_provider, **row} for name, row in rows.items()}
        self.register(model_cost, replace=replace, scale_rest=scale_rest)
        models: Mapping[str, dict[str, object]] = self.model_cost
        return models

    @as_signed
    def get_model_info(
        self,
        model: str,
        custom_llm_provider: str | None = None,
        api_base: str | None = None,
        api_key: str | None = None,
    ) -> dict[str, object]:
        """Return what the map says of a model: prices, limits, mode, provider, and ``key``, the entry that was matched.

        It has every key that LiteLLM's has; what the map does not say is None. No server is asked: ``api_base`` and
        ``api_key`` warn.

        >>> import llmcost
        >>> info = llmcost.get_model_info("openai/gpt-4o-2024-08-06")
        >>> info["key"], info["input_cost_per_token"], info["max_input_tokens"]
        ('gpt-4o-2024-08-06', 2.5e-06, 128000)

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        from ..errors import IgnoredArgumentWarning
        from .model_info_keys import KEYS

        for name, value in (("api_base", api_base), ("api_key", api_key)):
            if value:
                said = f"get_model_info: {name}= is not used: no server is asked about a model"
                floats.warn_once((name, "get_model_info"), said, IgnoredArgumentWarning)
        info = self._info(model, custom_llm_provider)
        if info.get("max_tokens") is None:
            # As in LiteLLM: what a model writes at most; an embedding writes nothing, and reads at most this.
            info["max_tokens"] = info.get("max_output_tokens") or info.get("max_input_tokens")
        return {**dict.fromkeys(KEYS), **info}

    def _info(self, model: str, custom_llm_provider: str | None = None) -> dict[str, object]:
        """Return what layers say of a model, and ``key``."""
        card = self.rate_card(model, provider=custom_llm_provider)
        info: dict[str, object] = {}
        for layer, key in reversed(card.layers):
            info.update(self[key] if layer in _OF_THE_MAP else {})
        # The prices of a deployment stand in its configuration and not in the map.
        info.update(card.info)
        info.update(
            (METERS[rate.meter].keys[0], float(rate.usd))
            for rate in card.cells.values()
            if rate.layer not in _OF_THE_MAP and not rate.conditions and not rate.derived
        )
        if not info:
            raise UnknownModelError(model, custom_llm_provider)
        info["key"] = card.name
        return info

    def get_max_tokens(self, model: str) -> int | None:
        """Return how many tokens a model can write in one answer; None if the map does not say.

        >>> import llmcost
        >>> llmcost.get_max_tokens("gpt-4o")
        16384

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        info = self._info(model)
        for key in ("max_output_tokens", "max_tokens"):
            value = info.get(key)
            if isinstance(value, int):
                return value
        return None

    @as_signed
    def supports(self, model: str, feature: str, *, custom_llm_provider: str | None = None) -> bool:
        """Return whether the map says that a model has a feature, such as ``vision`` or ``prompt_caching``.

        >>> import llmcost
        >>> llmcost.supports("gpt-4o", "vision")
        True

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        return self._info(model, custom_llm_provider).get(f"supports_{feature}") is True

    def supports_vision(self, model: str, custom_llm_provider: str | None = None) -> bool:
        """Return whether a model reads images.

        >>> import llmcost
        >>> llmcost.supports_vision("gpt-3.5-turbo")
        False

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        return self.supports(model, "vision", custom_llm_provider=custom_llm_provider)

    def supports_function_calling(self, model: str, custom_llm_provider: str | None = None) -> bool:
        """Return whether a model calls functions.

        >>> import llmcost
        >>> llmcost.supports_function_calling("gpt-4o")
        True

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        return self.supports(model, "function_calling", custom_llm_provider=custom_llm_provider)

    def supports_prompt_caching(self, model: str, custom_llm_provider: str | None = None) -> bool:
        """Return whether a model's vendor caches prompts.

        >>> import llmcost
        >>> llmcost.supports_prompt_caching("gpt-4o")
        True

        Raises:
            UnknownModelError: no entry is known for the name.
        """
        return self.supports(model, "prompt_caching", custom_llm_provider=custom_llm_provider)
