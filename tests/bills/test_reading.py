"""Bills of every format: what each line is for, exact amounts, and what cannot be read."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

import llmcost
from llmcost.bills.bill import USAGE
from llmcost.bills.causes import CREDIT, FEE, TAX, UNEXPLAINED
from llmcost.bills.cells import Conditions
from llmcost.bills.reading import read_bill
from llmcost.errors import BillError
from tests.sdks import optional

NOVEMBER = 1793491200  # the 1st of November 2026, in seconds since 1970
DAY = date(2026, 11, 1)


@pytest.fixture
def bill(tmp_path):
    """Read a bill of a text."""

    def read(text, name="bill.csv", **keywords):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_bill(path, **keywords)

    return read


def costs(*results, **page):
    """Return an answer of OpenAI's costs."""
    bucket = {"object": "bucket", "start_time": NOVEMBER, "end_time": NOVEMBER + 86400, "results": list(results)}
    return json.dumps({"object": "page", "data": [bucket], "has_more": False, **page})


def cost(item, value=1.5, **more):
    return {
        "object": "organization.costs.result",
        "amount": {"value": value, "currency": "usd"},
        "line_item": item,
        "project_id": "proj_1",
        **more,
    }


STANDARD = Conditions("standard", long=False)
# OpenAI names the tiers that are not the usual one, and batches not surely.
UNMARKED = Conditions(long=False)


@pytest.mark.parametrize(
    ("item", "model", "meter", "conditions"),
    [
        ("gpt-5.5-2026-04-23, input", "gpt-5.5-2026-04-23", "input", UNMARKED),
        ("gpt-5.5-2026-04-23, cached input", "gpt-5.5-2026-04-23", "cache_read", UNMARKED),
        ("gpt-5.6-sol, cache writes", "gpt-5.6-sol", "cache_write", UNMARKED),
        ("gpt-4.1-2025-04-14, output", "gpt-4.1-2025-04-14", "output", UNMARKED),
        ("priority | gpt-5.6-sol, output, long context", "gpt-5.6-sol", "output", Conditions("priority", long=True)),
        ("ft-gpt-4o-2024-08-06, input", "ft:gpt-4o-2024-08-06", "input", UNMARKED),
        ("gpt-audio-mini-2025-12-15 audio, input", "gpt-audio-mini-2025-12-15", "input_audio", UNMARKED),
        ("gpt-image-2.5-flare image, output", "gpt-image-2.5-flare", "output_image", UNMARKED),
        ("web search tool calls", None, "web_searches", Conditions()),
    ],
)
def test_line_items_of_openai(bill, item, model, meter, conditions):
    """Model, meter, tier and length of the prompt stand in one text."""
    (line,) = bill(costs(cost(item))).lines
    assert (line.kind, line.model, line.meter, line.conditions) == (USAGE, model, meter, conditions)
    assert line.amount == Fraction("1.5")
    assert line.day == DAY


@pytest.mark.parametrize(
    "item",
    [
        "whisper-1, audio",
        "vip | gpt-4o, input",
        # No page says how a batch is named, and nobody has shown one.
        "batch | gpt-4o, input",
        "gpt-4o, dreams",
        "Image models",
    ],
)
def test_unknown_line_items_are_listed(bill, item):
    """What the grammar does not know is kept with its amount, under its own name."""
    found = bill(costs(cost(item)))
    (line,) = found.unknown
    assert (line.kind, line.text, line.amount) == (UNEXPLAINED, item, Fraction("1.5"))


def test_costs_keep_every_digit(bill):
    """A number of JSON is read as it is written, and not as a double."""
    text = costs(cost("gpt-4o, input")).replace("1.5", "0.12345678901234567890")
    assert bill(text).amount == Fraction("0.1234567890123456789")


def test_costs_with_units_and_without_line_items(bill):
    """``quantity`` is the units of a line; a result without a line item is for all of the day."""
    found = bill(costs(cost("gpt-4o, input", quantity=600_000), cost(None)))
    assert [dict(line.quantities) for line in found.lines] == [{"input": 600_000}, {}]
    assert found.lines[1].model is None


def test_an_export_of_openai_as_csv(bill):
    """The columns of the page: the empty row of a day without costs is no line, and the day is covered."""
    found = bill(
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,"
        "organization_id,organization_name\n"
        f'{NOVEMBER},{NOVEMBER + 86400},a,b,0.8958740000000000,usd,"gpt-5-mini-2025-08-07, output",proj,org,Personal\n'
        f"{NOVEMBER + 86400},{NOVEMBER + 172800},a,b,,,,,,\n"
    )
    (line,) = found.lines
    assert line.amount == Fraction("0.895874")
    assert (found.first, found.last) == (DAY, date(2026, 11, 2))
    assert not found.remarks


def test_usage_of_openai(bill):
    """Cached tokens, images and audio are inside the input: 59,200 are 53,440 fresh and 5,760 cached."""
    result = {
        "object": "organization.usage.completions.result",
        "input_tokens": 59_200,
        "input_cached_tokens": 5_760,
        "output_tokens": 10_646,
        "num_model_requests": 10,
        "model": "gpt-4o-2024-08-06",
        "batch": True,
        "service_tier": None,
    }
    (line,) = bill(costs(result)).lines
    assert dict(line.quantities) == {"input": 53_440, "cache_read": 5_760, "output": 10_646}
    assert (line.amount, line.requests, line.conditions.tier) == (None, 10, "batches")


def test_usage_of_openai_with_parts_beside_each_other(bill):
    """Where text, audio and their cached parts add up to the total, audio is without what was cached of it."""
    result = {
        "model": "m",
        "input_tokens": 100,
        "input_text_tokens": 40,
        "input_cached_text_tokens": 20,
        "input_audio_tokens": 30,
        "input_cached_audio_tokens": 10,
        "input_cached_tokens": 30,
        "output_tokens": 5,
    }
    (line,) = bill(costs(result)).lines
    assert dict(line.quantities) == {
        "input": 40,
        "input_audio": 30,
        "cache_read": 20,
        "cache_read_audio": 10,
        "output": 5,
    }


def test_usage_whose_parts_are_more_than_the_whole(bill):
    """200 cached of 100 tokens: an error that names the place."""
    result = {"model": "m", "input_tokens": 100, "input_cached_tokens": 200, "output_tokens": 0}
    with pytest.raises(BillError, match=r"input_tokens=100: its parts are more than the whole"):
        bill(costs(result))


def test_usage_without_models_is_said(bill):
    """Usage that is not grouped by model counts for nothing, and the remark says how to ask for it."""
    found = bill(costs({"object": "organization.usage.completions.result", "input_tokens": 5, "output_tokens": 1}))
    assert not found.lines
    assert "group_by=model" in found.remarks[0]


def test_a_report_that_goes_on_is_said(bill):
    """A page whose successor is not there is a part of the bill."""
    assert "has_more" in bill(costs(cost("gpt-4o, input"), has_more=True)).remarks[0]


def test_pages_of_a_report(bill):
    """An array of pages, and one page a line, are one bill."""
    page = costs(cost("gpt-4o, input"))
    assert bill(f"[{page},{page}]").amount == bill(f"{page}\n{page}\n").amount == 3


def report(**result):
    """Return an answer of Anthropic's cost report."""
    bucket = {"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z", "results": [result]}
    return json.dumps({"data": [bucket], "has_more": False, "next_page": None})


def anthropic_cost(**more):
    return {
        "currency": "USD",
        "amount": "123.78912",
        "workspace_id": None,
        "description": "Claude Sonnet 4 Usage - Input Tokens",
        "cost_type": "tokens",
        "context_window": "0-200k",
        "model": "claude-sonnet-4-20250514",
        "service_tier": "standard",
        "token_type": "uncached_input_tokens",
        **more,
    }


def test_the_cost_report_of_anthropic_is_in_cents(bill):
    """123.78912 cents are 1.2378912 USD; the report is that of the vendor's page."""
    (line,) = bill(report(**anthropic_cost())).lines
    assert line.amount == Fraction("1.2378912")
    assert (line.model, line.meter) == ("claude-sonnet-4-20250514", "input")
    assert line.conditions == Conditions("standard", long=False)


@pytest.mark.parametrize(
    ("more", "meter", "conditions"),
    [
        (
            {"token_type": "cache_creation.ephemeral_1h_input_tokens"},
            "cache_write_1h",
            Conditions("standard", long=False),
        ),
        ({"service_tier": "batch"}, "input", Conditions("batches", long=False)),
        ({"context_window": "200k-1M"}, "input", Conditions("standard", long=True)),
        ({"inference_geo": "us"}, "input", Conditions("standard", long=False, region="us")),
        ({"inference_geo": "not_available"}, "input", Conditions("standard", long=False)),
    ],
)
def test_what_the_cost_report_tells_apart(bill, more, meter, conditions):
    (line,) = bill(report(**anthropic_cost(**more))).lines
    assert (line.meter, line.conditions) == (meter, conditions)


def test_costs_of_anthropic_that_are_for_no_tokens(bill):
    """Searches are usage without a model; code execution is a fee; another type of tokens is listed."""
    kinds = [
        bill(report(**anthropic_cost(cost_type=kind, token_type=token, model=None))).lines[0]
        for kind, token in (("web_search", None), ("code_execution", None), ("tokens", "dream_tokens"))
    ]
    assert [line.kind for line in kinds] == [USAGE, FEE, UNEXPLAINED]
    assert kinds[0].meter == "web_searches"


def test_the_usage_report_of_anthropic(bill):
    """Writes to the cache by their time to live, and searches."""
    found = bill(
        report(
            model="claude-opus-4-8",
            uncached_input_tokens=1500,
            cache_creation={"ephemeral_1h_input_tokens": 1000, "ephemeral_5m_input_tokens": 500},
            cache_read_input_tokens=200,
            output_tokens=500,
            server_tool_use={"web_search_requests": 10},
            service_tier="priority",
            context_window="0-200k",
        )
    )
    (line,) = found.lines
    assert dict(line.quantities) == {
        "input": 1500,
        "output": 500,
        "cache_read": 200,
        "cache_write": 500,
        "cache_write_1h": 1000,
        "web_searches": 10,
    }
    assert line.amount is None
    assert "priority tier" in found.remarks[0]


def test_the_activity_of_openrouter(bill):
    """One amount for all meters; what was spent with a key of one's own is said, and is no part of it."""
    row = {
        "date": "2026-11-01",
        "model": "openai/gpt-4.1",
        "model_permaslug": "openai/gpt-4.1-2025-04-14",
        "endpoint_id": "550e8400-e29b-41d4-a716-446655440000",
        "provider_name": "OpenAI",
        "usage": 0.015,
        "byok_usage_inference": 0.012,
        "requests": 5,
        "prompt_tokens": 50,
        "completion_tokens": 125,
        "reasoning_tokens": 25,
    }
    found = bill(json.dumps({"data": [row]}))
    (line,) = found.lines
    assert (line.amount, line.requests, line.meter) == (Fraction("0.015"), 5, None)
    assert dict(line.quantities) == {"input": 50, "output": 125}
    assert "keys of one's own" in found.remarks[0]


CUR = (
    "line_item_usage_start_date,line_item_line_item_type,line_item_product_code,line_item_usage_type,"
    "line_item_usage_amount,line_item_currency_code,line_item_unblended_cost,pricing_unit"
)


def cur(*rows):
    return "\n".join([CUR, *rows]) + "\n"


@pytest.mark.parametrize(
    ("name", "model", "meter", "conditions"),
    [
        ("USW2-Claude4.6Sonnet-input-tokens", "Claude4.6Sonnet", "input", STANDARD),
        ("USW2-Claude4.5Sonnet-cache-write-input-token-count", "Claude4.5Sonnet", "cache_write", STANDARD),
        ("USE1-Claude4Sonnet-cache-write-input-token-count-1-hour", "Claude4Sonnet", "cache_write_1h", STANDARD),
        (
            "USE1-Claude4.6Opus-cache-read-input-token-count-cross-region-global",
            "Claude4.6Opus",
            "cache_read",
            STANDARD,
        ),
        (
            "USW2-anthropic.claude-opus-4-8-mantle-input-tokens-global-standard",
            "anthropic.claude-opus-4-8",
            "input",
            STANDARD,
        ),
        (
            "USE1-Nova2.0Lite-input-tokens-cross-region-global-batch",
            "Nova2.0Lite",
            "input",
            Conditions("batches", long=False),
        ),
        ("USE1-Qwen3-32B-output-tokens-flex", "Qwen3-32B", "output", Conditions("flex", long=False)),
        (
            "USE1-Claude4.5Opus-input-tokens-long-context-cross-region-global",
            "Claude4.5Opus",
            "input",
            Conditions("standard", long=True),
        ),
    ],
)
def test_usage_types_of_bedrock(bill, name, model, meter, conditions):
    """433.893 of 1K tokens are 433,893 tokens."""
    row = f"2026-11-01T00:00:00Z,Usage,AmazonBedrock,{name},433.893,USD,1.789808625,1K tokens"
    (line,) = bill(cur(row)).lines
    assert (line.model, line.meter, line.conditions) == (model, meter, conditions)
    assert line.quantities[meter] == 433_893
    assert line.amount == Fraction("1.789808625")


def test_lines_of_a_cost_and_usage_report(bill):
    """Taxes and credits are no usage, guardrails are not known, other services are counted and left alone."""
    found = bill(
        cur(
            "2026-11-01T00:00:00Z,Tax,AmazonBedrock,,,USD,0.19,",
            "2026-11-01T00:00:00Z,Credit,AmazonBedrock,,,USD,-5,",
            "2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-Guardrail-ContentPolicyUnitsConsumed,3,USD,0.5,TextUnit",
            "2026-11-01T00:00:00Z,Usage,AmazonS3,USE1-Requests-Tier1,7,USD,0.035,Requests",
        )
    )
    assert [line.kind for line in found.lines] == [TAX, CREDIT, UNEXPLAINED]
    assert found.amount == Fraction("-4.31")
    assert found.remarks == ["1 lines of other services are not counted"]


def test_a_report_without_the_unit_states_no_units(bill):
    """Nothing says whether an amount counts thousands: it is no count of tokens then."""
    found = bill(
        "lineItem/UsageStartDate,lineItem/UsageType,lineItem/UsageAmount,lineItem/UnblendedCost,lineItem/CurrencyCode\n"
        "2026-11-01T00:00:00Z,USW2-Claude4.6Sonnet-input-tokens,29.481,0.0972873,USD\n"
    )
    assert dict(found.lines[0].quantities) == {"input": None}
    assert "pricing_unit" in found.remarks[0]


FOCUS = (
    "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargeDescription,ConsumedQuantity,ConsumedUnit,"
    "ProviderName,ServiceName,ServiceCategory,SkuMeter,x_Extra"
)


def focus(*rows):
    return "\n".join([FOCUS, *rows]) + "\n"


@pytest.mark.parametrize(
    ("provider", "service", "name", "model", "meter", "units"),
    [
        ("Microsoft", "Azure OpenAI", "gpt 4o 1120 Inp glbl Tokens", "gpt 4o 1120", "input", "1K"),
        ("Microsoft", "Foundry Models", "gpt 4o 1120 cached Inp glbl Tokens", "gpt 4o 1120", "cache_read", "1K"),
        ("Microsoft", "Foundry Models", "5.5 ShortCo inp Gl 1M Tokens", "gpt 5.5", "input", "1M"),
        (
            "Google Cloud",
            "Vertex AI",
            "Gemini 2.5 Flash GA Text Input - Predictions",
            "Gemini 2.5 Flash",
            "input",
            "count",
        ),
        (
            "Google Cloud",
            "Vertex AI",
            "Gemini 2.5 Flash GA Thinking Text Output - Predictions",
            "Gemini 2.5 Flash",
            "reasoning",
            "count",
        ),
        ("AWS", "Amazon Bedrock", "USE1-Nova2.0Lite-output-tokens", "Nova2.0Lite", "output", "1K tokens"),
        ("OpenAI", "OpenAI API", "gpt-4o, input", "gpt-4o", "input", "Tokens"),
    ],
)
def test_focus_of_any_vendor(bill, provider, service, name, model, meter, units):
    """The columns are of one form; model and meter stand in the vendor's own names."""
    row = f'1.25,USD,Usage,2026-11-01T00:00:00Z,,2,{units},{provider},{service},AI and Machine Learning,"{name}",'
    (line,) = bill(focus(row)).lines
    assert (line.model, line.meter, line.amount) == (model, meter, Fraction("1.25"))
    size = {"1K": 1000, "1K tokens": 1000, "1M": 10**6}.get(units, 1)
    assert line.quantities[meter] == 2 * size


def test_focus_lines_that_are_no_usage_or_of_other_services(bill):
    """A credit, a purchase, a line that nobody knows, and storage."""
    ours = "OpenAI,OpenAI API,AI and Machine Learning"
    found = bill(
        focus(
            f"-5,USD,Credit,2026-11-01T00:00:00Z,Welcome,,,{ours},,",
            f"100,USD,Purchase,2026-11-01T00:00:00Z,Prepaid,,,{ours},,",
            f"3,USD,Usage,2026-11-01T00:00:00Z,Dreams,,,{ours},dreams,",
            "9,USD,Usage,2026-11-01T00:00:00Z,Blocks,4,GB,AWS,Amazon S3,Storage,blocks,",
        )
    )
    assert [(line.kind, line.text) for line in found.lines] == [
        (CREDIT, "Welcome"),
        (FEE, "Prepaid"),
        (UNEXPLAINED, "dreams"),
    ]
    assert found.remarks == ["1 lines of other services are not counted"]


def test_an_unknown_column_is_said(bill):
    """A column that this version does not know is named; one of the vendor's own (``x_``) is expected."""
    text = costs(cost("gpt-4o, input", surcharge=3))
    assert bill(text).remarks == ["columns that are not read: surcharge"]


def test_another_currency_is_refused_without_a_rate(bill):
    """Euros are no dollars; at 1.08 USD they are."""
    text = costs(cost("gpt-4o, input")).replace("usd", "eur")
    with pytest.raises(BillError, match="give what one EUR is in USD"):
        bill(text)
    found = bill(text, rates={"eur": "1.08"})
    assert found.amount == Fraction("1.62")
    assert found.remarks == ["amounts in EUR are taken at 1.08 USD"]


@pytest.mark.parametrize("rate", [0, -1, "much", True])
def test_a_rate_is_a_number_above_0(bill, rate):
    with pytest.raises(ValueError, match="USD of one unit"):
        bill(costs(), rates={"EUR": rate})


def test_an_amount_without_a_currency_is_refused(bill):
    """Nothing says that it is USD."""
    with pytest.raises(BillError, match="without a currency"):
        bill(costs({**cost("gpt-4o, input"), "amount": {"value": 1.5}}))


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "+3", "1,5", "$3", "1 USD", "abc", "NaN", "inf", "1e99"])
def test_a_formula_or_a_text_is_no_amount(bill, value):
    """The error names file, line and column, and no spreadsheet runs what it quotes."""
    with pytest.raises(BillError, match=r"cur\.csv:2: line_item_unblended_cost=") as raised:
        bill(
            cur(f'2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,"{value}",1K tokens'),
            "cur.csv",
        )
    assert raised.value.line == 2


def test_units_below_0_are_refused(bill):
    with pytest.raises(BillError, match="units below 0"):
        bill(cur("2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,-1,USD,1,1K tokens"))


def test_a_torn_table_is_refused(bill):
    """A row that ends in its middle names its line."""
    row = "2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,1,1K tokens"
    with pytest.raises(BillError, match=r"torn\.csv:3: the row is torn: it has 4 of 8 columns"):
        bill(cur(row, row[: row.index(",1,USD")]), "torn.csv")
    with pytest.raises(BillError, match=r"torn\.csv:3: the row is torn"):
        bill(cur(row, '2026-11-01,"Us'), "torn.csv")


def test_a_torn_report_is_refused(bill):
    """Half of a file of JSON names the line at which it breaks off."""
    text = json.dumps(json.loads(costs(cost("gpt-4o, input"))), indent=1)
    with pytest.raises(BillError, match=r"torn\.json:\d+: the file is torn"):
        bill(text[: len(text) // 2], "torn.json")


def test_a_packed_file(bill):
    """Reports of AWS are packed by gzip; half of one is refused."""
    text = cur("2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,1,1K tokens")
    packed = gzip.compress(text.encode())
    assert bill(packed, "cur.csv.gz").amount == 1
    with pytest.raises(BillError, match="packed file is damaged"):
        bill(packed[: len(packed) // 2], "cur.csv.gz")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "its columns are of no bill"),
        ('{"object": "list", "data": []}', "a report without any days"),
        ('{"object": "list", "data": [1]}', "no bill that this version knows"),
        ("[1, 2]", "no report of costs or usage"),
        ("a,a\n1,2\n", "the column 'a' is there twice"),
        ('"a\nb', "the header is torn"),
        (b"\xff\x00\xfea,b", "it is no text"),
        ("", "its columns are of no bill"),
        ("{" * 100_000, "torn|too deep"),
    ],
)
def test_what_is_no_bill_is_refused(bill, content, said):
    with pytest.raises(BillError, match=said):
        bill(content)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BillError, match="it cannot be read"):
        read_bill(tmp_path / "none.csv")


def test_a_time_that_is_none(bill):
    with pytest.raises(BillError, match=r"line_item_usage_start_date='soon': it is no time"):
        bill(cur("soon,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,1,1K tokens"))


def test_a_year_that_another_zone_does_not_have(bill):
    """At the ends of the calendar the day before, and the day of another zone, may be no day at all."""
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01"):
        line = cur(f"{moment},Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,1,1K tokens")
        for zone in (ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo"), timezone.utc):
            with pytest.raises(BillError, match="it is no time"):
                bill(line, zone=zone)


def test_the_step_of_a_bill(bill):
    """Ten amounts with four places show four; a few show nothing, and count as six."""
    row = "2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,{},1K tokens"
    many = cur(*(row.format(f"0.{number:04}") for number in range(1001, 1012)))
    assert bill(many).step == Fraction("0.0001")
    assert bill(cur(row.format("0.06"))).step == Fraction("0.000001")


def parquet(folder, rows, name="cur.parquet", **columns):
    """Write rows as Parquet, with the types that a cloud gives them."""
    pa, writer = optional("pyarrow"), optional("pyarrow.parquet")
    path = folder / name
    writer.write_table(pa.table({**rows, **columns}), path)
    return path


def cur_columns():
    """Return two hours of one meter as Data Exports write them: times without a zone, doubles, and a map."""
    pa = optional("pyarrow")
    starts = [datetime.fromisoformat("2026-11-01T23:00"), datetime.fromisoformat("2026-11-02")]
    return {
        "line_item_usage_start_date": pa.array(starts, pa.timestamp("ms")),
        "line_item_line_item_type": ["Usage", "Usage"],
        "line_item_product_code": ["AmazonBedrock", "AmazonBedrock"],
        "line_item_usage_type": ["USW2-Claude4.6Sonnet-input-tokens", "USW2-Claude4.6Sonnet-output-tokens"],
        "line_item_usage_amount": [29.481, 31.102],
        "line_item_currency_code": ["USD", "USD"],
        "line_item_unblended_cost": [0.0972873, 0.513183],
        "pricing_unit": ["1K tokens", "1K tokens"],
        "product": pa.array([[("product_name", "Amazon Bedrock")]] * 2, pa.map_(pa.string(), pa.string())),
    }


def test_a_report_in_parquet(tmp_path):
    """Data Exports of AWS are Parquet by default. A double is the shortest decimal that it stands for."""
    found = read_bill(parquet(tmp_path, cur_columns()))
    assert [(line.day, line.meter, line.quantities[line.meter], line.amount) for line in found.lines] == [
        (DAY, "input", 29_481, Fraction("0.0972873")),
        (date(2026, 11, 2), "output", 31_102, Fraction("0.513183")),
    ]
    assert found.lines[1].place.endswith("cur.parquet:row 2")
    assert not found.remarks


def test_a_packed_report_in_parquet(tmp_path):
    """What is packed by gzip is unpacked first, whatever it is."""
    path = parquet(tmp_path, cur_columns())
    packed = tmp_path / "cur.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_bill(packed).said == read_bill(path).said


def test_focus_in_parquet(tmp_path):
    """Decimals of 38 digits are exact, a time with a zone is its day in that of the bill, a null is no value."""
    pa = optional("pyarrow")
    amount = Decimal("0.12345678901234567890")
    start = datetime(2026, 11, 2, 7, tzinfo=timezone.utc)
    rows = {
        "BilledCost": pa.array([amount], pa.decimal128(38, 20)),
        "BillingCurrency": ["USD"],
        "ChargeCategory": ["Usage"],
        "ChargePeriodStart": pa.array([start], pa.timestamp("us", tz="UTC")),
        "ChargePeriodEnd": pa.array([start + timedelta(hours=1)], pa.timestamp("us", tz="UTC")),
        "ConsumedQuantity": [1000],
        "ConsumedUnit": ["Tokens"],
        "PricingQuantity": pa.array([None], pa.float64()),
        "ProviderName": ["OpenAI"],
        "ServiceCategory": ["AI and Machine Learning"],
        "SkuId": ["gpt-4o, input"],
        "Tags": pa.array([[("team", "search")]], pa.map_(pa.string(), pa.string())),
    }
    path = parquet(tmp_path, rows, "focus.parquet")
    (line,) = read_bill(path).lines
    assert (line.day, line.amount, dict(line.quantities)) == (date(2026, 11, 2), Fraction(amount), {"input": 1000})
    (there,) = read_bill(path, zone=ZoneInfo("America/Los_Angeles")).lines
    assert there.day == DAY


def test_parquet_with_what_is_no_number(tmp_path):
    """A double that is none is no amount, and the row is named."""
    path = parquet(tmp_path, cur_columns(), line_item_unblended_cost=[1.0, float("nan")])
    with pytest.raises(BillError, match=r"row 2\.line_item_unblended_cost='nan': it is no number"):
        read_bill(path)


@pytest.mark.parametrize("keep", [8, 200, -8])
def test_damaged_parquet(tmp_path, keep):
    """Half of a file is no bill, wherever it was cut."""
    path = parquet(tmp_path, cur_columns())
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BillError, match="the file of Parquet is damaged"):
        read_bill(path)


def test_parquet_without_the_extra(tmp_path, monkeypatch):
    """The error names the extra, and the other way."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "cur.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(llmcost.MissingDependencyError, match=r"the extra parquet .* or export the bill as CSV"):
        read_bill(path)


def test_unknown_columns_of_a_report_are_said(bill):
    """A report has more than a hundred columns of known families; others are named."""
    row = "2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,1,USD,1,1K tokens"
    text = (
        cur(row)
        .replace("pricing_unit\n", "pricing_unit,bill_payer_account_id,dreams\n")
        .replace("1K tokens\n", "1K tokens,1,2\n")
    )
    assert bill(text).remarks == ["columns that are not read: dreams"]


def test_a_column_under_two_names(bill):
    """``lineItem/UsageType`` is ``line_item_usage_type``: with both, nobody knows which one counts."""
    with pytest.raises(BillError, match="the column 'line_item_usage_type' is there twice"):
        bill(cur().replace("\n", ",lineItem/UsageType\n"))


def test_units_of_something_else_are_no_tokens(bill):
    """7 requests are no 7 tokens: the units of the line are not stated then."""
    row = '1,USD,Usage,2026-11-01T00:00:00Z,,{},{},OpenAI,x,AI and Machine Learning,"gpt-4o, input"'
    head = FOCUS.replace(",x_Extra", "")
    counted = [
        bill(f"{head}\n{row.format(count, unit)}\n").lines[0].quantities["input"]
        for count, unit in (
            (7, "Requests"),
            (7, "Tokens"),
            (7, "1K tokens"),
            (7, "Seconds"),
            (7, "Units"),
            (7, "Bytes"),
        )
    ]
    assert counted == [None, 7, 7000, None, 7, None]


def test_money_that_is_given_back(bill):
    """A line below 0 may have units below 0; one that costs money may not."""
    row = "2026-11-01T00:00:00Z,Usage,AmazonBedrock,USE1-NovaPro-input-tokens,{},USD,{},1K tokens"
    (line,) = bill(cur(row.format("-2", "-0.5"))).lines
    assert (line.quantities["input"], line.amount) == (-2000, Fraction("-0.5"))
    with pytest.raises(BillError, match=r"line_item_usage_amount='-2': units below 0 are no usage"):
        bill(cur(row.format("-2", "0.5")))


def test_a_correction_of_focus_is_no_usage_of_this_bill(bill):
    """A row of the class Correction changes a bill of an earlier month: it is listed, and adds no day to this one."""
    head = FOCUS.replace("x_Extra", "ChargeClass")
    rows = (
        '-1,USD,Usage,2026-10-07T00:00:00Z,,-9,Tokens,OpenAI,x,AI and Machine Learning,"gpt-4o, input",Correction',
        '1,USD,Usage,2026-11-01T00:00:00Z,,9,Tokens,OpenAI,x,AI and Machine Learning,"gpt-4o, input",',
    )
    found = bill("\n".join([head, *rows]) + "\n")
    assert [(line.kind, line.text) for line in found.lines] == [
        (FEE, "correction of an earlier bill: gpt-4o, input"),
        (USAGE, "gpt-4o, input"),
    ]
    assert (found.first, found.last, found.amount) == (DAY, DAY, 0)


def test_pages_without_rows_beside_others(bill):
    """The last page of a report may be empty."""
    page = costs(cost("gpt-4o, input"))
    assert bill(f'{page}\n{{"object": "page", "data": [], "has_more": false}}').amount == Fraction("1.5")


def test_fast_mode_is_a_tier(bill):
    """The usage report states the speed beside the service tier; fast mode has prices of its own."""
    (line,) = bill(
        report(model="m", uncached_input_tokens=1, output_tokens=0, service_tier="standard", speed="fast")
    ).lines
    assert line.conditions.tier == "priority"


def test_tiers_that_are_not_known_are_said(bill):
    """They are not told apart, and the remark names them."""
    found = bill(report(model="m", uncached_input_tokens=1, output_tokens=0, service_tier="flex_discount"))
    assert found.lines[0].conditions.tier is None
    assert found.remarks == ["service tiers that are not known, and not told apart: flex_discount"]


def test_usage_of_anthropic_that_cannot_be_read(bill):
    """What is no count is an error that names the place; so is a row that lacks a side."""
    with pytest.raises(BillError, match=r"data\[0\]\.results\[0\]: .*output.tokens"):
        bill(report(model="m", uncached_input_tokens=1, output_tokens="=1+1"))
    with pytest.raises(BillError, match=r"usage\.csv:2: .*output.tokens"):
        bill("starting_at,model,uncached_input_tokens,output_tokens\n2026-11-01T00:00:00Z,m,5,-1\n", "usage.csv")


def test_usage_of_anthropic_as_a_table(bill):
    """The fields of inner objects stand in columns of their own."""
    text = (
        "starting_at,model,uncached_input_tokens,cache_creation_ephemeral_1h_input_tokens,output_tokens,"
        "server_tool_use_web_search_requests\n2026-11-01T00:00:00Z,m,5,1000,7,\n"
    )
    found = bill(text)
    assert dict(found.lines[0].quantities) == {"input": 5, "cache_write_1h": 1000, "output": 7}
    assert found.remarks == []


def test_fast_mode_is_no_priority_tier_of_anthropic(bill):
    """The cost report lacks the priority tier, and not fast mode: nothing is said of it."""
    usage = report(model="m", uncached_input_tokens=1, output_tokens=0, service_tier="standard", speed="fast")
    assert bill(usage).remarks == []
