"""LibreChat: a transaction, as its database has it. A call has two, one of the prompt and one of the answer.

A debit is negative. What was read from and written to a cache stands beside the input. The tokens of the whole prompt
are in both, since some prices depend on them. The rate and the value are those of LibreChat's own table.
https://www.librechat.ai/docs/configuration/token_usage
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.usage import Usage
from .fields import sub, text, when, whole_number
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_KIND, _AMOUNT, _WHOLE = "tokenType", "rawAmount", "inputTokenCount"
_PROMPT, _ANSWER = "prompt", "completion"
_SPLIT = {"inputTokens": "input", "readTokens": "cache_read", "writeTokens": "cache_write"}


def read(fields: Fields) -> Usage:
    """Return the usage of one side of a call.

    >>> read({"tokenType": "prompt", "model": "gpt-4o", "rawAmount": -100}).quantities
    {'input': 100}

    Raises:
        MissingUsageError: no amount is stated.
        InconsistentUsageError: an amount is no count.
    """
    if text(fields, _KIND) == _ANSWER:
        counts = {"output": _tokens(fields, _AMOUNT)}
    else:
        counts = {meter: _tokens(fields, name) for name, meter in _SPLIT.items()}
        if not any(counts.values()):
            counts = {"input": _tokens(fields, _AMOUNT)}
    if not any(counts.values()) and fields.get(_AMOUNT) is None:
        raise missing("this transaction")
    whole = _tokens(fields, _WHOLE) or (0 if "output" in counts else sum(counts.values()))
    usage = Usage.of(counts, whole or None, "librechat", {})
    usage.model = text(fields, "model")
    created = sub(fields, "createdAt")
    # An export of MongoDB writes a time as an object.
    usage.at = when(fields, "createdAt") if created is None else when(created, "$date")
    return usage


def _tokens(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if value is None:
        return 0
    return whole_number(name, -value if is_number(value) and value < 0 else value)


def recognises(fields: Fields) -> bool:
    """Return whether this is a transaction of a call; others fill up a balance."""
    return _KIND in fields and _AMOUNT in fields and text(fields, _KIND) in {_PROMPT, _ANSWER}


READER = Reader("LibreChat", recognises, read, "a transaction is one side of a call, and its counts are debits", rank=9)
