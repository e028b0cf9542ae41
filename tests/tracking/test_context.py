"""On whose behalf calls are made: nested, in tasks, in threads, and where generators are closed elsewhere."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import llmcost
from llmcost.tracking.context import behalf


def now():
    who = behalf()
    return who.team, who.user, who.session, who.tags, dict(who.metadata)


def test_contexts_nest():
    """A name replaces the outer one, tags and metadata add up, and all is as before afterwards."""
    with llmcost.context(team="a", tags=["x"], metadata={"one": 1}):
        with llmcost.context(team="b", session="s", tags=["y", "x"], metadata={"two": 2}):
            assert now() == ("b", None, "s", ("x", "y"), {"one": 1, "two": 2})
        assert now() == ("a", None, None, ("x",), {"one": 1})
    assert now() == (None, None, None, (), {})


def test_one_context_entered_twice():
    """It may be entered again inside itself."""
    context = llmcost.context(team="a")
    with context, context:
        assert now()[0] == "a"
    assert now()[0] is None


def test_tasks_do_not_mix():
    """Two tasks that take turns each keep their own."""

    async def work(team):
        with llmcost.context(team=team):
            for _ in range(5):
                await asyncio.sleep(0)
                assert now()[0] == team
                assert await asyncio.to_thread(now) == (team, None, None, (), {})
        return team

    async def main():
        return await asyncio.gather(*(work(team) for team in "abc"))

    assert asyncio.run(main()) == ["a", "b", "c"]


def test_a_generator_that_is_closed_in_another_task():
    """The task that closes it keeps its own."""

    async def stream():
        with llmcost.context(team="stream"):
            yield 1
            yield 2

    async def main():
        chunks = stream()
        await chunks.__anext__()

        async def close():
            with llmcost.context(team="closer"):
                await chunks.aclose()
                assert now()[0] == "closer"
            assert now()[0] == "stream"

        await asyncio.create_task(close())

    asyncio.run(main())


def test_an_executor():
    """A function that is wrapped runs in the context, whichever thread calls it; sync and async."""
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(llmcost.context(team="a")(lambda _: now()[0]), range(4)))
    assert found == ["a"] * 4

    @llmcost.context(user="u")
    async def work():
        await asyncio.sleep(0)
        return now()[1]

    assert asyncio.run(work()) == "u"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"team": 3}, "context\\(team=3\\)"),
        ({"tags": "nightly"}, "tags=\\['nightly'\\]"),
        ({"tags": [1]}, "a tag is a text, this is 1"),
        ({"metadata": "x"}, "metadata are a mapping"),
    ],
)
def test_what_is_none(given, said):
    """The error names the field and what it has to be."""
    with pytest.raises(TypeError, match=said):
        llmcost.context(**given)
