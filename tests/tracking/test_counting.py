"""The tokens of a request, by a tokenizer whose counts can be checked by eye: one a word."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest

import llmcost
from llmcost.tracking.counting import counted
from tests.sdks import optional


class OneTokenAWord:
    def encode(self, text, *, disallowed_special):
        assert disallowed_special == ()
        return text.split()


@pytest.fixture(autouse=True)
def words(monkeypatch):
    tiktoken = optional("tiktoken")

    def encoding_for_model(name):
        if not name.startswith(("gpt-", "text-embedding-")):
            raise KeyError(name)
        return OneTokenAWord()

    monkeypatch.setattr(tiktoken, "encoding_for_model", encoding_for_model)


CHAT = [{"role": "system", "content": "be brief"}, {"role": "user", "name": "ann", "content": "how are you"}]


@pytest.mark.parametrize(
    ("model", "fields", "tokens"),
    [
        # 3 for each message, its role and its words, 1 more for a name, and 3 for the answer: 3+1+2, 3+1+1+1+3, 3.
        ("gpt-4o", {"messages": CHAT, "max_tokens": 9, "temperature": 0}, 18),
        ("openai/gpt-4o", {"messages": CHAT, "model": "gpt-4o"}, 18),
        ("gpt-4o", {"messages": [{"role": "user", "content": [{"type": "text", "text": "one two"}]}]}, 9),
        ("text-embedding-3-small", {"input": "one two three"}, 3),
        ("text-embedding-3-small", {"input": ["one two", "three"]}, 3),
        ("gpt-3.5-turbo-instruct", {"prompt": "one two"}, 2),
        # What puts tokens into the prompt that nobody states, and what is no text.
        ("gpt-4o", {"messages": CHAT, "tools": []}, None),
        ("gpt-4o", {"messages": CHAT, "response_format": {"type": "json_schema"}}, None),
        ("gpt-4o", {"messages": [{"role": "assistant", "content": None, "tool_calls": []}]}, None),
        ("gpt-4o", {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}, None),
        ("gpt-4o", {"messages": "hello"}, None),
        ("gpt-4o", {"input": "one two"}, None),
        ("text-embedding-3-small", {"input": [[1, 2, 3]]}, None),
        # Models whose chats are counted otherwise, and names that the tokenizer does not know.
        ("gpt-5", {"messages": CHAT}, None),
        ("claude-sonnet-4-5", {"messages": CHAT}, None),
        ("my-embedding", {"input": "one two"}, None),
        (None, {"messages": CHAT}, None),
        ("gpt-4o", {}, None),
    ],
)
def test_tokens_of_a_request(model, fields, tokens):
    assert counted(model, fields) == tokens


CALL = {"model": "gpt-4o", "messages": [{"role": "user", "content": "x" * 400}], "max_tokens": 50}


def held_by(budget):
    """Return what a budget holds for a call while it is made; it costs 8 x 2.5e-6 + 1e-5."""
    held = []

    @llmcost.track(budget=budget)
    def ask(*, model, messages, max_tokens):
        held.append(budget.reserved)
        return {"object": "chat.completion", "model": model, "usage": {"prompt_tokens": 8, "completion_tokens": 1}}

    ask(**CALL)
    assert budget.spent == Decimal("0.00003")
    return held[0]


def test_a_budget_reserves_for_them():
    """8 tokens x 2.5e-6 and 50 x 1e-5. The bytes of the text alone are 400, and those of the request more."""
    assert held_by(llmcost.Budget(1, count="tokens")) == Decimal("0.00052")
    assert Decimal("0.0015") < held_by(llmcost.Budget(1)) < Decimal("0.002")


def test_where_nothing_can_be_loaded_the_bytes_count(monkeypatch, caplog):
    """The encodings are files of the network. It is logged once."""

    def away(name):
        raise OSError("no network")

    monkeypatch.setattr(optional("tiktoken"), "encoding_for_model", away)

    assert held_by(llmcost.Budget(1, count="tokens")) == held_by(llmcost.Budget(1))
    assert "tiktoken cannot load its encoding" in caplog.text


def test_a_word_that_is_none():
    with pytest.raises(ValueError, match="count='chars': it is 'bytes' or 'tokens'"):
        llmcost.Budget(1, count="chars")


def test_without_the_extra_there_is_no_such_budget(monkeypatch):
    monkeypatch.setitem(sys.modules, "tiktoken", None)

    with pytest.raises(llmcost.MissingDependencyError, match="needs tiktoken: pip install tiktoken"):
        llmcost.Budget(1, count="tokens")
