"""OCR: pages as they were processed, annotations on top, or credits."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

ROW = {"ocr_cost_per_page": 0.001, "annotation_cost_per_page": 0.003}


def body(**counters):
    return {
        "pages": [{"index": 0, "markdown": "# A", "images": []}],
        "model": "mistral-ocr-2512",
        "usage_info": counters,
    }


def test_pages_processed_are_billed():
    """Eight pages were processed, though one is returned."""
    assert bill(ROW, body(pages_processed=8, doc_size_bytes=3002783)) == lines(("ocr_pages", 8, "0.008"))


def test_annotated_pages_are_on_top():
    """3 x 0.003 + 8 x 0.001."""
    response = body(pages_processed=8, pages_processed_annotation=3)
    assert sorted(bill(ROW, response)) == lines(("annotation_pages", 3, "0.009"), ("ocr_pages", 8, "0.008"))
    assert read_usage(response).notes == ()


@pytest.mark.parametrize(
    "annotation", [{"document_annotation": "{}"}, {"pages": [{"images": [{"image_annotation": "{}"}]}]}]
)
def test_an_annotation_that_is_not_counted(annotation):
    """The SDK's object drops the counter; every page is counted, and a note says so."""
    usage = read_usage({**body(pages_processed=8), **annotation})
    assert usage.quantities == {"annotation_pages": 8, "ocr_pages": 8}
    assert "every processed page" in usage.notes[0]


def test_none_were_annotated():
    """A stated 0 is believed."""
    usage = read_usage({**body(pages_processed=8, pages_processed_annotation=0), "document_annotation": "{}"})
    assert (usage.quantities, usage.notes) == ({"ocr_pages": 8}, ())


def test_credits():
    """Sellers by credit state both; the row decides."""
    response = body(pages_processed=8, credits=2.5)
    assert bill({"ocr_cost_per_credit": 0.01}, response) == lines(("ocr_credits", 2.5, "0.025"))
    assert bill(ROW, response) == lines(("ocr_pages", 8, "0.008"))


def test_no_pages():
    """A document without pages costs nothing, a response without the counter is an error."""
    assert read_usage({**body(pages_processed=0), "pages": []}).quantities == {}
    with pytest.raises(MissingUsageError):
        read_usage(body(doc_size_bytes=5))
    with pytest.raises(InconsistentUsageError):
        read_usage(body(pages_processed=-1))


def test_annotations_at_the_price_of_a_page():
    """A row without a price of its own for them: 1 x 0.003."""
    response = body(pages_processed=0, pages_processed_annotation=1)
    assert bill({"ocr_cost_per_page": 0.003}, {**response, "pages": []}) == lines(("annotation_pages", 1, "0.003"))


def test_pages_that_nobody_processed():
    """Pages beside a 0 are a count that was not filled in."""
    with pytest.raises(MissingUsageError, match="none was processed"):
        read_usage({**body(pages_processed=0), "pages": [{"index": 0}]})


@pytest.mark.parametrize("nothing", [{}, [], ""])
def test_what_is_no_count(nothing):
    """An empty object, list or text is no 0."""
    with pytest.raises(InconsistentUsageError, match="pages_processed"):
        read_usage(body(pages_processed=nothing))
