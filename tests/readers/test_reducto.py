"""Reducto: documents by their credits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

JOB = {"job_id": "j", "duration": 1.2, "usage": {"num_pages": 3, "credits": 4.5}, "result": {"chunks": []}}


def test_a_document():
    """4.5 x 0.015 by the credit, and 3 x 0.02 where a card sells pages."""
    for key, price, total in (("ocr_cost_per_credit", 0.015, "0.0675"), ("ocr_cost_per_page", 0.02, "0.06")):
        cost = CostMap({"m": {key: price, "mode": "ocr"}}).calculate(JOB, model="m")
        assert (cost.total, cost.complete) == (Decimal(total), True)


def test_a_document_without_units():
    assert read_usage({**JOB, "usage": {"num_pages": 3}}).alternatives == (({"ocr_pages": 3},),)
    with pytest.raises(MissingUsageError, match="this document"):
        read_usage({**JOB, "usage": {"num_pages": 0, "credits": None}})
