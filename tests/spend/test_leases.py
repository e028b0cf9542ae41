"""Budgets of many processes: exact whoever asks, and free again when a process is killed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import llmcost
from llmcost.tracking import periods

PROGRAM = Path(__file__).with_name("budget_program.py")
ROUNDS = 50


@pytest.fixture
def start(address):
    """Start the program, and end it with the test."""
    started = []

    def begin(*arguments):
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), address, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_one_budget_under_two_objects(log):
    """What one reserves, the other does not have: 0.45 - 0.15 - 0.2 = 0.1."""
    one, two = (llmcost.Budget("0.45", shared=log, name="team") for _ in range(2))
    other = llmcost.Budget("0.45", shared=log, name="another team")
    held = one.reserve("0.15")
    two.reserve("0.2").settle("0.2")
    assert (one.spent, one.reserved, one.left) == (Decimal("0.2"), Decimal("0.15"), Decimal("0.1"))
    with pytest.raises(llmcost.BudgetExceededError, match=r"team: a call that may cost 0\.11 USD is not"):
        two.reserve("0.11")
    held.give_back()
    assert (two.spent, two.reserved, other.left) == (Decimal("0.2"), 0, Decimal("0.45"))


def test_sums_are_exact(log):
    """Three thirds are a whole, and thirty digits are kept."""
    budget = llmcost.Budget(1, shared=log, name="exact")
    for _ in range(3):
        budget.reserve("0.3").close(Fraction(1, 3))
    assert budget.spent == 1
    tiny = llmcost.Budget(1, shared=log, name="tiny")
    tiny.reserve("1e-30").keep()
    assert tiny.spent == Decimal("1e-30")


def test_periods(log, clock):
    """A day begins anew, and a call counts in the day in which it was reserved."""
    budget = llmcost.Budget(1, period="day", shared=log, name="day", lease=1e6)
    held = budget.reserve("0.6")
    clock.now += 86_400
    assert budget.left == 1
    held.settle("0.6")
    assert budget.spent == 0
    clock.now -= 1
    assert budget.spent == Decimal("0.6")


def test_handlers_are_called_once_whatever_process_asks(log):
    """Two objects stand for two processes: the share is told of once."""
    told = []
    on = {share: lambda _, share=share: told.append(share) for share in (0.5, 1.0)}
    budgets = [llmcost.Budget(1, shared=log, name="told", on=on) for _ in range(2)]
    for budget in budgets * 2:
        budget.reserve("0.25").keep()
    for budget in budgets:
        with pytest.raises(llmcost.BudgetExceededError):
            budget.reserve(1)
    assert sorted(told) == [0.5, 1.0]


@pytest.mark.timeout(600)
def test_five_processes_of_which_three_fit(start, address):
    """0.45 USD has room for exactly three calls of 0.15, fifty times."""
    processes = [start("rounds", str(ROUNDS)) for _ in range(5)]
    for _ in range(ROUNDS):
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        found = sorted(process.stdout.readline() for process in processes)
        assert found == ["made\n"] * 3 + ["refused\n"] * 2


def test_threads_of_one_process(log):
    """Three of five at once, in one budget under one object."""
    budget, begin = llmcost.Budget("0.45", shared=log, name="threads"), threading.Barrier(5)

    def call():
        begin.wait()
        try:
            budget.reserve("0.15").settle("0.15")
        except llmcost.BudgetExceededError:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        made = [pool.submit(call) for _ in range(5)]
        assert sum(each.result() for each in made) == 3
    assert (budget.spent, budget.reserved) == (Decimal("0.45"), 0)


def test_a_killed_process_leaks_nothing(start, log, monkeypatch):
    """Its lease ends: what it had reserved is free again, and nothing was spent."""
    process = start("hold")
    assert process.stdout.readline() == "0.4\n"
    budget = llmcost.Budget("0.45", shared=log, name="held")
    assert budget.reserved == Decimal("0.4")
    process.kill()
    process.wait()
    with pytest.raises(llmcost.BudgetExceededError):
        budget.reserve("0.1")
    real = periods.time
    monkeypatch.setattr(periods, "time", lambda: real() + 61)
    assert (budget.spent, budget.reserved) == (0, 0)
    budget.reserve("0.45").give_back()


def test_a_living_process_renews_what_it_holds(log, clock):
    """Its lease is of a moment to come whenever the thread has looked."""
    budget = llmcost.Budget("0.45", shared=log, name="renewed", lease=0.03)
    held = budget.reserve("0.4")
    accounts = budget._accounts
    for _ in range(3):
        clock.now += 0.02
        thread = accounts._thread
        # The thread has renewed it when it has got to a later moment.
        while not expires(accounts, held) > clock.now + 0.02:
            thread.join(0.01)
        assert budget.reserved == Decimal("0.4")
    held.settle("0.1")
    assert (budget.spent, budget.reserved) == (Decimal("0.1"), 0)


def expires(accounts, held):
    from sqlalchemy import select

    from llmcost.spend.schema import budget_leases

    with accounts._writing() as connection:
        return connection.execute(select(budget_leases.c.until)).scalar() / 1e6


def test_what_is_let_go_of_is_kept(log):
    budget = llmcost.Budget(1, shared=log, name="let go")
    held = budget.reserve("0.5")
    del held
    gc.collect()
    assert (budget.spent, budget.reserved) == (Decimal("0.5"), 0)


def test_a_database_that_is_away(tmp_path):
    """Nothing bounds what others have spent, so that ``unpriced`` says what becomes of the call."""
    (tmp_path / "file").write_text("")
    log = llmcost.SpendLog(f"sqlite:///{tmp_path}/file/x/spend.db", spool=tmp_path / "spool", drain=False)
    with pytest.raises(llmcost.BudgetExceededError, match="the shared budget is away"):
        llmcost.Budget(1, shared=log, name="away").reserve("0.5")


def test_a_lock_of_somebody_else(sqlite, tmp_path):
    """What a call cost is not lost: it is written with the next question."""
    import sqlite3
    from contextlib import closing

    log = llmcost.SpendLog(sqlite, spool=tmp_path / "spool", drain=False, patience=0.01)
    budget = llmcost.Budget(1, shared=log, name="locked", lease=1e6)
    passing = llmcost.Budget(1, shared=log, name="locked", unpriced="allow")
    held = budget.reserve("0.5")
    with closing(sqlite3.connect(sqlite.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held.settle("0.3")
        with pytest.raises(llmcost.BudgetExceededError, match="the shared budget is away"):
            budget.reserve("0.1")
        passing.reserve("0.1").settle("0.1")
        other.execute("ROLLBACK")
    # Both are entered: the one that was reserved, and the one that had to pass without.
    assert passing.spent == Decimal("0.1")
    assert budget.spent == Decimal("0.4")
    assert budget.reserved == 0
    log.close()
