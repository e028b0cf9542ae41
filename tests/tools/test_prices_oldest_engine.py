"""The oldest engine that the data say they need bills by them: the sums of this engine, or an error, and no other sum.

The engine is the release of that version, out of the history of the repository. Until there is such a release it is
this one, which then runs from a copy of its own all the same.

``LLMCOST_OLDEST_ENGINE=REVISION`` names another revision of the repository.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from llmcost.core import VERSION

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
INFO = json.loads((DATA / "map_info.json").read_bytes())

# What an engine says of every tenth model: the exact sum and what is unpriced, or the class of the error.
PROGRAM = """
import json, sys, warnings
warnings.simplefilter("ignore")
import llmcost
prices = llmcost.CostMap.bundled()
found = {"": [llmcost.map_info().version, llmcost.__file__]}
for name in list(prices)[::10]:
    told = []
    for usage in json.loads(sys.argv[1]):
        for day in json.loads(sys.argv[2]):
            try:
                cost = prices.calculate(usage=llmcost.Usage(**usage), model=name, at=day)
            except llmcost.LLMCostError as error:
                told.append(type(error).__name__)
            else:
                told.append(["/".join(map(str, cost.as_integer_ratio())), sorted(cost.unpriced), cost.complete])
    found[name] = told
print(json.dumps(found))
"""
USAGES = [
    {"input": 1000, "cache_read": 500, "cache_write": 200, "output": 100, "reasoning": 50},
    {"input": 300_000, "output": 10, "output_images": 2, "web_searches": 1, "input_seconds": 60},
]
DAYS = ["2026-01-15", "2026-12-02"]


def revision():
    """Return the revision of the oldest engine; None if it is not released yet, or there is no repository."""
    named = os.environ.get("LLMCOST_OLDEST_ENGINE")
    if named or not (ROOT / ".git").exists() or shutil.which("git") is None:
        return named
    needs = INFO["needs"]
    asked = ["git", "tag", "--list", f"v{needs}", f"v{needs}.*", "--sort=version:refname"]
    return next(iter(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()), None)


def answers(engine):
    """Return what an engine in a folder says of today's data."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(USAGES), json.dumps(DAYS)],
        cwd=engine,
        env={**os.environ, "PYTHONPATH": str(engine), "LLMCOST_PRICES": str(DATA), "LLMCOST_TODAY": INFO["as_of"]},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    version, file = found.pop("")
    assert version == INFO["version"]
    assert Path(file).is_relative_to(engine)
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    name = revision()
    if name is None:
        if not VERSION.startswith(f"{INFO['needs']}."):
            pytest.skip(f"llm-costmap {INFO['needs']} is in no history here")
        shutil.copytree(ROOT / "llmcost", folder / "llmcost", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    else:
        packed = folder / "engine.tar"
        subprocess.run(["git", "archive", "-o", str(packed), name, "llmcost"], cwd=ROOT, check=True)
        with tarfile.open(packed) as opened:
            for member in opened:
                if member.isfile():
                    target = folder / member.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(opened.extractfile(member).read())
    return folder


def test_the_oldest_engine_over_todays_files(engine):
    """A model with a key that it sets aside may be a lower bound there; every other one says the same to the digit."""
    told, own = answers(engine), answers(ROOT)
    rows = json.loads((DATA / "model_prices.json").read_bytes())
    aside = {name for name, row in rows.items() if row.keys() & INFO["keys_since"].keys()}
    wrong = {name: (told.get(name), own[name]) for name in own if told.get(name) != own[name] and name not in aside}
    assert not wrong, f"{len(wrong)} models, such as {dict(list(wrong.items())[:3])}"
    assert len(own) >= INFO["models"] // 10
