"""A contract of three years: two steps, a region, a discount from a day, a margin by tag, and the fee of a tool.

Every expected sum was worked out by hand from the contract below.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from llmcost import CostMap, SpendLog, Tracker, Usage, context, price_table, read_log, reprice
from llmcost.config.check import check
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

CONTRACT = """
model_list:
  - model_name: house-model
    litellm_params: {model: openai/acme-1}
    model_info:
      mode: chat
      llmcost:
        prices:
          - from: 2024-01-01
            until: 2025-07-01
            input_cost_per_million_tokens: 3
            output_cost_per_million_tokens: 12
          - from: 2025-07-01
            until: 2027-01-01
            input_cost_per_million_tokens: 2.5
            output_cost_per_million_tokens: 10
          - from: 2025-07-01
            until: 2027-01-01
            regions: [eu]
            input_cost_per_million_tokens: 2.75
        terms:
          - {name: volume, kind: discount, value: 0.2, meters: [input], from: 2026-01-01}
        fees:
          crm: {unit: lookup, price: 0.004}
llmcost:
  terms:
    - {name: resale, kind: margin, value: 0.15, tags: [resold]}
"""
# What is paid without the contract: 5 and 20 USD a million tokens.
LIST = {"acme-1": {"input_cost_per_token": "5e-6", "output_cost_per_token": "2e-5", "mode": "chat"}}
# 200,000 tokens of input and 50,000 of output.
USAGE = {"prompt_tokens": 200_000, "completion_tokens": 50_000, "total_tokens": 250_000}


@pytest.fixture(scope="module")
def prices():
    return CostMap(LIST).with_config(CONTRACT)


CALLS = [
    # at, facts, lines: input, output, fee, discount, margin.
    # Before the contract, at list: 0.2 x 5, 0.05 x 20.
    ("2023-12-31T23:59:59Z", {}, {"input": "1", "output": "1"}),
    # The first step: 0.2 x 3, 0.05 x 12.
    ("2024-01-01", {}, {"input": "0.6", "output": "0.6"}),
    ("2025-06-30T23:59:59Z", {"region": "eu"}, {"input": "0.6", "output": "0.6"}),
    # The second: 0.2 x 2.5, 0.05 x 10; Europe: 0.2 x 2.75.
    ("2025-07-01", {}, {"input": "0.5", "output": "0.5"}),
    ("2025-07-01", {"region": "eu"}, {"input": "0.55", "output": "0.5"}),
    ("2025-07-01", {"region": "us"}, {"input": "0.5", "output": "0.5"}),
    ("2025-12-31T23:59:59Z", {}, {"input": "0.5", "output": "0.5"}),
    # 20% off the input from 2026 on.
    ("2026-01-01", {}, {"input": "0.5", "output": "0.5", "discount": "-0.1"}),
    ("2026-01-01", {"region": "eu"}, {"input": "0.55", "output": "0.5", "discount": "-0.11"}),
    # 3 lookups at 0.004.
    ("2025-07-01", {"fees": {"crm": 3}}, {"input": "0.5", "output": "0.5", "fee:crm": "0.012"}),
    # 15% on 0.5 + 0.5 + 0.012 - 0.1 = 0.912.
    (
        "2026-12-31T23:59:59Z",
        {"tags": ["resold"], "fees": {"crm": 3}},
        {"input": "0.5", "output": "0.5", "fee:crm": "0.012", "discount": "-0.1", "margin": "0.1368"},
    ),
    # 15% on 0.55 + 0.5 - 0.11 = 0.94.
    (
        "2026-07-01",
        {"tags": ["a", "resold"], "region": "EU"},
        {"input": "0.55", "output": "0.5", "discount": "-0.11", "margin": "0.141"},
    ),
    # After the contract, at list again; the discount has no end: 20% of 1.
    ("2027-01-01", {"region": "eu"}, {"input": "1", "output": "1", "discount": "-0.2"}),
]
TOTAL = sum((sum(map(Decimal, lines.values()), Decimal(0)) for _, _, lines in CALLS), Decimal(0))


@pytest.mark.parametrize(("at", "facts", "lines"), CALLS)
def test_calls_on_both_sides_of_every_edge(prices, at, facts, lines):
    cost = prices.calculate(usage=USAGE, model="house-model", at=at, **facts)

    assert {line.meter: str(line.amount) for line in cost.line_items} == lines
    assert cost.total == sum(map(Decimal, lines.values()))
    assert cost.complete


def test_a_log_of_three_years_is_repriced_to_the_same_sums(prices, tmp_path):
    """Each call at the price of its own day, and all of them at that of another one."""
    path = tmp_path / "log.jsonl"
    records = [{"usage": USAGE, "model": "house-model", "time": at, **facts} for at, facts, _ in CALLS]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")

    found = reprice(read_log(path), cost_map=prices, old_map=prices, at="2024-06-01")

    assert (found.total.calls, found.failed) == (len(CALLS), 0)
    # All of them in the first step: 1.2 each, two times 3 lookups, and 15% of 1.212 and of 1.2.
    anew = 13 * Decimal("1.2") + 2 * Decimal("0.012") + Decimal("0.1818") + Decimal("0.18")
    assert (found.total.old, found.total.new) == (TOTAL, anew)
    assert sum(record.calculate().total for record in read_log(path, cost_map=prices)) == TOTAL


def test_a_spend_log_adds_up_the_same(prices, tmp_path):
    with SpendLog(tmp_path / "spend.db") as log:
        for number, (at, facts, _) in enumerate(CALLS):
            cost = prices.calculate(usage=USAGE, model="house-model", at=at, **facts)
            log.record(cost, id=str(number), at=at, tags=facts.get("tags", ()))
        assert log.drain()

        assert log.total().cost == TOTAL
        assert {group.value: group.cost for group in log.by("meter")} == {
            meter: sum(Decimal(lines[meter]) for _, _, lines in CALLS if meter in lines)
            for meter in ("input", "output", "fee:crm", "discount", "margin")
        }


def test_a_log_of_list_prices_is_repriced_under_it(tmp_path):
    """The log holds the region and the tags of each call. It does not hold how many lookups had no price then."""
    with SpendLog(tmp_path / "spend.db") as log:
        for number, (at, facts, _) in enumerate(CALLS):
            cost = CostMap(LIST | {"house-model": LIST["acme-1"]}).calculate(
                usage=USAGE, model="house-model", at=at, **facts
            )
            log.record(cost, id=str(number), at=at, tags=facts.get("tags", ()))
        assert log.drain()

        found = log.reprice(cost_map=CostMap(LIST).with_config(CONTRACT), dry_run=False)

        kept = [number for number, (_, facts, _) in enumerate(CALLS) if "fees" in facts]
        assert found.kept == {"it used a fee that had no price, and the log does not hold how many": len(kept)}
        # Those two keep 1 + 1, and say that it is a lower bound; the others cost what the contract says.
        priced = sum(
            (sum(map(Decimal, lines.values())) for _, facts, lines in CALLS if "fees" not in facts), Decimal(0)
        )
        total = log.total(repricing=found.version)
        assert (total.cost, total.partial) == (priced + 2 * len(kept), len(kept))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_table_says_the_same(prices, engine):
    """Of the calls that have no tags and no fees, which a table does not state."""
    optional(engine)
    optional("polars")
    plain = [(at, facts, lines) for at, facts, lines in CALLS if not facts.keys() & {"tags", "fees"}]
    rows = [
        {
            "model": "house-model",
            "input": 200_000,
            "output": 50_000,
            "region": facts.get("region"),
            "time": datetime.fromisoformat(at.replace("Z", "")).replace(tzinfo=timezone.utc),
        }
        for at, facts, _ in plain
    ]

    found = rows_of(price_table(frame_of(rows, engine), cost_map=prices))

    def order(row):
        return row["time"], row["region"] or ""

    wanted = [{**row, "usd": sum(map(Decimal, lines.values()))} for row, (_, _, lines) in zip(rows, plain, strict=True)]
    assert [row["cost"] for row in sorted(found, key=order)] == [row["usd"] for row in sorted(wanted, key=order)]


def test_tracked_calls_carry_their_tags_and_fees(prices):
    """0.5 + 0.5 - 0.1, and 15% of it for a call that is resold; with 5 lookups at 0.004, 15% of 0.92."""
    seen = []
    ask = Tracker(success=[lambda call, *_: seen.append(call["response_cost"])], cost_map=prices).track(
        lambda: {"object": "chat.completion", "model": "house-model", "created": 1767225600, "usage": USAGE}
    )

    ask()
    with context(tags=["resold"]):
        ask()
        with context(fees={"crm": 5}):
            ask()

    assert seen == [0.9, 1.035, 1.058]


TIMELINE = """\
   timeline, in UTC
     input_cost_per_million_tokens
       until 2024-01-01                   0.000005 USD/token  map acme-1  past
       from 2024-01-01 until 2025-07-01   0.000003 USD/token  config model_info house-model llmcost.prices[0]  past
       from 2025-07-01 until 2027-01-01  0.0000025 USD/token  config model_info house-model llmcost.prices[1]  now
       from 2027-01-01                    0.000005 USD/token  map acme-1
     output_cost_per_million_tokens
       until 2024-01-01                   0.00002 USD/token  map acme-1  past
       from 2024-01-01 until 2025-07-01  0.000012 USD/token  config model_info house-model llmcost.prices[0]  past
       from 2025-07-01 until 2027-01-01   0.00001 USD/token  config model_info house-model llmcost.prices[1]  now
       from 2027-01-01                    0.00002 USD/token  map acme-1
     input_cost_per_million_tokens, in eu
       until 2024-01-01                    0.000005 USD/token  map acme-1  past
       from 2024-01-01 until 2025-07-01    0.000003 USD/token  config model_info house-model llmcost.prices[0]  past
       from 2025-07-01 until 2027-01-01  0.00000275 USD/token  config model_info house-model llmcost.prices[2]  now
       from 2027-01-01                     0.000005 USD/token  map acme-1
   terms with dates
     volume: discount 0.2 from 2026-01-01
"""


@pytest.mark.usefixtures("build_day")
def test_the_timeline():
    assert TIMELINE in check(CONTRACT, CostMap(LIST)).text


GAPS = """
model_list:
  - model_name: m
    litellm_params: {model: openai/acme-1}
    model_info:
      llmcost:
        prices:
          - {from: 2024-01-01, until: 2025-01-01, input_cost_per_token: 3e-6}
          - {from: 2025-03-01, input_cost_per_token: 2e-6}
"""


def test_the_timeline_shows_gaps():
    text = check(GAPS, CostMap(LIST)).text

    assert [line.split("  ")[-3:] for line in text.splitlines() if "gap" in line] == [["map acme-1", "gap", "past"]]
    assert "from 2025-01-01 until 2025-03-01  0.000005 USD/token  map acme-1  gap  past" in text


def test_a_usage_in_place_of_the_counters_of_a_provider(prices):
    usage = Usage(input=200_000, output=50_000)

    assert prices.calculate(usage=usage, model="house-model", at="2026-01-01").total == Decimal("0.9")
