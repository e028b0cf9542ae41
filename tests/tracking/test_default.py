"""The room loads when it is asked for, and neither of the HTTP libraries loads with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
import llmcost
assert not any(name.startswith("llmcost.tracking") for name in sys.modules), "import llmcost loads the room"
llmcost.Tracker().track(lambda: None)()
loaded = {"httpx", "httpx2", "openai", "botocore", "google", "aiohttp", "litellm", "brotli"} & set(sys.modules)
assert not loaded, loaded
import threading
assert threading.active_count() == 1, "a thread exists before it is needed"
"""


def test_nothing_loads_before_it_is_needed():
    """In a process of its own."""
    subprocess.run([sys.executable, "-c", CODE], check=True, timeout=120)


AT_EXIT = """
import llmcost
def handler(kwargs, response_obj, start_time, end_time):
    print(kwargs["call"].status)
tracker = llmcost.Tracker(success=[handler], handlers="thread")
for _ in range(50):
    tracker.track(lambda: {"object": "chat.completion", "model": "gpt-4o", "usage": {
        "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})()
"""


def test_the_end_of_the_process_waits_for_handlers():
    """All 50 have run on their thread when the process ends."""
    done = subprocess.run([sys.executable, "-c", AT_EXIT], check=True, timeout=120, capture_output=True, text=True)
    assert done.stdout.split() == ["priced"] * 50


FORK = """
import os, llmcost
got = []
tracker = llmcost.Tracker(success=[lambda kwargs, *_: got.append(os.getpid())], handlers="thread")
ask = tracker.track(lambda: {"object": "chat.completion", "model": "gpt-4o", "usage": {
    "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
ask()
assert tracker.flush(20)
child = os.fork()
if not child:
    ask()
    os._exit(0 if tracker.flush(20) and got[-1] == os.getpid() else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_a_forked_process_has_a_thread_of_its_own():
    """The thread of the parent is not in the child."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], check=True, timeout=120)
