"""``llmcost spend`` and what it shows: groups, single calls, the line for a prompt."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from click.testing import CliRunner

import llmcost
from llmcost.cli import _spend_line, _statusline
from llmcost.cli._app import app
from tests.sdks import optional
from tests.spend.calls import cost, exactly

DAY = datetime(2026, 11, 20, tzinfo=timezone.utc)
HOSTILE = ('=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1")


@pytest.fixture
def database(tmp_path):
    """A log of five calls on two days: of teams 1.50 + 0.25 and 2.00 USD, and one whose cost is a lower bound."""
    optional("sqlalchemy")
    path = tmp_path / "spend.db"
    with llmcost.SpendLog(path, drain=False) as log:
        log.record(exactly("1.50"), id="a", team="search", user="u-1", session="s-1", tags=["x", "y"], at=DAY)
        log.record(exactly("0.25"), id="b", team="search", user="u-2", at=DAY + timedelta(hours=1))
        log.record(exactly("2.00"), id="c", team="support", at=DAY + timedelta(days=1))
        # 1000 x 2e-6; what the output costs is not known.
        log.record(cost(model="half"), id="d", at=DAY + timedelta(days=1, hours=3))
    return path


@pytest.fixture
def run(database):
    def invoke(*arguments, code=0, stdin=None):
        done = CliRunner().invoke(app, ["spend", "--db", str(database), *map(str, arguments)], input=stdin)
        assert done.exit_code == code, done.output
        return done

    return invoke


def test_by_team(run):
    """What waits is stored first; the rows add up to the total, which says that it is a lower bound."""
    lines = run("--by", "team").stdout.splitlines()
    assert [line.split() for line in lines[2:5]] == [
        ["support", "1", "0", "0", "2.00", "53.3%"],
        ["search", "2", "0", "0", "1.75", "46.6%"],
        ["(not", "stated)", "1", "1,000", "100", ">=0.002", "<0.1%"],
    ]
    assert lines[6].split() == ["total", "4", "1,000", "100", ">=3.752"]
    assert "at least 3.752 USD: 1 partly priced" in lines
    assert any(line.startswith("times are UTC; costs as recorded; ") for line in lines)


def test_exact(tmp_path):
    """To the cent, or with every digit."""
    optional("sqlalchemy")
    with llmcost.SpendLog(tmp_path / "spend.db", drain=False) as log:
        log.record(exactly("1234.567891"))
    for given, usd in (([], "1,234.57"), (["--exact"], "1234.567891")):
        done = CliRunner().invoke(app, ["spend", "--db", str(tmp_path / "spend.db"), *given])
        assert done.stdout.split().count(usd) == 2
        assert ("--exact shows every digit" in done.stdout) is (not given)


def test_json_csv_and_sql_agree(run, database):
    """1.5 + 0.25 + 2 + 0.002 = 3.752, whichever way it is asked for."""
    stated = json.loads(run("--by", "team", "--json").stdout)
    assert stated["total"]["cost"] == "3.752"
    assert sum(Decimal(row["cost"]) for row in stated["rows"]) == Decimal("3.752")
    assert (stated["zone"], stated["since"], stated["where"]) == ("UTC", None, {})
    rows = list(csv.DictReader(io.StringIO(run("--by", "team", "--csv").stdout)))
    assert sum(Decimal(row["usd"]) for row in rows) == Decimal("3.752")
    assert {row["team"]: row["lower_bound"] for row in rows} == {"support": "false", "search": "false", "": "true"}
    connection = sqlite3.connect(database)
    found = sum(Decimal(usd) for (usd,) in connection.execute("SELECT usd FROM spend"))
    connection.close()
    assert found == Decimal("3.752")


def test_which_calls(run):
    """Conditions, and times on the clock of a zone: 21 November begins in Berlin at 23:00 UTC of the 20th."""
    for given, usd in (
        (["--where", "team=search"], "1.75"),
        (["--where", "team=search", "--where", "user=u-2"], "0.25"),
        (["--where", "team=search", "--where", "team=support"], "3.75"),
        (["--where", "team="], "0.002"),
        (["--until", "2026-11-21"], "1.75"),
        (["--since", "2026-11-21", "--tz", "Europe/Berlin"], "2.002"),
        (["--since", "2026-11-20T01:00", "--until", "2026-11-20T01:00:01"], "0.25"),
        (["--since", "2026-11-20T02:00", "--until", "2026-11-20T02:00:01", "--tz", "Europe/Berlin"], "0.25"),
    ):
        assert json.loads(run("--json", *given).stdout)["total"]["cost"] == usd, given


def test_days(run):
    """Each with its date, and the zone stands below."""
    out = run("--by", "day", "--tz", "Asia/Tokyo").stdout
    assert [line.split()[0] for line in out.splitlines()[2:4]] == ["2026-11-20", "2026-11-21"]
    assert "times are Asia/Tokyo" in out


def test_tags_overlap(run):
    """A call of two tags stands in two rows."""
    assert "the rows are 1.50 USD above the total" in run("--by", "tag").stdout


@pytest.mark.parametrize("name", HOSTILE)
def test_a_spreadsheet_runs_nothing(tmp_path, name):
    """A name that is a formula is a text with an apostrophe; a control character is spelled out."""
    optional("sqlalchemy")
    with llmcost.SpendLog(tmp_path / "spend.db", drain=False) as log:
        log.record(cost(), team=name)
    done = CliRunner().invoke(app, ["spend", "--db", str(tmp_path / "spend.db"), "--by", "team", "--csv"])
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["team"] == "'" + name.replace("\t", r"\t")
    assert row["usd"] == "0.0028"


def test_show(run):
    """Who, when, and the lines of its bill."""
    out = run("show", "a").stdout
    for text in ("2026-11-20 00:00:00 UTC", "search", "u-1", "x, y", "own: 1.50 USD"):
        assert text in out
    stated = json.loads(run("show", "d", "--json").stdout)
    assert (stated["cost"], stated["status"]) == ("0.002", "partial")
    assert stated["bill"]["line_items"][0]["meter"] == "input"
    assert "'nobody'" in run("show", "nobody", code=1).output


def test_tail(run):
    """The last calls, the latest last; with --json an object a line."""
    out = run("tail", "--no-follow", "-n", 2).stdout.splitlines()
    assert [line.split()[0] + line.split()[-1] for line in out] == ["11-21support", "11-21partial"]
    calls = [
        json.loads(line) for line in run("tail", "--no-follow", "--json", "--where", "team=search").stdout.splitlines()
    ]
    assert [call["id"] for call in calls] == ["a", "b"]


def test_options_before_and_after(database):
    """--db and the conditions count on either side of a subcommand."""
    for arguments in (
        ["--db", database, "--where", "team=search", "tail", "--no-follow", "--json"],
        ["tail", "--no-follow", "--json", "--where", "team=search", "--db", database],
        [
            "--where",
            "team=search",
            "tail",
            "--db",
            database,
            "--where",
            "user=u-1",
            "--where",
            "user=u-2",
            "--no-follow",
            "--json",
        ],
    ):
        done = CliRunner().invoke(app, ["spend", *map(str, arguments)])
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"]


def test_reprice(run, tmp_path):
    """Half the price of the input: 0.001 instead of 0.002; applied, it stands beside what was recorded."""
    prices = {"half": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "openai"}}
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(prices))
    given = ["reprice", "--map", path, "--where", "model=half"]
    out = run(*given).stdout
    assert "2026-11-21" in out
    assert json.loads(run("--json").stdout)["total"]["cost"] == "3.752"
    # 1000 x 1e-6 + 100 x 1e-6
    assert json.loads(run(*given, "--json").stdout)["new"] == "0.0011"
    assert "kept as repricing 1" in run(*given, "--apply").stdout
    assert json.loads(run("--json").stdout)["total"]["cost"] == "3.752"
    assert json.loads(run("--json", "--repricing", 1).stdout)["total"]["cost"] == "3.7511"


def test_forget(run):
    """Asked first; the name is gone, sums over all calls stay."""
    run("forget", "user=u-1", code=1, stdin="n\n")
    assert "u-1" in run("--by", "user").stdout
    assert "1 calls of user u-1 are deleted" in run("forget", "user=u-1", "--yes").stdout
    assert "u-1" not in run("--by", "user").stdout
    assert json.loads(run("--json").stdout)["total"]["cost"] == "3.752"


def test_what_is_refused(run, tmp_path):
    """With what to write instead."""
    for given, text in (
        (["--where", "team"], "AXIS=VALUE"),
        (["--where", "colour=red"], "it names one of"),
        (["--since", "yesterday"], "2026-11-20"),
        (["--tz", "Europe/Atlantis"], "no time zone"),
        (["--json", "--csv"], "not both"),
        (["--plot", "--by", "team"], "--by day"),
        (["--repricing", 3], "there is none yet"),
        (["forget", "user"], "user=u-17"),
        (["--where", "team=search", "forget", "user=u-1", "--yes"], "--where says nothing to `forget`"),
        (["--by", "day", "tail", "--no-follow"], "--by says nothing to `tail`"),
        (["reprice", "--why", "new contract"], "--apply"),
    ):
        assert text in run(*given, code=2).output, given
    missing = CliRunner().invoke(app, ["spend", "--db", str(tmp_path / "none.db")])
    assert (missing.exit_code, "there is no log of calls here" in missing.output) == (1, True)
    assert not (tmp_path / "none.db").exists()


NOW = datetime(2026, 11, 21, 4, tzinfo=timezone.utc)


def test_the_line_of_a_prompt(run, database, monkeypatch):
    """At 04:00 of the 21st: today 2.002, in 7 days 3.752, which a call without a rate makes lower bounds."""
    monkeypatch.setattr(_spend_line, "time", NOW.timestamp)
    run()
    assert _spend_line.line({"--db": str(database)}) == ">=$2.00 today, >=$3.75 in 7 days"
    # In India it is 09:30: today began at 18:30 UTC of the 20th.
    assert _spend_line.line({"--db": str(database), "--tz": "Asia/Kolkata"}).startswith(">=$2.00 today")
    assert _spend_line.line({"--db": str(database), "--session": "s-1"}).startswith("$1.50 session, ")
    assert _spend_line.line({"--db": str(database), "--session": "s-9"}).startswith("$0 session, ")


def test_the_line_says_what_waits(run, database, monkeypatch):
    """It stores nothing, and says that its figures lack something."""
    monkeypatch.setattr(_spend_line, "time", NOW.timestamp)
    run()
    with llmcost.SpendLog(database, drain=False) as log:
        log.record(cost())
    assert _spend_line.line({"--db": str(database)}) == ">=$2.00 today, >=$3.75 in 7 days (calls wait to be stored)"


def test_the_line_writes_nothing(database):
    """It does not even make the database."""
    assert _statusline.run("spend", {"--db": str(database)}) == 1
    assert not database.exists()


LOADED = """
import sys
sys.argv = ["llmcost", "spend", "statusline", "--db", {database!r}]
from llmcost.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
heavy = {{"click", "rich", "sqlalchemy", "alembic", "pydantic", "yaml", "zoneinfo", "asyncio", "socket", "plotext"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
assert "sqlite3" in sys.modules
"""


def test_what_the_line_loads(run, database):
    """The standard library alone."""
    run()
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(database=str(database))], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("in 7 days\n")


def test_a_plot(run):
    """Bars over the days; without plotext the way to get it."""
    optional("plotext")
    out = run("--plot").stdout
    assert "USD by day" in out
    assert "█" in out
    assert "11-20" in out


def test_without_plotext(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "plotext", None)
    assert "--plot needs plotext" in run("--plot", code=1).output


def test_the_page(run, tmp_path):
    """Whole, for its owner alone, and no file is replaced without --force."""
    path = tmp_path / "report.html"
    assert "it opens in any browser" in run("html", path, "--where", "team=search").stderr
    page = path.read_text("utf-8")
    data = json.loads(page.partition('type="application/json">')[2].partition("</script>")[0])
    assert (data["total"]["cost"], data["asked"], data["users"]) == ("1.75", "team search", True)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    run("html", path, code=2)
    run("html", path, "--force", "--no-users")
    assert '"u-1"' not in path.read_text("utf-8")
    assert not list(tmp_path.glob(".report*"))
    run("html", tmp_path / "missing" / "report.html", code=2)
