"""A stripped response is priced exactly as the whole, and has none of its texts."""

from __future__ import annotations

import json
import re

import pytest

import llmcost
from llmcost.logs.stripping import GIVEN, KEPT, KEPT_ENDS, Strip, plain, stripped_lines
from tests import responses
from tests.golden import harness

_START = r"([a-z]+[_-])*|https://openrouter\.ai/api/v1/videos/"
_STAYS = re.compile(rf"-?[0-9.]+([eE][-+]?[0-9]+|s)?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}.*|({_START})x[0-9]+|\s*")


def recorded():
    """Return the recorded responses and streams of the golden files."""
    for name in ("cassettes.jsonl", "recorded.jsonl"):
        for case in harness.cases(name):
            response = case.get("body") or case.get("events") or case.get("response")
            yield responses.Example(case["id"], response)


def of_json(example):
    """Return a response as its JSON gives it back; None for one that is no JSON."""
    try:
        return json.loads(json.dumps(example.response))
    except TypeError:
        return None


EXAMPLES = [
    (example, found) for example in (*responses.everything(), *recorded()) if (found := of_json(example)) is not None
]


def outcome(price, response):
    """Return all that a call's cost says, line by line; or the error."""
    try:
        cost = price(response)
    except llmcost.LLMCostError as error:
        return type(error)
    lines = [(line.model, line.meter, line.quantity, line.amount, line.price_key) for line in cost.line_items]
    found = cost.matched_as, cost.match_rule, cost.provider, cost.billed_tier, cost.basis, cost.reported
    return cost.total, lines, cost.unpriced, cost.lower_bound, found, [note.code for note in cost.notes]


def test_there_are_many():
    """The law is tried on the responses of all readers."""
    assert len(EXAMPLES) > 900


@pytest.mark.parametrize(("example", "response"), EXAMPLES, ids=[example.name for example, _ in EXAMPLES])
def test_a_stripped_response_is_priced_as_the_whole(example, response):
    """At rates that tell every meter apart, at the rates of its case, and by the bundled map by its own names."""
    stripped = Strip().value(response)
    ways = [example.price, llmcost.calculate, lambda value: llmcost.calculate(value, model="gpt-4o")]
    if example.case is not None:
        ways.append(lambda value: harness.price(example.case, value))
    for price in ways:
        assert outcome(price, stripped) == outcome(price, response)


def texts(value, field="", given=False):
    """Yield every text with its field, and whether it was given to a tool."""
    if isinstance(value, dict):
        for name, inner in value.items():
            # A model that is an object has an id.
            named = field if name == "id" and plain(field).endswith("model") else name
            yield from texts(inner, named, given or plain(name) in GIVEN)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, field, given)
    elif isinstance(value, str):
        yield field, value, given


@pytest.mark.parametrize(("example", "response"), EXAMPLES, ids=[example.name for example, _ in EXAMPLES])
def test_no_text_stays(example, response):
    """What stays is a number, a time, a stand-in, or a single word under a field that says what the response is."""
    del example
    for field, text, given in texts(Strip().value(response)):
        name = plain(field)
        kept = not given and (name in KEPT or name.endswith(KEPT_ENDS)) and not re.search(r"\s", text)
        assert kept or _STAYS.fullmatch(text), (field, text)


SECRET = "my secret plan"


@pytest.mark.parametrize(
    "response",
    [
        {"choices": [{"message": {"content": SECRET, "reasoning": SECRET, "refusal": SECRET}}]},
        {"content": [{"type": "tool_use", "id": "toolu_1", "name": SECRET, "input": {"q": SECRET, "pin": 4711}}]},
        {"output": [{"type": "function_call", "arguments": f'{{"q": "{SECRET}", "pin": 4711}}'}]},
        {"model": SECRET, "metadata": {"user_id": SECRET, "email": "a@b.example"}},
        {"candidates": [{"content": {"parts": [{"functionCall": {"args": {"pin": 4711, "at": "2026-01-01"}}}]}}]},
    ],
)
def test_a_secret_is_nowhere(response):
    """In a model's name, a tool's call, metadata: of what a tool was given not even a number or a date."""
    text = json.dumps(Strip().value(response))
    for part in (SECRET, "secret", "4711", "a@b.example", "2026-01-01"):
        assert part not in text


WHO = {
    "a name in an id": {"user_id": "anna-maier-7", "session_id": "acme_plan_1", "id": "anna-1"},
    "a number of a person": {"user": "491701234567", "user_id": 491701234567, "metadata": {"phone": 491701234567}},
    "a number that was said": {"choices": [{"message": {"content": "4111111111111111"}}], "prompt": "4711"},
    "a day that was said": {"choices": [{"message": {"content": "1980-05-04"}}], "dob": "1980-05-04"},
    "a day of birth": {"birthdate": "1980-05-04", "metadata": {"birthday": "1980-05-04"}},
    "a mail as a field": {"by_user": {"anna@acme.example": 2, "Anna Maier": {"calls": 1}}},
    "a mail as a provider": {"provider": "anna@acme.example"},
    "an address as a model": {"model": "https://acme.example/v1/plan", "location": "https://acme.example"},
    "a path": {"cwd": "/home/anna/plan", "type": "/home/anna/plan", "object": "C:\\anna\\plan"},
    "a key as a model": {"model": "sk-ant-api03-4711", "deployment": "AKIA4711ACME"},
    "a fine-tuned model": {"model": "ft:gpt-4o:acme:anna:4711"},
    "a prompt of one word": {"system": "anna"},
    "a mail as the field of a tool": {"content": [{"type": "tool_use", "input": {"anna@acme.example": "plan"}}]},
    "letters as numbers": {"choices": [{"logprobs": {"content": [{"token": "anna", "bytes": [97, 110]}]}}]},
    "tokens as numbers": {"choices": [{"token_ids": [97, 110]}], "context": [97, 110]},
    "headers": {"headers": {"authorization": "Bearer 4711", "x-account": "4711"}},
}


@pytest.mark.parametrize("who", WHO)
def test_nobody_is_named(who):
    """Names, mails, addresses, paths, keys, numbers of people, and letters that are written as numbers."""
    text = json.dumps(Strip().value(WHO[who])).casefold()
    for part in ("anna", "maier", "acme", "plan", "4711", "4111", "49170", "1980", "97, 110"):
        assert part not in text


def test_a_comment_of_a_stream_is_left_out():
    """OpenRouter keeps a connection open by them; they say nothing of the call."""
    assert list(stripped_lines(': OPENROUTER PROCESSING\n\ndata: {"model": "m"}')) == ["", 'data: {"model": "m"}']


def test_equal_texts_become_equal_words():
    """Two different queries are still two, in one file as in another."""
    strip = Strip()
    assert strip.value(["one text", "another", "one text"]) == ["x1", "x2", "x1"]
    assert strip.value({"q": "another"}) == {"q": "x2"}
    assert Strip().value({"id": "msg_bdrk_01Abc", "user": "msg_bdrk_01Abc"}) == {"id": "msg_bdrk_x1", "user": "x1"}


def test_an_account_is_no_name():
    """The number of an account in an ARN goes, the model in it stays."""
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0"
    assert Strip().value({"modelId": arn}) == {"modelId": arn.replace("123456789012", "000000000000")}


def test_vectors_go_and_short_lists_stay():
    """Eight numbers may count something, nine are a vector."""
    assert Strip().value({"a": [1.5] * 8, "b": [1.5] * 9}) == {"a": [1.5] * 8, "b": []}


def test_files_of_every_form():
    """A document keeps its form, lines stay lines, events stay events; an id of an event goes."""
    assert list(stripped_lines('{"a": "b c"}')) == ["{", ' "a": "x1"', "}"]
    assert list(stripped_lines('{"a": "b c"}\n\n{"a": "b c"}\n')) == ['{"a": "x1"}', "", '{"a": "x1"}']
    events = 'id: 7\nevent: done\ndata: {"text": "Hi"}\n\ndata: [DONE]\n'
    assert list(stripped_lines(events)) == ["event: done", 'data: {"text": "x1"}', "", "data: [DONE]"]


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\u2029"])
def test_a_text_with_a_line_separator(odd):
    """It may stand in a text of JSON as it is, and ends no line."""
    line = json.dumps({"a": f"b{odd}c", "role": "user"}, ensure_ascii=False)
    assert list(stripped_lines(f"{line}\r\n{line}\r{line}")) == ['{"a": "x1", "role": "user"}'] * 3


@pytest.mark.parametrize("text", ["my secret plan", '{"a": 1}\nmy secret plan', "event: my secret plan\n"])
def test_what_is_no_response(text):
    """It is an error with its line, and nothing of it is shown."""
    with pytest.raises(ValueError, match=r"line [12] is no JSON") as caught:
        list(stripped_lines(text))
    assert "secret" not in str(caught.value)
