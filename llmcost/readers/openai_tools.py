"""The tools that OpenAI runs for a response: each executed call in the unit in which it is sold.

Searches, file searches and the containers of programs and hosted shells have fees of their own; MCP servers, shells of
the caller's and the use of a computer are billed as tokens alone. https://developers.openai.com/api/docs/pricing
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.unread import add_unread
from .fields import count, items, sub, text
from .openai_container import gigabytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.usage import Usage
    from .reader import Fields

METERS = ("web_searches", "preview_searches", "x_searches", "file_searches", "code_sessions")
_PREVIEW, _SEARCH = "web_search_preview", "web_search"
# Kinds of actions of a search; opening a page and looking for text in it are not billed, and older bodies state none.
_SEARCHING = (None, "search")


def bill(fields: Fields, usage: Usage, drawn: Callable[[Fields, dict[str, object]], Usage]) -> None:
    """Add the calls of a response to its usage, and what an image model used as a part, which ``drawn`` reads."""
    tools = sub(fields, "tool_usage") or {}
    asked = items(fields, "tools")
    ran = _Ran(fields, asked)
    found = ran.calls
    counted = sub(tools, "web_search")
    if counted is not None:
        found["web_searches"] = count(counted, "num_requests")
    elif ran.failed:
        said = f"{ran.failed} calls of tools failed, and are not billed"
        usage.notes = (*usage.notes, Note("call_failed", said, "status"))
    if _is_preview(asked):
        found["preview_searches"], found["web_searches"] = found["web_searches"], 0
    if ran.containers:
        found["code_sessions"] = _sessions(len(ran.containers), asked, usage)
    usage.quantities.update({meter: calls for meter, calls in found.items() if calls})
    image = sub(tools, "image_gen")
    if image is not None and count(image, "total_tokens") + count(image, "output_tokens"):
        part = drawn(image, {})
        part.model_keyword = "image_model"
        part.model = text(image, "model") or _image_model(fields)
        usage.parts = (*usage.parts, part)
    elif ran.images:
        # The tokens of the image model are not stated, and the number of its images does not tell them.
        add_unread(usage, {"image_generation_call": ran.images})
    if ran.others:
        # Of a tool of a seller's own, such as Azure's Grounding with Bing, nothing here says what a call costs.
        # https://learn.microsoft.com/en-us/azure/ai-foundry/agents/how-to/tools/bing-custom-search
        add_unread(usage, ran.others)


_FEES = frozenset({"file_search_call", "web_search_call", "x_search_call"})
_PLACE = "environment"
# Calls of what the caller runs, or of what is billed as tokens alone.
_OF_TOKENS = frozenset(
    {"function_call", "custom_tool_call", "mcp_call", "local_shell_call", "computer_call", "apply_patch_call"}
    | {"tool_call", "tool_search_call", "openapi_call", "azure_function_call"}
)


class _Ran:
    """What ran for a response, by the items of its output.

    Attributes:
        calls: how many executed calls of each meter.
        containers: the ids of the containers in which programs and shells ran.
        failed: how many calls failed whose kind has a fee.
        images: how many images were made.
        others: how many calls of each kind that nothing here prices.
    """

    def __init__(self, fields: Fields, asked: list[Fields]) -> None:
        self.calls = dict.fromkeys(METERS, 0)
        self.containers: set[str | None] = set()
        self.failed = self.images = 0
        self.others: dict[str, int] = {}
        # Where a call does not say where it ran, the tool does.
        shell = next((sub(tool, _PLACE) or {} for tool in asked if tool.get("type") == "shell"), {})
        for item in items(fields, "output"):
            kind, lost = text(item, "type"), item.get("status") == "failed"
            if kind == "code_interpreter_call":
                # Whether a program fails or not, its container is a session; used again it is billed once.
                self.containers.add(text(item, "container_id"))
            elif kind == "shell_call":
                place = sub(item, _PLACE) or shell
                if _is_hosted(place):
                    self.containers.add(text(place, "container_id"))
            elif kind in _FEES and lost:
                self.failed += 1
            elif kind == "file_search_call":
                self.calls["file_searches"] += 1
            elif kind == "x_search_call":
                # xAI's, in a response that does not count what ran. https://docs.x.ai/docs/models
                self.calls["x_searches"] += 1
            elif kind == "web_search_call":
                self.calls["web_searches"] += (sub(item, "action") or {}).get("type") in _SEARCHING
            elif kind == "image_generation_call":
                self.images += not lost
            elif kind is not None and kind.endswith("_call") and not lost and kind not in _OF_TOKENS:
                self.others[f"output.{kind}"] = self.others.get(f"output.{kind}", 0) + 1


def _is_hosted(place: Fields) -> bool:
    """Return whether a shell runs in a container of OpenAI's, which is one of code interpreter's in its price and life.

    https://developers.openai.com/api/docs/guides/tools-shell
    """
    return (text(place, "type") or "").startswith("container")


def _is_preview(asked: list[Fields]) -> bool:
    """Return whether the search is the older one, which is dearer on models that do not reason."""
    kinds = [text(tool, "type") or "" for tool in asked]
    searches = [kind for kind in kinds if kind.startswith(_SEARCH)]
    return bool(searches) and all(kind.startswith(_PREVIEW) for kind in searches)


def _sessions(containers: int, asked: list[Fields], usage: Usage) -> int:
    """Return containers as sessions of 1 GB, the unit of the price: a container of 4 GB costs four times as much.

    It may have begun with an earlier response, and may outlive the 20 minutes of a session: one session is assumed.
    """
    limits = (text(sub(tool, "container") or sub(tool, _PLACE) or {}, "memory_limit") for tool in asked)
    size = max(map(gigabytes, limits), default=1)
    said = (
        f"{containers} containers of {size} GB: {containers * size} sessions of 1 GB and 20 minutes, since how long "
        "they lived is not stated"
    )
    usage.notes = (*usage.notes, Note("session_assumed", said, "code_sessions"))
    return containers * size


def _image_model(fields: Fields) -> str | None:
    """Return the model that drew: the tool names it, or the call."""
    holders = [tool for tool in items(fields, "tools") if tool.get("type") == "image_generation"]
    holders += [item for item in items(fields, "output") if item.get("type") == "image_generation_call"]
    return next((model for holder in holders if (model := text(holder, "model")) is not None), None)
