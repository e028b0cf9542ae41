"""Measure how long every response shape takes to read, and that what is not used costs nothing.

    python benchmarks/readers.py          tables and verdicts
    python benchmarks/readers.py --json   the same as JSON

Needs no other library than llmcost. The responses are the golden ones of the tests.
"""

from __future__ import annotations

import argparse
import json
import sys
import timeit
from collections import defaultdict
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from questions import OPENAI

from llmcost import LLMCostError, calculate, read_usage, readers
from llmcost.readers import dialects
from llmcost.readers.reader import Reader

GOLDEN = CHECKOUT / "tests" / "golden" / "cases.jsonl"
UNRELATED = 50
# Budgets in seconds: the noise of a timer, and what a dialect may add.
NOTHING, DIALECT = 0.2e-6, 3e-6


def main() -> int:
    """Print the tables and return 1 if a verdict is a miss."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options.add_argument("--rounds", type=int, default=25, help="rounds per time (default 25)")
    chosen = options.parse_args()
    with GOLDEN.open(encoding="utf-8") as file:
        golden = [json.loads(line) for line in file]

    # Before anything else is read, so that no other reader has been loaded.
    alone, beside = unrelated(chosen.rounds)
    by_flavour, unread = flavours(golden, chosen.rounds)
    hinted = hints(golden, chosen.rounds)
    slowest = max((row["added"] for row in hinted), default=0.0)
    verdicts = [
        (f"{UNRELATED} unrelated readers add nothing to the simple call", beside - alone, beside - alone <= NOTHING),
        ("a hinted dialect adds at most 3 us", slowest, slowest <= DIALECT),
    ]
    if chosen.json:
        print(
            json.dumps(
                {
                    "flavours": by_flavour,
                    "unread": unread,
                    "simple call": [alone, beside],
                    "dialects": hinted,
                    "verdicts": verdicts,
                },
                indent=2,
            )
        )
    else:
        show(by_flavour, unread, hinted, alone, beside)
        for text, seconds, passed in verdicts:
            print(f"{'PASS' if passed else 'MISS'}  {text}: {seconds * 1e6:.2f} us")
    return 0 if all(passed for _, _, passed in verdicts) else 1


def best(call, rounds: int) -> float:
    """Return the least seconds a call takes."""
    return interleaved([call], rounds)[0]


def interleaved(calls, rounds: int) -> list[float]:
    """Return the least seconds of each call, timed in turn."""
    timers = [timeit.Timer(call) for call in calls]
    numbers = [max(1, int(0.002 / max(timer.timeit(3) / 3, 1e-7))) for timer in timers]
    found = [float("inf")] * len(timers)
    for _ in range(rounds):
        for place, (timer, number) in enumerate(zip(timers, numbers, strict=True)):
            found[place] = min(found[place], timer.timeit(number) / number)
    return found


def unrelated(rounds: int) -> tuple[float, float]:
    """Return the seconds of the simple call before and after other readers were loaded and many were added."""

    def call() -> float:
        return calculate(OPENAI).response_cost

    alone = best(call, rounds)
    loaded = readers.known.discovered()
    strangers = [Reader(f"stranger {n}", lambda _: False, lambda _: None) for n in range(UNRELATED)]
    loaded += strangers
    try:
        beside = best(call, rounds)
        alone = min(alone, best(call, rounds))
    finally:
        del loaded[-len(strangers) :]
    return alone, beside


def flavours(golden, rounds: int) -> tuple[list[dict[str, object]], dict[str, str]]:
    """Return the read time of every flavour, and why a flavour could not be read."""
    times = defaultdict(list)
    chunks = {}
    unread = {}
    for case in golden:
        response, flavour = case["response"], case["flavour"]
        if case.get("expected_error"):
            continue
        try:
            read_usage(response)
        except LLMCostError as error:
            unread[case["id"]] = f"{flavour}: {type(error).__name__}"
            continue
        times[flavour].append(best(lambda response=response: read_usage(response), rounds))
        if isinstance(response, list):
            chunks[flavour] = len(response)
    rows = [
        {
            "flavour": flavour,
            "cases": len(found),
            "least": min(found),
            "median": median(found),
            "most": max(found),
            "chunks": chunks.get(flavour),
        }
        for flavour, found in sorted(times.items())
    ]
    return rows, unread


def hints(golden, rounds: int) -> list[dict[str, object]]:
    """Return what each dialect adds: the read time of a response with its hints, and without them."""
    found = {}
    for case in golden:
        response = case["response"]
        if not isinstance(response, dict) or case.get("expected_error") or response.get("object") != "chat.completion":
            continue
        counters = response.get("usage") or {}
        hints_here = (dialects.HINTS & response.keys()) | (dialects.USAGE_HINTS & counters.keys())
        if not hints_here:
            continue
        plain = {name: value for name, value in response.items() if name not in dialects.HINTS}
        plain["usage"] = {name: value for name, value in counters.items() if name not in dialects.USAGE_HINTS}
        try:
            read_usage(plain)
        except LLMCostError:
            continue  # the hint holds the counters themselves
        without, with_hint = interleaved([lambda p=plain: read_usage(p), lambda r=response: read_usage(r)], rounds)
        key = ", ".join(sorted(hints_here))
        row = {"hints": key, "case": case["id"], "without": without, "with": with_hint, "added": with_hint - without}
        if key not in found or row["added"] > found[key]["added"]:
            found[key] = row
    return list(found.values())


def show(by_flavour, unread, hinted, alone: float, beside: float) -> None:
    """Print the tables."""
    print(f"Python {sys.version.split()[0]}\n")
    print(f"{'flavour':34}{'cases':>6}{'chunks':>7}{'least':>9}{'median':>9}{'most':>9}  us per read_usage()")
    for row in by_flavour:
        numbers = "".join(f"{row[name] * 1e6:9.2f}" for name in ("least", "median", "most"))
        print(f"{row['flavour']:34}{row['cases']:>6}{row['chunks'] or '':>7}{numbers}")
    for case, why in unread.items():
        print(f"  not read: {case} ({why})")
    print(f"\n{'hints of a dialect':52}{'without':>9}{'with':>9}{'added':>9}  us")
    for row in sorted(hinted, key=lambda row: row["hints"]):
        numbers = "".join(f"{row[name] * 1e6:9.2f}" for name in ("without", "with", "added"))
        print(f"{row['hints'][:51]:52}{numbers}")
    print(f"\nsimple call: {alone * 1e6:.2f} us alone, {beside * 1e6:.2f} us beside {UNRELATED} unrelated readers\n")


if __name__ == "__main__":
    raise SystemExit(main())
