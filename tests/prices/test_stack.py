"""The layers of one model at a time: what is said of a price that is used in place of one that is not in force."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap, Usage
from llmcost.core.term import Term
from llmcost.prices.stack import Stack

JANUARY = {"from": "2026-01-01", "until": "2026-02-01"}
ENDED = "of registered m is not in force: llmcost.prices[0] ended on 2026-02-01"
ONE_IMAGE = {"created": 1, "data": [{"url": "https://x"}]}


def with_block(rows, name, **price):
    """Return a map of these rows, over one of which a price for January 2026 is registered."""
    prices = CostMap(rows)
    prices.register({name: {"llmcost": {"prices": [{**JANUARY, **price}]}}})
    return prices


def test_rows_by_size_still_count_beside_a_price_that_is_over():
    """The map has 0.04 for an image, 0.08 in hd; the contract had 0.01 for each, in January."""
    facts = {"mode": "image_generation", "litellm_provider": "openai"}
    rows = {
        "m": {**facts, "output_cost_per_image": 0.04},
        "hd/1024-x-1024/m": {**facts, "output_cost_per_image": 0.08},
    }
    prices = with_block(rows, "m", output_cost_per_image="0.01")

    within, after = (prices.calculate(ONE_IMAGE, model="m", at=at) for at in ("2026-01-31", "2026-02-01"))
    without_size = prices.calculate(ONE_IMAGE, model="m", at="2026-02-01", quality="hd")

    assert (within.total, [line.layer for line in within.line_items]) == (Decimal("0.01"), ["registered"])
    assert (after.total, [line.layer for line in after.line_items]) == (Decimal("0.04"), ["map"])
    assert after.line_items[0].notes == (
        "size= and quality= are not stated: the row of m itself is used",
        f"output_cost_per_image {ENDED}",
    )
    # The step of the sizes leaves no price of an image, so that the card as a whole says what is not in force.
    assert (without_size.total, without_size.unpriced) == (0, ("output_images",))
    assert without_size.notes == (
        "m of quality=hd is priced by hd 1024x1024: pass size=",
        f"output_cost_per_image {ENDED}",
    )


def test_a_sellers_row_for_batches_counts_where_ones_own_batch_price_is_over():
    """4 USD a million, 1 in a batch by the seller's row for batches; the contract had 3 for a batch in January."""
    name = "openrouter/a/m"
    facts = {"litellm_provider": "openrouter", "mode": "chat"}
    rows = {
        name: {**facts, "input_cost_per_token": "4e-6"},
        f"{name}:batch": {**facts, "input_cost_per_token": "1e-6"},
    }
    prices = with_block(rows, name, input_cost_per_token_batches="3e-6")

    def bill(at, **call):
        return prices.calculate(usage=Usage(input=1_000_000), model=name, at=at, **call)

    assert [bill(at).total for at in ("2026-01-31", "2026-02-01")] == [4, 4]
    assert [bill(at, batch=True).total for at in ("2026-01-31", "2026-02-01")] == [3, 1]
    (line,) = bill("2026-02-01", batch=True).line_items
    assert (line.layer, line.map_key) == ("map", f"{name}:batch")
    assert [note.code for note in line.notes] == ["derived_rate", "own_price_not_in_force"]


def test_a_stronger_price_says_nothing_of_a_weaker_one_that_is_over():
    """The call's own 7 USD are used whether the contract is in force or not."""
    prices = with_block({"m": {"input_cost_per_token": "5e-6"}}, "m", input_cost_per_token="2e-6")

    cost = prices.calculate(usage=Usage(input=1_000_000), model="m", at="2026-02-01", input_cost_per_token="7e-6")

    assert (cost.total, cost.notes) == (7, ())


def test_a_price_that_nothing_replaces_is_said_of_the_whole_card():
    """Without a price of the map, the input is unpriced after January, and the reason is given."""
    prices = with_block({"m": {"output_cost_per_token": "5e-6"}}, "m", input_cost_per_token="2e-6")

    cost = prices.calculate(usage=Usage(input=1_000_000), model="m", at="2026-02-01")

    assert (cost.total, cost.unpriced) == (0, ("input",))
    assert f"input_cost_per_token {ENDED}" in cost.notes


def test_terms_have_moments_too():
    """A term from second 10 until second 20 divides time into three spans, and holds in the second of them."""
    term = Term("discount", (1, 10), "registered")
    term.start, term.until = 10.0, 20.0
    always = Term("margin", (1, 10), "registered")

    stack = Stack((), lambda *_: None, terms=(term, always))

    assert stack.moments == (10.0, 20.0)
    assert [stack.start(span) for span in range(3)] == [float("-inf"), 10.0, 20.0]
    assert [stack.terms_at(span) for span in range(3)] == [(always,), (term, always), (always,)]
