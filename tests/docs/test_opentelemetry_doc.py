"""The page on OpenTelemetry does what it says."""

from __future__ import annotations

from tests.docs.page import DOCS, run
from tests.sdks import optional


def test_the_page_runs(tmp_path):
    optional("opentelemetry.sdk")
    ran, examples, _ = run(DOCS / "opentelemetry.md", tmp_path)
    assert (ran["python"], examples) == (1, 11)
