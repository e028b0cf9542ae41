"""The readers of the sources, on small pieces in each source's own form."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal

import pytest

from tools.prices.sources import azure, genai, ledger, litellm, model_prices

HEAD = "import datetime\nfrom decimal import Decimal\nfrom .types import *\n\nproviders: list[Provider] = "


def module(models: str) -> bytes:
    provider = f"id='acme', name='Acme', api_pattern='x', pricing_urls=['https://acme.test'], models=[{models}]"
    return f"{HEAD}[Provider({provider})]".encode()


def one(models: str, today: str = "2026-06-15") -> genai.GenaiModel:
    (found,) = genai.read(module(models), today)
    return found


def test_genai_prices_are_read_without_running_them():
    """Prices per million, thousand and hour become USD per unit in our keys; aliases are the exact names."""
    model = one(
        "ModelInfo(id='m', name='M', context_window=1000, match=ClauseOr(or_=[ClauseEquals(equals='m'), "
        "ClauseEquals(equals='m-1'), ClauseStartsWith(starts_with='m-')]), prices=ModelPrice("
        "input_mtok=Decimal('3'), output_mtok=Decimal('15'), cache_read_mtok=Decimal('0.3'), "
        "web_searches_kcount=Decimal('10'), audio_hours=Decimal('0.36'), storage_searches_kcount=Decimal('2')))"
    )
    fee = Decimal("0.01")
    assert model.prices == {
        "input_cost_per_token": Decimal("0.000003"),
        "output_cost_per_token": Decimal("0.000015"),
        "cache_read_input_token_cost": Decimal("3E-7"),
        "search_context_cost_per_query": {f"search_context_size_{size}": fee for size in ("high", "low", "medium")},
        "input_cost_per_second": Decimal("0.0001"),
    }
    assert (model.aliases, model.url, model.synced) == (["m-1"], "https://acme.test", True)


def test_genai_tiers_and_variants():
    """Thresholds keep their exact count, also in the form "more than 199,999"; the first variant that holds wins."""
    model = one(
        "ModelInfo(id='m', match=ClauseEquals(equals='m'), prices=ModelPrice(input_mtok=TieredPrices("
        "base=Decimal('2'), tiers=[Tier(start=199999, price=Decimal('4'))])), price_variants=["
        "PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('9')), "
        "constraint=StartDateConstraint(start_date=datetime.date(2027, 1, 1))), "
        "PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('1'))), "
        "PriceVariant(when={'speed': 'fast'}, prices=ModelPrice(input_mtok=Decimal('8')))])"
    )
    assert model.prices == {
        "input_cost_per_token": Decimal("0.000002"),
        "input_cost_per_token_above_200k_tokens": Decimal("0.000004"),
        "input_cost_per_token_batches": Decimal("0.000001"),
    }
    assert not model.synced


DATED = (
    "ModelInfo(id='m', match=ClauseEquals(equals='m'), prices=[ConditionalPrice(prices=ModelPrice("
    "input_mtok=Decimal('1'))), ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2026, 7, 1)), "
    "prices=ModelPrice(input_mtok=Decimal('2'))), ConditionalPrice(constraint=TimeOfDateConstraint("
    "start_time=datetime.time(1, 0, tzinfo=datetime.UTC), end_time=datetime.time(4, 0, tzinfo=datetime.UTC)), "
    "prices=ModelPrice(input_mtok=Decimal('3')))])"
)


@pytest.mark.parametrize(("today", "price"), [("2026-06-30", "0.000001"), ("2026-07-01", "0.000002")])
def test_genai_prices_of_a_day(today, price):
    """A start date holds from its day on; prices of hours of the day stay apart."""
    model = one(DATED, today)
    assert model.prices == {"input_cost_per_token": Decimal(price)}
    assert model.peak == {"input_cost_per_token": Decimal("0.000003")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ModelInfo(id=__import__('os').getcwd(), match=None, prices=ModelPrice())", "is no literal"),
        ("ModelInfo(id='a' + 'b', match=None, prices=ModelPrice())", "is no literal"),
        ("[x for x in y]", "is no literal"),
        (
            "ModelInfo(id='m', match=ClauseEquals(equals='m'), prices=ModelPrice(input_furlongs=Decimal('1')))",
            "furlongs",
        ),
    ],
)
def test_genai_refuses_what_it_does_not_know(text, message):
    """Neither code nor a new kind of price slips through."""
    with pytest.raises(ValueError, match=message):
        genai.read(module(text), "2026-06-15")


def test_genai_needs_its_list():
    """A module of another shape is an error, not an empty list."""
    with pytest.raises(ValueError, match="no list named 'providers'"):
        genai.read(b"models: list = []", "2026-06-15")


def test_model_prices_of_a_day():
    """The last row that has started, per plan, with its tiers, its source and its state."""

    def row(price, start, basis="models.dev commit"):
        rates = {"input": price, "output": 2 * price, "source": f"https://{price}", "valid_from_basis": basis}
        return {"start": start, "rates": {**rates, "valid_from": start, "tiers": [{"above": 200000, "input": 9}]}}

    snapshot = {
        "updated_at": "2026-06-10T00:00:00Z",
        "status": {"acme": {"old": "removed"}},
        "prices": {
            "acme": {
                "m": {
                    "standard": [row(1, None), row(2, "2026-06-01T00:00:00Z", "documented"), row(3, "2026-07-01")],
                    "batch": [{"start": None, "rates": None}, row(0.5, "2026-01-01")],
                    "fast": [row(7, None)],
                },
                "old": {"standard": [row(4, None)]},
                "never": {"standard": [{"start": None, "rates": None}]},
            }
        },
    }
    (m, old), day = model_prices.read(json.dumps(snapshot).encode(), "2026-06-15")
    assert day == "2026-06-10"
    assert m.prices == {
        "input_cost_per_token": Decimal(2) / 10**6,
        "output_cost_per_token": Decimal(4) / 10**6,
        "input_cost_per_token_above_200k_tokens": Decimal(9) / 10**6,
        "input_cost_per_token_batches": Decimal("0.5") / 10**6,
        "output_cost_per_token_batches": Decimal(1) / 10**6,
        "input_cost_per_token_above_200k_tokens_batches": Decimal(9) / 10**6,
    }
    assert (m.url, m.documented, m.status) == ("https://2", True, "")
    assert (old.id, old.status) == ("old", "removed")


@pytest.mark.parametrize(
    ("name", "meter"),
    [
        ("gpt 4o 0806 cached Inp glbl Tokens", ("gpt-4o-0806", "global", "cache_read_input_token_cost")),
        ("gpt-4o-0806-Batch-Outp-glbl Tokens", ("gpt-4o-0806", "global", "output_cost_per_token_batches")),
        (
            "5.6 sol ShortCo Cd Wr PP Gl 1M Tokens",
            ("gpt-5.6-sol", "global", "cache_creation_input_token_cost_priority"),
        ),
        ("5.4 longco batch inp Gl 1M Tokens", ("gpt-5.4", "global", "input_cost_per_token_above_272k_tokens_batches")),
        (
            "GPT 5 Nano Batch Inpt cchd Dzone 1M Tokens",
            ("gpt-5-nano", "data zone", "cache_read_input_token_cost_batches"),
        ),
        ("o1 1217 Outp Data Zone Tokens", ("o1-1217", "data zone", "output_cost_per_token")),
        ("text embedding 3 large DZ Tokens", ("text-embedding-3-large", "data zone", "input_cost_per_token")),
        ("embedding-ada-regional Tokens", ("embedding-ada", "regional", "input_cost_per_token")),
        ("gpt-4.1-nano-ft input global Tokens", None),
        ("gpt-4o-mini-tts-aud-out-glbl Tokens", None),
        ("gpt-4o-ft model grader input Tokens", None),
        ("Provisioned Throughput - Available Unit", None),
        ("Code-Interpreter-global Session", None),
    ],
)
def test_meter_names(name, meter):
    """Known words give direction, tier and place; what remains is the model; other kinds of meters are not read."""
    assert azure.parse_meter(name) == meter


def test_meters_by_region():
    """Prices that depend on the region stand side by side; a free meter is no price."""

    def item(name, price, unit="1K", product="Azure OpenAI"):
        return {"meterName": name, "retailPrice": price, "unitOfMeasure": unit, "productName": product}

    items = [
        item("gpt 4.1 Inp glbl Tokens", 0.002),
        item("gpt 4.1 Inp regnl Tokens", 0.0022),
        item("gpt 4.1 Inp regnl Tokens", 0.00242),
        item("GPT 5 outpt Glbl 1M Tokens", 10.0, "1M", "Azure OpenAI GPT5"),
        item("gpt 4.1 Outp glbl Tokens", 0.0),
        item("gpt 4.1 Outp glbl Tokens", 0.008, product="Azure Grok Models"),
    ]
    prices, day = azure.read(json.dumps({"fetched_at": "2026-08-11T00:00:00", "items": items}).encode())
    assert day == "2026-08-11"
    assert prices == {
        ("gpt-4.1", "global", "input_cost_per_token"): (Decimal("0.000002"),),
        ("gpt-4.1", "regional", "input_cost_per_token"): (Decimal("0.0000022"), Decimal("0.00000242")),
        ("gpt-5", "global", "output_cost_per_token"): (Decimal("0.00001"),),
    }


def test_ledger():
    """Only prices are read, with the commit's id."""
    rows = [
        ["2026-02-01", "price", "input_cost_per_token", 1e-06, 2e-06, "", 0],
        ["2026-01-01", "added", "", None, None, "", 1],
    ]
    data = gzip.compress(json.dumps({"events": {"m": rows, "n": []}, "sources": ["abc", "def"]}).encode())
    assert ledger.read(data) == {
        "m": [ledger.LedgerEvent("2026-02-01", "input_cost_per_token", Decimal("1e-06"), Decimal("2e-06"), "abc")]
    }


def test_ledger_is_replayed_against_releases():
    """An event that explains a difference counts; a release may have been cut days before its upload."""
    key = "input_cost_per_token"
    events = {"m": [ledger.LedgerEvent("2026-02-20", key, Decimal("1e-06"), Decimal("2e-06"), "abc")]}
    old, new = {"m": {key: 1e-06}, "n": {key: 5e-06}}, {"m": {key: 2e-06}, "n": {key: 6e-06}}
    assert ledger.replay(events, old, new, "2026-02-25") == (2, 1)
    assert ledger.replay(events, old, new, "2026-04-01") == (2, 0)
    assert ledger.replay(events, new, new, "2026-02-25") == (0, 0)


def test_a_price_that_a_float_loses_stays_its_text():
    """1e-400 USD is below the least float above 0: as a float it would be a price of 0."""
    row = b'{"m": {"litellm_provider": "openai", "input_cost_per_token": 1e-400, "output_cost_per_token": 2e-06}}'
    found = litellm.read(row).models["m"]
    assert (found["input_cost_per_token"], found["output_cost_per_token"]) == ("1e-400", 2e-06)
