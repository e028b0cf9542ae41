"""What Anthropic's server ran for a message, as far as only the content of the message tells it.

A search is billed unless it failed; where a gateway drops its counter, its results are counted. Code runs in a
container that is billed by its time, but for free hours of each month and for requests with the newer web tools.
https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool
https://platform.claude.com/docs/en/agents-and-tools/tool-use/code-execution-tool
"""

from __future__ import annotations

from ..core.notes import Note
from .fields import count, sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_SEARCHED, _RAN, _COUNTER = "web_search_tool_result", "code_execution_tool_result", "web_search_requests"
_WEB = (_COUNTER, "web_fetch_requests")


def add_ran(usage: Usage, content: list[Fields], counted: Fields) -> None:
    """Add to the usage of a message the searches that are not counted, and say that a container ran.

    ``counted`` are the counters of the server's tools.
    """
    kinds = [text(block, "type") or "" for block in content]
    if counted.get(_COUNTER) is None:
        # The result of a failed search is an object, and not a list.
        searches = sum(
            kind == _SEARCHED and sub(block, "content") is None for kind, block in zip(kinds, content, strict=True)
        )
        if searches:
            usage.quantities["web_searches"] = searches
    of_web = any(kind.startswith("web_") for kind in kinds) or any(count(counted, name) for name in _WEB)
    if not of_web and any(kind.endswith(_RAN) for kind in kinds):
        said = "code ran in a container, and its time is not stated: what it costs beyond the free hours is not in here"
        usage.notes = (*usage.notes, Note("tool_not_priced", said, "container"))
