"""LangChain: what only the provider says of a message, beside the tokens of ``usage_metadata``."""

from __future__ import annotations

from decimal import Decimal

from llmcost import read_usage

USED = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
TOKENS = {"input": 1000, "output": 100}
CHAT = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}


def message(about, content="Hi", used=USED, **more):
    about = {"model_name": "m", **about}
    return {"type": "ai", "content": content, "response_metadata": about, "usage_metadata": used, **more}


def test_the_counters_of_anthropic():
    """Searches, place, tier and speed stand there alone, and so does for how long was written."""
    own = {
        "input_tokens": 100,
        "output_tokens": 100,
        "cache_read_input_tokens": 700,
        "cache_creation_input_tokens": 200,
        "inference_geo": "us",
        "service_tier": "batch",
        "speed": "fast",
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 200},
        "server_tool_use": {"web_search_requests": 2},
    }
    used = {**USED, "input_token_details": {"cache_read": 700, "cache_creation": 200}}
    told = message({"usage": own}, used=used)
    chunk = message({"usage": own, "stop_reason": "end_turn"}, content=[{"type": "text", "text": "Hi"}], used=used)
    for response in (told, {"generations": [[{"message": told}]]}, {"messages": [told]}, [chunk]):
        usage = read_usage(response)
        right = {"input": 100, "cache_read": 700, "cache_write_1h": 200, "output": 100, "web_searches": 2}
        assert (usage.quantities, usage.context, usage.unread) == (right, 1000, {})
        assert (usage.region, usage.service_tier, usage.speed) == ("us", "batch", "fast")


def test_the_counters_of_openai_and_its_like():
    """A charge, sources and audio; counters of other tokens add their fees alone."""
    usage = read_usage(message({"token_usage": {**CHAT, "cost": 0.5}}))
    assert (usage.quantities, usage.reported) == (TOKENS, Decimal("0.5"))
    usage = read_usage(message({"model_provider": "openrouter", "cost": 0.25}))
    assert (usage.quantities, usage.reported) == (TOKENS, Decimal("0.25"))
    # The charge that stands among the counters is the one of these counters.
    both = {"model_provider": "openrouter", "cost": 0.25, "token_usage": {**CHAT, "cost": 0.5}}
    assert read_usage(message(both)).reported == Decimal("0.5")
    audio = {**CHAT, "prompt_tokens_details": {"audio_tokens": 400}}
    assert read_usage(message({"token_usage": audio})).quantities == {"input": 600, "input_audio": 400, "output": 100}
    # LangChain tells 800 cached tokens apart, and these counters 30 of reasoning.
    thought = {"token_usage": {**CHAT, "completion_tokens_details": {"reasoning_tokens": 30}}}
    kept = {"input": 200, "cache_read": 800, "output": 100}
    assert read_usage(message(thought, used={**USED, "input_token_details": {"cache_read": 800}})).quantities == kept
    other = {**CHAT, "prompt_tokens": 900, "total_tokens": 1000, "num_sources_used": 3, "novel_tokens": 7}
    usage = read_usage(message({"token_usage": other}))
    assert (usage.quantities, usage.unread) == ({**TOKENS, "web_searches": 3}, {"novel_tokens": 7})
    # Counters that contradict each other or say nothing leave those of LangChain.
    broken = {**CHAT, "prompt_tokens": -1}
    for nothing in (broken, {}, {"queue_time": 0.1}):
        assert read_usage(message({"token_usage": nothing})).quantities == TOKENS


def test_google_and_perplexity():
    """Google's searches are sold by the query or the prompt, and its traffic is a tier."""
    for grounding in (
        {"grounding_metadata": {"web_search_queries": ["a", "b", "a"]}},
        {"groundingMetadata": {"webSearchQueries": ["a", "b"]}},
    ):
        assert read_usage(message(grounding)).alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)
    for about, tier in (
        ({"usage_metadata": {"prompt_token_count": 1000, "traffic_type": "ON_DEMAND_FLEX"}}, "ON_DEMAND_FLEX"),
        ({"usage_metadata": {"traffic_type": 2}}, "PROVISIONED_THROUGHPUT"),
        ({"usage_metadata": {"traffic_type": 1}}, None),
        ({"trafficType": "ON_DEMAND"}, "ON_DEMAND"),
        ({"traffic_type": "ON_DEMAND", "service_tier": "flex"}, "flex"),
    ):
        assert read_usage(message(about)).service_tier == tier
    usage = read_usage(message({"num_search_queries": 3, "search_context_size": "high"}))
    assert (usage.quantities, usage.search_context_size) == ({**TOKENS, "web_searches": 1}, "high")


def test_tools_that_a_server_ran():
    """Items of OpenAI and blocks of Anthropic stand in the content, OpenAI's beside it too, or in another form."""
    search = {"type": "web_search_call", "id": "w", "status": "completed", "action": {"type": "search", "query": "q"}}
    opened = {**search, "action": {"type": "open_page"}}
    code = {"type": "code_interpreter_call", "id": "c", "container_id": "k"}
    text = {"type": "text", "text": "Hi"}
    standard = [
        {"type": "server_tool_call", "name": name, "id": name, "args": args}
        for name, args in (("web_search", search["action"]), ("file_search", {}), ("telepathy", {}))
    ]
    found = [{"type": "server_tool_use"}, {"type": "web_search_tool_result", "content": []}, text]
    for content, about, more, fees in (
        ([search, opened, code, text], {}, {}, {"web_searches": 1, "code_sessions": 1}),
        ([text], {}, {"additional_kwargs": {"tool_outputs": [search]}}, {"web_searches": 1}),
        (standard, {"model_provider": "openai"}, {}, {"web_searches": 1, "file_searches": 1}),
        (standard, {"model_provider": "anthropic"}, {}, {}),
        (found, {}, {}, {"web_searches": 1}),
        (found, {"usage": {**USED, "server_tool_use": {"web_search_requests": 2}}}, {}, {"web_searches": 2}),
        ([text, {"type": "function_call", "name": "mine"}, {"type": "tool_use", "name": "mine"}], {}, {}, {}),
    ):
        whole = message(about, content, **more)
        chunks = [message(about, [block], used=None) for block in content]
        for response in (whole, [*chunks, message({"finish_reason": "stop"}, "", **more)]):
            assert read_usage(response).quantities == {**TOKENS, **fees}


def test_the_tier_of_bedrock_and_the_tools_of_groq():
    usage = read_usage(message({"serviceTier": {"type": "flex"}}))
    assert usage.service_tier == "flex"
    executed = {"additional_kwargs": {"executed_tools": [{"type": "search"}, {"type": "python"}]}}
    usage = read_usage(message({}, **executed))
    assert (usage.quantities, usage.unread) == ({**TOKENS, "web_searches": 1}, {"executed_tools.python": 1})


def test_a_message_without_usage_metadata():
    """Its counters are the provider's; what stands beside them is billed too."""
    grounding = {"groundingMetadata": {"webSearchQueries": ["a"]}}
    told = {"type": "ai", "content": "Hi", "response_metadata": {"tokenUsage": CHAT, **grounding}}
    usage = read_usage(told)
    assert (usage.quantities, len(usage.alternatives)) == (TOKENS, 1)


def test_iterations_that_the_total_of_anthropic_leaves_out():
    """LangChain's total leaves them out too: a compaction on the model itself, and an advisor of another one."""
    beside = [
        {"type": "compaction", "input_tokens": 180, "output_tokens": 35},
        {"type": "message", "input_tokens": 1000, "output_tokens": 100},
        {"type": "advisor_message", "model": "claude-opus-5", "input_tokens": 70, "output_tokens": 9},
    ]
    own = {"input_tokens": 1000, "output_tokens": 100, "iterations": beside}
    usage = read_usage(message({"usage": own}))
    assert (usage.quantities, usage.context) == (TOKENS, 1000)
    assert [(part.model, part.quantities) for part in usage.parts] == [
        (None, {"input": 180, "output": 35}),
        ("claude-opus-5", {"input": 70, "output": 9}),
    ]


def test_the_guardrails_of_converse():
    """langchain-aws passes on their trace: 1 and 2 units."""
    units = {"topicPolicyUnits": 1, "contentPolicyUnits": 2}
    trace = {"guardrail": {"inputAssessment": {"g": {"invocationMetrics": {"usage": units}}}}}
    parts = read_usage(message({"trace": trace, "stopReason": "end_turn"})).parts
    assert sorted(part.quantities["guardrail_units"] for part in parts) == [1, 2]
