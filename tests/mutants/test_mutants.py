"""No test is there for show: of a sample of small changes to the engine, each turns a test red or is known not to.

    pytest -m mutants -n 2 tests/mutants           200 mutants: an hour or more on two cores
    LLMCOST_MUTANTS=15 pytest -m mutants tests/mutants
    LLMCOST_MUTANTS_OF=spend/*.py ...              of these files alone
    LLMCOST_MUTANTS_SEED=2 ...                     another sample

Each mutant is tried in a copy of the tree, never in the tree itself: against the tests of its own file, then those of
its room; where the room makes bills, the golden cases and the tests of the api come before it, and the laws after. One
that survives is looked for in ``survivors.toml``; if it is not there, a test is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .mutate import Mutant, mutants, sample

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

pytestmark = [pytest.mark.mutants, pytest.mark.timeout(0)]

TREE = Path(__file__).resolve().parents[2]
KNOWN_FILE = Path(__file__).with_name("survivors.toml")
REASONS = {"equivalent", "only speed", "only text"}
SIZE, SEED = int(os.environ.get("LLMCOST_MUTANTS", "200")), os.environ.get("LLMCOST_MUTANTS_SEED", "1")
ROOMS = ("core", "prices", "readers", "tracking", "spend", "frames")
# Patterns of files, such as "core/*.py,prices/layers.py".
TARGETS = os.environ.get("LLMCOST_MUTANTS_OF", ",".join(f"{room}/*.py" for room in ROOMS)).split(",")
# What is tried after the tests of the file itself: bills, where the room makes them, else the room.
BILLING, WIDER = frozenset({"core", "prices", "readers"}), ("tests/golden", "tests/api")
LAWS = "tests/laws"
# A run of tests that takes longer has met a mutant that does not end.
MOST_SECONDS = 1200
GREEN, RED, BROKEN = 0, 1, 2


def files(patterns: list[str]) -> list[str]:
    """Return the files that are changed, as paths in the tree; each pattern has some."""
    found = []
    for pattern in patterns:
        matching = sorted((TREE / "llmcost").glob(pattern))
        assert matching, f"{pattern}: no such file"
        found += [path.relative_to(TREE).as_posix() for path in matching]
    return found


def made_of(found: list[str]) -> list[Mutant]:
    """Return every mutant of some files."""
    return [mutant for file in found for mutant in mutants(file, (TREE / file).read_text(encoding="utf-8"))]


ALL = made_of(files(TARGETS))
KNOWN = tomllib.loads(KNOWN_FILE.read_text(encoding="utf-8"))["survivor"]
KNOWN_KEYS = {(row["file"], row["line"], row["mutation"]) for row in KNOWN}


class Copy:
    """A copy of the tree in which a file may be changed."""

    def __init__(self, at: Path) -> None:
        self.at = at
        skipped = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "dist", "build", "benchmarks")
        shutil.copytree(TREE, at, ignore=skipped)

    def put(self, file: str, source: str) -> None:
        """Write a file, and drop what was compiled of it: it may have the same size and second of time."""
        path = self.at / file
        path.write_text(source, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()

    def killed_by(self, *tests: str) -> str:
        """Return the first failing test of these, or "" if all are green."""
        outer = ("PYTEST_", "LLMCOST_", "COV_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(outer)}
        try:
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "pytest",
                    "-x",
                    "-q",
                    "-n",
                    "0",
                    "--tb=no",
                    "-p",
                    "no:cacheprovider",
                    "--timeout=120",
                    *tests,
                ],
                cwd=self.at,
                env={**clean, "PYTHONPATH": str(self.at)},
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "no end"
        assert done.returncode in {GREEN, RED, BROKEN}, f"pytest said {done.returncode}: {done.stdout}{done.stderr}"
        if done.returncode == GREEN:
            return ""
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return failed[0] if failed else done.stdout[-300:] or done.stderr[-300:]


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """A copy for this process, whose tests are those of the copy and are green as they stand."""
    made = Copy(tmp_path_factory.mktemp("mutants") / "tree")
    where = subprocess.run(
        [sys.executable, "-c", "import llmcost; print(llmcost.__file__)"],
        cwd=made.at,
        env={**os.environ, "PYTHONPATH": str(made.at)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(made.at)
    assert made.killed_by(*WIDER) == ""
    return made


def own_tests(file: str) -> list[str]:
    """Return the test of the file alone, which mirrors its path."""
    path = Path("tests", *Path(file).parts[1:-1], f"test_{Path(file).name}")
    return [path.as_posix()] if (TREE / path).is_file() else []


@pytest.mark.parametrize("mutant", sample(ALL, SIZE, SEED), ids=lambda mutant: f"{mutant.file}:{mutant.number}")
def test_every_mutant_is_killed(copy, mutant):
    """By the tests of its file, the golden cases or those of the api; or it is known to change no bill."""
    original = (copy.at / mutant.file).read_text(encoding="utf-8")
    copy.put(mutant.file, mutant.source)
    try:
        name = Path(mutant.file).parts[1]
        room = f"tests/{name}"
        first = WIDER if name in BILLING else (room,)
        killer = next(filter(None, (copy.killed_by(tests) for tests in (*own_tests(mutant.file), *first))), "")
        known = mutant.key in KNOWN_KEYS
        if not killer and not known and name in BILLING:
            killer = copy.killed_by(room, LAWS)
    finally:
        copy.put(mutant.file, original)
    what = f"{mutant.file}:{mutant.number}: {mutant.mutation}\n    {mutant.line}"
    assert killer or known, f"survived: {what}\nWrite a test, or give survivors.toml its reason."
    assert not (killer and known), f"survivors.toml lists what {killer} kills: {what}"


def test_every_known_survivor_can_be_made_and_has_a_reason():
    """Its line still stands in its file, and its change is still one that is tried."""
    made = {mutant.key for mutant in made_of(sorted({row["file"] for row in KNOWN}))}
    for row in KNOWN:
        assert row["reason"] in REASONS, row
        assert row["why"], row
        assert (row["file"], row["line"], row["mutation"]) in made, row
