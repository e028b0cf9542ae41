"""A log at other prices: what it cost, what it costs anew, and never a line that is lost or counted as 0."""

from __future__ import annotations

import json
import weakref
from decimal import Decimal, localcontext

import pytest

from llmcost import CostMap, LLMCostError, PriceDataError, Record, UnknownModelError, read_log, reprice, whatif
from llmcost.core.exact import plain
from llmcost.errors import MissingUsageError, UnpricedUsageError
from llmcost.logs.question import Question
from llmcost.logs.reprice import Repricer

# USD per token: 1 and 4 per million; the other map takes twice as much.
MAP = CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06, "litellm_provider": "acme"}})
TWICE = CostMap(
    {"small-1": {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06, "litellm_provider": "acme"}}
)


def chat(model: str = "small-1", prompt: int = 1000, answer: int = 100, **more) -> dict:
    usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    return {"object": "chat.completion", "model": model, "usage": usage, **more}


def o3(time: str) -> dict:
    return {"model": "o3", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}, "time": time}


def figures(row) -> tuple:
    """The model, the calls, the three sums as text, and the percentage."""
    return row.model, row.calls, plain(row.old, 0), plain(row.new, 0), plain(row.delta, 0), row.percent


# Old and new.


def test_each_call_has_the_price_of_its_own_day():
    """o3 fell from 10 and 40 USD per 1M tokens to 2 and 8 on 2025-06-10."""
    log = [o3("2025-06-09T23:59:59Z"), o3("2025-06-10T00:00:00Z")]
    found = reprice(log, at="2025-06-10")
    # 1000 x 10e-6 + 100 x 40e-6 = 0.014; 1000 x 2e-6 + 100 x 8e-6 = 0.0028
    assert figures(found.total) == (
        "total",
        2,
        "0.0168",
        "0.0056",
        "-0.0112",
        Decimal("-66.66666666666666666666666667"),
    )
    back = reprice(log, at="2025-06-09")
    assert figures(back.total)[2:5] == ("0.0168", "0.028", "0.0112")
    assert found.notes == back.notes == ()
    assert (found.failed, found.errors) == (0, ())


def test_the_new_price_is_that_of_now_unless_a_day_is_named():
    """A call of the past does not take its own price along."""
    assert figures(reprice([o3("2025-06-09")]).total)[2:4] == ("0.014", "0.0028")


@pytest.mark.parametrize("at", ["2025-06-09", "2025-06-10", "2026-01-01", None])
def test_a_call_that_is_rated_once_reads_as_one_that_is_rated_twice(at):
    """The second call of a model is told by the first one how its new price is dated."""
    details = {"prompt_tokens": 9, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 1}}
    times = ("2025-06-01T08:00:00Z", "2025-06-10T00:00:00Z", "2025-12-01", 1_767_225_600, None)
    facts = ({}, {"usage": details}, {"service_tier": "flex"}, {"service_tier": "dear"}, {"created": 1_749_513_600})
    calls = [
        {"response": {**chat(model), **more}, **({} if time is None else {"time": time})}
        for model in ("o3", "gpt-4o", "o3-2025-04-16", "gpt-5")
        for more in facts
        for time in times
    ]
    calls += [chat("o3", created="soon"), {"response": chat("o3"), "service_tier": "flex"}, chat("o3", 0, 0)]
    prices, when = CostMap(), 1_767_225_600 if at is None else at
    repricer = Repricer(Question(prices, when), prices)
    for call in calls * 2:
        found = repricer.add(call, 1)
        try:
            apart = Question(prices, when).cost(Record(call))
        except LLMCostError:
            apart = None
        assert (found and found.to_dict()) == (apart and apart.to_dict())


def test_prices_that_are_registered_in_the_middle_of_a_log():
    prices = CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}})

    def log():
        yield chat()
        yield chat()
        prices.register_model({"small-1": {"input_cost_per_token": 2e-06, "output_cost_per_token": 4e-06}})
        yield chat()

    # 1000 x 1e-6 + 100 x 4e-6 = 0.0014, twice; then 1000 x 2e-6 + 100 x 4e-6 = 0.0024. The old prices stay.
    assert figures(reprice(log(), cost_map=prices, old_map=MAP).total)[2:4] == ("0.0042", "0.0052")


def test_a_map_that_prices_in_a_way_of_its_own_is_asked_for_each_call():
    class Dear(CostMap):
        def calculate(self, *given, at=None, **more):
            return super().calculate(*given, **more) + super().calculate(*given, at=at, **more)

    prices = Dear({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}})
    # (1000 x 1e-6 + 100 x 4e-6) x 2 = 0.0028, three times.
    assert figures(reprice([chat()] * 3, cost_map=prices, old_map=prices).total)[2:4] == ("0.0084", "0.0084")


def test_a_recorded_cost_is_what_a_call_cost():
    """Under either name, as number, text or the dict of a Cost."""
    cost = MAP.calculate(chat())
    log = [
        {"response": chat(), "cost": 0.5},
        {"response": chat(), "response_cost": "0.25"},
        {"response": chat(), "cost": cost.to_dict()},
        {"response": chat(), "cost": None},
    ]
    found = reprice(log, cost_map=TWICE, old_map=MAP)
    # 0.5 + 0.25 + 0.0014 + 0.0014; 4 x (1000 x 2e-6 + 100 x 8e-6)
    assert figures(found.total)[1:5] == (4, "0.7528", "0.0112", "-0.7416")
    assert (found.total.recorded, found.rows[0].recorded) == (3, 3)


def test_what_a_provider_reported_is_old_and_never_new():
    """A reported cost is a fact of the call that was made."""
    response = chat()
    response["usage"]["cost"] = 0.123
    found = reprice([response], cost_map=TWICE)
    assert figures(found.total)[2:4] == ("0.123", "0.0028")


def test_rows_are_the_models_the_biggest_difference_first():
    """A fall is as big as a rise."""
    old = CostMap({name: {"input_cost_per_token": 1e-06} for name in ("a", "b", "c")})
    new = CostMap({name: {"input_cost_per_token": price} for name, price in zip("abc", (2e-06, 1e-06, 0), strict=True)})
    log = [chat(name, 1000, 0) for name in "abccba"]
    found = reprice(log, cost_map=new, old_map=old)
    assert [figures(row) for row in found.rows] == [
        ("a", 2, "0.002", "0.004", "0.002", Decimal(100)),
        ("c", 2, "0.002", "0", "-0.002", Decimal(-100)),
        ("b", 2, "0.002", "0.002", "0", Decimal(0)),
    ]
    assert figures(found.total) == ("total", 6, "0.006", "0.006", "0", Decimal(0))


def test_without_an_old_cost_there_is_no_percentage():
    """Nothing is divided by 0."""
    row = reprice([{"response": chat(), "cost": 0}], cost_map=MAP).total
    assert (row.delta, row.percent) == (Decimal("0.0014"), None)
    assert repr(row) == "<total: 1 call, 0.00 -> 0.0014 USD>"


def test_sums_are_exact_whatever_the_callers_context():
    """A tenth of a nano-dollar is not lost beside a million dollars."""
    log = [{"response": chat(), "cost": "1000000"}, {"response": chat(), "cost": "0.0000000001"}]
    with localcontext() as context:
        context.prec = 3
        total = reprice(log, cost_map=MAP).total
        assert (str(total.old), str(total.new), str(total.delta)) == (
            "1000000.0000000001",
            "0.0028",
            "-999999.9972000001",
        )
    assert total.exact


def test_a_price_that_no_decimal_writes_is_marked():
    """A price per hour: a third of a dollar for 1200 seconds is rounded at its 40th digit."""
    hosted = CostMap({"small-1": {"cost_per_hour": 1, "litellm_provider": "acme"}})
    found = reprice([{"model": "small-1", "duration": 1, "cost": 1}], cost_map=hosted)
    assert not found.total.exact
    assert found.total.new == Decimal("0.0002777777777777777777777777777777777777778")


# When a call was made.


def test_the_responses_own_time_is_stronger_than_the_logs():
    """A log is written after the call; only `at` overrules the response."""
    before, after = 1749513599, 1749513600  # 2025-06-09T23:59:59Z and the next second
    response = {**chat("o3"), "created": before}
    olds = {
        name: str(reprice([{"response": response, **({name: after} if name else {})}], at="2026-01-01").total.old)
        for name in ("", "time", "at")
    }
    assert olds == {"": "0.014", "time": "0.014", "at": "0.0028"}


def test_a_call_without_a_time_is_said_to_be_priced_by_today():
    """It has no price of its own day."""
    (note,) = reprice([o3(""), o3("2025-06-09")], at="2025-06-10").notes
    assert note == "1 call without a time or a recorded cost: the old price is the price of today"


def test_an_old_price_that_is_assumed_is_said_to_be():
    """o3 began on 2025-04-16; before it the oldest known price stands, for a call that is in the log after all."""
    found = reprice([o3("2025-04-15"), o3("2025-04-16")], at="2025-06-10")
    assert str(found.total.old) == "0.028"
    assert found.notes == (
        "1 call with an assumed old price: no change of it is known, or the call is older than the first price known",
    )


def test_a_day_before_a_model_existed_is_an_error_of_its_lines():
    """Not a guess, and not 0."""
    found = reprice([o3("2025-06-09"), chat("gpt-4o")], at="2025-04-15")
    assert [(error.line, type(error.error)) for error in found.errors] == [(1, PriceDataError)]
    assert "before 'o3' existed" in found.errors[0].message
    assert found.total.calls == 1


# deepseek-v4-pro cost 1.32 USD per 1M input tokens, and 0.66 off peak, from 2026-08-16T16:00Z on; since
# 2026-08-23 weekends are off peak. 08:00 is peak on weekdays, 12:00 never is.
# https://api-docs.deepseek.com/quick_start/pricing


@pytest.mark.parametrize(
    ("made", "at", "new"),
    [
        # A Monday of June at 08:00 and 12:00: flat prices then, by the hour now.
        ("2026-06-01T08:00:00Z", "2026-09-02T12:00:00Z", "1.32"),
        ("2026-06-01T12:00:00Z", "2026-09-02T08:00:00Z", "0.66"),
        # A Saturday at 08:00: at the prices of a Wednesday, and in the week before weekends were off peak.
        ("2026-06-06T08:00:00Z", "2026-09-02T08:00:00Z", "0.66"),
        ("2026-06-06T08:00:00Z", "2026-08-19", "1.32"),
        # Only the week after the first day has its prices; only the week before the last day has.
        ("2026-06-05T08:00:00Z", "2026-08-16T16:00:00Z", "1.32"),
        ("2026-06-01T08:00:00Z", "2026-08-22T23:59:59Z", "1.32"),
        # Before there were hours.
        ("2026-06-01T08:00:00Z", "2026-08-16T15:59:59Z", "0.435"),
    ],
)
def test_a_call_keeps_its_hour_at_the_prices_of_another_day(made, at, new):
    """The day says which prices are in force, the call says whether it was made at peak."""
    call = {"model": "deepseek-v4-pro", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}, "time": made}
    found = reprice([call], at=at)
    assert found.errors == ()
    assert str(found.total.new) == new
    assert not [note for note in found.notes if "hour" in note]


def test_prices_that_never_saw_the_calls_hour():
    """They were in force from a Sunday at 16:00 for six days; the call was made on a Sunday at 8."""
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
    call = {"model": "deepseek-v4-pro", "usage": usage, "time": "2026-06-07T08:00:00Z"}
    found = reprice([call], at="2026-08-19T08:00:00Z")
    assert plain(found.total.new) == "1.32"
    assert found.notes == ("the prices of at= were not in force at this hour of the week: priced by the hour of at=",)


def test_a_call_without_an_hour_is_said_to_have_that_of_the_prices():
    """Peak or off peak is not known."""
    call = {"model": "deepseek-v4-pro", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}, "cost": 1}
    found = reprice([call], at="2026-09-02T12:00:00Z")
    assert str(found.total.new) == "0.66"
    assert found.notes == ("1 call without a time, at a price that depends on the hour: that of at= is used",)


# What cannot be priced.


def test_every_line_that_cannot_be_priced_is_listed():
    """With its number and why; it is in no sum."""
    log = [
        "not json",
        "",
        json.dumps(chat()),
        json.dumps({"response": chat("unheard-of")}),
        json.dumps({"response": {"object": "chat.completion", "model": "small-1"}}),
        json.dumps({"response": chat(), "cost": -1}),
        json.dumps({"response": chat(), "cost": "free"}),
        json.dumps({"response": chat(), "time": 1.2}),
        json.dumps({"response": chat(), "batch": "yes"}),
        json.dumps({"response": {**chat(), "usage": {**chat()["usage"], "cost": 1}}, "prefer": "cheap"}),
        "[" * 100_000,
        b"\xff",
        json.dumps(7),
    ]
    heard = []
    found = reprice(iter(log), cost_map=TWICE, old_map=MAP, on_error=heard.append)
    assert figures(found.total)[1:4] == (1, "0.0014", "0.0028")
    assert [error.line for error in found.errors] == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert found.failed == 11
    assert tuple(heard) == found.errors
    said = dict(zip((error.line for error in found.errors), found.errors, strict=True))
    assert "a log holds one record a line" in said[1].message
    assert isinstance(said[4].error, UnknownModelError)
    assert isinstance(said[5].error, MissingUsageError)
    assert said[6].message == "cost=-1 is no recorded cost: a number of USD >= 0"
    assert said[8].message.startswith("time=1.2 is no time of a call")
    assert said[9].message == "batch='yes' should be bool"
    assert said[10].message.startswith("prefer='cheap'")
    assert repr(said[9]) == "<line 9: batch='yes' should be bool>"
    assert repr(found) == "<Repricing <total: 1 call, 0.0014 -> 0.0028 USD (+100.0%)>, 11 lines failed>"


def test_what_has_no_rate_at_all_is_an_error_and_what_has_some_is_a_lower_bound():
    """A 0 that stands for "not known" would look like a saving."""
    seconds = CostMap({"small-1": {"cost_per_second": 0.1}})
    nothing = reprice([chat()], cost_map=seconds, old_map=MAP)
    assert [type(error.error) for error in nothing.errors] == [UnpricedUsageError]
    assert nothing.errors[0].message == "small-1 has no rate for compute_seconds, which is all that was used"
    half = CostMap({"small-1": {"input_cost_per_token": 2e-06}})
    found = reprice([chat()], cost_map=half, old_map=MAP)
    assert (found.total.old_bound, found.total.new_bound, found.total.lower_bound) == (False, True, True)
    assert repr(found.rows[0]) == "<small-1: 1 call, 0.0014 -> >=0.002 USD (+42.9%)>"


def test_more_errors_than_are_kept_are_counted_and_handed_over():
    """The memory for them is bounded; none is lost."""
    heard = []
    found = reprice((chat("unheard-of") for _ in range(1001)), on_error=lambda error: heard.append(error.line))
    assert (len(found.errors), found.failed, heard) == (1000, 1001, list(range(1, 1002)))
    assert found.total.calls == 0
    # The look for names like it is made once.
    assert len({id(error.error) for error in found.errors}) == 1


def test_notes_are_counted_and_bounded():
    """What holds for some calls says for how many."""
    plain = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}
    many = CostMap({f"m{n}": plain for n in range(30)})
    log = [chat(f"m{n}") for n in range(30) for _ in range(2)]
    found = whatif(log, batch=True, cost_map=many)
    assert "no batches rates for m0: billed at standard (2 calls)" in found.notes
    assert len(found.notes) == 22  # one on times, 20 of calls, one on the rest
    assert found.notes[-1] == "and 20 other notes: calculate() has the notes of each call"


class Watched(dict):
    """A record that can be watched."""


def test_a_log_is_read_and_forgotten():
    """No record lives longer than its turn, whether it can be priced or not."""
    alive = weakref.WeakSet()
    most = 0

    def log():
        nonlocal most
        for number in range(300):
            record = Watched(chat() if number % 3 else {"response": {"object": "chat.completion"}, "model": "small-1"})
            record.__class__.__hash__ = object.__hash__
            alive.add(record)
            most = max(most, len(alive))
            yield record

    found = reprice(log(), cost_map=MAP, old_map=MAP)
    assert (found.total.calls, found.failed) == (200, 100)
    assert most <= 3
    assert len(alive) == 0


def test_a_log_is_no_path_and_no_record(tmp_path):
    """The letters of a path are no records."""
    for wrong in ("log.jsonl", b"x", tmp_path, chat()):
        with pytest.raises(TypeError, match=r"pass open\(path\), read_log\(path\), or \[record\]"):
            reprice(wrong)


def test_an_open_file_is_a_log(tmp_path):
    """Line by line."""
    path = tmp_path / "log.jsonl"
    path.write_text(f"{json.dumps(chat())}\n\n{json.dumps(chat())}\n")
    for mode in ("r", "rb"):
        with path.open(mode) as file:
            assert figures(reprice(file, cost_map=TWICE, old_map=MAP).total)[1:4] == (2, "0.0028", "0.0056")


def test_the_result_is_json():
    """Money as decimal text."""
    found = reprice([chat(), {"response": chat(), "cost": 1}, chat("unheard-of")], cost_map=TWICE, old_map=MAP)
    parsed = json.loads(json.dumps(found.to_dict()))
    assert parsed["total"] == {
        "model": "total",
        "calls": 2,
        "old": "1.0014",
        "new": "0.0056",
        "delta": "-0.9958",
        "percent": -99.44,
        "recorded": 1,
        "exact": True,
        "old_lower_bound": False,
        "new_lower_bound": False,
        "failed": 1,
    }
    assert parsed["models"] == [{**{k: v for k, v in parsed["total"].items() if k != "failed"}, "model": "small-1"}]
    assert [(error["line"], error["type"]) for error in parsed["errors"]] == [(3, "UnknownModelError")]
    assert len(parsed["notes"]) == 1


# What if.


def test_another_model_is_priced_for_the_same_tokens():
    """Across providers: 1000 and 100 tokens at 1 and 5 USD per 1M, and a note on tokenizers."""
    log = [{**chat("gpt-4o"), "created": 1767312000}]
    found = whatif(log, model="claude-haiku-4-5")
    # 1000 x 2.5e-6 + 100 x 10e-6; 1000 x 1e-6 + 100 x 5e-6
    assert [figures(row)[:4] for row in found.rows] == [("gpt-4o", 1, "0.0035", "0.0015")]
    assert found.notes[0].startswith("the tokens are those that the called models counted")


def test_another_model_leaves_behind_what_belongs_to_the_one_that_was_called():
    """Provider, region, base model, own prices, reported cost; and capacity that was paid for it."""
    called = {"provider": "openai", "base_model": "gpt-4o", "region": "eu", "prices": {"input_cost_per_token": 1}}
    response = chat("gpt-4o", service_tier="scale")
    response["usage"]["cost"] = 9
    log = [
        {"response": response, **called, "cost": 1},
        {"response": chat("gpt-4o"), **called, "service_tier": "scale", "cost": 1},
    ]
    found = whatif(log, model="small-1", cost_map=MAP)
    assert found.errors == ()
    assert figures(found.total)[2:4] == ("2", "0.0028")


def test_a_row_of_another_model_has_the_name_that_was_called():
    """As the record or the response says it; whoever says nothing is one row."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    log = [
        {"response": chat("gpt-4o"), "cost": 1},
        {"model": "mine", "usage": usage, "cost": 2},
        {"usage": usage, "cost": 3},
        {"model": "clock", "duration": 3, "cost": 4},
    ]
    both = CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06, "cost_per_second": 0.1}})
    found = whatif(log, model="small-1", cost_map=both)
    assert [(row.model, str(row.old)) for row in found.rows] == [
        ("clock", "4"),
        ("(no model named)", "3"),
        ("mine", "2"),
        ("gpt-4o", "1"),
    ]


def test_whose_prices_of_a_model_apply():
    """Several sell it."""
    sellers = CostMap(
        {
            "one/small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 0, "litellm_provider": "one"},
            "two/small-1": {"input_cost_per_token": 3e-06, "output_cost_per_token": 0, "litellm_provider": "two"},
        }
    )
    log = [{"response": chat(), "cost": 1}]
    assert str(whatif(log, model="small-1", provider="two", cost_map=sellers).total.new) == "0.003"


def test_calls_in_a_batch_and_out_of_one():
    """gpt-4o costs half in a batch; a call that was in one costs twice outside of it."""
    log = [
        {"response": chat("gpt-4o"), "time": "2026-01-02"},
        {"response": chat("gpt-4o"), "batch": True, "time": "2026-01-02"},
    ]
    assert figures(whatif(log, batch=True).total)[2:4] == ("0.00525", "0.0035")
    assert figures(whatif(log, batch=False).total)[2:4] == ("0.00525", "0.007")


def test_a_batch_that_the_response_states_is_undone_too():
    """Anthropic names the tier in the usage: 1000 x 1e-6 + 100 x 5e-6, and half of it in a batch."""
    usage = {"input_tokens": 1000, "output_tokens": 100, "service_tier": "batch", "cache_read_input_tokens": 0}
    message = {"type": "message", "role": "assistant", "model": "claude-haiku-4-5", "usage": usage, "content": []}
    log = [{"response": message, "time": "2026-01-02"}]
    assert figures(whatif(log, batch=False).total)[2:4] == ("0.00075", "0.0015")
    stated = [
        {
            "response": {**message, "usage": {**usage, "service_tier": None}},
            "served_tier": "batch",
            "time": "2026-01-02",
        }
    ]
    assert figures(whatif(stated, batch=False).total)[2:4] == ("0.00075", "0.0015")


def test_another_day_without_another_question():
    """The prices of a day for every call."""
    assert figures(whatif([o3("2025-06-09"), o3("2025-06-11")], at="2025-06-09").total)[2:4] == ("0.0168", "0.028")


def test_another_model_is_priced_at_the_calls_own_time():
    """Only the model changes: o3 at 10 and 40 USD the day before its price fell."""
    log = [{"response": chat(), "cost": 1, "time": day} for day in ("2025-06-09", "2025-06-10")]
    assert str(whatif(log, model="o3").total.new) == "0.0168"
    assert str(whatif(log, model="o3", at="2025-06-10").total.new) == "0.0056"


def test_only_a_duration():
    """A record without a response is priced by what it says itself, on another model and at another time."""
    hosts = CostMap({"clock-1": {"cost_per_second": 0.1}, "clock-2": {"cost_per_second": 0.3}})
    record = {"model": "clock-1", "duration": 10, "response": {"text": "Hi"}, "time": "2026-01-02"}
    assert figures(whatif([record], model="clock-2", cost_map=hosts).total)[2:4] == ("1", "3")
    assert figures(reprice([record], cost_map=hosts, old_map=hosts).total)[2:4] == ("1", "1")
    assert figures(whatif([record], batch=False, cost_map=hosts).total)[2:4] == ("1", "1")


def test_a_question_that_is_none_is_no_error_of_every_line():
    """It raises before the first line is read."""

    def log():
        raise AssertionError("nothing is read")
        yield

    with pytest.raises(ValueError, match="pass model=, batch= or at="):
        whatif(log())
    with pytest.raises(ValueError, match="pass both"):
        whatif(log(), batch=True, provider="openai")
    with pytest.raises(UnknownModelError):
        whatif(log(), model="unheard-of")
    for question in (reprice, whatif):
        with pytest.raises(PriceDataError, match="is no time"):
            question(log(), at="soon")


def test_calls_of_read_log(tmp_path):
    """Streams are joined; an error names the line of the file: (1000 x 2e-6 + 100 x 8e-6) x 2 anew."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    chunk = {"object": "chat.completion.chunk", "id": "a", "model": "small-1", "choices": [{"index": 0, "delta": {}}]}
    lines = [chat(), chunk, {**chunk, "choices": [], "usage": usage}, {"model": "no-such", "usage": usage}]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    found = reprice(read_log(path), cost_map=TWICE, old_map=MAP)
    assert (found.total.calls, str(found.total.old), str(found.total.new)) == (2, "0.0028", "0.0056")
    assert [error.line for error in found.errors] == [4]
