"""What envelopes of frameworks share."""

from __future__ import annotations

import pytest

from llmcost.core.usage import Usage
from llmcost.errors import MissingUsageError
from llmcost.readers.framework import read_bare, several, summed


def test_counters_that_are_handed_on():
    """The reader of bare counters decides how they count; what it does not know is named."""
    usage = read_bare({"prompt_tokens": 9, "completion_tokens": 2, "zzz_tokens": 7}, "this reply", model="m", at=None)
    assert (usage.quantities, usage.model, usage.at) == ({"input": 9, "output": 2}, "m", None)
    assert usage.unread == {"zzz_tokens": 7}
    for nothing in (None, {}, {"name": "x"}):
        with pytest.raises(MissingUsageError, match="this reply"):
            read_bare(nothing, "this reply")


def test_several_calls():
    """One is itself; more are parts, under the model that all of them share."""
    one, other = (Usage(input=tokens, model="m", named_provider="azure") for tokens in (5, 7))
    assert several([one], "x") is one
    both = several([one, other], "x")
    assert (both.parts, both.quantities, both.model, both.named_provider) == ((one, other), {}, "m", "azure")
    assert several([one, Usage(input=1, model="n")], "x").model is None


def test_sums_have_no_context():
    """A single request has one."""
    assert summed(Usage(input=5), 1).context == 5
    assert summed(Usage(input=5), 2).context is None
