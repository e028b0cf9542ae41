"""The step from the files before to those after: what looks wrong about it, and what explains it."""

from __future__ import annotations

import pytest

from tools.prices.build import Built
from tools.prices.history import History
from tools.prices.overrides import Corrected
from tools.prices.step import Files, changes, check_step, files_before

IN, OUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
SEARCH = "search_context_cost_per_query"
GOOD = {"litellm_provider": "acme", "mode": "chat", IN: 1e-06, OUT: 5e-06}
HUNDRED = {f"acme/{number}": GOOD for number in range(100)}


def made(after, history=(), aliases=(), settled=(), **records):
    models = {name: entry for name, entry in {**HUNDRED, **after}.items() if entry}
    return Built(
        models=models,
        history=History(rows=dict(history)),
        aliases=dict(aliases),
        corrected=Corrected(settled=dict(settled)),
        provenance={name: records.get(name.replace("/", "_"), {}) for name in models},
    )


def codes(after, before=None, then=None, **facts):
    files = Files({**HUNDRED, **(before or {})}, provenance=then or {})
    return {finding.code for finding in check_step(files, made(after, **facts))}


ROW = {"from": "2026-01-01", "conf": "high", "src": "x"}


@pytest.mark.parametrize(
    ("price", "history", "hit"),
    [
        (2.9e-06, {}, False),
        (3e-06, {}, True),
        (3e-06, {"acme/0": [{**ROW, IN: [1e-06, 3e-06]}]}, False),
        # Neither a birth nor a change of another price says why.
        (3e-06, {"acme/0": [{**ROW, "born": True}, {**ROW, OUT: [1e-06, 3e-06]}]}, True),
        (3.3e-07, {}, True),
        (3.4e-07, {}, False),
    ],
)
def test_a_price_that_jumps(price, history, hit):
    """E40: threefold or to a third, unless the history says why."""
    assert ("E40" in codes({"acme/0": {**GOOD, IN: price}}, history=history)) is hit


@pytest.mark.parametrize(("price", "hit"), [(9.9e-07, False), (1e-06, True), (0.0, True)])
def test_another_price_jumps_by_ten(price, hit):
    """E40: what the updater of an installed package would ask about; to 0 is a jump of any price."""
    before, after = {**GOOD, READ: 1e-07}, {**GOOD, READ: price}
    assert ("E40" in codes({"acme/0": after}, {"acme/0": before})) is hit


def test_what_explains_a_jump():
    """A correction of the key, or a person's word on the model."""
    jump = {"acme/0": {**GOOD, IN: 9e-06, OUT: 9e-06}}
    assert codes(jump) == {"E40"}
    assert codes(jump, acme_0={"corrected": [IN]}) == set()
    assert codes(jump, acme_0={"corrected": [OUT]}) == {"E40"}
    assert codes(jump, settled={"acme/0": "a slip of upstream, corrected"}) == set()


@pytest.mark.parametrize(("count", "hit"), [(2, False), (3, True)])
def test_many_changes_at_once(count, hit):
    """E41: more than two in a hundred models."""
    after = {f"acme/{number}": {**GOOD, IN: 1.1e-06} for number in range(count)}
    assert ("E41" in codes(after)) is hit


def test_a_sure_price_that_moves_alone():
    """E42: two families confirmed the old price and do not follow to the new one."""
    sure, change = {"confidence": "confirmed2"}, {"acme/0": {**GOOD, IN: 1.1e-06}}
    assert codes(change, then={"acme/0": sure}, acme_0={"confidence": "disputed"}) == {"E42"}
    assert codes(change, then={"acme/0": sure}, acme_0=sure) == set()
    assert codes(change, then={"acme/0": sure}, acme_0={"confidence": "single", "corrected": [IN]}) == set()


def test_an_id_never_vanishes():
    """E59: a model that is gone upstream is retired, and an alias stands for what it was."""
    assert codes({"acme/0": None}) == {"E59"}
    assert codes({"acme/0": None}, aliases={"acme/0": "acme/1"}) == set()
    assert codes({"acme/0": None, "acme/1": None}) == {"E41", "E59"}


def test_what_is_no_change():
    """The same price under its first spelling, and the zeros that a free model states."""
    rows = {
        "acme/0": {**GOOD, "input_cost_per_token_cache_hit": 1e-07},
        "acme/1": {"litellm_provider": "acme", "free": True},
        "latest": {"alias_of": "acme/0"},
    }
    before = files_before({**HUNDRED, **rows}, {})
    assert before.aliases == {"latest": "acme/0"}
    after = {"acme/0": {**GOOD, READ: 1e-07}, "acme/1": {**rows["acme/1"], IN: 0.0, OUT: 0.0}}
    assert changes(before, made(after)) == []


def test_one_fee_for_every_size_is_one_change():
    """Three equal steps of a block of search fees are told once; unequal ones each."""

    def fees(low, high):
        return {**GOOD, SEARCH: {"search_context_size_low": low, "search_context_size_high": high}}

    files = Files({**HUNDRED, "acme/0": fees(0.025, 0.025)})
    found = changes(files, made({"acme/0": fees(0.01, 0.01)}))
    assert [(change.key, change.old, change.new) for change in found] == [(SEARCH, 0.025, 0.01)]
    assert len(changes(files, made({"acme/0": fees(0.01, 0.03)}))) == 2
