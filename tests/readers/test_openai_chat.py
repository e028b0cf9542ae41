"""Chat Completions: subsets are taken out once, and a stream's last usage counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from llmcost.readers.openai_chat_stream import Stream

from .billing import bill, lines

BODY = {"id": "x", "object": "chat.completion", "created": 1741569952, "model": "gpt-4o-2024-08-06", "choices": []}


def body(**counters):
    return {**BODY, "usage": counters}


def chunk(usage=None, finish=None, **more):
    choices = [{"index": 0, "delta": {}, "finish_reason": finish}]
    return {"object": "chat.completion.chunk", "model": "m", "choices": choices, "usage": usage, **more}


USAGE = {"prompt_tokens": 50, "completion_tokens": 3, "total_tokens": 53}


def test_every_detail():
    """Cached, written, audio, image and video tokens are inside the prompt; reasoning and media inside the answer."""
    usage = read_usage(
        body(
            prompt_tokens=1000,
            completion_tokens=500,
            total_tokens=1500,
            prompt_tokens_details={
                "cached_tokens": 100,
                "cache_write_tokens": 200,
                "audio_tokens": 30,
                "image_tokens": 40,
                "video_tokens": 50,
                "text_tokens": 880,
            },
            completion_tokens_details={
                "reasoning_tokens": 60,
                "audio_tokens": 70,
                "image_tokens": 80,
                "video_tokens": 90,
            },
        )
    )
    assert usage.quantities == {
        "input": 580,
        "cache_read": 100,
        "cache_write": 200,
        "input_audio": 30,
        "input_image": 40,
        "input_video": 50,
        "output": 200,
        "reasoning": 60,
        "output_audio": 70,
        "output_image": 80,
        "output_video": 90,
    }
    assert (usage.input_tokens, usage.output_tokens, usage.context) == (1000, 500, 1000)


@pytest.mark.parametrize("details", [None, {}, {"cached_tokens": None}, {"cached_tokens": 0, "audio_tokens": 0}])
def test_missing_details_are_none(details):
    """Absent, null and 0 are the same for a detail."""
    usage = read_usage(body(prompt_tokens=10, completion_tokens=5, prompt_tokens_details=details))
    assert usage.quantities == {"input": 10, "output": 5}


def test_one_counter_in_two_spellings():
    """LiteLLM states written tokens under up to three names; they are written once."""
    details = {"cache_write_tokens": 20, "cache_creation_tokens": 20, "cache_creation_input_tokens": 20}
    usage = read_usage(body(prompt_tokens=100, completion_tokens=5, prompt_tokens_details=details))
    assert usage.quantities == {"input": 80, "cache_write": 20, "output": 5}


def test_searches_among_the_details_are_no_tokens():
    """LiteLLM puts the searches of a grounded prompt there; they leave the prompt as it is."""
    details = {"cached_tokens": 40, "web_search_requests": 3, "google_maps_grounding_requests": 2}
    usage = read_usage(body(prompt_tokens=100, completion_tokens=5, total_tokens=105, prompt_tokens_details=details))
    assert usage.quantities == {"input": 60, "cache_read": 40, "output": 5, "web_searches": 3, "maps_queries": 2}
    assert usage.notes == ()


def test_cached_audio_is_text_first():
    """Where cached tokens and audio overlap, text was cached first and the rest is audio, which a note says."""
    details = {"cached_tokens": 80, "audio_tokens": 50}
    usage = read_usage(body(prompt_tokens=100, completion_tokens=5, prompt_tokens_details=details))
    assert usage.quantities == {"cache_read": 50, "cache_read_audio": 30, "input_audio": 20, "output": 5}
    assert "text first" in usage.notes[0]


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        # 50 of the prompt are text, so 30 of the 80 that were written are audio, which has a price for it.
        (
            {"cache_write_tokens": 80, "audio_tokens": 50},
            lines(("cache_write", 50, "0.0001"), ("input_audio", 20, "0.0002"), ("cache_write_audio", 30, "0.00009")),
        ),
        # No medium but audio has a price of its own for writing: all 80 are written at one rate.
        (
            {"cache_write_tokens": 80, "image_tokens": 50},
            lines(("cache_write", 80, "0.00016"), ("input_image", 20, "0.0001")),
        ),
        # Reading has one for images.
        (
            {"cached_tokens": 80, "image_tokens": 50},
            lines(("cache_read", 50, "0.00002"), ("input_image", 20, "0.0001"), ("cache_read_image", 30, "0.000021")),
        ),
    ],
)
def test_cached_tokens_that_overflow_into_media(details, expected):
    """Quantity x rate, in USD per million: written 2, written audio 3, audio 10, image 5, read 0.4 and 0.7."""
    row = {
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 0,
        "input_cost_per_audio_token": 1e-05,
        "input_cost_per_image_token": 5e-06,
        "cache_read_input_token_cost": 4e-07,
        "cache_read_input_image_token_cost": 7e-07,
        "cache_creation_input_token_cost": 2e-06,
        "cache_creation_input_audio_token_cost": 3e-06,
    }
    counters = {"prompt_tokens": 100, "completion_tokens": 0, "prompt_tokens_details": details}
    assert sorted(bill(row, body(**counters))) == sorted(expected)


def test_cached_audio_that_is_stated():
    """What LiteLLM says of the cached tokens decides which of them are audio: 0.0003 + 0.001 + 0.00002 + 0.0004."""
    counters = {
        "prompt_tokens": 1000,
        "completion_tokens": 0,
        "prompt_tokens_details": {
            "cached_tokens": 600,
            "text_tokens": 500,
            "audio_tokens": 500,
            "cached_tokens_details": {"text_tokens": 200, "audio_tokens": 400},
        },
    }
    usage = read_usage(body(**counters))
    assert usage.quantities == {"input": 300, "cache_read": 200, "input_audio": 100, "cache_read_audio": 400}
    rates = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_audio_token": 1e-05,
        "cache_read_input_token_cost": 1e-07,
        "cache_read_input_audio_token_cost": 1e-06,
    }
    assert CostMap({"m": rates}).calculate(usage=usage, model="m").total == Decimal("0.00172")


@pytest.mark.parametrize("split", [{"audio_tokens": 601}, {"audio_tokens": 501}, {"image_tokens": 1}])
def test_cached_media_that_exceed_what_was_sent(split):
    """More audio cannot be cached than was sent, or than was cached at all."""
    details = {"cached_tokens": 600, "audio_tokens": 500, "cached_tokens_details": split}
    with pytest.raises(InconsistentUsageError, match="cached_tokens_details"):
        read_usage(body(prompt_tokens=1000, completion_tokens=0, prompt_tokens_details=details))


def test_the_total_proves_reasoning_on_top():
    """10 + 5 + 7 = 22, so that the 7 are not among the 5; without the 22 the 5 are all that is billed."""
    details = {"reasoning_tokens": 7}
    usage = read_usage(body(prompt_tokens=10, completion_tokens=5, total_tokens=22, completion_tokens_details=details))
    assert usage.quantities == {"input": 10, "output": 5, "reasoning": 7}
    assert "total_tokens proves" in usage.notes[0]
    usage = read_usage(body(prompt_tokens=10, completion_tokens=5, total_tokens=15, completion_tokens_details=details))
    assert usage.quantities == {"input": 10, "reasoning": 5}


@pytest.mark.parametrize(
    ("counters", "name"),
    [
        ({"prompt_tokens": 10.5, "completion_tokens": 1}, "prompt_tokens"),
        ({"prompt_tokens": 10, "completion_tokens": 1.5}, "completion_tokens"),
        ({"prompt_tokens": 10, "total_tokens": 12.5}, "total_tokens"),
        ({"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11.5}, "total_tokens"),
    ],
)
def test_a_count_that_is_none_is_named(counters, name):
    """Half a token is no count, and the error says of which counter."""
    with pytest.raises(InconsistentUsageError, match=rf"^{name}=1[0-9.]+ is not a whole number") as caught:
        read_usage(body(**counters))
    assert caught.value.parts == {name: counters[name]}


def test_a_total_that_merely_differs():
    """It is a note and no error; where it is more than the sum, something was used that nothing else states."""
    for total, code in ((16, "total_above"), (14, "total_differs")):
        usage = read_usage(body(prompt_tokens=10, completion_tokens=5, total_tokens=total))
        assert usage.quantities == {"input": 10, "output": 5}
        assert [note.code for note in usage.notes] == [code]


@pytest.mark.parametrize("usage", [None, {}])
def test_no_usage(usage):
    """A completion without a usage is an error that names the option of streams."""
    with pytest.raises(MissingUsageError):
        read_usage({**BODY, "usage": usage})


def test_facts():
    """Model, tier and time stand at the top of the response; what is no text there is not taken."""
    usage = read_usage({**body(**USAGE), "service_tier": "flex"})
    assert (usage.model, usage.service_tier, usage.at) == ("gpt-4o-2024-08-06", "flex", 1741569952)
    usage = read_usage({**body(**USAGE), "service_tier": ["flex"], "model": 4})
    assert (usage.model, usage.service_tier) == (None, None)


def test_completion_of_old():
    """A legacy completion is read the same way, with or without its object field."""
    legacy = {"object": "text_completion", "model": "m", "choices": [{"text": "x"}], "usage": USAGE}
    assert read_usage(legacy).quantities == {"input": 50, "output": 3}
    assert read_usage({**legacy, "object": None}) == read_usage(legacy)


def test_the_last_usage_counts():
    """Chunks that repeat the usage are cumulative, and a later null erases nothing."""
    stream = [chunk({**USAGE, "completion_tokens": 1, "total_tokens": 51}), chunk(USAGE, "stop"), chunk()]
    usage = read_usage(stream)
    assert (usage.quantities, usage.partial) == ({"input": 50, "output": 3}, False)


@pytest.mark.parametrize(
    "later",
    [
        {
            "prompt_tokens": 0,
            "completion_tokens": 20,
            "total_tokens": 20,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
        {"completion_tokens": 20},
        {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70},
    ],
)
def test_what_an_earlier_chunk_stated_stands(later):
    """Gateways state the prompt first and the answer last: 10 fresh and 40 cached tokens, 20 of the answer."""
    first = {"prompt_tokens": 50, "completion_tokens": 0, "total_tokens": 50}
    stream = [chunk({**first, "prompt_tokens_details": {"cached_tokens": 40}}), chunk(later, "stop")]
    assert read_usage(stream).quantities == {"input": 10, "cache_read": 40, "output": 20}
    # 10 x 2.5e-6 + 40 x 1.25e-6 + 20 x 10e-6
    assert CostMap().calculate(stream, model="gpt-4o").total == Decimal("0.000275")


def test_details_of_an_answer_that_is_stated_again_stand():
    """20 of the answer are 8 of reasoning and 12 of text, also where a later chunk repeats the 20 alone."""
    first = {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}
    stream = [chunk({**first, "completion_tokens_details": {"reasoning_tokens": 8}}), chunk(first, "stop")]
    assert read_usage(stream).quantities == {"input": 50, "output": 12, "reasoning": 8}


def test_the_last_total_tells_an_answer_that_is_left_out():
    """53 less a prompt of 50 are 3, and no longer the 2 of an earlier chunk; a total of the prompt says nothing."""
    earlier = {"prompt_tokens": 50, "completion_tokens": 2, "total_tokens": 52}
    for total, answer in ((53, 3), (50, 2)):
        later = {"prompt_tokens": 50, "completion_tokens": None, "total_tokens": total}
        assert read_usage([chunk(earlier), chunk(later, "stop")]).quantities == {"input": 50, "output": answer}


def test_zeros_after_the_usage_erase_nothing():
    """A chunk of zeros after the count of the call."""
    zeros = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    assert read_usage([chunk(USAGE), chunk(zeros, "stop")]).quantities == {"input": 50, "output": 3}


def test_usage_on_a_chunk_without_choices():
    """The chunk after the last choice ends the stream, whether or not a reason was given."""
    usage = read_usage([chunk(), {"object": "chat.completion.chunk", "choices": [], "usage": USAGE}])
    assert (usage.quantities, usage.partial) == ({"input": 50, "output": 3}, False)


def test_a_stream_that_was_cut_off():
    """With a usage in every chunk there is a lower bound; with none there is an error."""
    cut = [
        chunk({**USAGE, "completion_tokens": 1, "total_tokens": 51}),
        chunk({**USAGE, "completion_tokens": 2, "total_tokens": 52}),
    ]
    usage = read_usage(cut)
    assert (usage.quantities, usage.partial) == ({"input": 50, "output": 2}, True)
    with pytest.raises(MissingUsageError, match="include_usage"):
        read_usage([chunk(), chunk()])


def test_the_content_says_whether_it_is_whole():
    """A loop that is left after the last word has lost nothing; before it something is missing."""
    meter = Stream()
    meter.feed(chunk({**USAGE, "completion_tokens": 1, "total_tokens": 51}))
    assert (meter.ended, meter.usage().partial, meter.usage(ended=False).partial) == (False, True, True)
    meter.feed(chunk(USAGE, "stop"))
    assert (meter.ended, meter.usage().partial, meter.usage(ended=False).partial) == (True, False, False)


def test_priced():
    """Each token is billed once, at its own rate."""
    row = {"input_cost_per_token": 2e-6, "cache_read_input_token_cost": 5e-7, "output_cost_per_token": 8e-6}
    response = body(
        prompt_tokens=1000,
        completion_tokens=100,
        prompt_tokens_details={"cached_tokens": 800},
        completion_tokens_details={"reasoning_tokens": 60},
    )
    assert bill(row, response) == lines(
        ("input", 200, "0.0004"), ("cache_read", 800, "0.0004"), ("output", 40, "0.00032"), ("reasoning", 60, "0.00048")
    )


def test_counters_that_are_decimals():
    """As DynamoDB gives them back: details count like the rest."""
    counters = {"prompt_tokens": Decimal(2006), "completion_tokens": Decimal(300)}
    usage = read_usage(body(**counters, prompt_tokens_details={"cached_tokens": Decimal(1920)}))
    assert usage.quantities == {"input": 86, "cache_read": 1920, "output": 300}


def test_a_split_of_the_cache_that_contradicts_the_rest():
    """50 of the cached tokens would be text, of which only 20 were sent; a split that is none says nothing."""
    details = {"cached_tokens": 90, "audio_tokens": 80, "cached_tokens_details": {"audio_tokens": 40}}
    with pytest.raises(InconsistentUsageError, match="exceed prompt_tokens=100"):
        read_usage(body(prompt_tokens=100, completion_tokens=1, prompt_tokens_details=details))
    usage = read_usage(body(prompt_tokens=10, completion_tokens=1, prompt_tokens_details={"cached_tokens_details": 5}))
    assert usage.quantities == {"input": 10, "output": 1}


def test_parts_that_are_all_of_the_prompt():
    """40 of the audio is fresh and 40 cached, and 10 of text are cached: 90 in all."""
    details = {"cached_tokens": 50, "audio_tokens": 80, "cached_tokens_details": {"audio_tokens": 40}}
    usage = read_usage(body(prompt_tokens=90, completion_tokens=1, prompt_tokens_details=details))
    assert usage.quantities == {"cache_read": 10, "input_audio": 40, "cache_read_audio": 40, "output": 1}
    with pytest.raises(InconsistentUsageError, match="exceed prompt_tokens=89"):
        read_usage(body(prompt_tokens=89, completion_tokens=1, prompt_tokens_details=details))


def test_cached_tokens_on_top_are_not_taken_out_of_the_media():
    """The total proves that the 60 cached are on top of the 100, of which 80 are audio."""
    details = {"cached_tokens": 60, "audio_tokens": 80, "cached_tokens_details": {"audio_tokens": 40}}
    usage = read_usage(body(prompt_tokens=100, completion_tokens=10, total_tokens=170, prompt_tokens_details=details))
    assert usage.quantities == {"input": 20, "cache_read": 60, "input_audio": 80, "output": 10}
    assert usage.context == 160


@pytest.mark.parametrize("side", ["prompt_tokens_details", "completion_tokens_details"])
@pytest.mark.parametrize("nothing", [[], {}, ""])
def test_an_empty_detail_is_no_count(side, nothing):
    """An empty list, object or text says nothing of how many there were; 0 and null do."""
    name = "cached_tokens" if side.startswith("prompt") else "reasoning_tokens"
    counters = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    with pytest.raises(InconsistentUsageError, match=name):
        read_usage(body(**counters, **{side: {name: nothing}}))
    for zero in (0, None):
        assert read_usage(body(**counters, **{side: {name: zero}})).quantities == {"input": 10, "output": 5}


def test_a_usage_in_the_choice():
    """Moonshot's streams state it in the choice that ends."""
    counters = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "cached_tokens": 800}
    last = {"index": 0, "delta": {}, "finish_reason": "stop", "usage": counters}
    chunks = [chunk(), {"object": "chat.completion.chunk", "model": "m", "choices": [last]}]
    usage = read_usage(chunks)
    assert (usage.quantities, usage.partial) == ({"input": 200, "cache_read": 800, "output": 100}, False)


def test_what_gigachat_kept_is_free():
    """It stands beside the prompt: 1 token was billed, and 37 were not."""
    used = {"prompt_tokens": 1, "completion_tokens": 4, "precached_prompt_tokens": 37, "total_tokens": 5}
    usage = read_usage({"object": "chat.completion", "model": "GigaChat", "choices": [], "usage": used})
    assert (usage.quantities, usage.unread, usage.notes) == ({"input": 1, "output": 4}, {}, ())


def test_a_total_beside_a_prompt_of_zero_is_named():
    """Nothing tells whether the 90 tokens are those of an answer."""
    with pytest.raises(MissingUsageError, match=r"^total_tokens=90 stands alone"):
        read_usage({"object": "chat.completion", "choices": [], "usage": {"prompt_tokens": 0, "total_tokens": 90}})


def test_the_tools_of_a_prompt_are_inside_it():
    """LiteLLM names them among the details of a prompt of Gemini's; they are billed as its other tokens."""
    counters = {"prompt_tokens": 1200, "completion_tokens": 100, "total_tokens": 1300}
    usage = read_usage(body(**counters, prompt_tokens_details={"tool_use_tokens": 200, "cached_tokens": 300}))
    assert (usage.quantities, usage.unread) == ({"input": 900, "cache_read": 300, "output": 100}, {})


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}


def drawing(content, details=None, model="gemini-2.5-flash-image", streamed=False):
    """Return a completion that holds a picture, whole or in chunks."""
    usage = {"prompt_tokens": 10, "completion_tokens": 1290, "total_tokens": 1300}
    usage |= {} if details is None else {"completion_tokens_details": details}
    message = {"role": "assistant", "content": content, "images": [PICTURE]}
    base = {"id": "c", "object": "chat.completion", "model": model, "usage": usage}
    if not streamed:
        return {**base, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    deltas = ({"role": "assistant", "content": content}, {"images": [PICTURE]})
    chunks = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    chunks[-1]["finish_reason"] = "stop"
    chunk = {**base, "object": "chat.completion.chunk", "usage": None}
    return [*({**chunk, "choices": [choice]} for choice in chunks), {**chunk, "choices": [], "usage": usage}]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_picture_alone_is_image_tokens(streamed):
    """1,290 tokens of a picture at 3e-5: 0.0387, and not 0.003225 as text; a split is believed."""
    row = {"input_cost_per_token": 3e-7, "output_cost_per_token": 2.5e-6, "output_cost_per_image_token": 3e-5}
    prices = CostMap({"gemini-2.5-flash-image": row, "m": row})
    cost = prices.calculate(drawing("", streamed=streamed))
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 10, Decimal("0.000003")),
        ("output_image", 1290, Decimal("0.0387")),
    ]
    assert cost.complete
    split = prices.calculate(drawing("", {"image_tokens": 1120}, streamed=streamed))
    assert {line.meter: line.quantity for line in split.line_items} == {
        "input": 10,
        "output": 170,
        "output_image": 1120,
    }
    both = prices.calculate(drawing("Here", {"reasoning_tokens": 0}, streamed=streamed))
    assert (both.total, both.complete) == (Decimal("0.003228"), False)


def test_chunks_of_a_text_completion_at_together():
    """Their object is completion.chunk: 8 x 1e-6 + 402 x 2e-6, once."""
    chunk = {"id": "9", "object": "completion.chunk", "created": 1740031209, "model": "m", "usage": None}
    said = {"index": 0, "text": " and", "finish_reason": None, "delta": {"role": "assistant", "content": " and"}}
    last = {**said, "text": "", "finish_reason": "eos", "delta": {"role": "assistant", "content": ""}}
    usage = {"prompt_tokens": 8, "completion_tokens": 402, "total_tokens": 410}
    chunks = [{**chunk, "choices": [said]}, {**chunk, "choices": [said]}, {**chunk, "choices": [last], "usage": usage}]
    assert bill({"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}, chunks) == lines(
        ("input", 8, "0.000008"), ("output", 402, "0.000804")
    )
