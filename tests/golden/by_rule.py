"""What recorded responses used, by the rules on the pages of their vendors: written apart from the readers.

Each family of APIs has one function, which imports nothing of llmcost. It returns the tokens of a response by meter, or
None for a body that states no usage. ``used`` finds the family by the host and the path that were called.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Body = dict[str, Any]
    Counts = dict[str, int]


def n(fields: Body | None, *names: str) -> int:
    """Return the first of these counters that is above 0; 0 if none is."""
    values = [fields.get(name) for name in names] if fields else []
    return next((int(value) for value in values if isinstance(value, (int, float)) and value), 0)


def some(**counts: int) -> Counts:
    return {name: count for name, count in counts.items() if count}


def chat(usage: Body, azure: bool = False, beside: bool = False) -> Counts:
    """Cache and media are inside the prompt, reasoning is inside the completion, but at xAI, as the total shows.

    At Vercel's gateway it stands beside the completion of Google's models, as what is debited shows.
    https://platform.openai.com/docs/api-reference/chat/object, https://docs.x.ai/docs/guides/reasoning
    """
    prompt, completion, total = n(usage, "prompt_tokens"), n(usage, "completion_tokens"), n(usage, "total_tokens")
    inside = usage.get("prompt_tokens_details") or usage.get("prompt_token_details") or {}
    outside = usage.get("completion_tokens_details") or {}
    # https://api-docs.deepseek.com/guides/kv_cache, https://docs.mistral.ai/api
    read = n(inside, "cached_tokens") or n(usage, "prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens")
    written = n(inside, "cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens")
    reasoning = n(outside, "reasoning_tokens") or n(usage, "reasoning_tokens")
    if beside and total == prompt + completion:
        completion += reasoning
    elif reasoning and (total == prompt + completion + reasoning or reasoning > completion):
        completion = max(completion, 0) + reasoning if total == prompt + completion + reasoning else completion
        reasoning = min(reasoning, completion)
    audio, image, video = n(inside, "audio_tokens"), n(inside, "image_tokens"), n(inside, "video_tokens")
    if "prompt_audio_seconds" in usage:
        # Audio is billed by the second: https://docs.mistral.ai/capabilities/audio
        audio = 0
    if read > prompt or azure:
        # Grok on Azure counts a hidden prefix, for which no price is published.
        read = 0
    if read + written > prompt:
        # https://openrouter.ai/docs/features/prompt-caching: at Google, writing is a fee on tokens that were read.
        return some(input=prompt - read, cache_read=read, cache_write=written, output=completion)
    if reasoning + n(outside, "audio_tokens") > completion:
        reasoning = 0
    said, drawn = n(outside, "audio_tokens"), n(outside, "image_tokens")
    if not total and not completion and not prompt:
        return {}
    return some(
        input=prompt - read - written - audio - image - video,
        cache_read=read,
        cache_write=written,
        input_audio=audio,
        input_image=image,
        input_video=video,
        output=completion - reasoning - said - drawn,
        reasoning=reasoning,
        output_audio=said,
        output_image=drawn,
    )


def responses(usage: Body) -> Counts:
    """https://platform.openai.com/docs/api-reference/responses/object: cache and reasoning are inside."""
    read = n(usage.get("input_tokens_details"), "cached_tokens")
    written = n(usage.get("input_tokens_details"), "cache_write_tokens", "cache_creation_tokens")
    reasoning = n(usage.get("output_tokens_details"), "reasoning_tokens")
    return some(
        input=n(usage, "input_tokens") - read - written,
        cache_read=read,
        cache_write=written,
        output=n(usage, "output_tokens") - reasoning,
        reasoning=reasoning,
    )


def anthropic(usage: Body) -> Counts:
    """https://platform.claude.com/docs/en/build-with-claude/prompt-caching: reads and writes stand beside the input."""
    hour = n(usage.get("cache_creation"), "ephemeral_1h_input_tokens")
    # https://platform.claude.com/docs/en/agents-and-tools/tool-use/advisor-tool: an advisor is billed beside the top.
    beside = [row for row in usage.get("iterations") or () if row.get("type") in {"advisor_message", "compaction"}]
    if beside:
        rows = [{**usage, "iterations": None}, *beside]
        found = [anthropic(row) for row in rows]
        names = sorted({name for row in found for name in row})
        return {name: sum(row.get(name, 0) for row in found) for name in names}
    return some(
        input=n(usage, "input_tokens"),
        cache_read=n(usage, "cache_read_input_tokens"),
        cache_write=n(usage, "cache_creation_input_tokens") - hour,
        cache_write_1h=hour,
        output=n(usage, "output_tokens") - n(usage.get("output_tokens_details"), "thinking_tokens"),
        reasoning=n(usage.get("output_tokens_details"), "thinking_tokens"),
        web_searches=n(usage.get("server_tool_use"), "web_search_requests"),
    )


def gemini(usage: Body) -> Counts:
    """https://ai.google.dev/api/generate-content#UsageMetadata: cache is inside, thoughts are beside the candidates."""

    def of(name: str, kind: str) -> int:
        return sum(n(row, "tokenCount") for row in usage.get(name) or () if row.get("modality") == kind)

    found: Counts = {}
    prompt, cached = n(usage, "promptTokenCount"), n(usage, "cachedContentTokenCount")
    answer = n(usage, "candidatesTokenCount", "responseTokenCount")
    fresh, held, text_out = prompt, cached, answer
    for kind in ("AUDIO", "IMAGE", "VIDEO"):
        name = kind.lower()
        # A document may be text in the prompt and images in the cache: it is text.
        sent = of("promptTokensDetails", kind)
        kept = min(of("cacheTokensDetails", kind), sent)
        drawn = of("candidatesTokensDetails", kind) + of("responseTokensDetails", kind)
        tool = of("toolUsePromptTokensDetails", kind)
        found |= some(**{f"input_{name}": sent - kept + tool, f"cache_read_{name}": kept, f"output_{name}": drawn})
        fresh, held, text_out = fresh - sent + kept - tool, held - kept, text_out - drawn
    return found | some(
        input=fresh - cached + n(usage, "toolUsePromptTokenCount"),
        cache_read=held,
        output=text_out,
        reasoning=n(usage, "thoughtsTokenCount"),
    )


def converse(usage: Body) -> Counts:
    """The cache is beside the input.

    https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
    """
    hour = sum(n(row, "inputTokens") for row in usage.get("cacheDetails") or () if row.get("ttl") == "1h")
    return some(
        input=n(usage, "inputTokens"),
        cache_read=n(usage, "cacheReadInputTokens", "cacheReadInputTokenCount"),
        cache_write=n(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount") - hour,
        cache_write_1h=hour,
        output=n(usage, "outputTokens"),
    )


def interactions(usage: Body) -> Counts:
    """https://ai.google.dev/api/interactions-api: as generateContent counts, by other names."""
    return gemini(
        {
            "promptTokenCount": usage.get("total_input_tokens"),
            "cachedContentTokenCount": usage.get("total_cached_tokens"),
            "candidatesTokenCount": usage.get("total_output_tokens"),
            "thoughtsTokenCount": usage.get("total_thought_tokens"),
            "toolUsePromptTokenCount": usage.get("total_tool_use_tokens"),
            **{
                name: [
                    {"modality": str(row.get("modality")).upper(), "tokenCount": row.get("tokens")}
                    for row in usage.get(own) or ()
                ]
                for name, own in (
                    ("promptTokensDetails", "input_tokens_by_modality"),
                    ("cacheTokensDetails", "cached_tokens_by_modality"),
                    ("candidatesTokensDetails", "output_tokens_by_modality"),
                    ("toolUsePromptTokensDetails", "tool_use_tokens_by_modality"),
                )
            },
        }
    )


def searches(output: list[Body]) -> int:
    """https://developers.openai.com/api/docs/pricing: calls that searched; opened pages and failed calls are free."""
    return sum(
        item.get("type") == "web_search_call"
        and item.get("status") != "failed"
        and (item.get("action") or {}).get("type", "search") == "search"
        for item in output
    )


def last(events: list[Body], *keys: str) -> Any:
    """Return the last value above nothing under these keys, one below the other, among the events of a stream."""
    for event in reversed(events):
        found: Any = event
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if found:
            return found
    return None


def merged(events: list[Body], *places: tuple[str, ...]) -> Body | None:
    """Return the counters of a stream of running totals: the last value of each that is not null."""
    found: Body = {}
    for event in events:
        for keys in places:
            held: Any = event
            for key in keys:
                held = held.get(key) if isinstance(held, dict) else None
            if isinstance(held, dict):
                found |= {name: value for name, value in held.items() if value is not None}
    return found or None


def by_vercel(events: list[Body]) -> bool:
    """Return whether a model of Google's answered through Vercel's gateway: https://vercel.com/docs/ai-gateway."""
    named = {name: str(last(events, name) or "") for name in ("generationId", "model")}
    return named["generationId"].startswith("gen_") and named["model"].startswith("google/")


def used(case: Body) -> Counts | None:
    """Return what a recorded response used, by meter; None if it states nothing or is of a family that is not known."""
    body, events = case.get("body"), case.get("events")
    return _of_body(body) if isinstance(body, dict) else _of_stream(events) if events else None


def _of_body(body: Body) -> Counts | None:
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else None
    kind = body.get("object")
    if body.get("type") == "message" and usage:
        return anthropic(usage)
    if kind == "response" and usage:
        output = body.get("output") or []
        return responses(usage) | some(web_searches=searches(output))
    if kind in {"chat.completion", "text_completion"} or "choices" in body:
        # Azure's filters tell its envelope: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter
        grok = "prompt_filter_results" in body and "grok" in str(body.get("model"))
        return chat(usage, grok, by_vercel([body])) if usage and "prompt_tokens" in usage else None
    if kind == "interaction" or (usage and "total_input_tokens" in usage):
        return interactions(usage) if usage else None
    if isinstance(body.get("usageMetadata"), dict) and "candidates" in body:
        return gemini(body["usageMetadata"])
    if kind == "list" and usage and "data" in body:
        # Embeddings: https://platform.openai.com/docs/api-reference/embeddings/object, https://docs.voyageai.com/reference
        return some(input=n(usage, "prompt_tokens", "total_tokens"))
    if usage and "inputTokens" in usage and "output" in body:
        return converse(usage)
    meta = usage or body.get("meta")
    billed = meta.get("billed_units") if isinstance(meta, dict) else None
    if isinstance(billed, dict):
        # https://docs.cohere.com/reference/chat: what is billed, beside which the model's own tokens are stated.
        tokens = some(input=n(billed, "input_tokens"), output=n(billed, "output_tokens"))
        return tokens | some(queries=n(billed, "search_units"))
    if "prompt_eval_count" in body or "eval_count" in body:
        # https://docs.ollama.com/api/usage
        return some(input=n(body, "prompt_eval_count"), output=n(body, "eval_count"))
    return None


def _of_stream(events: list[Body]) -> Counts | None:
    first = next((event for event in events if isinstance(event, dict)), {})
    if any(event.get("type") == "message_start" for event in events):
        usage = merged(events, ("message", "usage"), ("usage",))
        return anthropic(usage) if usage else None
    kinds = [(str(event.get("type", "")), event.get("response")) for event in events]
    done = [held for kind, held in kinds if kind.startswith("response.") and isinstance(held, dict)]
    if done:
        return _of_body({"object": "response", **done[-1]}) if done[-1].get("usage") else None
    if any("choices" in event for event in events):
        usage = last(events, "usage") or last(events, "x_groq", "usage")
        return chat(usage, beside=by_vercel(events)) if usage and "prompt_tokens" in usage else None
    if any("event_type" in event and "interaction" in event for event in events):
        usage = last(events, "interaction", "usage") or last(events, "metadata", "usage")
        return interactions(usage) if usage else None
    if "usageMetadata" in first or any("candidates" in event for event in events):
        usage = merged(events, ("usageMetadata",))
        return gemini(usage) if usage else None
    if any("messageStart" in event for event in events):
        usage = last(events, "metadata", "usage")
        return converse(usage) if usage else None
    if any(event.get("type") == "message-end" for event in events):
        billed = last(events, "delta", "usage", "billed_units")
        return some(input=n(billed, "input_tokens"), output=n(billed, "output_tokens")) if billed else None
    if any(event.get("done") is True for event in events):
        return _of_body(next(event for event in events if event.get("done") is True))
    return None
