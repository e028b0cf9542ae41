"""The rules between entries: batch prices, Bedrock's and Azure's places, Fireworks' two names."""

from __future__ import annotations

import pytest

from tools.prices.validate import check_models

IN, OUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"


def codes(models):
    return {(finding.code, finding.model_id) for finding in check_models(models) if finding.code in _CODES}


_CODES = {"E50", "E51", "E70", "W52"}


def row(provider, price=1e-06, **more):
    return {"litellm_provider": provider, "mode": "chat", IN: price, OUT: price * 5, "source": "https://x.test"} | more


@pytest.mark.parametrize(
    ("provider", "keys", "hit"),
    [
        ("vertex_ai-anthropic_models", {f"{IN}_batches": 5e-07}, False),
        ("vertex_ai-anthropic_models", {f"{IN}_batches": 6.25e-07}, True),
        # Rounded to a cent per million: a half of 0.25 is 0.125, the list says 0.13.
        ("openai", {READ: 2.5e-07, f"{READ}_batches": 1.3e-07}, False),
        ("openai", {READ: 2.5e-07, f"{READ}_batches": 1.4e-07}, True),
        # A cache read may stay at its price; an output may not.
        ("gemini", {READ: 1e-07, f"{READ}_batches": 1e-07}, False),
        ("gemini", {f"{OUT}_batches": 5e-06}, True),
        # A seller who documents no factor is not judged.
        ("xai", {f"{IN}_batches": 8e-07}, False),
        ("openai", {f"{IN}_batches": 8e-07, "retired_on": "2026-01-01"}, False),
    ],
)
def test_a_batch_is_the_documented_part(provider, keys, hit):
    """E50: half of the standard price, where the seller says so."""
    assert codes({"m": row(provider, **keys)}) == ({("E50", "m")} if hit else set())


def test_fine_tuned_models_have_a_list_of_their_own():
    """E50: OpenAI lists what their batches cost one by one."""
    assert codes({"ft:m": row("openai", **{f"{IN}_batches": 8e-07})}) == set()


@pytest.mark.parametrize(
    ("own", "others", "hit"),
    [
        (1e-06, {"global.": 1e-06, "us.": 1.1e-06}, True),
        (1.1e-06, {"global.": 1e-06, "us.": 1.1e-06}, False),
        (1e-06, {"global.": 1e-06, "bedrock_mantle/": 1.1e-06}, True),
        # A family with one price, and one whose other price is not known.
        (1e-06, {"global.": 1e-06, "us.": 1e-06}, False),
        (1e-06, {"global.": 1e-06}, False),
        (1e-06, {"us.": 1.1e-06}, False),
    ],
)
def test_a_bare_id_is_a_call_within_a_region(own, others, hit):
    """E51: where a model has two prices, the bare id has that of a region, 1.1 times the global one."""
    models = {"maker.m": row("bedrock_converse", own)}
    models |= {f"{place}maker.m": row("bedrock_converse", price) for place, price in others.items()}
    assert codes(models) == ({("E51", "maker.m")} if hit else set())


@pytest.mark.parametrize(("price", "hit"), [(1e-06, False), (1.1e-06, False), (1.2e-06, True), (0.9e-06, True)])
def test_a_data_zone_of_azure(price, hit):
    """W52: as much as global, or 1.1 times as much."""
    assert codes({"azure/m": row("azure"), "azure/eu/m": row("azure", price)}) == (
        {("W52", "azure/eu/m")} if hit else set()
    )


@pytest.mark.parametrize(
    ("short", "hit"),
    [(row("fireworks_ai"), False), (row("fireworks_ai", 2e-06), True), (row("fireworks_ai", **{READ: 1e-07}), True)],
)
def test_an_id_of_fireworks_without_the_account(short, hit):
    """E70: it is the same model, so that input, output and cached input cost the same."""
    whole = "fireworks_ai/accounts/fireworks/models/m"
    assert codes({whole: row("fireworks_ai"), "fireworks_ai/m": short}) == ({("E70", whole)} if hit else set())
