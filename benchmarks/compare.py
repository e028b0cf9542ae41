"""Compare two source trees of llmcost by the cases of our own, interleaved in one run, without any other library.

    python benchmarks/compare.py OLD NEW              the ratio of each case, old / new: above 1 is faster
    python benchmarks/compare.py OLD NEW --strict     exit code 1 if a ratio is below 0.95, or an answer is another

Each tree has a process of its own, and the two are asked in turn: a busy moment of the machine meets both. A case
that a tree cannot answer is shown with its error. It takes about a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import timeit
from pathlib import Path

import startup
from cases import CASES
from libraries import names, ours, usd
from questions import OURS

# A round is the best of a few batches, since the first after a wait finds the caches of the processor cold.
_BATCH_SECONDS, _REPEATS = 0.002, 10
_WORKER = "--worker"


class Tree:
    """One source tree, in a process that answers and times one question after the other."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).resolve()
        if not (self.path / "llmcost" / "__init__.py").is_file():
            raise SystemExit(f"{path}: no source tree of llmcost: it has no llmcost/__init__.py")
        self.environment = {**os.environ, "PYTHONPATH": str(self.path)}
        self._worker = subprocess.Popen(
            [sys.executable, __file__, _WORKER, str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def ask(self, case: int, number: int) -> dict[str, object]:
        """Return the seconds of a call, of batches of so many; for 0 the answer or the error, and how many fill one."""
        pipe, answers = self._worker.stdin, self._worker.stdout
        assert pipe is not None  # noqa: S101 - both are pipes
        assert answers is not None  # noqa: S101 - see above
        print(case, number, file=pipe, flush=True)
        line = answers.readline()
        if not line:
            raise SystemExit(f"the process of {self.path} has ended")
        return json.loads(line)

    def start(self) -> float:
        """Return the seconds of the import and the first call in a fresh interpreter."""
        return float(startup.run(sys.executable, startup.TIME, startup.work(OURS, call=True), self.environment))

    def end(self) -> None:
        """End the process."""
        self._worker.communicate()


def main() -> int:
    """Print the ratio of every case and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", help="the source tree before, for example a git worktree")
    parser.add_argument("new", help="the source tree after")
    parser.add_argument("--rounds", type=int, default=25, help="interleaved rounds per case (default 25)")
    parser.add_argument("--starts", type=int, default=15, help="fresh interpreters of each tree (default 15)")
    parser.add_argument("--floor", type=float, default=0.95, help="the least ratio that passes (default 0.95)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a case is below the floor")
    chosen = parser.parse_args()
    trees = Tree(chosen.old), Tree(chosen.new)
    try:
        failed = _compare(*trees, chosen)
    finally:
        for tree in trees:
            tree.end()
    print(
        f"\n{len(failed)} cases below {chosen.floor} or with another answer{': ' if failed else ''}{'; '.join(failed)}"
    )
    return 1 if chosen.strict and failed else 0


def _compare(old: Tree, new: Tree, chosen: argparse.Namespace) -> list[str]:
    print(f"{'case':44}{'old us':>10}{'new us':>10}{'old/new':>9}")
    failed = []
    for place, case in enumerate(CASES):
        found = old.ask(place, 0), new.ask(place, 0)
        errors = [f"{name}: {one['error']}" for name, one in zip(("old", "new"), found, strict=True) if "error" in one]
        if errors:
            print(f"{case.name:44}  {'; '.join(errors)}")
            failed += [case.name] if "error" in found[1] else []
            continue
        number = max(int(str(one["number"])) for one in found)
        best = _interleaved(
            lambda tree, at=place, times=number: float(str(tree.ask(at, times)["seconds"])), old, new, chosen.rounds
        )
        other = found[0]["answer"] != found[1]["answer"]
        remark = f"  old answers {found[0]['answer']}, new answers {found[1]['answer']}" if other else ""
        failed += _row(case.name, best, chosen.floor, remark)
    # The first interpreter of each compiles and fills the disk cache.
    old.start(), new.start()
    failed += _row("import + first call", _interleaved(Tree.start, old, new, chosen.starts), chosen.floor, "")
    return failed


def _interleaved(seconds, old: Tree, new: Tree, rounds: int) -> tuple[float, float]:
    """Return the least seconds of both, asked in turn; who is first changes with every round."""
    best = {old: float("inf"), new: float("inf")}
    for turn in range(rounds):
        for tree in (old, new) if turn % 2 else (new, old):
            best[tree] = min(best[tree], seconds(tree))
    return best[old], best[new]


def _row(name: str, best: tuple[float, float], floor: float, remark: str) -> list[str]:
    ratio = best[0] / best[1]
    slow = "  slower" if ratio < floor else ""
    print(f"{name:44}{best[0] * 1e6:>10.2f}{best[1] * 1e6:>10.2f}{ratio:>8.2f}x{slow}{remark}", flush=True)
    return [name] if slow or remark else []


def _work(tree: str) -> None:
    """Answer the questions of the other process: a case and a number a line."""
    import llmcost

    if not Path(llmcost.__file__).is_relative_to(tree):
        raise SystemExit(f"{llmcost.__file__} is not of {tree}")
    namespace = {**names(), **ours()}
    timers = [timeit.Timer(case.asked[OURS], globals=namespace) for case in CASES]
    for line in sys.stdin:
        place, number = map(int, line.split())
        if number:
            said: dict[str, object] = {"seconds": min(timers[place].repeat(_REPEATS, number)) / number}
        else:
            said = _answer(CASES[place].asked[OURS], namespace, timers[place])
        print(json.dumps(said), flush=True)


def _answer(question: str, namespace: dict[str, object], timer: timeit.Timer) -> dict[str, object]:
    try:
        answer = usd(eval(question, dict(namespace)))
    except Exception as error:  # noqa: BLE001 - whatever a tree cannot do is shown, and the other cases go on
        return {"error": f"{type(error).__name__}: {str(error)[:80]}"}
    number = 1
    while timer.timeit(number) < _BATCH_SECONDS:
        number *= 2
    return {"answer": answer, "number": number}


if __name__ == "__main__":
    if sys.argv[1:2] == [_WORKER]:
        _work(sys.argv[2])
    else:
        raise SystemExit(main())
