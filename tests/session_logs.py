"""Logs of sessions that tests write, and what an index says of them."""

from __future__ import annotations

import json
from datetime import timezone

from llmcost import CostMap, UnknownModelError, read_log
from llmcost.logs.session_files import session_files
from llmcost.sessions.index import SessionIndex, ask
from llmcost.sessions.report import answer, passed, problems
from llmcost.sessions.sums import Span

# USD per token: 1 and 4 a million, 0.1 for what is cached; large-1 costs twice as much, third-1 a third of a millionth.
PRICES = CostMap(
    {
        "small-1": {
            "input_cost_per_token": 1e-06,
            "output_cost_per_token": 4e-06,
            "cache_read_input_token_cost": 1e-07,
            "litellm_provider": "anthropic",
        },
        "large-1": {
            "input_cost_per_token": 2e-06,
            "output_cost_per_token": 8e-06,
            "cache_read_input_token_cost": 2e-07,
            "litellm_provider": "anthropic",
        },
        "third-1": {"input_cost_per_second": 0.001, "input_cost_per_token": 1e-22, "output_cost_per_token": 1e-06},
    }
)


def message(
    identity,
    *,
    output=100,
    model="small-1",
    session="s1",
    project="/project/shop",
    stop="end_turn",
    request="r",
    **beside,
):
    """A line of Claude Code: 1000 tokens of input; 0.0014 USD with 100 tokens of output."""
    usage = {"input_tokens": 1000, "output_tokens": output}
    body = {"id": identity, "type": "message", "role": "assistant", "model": model, "usage": usage}
    line = {"type": "assistant", "sessionId": session, "cwd": project, "timestamp": "2026-01-05T10:00:00.000Z"}
    found = {**line, "requestId": request, "message": {**body, "stop_reason": stop}, **beside}
    return {name: value for name, value in found.items() if value is not None}


def event(total, last, second=0):
    """A count of Codex: a running total of calls of 1000 tokens of input and 100 of output, and the last of them."""
    counters = {"input_tokens": 1000 * total, "output_tokens": 100 * total}
    info = {
        "total_token_usage": counters,
        "last_token_usage": {"input_tokens": 1000 * last, "output_tokens": 100 * last},
    }
    return codex("event_msg", {"type": "token_count", "info": info}, second)


def codex(kind, payload, second=0):
    return {"timestamp": f"2026-01-06T10:00:{second:02}.000Z", "type": kind, "payload": payload}


def rollout(session, *events, model="small-1", **beside):
    """A session of Codex."""
    meta = {"id": session, "cwd": "/project/shop", **beside}
    return [codex("session_meta", meta), codex("turn_context", {"model": model}), *events]


def text(lines):
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


class Logs:
    """A folder of logs, and what an index says of it; prices are those of ``PRICES``."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def write(self, name, lines, mode="w"):
        path = self.folder / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", newline="") as file:
            file.write(text(lines))
        return path

    def append(self, name, *lines):
        return self.write(name, lines, "a")

    def index(self, **more):
        return SessionIndex([self.folder], session_files([self.folder]), lambda: PRICES, **more)

    def asked(self, question):
        """What an index that is brought up to date says to a question."""

        def answered(index):
            assert index.update() == 0
            return question(index)

        return ask([self.folder], session_files([self.folder]), answered, cost_map=lambda: PRICES)

    def rows(self, axis="session", span=None, zone=timezone.utc):
        """Calls and USD by name."""
        found = self.asked(lambda index: answer(index, axis, span or Span(), zone))
        return {name: (part.calls, str(part.total)) for name, part in found.rows.items()}

    def all_of_it(self):
        """The rows of each axis, how many lines are no calls, and how many lines and calls have no cost."""
        return self.asked(everything)

    def read_anew(self):
        """The same by reading all files as any log, which keeps nothing."""
        errors = []
        log = read_log(self.folder, cost_map=PRICES, on_error=errors.append)
        rows = {"model": {}, "session": {}, "project": {}, "agent": {}}
        for call in log:
            try:
                cost = call.calculate()
            except UnknownModelError:
                errors.append(call)
                continue
            names = {
                "model": cost.matched_as,
                **{name: call.own.get(name, "") for name in ("session", "project", "agent")},
            }
            for axis, name in names.items():
                calls, total, bound = rows[axis].get(name, (0, 0, False))
                rows[axis][name] = calls + 1, total + cost.total, bound or cost.lower_bound
        return rows, log.passed, len(errors)


def everything(index):
    rows = {}
    for axis in ("model", "session", "project", "agent"):
        found = answer(index, axis, Span(), timezone.utc)
        rows[axis] = {name: (part.calls, part.total, part.bound) for name, part in found.rows.items()}
    failed = sum(failed.calls for failed in found.failed)
    return rows, passed(index.connection), problems(index.connection, 100)[0] + failed
