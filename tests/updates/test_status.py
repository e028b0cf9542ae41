"""Every set that is found: its age, whether its files are sound, and which is in use."""

from __future__ import annotations

import json
import os
from hashlib import sha256

import pytest

from llmcost import PriceDataError
from llmcost.prices import places
from llmcost.updates import integrity
from llmcost.updates.status import status

MAP = b'{\n"m":{"litellm_provider":"x","input_cost_per_token":1e-06}\n}\n'


def write(folder, as_of, **facts):
    """A set of one file."""
    folder.mkdir(parents=True)
    (folder / places.MAP).write_bytes(MAP)
    info = {"version": "1", "as_of": as_of, "sizes": {places.MAP: len(MAP)}}
    info["sha256"] = {places.MAP: sha256(MAP).hexdigest()}
    (folder / places.INFO).write_text(json.dumps(info | facts))
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch, no_updates):
    """A package of 2026-11-10, and a folder on the path."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-26")
    package = write(tmp_path / "package", "2026-11-10")
    monkeypatch.setattr(places, "PACKAGED", type(places.PACKAGED)("the bundled map", (f"{package}{os.sep}",)))
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path


def test_the_wheel_and_the_package(here):
    """The one in use comes first and says why; both are sound."""
    write(here / "site" / places.WHEEL, "2026-11-20")
    found = status()
    assert [row.to_dict() for row in found] == [
        {
            "age_days": 6,
            "as_of": "2026-11-20",
            "fault": "",
            "in_use": True,
            "origin": "llm-costmap-data 1",
            "set": "data",
            "version": "1",
            "why": "the bundled map is older, of 2026-11-10",
        },
        {
            "age_days": 16,
            "as_of": "2026-11-10",
            "fault": "",
            "in_use": False,
            "origin": "the bundled map",
            "set": "package",
            "version": "1",
            "why": "",
        },
    ]
    assert [repr(row) for row in found] == [
        "<SetStatus data: llm-costmap-data 1, in use>",
        "<SetStatus package: the bundled map>",
    ]


def test_a_wheel_of_another_form_is_listed(here):
    """With what it needs; no warning, since this is where one looks."""
    write(here / "site" / places.WHEEL, "2026-11-20", format=2)
    package, wheel = status()
    assert (package.set, package.in_use, package.fault) == ("package", True, "")
    assert wheel.fault.startswith("has format 2, which llm-costmap")


def test_a_package_that_lost_a_file(here):
    """Its map is missing: no other set is there, and that is said."""
    (here / "package" / places.MAP).unlink()
    (package,) = status()
    assert "model_prices.json is not the file that was published" in package.fault


def test_a_set_without_sums_cannot_be_verified(here):
    """Nothing is claimed of it."""
    (here / "package" / places.INFO).write_text('{"as_of": "2026-11-10"}')
    with pytest.raises(PriceDataError, match="states no sha256 to compare with"):
        integrity.verify(places.PACKAGED.again())
    (package,) = status()
    assert package.fault == ""


def test_prices_of_ones_own(here, monkeypatch):
    """They are in use and state no day; the package stands after them."""
    own = here / "own.json"
    own.write_bytes(MAP)
    monkeypatch.setenv("LLMCOST_PRICES", str(own))
    found = status()
    assert [(row.set, row.in_use, row.as_of, row.age_days, row.fault) for row in found] == [
        ("own", True, "", None, ""),
        ("package", False, "2026-11-10", 16, ""),
    ]
