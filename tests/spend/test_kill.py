"""``kill -9`` at random moments: every call whose ``record()`` had returned is in the log, once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tests.spend.calls import cost
from tests.spend.recorder_program import WIDTH

PROGRAM = Path(__file__).with_name("recorder_program.py")
PROCESSES, THREADS, CALLS = 2, 8, 50_000
# The first rounds, which always run, end before this call of a thread: what is recorded has to be stored and looked at.
FIRST, EARLY = 3, 1000
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9"),
    pytest.mark.timeout(600),
]


class Recorder:
    """A process that records, and how far each of its threads had got. At a moment it says that it may be killed."""

    def __init__(self, folder, address, spool, number, moment):
        self.number, self.file = number, folder / f"acknowledged-{number}"
        self.file.write_bytes(bytes(WIDTH * THREADS))
        given = (address, spool, self.file, number, THREADS, CALLS // THREADS, moment)
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *map(str, given)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def kill(self):
        with self.process.stdout as said:
            assert said.readline() == b"now\n"
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait(60) == -signal.SIGKILL

    def acknowledged(self):
        return struct.unpack(f"{THREADS}q", self.file.read_bytes())


def killed(folder, address, spool, seed):
    """Start processes, kill each at a moment of its own, and return how many calls of each thread were acknowledged."""
    latest = EARLY if seed < FIRST else CALLS // THREADS - 1
    moments = [random.Random(f"{seed}-{number}").randrange(latest) for number in range(PROCESSES)]
    recorders = [Recorder(folder, address, spool, number, moment) for number, moment in enumerate(moments)]
    for recorder in recorders:
        recorder.kill()
    return {
        (recorder.number, thread): number
        for recorder in recorders
        for thread, number in enumerate(recorder.acknowledged())
    }


def check(log, query, acknowledged):
    """Every acknowledged call is there once; of each thread at most one that was not yet acknowledged is there too."""
    stored = {}
    for (known,) in query("SELECT id FROM calls"):
        process, thread, number = map(int, known.split("-"))
        stored.setdefault((process, thread), set()).add(number)
    for key, number in acknowledged.items():
        assert stored.get(key, set()) in (set(range(number)), set(range(number + 1))), key
    paid = [Fraction(*cost(tokens).as_integer_ratio()) for tokens in range(1, 8)]
    expected = sum((paid[number % 7] for numbers in stored.values() for number in numbers), Fraction(0))
    total = log.total()
    assert total.calls == sum(map(len, stored.values()))
    assert Fraction(*total.as_integer_ratio()) == expected
    for axis in ("team", "user", "hour", "meter"):
        by = log.by(axis)
        assert sum((Fraction(*group.as_integer_ratio()) for group in by), Fraction(0)) == expected, axis


def settle(log, query, spool, acknowledged):
    """Store what was left, once and once more."""
    assert sum(acknowledged.values()) > 0
    # A line that was copied before it was stored is stored twice, which changes nothing.
    copies = [(path, path.read_bytes()) for path in spool.glob("*.spool")]
    assert log.drain()
    check(log, query, acknowledged)
    for path, data in copies[-3:]:
        path.write_bytes(data)
    assert log.drain()
    check(log, query, acknowledged)
    assert not list(spool.iterdir())


def rounds(few, many):
    """Return a decorator for so many rounds, and for many where they are asked for."""
    return pytest.mark.parametrize("seed", [*range(few), *map(long, range(few, many))])


def long(*given):
    return pytest.param(*given, marks=pytest.mark.kill)


# Three rounds each time, and twenty over each database where they are asked for.
ROUNDS = [("sqlite", 0), ("sqlite", 1), ("postgresql", 2)]
OTHERS = [(kind, seed) for seed in range(20) for kind in ("sqlite", "postgresql") if (kind, seed) not in ROUNDS]


@pytest.mark.parametrize(("address", "seed"), [*ROUNDS, *(long(*row) for row in OTHERS)], indirect=["address"])
def test_processes_are_killed(address, log, query, tmp_path, seed):
    """Two processes with eight threads each; they store what they record meanwhile."""
    acknowledged = killed(tmp_path, address, tmp_path / "spool", seed)
    settle(log, query, tmp_path / "spool", acknowledged)


@rounds(1, 5)
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_while_the_database_is_locked(address, log, query, tmp_path, seed):
    """Somebody writes to SQLite all the time: the spool keeps what is recorded."""
    assert log.total().calls == 0
    blocker = sqlite3.connect(tmp_path / "spend.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    acknowledged = killed(tmp_path, address, tmp_path / "spool", seed)
    assert log.total().calls == 0
    blocker.execute("ROLLBACK")
    blocker.close()
    settle(log, query, tmp_path / "spool", acknowledged)


@rounds(1, 5)
@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_while_the_database_is_away(log, query, tmp_path, seed):
    """No server answers: the spool keeps what is recorded, and another process stores it later."""
    acknowledged = killed(tmp_path, "postgresql://127.0.0.1:1/nowhere", tmp_path / "spool", seed)
    settle(log, query, tmp_path / "spool", acknowledged)
