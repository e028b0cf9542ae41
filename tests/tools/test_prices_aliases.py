"""Other names of a row: which are kept, and which lead nowhere."""

from __future__ import annotations

import json

from tools.prices.aliases import split, usable
from tools.prices.sources.litellm import read

ROW = {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06}


def test_an_alias_is_neither_a_model_nor_left_over():
    """A map's records: models, aliases of either form, and the rest."""
    raw = {"m": {**ROW, "aliases": ["n"]}, "latest": {"alias_of": "m"}, "sample_spec": {"mode": "one of"}}
    found = read(json.dumps(raw).encode())
    assert found.models == {"m": ROW}
    assert found.aliases == {"latest": "m", "n": "m"}
    assert found.others == ["sample_spec"]


def test_aliases_that_lead_nowhere_are_left_out_and_told():
    """One hop to a row is kept; LiteLLM drops the others with a warning."""
    aliases = {"a": "m", "b": "gone", "c": "a", "m": "n"}
    kept, left_out = usable(aliases, {"m": ROW, "n": ROW})
    assert kept == {"a": "m"}
    assert left_out == [
        "b -> gone: no row has the name of its target",
        "c -> a: its target is an alias itself",
        "m -> n: a row has that name",
    ]


def test_a_price_file_is_models_and_aliases():
    """What was written apart is read apart."""
    assert split({"m": ROW, "a": {"alias_of": "m"}}) == ({"m": ROW}, {"a": "m"})
