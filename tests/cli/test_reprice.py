"""``llmcost reprice``: old cost, new cost and the difference; a log is written only whole, and never by accident."""

from __future__ import annotations

import gzip
import json
import os
import stat
import subprocess
import sys

import pytest

# The map of the options is small-1 at 1 and 4 USD per 1M tokens; before it cost half of that.
BEFORE = {"small-1": {"input_cost_per_token": 5e-7, "output_cost_per_token": 2e-6}}


@pytest.fixture
def before(tmp_path):
    """The options that name the prices of then."""
    path = tmp_path / "before.json"
    path.write_text(json.dumps(BEFORE))
    return "--old-map", path


@pytest.fixture
def log(tmp_path, completion):
    """Two calls of 0.0007 then and 0.0014 now, one of them recorded at 0.002; and two lines that are wrong."""
    path = tmp_path / "log.jsonl"
    recorded = {"response": completion(), "user": "ada", "cost": 0.002, "more": {"é": 1.0}}
    lines = [json.dumps(completion()), json.dumps(recorded), "", "not json", json.dumps(completion("unheard-of"))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(stdout):
    """The cells of the table's rows, without the header and the rule."""
    lines = stdout.split("\n\n")[0].splitlines()[2:]
    return [line.split() for line in lines if not line.startswith("-")]


def test_the_table(run, log, before):
    """Per model and in all; every line that failed is named, and the exit code says so."""
    result = run("reprice", log, *before)
    # 0.0007 + 0.002; 2 x 0.0014
    assert rows(result.stdout) == [
        ["small-1", "2", "0.0027", "0.0028", "+0.0001", "+3.7%", "recorded", "for", "1"],
        ["total,", "2", "not", "priced", "2", ">=0.0027", ">=0.0028", "+0.0001", "+3.7%", "recorded", "for", "1"],
    ]
    assert f"error: {log}:4: expected a JSON object or array, found 'not json'\n" in result.stderr
    assert f"error: {log}:5: no price is known for the model 'unheard-of'" in result.stderr
    assert result.exit_code == 2


def test_the_exit_codes(run, tmp_path, completion, before):
    """0 if every line has a price, 1 if one could not be read, 2 if a model is unknown or the question is wrong."""
    log = tmp_path / "log.jsonl"
    for text, code in ((json.dumps(completion()), 0), ("{", 1), (json.dumps(completion("unheard-of")), 2)):
        log.write_text(text)
        assert run("reprice", log, *before).exit_code == code
    assert run("reprice", tmp_path / "nothing.jsonl").exit_code == 2
    assert run("reprice", log, "--at", "soon").exit_code == 2


def test_a_log_without_a_record(run, tmp_path):
    """It is said, and is no success."""
    log = tmp_path / "log.jsonl"
    log.write_text("\n\n")
    for options in ((), ("--json",)):
        result = run("reprice", log, *options)
        assert result.exit_code == 1
        assert f"error: {log}: is empty: there is no record in it" in result.stderr


def test_json_lists_every_line_that_failed(run, tmp_path, completion, before):
    """Also those that standard error only counts."""
    log = tmp_path / "log.jsonl"
    log.write_text('{"nope"\n' * 25 + json.dumps(completion()) + "\n")
    result = run("reprice", log, *before, "--json")
    found = json.loads(result.stdout)
    assert [error["line"] for error in found["errors"]] == list(range(1, 26))
    assert found["errors"][0]["message"].startswith("no JSON")
    assert found["total"] == {
        "model": "total",
        "calls": 1,
        "old": "0.0007",
        "new": "0.0014",
        "delta": "0.0007",
        "percent": 100.0,
        "recorded": 0,
        "exact": True,
        "old_lower_bound": False,
        "new_lower_bound": False,
        "failed": 25,
    }
    assert "... and 5 errors more" in result.stderr
    assert result.exit_code == 1
    log.write_text(json.dumps(completion()))
    assert json.loads(run("reprice", log, *before, "--json").stdout)["errors"] == []


def test_the_day_of_the_new_prices(tmp_path):
    """o3 fell from 10 and 40 USD per 1M tokens to 2 and 8 on 2025-06-10."""
    from click.testing import CliRunner

    from llmcost.cli._app import app

    log = tmp_path / "log.jsonl"
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    log.write_text(json.dumps({"model": "o3", "usage": usage, "time": "2025-06-09T12:00:00Z"}))
    for at, new in (("2025-06-09", "0.014"), ("2025-06-10", "0.0028")):
        result = CliRunner().invoke(app, ["reprice", str(log), "--at", at])
        assert rows(result.stdout)[0][:4] == ["o3", "1", "0.014", new]


def test_the_configuration_of_then(run, tmp_path, completion):
    """Names of deployments on both sides: 0.5 and 2 USD per 1M tokens then, 3 and 4 now."""
    for name, price in (("old", 5e-7), ("new", 3e-6)):
        deployment = {"model_name": "mine", "litellm_params": {"model": "acme/small-1", "input_cost_per_token": price}}
        (tmp_path / f"{name}.yaml").write_text(json.dumps({"model_list": [deployment]}))
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"response": completion("small-1", 1000, 0), "model": "mine"}))
    prices = tmp_path / "map" / "prices.json"
    options = ("--config", tmp_path / "new.yaml", "--old-config", tmp_path / "old.yaml", "--old-map", prices)
    result = run("reprice", log, *options)
    assert rows(result.stdout)[0][:4] == ["small-1", "1", "0.0005", "0.003"]


# Writing.


def test_nothing_is_written_unless_it_is_asked_for(run, log, before, tmp_path):
    """The log stays as it is, and no file comes."""
    text, files = log.read_bytes(), sorted(path.name for path in tmp_path.iterdir())
    run("reprice", log, *before)
    assert (log.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == (text, files)


def test_a_log_with_its_new_costs(run, log, before, tmp_path, completion):
    """Line by line in its order; a line that could not be priced is the same to the last byte."""
    out = tmp_path / "out.jsonl"
    result = run("reprice", log, *before, "--write", out)
    assert result.exit_code == 2
    assert f"{out}: 2 calls with a new cost, the other lines as they were\n" in result.stderr
    was, lines = log.read_text(encoding="utf-8").splitlines(), out.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {"response": completion(), "cost": 0.0014}
    assert json.loads(lines[1]) == {**json.loads(was[1]), "cost": 0.0014}
    assert lines[1] == was[1].replace('"cost": 0.002', '"cost": 0.0014')
    assert lines[2:] == was[2:]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_no_utf8_stays_as_it_is(run, tmp_path, completion, before):
    """So do Windows' line ends and a last line that has none."""
    log, out = tmp_path / "log.jsonl", tmp_path / "out.jsonl"
    log.write_bytes(b'{"name": "\xe9"}\r\n' + json.dumps(completion()).encode() + b"\r\n{}")
    run("reprice", log, *before, "--write", out)
    first, second, third = out.read_bytes().split(b"\n")
    assert (first, second[-1:], third) == (b'{"name": "\xe9"}\r', b"\r", b"{}")
    assert json.loads(second)["cost"] == 0.0014


def test_a_log_of_a_windows_shell(run, tmp_path, completion, before):
    """UTF-16 in, UTF-8 out."""
    log, out = tmp_path / "log.jsonl", tmp_path / "out.jsonl"
    log.write_text(json.dumps({"response": completion(), "user": "Ünal"}, ensure_ascii=False) + "\n", encoding="utf-16")
    assert run("reprice", log, *before, "--write", out).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["user"] == "Ünal"


def test_a_file_is_replaced_only_by_force(run, log, before, tmp_path):
    """The log itself too, under whatever name."""
    text = log.read_bytes()
    link, other = tmp_path / "link.jsonl", tmp_path / "other.jsonl"
    link.symlink_to(log)
    other.write_text("mine")
    for out, why in ((log, "is the log that is read"), (link, "is the log that is read"), (other, "exists")):
        result = run("reprice", log, *before, "--write", out)
        assert result.exit_code == 2
        assert f"it {why}; --force replaces it" in result.stderr
    assert (log.read_bytes(), other.read_text()) == (text, "mine")
    log.chmod(0o640)
    run("reprice", log, *before, "--write", link, "--force")
    assert json.loads(log.read_text().splitlines()[0])["cost"] == 0.0014
    assert link.is_symlink()
    assert stat.S_IMODE(log.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_other(run, log, before, tmp_path):
    """Not those of a temporary one."""
    umask = os.umask(0o027)
    try:
        run("reprice", log, *before, "--write", tmp_path / "out.jsonl")
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o640


def test_chunks_of_a_stream_are_one_call_also_where_they_are_written(run, tmp_path, completion, before):
    """``price``, ``reprice`` and ``--write`` count the same calls of a log, before it is written again and after.

    Three calls of 0.0014: a response, and two streams that are mixed. Two more lines are no calls.
    """
    log, out, twice = (tmp_path / name for name in ("log.jsonl", "out.jsonl", "twice.jsonl"))
    chunk = {"object": "chat.completion.chunk", "model": "small-1", "choices": [{"delta": {"content": "x"}}]}
    last = {**chunk, "choices": [], "usage": completion()["usage"]}
    mixed = [{"id": name, **part} for part in (chunk, chunk, last) for name in "ab"]
    rows_of_log = [completion(), *mixed, completion("unheard-of")]
    log.write_text("".join(json.dumps(row) + "\n" for row in rows_of_log) + "{")

    def found(*options):
        total = json.loads(run("reprice", *options, *before, "--json").stdout)["total"]
        return total["calls"], total["new"], total["failed"]

    assert found(log) == found(log, "--write", out) == found(out) == found(out, "--write", twice) == (3, "0.0042", 2)
    assert out.read_bytes() == twice.read_bytes()
    costs = [json.loads(line).get("cost") for line in out.read_text().splitlines()[:-1]]
    assert costs == [0.0014, 0.0014, 0.0014, None]
    for file in (log, out):
        total = json.loads(run("price", file, "--json", "--totals").stdout)["total"]
        assert (total["calls"], total["total"]) == (3, "0.0042")


def test_calls_that_have_no_line_of_their_own(run, tmp_path, completion, before):
    """Elements of an array and calls of session logs are in the sums, and their lines stay. A call costs 0.0014."""
    log, out = tmp_path / "log.jsonl", tmp_path / "out.jsonl"
    session = {"type": "assistant", "sessionId": "s", "requestId": "r", "timestamp": "2026-01-05T10:00:00Z"}
    usage = {"input_tokens": 1000, "output_tokens": 100}
    message = {"id": "m", "type": "message", "role": "assistant", "model": "small-1", "stop_reason": "end_turn"}
    line = json.dumps({**session, "message": {**message, "usage": usage}})
    text = f"[{json.dumps(completion())}]\n{line}\n{line}\n"
    log.write_text(text)
    result = run("reprice", log, *before, "--write", out)
    assert rows(result.stdout)[0][:4] == ["small-1", "2", "0.0014", "0.0028"]
    said = "0 calls with a new cost, the other lines as they were; 1 calls have no line of their own, and got none; "
    assert f"{out}: {said}calls of session logs state no costs, and got none\n" in result.stderr
    assert out.read_text() == text


def test_where_nothing_can_be_written(run, log, before, tmp_path):
    """A device is never replaced, and no folder is made."""
    for out, why in ((os.devnull, "no plain file"), (tmp_path / "no" / "out.jsonl", "there is no folder")):
        result = run("reprice", log, *before, "--write", out, "--force")
        assert result.exit_code == 2
        assert why in result.stderr
    assert run("reprice", log, "--force").exit_code == 2


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_log_that_could_not_be_written_whole_is_not_there(run, log, before, tmp_path, monkeypatch, error):
    """What was there before still is, and nothing half lies about."""
    out = tmp_path / "out.jsonl"
    out.write_text("before")
    files = sorted(path.name for path in tmp_path.iterdir())

    def fail(_):
        raise error

    monkeypatch.setattr("llmcost.replacing.os.fsync", fail)
    result = run("reprice", log, *before, "--write", out, "--force")
    assert result.exit_code == (1 if isinstance(error, OSError) else 130)
    assert "No space left" in result.stderr or "interrupted" in result.stderr
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == files


def test_standard_input(run, completion, before, tmp_path):
    """A dash; its lines are named so, and it can be written."""
    out = tmp_path / "out.jsonl"
    result = run("reprice", "-", *before, "--write", out, stdin=f"{json.dumps(completion())}\n{{\n")
    assert rows(result.stdout)[0][:4] == ["small-1", "1", "0.0007", "0.0014"]
    assert "error: stdin:2: no JSON" in result.stderr
    assert len(out.read_text().splitlines()) == 2


def test_it_takes_what_price_takes(run, tmp_path, completion, before):
    """Folders, packed files, tables of CSV and streams; what is no call is counted."""
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(completion()).encode()))
    (folder / "b.csv").write_text(
        "request_id,call_type,spend,prompt_tokens,completion_tokens,total_tokens,startTime,model\n"
        "r1,acompletion,0.002,1000,100,1100,2026-01-05T10:00:00Z,small-1\n"
    )
    chunk = {"id": "c1", "object": "chat.completion.chunk", "model": "small-1"}
    chunks = [
        {**chunk, "choices": [{"index": 0, "delta": {"content": "Hi"}}]},
        {**chunk, "choices": [], "usage": completion()["usage"]},
    ]
    (folder / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in chunks))
    span = {"id": "o", "traceId": "t", "type": "SPAN", "usageDetails": {}, "costDetails": {}}
    (folder / "d.json").write_text(json.dumps(span))
    result = run("reprice", folder, *before)
    # 0.0007 + 0.002 + 0.0007; 3 x 0.0014
    assert rows(result.stdout)[0] == ["small-1", "3", "0.0034", "0.0042", "+0.0008", "+23.5%", "recorded", "for", "1"]
    assert "1 (SPAN 1)" in result.stdout
    assert result.exit_code == 0


def test_what_cannot_be_written_line_by_line(run, log, tmp_path):
    """What is packed or CSV, also in a folder; two logs that would be one; a folder that is read, and no folder."""
    packed, table, session = tmp_path / "p" / "a.jsonl.gz", tmp_path / "a.csv", tmp_path / "s" / "s.jsonl"
    for file in (packed, session):
        file.parent.mkdir()
    packed.write_bytes(b"")
    table.write_text("")
    session.write_text('{"type": "user", "sessionId": "s1", "message": {}}\n')
    for logs, out, why in (
        ([tmp_path / "p"], "out", "--write writes logs again, line by line"),
        ([packed], "out.jsonl", "is packed, or CSV, or a database"),
        ([table], "out.jsonl", "is packed, or CSV, or a database"),
        ([log, log], "out", "would be one file in it"),
        ([log, "-"], "out", "writes standard input to a file"),
        ([tmp_path], "out", "it is in"),
        ([log, tmp_path / "s"], "out", "is the log of an agent's sessions"),
        ([tmp_path / "s", log], "a.csv", "several logs are written into a folder, and it is none"),
        ([tmp_path / "s", log], "no/out", "there is no folder"),
    ):
        result = run("reprice", *logs, "--write", tmp_path / out)
        assert (result.exit_code, why in result.stderr) == (2, True), (logs, result.stderr)
        assert not (tmp_path / "out").exists()


def test_several_logs_with_their_new_costs(run, log, before, tmp_path, completion):
    """Each at its place in the folder that was named, or by its name; again only by force, also where they stand."""
    folder, out = tmp_path / "logs", tmp_path / "out"
    (folder / "deep").mkdir(parents=True)
    one = json.dumps(completion()) + "\n"
    for name in ("a.jsonl", "deep/a.jsonl"):
        (folder / name).write_text(one)
    (folder / "deep" / "b.jsonl").write_text("{\n")
    result = run("reprice", folder, log, *before, "--write", out)
    # Four calls of 0.0014 each: 0.0007 then, but for that which was recorded at 0.002; and three lines that are wrong.
    assert rows(result.stdout)[0][:4] == ["small-1", "4", "0.0041", "0.0056"]
    assert f"error: {folder}/deep/b.jsonl:1: no JSON" in result.stderr
    assert f"{out}/deep/a.jsonl: 1 calls with a new cost" in result.stderr
    written = sorted(str(path.relative_to(out)) for path in out.rglob("*.*"))
    assert written == ["a.jsonl", "deep/a.jsonl", "deep/b.jsonl", "log.jsonl"]
    assert json.loads((out / "deep" / "a.jsonl").read_text()) == {"response": completion(), "cost": 0.0014}
    assert (out / "deep" / "b.jsonl").read_text() == "{\n"
    assert (folder / "a.jsonl").read_text() == one
    again = run("reprice", folder, log, *before, "--write", out)
    assert (again.exit_code, "exists; --force replaces it" in again.stderr) == (2, True)
    assert run("reprice", folder, *before, "--write", folder, "--force").exit_code == 1
    assert (folder / "a.jsonl").read_text() == (out / "a.jsonl").read_text()


def test_a_reader_that_leaves(tmp_path):
    """Whoever closes the pipe ends the command, without a traceback, and the log is not written by half."""
    log, out = tmp_path / "log.jsonl", tmp_path / "out.jsonl"
    # Many more errors than a pipe holds.
    log.write_text('{"nope"\n' * 5000)
    command = [sys.executable, "-m", "llmcost", "reprice", log, "--json", "--write", out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == '{"errors": [\n'
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]


def test_a_log_that_cannot_be_read(tmp_path, run, log, before, monkeypatch):
    """The error names it."""

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("llmcost.cli._rewriting.encoding_of", fail)
    result = run("reprice", log, *before, "--write", tmp_path / "out.jsonl")
    assert (result.exit_code, f"{log}: Input/output error" in result.stderr) == (1, True)
    monkeypatch.setattr("llmcost.logs.files.encoding_of", fail)
    result = run("reprice", log, *before)
    assert (result.exit_code, f"{log}: cannot be read: Input/output error" in result.stderr) == (1, True)
