"""The homes of four coding agents, made by hand from the public shapes of their logs: a session for each thing that
readers of such logs get wrong, with what it costs.

USD a million tokens: claude-sonnet-4-5 3 in, 15 out, 0.3 read from the cache, 3.75 written for 5 minutes, 6 for 1 hour;
claude-haiku-4-5 1, 5, 0.1; gpt-5 1.25, 10, 0.125; gemini-2.5-pro 1.25, 10, 0.125.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRICES = {
    "claude-sonnet-4-5-20250929": {
        "input_cost_per_token": 3e-06,
        "output_cost_per_token": 1.5e-05,
        "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost": 3.75e-06,
        "cache_creation_input_token_cost_above_1hr": 6e-06,
        "search_context_cost_per_query": dict.fromkeys(
            ("search_context_size_low", "search_context_size_medium", "search_context_size_high"), 0.01
        ),
        "litellm_provider": "anthropic",
    },
    "claude-haiku-4-5-20251001": {
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 5e-06,
        "cache_read_input_token_cost": 1e-07,
        "litellm_provider": "anthropic",
    },
    "gpt-5": {
        "input_cost_per_token": 1.25e-06,
        "output_cost_per_token": 1e-05,
        "cache_read_input_token_cost": 1.25e-07,
        "litellm_provider": "openai",
    },
    "gemini-2.5-pro": {
        "input_cost_per_token": 1.25e-06,
        "output_cost_per_token": 1e-05,
        "cache_read_input_token_cost": 1.25e-07,
        "litellm_provider": "gemini",
    },
}
SONNET, HAIKU = list(PRICES)[:2]
# session -> calls, USD, and whether that is a lower bound.
SESSIONS = {
    # 1000 x 3e-6 + 100 x 1.5e-5: three lines of one message, the first two with placeholders for the output.
    "s-streamed": (1, "0.0045", False),
    # The message of its own, and two of a sub-agent, one of which a progress line shows too: 3 x 0.0045.
    "s-subagent": (3, "0.0135", False),
    # Copies two lines of s-streamed's message, and goes on with one of its own. Nothing tells the copy from what it
    # copies, so that the message is one of either session.
    "s-resumed": (1, "0.0045", False),
    # Sonnet fell back to Haiku in mid-stream: 1000 x 1e-6 + 50 x 5e-6.
    "s-fallback": (1, "0.00125", False),
    # 1000 x 3e-6 + 10,000 x 3e-7 + 400 x 6e-6 + 600 x 3.75e-6 + 100 x 1.5e-5
    "s-cached": (1, "0.01215", False),
    # The stream broke off, and the file ends in the middle of a line: 1000 x 3e-6 + 8 x 1.5e-5.
    "s-torn": (1, "0.00312", True),
    # Half an hour before midnight, UTC.
    "s-late": (1, "0.0045", False),
    # 800 x 1.25e-6 + 200 x 1.25e-7 + 100 x 1e-5, and 1000 x 1.25e-6 + 100 x 1e-5; each event comes twice.
    "c-parent": (2, "0.004275", False),
    # An endpoint that states no request: two lines of one message.
    "s-no-request": (1, "0.0045", False),
    # Three searches of the web at 0.01 USD beside the tokens.
    "s-searched": (1, "0.0345", False),
    # Begins with its parent's two calls, and goes on with 500 and 50: 500 x 1.25e-6 + 50 x 1e-5.
    "c-fork": (1, "0.001125", False),
    # Forks of a session whose file is lost: its call counts in one of them, and each has one of its own of 500 and 50.
    # 1000 x 1.25e-6 + 100 x 1e-5 + 500 x 1.25e-6 + 50 x 1e-5, and 510 x 1.25e-6 + 51 x 1e-5.
    "c-orphan-1": (2, "0.003375", False),
    "c-orphan-2": (1, "0.0011475", False),
    # (1000 - 400) x 1.25e-6 + 400 x 1.25e-7 + (100 + 50) x 1e-5: written without tokens, with them, with its tools.
    "g-written-again": (1, "0.0023", False),
    # 1000 x 3e-6 + 500 x 3e-7 + (100 + 40) x 1.5e-5: the total says that the reasoning is beside the output.
    "o-reasoning": (1, "0.00525", False),
}
# Calls that are in the sum of each day; Berlin is an hour ahead.
DAYS = {"UTC": {"2026-01-05": 18, "2026-01-06": 1}, "Europe/Berlin": {"2026-01-05": 17, "2026-01-06": 2}}


def _message(session, identity, *, output=100, model=SONNET, stop="end_turn", time="10:00:00", usage=None, **beside):
    counts = {"input_tokens": 1000, "output_tokens": output, **(usage or {})}
    counts.setdefault("cache_creation_input_tokens", 0)
    counts.setdefault("cache_read_input_tokens", 0)
    body = {"id": identity, "type": "message", "role": "assistant", "model": model, "content": []}
    line = {
        "type": "assistant",
        "sessionId": session,
        "cwd": "/project/shop",
        "version": "2.0.50",
        "timestamp": f"2026-01-05T{time}.000Z",
        "requestId": f"req_{identity}",
        "uuid": f"{session}-{identity}-{output}",
        "isSidechain": False,
        "message": {**body, "stop_reason": stop, "usage": counts},
        **beside,
    }
    return {name: value for name, value in line.items() if value is not None}


def _claude():
    first = [
        _message("s-streamed", "msg_a", output=1, stop=None),
        _message("s-streamed", "msg_a", output=8, stop=None),
        _message("s-streamed", "msg_a"),
    ]
    cached = {
        "cache_creation_input_tokens": 1000,
        "cache_read_input_tokens": 10_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 600, "ephemeral_1h_input_tokens": 400},
    }
    agent = {"isSidechain": True, "agentId": "a7"}
    shown = {"type": "agent_progress", "message": _message("s-subagent", "msg_d")}
    yield (
        "s-streamed",
        [{"type": "user", "sessionId": "s-streamed", "message": {"role": "user", "content": "Hi"}}, *first],
    )
    yield (
        "s-subagent",
        [
            _message("s-subagent", "msg_b"),
            {"type": "progress", "sessionId": "s-subagent", "timestamp": "2026-01-05T10:00:01.000Z", "data": shown},
        ],
    )
    yield (
        "s-subagent/subagents/agent-a7",
        [_message("s-subagent", "msg_c", **agent), _message("s-subagent", "msg_d", **agent)],
    )
    yield "s-resumed", [*({**line, "sessionId": "s-resumed"} for line in first[1:]), _message("s-resumed", "msg_e")]
    yield (
        "s-fallback",
        [
            _message("s-fallback", "msg_f", output=8, stop=None),
            _message("s-fallback", "msg_f", output=50, model=HAIKU),
            _message(
                "s-fallback", "msg_g", output=0, model="<synthetic>", isApiErrorMessage=True, usage={"input_tokens": 0}
            ),
        ],
    )
    yield "s-cached", [_message("s-cached", "msg_h", usage=cached)]
    yield "s-torn", [_message("s-torn", "msg_i", output=8, stop=None), _text(_message("s-torn", "msg_j"))[:300]]
    bare = {"requestId": None}
    yield (
        "s-no-request",
        [_message("s-no-request", "msg_l", output=1, stop=None, **bare), _message("s-no-request", "msg_l", **bare)],
    )
    searched = {"server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 0}}
    yield "s-searched", [_message("s-searched", "msg_m", usage=searched)]
    yield "s-late", [_message("s-late", "msg_k", time="23:30:00")]


def _event(total, last, second, *, cached=0):
    def counters(count, part):
        return {
            "input_tokens": count,
            "cached_input_tokens": part,
            "output_tokens": count // 10,
            "reasoning_output_tokens": 0,
            "total_tokens": count + count // 10,
        }

    info = {"total_token_usage": counters(total, 200), "last_token_usage": counters(last, cached)}
    return _codex("event_msg", {"type": "token_count", "info": info, "rate_limits": None}, second)


def _codex(kind, payload, second=0):
    return {"timestamp": f"2026-01-05T11:00:{second:02}.000Z", "type": kind, "payload": payload}


def _rollouts():
    turn = _codex("turn_context", {"cwd": "/project/shop", "model": "gpt-5"})
    first, second = _event(1000, 1000, 1, cached=200), _event(2000, 1000, 2)
    both = [first, first, second, second]
    meta = {"cwd": "/project/shop", "cli_version": "0.150.0", "timestamp": "2026-01-05T11:00:00.000Z"}
    parent = {"id": "c-parent", **meta}
    yield "c-parent", [_codex("session_meta", parent), turn, *both]
    fork = _codex("session_meta", {"id": "c-fork", "forked_from_id": "c-parent", **meta})
    copied = [
        {**line, "timestamp": "2026-01-06T09:00:00.000Z"} for line in (_codex("session_meta", parent), turn, *both)
    ]
    own = {**_event(2500, 500, 9), "timestamp": "2026-01-06T09:00:09.000Z"}
    yield "c-fork", [fork, *copied, own]

    for number in (1, 2):
        orphan = _codex("session_meta", {"id": f"c-orphan-{number}", "forked_from_id": "c-lost", **meta})
        # The second call is another one in each of them.
        last = _event(1500, 500, 10 + number) if number == 1 else _event(1510, 510, 10 + number)
        yield f"c-orphan-{number}", [orphan, turn, _event(1000, 1000, 1), last]


def _gemini():
    tokens = {"input": 1000, "output": 100, "cached": 400, "thoughts": 50, "tool": 0, "total": 1150}
    said = {
        "id": "m1",
        "timestamp": "2026-01-05T12:00:01.000Z",
        "type": "gemini",
        "content": "Hi",
        "thoughts": [],
        "model": "gemini-2.5-pro",
    }
    session = {
        "sessionId": "g-written-again",
        "projectHash": "ab12",
        "startTime": "2026-01-05T12:00:00.000Z",
        "lastUpdated": "2026-01-05T12:00:00.000Z",
        "kind": "main",
    }
    return [session, {**said, "tokens": None}, {**said, "tokens": tokens}, {**said, "tokens": tokens, "toolCalls": []}]


def _opencode():
    return {
        "id": "msg_o1",
        "sessionID": "o-reasoning",
        "role": "assistant",
        "time": {"created": 1767618000000, "completed": 1767618005000},
        "modelID": SONNET,
        "providerID": "anthropic",
        "path": {"cwd": "/project/shop", "root": "/project/shop"},
        "cost": 0,
        "tokens": {"total": 1640, "input": 1000, "output": 100, "reasoning": 40, "cache": {"read": 500, "write": 0}},
    }


def write(home: Path) -> None:
    """Write the logs of all four agents into a home."""
    for name, lines in _claude():
        _write(home / ".claude" / "projects" / "-project-shop" / f"{name}.jsonl", lines)
    for name, lines in _rollouts():
        _write(home / ".codex" / "sessions" / "2026" / "01" / "05" / f"rollout-2026-01-05T11-00-00-{name}.jsonl", lines)
    _write(home / ".gemini" / "tmp" / "ab12" / "chats" / "session-2026-01-05T12-00-g1.jsonl", _gemini())
    path = home / ".local" / "share" / "opencode" / "storage" / "message" / "o-reasoning" / "msg_o1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(_opencode(), indent=2))


def _write(path: Path, lines) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = [line if isinstance(line, str) else _text(line) for line in lines]
    # A torn line is the last, and has no end.
    path.write_text("\n".join(text) + ("" if isinstance(lines[-1], str) else "\n"))


def _text(line) -> str:
    """Return a line as the agents write it; some tools look for the text of a key and its value."""
    return json.dumps(line, separators=(",", ":"))
