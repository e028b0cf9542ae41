"""Windows: half-open hours in UTC, weekdays on the vendor's calendar, and every way of writing a time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from llmcost import CostMap, PriceDataError, Usage
from llmcost.prices.windows import clock, inside, turning_points
from tests.prices.clocks import utc, window

# Windows.


@pytest.mark.parametrize(
    ("time", "expected"),
    [("00:59:59", False), ("01:00:00", True), ("03:59:59", True), ("04:00:00", False)],
)
def test_hours_are_half_open(time, expected):
    """The first minute belongs to the window, the last one to what follows."""
    assert inside(window(hours_utc="01:00-04:00"), utc(f"2026-08-24T{time}")) is expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [("15:59", False), ("16:30", True), ("23:59", True), ("00:00", True), ("00:29", True), ("00:30", False)],
)
def test_a_window_may_pass_midnight(time, expected):
    """16:30-00:30 is the night."""
    assert inside(window(hours_utc="16:30-00:30"), utc(f"2026-08-24T{time}:00")) is expected


@pytest.mark.parametrize("hours", ["00:00-00:00", "00:00-24:00", "05:00-05:00"])
def test_a_window_of_a_whole_day(hours):
    """From an hour to the same hour is all day."""
    assert all(inside(window(hours_utc=hours), utc(f"2026-08-24T{hour:02}:00:00")) for hour in range(24))


def test_several_windows():
    """One of them is enough."""
    both = window(windows=[{"hours_utc": ["01:00-04:00", "06:00-10:00"]}])
    assert [inside(both, utc(f"2026-08-24T{hour:02}:00:00")) for hour in (3, 5, 6, 10)] == [True, False, True, False]


def test_weekdays_are_those_of_the_vendor():
    """On Sunday at 17:00 in UTC it is Monday in Shanghai."""
    sunday = utc("2026-08-23T17:00:00")
    assert sunday.isoweekday() == 7
    assert inside(window(weekdays=[1], weekday_timezone="Asia/Shanghai"), sunday)
    assert not inside(window(weekdays=[1]), sunday)
    assert inside(window(weekdays=["sunday"]), sunday)


def test_the_zone_of_the_caller_does_not_matter():
    """A moment is the same on every clock."""
    there = datetime(2026, 8, 24, 10, tzinfo=timezone(timedelta(hours=8)))
    assert inside(window(hours_utc="02:00-03:00"), there)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "Asia", "\0"])
def test_an_unknown_time_zone_says_so(name):
    """The prices are readable, but not on this clock."""
    with pytest.raises(PriceDataError, match=r"weekday_timezone=.* is not known here"):
        inside(window(weekdays=[1], weekday_timezone=name), utc("2026-08-24T00:00:00"))


def test_a_clock_answers_for_one_moment():
    """It is what a call carries, so that the card needs no clock."""
    within = clock(utc("2026-08-24T02:00:00"))
    assert within(window(hours_utc="02:00-03:00"))
    assert not within(window(hours_utc="03:00-04:00"))


# Prices by window.

PEAK = {
    "m": {
        "input_cost_per_token": 2.2e-07,
        "output_cost_per_token": 6.6e-07,
        "off_peak_pricing": {
            "weekday_timezone": "Asia/Shanghai",
            "windows": [{"hours_utc": ["01:00-04:00", "06:00-10:00"], "weekdays": [1, 2, 3, 4, 5]}],
            "input_cost_per_token": 4.4e-07,
            "output_cost_per_token": 1.32e-06,
        },
    }
}


@pytest.mark.parametrize(
    ("at", "total", "conditions"),
    [
        # Monday in the window: 1,000,000 x 0.00000044 + 1,000,000 x 0.00000132
        ("2026-08-24T02:00:00Z", "1.76", "01:00-04:00 Mon Tue Wed Thu Fri, 06:00-10:00 Mon Tue Wed Thu Fri UTC"),
        # Saturday, and Monday at the end of the window: 0.22 + 0.66
        ("2026-08-22T02:00:00Z", "0.88", ""),
        ("2026-08-24T04:00:00Z", "0.88", ""),
        ("2026-08-24T03:59:59Z", "1.76", "01:00-04:00 Mon Tue Wed Thu Fri, 06:00-10:00 Mon Tue Wed Thu Fri UTC"),
    ],
)
def test_a_price_by_window(at, total, conditions):
    """The rate of the window holds in it, and the line says which window it is."""
    million = Usage(input=1_000_000, output=1_000_000)
    cost = CostMap(PEAK).calculate(usage=million, model="m", at=at)
    assert str(cost) == total
    assert {line.conditions for line in cost.line_items} == {conditions}


def test_the_time_of_the_response_counts_where_the_caller_states_none():
    """at= is stronger than the response's own time."""
    usage = Usage(input=1_000_000, at="2026-08-24T02:00:00Z")
    prices = CostMap(PEAK)
    assert str(prices.calculate(usage=usage, model="m")) == "0.44"
    assert str(prices.calculate(usage=usage, model="m", at="2026-08-24T05:00:00Z")) == "0.22"


def test_without_any_time_the_window_is_that_of_now():
    """The price is one of the two, whichever clock it is; both are on the card."""
    cost = CostMap(PEAK).calculate(usage=Usage(input=1_000_000), model="m")
    assert str(cost) in {"0.44", "0.22"}


# When a window may open or close.

HOUR, DAY, WEEK = 3600, 86_400, 604_800


def test_windows_of_all_days_turn_at_the_same_hours():
    """The period is a day; the end of a day is its beginning, and what is no window turns nothing."""
    found = turning_points([window(hours_utc="01:30-04:00"), window(hours_utc="22:00-24:00"), "batch"])
    assert found == (DAY, {5400, 4 * HOUR, 22 * HOUR, 0}, set())
    assert turning_points(["batch"]) == (DAY, set(), set())


@pytest.mark.parametrize(
    ("zone", "midnights"),
    # A day begins at 00:00 in UTC; that of Shanghai, eight hours ahead, at 16:00 of the day before; India's at 18:30.
    [("UTC", {0}), ("Asia/Shanghai", {16 * HOUR}), ("Asia/Kolkata", {18 * HOUR + 1800})],
)
def test_windows_of_some_days_turn_at_midnight_too(zone, midnights):
    """The period is a week, on each day of which the hours and the vendor's midnight are turning points."""
    period, within, shifts = turning_points(
        [window(hours_utc="02:00-05:00", weekdays=["sat", "sun"], weekday_timezone=zone)]
    )
    expected = {day * DAY + second for day in range(7) for second in {2 * HOUR, 5 * HOUR} | midnights}
    assert (period, within, shifts) == (WEEK, expected, set())


def test_a_zone_with_summer_time_shifts_its_clock_twice_a_year():
    """New York's midnight is at 05:00 in UTC, and at 04:00 from the second Sunday of March to the first of November."""
    period, within, shifts = turning_points(
        [window(hours_utc="10:00-12:00", weekdays=[1], weekday_timezone="America/New_York")]
    )
    assert period == WEEK
    assert within == {day * DAY + hour * HOUR for day in range(7) for hour in (4, 5, 10, 12)}
    # At 02:00 on its clock; 30 years from 2010 to 2039.
    assert len(shifts) == 60
    assert {at for at in shifts if utc("2026-01-01").timestamp() <= at < utc("2027-01-01").timestamp()} == {
        utc("2026-03-08T07:00:00").timestamp(),
        utc("2026-11-01T06:00:00").timestamp(),
    }
    assert (min(shifts), max(shifts)) == (
        utc("2010-03-14T07:00:00").timestamp(),
        utc("2039-11-06T06:00:00").timestamp(),
    )


def test_windows_on_two_calendars_turn_at_the_midnights_of_both():
    """Each calendar adds its own: 00:00 in UTC, and 16:00 for Shanghai."""
    _, within, shifts = turning_points(
        [
            window(hours_utc="10:00-12:00", weekdays=[1]),
            window(hours_utc="10:00-12:00", weekdays=[1], weekday_timezone="Asia/Shanghai"),
        ]
    )
    assert within == {day * DAY + hour * HOUR for day in range(7) for hour in (0, 10, 12, 16)}
    assert shifts == set()
