"""Failures: what an error says of a call."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost.tracking.failures import error_of


@pytest.mark.parametrize(
    ("stated", "status"), [(99, None), (100, 100), (429, 429), (599, 599), (600, None), ("429", None)]
)
def test_the_status_of_an_answer(stated, status):
    """It is a number of HTTP; what an error calls its code may be anything."""

    class FailedError(Exception):
        pass

    for name in ("status_code", "code"):
        error = FailedError()
        setattr(error, name, stated)
        assert error_of(error).status == status
    error = FailedError()
    error.response = SimpleNamespace(status_code=stated)
    assert error_of(error).status == status
    error.response = {"ResponseMetadata": {"HTTPStatusCode": stated}}
    assert error_of(error).status == status
