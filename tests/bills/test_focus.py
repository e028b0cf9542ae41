"""Rows of FOCUS: they keep the rules of the specification, add up to the log, and are read back."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timezone
from fractions import Fraction

import pytest

import llmcost
from llmcost.bills.focus_columns import VERSIONS
from llmcost.bills.focus_rows import focus_rows
from llmcost.bills.reading import read_bill
from llmcost.bills.reconciling import reconcile
from tests.bills.focus_rules import broken
from tests.sdks import optional

ENTRY = {
    "input_cost_per_token": "2e-6",
    "cache_read_input_token_cost": "2e-7",
    "output_cost_per_token": "8e-6",
    "input_cost_per_token_batches": "1e-6",
    "output_cost_per_token_batches": "4e-6",
    "input_cost_per_token_above_200k_tokens": "4e-6",
    "web_search_cost_per_query": "0.01",
    "litellm_provider": "openai",
    "mode": "chat",
}
PRICES = llmcost.CostMap(
    {
        "m": ENTRY,
        "half": {"input_cost_per_token": "2e-6", "litellm_provider": "anthropic"},
        "own": {"input_cost_per_request": "0.3"},
        "free": {"input_cost_per_token": 0, "output_cost_per_token": 0, "free": True, "litellm_provider": "groq"},
    }
)
AT = "2026-11-20T12:00:00Z"


@pytest.fixture
def log(tmp_path):
    """A log of mixed calls: several rates, terms, fees, a report, no price, no usage, a cache, a failure."""
    optional("sqlalchemy")
    contract = PRICES.with_config({"litellm_settings": {"cost_discount_config": {"openai": 0.12}}, "model_list": []})
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as found:

        def record(name, prices=PRICES, at=AT, model="m", facts=(), **usage):
            cost = prices.calculate(usage=llmcost.Usage(**usage), model=model, **dict(facts))
            found.record(cost, id=name, at=at)

        record("plain", input=1000, cache_read=500, output=100)
        record("again", input=7, output=3)
        record("batch", facts={"batch": True}, input=1000, output=100)
        record("long", input=300_000, context=300_000)
        record("next day", at="2026-11-21T00:00:00Z", input=1)
        record("search", web_searches=3)
        record("contract", prices=contract, input=1000, output=100)
        record("half", model="half", input=1000, output=100)
        record("own", model="own", requests=1)
        record("free", model="free", input=1000, output=100)
        record("cached", facts={"cache_hit": True}, input=1000, output=100)
        reported = {
            "object": "chat.completion",
            "model": "openai/gpt-4o",
            "provider": "OpenAI",
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cost": 0.000123},
        }
        found.record(llmcost.calculate(reported, provider="openrouter"), id="reported", at=AT)
        started = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
        for name, status in (("cut", "maybe_billed"), ("refused", "failed")):
            found.record(llmcost.TrackedCall(name, "m", "openai", None, started, 1, None, status, None, None, None))
        found.drain()
        yield found


@pytest.mark.parametrize("version", VERSIONS)
def test_rows_keep_the_rules(log, version):
    """Every row of a mixed log, in each version."""
    rows = focus_rows(log, "acct-1", version=version)
    assert not broken(rows.columns, rows.rows, version)


def test_rows_add_up_to_the_log(log):
    """To the last digit; a span of it too."""
    assert sum(Fraction(row["BilledCost"]) for row in focus_rows(log, "acct-1")) == Fraction(log.total().cost)
    span = {"since": "2026-11-21", "until": "2026-11-22"}
    rows = focus_rows(log, "acct-1", **span)
    assert rows.total == Fraction(log.total(**span).cost) == Fraction("2e-6")
    assert [row["ChargePeriodStart"] for row in rows] == ["2026-11-21T00:00:00Z"]


def test_a_row_for_each_day_model_meter_and_unit_price(log):
    """The input of one day of one model has four prices: the plain one, in batches, of long prompts, of the contract.

    1,000 + 7 tokens at 2e-6; 1,000 at 1e-6; 300,000 at 4e-6; 1,000 at 2e-6 less 12 %.
    """
    rows = [
        (row["PricingQuantity"], row["ListUnitPrice"], row["ContractedUnitPrice"], row["BilledCost"], row["x_Calls"])
        for row in focus_rows(log, "acct-1")
        if row["x_Model"] == "m" and row["x_Meter"] == "input" and row["ChargePeriodStart"].startswith("2026-11-20")
    ]
    assert sorted(rows) == [
        ("0.001", "1", "1", "0.001", "1"),
        ("0.001", "2", "1.76", "0.00176", "1"),
        ("0.001007", "2", "2", "0.002014", "2"),
        ("0.3", "4", "4", "1.2", "1"),
    ]


def test_columns_of_a_row(log):
    """Units, periods and names of a fee of a tool: three searches at 0.01."""
    (row,) = [row for row in focus_rows(log, "acct-1") if row["x_Meter"] == "web_searches"]
    assert {name: row[name] for name in ("ConsumedQuantity", "ConsumedUnit", "PricingUnit", "ListUnitPrice")} == {
        "ConsumedQuantity": "3",
        "ConsumedUnit": "Searches",
        "PricingUnit": "Searches",
        "ListUnitPrice": "0.01",
    }
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
    assert (row["ProviderName"], row["ServiceName"], row["BillingAccountId"]) == ("OpenAI", "OpenAI API", "acct-1")
    assert (row["x_CostSource"], row["SkuId"]) == ("calculated", "openai/m/web_searches")


def test_what_has_no_price_is_never_0(log):
    """The output of ``half`` has no row and is named; so is a call without usage. Rows beside them are lower bounds."""
    rows = focus_rows(log, "acct-1")
    assert rows.unpriced == {(date(2026, 11, 20), "half", "output"): 100}
    assert rows.unknown_calls == 1
    assert not rows.complete
    assert rows.remarks == ["no price, and no row: 2026-11-20 half output, 100 units", "no usage, and no row: 1 calls"]
    assert [(row["x_Meter"], row["x_LowerBound"]) for row in rows if row["x_Model"] == "half"] == [("input", "true")]
    assert all(row["BilledCost"] != "0" for row in rows if row["x_Model"] != "free")


def test_a_reported_cost_says_so(log):
    """The provider's own sum is for no meter: it is priced in its credits, and its request is counted."""
    (row,) = [row for row in focus_rows(log, "acct-1") if row["x_CostSource"] == "reported"]
    assert (row["BilledCost"], row["PricingQuantity"], row["PricingUnit"]) == ("0.000123", "0.000123", "Credits")
    assert (row["ConsumedQuantity"], row["ConsumedUnit"]) == ("1", "Requests")


def test_a_model_of_ones_own_is_provided_by_the_account(log):
    """There is no seller to name."""
    (row,) = [row for row in focus_rows(log, "acct-1") if row["x_Model"] == "own"]
    assert (row["ProviderName"], row["BilledCost"]) == ("acct-1", "0.3")


def test_a_fee_of_a_contract_is_an_adjustment():
    """A fixed fee a call is no usage."""
    terms = {"cost_margin_config": {"openai": {"fixed_amount": 0.01}}}
    prices = PRICES.with_config({"litellm_settings": terms, "model_list": []})
    calls = [{"time": AT, "model": "m", "usage": {"input": 1000, "output": 0}}]
    rows = focus_rows(calls, "a", cost_map=prices)
    assert not broken(rows.columns, rows.rows)
    assert {row["ChargeCategory"]: row["BilledCost"] for row in rows} == {"Usage": "0.002", "Adjustment": "0.01"}


def test_a_file_of_calls():
    """Calls without a time are in no row, and are named."""
    calls = [
        {"time": AT, "model": "m", "usage": {"input": 5, "output": 0}},
        {"model": "m", "usage": {"input": 1, "output": 1}},
    ]
    rows = focus_rows(calls, "a", cost_map=PRICES)
    assert (len(rows), rows.total) == (1, Fraction("0.00001"))
    assert rows.remarks == ["no time, and no row: 1 calls (log:2)"]
    assert not rows.complete


def test_rows_are_read_back(log, tmp_path):
    """What was written is a bill of the same calls: it differs from the log in the units without a price alone."""
    path = tmp_path / "focus.csv"
    rows = focus_rows(log, "acct-1")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows.write(file)
    bill = read_bill(path)
    assert bill.amount == rows.total
    assert not bill.remarks
    found = reconcile(bill, log, cost_map=PRICES, since=date(2026, 11, 20))
    assert [(cause.kind, cause.amount) for cause in found.causes] == [("extra", 0)]
    assert [(piece.model, piece.meter, piece.quantity) for piece in found.causes[0].pieces] == [("half", "output", 100)]
    assert found.billed == found.recorded == Fraction(log.total().cost)


def test_a_cell_is_no_formula():
    """A name that a spreadsheet would run gets an apostrophe, as in every other CSV; amounts below 0 stay numbers."""
    calls = [{"time": AT, "model": "m", "usage": {"input": 1, "output": 0}}]
    out = io.StringIO()
    focus_rows(calls, '=1+1,"x"', cost_map=PRICES).write(out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["BillingAccountId"] == """'=1+1,"x\""""


def test_what_is_no_account_and_no_version():
    with pytest.raises(ValueError, match="BillingAccountId"):
        focus_rows([], " ")
    with pytest.raises(ValueError, match=r"1\.0, 1\.1, 1\.2"):
        focus_rows([], "a", version="1.4")


def test_the_table_of_rules_finds_what_is_broken():
    """A rule that never fails shows nothing: each of these changes breaks one."""
    calls = [{"time": AT, "model": "m", "usage": {"input": 5, "output": 0}}]
    rows = focus_rows(calls, "a", cost_map=PRICES)
    for name, value in [
        ("BilledCost", ""),
        ("BillingAccountId", "n/a"),
        ("ListUnitPrice", "3"),
        ("PricingUnit", ""),
        ("ChargePeriodStart", "2026-11-20"),
        ("ChargeCategory", "usage"),
        ("SkuId", ""),
        ("ConsumedUnit", "tokens"),
        ("ContractedCost", "$1"),
        ("SkuPriceDetails", '{"Tier": "a"}'),
    ]:
        assert broken(rows.columns, [{**rows.rows[0], name: value}]), name
    assert broken([*rows.columns, "ChargeName"], [])
    assert broken(rows.columns[1:], [])


def table(*rows):
    """Return rows as CSV with the columns of all of them; what a row lacks is written as NULL."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([row.get(name, "NULL") for name in columns] for row in rows)
    return out.getvalue()


PERIOD = {
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-11-01T00:00:00Z",
    "BillingPeriodEnd": "2026-12-01T00:00:00Z",
    "ChargePeriodStart": "2026-11-01T00:00:00Z",
    "ChargePeriodEnd": "2026-11-02T00:00:00Z",
    "ChargeCategory": "Usage",
    "ServiceCategory": "AI and Machine Learning",
}


def test_rows_of_litellm(tmp_path):
    """LiteLLM's export has one sum for each day, model and key; what it counts as consumed is one request a row.

    Its columns are those of https://github.com/BerriAI/litellm, litellm/integrations/focus/transformer.py. Two keys
    paid 0.0025 and 0.001 for what the log has at 0.0025 and 0.002: 0.001 less, which nothing of the bill explains.
    """
    rows = [
        {
            **PERIOD,
            "BilledCost": usd,
            "BillingAccountId": key,
            "BillingAccountType": "API Key",
            "ChargeDescription": "gpt-4o",
            "ConsumedQuantity": "1.000000",
            "ConsumedUnit": "Requests",
            "ProviderName": "openai",
            "PublisherName": "openai",
            "ResourceId": "gpt-4o",
            "ResourceName": "gpt-4o",
            "ResourceType": "gpt-4o",
            "ServiceName": "fast",
            "Tags": '{"team_id": "search", "model": "gpt-4o", "custom_llm_provider": "openai"}',
        }
        for key, usd in (("k1", "0.002500"), ("k2", "0.001000"))
    ]
    path = tmp_path / "litellm.csv"
    path.write_text(table(*rows))
    bill = llmcost.read_bill(path)
    assert [(line.kind, line.model, dict(line.quantities)) for line in bill.lines] == [("usage", "gpt-4o", {})] * 2
    assert bill.remarks == []
    calls = [
        {"time": "2026-11-01T09:00:00Z", "model": "gpt-4o", "usage": {"input": count, "output": 0}, "cost": cost}
        for count, cost in ((1000, "0.0025"), (800, "0.002"))
    ]
    found = llmcost.reconcile(bill, calls)
    assert (found.billed, found.recorded) == (Fraction("0.0035"), Fraction("0.0045"))
    assert [(cause.kind, cause.amount) for cause in found.causes] == [("unexplained", Fraction("-0.001"))]


def test_rows_of_another_program_with_the_columns_of_later_versions(tmp_path):
    """Costroid (https://github.com/Costroid/costroid, internal/ingest/openaicost) names the seller as 1.3 does.

    Its SKU is the line item of OpenAI behind ``openai/``; 600,000 tokens at 2.5 USD a million are 1.5 USD.
    """
    row = {
        **PERIOD,
        "BilledCost": "1.5",
        "ServiceProviderName": "OpenAI",
        "InvoiceIssuerName": "OpenAI",
        "ServiceName": "OpenAI API",
        "ChargeDescription": "gpt-4o, input",
        "ConsumedQuantity": "600000",
        "ConsumedUnit": "Tokens",
        "PricingQuantity": "0.6",
        "PricingUnit": "1000000 Tokens",
        "SkuId": "openai/gpt-4o, input",
        "SkuMeter": "Input Tokens",
        "SkuPriceId": "openai/gpt-4o, input",
    }
    path = tmp_path / "costroid.csv"
    nothing = dict.fromkeys(("SkuId", "SkuPriceId", "SkuMeter", "ConsumedQuantity", "ConsumedUnit"), "NULL")
    path.write_text(table(row, {**row, **nothing, "ChargeDescription": "Image models"}))
    bill = llmcost.read_bill(path)
    assert [(line.kind, line.model, dict(line.quantities)) for line in bill.lines] == [
        ("usage", "openai/gpt-4o", {"input": 600_000}),
        ("unexplained", None, {}),
    ]
    calls = [{"time": "2026-11-01T09:00:00Z", "model": "gpt-4o", "usage": {"input": 600_000, "output": 0}}]
    found = llmcost.reconcile(bill, calls)
    assert [(cause.kind, cause.amount) for cause in found.causes] == [("unexplained", Fraction("1.5"))]
    assert found.causes[0].text == "lines that this version does not know: Image models"


def test_what_is_written_as_null_is_no_value(tmp_path):
    """The sample data of FOCUS write NULL where there is no value: it is no number, no class and no name."""
    row = {**PERIOD, "BilledCost": "1", "ProviderName": "OpenAI", "SkuId": "gpt-4o, input", "ChargeClass": "NULL"}
    other = {**row, "ConsumedQuantity": "5", "ConsumedUnit": "Tokens"}
    path = tmp_path / "focus.csv"
    path.write_text(table(row, other))
    assert [line.quantities["input"] for line in llmcost.read_bill(path).lines] == [None, 5]
