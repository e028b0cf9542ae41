"""OpenAI's tools: each executed call, in the unit in which it is sold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage

from .billing import bill, lines

TOKENS = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
ROW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "web_search_cost_per_query": 0.01,
    "preview_search_cost_per_query": 0.025,
    "file_search_cost_per_1k_calls": 2.5,
    "code_interpreter_cost_per_session": 0.03,
}
WORDS = lines(("input", 1000, "0.002"), ("output", 100, "0.0008"))


def search(action="search", status="completed"):
    return {"type": "web_search_call", "id": "1", "status": status, "action": {"type": action}}


def response(*output, tools=(), **fields):
    return {"object": "response", "model": "m", "output": list(output), "tools": list(tools), "usage": TOKENS, **fields}


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (["web_search"], ("web_searches", 3, "0.03")),
        (["web_search_2025_08_26"], ("web_searches", 3, "0.03")),
        (["web_search_preview"], ("preview_searches", 3, "0.075")),
        (["web_search_preview_2025_03_11", "function"], ("preview_searches", 3, "0.075")),
        (["web_search_preview", "web_search"], ("web_searches", 3, "0.03")),
        ([], ("web_searches", 3, "0.03")),
    ],
)
def test_the_tool_of_the_search_decides(tools, expected):
    """3 x 0.01, and 3 x 0.025 for the older tool; pages that were opened are not billed."""
    asked = [{"type": tool} for tool in tools]
    body = response(search(), search(), search("open_page"), search("find_in_page"), search(), tools=asked)
    assert bill(ROW, body) == [*WORDS, *lines(expected)]


def test_a_model_with_one_price_for_both_tools():
    """A card without a price of its own for the older tool has the same for it, and says so."""
    row = {name: price for name, price in ROW.items() if "preview" not in name}
    cost = CostMap({"m": row}).calculate(response(search(), tools=[{"type": "web_search_preview"}]))
    line = cost.line_items[-1]
    assert (line.meter, line.amount, line.note.code) == ("preview_searches", Decimal("0.01"), "parent_rate")


def test_a_search_that_failed():
    """It is not billed, and a note says so; the count of the response is stronger than its items."""
    body = response(search(), search(status="failed"))
    assert bill(ROW, body) == [*WORDS, *lines(("web_searches", 1, "0.01"))]
    assert [note.code for note in read_usage(body).notes] == ["call_failed"]
    counted = {**body, "tool_usage": {"web_search": {"num_requests": 2}}}
    assert bill(ROW, counted) == [*WORDS, *lines(("web_searches", 2, "0.02"))]


def test_files_and_containers():
    """2 x 0.0025; two containers, one of them used twice, 2 x 0.03."""
    code = [{"type": "code_interpreter_call", "container_id": name, "status": "completed"} for name in ("a", "b", "a")]
    body = response({"type": "file_search_call"}, {"type": "file_search_call", "status": "completed"}, *code)
    assert bill(ROW, body) == [*WORDS, *lines(("file_searches", 2, "0.005"), ("code_sessions", 2, "0.06"))]


@pytest.mark.parametrize(("limit", "sessions"), [("1g", 1), ("4g", 4), ("16g", 16), ("64g", 64), (None, 1), ("big", 1)])
def test_the_size_of_a_container(limit, sessions):
    """0.03 a GB: 0.12 for 4 GB, 0.48 for 16, 1.92 for 64."""
    tools = [{"type": "code_interpreter", "container": {"type": "auto", "memory_limit": limit}}]
    body = response({"type": "code_interpreter_call", "container_id": "a"}, tools=tools)
    assert bill(ROW, body)[-1] == ("code_sessions", Decimal(sessions), Decimal("0.03") * sessions)
    (note,) = read_usage(body).notes
    assert (note.code, f"{sessions} sessions of 1 GB" in note) == ("session_assumed", True)


def test_the_container_of_a_hosted_shell():
    """A container is one session, whatever runs in it; a shell of the caller's own is none."""

    def shell(place):
        return {"type": "shell_call", "status": "completed", "environment": place}

    first, local = {"type": "container_reference", "container_id": "a"}, {"type": "local"}
    code = {"type": "code_interpreter_call", "container_id": "a"}
    asked = [{"type": "shell", "environment": {"type": "container_auto", "memory_limit": "4g"}}]
    for body, sessions in (
        (response(shell(first)), 1),
        (response(shell(first), shell({**first, "container_id": "b"}), code), 2),
        (response(shell(first), tools=asked), 4),
        (response(shell(None), tools=asked), 4),
        (response(shell(local), tools=asked), 0),
        (response(shell(None)), 0),
        (response(shell(None), tools=[{"type": "shell", "environment": local}, {"type": "shell"}]), 0),
    ):
        fee = [("code_sessions", sessions, Decimal("0.03") * sessions)] if sessions else []
        assert bill(ROW, body) == [*WORDS, *fee]


def test_what_is_free():
    """MCP servers, shells and the use of a computer are tokens alone."""
    body = response({"type": "mcp_call"}, {"type": "computer_call"}, {"type": "local_shell_call"})
    assert bill(ROW, body) == WORDS


IMAGE = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050}


@pytest.mark.parametrize(
    "body",
    [
        response(tools=[{"type": "image_generation", "model": "brush"}], tool_usage={"image_gen": IMAGE}),
        response({"type": "image_generation_call", "model": "brush"}, tool_usage={"image_gen": IMAGE}),
        response(tool_usage={"image_gen": {**IMAGE, "model": "brush"}}),
    ],
    ids=["tool", "item", "usage"],
)
def test_the_model_that_drew(body):
    """1000 x 2e-6 + 100 x 8e-6, and 50 x 5e-6 + 1000 x 3.2e-5 on the model that is named."""
    prices = CostMap({"m": ROW, "brush": {"input_cost_per_token": 5e-06, "output_cost_per_image_token": 3.2e-05}})
    cost = prices.calculate(body)
    assert (cost.total, cost.complete) == (Decimal("0.03505"), True)
    assert [(line.model, line.meter) for line in cost.line_items][2:] == [("brush", "input"), ("brush", "output_image")]


CACHED = {**IMAGE, "input_tokens": 500, "input_tokens_details": {"text_tokens": 100, "image_tokens": 400}}


@pytest.mark.parametrize(
    ("cached", "expected"),
    [
        # The split: 50 of 100 text tokens and 200 of 400 image tokens.
        (
            {"cached_tokens": 250, "cached_tokens_details": {"cached_text_tokens": 50, "cached_image_tokens": 200}},
            {"input": 50, "cache_read": 50, "input_image": 200, "cache_read_image": 200},
        ),
        # Without it text is cached first, and the overflow of 150 is images.
        ({"cached_tokens": 250}, {"cache_read": 100, "input_image": 250, "cache_read_image": 150}),
        ({"cached_tokens": 100}, {"cache_read": 100, "input_image": 400}),
        ({"cached_tokens": None, "cached_tokens_details": None}, {"input": 100, "input_image": 400}),
    ],
)
def test_what_an_image_model_read_from_its_cache(cached, expected):
    """It stands beside the counters of the tool, and is inside its input."""
    part = read_usage(response(tool_usage={"image_gen": {**CACHED, **cached}})).parts[0]
    assert (part.quantities, part.unread) == ({**expected, "output_image": 1000}, {})
    details = {**CACHED["input_tokens_details"], **cached}
    part = read_usage(response(tool_usage={"image_gen": {**CACHED, "input_tokens_details": details}})).parts[0]
    assert (part.quantities, part.unread) == ({**expected, "output_image": 1000}, {})


@pytest.mark.parametrize(
    "cached",
    [
        {"cached_tokens": 501},
        {"cached_tokens": 250, "cached_tokens_details": {"cached_text_tokens": 50, "cached_image_tokens": 199}},
        {"cached_tokens": 450, "cached_tokens_details": {"cached_text_tokens": 49, "cached_image_tokens": 401}},
        {"cached_tokens": 250, "cached_tokens_details": {"cached_text_tokens": 101, "cached_image_tokens": 149}},
    ],
)
def test_a_cache_of_an_image_model_that_does_not_fit(cached):
    """More is cached than there is of a kind, or the kinds are not the whole."""
    with pytest.raises(InconsistentUsageError):
        read_usage(response(tool_usage={"image_gen": {**CACHED, **cached}}))


def test_images_whose_tokens_are_not_stated():
    """The image model's tokens are missing: a lower bound. A call that failed made none."""
    body = response({"type": "image_generation_call", "status": "completed"})
    cost = CostMap({"m": ROW}).calculate(body)
    assert (cost.total, cost.complete) == (Decimal("0.0028"), False)
    assert read_usage(body).unread == {"image_generation_call": 1}
    assert read_usage(response({"type": "image_generation_call", "status": "failed"})).unread == {}


def test_a_stream():
    """The tools stand in the response that ends it."""
    body = response(search(), tools=[{"type": "web_search_preview"}])
    assert read_usage([{"type": "response.completed", "response": body}]) == read_usage(body)


def test_a_stream_whose_last_event_has_no_output():
    """Some hosts leave it out: the tools stand in the events of the items, and count once where both state them."""
    call = {"type": "web_search_call", "id": "w", "status": "completed", "action": {"type": "search", "query": "q"}}
    mine = {"type": "function_call", "name": "mine", "arguments": "{}"}
    done = [
        {"type": "response.output_item.done", "output_index": n, "item": item} for n, item in enumerate((mine, call))
    ]
    for output in ([], None, [mine, call]):
        whole = {**response(), "output": output}
        events = [{"type": "response.created", "response": {**whole, "usage": None}}, *done]
        usage = read_usage([*events, {"type": "response.completed", "response": whole}])
        assert (usage.quantities.get("web_searches"), usage.partial) == (1, False)


def test_calls_of_which_nobody_knows_a_price_are_marked():
    """Azure's Grounding with Bing has a fee of its own; what the caller runs and what is billed as tokens has none."""
    bing = {"type": "bing_grounding_call", "status": "completed"}
    usage = read_usage(response(bing, bing, {**bing, "status": "failed"}))
    assert usage.unread == {"output.bing_grounding_call": 2}
    cost = CostMap({"m": ROW}).calculate(response(bing))
    assert (cost.total, cost.complete) == (Decimal("0.0028"), False)
    kinds = ("function_call", "custom_tool_call", "mcp_call", "local_shell_call", "computer_call", "apply_patch_call")
    assert read_usage(response(*({"type": kind} for kind in kinds), {"type": "message"})).unread == {}


def test_searches_of_x_that_are_not_counted():
    """xAI's items are the calls where no counter tells them; a call that failed is not billed."""
    item = {"type": "x_search_call", "status": "completed"}
    assert read_usage(response(item, item, {**item, "status": "failed"})).quantities["x_searches"] == 2
    counted = {**TOKENS, "server_side_tool_usage_details": {"x_search_calls": 3}}
    assert read_usage({**response(item), "usage": counted}).quantities["x_searches"] == 3
