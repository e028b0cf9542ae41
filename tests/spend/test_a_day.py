"""A day of mixed traffic of real clients, through ``track`` into the log: the total is the one worked out by hand."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import events, whole
from tests.tracking.test_clients import (
    ASK,
    ASK_CLAUDE,
    ASK_USAGE,
    CHAT,
    CHUNKS,
    CLAUDE_EVENTS,
    MESSAGE,
    RESPONSE,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The model:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::llmcost.UnpricedUsageWarning"),
]
TEAMS = ("search", "docs", None)
REFUSED = whole({"error": {"message": "slow down"}}, status=429)


def traffic(provider, openai, claude):
    """Each kind of traffic: what it does, the statuses of its calls, and what they cost together in USD."""

    def chat():
        provider.gives(whole(CHAT))
        openai.chat.completions.create(**ASK)

    def retried():
        provider.gives(REFUSED, REFUSED, whole(CHAT))
        openai.chat.completions.create(**ASK)

    def stream():
        provider.gives(events(CHUNKS, coding="gzip"))
        assert len(list(openai.chat.completions.create(**ASK_USAGE))) == 3

    def without_usage():
        provider.gives(events(CHUNKS[:2]))
        assert len(list(openai.chat.completions.create(**ASK, stream=True))) == 2

    def left_early():
        provider.gives(events(CHUNKS))
        begun = openai.chat.completions.create(**ASK_USAGE)
        next(begun)
        begun.close()

    def responses():
        provider.gives(whole(RESPONSE))
        openai.responses.create(model="gpt-4o", input="hi")

    def message():
        provider.gives(whole(MESSAGE))
        claude.messages.create(**ASK_CLAUDE)

    def message_stream():
        provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
        assert len(list(claude.messages.create(**ASK_CLAUDE, stream=True))) == 6

    def message_cut():
        provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
        with claude.messages.stream(**ASK_CLAUDE) as begun:
            next(iter(begun))

    # gpt-4o: 1000 x 2.5e-6 + 100 x 10e-6. claude-sonnet-4: 1000 x 3e-6 + 100 x 15e-6, cut off behind 1 x 15e-6.
    return [
        (chat, ["priced"], "0.0035"),
        (retried, ["failed", "failed", "priced"], "0.0035"),
        (stream, ["priced"], "0.0035"),
        (without_usage, ["unpriced"], "0"),
        (left_early, ["maybe_billed"], "0"),
        (responses, ["priced"], "0.0035"),
        (message, ["priced"], "0.0045"),
        (message_stream, ["priced"], "0.0045"),
        (message_cut, ["maybe_billed"], "0.003015"),
    ]


def test_a_day_of_traffic(log, provider):
    """72 bursts in an order of chance, of three teams; also team by team, and in every status."""
    tracker = llmcost.Tracker(log=log)
    openai = tracker.track(optional("openai").OpenAI(api_key="x", base_url=f"{provider.url}/v1", max_retries=2))
    claude = tracker.track(optional("anthropic").Anthropic(api_key="x", base_url=provider.url))
    kinds = traffic(provider, openai, claude)
    bursts = [(kind, team) for kind in kinds for team in TEAMS for _ in range(3)][:72]
    random.Random(24).shuffle(bursts)
    usd, statuses, by_team = Decimal(0), {}, dict.fromkeys(TEAMS, Decimal(0))
    for number, ((run, said, cost), team) in enumerate(bursts):
        with llmcost.context(team=team, tags=["day"], session=f"s{number % 5}"):
            run()
        usd += Decimal(cost)
        by_team[team] += Decimal(cost)
        for status in said:
            statuses[status] = statuses.get(status, 0) + 1
    assert tracker.stats()["errors"] == {}
    assert log.drain()
    total = log.total()
    assert (total.cost, dict(total.statuses)) == (usd, statuses)
    assert total.calls == tracker.stats()["seen"] == sum(statuses.values())
    assert tracker.stats()["cost"] == total.cost
    assert {group.value: group.cost for group in log.by("team")} == by_team
    for axis in ("model", "provider", "session", "tag", "hour", "meter"):
        assert sum((group.cost for group in log.by(axis)), Decimal(0)) == usd, axis
    assert str(total).startswith(">= $")
    assert f"{statuses['maybe_billed']} may have been billed" in str(total)
    assert log.verify()
