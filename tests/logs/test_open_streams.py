"""Which chunks of a file are one call: a stream ends with its terminal event, and not with a change of id."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal

import pytest

from llmcost import CostMap, LLMCostError, read_log

PRICES = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})


def usage(output=10):
    return {"prompt_tokens": 100, "completion_tokens": output, "total_tokens": 100 + output}


def chunk(identity, text="x", *, finish=None, counters=None, **more):
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    found = {"id": identity, "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}
    return found if counters is None else {**found, "usage": counters}


def last(identity, output=10):
    return {**chunk(identity), "choices": [], "usage": usage(output)}


def perplexity(identity, output=10):
    """Usage runs in every chunk, and a last line of another kind repeats the message."""
    message = {"index": 0, "message": {"role": "assistant", "content": "xx"}, "delta": {}, "finish_reason": "stop"}
    return [
        chunk(identity, counters=usage(1)),
        chunk(identity, finish="stop", counters=usage(output)),
        {"id": identity, "object": "chat.completion.done", "model": "m", "choices": [message], "usage": usage(output)},
    ]


def other_first(identity, output=10):
    """avian.io: the first chunk has an id of its own."""
    return [
        chunk(f"{identity}-0", role="x"),
        chunk(identity),
        chunk(identity, "", finish="stop"),
        last(identity, output),
    ]


def azure(identity, output=10):
    """The first chunk is empty, and so is the last."""
    first = {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []}
    trailing = {"id": "", "object": "", "model": "", "choices": [{"index": 0, "content_filter_offsets": {}}]}
    return [first, chunk(identity), chunk(identity, "", finish="stop"), last(identity, output), trailing]


def rotating(identity, output=10):
    """Groq compound: every chunk has its own id."""
    parts = [chunk(f"{identity}-{number}") for number in range(5)]
    return [*parts, chunk(f"{identity}-5", "", finish="stop"), last(f"{identity}-6", output)]


def responses(identity, output=10):
    """GitHub Copilot: the response has another id in every event."""
    counters = {"input_tokens": 100, "output_tokens": output, "total_tokens": 100 + output}
    return [
        {"type": kind, "response": {"id": f"{identity}-{number}", "object": "response", "model": "m", "usage": counted}}
        for number, (kind, counted) in enumerate(
            (("response.created", None), ("response.in_progress", None), ("response.completed", counters))
        )
    ]


def cohere(identity, output=10):
    """Version 1: most of its lines are known by no reader."""
    meta = {"billed_units": {"input_tokens": 100, "output_tokens": output}}
    return [
        {"event_type": "stream-start", "is_finished": False, "generation_id": identity},
        *[{"event_type": "text-generation", "is_finished": False, "text": "x"}] * 5,
        {
            "event_type": "stream-end",
            "is_finished": True,
            "finish_reason": "COMPLETE",
            "response": {"generation_id": identity, "text": "xxxxx", "meta": meta},
        },
    ]


def cohere_on_bedrock(identity, output=10):
    """No line but the last tells whose stream it is."""
    del identity
    metrics = {"inputTokenCount": 100, "outputTokenCount": output, "invocationLatency": 1, "firstByteLatency": 1}
    return [
        *[{"index": 0, "is_finished": False, "text": "x"}] * 30,
        {"index": 0, "is_finished": True, "finish_reason": "COMPLETE", "amazon-bedrock-invocationMetrics": metrics},
    ]


def anthropic(identity, output=10):
    started = {"input_tokens": 100, "output_tokens": 1}
    message = {"id": identity, "type": "message", "role": "assistant", "model": "m", "usage": started}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": output}},
        {"type": "message_stop"},
    ]


def gemini(identity, output=10):
    return [
        {
            "candidates": [{"content": {"parts": [{"text": "x"}]}, **({"finishReason": "STOP"} if end else {})}],
            "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": output if end else 1},
            "responseId": identity,
        }
        for end in (False, False, True)
    ]


def ai_sdk(identity, output=10):
    """The step and the end state the same usage; the parts of a text count from 0 in every stream."""
    counters = {"inputTokens": 100, "outputTokens": output, "totalTokens": 100 + output}
    return [
        {"type": "start"},
        {"type": "start-step", "request": {}, "warnings": []},
        {"type": "text-delta", "id": "0", "text": "x"},
        {"type": "finish-step", "finishReason": "stop", "usage": counters, "response": {"id": identity}},
        {"type": "finish", "finishReason": "stop", "totalUsage": counters},
    ]


def dashscope(identity, output=10):
    """Every chunk has the usage so far, and the reason why the answer ended is a text until then, too."""
    return [
        {
            "output": {"choices": [{"message": {"content": "x", "role": "assistant"}, "finish_reason": reason}]},
            "usage": {"input_tokens": 100, "output_tokens": tokens, "total_tokens": 100 + tokens},
            "request_id": identity,
        }
        for reason, tokens in (("null", 1), ("null", 5), ("stop", output))
    ]


def hunyuan(identity, output=10):
    """Every chunk has the usage so far."""
    return [
        {
            "Choices": [{"FinishReason": reason, "Delta": {"Role": "assistant", "Content": "x"}}],
            "Id": identity,
            "Usage": {"PromptTokens": 100, "CompletionTokens": tokens, "TotalTokens": 100 + tokens},
        }
        for reason, tokens in (("", 1), ("", 5), ("stop", output))
    ]


def yandex(identity, output=10):
    """Every chunk has the usage so far, and no id."""
    del identity
    return [
        {
            "result": {
                "alternatives": [
                    {"message": {"role": "assistant", "text": "x"}, "status": f"ALTERNATIVE_STATUS_{word}"}
                ],
                "usage": {"inputTextTokens": "100", "completionTokens": f"{tokens}", "totalTokens": f"{100 + tokens}"},
            }
        }
        for word, tokens in (("PARTIAL", 1), ("PARTIAL", 5), ("FINAL", output))
    ]


def llama_cpp(identity, output=10):
    """Every chunk has the counts so far, and no id."""
    del identity
    return [
        {"content": "x", "stop": end, "tokens_predicted": tokens, "tokens_evaluated": 100}
        for end, tokens in ((False, 1), (False, 5), (True, output))
    ]


def watsonx(identity, output=10):
    """Every chunk has the counts so far."""
    del identity
    return [
        {
            "model_id": "m",
            "results": [{"stop_reason": word, "generated_token_count": made, "input_token_count": prompt}],
        }
        for word, made, prompt in (("not_finished", 1, 100), ("not_finished", 5, 0), ("eos_token", output, 0))
    ]


def dify(identity, output=10):
    """The last event has the usage in its metadata, as that of Converse."""
    told = {"message_id": identity, "conversation_id": "c"}
    used = {"prompt_tokens": 100, "completion_tokens": output, "total_tokens": 100 + output}
    prices = {"prompt_unit_price": "0.001", "total_price": "0.5"}
    events = [{"event": "message", "answer": "x", **told}] * 2
    return [*events, {"event": "message_end", **told, "metadata": {"usage": {**used, **prices}}}]


SHAPES = [
    perplexity,
    other_first,
    azure,
    rotating,
    responses,
    cohere,
    cohere_on_bedrock,
    anthropic,
    gemini,
    ai_sdk,
    dashscope,
    hunyuan,
    yandex,
    llama_cpp,
    watsonx,
    dify,
]
named = pytest.mark.parametrize("shape", SHAPES, ids=[shape.__name__ for shape in SHAPES])


def priced(lines, **options):
    """Return what each call of a log costs, or the name of its error."""
    found = []
    for record in read_log([json.dumps(line) for line in lines], cost_map=PRICES, on_error=found.append, **options):
        try:
            found.append(record.calculate(model="m").total)
        except LLMCostError as error:
            found.append(type(error).__name__)
    return found


@named
def test_one_stream_is_one_call(shape):
    """100 x 1e-6 + 10 x 2e-6 = 0.00012, and no line of it is an error."""
    assert priced(shape("a")) == [Decimal("0.00012")]


@named
def test_streams_after_each_other_are_calls_of_their_own(shape):
    """0.00012 and, with 20 tokens in the answer, 0.00014; joined they would be one."""
    assert priced([*shape("a"), *shape("b", 20)]) == [Decimal("0.00012"), Decimal("0.00014")]


@named
def test_a_whole_response_between_streams(shape):
    """It is a call of its own: 0.00016."""
    whole = {
        "id": "w",
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": {"content": "x"}, "finish_reason": "stop"}],
        "usage": usage(30),
    }
    expected = [Decimal("0.00012"), Decimal("0.00016"), Decimal("0.00014")]
    assert priced([*shape("a"), whole, *shape("b", 20)]) == expected
    record = {"model": "m", "usage": usage(30), "team": "x"}
    assert priced([*shape("a"), record, *shape("b", 20)]) == expected


@named
@pytest.mark.parametrize("other", SHAPES, ids=[shape.__name__ for shape in SHAPES])
def test_a_stream_of_one_api_after_that_of_another(shape, other):
    """Whichever two follow each other."""
    assert priced([*shape("a"), *other("b", 20)]) == [Decimal("0.00012"), Decimal("0.00014")]


@named
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_is_read_alike_by_several_processes(shape, jobs, tmp_path):
    """A block of a file may end between any two chunks."""
    path = tmp_path / "log.jsonl"
    lines = [*shape("a"), *shape("b", 20)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert [str(r.calculate(model="m", cost_map=PRICES)) for r in read_log(path, jobs=jobs)] == ["0.00012", "0.00014"]


def mixed(*streams):
    """Return the chunks of streams turn by turn."""
    return [line for turn in itertools.zip_longest(*streams) for line in turn if line is not None]


def plain(identity, output, pieces):
    return [*[chunk(identity)] * pieces, chunk(identity, "", finish="stop"), last(identity, output)]


@pytest.mark.parametrize("pieces", [(1, 1, 1), (2, 5, 3), (5, 1, 2), (1, 5, 1)])
def test_streams_that_their_ids_tell_apart_may_be_mixed(pieces):
    """Three calls at once: 100 x 1e-6 + 10, 20 and 30 x 2e-6, in whichever order they end."""
    streams = [plain(name, output, size) for name, output, size in zip("abc", (10, 20, 30), pieces, strict=True)]
    assert sorted(priced(mixed(*streams))) == [Decimal("0.00012"), Decimal("0.00014"), Decimal("0.00016")]


def test_mixed_streams_of_gemini():
    assert sorted(priced(mixed(gemini("a"), gemini("b", 20)))) == [Decimal("0.00012"), Decimal("0.00014")]


def test_a_stream_that_was_cut_does_not_swallow_the_next():
    """Two chunks with one id are a stream of their own, which states no usage; one alone belongs to what follows."""
    assert priced([chunk("a"), chunk("a"), *plain("b", 20, 2)]) == ["MissingUsageError", Decimal("0.00014")]
    assert priced([chunk("a"), *plain("b", 20, 2)]) == [Decimal("0.00014")]


def test_a_chunk_that_states_a_usage_is_of_a_call_of_its_own():
    """It was cut, and what it stated is billed at least: 100 x 1e-6 + 1 x 2e-6."""
    cut = chunk("a", counters=usage(1))
    assert sorted(priced([cut, *plain("b", 20, 2)])) == [Decimal("0.000102"), Decimal("0.00014")]


TURN = {
    "type": "response.done",
    "event_id": "e",
    "response": {
        "object": "realtime.response",
        "id": "r",
        "status": "completed",
        "usage": {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110},
    },
}


def turn(number):
    return {**TURN, "event_id": f"e{number}", "response": {**TURN["response"], "id": f"r{number}"}}


def test_events_of_a_session_without_its_beginning():
    """A sideband sees the turns alone: one call of two, 2 x (100 x 1e-6 + 10 x 2e-6) = 0.00024."""
    between = {"type": "rate_limits.updated", "event_id": "e9", "rate_limits": []}
    assert priced([turn(1), between, turn(2)]) == [Decimal("0.00024")]


def test_sessions_begin_with_their_own_event():
    """0.00024 and 0.00012."""
    begun = {"type": "session.created", "event_id": "e0", "session": {"model": "m"}}
    assert priced([begun, turn(1), turn(2), begun, turn(3)]) == [Decimal("0.00024"), Decimal("0.00012")]


def test_turns_of_a_live_session():
    """Gemini Live: each turn states its own usage: twice 0.00012, and what is said in between belongs to it."""
    said = {"serverContent": {"modelTurn": {"parts": [{"text": "x"}]}}}
    end = {
        "serverContent": {"turnComplete": True},
        "usageMetadata": {"promptTokenCount": 100, "responseTokenCount": 10},
    }
    bare = {"usageMetadata": {"promptTokenCount": 100, "responseTokenCount": 10}}
    assert priced([{"setupComplete": {}}, said, end, said, end]) == [Decimal("0.00024")]
    assert priced([said, bare, said, end]) == [Decimal("0.00024")]
    assert priced([{"setupComplete": {}}, said, end, {"setupComplete": {}}, said, end]) == [Decimal("0.00012")] * 2


def test_lines_that_no_reader_knows():
    """In a stream they belong to it; elsewhere each is an error, also before a call that they are not alike."""
    strange = {"level": "info", "msg": "x"}
    one = plain("a", 10, 2)
    assert priced([*one[:2], strange, *one[2:]]) == [Decimal("0.00012")]
    assert priced([strange, *one]) == ["UnrecognizedResponseError", Decimal("0.00012")]
    assert priced([*one, strange]) == [Decimal("0.00012"), "UnrecognizedResponseError"]
    assert priced([strange, strange]) == ["UnrecognizedResponseError"] * 2
    ollama = {"model": "m", "done": True, "response": "x", "prompt_eval_count": 100, "eval_count": 10}
    assert priced([strange, ollama]) == ["UnrecognizedResponseError", Decimal("0.00012")]


def test_a_record_in_the_middle_is_no_piece_of_a_stream():
    """Somebody's record ends the stream before it: 0.00012 of its own."""
    record = {"model": "m", "usage": usage(), "team": "x"}
    assert priced([*anthropic("a")[:2], record])[1:] == [Decimal("0.00012")]


def test_pieces_of_an_unknown_stream_are_kept_in_a_bounded_number(monkeypatch):
    """Beyond that each is an error of its own."""
    monkeypatch.setattr("llmcost.logs.open_streams._MOST_UNTOLD", 3)
    found = priced(cohere_on_bedrock("a"))
    assert found.count("UnrecognizedResponseError") >= 26


def test_streams_at_once_are_bounded(monkeypatch):
    """The oldest is taken for cut off; it is an error that somebody sees, and the others are whole."""
    monkeypatch.setattr("llmcost.logs.open_streams._MOST_OPEN", 2)
    streams = [plain(name, 10, 3) for name in "abcd"]
    assert priced(mixed(*streams)).count(Decimal("0.00012")) >= 2


def whole(identity, output=10, **more):
    choice = {"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}
    response = {"id": identity, "object": "chat.completion", "model": "m", "choices": [choice], "usage": usage(output)}
    return {**response, **more}


def responses(identity):
    used = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    response = {"id": identity, "object": "response", "model": "m", "output": [], "usage": used}
    return [
        {"type": "response.created", "response": {**response, "usage": None}},
        {"type": "response.output_text.delta", "delta": "x"},
        {"type": "response.completed", "response": response},
        response,
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [chunk("a"), chunk("a", finish="stop"), last("a"), whole("a")],
        # A stream that was not asked for a usage states none.
        [chunk("a"), chunk("a", finish="stop"), whole("a")],
        [last("a"), whole("a", usage={**usage(), "prompt_tokens_details": {"cached_tokens": 0}})],
        responses("a"),
    ],
    ids=["chunks", "without a usage", "one chunk", "responses"],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stream_and_the_response_that_was_put_together_from_it(lines, jobs, tmp_path):
    """100 x 1e-06 + 10 x 2e-06, once: both have one id and the same counts. Another call follows."""
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, whole("b")]))
    costs = [call.calculate(cost_map=PRICES).total for call in read_log(path, jobs=jobs)]
    assert costs == [Decimal("0.00012")] * 2


@pytest.mark.parametrize("other", [whole("b"), whole("a", output=11)], ids=["id", "counts"])
def test_a_response_of_another_id_or_with_other_counts_is_another_call(other):
    """Some servers give every response the same id: joining two calls would hide one of them."""
    calls = list(read_log([json.dumps(line) for line in (chunk("a"), last("a"), other)]))
    assert [call.calculate(cost_map=PRICES).usage.quantities["output"] for call in calls] == [
        10,
        other["usage"]["completion_tokens"],
    ]


# Streams that were cut after one chunk: what it states is billed at least.


@pytest.mark.parametrize(
    "cut",
    [
        chunk("a", counters=usage(1)),
        {
            "output": {"finish_reason": "null", "text": "x"},
            "usage": {"input_tokens": 100, "output_tokens": 1, "total_tokens": 101},
            "request_id": "a",
        },
        {"generation": "x", "prompt_token_count": 100, "generation_token_count": 1, "stop_reason": None},
    ],
    ids=["OpenAI", "DashScope", "Bedrock"],
)
@pytest.mark.parametrize("form", ["{}\n", "data: {}\n\n"])
def test_one_chunk_that_says_that_more_come_is_a_lower_bound(cut, form):
    """Also where another call follows. 100 x 1e-6 + 1 x 2e-6."""
    response = {"object": "chat.completion", "model": "m", "choices": [{"message": {}}], "usage": usage()}
    for lines in ([cut], [cut, response]):
        first = next(iter(read_log([form.format(json.dumps(line)) for line in lines])))
        cost = first.calculate(cost_map=PRICES, model="m")
        assert (cost.total, cost.lower_bound, first.chunks) == (Decimal("0.000102"), True, 1)


# What follows a session, and is none of its events.

MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 7, "output_tokens": 3},
}
COUNTERS = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
BEGUN = {"type": "session.created", "event_id": "e0", "session": {"model": "m"}}
LIVE = {"serverContent": {"turnComplete": True}, "usageMetadata": {"promptTokenCount": 100, "responseTokenCount": 10}}
STEP = {"type": "finish-step", "finishReason": "tool-calls", "usage": {"inputTokens": 100, "outputTokens": 10}}


@pytest.mark.parametrize(
    "session", [[BEGUN, turn(1)], [turn(1)], [LIVE], [STEP]], ids=["whole", "turn", "live", "step"]
)
@pytest.mark.parametrize("other", [MESSAGE, COUNTERS], ids=["message", "counters"])
@pytest.mark.parametrize("form", ["{}\n", "data: {}\n\n"])
def test_a_call_that_follows_a_session_is_no_event_of_it(session, other, form):
    """100 x 1e-6 + 10 x 2e-6, and 7 x 1e-6 + 3 x 2e-6 of another API, which had been dropped without a word."""
    lines = [form.format(json.dumps(line)) for line in [*session, other]]
    costs = [call.calculate(cost_map=PRICES, model="m").total for call in read_log(lines)]
    assert costs == [Decimal("0.00012"), Decimal("0.000013")]


def test_another_stream_that_follows_a_session_that_is_over():
    """Copilot's session has an end; the events of OpenAI's API are none of it. 7 x 1e-6 + 3 x 2e-6 each."""
    used = {"inputTokens": 7, "outputTokens": 3, "cacheReadTokens": 0, "cacheWriteTokens": 0}
    metrics = {"m": {"requests": {"count": 1, "cost": 1}, "usage": used}}
    shutdown = {"id": "f", "timestamp": "2026-06-01T00:01:00Z", "type": "session.shutdown"}
    response = {"id": "r", "object": "response", "model": "m", "usage": None}
    events = [
        {**shutdown, "data": {"shutdownType": "routine", "totalPremiumRequests": 1, "modelMetrics": metrics}},
        {"type": "response.created", "response": response},
        {"type": "response.completed", "response": {**response, "usage": COUNTERS}},
    ]
    assert priced(events) == [Decimal("0.000013")] * 2


@pytest.mark.parametrize("events", [[], [turn(1)]], ids=["begun", "with a turn"])
def test_another_stream_while_a_session_is_open(events):
    """A session has no last event, and another API says how its call begins. 10 x 1e-6 + 3 x 2e-6 each."""
    began = {**MESSAGE, "stop_reason": None, "usage": {"input_tokens": 10, "output_tokens": 1}}
    message = [
        {"type": "message_start", "message": began},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    ]
    response = {"id": "r", "object": "response", "model": "m", "usage": None}
    answer = [
        {"type": "response.created", "response": response},
        {"type": "response.output_text.delta", "delta": "x"},
        {
            "type": "response.completed",
            "response": {**response, "usage": {**COUNTERS, "input_tokens": 10, "total_tokens": 13}},
        },
    ]
    for stream in (message, answer):
        assert priced([BEGUN, *events, *stream])[1:] == [Decimal("0.000016")]


def test_the_turns_of_a_session_whose_events_have_no_ids():
    """Some clients leave them out; the response is none of the Responses API. 100 x 1e-6 + 10 x 2e-6."""
    begun = {"type": "response.created", "response": {"object": "realtime.response", "id": "r1", "usage": None}}
    said = {"type": "response.output_text.delta", "response_id": "r1", "delta": "x"}
    events = [BEGUN, begun, said, turn(1)]
    assert priced([{name: event[name] for name in event if name != "event_id"} for event in events]) == [
        Decimal("0.00012")
    ]


def test_a_whole_response_without_answers_is_no_last_chunk():
    """Such as a log keeps that keeps no texts; a server that gives chunks this name has it in all of them."""
    whole = {"object": "chat.completion", "id": "b", "model": "m", "choices": [], "usage": usage()}
    assert priced([*plain("a", 20, 2), whole]) == [Decimal("0.00014"), Decimal("0.00012")]
    named = [{**part, "object": "chat.completion"} for part in (chunk("a"), chunk("a", "", finish="stop"), last("a"))]
    assert priced(named) == [Decimal("0.00012")]
    # A stream that was cut off before it takes nothing of it: it states no usage, and the response 100 and 10 tokens.
    lines = [json.dumps(part) for part in (chunk("b"), chunk("b"), whole)]
    cut, answer = read_log(lines, cost_map=PRICES)
    assert (cut.lines, answer.lines, answer.calculate().total) == ((1, 2), (3,), Decimal("0.00012"))
    with pytest.raises(LLMCostError):
        cut.calculate()
