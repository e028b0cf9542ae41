"""The words for what became of a call; the same wherever calls are counted, kept or shown."""

from __future__ import annotations

from .statement import OWN_CACHE, REPORTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cost import Cost

PRICED, PARTIAL, FREE, CACHED = "priced", "partial", "free", "cached"
UNPRICED, FAILED, MAYBE_BILLED = "unpriced", "failed", "maybe_billed"
UNKNOWN_MODEL, INCONSISTENT_USAGE, NOT_IN_SHEET, ERROR = "unknown_model", "inconsistent_usage", "not_in_sheet", "error"

# status -> what it says of a call.
STATUSES = {
    PRICED: "The cost is the whole cost.",
    PARTIAL: "The cost is a lower bound: something that was used has no rate, or is not known.",
    FREE: "The call was answered, and nothing is billed for it.",
    CACHED: "The application's own cache answered: it costs nothing.",
    REPORTED: "The cost is the one that the provider itself states.",
    UNPRICED: "The call was answered, and no cost is known.",
    FAILED: "The provider refused the call, or was never reached: it costs nothing.",
    MAYBE_BILLED: "The call was sent and its answer did not arrive whole: the cost is a lower bound, or not known.",
}

# What a row of a table may be besides: where a single call raises, the row says why it has no cost.
ROW_STATUSES = {
    UNKNOWN_MODEL: "No price is known for the model.",
    INCONSISTENT_USAGE: "The counts contradict each other, or one of them is no count.",
    NOT_IN_SHEET: "The rate sheet was made without this kind of call: make it anew.",
    ERROR: "The call cannot be priced; the note says why.",
}
# The statuses of a row without a cost.
NO_COST = frozenset({UNPRICED, *ROW_STATUSES})


def status_of(cost: Cost) -> str:
    """Return the status of a call that was answered, by its cost.

    >>> import llmcost
    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> status_of(llmcost.calculate(usage=usage, model="gpt-4o"))
    'priced'
    >>> status_of(llmcost.calculate(usage=usage, model="gpt-4o", cache_hit=True))
    'cached'
    """
    if cost.counts == REPORTED:
        return REPORTED
    usage = cost.usage
    if usage is not None and usage.more.free is not None and not usage.quantities:
        return FREE
    if cost.waived == OWN_CACHE:
        return CACHED
    if cost.lower_bound:
        return PARTIAL if cost.line_items else UNPRICED
    if cost.as_integer_ratio()[0]:
        return PRICED
    # Capacity that was bought before adds nothing; a model that the map lists at 0 is priced, with a note.
    return FREE if cost.waived is not None or any(note.code == "free_model" for note in cost.notes) else PRICED
