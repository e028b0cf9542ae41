"""The page on OpenTelemetry does what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from tests.sdks import optional

PAGE = Path(__file__).parents[2] / "docs" / "opentelemetry.md"


def test_the_page_runs():
    optional("opentelemetry.sdk")
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    runner.run(doctest.DocTestParser().get_doctest(block, {}, PAGE.name, PAGE.name, 0))
    assert runner.summarize(verbose=False) == (0, 11)
