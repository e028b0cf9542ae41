"""Logs: calls a second of one process, through the command line, beside genai-prices doing the same.

    python benchmarks/logs.py                   # 200,000 mixed responses
    python benchmarks/logs.py --calls 20000

It needs genai-prices; orjson is used where it is installed, and cases of llmcost are run without it too. A case is a
process of its own; its time is that of the processor, with the start of the interpreter, the least of three rounds.
What ``json.loads`` alone takes of the same lines stands beside them, since no program can leave it out.

At the end the same log is priced by 1, 2, 4 ... processes, up to the cores of the machine. Their time is that of the
clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

CHAT = ("gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "gpt-5-2025-08-07", "o3-2025-04-16")
CLAUDE = ("claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001")
WORDS = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 7
START = 1_767_225_600


def response(chance: random.Random, number: int, at: int) -> dict[str, object]:
    """Return a response: 60 % of OpenAI, 30 % of Anthropic, 10 % of Gemini, 1 KB of JSON on average."""
    prompt, answer = chance.randrange(100, 20_000), chance.randrange(1, 2_000)
    cached, text = chance.randrange(0, prompt), WORDS[: chance.randrange(100, 700)]
    kind = chance.random()
    if kind < 0.6:
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "total_tokens": prompt + answer,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": answer // 2, "audio_tokens": 0},
        }
        return {
            "id": f"chatcmpl-{number:024}",
            "object": "chat.completion",
            "created": at,
            "model": chance.choice(CHAT),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": usage,
            "service_tier": "default",
            "system_fingerprint": "fp_50cad350e4",
        }
    if kind < 0.9:
        written = cached // 3
        usage = {
            "input_tokens": prompt - cached,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": cached - written,
            "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
            "output_tokens": answer,
            "service_tier": "standard",
        }
        return {
            "id": f"msg_{number:024}",
            "type": "message",
            "role": "assistant",
            "model": chance.choice(CLAUDE),
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": usage,
        }
    usage = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": answer,
        "totalTokenCount": prompt + answer,
        "cachedContentTokenCount": cached,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}],
    }
    content = {"parts": [{"text": text}], "role": "model"}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": usage,
        "modelVersion": "gemini-2.5-flash",
        "responseId": f"{number:022}",
    }


def write(path: Path, calls: int) -> None:
    """Write a log: half of its lines are responses, half are records around one, with a time and a team."""
    chance = random.Random(7)  # noqa: S311 - test data
    with path.open("w", encoding="utf-8") as out:
        for number in range(calls):
            at = START + number * 30
            row: dict[str, object] = response(chance, number, at)
            if number % 2:
                time = datetime.fromtimestamp(at, timezone.utc).isoformat().replace("+00:00", "Z")
                row = {"time": time, "team": f"team-{number % 7}", "response": row}
            out.write(json.dumps(row) + "\n")


def json_alone(path: str) -> None:
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)


def genai(path: str) -> None:
    """Add up by day what genai-prices says of each line, told the provider; what has no time has no day."""
    from genai_prices import extract_usage

    days: dict[str, object] = {}
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            data = row.get("response", row)
            if "choices" in data:
                found = extract_usage(data, provider_id="openai", api_flavor="chat")
            else:
                found = extract_usage(data, provider_id="anthropic" if "content" in data else "google")
            at = row.get("time") or data.get("created")
            when = None
            if at is not None:
                when = (
                    datetime.fromtimestamp(at, timezone.utc) if isinstance(at, int) else datetime.fromisoformat(at[:19])
                )
            price = found.calc_price(genai_request_timestamp=when) if when is not None else found.calc_price()
            day = "" if when is None else f"{when:%Y-%m-%d}"
            days[day] = days.get(day, 0) + price.total_price
    for day, usd in sorted(days.items()):
        print(day, usd)


def llmcost_cli(arguments: list[str]) -> None:
    sys.argv = ["llmcost", *arguments]
    from llmcost.cli import main

    main()


CASES = {
    "json.loads alone": ["json"],
    "llmcost price --totals": ["cli", "price", "--totals"],
    "llmcost price --by day --csv": ["cli", "price", "--by", "day", "--csv"],
    "llmcost reprice": ["cli", "reprice"],
    "llmcost price --totals, without orjson": ["plain", "price", "--totals"],
    "llmcost price --by day --csv, without orjson": ["plain", "price", "--by", "day", "--csv"],
    "llmcost reprice, without orjson": ["plain", "reprice"],
    "genai-prices, by day": ["genai"],
}


def child(case: list[str], path: str) -> None:
    """Run one case, and write its seconds of the processor and its peak of memory to standard error."""
    kind, *arguments = case
    if kind == "plain":
        sys.modules["orjson"] = None  # type: ignore[assignment] - as if it were not installed
    try:
        if kind == "json":
            json_alone(path)
        elif kind == "genai":
            genai(path)
        else:
            llmcost_cli([*arguments, path])
    except SystemExit:
        pass
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), file=sys.stderr)


def by_processes(path: Path, rounds: int, env: dict[str, str]) -> None:
    """Write how much faster several processes price a log than one, by the clock and with their start."""
    alone = 0.0
    jobs, cores = 1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    while jobs <= cores:
        command = [sys.executable, "-m", "llmcost", "price", "--totals", "--jobs", str(jobs), str(path)]
        least = float("inf")
        for _ in range(rounds):
            begun = time.perf_counter()
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
            least = min(least, time.perf_counter() - begun)
        alone = alone or least
        name = f"llmcost price --totals --jobs {jobs}"
        print(f"{name:46} {least:10.2f} s        {alone / least:6.2f} x as fast as one process")
        jobs *= 2


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--calls", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--child", help=argparse.SUPPRESS)
    options.add_argument("--file", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        child(json.loads(given.child), given.file)
        return
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        write(path, given.calls)
        print(f"{given.calls:,} calls, {path.stat().st_size / 1e6:,.0f} MB")
        best: dict[str, list[float]] = {}
        for _ in range(given.rounds):
            for name, case in CASES.items():
                command = [sys.executable, __file__, "--child", json.dumps(case), "--file", str(path)]
                said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stderr
                seconds, memory = json.loads(said.splitlines()[-1])
                before = best.get(name, [seconds, memory])
                best[name] = [min(seconds, before[0]), max(memory, before[1])]
        alone = best["json.loads alone"][0]
        for name, (seconds, memory) in best.items():
            rate = given.calls / seconds
            print(f"{name:46} {rate:10,.0f} calls/s  {seconds / alone:6.2f} x json.loads  {memory:6.0f} MB")
        by_processes(path, given.rounds, env)


if __name__ == "__main__":
    main()
