"""What tracking adds to a call: before its first byte, with each chunk, and after its last byte.

    python benchmarks/track.py

The transport is in this process, so that nothing but the client and the tap is measured; CPU time, the median of many
calls, plain and tracked in turn. Budgets stand beside what was measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from time import process_time_ns

sys.path.insert(0, str(Path(__file__).parent.parent))

try:
    import httpx2 as http
except ImportError:
    import httpx as http

import llmcost

CALLS = 400
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1764000000,
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi " * 300}}],
    "usage": USAGE,
}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1764000000, "model": "gpt-4o-2024-08-06"}
ASK = {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "a question " * 100}]}


def chunks(*, counting: bool) -> list[bytes]:
    """Return a stream of 300 chunks; a counting one repeats its usage in each, as some vendors do."""
    values = [
        {
            **CHUNK,
            "choices": [{"index": 0, "delta": {"content": f"word {number}"}, "finish_reason": None}],
            **({"usage": {**USAGE, "completion_tokens": number}} if counting else {}),
        }
        for number in range(298)
    ]
    values += [
        {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {**CHUNK, "choices": [], "usage": USAGE},
    ]
    return [b"data: " + json.dumps(value).encode() + b"\n\n" for value in values] + [b"data: [DONE]\n\n"]


class Stream(http.SyncByteStream):
    """Pieces that are there already."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self):
        yield from self.pieces


class Transport(http.BaseTransport):
    """Answers every request with the same pieces."""

    def __init__(self, pieces: list[bytes], kind: str) -> None:
        self.pieces, self.headers = pieces, {"content-type": kind}

    def handle_request(self, request):
        return http.Response(200, headers=self.headers, stream=Stream(self.pieces))


def measured(client, count: int) -> tuple[float, float, float, float]:
    """Return microseconds to the first piece, of the pieces after it, of the end, and of the whole call."""
    request = client.build_request("POST", "/v1/chat/completions", json=ASK)
    begun = process_time_ns()
    response = client.send(request, stream=True)
    pieces = response.iter_raw()
    next(pieces)
    first = process_time_ns()
    for _ in range(count - 1):
        next(pieces)
    last = process_time_ns()
    next(pieces, None)
    response.close()
    end = process_time_ns()
    return (first - begun) / 1000, (last - first) / 1000, (end - last) / 1000, (end - begun) / 1000


def compared(pieces: list[bytes], kind: str) -> tuple[list[float], list[float]]:
    """Return the medians of a plain client and of a tracked one."""
    handled = []
    plain = http.Client(transport=Transport(pieces, kind), base_url="http://x")
    tapped = http.Client(transport=Transport(pieces, kind), base_url="http://x")
    tracker = llmcost.Tracker(success=[lambda *given: handled.append(given)])
    tracker.track(tapped)
    rows: tuple[list, list] = ([], [])
    for number in range(CALLS + 20):
        for client, kept in ((plain, rows[0]), (tapped, rows[1])):
            row = measured(client, len(pieces))
            if number >= 20:
                kept.append(row)
    if not tracker.stats()["priced"] == len(handled) == CALLS + 20:
        raise SystemExit(f"not every call was priced: {tracker.stats()}")
    return tuple([median(column) for column in zip(*kept, strict=True)] for kept in rows)  # type: ignore[return-value]


def main() -> None:
    """Print the table."""
    failed = False
    print(f"{'':44}{'plain':>9}{'tracked':>9}{'added':>9}{'budget':>9}   us of CPU time, median of {CALLS}")
    plain, tapped = compared(chunks(counting=False), "text/event-stream")
    rows = [
        ("stream of 301 chunks: to the first", plain[0], tapped[0], 20.0),
        ("each chunk after it", plain[1] / 300, tapped[1] / 300, 1.0),
        ("after the last", plain[2], tapped[2], 150.0),
    ]
    plain, tapped = compared(chunks(counting=True), "text/event-stream")
    rows.append(("after the last, where each states its usage", plain[2], tapped[2], 300.0))
    plain, tapped = compared([json.dumps(CHAT).encode()], "application/json")
    rows.append(("a JSON call", plain[3], tapped[3], 40.0))
    for name, without, with_it, budget in rows:
        added = with_it - without
        failed = failed or added > budget
        mark = "  missed" if added > budget else ""
        print(f"{name:44}{without:9.2f}{with_it:9.2f}{added:9.2f}{budget:9.1f}{mark}")
    if failed and "--strict" in sys.argv:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
