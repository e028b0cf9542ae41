"""The comparison with the installed LiteLLM: what it counts, and that no difference is left without a reason."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.litellm_objects import class_of

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "parity.py"


@pytest.mark.timeout(300)
def test_a_sample_of_the_map_has_no_difference_without_a_reason():
    """Every 53rd model; the whole map is some 43,000 calls, and is run by hand."""
    class_of("Usage")
    done = subprocess.run(
        [sys.executable, SCRIPT, "--sample", "53"], capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ +0  to be explained$", done.stdout, re.MULTILINE)
    calls = re.search(r"([0-9,]+) calls$", done.stdout.splitlines()[0])
    assert calls is not None
    assert int(calls[1].replace(",", "")) > 700
