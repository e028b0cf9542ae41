"""A bill beside a log: of a spend log, of files and of records; what is compared, and what is said."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

import llmcost
from llmcost.bills.causes import (
    DAY_BOUNDARY,
    EXTRA,
    FEE,
    MAYBE_BILLED,
    MISSING,
    OTHER_METER,
    OWN_RATE,
    RATE,
    ROUNDING,
    UNEXPLAINED,
)
from llmcost.bills.compared import shown_usd
from llmcost.bills.reading import read_bill
from llmcost.bills.reconciling import reconcile
from llmcost.errors import BillError
from tests.bills.month import Month, price_map, written
from tests.sdks import optional

NOVEMBER = 1793491200
DAY = 86_400
# USD per token, as everywhere here: two millionths, a tenth of it from the cache, eight for an answer.
ENTRY = {
    "input_cost_per_token": "2e-6",
    "cache_read_input_token_cost": "2e-7",
    "output_cost_per_token": "8e-6",
    "litellm_provider": "openai",
    "mode": "chat",
}
PRICES = llmcost.CostMap({"m": ENTRY, "m-2026-10-01": ENTRY, "other": {**ENTRY, "litellm_provider": "anthropic"}})


def report(*lines, day=0):
    """Return costs of OpenAI: ``(line item, USD, units)``; ``**more`` pages are put beside."""
    results = [
        {
            "object": "organization.costs.result",
            "line_item": item,
            "quantity": units,
            "amount": {"value": value, "currency": "usd"},
        }
        for item, value, units in lines
    ]
    start = NOVEMBER + day * DAY
    return {"object": "bucket", "start_time": start, "end_time": start + DAY, "results": results}


@pytest.fixture
def bill(tmp_path):
    """Write costs of OpenAI, and return the file."""

    def write(*buckets, name="costs.json"):
        path = tmp_path / name
        path.write_text(json.dumps({"object": "page", "data": list(buckets)}))
        return path

    return write


def call(model="m", day=0, hour=12, cost=None, **usage):
    """Return a record of a log."""
    at = datetime(2026, 11, 1, hour, tzinfo=timezone.utc) + timedelta(days=day)
    record = {"time": at.isoformat(), "model": model, "usage": {"input": 0, "output": 0, **usage}}
    return record if cost is None else {**record, "cost": cost}


def tracked(name, status, model="m"):
    """Return a call that stated no usage."""
    started = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
    return llmcost.TrackedCall(name, model, "openai", None, started, 1, None, status, None, None, None)


def causes(found):
    """Return kind -> USD, and check the sum."""
    by_kind = {}
    for cause in found.causes:
        by_kind[cause.kind] = by_kind.get(cause.kind, 0) + cause.amount
    assert sum(by_kind.values()) == found.difference
    return by_kind


def test_a_table_that_somebody_made_by_hand(tmp_path):
    """https://github.com/BerriAI/litellm/issues/34801: 40 requests of gpt-5.6-sol, logged 8.5 % above the bill.

    Both sides count 73,550 tokens of input and 20,480 of output; the bill has 65,304 of them read from the cache, and
    the log 49,563. The costs are 0.865846 and 0.939487 USD. The table does not part the rest of the input into fresh
    and written tokens, and 0.17 USD of its cost are for no tokens at its rates (5, 0.5, 6.25 and 30 USD a million):
    here they are 17 searches on both sides, and the log has 13,496 tokens more as fresh input and 2,245 more as
    written to the cache: 13,496 x 4.5e-6 + 2,245 x 5.75e-6 = 0.07364075.
    """
    prices = llmcost.CostMap(
        {
            "gpt-5.6-sol": {
                "input_cost_per_token": "5e-6",
                "cache_read_input_token_cost": "5e-7",
                "cache_creation_input_token_cost": "6.25e-6",
                "output_cost_per_token": "3e-5",
                "web_search_cost_per_query": "0.01",
                "litellm_provider": "openai",
                "mode": "chat",
            }
        }
    )
    day = int(datetime(2026, 7, 27, tzinfo=timezone.utc).timestamp())
    used = {
        "object": "organization.usage.completions.result",
        "model": "gpt-5.6-sol",
        "num_model_requests": 40,
        "input_tokens": 73_550,
        "input_cached_tokens": 65_304,
        "input_cache_write_tokens": 6_051,
        "output_tokens": 20_480,
    }
    paid = {"object": "organization.costs.result", "line_item": None, "amount": {"value": 0.865846, "currency": "usd"}}
    for name, result in (("usage.json", used), ("costs.json", paid)):
        bucket = {"object": "bucket", "start_time": day, "end_time": day + DAY, "results": [result]}
        (tmp_path / name).write_text(json.dumps({"object": "page", "data": [bucket]}))
    logged = {
        "time": "2026-07-27T12:00:00Z",
        "model": "gpt-5.6-sol",
        "usage": {"input": 15_691, "cache_read": 49_563, "cache_write": 8_296, "output": 20_480, "web_searches": 17},
        "cost": 0.939487,
    }
    found = reconcile([tmp_path / "costs.json", tmp_path / "usage.json"], [logged], cost_map=prices)
    assert str(found.causes[1]) == (
        "15,741 tokens counted as input or cache_write instead of cache_read: -0.073641 USD"
    )
    assert found.difference == Fraction("-0.073641")
    assert causes(found) == {
        OWN_RATE: Fraction("-0.0000005"),
        OTHER_METER: Fraction("-0.07364075"),
        ROUNDING: Fraction("0.00000025"),
    }
    assert not found.within("8.4%")
    assert found.within("8.6%")


def test_a_spend_log(bill, tmp_path):
    """What was recorded stands against the bill, at the prices of the map; who made which call is named.

    Recorded at 1e-6 a token where the card says 2e-6: 0.001 less for 1,000 tokens.
    """
    optional("sqlalchemy")
    old = llmcost.CostMap({"m": {**ENTRY, "input_cost_per_token": "1e-6"}})
    costs = bill(report(("m, input", 0.004, 2000)))
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        at = "2026-11-01T12:00:00Z"
        log.record(old.calculate(usage=llmcost.Usage(input=1000), model="m"), id="old", at=at)
        log.record(PRICES.calculate(usage=llmcost.Usage(input=1000), model="m"), id="new", at=at)
        log.record(PRICES.calculate(usage=llmcost.Usage(input=9000), model="m"), id="december", at="2026-12-01")
        log.drain()
        found = reconcile(costs, log, cost_map=PRICES)
        assert causes(found) == {OWN_RATE: Fraction("0.001")}
        (cause,) = found.causes
        assert (cause.ids, cause.calls) == (["old", "new"], 2)
        assert (found.first, found.last, found.calls) == (date(2026, 11, 1), date(2026, 11, 1), 2)
        by_address = reconcile(costs, f"sqlite:///{tmp_path}/spend.db", cost_map=PRICES)
        by_file = reconcile(costs, tmp_path / "spend.db", cost_map=PRICES)
    assert by_address.to_dict() == by_file.to_dict() == found.to_dict()


def test_terms_of_a_contract_are_in_the_log_too(bill, tmp_path):
    """12 % less in the configuration and on the bill: nothing differs."""
    optional("sqlalchemy")
    contract = PRICES.with_config({"litellm_settings": {"cost_discount_config": {"openai": 0.12}}, "model_list": []})
    costs = bill(report(("m, input", 0.00176, 1000), ("m, output", 0.000704, 100)))
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        cost = contract.calculate(usage=llmcost.Usage(input=1000, output=100), model="m")
        assert str(cost) == "0.002464"
        log.record(cost, id="1", at="2026-11-01T12:00:00Z")
        log.drain()
        assert causes(reconcile(costs, log, cost_map=contract)) == {}


def test_a_call_that_broke_off_and_was_billed(bill, tmp_path):
    """The log knows of a call whose answer did not arrive; the bill has 1,000 tokens more: 0.002."""
    optional("sqlalchemy")
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        log.record(PRICES.calculate(usage=llmcost.Usage(input=1000), model="m"), id="1", at="2026-11-01T12:00:00Z")
        log.record(tracked("cut", "maybe_billed"))
        log.drain()
        found = reconcile(bill(report(("m, input", 0.004, 2000))), log, cost_map=PRICES)
    assert causes(found) == {MAYBE_BILLED: Fraction("0.002")}
    assert found.causes[0].ids == ["cut", "1"]


def test_an_alias_that_broke_off_is_the_dated_version(bill, tmp_path):
    """The bill and the priced calls name the version; the call that broke off knows the alias alone."""
    optional("sqlalchemy")
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        cost = PRICES.calculate(usage=llmcost.Usage(input=1000), model="m-2026-10-01")
        log.record(cost, id="1", at="2026-11-01T12:00:00Z")
        log.record(tracked("cut", "maybe_billed"))
        log.drain()
        found = reconcile(bill(report(("m-2026-10-01, input", 0.004, 2000))), log, cost_map=PRICES)
    assert causes(found) == {MAYBE_BILLED: Fraction("0.002")}


def test_failed_calls_are_not_compared(bill, tmp_path):
    """A refused call costs nothing on both sides."""
    optional("sqlalchemy")
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        log.record(PRICES.calculate(usage=llmcost.Usage(input=1000), model="m"), id="1", at="2026-11-01T12:00:00Z")
        log.record(tracked("2", "failed"))
        log.drain()
        found = reconcile(bill(report(("m, input", 0.002, 1000))), log, cost_map=PRICES)
    assert (causes(found), found.calls) == ({}, 1)


def test_where_chooses_the_account(bill, tmp_path):
    """Only the calls of one team are on this bill."""
    optional("sqlalchemy")
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        for team in ("search", "docs"):
            cost = PRICES.calculate(usage=llmcost.Usage(input=1000), model="m")
            log.record(cost, id=team, team=team, at="2026-11-01T12:00:00Z")
        log.drain()
        costs = bill(report(("m, input", 0.002, 1000)))
        assert causes(reconcile(costs, log, cost_map=PRICES, where={"team": "search"})) == {}
        assert causes(reconcile(costs, log, cost_map=PRICES)) == {EXTRA: Fraction("-0.002")}


def test_where_is_no_question_to_a_file(bill):
    with pytest.raises(ValueError, match="a file of calls has no teams"):
        reconcile(bill(report()), [call(input=1)], where={"team": "search"})


def test_a_file_of_calls(bill, tmp_path):
    """JSON Lines, as ``read_log`` reads them."""
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(json.dumps(call(input=1000)) + "\n" for _ in range(2)))
    found = reconcile(bill(report(("m, input", 0.004, 2000))), path, cost_map=PRICES)
    assert (causes(found), found.calls) == ({}, 2)


def test_calls_without_a_time_are_said(bill):
    """They are of no day."""
    undated = {"model": "m", "usage": {"input": 1000, "output": 0}}
    found = reconcile(bill(report(("m, input", 0.002, 1000))), [call(input=1000), undated], cost_map=PRICES)
    assert causes(found) == {}
    assert found.remarks == ["1 calls of the log state no time and are of no day (log:2)"]


def test_calls_of_other_providers_are_said(bill):
    """A bill of OpenAI says nothing of a call of Anthropic."""
    calls = [call(input=1000), call("other", input=500)]
    found = reconcile(bill(report(("m, input", 0.002, 1000))), calls, cost_map=PRICES)
    assert causes(found) == {}
    assert found.remarks == [
        "1 calls of other providers, or of one that is not known, (0.001 USD) are not compared",
    ]


def test_the_days_of_the_bill_are_compared(bill):
    """The 3rd of November is no day of the bill; the 2nd is, without any costs."""
    calls = [call(input=1000), call(day=1, input=500), call(day=2, input=70)]
    found = reconcile(bill(report(("m, input", 0.002, 1000)), report(day=1)), calls, cost_map=PRICES)
    assert causes(found) == {EXTRA: Fraction("-0.001")}


def test_other_days_are_asked_for(bill):
    """Of two days of the bill the second is asked for; that the other is not compared is said."""
    costs = bill(report(("m, input", 0.002, 1000)), report(("m, input", 0.001, 500), day=1))
    found = reconcile(
        costs, [call(day=1, input=500)], cost_map=PRICES, since=date(2026, 11, 2), until=date(2026, 11, 3)
    )
    assert causes(found) == {}
    assert found.remarks[0].endswith("1 lines are of other days, and not compared")


PACIFIC = ZoneInfo("America/Los_Angeles")


def hourly(path, *hours):
    """Write FOCUS of a vendor by the hour: ``(first moment, USD, tokens)`` a row, each for 60 minutes."""
    columns = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,"
    rows = [f"{columns}ConsumedUnit,ProviderName,ServiceCategory,SkuId"]
    for start, usd, tokens in hours:
        end = datetime.fromisoformat(start) + timedelta(hours=1)
        rows.append(
            f'{usd},USD,Usage,{start},{end.isoformat()},{tokens},Tokens,OpenAI,AI and Machine Learning,"m, input"'
        )
    path.write_text("\n".join(rows) + "\n")
    return path


def test_the_days_of_another_zone(tmp_path):
    """Clocks in Los Angeles go back on the 1st of November 2026: that day is from 07:00 of UTC to 08:00 of the next.

    1,000 tokens in its first hour and 500 in its last are one day of 0.003 USD there, and two days in UTC: the log has
    both calls at noon of UTC, so that the last hour is missing on the 2nd and too much on the 1st.
    """
    bill = hourly(
        tmp_path / "focus.csv",
        ("2026-11-01T07:00:00+00:00", "0.002", 1000),
        ("2026-11-02T07:00:00+00:00", "0.001", 500),
    )
    calls = [call(hour=12, input=1500)]
    found = reconcile(bill, calls, cost_map=PRICES, zone=PACIFIC)
    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 11, 1))
    assert causes(found) == {}
    assert causes(reconcile(bill, calls, cost_map=PRICES)) == {DAY_BOUNDARY: 0}


def test_a_bill_that_was_read_for_a_zone(tmp_path):
    """Its days are those of that zone; another zone is refused, and so are two bills of two zones."""
    path = hourly(tmp_path / "focus.csv", ("2026-11-02T07:00:00+00:00", "0.002", 1000))
    bill = read_bill(path, zone=PACIFIC)
    assert (bill.first, str(bill.zone)) == (date(2026, 11, 1), "America/Los_Angeles")
    assert causes(reconcile(bill, [call(hour=12, input=1000)], cost_map=PRICES)) == {}
    with pytest.raises(BillError, match=r"read for the days of America/Los_Angeles, and not of UTC"):
        reconcile(bill, [], cost_map=PRICES, zone=timezone.utc)
    other = hourly(tmp_path / "other.csv", ("2026-11-02T08:00:00+00:00", "0.002", 1000))
    with pytest.raises(BillError, match=r"other\.csv: it was read for the days of UTC"):
        reconcile([bill, read_bill(other)], [], cost_map=PRICES)


def test_days_of_utc_are_no_days_of_another_zone(bill):
    """A bucket from midnight to midnight of UTC is a part of two days in Los Angeles: which is refused, not guessed."""
    costs = bill(report(("m, input", 0.002, 1000)))
    with pytest.raises(BillError, match="a part of two days of America/Los_Angeles"):
        reconcile(costs, [call(input=1000)], cost_map=PRICES, zone=PACIFIC)


def test_a_bill_that_states_days_alone(tmp_path):
    """A day without a time is that day wherever the vendor counts it: the log is put into the days of the zone."""
    row = {
        "date": "2026-11-01",
        "model": "m",
        "provider_name": "A",
        "usage": 0.002,
        "requests": 1,
        "prompt_tokens": 1000,
        "completion_tokens": 0,
    }
    path = tmp_path / "activity.json"
    path.write_text(json.dumps({"data": [row]}))
    # 05:00 of UTC on the 2nd is 21:00 of the 1st in Los Angeles.
    calls = [{**call(day=1, hour=5, input=1000), "provider": "openrouter"}]
    prices = llmcost.CostMap({"m": {**ENTRY, "litellm_provider": "openrouter"}})
    assert causes(reconcile(path, calls, cost_map=prices, zone=PACIFIC)) == {}
    assert causes(reconcile(path, calls, cost_map=prices)) == {MISSING: Fraction("0.002")}


def test_a_month_in_one_row_is_refused(tmp_path):
    """A Cost and Usage Report by the month says nothing of its days."""
    path = tmp_path / "cur.csv"
    path.write_text(
        "line_item_usage_start_date,line_item_usage_end_date,line_item_product_code,line_item_usage_type,"
        "line_item_usage_amount,line_item_currency_code,line_item_unblended_cost,pricing_unit\n"
        "2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,AmazonBedrock,USW2-Claude4.6Sonnet-input-tokens,1,USD,1,1K tokens\n"
    )
    with pytest.raises(BillError, match="for several days, until 2026-12-01T00:00:00Z: export the bill by the day"):
        reconcile(path, [])


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_time_is_no_day(bill, name):
    """Days are compared, so that a time is refused instead of cut."""
    with pytest.raises(llmcost.ArgumentError, match=f"{name}=.*it has to be a day"):
        reconcile(bill(report(("m, input", 0.002, 1000))), [], **{name: datetime(2026, 11, 1, tzinfo=timezone.utc)})


def test_two_vendors_bill_one_name(bill, tmp_path):
    """Both sell a model ``nobody``: each difference stands in its own cell, and once in the sums.

    OpenAI bills 0.002 for what the log has at 0.0015, and Anthropic 0.003 for what it has at 0.004: 0.0005 less.
    """
    result = {
        "currency": "USD",
        "amount": "0.3",
        "cost_type": "tokens",
        "model": "nobody",
        "token_type": "uncached_input_tokens",
    }
    path = tmp_path / "anthropic.json"
    path.write_text(json.dumps({"data": [{"starting_at": "2026-11-01T00:00:00Z", "results": [result]}]}))
    calls = [
        {**call("nobody", cost="0.0015", input=1000), "provider": "openai"},
        {**call("nobody", cost="0.004", input=1000), "provider": "anthropic"},
    ]
    found = reconcile([bill(report(("nobody, input", 0.002, 1000))), path], calls, cost_map=PRICES)
    assert (found.billed, found.recorded, found.calls) == (Fraction("0.005"), Fraction("0.0055"), 2)
    assert sum(causes(found).values()) == Fraction("-0.0005")
    for axis in ("day", "model", "meter"):
        rows = found.by(axis)
        assert [sum(row.causes.values()) for row in rows] == [row.difference for row in rows]


def test_a_day_boundary(bill):
    """Both days agree together."""
    costs = bill(report(("m, input", 0.001, 500)), report(("m, input", 0.003, 1500), day=1))
    found = reconcile(costs, [call(input=1000), call(day=1, input=1000)], cost_map=PRICES)
    assert causes(found) == {DAY_BOUNDARY: 0}


def test_names_of_one_model(bill):
    """The bill names the dated version, the log the alias: they are one model."""
    found = reconcile(bill(report(("m-2026-10-01, input", 0.002, 1000))), [call(input=1000)], cost_map=PRICES)
    assert causes(found) == {}


def test_another_model_is_no_match(bill):
    """A model that nobody has a price for is not explained, and the calls of the log are not on the bill."""
    found = reconcile(bill(report(("mm, input", 0.002, 1000))), [call(input=1000)], cost_map=PRICES)
    assert causes(found) == {UNEXPLAINED: Fraction("0.002"), EXTRA: Fraction("-0.002")}
    assert {cause.text for cause in found.causes} >= {"no price is known for input of mm"}


def test_a_line_that_nobody_knows_is_a_cause_of_its_own(bill):
    """Its amount is on the bill, its name is said."""
    found = reconcile(bill(report(("m, input", 0.002, 1000), ("dreams", 3, None))), [call(input=1000)], cost_map=PRICES)
    assert causes(found) == {UNEXPLAINED: 3}
    assert found.causes[0].text == "lines that this version does not know: dreams"
    assert found.unexplained == 3


def test_reasoned_tokens_are_those_of_the_answer(bill):
    """The log counts them apart, the bill does not."""
    costs = bill(report(("m, output", 0.0024, 300)))
    found = reconcile(costs, [call(output=100, reasoning=200)], cost_map=PRICES)
    assert causes(found) == {}


def test_fees_of_a_tool_are_of_no_model(bill):
    """17 searches of two models, at 0.01 each."""
    prices = llmcost.CostMap({name: {**ENTRY, "web_search_cost_per_query": "0.01"} for name in ("m", "n")})
    calls = [call(web_searches=10), call("n", web_searches=7)]
    found = reconcile(bill(report(("web search tool calls", 0.17, None))), calls, cost_map=prices)
    assert causes(found) == {}


def test_one_amount_for_a_day(bill):
    """Costs that are not grouped: one amount against all models of the day."""
    found = reconcile(bill(report((None, 0.003, None))), [call(input=1000), call(output=125)], cost_map=PRICES)
    assert causes(found) == {}
    found = reconcile(bill(report((None, 0.004, None))), [call(input=1000), call(output=125)], cost_map=PRICES)
    assert causes(found) == {UNEXPLAINED: Fraction("0.001")}
    assert found.causes[0].text.endswith("the bill states no units")


@pytest.mark.parametrize(
    ("extra", "tier", "factor"), [({"input_cost_per_token_priority": "4e-6"}, "priority", 2), ({}, None, None)]
)
def test_a_tier_that_the_log_does_not_know(bill, extra, tier, factor):
    """Priority at twice the price is named where the card has it."""
    prices = llmcost.CostMap({"m": {**ENTRY, **extra}})
    found = reconcile(bill(report(("m, input", 0.004, 1000))), [call(input=1000)], cost_map=prices)
    if tier is None:
        assert causes(found) == {UNEXPLAINED: Fraction("0.002")}
    else:
        assert causes(found) == {RATE: Fraction("0.002")}
        assert found.causes[0].text == f"billed as tier {tier}"


def test_the_price_of_another_day(bill):
    """The bill has the price of before the 10th of June 2025, 10 USD a million, and not the 2 USD of after."""
    day = int(datetime(2025, 6, 12, tzinfo=timezone.utc).timestamp())
    results = [{"line_item": "o3-2025-04-16, input", "quantity": 1000, "amount": {"value": 0.01, "currency": "usd"}}]
    costs = bill({"object": "bucket", "start_time": day, "end_time": day + DAY, "results": results})
    logged = {"time": "2025-06-12T12:00:00Z", "model": "o3-2025-04-16", "usage": {"input": 1000, "output": 0}}
    found = reconcile(costs, [logged])
    assert causes(found) == {RATE: Fraction("0.008")}
    assert found.causes[0].text == "billed at the price until 2025-06-09"


def test_the_cache_at_the_price_of_fresh_input(bill):
    """1,000 tokens from the cache at 2e-6 and not at 2e-7."""
    found = reconcile(bill(report(("m, cached input", 0.002, 1000))), [call(cache_read=1000)], cost_map=PRICES)
    assert causes(found) == {RATE: Fraction("0.0018")}
    assert found.causes[0].text == "cache_read billed at the rate of input"


def test_a_region_factor(tmp_path):
    """Anthropic's report states where a model ran: in the US at 1.1 times the rate."""
    prices = llmcost.CostMap(
        {"claude-x": {**ENTRY, "litellm_provider": "anthropic", "provider_specific_entry": {"us": 1.1}}}
    )
    result = {
        "currency": "USD",
        "amount": "0.22",
        "cost_type": "tokens",
        "model": "claude-x",
        "service_tier": "standard",
        "context_window": "0-200k",
        "token_type": "uncached_input_tokens",
        "inference_geo": None,
    }
    bucket = {"starting_at": "2026-11-01T00:00:00Z", "results": [result]}
    path = tmp_path / "costs.json"
    path.write_text(json.dumps({"data": [bucket]}))
    found = reconcile(path, [call("claude-x", input=1000)], cost_map=prices)
    assert causes(found) == {RATE: Fraction("0.0002")}
    assert found.causes[0].text == "billed as region us"


def test_a_file_counts_once(bill):
    """The same file under two names, or given twice, is refused."""
    one, two = bill(report(("m, input", 0.002, 1000))), bill(report(("m, input", 0.002, 1000)), name="again.json")
    for files in ([one, one], [one, two]):
        with pytest.raises(BillError, match="they would count twice"):
            reconcile(files, [call(input=1000)], cost_map=PRICES)
    with pytest.raises(BillError, match="no bill is given"):
        reconcile([], [])


def test_bills_of_two_vendors(bill, tmp_path):
    """Each is compared with the calls of its own provider."""
    result = {
        "currency": "USD",
        "amount": "0.1",
        "cost_type": "tokens",
        "model": "other",
        "token_type": "uncached_input_tokens",
    }
    path = tmp_path / "anthropic.json"
    path.write_text(json.dumps({"data": [{"starting_at": "2026-11-01T00:00:00Z", "results": [result]}]}))
    costs = bill(report(("m, input", 0.003, 1500)))
    found = reconcile([costs, path], [call(input=1000), call("other", input=500)], cost_map=PRICES)
    assert causes(found) == {MISSING: Fraction("0.001")}
    assert {row.value: row.difference for row in found.by("model")} == {"m": Fraction("0.001"), "other": 0}


def test_a_call_of_no_known_provider_counts_once_beside_two_vendors(bill, tmp_path):
    """It is for the bill that names its model; where none does, it is compared with none."""
    result = {
        "currency": "USD",
        "amount": "0.1",
        "cost_type": "tokens",
        "model": "other",
        "token_type": "output_tokens",
    }
    path = tmp_path / "anthropic.json"
    path.write_text(json.dumps({"data": [{"starting_at": "2026-11-01T00:00:00Z", "results": [result]}]}))
    costs = bill(report(("nobody-1, input", 0.002, 1000)))
    calls = [call("nobody-1", cost=0.002, input=1000), call("nobody-2", cost=5, input=1000)]
    found = reconcile([costs, path], calls, cost_map=PRICES)
    assert (found.billed, found.recorded, found.calls) == (Fraction("0.003"), Fraction("0.002"), 1)
    assert found.remarks[1:] == ["1 calls of other providers, or of one that is not known, (5.00 USD) are not compared"]
    alone = reconcile(costs, calls, cost_map=PRICES)
    assert (alone.recorded, alone.calls) == (Fraction("5.002"), 2)


def test_a_bill_that_was_read_already(bill):
    found = reconcile(read_bill(bill(report(("m, input", 0.002, 1000)))), [call(input=1000)], cost_map=PRICES)
    assert causes(found) == {}


def test_the_step_may_be_stated(bill):
    """0.0004 of 0.002 is within half of 0.001."""
    costs = bill(report(("m, input", 0.0024, 1000)))
    assert causes(reconcile(costs, [call(input=1000)], cost_map=PRICES, step="0.001")) == {ROUNDING: Fraction("0.0004")}
    with pytest.raises(ValueError, match="USD of the last digit"):
        reconcile(costs, [], step=0)


@pytest.mark.parametrize(
    ("tolerance", "within"),
    [("50%", True), ("49.9%", False), ("0.001", True), (0.001, True), ("0.0009", False), (0, False)],
)
def test_the_tolerance(bill, tolerance, within):
    """The bill is 0.002 and the log 0.001: half of the bill, and 0.001 USD."""
    found = reconcile(bill(report(("m, input", 0.002, 1000))), [call(input=500)], cost_map=PRICES)
    assert found.within(tolerance) is within


@pytest.mark.parametrize("tolerance", ["much", "-1%", -1, "%", None])
def test_what_is_no_tolerance(bill, tolerance):
    with pytest.raises(ValueError, match="write a share of the bill"):
        reconcile(bill(report()), []).within(tolerance)


def test_rows_by_an_axis(bill):
    """By day, model and meter; another word is refused."""
    costs = bill(report(("m, input", 0.003, 1000), ("m, output", 0.0008, 100)))
    found = reconcile(costs, [call(input=1000, output=100)], cost_map=PRICES)
    rows = {row.value: (row.billed, row.recorded, row.causes) for row in found.by("meter")}
    assert rows == {
        "input": (Fraction("0.003"), Fraction("0.002"), {UNEXPLAINED: Fraction("0.001")}),
        "output": (Fraction("0.0008"), Fraction("0.0008"), {}),
    }
    with pytest.raises(ValueError, match="day, model, meter"):
        found.by("team")


def test_as_a_dict_and_as_text(bill):
    """Money is text with every digit; the text names span, sums and causes."""
    found = reconcile(bill(report(("m, input", 0.003, 1500))), [call(input=1000)], cost_map=PRICES)
    stated = json.loads(json.dumps(found.to_dict()))
    assert (stated["billed"], stated["recorded"], stated["difference"]) == ("0.003", "0.002", "0.001")
    (cause,) = stated["causes"]
    assert (cause["kind"], cause["amount"], cause["ids"]) == (MISSING, "0.001", ["log:1"])
    (cell,) = cause["cells"]
    assert (cell["day"], cell["model"], cell["meter"], cell["quantity"]) == ("2026-11-01", "m", "input", "500")
    assert str(found) == (
        "2026-11-01 to 2026-11-01: billed 0.003, logged 0.002 USD, difference 0.001\n"
        "  calls that the log does not have: 0.001 USD"
    )


def test_names_of_a_bill_are_safe_to_show(bill):
    """What a terminal would obey is spelled out."""
    found = reconcile(bill(report(("\x1b[31mred", 1, None))), [], cost_map=PRICES)
    assert "\x1b" not in str(found)


def test_nothing_of_it_is_loaded_by_the_package():
    """``import llmcost`` loads no bill."""
    import subprocess
    import sys

    code = "import llmcost, sys; assert not [name for name in sys.modules if name.startswith('llmcost.bills')]"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_log_of_a_month_is_the_same_from_a_database(tmp_path):
    """A month of records and the same month in a spend log give the same causes."""
    optional("sqlalchemy")
    month, prices = Month("openai", faults={"lost", "batch", "discount", "late"}), price_map("openai")
    files = written(month, tmp_path)
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        for number, record in enumerate(month.calls):
            cost = prices.calculate(usage=llmcost.Usage(**record["usage"]), model=record["model"])
            log.record(cost, id=str(number), at=record["time"])
        log.drain()
        assert causes(reconcile(files, log, cost_map=prices)) == causes(reconcile(files, month.calls, cost_map=prices))


def test_amounts_as_a_person_reads_them():
    assert [shown_usd(Fraction(text)) for text in ("12.3456789", "-0.0000004", "5")] == ["12.345679", "0.00", "5.00"]
    assert FEE == "fee"


def test_costs_that_the_provider_itself_states(tmp_path):
    """OpenRouter states 0.00012 a call where the card says 0.0001: the bill of both is what it states."""
    optional("sqlalchemy")
    prices = llmcost.CostMap({"openrouter/a/b": {**ENTRY, "litellm_provider": "openrouter"}})
    response = {
        "object": "chat.completion",
        "model": "a/b",
        "usage": {"prompt_tokens": 50, "completion_tokens": 0, "total_tokens": 50, "cost": 0.00012},
    }
    row = {
        "date": "2026-11-01",
        "model": "a/b",
        "model_permaslug": "a/b",
        "provider_name": "A",
        "usage": 0.00024,
        "byok_usage_inference": 0,
        "requests": 2,
        "prompt_tokens": 100,
        "completion_tokens": 0,
        "reasoning_tokens": 0,
    }
    path = tmp_path / "activity.json"
    path.write_text(json.dumps({"data": [row]}))
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        for name in ("1", "2"):
            cost = prices.calculate(response, provider="openrouter")
            assert cost.counts == "reported"
            log.record(cost, id=name, at="2026-11-01T12:00:00Z")
        log.drain()
        assert causes(reconcile(path, log, cost_map=prices)) == {}


def test_units_without_money_are_no_bill(tmp_path):
    """The usage alone says nothing of an amount: the costs are asked for."""
    used = {"object": "organization.usage.completions.result", "model": "m", "input_tokens": 5, "output_tokens": 0}
    bucket = {"object": "bucket", "start_time": NOVEMBER, "end_time": NOVEMBER + DAY, "results": [used]}
    path = tmp_path / "usage.json"
    path.write_text(json.dumps({"object": "page", "data": [bucket]}))
    with pytest.raises(BillError, match="units and no money"):
        reconcile(path, [call(input=5)], cost_map=PRICES)


def test_calls_without_a_price_are_said(bill):
    """The bill has 0.5 USD for a model that no map knows: not explained, and the calls are named."""
    calls = [call(input=1000), call("nobody-knows", input=7)]
    found = reconcile(bill(report(("m, input", 0.002, 1000), ("nobody-knows, input", 0.5, 7))), calls, cost_map=PRICES)
    assert causes(found) == {UNEXPLAINED: Fraction("0.5")}
    assert found.remarks == ["1 calls of the log have no price (nobody-knows)"]


def test_a_fee_that_the_log_has_none_of(bill):
    """Searches on the bill, and none in the log: the place is said."""
    found = reconcile(bill(report(("web search tool calls", 0.17, 17))), [], cost_map=PRICES)
    assert causes(found) == {UNEXPLAINED: Fraction("0.17")}
    assert found.causes[0].text == "web_searches of all models is billed, and the log has none"


def test_a_line_for_the_searches_of_all_models(bill):
    """10 searches of two models are 0.1 USD at 0.01; the bill has 13 of them, and 0.03 more."""
    entry = {**ENTRY, "web_search_cost_per_query": "0.01"}
    prices = llmcost.CostMap({"m": entry, "n": entry})
    calls = [call(web_searches=4), call("n", web_searches=6)]
    found = reconcile(bill(report(("web search tool calls", 0.13, 13))), calls, cost_map=prices)
    assert causes(found) == {MISSING: Fraction("0.03")}
    (piece,) = found.causes[0].pieces
    assert (piece.model, piece.meter, piece.quantity) == ("(all models)", "web_searches", 3)
    assert [(row.value, row.billed, row.recorded) for row in found.by("model")] == [
        ("(all models)", Fraction("0.13"), Fraction("0.1"))
    ]


def test_searches_of_all_models_that_the_usage_tells_apart(tmp_path):
    """Anthropic's costs have one line for the searches of all models, and its usage a row for each: 3 are missing."""
    entry = {**ENTRY, "web_search_cost_per_query": "0.01", "litellm_provider": "anthropic"}
    prices = llmcost.CostMap({"m": entry, "n": entry})
    paid = {"currency": "USD", "amount": "13", "cost_type": "web_search", "model": None, "token_type": None}
    used = [
        {"model": name, "uncached_input_tokens": 0, "output_tokens": 0, "server_tool_use": {"web_search_requests": n}}
        for name, n in (("m", 4), ("n", 9))
    ]
    for name, results in (("costs.json", [paid]), ("usage.json", used)):
        bucket = {"starting_at": "2026-11-01T00:00:00Z", "results": results}
        (tmp_path / name).write_text(json.dumps({"data": [bucket]}))
    calls = [call(web_searches=4), call("n", web_searches=6)]
    found = reconcile([tmp_path / "costs.json", tmp_path / "usage.json"], calls, cost_map=prices)
    assert causes(found) == {MISSING: Fraction("0.03")}
    assert [(piece.model, piece.quantity) for piece in found.causes[0].pieces] == [("n", 3)]


def test_a_recorded_cost_that_is_no_amount(bill):
    """The line of the log is named."""
    with pytest.raises(llmcost.LogError, match="log:1"):
        reconcile(bill(report(("m, input", 0.002, 1000))), [call(input=1000, cost="much")], cost_map=PRICES)


def test_a_bill_of_the_callers_stays_as_it_is(bill):
    """Other days are left out of a copy."""
    own = read_bill(bill(report(("m, input", 0.002, 1000)), report(("m, input", 0.001, 500), day=1)))
    for _ in range(2):
        found = reconcile(own, [call(day=1, input=500)], cost_map=PRICES, since=date(2026, 11, 2), step="0.001")
        assert len(found.remarks) == 1
    assert (len(own.lines), own.remarks, own.step) == (2, [], Fraction("0.000001"))


def test_a_bill_of_nobody_is_compared_alone(bill, tmp_path):
    """Rows of FOCUS that name no seller are for all calls of the log: beside another bill they would count twice."""
    path = tmp_path / "focus.csv"
    with path.open("w", encoding="utf-8") as file:
        llmcost.focus_rows([call(input=1000)], "a", cost_map=PRICES).write(file)
    with pytest.raises(BillError, match="compare it alone"):
        reconcile([path, bill(report(("m, input", 0.002, 1000)))], [call(input=1000)], cost_map=PRICES)
    assert causes(reconcile(path, [call(input=1000)], cost_map=PRICES)) == {}


@pytest.mark.parametrize(
    ("logged", "kinds"), [("us.anthropic.claude-sonnet-4-6", []), ("global.anthropic.claude-sonnet-4-6", [RATE])]
)
def test_a_report_of_aws(tmp_path, logged, kinds):
    """29,481 and 31,102 tokens for 0.0972873 and 0.513183 USD: 3.3 and 16.5 USD a million, as in the example of AWS.

    A log that takes the calls for global ones has them at 3 and 15: the bill has the rates of another place.
    """

    def entry(usd):
        return {
            "input_cost_per_token": f"{usd}e-6",
            "output_cost_per_token": f"{usd * 5}e-6",
            "litellm_provider": "bedrock_converse",
        }

    rows = {"us.": 3.3, "global.": 3, "": 3.3}
    prices = llmcost.CostMap({f"{place}anthropic.claude-sonnet-4-6": entry(usd) for place, usd in rows.items()})
    path = tmp_path / "cur.csv"
    path.write_text(
        "line_item_usage_start_date,line_item_product_code,line_item_usage_type,line_item_usage_amount,"
        "line_item_currency_code,line_item_unblended_cost,pricing_unit\n"
        "2026-11-01T00:00:00Z,AmazonBedrock,USW2-Claude4.6Sonnet-input-tokens,29.481,USD,0.0972873,1K tokens\n"
        "2026-11-01T00:00:00Z,AmazonBedrock,USW2-Claude4.6Sonnet-output-tokens,31.102,USD,0.513183,1K tokens\n"
    )
    calls = [{**call(logged, input=29_481, output=31_102), "provider": "bedrock"}]
    found = reconcile(path, calls, cost_map=prices)
    assert list(causes(found)) == kinds
    assert [cause.text for cause in found.causes] == ["billed as anthropic.claude-sonnet-4-6"] * len(kinds)
