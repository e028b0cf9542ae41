"""Layers: which of several prices for one cell is used, and what that does to the others."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from llmcost import CostMap, InvalidPriceError, Usage
from llmcost.core.bill import why_not
from llmcost.core.exact import plain
from llmcost.core.rate import ANOTHER_UNIT, PUBLIC
from llmcost.prices import layers as layering
from llmcost.prices.entries import compile_entry
from llmcost.prices.layers import Layer, compile_card

if TYPE_CHECKING:
    from llmcost.core.ratecard import RateCard

STRONGEST_FIRST = (
    layering.CALL,
    layering.LITELLM_PARAMS,
    layering.MODEL_INFO,
    layering.REGISTERED,
    layering.BASE_MODEL,
    layering.MAP,
)


def card(*raws: dict, **options) -> RateCard:
    """Compile a card from raw entries, strongest first; an option goes with the strongest layer."""
    own = ("call", "registered", "map")[-len(raws) :]
    layers = [Layer(compile_entry(raw, layer, "m")) for raw, layer in zip(raws, own, strict=True)]
    layers[0] = Layer(layers[0].entry, **options)
    return compile_card(layers, model="m", name="m", match_rule="exact")


def cells(found: RateCard) -> dict[tuple, tuple[str, str]]:
    """Return ``(meter, *condition values) -> (USD, layer)``."""
    return {
        (meter, *(value for _, value in conditions)): (plain(rate.usd, 0), rate.layer)
        for (meter, conditions), rate in found.cells.items()
    }


def shadowed(found: RateCard) -> list[tuple[str, str]]:
    return [(shadow.rate.price_key, why_not(shadow)) for shadow in found.shadowed]


# Cell by cell.


def test_every_cell_is_taken_from_the_strongest_layer_that_has_it():
    """The desired keys are overridden; the others stay."""
    found = card(
        {"input_cost_per_token": 3e-06},
        {"input_cost_per_token": 2e-06, "output_cost_per_token": 4e-06},
        {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "cache_read_input_token_cost": 5e-07},
    )
    assert cells(found) == {
        ("input",): ("0.000003", "call"),
        ("output",): ("0.000004", "registered"),
        ("cache_read",): ("0.0000005", "map"),
    }
    assert shadowed(found) == [
        ("input_cost_per_token", "registered sets it"),
        ("output_cost_per_token", "registered sets it"),
        ("input_cost_per_token", "call sets it"),
    ]
    assert found.layers == (("call", "m"), ("registered", "m"), ("map", "m"))


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.combinations(STRONGEST_FIRST, 2)))
def test_each_layer_is_stronger_than_each_below(stronger, weaker):
    """Call > litellm_params > model_info > registered > base_model > map, pair by pair."""
    layers = [
        Layer(compile_entry({"input_cost_per_token": 2e-06}, stronger, "m")),
        Layer(compile_entry({"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}, weaker, "m")),
    ]
    found = compile_card(layers, model="m", name="m", match_rule="exact")
    assert cells(found) == {("input",): ("0.000002", stronger), ("output",): ("0.000001", weaker)}
    assert found.priced_by_user is (stronger not in PUBLIC or weaker not in PUBLIC)


def test_an_override_leaves_the_conditional_siblings_in_force():
    """A base key says nothing of long prompts, tiers and the cache; each line shows whose rate it is."""
    found = card(
        {"input_cost_per_token": 1e-05},
        {
            "input_cost_per_token": 1e-06,
            "input_cost_per_token_above_200k_tokens": 2e-06,
            "input_cost_per_token_priority": 3e-06,
            "cache_read_input_token_cost": 1e-07,
        },
    )
    assert cells(found) == {
        ("input",): ("0.00001", "registered"),
        ("input", 200_000): ("0.000002", "map"),
        ("input", "priority"): ("0.000003", "map"),
        ("cache_read",): ("0.0000001", "map"),
    }


def test_an_explicit_zero_is_a_price():
    """Nothing is a price too; a missing key is none."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})
    cost = prices.calculate(usage=Usage(input=10, output=10), model="m", input_cost_per_token=0)
    # 10 x 0 + 10 x 0.000002
    assert [(line.meter, str(line.amount), line.layer) for line in cost.line_items] == [
        ("input", "0", "call"),
        ("output", "0.00002", "map"),
    ]
    assert cost.complete
    assert cost.notes == ()


def test_null_un_sets_the_cell_of_weaker_layers():
    """The cache rate is gone, so that cached tokens cost what fresh ones do, and a note says it."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07}})
    cost = prices.calculate(usage=Usage(cache_read=10), model="m", cache_read_input_token_cost=None)
    assert str(cost) == "0.00001"
    assert cost.notes == ("cache_read rate missing: input rate used",)
    gone = prices.rate_card("m", prices={"input_cost_per_token": None})
    assert cells(gone) == {("cache_read",): ("0.0000001", "map")}
    assert shadowed(gone) == [("input_cost_per_token", "call un-sets it")]


def test_a_stronger_layer_may_set_what_a_weaker_one_un_set():
    """Null is of its own layer."""
    found = card({"input_cost_per_token": 3e-06}, {"input_cost_per_token": None}, {"input_cost_per_token": 1e-06})
    assert cells(found) == {("input",): ("0.000003", "call")}


def test_facts_are_merged_too():
    """The strongest word on mode and limits counts; null says nothing."""
    found = card({"mode": None, "max_tokens": 9}, {"mode": "chat", "max_tokens": 5, "litellm_provider": "xai"})
    assert found.info == {"mode": "chat", "max_tokens": 9, "litellm_provider": "xai"}
    assert (found.mode, found.provider, found.inclusive, found.wall_clock) == ("chat", "xai", True, True)
    assert card({"mode": "audio_transcription"}).wall_clock is False
    assert card({}).mode is None


def test_factors_are_merged_by_fact_and_value():
    """An own uplift takes the place of the map's for that geography alone."""
    found = card({"geo_multiplier": {"us": 1.5}}, {"geo_multiplier": {"us": 1.1, "eu": 1.2}})
    assert sorted(factor.text for factor in found.factors) == ["x 1.2 (region eu)", "x 1.5 (region us)"]


# A price that is set is used.

TOKENS = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "web_search_cost_per_query": 0.01}


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("input_cost_per_second", "second"),
        ("output_cost_per_second", "second"),
        ("input_cost_per_request", "request"),
        ("input_cost_per_query", "query"),
        ("output_cost_per_image", "image"),
        ("input_cost_per_character", "character"),
        ("ocr_cost_per_page", "page"),
    ],
)
def test_a_price_for_other_units_puts_weaker_token_rates_out_of_force(key, unit):
    """Tool fees stay; the note and the shadowed rates say what happened."""
    found = card({key: 0.1}, TOKENS)
    assert {meter for meter, _ in found.cells} & {"input", "output"} == set()
    assert ("web_searches",) in cells(found)
    why = f"registered prices this model by the {unit}"
    assert found.notes == (f"{why}: the token rates of weaker layers are out of force",)
    assert [(shadow.by, shadow.reason, shadow.what) for shadow in found.shadowed] == [
        ("registered", ANOTHER_UNIT, unit)
    ] * 2
    assert shadowed(found) == [("input_cost_per_token", why), ("output_cost_per_token", why)]


def test_a_per_second_price_on_a_token_model_bills_seconds():
    """10 s x 0.00042, whatever tokens the response states."""
    prices = CostMap({"m": TOKENS})
    cost = prices.calculate(usage=Usage(input=1000, output=500), model="m", duration=10, input_cost_per_second=0.00042)
    assert [(line.meter, line.quantity, str(line.amount)) for line in cost.line_items] == [
        ("input_seconds", 10, "0.0042")
    ]
    without = prices.calculate(usage=Usage(input=1000, output=500), model="m", input_cost_per_second=0.00042)
    assert (str(without), without.unpriced) == ("0.00", ("input_seconds",))
    assert "m is priced by time: pass duration= (seconds)" in without.notes


@pytest.mark.parametrize(
    "own",
    [
        {"input_cost_per_second": 0.1, "output_cost_per_token": 3e-06},
        {"web_search_cost_per_query": 0.1},
        {"input_cost_per_second": None},
        {"mode": "chat"},
    ],
)
def test_token_rates_stay_in_force_otherwise(own):
    """A layer that gives a token rate itself, a tool fee, or nothing, puts nothing out of force."""
    found = card(own, TOKENS)
    assert ("input",) in cells(found)
    assert found.notes == ()


def test_there_may_be_nothing_to_put_out_of_force():
    """Then there is nothing to note."""
    assert card({"input_cost_per_second": 0.1}, {"mode": "chat"}).notes == ()


RERANK = {"mode": "rerank", "input_cost_per_query": 0.002, "input_cost_per_token": 0, "output_cost_per_token": 0}
FILM = {"mode": "video_generation", "output_cost_per_video_per_second": 0.1}


@pytest.mark.parametrize("layer", ["call", "registered"])
def test_an_own_price_of_tokens_puts_a_weaker_price_of_queries_out_of_force(layer):
    """1000 x 0.000003 alone: the map's 0.002 of each of the 3 queries would bill the call twice."""
    own = {"input_cost_per_token": 3e-06}
    prices, given = CostMap({"m": RERANK}), own if layer == "call" else {}
    if layer == "registered":
        prices.register_model({"m": own})
    cost = prices.calculate(usage=Usage(input=1000, queries=3), model="m", **given)
    assert (cost.total, cost.unpriced, cost.complete) == (Decimal("0.003"), ("queries",), False)
    why = f"{layer} prices this model by the token"
    assert f"{why}: the price of weaker layers by the query is out of force" in cost.notes


@pytest.mark.parametrize(
    ("weaker", "own", "kept"),
    [
        (RERANK, {"input_cost_per_token": 0}, "queries"),
        (RERANK, {"web_search_cost_per_query": 0.1}, "queries"),
        ({**RERANK, "input_cost_per_token": 1e-06}, {"input_cost_per_token": 3e-06}, "queries"),
        (FILM, {"input_cost_per_token": 3e-06}, "output_video_seconds"),
        (FILM, {"input_cost_per_audio_per_second": 0.2}, "output_video_seconds"),
    ],
)
def test_a_weaker_price_of_a_call_stays_in_force_otherwise(weaker, own, kept):
    """A price of 0, a fee, a model that is sold by both, the other side of the bill, seconds of another kind."""
    found = card(own, weaker)
    assert (kept,) in cells(found)
    assert found.notes == ()


def test_an_own_price_of_a_second_holds_for_seconds_of_video():
    """4 x 0.2; the map's 0.1 is the price of the same seconds under another key."""
    prices = CostMap({"m": FILM})
    assert prices.calculate(usage=Usage(output_video_seconds=4), model="m").total == Decimal("0.4")
    cost = prices.calculate(usage=Usage(output_video_seconds=4), model="m", output_cost_per_second=0.2)
    assert (cost.total, cost.unpriced) == (Decimal("0.8"), ())


IMAGE = {"mode": "image_generation", "output_cost_per_image": 0.04}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        # 1024 x 1024 pixels at 0.000001, and the user's 0.2 under the key that older maps have for a generated image
        ({"output_cost_per_pixel": 1e-06}, "1.048576"),
        ({"input_cost_per_pixel": 1e-06}, "1.048576"),
        ({"input_cost_per_image": 0.2}, "0.2"),
        # the map's price stands beside a price of 0, and where the user has a price in its own unit
        ({"input_cost_per_pixel": 0}, "0.04"),
        ({"input_cost_per_pixel": 1e-06, "output_cost_per_image": 0.3}, "0.3"),
    ],
)
def test_an_own_price_of_an_image_counts_in_any_unit(own, expected):
    """A public price in another unit does not hide the user's."""
    prices = CostMap({"m": IMAGE})
    body = {"created": 1789000000, "data": [{"url": "a"}]}
    assert prices.calculate(body, model="m", size="1024x1024", **own).total == Decimal(expected)


def test_a_price_of_ones_own_replaces_the_one_in_its_unit():
    """Beside a price of a pixel, the public price of an image is out of force for the own one of an image."""
    both = card({"input_cost_per_pixel": 1e-06, "output_cost_per_image": 0.3}, IMAGE)
    assert shadowed(both) == [("output_cost_per_image", "registered sets it")]


@pytest.mark.parametrize("key", ["output_cost_per_pixel", "input_cost_per_pixel"])
@pytest.mark.parametrize("public", ["output_cost_per_image", "input_cost_per_image"])
def test_an_own_price_of_a_pixel_needs_a_size(key, public):
    """A public price of an image, under either key, does not take its place where the pixels cannot be counted."""
    prices = CostMap({"m": {"mode": "image_generation", public: 0.04}})
    body = {"created": 1789000000, "data": [{"url": "a"}]}
    cost = prices.calculate(body, model="m", **{key: 1e-06})
    assert (cost.total, cost.unpriced) == (0, ("output_images",))
    assert [note for note in cost.notes if note.code == "image_size_needed"] == [
        "m prices an image by its pixels: pass size="
    ]
    assert prices.calculate(body, model="m", size="1000x1000", **{key: 1e-06}).total == 1


def test_an_own_price_of_a_pixel_leaves_that_of_what_is_sent():
    """2 images in at 0.001, and a million pixels out at 1e-06; the public price of an image out is out of force."""
    prices = CostMap({"m": {**IMAGE, "input_cost_per_image": 0.001}})
    usage = Usage(input_images=2, output_pixels=1_000_000)
    assert prices.calculate(usage=usage, model="m", output_cost_per_pixel=1e-06).total == Decimal("1.002")


@pytest.mark.parametrize(
    "row",
    [{**IMAGE, "mode": "chat"}, {**IMAGE, "input_cost_per_image": 0.001}, {"output_cost_per_image": 0.04}],
)
def test_a_price_of_what_is_sent_is_none_of_what_is_made(row):
    """Where a model takes images in, the price under the input key is that of those."""
    prices = CostMap({"m": row})
    body = {"created": 1789000000, "data": [{"url": "a"}]}
    assert prices.calculate(body, model="m", input_cost_per_image=0.2).total == Decimal("0.04")


@pytest.mark.parametrize(
    "key", ["output_cost_per_second", "input_cost_per_audio_per_second", "output_cost_per_video_per_second"]
)
def test_an_own_price_per_second_counts_whatever_second_it_names(key):
    """60 s x 0.01, where the map has 0.0001 a second of the input and of the output."""
    row = {"mode": "audio_transcription", "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001}
    prices = CostMap({"m": row})
    assert prices.calculate({"text": "x", "duration": 60}, model="m", **{key: 0.01}).total == Decimal("0.6")
    assert prices.calculate({"text": "x", "duration": 60}, model="m", **{key: 0}).total == Decimal("0.006")


# Replace and scale_rest.

LONG = {
    "input_cost_per_token": 2e-06,
    "input_cost_per_token_above_200k_tokens": 4e-06,
    "output_cost_per_token": 8e-06,
    "cache_read_input_token_cost": 5e-07,
    "cache_creation_input_token_cost": 3e-06,
    "cache_creation_input_token_cost_above_1hr": 4e-06,
    "geo_multiplier": {"us": 1.1},
    "web_search_cost_per_query": 0.01,
}


def test_replace_starts_from_an_empty_card():
    """Nothing of weaker layers stays, factors included."""
    found = card({"input_cost_per_token": 1e-06}, LONG, replace=True)
    assert (cells(found), found.factors) == ({("input",): ("0.000001", "registered")}, ())
    assert shadowed(found) == [(key, "registered replaces the card") for key in LONG if key != "geo_multiplier"]


def test_replace_lets_the_vendors_rules_fill_the_new_card():
    """Anthropic's cache write is 1.25 x the new input rate, although the map had one of its own."""
    claude = {**LONG, "litellm_provider": "anthropic"}
    found = card({"input_cost_per_token": 1e-06}, claude, replace=True)
    assert str(found.cells["cache_write", ()].usd) == "0.00000125"


def test_scale_rest_scales_the_siblings_of_the_base_key():
    """Input from 2 to 3 USD per million, so everything that follows input x 1.5; output and tools stay."""
    found = card({"input_cost_per_token": 3e-06}, LONG, scale_rest=True)
    assert {place: usd for place, (usd, _) in cells(found).items()} == {
        ("input",): "0.000003",
        ("input", 200_000): "0.000006",
        ("output",): "0.000008",
        ("cache_read",): "0.00000075",
        ("cache_write",): "0.0000045",
        ("cache_write_1h",): "0.000006",
        ("web_searches",): "0.01",
    }
    (derived,) = found.cells["cache_read", ()].derived
    assert derived == "scaled by 0.000003 / 0.000002 (registered input_cost_per_token)"
    assert (derived.code, derived.about) == ("scaled_rate", "input_cost_per_token")


def test_a_sibling_follows_the_nearest_rate_that_is_set():
    """A 1 h write follows the write where the layer sets it, x 2 here, and not the input, x 3; null is no rate."""
    own = {"input_cost_per_token": 6e-06, "cache_creation_input_token_cost": 6e-06, "output_cost_per_token": None}
    found = card(own, LONG, scale_rest=True)
    assert {place: usd for place, (usd, _) in cells(found).items() if place[0] != "web_searches"} == {
        ("input",): "0.000006",
        ("input", 200_000): "0.000012",
        ("cache_read",): "0.0000015",
        ("cache_write_1h",): "0.000008",
    }
    # The write repeats the input in its own layer, so that it follows it.
    assert found.repeats == {"cache_write"}


def test_there_may_be_nothing_to_scale():
    """A new meter, a conditional key, and a card without siblings."""
    found = card(
        {"output_cost_per_token": 1e-06, "input_cost_per_token_flex": 5e-07},
        {"input_cost_per_token": 1e-06},
        scale_rest=True,
    )
    assert cells(found)["input",] == ("0.000001", "map")


def test_zero_cannot_be_scaled_from():
    """Nobody can say what 4 USD are of 0; the message says what to do."""
    weaker = {**LONG, "input_cost_per_token": 0}
    with pytest.raises(InvalidPriceError, match="scale_rest cannot scale from a rate of 0; give the other keys too"):
        card({"input_cost_per_token": 4e-06}, weaker, scale_rest=True)


# Completing the card.


def test_placeholder_zeros_are_dropped_beside_another_price():
    """Public maps write 0 for tokens of a model that they price by the query; that is no price."""
    found = card({"input_cost_per_token": 0, "output_cost_per_token": 0.0, "input_cost_per_query": 0.002})
    assert cells(found) == {("queries",): ("0.002", "map")}
    assert shadowed(found) == [
        (key, "a token rate of 0 beside another unit's price")
        for key in ("input_cost_per_token", "output_cost_per_token")
    ]


@pytest.mark.parametrize(
    "raws",
    [
        ({"input_cost_per_token": 0, "input_cost_per_query": 0.002}, {}),
        ({"input_cost_per_token": 0, "output_cost_per_token": 1e-06, "input_cost_per_query": 0.002},),
        ({"input_cost_per_token": 0, "input_cost_per_query": 0},),
        ({"input_cost_per_token": 0, "web_search_cost_per_query": 0.01},),
    ],
    ids=["a user's zero", "another token rate", "all zero", "a tool fee"],
)
def test_zeros_that_are_no_placeholders(raws):
    """A user's 0, and a 0 beside a token rate, a 0 or a mere fee, stay."""
    assert ("input",) in cells(card(*raws))


def test_a_repeated_rate_follows_its_parent():
    """Audio at the price of text is text, also in long prompts and in other tiers, and needs no note."""
    raw = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "input_cost_per_audio_token": "0.0000010",
    }
    found = card(raw)
    assert found.repeats == {"input_audio"}
    assert shadowed(found) == [("input_cost_per_audio_token", "equal to the rate of input, which it follows")]
    cost = CostMap({"m": raw}).calculate(usage=Usage(input_audio=300_000), model="m")
    # 300,000 x 0.000002
    assert (str(cost), cost.notes) == ("0.60", ())


@pytest.mark.parametrize(
    "raws",
    [
        ({"input_cost_per_token": 1e-06, "input_cost_per_audio_token": 2e-06},),
        ({"input_cost_per_audio_token": 1e-06}, {"input_cost_per_token": 1e-06}),
        ({"input_cost_per_token": 1e-06}, {"input_cost_per_token": 1e-06, "input_cost_per_audio_token": 1e-06}),
        ({"input_cost_per_token_flex": 1e-06, "input_cost_per_audio_token_flex": 1e-06},),
        ({"input_cost_per_audio_token": 1e-06},),
    ],
    ids=["another rate", "another layer", "overridden parent", "conditional", "no parent"],
)
def test_what_is_no_repeat(raws):
    """Only an unconditional rate that equals its parent's in the same layer, both in force, is one."""
    found = card(*raws)
    assert (found.repeats, any(meter == "input_audio" for meter, _ in found.cells)) == (frozenset(), True)


def test_a_chain_of_repeats():
    """1 h write = write = input: all follow the input."""
    found = card(
        {
            "input_cost_per_token": 1e-06,
            "cache_creation_input_token_cost": 1e-06,
            "cache_creation_input_token_cost_above_1hr": 1e-06,
        }
    )
    assert (found.repeats, set(cells(found))) == ({"cache_write", "cache_write_1h"}, {("input",)})


# Zeros and free models.


def test_a_map_that_lists_a_model_at_zero_says_so():
    """It may be free, unknown, or a placeholder."""
    cost = CostMap({"m": {"input_cost_per_token": 0, "output_cost_per_token": 0}}).calculate(
        usage=Usage(input=5), model="m"
    )
    assert (str(cost), cost.notes) == ("0.00", ("the map lists this model at 0",))


@pytest.mark.parametrize(
    "raws",
    [
        ({"input_cost_per_token": 0, "free": True},),
        ({"input_cost_per_token": 0, "output_cost_per_token": 1e-06},),
        ({"input_cost_per_token": 0}, {"input_cost_per_token": 0}),
        ({"mode": "chat"},),
    ],
    ids=["free", "one rate", "a user's zero", "no rates"],
)
def test_zeros_that_need_no_note(raws):
    """Marked free, not all zero, somebody's own, or no rates at all."""
    found = card(*raws)
    assert found.notes == ()
    assert (found.free is not None) is (raws[0].get("free") is True)


def test_terms_make_a_price_of_ones_own():
    """A discount is a price that is set: a cost that the provider reports knows nothing of it."""
    from llmcost.core.term import Term

    layers = [Layer(compile_entry({"input_cost_per_token": 1e-06}, "map", "m"))]
    term = Term("discount", (1, 10), "config")
    assert compile_card(layers, model="m", name="m", match_rule="exact").priced_by_user is False
    assert compile_card(layers, model="m", name="m", match_rule="exact", terms=(term,)).priced_by_user is True


def test_whose_searches_are_sold_by_the_prompt():
    """Gemini's own rows, unless they say per query; other models of the same seller sell each search."""
    search = {"search_context_cost_per_query": {"search_context_size_medium": 0.035}}
    rows = {
        "gemini/gemini-2.5-x": {**search, "litellm_provider": "gemini"},
        "gemini-2.5-x": {**search, "litellm_provider": "vertex_ai-language-models"},
        "gemini/gemini-3-x": {**search, "litellm_provider": "gemini", "web_search_billing_unit": "per_query"},
        "vertex_ai/claude-x": {**search, "litellm_provider": "vertex_ai-anthropic_models"},
        "openrouter/google/gemini-2.5-x": {**search, "litellm_provider": "openrouter"},
    }
    prices = CostMap(rows)
    costs = {name: str(prices.calculate(usage=Usage(web_searches=3), model=name)) for name in rows}
    assert costs == {
        "gemini/gemini-2.5-x": "0.035",
        "gemini-2.5-x": "0.035",
        "gemini/gemini-3-x": "0.105",
        "vertex_ai/claude-x": "0.105",
        "openrouter/google/gemini-2.5-x": "0.105",
    }
