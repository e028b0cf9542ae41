"""What must not hurt: each fault leaves the last good prices in use and says why."""

from __future__ import annotations

import json
import os
import socket
import threading
import warnings
from pathlib import Path
from urllib.request import Request

import pytest

from llmcost import CostMap, PriceDataError, StalePricesWarning, UpdateError
from llmcost.prices import places
from llmcost.updates import deadline
from llmcost.updates import download as downloads
from llmcost.updates import install as installing
from llmcost.updates.checks import validated
from llmcost.updates.download import download

MAP = b'{\n"m":{"input_cost_per_token":1e-06}\n}\n'


@pytest.fixture
def a_pipe(tmp_path):
    """A file that never ends, because nobody writes to it."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name on this system")
    path = str(tmp_path / "pipe.json")
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("day", ["9998-01-01", "2026-11-28", "2027-11-26"])
def test_a_day_after_tomorrow_is_refused(tmp_path, monkeypatch, day):
    """Every true update after it would be older than the prices in use; tomorrow may be today elsewhere."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-26")
    (tmp_path / places.MAP).write_bytes(MAP)
    digest = "0f" * 32
    (tmp_path / places.INFO).write_text(json.dumps({"as_of": day, "sha256": {places.MAP: digest}}))
    with pytest.raises(UpdateError, match="is after tomorrow"):
        download(str(tmp_path))
    (tmp_path / places.INFO).write_text(json.dumps({"as_of": "2026-11-27", "sha256": {places.MAP: digest}}))
    with pytest.raises(UpdateError, match="does not have the published sha256"):
        download(str(tmp_path))


def test_slow_headers_are_inside_the_deadline(monkeypatch):
    """A byte of the headers now and then, for ever: the request ends at its deadline."""
    monkeypatch.setattr(downloads, "_DEADLINE", 0.3)
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def dribble():
        connection, _ = server.accept()
        with connection:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 10_000:
                if ended.wait(0.01):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    thread = threading.Thread(target=dribble, daemon=True)
    thread.start()
    try:
        with pytest.raises(UpdateError, match=r"takes longer than 0 s"):
            download(f"http://127.0.0.1:{server.getsockname()[1]}/map.json")
    finally:
        ended.set()
        # On a busy machine the deadline may come before the connection, for which the thread then waits still.
        socket.create_connection(server.getsockname()).close()
        thread.join()
        server.close()


def test_nothing_is_asked_after_the_deadline():
    """A redirect that comes too late is not followed."""
    plain, _ = deadline.handlers(0)
    wanted = Request("http://127.0.0.1:9/")
    wanted.timeout = 1
    with pytest.raises(OSError, match="takes longer than 0 s"):
        plain.http_open(wanted)


def test_a_pipe_is_no_update(a_pipe):
    """It would be waited for, for ever."""
    with pytest.raises(UpdateError, match="it is no regular file"):
        download(a_pipe)


@pytest.mark.parametrize("door", ["LLMCOST_PRICES", "CostMap", "register"])
def test_a_pipe_is_no_map(a_pipe, door, monkeypatch):
    """At every door the answer is an error, at once."""
    monkeypatch.setenv("LLMCOST_PRICES", a_pipe)
    ask = {
        "LLMCOST_PRICES": places.current,
        "CostMap": lambda: CostMap(a_pipe),
        "register": lambda: CostMap({}).register(a_pipe),
    }
    with pytest.raises(PriceDataError, match="it is no regular file"):
        ask[door]()


@pytest.mark.parametrize("source", ["\0", "map\0.json", "https://\0.example/map.json", "a\nb"])
def test_a_source_that_is_none(source):
    """Control characters are in no address and in no path of prices."""
    with pytest.raises(UpdateError, match="is neither an address nor a path"):
        download(source)


@pytest.mark.parametrize(
    "pointer",
    [
        {"folder": "map-\0", "sizes": {"model_prices.json": 1}},
        {"folder": "../elsewhere", "sizes": {"model_prices.json": 1}},
        {"folder": "..", "sizes": {"model_prices.json": 1}},
        {"folder": "", "sizes": {"model_prices.json": 1}},
        {"folder": "map-1", "sizes": {"\0": 1}},
        {"folder": "map-1", "sizes": {"../../model_prices.json": 1}},
        {"folder": 5, "sizes": {}},
        [],
    ],
)
def test_a_pointer_that_names_no_folder_beside_it(tmp_path, pointer):
    """It is no update; the prices of the package are used, and a warning says why, where there is a pointer at all."""
    folder = f"{tmp_path}/"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert places.updated(folder) is None
    (tmp_path / places.POINTER).write_text(json.dumps(pointer))
    assert places.pointed(folder) is None
    with pytest.warns(StalePricesWarning, match=r"current\.json is damaged: it names no update, and none is used"):
        assert places.updated(folder) is None


def test_a_failed_half_is_removed(tmp_path, monkeypatch):
    """A disk that is full after the first file: nothing of the update stays on it."""
    folder = f"{tmp_path}/"
    written = []

    def full(path, data):
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        Path(path).write_bytes(data)

    monkeypatch.setattr(installing, "_write", full)
    with pytest.raises(UpdateError, match="No space left"):
        installing.install({places.MAP: MAP, places.INFO: b"{}"}, {"as_of": "2026-11-26"}, folder)
    assert written
    assert list(tmp_path.iterdir()) == []
    assert places.updated(folder) is None


def test_two_at_once_leave_a_whole_one(tmp_path):
    """Eight updates into one folder: whichever was last, it is whole, and it is in use."""
    folder = f"{tmp_path}/"
    files = [{places.MAP: MAP.replace(b"1e-06", f"{n + 1}e-06".encode())} for n in range(8)]
    threads = [
        threading.Thread(target=installing.install, args=(one, {"as_of": "2098-01-01"}, folder)) for one in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = places.updated(folder)
    assert used is not None
    assert used.read(places.MAP) in [one[places.MAP] for one in files]


def test_the_words_of_a_server_are_printable():
    """A reason phrase cannot write a title on a terminal."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 500 \x1b]0;owned\x07\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    with pytest.raises(UpdateError, match="answers 500") as error:
        download(f"http://127.0.0.1:{server.getsockname()[1]}/map.json")
    thread.join()
    server.close()
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("row", "history", "why"),
    [
        ({"price_valid_until": "soon"}, [], "price_valid_until='soon' is no day"),
        ({"retired_on": 5}, [], "retired_on=5 is no day"),
        ({}, [{"from": 20250101, "input_cost_per_token": [1, 2]}], "from and after are days in text"),
        ({}, [{"from": "2025-01-01", "assumed": [{}]}], "assumed is a list of keys"),
    ],
)
def test_facts_of_other_kinds_are_refused(row, history, why):
    """Each would have been an error of Python's own at a later price, of the model or of a date."""
    entry = {"input_cost_per_token": 1e-06, **row}
    files = {
        places.MAP: b"{\n" + b'"m":' + json.dumps(entry).encode() + b"\n}\n",
        places.HISTORY: b"{\n" + b'"m":' + json.dumps(history).encode() + b"\n}\n",
    }
    with pytest.raises(UpdateError, match=f"is no price data: .*{why}"):
        validated(files, "the source")
