"""What the caller says of a call completes what its response states."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import ArgumentError, CostMap, InconsistentUsageError, Usage

PRICES = CostMap(
    {
        "veo": {"output_cost_per_second": 0.4, "mode": "video_generation"},
        "imagen": {"output_cost_per_image": 0.04, "mode": "image_generation"},
        "hosted": {"cost_per_second": 0.001, "mode": "image_generation"},
    }
)


def line(cost):
    (found,) = cost.line_items
    return found.meter, found.quantity, found.amount


@pytest.mark.parametrize(
    ("facts", "seconds", "amount"),
    [
        ({"duration": 8}, 8, "3.2"),
        ({"duration": 8, "n": 1}, 8, "3.2"),
        ({"duration": 8, "n": 2}, 16, "6.4"),
        ({"duration": 2.5, "n": 3}, Decimal("7.5"), "3"),
    ],
)
def test_the_duration_is_that_of_each_video(facts, seconds, amount):
    """n videos of 8 s are 8 n seconds; the note says that they are counted alike."""
    cost = PRICES.calculate(model="veo", **facts)
    assert line(cost) == ("output_seconds", seconds, Decimal(amount))
    assert ("videos of the same length" in cost.explain()) == (facts.get("n", 1) > 1)


def test_a_response_counts_its_videos_itself():
    """What was delivered is billed, and not what was asked for."""
    response = {"name": "models/veo/operations/1", "response": {"generatedVideos": [{"video": {"uri": "gs://1"}}] * 3}}
    cost = PRICES.calculate(response, model="veo", duration=8, n=4)
    # 3 x 8 s x 0.4
    assert line(cost) == ("output_seconds", 24, Decimal("9.6"))


def test_the_time_of_a_host_is_that_of_the_whole_call():
    """The wall clock of a hosted model runs once, however many images it makes."""
    assert line(PRICES.calculate(model="hosted", duration=8, n=2)) == ("compute_seconds", 8, Decimal("0.008"))
    assert line(PRICES.calculate(model="imagen", n=2)) == ("output_images", 2, Decimal("0.08"))


@pytest.mark.parametrize("n", [-1, True, "2", 2.5, float("inf")])
def test_a_number_of_videos_is_a_count(n):
    """What is no count is refused."""
    with pytest.raises(InconsistentUsageError, match="n="):
        PRICES.calculate(model="veo", duration=8, n=n)


RESPONSE = {"object": "chat.completion", "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 1}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": ["m"]}, r"model=\['m'\]: it has to be text"),
        ({"model": 7}, "model=7: it has to be text"),
        ({"prices": [1]}, r"prices=\[1\]: expected a mapping of price keys"),
    ],
)
def test_what_is_no_name_and_no_price_is_said_with_its_keyword(given, message):
    """The short way and the long way say it alike."""
    with pytest.raises(ArgumentError, match=message):
        CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}}).calculate(RESPONSE, **given)


def test_how_own_prices_treat_others_needs_own_prices():
    """Also when the card is known already."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}})
    assert prices.calculate(RESPONSE, cache_hit=False).response_cost == 2e-06
    for option in ("replace", "scale_rest"):
        with pytest.raises(ValueError, match="none are given"):
            prices.calculate(RESPONSE, **{option: True})


@pytest.mark.parametrize("first", [1, 1.0])
def test_what_is_equal_is_not_the_same(first):
    """1 and 1.0 are one image of 0.04 USD. True equals both and is no number, whatever was said before."""
    assert str(PRICES.calculate(model="imagen", n=first).total) == "0.04"
    with pytest.raises(InconsistentUsageError, match="n=True"):
        PRICES.calculate(model="imagen", n=True)
    assert str(PRICES.calculate(model="imagen", n=first, batch=False).total) == "0.04"
    with pytest.raises(ArgumentError, match="batch=0"):
        PRICES.calculate(model="imagen", n=first, batch=0)


def test_the_callers_searches_are_in_the_place_of_those_that_were_counted():
    """The response has one prompt with two queries, sold in either unit; the caller says 5: 1 + 5 x 0.014."""
    rates = {"input_cost_per_token": 1e-6, "search_context_cost_per_query": {"search_context_size_medium": 0.014}}
    prices = CostMap({"m": {**rates, "litellm_provider": "openai"}})
    usage = Usage(input=1_000_000, model="m", alternatives=[[{"grounded_prompts": 1}, {"web_searches": 2}]])
    assert str(prices.calculate(usage=usage, web_searches=5).total) == "1.07"


def test_images_that_are_counted_in_tokens_are_not_billed_by_their_number():
    """Two images of 1,000 tokens in all at 10 USD a million, and a prompt of 1,000 at 1; an image alone costs 0.04."""
    rates = {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-5, "output_cost_per_image": 0.04}
    prices = CostMap({"m": {**rates, "mode": "image_generation"}})
    assert str(prices.calculate(usage=Usage(input=1000, output=1000), model="m", n=2).total) == "0.011"
    assert str(prices.calculate(model="m", n=2).total) == "0.08"


def test_characters_stand_for_the_prompt_alone():
    """400 characters at 0.25 USD a million, and the answer by its tokens: 100 at 10 and 50 of thoughts at 10."""
    prices = CostMap({"m": {"input_cost_per_character": 2.5e-7, "output_cost_per_token": 1e-5}})
    usage = Usage(input=90, cache_read=10, output=100, reasoning=50)
    assert str(prices.calculate(usage=usage, model="m", characters=400).total) == "0.0016"
