"""E58: an installed llmcost takes the files that are built."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from tools.prices.update_check import check_update
from tools.prices.write import one_per_line

IN, OUT = "input_cost_per_token", "output_cost_per_token"
GOOD = {"litellm_provider": "acme", "mode": "chat", IN: 1e-06, OUT: 5e-06}
ROW = {"from": "2026-01-01", "conf": "high", "src": "x"}


@pytest.mark.parametrize(
    ("entry", "row", "hit"),
    [
        (GOOD, {**ROW, IN: [2e-06, 1e-06]}, False),
        ({**GOOD, IN: -1.0}, {**ROW, OUT: [2e-06, 5e-06]}, True),
        (GOOD, {**ROW, IN: [-1.0, 1e-06]}, True),
    ],
)
def test_the_updater_takes_the_files(entry, row, hit):
    """E58: the prices and every epoch of the history, as an installed package checks them."""
    files = {
        "model_prices.json": one_per_line({"acme/m": entry}),
        "price_history.json": one_per_line({"acme/m": [row]}, sort_keys=False),
        "provenance.json": one_per_line({"acme/m": {}}),
    }
    info = {"as_of": "2020-01-01", "sha256": {name: _sha256(data) for name, data in files.items()}}
    found = check_update({**files, "map_info.json": json.dumps(info).encode()})
    assert [finding.code for finding in found] == (["E58"] if hit else [])


def _sha256(data):
    return sha256(data).hexdigest()
