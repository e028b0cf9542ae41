"""Everything at once for as long as is asked: tracking, budgets, recording, repricing and updates, in sixteen threads.

    LLMCOST_SOAK=30 pytest -m soak -s tests/soak     minutes; one by default
    LLMCOST_SOAK_SEED=5 ...                          other moments and other calls

Meanwhile the database is stopped and started, or locked, and processes that record are killed. In the end every call
that was acknowledged is in the log once, the sums are those of the calls, no budget was exceeded, no call had another
price than one that was in force, and memory is flat.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

import llmcost
from llmcost import Budget, BudgetExceededError, CostMap, SpendLogError, Tracker
from llmcost.spend.segments import size_of
from tests.sdks import optional
from tests.spend.calls import cost
from tests.spend.recorder_program import WIDTH

from .server import Postgres, programs

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(0),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9"),
]
MINUTES, SEED = float(os.environ.get("LLMCOST_SOAK", "1")), os.environ.get("LLMCOST_SOAK_SEED", "1")
RECORDER = Path(__file__).parents[1] / "spend" / "recorder_program.py"
ROLES = {"track": 6, "record": 4, "bounded": 2, "reprice": 2, "update": 1, "look": 1}
# USD per token, and what a call of 100 + 10 tokens costs: 0.0001 + 0.00008.
ROW = {"input_cost_per_token": "1e-6", "output_cost_per_token": "8e-6", "litellm_provider": "openai"}
ANSWER = {
    "object": "chat.completion",
    "model": "small",
    "choices": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
}
EACH = Fraction(18, 100_000)
LIMIT = "0.05"
RECORDED = 8
# Seconds between two calls of a thread of a process that is killed. Without a pause they make more calls in a second
# than a loaded machine stores in ten, and the log never catches up.
PAUSE = 0.02


class Soak:
    """What the threads share, and what each of them did."""

    def __init__(self, folder, address):
        self.folder, self.address, self.spool = folder, address, folder / "spool"
        self.end = time.monotonic() + 60 * MINUTES
        self.log = llmcost.SpendLog(address, spool=self.spool, patience=0.5)
        self.prices = CostMap({"small": ROW})
        self.tracker = Tracker(log=self.log, cost_map=self.prices)
        self.budget = Budget(LIMIT, unpriced="assume:0.00018", name="soak")
        self.limited = Tracker(log=self.log, cost_map=self.prices, budget=self.budget)
        self.done, self.recorded, self.refused, self.away = Counter(), Counter(), Counter(), Counter()
        self.errors: list[str] = []
        self.lock = threading.Lock()

    def run(self, role, number):
        """Do the work of a thread until the time is over."""
        chance = random.Random(f"{SEED}-{role}-{number}")
        work = getattr(self, role)(number, chance)
        while time.monotonic() < self.end and len(self.errors) < 10:
            try:
                next(work)
            except BaseException as error:  # noqa: BLE001 - it is told at the end
                self.errors.append(f"{role} {number}: {type(error).__name__}: {error}")
                return
            with self.lock:
                self.done[role] += 1
            time.sleep(chance.random() / 50)

    def track(self, _number, _chance):
        """Calls of a function, on somebody's behalf."""
        ask = self.tracker.track(lambda: dict(ANSWER))
        while True:
            with llmcost.context(team="tracked"):
                ask()
            yield

    def record(self, number, chance):
        """Costs that are recorded by themselves, some of them twice under one id."""
        paid = [cost(tokens) for tokens in range(1, RECORDED)]
        count = 0
        while True:
            for _ in range(1 + (chance.random() < 0.1)):
                self.log.record(paid[count % len(paid)], id=f"r{number}-{count}", team="recorded", at=count)
            with self.lock:
                self.recorded[count % len(paid)] += 1
            count += 1
            yield

    def bounded(self, _number, _chance):
        """Calls under a budget, which is full after a while."""
        ask = self.limited.track(lambda: dict(ANSWER))
        while True:
            try:
                with llmcost.context(team="bounded"):
                    ask()
            except BudgetExceededError:
                with self.lock:
                    self.refused["bounded"] += 1
            assert self.budget.spent + self.budget.reserved <= self.budget.limit
            yield

    def reprice(self, number, chance):
        """Prices that are registered over and over: a call has one of them, and the others never change."""
        count = 0
        while True:
            name = f"own-{number}-{chance.randrange(500)}"
            self.prices.register_model({name: {**ROW, "input_cost_per_token": f"{count % 7 + 1}e-6"}})
            found = self.prices.calculate(ANSWER, model=name)
            assert Fraction(*found.as_integer_ratio()) == Fraction(100 * (count % 7 + 1) + 80, 10**6)
            assert Fraction(*self.prices.calculate(ANSWER).as_integer_ratio()) == EACH
            other = self.prices.calculate(ANSWER, input_cost_per_token=f"{count % 999 + 1}e-9")
            assert Fraction(*other.as_integer_ratio()) == Fraction(100 * (count % 999 + 1), 10**9) + Fraction(80, 10**6)
            count += 1
            yield

    def update(self, _number, chance):
        """Updates and returns: a new map has the prices of one of them, whole."""
        count = 0
        while True:
            cents = chance.randrange(1, 10)
            source = self.folder / "update.json"
            entry = {"input_cost_per_token": cents / 10**6, "output_cost_per_token": cents * 4 / 10**6}
            rows = {f"m{number}": {**entry, "litellm_provider": "openai"} for number in range(50)}
            source.write_text(json.dumps(rows))
            with contextlib.suppress(llmcost.UpdateError):
                CostMap.update(str(source), accept=True)
                count += 1
            if chance.random() < 0.3:
                with contextlib.suppress(llmcost.UpdateError):
                    CostMap.rollback()
            new = CostMap.bundled()
            if "m7" in new:
                card = {new.calculate(ANSWER, model=f"m{number}").total for number in (7, 23, 49)}
                assert len(card) == 1, card
            yield
            time.sleep(0.2)

    def look(self, _number, _chance):
        """Sums that only grow."""
        before = Fraction(0)
        while True:
            try:
                total = self.log.total()
            except SpendLogError:
                with self.lock:
                    self.away["look"] += 1  # the database is stopped
            else:
                now = Fraction(*total.as_integer_ratio())
                assert now >= before
                before = now
            yield
            time.sleep(0.1)


class Child:
    """A process that records until it is killed, and how far each of its threads got."""

    def __init__(self, soak, number, chance):
        self.number, self.file = number, soak.folder / f"acknowledged-{number}"
        self.file.write_bytes(bytes(WIDTH * 4))
        given = (soak.address, soak.spool, self.file, number, 4, 100_000, chance.randrange(5, 100), PAUSE)
        self.process = subprocess.Popen(
            [sys.executable, str(RECORDER), *map(str, given)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def kill(self):
        with self.process.stdout as said:
            said.readline()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)
        return struct.unpack("4q", self.file.read_bytes())


@contextlib.contextmanager
def away(soak, server, chance):
    """The database is stopped, or SQLite's is locked by somebody else, for a moment."""
    if server is not None:
        server.stop(chance.choice(["fast", "immediate"]))
        yield
        server.start()
        return
    with contextlib.closing(sqlite3.connect(soak.folder / "spend.db", isolation_level=None, timeout=60)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        yield
        blocker.execute("ROLLBACK")


def memory():
    """Return what this process holds, in megabytes; where the system does not say, what it has held at most."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_at_once(kind, tmp_path, monkeypatch, capsys):
    """The invariants hold at the end; what was done is shown."""
    optional("sqlalchemy")
    if kind == "postgresql" and programs() is None:
        pytest.skip("there are no programs of PostgreSQL to start a server with")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    server = Postgres() if kind == "postgresql" else None
    soak = Soak(tmp_path, server.address if server else f"sqlite:///{tmp_path}/spend.db")
    try:
        _run(soak, server, capsys, kind)
    finally:
        soak.log.close()
        if server is not None:
            server.close()


def _run(soak, server, capsys, kind):
    chance, started = random.Random(SEED), time.monotonic()
    threads = [
        threading.Thread(target=soak.run, args=(role, number)) for role, many in ROLES.items() for number in range(many)
    ]
    assert len(threads) == 16
    for thread in threads:
        thread.start()
    killed, stops, samples, number = {}, 0, [], 100
    while time.monotonic() < soak.end and len(soak.errors) < 10:
        child = Child(soak, number, chance)
        since = time.monotonic()
        with away(soak, server, chance):
            time.sleep(chance.random() * 2)
        gone = time.monotonic() - since
        stops += 1
        killed[number] = child.kill()
        number += 1
        samples.append(memory())
        # The database is there as long as it was not, however long it takes to start.
        time.sleep(gone + chance.random() * 3)
    for thread in threads:
        thread.join(120)
    assert soak.errors == []
    assert not any(thread.is_alive() for thread in threads)
    assert soak.tracker.flush(60)
    _drain(soak)
    text = _check(soak, killed)
    with capsys.disabled():
        seconds = time.monotonic() - started
        print(  # noqa: T201 - what was done is part of the result
            f"\n{kind}: {seconds:.0f} s, seed {SEED}: {text}; {stops} stops of the database, {len(killed)} processes "
            f"killed; memory {samples[0]:.0f} to {max(samples):.0f}, at the end {memory():.0f} MB; "
            f"{dict(soak.done)}, refused {dict(soak.refused)}, away {dict(soak.away)}"
        )
    half = samples[len(samples) // 2 :]
    assert max(half) < 400
    assert memory() < samples[0] + 150


def _drain(soak):
    """Store what waits, for as long as some of it is stored in a minute: how much waits depends on the machine."""
    before = None
    while not soak.log.drain(60):
        now = size_of(soak.spool), soak.log.total().calls
        assert now != before, f"{now[0]:,} bytes wait, and none of them was stored in a minute"
        before = now


def _check(soak, killed):
    """Every acknowledged call is stored once, and the sums are those of the calls; return what was seen."""
    teams = {group.value: group for group in soak.log.by("team")}
    tracked = soak.tracker.stats()
    assert tracked["errors"] == {}, tracked
    assert tracked["priced"] == soak.done["track"] == teams["tracked"].calls
    assert Fraction(*teams["tracked"].as_integer_ratio()) == EACH * teams["tracked"].calls
    paid = [Fraction(*cost(tokens).as_integer_ratio()) for tokens in range(1, RECORDED)]
    assert teams["recorded"].calls == sum(soak.recorded.values())
    recorded = sum((paid[kind] * many for kind, many in soak.recorded.items()), Fraction(0))
    assert Fraction(*teams["recorded"].as_integer_ratio()) == recorded
    bounded = soak.limited.stats()
    assert Fraction(soak.budget.spent) == EACH * bounded["priced"] == Fraction(*teams["bounded"].as_integer_ratio())
    assert soak.budget.spent <= soak.budget.limit
    assert soak.budget.reserved == 0
    acknowledged = sum(map(sum, killed.values()))
    theirs = sum(group.calls for team, group in teams.items() if team and team[0] == "t" and team[1:].isdecimal())
    # Of each thread at most one call was on its way when it was killed.
    assert acknowledged <= theirs <= acknowledged + 4 * len(killed)
    assert not list(soak.spool.glob("*.spool"))
    assert soak.log.verify()
    return f"{soak.log.total().calls:,} calls stored, {acknowledged:,} of them of killed processes"
