"""xAI's own tools: how often each ran, in the words of the API and of the SDK.

Calls that succeeded are billed, each tool at its own price; tools that only add tokens are free.
https://docs.x.ai/docs/models, https://docs.x.ai/docs/guides/tools/tool-usage-details
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.unread import add_unread
from ..errors import shown
from .fields import count, sub, text
from .reader import Block

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
BLOCK = Block(
    *(f"{tool}_calls" for tool in _METERS),
    ignored=dict.fromkeys((f"{tool}_calls" for tool in _FREE), "free: what it finds is billed as tokens"),
)
DETAILS, ALL_CALLS = "server_side_tool_usage_details", "num_server_side_tools_used"
_PREFIX = "server_side_tool_"


def names_of(used: object) -> dict[str, int]:
    """Return how often each tool ran, from a list with an entry for each call.

    >>> names_of(["SERVER_SIDE_TOOL_WEB_SEARCH", "SERVER_SIDE_TOOL_X_SEARCH", 1])
    {'web_search': 2, 'x_search': 1}
    """
    found: dict[str, int] = {}
    # A repeated field of a message has items and a length, and need not say that it can be iterated over.
    entries: Iterable[object] = used if hasattr(used, "__getitem__") and not isinstance(used, (str, dict)) else ()  # type: ignore[assignment]
    for entry in entries:
        number = is_number(entry) and 0 <= entry < len(_NUMBERS)
        name = entry if isinstance(entry, str) else shown(entry)
        word = _NUMBERS[int(entry)] if number else name.lower().removeprefix(_PREFIX)  # type: ignore[call-overload]
        found[word] = found.get(word, 0) + 1
    return found


def calls_of(details: Fields) -> dict[str, int]:
    """Return how often each tool ran, from counters such as ``web_search_calls``; unknown ones are unread."""
    return {tool: times for tool in _METERS if (times := count(details, f"{tool}_calls"))}


def bill(usage: Usage, tools: dict[str, int]) -> None:
    """Put the calls of tools into a usage, in the place of those that it has."""
    found: dict[str, int] = {}
    for tool, meter in _METERS.items():
        if tool in tools:
            found[meter] = found.get(meter, 0) + tools[tool]
    usage.quantities.update(found)


def bill_counted(usage: Usage, counters: Fields, output: Iterable[Fields] = ()) -> bool:
    """Put the calls that a usage object counts into a usage; return whether it says which tools they are of.

    A number of calls alone does not say what they cost, unless the items of a response's output are as many. Where they
    are more, some have failed, and nothing says which: of each tool those calls are billed that were made for certain.
    """
    details = sub(counters, DETAILS)
    if details is None:
        calls, made = count(counters, ALL_CALLS), _made(output)
        if counters.get(ALL_CALLS) is not None and calls < sum(made.values()):
            failed = sum(made.values()) - calls
            made = {tool: times - failed for tool, times in made.items() if times > failed}
        bill(usage, made)
        if calls > sum(made.values()):
            add_unread(usage, {ALL_CALLS: calls})
        return False
    bill(usage, calls_of(details))
    return True


def _made(output: Iterable[Fields]) -> dict[str, int]:
    """Return how often each tool ran, by the items of an output."""
    made: dict[str, int] = {}
    for item in output:
        tool = (text(item, "type") or "").removesuffix("_call")
        if (tool in _METERS or tool in _FREE) and item.get("status") != "failed":
            made[tool] = made.get(tool, 0) + 1
    return made


def unknown(tools: dict[str, int]) -> dict[str, int]:
    """Return the calls of tools whose price is unknown.

    >>> unknown({"web_search": 1, "mcp": 2, "telepathy": 3})
    {'telepathy': 3}
    """
    return {tool: times for tool, times in tools.items() if tool not in _METERS and tool not in _FREE}
