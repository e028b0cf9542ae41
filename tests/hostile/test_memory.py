"""What is kept is bounded in bytes: a million of everything that is asked once leaves no more than a few megabytes.

``pytest -m memory -s tests/hostile/test_memory.py`` does a million of each; ``LLMCOST_MEMORY`` says how many.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import llmcost

ROOT = Path(llmcost.__file__).parents[1]
MANY = int(os.environ.get("LLMCOST_MEMORY", "1_000_000"))

# Each does one thing with a number, which no other one does alike.
WORK = {
    "unknown names": """
        try:
            llmcost.calculate({**ANSWER, "model": f"name-{n}"})
        except llmcost.UnknownModelError:
            pass
    """,
    "long unknown names": """
        try:
            llmcost.calculate({**ANSWER, "model": f"{n}-" + "x" * 20_000})
        except llmcost.UnknownModelError:
            pass
    """,
    "prices of a call": 'llmcost.calculate(ANSWER, input_cost_per_token=f"{n + 1}e-12")',
    "regions": 'llmcost.calculate(ANSWER, region=f"region-{n}")',
    "times": "llmcost.calculate(ANSWER, at=1_716_000_000 + 61 * n)",
    "tiers": 'llmcost.calculate({**ANSWER, "service_tier": f"tier-{n}"})',
    "sizes": 'llmcost.calculate(usage=llmcost.Usage(output_images=1), model="dall-e-3", size=f"{n}x{n}")',
    "prompts": 'llmcost.calculate({**ANSWER, "usage": {"prompt_tokens": n, "completion_tokens": n}})',
    "unread counters": """
        llmcost.calculate({**ANSWER, "usage": {**ANSWER["usage"], f"counter_{n}": 5}})
    """,
    "fees": 'PRICES.calculate({**ANSWER, "model": "own"}, tags=[f"t{n}"])',
    "configurations": """
        if n % 100 == 0:
            PRICES.with_config({"model_list": [{"model_name": f"a{n}", "litellm_params": {"model": "own"}}]})
    """,
    "streams of a gateway": """
        chunk = {"id": f"c{n}", "object": "chat.completion.chunk", "model": "own", "choices": []}
        stream = TRACKER.track(lambda: iter([chunk, {**chunk, "usage": ANSWER["usage"]}]))
        with llmcost.context(user=f"u{n}", session=f"s{n}"):
            list(stream())
    """,
}
PROGRAM = """
import sys, warnings, textwrap
warnings.simplefilter("ignore")
import llmcost
ANSWER = {"object": "chat.completion", "model": "gpt-4o",
          "usage": {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}}
PRICES = llmcost.CostMap({"own": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
TRACKER = llmcost.Tracker(cost_map=PRICES)

def megabytes():
    with open("/proc/self/status") as file:
        return int(file.read().split("VmRSS:")[1].split()[0]) / 1024

exec("def work(n):\\n" + textwrap.indent(textwrap.dedent(sys.argv[1]), "    "))
many = int(sys.argv[2])
for n in range(many // 10):
    work(n)
early = megabytes()
for n in range(many // 10, many):
    work(n)
print(early, megabytes())
"""


def measured(work, many):
    """Return what a process holds after a tenth of the work, and after all of it, in megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, work.strip("\n"), str(many)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=None if many > 10_000 else 150,
    )
    early, late = map(float, done.stdout.split())
    return early, late


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say its memory so")


@needs_proc
@pytest.mark.parametrize("what", ["long unknown names", "prices of a call", "streams of a gateway"])
def test_a_few_thousand_leave_little(what):
    """Names of 20,000 letters would be 60 MB if they were kept."""
    _, late = measured(WORK[what], 3_000)
    assert late < 150


@needs_proc
@pytest.mark.memory
@pytest.mark.timeout(0)
@pytest.mark.parametrize("what", WORK)
def test_a_million_leave_no_more(what, capsys):
    """Nine tenths of the work add next to nothing to what the first tenth left."""
    early, late = measured(WORK[what], MANY)
    with capsys.disabled():
        print(f"\n{what}: {MANY:,}: {early:.0f} -> {late:.0f} MB")  # noqa: T201 - what was measured is the result
    assert late < 200
    assert late < early + 40
