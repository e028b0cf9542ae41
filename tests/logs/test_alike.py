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


def repriced(log, *, at, by_kinds):
    """Return what a log costs anew."""
    prices, errors = CostMap.bundled(), []
    repricer = Repricer(Question(prices, at), prices, lambda error: errors.append(str(error.to_dict())))
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
