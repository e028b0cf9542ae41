"""What LiteLLM's functions take beside a response, as facts of a call: parameters of the request, and tools."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ..core.counts import checked
from ..core.exact import plus, ratio
from ..core.stated import own_text
from ..core.usage import counted
from ..errors import ArgumentError, IgnoredArgumentWarning, LLMCostWarning, shown
from ..prices.entries import is_price_key
from ..readers import read_usage
from .call_types import QUERY, kind_of
from .facts import FACTS
from .floats import warn_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ..core.counts import Quantities, Quantity
    from ..core.usage import Usage

# The facts that parameters of a request may state: how it is served, and what it makes. Facts that decide whose prices
# apply, such as ``provider``, are not read from them.
_TAKEN = frozenset(name for name, row in FACTS.items() if row.does in {"selects", "completes"}) | {"region"}
# What a request says that leaves the choice to the model.
_UNDECIDED = frozenset({"", "auto"})
# A time in seconds that is longer than this was most likely measured in milliseconds, as LiteLLM's are.
_LONGEST_SECONDS = 600


def mapping_of(argument: str, value: object) -> Mapping[str, Any]:
    """Return an argument that has to be a mapping; raise ArgumentError, which names it, if it is none."""
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):
        return value  # type: ignore[return-value]
    raise ArgumentError(f"{argument}={shown(value)}: it has to be a mapping")


def one_text(argument: str, value: object) -> str:
    """Return an argument that has to be text, as Python's own; raise ArgumentError, which names it, if it is none."""
    if issubclass(type(value), str):
        return str.__str__(value)
    raise ArgumentError(f"{argument}={shown(value)}: it has to be text")


def seconds_in(response_time_ms: object) -> Quantity:
    """Return a measured time in seconds; raise InconsistentUsageError if it is no time."""
    milliseconds, per = ratio(checked("response_time_ms", response_time_ms))
    return milliseconds / (per * 1000)


def facts_of(params: Mapping[str, object], call_type: object = None) -> dict[str, object]:
    """Return the facts among the parameters of a request: every one that ``calculate`` knows, under LiteLLM's names.

    >>> facts_of({"temperature": 1, "seconds": "8", "width": 1024, "height": 768, "quality": "auto"})
    {'duration': Decimal('8'), 'size': '1024x768'}
    >>> facts_of({"query": ["a", "b"], "max_results": 26}, "asearch")
    {'n': 26}
    """
    facts: dict[str, object] = {}
    for theirs, value in params.items():
        name = _NAMES.get(theirs, theirs)
        if name in _TAKEN:
            stated = _stated(value, number=FACTS[name].kind in {"number", "count"})
            if stated is not None:
                facts[name] = stated
    width, height = params.get("width"), params.get("height")
    if width and height and "size" not in facts:
        facts["size"] = f"{width}x{height}"
    if kind_of(call_type) == QUERY:
        facts.pop("n", None)
        if params.get("max_results") is not None:
            facts["n"] = params["max_results"]
    return facts


_NAMES = {"seconds": "duration", "duration_seconds": "duration", "video_resolution": "resolution"}


def _stated(value: object, *, number: bool) -> object:
    """Return the value of a parameter; None where it leaves the choice open. Numbers may be text, as in a form."""
    if not isinstance(value, str):
        return value
    if value.lower() in _UNDECIDED:
        return None
    if not number:
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def queries_of(params: Mapping[str, object], call_type: object) -> Usage | None:
    """Return the usage of a search by a list of queries; None for any other call.

    >>> queries_of({"query": ["a", "b"]}, "search")
    Usage(queries=2, dialect='meters')
    """
    query = params.get("query")
    if kind_of(call_type) != QUERY or not isinstance(query, (list, tuple)) or len(query) < 2:
        return None
    return counted({"queries": len(query)}, 0, "meters")


def prices_of(info: Mapping[str, object]) -> dict[str, object]:
    """Return the prices in what is known of a model; keys without a value set none."""
    entry = mapping_of("model_info", info)
    names = [name for name in map(own_text, entry.keys()) if type(name) is str and is_price_key(name)]
    return {name: entry[name] for name in names if entry[name] is not None}


def prices_of_call(
    infos: Iterable[Mapping[str, object] | None], per_token: object, per_second: object
) -> dict[str, object]:
    """Return the prices of one call: those in what is known of its model, then those for a token and for a second.

    >>> prices_of_call([{"mode": "chat", "input_cost_per_token": 2e-6}, None], None, 0.01)
    {'input_cost_per_token': 2e-06, 'input_cost_per_second': 0.01}
    """
    prices: dict[str, object] = {}
    for info in infos:
        if info:
            prices.update(prices_of(info))
    if per_token is not None:
        custom = mapping_of("custom_cost_per_token", per_token)
        for name in map(own_text, custom.keys()):
            if type(name) is not str or not is_price_key(name):
                raise ArgumentError(f"custom_cost_per_token: {shown(name)} is no price key")
            prices[name] = custom[name]
    if per_second is not None:
        prices["input_cost_per_second"] = per_second
    return prices


def tools_of(params: object) -> tuple[Quantities, dict[str, object]]:
    """Return what the tools of a call used, and the facts that they state; an unknown tool is warned of.

    A tool that a request only offers costs nothing.

    >>> tools_of({"vector_store_usage": {"storage_gb": 2, "days": 15}, "code_interpreter_sessions": 1})
    ({'storage_gb_days': 30, 'code_sessions': 1}, {})
    """
    quantities: Quantities = {}
    facts: dict[str, object] = {}
    for name, stated in mapping_of("standard_built_in_tools_params", params).items():
        if not stated or name == "file_search":
            continue
        fields = stated if hasattr(stated, "get") else {}
        if name == "vector_store_usage":
            quantities["storage_gb_days"] = _gb_days(fields)
        elif name == "computer_use_usage":
            for meter, key in (("computer_input", "input_tokens"), ("computer_output", "output_tokens")):
                quantities[meter] = checked(key, fields.get(key) or 0)
        elif name == "code_interpreter_sessions":
            quantities["code_sessions"] = checked(name, stated)
        elif name == "web_search_options":
            if fields.get("search_context_size"):
                facts["search_context_size"] = fields["search_context_size"]
        else:
            ignored("standard_built_in_tools_params", name, "is no tool that llmcost knows: its fee is not in the cost")
    return {meter: quantity for meter, quantity in quantities.items() if quantity}, facts


def _gb_days(fields: Mapping[str, object]) -> Quantity:
    gigabytes, over = ratio(checked("storage_gb", fields.get("storage_gb") or 0))
    days, per = ratio(checked("days", fields.get("days") or 0))
    return checked("storage_gb_days", Decimal(gigabytes * days) / (over * per))


def with_tools(usage: object, quantities: Quantities) -> Usage:
    """Return a usage, or that of a response, with what its tools used."""
    stated = read_usage(usage)
    both = dict(stated.quantities)
    for meter, quantity in quantities.items():
        both[meter] = plus(both.get(meter, 0), quantity)
    return stated.replaced(quantities=both)


def seconds_of(name: str, seconds: float) -> float:
    """Return a time; one that is long for a call is warned of, since LiteLLM's functions take milliseconds."""
    if isinstance(seconds, (int, float)) and seconds > _LONGEST_SECONDS:
        said = f"{name}={shown(seconds)} is read as seconds; for milliseconds write response_time_ms="
        warn_once((name, "long"), said, LLMCostWarning)
    return seconds


def times_of(total_time: float | None, response_time_ms: object, more: Mapping[str, Any]) -> dict[str, object]:
    """Return the times of a call as facts, in seconds; ``more`` has the keywords of ``calculate`` that are given.

    The total time is the one that is billed, unless ``duration`` says how long the media are.

    >>> times_of(2.5, None, {}), times_of(2.5, None, {"duration": 60}), times_of(0.0, 800, {})
    ({'duration': 2.5}, {'elapsed': 2.5}, {'elapsed': 0.8})
    """
    facts: dict[str, object] = {}
    if "elapsed" in more:
        seconds_of("elapsed", more["elapsed"])
    if response_time_ms is not None:
        facts["elapsed"] = seconds_in(response_time_ms)
    if total_time:
        facts["elapsed" if "duration" in more else "duration"] = seconds_of("total_time", total_time)
    return facts


def ignored(argument: str, name: object, why: str) -> None:
    """Warn once of a part of an argument that says nothing to llmcost."""
    warn_once((argument, str(name)), f"{argument}: {shown(name)} {why}", IgnoredArgumentWarning)


def one_region(**regions: str | None) -> None:
    """Warn of each region that differs from the first stated one: a call has one region, which selects its price."""
    stated = [(name, region) for name, region in regions.items() if region]
    for name, region in stated[1:]:
        if region != stated[0][1]:
            ignored(name, region, f"is not used beside {stated[0][0]}={shown(stated[0][1])}: a call has one region")
