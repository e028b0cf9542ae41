"""The data wheel: found where an import would find it, never imported, used while it is the newest."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import zipfile

import pytest

from llmcost import CostMap, PriceDataError, StalePricesWarning, map_info
from llmcost.core import VERSION
from llmcost.prices import origin, places
from llmcost.prices.precedence import unfit

# USD per million tokens: of the package, the data wheel, and the user's update.
PACKAGE, WHEEL, UPDATE = 1, 2, 3


def files(price, as_of, **facts):
    """A map of one model with that price in USD per million tokens, and what it says of itself."""
    text = b'{\n"m":{"litellm_provider":"x","mode":"chat","input_cost_per_token":%de-06}\n}\n' % price
    info = {"version": as_of.replace("-", "."), "as_of": as_of, "sizes": {places.MAP: len(text)}, **facts}
    return {places.MAP: text, places.INFO: json.dumps(info).encode()}


def write(folder, found):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (folder / name).write_bytes(text)
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch, no_updates):
    """A package of 2026-11-10, a user without an update, and a folder on the path for the data wheel."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-26")
    package = write(tmp_path / "package", files(PACKAGE, "2026-11-10"))
    monkeypatch.setattr(places, "PACKAGED", type(places.PACKAGED)("the bundled map", (f"{package}{os.sep}",)))
    monkeypatch.setattr(places, "user_folder", lambda: f"{tmp_path / 'user'}{os.sep}")
    monkeypatch.setattr(origin, "_warned", ["said"])  # of the age of a map
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path


def install(here, as_of, **facts):
    """Put the data wheel on the path, as an installer does."""
    importlib.invalidate_caches()
    return write(here / "site" / places.WHEEL, {"__init__.py": b"raise SystemExit", **files(WHEEL, as_of, **facts)})


def update(here, as_of, **facts):
    """Put an update of the user's in use."""
    found = files(UPDATE, as_of, **facts)
    folder = write(here / "user" / "map-1", found)
    pointer = {"folder": "map-1", "as_of": as_of, "sizes": {name: len(text) for name, text in found.items()}}
    (here / "user" / places.POINTER).write_text(json.dumps(pointer))
    return folder


def price():
    """What a million tokens cost in a map that is made now, and the facts about it."""
    prices = CostMap()
    cost = prices.calculate(model="m", usage={"prompt_tokens": 1_000_000, "completion_tokens": 0})
    info = map_info(cost_map=prices)
    return int(cost.total), info.set, info.why


def test_a_newer_wheel_is_used_and_not_imported(here):
    """Its package would end the process if it was run."""
    assert price() == (PACKAGE, "package", "there is no other set that can be used")
    install(here, "2026-11-20")
    assert price() == (WHEEL, "data", "the bundled map is older, of 2026-11-10")
    assert places.current().origin == "llm-costmap-data 2026.11.20"
    assert places.WHEEL not in sys.modules


@pytest.mark.parametrize(
    ("wheel", "own", "used", "why"),
    [
        ("2026-11-10", None, WHEEL, "the bundled map is of the same day, and comes after it"),
        ("2026-11-09", None, PACKAGE, "llm-costmap-data 2026.11.09 is older, of 2026-11-09"),
        (None, "2026-11-10", UPDATE, "the bundled map is of the same day, and comes after it"),
        (
            "2026-11-20",
            "2026-11-20",
            WHEEL,
            "the update of 2026-11-20 is of the same day, and comes after it; the bundled map is older, of 2026-11-10",
        ),
        (
            "2026-11-20",
            "2026-11-19",
            WHEEL,
            "the update of 2026-11-19 is older, of 2026-11-19; the bundled map is older, of 2026-11-10",
        ),
        ("2026-11-20", "2026-11-09", WHEEL, "the bundled map is older, of 2026-11-10"),
    ],
)
def test_the_newest_is_used(here, wheel, own, used, why):
    """Of one day: the wheel, the update, the package."""
    if wheel:
        install(here, wheel)
    if own:
        update(here, own)
    assert price() == (used, {PACKAGE: "package", WHEEL: "data", UPDATE: "update"}[used], why)


@pytest.mark.parametrize(
    ("wheel", "own", "used", "why"),
    [
        # Of one day each: a second release of the bundled map, of the wheel, of the update.
        ("2026.11.9", None, PACKAGE, "llm-costmap-data 2026.11.9 is of the same day, an earlier release"),
        ("2026.11.10.2", None, WHEEL, "the bundled map is of the same day, an earlier release"),
        # 10 is after 9, and not before it as in the order of texts.
        (
            "2026.11.10.9",
            "2026.11.10.10",
            UPDATE,
            "llm-costmap-data 2026.11.10.9 is of the same day, an earlier release; "
            "the bundled map is of the same day, an earlier release",
        ),
        (None, "2026.11.9.3", PACKAGE, "the update of 2026-11-10 is of the same day, an earlier release"),
        # Who states no release is neither before nor after another one.
        (
            "2026.11.9",
            "",
            PACKAGE,
            "llm-costmap-data 2026.11.9 is of the same day, an earlier release; "
            "the update of 2026-11-10 is of the same day, and comes after it",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:the update of 2026-11-10 is newer:llmcost.StalePricesWarning")
def test_of_one_day_the_later_release_is_used(here, wheel, own, used, why):
    """A mistake that is corrected on the same prices of the sources: their day stays, and the version is the next."""
    if wheel is not None:
        install(here, "2026-11-10", version=wheel)
    if own is not None:
        update(here, "2026-11-10", version=own)
    assert price() == (used, {PACKAGE: "package", WHEEL: "data", UPDATE: "update"}[used], why)


def test_an_update_over_a_wheel_is_said(here):
    """The version in a lock file is not what bills."""
    install(here, "2026-11-19")
    update(here, "2026-11-20")
    with pytest.warns(
        StalePricesWarning,
        match=r"the update of 2026-11-20 is newer than the installed "
        r"llm-costmap-data 2026\.11\.19 and is used; LLMCOST_PRICES=data pins that",
    ):
        assert price()[:2] == (UPDATE, "update")


@pytest.mark.parametrize(("word", "used"), [("package", PACKAGE), ("data", WHEEL), ("update", UPDATE)])
def test_each_word_pins_a_set(here, monkeypatch, word, used):
    """However old it is."""
    install(here, "2020-01-02" if word == "data" else "2026-11-20")
    update(here, "2020-01-01" if word == "update" else "2026-11-20")
    monkeypatch.setenv("LLMCOST_PRICES", word)
    assert price() == (used, word, f"LLMCOST_PRICES={word} pins it")


@pytest.mark.parametrize(("word", "said"), [("data", "no llm-costmap-data is installed"), ("update", "no update")])
def test_a_word_for_what_is_not_there(here, monkeypatch, word, said):
    """It is an error, and no other set is taken in its place."""
    monkeypatch.setenv("LLMCOST_PRICES", word)
    with pytest.raises(PriceDataError, match=rf"LLMCOST_PRICES={word} pins a set that is not there.*{said}"):
        price()


def cut(folder):
    (folder / places.MAP).write_bytes((folder / places.MAP).read_bytes()[:-3])


def wordless(folder):
    (folder / places.INFO).write_bytes(b"{")


def sizeless(folder):
    (folder / places.INFO).write_text(json.dumps({"as_of": "2026-11-20"}))


def endless(folder):
    (folder / places.INFO).unlink()
    os.mkfifo(folder / places.INFO)


FAULTS = {
    "cut off": (cut, "is damaged"),
    "no map": (lambda folder: (folder / places.MAP).unlink(), "is damaged"),
    "no facts": (lambda folder: (folder / places.INFO).unlink(), "is damaged"),
    "half the facts": (wordless, "is damaged"),
    "no sizes": (sizeless, "is damaged"),
    "a pipe": (endless, "is damaged"),
}
FACTS = {
    "a newer form": ({"format": 2}, rf"has format 2, which llm-costmap {VERSION} does not know: it needs a newer one"),
    "a word as form": ({"format": "1"}, "has format 1, which"),
    "a newer engine": ({"needs": "99.1"}, rf"needs llm-costmap >= 99\.1 \(this is {VERSION}\)"),
    "no version": ({"needs": "soon"}, "needs llm-costmap >= soon"),
    "after tomorrow": ({"as_of": "2026-11-28"}, "is of 2026-11-28, a day after tomorrow,"),
    "no day": ({"as_of": "soon"}, "is of 'soon', which is no day,"),
    "sizes of no kind": ({"sizes": 5}, "is damaged"),
}


@pytest.mark.parametrize("fault", [*FAULTS, *FACTS])
def test_a_wheel_that_cannot_be_used_is_said_and_passed_over(here, monkeypatch, fault):
    """The last good prices are used; who pins it gets an error."""
    if fault == "a pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name on this system")
    facts, why = FACTS.get(fault) or ({}, FAULTS[fault][1])
    folder = install(here, **{"as_of": "2026-11-20", **facts})
    if fault in FAULTS:
        FAULTS[fault][0](folder)
    with pytest.warns(StalePricesWarning, match=rf"llm-costmap-data.* {why}.* and is not used: install it anew"):
        assert price()[:2] == (PACKAGE, "package")
    if fault == "after tomorrow":
        return
    monkeypatch.setenv("LLMCOST_PRICES", "data")
    with pytest.raises(PriceDataError, match=f"LLMCOST_PRICES=data pins llm-costmap-data.*, which {why}"):
        price()


def test_an_update_that_needs_a_newer_engine_is_passed_over(here):
    """As after a step back to an older llmcost: it says what it needs, and the package's prices are used."""
    update(here, "2026-11-20", needs="99")
    with pytest.warns(StalePricesWarning, match=r"the update of 2026-11-20 in .* needs llm-costmap >= 99"):
        assert price()[:2] == (PACKAGE, "package")


@pytest.mark.parametrize("needs", ["0", "0.1", "0.2", "0.2.0", VERSION])
def test_what_this_version_can_bill_by(needs):
    """A version of development is of the release that it leads to."""
    assert unfit({"format": 1, "needs": needs}) == ""


def test_an_empty_folder_is_no_wheel(here):
    """It is what is left of a package that was removed."""
    (here / "site" / places.WHEEL).mkdir()
    assert places.located() is None
    assert price()[:2] == (PACKAGE, "package")


def test_a_module_of_that_name_is_no_wheel(here):
    """It has no folder in which data could lie, and is not run."""
    (here / "site" / f"{places.WHEEL}.py").write_text("raise SystemExit")
    importlib.invalidate_caches()
    assert places.located() is None


def test_without_a_finder_of_paths_there_is_no_wheel(here, monkeypatch):
    """A frozen application may have none."""
    install(here, "2026-11-20")
    monkeypatch.setattr(sys, "meta_path", [])
    assert places.located() is None


def test_another_release_in_its_place_is_not_mixed_with_it(here):
    """An installer replaces the files while a process uses them."""
    folder = install(here, "2026-11-20")
    found = places.current()
    write(folder, {places.MAP: files(WHEEL, "2026-11-21")[places.MAP] + b" "})
    with pytest.raises(PriceDataError, match=f"{places.MAP} of llm-costmap-data 2026.11.20 has .* of another release"):
        found.read(places.MAP)


@pytest.fixture
def zipped(here, monkeypatch):
    """The data wheel inside a zip that is on the path; a function that damages what is stored of the map."""
    found = files(WHEEL, "2026-11-20")
    archive = here / "all.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"{places.WHEEL}/__init__.py", b"raise SystemExit")
        for name, text in found.items():
            opened.writestr(f"{places.WHEEL}/{name}", text)
        offset = opened.getinfo(f"{places.WHEEL}/{places.MAP}").header_offset
    monkeypatch.syspath_prepend(str(archive))

    def damage():
        whole = bytearray(archive.read_bytes())
        start = offset + 30 + len(f"{places.WHEEL}/{places.MAP}")
        whole[start : start + 8] = b"\xff" * 8
        archive.write_bytes(bytes(whole))

    return damage


def test_a_wheel_inside_a_zip(zipped):
    """It is read where it lies; what it does not hold is None."""
    assert price()[:2] == (WHEEL, "data")
    found = places.current()
    assert found.read(places.HISTORY) is None
    assert found.has(places.MAP)
    assert not found.has(places.HISTORY)


def test_a_damaged_zip_is_passed_over(zipped):
    """What was stored cannot be read; that is no error of the zip's own kind."""
    zipped()
    with pytest.warns(StalePricesWarning, match=r"cannot be read \(model_prices.json of llm-costmap-data 2026.11.20"):
        assert price()[:2] == (PACKAGE, "package")


@pytest.mark.parametrize("asked", [True, False], ids=["asked before", "not asked before"])
def test_the_first_wheel_on_the_path_is_found(here, monkeypatch, asked):
    """In the order of the path, as by an import; what is left of a removed one is passed by, and so is no folder."""
    last = write(here / "last" / places.WHEEL, files(WHEEL, "2026-11-21"))
    wheel = install(here, "2026-11-20").rename(here / "wheel")
    for folder in (here / "last", here / "nowhere", here / "site"):
        monkeypatch.syspath_prepend(str(folder))
    if asked:
        # The import system keeps a finder for each place of the path that it has looked into.
        importlib.util.find_spec("no_module_of_this_name")
    (here / "site" / places.WHEEL).mkdir()
    assert (str(here / "last") in sys.path_importer_cache) is asked
    assert places.located().folder == f"{last}{os.sep}"
    (here / "site" / places.WHEEL).rmdir()
    wheel.rename(here / "site" / places.WHEEL)
    assert places.located().folder == f"{here / 'site' / places.WHEEL}{os.sep}"
