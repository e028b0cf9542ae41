"""Laws of every reader: nothing is lost or counted twice, and only what was said decides, not how it was said."""

from __future__ import annotations

import copy
import dataclasses
import random
from decimal import Decimal, localcontext
from fractions import Fraction
from math import isnan
from types import SimpleNamespace
from typing import TYPE_CHECKING

from llmcost import Cost, StreamMeter, Usage, read_usage
from llmcost.core.meters import METERS
from tests import responses
from tests.golden import sdk_objects

if TYPE_CHECKING:
    from collections.abc import Callable

EVERYTHING = responses.everything()
# Counters alone are told apart by what stands beside them, so that a form that changes it is another question.
RESPONSES = [example for example in EVERYTHING if read_usage(example.response).dialect not in {"either", "total"}]
STREAMS = [example for example in EVERYTHING if isinstance(example.response, list) and len(example.response) > 1]


def same(one: Cost, two: Cost) -> None:
    """Compare everything that a Cost says."""
    assert one.to_dict() == two.to_dict()
    assert one.usage == two.usage
    assert one == two


def test_there_are_examples_of_everything():
    """The laws hold for what they are tried on: every reader, and streams."""
    assert len(EVERYTHING) > 200
    assert len(STREAMS) > 20
    assert len({read_usage(example.response).dialect for example in EVERYTHING}) >= 25


# The parts add up to what was reported.

# The counters of each way of counting: those that add up to the input, and those that add up to the output.
COUNTERS = {
    "openai": [
        ("prompt_tokens", "citation_tokens", "response.usage.prompt_tokens"),
        ("completion_tokens", "response.usage.completion_tokens"),
    ],
    "conversation": [("prompt_tokens", "connector_tokens"), ("completion_tokens",)],
    "responses": [("input_tokens", "original_usage.input_tokens"), ("output_tokens", "original_usage.output_tokens")],
    "either": [("input_tokens", "tokens_in"), ("output_tokens", "tokens_out")],
    "decisions": [("input_tokens",), ("output_tokens",)],
    "images": [("input_tokens",), ("output_tokens",)],
    "speech": [("input_tokens",), ("output_tokens",)],
    "transcription": [("input_tokens",), ("output_tokens",)],
    "realtime": [("input_tokens",), ("output_tokens",)],
    "langchain": [("input_tokens",), ("output_tokens",)],
    "pydantic_ai": [("input_tokens", "request_tokens"), ("output_tokens", "response_tokens")],
    "cohere": [("input_tokens",), ("output_tokens",)],
    "anthropic": [
        (
            *("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"),
            *("original_usage.input_tokens", "original_usage.cache_read_input_tokens"),
        ),
        ("output_tokens", "original_usage.output_tokens"),
    ],
    "anthropic_session": [
        ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"),
        ("output_tokens",),
    ],
    "deepinfra": [("tokens_input",), ("tokens_generated",)],
    "copilot": [("inputTokens",), ("outputTokens",)],
    "video": [(), ("completion_tokens",)],
    "ai_sdk": [("inputTokens", "tokens"), ("outputTokens",)],
    "otel": [("gen_ai.usage.input_tokens",), ("gen_ai.usage.output_tokens",)],
    "openinference": [
        ("llm.token_count.prompt", "attributes.llm.token_count.prompt", "prompt"),
        ("llm.token_count.completion", "attributes.llm.token_count.completion", "completion"),
    ],
    "mlflow": [("mlflow.chat.tokenUsage.input_tokens",), ("mlflow.chat.tokenUsage.output_tokens",)],
    "traceloop": [("llm.usage.prompt_tokens",), ("llm.usage.completion_tokens",)],
    "llama_index": [
        ("prompt_token_count", "prompt_llm_token_count"),
        ("completion_token_count", "completion_llm_token_count"),
    ],
    "langsmith": [("prompt_tokens",), ("completion_tokens",)],
    "agents": [("input_tokens",), ("output_tokens",)],
    "openrouter_agent": [("inputTokens",), ("outputTokens",)],
    "browser_use": [("total_prompt_tokens",), ("total_completion_tokens",)],
    "usage_report": [
        (
            "uncached_input_tokens",
            "cache_read_input_tokens",
            "ephemeral_1h_input_tokens",
            "ephemeral_5m_input_tokens",
        ),
        ("output_tokens",),
    ],
    "usage_api": [("input_tokens",), ("output_tokens",)],
    "ai_sdk_span": [("ai.usage.inputTokens",), ("ai.usage.outputTokens",)],
    "gemini": [
        (
            "promptTokenCount",
            "toolUsePromptTokenCount",
            "total_input_tokens",
            "total_tool_use_tokens",
            "token_count",
            "tokenCount",
            "original_usage.prompt_token_count",
        ),
        (
            "candidatesTokenCount",
            "responseTokenCount",
            "thoughtsTokenCount",
            "total_output_tokens",
            "total_thought_tokens",
            "original_usage.candidates_token_count",
            "original_usage.thoughts_token_count",
        ),
    ],
    "converse": [
        (
            "inputTokens",
            "cacheReadInputTokens",
            "cacheWriteInputTokens",
            "cacheReadInputTokenCount",
            "cacheWriteInputTokenCount",
            "x-amzn-bedrock-input-token-count",
            "prompt_token_count",
        ),
        ("outputTokens", "x-amzn-bedrock-output-token-count", "generation_token_count"),
    ],
    "bedrock": [
        ("prompt_token_count", "inputTextTokenCount"),
        ("generation_token_count", "tokenCount", "totalOutputTextTokenCount"),
    ],
    "inclusive": [
        (
            *("inputTokenCount", "InputTokenCount", "inputTokens", "promptTokens", "$ai_input_tokens", "input_tokens"),
            *("num_tokens_prompt_total", "tokens_evaluated", "inputTextTokens", "PromptTokens", "prompt_tokens"),
            *("totalInputTokens", "gen_ai.usage.input_tokens"),
        ),
        (
            *("outputTokenCount", "OutputTokenCount", "outputTokens", "completionTokens", "$ai_output_tokens"),
            *("output_tokens", "num_tokens_generated", "tokens_predicted", "total_output_tokens", "CompletionTokens"),
            *("completion_tokens", "totalOutputTokens", "gen_ai.usage.output_tokens"),
        ),
    ],
    "exclusive": [
        (
            *("inputTokenCount", "cacheReadInputTokens", "cacheCreationInputTokens"),
            *("$ai_input_tokens", "$ai_cache_read_input_tokens", "$ai_cache_creation_input_tokens"),
            *("input_tokens", "cache_read_tokens", "cache_write_tokens", "prompt_tokens", "cache_read_input_tokens"),
            *("cacheReadInputTokenCount", "cacheWriteInputTokenCount", "input", "cacheRead", "cacheWrite"),
            *("inputOther", "inputCacheRead", "inputCacheCreation"),
        ),
        ("outputTokenCount", "$ai_output_tokens", "output_tokens", "completion_tokens", "output"),
    ],
    "langfuse": [
        (
            *("input", "input_cached_tokens", "input_text_tokens", "input_audio_tokens"),
            *("cache_read_input_tokens", "cache_creation_input_tokens"),
        ),
        ("output", "output_reasoning_tokens"),
    ],
    "ollama": [("prompt_eval_count",), ("eval_count",)],
    "replicate": [("input_token_count",), ("output_token_count",)],
    "tgi": [("prefill",), ("generated_tokens",)],
    "run": [("prompt_tokens",), ("completion_tokens",)],
    "watsonx": [("input_token_count",), ("generated_token_count",)],
    "xai_sdk": [("prompt_tokens",), ("completion_tokens", "reasoning_tokens")],
    "sonic": [("totalInputTokens",), ("totalOutputTokens",)],
    "dashscope": [("input_tokens",), ("output_tokens",)],
    "autogen": [("prompt_tokens",), ("completion_tokens",)],
    "genkit": [("inputTokens",), ("outputTokens", "thoughtsTokens")],
    "helicone": [("prompt_tokens",), ("completion_tokens",)],
    "new_api_log": [("prompt_tokens",), ("completion_tokens",)],
    "livekit": [("input_tokens",), ("output_tokens",)],
    "pipecat": [("prompt_tokens",), ("completion_tokens",)],
    "openrouter_activity": [
        ("prompt_tokens", "tokens_prompt", "native_tokens_prompt"),
        ("completion_tokens", "tokens_completion", "native_tokens_completion"),
    ],
}
# What is counted inside another count, or beside the call: details, and the parts of other models.
DETAILS = {
    "iterations",
    "svg_usage",
    "tool_usage",
    "usage_breakdown",
    "tokens",
    "total",
    "total_token_usage",
    "cacheDetails",
    "promptTokensDetails",
    "candidatesTokensDetails",
    "responseTokensDetails",
    "cacheTokensDetails",
    "toolUsePromptTokensDetails",
    "amazon-bedrock-invocationMetrics",
    "executed_tools",
    "logprobs",
}


def counters(response: object, names: set[str]) -> list[tuple[str, object]]:
    """Return every counter of these names that a response states, in the order of its text."""
    found = []
    if isinstance(response, list):
        for item in response:
            found += counters(item, names)
    elif isinstance(response, dict):
        for name, value in response.items():
            if name in names and isinstance(value, dict):
                # The AI SDK's models have an object for each side.
                found.append((name, int(value["total"])))
            elif name in names and value is not None:
                # The prompt of a TGI generation is a list of its tokens.
                found.append((name, len(value) if isinstance(value, list) else int(value)))
            elif name not in DETAILS:
                found += counters(value, names)
    return found


def reported(response: object, dialect: str) -> tuple[int, int]:
    """Return what a provider states of input and output, from its counters alone."""
    if dialect == "embeddings":
        stated = dict(counters(response, {"prompt_tokens", "total_tokens", "text_tokens"}))
        order = ("text_tokens", "prompt_tokens", "total_tokens")
        return next(stated[name] for name in order if name in stated), 0
    if dialect == "realtime" and isinstance(response, list):
        # Turns add up; transcripts beside them are those of another model.
        turns = [reported(event, dialect) for event in response if event["type"] == "response.done"]
        return sum(turn[0] for turn in turns), sum(turn[1] for turn in turns)
    if dialect == "gemini" and isinstance(response, list) and counters(response, {"responseTokenCount"}):
        turns = [reported(message, dialect) for message in response]
        return sum(turn[0] for turn in turns), sum(turn[1] for turn in turns)
    if dialect == "anthropic_session" and isinstance(response, list):
        # A sum replaces what was before it, and each request after it is counted on top.
        sums = [place for place, event in enumerate(response) if event["type"] == "session.usage"]
        events = [reported(event, dialect) for event in response[sums[-1] if sums else 0 :]]
        return sum(event[0] for event in events), sum(event[1] for event in events)
    if dialect == "copilot" and isinstance(response, list):
        # The end of a session states the sum of its calls again.
        calls = [reported(event, dialect) for event in response if event["type"] == "assistant.usage"]
        return sum(call[0] for call in calls), sum(call[1] for call in calls)
    if dialect not in COUNTERS:
        return 0, 0
    names = [set(side) for side in COUNTERS[dialect]]
    if dialect in {"anthropic", "anthropic_session"} and not counters(response, {"cache_creation_input_tokens"}):
        names[0] |= {"ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"}
    if dialect == "converse" and not counters(response, {"outputTokens"}):
        names[0] -= {"inputTokens"}
    if dialect == "openrouter_activity" and counters(response, {"native_tokens_prompt"}):
        # The others are counted by one tokenizer for all models, and are not billed.
        names = [{name for name in side if name.startswith("native_")} for side in names]
    found = [counters(response, side) for side in names]
    if dialect == "anthropic" and isinstance(response, list) and not counters(response, {"cache_read_input_tokens"}):
        # Bedrock states in its metrics what the message leaves out.
        metrics = [event.get("amazon-bedrock-invocationMetrics") for event in response]
        found[0] += counters(metrics, {"cacheReadInputTokenCount", "cacheWriteInputTokenCount"})
    if isinstance(response, list) or dialect == "openai":
        # The last value of a stream counts, and two spellings state the same.
        sides = [sum(dict(side).values()) for side in found]
    else:
        sides = [sum(value for _, value in side) for side in found]
    return sides[0], sides[1]


def proved(response: object, dialect: str) -> tuple[int, int]:
    """Return what is reported, with reasoning on top of the output where the provider's total says so."""
    prompt, answer = reported(response, dialect)
    if dialect in {"openai", "responses"}:
        facts = dict(counters(response, {"total_tokens", "reasoning_tokens"}))
        reasoning = facts.get("reasoning_tokens", 0)
        if facts.get("total_tokens") == prompt + answer + reasoning:
            answer += reasoning
    return prompt, answer


def own(usage: Usage) -> Usage:
    """Return the usage of the model itself: turns are its work, and so are the models of a compound system."""
    if usage.quantities or usage.alternatives:
        return usage.replaced(parts=())
    return usage.replaced(parts=tuple(part for part in usage.parts if part.model_keyword is None))


@responses.named(EVERYTHING)
def test_the_parts_add_up_to_what_was_reported(example):
    """Disjoint quantities of the input and of the output hold exactly the tokens that the provider counted."""
    usage = read_usage(example.response)
    found = own(usage)
    assert (found.input_tokens, found.output_tokens) == proved(example.response, usage.dialect)
    assert all(quantity > 0 for part in usage.walk() for quantity in part.quantities.values())


def billed(cost: Cost, side: str) -> Decimal:
    """Return the tokens on the lines of one side."""
    rows = [(METERS[line.meter], line.quantity) for line in cost.line_items if line.meter in METERS]
    return sum((Decimal(str(units)) for row, units in rows if (row.unit, row.side) == ("token", side)), Decimal(0))


@responses.named(EVERYTHING)
def test_the_lines_hold_what_was_used(example):
    """On a card that prices every meter no token is left off the bill, and the amounts add up to the total."""
    cost = example.price(example.response)
    assert cost.unpriced == ()
    if cost.usage.free is None:
        assert billed(cost, "input") == cost.usage.input_tokens
        assert billed(cost, "output") == cost.usage.output_tokens
    for parts in ([line.amount for line in cost.line_items], [cost.input, cost.output, cost.other]):
        # A rate that follows another in proportion may have no finite decimal: each amount has 40 digits then.
        with localcontext() as wide:
            wide.prec = 60
            assert abs(sum(parts, Decimal(0)) - cost.total) <= (0 if cost.exact else cost.total * Decimal("1e-38"))


# A stream in pieces.


def fed(example, chunks: object, *, looks: int = -1):
    """Return what a StreamMeter says of the chunks; ``looks`` is after which of them its cost is read."""
    meter = StreamMeter(cost_map=responses.prices(), **example.options)
    for number, chunk in enumerate(chunks):
        meter.feed(chunk)
        if number == looks:
            assert meter.cost.lower_bound
    return meter.finish()


@responses.named(STREAMS)
def test_a_stream_in_pieces_is_the_stream(example):
    """However it is handed over and wherever its cost is looked at, a stream is one call."""
    chunks = example.response
    whole = example.price(chunks)
    for form in (tuple(chunks), iter(chunks), (chunk for chunk in chunks)):
        same(example.price(form), whole)
    for place in range(-1, len(chunks)):
        same(fed(example, chunks, looks=place), whole)
    meter = StreamMeter(cost_map=responses.prices(), **example.options)
    assert list(meter.watch(iter(chunks))) == chunks
    same(meter.cost, whole)


# The message of the stream has ended before the metrics come: nothing in it says that they will.
AFTER_THE_END = {"anthropic.WITH_METRICS"}


@responses.named([example for example in STREAMS if example.name not in AFTER_THE_END])
def test_a_stream_that_breaks_off_is_a_lower_bound(example):
    """Cut off anywhere, it costs no more than the whole, and says that it is not all, if it is not."""
    whole = example.price(example.response)
    for length in range(len(example.response)):
        meter = StreamMeter(cost_map=responses.prices(), **example.options)
        for chunk in example.response[:length]:
            meter.feed(chunk)
        cost = meter.finish(aborted=True)
        assert cost.total <= whole.total
        assert cost.lower_bound or cost.total == whole.total


# One call in every form.


def namespace(value: object) -> object:
    """Return nested dicts as objects with attributes."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: namespace(inner) for name, inner in value.items()})
    return [namespace(item) for item in value] if isinstance(value, list) else value


def dataclass_of(value: object) -> object:
    """Return nested dicts as instances of dataclasses, where their keys are names."""
    if isinstance(value, dict):
        inner = {name: dataclass_of(item) for name, item in value.items()}
        if not all(name.isidentifier() for name in value):
            return inner
        kind = dataclasses.make_dataclass("Response", [(name, object) for name in value])
        return kind(**inner)
    return [dataclass_of(item) for item in value] if isinstance(value, list) else value


class Record(dict):
    """A mapping that is no dict of its own: what ORMs and clients return."""


def record(value: object) -> object:
    if isinstance(value, dict):
        return Record({name: record(item) for name, item in value.items()})
    return [record(item) for item in value] if isinstance(value, list) else value


@responses.named(RESPONSES)
def test_an_object_is_its_dict(example):
    """Attributes, dataclasses and other mappings say what the dict says."""
    expected = example.price(example.response)
    for form in (namespace, dataclass_of, record):
        same(example.price(form(example.response)), expected)


def as_numbers(value: object, made: Callable[[str], object], kinds: tuple[type, ...]) -> object:
    """Return a response with the numbers of these kinds as numbers of another type."""
    if isinstance(value, dict):
        return {name: as_numbers(inner, made, kinds) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_numbers(item, made, kinds) for item in value]
    is_number = type(value) in kinds and not isnan(value)  # NaN is an empty cell
    return made(repr(value)) if is_number else value


class Whole(int):
    """A number of a class of its own."""


# ``json.loads(..., parse_float=Decimal)``, a database that hands out decimals alone, a table of floats, an own class.
NUMBERS = {
    "decimals": (Decimal, (float,)),
    "decimals alone": (Decimal, (int, float)),
    "floats": (float, (int,)),
    "own class": (Whole, (int,)),
    "fractions": (Fraction, (int, float)),
}


@responses.named(EVERYTHING)
def test_numbers_of_another_type_are_the_same_numbers(example):
    """The sum, the stated cost, the day of the prices and every note are those of the response as JSON has it."""
    expected = example.price(example.response)
    for name, (made, kinds) in NUMBERS.items():
        found = example.price(as_numbers(example.response, made, kinds))
        assert found.as_integer_ratio() == expected.as_integer_ratio(), name
        assert found.reported == expected.reported, name
        assert found.usage.at == expected.usage.at, name
        assert {note.code for note in found.notes} == {note.code for note in expected.notes}, name
        assert (found.complete, found.basis) == (expected.complete, expected.basis), name


@responses.named([example for example in responses.golden() if sdk_objects.supports(example.case)])
def test_the_object_of_an_sdk_is_its_dict(example):
    """What the provider's own SDK makes of a response is read as the response."""
    found, expected = example.price(sdk_objects.build(example.case)), example.price(example.response)
    assert found.line_items == expected.line_items
    assert found.notes == expected.notes
    # An SDK may have parsed a time, and that of embeddings drops what proves Vertex AI.
    unsaid = {"at": None, "provider": None} if example.flavour == "predict.embeddings" else {"at": None}
    assert found.usage.replaced(**unsaid) == expected.usage.replaced(**unsaid)


def chat_chunks(response):
    """Return the chunks of a completion: one with text, the one that ends it, and the one with its usage."""
    base = {**response, "object": "chat.completion.chunk", "usage": None}
    said = "Hi" if (response.get("usage") or {}).get("completion_tokens") else ""
    parts = [{"delta": {"content": said}, "finish_reason": None}], [{"delta": {}, "finish_reason": "stop"}]
    # What the server executed stands in the message.
    done = [{**choice, "finish_reason": "stop"} for choice in response["choices"]]
    return [
        {**base, "choices": parts[0]},
        {**base, "choices": done},
        {**base, **response, "choices": [], "object": "chat.completion.chunk"},
    ]


def message_events(response):
    counters = response["usage"]
    start = {**response, "stop_reason": None, "content": [], "usage": {**counters, "output_tokens": 1}}
    delta = {name: counters.get(name) for name in ("output_tokens", "iterations", "input_tokens", "speed")}
    return [
        {"type": "message_start", "message": start},
        *({"type": "content_block_start", "index": n, "content_block": b} for n, b in enumerate(response["content"])),
        {"type": "message_delta", "delta": {"stop_reason": response["stop_reason"]}, "usage": delta},
        {"type": "message_stop"},
    ]


def response_events(response):
    begun = {**response, "usage": None, "output": [], "status": "in_progress"}
    return [
        {"type": "response.created", "sequence_number": 0, "response": begun},
        {"type": "response.output_text.delta", "sequence_number": 1, "delta": "Hi"},
        {"type": "response.completed", "sequence_number": 2, "response": response},
    ]


def gemini_chunks(response):
    counters = {**response["usageMetadata"]}
    # Totals run: the first chunk has not counted the answer yet.
    begun = {name: counters[name] for name in ("promptTokenCount", "trafficType") if name in counters}
    first = [{"content": {"parts": [{"text": "H"}], "role": "model"}, "index": 0}]
    return [{**response, "candidates": first, "usageMetadata": begun}, response]


def converse_events(response):
    about = {name: response[name] for name in ("usage", "metrics", "trace", "serviceTier") if name in response}
    return [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"delta": {"text": "Hi"}, "contentBlockIndex": 0}},
        {"messageStop": {"stopReason": response["stopReason"]}},
        {"metadata": about},
    ]


def ollama_chunks(response):
    begun = {name: response[name] for name in ("model", "created_at", "response", "message") if name in response}
    return [{**begun, "done": False}, response]


def cohere_events(response):
    if "meta" in response:
        return [{"event_type": "stream-start"}, {"event_type": "stream-end", "response": response}]
    delta = {"finish_reason": "COMPLETE", "usage": response["usage"]}
    return [{"type": "message-start", "delta": {"message": {}}}, {"type": "message-end", "delta": delta}]


# The whole responses of each API that streams, and its stream.
STREAMED = {
    "chat.completions": chat_chunks,
    "chat.complete": chat_chunks,
    "messages": message_events,
    "beta.messages": message_events,
    "responses": response_events,
    "generateContent": gemini_chunks,
    "converse": converse_events,
    "generate": ollama_chunks,
    "chat": ollama_chunks,
    "v1.chat": cohere_events,
    "v2.chat": cohere_events,
}


@responses.named([example for example in responses.golden() if example.flavour in STREAMED])
def test_a_stream_is_its_response(example):
    """The same call, streamed in the API's own events, is the same usage and the same bill."""
    chunks = STREAMED[example.flavour](example.response)
    same(example.price(chunks), example.price(example.response))


# Only what is said decides.


def permuted(value: object, order) -> object:
    """Return a response with the keys of every object in another order."""
    if isinstance(value, dict):
        names = order(list(value))
        return {name: permuted(value[name], order) for name in names}
    return [permuted(item, order) for item in value] if isinstance(value, list) else value


def shuffled(seed: int):
    random_ = random.Random(seed)
    return lambda names: random_.sample(names, len(names))


ORDERS = {"backwards": lambda names: names[::-1], "sorted": sorted, **{f"by {n}": shuffled(n) for n in (1, 2, 3)}}


@responses.named(RESPONSES)
def test_the_order_of_keys_changes_nothing(example):
    """An object has no order: not even the lines of the bill stand otherwise."""
    expected = example.price(example.response)
    for name, order in ORDERS.items():
        found = example.price(permuted(example.response, order))
        same(found, expected)
        assert list(found.usage.quantities) == list(expected.usage.quantities), name


EXTRAS = {
    "x_new_text": "new",
    "x_new_list": [1, {"x_new": None}],
    "x_new_object": {"x_new_tokens": 7, "total": 9, "nested": {"usage_like": {"tokens": 5}}},
    "x_new_null": None,
    "x_new_flag": True,
    "x_new_tokens": 3,
}
# Here every key is a thing that is counted: one without a meter is an error or a note, and never passed over.
OPEN = {"billed_units", "connectors"}


def extended(value: object, name: str = "") -> object:
    """Return a response with fields at every level that no reader knows."""
    if isinstance(value, dict):
        inner = {key: extended(item, key) for key, item in value.items()}
        # In front, so that a reader that takes the first of something takes the wrong one.
        return inner if name in OPEN else {**EXTRAS, **inner}
    return [extended(item) for item in value] if isinstance(value, list) else value


def _with_counts(usage):
    """Return a usage and those of its parts that count something."""
    return [part for part in usage.walk() if part is usage or part.quantities]


@responses.named(RESPONSES)
def test_unknown_fields_change_nothing(example):
    """APIs grow: what nobody knows yet neither adds a token nor hides the shape; among counters it is noted."""
    found, expected = example.price(extended(example.response)), example.price(example.response)
    assert found.line_items == expected.line_items
    assert {note for note in found.notes if "x_new" not in note} == set(expected.notes)
    # A model that did nothing is a part of its own once it has a counter that nobody knows.
    for one, two in zip(*map(_with_counts, (found.usage, expected.usage)), strict=True):
        assert all("x_new" in name for name in one.unread.keys() - two.unread.keys())
        assert one.replaced(unread={}, notes=(), parts=()) == two.replaced(unread={}, notes=(), parts=())


@responses.named(EVERYTHING)
def test_reading_is_pure(example):
    """The response is as it was, and what it says is the same every time."""
    before = copy.deepcopy(example.response)
    usage, again = read_usage(example.response), read_usage(example.response)
    example.price(example.response).explain()
    assert usage == again == read_usage(example.response)
    assert list(usage.quantities.items()) == list(again.quantities.items())
    assert repr(example.response) == repr(before)
    # Nothing of a usage is shared with the next one.
    for part in again.walk():
        part.quantities["input"] = 10**9
    assert read_usage(example.response) == usage
