"""Every cache of the package is bounded, in number and in bytes: a law over the source, and over the caches themselves.

A decorator that keeps without a bound, or a container of a module that grows, is in a table here with what bounds it.
"""

from __future__ import annotations

import ast
import gc
from importlib import import_module
from pathlib import Path
from weakref import ref

import pytest

import llmcost
from llmcost import CostMap, UnknownModelError, Usage
from llmcost.core.remembering import LONGEST, remembered
from llmcost.prices.registry import Kept
from tests.sdks import optional

PACKAGE = Path(llmcost.__file__).parent
# Functions of which functools keeps answers, and why they are few and small.
KEPT = {
    ("bills/focus_row.py", "_sellers"): "one answer",
    ("bills/units.py", "_names"): "one answer",
    ("bills/grammar.py", "grammar"): "the files of the package",
    ("api/distinctions.py", "_rated"): "1,024 sets of meters",
    ("frames/asking.py", "_sizes"): "1,024 sets of meters",
    ("frames/asking.py", "_usage"): "1,024 questions of meters and numbers",
}
# Containers of modules that a function fills, and what bounds them.
FILLED = {
    ("api/terms.py", "_current"): "the settings of LiteLLM about money",
    ("logs/session_formats.py", "_asked"): "one of each format",
    ("logs/shapes.py", "_known"): "1,024 shapes of 64 keys of 100 characters",
    ("prices/keys.py", "_decoded"): "10,000 keys of 500 characters",
    ("prices/lines.py", "_shared"): "_MOST_SHARED, the files of three sets",
    ("prices/origin.py", "_warned"): "one warning a process",
    ("readers/bare.py", "_known"): "the dialects",
    ("readers/dialects/__init__.py", "_blocks"): "the dialects",
    ("readers/dialects/__init__.py", "_elsewhere"): "the dialects",
    ("readers/dialects/__init__.py", "_joined"): "the blocks of readers and the sets of dialects",
    ("readers/dialects/__init__.py", "_loaded"): "the dialects",
    ("readers/dialects/__init__.py", "_restating"): "the dialects",
    ("readers/known.py", "_discovered"): "the readers",
    ("readers/openai_responses.py", "_joined"): "the blocks of readers",
    ("spend/background.py", "_ALL"): "weak references to threads",
    ("spend/database.py", "_LEFT"): "what a fork leaves behind",
    ("spend/database.py", "_WATCHED"): "weak references to databases",
    ("spend/spool.py", "_OPEN"): "weak references to spools",
    ("tracking/threads.py", "_TOLD"): "the names of our threads",
    ("tracking/runs.py", "_LEFT"): "tasks until they are done",
    ("tracking/tee.py", "_made"): "the classes of streams of HTTP libraries",
}
GROWS = {"add", "append", "extend", "insert", "setdefault", "update"}


@pytest.fixture(scope="module")
def modules():
    """Every file of the package, by its path in it."""
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def decorated(tree):
    """The names of functions whose answers a decorator of functools keeps."""
    for node in ast.walk(tree):
        for one in getattr(node, "decorator_list", ()):
            name = ast.unparse(one)
            if name.partition("(")[0].rpartition(".")[2] in {"cache", "lru_cache"}:
                yield node.name


def filled(tree):
    """The names of containers of a module that a function of it fills."""
    own = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        own |= {target.id for target in targets if isinstance(target, ast.Name)}
        pairs = [part for target in targets if isinstance(target, ast.Tuple) for part in target.elts]
        own |= {part.id for part in pairs if isinstance(part, ast.Name)}
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for node in ast.walk(function):
            found = []
            if isinstance(node, (ast.Assign, ast.AugAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                parts = [part for one in targets for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
                found = [part.value for part in parts if isinstance(part, ast.Subscript)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GROWS:
                found = [node.func.value]
            yield from (one.id for one in found if isinstance(one, ast.Name) and one.id in own)


def test_no_function_keeps_every_answer(modules):
    """But those of which there are a few; the others are ``remembered``, which bounds their texts too."""
    assert {(path, name) for path, tree in modules for name in decorated(tree)} == KEPT.keys()


def test_every_container_that_a_module_fills_is_bounded(modules):
    """Each is in the table with what bounds it, and none of the table has gone."""
    assert {(path, name) for path, tree in modules for name in filled(tree)} == FILLED.keys()


REMEMBERED = {
    "llmcost.config.blocks": {"is_price_key": 1},
    "llmcost.config.typos": {"typo_of": 1, "near": 1},
    "llmcost.prices.contract": {"_edge_of_text": 1},
    "llmcost.readers.otel": {"_meant": 1},
    "llmcost.prices.hosts": {"host": 1},
    "llmcost.tracking.request": {"may_be_call": 2, "_place": 1},
    "llmcost.bills.matching": {"words": 1},
}


def test_the_table_of_what_is_remembered_is_whole(modules):
    found = set()
    for path, tree in modules:
        for node in ast.walk(tree):
            if any(ast.unparse(one).startswith("remembered(") for one in getattr(node, "decorator_list", ())):
                found.add((f"llmcost.{path[:-3].replace('/', '.')}", node.name))
    assert found == {(module, name) for module, names in REMEMBERED.items() for name in names}


EACH = [(module, name, many) for module, names in REMEMBERED.items() for name, many in names.items()]


@pytest.mark.parametrize(("module", "name", "many"), EACH, ids=[name for _, name, _ in EACH])
def test_a_long_text_is_answered_and_not_kept(module, name, many):
    """The answer is what it is without a cache; a short text is kept."""
    if module.startswith("llmcost.config"):
        optional("pydantic")
    function = getattr(import_module(module), name)

    def said(*texts):
        try:
            return function(*texts)
        except ValueError as error:
            return str(error)

    before = function.cache_info().currsize
    texts = ["x" * (LONGEST + 1)] * many
    said(*texts)
    assert function.cache_info().currsize == before
    if not name.startswith("_edge"):
        said(*["2026-11-27"] * many)
        assert function.cache_info().hits + function.cache_info().misses > 0


def test_the_latest_are_remembered():
    """Of three texts the last two: the first is asked for anew."""
    asked = []

    @remembered(2)
    def length(text):
        asked.append(text)
        return len(text)

    assert [length(text) for text in ("a", "bb", "ccc", "ccc", "a", "x" * 501, "x" * 501)] == [1, 2, 3, 3, 1, 501, 501]
    assert asked == ["a", "bb", "ccc", "a", "x" * 501, "x" * 501]


def test_what_a_map_keeps_is_bounded():
    """Questions that are longer than any of a model are not kept, and of the others the latest alone."""
    kept = Kept()
    for number in range(10):
        kept.keep((number, "short"), number, 4)
        kept.keep((number, "x" * 501), number, 4)
        kept.keep((number, *["x" * 400] * 20), number, 4)
        kept.keep((10**20_000 + number,), number, 4)
    assert list(kept.values()) == [6, 7, 8, 9]


def test_a_plan_keeps_no_text_of_any_length():
    """A time, a tier and a region of many characters are answered, and leave nothing behind."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6}})
    usage = Usage(input=1000)
    for number in range(50):
        long = f"{number}" + "x" * 2000
        assert (
            prices.calculate(usage=usage, model="m", region=long).total
            == prices.calculate(usage=usage, model="m").total
        )
        assert prices.calculate(usage=Usage(input=1000, service_tier=long), model="m").total
        with pytest.raises(UnknownModelError):
            prices.calculate(usage=usage, model=long)
    state = prices._state
    texts = [str(key) for kept in (state.cards, state.plans, state.stacks, state.unknown) for key in kept]
    assert max(map(len, texts)) < 2000
    assert all(len(str(word)) < 500 for plan in state.plans.values() for word in plan.tariffs)


def test_the_names_of_a_log_are_bounded_in_characters(monkeypatch):
    """Two names of three characters are kept; with the fifth one what was known is forgotten first."""
    optional("sqlalchemy")
    from llmcost.spend import names

    monkeypatch.setattr(names, "_MOST_CHARACTERS", 10)
    known = names.Names()
    for number in range(5):
        known.learn({("user", f"u-{number}"): number})
    assert list(known._remembered.values()) == [4]
    known.forget()
    assert known._characters == 0


def test_what_goes_from_a_cache_is_freed_without_the_collector(monkeypatch):
    """Of six models the caches keep two at most; the cards of the others are gone while Python's collector rests."""
    from llmcost.api import costmap
    from llmcost.prices import price_map

    monkeypatch.setattr(costmap, "_MOST_PLANS", 2)
    monkeypatch.setattr(price_map, "_MOST_CARDS", 2)
    prices = CostMap({f"m{number}": {"input_cost_per_token": 1e-6} for number in range(6)})
    cards = []
    gc.collect()
    gc.disable()
    try:
        for number in range(6):
            usage = Usage(input=1000, cache_read=10, model=f"m{number}", at=1_780_000_000)
            assert str(prices.of_usage(usage).total) == "0.00101"
            cost = prices.calculate(usage=usage, service_tier="batch")
            assert str(cost.total) == "0.00101"
            cards.append(ref(cost.segments[0].tariff.card))
            del cost
        alive = [number for number, card in enumerate(cards) if card() is not None]
        assert 5 in alive
        assert not {0, 1, 2, 3}.intersection(alive)
        prices.register_model({"own": {"input_cost_per_token": 1e-6}})
        assert [card() for card in cards] == [None] * 6
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("given", "at"),
    [({}, None), ({"prices": {"input_cost_per_token": "3e-6"}}, None), ({}, "2024-06-01"), ({}, 1_780_000_000)],
    ids=["names", "prices", "past", "second"],
)
@pytest.mark.parametrize("change", ["register_model", "use_deployments"])
def test_what_another_view_of_a_map_replaces_is_freed_without_the_collector(given, at, change):
    """Cards that are still kept, of the present and of a price of before: that of gpt-4o moved in October 2024."""
    prices = CostMap.bundled()
    usage = Usage(input=1000, output=10)
    gc.collect()
    gc.disable()
    try:
        prices.calculate(usage=usage, model="gpt-4o", at=at, **given)
        plans = {**prices._state.plans, **prices._state.priced_plans, **prices._state.named_plans}
        cards = [ref(one.card) for plan in plans.values() for one in (plan, *plan._epochs.values())]
        del plans
        assert any(card().tariffs for card in cards)
        if change == "use_deployments":
            prices.use_deployments(None)
        else:
            prices.register_model({"own": {"input_cost_per_token": 1e-6}})
        assert [card() for card in cards] == [None] * len(cards)
    finally:
        gc.enable()


def test_a_plan_that_goes_makes_its_cards_of_other_times_forget():
    """Its own card and that of a price of before, whichever other cache has let go of them already."""
    prices = CostMap.bundled()
    prices.calculate(usage=Usage(input=1000), model="gpt-4o", at="2024-06-01")
    plans = {**prices._state.plans, **prices._state.named_plans}
    (plan,) = {id(plan): plan for plan in plans.values() if plan._epochs}.values()
    (past,) = plan._epochs.values()
    assert past.card.tariffs
    plan.forget()
    assert not past.card.tariffs
