"""browser-use: the summary of a run, and the history of an agent that holds one.

Its costs are calculated by prices of the framework. https://docs.browser-use.com
"""

from __future__ import annotations

from ..core.notes import Note
from .dialects.reported import doubt_cost
from .fields import count, nested, sub, whole_number
from .framework import several, summed
from .inclusive import disjoint
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_SIGN = "total_prompt_tokens"


def read(fields: Fields) -> Usage:
    """Return the usage of all calls of a run, a part for each model.

    >>> used = {"total_prompt_tokens": 9, "total_prompt_cached_tokens": 4, "total_completion_tokens": 2}
    >>> read({**used, "by_model": {"gpt-4o": {"prompt_tokens": 9, "completion_tokens": 2}}}).quantities
    {'input': 5, 'cache_read': 4, 'output': 2}

    Raises:
        MissingUsageError: no call was counted.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    summary = fields if _SIGN in fields else sub(fields, "usage") or {}
    rows = {str(name): nested(row) for name, row in (sub(summary, "by_model") or {}).items()}
    models = {name: row for name, row in sorted(rows.items()) if row and "prompt_tokens" in row}
    if summary.get(_SIGN) is None or summary.get("total_completion_tokens") is None:
        raise missing("this summary of browser-use")
    counts = {
        "cache_read": count(summary, "total_prompt_cached_tokens"),
        "cache_write": count(summary, "total_prompt_cache_creation_tokens"),
    }
    if len(models) < 2:
        facts: dict[str, object] = {"model": next(iter(models))} if models else {}
        usage = disjoint(summary[_SIGN], summary["total_completion_tokens"], counts, facts, "browser_use")
        summed(usage, count(summary, "entry_count") or 2)
    else:
        usage = several([_of_model(name, row) for name, row in models.items()], "browser_use")
        cached = {meter: tokens for meter, tokens in counts.items() if tokens}
        if cached:
            said = f"{cached} are not split by model: billed as fresh"
            usage.notes = (*usage.notes, Note("cached_not_split", said, "total_prompt_cached_tokens"))
    doubt_cost(usage, summary, "total_cost")
    return usage


def _of_model(name: str, row: Fields) -> Usage:
    for counter in ("prompt_tokens", "completion_tokens"):
        if row.get(counter) is None:
            raise missing(f"the summary of {name} without {counter}")
    usage = disjoint(
        whole_number("prompt_tokens", row["prompt_tokens"]),
        row["completion_tokens"],
        {},
        {"model": name},
        "browser_use",
    )
    return summed(usage, count(row, "invocations") or 2)


def recognises(fields: Fields) -> bool:
    """Return whether this is a summary, or a history that holds one."""
    return _SIGN in fields or ("history" in fields and _SIGN in (sub(fields, "usage") or ()))


_SUM = "a sum of what is read"


def _rows(models: Fields) -> list[Fields]:
    """Return the rows of all models; what is no row stands for itself."""
    rows = [(str(name), value, nested(value)) for name, value in models.items()]
    return [row if row is not None and "prompt_tokens" in row else {name: value} for name, value, row in rows]


_MODELS = Block(
    "model",
    "prompt_tokens",
    "completion_tokens",
    "invocations",
    ignored={"total_tokens": _SUM, "average_tokens_per_invocation": "a mean of what is read"},
    view=_rows,
)
_SUMMARY = Block(
    _SIGN,
    "total_prompt_cached_tokens",
    "total_prompt_cache_creation_tokens",
    "total_completion_tokens",
    "entry_count",
    ignored={"total_tokens": _SUM},
    inner={"by_model": _MODELS},
)
READER = Reader("browser-use", recognises, read, {"": _SUMMARY, "usage": _SUMMARY})
