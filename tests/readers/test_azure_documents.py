"""Azure Document Intelligence is sold by the page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

RESULT = {
    "status": "succeeded",
    "createdDateTime": "2026-11-01T00:00:00Z",
    "lastUpdatedDateTime": "2026-11-01T00:00:09Z",
    "analyzeResult": {
        "apiVersion": "2024-11-30",
        "modelId": "prebuilt-layout",
        "content": "x",
        "pages": [{"pageNumber": 1, "words": []}, {"pageNumber": 2, "words": []}],
    },
}


def test_pages():
    """2 x 0.01 by the row of the model that analysed them."""
    cost = CostMap({"azure_ai/doc-intelligence/prebuilt-layout": {"ocr_cost_per_page": 0.01, "mode": "ocr"}}).calculate(
        RESULT
    )
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [("ocr_pages", 2, Decimal("0.02"))]


def test_an_analysis_that_runs():
    """What it will cost is not known."""
    running = {name: value for name, value in RESULT.items() if name != "analyzeResult"}
    with pytest.raises(MissingUsageError, match="is running"):
        read_usage({**running, "status": "running"})
