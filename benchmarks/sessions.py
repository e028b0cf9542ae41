"""Session logs of a coding agent: the first reading, the next one, the next line, a status line, and the memory.

    python benchmarks/sessions.py                     # 1,000,000 lines of Claude Code, about 1 GB
    python benchmarks/sessions.py --lines 100000
    python benchmarks/sessions.py --before ../main    # also by the code of another checkout, which keeps nothing

The lines are made up, of the shape and the lengths of real ones: two in five state counters, of which half are of a
stream that has not ended. Each command runs in a process of its own. CPU seconds are those of the process, start
included; on a machine that does other things only the ratio to the parsing of the same lines as JSON, which stands
beside them, means something. The budgets are those of a machine at rest.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
TEXT = "what was said and done in this turn of the conversation " * 16
MODELS = ("claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001")
# Wall seconds of the run after one appended line, CPU seconds of a status line, and MB of the first run.
NEXT_BUDGET, LINE_BUDGET, MEMORY_BUDGET = 0.3, 0.05, 100
ROUNDS = 9


class Run(NamedTuple):
    """What a process took: wall and CPU seconds, its peak in MB, and what it wrote."""

    wall: float
    cpu: float
    peak: float
    said: str


def lines(chance: random.Random, session: str, start: datetime) -> Iterator[dict[str, object]]:
    """Yield the lines of one session of 20 to 200 turns."""
    at = start
    yield {"type": "summary", "summary": "a session", "leafUuid": "u"}
    for _ in range(chance.randint(20, 200)):
        at += timedelta(seconds=chance.randint(1, 40))
        time = f"{at:%Y-%m-%dT%H:%M:%S}.{chance.randrange(1000):03d}Z"
        base = {
            "parentUuid": f"{chance.getrandbits(64):016x}",
            "isSidechain": False,
            "cwd": f"/project/{session[:1]}",
            "sessionId": session,
            "version": "2.0.50",
            "timestamp": time,
        }
        for _ in range(chance.choice((1, 1, 2))):
            result = {"type": "tool_result", "tool_use_id": "t", "content": TEXT[: chance.randint(20, 800)]}
            yield {**base, "type": "user", "message": {"role": "user", "content": [result]}}
        yield from answer(chance, base)


def answer(chance: random.Random, base: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the lines of one message: a block each, of which the last has the counters of the end."""
    identity, request = f"msg_{chance.getrandbits(96):024x}", f"req_{chance.getrandbits(96):024x}"
    model, blocks, output = chance.choice(MODELS), chance.choice((1, 2, 2, 3)), chance.randint(20, 3000)
    read, written = chance.randint(0, 100_000), chance.randint(0, 5000)
    for number in range(1, blocks + 1):
        ended = number == blocks
        usage = {
            "input_tokens": chance.randint(1, 20),
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
            "output_tokens": output if ended else number,
            "service_tier": "standard",
        }
        message = {
            "model": model,
            "id": identity,
            "type": "message",
            "role": "assistant",
            "content": [{"type": "text", "text": TEXT[: chance.randint(20, 600)]}],
            "stop_reason": "end_turn" if ended else None,
            "usage": usage,
        }
        yield {**base, "type": "assistant", "message": message, "requestId": request}


def make(folder: Path, count: int) -> int:
    """Write sessions of about so many lines; return how many there are."""
    chance = random.Random(19)  # noqa: S311 - made-up logs
    written, start = 0, datetime(2026, 9, 1, tzinfo=timezone.utc)
    while written < count:
        session = f"{chance.getrandbits(128):032x}"
        path = folder / f"-project-{session[:1]}" / f"{session}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            for line in lines(chance, session, start):
                file.write(json.dumps(line) + "\n")
                written += 1
        start += timedelta(minutes=37)
    return written


def append(path: Path, more: Iterator[dict[str, object]]) -> None:
    """Append lines to a file."""
    with path.open("a") as file:
        for line in more:
            file.write(json.dumps(line) + "\n")


def run(arguments: list[str], home: Path, root: Path = ROOT) -> Run:
    """Run a command of the program and return what it took."""
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "PYTHONPATH": str(root)}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    # The peak of a child alone: that of all children never falls.
    code = "import resource, sys; from llmcost.cli import main\ntry: main()\nfinally: print(resource.getrusage("
    code += "resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **own},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(perf_counter() - begun, cpu, int(done.stderr.split()[-1]) / 1024, done.stdout)


def parsing(folder: Path) -> float:
    """Return the CPU seconds in which the same lines are parsed as JSON, and nothing else."""
    begun = process_time()
    for path in folder.rglob("*.jsonl"):
        with path.open("rb") as file:
            for line in file:
                json.loads(line)
    return process_time() - begun


def show(name: str, found: str, budget: str = "") -> None:
    """Print a row."""
    print(f"{name:<44}{found:<44}{budget}", flush=True)


def main() -> None:
    """Make the logs, and measure."""
    parser = argparse.ArgumentParser(description="session logs of coding agents")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--before", type=Path, help="another checkout, whose reading is measured too")
    parser.add_argument("--folder", type=Path, help="where the logs are made; a temporary folder if it is not given")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        folder = home / ".claude" / "projects"
        count = make(folder, given.lines)
        files = list(folder.rglob("*.jsonl"))
        size = sum(path.stat().st_size for path in files)
        print(f"{count:,} lines, {size / 1e6:,.0f} MB, {len(files):,} files\n")
        base = parsing(folder)
        show("parsing the lines as JSON", f"{base:.1f} cpu-s, {count / base:,.0f} lines/s")
        if given.before:
            old = run(["sessions", "--by", "model", "--json"], home, given.before)
            show("before", f"{old.cpu:.1f} cpu-s, {old.cpu / base:.1f} x JSON, {old.peak:.0f} MB")
        first = run(["sessions", "--by", "model", "--json"], home)
        calls = json.loads(first.said)["total"]["calls"]
        show(
            f"first run, {calls:,} calls",
            f"{first.cpu:.1f} cpu-s, {count / first.cpu:,.0f} lines/s, {first.cpu / base:.1f} x JSON, "
            f"{first.peak:.0f} MB",
            f"<= {MEMORY_BUDGET} MB",
        )
        if given.before:
            same_answer = json.loads(old.said)["total"] == json.loads(first.said)["total"]
            show("the same answer", "yes" if same_answer else "NO")
        bare = [_python(home) for _ in range(ROUNDS)]
        show("an interpreter that does nothing", _both(bare))
        same = [run(["sessions"], home) for _ in range(ROUNDS)]
        show("next run, nothing new", _both(same))
        more, chance, path = [], random.Random(7), files[0]  # noqa: S311
        with path.open() as file:
            _, second = next(file), json.loads(next(file))
        base_line = {name: second[name] for name in ("cwd", "sessionId", "timestamp")}
        for _ in range(ROUNDS):
            append(path, answer(chance, base_line))
            more.append(run(["sessions"], home))
        show("next run, one message more", _both(more), f"<= {NEXT_BUDGET} s")
        status = [run(["sessions", "statusline"], home) for _ in range(ROUNDS)]
        show("status line, nothing new", _both(status), f"<= {LINE_BUDGET * 1000:.0f} ms CPU")
        grown = []
        for _ in range(ROUNDS):
            append(path, answer(chance, base_line))
            grown.append(run(["sessions", "statusline"], home))
        show("status line, one message more", _both(grown))
        index = sum(path.stat().st_size for path in (home / ".cache" / "llmcost").iterdir())
        show("the index", f"{index / 1e6:,.0f} MB, {index / calls:,.0f} bytes a call")
    finally:
        shutil.rmtree(home)


def _python(home: Path) -> Run:
    """Run an interpreter that does nothing, beside which the others are seen."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], cwd=home, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(perf_counter() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0, "")


def _both(runs: list[Run]) -> str:
    wall, cpu = median(one.wall for one in runs), median(one.cpu for one in runs)
    least = min(one.cpu for one in runs)
    return (
        f"{wall:.2f} s wall, {cpu * 1000:.0f} ms CPU (least {least * 1000:.0f}), {max(one.peak for one in runs):.0f} MB"
    )


if __name__ == "__main__":
    main()
