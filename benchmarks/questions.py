"""What a case is: one question, as every library wants it to be asked; and the responses of the questions.

A question is source text, so that it is timed without a function call around it. Its answer is compared with
the one worked out by hand: a wrong answer shows beside its time. A library that cannot do a case stands here
with the reason. Peers are asked in the way that suits them best: litellm gets its own response object where it
has one, genai-prices is told the provider and the API.
"""

from __future__ import annotations

from typing import NamedTuple

OURS = "llmcost"
PEERS = ("litellm", "genai-prices", "cendor-core", "litellm-cost")
BASELINE = "baseline"

OPENAI = {
    "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    "object": "chat.completion",
    "created": 1741569952,
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hi", "refusal": None, "annotations": []},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": 2006,
        "completion_tokens": 300,
        "total_tokens": 2306,
        "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    },
    "service_tier": "default",
    "system_fingerprint": "fp_b376dfbbd5",
}
ANTHROPIC = {
    "id": "msg_01XFDUDYJgAACzvnptvVoYEL",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 120,
        "cache_creation_input_tokens": 800,
        "cache_read_input_tokens": 4000,
        "cache_creation": {"ephemeral_5m_input_tokens": 800, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 350,
        "service_tier": "standard",
    },
}
# A model with tiers, batches and regions: one response for every fact, so that one bare call stands beside them all.
TIERED = {
    **{name: value for name, value in OPENAI.items() if name != "service_tier"},
    "model": "gpt-5.4",
    "created": 1795132800,  # 2026-11-20: a response is younger than its model
}
HOSTED = {"my-hosted-model": {"input_cost_per_second": 0.00042, "litellm_provider": "sagemaker", "mode": "chat"}}


class No(str):
    """Why a library cannot do a case."""

    __slots__ = ()


READS_NO_RESPONSES = No("prices counts that its caller takes out of the response")
NO_SUCH_FACT = No("takes no such fact with a call")
NOT_OF_THE_MIX = No("does not know every model of the mix by its name in the map")
NOT_DATED = No("keeps no prices of earlier days")
NO_CACHE_WRITES = No("does not price cache writes")


class Case(NamedTuple):
    """One question, the answer worked out by hand (None: an error), and how each library is asked it."""

    name: str
    expected: float | None
    asked: dict[str, str]
