"""A JSON Schema of configurations, so that editors complete and check price keys in YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..core.dimensions import suffixes
from ..core.meters import METERS
from ..core.term import TERM_KINDS
from ..prices.blocks import EXPANDERS
from ..prices.contract import FROM, REGIONS, UNTIL
from ..prices.keys import NOT_RATES, PRICE_LIKE, UPLIFT, known_keys, stem
from . import models
from .blocks import ABOUT

if TYPE_CHECKING:
    from pydantic import BaseModel

# How an amount in USD or a share may be written; YAML reads 4e-07 as text.
NUMBER = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\s*\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"},
        {"type": "string", "pattern": "^os\\.environ/[A-Za-z_][A-Za-z0-9_]*$"},
    ]
}
_SUFFIXES = "".join(f"({dimension.suffix[1]})?" for dimension in suffixes() if dimension.suffix is not None)
_NUMBER, _AMOUNT = {"$ref": "#/definitions/number"}, {"$ref": "#/definitions/amount"}
_MARGIN = {"anyOf": [{"$ref": "#/definitions/margin"}, _AMOUNT]}
_NAME, _FLAG = {"type": ["string", "number", "null"]}, {"type": "boolean"}


_FEES = {
    "description": "Fees of your own by name.",
    "type": ["object", "null"],
    "additionalProperties": {"anyOf": [_AMOUNT, {"$ref": "#/definitions/fee"}]},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 7) of a configuration; keys that are LiteLLM's alone are left to LiteLLM."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "LiteLLM-style configuration, priced",
        "type": "object",
        "properties": {
            "model_list": _optional({"type": "array", "items": {"$ref": "#/definitions/deployment"}}),
            "include": {
                "description": "Files with a model_list that is added to this one.",
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            },
            "router_settings": _with_fallbacks(
                _block(models.Router, model_group_alias=_map_of({"$ref": "#/definitions/alias"}))
            ),
            "litellm_settings": _with_fallbacks(
                _block(models.Settings, cost_discount_config=_map_of(_AMOUNT), cost_margin_config=_map_of(_MARGIN))
            ),
            "llmcost": {
                "description": "What holds for all models.",
                "type": ["object", "null"],
                "properties": {
                    "terms": _optional({"type": "array", "items": {"$ref": "#/definitions/term"}}),
                    "fees": _FEES,
                },
                "additionalProperties": False,
            },
            "mcp_servers": _map_of(_nested("mcp_info", "mcp_server_cost_info", _tool_prices())),
            "general_settings": _nested(
                "pass_through_endpoints",
                _optional({"type": "array", "items": _nested("cost_per_request", _AMOUNT)}),
            ),
        },
        "definitions": {
            "deployment": {
                **_block(
                    models.Listed,
                    model_name={"type": ["string", "number"]},
                    litellm_params={"$ref": "#/definitions/litellm_params"},
                    model_info={"$ref": "#/definitions/model_info"},
                ),
                "type": "object",
                "required": ["model_name"],
            },
            "litellm_params": {
                **_block(models.Params),
                "allOf": [{"$ref": "#/definitions/prices"}],
                "required": ["model"],
            },
            "model_info": {
                **_block(models.ModelInfo, llmcost={"$ref": "#/definitions/llmcost"}),
                "allOf": [{"$ref": "#/definitions/prices"}],
            },
            "llmcost": {
                **_block(
                    models.Options,
                    replace=_FLAG,
                    scale_rest=_FLAG,
                    discount=_AMOUNT,
                    margin=_MARGIN,
                    multiplier=_AMOUNT,
                    currency={"enum": ["USD"]},
                    prices=_optional({"type": "array", "items": {"$ref": "#/definitions/block"}}),
                    terms=_optional({"type": "array", "items": {"$ref": "#/definitions/term"}}),
                    fees=_FEES,
                ),
                "additionalProperties": False,
            },
            "block": _dated(),
            "term": _term(),
            "fee": {
                "description": "What one unit costs, for fees= of a call; its line is fee:NAME.",
                "type": "object",
                "properties": {
                    "unit": {"type": "string", "description": "What is counted, such as call."},
                    "price": {"description": "USD for each.", "allOf": [_AMOUNT]},
                },
                "required": ["price"],
                "additionalProperties": False,
            },
            "margin": {
                **_block(models.Margin, percentage=_AMOUNT, fixed_amount=_AMOUNT),
                "type": "object",
                "additionalProperties": False,
            },
            "alias": {"anyOf": [{"type": "string"}, {**_block(models.Alias), "required": ["model"]}]},
            "prices": _prices(),
            "number": NUMBER,
            "amount": {"anyOf": [_NUMBER, {"type": "null"}]},
        },
    }


def _block(model: type[BaseModel], **fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a block: a field of its model is a name unless it is given here."""
    properties = {}
    for name, field in model.model_fields.items():
        described = {"description": field.description} if field.description else {}
        given = fields.get(name, _NAME)
        # In draft 7 a reference hides what stands beside it.
        properties[name] = {**described, "allOf": [given]} if described and "$ref" in given else {**described, **given}
    return {
        "description": " ".join((model.__doc__ or "").split()),
        "type": ["object", "null"],
        "properties": properties,
    }


# When and where something of one's own holds.
_EDGE = {"type": ["string", "null"], "pattern": "^[0-9]{4}-?[0-9]{2}-?[0-9]{2}"}
_WHEN = {
    FROM: {"description": "The first day of UTC on which it holds, or the moment, with its zone.", **_EDGE},
    UNTIL: {"description": "The first day of UTC, or the moment, at which it holds no more.", **_EDGE},
}
_NAMES = {"type": ["array", "null"], "items": {"type": "string"}, "minItems": 1}


def _dated() -> dict[str, Any]:
    """Return the schema of prices with dates and regions; every other key is a price key."""
    where = {"description": "The regions in which it holds, such as eu or us-east-1; everywhere without it.", **_NAMES}
    prices = _prices()
    return {
        "description": "Prices that hold for some time, or in some regions; where none does, weaker prices hold.",
        "type": "object",
        "properties": {**_WHEN, REGIONS: where, "free": _FLAG, **prices["properties"]},
        "patternProperties": prices["patternProperties"],
        "additionalProperties": False,
    }


def _term() -> dict[str, Any]:
    """Return the schema of a commercial term."""
    texts = {
        "meters": "The meters that it is a share of: input, output, cache_read ...; without it, the whole sum.",
        "models": "Whose calls it is for: names of models or deployments, or openai/*; for all without it.",
        "tags": "Calls with one of these tags have it; all have it without.",
    }
    return {
        "description": "A discount, a margin or a fee with a line of its own.",
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "What its line says."},
            "kind": {"enum": sorted(TERM_KINDS)},
            "value": {"description": "A share (0.05 is 5%); for a fee USD for each call.", "allOf": [_AMOUNT]},
            **{name: {"description": text, **_NAMES} for name, text in texts.items()},
            **_WHEN,
        },
        "required": ["name", "kind", "value"],
        "additionalProperties": False,
    }


def _with_fallbacks(block: dict[str, Any]) -> dict[str, Any]:
    request = {"type": "object", "properties": {"model": {"type": "string"}}}
    groups = {"type": "array", "items": {"anyOf": [{"type": "string"}, request]}}
    kinds = dict.fromkeys(models.FALLBACKS, _optional({"type": "array", "items": _map_of(groups)}))
    kinds["default_fallbacks"] = _optional(groups)
    return {**block, "properties": {**block["properties"], **kinds}}


def _nested(*names_and_value: Any) -> dict[str, Any]:
    """Return the schema of blocks inside each other, by their names, with a value in the innermost."""
    *names, value = names_and_value
    for name in reversed(names):
        value = {"type": ["object", "null"], "properties": {name: value}}
    return dict(value)


def _tool_prices() -> dict[str, Any]:
    prices = {"default_cost_per_query": _AMOUNT, "tool_name_to_cost_per_query": _map_of(_AMOUNT)}
    return {"description": "USD for each call of a tool.", "type": ["object", "null"], "properties": prices}


def _map_of(value: dict[str, Any]) -> dict[str, Any]:
    return _optional({"type": "object", "additionalProperties": value})


def _optional(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "type": [value["type"], "null"]}


def _prices() -> dict[str, Any]:
    flat = {key: {"description": _described(key)} for key in known_keys()}
    return {
        "description": "Prices of a deployment, in USD.",
        "properties": {**flat, **{key: {"description": text} for key, text in BLOCKS.items()}},
        "patternProperties": {
            price_key_pattern(): _AMOUNT,
            f"^[a-z_]*{UPLIFT}[a-z_]*$": _AMOUNT,
            # A number under a key that only looks like a price key is a typo: it would price nothing.
            looks_like_one_pattern(): {"not": _NUMBER},
        },
    }


# Nested blocks of price keys; the engine reads them, and says what is wrong with them.
BLOCKS = {
    "tiered_pricing": "Prices by the length of the prompt: a list of {range: [lower, upper], price keys}.",
    "off_peak_pricing": "Prices in windows of the day: hours_utc, weekdays and price keys.",
    "search_context_cost_per_query": "USD per search: a number, or one for each search_context_size_*.",
    "guardrail_cost_per_unit": "USD per unit, by the kind of unit.",
    "provider_specific_entry": "Factors for a region, or for fast mode.",
    "geo_multiplier": "Factors by geography.",
    "regional_endpoint_uplift_multiplier": "The factor of any endpoint but the global one.",
}


def price_key_pattern() -> str:
    """Return the grammar of flat price keys as one regular expression."""
    flat = sorted(re.escape(key) for key in known_keys() if key not in EXPANDERS)
    return f"^({'|'.join(flat)}){_SUFFIXES}$"


def looks_like_one_pattern() -> str:
    """Return a pattern of keys that look like price keys but are not."""
    other_keys = "|".join(sorted({*EXPANDERS, *NOT_RATES}))
    about = "|".join(sorted(ABOUT))
    return (
        f"^(?!({other_keys})$)(?!.*{UPLIFT})(?!{price_key_pattern().strip('^$')}$)(?!(.*_)?({about})(_|$))"
        f".*({'|'.join(PRICE_LIKE)})"
    )


def _described(key: str) -> str:
    row, units = stem(key)
    many = {1: "", 60: " 60", 1000: " 1,000", 3600: " 3,600", 1_000_000: " 1,000,000"}[units]
    parents = METERS[row.name].parents
    without = f" Without it: the rate of {parents[0]}." if parents else ""
    return f"USD per{many} {row.unit}{'s' if many else ''}, for {row.name}.{without}"
