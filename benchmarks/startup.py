"""Starting: what an import and the first priced call cost in a fresh interpreter.

Time is the best of several interpreters, each library's in turn. Memory is the growth of the resident set at its
peak (from /proc, so on Linux only), and apart from that what Python itself allocates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Last, so that the tree that is measured stays the one that PYTHONPATH or the environment names.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from questions import OPENAI

from tools.ci.never_loaded import NEVER_LOADED as NEVER

_RESPONSE = repr(OPENAI)
BASELINE = "import json, decimal, re"
IMPORTS = {
    "llmcost": "import llmcost",
    "litellm": "import litellm",
    "genai-prices": "import genai_prices",
    "cendor-core": "from cendor.core import prices",
    "litellm-cost": "import litellm_cost",
    BASELINE: BASELINE,
}
FIRST_CALLS = {
    "llmcost": f"llmcost.calculate({_RESPONSE}).response_cost",
    "litellm": f"litellm.completion_cost({_RESPONSE})",
    "genai-prices": (f"genai_prices.extract_usage({_RESPONSE}, provider_id='openai', api_flavor='chat').calc_price()"),
    "cendor-core": "prices.estimate('gpt-4o', 2006, 300, 1920)",
    "litellm-cost": "litellm_cost.get_cost('gpt-4o', 86, 300, 1920)",
    BASELINE: "None",
}

TIME = """
from time import perf_counter
start = perf_counter()
{work}
print(perf_counter() - start)
"""
_MEMORY = """
def read(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name))
before = read("VmRSS")
{work}
print(read("VmHWM") - before)
"""
_ALLOCATED = """
import tracemalloc
tracemalloc.start()
{work}
print(tracemalloc.get_traced_memory()[1])
"""
_MODULES = """
import sys
before = set(sys.modules)
{work}
print(*sorted(set(sys.modules) - before))
"""
# Left alone, litellm asks a server for its prices when it is imported.
_ENVIRONMENT = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONDONTWRITEBYTECODE": ""}


def run(python: str, code: str, work: str, environment: dict[str, str] = _ENVIRONMENT) -> str:
    """Return what a fresh interpreter prints."""
    # Where no tree lies: an interpreter looks into its own folder before PYTHONPATH.
    away = tempfile.gettempdir()
    done = subprocess.run(
        [python, "-c", code.format(work=work)], capture_output=True, text=True, check=True, env=environment, cwd=away
    )
    return done.stdout.strip()


def work(library: str, *, call: bool) -> str:
    """Return the import of a library, with its first priced call or without it."""
    return f"{IMPORTS[library]}\n{FIRST_CALLS[library]}" if call else IMPORTS[library]


def times(python: str, best_of: int) -> dict[str, dict[str, float]]:
    """Return seconds by case and library: ``import`` and ``import + first call``."""
    found: dict[str, dict[str, float]] = {"import": {}, "import + first call": {}}
    for attempt in range(best_of + 1):
        for library in IMPORTS:
            if library == "litellm" and attempt > max(3, best_of // 5):
                continue  # a second each
            for case, call in (("import", False), ("import + first call", True)):
                seconds = float(run(python, TIME, work(library, call=call)))
                # The first attempt compiles and fills the disk cache.
                if attempt:
                    found[case][library] = min(seconds, found[case].get(library, seconds))
    return found


def memory(python: str) -> dict[str, dict[str, int]]:
    """Return bytes by case and library; no resident set where there is no /proc."""
    found: dict[str, dict[str, int]] = {"resident": {}, "allocated by Python": {}}
    for library in IMPORTS:
        text = work(library, call=True)
        if os.path.exists("/proc/self/status"):  # noqa: PTH110 - no reason for more
            found["resident"][library] = min(int(run(python, _MEMORY, text)) for _ in range(3))
        found["allocated by Python"][library] = int(run(python, _ALLOCATED, text))
    return found


def imported(python: str) -> list[str]:
    """Return the modules that llmcost loads by the end of the first priced call."""
    return run(python, _MODULES, work("llmcost", call=True)).split()


def forbidden(modules: list[str]) -> list[str]:
    """Return those of the loaded modules that are never to be loaded."""
    return [module for module in modules if any(module == never or module.startswith(f"{never}.") for never in NEVER)]


if __name__ == "__main__":
    import sys

    print(json.dumps({"times": times(sys.executable, 5), "memory": memory(sys.executable)}, indent=2))
    print(forbidden(imported(sys.executable)))
