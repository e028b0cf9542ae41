"""``llmcost price --by``: sums by day, team or any field, of the calls that are asked for, as table, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

# small-1 costs 1 USD per million tokens in, 4 out, so that one completion costs 0.0014; large-1 costs 2 and 8: 0.0028.


@pytest.fixture
def log(tmp_path, completion):
    """Five calls of three days and two teams; one states no time, and one no team."""
    file = tmp_path / "log.jsonl"
    rows = [
        {"response": completion(), "time": "2026-01-05T23:30:00Z", "team": "search", "user": "=1+1", "project": "a"},
        {"response": completion(), "time": "2026-01-06T00:30:00Z", "team": "docs", "project": "b"},
        {"response": completion("large-1"), "time": 1767744000, "team": "search", "project": "a", "session": "s1"},
        {"response": completion(created=1767657600)},
        {"response": completion(), "team": "docs"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def cells(stdout):
    """The cells of a table's rows, without the header, the rule and the total."""
    return [line.split() for line in stdout.split("\n\n")[0].splitlines()[2:-2]]


def records(stdout):
    return list(csv.DictReader(io.StringIO(stdout)))


def test_days_are_in_their_order(run, log):
    """1767744000 is 2026-01-07T00:00Z, 1767657600 the midnight before, which a response states itself."""
    result = run("price", "--by", "day", log)
    assert cells(result.stdout) == [
        ["2026-01-05", "1", "1,000", "100", "0.0014", "16.7%"],
        ["2026-01-06", "2", "2,000", "200", "0.0028", "33.3%"],
        ["2026-01-07", "1", "1,000", "100", "0.0028", "33.3%"],
        ["(not", "stated)", "1", "1,000", "100", "0.0014", "16.7%"],
    ]
    assert result.stdout.splitlines()[-1].split() == ["total", "5", "5,000", "500", "0.0084"]


def test_days_of_another_clock(run, log):
    """In Berlin the first call was made on the 6th."""
    result = run("price", "--by", "day", "--tz", "Europe/Berlin", "--csv", log)
    assert [(row["day"], row["calls"]) for row in records(result.stdout)] == [
        ("2026-01-06", "3"),
        ("2026-01-07", "1"),
        ("", "1"),
    ]


def test_several_axes_and_fields_of_records(run, log):
    result = run("price", "--by", "team,project", "--csv", log)
    assert [(row["team"], row["project"], row["usd"]) for row in records(result.stdout)] == [
        ("search", "a", "0.0042"),
        ("docs", "b", "0.0014"),
        ("docs", "", "0.0014"),
        ("", "", "0.0014"),
    ]


def test_an_axis_that_no_call_has_is_a_typing_error(run, log):
    result = run("price", "--by", "projcet", log)
    assert result.exit_code == 2
    assert "--by projcet: no call states it" in result.stderr
    assert result.stdout == ""
    assert run("price", "--by", "day,day", log).exit_code == 2
    assert run("price", "--by", "day,", log).exit_code == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_span_without_calls_is_no_typing_error(run, log, jobs):
    """None of the calls in it could state the axis; a wrong condition is still one."""
    result = run("price", "--by", "project", "--since", "2027-01-01", "--csv", "--jobs", jobs, log)
    assert (result.exit_code, records(result.stdout)) == (0, [])
    wrong = run("price", "--by", "project", "--where", "tema=search", "--jobs", jobs, log)
    assert (wrong.exit_code, "--where tema: no call states it" in wrong.stderr) == (2, True)


def test_a_span(run, log):
    """From the first moment on, before the last; what has no time is in no span, and is counted."""
    result = run("price", "--since", "2026-01-06", "--until", "2026-01-07", "--by", "hour", "--csv", log)
    assert [(row["hour"], row["calls"]) for row in records(result.stdout)] == [("2026-01-06 00:00", "2")]
    assert result.stderr == "calls that state no time, and are in no span: 1\n"


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        (["team=search"], 2),
        (["team=search", "team=docs"], 4),
        (["team="], 1),
        (["team=search", "project=a", "session=s1"], 1),
        (["model=large-1"], 1),
        (["day=2026-01-06"], 2),
        (["team=nobody"], 0),
    ],
)
def test_conditions(run, log, where, calls):
    options = [option for text in where for option in ("--where", text)]
    total = json.loads(run("price", "--totals", "--json", *options, log).stdout)["total"]
    assert total["calls"] == calls
    assert run("price", "--where", "team", log).exit_code == 2


def test_a_condition_on_what_no_call_states(run, log):
    """It is most likely a typing error; that calls state nothing of it can be asked for."""
    for jobs in ((), ("--jobs", "2")):
        wrong = run("price", "--where", "tema=search", "--where", "project=c", *jobs, log)
        assert (wrong.exit_code, "--where tema: no call states it" in wrong.stderr) == (2, True)
        assert run("price", "--where", "customer=", "--where", "project=c", *jobs, log).exit_code == 0


def test_a_failed_call_that_is_not_asked_for_is_no_failure(run, log):
    with log.open("a") as more:
        more.write(
            json.dumps({"response": {"model": "no-such", "usage": {"input": 1, "output": 1}}, "team": "qa"}) + "\n"
        )
    assert run("price", "--where", "team=search", "--totals", log).exit_code == 0
    assert run("price", "--where", "model=small-1", "--totals", log).exit_code == 0
    assert run("price", "--where", "team=qa", "--totals", log).exit_code == 2


def test_csv_has_a_row_for_each_call(run, log):
    """Every digit, the moment in UTC, and text that no spreadsheet takes for a formula."""
    result = run("price", "--csv", log)
    rows = records(result.stdout)
    assert list(rows[0]) == [
        *("place", "time", "team", "user", "session"),
        *("model", "input", "cached", "output", "usd", "lower_bound"),
    ]
    assert (rows[0]["place"], rows[0]["time"], rows[0]["user"]) == (f"{log}:1", "2026-01-05T23:30:00Z", "'=1+1")
    assert [row["time"] for row in rows[1:]] == [
        "2026-01-06T00:30:00Z",
        "2026-01-07T00:00:00Z",
        "2026-01-06T00:00:00Z",
        "",
    ]
    assert [row["usd"] for row in rows] == ["0.0014", "0.0014", "0.0028", "0.0014", "0.0014"]
    totals = records(run("price", "--csv", "--totals", log).stdout)
    assert [(row["model"], row["calls"], row["usd"]) for row in totals] == [
        ("small-1", "4", "0.0056"),
        ("large-1", "1", "0.0028"),
    ]


def test_json_keeps_whose_call_it_was(run, log):
    found = json.loads(run("price", "--json", log).stdout)
    assert [
        {name: call[name] for name in ("time", "team", "user", "session") if name in call} for call in found["calls"]
    ] == [
        {"time": "2026-01-05T23:30:00Z", "team": "search", "user": "=1+1"},
        {"time": "2026-01-06T00:30:00Z", "team": "docs"},
        {"time": "1767744000", "team": "search", "session": "s1"},
        {},
        {"team": "docs"},
    ]
    grouped = json.loads(run("price", "--json", "--by", "session", log).stdout)
    assert [(group["session"], group["total"]) for group in grouped["groups"]] == [(None, "0.0056"), ("s1", "0.0028")]
    assert "calls" not in grouped


def test_what_does_not_fit_together(run, log, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("model,input,output\nsmall-1,1,1\n")
    for options in (
        ["--csv", "--json", log],
        ["--by", "day"],
        ["--csv", "--model", "small-1", "--input", "1"],
        ["--by", "model", table],
        ["--since", "yesterday", log],
        ["--tz", "Nowhere/City", log],
        ["--since", "0001-01-01", "--tz", "Asia/Tokyo", log],
        ["--columns", "openai", log],
    ):
        assert run("price", *options).exit_code == 2


def test_a_log_as_csv(run, tmp_path):
    """Columns of LiteLLM's spend logs: 1000 x 1 + 100 x 4 per million, by the alias of the team in the metadata."""
    file = tmp_path / "spend.csv"
    file.write_text(
        "request_id,call_type,spend,prompt_tokens,completion_tokens,total_tokens,startTime,model,metadata\n"
        'r1,acompletion,0.1,1000,100,1100,2026-01-05T10:00:00Z,small-1,"{""user_api_key_team_alias"": ""search""}"\n'
    )
    result = run("price", "--by", "team", "--csv", file)
    assert records(result.stdout) == [
        {
            "team": "search",
            "calls": "1",
            "input": "1000",
            "cached": "0",
            "output": "100",
            "usd": "0.0014",
            "lower_bound": "false",
        }
    ]


@pytest.fixture
def parts_of_a_second(tmp_path, completion):
    """Calls at the parts of a second, in four spellings; one at the whole second after, and one of 1969."""
    file = tmp_path / "parts.jsonl"
    spelled = ["2026-01-05T12:00:00.2Z", "2026-01-05T12:00:00,500+00:00", 1767614400.7, "2026-01-05T12:00:01Z"]
    rows = [{"response": completion(), "time": time, "user": f"u{number}"} for number, time in enumerate(spelled)]
    google = {
        "candidates": [{"content": {"parts": [{"text": "x"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100},
        "modelVersion": "small-1",
        "createTime": "2026-01-05T12:00:00.900Z",
    }
    rows += [
        {"response": google, "user": "u4", "provider": "acme"},
        {"response": completion(), "time": "1969-12-31T23:59:59.5Z", "user": "u5"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.mark.parametrize(
    ("options", "users"),
    [
        (["--since", "2026-01-05T12:00:00.5"], "u1 u2 u3 u4"),
        (["--since", "2026-01-05T12:00:00.500001"], "u2 u3 u4"),
        (["--until", "2026-01-05T12:00:00.7"], "u0 u1 u5"),
        (["--until", "2026-01-05T12:00:00.700001"], "u0 u1 u2 u5"),
        (["--since", "2026-01-05T12:00:00.7", "--until", "2026-01-05T12:00:00.95"], "u2 u4"),
        (["--since", "2026-01-05T12:00:00"], "u0 u1 u2 u3 u4"),
        (["--since", "2026-01-05T12:00:01"], "u3"),
        (["--until", "2026-01-05T12:00:01"], "u0 u1 u2 u4 u5"),
        (["--since", "1969-12-31T23:59:59.6"], "u0 u1 u2 u3 u4"),
        (["--since", "1969-12-31T23:59:59.5", "--until", "1970-01-01"], "u5"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bound_within_a_second(run, parts_of_a_second, options, users, jobs):
    """A call is in a span from its first moment on, and before its last, to the microsecond."""
    result = run("price", *options, "--csv", "--jobs", jobs, parts_of_a_second)
    assert (" ".join(row["user"] for row in records(result.stdout)), result.stderr) == (users, "")
