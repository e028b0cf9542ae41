"""``--from`` a data wheel: it is read and not installed, and each fault leaves the last good prices in use."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import zipfile

import pytest

from llmcost import CostMap, StalePricesWarning, UpdateError
from llmcost.core import VERSION
from llmcost.prices import places
from llmcost.updates import packed

NAME = "llm_costmap_data-2098.1.2-py3-none-any.whl"
ROW = {"litellm_provider": "wandb", "mode": "chat", "output_cost_per_token": 4e-06}
USAGE = {"prompt_tokens": 1_000_000, "completion_tokens": 0}


def lines(rows):
    return ("{\n" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in rows.items()) + "\n}\n").encode()


def files(price, **facts):
    """A map of one model, at a price in USD per million tokens, and what it says of itself."""
    found = {places.MAP: lines({"m": ROW | {"input_cost_per_token": price * 1e-06}}), places.HISTORY: b"{\n}\n"}
    info = {
        "version": "2098.1.2",
        "as_of": "2098-01-02",
        "sizes": {name: len(text) for name, text in found.items()},
        "sha256": {name: hashlib.sha256(text).hexdigest() for name, text in found.items()},
    }
    return {**found, places.INFO: json.dumps({**info, **facts}).encode()}


def wheel(found, folder=places.WHEEL, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a data wheel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        opened.writestr("other/METADATA", b"Name: llm-costmap-data")
        for name, text in found.items():
            opened.writestr(f"{folder}/{name}", text)
    return buffer.getvalue()


@pytest.fixture
def here(tmp_path, monkeypatch, no_updates):
    """A package at 1 USD per million tokens, and a user without an update."""
    monkeypatch.setenv("LLMCOST_TODAY", "2098-01-02")
    (tmp_path / places.MAP).write_bytes(lines({"m": ROW | {"input_cost_per_token": 1e-06}}))
    monkeypatch.setattr(places, "PACKAGED", type(places.PACKAGED)("the bundled map", (f"{tmp_path}{os.sep}",)))
    return tmp_path


def put(here, content):
    (here / NAME).write_bytes(content)
    return str(here / NAME)


def price():
    return int(CostMap().calculate(model="m", usage=USAGE).total)


def test_a_wheel_from_a_path(here):
    """It is used, and neither on the path nor installed."""
    assert price() == 1
    report = CostMap.update(put(here, wheel(files(2))), accept=True)
    assert (report.installed, report.as_of, price()) == (True, "2098-01-02", 2)
    assert places.located() is None
    assert CostMap.update(str(here / NAME)).unchanged


def test_a_wheel_from_an_address(here, server):
    """A question mark may follow its name; the server's word that nothing has changed is taken."""
    content = wheel(files(2))
    asked = []

    def answer(handler):
        asked.append(handler.headers.get("If-None-Match"))
        handler.send_response(304 if asked[-1] else 200)
        handler.send_header("ETag", '"1"')
        handler.send_header("Content-Length", "0" if asked[-1] else str(len(content)))
        handler.end_headers()
        if not asked[-1]:
            handler.wfile.write(content)

    server.answers[f"/{NAME}"] = answer
    address = f"{server.url}{NAME}"
    assert CostMap.update(address, accept=True).installed
    assert price() == 2
    assert CostMap.update(address).unchanged
    assert asked == [None, '"1"']
    assert CostMap.update(address, accept=True).unchanged
    assert asked[2] is None


def damaged(content):
    whole = bytearray(content)
    start = content.index(b"model_prices.json") + len("model_prices.json")
    whole[start : start + 8] = b"\xff" * 8
    return bytes(whole)


def without(name):
    return {key: text for key, text in files(2).items() if key != name}


FAULTS = {
    "no zip": (lambda: b"no zip", "is no data wheel, or is damaged"),
    "empty": (lambda: b"", "is no data wheel, or is damaged"),
    "cut off": (lambda: wheel(files(2))[:-40], "is no data wheel, or is damaged"),
    "damaged inside": (lambda: damaged(wheel(files(2))), "is no data wheel, or is damaged"),
    "a changed digit": (
        lambda: wheel(files(2), compression=zipfile.ZIP_STORED).replace(b"2e-06", b"9e-06"),
        "is no data wheel, or is damaged: Bad CRC",
    ),
    "another package": (lambda: wheel(files(2), "numpy"), "is no data wheel: it holds no llm_costmap_data/map_info"),
    "no map": (lambda: wheel(without(places.MAP)), "has no model_prices.json, and map_info.json states"),
    "no facts": (lambda: wheel(without(places.INFO)), "is no data wheel: it holds no"),
    "another sha256": (
        lambda: wheel({**files(2), places.MAP: files(3)[places.MAP]}),
        "model_prices.json does not have the published sha256",
    ),
    "another size": (
        lambda: wheel(files(2, sizes={places.MAP: 5})),
        "model_prices.json has 1.. bytes, and .* states 5",
    ),
    "a newer form": (lambda: wheel(files(2, format=2)), rf"has format 2, which llm-costmap {VERSION} does not know"),
    "a newer engine": (lambda: wheel(files(2, needs="99")), r"needs llm-costmap >= 99 .*the prices in use stay"),
    "after tomorrow": (lambda: wheel(files(2, as_of="9998-01-01")), "is after tomorrow"),
    "a number for a day": (lambda: wheel(files(2, as_of=5)), "as_of=5 in map_info.json is no date"),
    "no prices": (lambda: wheel({**files(2), places.MAP: b"{"}), "does not have the published sha256"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_wheel_leaves_the_last_good_prices(here, fault):
    """An UpdateError says why; nothing is written."""
    make, why = FAULTS[fault]
    with pytest.raises(UpdateError, match=why):
        CostMap.update(put(here, make()))
    assert price() == 1
    assert not (here / "share").exists()


def test_an_encrypted_wheel(here):
    """There is no password to ask for."""
    content = bytearray(wheel(files(2)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + place] |= 1
            start += 4
    with pytest.raises(UpdateError, match=r"is no data wheel, or is damaged: .*encrypted"):
        CostMap.update(put(here, bytes(content)))


def test_a_bomb(here, monkeypatch):
    """What would become larger than any price map is not unpacked."""
    monkeypatch.setattr(packed, "LARGEST", 1000)
    bomb = wheel({**files(2), places.MAP: b" " * 100_000})
    assert len(bomb) < 2000
    with pytest.raises(UpdateError, match=r"model_prices.json in .* is larger than 1,000 bytes"):
        CostMap.update(put(here, bomb))


def test_a_pipe_of_that_name(here):
    """It is not waited for."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name on this system")
    os.mkfifo(here / NAME)
    with pytest.raises(UpdateError, match="it is no regular file"):
        CostMap.update(str(here / NAME))


@pytest.mark.parametrize("day", ["2098-01-02", "2098-01-03"])
def test_an_update_that_the_installed_wheel_would_hide_is_refused(here, monkeypatch, day):
    """On one day the wheel comes first: the update would seem to be in use and would not."""
    site = here / "site" / places.WHEEL
    site.mkdir(parents=True)
    for name, text in files(3, as_of=day).items():
        (site / name).write_bytes(text)
    monkeypatch.syspath_prepend(str(here / "site"))
    with pytest.raises(
        UpdateError, match=rf"not newer than the prices in use: the installed llm-costmap-data .* {day}"
    ):
        CostMap.update(put(here, wheel(files(2))))
    single = here / "single.json"
    single.write_bytes(files(2)[places.MAP])
    with pytest.raises(UpdateError, match=r"is of an unknown day, not newer than the prices in use"):
        CostMap.update(str(single))
    assert price() == 3


LOOP = """
import sys
from llmcost import CostMap
from llmcost.prices import places
places.PACKAGED = type(places.PACKAGED)("the bundled map", (sys.argv[1],))
print("ready", flush=True)
while True:
    for source in sys.argv[2:]:
        CostMap.update(source, accept=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(n, marks=pytest.mark.kill) for n in range(4, 100))])
def test_kill_9_while_wheels_are_taken(here, seed):
    """However far it had come, the prices in use are those of one of the whole sets."""
    sources = []
    for dear in (2, 3):
        (here / str(dear)).mkdir()
        sources.append(put(here / str(dear), wheel(files(dear))))
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP, f"{here}{os.sep}", *sources], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    # Not a wait for something: where the kill falls has to vary.
    threading.Event().wait(random.Random(seed).uniform(0.0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert price() in {1, 2, 3}
    CostMap.update(sources[0], accept=True)
    assert price() == 2


@pytest.mark.parametrize(("installed", "fetched"), [("2098.1.2", "2098.1.2.2"), ("2098.1.1", "2098.1.2")])
def test_a_later_release_of_the_wheels_day_is_taken(here, monkeypatch, installed, fetched):
    """A mistake was corrected, on the same prices of the sources."""
    site = here / "site" / places.WHEEL
    site.mkdir(parents=True)
    for name, text in files(3, version=installed).items():
        (site / name).write_bytes(text)
    monkeypatch.syspath_prepend(str(here / "site"))
    assert CostMap.update(put(here, wheel(files(2, version=fetched))), accept=True).installed
    with pytest.warns(StalePricesWarning, match="is newer than the installed llm-costmap-data"):
        assert price() == 2


def test_an_earlier_release_of_the_packages_day_is_refused(here):
    """It would not be used."""
    for name, text in files(3, version="2098.1.2.2").items():
        (here / name).write_bytes(text)
    with pytest.raises(UpdateError, match=r"an earlier release of that day .*: the package has 2098\.1\.2\.2"):
        CostMap.update(put(here, wheel(files(2))))
    assert price() == 3
