"""Tools that OpenAI ran, as frameworks hand their calls on: each call as the item of a response that it was.

https://platform.openai.com/docs/api-reference/responses/object
"""

from __future__ import annotations

from . import openai_tools
from .fields import sub, text
from .logged import object_at
from .openai_responses import read_image_counters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .reader import Fields

SELLERS = ("openai", "azure")
_SEARCH, _PREVIEW = "web_search", "web_search_preview"
# Names of tools -> items of a response. Names of one's own are given to no tool that a server runs.
_ITEMS = {
    _SEARCH: "web_search_call",
    _PREVIEW: "web_search_call",
    "file_search": "file_search_call",
    "code_interpreter": "code_interpreter_call",
    "code_execution": "code_interpreter_call",
    "image_generation": "image_generation_call",
}
# What pydantic-ai calls a tool that a provider ran, in older versions and in newer ones.
OF_PROVIDERS = ("builtin-tool-call", "native-tool-call")
# The kinds of blocks of LangChain, pydantic-ai and the AI SDK, each with its names of the tool, its input and its id.
_KINDS = {
    "server_tool_call": ("name", "args", "id"),
    **dict.fromkeys(OF_PROVIDERS, ("tool_name", "args", "tool_call_id")),
    "tool-call": ("toolName", "input", "toolCallId"),
}
_OF_AI_SDK, _OF_AGENTS = "tool-call", "hosted_tool_call"


def add_calls(usage: Usage, blocks: Iterable[Fields], asked: Iterable[Fields] = ()) -> None:
    """Add to a usage the calls among the blocks of an answer of OpenAI's; ``asked`` are the tools that it might use."""
    given = list(blocks)
    found = [item for block in given if (item := _item_of(block, given)) is not None]
    if found:
        named = [{"type": item["tool"]} for item in found if text(item, "tool") in {_SEARCH, _PREVIEW}]
        openai_tools.bill({"output": found, "tools": [*asked, *named]}, usage, read_image_counters)


def _item_of(block: Fields, blocks: list[Fields]) -> Fields | None:
    """Return a block as the item that it was; None for what is no call of a tool that a server ran."""
    kind = text(block, "type") or text(block, "part_kind") or ""
    if kind == _OF_AGENTS:
        return {**(sub(block, "providerData") or {}), "type": text(block, "name"), "status": block.get("status")}
    if kind not in _KINDS:
        # A call of a function of one's own has no fee.
        return block if kind.endswith("_call") else None
    if kind == _OF_AI_SDK and block.get("providerExecuted") is not True:
        return None
    tool, given, key = _KINDS[kind]
    name = text(block, tool) or ""
    if name not in _ITEMS:
        return None
    action = object_at(block, given)
    identity = text(action, "container_id") or text(action, "containerId") or text(block, key)
    done = _result_of(text(block, key), blocks) if kind == _OF_AI_SDK else None
    return {"type": _ITEMS[name], "tool": name, "action": done or action, "container_id": identity}


def _result_of(identity: str | None, blocks: list[Fields]) -> Fields | None:
    """Return the action that the result of a call of the AI SDK names."""
    for block in blocks:
        if text(block, "type") == "tool-result" and text(block, "toolCallId") == identity:
            return sub(sub(block, "output") or sub(block, "result") or {}, "action")
    return None
