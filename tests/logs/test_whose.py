"""Whose call a record is, in each format."""

from __future__ import annotations

import pytest

from llmcost.logs.record import Record
from llmcost.logs.whose import Whose, whose

CHAT = {
    "id": "chatcmpl-0123456789",
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1, "completion_tokens": 1},
}
LITELLM = {
    "request_id": "r1",
    "call_type": "acompletion",
    "spend": 0.1,
    "prompt_tokens": 1,
    "completion_tokens": 1,
    "model": "gpt-4o",
    "team_id": "t-9",
    "user": "u-1",
    "end_user": "customer",
    "session_id": "s1",
    "request_tags": '["nightly", "eu"]',
    "metadata": '{"user_api_key_team_alias": "search"}',
}
SPAN = {
    "name": "chat",
    "spanId": "00f067aa0ba902b7",
    "traceId": "t",
    "attributes": [
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "5"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "5"}},
        {"key": "gen_ai.conversation.id", "value": {"stringValue": "c1"}},
        {"key": "user.id", "value": {"stringValue": "ada"}},
    ],
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (LITELLM, Whose("r1", "search", "u-1", "s1", ("nightly", "eu"))),
        ({**LITELLM, "metadata": {}}, Whose("r1", "t-9", "u-1", "s1", ("nightly", "eu"))),
        (SPAN, Whose("00f067aa0ba902b7", None, "ada", "c1")),
        (CHAT, Whose("chatcmpl-0123456789")),
        # Some local servers number their answers from 0 to 999.
        ({**CHAT, "id": "chatcmpl-12"}, Whose()),
        ([{"id": "chatcmpl-0123456789", "choices": []}, CHAT], Whose("chatcmpl-0123456789")),
        ([], Whose()),
        ({"response": [{"id": "chatcmpl-0123456789", "choices": []}, CHAT], "cost": 1}, Whose("chatcmpl-0123456789")),
        ({"response": ["text"], "team": "a"}, Whose(team="a")),
        (
            {"response": CHAT, "team": "docs", "user": 7, "tags": "a"},
            Whose("chatcmpl-0123456789", "docs", "7", None, ("a",)),
        ),
        ({"response": CHAT, "id": "mine", "session": "s"}, Whose("mine chatcmpl-0123456789", None, None, "s")),
        ({"response": LITELLM, "team": "mine"}, Whose("r1", "mine", "u-1", "s1", ("nightly", "eu"))),
        (
            {"model": "gpt-4o", "usage": {"input": 1, "output": 1}, "call_id": "c", "tags": ["a"]},
            Whose(tags=("a",)),
        ),
        ("text", Whose()),
    ],
)
def test_whose(value, expected):
    assert whose(Record(value)) == expected
