"""Each invariant is hit by an entry that breaks it, and not by its neighbour on the right side."""

from __future__ import annotations

import pytest

from tools.prices.findings import Finding, not_allowed, read_allowed
from tools.prices.validate import check_aliases, check_layout, check_models

GOOD = {
    "litellm_provider": "acme",
    "mode": "chat",
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 5e-06,
    "source": "https://acme.test",
}
IN, OUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
WRITE = "cache_creation_input_token_cost"
AUDIO, AUDIO_WRITE = "input_cost_per_audio_token", "cache_creation_input_audio_token_cost"


def codes(changes, name="acme/m"):
    entry = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return {finding.code for finding in check_models({name: entry})}


def test_a_good_entry_is_not_hit():
    """The base of all cases below breaks nothing."""
    assert codes({}) == set()


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [
        ("E03", {"litellm_provider": ""}, {"litellm_provider": "acme"}),
        ("E04", {"mode": "telepathy"}, {"mode": "rerank"}),
        ("E05", {"tiered_pricing": "dear"}, {"tiered_pricing": [{"range": [0, 9], IN: 1e-06}]}),
        ("W68", {"input_cost_per_furlong": 1.0}, {"input_cost_per_query": 1.0}),
        ("E06", {IN: "1e-06"}, {IN: 1e-06}),
        ("E07", {IN: -1e-06}, {IN: 1e-06}),
        ("E07", {"search_context_cost_per_query": {"search_context_size_low": float("nan")}}, {}),
        ("E08", {OUT: 601e-6}, {OUT: 600e-6}),
        ("E09", {IN: 9e-10, OUT: 9e-09}, {IN: 1e-09, OUT: 9e-09}),
        ("W10", {"output_cost_per_second": 5.1}, {"output_cost_per_second": 5.0}),
        ("W11", {"output_cost_per_image": 2.1}, {"output_cost_per_image": 2.0}),
        ("E12", {OUT: None}, {OUT: None, "mode": "embedding"}),
        ("W13", {IN: None, OUT: None}, {IN: None, OUT: None, "free": True}),
        ("E14", {IN: 0.0, OUT: 0.0}, {IN: 0.0, OUT: 0.0, "free": True}),
        ("E14", {"free": True}, {}),
        ("E15", {OUT: 0.9e-06}, {OUT: 1e-06}),
        ("W16", {OUT: 12.6e-06}, {OUT: 12.5e-06}),
        ("W17", {OUT: 0.0}, {OUT: 1e-06}),
        ("E18", {READ: 1.1e-06}, {READ: 1e-06}),
        ("W54", {READ: 0.0}, {READ: 1e-07}),
        ("W20", {READ: 1.4e-08}, {READ: 1.5e-08}),
        ("W21", {WRITE: 2.1e-06}, {WRITE: 2e-06}),
        ("W21", {WRITE: 0.9e-06}, {WRITE: 1.25e-06}),
        ("W22", {f"{WRITE}_above_1hr": 3e-06}, {f"{WRITE}_above_1hr": 2e-06}),
        ("W23", {f"{READ}_above_200k_tokens": 1e-07}, {READ: 1e-07, f"{READ}_above_200k_tokens": 1e-07}),
        ("E24", {f"{IN}_above_200k_tokens": 5.1e-06}, {f"{IN}_above_200k_tokens": 5e-06}),
        ("E24", {f"{IN}_above_200k_tokens": 0.9e-06}, {f"{IN}_above_200k_tokens": 1e-06}),
        ("E25", {f"{IN}_batches": 1.1e-06}, {f"{IN}_batches": 1e-06}),
        ("E25", {f"{IN}_flex": 1.9e-07}, {f"{IN}_flex": 2e-07}),
        ("E25", {f"{IN}_priority": 50e-06}, {f"{IN}_priority": 4e-06}),
        ("E25", {f"{IN}_ultrafast": 8.1e-06}, {f"{IN}_ultrafast": 8e-06}),
        ("W26", {f"{READ}_flex": 1e-07}, {f"{IN}_flex": 5e-07}),
        (
            "W27",
            {f"{IN}_above_100k_tokens": 2e-06, f"{IN}_above_200k_tokens": 3e-06},
            {f"{IN}_above_200k_tokens": 3e-06},
        ),
        (
            "W28",
            {f"{IN}_above_200k_tokens": 2e-06, "max_input_tokens": 200_000},
            {f"{IN}_above_200k_tokens": 2e-06, "max_input_tokens": 200_001},
        ),
        (
            "W29",
            {f"{IN}_above_200k_tokens": 2e-06, READ: 1e-07},
            {f"{IN}_above_200k_tokens": 2e-06, READ: 1e-07, f"{READ}_above_200k_tokens": 2e-07},
        ),
        (
            "W30",
            {f"{IN}_above_200k_tokens": 2e-06},
            {f"{IN}_above_200k_tokens": 2e-06, f"{OUT}_above_200k_tokens": 5e-06},
        ),
        ("E31", {"max_tokens": 1.5}, {"max_tokens": 1}),
        ("E31", {"max_tokens": 20_000_001}, {"max_tokens": 20_000_000}),
        ("E32", {"retired_on": "2026-02-30"}, {"retired_on": "2026-02-28"}),
        (
            "W33",
            {"tiered_pricing": [{"range": [0, 9], IN: 1e-06}, {"range": [20, 30], IN: 2e-06}]},
            {"tiered_pricing": [{"range": [0, 9], IN: 1e-06}, {"range": [9, 30], IN: 2e-06}]},
        ),
        ("W34", {"source": "their page"}, {"source": "https://acme.test"}),
        ("E53", {"input_cost_per_token_cache_hit": 1e-07}, {READ: 1e-07}),
        ("E60", {"litellm_provider": "openai", WRITE: 0.9e-06}, {"litellm_provider": "openai", WRITE: 1.25e-06}),
        ("E60", {"litellm_provider": "azure", WRITE: 0.9e-06}, {WRITE: 0.9e-06}),
        ("E60", {"litellm_provider": "anthropic", AUDIO: 3e-05, AUDIO_WRITE: 4e-07}, {"litellm_provider": "anthropic"}),
        ("E69", {"input_cost_per_character": 1.1e-06}, {"input_cost_per_character": 1e-06}),
        ("E69", {"output_cost_per_character": 1.6e-05}, {"output_cost_per_character": 5e-07}),
        ("W66", {"source": "https://api.acme.test/prices"}, {"source": "https://acme.test/api"}),
        ("W66", {"source": "https://acme.test/prices.json"}, {"source": "https://acme.test/v1/models/m"}),
    ],
)
def test_both_sides(code, wrong, right):
    """The rule finds what is wrong, and only that."""
    assert code in codes(wrong)
    assert code not in codes(right)


def test_ids_that_differ_in_case():
    """E02: a reader that folds case could not tell them apart."""
    found = check_models({"acme/M": GOOD, "acme/m": GOOD})
    assert [str(finding) for finding in found] == ["E02 acme/m: differs from acme/M only in case"]


def test_an_id_that_stands_twice():
    """E01: JSON would keep the last of the two in silence."""
    data = b'{\n"a":{"litellm_provider":"x"},\n"b":{"litellm_provider":"x"},\n"a":{"litellm_provider":"y"}\n}\n'
    assert check_layout(data) == [Finding("E01", "a", "2 times")]
    assert check_layout(b'{\n"a":{"litellm_provider":"x"}\n}\n') == []


@pytest.mark.parametrize(("price", "hit"), [(7.9e-06, False), (8e-06, True)])
def test_far_from_the_same_model_elsewhere(price, hit):
    """W36: 8 times the median of the model at three sellers and more."""
    models = {f"{name}/m": {**GOOD, "litellm_provider": name} for name in ("a", "b", "c")}
    models["d/m"] = {**GOOD, "litellm_provider": "d", IN: price, OUT: 5 * price}
    assert ("W36" in {finding.code for finding in check_models(models)}) is hit


@pytest.mark.parametrize(("price", "hit"), [(1e-06, False), (2e-06, True)])
def test_an_alias_has_the_price_of_a_sibling(price, hit):
    """E44: `-latest` is one of the dated models; one without siblings is not judged."""
    models = {"acme/m-latest": {**GOOD, IN: price}, "acme/m-2026-01-01": GOOD, "acme/n-latest": GOOD}
    assert ([finding.model_id for finding in check_models(models)] == ["acme/m-latest"]) is hit


def test_allowances(tmp_path):
    """An allowance covers one rule of one id; one that nothing needs is told."""
    path = tmp_path / "allowed.toml"
    path.write_text('[[allow]]\ncode = "E15"\nids = ["a", "b"]\nwhy = "so it is"\nexpires = "2026-03-01"\n')
    findings = [Finding("E15", "a", ""), Finding("E18", "a", ""), Finding("W13", "c", "")]
    allowed, outdated = read_allowed(path, "2026-03-01")
    errors, unused = not_allowed(findings, allowed)
    assert outdated == []
    assert errors == [Finding("E18", "a", "")]
    assert unused == ["E15 b"]


@pytest.mark.parametrize(
    ("expires", "why"),
    [
        ("2026-02-28", "the rule expired on 2026-02-28: so it is"),
        ("2027-03-03", "2027-03-03 is more than 366 days away"),
        (None, "the rule states no day on which it expires"),
        ("2027-03-02", None),
    ],
)
def test_an_allowance_ends(tmp_path, expires, why):
    """By the day of the build: on its last day it holds, on the next it stops the build; a year is the longest."""
    path = tmp_path / "allowed.toml"
    end = f'expires = "{expires}"\n' if expires else ""
    path.write_text(f'[[allow]]\ncode = "E15"\nids = ["a"]\nwhy = "so it is"\n{end}')
    outdated = read_allowed(path, "2026-03-01")[1]
    assert [decision.why.partition(": ")[2] for decision in outdated] == ([why] if why else [])
    assert [decision.model_id for decision in outdated] == (["E15 a"] if why else [])


ROWS = {"acme/m": GOOD, "acme/n": GOOD}


@pytest.mark.parametrize(
    ("aliases", "fault"),
    [
        ({"acme/latest": "acme/m"}, None),
        ({"acme/latest": "acme/x"}, "no row has the name of its target"),
        ({"acme/latest": "acme/newest", "acme/newest": "acme/m"}, "its target is an alias itself"),
        ({"acme/latest": "acme/latest"}, "its target is an alias itself"),
        ({"acme/n": "acme/m"}, "a row has that name"),
    ],
)
def test_an_alias_is_one_hop_to_a_row(aliases, fault):
    """E56: no missing target, no chain, no circle, no clash."""
    name = next(iter(aliases))
    assert check_aliases(aliases, ROWS) == ([Finding("E56", name, fault)] if fault else [])
