"""A whole response inside an object that somebody made around it: a body with its status, an entry of a history.

The provider bills what the response states. The sums, times and costs beside it are those of the program that wrapped
it. Only the model and the seller are taken from there, where the response does not name them.
"""

from __future__ import annotations

from .bare_facts import COSTS
from .dialects.reported import doubt_cost
from .fields import sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.usage import Usage
    from .reader import Fields, Reader

_INSIDE = (
    *("response", "body", "result", "completion", "raw_response", "raw"),
    *("response_body", "responseBody", "provider_response", "llm_response"),
    # SAP's orchestration, of version 2 and 1: https://help.sap.com/docs/sap-ai-core/generative-ai/orchestration
    *("final_result", "orchestration_result"),
)
_SELLER = ("provider", "custom_llm_provider")


def read_inside(fields: Fields, reader_of: Callable[[Fields], Reader | None]) -> Usage | None:
    """Return the usage of the one response inside; None if there is none, or several, which are several calls.

    ``reader_of`` gives the reader that recognises an object. An object of objects is not looked through for ever.

    Raises UsageError if the response has no usage, or contradicts itself.
    """
    found = []
    for name in _INSIDE:
        inner = sub(fields, name)
        for holder in (inner, sub(inner, "body") if inner else None):
            reader = reader_of(holder) if holder and not _is_http(holder) else None
            if reader is not None and holder is not None:
                found.append((reader, holder))
                break
    if len(found) != 1:
        return None
    reader, holder = found[0]
    usage = reader.read(holder)
    if usage.model is None:
        usage.model = text(fields, "model")
    if usage.reported is None:
        doubt_cost(usage, fields, "cost", *COSTS)
    seller = next((named for name in _SELLER if (named := text(fields, name)) is not None), None)
    if seller is not None and usage.provider is None and usage.named_provider is None:
        usage.named_provider = seller
    return usage


def _is_http(holder: Fields) -> bool:
    """Return whether this carries a body that may not be read yet; such an object raises when it is looked at."""
    return type(holder) is not dict and "json" in holder and "headers" in holder
