"""A stream is metered chunk by chunk, in any kind of loop, and never lost."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, StreamMeter, UnrecognizedResponseError, calculate

PRICES = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})


def chunk(text: str = "x", usage: dict | None = None, *, last: bool = False) -> dict:
    choice = {"delta": {"content": text}, "finish_reason": "stop" if last else None}
    return {"object": "chat.completion.chunk", "model": "m", "choices": [choice], "usage": usage}


def counted(output: int) -> dict:
    return {"prompt_tokens": 50, "completion_tokens": output, "total_tokens": 50 + output}


ANTHROPIC = [
    {
        "type": "message_start",
        "message": {"type": "message", "model": "m", "content": [], "usage": {"input_tokens": 25, "output_tokens": 1}},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 15}},
    {"type": "message_stop"},
]


def test_the_cost_grows_with_the_stream():
    """While it runs the cost is a lower bound; when it has ended it is the cost."""
    meter = StreamMeter(cost_map=PRICES)
    seen = []
    for output in (1, 2, 3):
        meter.feed(chunk(usage=counted(output), last=output == 3))
        seen.append((meter.cost.total, meter.cost.lower_bound))
    # 50 x 1e-6 + n x 2e-6
    assert seen == [(Decimal("0.000052"), True), (Decimal("0.000054"), True), (Decimal("0.000056"), True)]
    cost = meter.finish()
    assert (cost.total, cost.lower_bound) == (Decimal("0.000056"), False)
    assert meter.cost is cost
    assert meter.finish(aborted=True) is cost


def test_feeding_is_the_same_as_the_list():
    """Chunk by chunk, as a list and as a generator: one result."""
    meter = StreamMeter(cost_map=PRICES)
    for event in ANTHROPIC:
        meter.feed(event)
    assert meter.finish() == PRICES.calculate(ANTHROPIC) == PRICES.calculate(iter(ANTHROPIC))


def test_nothing_stated_yet_is_a_lower_bound_that_says_so():
    """Before any usage the cost is incomplete, not a zero."""
    cost = StreamMeter(cost_map=PRICES, model="m").cost
    assert (cost.total, cost.complete, cost.lower_bound, cost.model) == (0, False, True, "m")
    assert "the stream has stated no usage yet" in cost.notes


def test_an_ended_stream_without_usage_raises():
    """It is an error and not a zero."""
    meter = StreamMeter(cost_map=PRICES)
    meter.feed(chunk())
    with pytest.raises(MissingUsageError, match="include_usage"):
        meter.finish()
    with pytest.raises(MissingUsageError):
        StreamMeter(cost_map=PRICES).finish()


def test_an_aborted_stream_is_a_lower_bound():
    """What was stated until then counts; if nothing was, the Cost says so."""
    meter = StreamMeter(cost_map=PRICES)
    for event in ANTHROPIC[:2]:
        meter.feed(event)
    cost = meter.finish(aborted=True)
    # 25 x 1e-6 + the placeholder of 1 x 2e-6
    assert (cost.total, cost.lower_bound) == (Decimal("0.000027"), True)
    lost = StreamMeter(cost_map=PRICES)
    lost.feed(chunk())
    assert not lost.finish(aborted=True).complete


def test_watch_meters_a_loop():
    """The loop sees every chunk; one that is left early is aborted."""
    chunks = [chunk("a"), chunk("b", counted(2), last=True)]
    meter = StreamMeter(cost_map=PRICES)
    assert list(meter.watch(chunks)) == chunks
    assert not meter.cost.lower_bound
    left = StreamMeter(cost_map=PRICES)
    loop = left.watch(chunks)
    next(loop)
    loop.close()
    assert not left.cost.complete


def test_awatch_meters_an_async_loop():
    """An async stream is metered the same way."""

    async def stream():
        for event in ANTHROPIC:
            yield event

    async def run():
        meter = StreamMeter(cost_map=PRICES)
        events = [event async for event in meter.awatch(stream())]
        left = StreamMeter(cost_map=PRICES)
        early = left.awatch(stream())
        await anext(early)
        await early.aclose()
        return events, meter.cost, left.cost

    events, cost, early = asyncio.run(run())
    assert events == ANTHROPIC
    # 25 x 1e-6 + 15 x 2e-6
    assert (cost.total, cost.lower_bound) == (Decimal("0.000055"), False)
    assert early.lower_bound


def test_an_async_stream_is_not_a_list_of_chunks():
    """calculate() is no coroutine: the error names what is."""

    async def stream():
        yield {}

    with pytest.raises(UnrecognizedResponseError, match="StreamMeter"):
        calculate(stream())


def test_what_no_reader_knows_is_refused():
    """Some thousand chunks are looked at, since a late one may tell what it is; few of them are kept."""
    meter = StreamMeter(cost_map=PRICES)
    for _ in range(4095):
        meter.feed({"something": "else"})
    assert len(meter._stream.waiting) == 16
    with pytest.raises(UnrecognizedResponseError, match="no reader knows this stream"):
        meter.feed({"something": "else"})
    with pytest.raises(UnrecognizedResponseError, match="this is str"):
        StreamMeter().feed("data: {}")


def test_options_are_those_of_calculate():
    """Prices of the call, tiers and the like are handed on."""
    meter = StreamMeter(cost_map=PRICES, input_cost_per_token=2e-06)
    meter.feed(chunk(usage=counted(0), last=True))
    # 50 x 2e-6
    assert meter.finish().total == Decimal("0.0001")


def test_a_loop_over_one_whole_response():
    """Where an API does not stream, the only chunk is the response, and costs what the response costs."""
    message = {"type": "message", "role": "assistant", "model": "m", "usage": {"input_tokens": 25, "output_tokens": 15}}
    meter = StreamMeter(cost_map=PRICES)
    assert not meter.cost.complete
    meter.feed(message)
    assert meter.cost.lower_bound
    # 25 x 1e-6 + 15 x 2e-6
    assert (meter.finish().total, meter.finish().lower_bound) == (Decimal("0.000055"), False)
    assert meter.finish() == PRICES.calculate(message) == PRICES.calculate([message])


def test_a_generator_of_what_no_reader_knows_is_not_read_to_its_end():
    """Memory is constant whichever way a stream is handed over."""
    taken = []

    def strange():
        while True:
            taken.append(1)
            yield {"something": "else"}

    with pytest.raises(UnrecognizedResponseError, match="none of its first 4096 chunks"):
        calculate(strange(), model="m")
    assert len(taken) == 4096
