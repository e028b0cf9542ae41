"""SpendLog: what was recorded is there, adds up, and says what it does not know. On SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest

import llmcost
from tests.golden.harness import cases
from tests.spend.calls import PRICES, cost, exactly

R40 = next(case for case in cases("regressions.jsonl") if case["id"] == "R40")
DAY = datetime(2026, 11, 20, tzinfo=timezone.utc)


def groups(breakdown):
    return {group.value: str(group.cost) for group in breakdown}


def test_a_call_is_kept(log):
    """1000 tokens at 2e-6 and 100 at 8e-6 are 0.0028 USD."""
    log.record(cost(), id="a", team="search", user="u-1", session="s", tags=["x"], metadata={"k": 1}, at=DAY)
    assert log.total().calls == 0
    assert log.drain()
    total = log.total()
    assert (total.calls, total.cost, total.input, total.output) == (1, Decimal("0.0028"), 1000, 100)
    assert str(total) == "$0.0028"
    stated = {"calls": 1, "input": 1000, "output": 100, "cost": "0.0028", "lower_bound": False}
    assert {**total.to_dict(), **stated} == total.to_dict()
    for axis, value in {
        "model": "small",
        "provider": "openai",
        "team": "search",
        "user": "u-1",
        "session": "s",
    }.items():
        assert groups(log.by(axis)) == {value: "0.0028"}, axis
    assert groups(log.by("tag")) == {"x": "0.0028"}
    assert groups(log.by("day")) == groups(log.by("hour")) == {DAY: "0.0028"}
    assert groups(log.by("meter")) == {"input": "0.002", "output": "0.0008"}
    assert groups(log.by("deployment")) == {None: "0.0028"}


def test_an_empty_log(log):
    """Nothing is 0, and says that there is nothing."""
    assert str(log.total()) == "$0 (no calls)"
    assert list(log.by("model")) == []
    assert log.saved() == 0
    assert log.drain()


def test_tags_overlap(log):
    """R40: a=1.50, b=1.00, untagged=0.25; the total is 1.75, and 1.00 of the rows is counted twice."""
    for row in R40["input"]["ledger"]:
        log.record(exactly(row["cost"]), tags=row["tags"])
    log.drain()
    found = log.by("tag")
    assert groups(found) == {"a": "1.5", "b": "1", None: "0.25"}
    assert found.total.cost == Decimal(R40["expected_usd"])
    assert found.overlap == Decimal("1.00")
    assert "overlap by $1.00" in repr(found)
    assert found.to_dict()["overlap"] == "1"


def test_one_call_counts_once(log):
    """Fourteen copies of one response are one call, in one batch and in several."""
    for _ in range(7):
        log.record(cost(), id="msg_1", team="a", tags=["x"], at=DAY)
    log.drain()
    for _ in range(7):
        log.record(cost(), id="msg_1", team="a", tags=["x"], at=DAY)
        log.drain()
    assert (log.total().calls, log.total().cost) == (1, Decimal("0.0028"))
    assert [group.calls for group in log.by("tag")] == [1]


@pytest.mark.parametrize("days", [(1, 2), (2, 1)])
def test_a_call_that_is_handed_over_again_stays_on_its_day(log, days):
    """Whichever of the two is stored first."""
    for day in days:
        log.record(cost(), id="one", at=f"2026-11-0{day}T12:00:00Z")
        assert log.drain()
    assert [(row.value.day, row.calls) for row in log.by("day")] == [(1, 1)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_largest_snapshot_is_kept_whole(log, order):
    """Snapshots of a growing answer: 10, 60 and 200 tokens. The last one counts, with its own input and model."""
    snapshots = [cost(500, 10), cost(1000, 60), cost(900, 200)]
    for number in order:
        log.record(
            snapshots[number], id="msg_1", team=f"t{number}", tags=[f"x{number}"], at=DAY + timedelta(hours=number)
        )
        log.drain()
    # 900 x 2e-6 + 200 x 8e-6
    assert (log.total().calls, log.total().cost, log.total().input) == (1, Decimal("0.0034"), 900)
    assert groups(log.by("team")) == {"t2": "0.0034"}
    assert groups(log.by("tag")) == {"x2": "0.0034"}
    assert groups(log.by("hour")) == {DAY + timedelta(hours=2): "0.0034"}
    assert groups(log.by("meter")) == {"input": "0.0018", "output": "0.0016"}


def test_snapshots_in_one_batch(log):
    """The same where they are stored together."""
    for output in (60, 200, 10):
        log.record(cost(1000, output), id="msg_1")
    log.drain()
    assert (log.total().calls, log.total().output) == (1, 200)


def test_calls_without_an_id(log):
    """Two alike are two calls; of a stated time they are one, however often a log of them is read."""
    for _ in range(2):
        log.record(cost())
        log.record(cost(), at=DAY, team="a")
    log.record(cost(), at=DAY, team="b")
    log.drain()
    assert log.total().calls == 4
    assert groups(log.by("team")) == {None: "0.0056", "a": "0.0028", "b": "0.0028"}


def test_the_bound(log):
    """What is not known is said: a meter without a rate, a model without a price, a call that broke off."""
    log.record(cost(model="half"))
    log.record(PRICES.calculate(usage=llmcost.Usage(output=5), model="half"))
    track = llmcost.Tracker(log=log, cost_map=PRICES).track

    def broken():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        track(broken)()
    log.drain()
    total = log.total()
    assert (total.calls, total.partial, total.unpriced, total.maybe_billed, total.cost) == (
        3,
        1,
        1,
        1,
        Decimal("0.002"),
    )
    assert str(total) == ">= $0.002 (1 unpriced, 1 partly priced, 1 may have been billed)"
    assert total.lower_bound
    assert total.statuses == {"partial": 1, "unpriced": 1, "maybe_billed": 1}


def test_sums_are_exact_in_any_context(log):
    """A third of a dollar, a rate of 19 digits and a cent: the sum is the sum of the fractions."""
    for usd in ("0.01", "0.0000000000000000123", "1"):
        log.record(exactly(usd))
    hourly = PRICES.calculate(model="own", duration=1, prices={"input_cost_per_second": "1e-19"})
    log.record(hourly, team="a")
    log.drain()
    with localcontext() as context:
        context.prec = 3
        # 1.01 + 0.0000000000000000123 + 0.0000000000000000001
        assert str(log.total().cost) == "1.0100000000000000124"
        assert str(log.by("team").total.cost) == "1.0100000000000000124"
        assert groups(log.by("team"))["a"] == "1E-19"
        assert str(log.total(where={"team": "a", "model": "own"}).cost) == "1E-19"


def test_what_caching_saved(log):
    """800 tokens read at 2e-7 instead of 2e-6: 0.00144 USD, of all calls, of a team, and of a part of an hour."""
    cached = PRICES.calculate(usage=llmcost.Usage(input=200, cache_read=800, output=1), model="small")
    log.record(cached, team="a", at=DAY)
    log.record(cost(), team="b", at=DAY)
    log.drain()
    assert log.saved() == log.saved(where={"team": "a"}) == Decimal("0.00144")
    assert log.saved(where={"team": "b"}) == 0
    assert log.saved(since=DAY, until=DAY + timedelta(minutes=1)) == Decimal("0.00144")


MINUTES = (0, 59, 60, 61, 119, 120, 60 * 24 - 1, 60 * 24)
SPANS = [
    (0, None),
    (1, None),
    (60, 120),
    (61, 119),
    (61, 61),
    (59, 61),
    (None, 120),
    (60, 60 * 24),
    (0, 60 * 24 + 1),
    (90, 100),
]


@pytest.mark.parametrize(("since", "until"), SPANS)
def test_spans_are_exact_to_the_microsecond(log, since, until):
    """A span holds its start and not its end, whether hours answer it or calls do, and parts of it add up."""
    for number, minute in enumerate(MINUTES):
        log.record(exactly(10**-number), at=DAY + timedelta(minutes=minute), team="even" if number % 2 == 0 else None)
    log.drain()
    inside = [n for n, m in enumerate(MINUTES) if (since is None or m >= since) and (until is None or m < until)]
    asked = {
        name: DAY + timedelta(minutes=minutes)
        for name, minutes in {"since": since, "until": until}.items()
        if minutes is not None
    }
    expected = sum((Decimal(10) ** -number for number in inside), Decimal(0))
    even = sum((Decimal(10) ** -number for number in inside if number % 2 == 0), Decimal(0))
    total = log.total(**asked)
    assert (total.calls, total.cost) == (len(inside), expected)
    assert log.total(**asked, where={"team": "even"}).cost == even
    assert log.total(**asked, where={"team": "even", "model": "own"}).cost == even
    for axis in ("model", "team", "tag", "day", "hour", "meter"):
        found = log.by(axis, **asked)
        assert sum((group.cost for group in found), Decimal(0)) == expected, axis
        assert found.overlap == 0
        # A second condition that changes nothing is answered by the calls.
        other = log.by(axis, **asked, where={"provider": None, "model": "own"})
        assert groups(other) == groups(found), axis


def test_conditions(log):
    """Names, lists of them, what is not stated, statuses; each answered by the hours or by the calls."""
    log.record(exactly(1), team="a", user="u", tags=["x", "y"])
    log.record(exactly(2), team="b", user="u", tags=["x"])
    log.record(exactly(4), user="v")
    log.record(cost(model="half"), team="a", user="w")
    log.drain()

    def usd(**where):
        return str(log.total(where=where).cost)

    assert usd(team="a") == "1.002"
    assert usd(team=["a", "b"]) == "3.002"
    assert usd(team=None) == "4"
    assert usd(team=["a", None]) == "5.002"
    assert usd(team="nobody") == "0"
    assert usd(team="a", user="u") == "1"
    assert usd(tag="x") == "3"
    assert usd(tag=["x", "y"]) == "3"
    assert usd(tag=None) == "4.002"
    assert usd(tag=["y", None]) == "5.002"
    assert usd(status="partial") == "0.002"
    assert usd(status=["priced", "partial"], team="a") == "1.002"
    assert groups(log.by("user", where={"team": "a"})) == {"u": "1", "w": "0.002"}
    assert groups(log.by("tag", where={"tag": "x"})) == {"x": "3", "y": "1"}
    assert groups(log.by("team", where={"team": ["a", None]})) == {"a": "1.002", None: "4"}


@pytest.mark.parametrize(
    ("where", "error", "said"),
    [
        ({"teem": "a"}, ValueError, "it names one of model, provider"),
        ({"team": 3}, TypeError, "a value is a text"),
        ({"status": "paid"}, ValueError, "the statuses are priced"),
    ],
)
def test_a_condition_that_is_none(log, where, error, said):
    """It says which word is wrong and which there are."""
    with pytest.raises(error, match=said):
        log.total(where=where)


def test_questions_that_are_none(log):
    """An axis or a time that does not exist."""
    with pytest.raises(ValueError, match="the axes are model"):
        log.by("colour")
    with pytest.raises(ValueError, match="since='yesterday'"):
        log.total(since="yesterday")
    with pytest.raises(TypeError, match="until="):
        log.total(until=[1])


def test_times(log):
    """A span back from now, a date, text, seconds: all say when."""
    now = datetime.now(timezone.utc)
    log.record(exactly(1), at=now - timedelta(days=8))
    log.record(exactly(2), at=(now - timedelta(hours=3)).isoformat())
    log.record(exactly(4), at=now.timestamp() - 60)
    log.drain()
    assert [str(log.total(since=span).cost) for span in ("10m", "5h", "7d", "2w", timedelta(days=7))] == [
        "4",
        "6",
        "6",
        "7",
        "6",
    ]
    assert log.total(until=date(2020, 1, 1)).calls == 0
    with pytest.raises(ValueError, match="before 1970"):
        log.record(cost(), at=-1)


def test_what_a_tracker_tells(log, query):
    """Team, user, tags, metadata, times and error of a tracked call; no word of the answer."""
    tracker = llmcost.Tracker(log=log, cost_map=PRICES)
    response = {"object": "chat.completion", "model": "small", "choices": [{"message": {"content": "secret words"}}]}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}

    @tracker.track
    def ask():
        return {**response, "usage": usage}

    with llmcost.context(team="search", user="u-1", session="s", tags=["x", "y"], metadata={"experiment": 3}):
        ask()
    log.drain()
    assert tracker.stats()["errors"] == {}
    (row,) = query("SELECT id, team, user_name, session, status, usd, input, output, metadata, usage, lines FROM spend")
    assert row[1:8] == ("search", "u-1", "s", "priced", "0.0028", 1000, 100)
    assert json.loads(row[8]) == {"experiment": 3}
    assert json.loads(row[9])["input"] == 1000
    assert json.loads(row[10]) == [["input", 1000, "0.002"], ["output", 100, "0.0008"]]
    assert not [text for (text,) in query("SELECT text FROM names") if "secret" in text]
    assert groups(log.by("tag")) == {"x": "0.0028", "y": "0.0028"}


def test_it_is_a_handler(log):
    """In both lists of callbacks and as ``log=``, one call is kept once."""
    tracker = llmcost.Tracker(success=[log], failure=[log], log=log, cost_map=PRICES, model="small")
    tracker.track(lambda: {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100})()
    log.drain()
    assert (log.total().calls, str(log.total().cost)) == (1, "0.0028")


def test_costs_that_are_kept_whole(log):
    """Parts, terms, a reported cost, a sum: each is stored with its exact total."""
    log.record(cost(), id="1")
    reported = llmcost.calculate(
        {
            "object": "chat.completion",
            "model": "openai/gpt-4o",
            "provider": "OpenAI",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "cost": 0.01},
        }
    )
    assert reported.counts == "reported"
    log.record(reported, id="2")
    log.record(cost() + cost(), id="3")
    log.record(llmcost.Cost.from_dict(cost().to_dict()), id="4")
    log.drain()
    # 0.0028 + 0.01 + 0.0056 + 0.0028
    assert (log.total().calls, str(log.total().cost)) == (4, "0.0212")
    assert log.total().statuses == {"priced": 3, "reported": 1}
    assert log.total().input == 5000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": 3}, "id=3"),
        ({"team": 3}, "team=3"),
        ({"tags": "x"}, r"write tags=\['x'\]"),
        ({"tags": [1]}, "a tag is a text"),
    ],
)
def test_what_cannot_be_recorded(log, given, said):
    """It says which keyword is wrong."""
    with pytest.raises(TypeError, match=said):
        log.record(cost(), **given)


def test_only_calls_are_recorded(log):
    """A response has to be priced first."""
    with pytest.raises(TypeError, match="a log keeps a TrackedCall or a Cost"):
        log.record({"model": "small"})


def test_names_of_any_kind(log, query):
    """Characters that databases dislike, and 10,000 of them: stored, told apart, and cut with a mark."""
    names = ["", "a\0b", "\ud800", "Zoë's \u202e team", "x" * 10_000, "x" * 9_999 + "y", "'; DROP TABLE calls; --"]
    for number, name in enumerate(names):
        log.record(exactly(number + 1), team=name, tags=[name], id=f"{name}{number}")
    log.drain()
    found = log.by("team")
    assert len(found) == len(names)
    assert log.total().calls == len(names)
    assert {group.value for group in found} >= {"", "Zoë's \u202e team", "'; DROP TABLE calls; --"}
    assert all(len(group.value) <= 500 for group in found)
    assert str(log.total(where={"team": "x" * 10_000}).cost) == "5"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"k": [1, {"x": None}]}, {"k": [1, {"x": None}]}),
        ({"at": date(2026, 1, 2)}, {"at": "2026-01-02"}),
        ({("a", 1): 2}, "{('a', 1): 2}"),
        ({"k": float("nan")}, "{'k': nan}"),
        ({"k": "\ud800\0"}, {"k": "\ud800\0"}),
    ],
)
def test_metadata_of_any_kind(log, query, given, kept):
    """They are kept as they are; what JSON has no form for is a text, and no call is lost for it."""
    log.record(cost(), metadata=given)
    log.drain()
    ((text,),) = query("SELECT metadata FROM calls")
    assert json.loads(text) == kept


def test_the_view_is_exact(log, query):
    """Decimal text in the database itself, of small and large amounts, with and without a rest."""
    amounts = ["0", "1", "10", "0.5", "123456789.123456789", "0.000000000000000001", "0.0000000000000000001234"]
    for usd in amounts:
        log.record(exactly(usd), id=usd)
    third = PRICES.calculate(model="hourly", duration=1, prices={"input_cost_per_second": "1"})
    log.record(third, id="t")
    log.drain()
    assert dict(query("SELECT id, usd FROM spend WHERE id <> 't'")) == {usd: usd for usd in amounts}
    assert {exact for (exact,) in query("SELECT exact FROM spend")} == {1}
