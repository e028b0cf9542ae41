"""Measure llmcost against litellm, genai-prices, cendor-core and litellm-cost, side by side in one run.

    python benchmarks/run.py              tables, the verdict on every budget, and last those that are missed
    python benchmarks/run.py --json       the same as JSON
    python benchmarks/run.py --strict     exit code 1 if a budget is missed

Every time is the minimum of interleaved rounds: each round asks all libraries the same question, so that a busy
moment of the machine meets all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import timeit
from importlib.metadata import version

import budgets
import environment
import startup
from cases import CASES
from libraries import NAMESPACES, differs, names, usd
from questions import BASELINE, OURS, PEERS, No

_BATCH_SECONDS = 0.004
_INSIDE = "LLMCOST_BENCHMARK_INSIDE"


def main() -> int:
    """Run the benchmark in its own environment and return the exit code."""
    options = _options()
    if os.environ.get(_INSIDE) != "1":
        inside = {**os.environ, _INSIDE: "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        python = options.python or str(environment.python())
        if options.python:
            inside["PYTHONPATH"] = str(environment.CHECKOUT)
        return subprocess.run([python, __file__, *sys.argv[1:]], env=inside, check=False).returncode

    starts = startup.times(sys.executable, options.starts)
    memory = startup.memory(sys.executable)
    forbidden = startup.forbidden(startup.imported(sys.executable))
    calls, answers = measure(options.rounds)
    wrong = [case.name for case in CASES if differs(case, answers[case.name][OURS])]
    verdicts = budgets.verdicts(calls, wrong, starts, memory, forbidden)
    if options.json:
        print(json.dumps(_as_json(options, calls, answers, starts, memory, verdicts), indent=2))
    else:
        _print(options, calls, answers, starts, memory, verdicts)
    return 1 if options.strict and any(verdict.passed is False for verdict in verdicts) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a budget is missed")
    parser.add_argument("--rounds", type=int, default=25, help="interleaved rounds per case (default 25)")
    parser.add_argument("--starts", type=int, default=15, help="fresh interpreters per import (default 15)")
    parser.add_argument(
        "--python",
        default=os.environ.get("LLMCOST_BENCHMARK_PYTHON"),
        help="an interpreter that has the peers, instead of benchmarks/.venv-bench",
    )
    return parser.parse_args()


def measure(rounds: int) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float | None]]]:
    """Return seconds per call, and USD answered, by case and library."""
    common = names()
    namespaces = {library: {**common, **make()} for library, make in NAMESPACES.items()}
    calls: dict[str, dict[str, float]] = {}
    answers: dict[str, dict[str, float | None]] = {}
    for case in CASES:
        asked = {library: text for library, text in case.asked.items() if not isinstance(text, No)}
        answers[case.name] = {library: usd(eval(text, dict(namespaces[library]))) for library, text in asked.items()}
        timers = {library: timeit.Timer(text, globals=namespaces[library]) for library, text in asked.items()}
        batches = {library: _batch(timer) for library, timer in timers.items()}
        best = dict.fromkeys(asked, float("inf"))
        for _ in range(rounds):
            for library, timer in timers.items():
                best[library] = min(best[library], timer.timeit(batches[library]) / batches[library])
        calls[case.name] = best
    return calls, answers


def _batch(timer: timeit.Timer) -> int:
    """Return how many calls fill a batch."""
    number = 1
    while timer.timeit(number) < _BATCH_SECONDS:
        number *= 2
    return number


def _versions() -> dict[str, str]:
    packages = {"llmcost": "llm-costmap", **{peer: peer for peer in PEERS}}
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except ModuleNotFoundError:  # llmcost by PYTHONPATH
            found[package] = "checkout"
    return found


def _as_json(options, calls, answers, starts, memory, verdicts) -> dict[str, object]:
    return {
        "python": sys.version.split()[0],
        "versions": _versions(),
        "rounds": options.rounds,
        "seconds": {**starts, **calls},
        "answers_usd": answers,
        "cannot": {
            case.name: {library: text for library, text in case.asked.items() if isinstance(text, No)} for case in CASES
        },
        "bytes": memory,
        "budgets": [verdict._asdict() for verdict in verdicts],
    }


def _print(options, calls, answers, starts, memory, verdicts) -> None:
    columns = (OURS, *PEERS)
    print(f"Python {sys.version.split()[0]}, minimum of {options.rounds} interleaved rounds; load {_load()}")
    print(", ".join(f"{package} {number}" for package, number in _versions().items()))

    cannot: dict[tuple[str, str], list[str]] = {}
    wrongly: list[str] = []
    rows = []
    for name, times in starts.items():
        bare = f"`{startup.BASELINE}` {_time(times[startup.BASELINE])}"
        rows.append((name, *(_cell(times, library) for library in columns), bare))
    for case in CASES:
        times, row = calls[case.name], [case.name]
        for library in columns:
            if library not in times:
                row.append("-")
                cannot.setdefault((library, case.asked[library]), []).append(case.name)
                continue
            answer = answers[case.name][library]
            wrong = differs(case, answer)
            if wrong:
                wrongly.append(f"! {library}, {case.name}: answers {answer}, by hand it is {case.expected}")
            row.append(_cell(times, library) + ("!" if wrong else ""))
        rows.append((*row, f"a look-up, two products {_time(times[BASELINE])}" if BASELINE in times else ""))
    print()
    _table(("case", *columns, "beside it"), rows)
    print("\nmemory of import + first call")
    sizes = [
        (kind, *(f"{used[library] / budgets.MB:.1f} MB" if library in used else "-" for library in columns))
        for kind, used in memory.items()
    ]
    _table(("kind", *columns), sizes)
    print()
    for (library, why), names_of_cases in cannot.items():
        print(f"- {library}: {why} ({'; '.join(names_of_cases)})")
    print("\n".join(wrongly))
    print("\nbudgets")
    for verdict in verdicts:
        mark = {True: "PASS", False: "MISS", None: "?"}[verdict.passed]
        print(f"  {mark:4}  {verdict.budget}, {verdict.wanted}: {verdict.measured}")
    missed = [verdict[:3] for verdict in verdicts if verdict.passed is False]
    print(f"\n{len(missed)} of {len(verdicts)} budgets missed")
    if missed:
        _table(("budget", "wanted", "measured"), missed)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _cell(times: dict[str, float], library: str) -> str:
    """Return a time, and for a peer how many of ours it is."""
    ratio = "" if library == OURS else f" ({times[library] / times[OURS]:.1f}x)"
    return _time(times[library]) + ratio


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, tuple("-" * width for width in widths), *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    raise SystemExit(main())
