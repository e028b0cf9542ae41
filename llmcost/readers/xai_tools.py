"""xAI's own tools: how often each ran, in the words of the API and of the SDK.

Calls that succeeded are billed, each tool at its own price; tools that only add tokens are free.
https://docs.x.ai/docs/models, https://docs.x.ai/docs/guides/tools/tool-usage-details
"""

from __future__ import annotations

from ..core.notes import Note
from .fields import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .reader import Fields

_METERS = {
    "web_search": "web_searches",
    "x_search": "x_searches",
    "code_execution": "code_executions",
    "code_interpreter": "code_executions",
    "collections_search": "file_searches",
    "document_search": "file_searches",
    "file_search": "file_searches",
    "attachment_search": "attachment_searches",
}
# What they look at is billed as tokens, and so is what an MCP server answers.
_FREE = frozenset({"view_image", "view_x_video", "mcp"})
# The SDK's objects have numbers in the place of words, in this order.
_NUMBERS = (
    "invalid",
    "web_search",
    "x_search",
    "code_execution",
    "view_image",
    "view_x_video",
    "collections_search",
    "mcp",
    "attachment_search",
    "image_search",
    "image_generation",
)
_PREFIX, _SUFFIX = "server_side_tool_", "_calls"


def names_of(used: object) -> dict[str, int]:
    """Return how often each tool ran, from a list with an entry for each call.

    >>> names_of(["SERVER_SIDE_TOOL_WEB_SEARCH", "SERVER_SIDE_TOOL_X_SEARCH", 1])
    {'web_search': 2, 'x_search': 1}
    """
    found: dict[str, int] = {}
    # A repeated field of a message has items and a length, and need not say that it can be iterated over.
    entries: Iterable[object] = used if hasattr(used, "__getitem__") and not isinstance(used, (str, dict)) else ()  # type: ignore[assignment]
    for entry in entries:
        number = type(entry) is int and 0 <= entry < len(_NUMBERS)
        word = _NUMBERS[entry] if number else str(entry).lower().removeprefix(_PREFIX)  # type: ignore[call-overload]
        found[word] = found.get(word, 0) + 1
    return found


def calls_of(details: Fields) -> dict[str, int]:
    """Return how often each tool ran, from counters such as ``web_search_calls``."""
    return {name.removesuffix(_SUFFIX): times for name in details if (times := count(details, name))}


def bill(usage: Usage, tools: dict[str, int]) -> None:
    """Put the calls of tools into a usage in the place of those that it has; a tool that nobody knows is noted."""
    found: dict[str, int] = {}
    for tool, times in tools.items():
        meter = _METERS.get(tool)
        if meter is not None:
            found[meter] = found.get(meter, 0) + times
        elif tool not in _FREE:
            said = f"{times} calls of the tool {tool[:40]} are not in this cost"
            usage.notes = (*usage.notes, Note("tool_not_priced", said, tool[:40]))
    usage.quantities.update(found)
