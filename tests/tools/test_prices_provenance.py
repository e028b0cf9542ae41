"""Who agrees, who differs, and how sure that makes us."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tools.prices.fees import Fees
from tools.prices.merge import Origin
from tools.prices.overrides import Corrected
from tools.prices.provenance import Evidence, Witnesses, build_provenance
from tools.prices.sources.genai import GenaiModel
from tools.prices.sources.ledger import LedgerEvent
from tools.prices.sources.model_prices import ModelPricesModel

INPUT, OUTPUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
ENTRY = {"litellm_provider": "acme", "mode": "chat", INPUT: 1e-06, OUTPUT: 2e-06}
SAME = {INPUT: "0.000001", OUTPUT: "0.000002"}


def decimals(prices):
    return {key: Decimal(value) for key, value in prices.items()}


def listed(prices, model="m", peak=None):
    return GenaiModel(
        "acme",
        model,
        decimals(prices),
        "u",
        synced=True,
        deprecated=False,
        context_window=None,
        peak=decimals(peak or {}),
    )


def stated(prices, model="m"):
    return ModelPricesModel("acme", model, decimals(prices), "u", "")


def record(
    genai=None, first=None, *, entry=ENTRY, name="acme/m", corrected=None, ledger=None, history=None, meters=None
):
    witnesses = Witnesses(
        [genai] if genai else [], [first] if first else [], meters or {}, {}, ledger or {}, history or {}
    )
    origins = {name: Origin("litellm 1.0", "2026-01-01")}
    evidence = Evidence(origins, witnesses, corrected or Corrected(), {}, "azure-genai-prices 0.2.0")
    return build_provenance({name: entry}, evidence)[name]


OTHER = {INPUT: "0.000003", OUTPUT: "0.000002"}


@pytest.mark.parametrize(
    ("genai", "first", "confidence", "agree", "differ"),
    [
        (SAME, SAME, "confirmed2", ["genai-prices", "models.dev"], {}),
        (SAME, None, "confirmed1", ["genai-prices"], {}),
        (None, None, "single", [], {}),
        (OTHER, None, "disputed", [], {"genai-prices": {INPUT: 3e-06}}),
        (SAME, OTHER, "confirmed1", ["genai-prices"], {"models.dev": {INPUT: 3e-06}}),
        # Half a percent is rounding.
        ({INPUT: "0.0000010049"}, None, "confirmed1", ["genai-prices"], {}),
        ({INPUT: "0.0000010051"}, None, "disputed", [], {"genai-prices": {INPUT: 1.0051e-06}}),
        # A source that states no price of the entry says nothing.
        ({READ: "0.0000001"}, None, "single", [], {}),
    ],
)
def test_levels(genai, first, confidence, agree, differ):
    """Two other families, one, none, or all against."""
    found = record(genai and listed(genai), first and stated(first))
    assert found == {
        "source": "litellm 1.0",
        "as_of": "2026-01-01",
        **({"agree": agree} if agree else {}),
        **({"differ": differ} if differ else {}),
        "confidence": confidence,
    }


def test_a_dated_snapshot_falls_back_on_its_model():
    """The list of a maker often has the alias only."""
    assert record(listed(SAME), name="acme/m-2026-01-02")["agree"] == ["genai-prices"]
    assert "agree" not in record(listed(SAME), name="acme/m-large")


def test_peak_and_off_peak_both_agree():
    """A source may call the night price the price."""
    entry = {**ENTRY, "off_peak_pricing": {INPUT: 5e-07, OUTPUT: 1e-06, "hours_utc": "10:00-00:00"}}
    assert record(listed({INPUT: "0.0000005", OUTPUT: "0.000001"}), entry=entry)["agree"] == ["genai-prices"]
    peak = listed({INPUT: "9", OUTPUT: "9"}, peak=SAME)
    assert record(peak)["agree"] == ["genai-prices"]


def test_a_former_price_is_stale_and_no_objection():
    """A source that repeats what litellm or the history had before does not dispute the price of today."""
    ledger = {"acme/m": [LedgerEvent("2026-01-01", INPUT, Decimal("0.000003"), Decimal("0.000001"), "c")]}
    assert record(listed(OTHER), ledger=ledger) == {
        "source": "litellm 1.0",
        "as_of": "2026-01-01",
        "stale": ["genai-prices"],
        "confidence": "single",
    }
    history = {"acme/m": [{"from": "2026-01-01", INPUT: [3e-06, 1e-06]}]}
    assert record(listed(OTHER), history=history)["stale"] == ["genai-prices"]


def test_corrections():
    """A corrected price names its page and day, and keeps what it replaced."""
    corrected = Corrected(
        keys={"acme/m": {INPUT: "9e-06", READ: "none"}}, urls={"acme/m": ("https://a.test", "2026-02-02")}
    )
    assert record(listed(SAME), corrected=corrected) == {
        "source": "litellm 1.0",
        "as_of": "2026-02-02",
        "url": "https://a.test",
        "corrected": [READ, INPUT],
        "agree": ["genai-prices"],
        "differ": {"litellm": {READ: None, INPUT: 9e-06}},
        "confidence": "confirmed1",
    }


@pytest.mark.parametrize(
    ("corrected", "confidence"),
    [(Corrected(disputes={"acme/m": "why"}), "disputed"), (Corrected(settled={"acme/m": "why"}), "single")],
)
def test_by_hand(corrected, confidence):
    """A dispute holds whatever agrees; a settled one no longer counts."""
    genai = listed(SAME if confidence == "disputed" else OTHER)
    found = record(genai, corrected=corrected)
    assert (found["confidence"], found["note"]) == (confidence, "why")


def test_a_price_that_moves_says_why():
    """It is no dispute: the confidence is what the other sources say."""
    found = record(listed(SAME), corrected=Corrected(moving={"acme/m": "why"}))
    assert (found["confidence"], found["moves"]) == ("confirmed1", "why")
    assert "moves" not in record(listed(SAME))


def test_fees_of_tools_name_their_page():
    """A fee from the table is no correction of the model's prices: their source and day stay."""
    origins = {"acme/m": Origin("litellm 1.0", "2026-01-01")}
    page = {"file_search_cost_per_1k_calls": "https://acme.test/tools"}
    fees = Fees(written={"acme/m": page})
    evidence = Evidence(origins, Witnesses([], [], {}, {}, {}, {}), Corrected(), {}, "", fees=fees)
    plain = {"source": "litellm 1.0", "as_of": "2026-01-01", "fees": page, "confidence": "single"}
    assert build_provenance({"acme/m": ENTRY}, evidence)["acme/m"] == plain
    # A fee that replaced another one is told as a correction of that key.
    fees.replaced["acme/m"] = {"file_search_cost_per_1k_calls": 3.0}
    assert build_provenance({"acme/m": ENTRY}, evidence)["acme/m"] == plain | {
        "corrected": ["file_search_cost_per_1k_calls"],
        "differ": {"litellm": {"file_search_cost_per_1k_calls": 3.0}},
    }


def test_meters_are_a_family():
    """Microsoft's own meters confirm an azure id."""
    meters = {("m", "global", INPUT): (Decimal("0.000001"),)}
    entry = {**ENTRY, "litellm_provider": "azure"}
    assert record(entry=entry, name="azure/m", meters=meters)["agree"] == ["Microsoft meters"]


def test_an_unpriced_model_has_no_confidence():
    """There is nothing to be sure of."""
    assert "confidence" not in record(entry={"litellm_provider": "acme", "mode": "chat"})
