"""The README's Python runs, and what it says about the package is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import llmcost

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CONFIG = "model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_blocks_run(tmp_path):
    """In order, in one process, as a reader would type them."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    code = "\n".join(blocks("python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    explanation = blocks("text")[0]
    assert explanation.strip() in done.stdout


def test_there_are_two_commands():
    """One prices the examples, one passes the tests; each is one line."""
    for name in ("sh examples", "sh tests"):
        (block,) = blocks(name)
        assert len(block.strip().splitlines()) == 1


def test_every_word_of_the_table_is_used_as_it_says():
    """The meters that the glossary names exist."""
    from llmcost.core.meters import METERS

    row = next(line for line in README.splitlines() if line.startswith("| meter |"))
    assert set(re.findall(r"`(\w+)`", row)) <= set(METERS)


def test_the_number_of_models_is_true():
    """What the README says of the map is so."""
    stated = int(re.search(r"holds ([\d,]+) models and more", README).group(1).replace(",", ""))
    assert stated <= len(llmcost.model_cost) < stated + 500
