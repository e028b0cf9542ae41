"""The page of a log as text: its policy, its data, its licence."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

from click.testing import CliRunner

from llmcost.cli._app import app
from llmcost.spend.page import page_of
from tests.spend.calls import cost

START = datetime(2026, 11, 1, tzinfo=timezone.utc)


def fill(log, number):
    for place in range(number):
        log.record(
            cost(1000 + place, 100),
            id=f"id-{place}",
            team=f"team-{place % 3}",
            user=f"user-{place % 7}",
            session="session-1",
            tags=[f"tag-{place % 2}"],
            at=START + timedelta(hours=place, seconds=place),
        )
    log.drain()


def between(page, start, end):
    return page.partition(start)[2].partition(end)[0]


def test_the_policy_names_what_runs(log):
    """Both scripts and the style by their hashes; nothing else runs, loads or is sent."""
    log.record(cost(), team="</script><script>alert(1)</script>{data}")
    log.drain()
    page = log.page()
    policy = between(page, 'content="', '"')
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    for text in (*scripts, between(page, "<style>", "</style>")):
        assert b64encode(sha256(text.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page.partition('<script id="data"')[0])
    # The name of the team stands in the data alone, and ends nothing there.
    data = between(page, '<script id="data" type="application/json">', "</script>")
    assert json.loads(data)["groups"][1]["rows"][0]["value"] == "</script><script>alert(1)</script>{data}"
    assert "alert(1)" not in page.replace(data, "")


def test_the_licence_of_the_chart_is_in_the_page(log):
    """Who mails a page hands on uPlot, and its notice with it."""
    page = log.page()
    assert "The MIT License (MIT)" in page
    assert "Copyright (c) 2022 Leon Sorokin" in page


def test_a_live_page_holds_no_data():
    """It asks its own server, and nobody else."""
    page = page_of(None)
    assert '<script id="data" type="application/json"></script>' in page
    assert " connect-src 'self';" in between(page, 'content="', '"')


def test_a_report_of_a_span(log):
    """Its question stands in words, on the clock of the zone."""
    stated = log.report(since="2026-11-01", where={"team": ["a", None]})
    assert stated["asked"] == "team a or not stated, since 2026-11-01 00:00"
    assert (stated["zone"], stated["total"]["calls"], stated["calls"]["sum"]) == ("UTC", 0, "0")


def test_without_users(log):
    """Nobody's name, and no session, is in the file."""
    fill(log, 20)
    page = log.page(users=False)
    assert "user-3" not in page
    assert "session-1" not in page
    assert "user-3" in log.page()
    assert "session-1" in log.page()


def test_every_view_agrees(log, query, address, tmp_path):
    """The page's data, the command line's JSON and SQL give the same sums to the digit, by day and by team."""
    fill(log, 100)
    stated = json.loads(between(log.page(), '<script id="data" type="application/json">', "</script>"))
    for axis, column in (("day", "substr(CAST(at AS text), 1, 10)"), ("team", "team")):
        sums: dict[str, Decimal] = {}
        for value, usd in query(f"SELECT {column}, usd FROM spend"):
            sums[value] = sums.get(value, Decimal(0)) + Decimal(usd)
        arguments = ["spend", "--db", address, "--spool", str(tmp_path / "spool"), "--by", axis, "--json"]
        shown = json.loads(CliRunner().invoke(app, arguments).stdout)
        assert {row["value"][:10]: Decimal(row["cost"]) for row in shown["rows"]} == sums
        rows = stated["days"] if axis == "day" else stated["groups"][1]["rows"]
        assert {row["value"]: Decimal(row["cost"]) for row in rows} == sums
        assert sum(sums.values()) == Decimal(stated["total"]["cost"]) == Decimal(shown["total"]["cost"])
    # 100 x (1000 x 2e-6 + 100 x 8e-6), and 0 + 1 + ... + 99 tokens more.
    assert stated["total"]["cost"] == stated["calls"]["sum"] == "0.2899"
    assert sum(map(Decimal, stated["calls"]["cost"])) == Decimal("0.2899")


def test_a_bill_beside_the_log(log, tmp_path):
    """The page holds both sides and the causes; one without a bill holds none of it."""
    log.record(cost(), id="a", at=START)
    log.drain()
    assert "bill" not in json.loads(between(log.page(), '<script id="data" type="application/json">', "</script>"))
    bill = {"first": "2026-11-01", "last": "2026-11-01", "causes": [{"text": "</script>"}]}
    data = between(log.page(bill=bill), '<script id="data" type="application/json">', "</script>")
    assert json.loads(data)["bill"] == bill
