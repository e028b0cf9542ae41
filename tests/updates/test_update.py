"""Updates: whatever is wrong with one, the last good prices stay in use, and the error says why."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from llmcost import (
    ArgumentError,
    CostMap,
    LLMCostError,
    PriceDataError,
    StalePricesWarning,
    UpdateError,
    Usage,
    map_info,
)
from llmcost.prices import origin, places
from llmcost.updates import download as downloads
from llmcost.updates import install as installing
from llmcost.updates import update as module
from llmcost.updates.differences import Change
from tests.sdks import optional

MODEL = "gpt-4o"
_WHOLE = json.loads(places.PACKAGED.read(places.MAP))
# A part of the map does, and is checked in no time.
PACKAGED = {name: _WHOLE[name] for name in (MODEL, "o3", *[name for name in _WHOLE if name.startswith("azure/")])}


def entries(**changed) -> dict:
    """The packaged map with other prices for one model."""
    return {**PACKAGED, MODEL: {**PACKAGED[MODEL], **changed}}


def data_set(models: dict, as_of: str = "2099-01-01", **extra: bytes) -> dict[str, bytes]:
    """The files of an update, with their sha256."""
    text = (
        "{\n"
        + ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in models.items())
        + "\n}\n"
    )
    files = {"model_prices.json": text.encode(), **extra}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files["map_info.json"] = json.dumps({"version": "test", "as_of": as_of, "sha256": digests}).encode()
    return files


def write(folder: Path, files: dict[str, bytes]) -> str:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> str:
    """Price data as a package brings it, without a date."""
    files = {"model_prices.json": data_set(PACKAGED)["model_prices.json"]}
    return write(tmp_path_factory.mktemp("package") / "data", files) + "/"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, package):
    """A user's data folder of the test's own, and a small package."""
    monkeypatch.setattr(places, "PACKAGED", places.DataSet("the bundled map", (package,)))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    monkeypatch.delenv("LLMCOST_PRICES", raising=False)
    monkeypatch.delenv("LLMCOST_UPDATE_FROM", raising=False)
    # The updates of these tests are of 2099, so that the packaged prices are older on every day.
    monkeypatch.setenv("LLMCOST_TODAY", "2099-03-01")
    monkeypatch.setattr(origin, "_warned", ["said"])
    return tmp_path


@pytest.fixture
def good(home) -> str:
    """An update in which gpt-4o's input is dearer: 3 USD per 1M tokens."""
    return write(home / "good", data_set(entries(input_cost_per_token=3e-06)))


def price() -> str:
    """What 1M tokens of gpt-4o's input cost in a map made now."""
    return str(float(CostMap().calculate(usage=Usage(input=100_000), model=MODEL).total * 10))


OLD, NEW = "2.5", "3.0"


def test_an_update_is_used_by_maps_made_after_it(good):
    """It is found in the user's folder, and said so."""
    before = CostMap()
    assert before.calculate(usage=Usage(input=1), model=MODEL).total
    report = CostMap.update(good)
    assert report.installed
    assert [str(change) for change in report.changes] == ["gpt-4o input_cost_per_token 0.0000025 -> 0.000003 (+20.0%)"]
    assert price() == NEW
    assert map_info(cost_map=CostMap()).origin == "the update of 2099-01-01"
    assert before.calculate(usage=Usage(input=1_000_000), model=MODEL).total * 2 == 5


def test_check_changes_nothing(good):
    """It says what would change."""
    report = CostMap.update(good, check=True)
    assert (report.installed, len(report.changes)) == (False, 1)
    assert price() == OLD


def test_rollback_goes_back_step_by_step(good, home):
    """To the update before, then to the packaged prices; then there is nothing to go back to."""
    CostMap.update(good)
    second = write(home / "second", data_set(entries(input_cost_per_token=4e-06), "2099-02-01"))
    CostMap.update(second)
    assert price() == "4.0"
    assert CostMap.rollback()
    assert price() == NEW
    assert CostMap.rollback() == ""
    assert price() == OLD
    with pytest.raises(UpdateError, match="no update is in use"):
        CostMap.rollback()


def test_the_same_prices_are_up_to_date(good, home):
    """Nothing is written for them."""
    CostMap.update(good)
    before = sorted(path.name for path in Path(places.user_folder()).iterdir())
    assert CostMap.update(good).unchanged
    assert sorted(path.name for path in Path(places.user_folder()).iterdir()) == before
    single = home / "single.json"
    single.write_bytes((Path(good) / "model_prices.json").read_bytes())
    assert CostMap.update(str(single)).unchanged


def test_the_same_prices_of_a_later_day_are_an_update(good, home):
    """They have been looked at anew, and the map is younger for it."""
    CostMap.update(good)
    later = data_set(entries(input_cost_per_token=3e-06), "2099-02-01")
    report = CostMap.update(write(home / "later", later))
    assert (report.installed, report.changes) == (True, ())
    assert places.current().info["as_of"] == "2099-02-01"


def test_another_past_is_an_update(good, home):
    """A scheduled change stands in the history alone."""
    CostMap.update(good)
    row = {"from": "2099-06-01", "input_cost_per_token": [3e-06, 4e-06], "conf": "medium", "src": "https://x.example"}
    past = b'{\n"gpt-4o":[' + json.dumps(row).encode() + b"]\n}\n"
    files = data_set(entries(input_cost_per_token=3e-06), **{"price_history.json": past})
    assert CostMap.update(write(home / "scheduled", files)).installed
    cost = CostMap().calculate(usage=Usage(input=100_000), model=MODEL, at="2099-06-01")
    assert (str(cost.total), cost.basis) == ("0.4", "scheduled")


def test_a_past_in_two_spellings_is_an_update(home):
    """The first spelling of a meter's row counts, at every date, whatever the second says of it.

    A cached token costs 1.4e-8 USD until February 2025 and 7e-8 since. The second spelling says 1.3e-8 and 6e-8; alone
    it is what there is: until 2024 the row has no other, and a cached token costs 2e-8.
    """
    now = {
        "litellm_provider": "deepseek",
        "mode": "chat",
        "input_cost_per_token": 2.7e-07,
        "cache_read_input_token_cost": 7e-08,
        "input_cost_per_token_cache_hit": 6e-08,
    }
    rows = [
        {
            "from": "2024-01-01",
            "cache_read_input_token_cost": [None, 1.4e-08],
            "input_cost_per_token_cache_hit": [2e-08, 1.3e-08],
            "conf": "high",
            "src": "https://x.example",
        },
        {
            "from": "2025-02-08",
            "cache_read_input_token_cost": [1.4e-08, 7e-08],
            "input_cost_per_token_cache_hit": [1.3e-08, 6e-08],
            "conf": "high",
            "src": "https://x.example",
        },
    ]
    past = b'{\n"deepseek-chat":' + json.dumps(rows).encode() + b"\n}\n"
    files = data_set({**PACKAGED, "deepseek-chat": now}, **{"price_history.json": past})
    assert CostMap.update(write(home / "two", files)).installed
    prices = CostMap()

    def cached(at):
        cost = prices.calculate(usage=Usage(cache_read=1_000_000), model="deepseek-chat", at=at)
        return str(cost.total), cost.line_items[0].price_key

    assert cached("2023-06-01") == ("0.02", "input_cost_per_token_cache_hit")
    assert cached("2024-06-01") == ("0.014", "cache_read_input_token_cost")
    assert cached("2025-06-01") == ("0.07", "cache_read_input_token_cost")


def test_a_key_that_is_not_known_is_set_aside(home):
    """Here and in the past; the models are priced, and the report counts the keys and the models."""
    later = entries(input_cost_per_token=3e-06, moon_cost_multiplier=1.1)
    later["o3"] = {**later["o3"], "moon_cost_multiplier": 1.1}
    row = {
        "from": "2025-01-01",
        "sun_pricing": [{"input_cost_per_token": 1}, None],
        "conf": "high",
        "src": "https://x.example",
    }
    past = b'{\n"gpt-4o":[' + json.dumps(row).encode() + b"]\n}\n"
    report = CostMap.update(write(home / "new", data_set(later, **{"price_history.json": past})))
    assert report.unknown == {"moon_cost_multiplier": (MODEL, "o3"), "sun_pricing": (MODEL,)}
    assert report.remarks == (
        "2 keys this version does not know, on 2 models: moon_cost_multiplier, sun_pricing; set aside",
    )
    assert report.remarks[0] in str(report)
    assert price() == NEW
    info = map_info(cost_map=CostMap())
    assert info.unknown == {"moon_cost_multiplier": 2}
    one = CostMap.update(write(home / "one", data_set(entries(moon_cost_multiplier=1.2), "2099-02-01")), check=True)
    assert one.remarks[0] == "1 key this version does not know, on 1 model: moon_cost_multiplier; set aside"


def test_many_remarks_are_shortened(home):
    """Five keys and five aliases."""
    later = entries(**{f"moon{number}_cost_multiplier": 1.1 for number in range(7)})
    later |= {f"x{number}": {"alias_of": "nobody"} for number in range(7)}
    keys, aliases = CostMap.update(write(home / "new", data_set(later)), check=True).remarks
    assert "7 keys this version does not know, on 1 model: moon0" in keys
    assert "moon4_cost_multiplier, ...; set aside" in keys
    assert aliases.endswith("x4 is an alias of nobody, which is no row; ...")


def test_aliases_come_with_an_update(home):
    """A new name, one that stands for nothing, and one that moves; the price of its row is used."""
    later = {**entries(), "best": {"alias_of": MODEL}, "worst": {"alias_of": "nobody"}, "sample_spec": {"mode": "x"}}
    report = CostMap.update(write(home / "named", data_set(later)))
    assert [str(change) for change in report.changes] == ["best added", "worst added"]
    assert report.dropped == ("worst is an alias of nobody, which is no row",)
    assert report.remarks == ("aliases that are left out: worst is an alias of nobody, which is no row",)
    cost = CostMap().calculate(usage=Usage(input=1_000_000), model="best")
    assert (str(cost.total.normalize()), cost.match_rule) == ("2.5", "alias")
    moved = {**entries(), "best": {"alias_of": "o3"}, "worst": {"alias_of": MODEL}}
    report = CostMap.update(write(home / "moved", data_set(moved, "2099-02-01")))
    assert [str(change) for change in report.changes if change.key == "alias_of"] == [
        "best alias_of gpt-4o -> o3",
        "worst alias_of nobody -> gpt-4o",
    ]
    # And its price moves with it, from that of gpt-4o to that of o3.
    assert "best input_cost_per_token 0.0000025 -> 0.000002 (-20.0%)" in map(str, report.changes)


def test_two_prices_of_one_rate_are_told(good, home):
    """The first spelling of the meter counts, in the map and in its history, and the report says so."""
    CostMap.update(good)
    twice = {"cache_read_input_token_cost": 1e-06, "input_cost_per_token_cache_hit": 2e-06}
    row = {"from": "2098-01-01", "conf": "high", "src": "https://x.example"}
    row |= {key: [value * 2, value] for key, value in twice.items()}
    past = b'{\n"gpt-4o":[' + json.dumps(row).encode() + b"]\n}\n"
    files = data_set(entries(**twice), "2099-02-01", **{"price_history.json": past})
    report = CostMap.update(write(home / "twice", files))
    assert report.twice == tuple(
        f"gpt-4o has cache_read_input_token_cost and input_cost_per_token_cache_hit ({name})"
        for name in ("model_prices.json", "price_history.json")
    )
    assert report.remarks[0].startswith("two prices of one rate; the first counts: gpt-4o has")


def test_a_model_that_loses_its_past_is_told(home):
    """An update whose history no longer has it: a day of before is priced by today's rows."""
    row = b'[{"from":"2098-01-01","input_cost_per_token":[3e-06,2.5e-06],"conf":"high","src":"s"}]'
    first = data_set(entries(), **{"price_history.json": b'{\n"gpt-4o":' + row + b"\n}\n"})
    CostMap.update(write(home / "first", first))
    second = data_set(entries(), "2099-02-01", **{"price_history.json": b'{\n"o3":' + row + b"\n}\n"})
    report = CostMap.update(write(home / "second", second), accept=True)
    assert report.pastless == ("gpt-4o",)
    assert "models that lose their past prices: gpt-4o" in report.remarks


def test_a_single_map_does_not_say_of_which_day_it_is(home, monkeypatch):
    """It is told by the day on which it was fetched, ages from then on, and has no past."""
    past = b'{\n"gpt-4o":[{"from":"2025-01-01","input_cost_per_token":[3e-06,2.5e-06],"conf":"high","src":"s"}]\n}\n'
    CostMap.update(write(home / "first", data_set(entries(), "2026-01-01", **{"price_history.json": past})))
    single = home / "single.json"
    single.write_bytes(data_set(entries(input_cost_per_token=3e-06))["model_prices.json"])
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-26")
    report = CostMap.update(str(single))
    assert str(report) == (
        "prices of unknown date: 0 added, 0 removed, 1 changed; it has no price_history.json: a past day is priced by "
        "these prices too, and is not exact; installed"
    )
    prices = CostMap()
    assert map_info(cost_map=prices).origin == "the update fetched on 2026-11-26, of an unknown day"
    monkeypatch.setattr(origin, "_warned", ["said"])
    monkeypatch.setenv("LLMCOST_TODAY", "2026-12-26")
    assert prices.rate_card(MODEL).notes == ()
    monkeypatch.setenv("LLMCOST_TODAY", "2026-12-27")
    assert CostMap().rate_card(MODEL).notes == (
        "the price map was fetched on 2026-11-26, 31 days ago, and may be older: see `llmcost update`",
    )


def test_over_the_network_with_an_etag(server):
    """The second time nothing is sent: the server says that nothing has changed."""
    files = data_set(entries(input_cost_per_token=3e-06))

    def info(handler):
        if handler.headers.get("If-None-Match") == '"v1"':
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Length", str(len(files["map_info.json"])))
        handler.end_headers()
        handler.wfile.write(files["map_info.json"])

    source = server.serve(files)
    server.answers["/data/map_info.json"] = info
    assert CostMap.update(source).installed
    assert price() == NEW
    assert CostMap.update(source).unchanged
    assert server.asked[-1] == ("/data/map_info.json", '"v1"')


def test_a_single_map_with_its_published_sha256(server, home):
    """A JSON file alone will do; the sha256 beside it is checked."""
    files = data_set(entries(input_cost_per_token=3e-06))
    server.answers["/map.json"] = files["model_prices.json"]
    server.answers["/map.json.sha256"] = b"0" * 64 + b"  map.json\n"
    with pytest.raises(UpdateError, match="published sha256"):
        CostMap.update(server.url + "map.json")
    server.answers["/map.json.sha256"] = hashlib.sha256(files["model_prices.json"]).hexdigest().encode()
    assert CostMap.update(server.url + "map.json", check=True).changes
    (home / "map.json").write_bytes(files["model_prices.json"])
    assert CostMap.update(str(home / "map.json"), check=True).changes


def sent(status=200, body=b"", length=None, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return answer


def big(handler):
    """500 MB, or as much of them as the client takes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(500 * 1024 * 1024))
    handler.end_headers()
    block = b" " * 1024 * 1024
    try:
        for _ in range(500):
            handler.wfile.write(block)
    except OSError:
        pass
    handler.close_connection = True


def slow(release):
    def answer(handler):
        release.wait(30)
        handler.close_connection = True

    return answer


def with_past(*rows: dict) -> dict[str, bytes]:
    """An update with a history of gpt-4o."""
    past = b'{\n"gpt-4o":' + json.dumps(rows).encode() + b"\n}\n"
    return data_set(entries(input_cost_per_token=3.1e-06), "2099-03-01", **{"price_history.json": past})


NAN = b'{\n"m":{"input_cost_per_token":NaN}\n}'
TWICE = b'{\n"m":{"input_cost_per_token":1e-6},\n"m":{"input_cost_per_token":2e-6}\n}'


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("truncated", "broke off|cannot be fetched"),
        ("tampered", "does not have the published sha256"),
        ("downgraded", "older than the prices in use"),
        ("many changes", "changes the prices of"),
        ("deletions", "deletes"),
        ("nan", "no price data"),
        ("duplicate key", "stands twice"),
        ("empty", "has no models"),
        ("not json", "no price data"),
        ("deep", "no price data"),
        ("negative", "no price data"),
        ("too small", "no price data: input_cost_per_token='1e-400'"),
        ("no sha256", "does not state the sha256"),
        ("no map", "no sha256 of model_prices.json"),
        ("broken history", "no price data"),
        ("history below zero", "no price data: price_history.json, 'gpt-4o': input_cost_per_token=-1e-06"),
        ("history in one line", "does not stand on a line of its own"),
        ("history of no changes", "no price data"),
        ("two models in a line", "does not stand on a line of its own"),
        ("no date", "as_of='soon' in map_info.json is no date"),
        ("a date of another style", "as_of='2099-W10-1' in map_info.json is no date"),
        ("history lost", "price_history.json answers 404"),
        ("huge", "larger than"),
        ("redirect to plain http", "not https"),
        ("redirect loop", "cannot be fetched|answers"),
        ("slow", "cannot be fetched"),
        ("server error", "answers 500"),
        ("missing", "answers 404"),
        ("unreachable", "cannot be fetched"),
        ("plain http", "not https"),
        ("no such folder", "cannot be read"),
    ],
)
def test_a_bad_update_leaves_the_last_good_prices(name, why, server, good, home, monkeypatch):
    """The map in use is untouched, and the error says why."""
    CostMap.update(good)
    release = threading.Event()
    source = server.url + "data"
    files = data_set(entries(input_cost_per_token=3.1e-06), "2099-03-01")
    cut = {model: PACKAGED[model] for model in list(PACKAGED)[:-50]}
    doubled = {**PACKAGED}
    for model in list(PACKAGED)[::5]:
        once = PACKAGED[model].get("input_cost_per_token")
        doubled[model] = {**PACKAGED[model], "input_cost_per_token": once * 2} if once else PACKAGED[model]
    made = {
        "downgraded": lambda: data_set(entries(input_cost_per_token=3.1e-06), "2020-01-01"),
        "many changes": lambda: data_set(doubled),
        "deletions": lambda: data_set(cut),
        "empty": lambda: data_set({}),
        "negative": lambda: data_set(entries(input_cost_per_token=-1e-06)),
        "broken history": lambda: data_set(PACKAGED, **{"price_history.json": b'{\n"m":[{"from":"soon"}]\n}'}),
        "history below zero": lambda: with_past({"from": "2025-01-01", "input_cost_per_token": [-1e-06, 3.1e-06]}),
        "history of no changes": lambda: with_past({"from": "2025-01-01", "input_cost_per_token": "ab"}),
        "history in one line": lambda: data_set(PACKAGED, **{"price_history.json": b'{"m":[]}'}),
        "no date": lambda: data_set(PACKAGED, "soon"),
        "a date of another style": lambda: data_set(PACKAGED, "2099-W10-1"),
        "history lost": lambda: with_past({"from": "2025-01-01", "input_cost_per_token": [3e-06, 3.1e-06]}),
    }
    raw = {
        "nan": NAN,
        "two models in a line": b'{\n"a":{"mode":"chat"},\n"b":{"mode":"chat"},"c":{"mode":"chat"}\n}',
        "duplicate key": TWICE,
        "not json": b"<html>",
        "too small": b'{\n"m":{"input_cost_per_token":1e-400}\n}',
        "deep": b"[" * 200_000,
    }
    if name in made:
        files = made[name]()
    elif name in raw:
        info = {"as_of": "2099-03-01", "sha256": {"model_prices.json": hashlib.sha256(raw[name]).hexdigest()}}
        files = {"model_prices.json": raw[name], "map_info.json": json.dumps(info).encode()}
    elif name == "tampered":
        files["model_prices.json"] = files["model_prices.json"].replace(b"3.1e-06", b"3.2e-06")
    elif name == "no sha256":
        files["map_info.json"] = b'{"as_of": "2099-03-01"}'
    elif name == "no map":
        files["map_info.json"] = b'{"sha256": {}}'
    server.serve(files)
    answers = {
        "truncated": sent(body=files["model_prices.json"][:1000], length=len(files["model_prices.json"])),
        "huge": big,
        "redirect to plain http": sent(302, Location="http://prices.example/data/model_prices.json"),
        "redirect loop": sent(302, Location="/data/model_prices.json"),
        "slow": slow(release),
        "server error": sent(500),
    }
    if name in answers:
        server.answers["/data/model_prices.json"] = answers[name]
    elif name == "history lost":
        del server.answers["/data/price_history.json"]
    elif name == "missing":
        server.answers.clear()
    elif name == "unreachable":
        source = "http://127.0.0.1:9/data"
    elif name == "plain http":
        source = "http://prices.example/data"
    elif name == "no such folder":
        source = str(home / "nowhere")
    if name == "slow":
        monkeypatch.setattr(downloads, "_TIMEOUT", 0.2)
    try:
        with pytest.raises(UpdateError, match=why):
            CostMap.update(source)
    finally:
        release.set()
    assert price() == NEW
    assert isinstance(UpdateError("x"), LLMCostError)


def test_a_person_may_accept_the_unusual(home):
    """A price that moves tenfold is taken when somebody has looked at it."""
    source = write(home / "tenfold", data_set(entries(input_cost_per_token=2.5e-05)))
    report = CostMap.update(source)
    assert [str(change) for change in report.held] == ["gpt-4o input_cost_per_token 0.0000025 -> 0.000025 (+900.0%)"]
    assert price() == OLD
    assert CostMap.update(source, accept=True).installed
    assert price() == "25.0"


def test_a_check_says_what_would_be_refused(good, home):
    """It shows the changes and the reason, so that a person can look before they accept."""
    CostMap.update(good)
    tenfold = write(home / "tenfold", data_set(entries(input_cost_per_token=3e-05), "2098-12-31"))
    report = CostMap.update(tenfold, check=True)
    assert (report.installed, len(report.changes), len(report.held)) == (False, 0, 1)
    assert report.unusual == ("it is of 2098-12-31, older than the prices in use, of 2099-01-01",)
    assert price() == NEW
    assert CostMap.update(good, check=True).unusual == ()


def test_what_is_free_may_fall_to_zero(home):
    """A zero that the map says is one is no mistake."""
    source = write(home / "free", data_set(entries(input_cost_per_token=0, free=True)))
    assert CostMap.update(source).installed


def test_prices_of_ones_own_do_not_lower_the_guard(home, monkeypatch):
    """An update is compared with what it takes the place of, not with what LLMCOST_PRICES names."""
    own = write(home / "own", data_set({MODEL: {"input_cost_per_token": 3e-05}}))
    monkeypatch.setenv("LLMCOST_PRICES", own)
    held = CostMap.update(write(home / "tenfold", data_set(entries(input_cost_per_token=3e-05)))).held
    assert [change.model for change in held] == [MODEL]
    report = CostMap.update(write(home / "good", data_set(entries(input_cost_per_token=3e-06))))
    assert len(report.changes) == 1
    assert price() == "30.0"


def test_data_older_than_the_package_is_refused_even_if_accepted(home, monkeypatch):
    """It would not be used: the package's own prices are newer."""
    dated(monkeypatch, home, "2026-06-01")
    old = write(home / "old", data_set(entries(input_cost_per_token=3e-06), "2026-05-31"))
    with pytest.raises(UpdateError, match="2026-05-31, older than the prices in use: the package has prices of 202"):
        CostMap.update(old, accept=True)
    assert price() == OLD


def test_a_map_without_a_date_is_of_the_day_it_was_fetched(home, monkeypatch):
    """It is in use beside a package that has a date."""
    dated(monkeypatch, home, "2026-06-01")
    single = home / "single.json"
    single.write_bytes(data_set(entries(input_cost_per_token=3e-06))["model_prices.json"])
    assert CostMap.update(str(single)).installed
    assert price() == NEW


def dated(monkeypatch, home: Path, day: str) -> None:
    """Let the package have come with a date."""
    files = data_set(PACKAGED, day)
    packaged = places.DataSet("the bundled map", (write(home / "packaged", files) + "/",))
    monkeypatch.setattr(places, "PACKAGED", packaged)


def test_a_damaged_update_is_fetched_anew(server, monkeypatch):
    """What the server calls unchanged is not what lies here."""
    files = data_set(entries(input_cost_per_token=3e-06))
    source = server.serve(files)
    body = files["map_info.json"]
    server.answers["/data/map_info.json"] = sent(body=body, ETag='"v1"')
    report = CostMap.update(source)
    (Path(report.path) / "model_prices.json").write_bytes(b"{")
    with pytest.warns(StalePricesWarning, match="damaged"):
        assert CostMap.update(source).installed
    assert server.asked[-2] == ("/data/map_info.json", None)
    assert price() == NEW


def test_a_folder_that_may_not_be_read_is_no_update(home):
    """A call is priced by the package, whoever the process runs as."""
    folder = Path(places.user_folder())
    folder.mkdir(parents=True)
    # A link to itself cannot be opened by anybody, the superuser included.
    (folder / places.POINTER).symlink_to(folder / places.POINTER)
    assert price() == OLD


def test_an_update_that_was_swept_away_is_no_empty_past(good):
    """A process that still uses it is told, instead of losing the history without a word."""
    report = CostMap.update(write(Path(good).parent / "past", with_past({"from": "2025-01-01", "born": True})))
    prices = CostMap()
    assert prices.calculate(usage=Usage(input=1), model=MODEL).total
    (Path(report.path) / "price_history.json").unlink()
    with pytest.raises(PriceDataError, match=r"price_history\.json of the update of 2099-03-01 is gone"):
        prices.calculate(usage=Usage(input=1), model=MODEL, at="2026-01-01")


def test_what_cannot_be_swept_does_no_harm(good, monkeypatch):
    """The update is in place, whatever else happens in its folder."""
    folder = Path(places.user_folder())
    folder.mkdir(parents=True)
    left = folder / ".current.json.left"
    left.write_bytes(b"x")
    os.utime(left, (1, 1))

    def refuse(path):
        raise PermissionError(13, "not yours", path)

    monkeypatch.setattr(installing.os, "remove", refuse)
    assert CostMap.update(good).installed
    assert price() == NEW
    assert left.exists()


def test_a_rollback_that_cannot_be_written_says_so(good, monkeypatch):
    """The prices stay as they are."""
    CostMap.update(good)

    def refuse(path):
        raise PermissionError(13, "not yours", path)

    monkeypatch.setattr(installing.os, "remove", refuse)
    with pytest.raises(UpdateError, match=r"cannot be written to.*not yours"):
        CostMap.rollback()
    assert price() == NEW


def test_a_rollback_never_goes_to_the_same_prices(good):
    """A process that was killed between its two pointers leaves them naming one update."""
    CostMap.update(good)
    folder = Path(places.user_folder())
    (folder / "previous.json").write_bytes((folder / places.POINTER).read_bytes())
    assert CostMap.rollback() == ""
    assert price() == OLD


def test_a_damaged_update_is_not_loaded(good, home):
    """A file that lost its end is refused with a warning, and the packaged prices are used."""
    report = CostMap.update(good)
    file = Path(report.path) / "model_prices.json"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.warns(StalePricesWarning, match="damaged"):
        assert price() == OLD


def test_a_damaged_pointer_is_no_update(good, home):
    """A pointer that is no JSON, or points nowhere, is as if there were none."""
    CostMap.update(good)
    pointer = Path(places.user_folder()) / places.POINTER
    for text in (b"{", b"[]", b'{"folder": 1, "sizes": {}}'):
        pointer.write_bytes(text)
        with pytest.warns(StalePricesWarning, match="is damaged: it names no update, and none is used"):
            assert price() == OLD


@pytest.mark.parametrize(("day", "used"), [("2099-01-01", NEW), ("2099-01-02", OLD)])
def test_a_newer_package_beats_an_older_update(good, home, monkeypatch, day, used):
    """After an upgrade of the package the older update is not used; one of the same day is."""
    CostMap.update(good)
    dated(monkeypatch, home, day)
    assert price() == used


def test_a_rollback_leads_to_no_update_that_is_older_than_the_package(good, home, monkeypatch):
    """It would not be used, though it is there."""
    CostMap.update(good)
    CostMap.update(write(home / "later", data_set(entries(input_cost_per_token=4e-06), "2099-03-01")))
    dated(monkeypatch, home, "2099-02-01")
    assert CostMap.rollback() == ""
    assert price() == OLD


def test_a_map_of_ones_own_by_the_environment(good, home, monkeypatch):
    """LLMCOST_PRICES names a folder or a file, and is stronger than an update."""
    CostMap.update(good)
    own = write(home / "own", data_set({MODEL: {"input_cost_per_token": 9e-06}}))
    for place in (own, str(Path(own) / "model_prices.json")):
        monkeypatch.setenv("LLMCOST_PRICES", place)
        assert price() == "9.0"
        assert len(CostMap()) == 1
    monkeypatch.setenv("LLMCOST_PRICES", str(home / "nowhere"))
    with pytest.raises(PriceDataError, match="LLMCOST_PRICES"):
        price()


def test_without_a_source_the_error_names_the_ways():
    """No address is built in: nothing is fetched that the user did not ask for."""
    with pytest.raises(UpdateError, match="LLMCOST_UPDATE_FROM"):
        CostMap.update()


def test_the_environment_may_name_the_source(good, monkeypatch):
    """LLMCOST_UPDATE_FROM is the default."""
    monkeypatch.setenv("LLMCOST_UPDATE_FROM", good)
    assert CostMap.update(check=True).changes


def test_the_users_folder_is_the_platforms():
    """The same place that platformdirs names."""
    platformdirs = optional("platformdirs")
    expected = Path(platformdirs.user_data_dir("llmcost", appauthor=False)) / "prices"
    assert Path(places.user_folder()) == expected


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="XDG is of Linux")
def test_no_folder_depends_on_where_the_process_started(good, monkeypatch):
    """Whoever owns the working directory would set the prices."""
    monkeypatch.setenv("XDG_DATA_HOME", "share")
    monkeypatch.setenv("HOME", "/user/ada")
    assert places.user_folder() == "/user/ada/.local/share/llmcost/prices/"
    monkeypatch.setenv("HOME", "elsewhere")
    assert places.user_folder() == ""
    assert price() == OLD
    with pytest.raises(UpdateError, match="XDG_DATA_HOME"):
        CostMap.update(good)
    with pytest.raises(UpdateError, match="XDG_DATA_HOME"):
        CostMap.rollback()


def test_what_a_killed_update_left_is_swept_later(good, home):
    """Folders that no pointer names go once they are old; young ones may still be written."""
    folder = Path(places.user_folder())
    folder.mkdir(parents=True)
    old, young = folder / "map-old", folder / "map-young"
    left, older = folder / ".current.json.left", folder / "pointer-left"
    for path in (old, young):
        path.mkdir()
    for path in (left, older):
        path.write_bytes(b"x")
    for path in (old, left, older):
        os.utime(path, (1, 1))
    CostMap.update(good)
    assert (old.exists(), young.exists(), left.exists(), older.exists()) == (False, True, False, False)


UPDATE_LOOP = """
import sys
from llmcost import CostMap
print("ready", flush=True)
while True:
    for source in sys.argv[1:]:
        CostMap.update(source, accept=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("seed", [*range(20), *(pytest.param(n, marks=pytest.mark.fuzz) for n in range(20, 200))])
def test_kill_9_never_leaves_a_broken_map(seed, home):
    """However far the update had come, the map in use is one of the whole ones."""
    small = {MODEL: PACKAGED[MODEL], "o3": PACKAGED["o3"]}
    sources = [
        write(home / name, data_set({**small, MODEL: {**PACKAGED[MODEL], "input_cost_per_token": value}}, "2099-01-01"))
        for name, value in (("three", 3e-06), ("four", 4e-06))
    ]
    process = subprocess.Popen([sys.executable, "-c", UPDATE_LOOP, *sources], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    # Not a wait for something: where the kill falls has to vary.
    threading.Event().wait(random.Random(seed).uniform(0.0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert price() in {OLD, NEW, "4.0"}
    assert CostMap.update(sources[0], accept=True)
    assert price() == NEW


UPDATE_TEN_TIMES = """
import sys
from llmcost import CostMap
for _ in range(10):
    CostMap.update(sys.argv[1], accept=True)
"""


def test_two_processes_update_at_once(home):
    """Twenty updates in two processes, and a third one that prices all the while: only whole maps are ever in use."""
    small = {MODEL: PACKAGED[MODEL], "o3": PACKAGED["o3"]}
    sources = [
        write(home / name, data_set({**small, MODEL: {**PACKAGED[MODEL], "input_cost_per_token": value}}, "2099-01-01"))
        for name, value in (("three", 3e-06), ("four", 4e-06))
    ]
    processes = [
        subprocess.Popen([sys.executable, "-c", UPDATE_TEN_TIMES, source], stderr=subprocess.PIPE) for source in sources
    ]
    seen = set()
    while any(process.poll() is None for process in processes):
        seen.add(price())
    assert [(process.wait(), process.stderr.read()) for process in processes] == [(0, b""), (0, b"")]
    for process in processes:
        process.stderr.close()
    assert seen <= {OLD, NEW, "4.0"}
    assert price() in {NEW, "4.0"}


def test_two_updates_at_once_are_safe(home):
    """Each has its folder; one of them is in use at the end, whole."""
    sources = [
        write(home / name, data_set(entries(input_cost_per_token=value), "2099-01-01"))
        for name, value in (("three", 3e-06), ("four", 4e-06))
    ]
    failed = []

    def run(source):
        try:
            CostMap.update(source, accept=True)
        except LLMCostError as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(source,)) for source in sources * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert price() in {NEW, "4.0"}


def test_a_report_says_what_an_update_did():
    """In one line."""
    changes = (Change("added", "m"), Change("changed", "n"))
    assert str(module.Report(unchanged=True)) == "the prices are up to date"
    assert str(module.Report(changes, "2026-11-01", installed=True)) == (
        "prices of 2026-11-01: 1 added, 0 removed, 1 changed; installed"
    )
    assert str(module.Report(changes)) == "prices of unknown date: 1 added, 0 removed, 1 changed; not installed"


def test_a_source_that_is_no_text():
    """A number would be a file that the process has open: the argument is named."""
    with pytest.raises(ArgumentError, match=r"^source=0: it has to be text"):
        module.update(0)
