"""The kinds of records of calls that applications, agents, gateways and observability services keep."""

from __future__ import annotations

from .kept_kind import RecordKind
from .words import EXCLUSIVE, INCLUSIVE

_OPENAI = ("prompt_tokens", "completion_tokens")
_RESPONSES = ("input_tokens", "output_tokens")
# Stands in a path for the one object there, whatever its name.
ANY = "*"
TEXT = "text"
_SUMS = {"totalInputTokens": "input_tokens", "totalOutputTokens": "output_tokens", "totalTokens": "total_tokens"}
_OF_A_GATEWAY = {"tokens_in": "input_tokens", "tokens_out": "output_tokens"}
_OF_AN_AGENT = {
    "tokensIn": "input_tokens",
    "tokensOut": "output_tokens",
    "cacheReads": "cache_read",
    "cacheWrites": "cache_write",
}
_OF_PI = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cacheRead": "cache_read",
    "cacheWrite": "cache_write",
    "cacheWrite1h": "cache_write_1h",
    "reasoning": "reasoning_tokens",
    "totalTokens": "total_tokens",
}
_OF_KIMI = {
    "inputOther": "input_tokens",
    "output": "output_tokens",
    "inputCacheRead": "cache_read",
    "inputCacheCreation": "cache_write",
}
_OF_A_SESSION = {"accumulated_input_tokens": "input_tokens", "accumulated_output_tokens": "output_tokens"}
_NEW_RELIC = "response.usage."
_GEN_AI = "gen_ai.usage."
_OF_SENTRY = {
    f"{_GEN_AI}input_tokens": "input_tokens",
    f"{_GEN_AI}output_tokens": "output_tokens",
    f"{_GEN_AI}total_tokens": "total_tokens",
    f"{_GEN_AI}input_tokens.cached": "cached_input_tokens",
    f"{_GEN_AI}input_tokens.cache_write": "cache_write_input_tokens",
    f"{_GEN_AI}output_tokens.reasoning": "reasoning_tokens",
}
# The others are of agents and tools, which hold these.
_CALLS_OF_SENTRY = frozenset(
    f"gen_ai.{name}" for name in ("chat", "responses", "messages", "generate_content", "generate_text", "stream_text")
)
_OF_AN_EVENT = {f"{_NEW_RELIC}{name}": name for name in (*_OPENAI, "total_tokens")}


# The names of counters among the metrics. The others count spans, and the same tokens by their success.
_OF_AGENT_OPS = {name: name for name in (*_OPENAI, "total_tokens", "reasoning_tokens")}
_OF_AGENT_OPS["cache_read_input_tokens"] = "cached_tokens"
_LOBE = "https://github.com/lobehub/lobe-chat/blob/main/packages/types/src/message/common/metadata.ts"
_DATADOG = "https://docs.datadoghq.com/llm_observability/setup/api"
_LANGWATCH = "https://docs.langwatch.ai/integration/rest-api"
_OF_META = ("meta", "model_name"), ("meta", "model_provider")
_OF_ATTRIBUTES = ("attributes", "model_name"), ("attributes", "model_provider")
_KONG = "https://developer.konghq.com/ai-gateway/ai-audit-log-reference/"
# Where every name counts something, but for times and costs, which are told by their names everywhere.
_ALL: frozenset[str] = frozenset()
# What Ollama measures, in nanoseconds, and speeds.
_MEASURED_BY_OLLAMA = frozenset(
    {
        *("total_duration", "load_duration", "prompt_eval_duration", "eval_duration", "approximate_total"),
        *("response_token/s", "prompt_token/s", "prompt_eval_count", "eval_count"),
    }
)
KEPT = (
    *(
        RecordKind(_LOBE, beside, path, tuple(_SUMS)[:2], names=_SUMS, but=but, way=INCLUSIVE)
        for beside, path, but in (
            ((), (), None),
            (("role", "usage"), ("usage",), _ALL),
            (("role", "metadata"), ("metadata", "usage"), _ALL),
            (("role", "metadata"), ("metadata",), None),
        )
    ),
    RecordKind(
        "https://docs.anythingllm.com/features/api",
        ("close", "metrics"),
        ("metrics",),
        _OPENAI,
        model=(("metrics", "model"),),
        seller=(("metrics", "provider"),),
    ),
    RecordKind(
        _DATADOG,
        ("meta", "metrics"),
        ("metrics",),
        _RESPONSES,
        way=INCLUSIVE,
        model=(_OF_META[0],),
        seller=(_OF_META[1],),
    ),
    RecordKind(
        _DATADOG,
        ("type", "attributes"),
        ("attributes", "metrics"),
        _RESPONSES,
        way=INCLUSIVE,
        model=(_OF_ATTRIBUTES[0],),
        seller=(_OF_ATTRIBUTES[1],),
        kinds=("type", frozenset({"span"})),
    ),
    RecordKind(
        "https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry/attributes",
        ("span_attributes", "metrics"),
        ("metrics",),
        _OPENAI,
        names={"tokens": "total_tokens"},
        model=(("metadata", "model"),),
        seller=(("metadata", "provider"),),
        hit=(("metrics", "cached"), (1,)),
    ),
    RecordKind(_LANGWATCH, ("type", "span_id", "metrics"), ("metrics",), _OPENAI, seller=(("vendor",),)),
    RecordKind(
        _LANGWATCH,
        ("type", "spanId", "metrics"),
        ("metrics",),
        ("promptTokens", "completionTokens"),
        seller=(("vendor",),),
    ),
    RecordKind(
        "https://github.com/n8n-io/n8n/blob/master/packages/@n8n/nodes-langchain/nodes/llms/N8nLlmTracing.ts",
        ("response", "tokenUsage"),
        ("tokenUsage",),
        ("promptTokens", "completionTokens"),
        but=_ALL,
    ),
    # A message, and the usage of one of Ollama's alone.
    *(
        RecordKind("https://github.com/open-webui/open-webui", beside, path, _OPENAI, but=_MEASURED_BY_OLLAMA)
        for beside, path in ((("role", "content", "usage", "model"), ("usage",)), (("eval_count", *_OPENAI), ()))
    ),
    RecordKind(
        "https://learn.microsoft.com/semantic-kernel/concepts/ai-services/chat-completion/",
        ("role", "metadata"),
        ("metadata", "usage"),
        _OPENAI,
        but=_ALL,
        model=(("ai_model_id",), ("model_id",)),
    ),
    # A span as it is exported, and as it is stored.
    *(
        RecordKind(
            "https://mastra.ai/docs/observability/ai-tracing/overview",
            (kind, "attributes"),
            ("attributes", "usage"),
            ("inputTokens", "outputTokens"),
            but=_ALL,
            way=INCLUSIVE,
            model=(("attributes", "responseModel"), ("attributes", "model")),
            seller=(("attributes", "provider"),),
            kinds=(kind, frozenset({"model_generation", "llm_generation"})),
        )
        for kind in ("type", "spanType")
    ),
    RecordKind(
        "https://github.com/newrelic/node-newrelic/tree/main/lib/llm-events",
        tuple(_OF_AN_EVENT)[:2],
        (),
        (),
        names=_OF_AN_EVENT,
        prefix=_NEW_RELIC,
        model=(("response.model",), ("request.model",)),
        seller=(("vendor",),),
    ),
    *(
        RecordKind(
            _KONG,
            ("ai",),
            ("ai", ANY, "usage"),
            whole,
            names=dict(zip(whole, _OPENAI, strict=True)),
            but=_ALL,
            model=(("ai", ANY, "meta", "response_model"), ("ai", ANY, "meta", "request_model")),
            seller=(("ai", ANY, "meta", "provider_name"),),
            hit=(("ai", ANY, "cache", "cache_status"), ("Hit",)),
        )
        for whole in (_OPENAI, ("prompt_token", "completion_token"))
    ),
    RecordKind(
        "https://github.com/block/goose/blob/main/crates/goose/src/session/session_manager.rs",
        tuple(_OF_A_SESSION),
        (),
        (),
        names=_OF_A_SESSION,
        others=False,
        model=(("model_config", "model_name"), ("model",)),
        seller=(("provider_name",),),
        sums=True,
    ),
    RecordKind(
        "https://github.com/zed-industries/zed/blob/main/crates/agent/src/db.rs",
        ("cumulative_token_usage",),
        ("cumulative_token_usage",),
        _RESPONSES,
        but=_ALL,
        model=(("model", "model"), ("model",)),
        seller=(("model", "provider"),),
        sums=True,
    ),
    RecordKind(
        "https://developers.cloudflare.com/ai-gateway/observability/logging/",
        ("tokens_in", "tokens_out", "cached"),
        (),
        (),
        names=_OF_A_GATEWAY,
        others=False,
        hit=(("cached",), (True,)),
    ),
    RecordKind(
        "https://github.com/cline/cline/blob/main/src/shared/ExtensionMessage.ts",
        ("say", TEXT),
        (TEXT,),
        ("tokensIn", "tokensOut"),
        names=_OF_AN_AGENT,
        others=False,
        way=EXCLUSIVE,
        model=(("modelInfo", "modelId"),),
        seller=(("modelInfo", "providerId"),),
    ),
    RecordKind(
        "https://develop.sentry.dev/sdk/telemetry/traces/modules/ai-agents/",
        ("op", "data"),
        ("data",),
        tuple(_OF_SENTRY)[:2],
        names=_OF_SENTRY,
        prefix=_GEN_AI,
        way=INCLUSIVE,
        model=(("data", "gen_ai.response.model"), ("data", "gen_ai.request.model")),
        seller=(("data", "gen_ai.provider.name"), ("data", "gen_ai.system")),
        kinds=("op", _CALLS_OF_SENTRY),
    ),
    # Pi, and OpenClaw, which stands on it: a message, and the line of a session that holds it.
    *(
        RecordKind(
            "https://github.com/openclaw/openclaw",
            beside,
            (*inside, "usage"),
            ("input", "output", "cacheRead"),
            names=_OF_PI,
            but=_ALL,
            way=EXCLUSIVE,
            # Where a router was asked, the first is the model that it chose.
            model=((*inside, "responseModel"), (*inside, "model")),
            seller=((*inside, "provider"),),
        )
        for beside, inside in ((("role", "usage"), ()), (("type", "message"), ("message",)))
    ),
    RecordKind(
        "https://github.com/MoonshotAI/kimi-code",
        ("type", "usage", "usageScope"),
        ("usage",),
        tuple(_OF_KIMI)[:3],
        names=_OF_KIMI,
        but=_ALL,
        way=EXCLUSIVE,
        kinds=("type", frozenset({"usage.record"})),
    ),
    RecordKind(
        "https://docs.openhands.dev/sdk/guides/metrics",
        ("accumulated_token_usage",),
        ("accumulated_token_usage",),
        _OPENAI,
        but=frozenset({"context_window", "per_turn_token"}),
        way=INCLUSIVE,
        model=(("accumulated_token_usage", "model"), ("model_name",)),
        sums=True,
    ),
    RecordKind(
        "https://github.com/AgentOps-AI/agentops/blob/main/agentops/legacy/event.py",
        ("init_timestamp", "end_timestamp", *_OPENAI),
        (),
        (),
        names={name: name for name in _OPENAI},
        others=False,
    ),
    *(
        RecordKind(
            "https://docs.agentops.ai/v2/usage/public-api",
            (sign, *_OPENAI),
            (),
            (),
            names=_OF_AGENT_OPS,
            others=False,
            sums=sums,
        )
        for sign, sums in (("span_count", True), ("success_tokens", False))
    ),
)
