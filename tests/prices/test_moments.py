"""Moments: every form of a time, days and instants of the history, and the only clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from llmcost import PriceDataError
from llmcost.prices.moments import day, day_number, instant, moment, now, seconds_of, today
from tests.prices.clocks import UTC, utc

# Times.


@pytest.mark.parametrize(
    "at",
    [
        "2026-08-24T02:00:00Z",
        " 2026-08-24T02:00:00+00:00 ",
        "2026-08-24T02:00:00",
        "2026-08-24T10:00:00+08:00",
        "2026-08-24 02:00:00.000000000Z",
        "2026-08-24t02:00:00,0z",
        "20260824T020000Z",
        "2026-08-24T02",
        "2026-08-24T02:00 +00:00",
        "2026-08-24T10:00:00+0800",
        "2026-08-24T10:00:00+08",
        datetime(2026, 8, 24, 2),  # noqa: DTZ001 - a time without a zone is what is tested
        datetime(2026, 8, 24, 2, tzinfo=UTC),
        datetime(2026, 8, 24, 10, tzinfo=timezone(timedelta(hours=8))),
        1787536800,
        1787536800.0,
    ],
)
def test_a_moment_in_every_form(at):
    """20,689 days after 1970 and two hours: 20,689 x 86,400 + 7,200 seconds. Without a zone it is UTC."""
    assert moment(at) == utc("2026-08-24T02:00:00")
    assert seconds_of(at) == 20_689 * 86_400 + 7_200


def test_a_day_is_its_beginning():
    """A date is midnight in UTC."""
    assert moment(date(2026, 8, 24)) == moment("2026-08-24") == utc("2026-08-24T00:00:00")


@pytest.mark.parametrize(("digits", "microseconds"), [("5", 500_000), ("385406455", 385_406), ("123456", 123_456)])
def test_any_number_of_digits_of_a_second(digits, microseconds):
    """Some APIs state tenths, some nanoseconds; all Pythons read both."""
    assert moment(f"2026-08-24T02:00:00.{digits}+00:00").microsecond == microseconds


@pytest.mark.parametrize(
    "at",
    [
        "soon",
        "",
        "2026-13-01",
        "2026-08-24T02:00:00.Zz",
        # Some Pythons read these, and others do not.
        *("2026-W35-1", "2026-236", "2026-08-24T24:00:00", "2026-0824", "2026-8-24", "2026-08-24T02:00:00+08:00:30"),
        *("1787536800", "2026-08-24Tnoon", "2026-08-24T02:00:00Z/2026-08-25"),
        None,
        True,
        [],
        b"2026-08-24",
        float("nan"),
        float("inf"),
        1e30,
        -1e30,
        pytest.param(10**5000, id="5000 digits"),
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        datetime.max,  # noqa: DTZ901 - see above
        date.min,
    ],
)
def test_what_is_no_time(at):
    """Anything else is an error that says what a time may be; so are the first and the last year there is."""
    with pytest.raises(PriceDataError, match=r"is no time: pass a datetime, a date, ISO text .* or seconds since 1970"):
        moment(at)


def test_now_is_the_present_in_utc(monkeypatch):
    """The only clock of the package."""
    monkeypatch.delenv("LLMCOST_TODAY", raising=False)
    before = datetime.now(UTC)
    assert before <= now() <= datetime.now(UTC)
    assert now().tzinfo is UTC


def test_the_day_that_is_stated_is_the_present(monkeypatch):
    """2026-08-24 is 20,689 days after 1970-01-01."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-08-24")
    assert (now(), today()) == (utc("2026-08-24T00:00:00"), 20_689)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "24.08.2026"])
def test_a_stated_day_that_is_none(monkeypatch, text):
    """The error names the variable, what it holds, and how a day is written."""
    monkeypatch.setenv("LLMCOST_TODAY", text)
    with pytest.raises(PriceDataError, match=rf"LLMCOST_TODAY='{text}' is no day: it is written YYYY-MM-DD"):
        now()


@pytest.mark.parametrize("text", ["1970-01-01", "2024-02-29", "2024-03-01", "2000-12-31", "2100-02-28", "2100-03-01"])
def test_days_are_numbered_from_1970(text):
    """The same as the calendar says, leap years and centuries included."""
    assert day_number(text) == (date.fromisoformat(text) - date(1970, 1, 1)).days
    assert day(day_number(text) * 86_400) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-08-24", 20_689 * 86_400),
        ("2026-08-24T02:00:00Z", 20_689 * 86_400 + 7_200),
        ("2026-12-31", 20_818 * 86_400),
    ],
)
def test_an_instant_of_the_history(text, seconds):
    """A day is its beginning in UTC; 20,689 days after 1970, and 129 days later."""
    assert instant(text) == seconds


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-00-01", "2026-08-00", "2026-08-32", "20260-8-01", "2026-8", "soon", None]
)
def test_what_is_no_instant(text):
    """A month or a day that no calendar has is an error, and not a number of days."""
    with pytest.raises(PriceDataError, match="is no time"):
        instant(text)
