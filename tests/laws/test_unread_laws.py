"""Laws of what a reader does not know: a counter is read, ignored for a reason, or named as not understood."""

from __future__ import annotations

import copy

import pytest

from llmcost import LLMCostError, Usage, read_usage
from llmcost.readers.dialects import USAGE_HINTS, with_dialects
from llmcost.readers.known import BY_OBJECT, COMMON, discovered, find_reader
from llmcost.readers.unknown import IGNORED_BEGINNINGS, IGNORED_ENDS, IGNORED_MIDDLES, ignored_anywhere
from tests import responses

from .more_shapes import MORE

READERS = (*COMMON, *discovered())
EXAMPLES = [example for example in responses.everything() if isinstance(example.response, (dict, list))]
# Names that the reader notes by itself, and what is inside another count or replaced by a later one.
NOTED_APART = {
    "connectors": "a connector without a fee is one's own, which a note says",
    "inputCacheMissTokens": "what the cache leaves of the input",
    "outputTextTokens": "what reasoning leaves of the output",
}
INSIDE = {
    "iterations": "turns of the model itself are inside the counts at the top",
    "TEXT": "what its other modalities leave of a count is text",
    "text": "what its other modalities leave of a count is text",
    "DOCUMENT": "documents are text",
    "noCache": "what the cache leaves of the input",
}
# What an example states a second time, by the name of the example and a key on the way there.
AGAIN = {
    ("copilot_events.EVENTS", "modelMetrics"): "the sums of the calls before it, each of which is counted",
    ("genkit.RESPONSE", "custom"): "the answer of the provider as it came, whose counters the usage repeats",
    ("spring_ai.RESPONSE", "usage"): "the sums that the framework made of the provider's usage, which stands in them",
    ("voyage-multimodal-pixels", "total_tokens"): "560 pixels are a token of it, and are billed as pixels",
    ("openai_embeddings.MULTIMODAL", "total_tokens"): "560 pixels are a token of it, and are billed as pixels",
    ("browser_use.HISTORY", "by_model"): "the row of the only model, which repeats the sums above it",
    ("browser_use.HISTORY", "entry_count"): "how many calls are added up, which is more than one as before",
    ("dashscope.SEEN", "image_tokens"): "the details of the input say it again",
    ("xai_sdk.SDK", "prompt_text_tokens"): "what the images leave of the prompt",
    ("xai_tools.CHAT", "num_sources_used"): "the calls of the search are counted beside it, and are what is sold",
}
# Where counters stand, whatever API it is.
HOLDERS = frozenset({"usage", "usageMetadata", "usage_metadata", "usage_info", "billed_units"})


def blocks_of(reader):
    """Return every block of a reader, inner ones too, by where it stands."""
    if isinstance(reader.blocks, str):
        return {}
    waiting = [*reader.blocks.items()]
    found = {}
    while waiting:
        place, block = waiting.pop()
        found[place] = block
        waiting += [(f"{place}.{name}", inner) for name, inner in block.inner.items()]
    return found


@pytest.mark.parametrize("reader", READERS, ids=[reader.name for reader in READERS])
def test_every_reader_states_its_names(reader):
    """It says where its counters stand and what they are called, or in words why it has none; reasons are words."""
    if isinstance(reader.blocks, str):
        assert len(reader.blocks.split()) > 3
        return
    assert reader.blocks
    for block in blocks_of(reader).values():
        assert block.names or block.view or block.also
        assert block.read.isdisjoint(block.ignored)
        assert block.inner.keys().isdisjoint(block.read | block.ignored.keys())
        assert all(len(why.split()) > 1 for why in block.ignored.values())


def test_what_is_ignored_everywhere_has_a_reason():
    """Measured speed, limits and money are no counters, whoever sends them."""
    for table in (IGNORED_ENDS, IGNORED_MIDDLES, IGNORED_BEGINNINGS):
        assert all(len(why.split()) > 2 for why in table.values())
    assert ignored_anywhere("queue_time")
    assert ignored_anywhere("firstByteLatency")
    assert ignored_anywhere("max_tokens")
    assert ignored_anywhere("total_cost")
    assert not ignored_anywhere("audio_tokens")
    assert not ignored_anywhere("seconds")


def test_what_is_ignored_everywhere_is_so_below_an_unknown_name():
    """A gateway's estimate of a cost in an object of its own is money; a counter beside it is noted."""
    counters = {"input_tokens": 14, "output_tokens": 10, "gateway": {"cost_estimate": 0.0002, "zzz_tokens": 7}}
    usage = read_usage({"type": "message", "role": "assistant", "content": [], "model": "m", "usage": counters})
    assert unread(usage) == {"gateway.zzz_tokens": 7}


def numbers(value, place=()):
    """Yield where every count above 0 stands in a response."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*place, index))
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        yield place


def holders(value, place=()):
    """Yield where every object stands that holds counters by its name, and the objects inside it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in HOLDERS and isinstance(inner, dict):
                yield (*place, key)
                yield from objects(inner, (*place, key))
            else:
                yield from holders(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from holders(inner, (*place, index))


def objects(value, place):
    """Yield where every object inside another stands."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict):
            yield (*place, key)
        if isinstance(inner, (dict, list)):
            yield from objects(inner, (*place, key))


def at(value, place):
    """Return what stands at a place of a response."""
    for key in place:
        value = value[key]
    return value


def changed(response, place, change):
    """Return a copy of a response in which the object at a place was changed."""
    found = copy.deepcopy(response)
    change(at(found, place))
    return found


def unread(usage: Usage):
    """Return everything that was not understood, in parts too."""
    return {name: value for part in usage.walk() for name, value in part.unread.items()}


def ignored(response, path):
    """Return why the reader of a response ignores what stands at a path of it; None if it does not."""
    for _, _, block, place in told_places(response):
        if path[: len(place)] == place:
            held, whole = at(response, place), response[place[0]] if isinstance(response, list) else response
            if block.also is not None and isinstance(held, dict):
                block = block.also(block, whole, held)  # noqa: PLW2901 - the same place, with more names
            why = ignored_below(block, path[len(place) :])
            if why is not None:
                return why
    names = [key for key in path if isinstance(key, str)]
    return next((why for name in names if (why := ignored_anywhere(name) or NOTED_APART.get(name))), None)


def ignored_below(block, names):
    """Return why a block ignores what stands under these names in it; None if it does not."""
    for name in names:
        if name in block.ignored:
            return block.ignored[name]
        block = block if isinstance(name, int) else block.inner.get(name)
        if block is None:
            return None
    return None


def inside(response, path):
    """Return why a counter says nothing by itself: it is inside another, or a later event of a stream replaces it."""
    row = at(response, path[:-1])
    words = [*path, *(row.values() if isinstance(row, dict) else ())]
    if isinstance(response, list):
        later = [place for chunk in range(path[0] + 1, len(response)) for place in numbers(response[chunk])]
        if any(place[-1] == path[-1] for place in later):
            return "a later event states it again"
    return next((INSIDE[word] for word in words if isinstance(word, str) and word in INSIDE), None)


def raised(held, name):
    """Add one to a number in an object."""
    held[name] += 1


def outcome(response):
    """Return what a response states, or nothing where that contradicts itself."""
    try:
        return read_usage(response).to_dict()
    except LLMCostError:
        return None


def again(example, path):
    """Return why an example states a second time what stands at a path of it; None where it does not."""
    return next((why for (name, key), why in AGAIN.items() if name == example.name and key in path), None)


@responses.named(EXAMPLES)
def test_an_unknown_counter_is_noted(example):
    """``zzz_tokens: 7`` in any object of counters is in ``unread``, has a note by its name, and is a lower bound."""
    for place in holders(example.response):
        if ignored(example.response, place) or again(example, place):
            continue
        found = read_usage(changed(example.response, place, lambda block: block.update(zzz_tokens=7)))
        names = {name for name in unread(found) if name.endswith("zzz_tokens")}
        assert names, (example.name, place)
        assert {note.about for part in found.walk() for note in part.notes if note.code == "not_understood"} >= names


def stands(value, keys, place=()):
    """Yield every place of a response at which an object stands below these keys, in the rows of lists too."""
    if isinstance(value, list):
        for index, row in enumerate(value):
            yield from stands(row, keys, (*place, index))
    elif isinstance(value, dict) and keys:
        if keys[0] in value:
            yield from stands(value[keys[0]], keys[1:], (*place, keys[0]))
    elif isinstance(value, dict):
        yield place


def reader_of(response):
    """Return the reader of a whole response, as the door finds it; None for counters alone."""
    named = BY_OBJECT.get(response.get("object"))
    return named if named is not None else next((one for one in READERS if one.recognises(response)), None)


def told_places(response):
    """Yield the reader of a response, or of a chunk of a stream, with each of its blocks: its keys, and where it is."""
    streamed = isinstance(response, list)
    for index, part in enumerate(response) if streamed else [(None, response)]:
        if not isinstance(part, dict):
            continue
        reader = find_reader(part) if streamed else reader_of(part)
        if reader is None:
            continue
        below = False
        for keys, block in reader.events if streamed else reader.places:
            # The top is looked at where nothing stands below it.
            for place in stands(part, keys) if keys or not below else ():
                below = True
                yield reader.name, keys, block, place if index is None else (index, *place)


# What an unknown counter is called where the reader knows its counters by their names alone.
CALLED = {"LlamaIndex": "zzz_token_count", "OpenTelemetry span": "gen_ai.usage.zzz_tokens"}


def is_noted(response, place, name):
    """Return whether a count of 7 under a name in the object at a place is named; None where it is an error."""
    try:
        found = read_usage(changed(response, place, lambda held: held.update({name: 7})))
    except LLMCostError:
        return None
    return any(told.endswith(name) for told in unread(found))


def test_an_unknown_counter_is_noted_wherever_a_reader_looks():
    """Whatever its counters are called, as the reader itself states; each place of each reader has an example.

    A block that looks for its counters by itself has them in some object at its place.
    """
    tried = set()
    for response in (*(example.response for example in EXAMPLES), *MORE):
        for reader, keys, block, place in told_places(response):
            held, name = at(response, place), CALLED.get(reader, f"{block.prefix}zzz_tokens")
            if block.view is not None and block.view(held) == []:
                continue  # a trace without counters
            inside = objects(held, place) if block.view is not None else ()
            said = {is_noted(response, where, name) for where in (place, *inside)}
            if said != {None}:
                assert True in said, (response, reader, keys)
                tried.add((reader, keys))
    assert tried == {(reader.name, keys) for reader in READERS for keys, _ in (*reader.places, *reader.events)}


@responses.named(EXAMPLES)
def test_no_counter_is_passed_over(example):
    """Raising any number among the counters changes the usage, or it is named, or ignored for a reason."""
    before = outcome(example.response)
    for holder in holders(example.response):
        for path in numbers(at(example.response, holder), holder):
            after = outcome(changed(example.response, path[:-1], lambda held, path=path: raised(held, path[-1])))
            reasons = ignored(example.response, path), inside(example.response, path), again(example, path)
            assert after != before or any(reasons), path


@pytest.mark.parametrize(("name", "key"), AGAIN)
def test_what_is_stated_again_needs_its_reason(name, key):
    """Without it the law above would not hold for the example."""
    example = next(example for example in EXAMPLES if example.name == name)
    before = outcome(example.response)
    paths = [path for holder in holders(example.response) for path in numbers(at(example.response, holder), holder)]
    assert any(
        key in path
        and not ignored(example.response, path)
        and outcome(changed(example.response, path[:-1], lambda held, path=path: raised(held, path[-1]))) == before
        for path in paths
    )


# Where the names of dialects are known, they are read: each place, with a response that has counters there.
COUNTED = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
SHARED = {
    "chat": ({"object": "chat.completion", "model": "m", "choices": [], "usage": COUNTED}, ("usage",)),
    "groq": (
        {"object": "chat.completion", "model": "m", "choices": [], "x_groq": {"usage": COUNTED}},
        ("x_groq", "usage"),
    ),
    "batch": ({"object": "batch", "model": "m", "status": "completed", "usage": COUNTED}, ("usage",)),
    "embeddings": (
        {"object": "list", "model": "m", "data": [], "usage": {"prompt_tokens": 1000, "total_tokens": 1000}},
        ("usage",),
    ),
    "images": (
        {
            "created": 1,
            "data": [{"url": "x"}],
            "usage": {"input_tokens": 1000, "output_tokens": 9, "total_tokens": 1009},
        },
        ("usage",),
    ),
    "bare": (COUNTED, ()),
}


def test_all_places_of_dialects_are_tried():
    """A block that takes the names of dialects belongs to one of them."""
    places = {
        (reader.name, place)
        for reader in READERS
        for place, block in blocks_of(reader).items()
        if block.also is with_dialects
    }
    assert places == {
        ("OpenAI Batches", "usage"),
        ("OpenAI Chat Completions", "usage"),
        ("OpenAI Chat Completions", "x_groq.usage"),
        ("OpenAI Embeddings", "usage"),
        ("OpenAI Images", "usage"),
    }


# What stands under a name that holds no number.
OTHERS = {
    "service_tier": "flex",
    "inference_geo": "us",
    "speed": "fast",
    "prompt_token_details": {"cached_tokens": 7},
    "server_tool_use": {"web_search_requests": 7},
    "server_tool_use_details": {"web_search_requests": 7},
    "server_side_tool_usage_details": {"web_search_calls": 7},
    "search_context_size": "high",
}
# Words about counters that these responses do not have: in which sense the cache is counted.
WORDS = {"usage_semantic"}


@pytest.mark.parametrize("name", sorted(USAGE_HINTS - WORDS))
@pytest.mark.parametrize(("response", "place"), SHARED.values(), ids=SHARED)
def test_the_name_of_a_dialect_is_known_only_where_it_is_read(response, place, name):
    """A count of 7 under it changes what is said of the call, or is an error."""
    before = read_usage(response)
    try:
        after = read_usage(changed(response, place, lambda counters: counters.update({name: OTHERS.get(name, 7)})))
    except LLMCostError:
        return
    reported = (before.reported, after.reported)
    assert (
        after.to_dict() != before.to_dict() or reported[0] != reported[1] or after.alternatives != before.alternatives
    )


TOTALS = frozenset({"total_tokens", "totalTokenCount", "totalTokens", "total_token_count"})
# Totals that hold more than the counters beside them, or that a later one replaces, by the name of the example.
NOT_CHECKED = {
    "openai-compat-stream-cumulative-usage-every-chunk": "a later chunk states it anew",
    "gemini-stream-cumulative": "a later chunk states it anew",
    "gemini-stream-last-chunk-without-usage": "a later chunk states it anew",
    "mistral-voxtral-chat-audio-seconds": "the tokens of the audio are in the total alone, and its seconds are billed",
    "mistral_transcription.BODY": "the tokens of the audio are in the total alone, and its seconds are billed",
    "mistral_transcription.EVENTS": "the tokens of the audio are in the total alone, and its seconds are billed",
    "voyage-multimodal-pixels": "the total counts pixels as tokens too",
    "openai_embeddings.MULTIMODAL": "the total counts pixels as tokens too",
    "browser_use.HISTORY": "a sum that the framework has added up itself",
    "ai_sdk_stream.ONE": "the last part states it anew",
    "dashscope.STREAM": "a later event states it anew",
    "spring_ai.RESPONSE": "a sum that the framework has added up itself",
    "litellm_realtime.LOGGED": "a sum that the framework has added up itself",
}


@responses.named([example for example in EXAMPLES if example.name not in NOT_CHECKED])
def test_a_total_above_its_parts_is_never_passed_over(example):
    """Raised by 1000 it is a doubt, counts, or is an error."""
    before = read_usage(example.response)
    for place in numbers(example.response):
        if place[-1] not in TOTALS or HOLDERS.isdisjoint(key for key in place if isinstance(key, str)):
            continue
        raised = {place[-1]: at(example.response, place) + 1000}
        try:
            after = read_usage(changed(example.response, place[:-1], lambda held, raised=raised: held.update(raised)))
        except LLMCostError:
            continue
        doubts = {note.code for part in after.walk() for note in part.notes} & {"total_above"}
        counts = [part.quantities for part in after.walk()] != [part.quantities for part in before.walk()]
        assert doubts or counts or unread(after), place


def test_what_is_not_checked_is_an_example():
    """Each by its name, with a reason."""
    assert NOT_CHECKED.keys() <= {example.name for example in EXAMPLES}
