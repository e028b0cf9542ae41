"""What the process loads of which the others are copies: they find all of it, and load no reader again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import llmcost

LINES = """
import sys
import llmcost.logs.preloaded
before = set(sys.modules)
import llmcost
for record in llmcost.read_log(sys.argv[1]):
    record.calculate()
from llmcost.logs.session_formats import FORMATS
formats = {f"llmcost.logs.{form.name}" for form in FORMATS}
print(*sorted(name for name in set(sys.modules) - before if name.startswith("llmcost.readers") or name in formats))
"""


def test_a_log_loads_no_reader_after_it(tmp_path):
    """A response, one in a record, and a line of Claude Code: the shapes of all three are asked of loaded readers."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    chat = {"object": "chat.completion", "model": "gpt-4o", "usage": usage}
    message = {"id": "m", "role": "assistant", "type": "message", "model": "claude-sonnet-4-5"}
    message["usage"] = {"input_tokens": 10, "output_tokens": 5}
    claude = {"type": "assistant", "sessionId": "s", "requestId": "r", "timestamp": "2026-01-06T10:00:00Z"}
    log = tmp_path / "log.jsonl"
    rows = [chat, {"time": "2026-01-06T10:00:00Z", "response": chat}, {**claude, "message": message}]
    log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = subprocess.run(
        [sys.executable, "-c", LINES, str(log)],
        cwd=Path(llmcost.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""
