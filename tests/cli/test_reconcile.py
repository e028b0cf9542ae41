"""``llmcost reconcile`` and ``llmcost focus``: exit codes, tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

import llmcost
from llmcost.cli._app import app
from tests.sdks import optional

# 1,000 tokens of small-1 at 1e-6 USD.
CALL = {"time": "2026-11-01T12:00:00Z", "model": "small-1", "usage": {"input": 1000, "output": 0}}


@pytest.fixture
def log(tmp_path):
    """A log of one call."""
    path = tmp_path / "calls.jsonl"
    path.write_text(json.dumps(CALL) + "\n")
    return path


@pytest.fixture
def bill(tmp_path):
    """Write a bill in the form of FOCUS: ``(USD, model, meter, tokens)`` a line, of any provider."""

    def write(*lines, name="bill.csv", currency="USD"):
        columns = ["BilledCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "x_Model", "x_Meter"]
        columns += ["ConsumedQuantity", "ConsumedUnit"]
        path = tmp_path / name
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for usd, model, meter, tokens in lines:
                writer.writerow([usd, currency, "Usage", "2026-11-01T00:00:00Z", model, meter, tokens, "Tokens"])
        return path

    return write


def test_a_bill_that_agrees(run, bill, log):
    """Nothing differs: exit code 0."""
    result = run("reconcile", bill(("0.001", "small-1", "input", 1000)), "--log", log)
    assert result.exit_code == 0
    assert "the difference is within the tolerance of 1%" in result.stdout


def test_a_bill_with_calls_that_the_log_lacks(run, bill, log):
    """500 tokens more: 0.0005 of 0.0015, which is above 1 %."""
    result = run("reconcile", bill(("0.0015", "small-1", "input", 1500)), "--log", log)
    assert result.exit_code == 1
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["small-1", "0.0015", "0.001", "0.0005"] in rows
    assert any(line[:6] == ["calls", "that", "the", "log", "does", "not"] for line in rows)
    assert "missing: look for other keys" in result.stdout
    assert (
        run("reconcile", bill(("0.0015", "small-1", "input", 1500)), "--log", log, "--tolerance", "34%").exit_code == 0
    )
    assert (
        run("reconcile", bill(("0.0015", "small-1", "input", 1500)), "--log", log, "--tolerance", "0.0005").exit_code
        == 0
    )


@pytest.mark.parametrize(("axis", "value"), [("day", "2026-11-01"), ("model", "small-1"), ("meter", "input")])
def test_rows_by_an_axis(run, bill, log, axis, value):
    result = run("reconcile", bill(("0.001", "small-1", "input", 1000)), "--log", log, "--by", axis)
    assert result.stdout.splitlines()[0].split()[0] == axis
    assert result.stdout.splitlines()[2].split()[0] == value


def test_json(run, bill, log):
    """Everything, with every digit."""
    result = run("reconcile", bill(("0.0015", "small-1", "input", 1500)), "--log", log, "--json")
    found = json.loads(result.stdout)
    assert (found["difference"], found["within"], result.exit_code) == ("0.0005", False, 1)
    assert [cause["kind"] for cause in found["causes"]] == ["missing"]


def test_csv(run, bill, log):
    """A row for each day, model and meter, a column for each kind of cause; no name is run by a spreadsheet."""
    lines = [("0.0015", "small-1", "input", 1500), ("1", "=1+1", "input", 5)]
    result = run("reconcile", bill(*lines), "--log", log, "--csv")
    one, two = csv.DictReader(io.StringIO(result.stdout))
    assert (two["model"], two["missing"], two["difference"], two["rate"]) == ("small-1", "0.0005", "0.0005", "")
    assert (one["model"], one["unexplained"]) == ("'=1+1", "1")


def test_another_currency(run, bill, log):
    """It is refused without a rate, and the option is named; with one it is converted."""
    euros = bill(("0.001", "small-1", "input", 1000), currency="EUR")
    result = run("reconcile", euros, "--log", log)
    assert (result.exit_code, "what one EUR is in USD" in result.stderr) == (1, True)
    result = run("reconcile", euros, "--log", log, "--rate", "EUR=1")
    assert result.exit_code == 0
    assert "amounts in EUR are taken at 1 USD" in result.stdout


@pytest.mark.parametrize(
    "options",
    [
        ["--tolerance", "much"],
        ["--since", "soon"],
        ["--tz", "Nowhere"],
        ["--rate", "EUR"],
        ["--rate", "EUR=x"],
        ["--step", "0"],
        ["--where", "team=x"],
        ["--json", "--csv"],
    ],
)
def test_options_that_are_wrong(run, bill, log, options):
    """Exit code 2, and a sentence."""
    result = run("reconcile", bill(("0.001", "small-1", "input", 1000)), "--log", log, *options)
    assert result.exit_code == 2
    assert result.stderr


def test_a_torn_bill(run, tmp_path, log):
    """The file and its line are named."""
    path = tmp_path / "torn.json"
    path.write_text('{"data": [')
    result = run("reconcile", path, "--log", log)
    assert result.exit_code == 1
    assert "torn.json:1: the file is torn" in result.stderr


def test_focus(run, log, tmp_path):
    """CSV on standard output, or in a file that is not replaced unasked."""
    result = run("focus", log, "--account", "a-1")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["BilledCost"], row["BillingAccountId"], result.exit_code) == ("0.001", "a-1", 0)
    target = tmp_path / "rows.csv"
    assert run("focus", log, "--account", "a-1", "-o", target, "--version", "1.0").exit_code == 0
    assert "ServiceSubcategory" not in target.read_text()
    assert run("focus", log, "--account", "a-1", "-o", target).exit_code == 2
    assert run("focus", log, "--account", "a-1", "-o", target, "--force").exit_code == 0


def test_focus_of_what_has_no_price(run, tmp_path):
    """It has no row, is named, and the exit code is 1."""
    path = tmp_path / "calls.jsonl"
    unknown = {**CALL, "model": "nobody-knows", "usage": {"input": 5, "output": 1}}
    path.write_text(json.dumps(CALL) + "\n" + json.dumps(unknown) + "\n")
    result = run("focus", path, "--account", "a-1")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "no price, and no row: 2026-11-01 nobody-knows input, 5 units" in result.stderr


def test_focus_needs_an_account(run, log):
    assert run("focus", log).exit_code == 2
    assert run("focus", log, "--account", " ").exit_code == 2


@pytest.fixture
def kept(tmp_path):
    """The address of a log with one call: 1,000 tokens of gpt-4o at noon of the 1st."""
    optional("sqlalchemy")
    address = f"sqlite:///{tmp_path}/spend.db"
    with llmcost.SpendLog(address, drain=False) as log:
        cost = llmcost.calculate(usage=llmcost.Usage(input=1000), model="gpt-4o")
        log.record(cost, id="1", at="2026-11-01T12:00:00Z")
        log.drain()
    return address


def test_the_page_of_a_log_with_a_bill(runner, bill, kept, tmp_path):
    """``spend html --bill``: 200 tokens of gpt-4o are on the bill alone, at 2.5e-6 each."""
    page = tmp_path / "page.html"
    costs = bill(("0.003", "gpt-4o", "input", 1200))
    result = runner.invoke(app, ["spend", "html", str(page), "--bill", str(costs), "--db", kept])
    assert result.exit_code == 0, result.output
    data = page.read_text().partition('<script id="data" type="application/json">')[2].partition("</script>")[0]
    found = json.loads(data)["bill"]
    assert [(cause["kind"], cause["amount"]) for cause in found["causes"]] == [("missing", "0.0005")]
    assert "cells" not in found["causes"][0]


def shown(address):
    """Return what a live page shows of the bill."""
    at = urlsplit(address)
    with closing(HTTPConnection(at.hostname, at.port, timeout=60)) as connection:
        connection.request("GET", f"{at.path}data.json")
        return json.load(connection.getresponse())["bill"]


def test_the_live_page_of_a_log_with_a_bill(kept, bill):
    """``spend serve --bill``: 200 tokens are on the bill alone; a call that comes meanwhile is compared too.

    400 tokens more in the log are 200 more than the bill has: 0.0005 less.
    """
    costs = bill(("0.003", "gpt-4o", "input", 1200))
    command = [sys.executable, "-m", "llmcost", "spend", "serve", "--bill", str(costs), "--db", kept]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = server.stderr.readline().strip()
            first = shown(address)
            with llmcost.SpendLog(kept, drain=False) as log:
                cost = llmcost.calculate(usage=llmcost.Usage(input=400), model="gpt-4o")
                log.record(cost, id="2", at="2026-11-01T13:00:00Z")
                log.drain()
            then = shown(address)
        finally:
            server.terminate()
    assert [(cause["kind"], cause["amount"]) for cause in first["causes"]] == [("missing", "0.0005")]
    assert [(cause["kind"], cause["amount"]) for cause in then["causes"]] == [("extra", "-0.0005")]


@pytest.mark.parametrize("command", [["html", "page.html"], ["serve"]])
def test_a_bill_of_a_page_that_cannot_be_read(runner, kept, tmp_path, monkeypatch, command):
    """The page is not made: a torn bill, and a zone that is none."""
    monkeypatch.chdir(tmp_path)
    torn = tmp_path / "torn.csv"
    torn.write_text("a,b\n1,2\n")
    result = runner.invoke(app, ["spend", *command, "--bill", str(torn), "--db", kept])
    assert (result.exit_code, "its columns are of no bill" in result.stderr) == (1, True)
    result = runner.invoke(app, ["spend", *command, "--bill", str(torn), "--bill-tz", "Nowhere", "--db", kept])
    assert (result.exit_code, "Nowhere" in result.stderr) == (2, True)
    assert not (tmp_path / "page.html").exists()


def test_a_page_in_another_zone_than_the_bill(runner, kept, tmp_path):
    """``--tz`` is the zone of the page; the days of the bill stay those of UTC, in which nothing differs."""
    costs = tmp_path / "bill.csv"
    costs.write_text(
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,"
        "x_Model,x_Meter\n"
        "0.0025,USD,Usage,2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,1000,Tokens,gpt-4o,input\n"
    )
    page = tmp_path / "page.html"
    command = ["spend", "html", str(page), "--bill", str(costs), "--tz", "Asia/Tokyo", "--db", kept]
    result = runner.invoke(app, command)
    assert result.exit_code == 0, result.output
    data = page.read_text().partition('<script id="data" type="application/json">')[2].partition("</script>")[0]
    assert json.loads(data)["bill"]["causes"] == []
    assert runner.invoke(app, [*command, "--force", "--bill-tz", "Asia/Tokyo"]).exit_code == 1


@pytest.mark.parametrize("command", ["reconcile", "focus"])
def test_a_log_that_is_not_there(run, bill, tmp_path, command, monkeypatch):
    """No empty log is made of a wrong address; without one the log of this user is meant."""
    optional("sqlalchemy")
    address = f"sqlite:///{tmp_path}/none.db"
    monkeypatch.setenv("LLMCOST_SPEND_DB", address)
    given = [bill(("1", "m", "input", 1)), "--log", address] if command == "reconcile" else [address, "--account", "a"]
    for arguments in (given, [one for one in given if one not in {"--log", address}]):
        result = run(command, *arguments)
        assert (result.exit_code, "there is no log of calls here" in result.stderr) == (1, True)
    assert not (tmp_path / "none.db").exists()
