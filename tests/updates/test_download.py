"""What is asked for an update, and what is believed of it."""

from __future__ import annotations

import hashlib
import json
import threading
from urllib.request import Request

import pytest

from llmcost import UpdateError
from llmcost.updates import download as downloads
from llmcost.updates.download import download
from tests.servers.files import dripping

MAP = b'{\n"m":{"input_cost_per_token":1e-06}\n}\n'


def info(**digests: str) -> bytes:
    return json.dumps(
        {"as_of": "2026-11-01", "sha256": {f"{name}.json": digest for name, digest in digests.items()}}
    ).encode()


def test_only_what_is_stated_is_asked_for(server):
    """A file without a published sha256 could be anything."""
    server.answers["/data/map_info.json"] = info(model_prices=hashlib.sha256(MAP).hexdigest().upper())
    server.answers["/data/model_prices.json"] = MAP
    server.answers["/data/price_history.json"] = b"anything"
    found = download(server.url + "data/")
    assert (sorted(found.files), found.as_of) == (["map_info.json", "model_prices.json"], "2026-11-01")
    assert [path for path, _ in server.asked] == ["/data/map_info.json", "/data/model_prices.json"]


def test_a_digest_of_no_words_is_none_that_fits(server):
    """An empty file beside the map is not taken for \"there is no digest\"."""
    server.answers.update({"/map.json": MAP, "/map.json.sha256": b"\n"})
    with pytest.raises(UpdateError, match="published sha256"):
        download(server.url + "map.json")


def test_a_map_may_have_a_query(server):
    """As signed addresses have."""
    server.answers["/map.json?signature=1"] = MAP
    assert download(server.url + "map.json?signature=1").files == {"model_prices.json": MAP}


def test_byte_by_byte_does_not_get_around_the_deadline(server, monkeypatch):
    """Every byte comes in time, and the whole never."""
    stop = threading.Event()
    server.answers["/map.json"] = dripping(stop)
    monkeypatch.setattr(downloads, "_DEADLINE", 0.1)
    try:
        with pytest.raises(UpdateError, match="takes longer than"):
            download(server.url + "map.json")
    finally:
        stop.set()


def test_a_server_that_keeps_the_line_open_is_not_waited_for(server, monkeypatch):
    """What has come whole is whole."""
    stop = threading.Event()

    def hold(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(MAP)))
        handler.end_headers()
        handler.wfile.write(MAP)
        stop.wait(30)
        handler.close_connection = True

    server.answers["/map.json"] = hold
    monkeypatch.setattr(downloads, "_digest_beside", lambda *_, **__: None)
    try:
        assert download(server.url + "map.json").files == {"model_prices.json": MAP}
    finally:
        stop.set()


def test_a_body_in_chunks(server):
    """Without a stated length."""

    def chunked(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in (MAP[:10], MAP[10:], b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    server.answers["/map.json"] = chunked
    assert download(server.url + "map.json").files == {"model_prices.json": MAP}


@pytest.mark.parametrize(
    ("asked", "to", "taken"),
    [
        ("https://prices.example/a", "https://cdn.example/a", True),
        ("https://prices.example/a", "http://cdn.example/a", False),
        # A server out there does not choose what is asked on this machine.
        ("https://prices.example/a", "http://127.0.0.1:8080/a", False),
        ("http://127.0.0.1:8080/a", "http://localhost:8081/a", True),
        ("http://127.0.0.1:8080/a", "http://cdn.example/a", False),
        ("http://127.0.0.1:8080/a", "file:///etc/passwd", False),
    ],
)
def test_where_a_redirect_may_lead(asked, to, taken):
    """To https; on this machine to itself."""
    redirects = downloads._redirects()
    request = Request(asked)  # noqa: S310 - it is not sent
    if taken:
        assert redirects.redirect_request(request, None, 302, "Found", {}, to).full_url == to
    else:
        with pytest.raises(UpdateError, match="not https"):
            redirects.redirect_request(request, None, 302, "Found", {}, to)


@pytest.mark.parametrize(
    "source", ["https://[::1", "file:///etc/passwd", "ftp://prices.example/data", "https://", "http://127.0.0.1:x/data"]
)
def test_an_address_that_is_none(source):
    """Nothing is asked, and the error is the one of updates."""
    with pytest.raises(UpdateError, match=r"cannot be fetched|not https"):
        download(source)


def test_a_file_is_read_within_bounds(tmp_path, monkeypatch):
    """Whatever size the file system states."""
    monkeypatch.setattr(downloads, "_LARGEST", 10)
    file = tmp_path / "map.json"
    file.write_bytes(b"{" + b" " * 9)
    assert download(str(file)).files == {"model_prices.json": b"{" + b" " * 9}
    file.write_bytes(b"{" + b" " * 10)
    with pytest.raises(UpdateError, match="larger than 10 bytes"):
        download(str(file))


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"sha256": 1}', b"[" * 100_000, b"\xff"])
def test_facts_that_are_none(tmp_path, text):
    """Without digests nothing can be checked."""
    (tmp_path / "map_info.json").write_bytes(text)
    with pytest.raises(UpdateError, match="does not state the sha256"):
        download(str(tmp_path))


def test_a_single_map_on_disk_may_have_its_sha256_beside_it(tmp_path):
    """It is checked where it is there; a date it has none."""
    place = tmp_path / "prices.json"
    place.write_bytes(MAP)
    assert download(str(place)).files == {"model_prices.json": MAP}
    beside = tmp_path / "prices.json.sha256"
    beside.write_text(hashlib.sha256(MAP).hexdigest() + "  prices.json", encoding="ascii")
    assert (download(str(place)).files, download(str(place)).as_of) == ({"model_prices.json": MAP}, "")
    for text in ("0" * 64, ""):
        beside.write_text(text, encoding="ascii")
        with pytest.raises(UpdateError, match=r"does not have the published sha256"):
            download(str(place))


def test_a_folder_may_leave_its_date_out(tmp_path):
    """Then it has none."""
    (tmp_path / "model_prices.json").write_bytes(MAP)
    digests = {"model_prices.json": hashlib.sha256(MAP).hexdigest()}
    (tmp_path / "map_info.json").write_text(json.dumps({"sha256": digests}), encoding="utf-8")
    assert download(str(tmp_path)).as_of == ""


def test_a_single_map_that_has_not_changed(monkeypatch):
    """The server says so by the etag, and nothing else is asked for."""
    monkeypatch.setattr(downloads, "_get", lambda *_: None)
    assert download("https://prices.invalid/prices.json", "known") is None


def test_a_digest_that_cannot_be_fetched_is_no_missing_digest(monkeypatch):
    """Only a server that says that there is none is believed."""

    def refuse(place):
        raise UpdateError(place)

    monkeypatch.setattr(downloads, "_get", lambda *_: (MAP, ""))
    monkeypatch.setattr(downloads, "_body_of", refuse)
    with pytest.raises(UpdateError, match=r"prices\.json\.sha256"):
        download("https://prices.invalid/prices.json")
