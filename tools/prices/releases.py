"""The newest release of each package of the lock, as the installer finds it in the registry.

Everything that asks a registry is in `installer`, which a test replaces by a folder of wheels.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from .fetch import InputError, Source, download

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from .fetch import Lock

    # (package, "==version" or "", the day before which it was uploaded or "") -> the release, None if there is none
    Ask = Callable[[str, str, str], "Release | None"]

# The machine for which a wheel is chosen, so that every machine chooses the same.
_TAGS = ("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "abi3", "--abi", "none")
_PLATFORMS = ("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64")


class DayUnknownError(Exception):
    """The registry or the installer does not say on which day a file was uploaded."""


@dataclass(frozen=True)
class Release:
    """One wheel of a package."""

    version: str
    file: str
    sha256: str


def installer(cache: Path) -> Ask:
    """Return what asks the registry, through a recent installer in an environment of its own."""
    folder = cache / "installer"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--upgrade", "pip"])

    def ask(package: str, version: str, before: str) -> Release | None:
        command = [str(python), "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
        command += ["--target", str(folder / "nowhere"), "--only-binary=:all:", *_TAGS, *_PLATFORMS, "--report", "-"]
        if before:
            command += ["--uploaded-prior-to", f"{before}T00:00:00+00:00"]
        # The arguments come from the lock file under review.
        run = subprocess.run([*command, package + version], capture_output=True, text=True, check=False)
        if run.returncode == 0:
            (row,) = json.loads(run.stdout)["install"]
            found = row["download_info"]
            name = found["url"].rpartition("/")[2]
            return Release(row["metadata"]["version"], name, found["archive_info"]["hashes"]["sha256"])
        if "No matching distribution" in run.stderr:
            return None
        if before and any(words in run.stderr for words in ("no such option", "upload-time", "uploaded-prior-to")):
            raise DayUnknownError(run.stderr.strip().splitlines()[-1])
        raise InputError(f"the installer could not look {package} up:\n{run.stderr.strip()}")

    return ask


def _run(command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise InputError(f"{' '.join(command)}:\n{run.stderr.strip()}")


def newest(known: Source, today: str, ask: Ask, day: str | None) -> tuple[Release, str] | None:
    """Return the newest release up to a day and the day of its upload; None if it is the known one.

    Raises InputError if nobody can tell the day: it is asked for, and never guessed.
    """
    after = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    try:
        found = ask(known.package, "", after)
    except DayUnknownError as problem:
        found = ask(known.package, "", "")
        if found is not None and found.version != known.version and day is None:
            raise InputError(_asked_for(known.package, found, str(problem))) from None
    if found is None:
        raise InputError(f"{known.package}: no release is found; the lock has {known.version}")
    if (found.version, found.file) == (known.version, known.file):
        return None
    stated = day or _uploaded(known, found, today, ask)
    if not known.data_date <= stated <= today:
        raise InputError(f"{known.package} {found.version}: {stated} is not between {known.data_date} and {today}")
    return found, stated


def _asked_for(package: str, found: Release, problem: str) -> str:
    return (
        f"{package} {found.version}: the day of its upload cannot be read ({problem}); look it up in the registry "
        f"and give it: --day {package}=YYYY-MM-DD"
    )


def _uploaded(known: Source, found: Release, today: str, ask: Ask) -> str:
    """Return the day of a file's upload: the last day before which the registry does not list it."""
    first, last = date.fromisoformat(known.data_date), date.fromisoformat(today)
    try:
        while first < last:
            middle = first + (last - first) // 2
            seen = ask(known.package, f"=={found.version}", (middle + timedelta(days=1)).isoformat())
            if seen == found:
                last = middle
            else:
                first = middle + timedelta(days=1)
    except DayUnknownError as problem:
        raise InputError(_asked_for(known.package, found, str(problem))) from None
    return first.isoformat()


def pinned(known: Source, release: Release, day: str, cache: Path) -> Source:
    """Return a release as a row of the lock, its wheel downloaded and the one member hashed."""
    row = replace(known, version=release.version, file=release.file, sha256=release.sha256, data_date=day)
    if not (cache / row.file).exists():
        download(row, cache)
    with ZipFile(cache / row.file) as archive:
        member = sha256(archive.read(row.member)).hexdigest()
    return replace(row, member_sha256=member)


# So many of the newest lists of litellm stay, and one a quarter of the older ones: they supply models that are gone,
# and they are what the history is checked against.
NEWEST_LISTS = 3
# As long as there are no more lists than this, all stay.
MOST_LISTS = 16


def thinned(lists: Sequence[Source]) -> list[Source]:
    """Return the lists that stay, of lists given newest first: the last three and the newest of each quarter."""
    if len(lists) <= MOST_LISTS:
        return list(lists)
    kept = list(lists[:NEWEST_LISTS])
    quarters = set()
    for source in lists[NEWEST_LISTS:]:
        year, month = source.data_date[:4], int(source.data_date[5:7])
        quarter = year, (month - 1) // 3
        if quarter not in quarters:
            quarters.add(quarter)
            kept.append(source)
    return kept


def lock_text(document: Mapping[str, Any], lock: Lock) -> str:
    """Return a lock file's text with the sources, the day and the release of another lock."""
    rows = [source.__dict__ for source in lock.sources]
    # A day's second release stands below its day.
    stated = {"today": lock.today, **({"release": lock.release} if lock.release > 1 else {})}
    kept = {key: value for key, value in document.items() if key not in {"today", "release", "inputs"}}
    return json.dumps({**kept, **stated, "inputs": rows}, indent=2, ensure_ascii=False) + "\n"
