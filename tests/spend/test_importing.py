"""Imports: every call of a log once, however often and however interrupted it is read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import llmcost
from llmcost import CostMap, SpendLog, read_log

PRICES = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CHAT = {"id": "chatcmpl-0123456789", "object": "chat.completion", "created": 1767607200, "model": "m", "usage": USAGE}
# A row of each format costs 1000 x 1 + 100 x 4 per million, but for what states a charge of its own.
FORMATS = {
    "own": {"response": {**CHAT, "id": "c"}, "time": "2026-01-05T10:00:00Z", "team": "search", "user": "ada"},
    "own id": {"model": "m", "usage": USAGE, "time": "2026-01-05", "id": "call-1"},
    "response": CHAT,
    "LiteLLM": {
        "request_id": "r1",
        "call_type": "acompletion",
        "model": "m",
        "spend": 0.5,
        **USAGE,
        "startTime": "2026-01-05T10:00:00Z",
        "team_id": "search",
        "user": "ada",
    },
    "StandardLoggingPayload": {
        "id": "p1",
        "call_type": "acompletion",
        "model": "m",
        "response_cost": 0.5,
        **USAGE,
        "startTime": 1767607200.25,
        "metadata": {"user_api_key_team_alias": "search", "user_api_key_user_id": "ada"},
    },
    "Langfuse": {
        "id": "o1",
        "traceId": "t",
        "type": "GENERATION",
        "startTime": "2026-01-05T10:00:00.000Z",
        "model": "m",
        "usageDetails": {"input": 1000, "output": 100, "total": 1100},
        "userId": "ada",
    },
    "Helicone": {
        "request_id": "q1",
        "request_created_at": "2026-01-05T10:00:00.000Z",
        "response_model": "m",
        **USAGE,
        "costUSD": 0.5,
        "request_user_id": "ada",
    },
    "OTLP": {
        "resourceSpans": [
            {
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "spanId": "00f067aa0ba902b7",
                                "name": "chat",
                                "startTimeUnixNano": "1767607200000000000",
                                "attributes": [
                                    {"key": "gen_ai.request.model", "value": {"stringValue": "m"}},
                                    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "1000"}},
                                    {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "100"}},
                                ],
                            }
                        ]
                    }
                ]
            }
        ]
    },
    "batch": {
        "id": "batch_req_1",
        "custom_id": "1",
        "response": {"status_code": 200, "body": {**CHAT, "usage": {**USAGE, "prompt_tokens": 1000}}},
        "error": None,
    },
}
BATCHED = CostMap(
    {
        "m": {
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 4e-6,
            "input_cost_per_token_batches": 1e-6,
            "output_cost_per_token_batches": 4e-6,
        }
    }
)


@pytest.mark.parametrize("row", FORMATS.values(), ids=FORMATS)
def test_each_format_twice_adds_nothing_the_second_time(log, row):
    first = log.import_calls(read_log([row]), cost_map=BATCHED)
    second = log.import_calls(read_log([json.dumps(row)]), cost_map=BATCHED)
    assert (first.new, first.known, second.new, second.known) == (1, 0, 0, 1)
    assert (log.total().calls, str(log.total().cost)) == (1, "0.0014")
    (stored,) = log.calls()
    assert stored.at.date().isoformat() == "2026-01-05"


def test_whose_call_it_was_and_what_the_log_said(log):
    log.import_calls(read_log([FORMATS["LiteLLM"], FORMATS["own"]]), cost_map=PRICES)
    litellm = log.call("r1")
    assert (litellm.team, litellm.user, litellm.metadata) == ("search", "ada", {"recorded_cost": "0.5"})
    (own,) = [call for call in log.calls() if call.id != "r1"]
    assert (own.id[:5], own.team, own.user, own.metadata) == ("hash:", "search", "ada", None)


def test_equal_calls_of_one_file_are_several_and_a_copy_of_the_file_is_none(log, tmp_path):
    """Nothing tells two calls of one second apart but that both are there."""
    row = json.dumps({"model": "m", "usage": USAGE, "time": "2026-01-05T10:00:00Z"}) + "\n"
    (tmp_path / "a.jsonl").write_text(row * 3)
    (tmp_path / "copy.jsonl").write_text(row * 3)
    found = log.import_calls(read_log(tmp_path), cost_map=PRICES)
    assert (found.new, found.known, log.total().calls) == (3, 3, 3)
    (tmp_path / "a.jsonl").write_text(row * 4)
    assert log.import_calls(read_log(tmp_path), cost_map=PRICES).new == 1


def test_a_fuller_record_replaces_the_one_before(log):
    """As of an answer that was still being written."""
    half = {
        "model": "m",
        "usage": {**USAGE, "completion_tokens": 10, "total_tokens": 1010},
        "time": 1767607200,
        "id": "c",
    }
    whole = {**half, "usage": USAGE}
    found = [log.import_calls(read_log([row]), cost_map=PRICES) for row in (half, whole, half)]
    assert [(part.new, part.grown, part.known) for part in found] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert str(log.total().cost) == "0.0014"


def test_of_two_calls_of_one_id_the_import_keeps_the_one_that_the_log_keeps(log):
    """That with more output, whatever its prompt: no import replaces it by the other, or says so.

    600 x 1 + 420 x 4 per million.
    """
    rows = [
        {"id": "call-1", "model": "m", "time": "2026-01-05", "usage": {"input": read, "output": written}}
        for read, written in ((600, 420), (2006, 300))
    ]
    found = [log.import_calls(read_log(order), cost_map=PRICES) for order in (rows, rows[::-1], rows)]
    assert [(each.new, each.grown, each.known) for each in found] == [(1, 0, 1), (0, 0, 2), (0, 0, 2)]
    assert str(log.total()) == "$0.00228"


def test_rows_of_two_tables_that_number_them_from_1_are_calls_of_their_own(log, tmp_path):
    """The second table is neither known already nor fuller: both count."""
    for day, tokens in ((5, 100), (6, 100), (7, 200)):
        row = {"id": 1, "model": "m", "usage": {"input": 1000, "output": tokens}, "time": f"2026-01-0{day}"}
        (tmp_path / f"{day}.jsonl").write_text(json.dumps(row))
    found, again = (log.import_calls(read_log(tmp_path), cost_map=PRICES) for _ in range(2))
    assert ((found.new, found.grown), (again.new, again.known)) == ((3, 0), (0, 3))
    assert str(log.total().cost) == "0.0046"


def test_a_call_without_a_price_is_kept_as_that(log):
    errors = []
    row = {"model": "no-such", "usage": USAGE, "time": 1767607200}
    found = log.import_calls(read_log([row]), cost_map=PRICES, on_error=lambda _, error: errors.append(type(error)))
    assert (found.new, found.unpriced, found.to_dict()["lower_bound"]) == (1, 1, True)
    assert errors == [llmcost.UnknownModelError]
    total = log.total()
    assert (total.calls, total.unpriced, total.lower_bound) == (1, 1, True)
    (stored,) = log.calls()
    assert (stored.model, stored.input, stored.output, stored.status) == ("no-such", 1000, 100, "unpriced")


def test_what_states_no_time_is_not_dated_by_a_guess(log):
    rows = [{"model": "m", "usage": USAGE}]
    assert log.import_calls(read_log(rows), cost_map=PRICES).undated == 1
    assert log.total().calls == 0
    assert log.import_calls(read_log(rows), cost_map=PRICES, at="2026-01-05").new == 1
    assert log.calls()[0].at.date().isoformat() == "2026-01-05"
    with pytest.raises(ValueError, match="at="):
        log.import_calls([], at="yesterday")


def test_what_cannot_be_kept_is_counted(log):
    errors = []
    rows = [
        {"response": {"no": "usage"}, "model": "m", "time": 1767607200},
        {"model": "m", "usage": USAGE, "cost": -1, "time": 1767607200},
        {"model": "m", "usage": {"prompt_tokens": -5, "completion_tokens": 1}, "time": 1767607200},
    ]
    found = log.import_calls(read_log(rows), cost_map=PRICES, on_error=lambda call, _: errors.append(call.line))
    assert (found.failed, errors, log.total().calls) == (3, [1, 2, 3], 0)


def test_a_dry_run_keeps_nothing(log):
    found = log.import_calls(read_log(list(FORMATS.values())), cost_map=BATCHED, dry_run=True)
    assert (found.new, found.known) == (len(FORMATS), 0)
    assert log.total().calls == 0


PROGRAM = """
import sys
import llmcost
from llmcost.spend import importing
importing._AT_ONCE, importing._STORED_AT_ONCE = 20, 60
log = llmcost.SpendLog(sys.argv[1], spool=sys.argv[3], drain=False)
prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
def progress(found):
    print(found.new, flush=True)
log.import_calls(llmcost.read_log(sys.argv[2]), cost_map=prices, progress=progress)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_killed_twice_and_completed_by_the_third_run(address, tmp_path):
    """Every call is there once, and the sum is that of the file."""
    file, spool = tmp_path / "log.jsonl", tmp_path / "spool"
    with file.open("w") as out:
        for number in range(1000):
            usage = {"prompt_tokens": 1000 + number, "completion_tokens": 100}
            out.write(
                json.dumps({"model": "m", "usage": usage, "time": 1767607200 + number, "team": f"t{number % 3}"}) + "\n"
            )
    for moment in (100, 400):
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, address, str(file), str(spool)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            text=True,
        ) as process:
            for line in process.stdout:
                if int(line) >= moment:
                    break
            process.send_signal(signal.SIGKILL)
            assert process.wait(60) == -signal.SIGKILL
    with SpendLog(address, spool=spool, drain=False) as log:
        last = log.import_calls(read_log(file), cost_map=PRICES)
        assert last.new + last.known == 1000
        # What the second had kept is known, though it was killed before it was stored.
        assert 400 <= last.known < 1000
        assert log.import_calls(read_log(file), cost_map=PRICES).to_dict()["new"] == 0
        total = log.total()
    # 1000 calls of 1000 to 1999 input tokens at 1, and 100 output tokens at 4 USD per million.
    assert (total.calls, Fraction(*total.as_integer_ratio())) == (
        1000,
        Fraction(sum(range(1000, 2000)) + 400_000, 10**6),
    )


def test_a_wrong_record_is_counted_and_the_import_goes_on(log):
    """A time from before 1970, and a cost that is none of a model that nobody knows."""
    usage, failed = {"prompt_tokens": 10, "completion_tokens": 1}, []
    rows = [{"time": time, "response": {"model": "m", "usage": usage}} for time in ("1969-12-31", "2026-01-05")]
    rows.append({**rows[1], "model": "no-such-model", "cost": -1})
    found = log.import_calls(read_log(rows), cost_map=PRICES, on_error=lambda _, error: failed.append(str(error)))
    assert (found.new, found.failed) == (1, 2)
    assert "no call was made before 1970" in failed[0]
    assert "cost=-1 is no recorded cost" in failed[1]


def test_what_cannot_be_read_is_not_said_to_state_no_time(log):
    """A row of an exported log has its time beside a cost that is known in part; what is wrong with it is told."""
    row = dict.fromkeys(("deployment", "team", "user", "session", "tags", "latency_us", "ttft_us", "attempt", "error"))
    row |= {"at": "2026-01-05T08:00:00+00:00", "id": "c1", "status": "partial", "model": "m", "provider": None}
    row |= {"input": 0, "output": 147, "usd": "0.000588", "metadata": None}
    failed = []
    found = log.import_calls(read_log([row]), cost_map=PRICES, on_error=lambda _, error: failed.append(str(error)))
    assert (found.new, found.undated, found.failed) == (0, 0, 1)
    assert "this call had a price for a part of it alone" in failed[0]
