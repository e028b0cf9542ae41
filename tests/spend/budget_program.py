"""A process that reserves in a shared budget: ``address mode ...``, and a line for each thing that it has done."""

from __future__ import annotations

import sys

import llmcost

LIMIT, AMOUNT = "0.45", "0.15"


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def rounds(log, count):
    """Reserve once in each of some budgets, when told to."""
    for number in range(count):
        sys.stdin.readline()
        budget = llmcost.Budget(LIMIT, shared=log, name=f"round {number}")
        try:
            held = budget.reserve(AMOUNT)
        except llmcost.BudgetExceededError as error:
            tell("refused" if error.asked is not None else error)
        else:
            held.settle(AMOUNT)
            tell("made")


def hold(log):
    """Reserve, say so, and wait for the end."""
    budget = llmcost.Budget(LIMIT, shared=log, name="held", lease=60)
    held = budget.reserve("0.4")
    tell(held.amount)
    sys.stdin.readline()


if __name__ == "__main__":
    address, mode, *rest = sys.argv[1:]
    # What waits on a busy machine is not away.
    opened = llmcost.SpendLog(address, drain=False, patience=60.0)
    tell("ready")
    rounds(opened, int(rest[0])) if mode == "rounds" else hold(opened)
