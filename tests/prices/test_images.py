"""Images whose size and quality have rows of their own beside the plain one."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.prices.images import listed, spellings

IMAGE = {"mode": "image_generation", "litellm_provider": "openai"}
PLAIN = {**IMAGE, "input_cost_per_image": 0.04}
ROWS = {
    "dall-e-3": PLAIN,
    "hd/1024-x-1024/dall-e-3": {**IMAGE, "output_cost_per_image": 0.08},
    "hd/1024-x-1792/dall-e-3": {**IMAGE, "output_cost_per_image": 0.12},
    "standard/1024-x-1024/dall-e-3": {**IMAGE, "output_cost_per_image": 0.04},
    "azure/hd/1024-x-1024/dall-e-3": {**IMAGE, "output_cost_per_image": 0.09, "litellm_provider": "azure"},
    "gpt-image-1": {**IMAGE, "input_cost_per_token": 5e-06, "output_cost_per_image_token": 4e-05},
    "high/1024-x-1024/gpt-image-1": {**IMAGE, "input_cost_per_image": 0.167},
    "low/1000-x-2000/gpt-image-1": {**IMAGE, "input_cost_per_pixel": 1e-08, "output_cost_per_pixel": 0.0},
    "low/1024-x-1024/gpt-image-1": {**IMAGE, "output_cost_per_image": 0.011},
    "low/512-x-512/gpt-image-1": IMAGE,
    "fal_ai/high/1024-x-1024/dall-e-4": {**IMAGE, "output_cost_per_image": 0.3, "litellm_provider": "fal_ai"},
    "dall-e-4": {**PLAIN, "input_cost_per_image": 0.05},
}
TWO = Usage(output_images=2)
ONE = {"created": 1, "data": [{"url": "https://x"}]}


def bill(cost):
    return [(line.map_key, line.meter, str(line.amount)) for line in cost.line_items]


@pytest.mark.parametrize(
    ("facts", "row", "amount", "notes"),
    [
        ({"size": "1024x1024", "quality": "hd"}, "hd/1024-x-1024/dall-e-3", "0.08", ()),
        ({"size": "1024-x-1792", "quality": "HD"}, "hd/1024-x-1792/dall-e-3", "0.12", ()),
        ({"size": "1024x1024", "quality": "standard"}, "standard/1024-x-1024/dall-e-3", "0.04", ()),
        ({"size": "1024x1024"}, "standard/1024-x-1024/dall-e-3", "0.04", ("quality= is not stated: standard assumed",)),
        ({}, "dall-e-3", "0.04", ("size= and quality= are not stated: the row of dall-e-3 itself is used",)),
        (
            {"size": "auto", "quality": "auto"},
            "dall-e-3",
            "0.04",
            ("size= and quality= are not stated: the row of dall-e-3 itself is used",),
        ),
        ({"size": "999x999"}, "dall-e-3", "0.04", ("no row for size=999x999: the row of dall-e-3 itself is used",)),
        (
            {"size": "1024x1024", "quality": "vivid"},
            "dall-e-3",
            "0.04",
            ("no row for size=1024x1024 and quality=vivid: the row of dall-e-3 itself is used",),
        ),
        ({"quality": "vivid"}, "dall-e-3", "0.04", ("no row for quality=vivid: the row of dall-e-3 itself is used",)),
    ],
)
def test_the_row_of_the_size_and_quality_or_a_note(facts, row, amount, notes):
    """The plain row is never used for what has rows of its own, and never without a note beside such rows."""
    cost = CostMap(ROWS).calculate(ONE, model="dall-e-3", **facts)
    assert [(name, money) for name, _, money in bill(cost)] == [(row, amount)]
    assert (cost.notes, cost.unpriced) == (notes, ())


@pytest.mark.parametrize(
    ("model", "facts", "note"),
    [
        ("dall-e-3", {"quality": "hd"}, "dall-e-3 of quality=hd is priced by hd 1024x1024, hd 1024x1792: pass size="),
        (
            "dall-e-3",
            {"quality": "hd", "size": "999x999"},
            "dall-e-3 of size=999x999 and quality=hd is priced by hd 1024x1024, hd 1024x1792: pass size=",
        ),
        (
            "dall-e-3",
            {"quality": "standard", "size": "auto"},
            "dall-e-3 of quality=standard is priced by standard 1024x1024: pass size=",
        ),
        (
            "gpt-image-1",
            {"size": "1024x1024"},
            "gpt-image-1 of size=1024x1024 is priced by high 1024x1024, low 1024x1024: pass quality=",
        ),
        ("gpt-image-1", {"quality": "high"}, "gpt-image-1 of quality=high is priced by high 1024x1024: pass size="),
        (
            "gpt-image-1",
            {"quality": "ultra"},
            "gpt-image-1 has no price for quality=ultra: it has high 1024x1024, low 1000x2000, low 1024x1024, "
            "low 512x512",
        ),
        # 1000 x 2000 pixels at 0.00000001 are 0.02; a row without a price says nothing.
        (
            "gpt-image-1",
            {},
            "output_images is priced by high 1024x1024, low 1000x2000, low 1024x1024: "
            "pass resolution=, size= or quality=",
        ),
    ],
)
def test_what_is_stated_in_part_is_unpriced_and_names_the_keyword(model, facts, note):
    """Sizes and qualities differ by multiples, so none is guessed."""
    cost = CostMap(ROWS).calculate(ONE, model=model, **facts)
    assert (bill(cost), cost.unpriced, cost.notes) == ([], ("output_images",), (note,))


def test_a_card_shows_what_an_image_of_each_size_costs():
    """1000 x 2000 pixels at 0.00000001 USD are 0.02 USD."""
    card = CostMap(ROWS).rate_card("gpt-image-1")
    prices = {rate.conditions[0][1]: str(rate.usd) for rate in card.by_meter["output_images"]}
    assert prices == {"high 1024x1024": "0.167", "low 1000x2000": "0.02", "low 1024x1024": "0.011"}


def test_tokens_are_priced_as_before():
    """A call that counts tokens needs neither size nor quality, and no note about them."""
    usage = {"input_tokens": 100, "output_tokens": 1000, "total_tokens": 1100}
    cost = CostMap(ROWS).calculate({**ONE, "usage": usage, "size": "1024x1024", "quality": "high"}, model="gpt-image-1")
    # 100 x 0.000005, 1000 x 0.00004
    assert bill(cost) == [("gpt-image-1", "input", "0.0005"), ("gpt-image-1", "output_image", "0.04")]
    assert cost.notes == ()


def test_own_prices_are_used_for_every_size():
    """A price that somebody set for the model is no plain row of the map."""
    prices = CostMap(ROWS)
    prices.register({"dall-e-3": {"input_cost_per_image": 0.01}})
    for facts in ({}, {"quality": "hd"}, {"size": "999x999"}):
        cost = prices.calculate(ONE, model="dall-e-3", **facts)
        assert (str(cost.total), cost.notes) == ("0.01", ())
    assert str(prices.calculate(ONE, model="gpt-image-1", output_cost_per_image=0.5).total) == "0.5"


@pytest.mark.parametrize("key", ["input_cost_per_image", "output_cost_per_image"])
@pytest.mark.parametrize("row", [{"output_cost_per_image": 0.08}, {"input_cost_per_pixel": 1e-07}])
def test_own_prices_are_over_those_of_a_size_in_whichever_unit(key, row):
    """The row of the size is priced by the pixel or the image; what somebody set for an image is used."""
    prices = CostMap({"dall-e-3": PLAIN, "hd/1024-x-1024/dall-e-3": {**IMAGE, **row}})
    facts = {"model": "dall-e-3", "size": "1024x1024", "quality": "hd"}
    found = prices.calculate(ONE, **facts, **{key: 0.01})
    assert [(line.layer, line.price_key, str(line.amount)) for line in found.line_items] == [("call", key, "0.01")]
    prices.register({"dall-e-3": {key: 0.02}})
    assert str(prices.calculate(ONE, **facts).total) == "0.02"


def test_registered_rows_of_sizes_stand_beside_a_registered_plain_row():
    """As in the map that they are copied from: an image of 1024x1024 has two prices there, by its quality."""
    row = {"litellm_provider": "acme", "mode": "image_generation"}
    rows = {
        "acme/x": {**row, "output_cost_per_image": 0.1},
        "acme/low/1024-x-1024/x": {**row, "output_cost_per_image": 0.05},
        "acme/high/1024-x-1024/x": {**row, "output_cost_per_image": 0.2},
    }
    prices = CostMap({})
    prices.register(rows)
    for found in (CostMap(rows), prices):
        assert found.calculate(ONE, model="acme/x", size="1024x1024").unpriced == ("output_images",)
        assert str(found.calculate(ONE, model="acme/x", size="1024x1024", quality="high").total) == "0.2"
        assert str(found.calculate(ONE, model="acme/x").total) == "0.1"


@pytest.mark.parametrize("sized", ["xai/low/1024-x-1024/gi", "low/1024-x-1024/gi"])
@pytest.mark.parametrize("registered", [False, True])
def test_a_half_stated_size_asks_for_the_other_half(sized, registered):
    """With and without the seller's prefix, in a map and registered: 0.04 with both halves, else no price."""
    row = {"litellm_provider": "xai", "mode": "image_generation"}
    rows = {"xai/gi": {**row, "output_cost_per_image": 0.06}, sized: {**row, "output_cost_per_image": 0.04}}
    prices = CostMap({} if registered else rows)
    prices.register(rows if registered else {})
    cost = prices.calculate(ONE, model="xai/gi", quality="low")
    assert cost.unpriced == ("output_images",)
    assert any("pass size=" in note for note in cost.notes)
    assert str(prices.calculate(ONE, model="xai/gi", quality="low", size="1024x1024").total) == "0.04"


def test_a_name_with_sizes_alone_asks_for_one():
    """No plain row: the error says what is missing."""
    row = {"litellm_provider": "azure", "mode": "image_generation", "output_cost_per_image": 0.04}
    prices = CostMap({"azure/standard/1024-x-1024/gi": row})
    with pytest.raises(UnknownModelError, match="has a price for each size: pass size="):
        prices.calculate(ONE, model="azure/gi")
    assert str(prices.calculate(ONE, model="azure/gi", size="1024x1024").total) == "0.04"


def test_the_row_of_another_seller_is_no_size_of_this_model():
    """A seller's own sizes are found under its name, and under the bare one only if nobody else has that."""
    prices = CostMap(ROWS)
    facts = {"size": "1024x1024", "quality": "high"}
    assert bill(prices.calculate(ONE, model="dall-e-4", **facts)) == [("dall-e-4", "input_images", "0.05")]
    found = [("fal_ai/high/1024-x-1024/dall-e-4", "output_images", "0.3")]
    assert bill(prices.calculate(ONE, model="fal_ai/dall-e-4", **facts)) == found
    assert bill(prices.calculate(ONE, model="dall-e-4", provider="fal_ai", **facts)) == found
    alone = CostMap({name: row for name, row in ROWS.items() if name != "dall-e-4"})
    assert bill(alone.calculate(ONE, model="dall-e-4", **facts)) == found
    hd = {"size": "1024x1024", "quality": "hd"}
    assert bill(prices.calculate(ONE, model="azure/dall-e-3", **hd)) == [
        ("azure/hd/1024-x-1024/dall-e-3", "output_images", "0.09")
    ]


def test_a_size_without_a_quality_is_none_of_another_quality():
    """The only row of a size may be that of a quality that nobody stated: it is not taken."""
    prices = CostMap({"low/1024-x-1024/lone": {**IMAGE, "output_cost_per_image": 0.01}})
    with pytest.raises(UnknownModelError):
        prices.calculate(usage=TWO, model="lone", size="1024x1024")
    assert str(prices.calculate(usage=TWO, model="lone", size="1024x1024", quality="low").total) == "0.02"


def test_a_base_model_has_its_sizes_too():
    """A deployment that is priced as a model is priced by that model's rows."""
    facts = {"base_model": "dall-e-3", "model": "azure/drawing", "quality": "hd"}
    cost = CostMap(ROWS).calculate(ONE, size="1024x1024", **facts)
    assert bill(cost) == [("hd/1024-x-1024/dall-e-3", "output_images", "0.08")]
    assert CostMap(ROWS).calculate(ONE, **facts).unpriced == ("output_images",)


def test_long_lists_are_cut():
    """A note stays readable where a model has dozens of sizes."""
    sizes = {f"low/{width}-x-8/m": {**IMAGE, "output_cost_per_image": width} for width in range(1, 20)}
    cost = CostMap({"m": IMAGE, **sizes}).calculate(ONE, model="m", quality="low")
    assert cost.notes[0].endswith("low 11x8, low 12x8 and 7 more: pass size=")


def test_films_and_chats_have_no_such_rows():
    """Their sizes are conditions of a rate; a row that looks like a size is none of theirs."""
    row = {"input_cost_per_image": 0.5, "mode": "chat"}
    prices = CostMap({"m": row, "hd/8-x-8/m": {**row, "input_cost_per_image": 1}})
    assert prices.calculate(ONE, model="m").notes == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dall-e-3", ["hd/512-x-512/dall-e-3", "high/512-x-512/dall-e-3", "512-x-512/dall-e-3"]),
        (
            "a/b/c",
            [
                "a/hd/512-x-512/b/c",
                "a/high/512-x-512/b/c",
                "a/512-x-512/b/c",
                "hd/512-x-512/a/b/c",
                "high/512-x-512/a/b/c",
                "512-x-512/a/b/c",
            ],
        ),
    ],
)
def test_spellings(name, expected):
    """Behind the provider if the name has one, and before a name whose slash is its own."""
    assert spellings(name, "512x512", "hd") == expected
    assert spellings(name, None, "hd") == []


def test_an_older_word_for_a_quality():
    """LiteLLM takes hd for fal's high and standard for its medium; a row of the word itself goes first."""
    rows = {
        f"fal_ai/{word}/1024-x-1024/img": {"output_cost_per_image": usd} for word, usd in (("high", 4), ("medium", 2))
    }
    prices = CostMap({"fal_ai/img": {"output_cost_per_image": 1, "mode": "image_generation"}, **rows})
    body = {"created": 1789000000, "data": [{"url": "a"}]}
    found = [
        prices.calculate(body, model="fal_ai/img", size="1024x1024", quality=q) for q in ("hd", "standard", "high")
    ]
    assert [cost.total for cost in found] == [4, 2, 4]


def test_listed_rows_of_the_bundled_map():
    """DALL-E 3 has two qualities in three sizes, DALL-E 2 three sizes; Azure's are not OpenAI's."""
    source = CostMap().source
    assert {quality for quality, _ in listed(source, "dall-e-3")} == {"hd", "standard"}
    assert len(listed(source, "dall-e-3")) == 6
    assert set(listed(source, "dall-e-2")) == {("", "256x256"), ("", "512x512"), ("", "1024x1024")}
    assert all(row.startswith("azure/") for row in listed(source, "azure/gpt-image-1").values())
    # OpenAI's own page: hd costs 0.08 for 1024x1024 and 0.12 for 1792x1024; the map's prices are per pixel.
    for size, usd in (("1024x1024", 0.08), ("1792x1024", 0.12)):
        cost = CostMap().calculate(ONE, model="dall-e-3", size=size, quality="hd")
        assert float(cost.total) == pytest.approx(usd, rel=1e-3)
    assert CostMap().calculate(ONE, model="dall-e-3", quality="hd").unpriced == ("output_images",)
