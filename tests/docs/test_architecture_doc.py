"""docs/architecture.md: the functions of the walk are those that a call enters, in that order."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import llmcost
from llmcost.api import costmap

ROOT = Path(llmcost.__file__).parent.parent
PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "total_tokens": 110,
        "prompt_tokens_details": {"cached_tokens": 60},
    },
}


def entered(call):
    """Return the functions of the package that a call enters, each once, with their files."""
    found = []

    def note(frame, event, _):
        path = Path(frame.f_code.co_filename)
        if event == "call" and ROOT / "llmcost" in path.parents and not frame.f_code.co_name.startswith("<"):
            found.append((frame.f_code.co_name, path.relative_to(ROOT).as_posix()))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(before)
    return list(dict.fromkeys(found))


def test_the_walk_is_the_way_of_a_common_call(monkeypatch):
    """Ten functions in seven files, until the Cost is there.

    The clock is Python's own, as in every process that is not told which day it is: tests are.
    """
    monkeypatch.setattr(costmap, "clock", time.time)
    listed = re.findall(r"^\d+\. `(\w+)` in `([\w/.]+)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for _ in range(2):
        llmcost.completion_cost(RESPONSE)
        llmcost.calculate(RESPONSE)
    walked = entered(lambda: llmcost.completion_cost(RESPONSE))
    steps = [("calculate" if name == "_price" else name, path) for name, path in walked]
    assert steps[: len(listed)] == listed
    assert (len(listed), len({path for _, path in listed})) == (10, 7)
    # A call of `calculate` enters those between, and no other.
    alone = entered(lambda: llmcost.calculate(RESPONSE))
    assert [("calculate" if name == "_price" else name, path) for name, path in alone] == listed[1:]
