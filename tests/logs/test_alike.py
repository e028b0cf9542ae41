"""Calls added up by their kinds while a log is read: the same sums, notes and errors as call by call."""

from __future__ import annotations

import io
import json
import random

import click
import pytest

from llmcost import CostMap, read_log
from llmcost.cli._pricing import priced
from llmcost.cli._sums import numbers
from llmcost.cli._tally import Tally
from llmcost.logs.calls import read_calls
from llmcost.logs.grouping import Grouping
from llmcost.logs.question import Question
from llmcost.logs.reprice import Repricer
from llmcost.logs.source import Source
from tests.logs.test_lane import WRONG
from tests.logs.test_shapes import CHUNKS, WHOLE

AT = 1767225600
CALLS = [
    {"object": "chat.completion", "model": "gpt-4o", "choices": [{"message": {}}], "created": AT},
    {"object": "chat.completion", "model": "deepseek-chat", "choices": [{"message": {}}], "created": 1759017600},
    {"object": "chat.completion", "model": "no-such-model", "choices": [{"message": {}}]},
    {"type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "id": "msg_1"},
    {"candidates": [{"finishReason": "STOP"}], "modelVersion": "gemini-2.5-pro", "responseId": "r1"},
]
BESIDE = [{}, {"time": "2026-01-02T03:04:05Z"}, {"time": 1759017600, "team": "a"}, {"cost": 0.5}, {"at": "2025-10-01"}]
BESIDE += [
    {"time": "noon"},
    {"time": ""},
    {"time": "1969-12-31T00:00:00Z"},
    {"service_tier": "flex"},
    {"timestamp": AT},
]


def call(chance):
    """One of the calls above with counters, alone or in a record."""
    found = dict(chance.choice(CALLS))
    prompt, answer, cached = (
        chance.choice((0, 900, 900, 250_000)),
        chance.choice((0, 5, 5)),
        chance.choice((0, 100, 2000)),
    )
    if "choices" in found:
        counters = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
        found["usage"] = {**counters, "prompt_tokens_details": {"cached_tokens": cached}}
    elif "type" in found:
        found["usage"] = {"input_tokens": prompt, "output_tokens": answer, "cache_read_input_tokens": cached}
        found["usage"]["cache_creation_input_tokens"] = 0
    else:
        found["usageMetadata"] = {"promptTokenCount": prompt, "candidatesTokenCount": answer}
        found["usageMetadata"]["totalTokenCount"] = prompt + answer
    return {**chance.choice(BESIDE), "response": found} if chance.random() < 0.6 else found


def text(seed):
    """Lines of a log that changes its shape in every line."""
    chance = random.Random(seed)
    objects = [call(chance) for _ in range(400)] + chance.sample(WHOLE, 40) + chance.sample(CHUNKS, 10)
    lines = [json.dumps(fields, default=str) for fields in objects] + WRONG
    chance.shuffle(lines)
    return "\n".join(lines) + "\n"


def told(tally):
    """What a tally says."""
    models = {name: numbers(part) for name, part in tally.models.items()}
    groups = None if tally.groups is None else tally.groups.as_json(numbers)
    return tally.count, models, groups, tally.failures.count, tally.failures._shown, list(tally.failures._unknown)


def tallied(log, axes, *, by_kinds):
    """Return what a log adds up to, and how many of its calls were taken as they were read."""
    prices, taken = CostMap.bundled(), 0
    tally = Tally(Grouping(axes) if axes else None, None, by_model=True)
    sink = tally.taking(prices, {}) if by_kinds else None
    with click.Context(click.Command("price")).scope():
        for result in priced(read_calls(io.StringIO(log), Source("log.jsonl"), sink=sink), prices, {}):
            tally.add(result)
            taken += 1
    tally.settle()
    return told(tally), tally.count - taken


@pytest.mark.parametrize(("seed", "axes"), [(1, ()), (2, ("day",)), (3, ("hour", "model")), (4, ("provider", "team"))])
def test_sums_are_those_of_call_by_call(seed, axes):
    """By models, by times, by fields of the records."""
    log = text(seed)
    found, taken = tallied(log, axes, by_kinds=True)
    assert found == tallied(log, axes, by_kinds=False)[0]
    assert taken > 100


def repriced(log, *, at, by_kinds, maps=None):
    """Return what a log costs anew; ``maps`` are the old prices and the new ones."""
    (old, new), errors = maps or (CostMap.bundled(),) * 2, []
    repricer = Repricer(Question(new, at), old, lambda error: errors.append(str(error.to_dict())))
    if by_kinds:
        for item in read_calls(io.StringIO(log), Source("log.jsonl"), sink=repricer.sink()):
            repricer.take(item)
    else:
        for record in read_log(io.StringIO(log), on_error=repricer.take):
            repricer.add(record, 0)
    return repricer.result().to_dict(), repricer.count, errors


@pytest.mark.parametrize(("seed", "at"), [(5, AT), (6, "2025-10-01")])
def test_new_costs_are_those_of_call_by_call(seed, at):
    """The sums of both prices, the notes and how many calls have each, and the errors with their lines."""
    log = text(seed)
    by_kinds, (rows, count, errors) = repriced(log, at=at, by_kinds=True), repriced(log, at=at, by_kinds=False)
    assert by_kinds[0]["models"] == rows["models"]
    assert by_kinds[0]["notes"] == rows["notes"]
    assert by_kinds[1] == count
    assert [error.replace("log.jsonl", "log") for error in by_kinds[2]] == errors


def chat(tokens, **stated):
    """A whole response of the model m."""
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    return {"object": "chat.completion", "model": "m", "choices": [{"message": {}}], "usage": usage, **stated}


FLAT, NIGHT = {"input_cost_per_token": 4e-6}, {"hours_utc": "00:00-06:00", "input_cost_per_token": 1e-6}
LONG = {"input_cost_per_token": 2e-6, "input_cost_per_token_above_128k_tokens": 3e-6}
EARLIER, LATER = ({"input_cost_per_token": price} for price in (3e-6, 2e-6))
DATED = {"llmcost": {"prices": [{**EARLIER, "until": "2026-01-01"}, {**LATER, "from": "2026-01-01"}]}}


@pytest.mark.parametrize(
    ("rows", "calls", "old", "new"),
    [
        # The time of a response is stronger than the one beside it: two calls at 3 USD a million, one at 2.
        (
            (DATED, FLAT),
            [
                chat(10_000, created=AT - 1),
                chat(10_000, created=AT),
                {"time": AT, "response": chat(10_000, created=AT - 1)},
            ],
            "0.08",
            "0.12",
        ),
        # The new price alone has a threshold, which 128,000 tokens do not reach: 138,001 tokens at 2, 128,001 at 3.
        (
            ({**FLAT, "litellm_provider": "openai"}, {**LONG, "litellm_provider": "openai"}),
            [chat(tokens, created=AT) for tokens in (10_000, 1, 128_000, 128_001)],
            "1.064008",
            "0.660005",
        ),
        # xAI's holds from 128,000 tokens on: 128,000 tokens at 3, 10,001 at 2.
        (
            ({**FLAT, "litellm_provider": "xai"}, {**LONG, "litellm_provider": "xai"}),
            [chat(tokens, created=AT) for tokens in (128_000, 10_000, 1, 128_000)],
            "1.064004",
            "0.788002",
        ),
        # The new price alone depends on the hour, and each call keeps its own: 05:00 twice, 07:00 once.
        (
            (FLAT, {"input_cost_per_token": 2e-6, "off_peak_pricing": NIGHT}),
            [chat(10_000, created=AT + 3600 * hour) for hour in (5, 7, 5)],
            "0.12",
            "0.04",
        ),
    ],
)
def test_a_kind_holds_for_both_prices(rows, calls, old, new):
    """Whichever of the two depends on more decides which calls are of one kind."""
    maps = [CostMap({"m": row}) for row in rows]
    text = "".join(json.dumps(fields) + "\n" for fields in calls)
    for by_kinds in (True, False):
        found, count, errors = repriced(text, at=AT, by_kinds=by_kinds, maps=maps)
        assert (count, errors) == (len(calls), [])
        assert (found["total"]["old"], found["total"]["new"]) == (old, new)
