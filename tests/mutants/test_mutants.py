"""No test is there for show: of a sample of small changes to the engine, each turns a test red or is known not to.

    pytest -m mutants -s tests/mutants             200 mutants
    LLMCOST_MUTANTS=15 pytest -m mutants -s tests/mutants
    LLMCOST_MUTANTS_OF=spend/*.py ...              of these files alone
    LLMCOST_MUTANTS_SEED=2 ...                     another sample
    LLMCOST_MUTANTS_WORKERS=4 ...                  processes; two by default
    LLMCOST_MUTANTS_SECONDS=60 ...                 CPU seconds of the tests of its file, of its room, and of others;
                                                   twenty of each by default
    LLMCOST_MUTANTS_AT=../mutants ...            a folder for what was found; a run that was stopped goes on from it

Each mutant is tried in a copy of the tree, never in the tree itself. First a run of the tests notes which lines each
of them runs. A mutant is then tried against the tests of its own file, and against those anywhere that run its line.
One that survives is looked for in ``survivors.toml``; if it is not there, a test is missing.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .covering import Coverage, batches, deciding
from .mutate import Mutant, mutants, sample

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

pytestmark = [pytest.mark.mutants, pytest.mark.timeout(0)]

TREE = Path(__file__).resolve().parents[2]
KNOWN_FILE = Path(__file__).with_name("survivors.toml")
# ``elsewhere``: a test of an engine that is not installed with the others kills it.
REASONS = {"equivalent", "only speed", "only text", "elsewhere"}
SIZE, SEED = int(os.environ.get("LLMCOST_MUTANTS", "200")), os.environ.get("LLMCOST_MUTANTS_SEED", "1")
ROOMS = ("core", "prices", "readers", "tracking", "spend", "frames")
# Patterns of files, such as "core/*.py,prices/layers.py".
TARGETS = os.environ.get("LLMCOST_MUTANTS_OF", ",".join(f"{room}/**/*.py" for room in ROOMS)).split(",")
WORKERS = int(os.environ.get("LLMCOST_MUTANTS_WORKERS", "2"))
SECONDS = float(os.environ.get("LLMCOST_MUTANTS_SECONDS", "20"))
# The tests that make whole bills and pages; they are tried beside those of the rooms that are changed.
WHOLES = ("laws", "golden", "api", "cli", "browser")
# CPU seconds of the tests of a batch: a mutant that is killed by one batch does not meet the next.
BATCH = 4.0
# Most of the survivors that have no test, of a hundred mutants.
MOST_SURVIVORS = 8
GREEN, EMPTY = 0, 5


def files(patterns: list[str]) -> list[str]:
    """Return the files that are changed, as paths in the tree; each pattern has some."""
    found = []
    for pattern in patterns:
        matching = sorted((TREE / "llmcost").glob(pattern))
        assert matching, f"{pattern}: no such file"
        found += [path.relative_to(TREE).as_posix() for path in matching if "migrations" not in path.parts]
    return found


def made_of(found: list[str]) -> list[Mutant]:
    """Return every mutant of some files."""
    return [mutant for file in found for mutant in mutants(file, (TREE / file).read_text(encoding="utf-8"))]


KNOWN = tomllib.loads(KNOWN_FILE.read_text(encoding="utf-8"))["survivor"]
KNOWN_KEYS = {(row["file"], row["line"], row["mutation"]) for row in KNOWN}


class Copy:
    """A copy of the tree in which a file may be changed, and a warm process in it that runs tests."""

    def __init__(self, at: Path) -> None:
        self.at, self.temporary, self.said = at, at.with_name(f"{at.name}-tests"), at.with_name(f"{at.name}-said")
        skipped = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "dist", "build", "benchmarks")
        shutil.rmtree(at, ignore_errors=True)
        shutil.copytree(TREE, at, ignore=skipped)
        outer = ("PYTEST_", "LLMCOST_", "COV_", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(outer)}
        kept |= {name: value for name, value in os.environ.items() if name == "LLMCOST_TEST_POSTGRES"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.warm"],
            cwd=at,
            env={**kept, "PYTHONPATH": str(at)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, tests: list[str], **how) -> dict:
        """Run some files of tests in a child of the warm process; return how it ended."""
        request = {"files": tests, "temporary": str(self.temporary), "said": str(self.said), **how}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        shutil.rmtree(self.temporary, ignore_errors=True)
        return answer

    def put(self, file: str, source: str) -> None:
        """Write a file, and drop what was compiled of it: it may have the same size and second of time."""
        path = self.at / file
        path.write_text(source, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()

    def close(self) -> None:
        """End the warm process, and close both pipes."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def record(copy: Copy, folder: str, to: Path) -> None:
    """Note which lines the tests of a folder run, once."""
    if not to.exists():
        answer = copy.run([f"tests/{folder}"], record=f"{to}.new")
        said = copy.said.read_text(errors="replace")[-2000:]
        assert answer["code"] in {0, 1}, f"{folder}: {answer}: {said}"
        Path(f"{to}.new").rename(to)


def own_tests(file: str) -> str:
    """Return the test of the file alone, which mirrors its path."""
    return Path("tests", *Path(file).parts[1:-1], f"test_{Path(file).name}").as_posix()


def killer(copy: Copy, coverage: Coverage, mutant: Mutant) -> tuple[str, float]:
    """Return the first test that a mutant turns red, or "", and the seconds of CPU that this took."""
    original, spent = (copy.at / mutant.file).read_text(encoding="utf-8"), 0.0
    lines = deciding(original, mutant.number)
    running = coverage.running(mutant.file, lines)
    near = coverage.chosen(coverage.of_file(own_tests(mutant.file)), SECONDS)
    room = f"tests/{Path(mutant.file).parts[1]}/"
    inside = {name for name in coverage.tests if name.startswith(room)}
    # Tests of its room look at what it does; the others make bills, of which it is a small part.
    further = running - {test.name for test in near}
    rest = [coverage.chosen(further & inside, SECONDS), coverage.chosen(further - inside, SECONDS)]
    if not near and not further:
        # No test runs it by itself; a process of its own may.
        rest = [coverage.chosen(inside, SECONDS)]
    # The examples of the file itself are recorded nowhere; they take a moment.
    runs = [(sorted({test.file for test in batch}), batch) for batch in ([near] if near else [])]
    runs.append(([mutant.file], []))
    runs += [(sorted({test.file for test in batch}), batch) for tests in rest for batch in batches(tests, BATCH)]
    copy.put(mutant.file, mutant.source)
    try:
        for chosen, batch in runs:
            answer = copy.run(
                chosen,
                only=[test.name for test in batch] or None,
                cpu=30 + 10 * sum(test.cpu for test in batch),
                wall=120 + 10 * sum(test.wall for test in batch),
            )
            spent += answer["cpu"]
            if answer["code"] not in {GREEN, EMPTY}:
                return answer["failed"] or f"pytest said {answer['code']}", spent
    finally:
        copy.put(mutant.file, original)
    return "", spent


def each(work, items, copies) -> None:
    """Do a work for each item, in as many threads as there are copies; the first error ends it."""
    free = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(item) -> None:
        copy = free.get()
        try:
            work(copy, item)
        finally:
            free.put(copy)

    pool = ThreadPoolExecutor(len(copies))
    try:
        for _ in pool.map(one, items):
            pass
    finally:
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    """The folder of the copies, and of what is found."""
    kept = os.environ.get("LLMCOST_MUTANTS_AT")
    found = Path(kept) if kept else tmp_path_factory.mktemp("mutants")
    found.mkdir(exist_ok=True)
    return found


@pytest.fixture(scope="module")
def copies(at):
    """A copy for each worker."""
    found = [Copy(at / f"tree-{number}") for number in range(WORKERS)]
    yield found
    for copy in found:
        copy.close()


@pytest.fixture(scope="module")
def coverage(at, copies):
    """Which test runs what; the tests are those of a copy."""
    folders = (*WHOLES, *sorted({Path(file).parts[1] for file in files(TARGETS)}))
    each(lambda copy, folder: record(copy, folder, at / f"lines-{folder}"), folders, copies)
    return Coverage(pickle.loads((at / f"lines-{folder}").read_bytes()) for folder in folders)


def test_every_mutant_is_killed(at, copies, coverage, capsys):
    """By a test that runs its line; or it is known to change no bill."""
    chosen, done, lock = sample(made_of(files(TARGETS)), SIZE, SEED), at / "done.jsonl", threading.Lock()
    found = {tuple(row["key"]): row for row in map(json.loads, done.read_text().splitlines() if done.exists() else ())}

    def attempt(copy: Copy, mutant: Mutant) -> None:
        if mutant.key in found:
            return
        killed, cpu = killer(copy, coverage, mutant)
        row = {"key": mutant.key, "number": mutant.number, "killed": killed, "cpu": round(cpu, 2)}
        with lock, done.open("a") as file:
            found[mutant.key] = row
            file.write(json.dumps(row) + "\n")
        with lock, capsys.disabled():
            what = killed or f"SURVIVED {mutant.mutation}\n    {mutant.line}"
            print(f"{len(found)}/{len(chosen)} {cpu:.1f} s {mutant.file}:{mutant.number}: {what}", flush=True)

    each(attempt, chosen, copies)
    alive = [mutant for mutant in chosen if not found[mutant.key]["killed"]]
    unknown = [f"{m.file}:{m.number}: {m.mutation}\n    {m.line}" for m in alive if m.key not in KNOWN_KEYS]
    with capsys.disabled():
        print(f"\nmutants: {len(chosen)}, survivors: {len(alive)}, {len(unknown)} of them without a reason")
    assert not unknown, "\n".join(["A test is missing, or a reason in survivors.toml:", *unknown])
    dead = [m for m in chosen if m.key in KNOWN_KEYS and found[m.key]["killed"]]
    named = [f"{m.file}: {m.mutation}: {found[m.key]['killed']}" for m in dead]
    assert not dead, "\n".join(["survivors.toml lists what a test kills:", *named])
    assert len(alive) * 100 <= MOST_SURVIVORS * len(chosen)


def test_every_known_survivor_can_be_made_and_has_a_reason():
    """Its line still stands in its file, and its change is still one that is tried."""
    made = {mutant.key for mutant in made_of(sorted({row["file"] for row in KNOWN}))}
    for row in KNOWN:
        assert row["reason"] in REASONS, row
        assert row["why"], row
        assert (row["file"], row["line"], row["mutation"]) in made, row
