"""OpenAI's container, as its creation returns it: each 20 minutes of a container are a session.

The price is that of a session of 1 GB; a container of 4 GB costs four times as much. The same object is returned when
a container is asked for later, which costs nothing. https://developers.openai.com/api/docs/pricing
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .fields import text, when
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_KIND, _LIMIT = "container", "memory_limit"


def gigabytes(limit: str | None) -> int:
    """Return the size of a container, which is 1 GB where nothing is said.

    >>> gigabytes("4g"), gigabytes(None)
    (4, 1)
    """
    return int(limit[:-1]) if limit and limit[:-1].isdecimal() and limit[-1:] == "g" else 1


def read(fields: Fields) -> Usage:
    """Return the first session of a container.

    >>> read({"id": "cntr_1", "object": "container", "status": "running", "memory_limit": "4g"}).quantities
    {'code_sessions': 4}
    """
    size = gigabytes(text(fields, _LIMIT))
    usage = Usage.of({"code_sessions": size}, 0, "container", {"model": _KIND, "at": when(fields, "created_at")})
    usage.named_provider = "openai"
    said = f"a container of {size} GB: {size} sessions of 1 GB and 20 minutes, since how long it lived is not stated"
    usage.notes = (Note("session_assumed", said, "code_sessions"),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a container."""
    return "status" in fields and text(fields, "object") == _KIND


READER = Reader("OpenAI container", recognises, read, "the object counts nothing: it is one session of its size")
