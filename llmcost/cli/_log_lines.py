"""Lines of somebody's log: a response, or its usage, and beside it what the caller knows of the call.

``{"time": "...", "model": "gpt-4o", "duration": 1.2, "response": {...}}``: what is named like the keywords of
``calculate()`` is passed to it, and what is not is the log's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import llmcost
from llmcost.readers import COMMON, discovered

from ._options import FACTS

if TYPE_CHECKING:
    Fields = dict[str, object]

# Values of the field ``object`` that make a whole response of a value.
OBJECTS = frozenset(name for reader in COMMON for name in reader.objects)
# Facts that can be billed without a response.
_QUANTITIES = frozenset({"duration", "characters", "n", "web_searches"})
# The types that a fact may have in a log line, by the type of its option; what is not listed is text.
_KINDS: dict[object, tuple[type, ...]] = {bool: (bool,), float: (int, float), FACTS["n"].type: (int,)}


def opened(fields: Fields) -> tuple[object, object, Fields]:
    """Return ``(response, usage, facts)`` of a value; one that a reader knows is the response itself.

    Raises:
        ValueError: a fact has a type that it cannot have.
    """
    if not _is_log_line(fields):
        return fields, None, {}
    facts = _facts(fields)
    response, usage = fields.get("response"), fields.get("usage")
    if not isinstance(response, (dict, list)):
        # The text of the answer, most likely.
        response = None
    if response is None and usage is None:
        counters = {name: value for name, value in fields.items() if name not in FACTS and name != "prices"}
        if _are_counters(counters):
            usage = counters
        elif not _QUANTITIES & set(facts):
            response = fields
    return response, usage, facts


def _facts(fields: Fields) -> Fields:
    facts: Fields = {}
    for name, fact in FACTS.items():
        value = fields.get(name)
        if value is None or value == "":
            continue
        kinds = (str, int, float) if name == "at" else _KINDS.get(fact.type, (str,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{name}={value!r} should be {' or '.join(kind.__name__ for kind in kinds)}")
        facts[name] = value
    prices = fields.get("prices")
    if isinstance(prices, dict):
        facts["prices"] = prices
    elif prices is not None:
        raise ValueError(f"prices={prices!r} should be an object of price keys")
    return facts


def _are_counters(fields: Fields) -> bool:
    try:
        llmcost.read_usage(fields)
    except llmcost.UnrecognizedResponseError:
        return False
    except llmcost.UsageError:
        return True  # counters that contradict each other: pricing says how
    return True


def word(fields: Fields, name: str) -> str:
    """Return a text field; empty if it is absent or anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _is_log_line(fields: Fields) -> bool:
    if word(fields, "object") in OBJECTS or any(reader.recognises(fields) for reader in (*COMMON, *discovered())):
        return False
    return (
        isinstance(fields.get("response"), (dict, list))
        or isinstance(fields.get("usage"), dict)
        or isinstance(fields.get("model"), str)
    )
