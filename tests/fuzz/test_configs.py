"""Whatever stands in a file, it is read or refused with a ConfigError; nothing else comes out."""

from __future__ import annotations

import os
import random
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmcost import ConfigError, CostMap

PUBLIC = sorted((Path(__file__).parents[1] / "config" / "public").glob("*.yaml"))
PRICES = CostMap(
    {"gpt-4o": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "openai"}}
)
KEYS = st.sampled_from(
    [
        "model_list",
        "model_name",
        "litellm_params",
        "model_info",
        "model",
        "base_model",
        "id",
        "llmcost",
        "replace",
        "discount",
        "margin",
        "percentage",
        "fixed_amount",
        "multiplier",
        "router_settings",
        "model_group_alias",
        "litellm_settings",
        "cost_discount_config",
        "cost_margin_config",
        "include",
        "environment_variables",
        "input_cost_per_token",
        "input_cost_per_tokn",
        "tiered_pricing",
        "range",
        "off_peak_pricing",
        "windows",
        "hours_utc",
        "weekdays",
        "search_context_cost_per_query",
        "provider_specific_entry",
        "currency",
        "mode",
        "global",
        "openai",
        "geo_multiplier",
        "guardrail_cost_per_unit",
        "regional_processing_uplift_multiplier_eu",
        "aws_region_name",
        "",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["gpt-4o", "openai/*", "*", "os.environ/LLMCOST_TEST_UNSET", "os.environ/", "1e-6", "free"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=25,
)
DEPLOYMENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.one_of(VALUES, st.dictionaries(KEYS, VALUES, max_size=6))
            for key in ("model_name", "litellm_params", "model_info")
        },
    ),
    max_size=4,
)


def read(config):
    """Read a configuration, and use what was read; a ConfigError is an answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prices = None
        try:
            prices = PRICES.with_config(config)
        except ConfigError as error:
            problems = error.problems
        else:
            problems = ()
    if prices is None:
        assert problems
        return None
    for deployment in prices.deployments:
        assert isinstance(deployment.alias, str)
        assert isinstance(deployment.backend, str)
    return prices


@given(
    st.one_of(
        VALUES.map(lambda value: {"model_list": value}),
        st.dictionaries(KEYS, VALUES, max_size=6),
        DEPLOYMENTS.map(lambda value: {"model_list": value}),
    )
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mapping(config):
    """Every shape of values under the keys that are read."""
    read(config)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text(text):
    """Every text, as the content of a file."""
    read(text + "\n")


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(tmp_path_factory, data):
    """Every file."""
    path = tmp_path_factory.mktemp("fuzz") / "config.yaml"
    path.write_bytes(data)
    read(path)


def damaged(text, rng):
    """Return a configuration with a few characters or lines moved, dropped, doubled or replaced."""
    lines = text.splitlines()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        kind = rng.randrange(6)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[rng.randrange(len(lines))] if lines else "")
        elif kind == 2:
            lines[at] = " " * rng.randint(0, 8) + lines[at].strip()
        elif kind == 3:
            spot = rng.randint(0, len(lines[at]))
            lines[at] = lines[at][:spot] + rng.choice(":-[]{}&*!|>'\"%@`#,?\t\x00é👈") + lines[at][spot:]
        elif kind == 4:
            lines[at] = lines[at].replace("0", rng.choice(["-", "e", "", "99999999999999999999", ".nan", "1_0"]), 1)
        else:
            lines[at] = lines[at][: rng.randint(0, len(lines[at]))]
        lines = lines or [""]
    return "\n".join(lines) + "\n"


def read_damaged(rounds, first=0):
    read_whole = 0
    for seed in range(first, first + rounds):
        rng = random.Random(seed)
        text = PUBLIC[seed % len(PUBLIC)].read_text(encoding="utf-8")
        read_whole += read(damaged(text, rng)) is not None
    return read_whole


def test_damaged_configurations():
    """Real configurations with small damages: many are still read, the others refused."""
    assert 0 < read_damaged(240) < 240


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_many_damaged_configurations(capsys):
    """The long form: ``LLMCOST_FUZZ`` says how many, ``LLMCOST_FUZZ_SEED`` which ones."""
    many, first = int(os.environ.get("LLMCOST_FUZZ", "20_000")), int(os.environ.get("LLMCOST_FUZZ_SEED", "0")) * 10**9
    read_whole = read_damaged(many, first)
    assert 0 < read_whole < many
    with capsys.disabled():
        print(f"\nconfigurations: seeds {first} to {first + many - 1}: {read_whole} read, the others refused")
