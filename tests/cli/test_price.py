"""``llmcost price``: files, folders, streams and logs in; a table or JSON out."""

from __future__ import annotations

import json

import pytest

# small-1 costs 1 USD per million tokens in, 4 out, 0.1 from the cache; large-1 costs 2 and 8.


def write(path, *values):
    path.write_text("\n".join(json.dumps(value) for value in values))
    return path


def rows(stdout):
    """The cells of the first table's rows, without the header."""
    return [line.split() for line in stdout.split("\n\n")[0].splitlines()[2:]]


def test_a_row_per_response_and_the_totals(run, completion, tmp_path):
    """Each row has its place, model, tokens and amount; models are summed, the dearest first."""
    log = write(tmp_path / "log.jsonl", completion(), completion(cached=400), completion("large-1", 2000, 50))
    result = run("price", log)
    assert result.exit_code == 0
    # 1000 x 1e-6 + 100 x 4e-6; 600 x 1e-6 + 400 x 1e-7 + 100 x 4e-6; 2000 x 2e-6 + 50 x 8e-6
    assert rows(result.stdout) == [
        [f"{log}:1", "small-1", "1,000", "100", "0.0014"],
        [f"{log}:2", "small-1", "1,000", "400", "100", "0.00104"],
        [f"{log}:3", "large-1", "2,000", "50", "0.0044"],
    ]
    totals = [line.split() for line in result.stdout.split("\n\n")[1].splitlines()[2:]]
    # 0.0014 + 0.00104 = 0.00244 of 0.00684 is 35.7 %
    assert totals[0] == ["large-1", "1", "2,000", "50", "0.0044", "64.3%"]
    assert totals[1] == ["small-1", "2", "2,000", "400", "200", "0.00244", "35.7%"]
    assert totals[3] == ["total", "3", "4,000", "400", "250", "0.00684"]
    assert result.stderr == ""


def test_one_response_needs_no_totals(run, completion, tmp_path):
    """The row of a single response is its total."""
    result = run("price", write(tmp_path / "one.json", completion()))
    assert result.stdout.splitlines()[2:] == [f"{tmp_path}/one.json  small-1  1,000             100  0.0014"]


def test_totals_alone(run, completion, tmp_path):
    """With --totals no response has a row."""
    log = write(tmp_path / "log.jsonl", completion(), completion())
    assert "log.jsonl" not in run("price", log, "--totals").stdout
    assert "0.0028" in run("price", log, "--totals").stdout


def test_folders_are_searched(run, completion, tmp_path):
    """All *.json, *.jsonl, *.ndjson and *.sse below it, in the order of their names; nothing hidden, nothing else."""
    for name in ("b.json", "a/c.jsonl", "a/b.ndjson", "a/a.sse", "notes.txt", ".git/x.json", "a/.x/y.json"):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(("data: " if name.endswith("sse") else "") + json.dumps(completion()))
    result = run("price", tmp_path / "logs")
    assert [row[0].removeprefix(f"{tmp_path}/logs/") for row in rows(result.stdout)] == [
        "b.json",
        "a/a.sse",
        "a/b.ndjson:1",
        "a/c.jsonl:1",
    ]
    assert result.exit_code == 0


def test_a_folder_without_responses(run, tmp_path):
    """It is named, with what was looked for."""
    (tmp_path / "empty").mkdir()
    result = run("price", tmp_path / "empty")
    assert result.exit_code == 1
    assert f"{tmp_path}/empty: the folder holds no *.json, *.sse, *.jsonl, *.ndjson" in result.stderr


def test_standard_input(run, completion):
    """A dash is standard input, beside files or alone."""
    result = run("price", "-", stdin=f"{json.dumps(completion())}\n{json.dumps(completion())}")
    assert [row[0] for row in rows(result.stdout)] == ["stdin:1", "stdin:2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(run, completion, tmp_path, encoding):
    """Byte order marks are understood; bytes that are no UTF-8 in a text cost nothing."""
    (tmp_path / "a.json").write_bytes(json.dumps(completion(note="é"), ensure_ascii=False).encode(encoding))
    result = run("price", tmp_path / "a.json")
    assert rows(result.stdout)[0][-1] == "0.0014"


def test_bad_lines_are_reported_and_the_rest_is_priced(run, completion, tmp_path):
    """Each problem is said once, with file and line, below the table; the exit code and the total say so."""
    log = tmp_path / "log.jsonl"
    lines = [
        json.dumps(completion()),
        '{"broken": ',
        json.dumps({**completion(), "usage": None}),
        json.dumps(completion()),
    ]
    log.write_text("\n".join(lines))
    result = run("price", log, tmp_path / "missing.json")
    assert result.exit_code == 1
    assert [row[0] for row in rows(result.stdout)] == [f"{log}:1", f"{log}:4"]
    assert result.output.count("missing.json") == 1
    assert f"error: {log}:2: no JSON: " in result.stderr
    assert f"error: {log}:3: this completion states no usage" in result.stderr
    assert f"error: {tmp_path}/missing.json: no such file or folder" in result.stderr
    assert result.stdout.splitlines()[-1].split() == ["total,", "3", "not", "priced", "2", "2,000", "200", ">=0.0028"]


def test_an_empty_file(run, completion, tmp_path):
    """It is an error of its own, and the others are priced."""
    (tmp_path / "empty.json").write_text(" \n")
    result = run("price", tmp_path / "empty.json", write(tmp_path / "a.json", completion()))
    assert result.exit_code == 1
    assert f"{tmp_path}/empty.json: is empty: there is no response in it" in result.stderr
    assert "0.0014" in result.stdout


def test_a_file_that_cannot_be_read(run, completion, tmp_path):
    """The reason stands with its name."""
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    result = run("price", tmp_path / "loop.json", write(tmp_path / "a.json", completion()))
    assert result.exit_code == 1
    assert f"error: {tmp_path}/loop.json: " in result.stderr
    assert "0.0014" in result.stdout


def test_an_unknown_model(run, completion, tmp_path):
    """Exit code 2, what was tried and the nearest names once, however many responses name it."""
    log = write(tmp_path / "log.jsonl", completion(), completion("smal-1"), completion("smal-1"))
    result = run("price", log)
    assert result.exit_code == 2
    assert result.stderr.count("tried: smal-1") == 1
    assert f"error: {log}:2 (and 1 more of this model): no price is known for the model 'smal-1'" in result.stderr
    assert "nearest names (not used): small-1" in result.stderr
    assert [row[0] for row in rows(result.stdout)] == [f"{log}:1"]
    assert "0.0014" in result.stdout


def test_many_errors_are_counted_and_not_listed(run, tmp_path):
    """After the first twenty only their number is told."""
    log = tmp_path / "log.jsonl"
    log.write_text("oops\n{}\n" * 30)
    result = run("price", log, "--totals")
    assert result.exit_code == 1
    assert result.stderr.count("error: ") == 20
    assert "... and 40 errors more" in result.stderr


def test_what_has_no_rate_is_marked(run, tmp_path):
    """The amount is a lower bound, the meter is named, and the total is a lower bound too."""
    log = write(
        tmp_path / "log.jsonl",
        {"model": "small-1", "input": 1000, "web_searches": 3, "output": 0},
        {"model": "small-1", "input": 1000, "output": 0},
    )
    result = run("price", log)
    assert result.exit_code == 0
    assert rows(result.stdout)[0][2:] == ["1,000", ">=0.001", "no", "rate", "for", "web_searches"]
    assert rows(result.stdout)[1][2:] == ["1,000", "0.001"]
    assert result.stdout.splitlines()[-1].split()[-1] == ">=0.002"


def test_strict_makes_an_error_of_it(run, tmp_path):
    """With --strict nothing is priced in part."""
    log = write(tmp_path / "log.jsonl", {"model": "small-1", "input": 1000, "web_searches": 3, "output": 0})
    result = run("price", log, "--strict")
    assert result.exit_code == 1
    assert "small-1 has no rate for web_searches" in result.stderr


def test_log_lines_state_facts(run, completion, tmp_path):
    """Model, tier, duration and prices beside a response or a usage are the caller's."""
    bare = {name: value for name, value in completion().items() if name != "model"}
    log = write(
        tmp_path / "log.jsonl",
        {"response": bare, "model": "large-1"},
        {"usage": bare["usage"], "model": "small-1", "service_tier": "flex"},
        {"model": "clock-1", "duration": 12.5},
        {"response": completion("mine"), "prices": {"input_cost_per_token": 3e-6, "output_cost_per_token": 0}},
    )
    result = run("price", log)
    assert result.exit_code == 0
    # 1000 x 2e-6 + 100 x 8e-6; 1000 x 5e-7 + 100 x 2e-6; 12.5 x 0.001; 1000 x 3e-6
    assert [row[-1] for row in rows(result.stdout) if "tier" not in row and "seconds" not in row] == [
        "0.0028",
        "0.003",
    ]
    assert rows(result.stdout)[1] == [f"{log}:2", "small-1", "1,000", "100", "0.0007", "tier", "flex"]
    assert rows(result.stdout)[2] == [f"{log}:3", "clock-1", "0.0125", "input", "seconds", "12.5"]


def test_a_logged_call_is_priced_at_its_own_time(run, completion, tmp_path):
    """Half the price from 00:00 to 08:00 UTC: the line's time decides, but for the response's own and for `at`."""
    night = {"hours_utc": "00:00-08:00", "input_cost_per_token": 1e-6, "output_cost_per_token": 0}
    row = {"input_cost_per_token": 2e-6, "output_cost_per_token": 0, "off_peak_pricing": night}
    own = write(tmp_path / "own.json", {"night-1": row, "night-2": {"input_cost_per_second": 0.5}})
    response, usage = completion("night-1"), {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}
    at_noon = {**response, "created": 1767268800}  # 2026-01-01 12:00
    log = write(
        tmp_path / "log.jsonl",
        {"response": response, "time": "2026-01-01T07:59:59Z"},
        {"response": response, "timestamp": "2026-01-01T08:00:00Z"},
        {"usage": usage, "model": "night-1", "created_at": 1767225600},  # 00:00
        {"response": at_noon, "time": "2026-01-01T03:00:00Z"},
        {"response": at_noon, "at": "2026-01-01T03:00:00Z"},
        {"model": "night-2", "duration": 2, "time": "2026-01-01T03:00:00Z"},
    )

    def costs(*options):
        found = json.loads(run("price", log, "--register", own, "--json", *options).stdout)
        return [call["total"] for call in found["calls"]]

    assert costs() == ["0.001", "0.002", "0.001", "0.002", "0.001", "1"]
    assert costs("--at", "2026-01-01T09:00:00Z") == ["0.002"] * 5 + ["1"]


def test_what_is_no_time_of_a_call_is_an_error_of_its_line(run, completion, tmp_path):
    """As for reprice: a latency is not taken for a time; what was recorded as cost is no matter."""
    call = {"response": completion()}
    log = write(tmp_path / "log.jsonl", {**call, "time": 0.83}, {**call, "cost": "-"})
    result = run("price", log)
    assert result.exit_code == 1
    assert f"error: {log}:1: time=0.83 is no time of a call" in result.stderr
    assert [row[-1] for row in rows(result.stdout)] == ["0.0014"]


def test_options_are_stronger_than_the_line(run, completion, tmp_path):
    """A fact of the command line holds for every response, whatever it says itself."""
    log = write(
        tmp_path / "log.jsonl", {"response": completion(), "model": "small-1", "prices": {"input_cost_per_token": 5e-6}}
    )
    # 1000 x 5e-6 (the line's) + 100 x 1e-5 (the option's)
    assert "0.006" in run("price", log, "--price", "output_cost_per_token=1e-5").stdout
    # 1000 x 5e-6 + 100 x 8e-6
    assert "0.0058" in run("price", log, "--model", "large-1").stdout
    assert "0.0007" in run("price", write(tmp_path / "a.json", completion()), "--service-tier", "flex").stdout


def test_a_fact_of_a_wrong_kind_costs_only_its_line(run, completion, tmp_path):
    """A negative duration is an error of its line."""
    log = write(tmp_path / "log.jsonl", {"model": "clock-1", "duration": -1}, {"response": completion()})
    result = run("price", log)
    assert result.exit_code == 1
    assert f"error: {log}:1: duration=-1 is not a count" in result.stderr
    assert [row[-1] for row in rows(result.stdout)] == ["0.0014"]


def test_streams(run, tmp_path):
    """Chunks are one row, which says how many they are."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    chunk = {"id": "c1", "object": "chat.completion.chunk", "model": "small-1", "choices": [], "usage": None}
    log = write(tmp_path / "log.jsonl", chunk, chunk, {**chunk, "usage": usage})
    assert rows(run("price", log).stdout) == [
        [f"{log}:1", "small-1", "1,000", "100", "0.0014", "stream", "of", "3"],
    ]


def test_a_stream_without_usage_is_an_error(run, tmp_path):
    """It is never 0."""
    chunk = {"id": "c1", "object": "chat.completion.chunk", "model": "small-1", "choices": []}
    result = run("price", write(tmp_path / "log.jsonl", chunk, chunk))
    assert result.exit_code == 1
    assert "states no usage" in result.stderr


def test_one_stream(run, tmp_path):
    """On request a whole file is one call, although its ids differ."""
    counters = {"promptTokenCount": 1000, "candidatesTokenCount": 50, "totalTokenCount": 1050}
    part = {"candidates": [{}], "usageMetadata": counters, "modelVersion": "small-1", "responseId": "a"}
    last = {
        **part,
        "candidates": [{"finishReason": "STOP"}],
        "usageMetadata": {**counters, "candidatesTokenCount": 100, "totalTokenCount": 1100},
        "responseId": "b",
    }
    log = write(tmp_path / "log.jsonl", part, last)
    assert len(rows(run("price", log).stdout)) == 2
    assert rows(run("price", log, "--one-stream").stdout)[0][4] == "0.0014"


def test_reported_costs(run, completion, tmp_path):
    """A cost that the provider states counts, and the row says so; --prefer calculated takes the card's."""
    response = completion()
    response["usage"]["cost"] = 0.25
    log = write(tmp_path / "a.json", response)
    assert rows(run("price", log).stdout)[0][-5:] == ["0.25", "reported", "by", "the", "provider"]
    assert rows(run("price", log, "--prefer", "calculated").stdout)[0][-1] == "0.0014"


def test_json(run, completion, tmp_path):
    """One JSON object: each call with its place and its Cost, the models, the total."""
    log = write(tmp_path / "log.jsonl", completion(), completion("large-1"))
    found = json.loads(run("price", log, "--json").stdout)
    first = found["calls"][0]
    assert (first["place"], first["source"], first["line"], first["total"]) == (f"{log}:1", str(log), 1, "0.0014")
    assert [(line["meter"], line["amount"]) for line in first["line_items"]] == [
        ("input", "0.001"),
        ("output", "0.0004"),
    ]
    assert found["models"]["large-1"]["total"] == "0.0028"
    assert found["total"] == {
        "calls": 2,
        "total": "0.0042",
        "exact": True,
        "lower_bound": False,
        "input_tokens": 2000,
        "cached_tokens": 0,
        "output_tokens": 200,
        "failed": 0,
    }


def test_json_of_errors(run, completion, tmp_path):
    """An error is a call with type and message, and the total is a lower bound."""
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(completion("smal-1")) + "\noops\n")
    result = run("price", log, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 2
    assert found["calls"][0]["error"]["type"] == "UnknownModelError"
    assert found["calls"][0]["error"]["nearest"] == ["small-1"]
    assert found["calls"][1]["error"] == {
        "type": "Unreadable",
        "message": "expected a JSON object or array, found 'oops'",
    }
    assert (found["total"]["failed"], found["total"]["lower_bound"]) == (2, True)


def test_json_of_nothing(run, tmp_path):
    """Even then it is JSON."""
    result = run("price", tmp_path / "missing.json", "--json")
    assert json.loads(result.stdout)["total"]["failed"] == 1


def test_amounts_are_exact(run, tmp_path):
    """Small amounts keep their digits, and the sum is the sum of what is shown."""
    log = write(tmp_path / "log.jsonl", *[{"model": "small-1", "input": 1, "cache_read": 1, "output": 0}] * 3)
    result = run("price", log)
    # 1e-6 + 1e-7
    assert [row[4] for row in rows(result.stdout)] == ["0.0000011"] * 3
    assert result.stdout.splitlines()[-1].split()[-1] == "0.0000033"


def test_amounts_are_rounded_visibly(run, tmp_path):
    """To four significant digits, and the last line says so; ``--exact`` shows every digit, and nothing is said."""
    log = write(
        tmp_path / "log.jsonl",
        {"model": "clock-1", "duration": 1, "prices": {"input_cost_per_second": "0.12345678901234"}},
    )
    rounded, exact = run("price", log).stdout, run("price", "--exact", log).stdout
    assert rows(rounded)[0][2] == "0.1235"
    assert rounded.splitlines()[-1].endswith("amounts are rounded, --exact shows every digit")
    assert rows(exact)[0][2] == "0.12345678901234"
    assert "are rounded" not in exact


def test_a_quick_question(run):
    """Quantities instead of files: cached tokens are a part of the input, reasoning of the output."""
    result = run(
        "price", "--model", "small-1", "--input", "12k", "--cached", "10k", "--output", "1_000", "--reasoning", "200"
    )
    assert result.exit_code == 0
    # 2000 x 1e-6 + 10000 x 1e-7 + 1000 x 4e-6
    assert result.stdout.startswith("small-1: 0.007 USD\n")
    assert [line.split()[:2] for line in result.stdout.splitlines()[6:10]] == [
        ["input", "2,000"],
        ["cache_read", "10,000"],
        ["output", "800"],
        ["reasoning", "200"],
    ]


def test_a_quick_question_by_time(run):
    """A duration is a quantity too."""
    assert run("price", "--model", "clock-1", "--duration", "90").stdout.startswith("clock-1: 0.09 USD\n")


def test_a_quick_question_of_any_meter(run):
    """--meter takes every name of a meter."""
    result = run(
        "price",
        "--model",
        "small-1",
        "--meter",
        "input=1500",
        "--json",
        "--meter",
        "web_searches=2",
        "--price",
        "web_search_cost_per_query=0.01",
    )
    # 1500 x 1e-6 + 2 x 0.01
    assert json.loads(result.stdout)["total"] == "0.0215"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to price: name files"),
        (["--model", "small-1"], "nothing to price: name files"),
        (["--input", "5"], "a question without a response needs --model"),
        (["--model", "small-1", "--input", "5", "--cached", "6"], "--cached (6) exceed --input (5)"),
        (["--model", "small-1", "--meter", "inptu=5"], "has no meter and no fact 'inptu'"),
        (["--model", "small-1", "--meter", "input"], "'input' is not NAME=N"),
        (["--model", "small-1", "--input", "1.5"], "'1.5' is not a whole number"),
        (["--model", "small-1", "--input", "12,00"], "'12,00' is no count"),
        (["--input", "5", "-"], "leave them or the files out"),
        (["--price", "free", "-"], "'free' is not KEY=USD"),
        (["--at", "tomorrow", "-"], "'tomorrow' is no time"),
        (["--price", "input_cost_per_tokn=1", "-"], "Did you mean 'input_cost_per_token'?"),
        (["--price", "input_cost_per_token=-1", "-"], "input_cost_per_token"),
        (["--register", "missing.json", "-"], "missing.json"),
        (["--model", "large-9", "--input", "5"], "tried: large-9"),
    ],
)
def test_a_wrong_command_line(run, arguments, message):
    """Exit code 2 and what is wrong, before anything is priced."""
    result = run("price", *arguments, stdin="{}")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_own_prices(run, completion, tmp_path):
    """--register puts prices of one's own over the map's."""
    own = write(
        tmp_path / "own.json", {"small-1": {"output_cost_per_token": 0}, "mine": {"input_cost_per_token": 1e-5}}
    )
    result = run("price", "--register", own, write(tmp_path / "a.json", completion()))
    assert rows(result.stdout)[0][-1] == "0.001"


def test_a_registered_file_that_is_no_price_map(run, completion, tmp_path):
    """It is the command line's mistake: exit code 2."""
    (tmp_path / "own.json").write_text("[1]")
    result = run("price", "--register", tmp_path / "own.json", write(tmp_path / "a.json", completion()))
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_a_config(run, completion, tmp_path):
    """--config prices deployments by their own names."""
    (tmp_path / "config.yaml").write_text(
        "model_list:\n- model_name: mine\n  litellm_params: {model: acme/small-1}\n"
        "  model_info: {input_cost_per_token: 3e-6}\n"
    )
    result = run(
        "price", "--config", tmp_path / "config.yaml", "--model", "mine", write(tmp_path / "a.json", completion())
    )
    # 1000 x 3e-6 of the deployment + 100 x 4e-6 of the map
    assert rows(result.stdout)[0][4] == "0.0034"


def test_warnings_are_shown_on_one_line(run, completion, tmp_path, recwarn):
    """A price that reads like one per thousand tokens is warned about on standard error."""
    del recwarn
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        result = run("price", "--price", "input_cost_per_token=2.5", write(tmp_path / "a.json", completion()))
    assert result.stderr.startswith("warning: ")
    assert result.exit_code == 0


def session_line(output, stop):
    """A line of Claude Code's session logs, about 1000 tokens of input."""
    usage = {"input_tokens": 1000, "output_tokens": output}
    message = {"id": "m1", "type": "message", "role": "assistant", "model": "small-1", "usage": usage}
    beside = {"type": "assistant", "sessionId": "s1", "requestId": "r1", "timestamp": "2026-01-05T10:00:00Z"}
    return {**beside, "message": {**message, "stop_reason": stop}}


def test_session_logs_of_coding_agents(run, tmp_path):
    """A message in two lines and a copy of its file is one call; 1000 x 1e-6 + 100 x 4e-6. The rest is counted."""
    lines = [{"type": "summary", "leafUuid": "u"}, session_line(1, None), session_line(100, "end_turn")]
    folder = tmp_path / "logs"
    folder.mkdir()
    write(folder / "one.jsonl", *lines, {"type": "user", "sessionId": "s1"}, {"type": "something new"})
    write(folder / "two.jsonl", *lines)
    result = run("price", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert rows(result.stdout) == [[f"{folder}/one.jsonl:3", "small-1", "1,000", "100", "0.0014"]]
    assert (
        "lines of session logs that are no calls: 4 (summary 2, something new 1, user 1); "
        "copies of calls, each counted once: 3"
    ) in result.stdout
    total = json.loads(run("price", folder, "--json").stdout)["total"]
    assert (total["calls"], total["total"]) == (1, "0.0014")
    assert total["passed"] == {"summary": 2, "user": 1, "something new": 1, "copies of calls": 3}


def test_a_session_without_calls_is_no_error(run, tmp_path):
    """There is nothing to price in it, and it is said what there is."""
    result = run("price", write(tmp_path / "one.jsonl", {"type": "user", "sessionId": "s1", "uuid": "u1"}))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "lines of session logs that are no calls: 1 (user 1)" in result.stdout


def test_nothing_that_can_be_priced(run, tmp_path):
    """One line, and no table of empty columns."""
    result = run("price", tmp_path / "nope.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: {tmp_path}/nope.json: no such file or folder\n"


def test_json_of_totals_alone(run, completion, tmp_path):
    """No call is listed; 1000 x 1e-6 + 100 x 4e-6, twice."""
    log = write(tmp_path / "log.jsonl", completion(), completion())
    found = json.loads(run("price", log, "--totals", "--json").stdout)
    assert set(found) == {"models", "total"}
    assert (found["total"]["calls"], found["total"]["total"]) == (2, "0.0028")


def test_the_options_are_grouped(run):
    """The help has a heading for each kind, and every option is under one."""
    text = run("price", "--help").stdout
    headings = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings[:5] == ["Output:", "Input:", "A call without a file:", "What was called:", "Prices:"]
    prices = text.partition("\nPrices:")[2].partition("\n  Exit codes")[0]
    assert all(option in prices for option in ("--price ", "--config", "--map", "--register"))


def test_where_nothing_is_priced_no_day_is_said(run, tmp_path):
    """There is no price that it could be the day of."""
    (tmp_path / "empty.jsonl").write_text("")
    assert run("price", tmp_path / "empty.jsonl").stdout == ""


def test_a_prompt_that_the_model_does_not_take_is_said(run):
    """small-1 takes 100,000 tokens; the sum is right all the same."""
    found = run("price", "--model", "small-1", "--input", "1.5e5")
    assert "small-1 takes a prompt of 100,000 tokens at most, and this one has 150,000" in found.stderr
    assert "0.15" in found.stdout
    assert run("price", "--model", "small-1", "--input", "1e5").stderr == ""
