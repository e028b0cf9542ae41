"""Images: tokens where they are stated, else the images by their size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import openai_images, read_usage
from tests.sdks import Kind

from . import billing

ImagesResponse = Kind("openai.types.ImagesResponse")
ImageGenStreamEvent = Kind("openai.types.ImageGenStreamEvent")
ImageEditStreamEvent = Kind("openai.types.ImageEditStreamEvent")

TOKENS = {
    "total_tokens": 100,
    "input_tokens": 50,
    "output_tokens": 50,
    "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
}
GPT_IMAGE = {
    "created": 1713833628,
    "background": "opaque",
    "output_format": "png",
    "quality": "high",
    "size": "1024x1024",
    "data": [{"b64_json": "aGk="}],
    "usage": TOKENS,
}
DALL_E = {"created": 1713833628, "data": [{"url": "https://x", "revised_prompt": "a"}, {"url": "https://y"}]}
COMPLETED = {
    "type": "image_generation.completed",
    "b64_json": "aGk=",
    "created_at": 1620000000,
    "size": "1024x1024",
    "quality": "high",
    "background": "transparent",
    "output_format": "png",
    "usage": TOKENS,
}
PARTIAL = {**COMPLETED, "type": "image_generation.partial_image", "partial_image_index": 0}
del PARTIAL["usage"]

RATES = {
    "input_cost_per_token": 5e-06,
    "input_cost_per_image_token": 1e-05,
    "output_cost_per_image_token": 4e-05,
}


def lines(cost):
    return [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items]


def priced(response, rates=RATES, **facts):
    return CostMap({"gpt-image-1": rates}).calculate(response, model="gpt-image-1", **facts)


def test_tokens_by_modality():
    """Undivided output is image tokens; the prompt is split as stated."""
    usage = read_usage(GPT_IMAGE)
    assert usage.alternatives[0][0] == {"input": 10, "input_image": 40, "output_image": 50}
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (50, 50, 100)
    assert (usage.size, usage.quality, usage.at) == ("1024x1024", "high", 1713833628)
    assert lines(priced(GPT_IMAGE)) == [
        ("gpt-image-1", "input", 10, Decimal("0.00005")),
        ("gpt-image-1", "input_image", 40, Decimal("0.0004")),
        ("gpt-image-1", "output_image", 50, Decimal("0.002")),
    ]


def test_output_that_is_split():
    """Text that the model wrote beside its images is text."""
    usage = {**TOKENS, "output_tokens_details": {"image_tokens": 30, "text_tokens": 20}}
    assert read_usage({**GPT_IMAGE, "usage": usage}).alternatives[0][0] == {
        "input": 10,
        "input_image": 40,
        "output": 20,
        "output_image": 30,
    }


def test_output_without_details_is_image_tokens():
    """1,372 undetailed tokens at 30 USD per million: 0.04127 USD, where 10 for text would make it 0.01383."""
    usage = {"input_tokens": 22, "output_tokens": 1372, "input_tokens_details": {"text_tokens": 22, "image_tokens": 0}}
    rates = {
        "input_cost_per_token": "0.000005",
        "input_cost_per_image_token": "0.000008",
        "output_cost_per_token": "0.00001",
        "output_cost_per_image_token": "0.00003",
    }
    cost = CostMap({"gpt-image-2": rates}).calculate({**GPT_IMAGE, "usage": usage}, model="gpt-image-2")
    assert cost.total == Decimal("0.04127")
    assert [line.meter for line in cost.line_items] == ["input", "output_image"]
    bare = CostMap({"gpt-image-2": rates}).calculate(usage=usage, dialect="images", model="gpt-image-2")
    assert bare.total == Decimal("0.04127")


def test_the_svg_author_is_a_part():
    """The model that draws an SVG is billed on its own card, its reasoning inside its output."""
    svg = {
        "model": "gpt-5.6-luna",
        "input_tokens": 2100,
        "output_tokens": 5200,
        "reasoning_tokens": 1800,
        "total_tokens": 7300,
    }
    response = {**GPT_IMAGE, "svg_usage": svg}
    usage = read_usage(response)
    (part,) = usage.parts
    assert usage.unread == {}
    assert (part.model, part.quantities) == ("gpt-5.6-luna", {"input": 2100, "output": 3400, "reasoning": 1800})
    author = {"input_cost_per_token": 2e-07, "output_cost_per_token": 1.2e-06}
    cost = CostMap({"gpt-image-1": RATES, "gpt-5.6-luna": author}).calculate(response, model="gpt-image-1")
    assert lines(cost)[3:] == [
        ("gpt-5.6-luna", "input", 2100, Decimal("0.00042")),
        ("gpt-5.6-luna", "output", 3400, Decimal("0.00408")),
        ("gpt-5.6-luna", "reasoning", 1800, Decimal("0.00216")),
    ]


def test_an_svg_author_without_a_name_raises():
    """Who drew it decides what it cost."""
    with pytest.raises(MissingUsageError, match="svg_usage"):
        read_usage({**GPT_IMAGE, "svg_usage": {"input_tokens": 1, "output_tokens": 1}})


def test_images_without_tokens_are_counted():
    """DALL-E states no usage: two images, in every unit in which images are sold."""
    usage = read_usage({**DALL_E, "size": "512x512"})
    assert usage.quantities == {}
    assert usage.alternatives == (
        ({"output_images": 2}, {"output_pixels": 524288}, {"input_pixels": 524288}, {"input_images": 2}),
    )


@pytest.mark.parametrize(
    ("facts", "row", "meter", "total"),
    [
        ({"size": "1024x1792", "quality": "hd"}, "hd/1024-x-1792/dall-e-3", "input_pixels", "3.67001600"),
        ({"size": "1024x1792"}, "standard/1024-x-1792/dall-e-3", "input_pixels", "1.83500800"),
        ({}, "dall-e-3", "input_images", "0.08"),
    ],
)
def test_size_and_quality_come_from_the_caller(facts, row, meter, total):
    """The size that was asked for selects the row, and makes the pixels of both images."""
    prices = CostMap(
        {
            "dall-e-3": {"input_cost_per_image": 0.04},
            "hd/1024-x-1792/dall-e-3": {"input_cost_per_pixel": 1e-06, "output_cost_per_pixel": 0.0},
            "standard/1024-x-1792/dall-e-3": {"input_cost_per_pixel": 5e-07, "output_cost_per_pixel": 0.0},
        }
    )
    cost = prices.calculate(DALL_E, model="dall-e-3", **facts)
    assert [(line.model, line.meter) for line in cost.line_items] == [(row, meter)]
    assert cost.total == Decimal(total)


def test_tokens_are_not_priced_by_size():
    """A row of a size is for images without tokens; with tokens the model's own row is used."""
    prices = CostMap({"gpt-image-1": RATES, "high/1024-x-1024/gpt-image-1": {"output_cost_per_image": 0.167}})
    assert prices.calculate(GPT_IMAGE, model="gpt-image-1").total == Decimal("0.00245")


def test_own_price_per_image_is_used():
    """A price per image that somebody set counts images, though the response counts tokens."""
    cost = priced(GPT_IMAGE, output_cost_per_image=0.04)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("output_images", 1, Decimal("0.04"))
    ]
    assert cost.complete


@pytest.mark.parametrize(
    ("price", "meter", "total"),
    [
        ({"input_cost_per_second": 0.01, "duration": 3}, "input_seconds", "0.03"),
        ({"input_cost_per_request": 0.02}, "requests", "0.02"),
    ],
)
def test_time_or_requests_pay_for_the_images(price, meter, total):
    """A card that sells calls or seconds leaves neither tokens nor images unpriced."""
    cost = priced(GPT_IMAGE, **price)
    assert [line.meter for line in cost.line_items] == [meter]
    assert (cost.total, cost.unpriced) == (Decimal(total), ())


def test_text_output_without_a_rate_is_marked():
    """A card without a text output rate leaves that output unpriced, and prices the rest."""
    usage = {**TOKENS, "output_tokens_details": {"image_tokens": 30, "text_tokens": 20}}
    cost = priced({**GPT_IMAGE, "usage": usage})
    assert cost.unpriced == ("output",)
    assert [line.meter for line in cost.line_items] == ["input", "input_image", "output_image"]


def test_counters_of_zero_beside_images_state_nothing():
    """A gateway that fills in zeros for DALL-E does not make its images free."""
    zeros = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "input_tokens_details": {"text_tokens": 0}}
    response = {**DALL_E, "usage": zeros}
    cost = CostMap({"dall-e-3": {"input_cost_per_image": 0.04}}).calculate(response, model="dall-e-3")
    assert cost.total == Decimal("0.08")
    assert priced(response).unpriced == ("output_images",)


def test_azure_is_seen_by_its_filter():
    """Azure puts the results of its content filter beside every image."""
    response = {"created": 1, "data": [{"url": "https://x", "content_filter_results": {"hate": {"filtered": False}}}]}
    assert read_usage(response).provider == "azure"
    assert read_usage(DALL_E).provider is None


def test_ticks_are_the_reported_cost():
    """xAI states what the images cost, and no tokens."""
    usage = read_usage({**DALL_E, "usage": {"cost_in_usd_ticks": 400_000_000}})
    assert usage.reported == Decimal("0.04")
    assert usage.alternatives[0][0] == {"output_images": 2}


def test_sdk_object():
    """The SDK's object gives what its dict gives, with and without tokens."""
    for response in (GPT_IMAGE, DALL_E):
        assert read_usage(ImagesResponse.construct(**response)) == read_usage(response)
        assert read_usage(ImagesResponse.model_validate(response)) == read_usage(response)


@pytest.mark.parametrize("family", ["image_generation", "image_edit"])
def test_stream(family):
    """The event that completes an image states its usage; partial images are inside it."""
    events = [{**PARTIAL, "type": f"{family}.partial_image"}, {**COMPLETED, "type": f"{family}.completed"}]
    usage = read_usage(events)
    assert usage.alternatives[0][0] == {"input": 10, "input_image": 40, "output_image": 50}
    assert usage == read_usage(events[-1])
    union = ImageGenStreamEvent if family == "image_generation" else ImageEditStreamEvent
    assert read_usage([union.event(event) for event in events]) == usage
    assert not usage.partial


def test_stream_of_two_images():
    """Every completed image is a part, and all are billed."""
    usage = read_usage([COMPLETED, PARTIAL, COMPLETED])
    assert (usage.input_tokens, usage.output_tokens) == (100, 100)
    cost = priced([COMPLETED, COMPLETED])
    assert cost.total == Decimal("0.0049")
    assert len(cost.line_items) == 6
    assert cost.notes == ("2 images were completed: what each states is added up",)


def test_stream_that_broke_off_raises():
    """Before an image is completed nothing states a usage."""
    with pytest.raises(MissingUsageError):
        read_usage([PARTIAL, PARTIAL])


@pytest.mark.parametrize(
    "usage",
    [
        {"input_tokens": 50, "output_tokens": 50, "input_tokens_details": {"text_tokens": 20, "image_tokens": 40}},
        {"input_tokens": 50, "output_tokens": 50, "output_tokens_details": {"text_tokens": 11, "image_tokens": 40}},
        {"input_tokens": -1, "output_tokens": 50},
    ],
)
def test_parts_above_their_whole_raise(usage):
    """Details partition their whole."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**GPT_IMAGE, "usage": usage})


@pytest.mark.parametrize("usage", [{"input_tokens": 50}, {"output_tokens": 50}])
def test_half_a_usage_raises(usage):
    """A side that is not stated is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({**GPT_IMAGE, "usage": usage})


def test_neither_images_nor_tokens_raise():
    """An empty response states nothing that could be billed, or not."""
    with pytest.raises(MissingUsageError):
        read_usage(ImagesResponse.construct(created=1, data=None))


@pytest.mark.parametrize("size", ["9" * 5000 + "x1", "auto", "", "x", "1024", "-1x5", 7])
def test_sizes_that_are_none(size):
    """What is no size makes no pixels."""
    (group,) = read_usage({**DALL_E, "size": size}).alternatives
    assert group == ({"output_images": 2}, {"input_images": 2})


def test_other_lists_with_urls_are_no_images():
    """A list of things that have addresses is no call."""
    assert not openai_images.recognises({"data": [{"url": "https://x"}]})


def test_a_total_of_tokens_alone():
    """Beside images it is passed over: they are what is known. Alone it does not say whose its tokens are."""
    zeros = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9}
    response = {"created": 1, "data": [{"b64_json": "x"}], "usage": zeros}
    prices = CostMap({"m": {"output_cost_per_image": 0.04}, "t": {"input_cost_per_token": 1e-06}})
    assert lines(prices.calculate(response, model="m")) == [("m", "output_images", 1, Decimal("0.04"))]
    cost = prices.calculate(response, model="t")
    assert (cost.unpriced, cost.complete) == (("output_images",), False)
    with pytest.raises(MissingUsageError, match="total_tokens=9 stands alone"):
        read_usage(zeros, dialect="images")


CHAT = {"prompt_tokens": 100, "completion_tokens": 4200, "total_tokens": 4300}
SPLIT = {"completion_tokens_details": {"text_tokens": 40, "image_tokens": 4160}}


@pytest.mark.parametrize(
    ("details", "total"),
    [(SPLIT, "0.13402"), ({}, "0.1349"), ({"completion_tokens_details": {"image_tokens": 0}}, "0.1349")],
)
def test_counters_under_the_names_of_chat(details, total):
    """100 x 5e-6 + 40 x 1e-5 + 4160 x 3.2e-5; output that is not split is all image: 100 x 5e-6 + 4200 x 3.2e-5."""
    row = {"input_cost_per_token": 5e-6, "output_cost_per_token": 1e-5, "output_cost_per_image_token": 3.2e-5}
    body = {"created": 1, "data": [{"b64_json": "x"}], "usage": {**CHAT, **details}}
    assert CostMap({"m": row}).calculate(body, model="m").total == Decimal(total)


def test_searches_of_an_image_call():
    """10 x 2e-6 + 1290 x 1.2e-4 + 2 x 0.014."""
    row = {
        "input_cost_per_token": 2e-6,
        "output_cost_per_image_token": 1.2e-4,
        "web_search_cost_per_query": 0.014,
    }
    counters = {"input_tokens": 10, "output_tokens": 1290, "total_tokens": 1300, "web_search_requests": 2}
    cost = CostMap({"m": row}).calculate({"created": 1, "data": [{"b64_json": "x"}], "usage": counters}, model="m")
    assert cost.total == Decimal("0.18282")


@pytest.mark.parametrize(
    "counters",
    [
        {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "prompt_tokens": 50, "completion_tokens": 4160},
        {"input_tokens": 50, "output_tokens": 4160, "total_tokens": 4210, "prompt_tokens": 0, "completion_tokens": 0},
        {"input_tokens": 50, "output_tokens": 4160, "prompt_tokens": 50, "completion_tokens": 4160},
    ],
)
def test_names_of_two_apis(counters):
    """Those that count are read."""
    usage = read_usage({"created": 1, "data": [{"b64_json": "x"}], "usage": counters})
    assert usage.alternatives[0][0] == {"input": 50, "output_image": 4160}


def test_names_of_two_apis_that_contradict_each_other():
    """An answer of 4160 tokens is none of 0."""
    counters = {"input_tokens": 50, "output_tokens": 0, "prompt_tokens": 50, "completion_tokens": 4160}
    with pytest.raises(InconsistentUsageError):
        read_usage({"created": 1, "data": [{"b64_json": "x"}], "usage": counters})


def test_a_total_above():
    """It says that something was used and not stated."""
    counters = {"input_tokens": 50, "output_tokens": 4160, "total_tokens": 5000}
    usage = openai_images.read_counters(counters)
    assert (usage.quantities, [note.code for note in usage.notes]) == (
        {"input": 50, "output_image": 4160},
        ["total_above"],
    )
    cost = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_image_token": 1e-5}}).calculate(
        {"created": 1, "data": [{"url": "x"}], "usage": counters}, model="m"
    )
    assert (str(cost.total), cost.complete) == ("0.04165", False)


def test_images_that_are_counted():
    """Volcengine states no prompt: 2 of 3 images were made, for 0.03 each, or 16,384 tokens x 1e-6."""
    made = {
        "model": "seedream-x",
        "created": 1,
        "data": [{"url": "u"}, {"error": {"code": "c"}}, {"url": "u"}],
        "usage": {"generated_images": 2, "output_tokens": 16384, "total_tokens": 16384},
    }
    assert billing.bill({"mode": "image_generation", "output_cost_per_image": 0.03}, made) == billing.lines(
        ("output_images", 2, "0.06")
    )
    assert billing.bill({"output_cost_per_image_token": 1e-06}, made) == billing.lines(
        ("output_image", 16384, "0.016384")
    )
    assert not read_usage(made).unread


def test_a_split_of_nothing_is_none():
    """Gateways state an empty split of the output, or one of zeros: it is image tokens, unless text is all of it."""
    whole = {"input_tokens": 9, "output_tokens": 372, "total_tokens": 381}
    nothing = ({}, {"text_tokens": 0, "image_tokens": 0}, {"text_tokens": None, "image_tokens": None})
    for details, right in (
        *((none, {"output_image": 372}) for none in nothing),
        ({"text_tokens": 372}, {"output": 372}),
    ):
        counters = {**whole, "output_tokens_details": details}
        for response in (
            {"created": 1790000000, "data": [{"b64_json": "x"}], "usage": counters},
            [{"type": "image_generation.completed", "b64_json": "x", "usage": counters}],
        ):
            assert read_usage(response).alternatives[0][0] == {"input": 9, **right}
