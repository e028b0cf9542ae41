"""Tools that OpenAI ran, in the results of frameworks: each has its fee, whoever hands it on."""

from __future__ import annotations

import pytest

from llmcost import read_usage

SEARCH = {"type": "web_search_call", "id": "w", "status": "completed", "action": {"type": "search", "query": "q"}}
OPENED = {**SEARCH, "id": "o", "action": {"type": "open_page", "url": "u"}}
CODE = {"type": "code_interpreter_call", "id": "c", "container_id": "k"}
MINE = {"type": "function_call", "name": "mine", "arguments": "{}"}
FEES = {"web_searches": 1, "code_sessions": 1}
TOKENS = {"input": 9, "output": 2}
AI_SDK = {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}
STATED = {"openai": {"responseId": "r"}}


def agents(blocks, requests=1):
    used = {"requests": requests, "input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    return {"output": blocks, "usage": used, "response_id": "r"}


def hosted(item):
    action = {"action": item.get("action"), "container_id": item.get("container_id")}
    return {"type": "hosted_tool_call", "id": item["id"], "name": item["type"], "providerData": action}


def pydantic_ai(parts, seller="openai", **details):
    used = {"input_tokens": 9, "output_tokens": 2, "cache_read_tokens": 0, "details": details}
    return {"kind": "response", "parts": parts, "usage": used, "model_name": "m", "provider_name": seller}


def part(name, args, kind="builtin-tool-call"):
    return {"part_kind": kind, "tool_name": name, "args": args, "tool_call_id": "t"}


def called(name, identity, given=None, action=None):
    call = {"type": "tool-call", "toolCallId": identity, "toolName": name, "input": given, "providerExecuted": True}
    result = {"type": "tool-result", "toolCallId": identity, "toolName": name, "output": {"action": action}}
    return [call, result]


def step(content, stated=STATED, **more):
    more = {"response": {"modelId": "m"}, **more}
    return {"content": content, "finishReason": "stop", "usage": AI_SDK, "providerMetadata": stated, **more}


IN_SDK = [
    *called("web_search", "a", {}, {"type": "search", "query": "q"}),
    *called("web_search", "b", {}, {"type": "openPage", "url": "u"}),
    *called("code_interpreter", "c", {"containerId": "k", "code": "1"}),
]
PARTS = [
    part("web_search", {"type": "search", "query": "q"}),
    part("web_search", '{"type": "open_page"}', "native-tool-call"),
    part("code_execution", {"container_id": "k"}),
    part("web_search", {}, "tool-call"),
]


@pytest.mark.parametrize(
    "response",
    [
        agents([SEARCH, OPENED, CODE, MINE]),
        {"raw_responses": [agents([SEARCH, OPENED, CODE, MINE])], "final_output": "Hi"},
        {"rawResponses": [agents([hosted(SEARCH), hosted(OPENED), hosted(CODE)])]},
        pydantic_ai(PARTS),
        step(IN_SDK),
        step([], toolCalls=IN_SDK[::2], toolResults=IN_SDK[1::2]),
        {"steps": [step(IN_SDK)]},
        step([], response={"modelId": "m", "body": {"output": [SEARCH, OPENED, CODE, MINE]}}),
    ],
    ids=["call", "run", "run in JavaScript", "pydantic-ai", "content", "calls", "step", "body"],
)
def test_a_search_and_a_container(response):
    """A page that was opened and a function of one's own have no fee."""
    assert read_usage(response).quantities == {**TOKENS, **FEES}


def test_what_is_no_call_of_openai():
    """Anthropic's searches are counted, others' are not priced as OpenAI's, and one's own tools have any name."""
    counted = {"input_tokens": 9, "output_tokens": 2, "server_tool_use": {"web_search_requests": 3}}
    own = {"type": "tool-call", "toolCallId": "a", "toolName": "web_search", "input": {}}
    for response, fees in (
        (step(IN_SDK, {"anthropic": {"usage": counted}}), {"web_searches": 3}),
        (step(IN_SDK, {"mine": {}}), {}),
        (step([own]), {}),
        (pydantic_ai(PARTS, "mine"), {}),
        (agents([MINE]), {}),
    ):
        assert read_usage(response).quantities == {**TOKENS, **fees}


def test_calls_of_several_steps():
    """Searches of each, one container, and the older search by its own price; requests that are not told apart."""
    usage = read_usage({"steps": [step(IN_SDK), step(IN_SDK)]})
    assert usage.quantities == {"input": 18, "output": 4, "web_searches": 2, "code_sessions": 1}
    usage = read_usage(step(called("web_search_preview", "a", {}, {"type": "search"})))
    assert usage.quantities == {**TOKENS, "preview_searches": 1}
    usage = read_usage(agents([SEARCH, SEARCH], requests=2))
    assert (usage.quantities, usage.aggregate) == ({**TOKENS, "web_searches": 2}, True)


def test_the_searches_of_google_and_xai_in_pydantic_ai():
    """Google's queries are the input of the tool; xAI's calls stand among the details."""
    searched = [part("web_search", {"queries": ["a", "b", "a"]}), part("web_search", {"queries": None})]
    usage = read_usage(pydantic_ai(searched, "google-gla"))
    assert (usage.quantities, usage.alternatives) == (TOKENS, (({"grounded_prompts": 1}, {"web_searches": 2}),))
    own = [{**call, "part_kind": "tool-call"} for call in searched]
    assert read_usage(pydantic_ai(own, "google-gla")).alternatives == ()
    usage = read_usage(pydantic_ai([], "xai", server_side_tools_web_search=2, server_side_tools_x_search=1))
    assert usage.quantities == {**TOKENS, "web_searches": 2, "x_searches": 1}


def test_a_history_of_texts_is_no_response_of_xai():
    usage = read_usage({"model": "m", "usage": {"prompt_tokens": 9, "completion_tokens": 2}, "outputs": [{"a": 1}]})
    assert usage.provider == "xai"
    response = {"object": "chat.completion", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}
    history = {"model": "m", "usage": {"prompt_tokens": 9, "completion_tokens": 2}, "outputs": ["Hi"]}
    assert read_usage({**history, "response": response}).provider is None
