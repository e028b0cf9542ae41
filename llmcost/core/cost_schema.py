"""The JSON Schema of ``Cost.to_dict()``, so that a program in any language knows what it may read."""

from __future__ import annotations

from .statement import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DECIMAL_OR_FRACTION = r"^([0-9]+(\.[0-9]+)?(E[-+]?[0-9]+)?|[0-9]+/[1-9][0-9]*)$"
_NUMBER = r"(0|[1-9][0-9]*)(\.[0-9]+)?"
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_MONEY = {"$ref": "#/$defs/money"}
_NOTES = {"type": "array", "items": {"$ref": "#/$defs/note"}}
_FLAG = {"type": "boolean"}
_TIER = "The service tier"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what ``Cost.to_dict()`` writes and ``Cost.from_dict()`` reads.

    >>> schema()["properties"]["schema"]["const"]
    2
    """
    cost = {
        "schema": {"const": SCHEMA, "description": "The form of this object; another number is another form."},
        "model": _described(_TEXT_OR_NULL, "The model that was asked for; null for a sum over several."),
        "matched_as": _described(_TEXT_OR_NULL, "The row of the price map that priced the call."),
        "match_rule": _described(_TEXT_OR_NULL, "How the name was matched: exact, dated_snapshot, ..."),
        "provider": _described(_TEXT_OR_NULL, "Whose prices were used."),
        "total": _described(_MONEY, "The sum of the line items."),
        "exact": _described(_FLAG, "Whether every digit of the total is exact; it has 40 digits otherwise."),
        "fraction": {
            "type": ["string", "null"],
            "pattern": "^-?[0-9]+/[1-9][0-9]*$",
            "description": "The total as an exact fraction where no finite decimal exists.",
        },
        "input": _described(_MONEY, "What the prompt cost, time included."),
        "output": _described(_MONEY, "What the answer cost."),
        "other": _described(_MONEY, "Tools, requests, pages, discounts, margins and fees."),
        "saved": _described(_MONEY, "What cache reads saved, less what cache writes cost on top."),
        "counts": {
            "enum": ["calculated", "reported", "mixed"],
            "description": "Which sum is the cost: our own, the provider's, or both in a sum of several costs.",
        },
        "reported": _described(_or_null(_MONEY), "The cost that the provider itself states."),
        "calculated": _described(_or_null({"$ref": "#"}), "Our own calculation where the provider's cost counts."),
        "complete": _described(_FLAG, "Whether this is the whole cost: the opposite of lower_bound."),
        "lower_bound": _described(_FLAG, "Whether the true cost may be higher."),
        "unpriced": {
            "type": "array",
            "items": _TEXT,
            "uniqueItems": True,
            "description": "Meters that were used and have no rate.",
        },
        "doubts": _described(_NOTES, "Price keys that this version does not know and that may hold for the call."),
        "waived": _described(_TEXT_OR_NULL, "Why a call costs nothing although its usage has rates."),
        "tier": _object(
            {
                "requested": _described(_TEXT_OR_NULL, f"{_TIER} that the caller asked for."),
                "served": _described(_TEXT_OR_NULL, f"{_TIER} that the response states."),
                "billed": _described(_TEXT, f"{_TIER} whose rates were used; mixed for a sum over several."),
            }
        ),
        "basis": {
            "enum": ["current", "exact", "assumed", "scheduled", "mixed"],
            "description": "How the price was dated.",
        },
        "line_items": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "notes": _described(_NOTES, "What had to be decided or assumed."),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a call of a language model cost, and why",
        **_object(cost),
        "$defs": {
            "money": {
                "type": "string",
                "pattern": f"^-?{_NUMBER}$",
                "description": "USD as decimal text, without an exponent.",
            },
            "quantity": {
                "description": "A count; as text where it is a decimal, or a fraction such as 1/3.",
                "anyOf": [
                    {"type": "number", "minimum": 0},
                    {"type": "string", "pattern": _DECIMAL_OR_FRACTION},
                ],
            },
            "note": _object(
                {
                    "code": {
                        "type": "string",
                        "pattern": "^[a-z][a-z0-9_]*$",
                        "description": "What is said, for a program; docs/notes.md lists the codes.",
                    },
                    "text": _described(_TEXT, "The same for a person."),
                    "about": _described(
                        _TEXT_OR_NULL, "The meter, price key, counter, model or layer that it is about."
                    ),
                }
            ),
            "line": _object(
                {
                    "model": _described(_TEXT, "The row of the price map."),
                    "meter": {
                        "type": "string",
                        "pattern": "^[a-z][a-z0-9_]*$",
                        "description": "What was counted: input, cache_read, output, web_searches, ...",
                    },
                    "quantity": {"$ref": "#/$defs/quantity"},
                    "unit": _described(_TEXT, "What a quantity of 1 is: token, second, image, ..."),
                    "rate": _described(_MONEY, "The price of one unit."),
                    "amount": _described(_MONEY, "Quantity x rate x factors."),
                    "conditions": _described(_TEXT, "When the rate holds; empty for the base rate."),
                    "factors": {"type": "array", "items": _TEXT, "description": "Factors on the rate, such as x 1.1."},
                    "layer": _described(_TEXT, "Who set the rate: call, config, registered, base_model, map, ..."),
                    "map_key": _described(_TEXT, "The row that the rate stands in."),
                    "price_key": _described(_TEXT, "The key that the rate stands under."),
                    "notes": _described(_NOTES, "What had to be decided for this line."),
                }
            ),
        },
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has these fields, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [value, {"type": "null"}]}


def _described(value: dict[str, Any], description: str) -> dict[str, Any]:
    return {**value, "description": description}
