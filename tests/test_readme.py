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


def test_it_is_a_page():
    """One that is read to its end: what is longer stands in the docs."""
    assert len(README.splitlines()) <= 115


def test_the_rows_of_speed_are_those_of_the_docs():
    """Six of them, each with the numbers that the whole table has."""
    page = (Path(__file__).parent.parent / "docs" / "speed.md").read_text(encoding="utf-8")
    rows = [
        line.partition(" | ")[2]
        for line in README.partition("## Speed")[2].splitlines()
        if re.search(r"\d [um]s", line)
    ]
    assert len(rows) == 6
    assert all(row in page for row in rows)


def test_the_number_of_models_is_true():
    """What the README says of the map is so."""
    stated = int(re.search(r"holds ([\d,]+) models and more", README).group(1).replace(",", ""))
    assert stated <= len(llmcost.model_cost) < stated + 500
