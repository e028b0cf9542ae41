"""Price entries, usages and calls of any shape, and a slow reference that rates them with fractions.

The reference follows the rules of rating as they are written down, and knows nothing of the package: it has its
own table of keys and of parents.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from llmcost import CostMap, Usage
from llmcost.core.term import Term
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments

# Meter -> its price key, and whose rate it borrows, nearest first.
KEYS = {
    "input": ("input_cost_per_token", ()),
    "input_audio": ("input_cost_per_audio_token", ("input",)),
    "cache_read": ("cache_read_input_token_cost", ("input",)),
    "cache_read_audio": ("cache_read_input_audio_token_cost", ("cache_read", "input_audio", "input")),
    "cache_write": ("cache_creation_input_token_cost", ("input",)),
    "cache_write_1h": ("cache_creation_input_token_cost_above_1hr", ("cache_write", "input")),
    "output": ("output_cost_per_token", ()),
    "reasoning": ("output_cost_per_reasoning_token", ("output",)),
    "output_audio": ("output_cost_per_audio_token", ("output",)),
    "web_searches": ("web_search_cost_per_query", ()),
    "code_sessions": ("code_interpreter_cost_per_session", ()),
}
TOOLS = ("web_searches", "code_sessions")
PROMPT = ("input", "input_audio", "cache_read", "cache_read_audio", "cache_write", "cache_write_1h")
THRESHOLDS = (None, 128_000, 200_000)
TIERS = (None, "flex", "priority", "batches")

# A cell: meter, threshold, tier. A card: cell -> price as decimal text.
Cell = tuple[str, "int | None", "str | None"]
Card = dict[Cell, str]

prices = st.builds(lambda digits, places: f"{digits}e-{places}", st.integers(0, 99_999), st.integers(8, 12))
meters = st.sampled_from(sorted(KEYS))
# Near the thresholds, and everywhere else.
counts = st.one_of(
    st.integers(0, 50),
    st.sampled_from([127_999, 128_000, 128_001, 199_999, 200_000, 200_001]),
    st.integers(0, 10**7),
)
factors = st.builds(lambda hundredths: f"{hundredths / 100:.2f}", st.integers(1, 1000))


def key_of(cell: Cell) -> str:
    """Spell the price key of a cell."""
    meter, threshold, tier = cell
    above = f"_above_{threshold // 1000}k_tokens" if threshold else ""
    return f"{KEYS[meter][0]}{above}{f'_{tier}' if tier else ''}"


def entry_of(card: Card) -> dict[str, object]:
    """Spell a card as an entry of a price map."""
    return {key_of(cell): usd for cell, usd in card.items()}


@st.composite
def cards(draw, *, thresholds=THRESHOLDS, tiers=TIERS, whole=False) -> Card:
    """Draw a card of any rates; with ``whole`` input, output and every tool have one, so that nothing is unpriced."""
    cells = st.tuples(
        meters.filter(lambda meter: meter not in TOOLS), st.sampled_from(thresholds), st.sampled_from(tiers)
    )
    found = draw(st.dictionaries(cells, prices, max_size=12))
    for tool in TOOLS:
        if whole or draw(st.booleans()):
            found[tool, None, None] = draw(prices)
    if whole:
        found["input", None, None], found["output", None, None] = draw(prices), draw(prices)
    return found


quantities = st.dictionaries(meters, counts, max_size=6)


@st.composite
def calls(draw) -> dict[str, object]:
    """Draw the facts that a call may state beside its quantities."""
    stated = {
        "service_tier": draw(st.sampled_from([None, "flex", "priority", "default", "auto"])),
        "batch": draw(st.booleans()),
        "region": draw(st.sampled_from([None, "us", "eu", "global"])),
        "speed": draw(st.sampled_from([None, "fast"])),
    }
    return {name: value for name, value in stated.items() if value is not None}


factor_blocks = st.fixed_dictionaries(
    {},
    optional={
        "geo_multiplier": st.dictionaries(st.sampled_from(["us", "eu"]), factors),
        "provider_specific_entry": st.fixed_dictionaries({}, optional={"fast": factors}),
    },
)
shares = st.builds(Fraction, st.integers(0, 100), st.just(100))
terms = st.tuples(shares, shares, st.builds(Fraction, st.integers(0, 500), st.just(1000)))


def usage_of(quantities: dict[str, int], call: dict[str, object]) -> Usage:
    return Usage(**quantities, **call)


def price(entry: dict[str, object], quantities: dict[str, int], call: dict[str, object] | None = None, **more):
    """Price a usage by an entry."""
    return CostMap({"m": entry}).calculate(usage=usage_of(quantities, call or {}), model="m", **more)


def with_terms(entry: dict[str, object], shares: tuple[Fraction, Fraction, Fraction]) -> CostMap:
    """Return a map whose model has a discount, a margin and a fee."""
    made = tuple(
        Term(kind, value.as_integer_ratio(), "config")
        for kind, value in zip(("discount", "margin", "fee"), shares, strict=True)
    )
    return CostMap({"m": entry}).with_deployments(Deployments([Deployment("m", "m", terms=made)]))


def reference(card: Card, quantities: dict[str, int], call: dict[str, object], blocks: dict[str, dict[str, str]]):
    """Return what a call costs and what of it has no rate, by the rules as they are written down."""
    cells = {cell: Fraction(usd) for cell, usd in card.items()}
    for meter, (_, parents) in KEYS.items():
        # A base rate that repeats its nearest parent's is dropped: the meter follows the parent through all conditions.
        own, above = cells.get((meter, None, None)), [card.get((parent, None, None)) for parent in parents]
        nearest = next((Fraction(usd) for usd in above if usd is not None), None)
        if own is not None and own == nearest:
            del cells[meter, None, None]
    context = sum(quantities.get(meter, 0) for meter in PROMPT)
    tier = "batches" if call.get("batch") else call.get("service_tier")
    factor = Fraction(blocks.get("geo_multiplier", {}).get(call.get("region"), 1)) * Fraction(
        blocks.get("provider_specific_entry", {}).get(call.get("speed"), 1)
    )
    total, unpriced = Fraction(0), set()
    for meter, count in quantities.items():
        for name in (meter, *KEYS[meter][1]):
            fitting = [
                (threshold or 0, of is not None, usd)
                for (priced, threshold, of), usd in cells.items()
                if priced == name and (threshold is None or context > threshold) and of in {None, tier}
            ]
            if fitting:
                total += count * max(fitting)[2] * (1 if meter in TOOLS else factor)
                break
        else:
            unpriced |= {meter} if count else set()
    return total, unpriced
