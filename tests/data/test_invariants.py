"""The invariants of the committed data files: E rules hold unless an id is allowed with a reason."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import llmcost
from llmcost.core.call import Call
from llmcost.core.tariff import tariff_of
from llmcost.core.tiers import STANDARD
from tools.prices import held
from tools.prices.aliases import split
from tools.prices.build import HERE
from tools.prices.fetch import load_lock
from tools.prices.findings import not_allowed, read_allowed
from tools.prices.held import read_holds, text_of
from tools.prices.overrides import place_of
from tools.prices.promises import NEWEST, check_followers, check_free, check_newest, check_promises
from tools.prices.toml import read_toml
from tools.prices.update_check import check_update
from tools.prices.validate import check_aliases, check_history, check_layout, check_models

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = ("model_prices.json", "price_history.json", "provenance.json")
CONFIDENCES = {"confirmed2", "confirmed1", "single", "disputed"}


@pytest.fixture(scope="module")
def rows():
    return json.loads((DATA / "model_prices.json").read_bytes())


@pytest.fixture(scope="module")
def models(rows):
    return split(rows)[0]


@pytest.fixture(scope="module")
def aliases(rows):
    return split(rows)[1]


@pytest.fixture(scope="module")
def history():
    return json.loads((DATA / "price_history.json").read_bytes())


@pytest.fixture(scope="module")
def provenance():
    return json.loads((DATA / "provenance.json").read_bytes())


@pytest.fixture(scope="module")
def today():
    return load_lock(HERE / "inputs.lock.json").today


@pytest.fixture(scope="module")
def findings(models, aliases, history, provenance, today):
    spoken = {name: record["note"] for name, record in provenance.items() if "note" in record}
    found = check_models(models) + check_layout((DATA / "model_prices.json").read_bytes())
    found += check_aliases(aliases, models) + check_history(models, history, today)
    found += check_promises(models, history, spoken, today) + check_followers(models, history, today)
    found += check_free(models) + check_newest(models, HERE / NEWEST, today)[0]
    return found + check_update({file.name: file.read_bytes() for file in DATA.glob("*.json")})


def test_no_error_is_left(findings, today):
    """Every E finding is allowed by id and with a reason."""
    errors, _ = not_allowed(findings, read_allowed(HERE / "allowed.toml", today)[0])
    assert [str(error) for error in errors] == []


def test_every_allowance_is_needed(findings, today):
    """An allowance that nothing needs would hide the next slip; one that has ended is read again."""
    allowed, outdated = read_allowed(HERE / "allowed.toml", today)
    assert not_allowed(findings, allowed)[1] == []
    assert outdated == []
    assert all(len(reason) > 10 for reason in allowed.values())


def test_what_is_held_back(models, today):
    """The kept price stands in the map, the refused one does not, and no hold has ended."""
    for rule in read_holds(HERE / held.NAME):
        assert rule.until >= today
        assert rule.kept != rule.refused
        assert text_of(models.get(rule.id), rule.key) == rule.kept


def test_the_newest_models_are_in_the_map(models, today):
    """The list was read lately enough, and names three models a maker."""
    found, outdated = check_newest(models, HERE / NEWEST, today)
    assert (found, outdated) == ([], [])
    assert all(len(rule["models"]) == 3 for rule in read_toml(HERE / NEWEST)["maker"])


def test_aliases(aliases, models):
    """LiteLLM's names of the newest of a line, each of a row."""
    assert len(aliases) >= 98
    assert aliases["claude-opus-latest"] == "claude-opus-5-5"
    assert aliases["moonshot/kimi-latest"] == "moonshot/kimi-k3"
    assert set(aliases.values()) <= models.keys()


def test_warnings_do_not_creep_up(findings):
    """The counts of what is merely odd; a rise needs a look, and this line."""
    counts = Counter(finding.code for finding in findings if finding.code.startswith("W"))
    most = {
        "W13": 190,
        "W16": 26,
        "W17": 23,
        "W20": 21,
        "W21": 44,
        "W23": 19,
        "W26": 4,
        "W27": 27,
        "W28": 185,
        "W29": 28,
        "W34": 1700,
        "W36": 24,
        "W52": 7,
        "W54": 20,
        "W57": 1,
        "W66": 870,
        "W68": 112,
    }
    assert {code: count for code, count in counts.items() if count > most.get(code, 0)} == {}


def test_size(models, aliases):
    """At least 7,000 models of at least 140 providers, OpenRouter and the retired ones among them; aliases are none."""
    assert len(models) >= 7000
    info = json.loads((DATA / "map_info.json").read_bytes())
    assert (info["models"], info["aliases"]) == (len(models), len(aliases))
    assert len({entry["litellm_provider"] for entry in models.values()}) >= 140
    assert sum(name.startswith("openrouter/") for name in models) >= 900
    assert sum("retired_on" in entry for entry in models.values()) >= 600


@pytest.mark.parametrize("name", FILES)
def test_one_model_per_line_and_sorted(name):
    """A model is found without parsing the rest, and a change of one is a change of one line."""
    lines = (DATA / name).read_text("utf-8").split("\n")
    assert (lines[0], lines[-2:]) == ("{", ["}", ""])
    ids = [next(iter(json.loads("{" + line.removesuffix(",") + "}"))) for line in lines[1:-2]]
    assert ids == sorted(ids)
    assert ids == list(json.loads((DATA / name).read_bytes()))


def test_every_zero_is_free_or_beside_a_price(models):
    """No entry of zeros alone, and nothing that is free has a price."""
    for name, entry in models.items():
        prices = [value for key, value in entry.items() if "cost" in key and isinstance(value, float)]
        assert not prices or any(prices) or entry.get("free") is True, name
        assert not (entry.get("free") and any(prices)), name


def test_a_rate_of_zero_beside_prices_is_explained(models, provenance):
    """Where it is billed by, the line says that it may be a gap, unless the provenance says why it is none."""
    prices = llmcost.CostMap()
    silent, spoken = [], 0
    for name, entry in models.items():
        cells = () if entry.get("free") else prices.rate_card(name).cells.values()
        if not any(rate.numerator for rate in cells):
            continue
        for rate in cells:
            conditions = dict(rate.conditions)
            call = Call(conditions.get("context", 0) + 1, conditions.get("tier", STANDARD), quantities={})
            priced = tariff_of(prices.rate_card(name), call).price(rate.meter)
            if rate.numerator or priced is None or priced.rate is not rate:
                continue
            spoken += 1
            if "zero_rate" not in {note.code for note in priced.notes} and not provenance[name].get("note"):
                silent.append((name, rate.price_key))
    assert silent == []
    assert spoken > 300


def test_what_is_free(models):
    """Local runtimes, moderation and the :free variants are free; subscriptions and unknown prices are not."""
    for name in ("ollama/llama3", "omni-moderation-latest", "gemini/gemma-4-31b-it", "zai/glm-4.7-flash"):
        assert models[name]["free"] is True, name
    for name in ("command-a-plus-05-2026", "publicai/swiss-ai/apertus-8b-instruct", "microsoft_365_copilot/chat"):
        assert "free" not in models[name], name
        assert not any("cost" in key for key in models[name]), name
    assert all(
        entry.get("free") for name, entry in models.items() if name.endswith(":free") and "retired_on" not in entry
    )


def test_price_valid_until(models, history):
    """The promised ends: OpenAI's promotion, Google's introductory prices, one day before each scheduled change."""
    assert models["gpt-5.6-sol"]["price_valid_until"] == "2026-11-21"
    assert models["gemini/gemini-4-argon"]["price_valid_until"] == "2026-11-30"
    assert models["vertex_ai/gemini-3.6-flash"]["price_valid_until"] == "2026-12-31"
    today = load_lock(HERE / "inputs.lock.json").today
    scheduled = {name for name, rows in history.items() if any(row["from"][:10] > today for row in rows)}
    assert scheduled
    assert all("price_valid_until" in models[name] for name in scheduled)


def test_provenance_covers_every_model(models, provenance):
    """Every entry says where its price comes from; every priced one how sure that is."""
    assert provenance.keys() == models.keys()
    for name, record in provenance.items():
        assert record["source"]
        assert date.fromisoformat(record["as_of"])
        priced = (
            any("cost" in key for key in models[name]) or "free" in models[name] or "tiered_pricing" in models[name]
        )
        assert (record.get("confidence") in CONFIDENCES) == priced, name
        if record.get("confidence") == "confirmed2":
            assert len(record["agree"]) >= 2, name
        if record.get("confidence") == "disputed":
            assert record.get("differ") or record.get("note"), name


def test_corrections_are_marked(models, provenance):
    """Each override leaves the corrected keys, the page, the day and the replaced value in the provenance."""
    rules = read_toml(HERE / "overrides.toml")["override"]
    assert len(rules) >= 15
    for rule in rules:
        for name in rule["ids"]:
            record = provenance[name]
            assert rule["keys"].keys() <= set(record["corrected"]), name
            assert record["url"].startswith("https://")
            for key, (expected, value) in rule["keys"].items():
                place, written = place_of(models[name], key)
                assert place.get(written) == (None if value == "none" else float(value)), (name, key)
                replaced = next(iter(record["differ"].values()))[key]
                assert replaced == (None if expected == "none" else float(expected)), (name, key)


def test_overrides_are_not_old():
    """W45: an override that is older than 60 days on the day of the build is due to be read again."""
    today = date.fromisoformat(load_lock(HERE / "inputs.lock.json").today)
    rules = read_toml(HERE / "overrides.toml")["override"]
    old = [rule["ids"][0] for rule in rules if (today - date.fromisoformat(rule["checked"])).days > 60]
    assert old == []


@pytest.mark.parametrize(
    ("name", "key", "wrong"),
    [
        ("mistral/mistral-large-4", "input_cost_per_token", 1.36e-06),
        ("azure/text-embedding-3-large", "input_cost_per_token", 1.43e-07),
        ("azure/gpt-4-turbo", "output_cost_per_token", 3.3e-05),
        ("gpt-4o-mini-tts", "output_cost_per_token", 1e-05),
        ("azure_ai/jais-30b-chat", "input_cost_per_token", 0.0032),
        ("watsonx/core42/jais-13b-chat", "output_cost_per_token", 0.002),
        ("cloudflare/@cf/mistral/mistral-7b-instruct-v0.1", "input_cost_per_token", 1.923e-06),
        ("fireworks_ai/accounts/fireworks/models/SSD-1B", "input_cost_per_token", 1.3e-10),
        ("deepseek/deepseek-chat", "input_cost_per_token", 2.8e-07),
        ("azure/us/gpt-4o", "cache_creation_input_token_cost", 1.38e-06),
    ],
)
def test_known_errors_are_gone(models, name, key, wrong):
    """Values of upstream that the study of the sources found wrong."""
    assert models[name].get(key) != wrong


@pytest.mark.parametrize("name", ["gpt-5.6-sol", "oci/xai.grok-code-fast-1", "openinfer/@oi/Qwen3.5-9B"])
def test_open_questions_are_marked(provenance, name):
    """Where no source can settle a price, it is disputed and says why."""
    assert provenance[name]["confidence"] == "disputed"
    assert len(provenance[name]["note"]) > 20
