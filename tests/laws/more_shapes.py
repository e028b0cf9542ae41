"""Shapes that the examples of all laws do not have: of several models, or in the other of two spellings."""

from __future__ import annotations

from tests.readers import (
    test_ai_sdk,
    test_bedrock_agent,
    test_bedrock_invoke,
    test_browser_use,
    test_claude_print,
    test_codex_exec,
    test_cohere,
    test_deepgram,
    test_gemini_print,
    test_google_interactions,
    test_langchain,
    test_mistral_conversations,
    test_opencode,
    test_openrouter_video,
    test_pydantic_ai,
    test_rerank,
    test_search,
)

_TRACE = test_bedrock_invoke.TRACE
_CONVERSE = {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13}
_SMALL = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
_GOOGLE = {"prompt_token_count": 9, "candidates_token_count": 4, "total_token_count": 13}
_LIVE = {"prompt_token_count": 9, "response_token_count": 4, "total_token_count": 13}
_CLAUDE = {key: value for key, value in test_claude_print.result.items() if key != "modelUsage"}
_ANSWER = {"object": "response", "model": "m", "output": [], "usage": _SMALL}
_SEARCHED = {"web_search": {"num_requests": 2}}
_SAID = test_langchain.message(test_langchain.USAGE)
_ROW = {"model": "m", "prompt_tokens": 1500, "completion_tokens": 5, "invocations": 1}
_OF_ANTHROPIC = {"input_tokens": 100, "cache_read_input_tokens": 900, "output_tokens": 100}
_HEARD = {
    "type": "conversation.item.input_audio_transcription.completed",
    "transcript": "Hi",
    "usage": {"type": "duration", "seconds": 3},
}
_OWN_KEY = {"cost": 0.02, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.48}}
_OWN_KEY_IN_CAMEL_CASE = {"cost": 0.02, "isByok": True, "costDetails": {"upstreamInferenceCost": 0.48}}
# What rows of OpenAI's usage API count, by their kind.
_OF_OPENAI = {
    "images": {"images": 2, "num_model_requests": 1},
    "audio_speeches": {"characters": 500, "num_model_requests": 1},
    "audio_transcriptions": {"seconds": 60, "num_model_requests": 1},
    "code_interpreter_sessions": {"num_sessions": 3},
    "vector_stores": {"usage_bytes": 10**9},
    "web_searches": {"num_requests": 2},
}


def _with(part: str) -> dict:
    """Return a transcript of which a language model made something."""
    about = {**test_deepgram.DEEPGRAM["metadata"], part: {"model_uuid": "m"}}
    return {**test_deepgram.DEEPGRAM, "metadata": about}


MORE = [
    test_bedrock_agent.agent,
    {**test_bedrock_invoke.LLAMA, "amazon-bedrock-trace": _TRACE},
    {"type": "message", "role": "assistant", "content": [], "usage": _SMALL, "amazon-bedrock-trace": _TRACE},
    {"usage": _CONVERSE, "output": {}, "trace": _TRACE},
    [{"messageStart": {"role": "assistant"}}, {"metadata": {"usage": _CONVERSE, "trace": _TRACE}}],
    test_claude_print.result,
    {**_CLAUDE, "model_usage": test_claude_print.result["modelUsage"]},
    test_codex_exec.one,
    {"billed_units": test_cohere.BILLED},
    [{"event_type": "stream-start"}, {"event_type": "stream-end", "response": test_cohere.V1}],
    *[_with(part) for part in ("summary_info", "topics_info", "intents_info", "sentiment_info")],
    test_gemini_print.result,
    [{"event_type": "interaction.completed", "interaction": test_google_interactions.INTERACTION}],
    {"candidates": [], "model_version": "m", "usage_metadata": _GOOGLE},
    [{"setup_complete": {}}, {"server_content": {"turn_complete": True}, "usage_metadata": _LIVE}],
    {"embeddings": [{"values": [0.1]}], "usageMetadata": {"promptTokenCount": 9}},
    {"embeddings": [{"values": [0.1]}], "usage_metadata": {"prompt_token_count": 9}},
    {"type": "ai", "data": _SAID},
    {"lc": 1, "type": "constructor", "id": ["langchain", "AIMessage"], "kwargs": _SAID},
    [{"event": event["type"], "data": event} for event in test_mistral_conversations.EVENTS],
    [{"type": "response.completed", "response": {**_ANSWER, "tool_usage": _SEARCHED}}],
    test_opencode.message,
    test_opencode.second,
    {"info": test_opencode.message, "parts": []},
    test_opencode.step(1),
    test_rerank.TOKENS[2],
    {**test_search.FOUND, "usage": {"search_queries": 3}},
    {"finishReason": "stop", "steps": [], "totalUsage": test_ai_sdk.BASE, "usage": test_ai_sdk.BASE},
    {"steps": [{"usage": test_ai_sdk.BASE}, {"usage": test_ai_sdk.BASE}]},
    {"kind": "response", "parts": [], "model_name": "m", "usage": test_pydantic_ai.DUMP},
    {**test_browser_use.SUMMARY, "by_model": dict.fromkeys(("a", "b"), _ROW)},
    *[{"object": f"organization.usage.{kind}.result", **counter} for kind, counter in _OF_OPENAI.items()],
    {"finishReason": "stop", "usage": {"promptTokens": 10, "completionTokens": 5, "totalTokens": 15}},
    {"finishReason": "stop", "usage": {**test_ai_sdk.BASE, "raw": _OF_ANTHROPIC}},
    {**_ANSWER, "usage": {**_SMALL, "cost": 0.5}},
    {"outputs": [], "model": "m", "usage": {"prompt_text_tokens": 30, "completion_tokens": 9}},
    {"created": 1, "data": [{"url": "x"}], "usage": {"prompt_tokens": 10, "completion_tokens": 100}},
    {"output": {"text": "Hi"}, "request_id": "r", "usage": {"prompt_tokens": 30, "completion_tokens": 7}},
    test_langchain.message({**test_langchain.USAGE, "input_token_details": {"flex_cache_read": 5, "flex": 1}}),
    *[
        test_langchain.message({**test_langchain.USAGE, "output_token_details": {f"{tier}_reasoning": 5, tier: 1}})
        for tier in ("flex", "priority")
    ],
    [{"type": "session.created", "session": {"model": "m"}}, _HEARD],
    {**test_openrouter_video.VIDEO, "usage": _OWN_KEY},
    {**test_openrouter_video.VIDEO, "usage": _OWN_KEY_IN_CAMEL_CASE},
]
