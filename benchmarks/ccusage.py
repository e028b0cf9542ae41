"""The sessions of ``tests/agent_homes.py`` as llmcost and the npm package ccusage count them, case by case.

    npm install ccusage && python benchmarks/ccusage.py node_modules/.bin/ccusage

Numbers, and not times. Each session holds one thing that readers of such logs get wrong, and its cost was worked out by
hand. A difference that no reason explains ends the script with 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.agent_homes import PRICES, SESSIONS, write

# Why the other tool says something else.
REASONS = {
    "s-streamed": "a message that stands in two sessions: either has it",
    "s-resumed": "a message that stands in two sessions: either has it",
    "s-torn": "the same sum; nothing says that the stream broke off, or that the file ends in the middle of a line",
    "s-searched": "searches of the web are not counted: 3 x 0.01 USD",
    "c-orphan-2": "a call that two forks copy from a lost session is counted in both: 1000 and 100 tokens of gpt-5",
}
_AGENTS = ("claude", "codex", "gemini", "opencode")


def theirs(command: str, home: Path) -> dict[str, Decimal]:
    """Return what ccusage says of each session, in USD."""
    found = {}
    for agent in _AGENTS:
        done = subprocess.run(
            [command, agent, "session", "--json", "--offline"],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        stated = json.loads(done.stdout)
        for row in next(rows for rows in stated.values() if isinstance(rows, list)):
            name = row["sessionId"].rpartition("-00-")[2] if agent == "codex" else row["sessionId"]
            cost = row["costUSD"] if agent == "codex" else row["totalCost"]
            found[name] = Decimal(str(round(cost, 10)))
    return found


def ours(home: Path) -> dict[str, Decimal]:
    """Return what llmcost says of each session, in USD."""
    prices = home / "prices.json"
    prices.write_text(json.dumps(PRICES))
    own = {"HOME": str(home), "PYTHONPATH": str(ROOT), "LLMCOST_PRICES": str(prices), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "llmcost", "sessions", "--by", "session", "--json"]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    return {row["session"]: Decimal(row["total"]) for row in json.loads(done.stdout)["rows"]}


def main() -> None:
    """Print both beside what was worked out by hand."""
    unexplained = 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        write(home)
        version = subprocess.run([sys.argv[1], "--version"], capture_output=True, text=True, check=True).stdout.strip()
        print(version)
        other, own = theirs(sys.argv[1], home), ours(home)
    print(f"{'session':<18}{'by hand':>12}{'llmcost':>12}{'ccusage':>12}")
    for session, (_, cost, _) in SESSIONS.items():
        values = (Decimal(cost), own.get(session, Decimal(0)), other.get(session, Decimal(0)))
        same = len(set(values)) == 1
        unexplained += not same and session not in REASONS
        note = REASONS.get(session, "" if same else "NOT EXPLAINED")
        print(f"{session:<18}" + "".join(f"{value.normalize():>12f}" for value in values) + f"  {note}")
    total = (sum(Decimal(cost) for _, cost, _ in SESSIONS.values()), sum(own.values()), sum(other.values()))
    print(f"{'total':<18}" + "".join(f"{Decimal(value).normalize():>12f}" for value in total))
    raise SystemExit(bool(unexplained) or total[0] != total[1])


if __name__ == "__main__":
    main()
