"""What goes wrong in tables: arithmetic that wraps or rounds in silence, joins that lose, double or misdate rows."""

from __future__ import annotations

import warnings
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

import llmcost
from llmcost.errors import PriceDataError
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

EXACT = ("polars", "polars-lazy", "duckdb", "pandas", "pyarrow")


def table(engine, **columns):
    """Return a frame of an engine from columns."""
    optional("pandas")
    return frame_of(optional("pyarrow").table(columns), engine)


def priced(engine, prices, given=None, **columns):
    return rows_of(llmcost.price_table(table(engine, **columns), cost_map=llmcost.CostMap(prices), **(given or {})))


ODD = "0.00000000000000000123"  # 20 decimal places


@pytest.mark.parametrize("engine", EXACT)
def test_a_count_of_a_million_billions_at_a_rate_of_twenty_digits(engine):
    """10^15 x 0.00000000000000000123 USD and 10^15 x 0.5 USD: 123 billionths of 10^4 units more than 64 bits hold."""
    rates = {"m": {"input_cost_per_token": ODD, "output_cost_per_token": 0.0005}}
    (row,) = priced(engine, rates, model=["m"], input=[10**15], output=[10**15])
    assert row["cost"] == Decimal("500000000000.00123")
    assert row["cost_input"] == Decimal("0.00123")


@pytest.mark.parametrize("engine", EXACT)
def test_costs_beyond_every_width_are_refused(engine):
    """10^15 x 900 USD in units of 10^-20 USD has 38 digits, and with as many on the other side more than 38."""
    rates = {"m": {"input_cost_per_token": ODD, "output_cost_per_image": 99_999}}
    with pytest.raises(PriceDataError, match="do not fit into 38 digits"):
        priced(engine, rates, model=["m"], input=[1], output_images=[10**15])


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_sums_past_64_bits(engine):
    """Four costs of 4 x 10^18 units each are 1.6 x 10^19, which is beyond 2^63 - 1; as decimals and as units."""
    rates = {"m": {"input_cost_per_token": "0.000000004"}}
    for money, scale in (("decimal", 1), ("units", 10**9)):
        frame = llmcost.price_table(
            table(engine, model=["m"] * 4, input=[10**15] * 4), cost_map=llmcost.CostMap(rates), money=money
        )
        (total,) = rows_of(llmcost.summarize_table(frame))
        assert total["cost"] * Decimal(1) == 16_000_000 * scale
        assert (total["rows"], total["priced"], total["lower_bound"]) == (4, 4, False)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
@pytest.mark.parametrize("kind", [int, float])
def test_a_time_in_seconds(engine, kind):
    """o3 cost 10 and 40 USD per million tokens on 9 June 2025, 2 and 8 USD on 12 June: 0.014 and 0.0028 for a call."""
    days = [kind(datetime(2025, 6, day, tzinfo=timezone.utc).timestamp()) for day in (9, 12)]
    given = table(engine, model=["o3"] * 2, input=[1000] * 2, output=[100] * 2, time=days)
    found = rows_of(llmcost.price_table(given, cost_map=llmcost.CostMap(), money="float"))
    assert sorted(row["cost"] for row in found) == [0.0028, 0.014]


@pytest.mark.parametrize("engine", EXACT)
def test_a_cost_between_63_and_64_bits(engine):
    """10^12 tokens of 12,345,678 units of 10^-9 USD are 1.23 x 10^19 units: above 2^63, below 2^64."""
    (row,) = priced(engine, {"m": {"input_cost_per_token": "0.012345678"}}, model=["m"], input=[10**12])
    assert row["cost"] == Decimal(12_345_678_000)


def test_a_sum_beyond_64_bits_is_refused_without_wider_numbers(monkeypatch):
    """Two costs of 5 x 10^18 units are above 2^63 and below 2^64; two of 4 x 10^18 fit."""
    optional("narwhals")
    from llmcost.frames.engines import Engine

    monkeypatch.setattr(Engine, "has_128_bits", False)

    def summed(units):
        given = table("polars", model=["m"] * 2, cost=[units] * 2, status=["priced"] * 2)
        return rows_of(llmcost.summarize_table(given))[0]["cost"]

    assert summed(4 * 10**18) == 8 * 10**18
    with pytest.raises(PriceDataError, match="may not fit into 64 bits"):
        summed(5 * 10**18)


def test_a_sum_that_could_wrap_is_refused():
    """Two costs of 10^15 x 80,000,000 USD in units of 10^-14 USD: each has 37 digits, the bound of the sum 38."""
    pl = optional("polars")
    frame = pl.DataFrame({"model": ["m"] * 2, "cost": [9 * 10**37] * 2, "status": ["priced"] * 2})
    with pytest.raises(PriceDataError, match="may not fit into 128 bits"):
        llmcost.summarize_table(frame)


@pytest.mark.parametrize("engine", EXACT)
def test_floats_are_what_a_single_call_returns(engine):
    """2,000 costs of one, two and three meters, each the double nearest to the exact sum: ``Cost.response_cost``."""
    counts = [(n * 7919) % 100_003 for n in range(2000)]
    columns = {"input": counts, "cache_read": counts[::-1], "output": [n % 997 for n in counts]}
    prices = llmcost.CostMap()
    frame = table(engine, model=["gpt-4o"] * 2000, **columns)
    ours = sorted(
        row["cost"] for row in rows_of(llmcost.price_table(frame, cost_map=prices, money="float", keep=["cost"]))
    )
    calls = zip(*columns.values(), strict=True)
    each = [prices.calculate(usage=dict(zip(columns, call, strict=True)), model="gpt-4o") for call in calls]
    assert ours == sorted(cost.response_cost for cost in each)


@pytest.mark.parametrize("engine", EXACT)
def test_a_float_that_no_double_division_gives(engine):
    """A cost of more than 2^53 units is the double nearest to it, too: 123,456,789,012,345 x 1.23456789e-06 USD."""
    rates = {"m": {"input_cost_per_token": "0.00000123456789"}}
    cost = llmcost.CostMap(rates).calculate(usage={"input": 123_456_789_012_345, "output": 0}, model="m")
    (row,) = priced(engine, rates, {"money": "float"}, model=["m"], input=[123_456_789_012_345])
    assert row["cost"] == cost.response_cost


@pytest.mark.parametrize("engine", EXACT)
def test_a_null_takes_no_digit_from_the_others(engine):
    """2^53 + 1 stays what it is beside a null, which pandas would make a double of."""
    rates = {"m": {"input_cost_per_token": 1}}
    columns = {"model": ["m", "m"], "input": [2**49 + 1, None], "output": [0, 0]}
    rows = priced(engine, rates, **columns)
    assert {row["cost"] for row in rows} == {2**49 + 1, 0}


def test_a_double_above_its_exact_numbers_is_refused():
    """A column of doubles that holds 2^53 + 2 may have held anything near it."""
    with pytest.raises(PriceDataError, match="not exact for 9,007,199,254,740,994"):
        priced("pandas-numpy", {"m": {"input_cost_per_token": 1}}, model=["m"], input=[2.0**53 + 2])


@pytest.mark.parametrize("engine", EXACT)
def test_parts_of_a_second(engine):
    """12.5 s and 0.1 s (which is no binary fraction) at 0.0001 USD; a decimal too. Seven places are refused."""
    rates = {"m": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"}}
    rows = priced(engine, rates, model=["m"] * 3, duration=[12.5, 0.1, None])
    assert sorted(str(row["cost"]).rstrip("0") for row in rows) == ["0.00001", "0.00125", "None"]
    exact = optional("pyarrow").array([Decimal("12.500000")])
    assert priced(engine, rates, model=["m"], duration=exact)[0]["cost"] == Decimal("0.00125")
    with pytest.raises(PriceDataError, match="more than six decimal places"):
        priced(engine, rates, model=["m"], duration=[0.1234567])


def test_parts_of_a_token_are_refused():
    """Half a token is a mistake of the table."""
    with pytest.raises(PriceDataError, match="counts tokens, which are whole numbers; 1 of its values are not"):
        priced("polars", {"m": {"input_cost_per_token": 1e-6}}, model=["m"], input=[0.5])


DATED = {"model": "gpt-4o-mini", "input": 10**6, "output": 0}


@pytest.mark.parametrize("engine", EXACT)
def test_a_call_without_a_time_has_todays_price(engine):
    """o3 cost 10 USD per million until 2025-06-10 and 2 USD since; a null time is not before every day."""
    times = [datetime(2025, 5, 1, tzinfo=timezone.utc), datetime(2026, 5, 1, tzinfo=timezone.utc), None]
    frame = table(engine, model=["o3"] * 3, input=[10**6] * 3, time=times, n=[0, 1, 2])
    rows = sorted(rows_of(llmcost.price_table(frame)), key=lambda row: row["n"])
    assert [row["cost"] for row in rows] == [10, 2, 2]
    assert rows[2]["basis"] == "current"


@pytest.mark.parametrize("engine", EXACT)
def test_times_of_every_type(engine):
    """A date, seconds since 1970, and a time of another zone: 2025-06-10 in Tokyo begins before the change of o3."""
    pa = optional("pyarrow")
    tokyo = pa.array([datetime(2025, 6, 9, 12, tzinfo=timezone.utc)], pa.timestamp("us", "Asia/Tokyo"))
    for time in ([date(2025, 5, 1)], [1_746_057_600], [1_746_057_600.5], tokyo):
        (row,) = rows_of(llmcost.price_table(table(engine, model=["o3"], input=[10**6], time=time)))
        assert row["cost"] == 10
    with pytest.raises(PriceDataError, match="divided by 1000"):
        llmcost.price_table(table(engine, model=["o3"], input=[1], time=[1_746_057_600_000]))
    with pytest.raises(PriceDataError, match="cast it"):
        llmcost.price_table(table(engine, model=["o3"], input=[1], time=["2025-05-01"]))


STEPPED = {
    "m": {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 1e-6,
        "input_cost_per_token_above_200k_tokens": 2e-6,
        "litellm_provider": "gemini",
    },
    "inclusive": {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 1e-6,
        "input_cost_per_token_above_200k_tokens": 2e-6,
        "litellm_provider": "xai",
    },
}


@pytest.mark.parametrize("engine", EXACT)
def test_beside_a_threshold(engine):
    """200,000 tokens are above none; xAI counts them as above. No row is lost for lack of a step or of a name."""
    columns = {
        "model": ["m", "m", "inclusive", "inclusive", "nobody"],
        "input": [200_000, 200_001, 199_999, 200_000, 5],
    }
    rows = priced(engine, STEPPED, {"money": "float"}, **columns)
    assert sorted(str(row["cost"]) for row in rows) == ["0.199999", "0.2", "0.4", "0.400002", "None"]


@pytest.mark.parametrize("engine", EXACT)
def test_a_sum_of_calls_is_above_no_threshold(engine):
    """Ten calls of 40,000 tokens: below the threshold of 200,000 each, and a lower bound."""
    rows = priced(engine, STEPPED, {"money": "float"}, model=["m", "m"], input=[400_000] * 2, aggregate=[True, False])
    assert sorted((row["cost"], row["status"]) for row in rows) == [(0.4, "partial"), (0.8, "priced")]


@pytest.mark.parametrize("engine", EXACT)
def test_nulls_and_cases_in_names(engine):
    """A null provider, region or tier is none; a name that differs in case alone matches once, as for a single call."""
    rates = {"M": {"input_cost_per_token": 1e-6}, "m": {"input_cost_per_token": 2e-6}}
    columns = {"model": ["M", "m", None], "provider": [None, None, None], "input": [1000] * 3}
    columns["provider"] = optional("pyarrow").array(columns["provider"], "string")
    rows = priced(engine, rates, {"money": "float"}, **columns)
    assert sorted(str(row["cost"]) for row in rows) == ["0.001", "0.002", "None"]


def test_the_side_of_time():
    """Seconds of a video that is made are output; seconds of listening are input."""
    rates = {
        "film": {"output_cost_per_video_per_second": 0.1, "mode": "video_generation"},
        "ear": {"input_cost_per_second": 0.1, "mode": "audio_transcription"},
    }
    film, ear = priced("polars", rates, model=["film", "ear"], duration=[5, 5])
    assert (film["cost_output"], film["cost_input"]) == (Decimal("0.5"), 0)
    assert (ear["cost_output"], ear["cost_input"]) == (0, Decimal("0.5"))


@pytest.mark.parametrize("engine", EXACT)
def test_a_word_of_a_tier_that_nobody_knows(engine):
    """It is billed at standard, and the note of its row says so."""
    frame = table(engine, model=["gpt-4o"], input=[1000], service_tier=["turbo"])
    (row,) = rows_of(llmcost.price_table(frame, money="float"))
    assert (row["cost"], row["status"]) == (0.0025, "priced")
    note = llmcost.rate_sheet(frame).notes[row["note_id"] - 1]
    assert note == "service tier 'turbo' is not known: billed at standard"


WINDOW = {
    "m": {
        "input_cost_per_token": 2e-6,
        "output_cost_per_token": 2e-6,
        "off_peak_pricing": {
            "hours_utc": "16:30-00:30",
            "weekdays": [6, 7],
            "weekday_timezone": "America/New_York",
            "input_cost_per_token": 1e-6,
        },
    }
}


@pytest.mark.parametrize("engine", EXACT)
def test_windows_of_the_week_on_a_calendar_with_summer_time(engine):
    """Every half hour of two weeks around each change of the clock, and the second before it: as a single call says."""
    prices = llmcost.CostMap(WINDOW)
    times = [
        datetime.fromtimestamp(start.timestamp() + half * 1800 - second, timezone.utc)
        for start in (datetime(2026, 3, 2, tzinfo=timezone.utc), datetime(2026, 10, 26, tzinfo=timezone.utc))
        for half in range(14 * 48)
        for second in (0, 1)
    ]
    frame = table(engine, model=["m"] * len(times), input=[1000] * len(times), time=times)
    rows = rows_of(llmcost.price_table(frame, cost_map=prices, money="float", keep=["cost"]))
    usage = [llmcost.Usage(input=1000, at=time) for time in times]
    assert {row["time"]: row["cost"] for row in rows} == {
        one.at: prices.calculate(usage=one, model="m").response_cost for one in usage
    }


@pytest.mark.parametrize("engine", EXACT)
def test_everything_free(engine):
    """A table in which nothing costs anything has costs of 0, and no nulls."""
    (row,) = priced(engine, {"m": {"free": True}}, model=["m"], input=[5])
    assert (row["cost"], row["cost_output"], row["status"]) == (0, 0, "free")


def test_names_of_columns():
    """A column that is there already, one of our own names, an output that nobody knows, and what is no table."""
    pl = optional("polars")
    calls = pl.DataFrame({"model": ["m"], "input": [1], "cost": [3]})
    with pytest.raises(PriceDataError, match="has a column 'cost' already"):
        llmcost.price_table(calls)
    assert llmcost.price_table(calls, keep=["status"]).columns == ["model", "input", "cost", "status"]
    with pytest.raises(PriceDataError, match="columns of our own names: llmcost_q_x"):
        llmcost.price_table(calls.rename({"cost": "llmcost_q_x"}))
    with pytest.raises(ValueError, match="the new columns are cost, cost_input"):
        llmcost.price_table(calls, keep=["total"])
    with pytest.raises(ValueError, match="money='euro': it is one of 'decimal', 'float', 'units'"):
        llmcost.price_table(calls, money="euro")
    with pytest.raises(TypeError, match="list is no table"):
        llmcost.price_table([1])
    with pytest.raises(PriceDataError, match="'m' is neither a meter nor one of model, provider"):
        llmcost.price_table(calls.drop("cost"), {"m": "model"})
    with pytest.raises(PriceDataError, match="no such column"):
        llmcost.price_table(calls.drop("cost"), {"model": "name"})
    with pytest.raises(PriceDataError, match="no column counts anything"):
        llmcost.price_table(calls.select("model"))
    theirs = pl.DataFrame({"model": ["m"], "prompt_tokens": [1], "completion_tokens": [1]})
    with pytest.raises(PriceDataError, match=r"are those of columns='openai' or columns='litellm_spend'$"):
        llmcost.price_table(theirs)
    with pytest.raises(PriceDataError, match="a name is text"):
        llmcost.price_table(pl.DataFrame({"model": [1], "input": [1]}))
    with pytest.raises(PriceDataError, match="input is a number"):
        llmcost.price_table(pl.DataFrame({"model": ["m"], "input": ["1"]}))


def test_a_column_that_is_nearly_a_meter_is_named():
    """It is not read; a column beside the meter itself may have any name."""
    pl = optional("polars")
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}})
    slip = pl.DataFrame({"model": ["m"], "inputs": [1000], "output": [10]})
    with pytest.warns(
        llmcost.UnreadUsageWarning, match=r"'inputs' is not read: it is no meter\. Did you mean 'input'"
    ) as said:
        llmcost.price_table(slip, cost_map=prices)
    assert said[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        llmcost.price_table(slip.with_columns(pl.lit(1).alias("input")), cost_map=prices)
