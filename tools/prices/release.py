"""The data wheel: the files of data/ as a package, whose bytes depend on nothing but them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from llmcost.prices.places import HISTORY, INFO, MAP, PROVENANCE

from .fetch import InputError
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
_FOLDER = "data_wheel"


def release(data: Path, out: Path, root: Path = ROOT) -> tuple[Path, str]:
    """Write the data wheel of a folder of price data; return it and its sha256.

    Raises InputError if the files are not those that map_info.json states, if another wheel of this version is there,
    or without the pinned build tool.
    """
    info = json.loads(_read(data / INFO))
    _check(data, info)
    _check_tool(read_toml(root / _FOLDER / "pyproject.toml")["build-system"]["requires"])
    year, month, day = (int(part) for part in info["version"].split(".")[:3])
    epoch = int(datetime(year, month, day, tzinfo=timezone.utc).timestamp())
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        shutil.copytree(root / _FOLDER, stage / _FOLDER, ignore=shutil.ignore_patterns("__pycache__", "dist"))
        shutil.copytree(data, stage / "data")
        shutil.copy(root / "LICENSE", stage)
        built = stage / "out"
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
            cwd=stage / _FOLDER,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
            check=True,
            capture_output=True,
        )
        (wheel,) = built.glob("*.whl")
        content, target = wheel.read_bytes(), out / wheel.name
    if target.exists() and target.read_bytes() != content:
        raise InputError(f'{target} holds other bytes: write "release": 2 below "today" in inputs.lock.json, and build')
    out.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target, sha256(content).hexdigest()


def _check(data: Path, info: Mapping[str, Mapping[str, str]]) -> None:
    for name in (MAP, HISTORY, PROVENANCE):
        if sha256(_read(data / name)).hexdigest() != info["sha256"].get(name):
            raise InputError(f"{data / name} is not the file that {INFO} states: build first")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}: build first") from error


def _check_tool(requires: list[str]) -> None:
    """Raise InputError unless the build tool is the pinned one: another version may write other bytes."""
    (wanted,) = requires
    name, _, version = wanted.partition("==")
    found = None
    if find_spec(name) is not None:
        from importlib.metadata import version as version_of

        found = version_of(name)
    if found != version:
        raise InputError(
            f"the data wheel is built by {wanted}, and {found or 'none'} is installed: pip install {wanted}"
        )
