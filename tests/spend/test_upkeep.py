"""What keeps a log right and small: checking, repricing, deleting, forgetting. On SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

import llmcost
from tests.sdks import optional
from tests.spend.calls import PRICES, cost, exactly

DAY = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
# What costs twice as much, and a model that had no price.
DEARER = llmcost.CostMap(
    {
        "small": {"input_cost_per_token": 4e-6, "output_cost_per_token": 16e-6, "litellm_provider": "openai"},
        "half": {"input_cost_per_token": 2e-6, "output_cost_per_token": 1e-6, "litellm_provider": "openai"},
        "new": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "openai"},
    }
)


@pytest.fixture
def change(address):
    """Changes the database itself, past the log."""
    sqlalchemy = optional("sqlalchemy")
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))

    def run(statement):
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(statement))

    yield run
    engine.dispose()


def groups(breakdown):
    return {group.value: str(group.cost) for group in breakdown}


def tracked(log, model, prices=PRICES, **context):
    """Record a tracked call of 1000 and 100 tokens."""
    response = {
        "object": "chat.completion",
        "model": model,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
    with llmcost.context(**context):
        llmcost.Tracker(log=log, cost_map=prices).track(lambda: response)()


# Checking.


def mixed(log):
    """Calls of every kind, some of them replaced by larger snapshots."""
    for number in range(60):
        at = DAY + timedelta(minutes=17 * number)
        log.record(
            cost(100 + number, number),
            id=f"s{number % 40}",
            team=f"t{number % 3}",
            tags=["a", "b"][: number % 3],
            at=at,
        )
    log.record(
        PRICES.calculate(usage=llmcost.Usage(input=1, cache_read=999, output=1), model="small"), session="s", at=DAY
    )
    log.record(PRICES.calculate(model="own", duration=1, prices={"input_cost_per_second": "1e-19"}), at=DAY)
    log.record(cost(model="half"), at=DAY)
    tracked(log, "unheard-of")


def test_a_sound_log(log):
    """Every sum follows from the calls, and every cost from its lines."""
    assert log.verify()
    assert log.verify().calls == 0
    mixed(log)
    log.drain()
    found = log.verify()
    assert found, found.faults
    assert (found.calls, found.incomplete) == (44, 0)
    assert found.hours == len({(DAY + timedelta(minutes=17 * n)).replace(minute=0) for n in range(20, 60)} | {DAY}) + 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE totals SET nano = nano + 1 WHERE axis = 'team' AND value <> 0", "team"),
        ("UPDATE totals SET calls = calls - 1 WHERE axis = 'all'", "all calls"),
        ("DELETE FROM totals WHERE axis = 'meter'", "no calls are kept"),
        ("DELETE FROM calls WHERE id = 's3'", "follow from the calls"),
        ("UPDATE calls SET nano = nano + 1 WHERE id = 's3'", "call s3: its lines do not add up to its cost"),
        ("UPDATE calls SET lines = '[]' WHERE id = 's3'", "call s3: its lines do not add up to its cost"),
        ("DELETE FROM call_tags", "tag"),
        ("UPDATE calls SET saved = '5' WHERE saved IS NOT NULL", "saved 0"),
    ],
)
def test_a_log_that_was_meddled_with(log, change, statement, said):
    """Each fault is named, with the hour or the call."""
    mixed(log)
    log.drain()
    change(statement)
    found = log.verify()
    assert not found
    assert any(said in fault for fault in found.faults), found.faults


def test_the_tags_of_a_fuller_record_replace_those_before(log, query):
    """One call, first of x and y and then of y and z: it is none of x any more, in the sums and in the rows."""
    log.record(cost(10, 1), id="a", team="t", tags=["x", "y"], at=DAY)
    log.drain()
    log.record(cost(10, 2), id="a", team="t", tags=["y", "z"], at=DAY)
    log.drain()
    for where in (None, {"team": "t"}):
        assert {group.value: group.calls for group in log.by("tag", where=where)} == {"y": 1, "z": 1}
    assert query("SELECT count(*) FROM call_tags") == [(2,)]
    found = log.verify()
    assert found, found.faults


def test_years_between_two_calls_are_not_looked_at(log, monkeypatch):
    """A call of 1970 and one of today: two weeks are compared, and not the 2900 between them."""
    from llmcost.spend import checking

    compared = []
    kept = checking._kept
    monkeypatch.setattr(checking, "_kept", lambda *given: compared.append(given[1:]) or kept(*given))
    log.record(exactly(1), id="old", at=0)
    log.record(exactly(2), id="new", at=DAY)
    log.drain()
    found = log.verify()
    assert found, found.faults
    assert (found.calls, found.hours, len(compared)) == (2, 2, 2)


# Repricing.


def test_a_repricing(log, query):
    """1000 and 100 tokens at twice the price: 0.0056 USD; nothing that was recorded changes."""
    log.record(cost(), id="a", team="x", at=DAY)
    log.record(cost(), id="b", team="y", at=DAY + timedelta(days=1))
    log.record(cost(model="half"), id="c", at=DAY)
    log.drain()
    before = query("SELECT * FROM calls ORDER BY seq"), query("SELECT * FROM totals ORDER BY axis, hour, value, status")
    dry = log.reprice(cost_map=DEARER)
    assert (dry.version, dry.calls) == (None, 3)
    assert [(str(row.day), row.model, row.calls, row.old, row.new) for row in dry.changes] == [
        ("2026-11-20", "half", 1, Fraction("0.002"), Fraction("0.0021")),
        ("2026-11-20", "small", 1, Fraction("0.0028"), Fraction("0.0056")),
        ("2026-11-21", "small", 1, Fraction("0.0028"), Fraction("0.0056")),
    ]
    assert "2026-11-21  small  1 calls  $0.0028 -> $0.0056" in str(dry)
    assert "3 of 3 calls change: $0.0076 -> $0.0133" in str(dry)
    assert "not applied" in str(dry)
    assert query("SELECT * FROM repriced") == []

    applied = log.reprice(cost_map=DEARER, dry_run=False, why="corrected")
    assert applied.version == 1
    assert before == (
        query("SELECT * FROM calls ORDER BY seq"),
        query("SELECT * FROM totals ORDER BY axis, hour, value, status"),
    )
    assert str(log.total()) == ">= $0.0076 (1 partly priced)"
    assert log.total().prices == "recorded"
    anew = log.total(repricing=1)
    assert str(anew) == "$0.0133"
    assert anew.prices.startswith("repricing 1")
    assert anew.statuses == {"priced": 3}
    assert groups(log.by("team", repricing=1)) == {"x": "0.0056", "y": "0.0056", None: "0.0021"}
    assert groups(log.by("day", repricing=1)) == {
        DAY.replace(hour=0): "0.0077",
        (DAY + timedelta(days=1)).replace(hour=0): "0.0056",
    }
    assert groups(log.by("meter", repricing=1)) == {"input": "0.01", "output": "0.0033"}
    assert str(log.total(repricing=1, where={"team": "x", "model": "small"}).cost) == "0.0056"
    assert log.verify()
    assert query("SELECT version, why, calls FROM repricings") == [(1, "corrected", 3)]
    (kept,) = query(
        "SELECT cost FROM repriced JOIN calls USING (seq) WHERE id = 'a'".replace("cost", "repriced.cost", 1)
    )
    assert str(llmcost.Cost.from_dict(json.loads(kept[0]))) == "0.0056"


def test_calls_without_a_price_get_one(log):
    """An unknown model, which a newer map knows: 1000 and 100 tokens at 1e-6."""
    tracked(log, "new")
    log.drain()
    assert str(log.total()) == ">= $0 (1 unpriced)" or log.total().unpriced == 1
    found = log.reprice(cost_map=DEARER, dry_run=False)
    assert found.new == Fraction("0.0011")
    assert str(log.total(repricing=found.version)) == "$0.0011"
    assert log.total().unpriced == 1


def test_what_keeps_its_cost(log):
    """Prices of its own, a report of the provider, a failure, a usage that nobody knows: each is counted."""
    log.record(cost(prices={"input_cost_per_token": 3e-6}))
    reported = {
        "object": "chat.completion",
        "model": "small",
        "provider": "OpenAI",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "cost": 0.01},
    }
    log.record(PRICES.calculate(reported))
    log.record(cost() + cost())
    log.drain()
    before = str(log.total().cost)
    found = log.reprice(cost_map=DEARER, dry_run=False)
    assert found.changes == []
    assert found.version is None
    assert sum(found.kept.values()) == found.calls == 3
    assert {"it has prices of its own", "the provider has reported it", "its usage is not known"} == set(found.kept)
    assert str(log.total().cost) == before


def test_a_part_is_repriced(log):
    """Of one model, of some days; versions are told apart, and one that does not exist is refused."""
    log.record(cost(), at=DAY)
    log.record(cost(model="half"), at=DAY)
    log.record(cost(), at=DAY + timedelta(days=1))
    log.drain()
    one = log.reprice(cost_map=DEARER, model="small", until=DAY + timedelta(hours=1), dry_run=False)
    two = log.reprice(cost_map=DEARER, since=DAY + timedelta(days=1), dry_run=False)
    assert (one.version, two.version) == (1, 2)
    assert [str(log.total(repricing=version).cost) for version in (1, 2)] == ["0.0104", "0.0104"]
    assert log.total(repricing=1, until=DAY + timedelta(hours=1)).cost == Decimal("0.0076")
    with pytest.raises(ValueError, match="repricing=3: there are 2 of them"):
        log.total(repricing=3)


def test_the_same_prices_change_nothing(log):
    """Thresholds, caches, tiers: priced anew by the same map, every stored call costs the same."""
    from tests.spend.test_exactness import MAP, mixed_costs

    for number, one in enumerate(mixed_costs(300)):
        log.record(one, id=str(number))
    log.drain()
    found = log.reprice(cost_map=MAP)
    assert found.changes == [], str(found)
    assert sum(found.kept.values()) < found.calls


# Deleting.


def test_old_calls_are_deleted(log, query):
    """Their sums stay; what is left is deleted by nobody. Batches are small, and time may be up after any of them."""
    for number in range(25):
        log.record(exactly(1), id=str(number), at=DAY - timedelta(days=number), tags=["x"])
    log.drain()
    assert log.prune(DAY - timedelta(days=9, hours=1), batch=4) == 15
    assert query("SELECT count(*) FROM calls") == query("SELECT count(*) FROM call_tags") == [(10,)]
    assert str(log.total()) == "$25.00"
    assert log.total(until=DAY - timedelta(days=20)).calls == 4
    found = log.verify()
    assert found, found.faults
    assert found.incomplete == 15
    assert log.prune(DAY - timedelta(days=9, hours=1)) == 0
    assert log.prune(DAY + timedelta(days=1), seconds=0) == 0


def test_a_file_becomes_smaller(sqlite, tmp_path):
    """SQLite gives the pages of deleted calls back."""
    with llmcost.SpendLog(sqlite, spool=tmp_path / "spool", drain=False) as log:
        one = cost()
        for number in range(3000):
            log.record(one, id=str(number), at=number)
        log.drain()
        assert log.prune("1d") == 3000
    with closing(sqlite3.connect(tmp_path / "spend.db")) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)


def test_deleting_sums_too(log, query):
    """As if they had never been."""
    for number in range(10):
        log.record(exactly(1), at=DAY - timedelta(days=number), tags=["x"], team="a")
    log.drain()
    assert log.prune(DAY - timedelta(days=4, hours=1), totals=True, batch=2) == 5
    assert str(log.total()) == "$5.00"
    assert groups(log.by("tag")) == groups(log.by("tag", where={"team": "a", "model": "own"})) == {"x": "5"}
    assert log.verify()
    assert query("SELECT count(*) FROM totals WHERE calls = 0") == [(0,)]


def test_deleting_by_status(log):
    """Failed calls may go sooner than others."""
    log.record(exactly(1), at=DAY)
    log.record(cost(model="half"), at=DAY)
    log.drain()
    assert log.prune(DAY + timedelta(days=1), status="partial") == 1
    assert log.total(where={"model": ["own", "half"], "team": None}).calls == 1
    with pytest.raises(ValueError, match="the statuses are"):
        log.prune("1d", status="old")


# Forgetting.


def everything(query, spool):
    """Every text of the database and of the files beside it."""
    found = []
    for table in ("names", "calls", "call_tags", "totals", "meta", "forms", "repriced"):
        found += [str(row) for row in query(f"SELECT * FROM {table}")]
    return "\n".join([*found, *(path.read_text() for path in spool.glob("*"))])


def test_a_user_is_forgotten(log, query, tmp_path):
    """Rows, name, sessions, sums of the name and lines of the spool go; sums of all calls stay and add up."""
    for number in range(6):
        log.record(
            exactly(1), user="u-17", session=f"secret-{number}", metadata={"of": "u-17"}, at=DAY, id=f"a{number}"
        )
        log.record(exactly(2), user="other", session="shared", at=DAY, id=f"b{number}")
    log.record(exactly(4), user="u-17", session="shared", tags=["x"], at=DAY)
    log.drain()
    log.record(exactly(8), user="u-17", at=DAY)
    (tmp_path / "spool" / "refused.jsonl").write_text('["c","u-17"]\n["c","other"]\n')
    assert log.forget({"user": "u-17"}) == 8
    text = everything(query, tmp_path / "spool")
    assert "u-17" not in text
    assert "secret" not in text
    assert '"other"' in text
    assert str(log.total()) == "$30.00"
    found = log.by("user")
    assert groups(found) == {None: "18", "other": "12"}
    assert found.overlap == 0
    assert groups(log.by("session")) == {None: "14", "shared": "16"}
    assert log.verify()
    assert log.forget({"user": "u-17"}) == 0


def test_lines_that_are_refused_while_somebody_is_forgotten(log, tmp_path):
    """Another process has opened the file already, and appends to it: no line of it is lost."""
    path = tmp_path / "spool" / "refused.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'["c","other"]\n["c","u-17"]\n')
    with path.open("ab") as appended:
        log.forget({"user": "u-17"})
        appended.write(b'["c","later"]\n')
    assert path.read_bytes().split() == [b'["c","other"]', b'["c","later"]']


def test_a_forgotten_name_may_come_back(log, address, tmp_path):
    """Another process that knew the code of the name gives it a new one."""
    with llmcost.SpendLog(address, spool=tmp_path / "other", drain=False) as other:
        other.record(exactly(1), user="u")
        other.drain()
        log.forget({"user": "u"})
        log.record(exactly(2), user="v")
        log.drain()
        other.record(exactly(4), user="u")
        other.drain()
    assert groups(log.by("user")) == {"u": "4", "v": "2", None: "1"}


@pytest.mark.parametrize("where", [{}, {"model": "small"}, {"user": None}, {"user": ["a"]}, {"user": "a", "team": "b"}])
def test_who_can_be_forgotten(log, where):
    """One user, session, team, tag or deployment."""
    with pytest.raises(ValueError, match="it names one user, session, team, tag or deployment"):
        log.forget(where)
