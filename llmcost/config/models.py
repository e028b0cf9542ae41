"""The parts of a proxy configuration that prices depend on, as pydantic models.

Every other key is left to LiteLLM and is not read. Prices are not fields of these models: ``blocks`` reads their keys.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..core.exact import ratio


def _amount(value: object) -> tuple[int, int]:
    try:
        found = ratio(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{problem}; a number >= 0 is expected") from None
    if found[0] < 0:
        raise ValueError("it is below 0; a number >= 0 is expected")
    return found


def _discount(value: object) -> tuple[int, int]:
    found = _amount(value)
    if found[0] > found[1]:
        raise ValueError("a discount above 1 (100%) would make a total negative; 0.05 is 5%")
    return found


def _as_margin(value: object) -> object:
    return value if isinstance(value, dict) else {"percentage": value}


def _as_group(value: object) -> object:
    # LiteLLM takes a whole request in the place of a name: {model: large, messages: [...]}.
    return value.get("model", value) if isinstance(value, dict) else value


def _as_alias(value: object) -> object:
    return {"model": value} if isinstance(value, str) else value


Amount = Annotated[Any, BeforeValidator(_amount)]
Discount = Annotated[Any, BeforeValidator(_discount)]


class _Block(BaseModel):
    # LiteLLM's names begin with model_, which older releases of pydantic keep for themselves.
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, protected_namespaces=())


class _OwnBlock(BaseModel):
    """A block that only llmcost reads: an unknown key in it is an error."""

    model_config = ConfigDict(extra="forbid")


class Margin(_OwnBlock):
    """What is added: a share of the sum before it (0.1 is 10%), and an amount in USD for each call."""

    percentage: Amount | None = None
    fixed_amount: Amount | None = None


class Options(_OwnBlock):
    """``model_info.llmcost``: how a deployment's prices treat weaker layers, and its commercial terms."""

    replace: bool = Field(default=False, description="Start from an empty rate card: no weaker price stays in force.")
    scale_rest: bool = Field(
        default=False,
        description="Scale prices of weaker layers that depend on a price set here by new / old of that price.",
    )
    discount: Discount | None = Field(default=None, description="Share that is taken off the sum, 0 to 1 (0.05 is 5%).")
    margin: Annotated[Margin, BeforeValidator(_as_margin)] | None = Field(
        default=None, description="Share that is added (0.1 is 10%), or {percentage: 0.1, fixed_amount: 0.0005}."
    )
    multiplier: Amount | None = Field(
        default=None, description="The whole sum times this: 0.8 is a discount of 20%, 1.25 a margin of 25%."
    )
    currency: str | None = Field(default=None, description="USD, the only currency.")
    prices: Any = Field(default=None, description="Prices with dates and regions: a list of blocks of price keys.")
    terms: Any = Field(default=None, description="Commercial terms by name: discounts, margins and fees.")
    fees: Any = Field(default=None, description="Fees of your own by name, {unit, price}, for fees= of a call.")


# What other files than this one read of such a block.
CONTRACT = ("prices", "terms", "fees")


class ModelInfo(_Block):
    """What is known of a deployment's model."""

    id: str | None = None
    base_model: str | None = None
    pricing_provider: str | None = None
    mode: str | None = None
    llmcost: Options | None = None


class Params(_Block):
    """What a deployment is called with."""

    model: str
    base_model: str | None = None
    custom_llm_provider: str | None = None
    litellm_credential_name: str | None = None
    region_name: str | None = None
    aws_region_name: str | None = None
    vertex_location: str | None = None
    vertex_ai_location: str | None = None
    # Of any type: the code that reads them takes text alone.
    api_base: Any = None
    base_url: Any = None
    service_tier: Any = None


class Listed(_Block):
    """One deployment of ``model_list``; without ``litellm_params`` it is the model of its name."""

    model_name: str
    litellm_params: Params | None = None
    model_info: ModelInfo | None = None


class Alias(_Block):
    """What another name stands for: ``gpt-4: gpt-4o`` or ``gpt-4: {model: gpt-4o, hidden: true}``."""

    model: str


class Router(_Block):
    """``router_settings``."""

    model_group_alias: dict[str, Annotated[Alias, BeforeValidator(_as_alias)]] | None = None


Groups = list[Annotated[str, BeforeValidator(_as_group)]]


class Fallbacks(_Block):
    """Which model groups answer where another fails: ``- small: [large]``; in ``router_settings`` or LiteLLM's own.

    Those of ``*`` and of ``default_fallbacks`` answer for every group.
    """

    fallbacks: list[dict[str, Groups]] | None = None
    context_window_fallbacks: list[dict[str, Groups]] | None = None
    content_policy_fallbacks: list[dict[str, Groups]] | None = None
    default_fallbacks: Groups | None = None


FALLBACKS = tuple(Fallbacks.model_fields)


class Settings(_Block):
    """``litellm_settings``."""

    cost_discount_config: dict[str, Discount] | None = None
    cost_margin_config: dict[str, Annotated[Margin, BeforeValidator(_as_margin)]] | None = None
