"""The files of an update, from an address or a path, each compared with the sha256 that is published for it.

A source is a folder, a single map, or a data wheel, which is read and not installed.

Addresses are https, or plain http on this machine; nothing else is asked, also when a server redirects. What
comes is bounded in size and in time.
"""

from __future__ import annotations

import hashlib
import json
import os

from ..errors import PriceDataError, UpdateError, shown
from ..prices import places
from ..prices.data_sets import LARGEST as _LARGEST
from ..prices.data_sets import read_regular, sizes_of
from ..prices.moments import day_number, moment, today
from ..prices.precedence import unfit
from .packed import unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPResponse
    from typing import Any

_TIMEOUT, _DEADLINE, _MOST_REDIRECTS = 10.0, 60.0, 3
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Download:
    """What was fetched.

    Attributes:
        files: name -> bytes, of the map, its history, its provenance and the facts about it.
        etag: what the server calls this version, or "".
        as_of: the date that the data states, ISO text, or "".
    """

    __slots__ = ("as_of", "etag", "files")

    def __init__(self, files: dict[str, bytes], etag: str, as_of: str = "") -> None:
        self.files, self.etag, self.as_of = files, etag, as_of


def download(source: str, etag: str = "") -> Download | None:
    """Return the files of an update; None if the server says that nothing has changed since the one of ``etag``.

    Args:
        source: an https address or a path, of a folder with ``map_info.json``, of a data wheel, or of a single JSON
            map.
        etag: what the server called the version that is known.

    Raises:
        UpdateError: it cannot be fetched, or a file does not have its published sha256.
    """
    remote, base = "://" in source, source.rstrip("/") + "/"
    is_wheel = source.partition("?")[0].partition("#")[0].endswith(".whl") and source.isprintable()
    is_map = not is_wheel and _is_single(source, remote=remote)
    first = source if is_wheel or is_map else base + places.INFO
    found = _get(first, etag) if remote else (_file(first), "")
    if found is None:
        return None
    data, etag = found
    if is_wheel:
        packed = unpacked(data, source)
        return _set(source, packed.pop(places.INFO), etag, packed.__getitem__)
    if not is_map:
        return _set(source, data, etag, lambda name: _body_of(base + name) if remote else _file(base + name))
    digest = _digest_beside(f"{source}.sha256", remote=remote)
    if digest is not None:
        _verify(source, data, digest)
    return Download({places.MAP: data}, etag)


def _set(source: str, info: bytes, etag: str, read: Callable[[str], bytes]) -> Download:
    """Return the files that a set states, each of them read and compared with its sha256 and its size."""
    files = {places.INFO: info}
    facts, as_of = _stated(info, source)
    for name in (places.MAP, places.HISTORY, places.PROVENANCE):
        if name in facts["sha256"]:
            try:
                files[name] = read(name)
            except KeyError:
                raise UpdateError(f"{source} has no {name}, and {places.INFO} states its sha256") from None
            _verify(f"{source}: {name}", files[name], facts["sha256"][name])
            size = sizes_of(facts).get(name, len(files[name]))
            if size != len(files[name]):
                raise UpdateError(
                    f"{source}: {name} has {len(files[name])} bytes, and {places.INFO} states {shown(size)}"
                )
    return Download(files, etag, as_of)


def _is_single(source: str, *, remote: bool) -> bool:
    if not source.isprintable():
        raise UpdateError(f"{source!r} is neither an address nor a path")
    if not remote:
        return not os.path.isdir(source) and (source.endswith(".json") or os.path.isfile(source))
    return source.partition("?")[0].endswith(".json")


def _stated(data: bytes, source: str) -> tuple[Mapping[str, Any], str]:
    """Return what ``map_info.json`` states, the sha256 of every file among it, and the date."""
    try:
        info = json.loads(data)
        digests = dict(info["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UpdateError(f"{source}: {places.INFO} does not state the sha256 of the files: {shown(error)}") from error
    if places.MAP not in digests:
        raise UpdateError(f"{source}: {places.INFO} states no sha256 of {places.MAP}")
    why = unfit(info)
    if why:
        raise UpdateError(f"{source} {why}; the prices in use stay")
    return {**info, "sha256": digests}, _day(info.get("as_of") or "", source)


def _day(as_of: object, source: str) -> str:
    """Return the day that the data is of; dates are compared as text everywhere else."""
    if as_of == "":
        return ""
    try:
        if isinstance(as_of, str) and moment(as_of).date().isoformat() == as_of[:10]:
            # A day later than any clock: every true update after it would be "older than the prices in use".
            if day_number(as_of) > today() + 1:
                raise UpdateError(f"{source}: as_of={as_of[:10]} in {places.INFO} is after tomorrow")
            return as_of[:10]
    except PriceDataError:
        pass
    raise UpdateError(f"{source}: as_of={shown(as_of)} in {places.INFO} is no date: it is written YYYY-MM-DD")


def _digest_beside(place: str, *, remote: bool) -> str | None:
    """Return the sha256 that is published beside a single map; None if there is none."""
    if remote:
        from urllib.error import HTTPError

        try:
            data = _body_of(place)
        except UpdateError as error:
            if isinstance(error.__cause__, HTTPError) and error.__cause__.code in {404, 410}:
                return None
            raise
    elif os.path.isfile(place):
        data = _file(place)
    else:
        return None
    return (data.decode("ascii", "replace").split() or [""])[0]


def _verify(place: str, data: bytes, digest: object) -> None:
    if hashlib.sha256(data).hexdigest() != str(digest).lower():
        raise UpdateError(f"{place} does not have the published sha256 {digest}: damaged or tampered with")


def _file(path: str) -> bytes:
    try:
        return read_regular(path, _LARGEST)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise UpdateError(f"{path} cannot be read: {why}") from error


def _body_of(url: str) -> bytes:
    found = _get(url, "")
    return found[0] if found is not None else b""


def _get(url: str, etag: str) -> tuple[bytes, str] | None:
    """Return the body and the ETag of an address; None for "not modified"."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, build_opener

    try:
        _refuse_plain(url)
        request = Request(url, headers={"User-Agent": "llmcost", **({"If-None-Match": etag} if etag else {})})  # noqa: S310 - https only
        from .deadline import handlers

        with build_opener(_redirects(), *handlers(_DEADLINE)).open(request, timeout=_TIMEOUT) as answer:
            stated = answer.headers.get("Content-Length") or ""
            length = int(stated) if stated.isascii() and stated.isdecimal() else None
            body = _body(answer, url, length)
            if length is not None and len(body) != length:
                raise UpdateError(f"{url} broke off: {len(body):,} of {length:,} bytes came")
            return body, answer.headers.get("ETag") or ""
    except HTTPError as error:
        error.close()
        if error.code == 304 and etag:
            return None
        raise UpdateError(f"{url} answers {error.code} {error.reason}") from error
    except (HTTPException, OSError, ValueError) as error:
        raise UpdateError(f"{url} cannot be fetched: {getattr(error, 'reason', error)}") from error


def _body(answer: HTTPResponse, url: str, length: int | None) -> bytes:
    parts, size = list[bytes](), 0
    # One read of the socket at a time: each looks at the deadline.
    while size != length and (part := answer.read1(64 * 1024)):
        size += len(part)
        if size > _LARGEST:
            raise UpdateError(f"{url} is larger than {_LARGEST:,} bytes: no price map is")
        parts.append(part)
    return b"".join(parts)


def _redirects() -> Any:  # a handler class made here, since urllib.request loads with the first update
    from urllib.request import HTTPRedirectHandler

    class Redirects(HTTPRedirectHandler):
        max_redirections = _MOST_REDIRECTS

        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            _refuse_plain(newurl, local=not req.full_url.startswith("https:"))
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return Redirects()


def _refuse_plain(url: str, *, local: bool = True) -> None:
    """Raise unless an address is https, or, if ``local``, plain http on this machine."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme == "https" or (local and parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise UpdateError(f"{url} is not https: prices are not taken from an address that anybody can change on the way")
