"""Damaged responses: whatever stands where, only errors of llmcost come out, and nothing negative or endless.

    LLMCOST_FUZZ=1000000 pytest -m fuzz -s tests/fuzz/test_responses.py   LLMCOST_FUZZ_SEED=5 tries others

A million take a quarter of an hour of one idle core. The seeds of every 50,000 are printed when they are done, so that
a run that was stopped goes on there: ``LLMCOST_FUZZ_FROM=1000350000`` leaves out the seeds before this one.
A failure shows the least of the response that still fails, which is kept in ``KEPT``.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import random
import sys
import time
import warnings
from datetime import date
from decimal import Decimal, localcontext
from functools import partial

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from llmcost import LLMCostError, StreamMeter, Usage, read_usage
from llmcost.readers import known
from tests import responses

from .shrinking import shrunk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = {example.name: example for example in responses.everything() if example.response}
NAMES = sorted(EXAMPLES)


def paths(value: object, path: tuple = ()) -> list[tuple]:
    """Return the place of every value of a response."""
    inner: list[tuple] = []
    if isinstance(value, dict):
        inner = [found for name, item in value.items() for found in paths(item, (*path, name))]
    elif isinstance(value, list):
        inner = [found for place, item in enumerate(value) for found in paths(item, (*path, place))]
    return [path, *inner] if path else inner


PATHS = {name: paths(example.response) for name, example in EXAMPLES.items()}
KEYS = sorted({key for found in PATHS.values() for path in found for key in path if isinstance(key, str)})
# What decides the shape, the model and the tier is hit as often as all the rest.
TELLING = ("object", "type", "model", "service_tier", "usage", "created", "status", "choices")


def nested(levels: int, kind: str) -> object:
    value: object = {} if kind == "dict" else []
    for _ in range(levels):
        value = {"usage": value} if kind == "dict" else [value]
    return value


class Strange:
    """An object that is nothing in particular."""


# By name, since some of them have no repr.
VALUES = {
    "none": lambda: None,
    "true": lambda: True,
    "false": lambda: False,
    "zero": lambda: 0,
    "one": lambda: 1,
    "minus": lambda: -1,
    "count": lambda: 123_456,
    "most": lambda: 10**15,
    "above": lambda: 10**15 + 1,
    "bits": lambda: 2**49,
    "huge": lambda: 10**30,
    "hugely negative": lambda: -(10**30),
    "endless": lambda: 10**5000,
    "half": lambda: 0.5,
    "whole float": lambda: 7.0,
    "negative float": lambda: -0.5,
    "large float": lambda: 1e308,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "decimal": lambda: Decimal("1.5"),
    "decimal nan": lambda: Decimal("NaN"),
    "complex": lambda: 1 + 2j,
    "empty text": lambda: "",
    "text": lambda: "x",
    "number text": lambda: "17",
    "negative text": lambda: "-1",
    "exponent text": lambda: "1e999999",
    "nan text": lambda: "NaN",
    "long text": lambda: "x" * 10_000,
    "digits": lambda: "9" * 5000,
    "size": lambda: "1024x1024",
    "long size": lambda: f"{'9' * 400}x1",
    "surrogate": lambda: "\ud800",
    "control": lambda: "a\x00b\n",
    "bytes": lambda: b"gpt-4o",
    "no bytes": lambda: b"",
    "bytearray": lambda: bytearray(b"x"),
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
    "frozenset": lambda: frozenset({1}),
    "range": lambda: range(3),
    "list of none": lambda: [None],
    "list of list": lambda: [[]],
    "list of dict": lambda: [{}],
    "list of ints": lambda: [1, 2],
    "one key": lambda: {"a": 1},
    "int key": lambda: {1: 2},
    "none key": lambda: {None: None},
    "bytes key": lambda: {b"x": b"y"},
    "tuple key": lambda: {("a", 1): {}},
    "nan key": lambda: {float("nan"): 1},
    "object": Strange,
    "class": lambda: Strange,
    "function": lambda: len,
    "date": lambda: date(2026, 1, 1),
    "iterator": lambda: iter(()),
    "deep dict": lambda: nested(500, "dict"),
    "deep list": lambda: nested(500, "list"),
    "wide": lambda: [{"type": "x"}] * 2000,
    "model": lambda: "gpt-4o",
    "our model": lambda: responses.MODEL,
    "chat": lambda: "chat.completion",
    "response": lambda: "response",
    "message": lambda: "message",
    "list object": lambda: "list",
    "batch": lambda: "batch",
    "video": lambda: "video",
    "priority": lambda: "priority",
    "scale": lambda: "scale",
    "flex": lambda: "flex",
    "fast": lambda: "fast",
    "us": lambda: "us",
    "time": lambda: "2026-01-01T00:00:00Z",
    "no time": lambda: "2026-13-45T99",
    "arn": lambda: "arn:aws:bedrock:::",
    "prefix": lambda: "models/",
    "fine-tuned": lambda: "ft:",
    "slash": lambda: "bedrock/",
}

DAMAGES = ("drop", "rename", "copy", "add", "replace", "replace", "tell")
WHAT = sorted(VALUES)


EACH = 10


def decoded(number: int) -> tuple[int, str, str, str]:
    """Return one damage from a number: where, which, with what, and under which key."""
    number, kind = divmod(number, len(DAMAGES))
    number, what = divmod(number, len(WHAT))
    number, key = divmod(number, len(KEYS))
    return number, DAMAGES[kind], WHAT[what], KEYS[key]


# A draw takes hypothesis longer than a response takes to be read, so that one does for several responses.
damages = st.tuples(
    st.integers(0, len(NAMES) - 1),
    st.lists(st.integers(0, 1000 * len(DAMAGES) * len(WHAT) * len(KEYS)), min_size=1, max_size=4),
)


def several(first: int, numbers: list[int]) -> Iterator[tuple[object, str | None]]:
    """Yield damaged responses of different flavours, each with the model that the caller names or does not."""
    for turn in range(EACH):
        name = NAMES[(first + turn * len(NAMES) // EACH) % len(NAMES)]
        changes = [decoded(number + turn * 1_000_003) for number in numbers]
        note(f"{name}: {changes}")
        yield damage(name, changes), (None, responses.MODEL, "gpt-4o")[(turn + numbers[0]) % 3]


def damage(name: str, changes: list[tuple[int, str, str, str]]) -> object:
    """Return a response with some of its values and keys dropped, doubled, renamed or replaced."""
    response = copy.deepcopy(EXAMPLES[name].response)
    for number, kind, what, other in changes:
        path = PATHS[name][number % len(PATHS[name])]
        holder = response
        try:
            for step in path[:-1]:
                holder = holder[step]
            value = holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        if not isinstance(holder, (dict, list)):
            continue
        key = path[-1]
        if kind == "drop":
            del holder[key]
        elif kind == "replace" or isinstance(holder, list):
            holder[key] = VALUES[what]()
        elif kind == "rename":
            holder[other] = holder.pop(key)
        elif kind == "copy":
            holder[other] = value
        elif kind == "add":
            holder[other] = VALUES[what]()
        else:
            holder[TELLING[number % len(TELLING)]] = VALUES[what]()
    return response


def check_usage(usage: Usage) -> None:
    """No quantity is negative or no number, and everything can be shown."""
    for part in usage.walk():
        for unit in (part.quantities, *(unit for group in part.alternatives for unit in group)):
            assert all(quantity >= 0 for quantity in unit.values())
        assert (part.duration or 0) >= 0
        assert part.reported is None or part.reported >= 0
    assert usage.input_tokens + usage.output_tokens == usage.total_tokens
    json.dumps(usage.to_dict(), allow_nan=False)
    assert repr(usage)
    assert (usage + usage).total_tokens == 2 * usage.total_tokens


def gives_a_reason(line, noted: set[str]) -> bool:
    """Return whether a line of 0 says why something of a quantity costs nothing."""
    return bool(line.note or line.factors or noted & {"zero_by_map", "free_model", "zero_rate"})


def is_free(cost, noted: set[str]) -> bool:
    """Return whether a cost of 0 says that the provider charged nothing, or that whatever was used costs nothing."""
    if not cost.line_items:
        return "nothing_used" in noted and not any(part.quantities for part in cost.usage.walk())
    return cost.reported == 0 or all(gives_a_reason(line, noted) for line in cost.line_items)


def check_cost(cost, *, verbose: bool) -> None:
    """No line is negative, the lines are the total, a total of 0 has its reason, and everything can be shown.

    What ``verbose`` adds is about the card, of which most responses have the same.
    """
    noted = {note.code for note in cost.notes}
    assert cost.total or not cost.complete or is_free(cost, noted)
    for line in cost.line_items:
        assert line.quantity >= 0
        assert line.amount > 0 or (line.amount == 0 and (not line.quantity or gives_a_reason(line, noted)))
    # An amount without a finite decimal has 40 digits.
    with localcontext() as wide:
        wide.prec = 60
        lines = sum((line.amount for line in cost.line_items), Decimal(0))
        assert abs(lines - cost.total) <= (0 if cost.exact else cost.total * Decimal("1e-38"))
    json.dumps(cost.to_dict(), allow_nan=False)
    assert cost.explain(verbose=verbose)
    assert float(cost) >= 0


def check(
    response: object, model: str | None, *, verbose: bool = True, spent: list[float] | None = None
) -> list[Exception]:
    """Read and price a response in every way; return the errors, which are all of llmcost.

    What each call takes of the processor is added to ``spent``.
    """
    errors: list[Exception] = []
    seconds: list[float] = [] if spent is None else spent

    def timed(call: Callable, *given: object, **named: object):
        before = time.thread_time()
        try:
            return call(*given, **named)
        except LLMCostError as error:
            errors.append(error)
            return None
        finally:
            seconds.append(time.thread_time() - before)

    usage = timed(read_usage, response)
    if usage is not None:
        check_usage(usage)
    costs = [timed(responses.prices().calculate, response, model=model)]
    if isinstance(response, list):
        meter = StreamMeter(cost_map=responses.prices(), model=model)
        before = len(errors)
        for chunk in response:
            timed(meter.feed, chunk)
            if len(errors) > before:
                break
        else:
            costs += [timed(lambda: meter.cost), timed(meter.finish)]
    for cost in costs:
        if cost is not None:
            check_cost(cost, verbose=verbose)
    assert all(str(error).strip() for error in errors)
    return errors


LENIENT = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@given(damages)
@settings(LENIENT, max_examples=8_000 // EACH, derandomize=True)
def test_damaged_responses(drawn):
    """Eight thousand damaged responses are read and priced, or refused by name."""
    for response, model in several(*drawn):
        check(response, model)


@pytest.mark.parametrize("odd", [[], {}], ids=["list", "object"])
def test_a_list_and_an_object_in_every_place(odd):
    """Neither can be a member of a set, so that no word and no count is looked up before its type is known."""
    for name in NAMES:
        for path in PATHS[name]:
            response = copy.deepcopy(EXAMPLES[name].response)
            holder = response
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = odd
            for place in ("response", "usage"):
                try:
                    responses.prices().calculate(**{place: response}, model=responses.MODEL)
                except LLMCostError as error:
                    assert str(error)


# Responses that once failed, each with the model that the caller named.
KEPT: tuple[tuple[object, str | None], ...] = (
    # A cost beside a count that is none.
    ({"object": "response", "usage": {"output_tokens": 10**5000, "cost": {"total_cost": 0.0225}}}, responses.MODEL),
    # A total that is none, beside a cache that is split by modality.
    (
        {
            "object": "chat.completion",
            "usage": {
                "prompt_tokens": 1000,
                "completion_tokens": 0,
                "total_tokens": [],
                "prompt_tokens_details": {
                    "audio_tokens": 600,
                    "cached_tokens": 500,
                    "cached_tokens_details": {"text_tokens": 100, "audio_tokens": 400},
                },
            },
        },
        responses.MODEL,
    ),
)
# CPU seconds that no call takes, of the best of three; only the long form looks at it.
LONGEST = 0.05
# After how many responses the long form says how far it is.
TOLD_EACH = 50_000
# One response in so many is explained with all that is known of its card.
VERBOSE_EACH = 10


def test_what_once_failed():
    """Responses that were found by the long form."""
    for response, model in KEPT:
        check(response, model)


def drawn(seed: int) -> tuple[str, list[tuple[int, str, str, str]], str | None]:
    """Return which response is damaged, how, and the model that the caller names or does not."""
    chance, most = random.Random(seed), 1000 * len(DAMAGES) * len(WHAT) * len(KEYS)
    changes = [decoded(chance.randrange(most)) for _ in range(chance.randrange(1, 5))]
    return chance.choice(NAMES), changes, chance.choice((None, responses.MODEL, "gpt-4o"))


def failure(made: Callable[[], object], model: str | None, *, verbose: bool = True) -> BaseException | None:
    """Return what came out that may not: an exception, a sum that is wrong, or a call that takes too long."""
    longest: list[float] = []
    while not longest or (longest[-1] > LONGEST and len(longest) < 3):
        spent: list[float] = []
        try:
            check(made(), model, verbose=verbose, spent=spent)
        except Exception as error:
            return error
        longest.append(max(spent))
    return TimeoutError(f"{min(longest):.3f} s") if min(longest) > LONGEST else None


def least(name: str, changes: list[tuple[int, str, str, str]], model: str | None, kind: type) -> object:
    """Return the least response that fails in the same way."""
    changes = shrunk(changes, lambda given: type(failure(lambda: damage(name, given), model)) is kind)
    response = damage(name, changes)
    try:
        return shrunk(response, lambda given: type(failure(lambda: copy.deepcopy(given), model)) is kind)
    except (RecursionError, TypeError):
        return response  # what stands in it cannot be copied


def told(found: object) -> str:
    """Return how a response is written; nothing where a value of it has no text."""
    try:
        return f"{found!r:.2000}"
    except (ValueError, RecursionError):
        return "(it has no text)"


def kind_of(error: BaseException) -> str:
    """Return what failures share that have one cause: the text of an error; of whatever takes too long nothing more."""
    return type(error).__name__ if isinstance(error, TimeoutError) else f"{error!r:.80}"


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_very_many_damaged_responses(capsys):
    """The long form: another seed tries others."""
    many = int(os.environ.get("LLMCOST_FUZZ", "1_000_000"))
    first = int(os.environ.get("LLMCOST_FUZZ_SEED", "1")) * 10**9
    start = int(os.environ.get("LLMCOST_FUZZ_FROM", first))
    failures: dict[str, str] = {}
    warnings.simplefilter("ignore")
    # What stands when the run begins is not looked through again: that alone may take as long as a response may.
    gc.collect()
    gc.freeze()
    for seed in range(start, first + many):
        name, changes, model = drawn(seed)
        made = partial(damage, name, changes)
        error = failure(made, model, verbose=seed % VERBOSE_EACH == 0)
        if error is not None and kind_of(error) not in failures:
            found = least(name, changes, model, type(error))
            failures[kind_of(error)] = f"seed {seed}, {name}: {changes}, model {model}: {told(found)}"
            with capsys.disabled():
                print(f"\n{kind_of(error)}: {failures[kind_of(error)]}", flush=True)
        if (seed + 1 - first) % TOLD_EACH == 0 or seed + 1 == first + many:
            with capsys.disabled():
                print(f"\nresponses: seeds {start} to {seed} are done, {len(failures)} kinds of failures", flush=True)
    assert failures == {}


# How much is done for a response: calls of functions, which no slow machine makes more of.


def work(call) -> int:
    """Return how many functions a call calls, built-in ones included."""
    calls = 0

    def count(_frame, event, _argument) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        call()
    except LLMCostError:
        pass
    finally:
        sys.setprofile(before)
    return calls


def size(response: object) -> int:
    """Return how many values a response holds."""
    values, waiting = 0, [response]
    while waiting:
        value = waiting.pop()
        values += 1
        if isinstance(value, (dict, list, tuple)):
            waiting += value.values() if isinstance(value, dict) else value
    return values


# From a value, what is as large as a response can hold at its place.
EXTREMES = (
    lambda _: nested(500, "dict"),
    lambda _: nested(500, "list"),
    lambda _: 10**30,
    lambda _: 10**5000,
    lambda _: "9" * 10_000,
    lambda value: [copy.deepcopy(value) for _ in range(100)],
    lambda value: {f"key_{number}": value for number in range(100)},
)


# What asking one reader takes, with its share of compiling a card.
_CALLS_A_READER, _READERS = 48, len((*known.COMMON, *known.discovered()))


@responses.named(list(EXAMPLES.values()))
def test_the_work_is_bounded_by_the_size(example):
    """Nothing is read more than a few times: a response of n values takes no more than a multiple of n calls.

    A call takes some 50 ns, so that a thousand values take a millisecond or two. What a response costs whatever its
    size is that every reader is asked, and that a card is compiled.
    """
    for number, path in enumerate(PATHS[example.name]):
        if number % 3:
            continue
        response = copy.deepcopy(example.response)
        holder = response
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = EXTREMES[number // 3 % len(EXTREMES)](holder[path[-1]])
        calls = work(lambda response=response: responses.prices().calculate(response, model=responses.MODEL))
        assert calls <= _CALLS_A_READER * _READERS + 25 * size(response), path
