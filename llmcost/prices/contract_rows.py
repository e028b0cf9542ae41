"""The block ``llmcost`` of a row: ``{prices: [{from, until, regions, price keys}]}`` -> a Contract."""

from __future__ import annotations

from ..errors import PriceDataError, shown
from .contract import REGIONS, WHEN, Block, Contract, overlaps, regions_of, span_in
from .entries import BLOCK, compile_entry, is_price_key
from .term_rows import fee_of, term_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.term import Fee, Term
    from .entry import Entry

PRICES = "prices"
# What such a block may hold in a row of a map.
TERMS = "terms"
FEES = "fees"
KEYS = (PRICES, TERMS, FEES)


def contract_of(raw: Mapping[str, object], flat: Entry) -> Contract | None:
    """Return the contract that a row states beside its flat keys, ``flat``; None for an empty one.

    Raises PriceDataError, which names the block and its key, for one that cannot be billed by.
    """
    stated = raw.get(BLOCK)
    if not isinstance(stated, dict):
        raise _error(flat, "", stated, "a mapping is expected")
    for key in stated:
        if key not in KEYS:
            raise _error(flat, f".{key}", stated[key], f"is no option here; there are {', '.join(KEYS)}")
    listed = stated.get(PRICES) or []
    if not isinstance(listed, list):
        raise _error(flat, f".{PRICES}", listed, "a list of blocks is expected")
    blocks = [_block(flat, index, block) for index, block in enumerate(listed)]
    for one, other, key in overlaps([Block("the flat keys", flat), *blocks]):
        raise _error(
            flat, f".{other.name.partition('.')[2]}.{key}", None, f"is also set by {one.name}{one.when} at that time"
        )
    terms = stated.get(TERMS) or []
    if not isinstance(terms, list):
        raise _error(flat, f".{TERMS}", terms, "a list of terms is expected")
    found = tuple(_term(flat, f"{TERMS}[{index}]", term) for index, term in enumerate(terms))
    fees = stated.get(FEES) or {}
    if not isinstance(fees, dict):
        raise _error(flat, f".{FEES}", fees, "a mapping of names to {unit, price} is expected")
    own = {str(name): _fee(flat, str(name), fee) for name, fee in fees.items()}
    return Contract(blocks, found, own) if blocks or found or own else None


def _fee(flat: Entry, name: str, raw: object) -> Fee:
    def report(field: str, why: str) -> None:
        value = raw.get(field) if isinstance(raw, dict) else raw
        raise _error(flat, f".{FEES}.{name}{f'.{field}' if field else ''}", value, why)

    found = fee_of(name, raw, flat.layer, flat.key, report)
    assert found is not None  # noqa: S101 - what is wrong with it is raised
    return found


def _term(flat: Entry, name: str, raw: object) -> Term:
    if not isinstance(raw, dict):
        raise _error(flat, f".{name}", raw, "a mapping of name, kind and value is expected")

    def report(field: str, why: str) -> None:
        raise _error(flat, f".{name}.{field}", raw.get(field), why)

    found = term_of(raw, flat.layer, f"{BLOCK}.{name}", report)
    assert found is not None  # noqa: S101 - what is wrong with it is raised
    return found


def _block(flat: Entry, index: int, raw: object) -> Block:
    name = f"{PRICES}[{index}]"
    if not isinstance(raw, dict):
        raise _error(flat, f".{name}", raw, "a mapping of from, until, regions and price keys is expected")
    prices = {key: value for key, value in raw.items() if key not in WHEN}
    for key, value in prices.items():
        if not isinstance(key, str) or not (key == "free" or is_price_key(key)):
            raise _error(flat, f".{name}.{key}", value, "is no price key, and not from, until or regions")
    if not prices:
        raise _error(flat, f".{name}", None, "sets no price")
    facts: dict[str, object] = {key: flat.info[key] for key in ("mode", "litellm_provider") if key in flat.info}
    entry = compile_entry({**facts, **prices}, flat.layer, flat.key)

    def report(key: str, why: str) -> None:
        raise _error(flat, f".{name}.{key}", raw.get(key), why)

    start, until = span_in(raw, "block", report)
    try:
        regions = regions_of(raw[REGIONS]) if raw.get(REGIONS) is not None else frozenset[str]()
    except ValueError as problem:
        raise _error(flat, f".{name}.{REGIONS}", raw[REGIONS], str(problem)) from None
    return Block(f"{BLOCK}.{name}", entry, start, until, regions)


def _error(flat: Entry, address: str, value: object, why: str) -> PriceDataError:
    given = "" if value is None else f" = {shown(value)}"
    return PriceDataError(f"{flat.where}: {BLOCK}{address}{given}: {why}")
