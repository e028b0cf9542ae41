"""Single calls read back, and the days of a zone. On SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

import llmcost
from llmcost.spend.clocks import start_of, zone_of
from llmcost.spend.instants import bound, microseconds, moment_of
from tests.spend.calls import PRICES, cost, exactly

DAY = datetime(2026, 11, 20, tzinfo=timezone.utc)


def test_a_call_is_read_back(log):
    """What was stated with it, its lines, and its Cost."""
    log.record(cost(), id="a", team="search", user="u-1", session="s", tags=["y", "x"], metadata={"k": [1]}, at=DAY)
    log.drain()
    call = log.call("a")
    assert (call.id, call.at, call.status, call.model, call.provider) == ("a", DAY, "priced", "small", "openai")
    assert (call.team, call.user, call.session, call.tags) == ("search", "u-1", "s", ("y", "x"))
    assert (call.input, call.output, call.cost, call.metadata) == (1000, 100, Decimal("0.0028"), {"k": [1]})
    assert call.lines == (("input", 1000, "0.002"), ("output", 100, "0.0008"))
    assert call.to_dict()["cost"] == "0.0028"
    assert call.to_dict()["lines"][1] == {"meter": "output", "quantity": 100, "amount": "0.0008"}
    assert log.cost_of("a").total == Decimal("0.0028")
    assert [line.meter for line in log.cost_of("a").line_items] == ["input", "output"]


def test_the_mark_is_another_one_after_every_change(log, address, tmp_path):
    """A call of this log, one of another process's, a repricing, a removal; asking alone changes nothing in SQLite."""
    marks = [log.mark()]
    log.record(cost(), id="a", at=DAY)
    assert log.drain()
    marks.append(log.mark())
    with llmcost.SpendLog(address, spool=tmp_path / "another") as other:
        other.record(cost(), id="b", at=DAY)
        assert other.drain()
        marks.append(log.mark())
        dearer = llmcost.CostMap({"small": {"input_cost_per_token": 1, "output_cost_per_token": 1}})
        assert other.reprice(cost_map=dearer, dry_run=False).version == 1
        marks.append(log.mark())
        assert other.prune(DAY + timedelta(days=1)) == 2
        marks.append(log.mark())
    assert len(set(marks)) == len(marks)
    if address.startswith("sqlite"):
        log.report()
        assert log.mark() == marks[-1]


def test_a_number_of_calls_and_a_time_to_wait(log):
    """A number of a million digits is none of calls; waiting for ever, or longer than a lock can, is no error."""
    log.record(cost(), id="a", at=DAY)
    for seconds in (float("inf"), 1e300):
        assert log.drain(seconds)
    for odd in (Decimal("1e999999"), 2.5, "x"):
        with pytest.raises(llmcost.ArgumentError, match=r"most="):
            log.calls(most=odd)
        with pytest.raises(llmcost.ArgumentError, match=r"most="):
            log.report(most=odd)


def test_every_call_whole(log):
    """All calls of a span in the order of their time, each with its Cost and what its usage states."""
    for number in range(3):
        log.record(cost(input=1000 + number), id=str(number), at=DAY - timedelta(hours=number))
    log.record(exactly("0.3"), id="own", at=DAY + timedelta(days=1))
    log.drain()
    found = list(log.whole())
    assert [one.call.id for one in found] == ["2", "1", "0", "own"]
    assert [str(one.cost) for one in found] == ["0.002804", "0.002802", "0.0028", "0.30"]
    assert [one.usage["input"] for one in found[:3]] == [1002, 1001, 1000]
    assert [one.call.id for one in log.whole(since=DAY, until=DAY + timedelta(hours=1))] == ["0"]


def test_what_has_no_cost(log):
    """A call of which nothing is known has no bill; an id that no call has is an error that names it."""

    def broken():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        llmcost.Tracker(log=log, cost_map=PRICES).track(broken)()
    log.drain()
    (call,) = log.calls()
    assert log.cost_of(call.id) is None
    for ask in (log.call, log.cost_of):
        with pytest.raises(llmcost.SpendLogError, match="'b'"):
            ask("b")


def test_the_last_calls_and_the_next(log):
    """The latest first, of a condition; behind a call in the order of being stored."""
    for number in range(6):
        log.record(cost(), id=str(number), team="ab"[number % 2], at=DAY + timedelta(hours=number))
    log.drain()
    assert [call.id for call in log.calls(most=3)] == ["5", "4", "3"]
    assert [call.id for call in log.calls(where={"team": "a"})] == ["4", "2", "0"]
    assert [call.id for call in log.calls(since=DAY + timedelta(hours=4))] == ["5", "4"]
    after = log.call("3").seq
    assert [call.id for call in log.calls(after=after)] == ["4", "5"]
    assert [call.id for call in log.calls(after=after, most=1, where={"team": "b"})] == ["5"]


def test_an_amount_to_its_last_digit(log):
    """Nineteen digits behind the point: one more than the two numbers of the table hold."""
    log.record(exactly("0.1234567890123456789"), id="long")
    log.drain()
    assert log.call("long").cost == Decimal("0.1234567890123456789")


def test_numbers_below_0(log):
    """A database reads a limit below 0 as none, or refuses it; and batches of nothing would never end."""
    for most in (-1, -20_000):
        for ask in (log.calls, log.report, log.page):
            with pytest.raises(llmcost.ArgumentError, match=f"most={most}"):
                ask(most=most)
    assert log.calls(most=0) == []
    for batch in (0, -5):
        with pytest.raises(llmcost.ArgumentError, match=f"batch={batch}"):
            log.prune("90d", batch=batch)


def test_a_log_of_no_size(tmp_path):
    """A cap or a wait that is no number is refused where it is given, and not when a call is kept."""
    for name in ("spool_cap", "patience"):
        for wrong in ("1GB", -1, float("nan"), float("inf"), None, True):
            with pytest.raises(llmcost.ArgumentError, match=f"{name}="):
                llmcost.SpendLog(tmp_path / "spend.db", drain=False, **{name: wrong})


def test_a_bound_beyond_the_calendar():
    """A span of 20,000 years, or the last day of the year 9999, is a moment in every zone, and not beyond it."""
    present = microseconds(DAY)
    for given in ("999999w", timedelta(days=10**8), date(1, 1, 1), date(9999, 12, 31), timedelta(days=-(10**8))):
        moment = moment_of(bound("since", given, present))
        for zone in ("America/Los_Angeles", "Asia/Tokyo", "UTC"):
            assert moment.astimezone(zone_of(zone)) == moment
    assert bound("since", "1w", present) == present - 7 * 86_400_000_000


# A day of India begins at 18:30 UTC, one of Kathmandu at 18:15, one of Berlin in winter at 23:00.
@pytest.mark.parametrize(
    ("name", "last_of_day"),
    [("Asia/Kolkata", "18:29:59"), ("Asia/Kathmandu", "18:14:59"), ("Europe/Berlin", "22:59:59"), ("UTC", "23:59:59")],
)
def test_days_of_a_zone(log, name, last_of_day):
    """The last second of a day and the next one are of two days, to the cent."""
    zone = zone_of(name)
    last = datetime.fromisoformat(f"2026-11-20T{last_of_day}+00:00")
    log.record(exactly("1.01"), at=last)
    log.record(exactly("2.02"), at=last + timedelta(seconds=1))
    log.drain()
    found = log.by("day", zone=zone)
    assert [(str(group.value.date()), str(group.cost)) for group in found] == [
        ("2026-11-20", "1.01"),
        ("2026-11-21", "2.02"),
    ]
    assert all(group.value.hour == 0 for group in found)
    # Bounds within the same hour count too.
    assert [str(group.cost) for group in log.by("day", zone=zone, until=last + timedelta(seconds=1))] == ["1.01"]
    assert [str(group.cost) for group in log.by("day", zone=zone, since=last + timedelta(seconds=1))] == ["2.02"]


def test_the_days_on_which_clocks_change(log):
    """25 October 2026 has 25 hours in Berlin: 24 October ends at 22:00 UTC, 25 October at 23:00 UTC."""
    zone = zone_of("Europe/Berlin")
    for at, usd in (
        ("2026-10-24T21:59:59", "1"),
        ("2026-10-24T22:00:00", "2"),
        ("2026-10-25T22:59:59", "4"),
        ("2026-10-25T23:00:00", "8"),
    ):
        log.record(exactly(usd), at=at)
    log.drain()
    assert [str(group.cost) for group in log.by("day", zone=zone)] == ["1", "6", "8"]
    assert start_of(datetime(2026, 10, 25).date(), zone).utcoffset() == timedelta(hours=2)  # noqa: DTZ001


def test_a_zone_that_is_none():
    for name in ("Europe/Atlantis", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="no time zone"):
            zone_of(name)
