"""DeepInfra's own API: the answer of a model of any kind, with ``inference_status``, which states what is billed.

https://deepinfra.com/openai/whisper-large-v3/api
"""

from __future__ import annotations

from ..core.usage import Usage
from .dialects.reported import charge
from .fields import count, sub
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_STATUS = "inference_status"
_BLOCK = Block(
    *("tokens_input", "tokens_generated", "cost"),
    ignored={"runtime_ms": "a measured time; a model that is sold by it states its cost"},
)


def read(fields: Fields) -> Usage:
    """Return the tokens of an answer, and what is billed for it.

    >>> status = {"status": "succeeded", "runtime_ms": 9, "cost": 0.0005, "tokens_input": 7, "tokens_generated": 2}
    >>> usage = read({"results": [], "inference_status": status})
    >>> usage.quantities, usage.reported
    ({'input': 7, 'output': 2}, Decimal('0.0005'))

    Raises:
        MissingUsageError: the status states neither a cost nor tokens.
        InconsistentUsageError: a counter is no count.
    """
    status = sub(fields, _STATUS) or {}
    prompt = count(status, "tokens_input")
    stated: Quantities = {"input": prompt, "output": count(status, "tokens_generated")}
    quantities = {meter: tokens for meter, tokens in stated.items() if tokens}
    usage = Usage.of(quantities, prompt, "deepinfra", {"provider": "deepinfra"})
    usage.reported = charge(usage, status.get("cost"), "cost")
    if usage.reported is None and not quantities:
        raise missing("this answer of DeepInfra")
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is an answer of DeepInfra's own API."""
    return _STATUS in fields and "runtime_ms" in (sub(fields, _STATUS) or ())


READER = Reader("DeepInfra", recognises, read, {_STATUS: _BLOCK})
