"""The prices of one block (``model_info`` or ``litellm_params``): which of its keys are prices, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.exact import ratio
from ..core.remembering import remembered
from ..errors import PriceDataError, SuspiciousPriceWarning, UnknownPriceKeyError
from ..prices.blocks import EXPANDERS
from ..prices.entries import compile_entry
from ..prices.entry import suspicious
from ..prices.keys import NOT_RATES, is_price, looks_like_price, uplift_region
from .environment import Unset, is_reference
from .typos import near, typo_of, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..prices.entry import Entry
    from .document import Node
    from .environment import Environment
    from .problems import Problems

# Words of keys that are about costs without being prices: cost_center, pricing_url, max_cost ...
ABOUT = frozenset(
    {
        "alert",
        "budget",
        "cap",
        "center",
        "centre",
        "code",
        "currency",
        "description",
        "enabled",
        "id",
        "limit",
        "link",
        "max",
        "min",
        "note",
        "notes",
        "owner",
        "source",
        "tag",
        "tags",
        "team",
        "threshold",
        "tier",
        "tracking",
        "type",
        "unit",
        "url",
        "weight",
    }
)
# Keys of model_info that a rate card needs or shows. The rest of the block is left alone.
# "free": true is a price: of 0.
_FACTS = frozenset(
    {
        "mode",
        "max_tokens",
        "max_input_tokens",
        "max_output_tokens",
        "web_search_billing_unit",
        "free",
        "litellm_provider",
    }
)
# What capacity costs by the hour, whatever is called on it.
_CAPACITY = "cost_per_ptu_per_hour"
_CALLS_BESIDE = "is no price of a call: each is billed by the token, if free: true does not say that it costs nothing"
_CURRENCY = frozenset({"currency", "price_currency", "cost_currency", "pricing_currency"})


@remembered(1024)
def is_price_key(key: str) -> bool:
    """Return whether a key states a price, by the grammar of price keys."""
    return key in EXPANDERS or uplift_region(key) is not None or (looks_like_price(key) and is_price(key))


def facts_of(block: Node | None) -> dict[str, object]:
    """Return what a block says of its model besides prices: its mode, limits and features."""
    return {key: node.value for key, node in block.fields.items() if _is_fact(key, node)} if block is not None else {}


def read_block(
    block: Node,
    address: str,
    layer: str,
    name: str,
    facts: dict[str, object],
    environment: Environment,
    problems: Problems,
) -> Entry | None:
    """Return the prices of a block as an entry; None if it has no price that can be billed.

    Every problem is added to ``problems`` with the line of its key.
    """
    # "free" is a price, so that it holds for the block alone that states it.
    stated = block.fields.get("free")
    facts = {key: value for key, value in facts.items() if key != "free"}
    if stated is not None and isinstance(stated.value, bool):
        facts["free"] = stated.value
    prices = _prices_of(block, address, environment, problems)
    if not prices and facts.get("free") is not True:
        capacity = block.fields.get(_CAPACITY)
        if capacity is not None and capacity.value is not None:
            problems.not_applied(capacity, f"{address}.{_CAPACITY}", _CALLS_BESIDE)
        return None
    try:
        entry = compile_entry({**facts, **prices}, layer, name)
    except PriceDataError:
        # One price is wrong, or several: each is tried alone, and each that is wrong is reported.
        wrong = [
            key
            for key in prices
            if not _is_billable(key, block.fields[key], prices[key], facts, layer, name, f"{address}.{key}", problems)
        ]
        prices = {key: value for key, value in prices.items() if key not in wrong}
        if not prices and facts.get("free") is not True:
            return None
        try:
            entry = compile_entry({**facts, **prices}, layer, name)
        except PriceDataError as problem:
            key = str(getattr(problem, "key", ""))
            node = block.fields.get(key.partition(".")[0].partition("[")[0], block)
            problems.error(node, f"{address}.{key}", str(getattr(problem, "why", "") or problem), show=True)
            return None
    for rate in entry.rates.values():
        text = suspicious(rate) if rate is not None else None
        if rate is not None and text is not None:
            key = rate.price_key.partition(".")[0].partition("[")[0]
            problems.doubt(block.fields[key], f"{address}.{rate.price_key}", text, SuspiciousPriceWarning)
    return entry


def _prices_of(block: Node, address: str, environment: Environment, problems: Problems) -> dict[str, object]:
    """Return the values of a block's price keys; every other key that looks like one is reported."""
    prices: dict[str, object] = {}
    for key, node in block.fields.items():
        where = f"{address}.{key}"
        if key in _CURRENCY:
            check_currency(node, where, problems)
        elif not is_price_key(key):
            _judge(key, node, where, problems)
        else:
            try:
                prices[key] = environment.value(node)
            except Unset as missing:
                said = f"the variable {missing.name} is not set; the price depends on it"
                problems.error(node, where, said, show=True)
    return prices


def _is_fact(key: str, node: Node) -> bool:
    return (key in _FACTS or key.startswith("supports_")) and not isinstance(node.value, (dict, list))


def _is_billable(
    key: str, node: Node, value: object, facts: dict[str, object], layer: str, name: str, where: str, problems: Problems
) -> bool:
    try:
        compile_entry({**facts, key: value}, layer, name)
    except UnknownPriceKeyError as problem:
        inner, address = _inner(node, where, problem.key)
        problems.error(inner, address, unknown(problem.nearest if problems.hints else None), show=True)
    except PriceDataError as problem:
        inner, address = _inner(node, where, str(getattr(problem, "key", "")))
        problems.error(inner, address, _why(inner, problem), show=True)
    else:
        return True
    return False


def _why(node: Node, problem: PriceDataError) -> str:
    """Return what is wrong with a price. The value of a variable may be a secret and is left out."""
    if is_reference(node.value):
        return "the variable does not hold a number >= 0"
    why = str(getattr(problem, "why", ""))
    if isinstance(node.value, str):
        if any(sign in node.value.upper() for sign in ("$", "€", "£", "¥", "EUR", "USD", "GBP", "CNY", "JPY")):
            return "a price is a bare number; its currency is always USD"
        if "," in node.value:
            return "not a decimal number; write a point before the decimals, and no separator of thousands"
    return why or "a price is a finite number >= 0, in USD per unit"


def _inner(node: Node, where: str, key: str) -> tuple[Node, str]:
    """Return the node that an error about a nested block means, and its address: ``tiered_pricing[1].input_...``."""
    wanted = key.rpartition(".")[2]
    for inner, address, name in _walk(node, where):
        if name == wanted and not isinstance(inner.value, (dict, list)) and not _is_price(inner.value):
            return inner, address
    for inner, address, name in _walk(node, where):
        if name == wanted:
            return inner, address
    return node, where


def _walk(node: Node, where: str) -> Iterator[tuple[Node, str, str]]:
    for key, inner in node.fields.items():
        yield inner, f"{where}.{key}", key
        yield from _walk(inner, f"{where}.{key}")
    for index, inner in enumerate(node.elements):
        yield from _walk(inner, f"{where}[{index}]")


def _judge(key: str, node: Node, where: str, problems: Problems) -> None:
    """Report a key that looks like a price key but is not one, if it holds a number or is nearly a price key."""
    if key in NOT_RATES:
        return
    looks_like_one = looks_like_price(key)
    is_one = looks_like_one and _has_number(node) and not ABOUT & set(key.lower().split("_"))
    if is_one and not problems.hints:
        problems.error(node, where, unknown(None), show=True)
        return
    typo = typo_of(key) if looks_like_one or "_per_" in key else None
    if typo or is_one:
        problems.error(node, where, unknown(typo or (near(key) if problems.hints else None)), show=True)


def check_currency(node: Node, where: str, problems: Problems) -> None:
    """Report a currency other than USD."""
    if node.value is not None and str(node.value).strip().upper() not in {"USD", "US$", "$"}:
        problems.error(node, where, "USD is the only currency; convert the prices of this deployment to USD", show=True)


def _has_number(node: Node) -> bool:
    return (
        _is_number(node.value)
        or is_reference(node.value)
        or any(map(_has_number, node.elements))
        or any(map(_has_number, node.fields.values()))
    )


def _is_number(value: object) -> bool:
    # NaN counts as a number here: its writer means a price, and the error says that it is none.
    return _is_price(value) or isinstance(value, float) or (type(value) is int)


def _is_price(value: object) -> bool:
    try:
        return ratio(value.strip() if isinstance(value, str) else value)[0] >= 0
    except (TypeError, ValueError):
        return False
