"""A stream is metered chunk by chunk, in any kind of loop, and never lost."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from llmcost import (
    CostMap,
    LLMCostError,
    MissingUsageError,
    StreamMeter,
    UnknownModelError,
    UnrecognizedResponseError,
    calculate,
)
from llmcost.readers import streams

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


def test_what_a_cut_stream_was_asked_for_is_kept():
    """The caller's model, else the one that a chunk named; and the tier that was asked for."""
    for options, model in (({"model": "asked", "service_tier": "flex"}, "asked"), ({"service_tier": "flex"}, "m")):
        meter = StreamMeter(cost_map=PRICES, **options)
        meter.feed(chunk())
        cost = meter.finish(aborted=True)
        assert (cost.model, cost.requested_tier, cost.usage.model, cost.complete) == (model, "flex", "m", False)
    meter = StreamMeter(cost_map=PRICES)
    meter.feed({"type": "response.created", "response": {"id": "r", "model": "m", "usage": None}})
    assert meter.finish(aborted=True).model == "m"


def test_the_terminal_event_says_whether_a_stream_is_complete():
    """A client that stops reading there has lost nothing: 25 x 1e-6 + 15 x 2e-6."""
    meter = StreamMeter(cost_map=PRICES)
    seen = []
    for event in ANTHROPIC[:3]:
        meter.feed(event)
        seen.append(meter._stream.ended)
    assert seen == [False, False, True]
    cost = meter.finish(aborted=True)
    assert (cost.total, cost.complete) == (Decimal("0.000055"), True)


@pytest.mark.parametrize(
    "cut",
    [
        [chunk(usage=counted(1))],
        ANTHROPIC[:2],
        [{"candidates": [{"content": {"parts": [{"text": "x"}]}}], "usageMetadata": {"promptTokenCount": 5}}],
        [
            {"type": "response.created", "response": {"model": "m", "usage": {"input_tokens": 5, "output_tokens": 0}}},
            {"type": "response.output_text.delta", "delta": "x"},
        ],
        [
            {"event_type": "interaction.start", "interaction": {"model": "m", "usage": {"total_input_tokens": 5}}},
            {"event_type": "step.delta"},
        ],
    ],
)
def test_a_stream_that_was_cut_is_not_complete(cut):
    """Whether as a list, which ends like any other, or in a loop."""
    cost = PRICES.calculate(cut, model="m")
    assert (cost.complete, cost.lower_bound) == (False, True)
    assert "broken_off" in [note.code for note in cost.notes]
    meter = StreamMeter(cost_map=PRICES, model="m")
    assert list(meter.watch(cut)) == cut
    assert meter.finish() == cost


class Source:
    """A stream that says whether it was closed."""

    def __init__(self, chunks, error=None):
        self.chunks, self.error, self.closed = iter(chunks), error, False

    def __iter__(self):
        yield from self.chunks
        if self.error is not None:
            raise self.error

    async def __aiter__(self):
        for item in self.chunks:
            yield item
        if self.error is not None:
            raise self.error

    def close(self):
        self.closed = True


class AsyncSource(Source):
    """One whose closing is awaited, as that of the SDKs."""

    async def close(self):
        self.closed = True


def test_watch_meters_a_loop():
    """The loop sees every chunk; one that is left early is aborted."""
    chunks = [chunk("a"), chunk("b", counted(2), last=True)]
    meter = StreamMeter(cost_map=PRICES)
    source = Source(chunks)
    assert list(meter.watch(source)) == chunks
    assert source.closed
    assert not meter.cost.lower_bound
    assert meter.cost == meter.finish()
    left = StreamMeter(cost_map=PRICES)
    source = Source(chunks)
    loop = left.watch(source)
    next(loop)
    loop.close()
    assert source.closed
    assert not left.cost.complete
    assert not left.finish().complete


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk()],
        [{**chunk(usage=counted(1), last=True), "model": "nobody's"}],
        [{"something": "else"}],
        ["no object"],
        [*ANTHROPIC, *ANTHROPIC],
        [{"serverContent": {}, "usageMetadata": {"promptTokenCount": -1}}],
    ],
)
def test_a_watched_loop_sees_its_stream_and_no_error_of_ours(chunks):
    """A usage that is missing, an unknown model, what is no chunk: all of it is said by ``finish``."""
    meter = StreamMeter(cost_map=PRICES, model="unknown")
    assert list(meter.watch(chunks)) == chunks
    with pytest.raises(LLMCostError):
        meter.finish()

    async def run():
        meter = StreamMeter(cost_map=PRICES, model="unknown")
        return [item async for item in meter.awatch(AsyncSource(chunks))], meter

    seen, meter = asyncio.run(run())
    assert seen == chunks
    with pytest.raises(LLMCostError):
        meter.finish()


def test_the_hosts_own_error_is_the_one_to_see():
    """A connection that breaks off says so, and not that a model is unknown; what was stated until then is kept."""

    async def run(meter):
        async for _ in meter.awatch(AsyncSource(ANTHROPIC[:1], ConnectionError("lost"))):
            pass

    for prices, total in ((PRICES, Decimal("0.000027")), (CostMap({}), None)):
        meters = [StreamMeter(cost_map=prices, model="m") for _ in range(2)]
        with pytest.raises(ConnectionError, match="lost"):
            list(meters[0].watch(Source(ANTHROPIC[:1], ConnectionError("lost"))))
        with pytest.raises(ConnectionError, match="lost"):
            asyncio.run(run(meters[1]))
        for meter in meters:
            if total is None:
                with pytest.raises(UnknownModelError):
                    meter.finish()
            else:
                # 25 x 1e-6 + the placeholder of 1 x 2e-6
                assert (meter.finish().total, meter.finish().complete) == (total, False)


def test_a_loop_that_was_left_before_any_usage():
    """It is no error: the cost says that nothing was stated."""
    meter = StreamMeter(cost_map=PRICES, model="m")
    with pytest.raises(ConnectionError):
        list(meter.watch(Source([chunk()], ConnectionError())))
    assert meter.finish().notes[0].code == "no_usage_yet"


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


def test_what_is_no_object_is_refused():
    """Text of a stream has to be parsed before."""
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


def test_an_api_that_is_told_by_its_last_chunk():
    """Cohere on Bedrock: a hundred chunks say nothing, the last has the metrics. 12 x 1e-6 + 30 x 2e-6."""
    nothing = [{"index": 0, "is_finished": False, "text": "x"}] * 100
    metrics = {"inputTokenCount": 12, "outputTokenCount": 30, "invocationLatency": 1, "firstByteLatency": 1}
    chunks = [*nothing, {"index": 0, "is_finished": True, "amazon-bedrock-invocationMetrics": metrics}]
    meter = StreamMeter(cost_map=PRICES, model="m")
    assert list(meter.watch(chunks)) == chunks
    assert meter.finish().total == PRICES.calculate(chunks, model="m").total == Decimal("0.000072")
    assert len(meter._stream.waiting) == 0


def test_a_usage_that_stands_alone_in_an_unknown_stream():
    """Of many chunks one states counters, which are read as they would be alone: 10 x 1e-6 + 2 x 2e-6."""
    nothing = [{"piece": "x"}] * 50
    chunks = [*nothing, {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}, *nothing]
    assert PRICES.calculate(chunks, model="m").total == Decimal("0.000014")
    for unknown in (nothing, [*chunks, chunks[50]]):
        with pytest.raises(UnrecognizedResponseError, match="no reader knows this stream"):
            PRICES.calculate(unknown, model="m")


def test_an_endless_stream_of_what_no_reader_knows_is_not_read_for_ever(monkeypatch):
    """Memory is constant whichever way a stream is handed over, and so is its number of chunks."""
    monkeypatch.setattr(streams, "_MOST_UNTOLD", 40)
    taken = []

    def strange():
        while True:
            taken.append(1)
            yield {"something": "else"}

    with pytest.raises(UnrecognizedResponseError, match="none of its 41 chunks tells its API"):
        calculate(strange(), model="m")
    assert len(taken) == 41
