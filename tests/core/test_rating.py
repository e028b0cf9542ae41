"""Rating: which quantities become lines, what is marked instead, and what is added to every call."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, Usage
from llmcost.core.call import Call
from llmcost.core.meters import side_of
from llmcost.core.notes import Note
from llmcost.core.rate import Rate
from llmcost.core.ratecard import RateCard
from llmcost.core.rating import Segment, amount, rate, total
from llmcost.core.tariff import tariff_of

TOKENS = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}


def rated(raw: dict, usage: Usage, **own) -> Segment:
    """Rate a usage on a card of its own; ``own`` are prices of the call."""
    found = CostMap({"m": raw}).rate_card("m", prices=own or None)
    return rate(usage, tariff_of(found, Call(usage.context)), "m")


def usd(segment: Segment) -> Decimal:
    return Decimal(segment.numerator) / Decimal(segment.denominator)


def bill(raw: dict, usage: Usage, **own) -> tuple[dict, str, tuple[str, ...]]:
    segment = rated(raw, usage, **own)
    return dict(segment.quantities), format(usd(segment).normalize(), "f"), segment.unpriced


# Units times rates.


def test_units_times_rates():
    """1,000 x 0.000001 + 100 x 0.000002."""
    assert bill(TOKENS, Usage(input=1000, output=100)) == ({"input": 1000, "output": 100}, "0.0012", ())


def test_fractions_are_exact():
    """0.1 + 0.2 tokens at 1 USD per million, and 2.5 seconds at 0.1."""
    assert bill(TOKENS, Usage(input=0.1, output=Decimal("0.1"))) == (
        {"input": 0.1, "output": Decimal("0.1")},
        "0.0000003",
        (),
    )
    assert bill({"input_cost_per_second": 0.1}, Usage(input_seconds=2.5))[1] == "0.25"


def test_nothing_used_costs_nothing():
    """No line, and nothing is missing."""
    assert bill(TOKENS, Usage()) == ({}, "0", ())
    assert total({}, rated(TOKENS, Usage()).tariff)[0] == 0


def test_a_meter_without_a_rate_is_marked():
    """It is on no line, and never 0."""
    assert bill(TOKENS, Usage(input=1000, web_searches=2)) == ({"input": 1000}, "0.001", ("web_searches",))
    assert bill({"input_cost_per_token": 1e-06}, Usage(output=5)) == ({}, "0", ("output",))


def test_a_segment_without_a_tariff_costs_nothing_and_says_why():
    """A part of an unknown model."""
    segment = Segment(Usage(input=5), "x", None, {}, ("input",), ("unknown",))
    assert (segment.numerator, segment.denominator, segment.unpriced) == (0, 1, ("input",))
    assert segment.waive("why", fees=True).numerator == 0


def test_what_is_waived_is_not_in_the_sum():
    """Prepaid capacity pays for the model's own work: 2 searches at 0.01 remain."""
    raw = {**TOKENS, "web_search_cost_per_query": 0.01}
    segment = rated(raw, Usage(input=1000, web_searches=2)).waive("prepaid", fees=False)
    assert (usd(segment), segment.waived) == (Decimal("0.02"), {"input": "prepaid"})
    segment = rated(raw, Usage(input=1000, web_searches=2)).waive("cached", fees=True)
    assert (usd(segment), set(segment.waived)) == (0, {"input", "web_searches"})


# Alternatives: the same work in several units.

SPOKEN = Usage(alternatives=(({"input": 20}, {"input_characters": 100}),), input=5)


@pytest.mark.parametrize(
    ("raw", "quantities", "amount"),
    [
        # (20 + 5) x 0.000001
        (TOKENS, {"input": 25}, "0.000025"),
        # 5 x 0.000001 + ... the text is rated by its first unit with a rate.
        ({**TOKENS, "input_cost_per_character": 1e-05}, {"input": 25}, "0.000025"),
    ],
)
def test_the_first_unit_that_is_priced(raw, quantities, amount):
    """The reader's order of preference decides where several units have rates."""
    assert bill(raw, SPOKEN) == (quantities, amount, ())


def test_the_other_unit_where_the_first_has_no_rate():
    """100 characters x 0.00001; its tokens are on no line and not missing."""
    usage = Usage(alternatives=(({"input": 20}, {"input_characters": 100}),))
    assert bill({"input_cost_per_character": 1e-05}, usage) == ({"input_characters": 100}, "0.001", ())


def test_groups_add_up():
    """Audio by the second and text by the token are different work: 10 x 0.001 + 5 x 0.000001."""
    usage = Usage(alternatives=(({"input_audio_seconds": 10}, {"input_audio": 400}), ({"input": 5},)))
    assert bill({**TOKENS, "input_cost_per_audio_per_second": 0.001}, usage) == (
        {"input_audio_seconds": 10, "input": 5},
        "0.010005",
        (),
    )


def test_a_group_without_any_rate_is_marked_by_its_first_unit():
    """One mark for one piece of work."""
    usage = Usage(alternatives=(({"output_images": 2}, {"output_pixels": 99}),))
    assert bill(TOKENS, usage) == ({}, "0", ("output_images",))


def test_a_group_of_zeros_is_nothing():
    """No characters are no work."""
    assert bill(TOKENS, Usage(alternatives=(({"input_characters": 0}, {"queries": 0}),))) == ({}, "0", ())


def test_a_count_of_zero_is_no_line():
    """Neither a line of 0 USD nor a missing rate: 5 x 0.000002 is the whole bill, by itself and in a chosen unit."""
    assert bill(TOKENS, Usage(input=0, output=5, input_audio_seconds=0)) == ({"output": 5}, "0.00001", ())
    usage = Usage(alternatives=(({"input": 0, "output": 5}, {"input_characters": 9}),))
    assert bill(TOKENS, usage) == ({"output": 5}, "0.00001", ())


def test_a_zero_of_the_map_does_not_hide_a_price_of_another_unit():
    """Public maps write 0 for tokens beside a price per image; a user's 0 is a price."""
    usage = Usage(alternatives=(({"output_image": 50}, {"output_images": 2}),))
    raw = {"input_cost_per_token": 1e-06, "output_cost_per_image_token": 0, "output_cost_per_image": 0.04}
    assert bill(raw, usage) == ({"output_images": 2}, "0.08", ())
    assert bill(raw, usage, output_cost_per_image_token=0) == ({"output_image": 50}, "0", ())
    base = CostMap({"b": raw}).rate_card("m", base_model="b")
    assert rate(usage, tariff_of(base, Call(0)), "m").quantities == {"output_images": 2}
    # If nothing but the zero is there, it is the price.
    assert bill({"output_cost_per_image_token": 0}, usage) == ({"output_image": 50}, "0", ())


def test_a_zero_does_not_hide_a_price_of_the_same_layer():
    """Pixels in at 2e-9 beside pixels out at 0, registered together: 1024 x 1024 x 0.000000002, as in a map."""
    raw = {"input_cost_per_pixel": 2e-09, "output_cost_per_pixel": 0.0, "mode": "image_generation"}
    usage = Usage(alternatives=(({"output_images": 1}, {"output_pixels": 1048576}, {"input_pixels": 1048576}),))
    registered = CostMap({})
    registered.register({"m": raw})
    for prices in (registered, CostMap({"m": raw})):
        assert str(prices.calculate(usage=usage, model="m").total) == "0.002097152"
    # A 0 of the call is stronger than what was registered; a price of the call is stronger than a registered 0.
    assert registered.calculate(usage=usage, model="m", output_cost_per_image=0).total == 0
    assert str(registered.calculate(usage=usage, model="m", input_cost_per_pixel=1e-09).total) == "0.001048576"


def test_tokens_at_zero_do_not_hide_a_price_per_image_of_the_same_layer():
    """One image at 0.04, whose tokens somebody registered at 0 beside it."""
    prices = CostMap({})
    prices.register({"m": {"output_cost_per_image": 0.04, "input_cost_per_token": 0, "output_cost_per_token": 0}})
    usage = Usage(alternatives=(({"input": 10, "output_image": 20}, {"output_images": 1}),))
    assert prices.calculate(usage=usage, model="m").total == Decimal("0.04")


def test_a_zero_beside_a_price_in_one_entry_of_ones_own():
    """Rows of public maps, registered as they are, list 0 for a unit that is not sold; a 0 set over them is a price."""
    usage = Usage(alternatives=(({"output_pixels": 100}, {"input_pixels": 100}),))
    row = {"input_cost_per_pixel": 2e-9, "output_cost_per_pixel": 0.0, "mode": "image_generation"}
    prices = CostMap({})
    prices.register({"m": row})
    assert dict(rate(usage, tariff_of(prices.rate_card("m"), Call(0)), "m").quantities) == {"input_pixels": 100}
    assert bill(row, usage, output_cost_per_pixel=0.0) == ({"output_pixels": 100}, "0", ())
    images = Usage(alternatives=(({"input": 10, "output_image": 100}, {"output_images": 1}),))
    prices.register({"n": {"input_cost_per_token": 0, "output_cost_per_token": 0, "output_cost_per_image": 0.04}})
    assert dict(rate(images, tariff_of(prices.rate_card("n"), Call(0)), "n").quantities) == {"output_images": 1}


def test_a_unit_that_is_priced_in_full_comes_before_one_that_is_not():
    """Tokens with a price for one side only, and characters with both."""
    usage = Usage(alternatives=(({"input": 5, "output": 5}, {"input_characters": 20, "output_characters": 20}),))
    raw = {"input_cost_per_token": 1e-06, "input_cost_per_character": 1e-05, "output_cost_per_character": 1e-05}
    assert bill(raw, usage) == ({"input_characters": 20, "output_characters": 20}, "0.0004", ())
    assert bill({"input_cost_per_token": 1e-06}, usage) == ({"input": 5}, "0.000005", ("output",))


# Time.


@pytest.mark.parametrize(
    ("raw", "meter", "amount"),
    [
        ({"input_cost_per_second": 0.00042}, "input_seconds", "0.0042"),
        ({"output_cost_per_second": 0.01}, "output_seconds", "0.1"),
        ({"cost_per_second": 0.1, "input_cost_per_second": 0.2}, "compute_seconds", "1"),
        ({"input_cost_per_second": 0.2, "output_cost_per_second": 0.3}, "input_seconds", "2"),
        ({"input_cost_per_second": 0.2, "output_cost_per_second": 0}, "input_seconds", "2"),
        ({"input_cost_per_second": 0, "output_cost_per_second": 0.3}, "output_seconds", "3"),
        ({"input_cost_per_second": 0, "output_cost_per_second": 0}, "input_seconds", "0"),
        ({"input_cost_per_audio_per_second": 0.5}, "input_audio_seconds", "5"),
        ({"output_cost_per_video_per_second": 0.5}, "output_video_seconds", "5"),
    ],
)
def test_one_time_is_billed_once(raw, meter, amount):
    """10 seconds, by the first price per second above 0."""
    assert bill(raw, Usage(duration=10)) == ({meter: 10}, amount, ())


def test_times_that_are_stated_apart_are_billed_apart():
    """Input and output seconds are two quantities, and a stated duration is not a third."""
    raw = {"input_cost_per_second": 0.1, "output_cost_per_second": 0.2}
    assert bill(raw, Usage(input_seconds=1, output_seconds=2, duration=99)) == (
        {"input_seconds": 1, "output_seconds": 2},
        "0.5",
        (),
    )


def test_a_per_second_card_without_a_time_is_unpriced():
    """Never 0, and the note says how to give one; tool fees do not pay for the work."""
    raw = {"input_cost_per_second": 0.1, "web_search_cost_per_query": 0.01}
    for usage, quantities, total_usd in (
        (Usage(input=500, output=5), {}, "0"),
        (Usage(web_searches=2), {"web_searches": 2}, "0.02"),
    ):
        assert bill(raw, usage) == (quantities, total_usd, ("input_seconds",))
        assert rated(raw, usage).notes == ("m is priced by time: pass duration= (seconds)",)


def test_a_time_of_zero():
    """Alone it is nothing; beside work that takes time it is a timer that failed, and no price of 0."""
    raw = {"input_cost_per_second": 0.1}
    assert bill(raw, Usage(duration=0)) == ({}, "0", ())
    segment = rated(raw, Usage(duration=0, input=5))
    assert (segment.quantities, segment.unpriced) == ({}, ("input_seconds",))
    assert segment.notes == ("a 0 beside other work is no time: m is priced by time: pass duration= (seconds)",)
    spoken = Usage(duration=0, alternatives=(({"input_characters": 9},),))
    assert bill(raw, spoken) == ({}, "0", ("input_seconds",))
    # What has a price of its own is not sold by time.
    assert bill({**raw, "output_cost_per_image": 0.04}, Usage(duration=0, output_images=2)) == (
        {"output_images": 2},
        "0.08",
        (),
    )
    # Own tokens at 0 beside an own price per second: the time is what is sold.
    own = {"input_cost_per_token": 0, "input_cost_per_second": 0.1}
    assert bill({}, Usage(duration=0, input=5), **own) == ({"input": 5}, "0", ("input_seconds",))


def test_pieces_of_media_are_not_billed_by_a_card_of_tokens():
    """A video on a model that sells tokens has no price, and is no call without any work."""
    assert bill(TOKENS, Usage(media=1)) == ({}, "0", ("compute_seconds",))


def test_images_need_no_time():
    """A card of images and seconds has what it needs."""
    raw = {"input_cost_per_second": 0.1, "output_cost_per_image": 0.04}
    assert bill(raw, Usage(output_images=2)) == ({"output_images": 2}, "0.08", ())


@pytest.mark.parametrize(("mode", "expected"), [("chat", {"input_seconds": 3}), ("audio_transcription", {})])
def test_a_measured_latency_bills_wall_clock_only(mode, expected):
    """elapsed= is not the length of an audio file."""
    segment = rated({"input_cost_per_second": 0.1, "mode": mode}, Usage(elapsed=3))
    assert segment.quantities == expected
    assert segment.unpriced == (() if expected else ("input_seconds",))


def test_the_duration_comes_before_the_latency():
    """What the caller states counts."""
    assert bill({"input_cost_per_second": 0.1}, Usage(elapsed=3, duration=2))[0] == {"input_seconds": 2}


def test_tokens_that_are_priced_are_billed_instead_of_time():
    """The card prices both: this call has tokens, so its duration is not billed, and a note says so."""
    raw = {**TOKENS, "input_cost_per_second": 0.1}
    segment = rated(raw, Usage(input=5, duration=10))
    assert (segment.quantities, segment.notes) == (
        {"input": 5},
        ("duration is not billed: the card prices the tokens of this call",),
    )
    assert rated(raw, Usage(input=5, elapsed=10)).notes == ()
    assert bill(raw, Usage(duration=10))[0] == {"input_seconds": 10}
    assert bill(raw, Usage()) == ({}, "0", ())


def test_own_tokens_at_zero_do_not_hide_an_own_price_per_second():
    """Somebody's card says 0 for tokens and 0.1 for a second: the time is billed, and missed if it is not known."""
    own = {"input_cost_per_token": 0, "input_cost_per_second": 0.1}
    assert bill({}, Usage(input=5, duration=10), **own) == ({"input": 5, "input_seconds": 10}, "1", ())
    segment = rated({}, Usage(input=5), **own)
    assert (segment.unpriced, segment.notes) == (
        ("input_seconds",),
        ("m is priced by time: pass duration= (seconds)",),
    )
    zero = {"input_cost_per_token": 0, "input_cost_per_second": 0}
    assert bill({}, Usage(input=5, duration=10), **zero) == ({"input": 5}, "0", ())
    assert bill({**own, "output_cost_per_token": 1e-06}, Usage(input=5, duration=10)) == ({"input": 5}, "0", ())


def test_a_time_without_a_price_per_second_is_unpriced():
    """If there is nothing else to bill."""
    segment = rated(TOKENS, Usage(duration=10))
    assert (segment.unpriced, segment.notes) == (("compute_seconds",), ("m has no price per second",))
    assert bill(TOKENS, Usage(duration=10, input=5)) == ({"input": 5}, "0.000005", ())


def test_a_time_by_intervals():
    """A rate for media longer than 15 seconds does not price 10."""
    raw = {"input_cost_per_video_per_second_above_15s_interval": 2}
    assert bill(raw, Usage(duration=10)) == ({}, "0", ("input_video_seconds",))


# Cards that sell a whole call.


@pytest.mark.parametrize("raw", [{"input_cost_per_request": 0.01}, {"input_cost_per_query": 0.01}])
def test_a_call_that_is_sold_as_a_whole(raw):
    """Its work is paid for, in whatever unit it is counted; its tools are not."""
    meter = "requests" if "input_cost_per_request" in raw else "queries"
    for usage in (
        Usage(input=500, output=5),
        Usage(input_images=2),
        Usage(duration=5),
        Usage(output_seconds=5),
        Usage(input_characters=20),
        Usage(output_pixels=1024),
        Usage(ocr_pages=3, annotation_pages=3),
        Usage(ocr_credits=3),
        Usage(alternatives=(({"input": 5}, {"input_characters": 20}),)),
    ):
        assert bill(raw, usage) == ({meter: 1}, "0.01", ())
    assert bill(raw, Usage(web_searches=1))[2] == ("web_searches",)
    assert bill(raw, Usage(alternatives=(({"web_searches": 1}, {"grounded_prompts": 1}),)))[2] == ("web_searches",)


def test_seconds_of_no_kind_are_billed_beside_what_has_another_price():
    """3 images at 0.0002 and 20 seconds at 0.0001, the only seconds that are sold: both were named."""
    raw = {"input_cost_per_image": 0.0002, "input_cost_per_audio_per_second": 0.0001}
    usage = Usage(input_images=3, input_seconds=20)
    assert bill(raw, usage) == ({"input_images": 3, "input_audio_seconds": 20}, "0.0026", ())
    more = Usage(input_images=3, input_seconds=20, input_audio_seconds=5)
    assert bill(raw, more) == ({"input_images": 3, "input_audio_seconds": 25}, "0.0031", ())
    # Of two kinds it could be either.
    raw["input_cost_per_video_per_second"] = 0.0007
    assert bill(raw, usage) == ({"input_images": 3}, "0.0006", ("input_seconds",))
    # Seconds of another side have no price here at all.
    assert bill(raw, Usage(input_images=3, output_seconds=20)) == ({"input_images": 3}, "0.0006", ("output_seconds",))


def test_a_whole_call_does_not_pay_for_what_has_a_price_of_its_own():
    """Seconds are sold by resolution: unstated, they are unpriced beside the request, and not paid for by it."""
    raw = {"input_cost_per_request": 0.01, "output_cost_per_second_1080p": 1, "output_cost_per_second_720p": 2}
    for usage in (Usage(output_seconds=5), Usage(alternatives=(({"output_seconds": 5}, {"output_images": 9}),))):
        assert bill(raw, usage) == ({"requests": 1}, "0.01", ("output_seconds",))


def test_what_a_whole_call_card_prices_besides():
    """An image that has its own price is billed beside the request: 0.01 + 2 x 0.04."""
    raw = {"input_cost_per_request": 0.01, "output_cost_per_image": 0.04}
    assert bill(raw, Usage(output_images=2, input=5)) == ({"output_images": 2, "requests": 1}, "0.09", ())


# Requests and queries.


def test_every_call_is_one_request():
    """The fee is on top of tokens, unless the usage counts the requests itself."""
    raw = {**TOKENS, "input_cost_per_request": 0.005}
    assert bill(raw, Usage(input=1000)) == ({"input": 1000, "requests": 1}, "0.006", ())
    assert bill(raw, Usage(input=1000, requests=3)) == ({"input": 1000, "requests": 3}, "0.016", ())


def test_a_rerank_is_at_least_one_query():
    """Assumed, and said; what the response counts is taken: 3 x 0.002."""
    raw = {"input_cost_per_query": 0.002}
    segment = rated(raw, Usage(input=812))
    assert (segment.quantities, segment.notes) == ({"queries": 1}, ("no query count in the response: 1 query assumed",))
    assert bill(raw, Usage(queries=3, input=812)) == ({"queries": 3}, "0.006", ())


def test_a_query_price_beside_tokens_is_for_queries():
    """Tokens that are billed need no query."""
    assert bill({**TOKENS, "input_cost_per_query": 0.002}, Usage(input=5))[0] == {"input": 5}


@pytest.mark.parametrize("kind", ["request", "query"])
def test_an_aggregate_does_not_say_how_many_calls_it_holds(kind):
    """The fee is missing and marked; with a count it is billed."""
    raw, meter = {f"input_cost_per_{kind}": 0.01}, {"request": "requests", "query": "queries"}[kind]
    segment = rated(raw, Usage(input=5) + Usage(input=6))
    assert (segment.quantities, segment.unpriced) == ({}, (meter,))
    assert segment.notes == (f"an aggregate does not say how many {meter} it holds: give them in the usage",)
    assert bill(raw, Usage(**{meter: 2}) + Usage(**{meter: 1})) == ({meter: 3}, "0.03", ())


def test_searches_that_no_response_counts():
    """One search of 0.01 beside 5 tokens of 1e-6; several calls are an unknown number of them, which is marked."""
    fees = {"input": (1, 10**6), "web_searches": (1, 100)}
    rates = [Rate(meter, (), usd, "map", "m", meter) for meter, usd in fees.items()]
    said = Note("searches_not_counted", "one is in this cost", "web_searches")
    searcher = tariff_of(RateCard(rates, name="m", unstated={"web_searches": said}), Call(5))
    one = rate(Usage(input=5), searcher, "m")
    assert (one.quantities, usd(one), one.unpriced, one.notes) == (
        {"input": 5, "web_searches": 1},
        Decimal("0.010005"),
        ("web_searches",),
        (said,),
    )
    several = rate(Usage(input=2) + Usage(input=3), searcher, "m")
    assert (several.quantities, usd(several), several.unpriced) == (
        {"input": 5},
        Decimal("0.000005"),
        ("web_searches",),
    )
    counted = rate(Usage(input=5, web_searches=3), searcher, "m")
    assert (usd(counted), counted.unpriced, counted.notes) == (Decimal("0.030005"), (), ())


def test_a_session_that_is_all_turns_is_no_request_of_its_own():
    """Its turns are, and they bring their own time."""
    session = Usage(parts=(Usage(input=5), Usage(input=6)))
    for raw in ({**TOKENS, "input_cost_per_request": 0.01}, {"input_cost_per_second": 0.1}):
        assert bill(raw, session) == ({}, "0", ())
    assert bill({**TOKENS, "input_cost_per_request": 0.01}, session.replaced(duration=1))[0] == {"requests": 1}


# Thresholds of aggregates.


def test_an_aggregate_has_no_threshold():
    """No request was that long, as far as anybody knows; the note says that it is a lower bound."""
    raw = {**TOKENS, "input_cost_per_token_above_200k_tokens": 2e-06}
    segment = rated(raw, Usage(input=150_000) + Usage(input=150_000))
    assert usd(segment) == Decimal("0.3")
    assert segment.notes == ("an aggregate of several requests: no context threshold applied, this is a lower bound",)
    assert rated(TOKENS, Usage(input=5) + Usage(input=5)).notes == ()


@pytest.mark.parametrize(("tokens", "amount"), [(200_000, "0.2"), (200_001, "0.400002")])
def test_a_volume_tier_re_rates_all_units_of_the_call(tokens, amount):
    """One token more, and every token costs double; the whole prompt counts, cached or not."""
    raw = {
        **TOKENS,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "cache_read_input_token_cost": 1e-06,
        "cache_read_input_token_cost_above_200k_tokens": 2e-06,
    }
    assert bill(raw, Usage(input=tokens - 150_000, cache_read=150_000))[1] == amount


# Notes.


def test_notes_say_why_a_variant_is_unpriced():
    """The message of the waiting rate, once."""
    segment = rated({"output_cost_per_second_4k": 1, "output_cost_per_second_1080p": 2}, Usage(output_seconds=5))
    assert segment.unpriced == ("output_seconds",)
    assert len(segment.notes) == 1
    assert "pass resolution=, size= or quality=" in segment.notes[0]


@pytest.mark.parametrize(
    ("meter", "side"),
    [
        ("input", "input"),
        ("cache_write", "input"),
        ("compute_seconds", "input"),
        ("output", "output"),
        ("web_searches", "other"),
        ("requests", "other"),
        ("discount", "other"),
        ("reported", "other"),
    ],
)
def test_the_side_of_the_bill(meter, side):
    """Time counts as input; tools, requests and terms are on neither side."""
    assert side_of(meter) == side


def test_the_amount_of_whole_units():
    """10 x 1/10 and 5 x 2/10 USD are 20 tenths; a fraction of a unit and a meter without a rate are none of its."""
    card = RateCard(
        [Rate("input", (), (1, 10), "map", "m", "k"), Rate("output", (), (2, 10), "map", "m", "k")], name="m"
    )
    tariff = tariff_of(card, Call(10))
    assert (amount({"input": 10, "output": 5}, tariff), tariff.denominator) == (20, 10)
    assert amount({"input": 10, "output": 5}, tariff) == 20  # with the rates found before
    assert amount({}, tariff) == 0
    assert amount({"input": 10, "web_searches": 1}, tariff) is None
    assert amount({"input": 0.5}, tariff) is None
    assert amount({"input": Decimal("0.5"), "output": 0.5}, tariff) is None


def test_searches_of_a_model_that_sells_grounded_prompts():
    """Once, however many queries it took; an aggregate does not say how many prompts there were."""
    row = {"input_cost_per_token": 1e-06, "grounding_cost_per_prompt": 0.035}
    assert bill(row, Usage(input=10, web_searches=4)) == ({"input": 10, "grounded_prompts": 1}, "0.03501", ())
    both = {**row, "web_search_cost_per_query": 0.01}
    assert bill(both, Usage(input=10, web_searches=4)) == ({"input": 10, "web_searches": 4}, "0.04001", ())
    several = Usage(input=10, web_searches=4, aggregate=True)
    assert bill(row, several) == ({"input": 10}, "0.00001", ("web_searches",))
