"""Lines of a log that holds a record a line."""

from __future__ import annotations

import json

import pytest

from llmcost import CostMap, LLMCostError, Record, read_log
from llmcost.logs.lines import CostedLines, CostedText, line_of

CHAT = {
    "object": "chat.completion",
    "model": "m",
    "created": 1767312000,
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}
COUNTERS = {"prompt_tokens": 10, "completion_tokens": 5}


def test_a_new_cost_is_written_like_the_old_one():
    """Number, text or object, under the same name; a response alone gets a record around it."""
    cost = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}}).calculate(CHAT)

    def with_cost(record):
        return json.loads(CostedText(json.dumps(record)).with_cost(cost))

    assert with_cost(CHAT) == {"response": CHAT, "cost": 2e-05}
    assert with_cost({"response": CHAT, "user": "ada"}) == {"response": CHAT, "user": "ada", "cost": 2e-05}
    assert with_cost({"response": CHAT, "response_cost": 1}) == {"response": CHAT, "response_cost": 2e-05}
    assert with_cost({"response": CHAT, "cost": "1"})["cost"] == "0.00002"
    assert with_cost({"response": CHAT, "cost": {"total": "1"}})["cost"] == json.loads(json.dumps(cost.to_dict()))
    both = with_cost({"response": CHAT, "cost": 1, "response_cost": "1"})
    assert (both["cost"], both["response_cost"]) == (2e-05, "0.00002")


# What a value that is read and written anew would lose: digits, signs, keys that stand twice, spaces, escapes.
ODD = (
    '"d": 0.1000000000000000000000000000001, "m": 123456789012345678901234567890, "e": 1e400, "z": -0.0, "y": 1.50E+3',
    '"twice": 1, "twice": {"a": [1,2 ,3], "a":null}, "b": "\\ud83d\\ude00 \\ud800 \\/ \\u00e9 é"',
    '"nan": [NaN, -Infinity], "z" :\t1 , "a":2',
    '"deep": {"cost": 7, "response_cost": 7}, "costs": 7, "Cost": 7',
)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \t\r\n"])
def test_a_line_with_a_new_cost_changes_nothing_else(odd, end):
    """To the character: a number of any length, the order of keys, keys that stand twice, spaces and escapes."""
    chat = json.dumps(CHAT, separators=(",", " : "))
    alone = chat[:-1] + f", {odd}}}"
    for line, expected in (
        (f'{{{odd}, "response": {chat}}}', f'{{{odd}, "response": {chat}, "cost": 2e-05}}'),
        (f' {{ {odd}, "response": {chat} }}', f' {{ {odd}, "response": {chat}, "cost": 2e-05 }}'),
        (f'{{"cost": 1,{odd} ,"response":{chat}}}', f'{{"cost": 2e-05,{odd} ,"response":{chat}}}'),
        (f'{{"response":{chat},"spend":"1",{odd}}}', f'{{"response":{chat},"spend":"0.00002",{odd}}}'),
        (f'{{"cost": null,"response":{chat},{odd}}}', f'{{"cost": 2e-05,"response":{chat},{odd}}}'),
        # A reader may take the first or the last.
        (f'{{"cost": 1,"response":{chat},"cost":3}}', f'{{"cost": 2e-05,"response":{chat},"cost":2e-05}}'),
        (f'{{"\\u0063ost": 1,"response":{chat}}}', f'{{"\\u0063ost": 2e-05,"response":{chat}}}'),
        (alone, f'{{"response": {alone}, "cost": 2e-05}}'),
        (f"\ufeff{alone}", f'\ufeff{{"response": {alone}, "cost": 2e-05}}'),
    ):
        assert again(line + end) == (expected + end, 1, 0), line
        assert again(expected + end) == (expected + end, 1, 0), line


@pytest.mark.parametrize("odd", ODD)
def test_the_chunks_in_a_record_are_as_they_were(odd):
    """To the character too."""
    lines = [json.dumps(part)[:-1] + f", {odd}}}" for part in stream("a")]
    written, *counts = again("".join(f" {line} \n" for line in lines))
    assert (written, counts) == (f' {{"response": [{", ".join(lines)}], "cost": 0.00012}} \n', [1, 0])


def test_what_is_no_object_alone_gets_no_cost():
    for wrong in ("", "[]", "1", "{", "{1}", '{"a"}', '{"a":}', '{"a":1,}', '{"a":1', '{"a":1 "b"', "{}{}", "{}x"):
        with pytest.raises(ValueError, match=r"^(no|it) "):
            CostedText(wrong)
    with pytest.raises(ValueError, match="too deep"):
        CostedText('{"a":' + "[" * 100_000)
    assert CostedText(" { } \n").value == {}


def test_a_line_is_one_record():
    """Text or bytes; what is no JSON says so."""
    assert line_of('{"a": 1}\n') == line_of(b'\xef\xbb\xbf{"a": 1}') == line_of('\ufeff{"a": 1}') == {"a": 1}
    for wrong in ("{", b"\xff\xfe\x00", "[" * 100_000, "1" * 5000):
        with pytest.raises(ValueError, match=r"^no JSON"):
            line_of(wrong)


# A log that is written again.

PRICES = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})


def chunk(identity, *, finish=None, model="m", counters=None):
    choice = {"index": 0, "delta": {"content": "x"}, "finish_reason": finish}
    found = {"id": identity, "object": "chat.completion.chunk", "model": model, "choices": [choice]}
    return found if counters is None else {**found, "choices": [], "usage": counters}


def stream(identity, model="m"):
    """Four chunks. 100 tokens in and 10 out cost 0.0001 + 0.00002 = 0.00012."""
    counters = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    texts = [chunk(identity, model=model), chunk(identity, model=model), chunk(identity, finish="stop", model=model)]
    return [*texts, chunk(identity, model=model, counters=counters)]


def again(text):
    """A text, written again with the costs of its calls; with how many calls got one, and how many did not."""
    lines, written = text.splitlines(keepends=True), []
    found = CostedLines(lines, written.append)
    for call in read_log(lines, on_error=lambda _: None):
        try:
            cost = call.calculate(cost_map=PRICES)
        except LLMCostError:
            cost = None
        found.add(call, cost)
    found.end()
    return "".join(written), found.costed, found.kept


def text_of(*values):
    return "".join(json.dumps(value) + "\n" for value in values)


def test_the_chunks_of_a_stream_become_one_record():
    """At the place of the first of them; the lines around them, and blank ones among them, stay. CHAT costs 0.00002."""
    first, second, third, last = (json.dumps(part) for part in stream("a"))
    text = f"nope\n{first}\n\n{second}\r\n{third}\n{last}\n{json.dumps(CHAT)}"
    written, costed, kept = again(text)
    record = json.dumps({"response": stream("a"), "cost": 0.00012})
    assert written == f"nope\n{record}\n\n" + json.dumps({"response": CHAT, "cost": 0.00002})
    assert (costed, kept) == (2, 0)
    assert again(written) == (written, 2, 0)


def test_mixed_streams_become_records_before_the_first_of_them():
    """Each where it began."""
    (a1, a2, a3, a4), (b1, b2, b3, b4) = stream("a"), stream("b")
    written, costed, kept = again(text_of(CHAT, a1, b1, a2, b2, a3, b3, a4, b4, CHAT))
    chat, of_a, of_b = (
        {"response": what, "cost": cost}
        for what, cost in ((CHAT, 0.00002), ([a1, a2, a3, a4], 0.00012), ([b1, b2, b3, b4], 0.00012))
    )
    assert written == text_of(chat, of_a, of_b, chat)
    assert (costed, kept) == (4, 0)
    assert again(written) == (written, 4, 0)


def test_a_stream_that_is_over_before_the_one_around_it():
    """The next stream that begins shows that it is over, while the first one goes on."""
    (a1, a2, a3, a4), b, c = stream("a"), stream("b"), stream("c")
    written, *counts = again(text_of(CHAT, a1, a2, *b, c[0], a3, *c[1:], a4))
    of_a, of_b, of_c = ({"response": chunks, "cost": 0.00012} for chunks in (stream("a"), b, c))
    assert (written, counts) == (text_of({"response": CHAT, "cost": 0.00002}, of_a, of_b, of_c), [4, 0])
    assert again(written) == (written, 4, 0)


def test_a_record_does_not_cut_a_stream_that_has_no_price():
    """The lines of such a stream stay, and those that it is mixed with stand before it."""
    (a1, a2, a3, a4), (b1, b2, b3, b4) = stream("a", "unknown"), stream("b")
    for lines in ((a1, b1, a2, b2, a3, b3, a4, b4), (b1, a1, b2, a2, b3, b4, a3, a4), (a1, b1, a2, b2, b3, b4, a3, a4)):
        written, *counts = again(text_of(*lines))
        assert written == text_of({"response": [b1, b2, b3, b4], "cost": 0.00012}, a1, a2, a3, a4)
        assert counts == [1, 0]
        assert again(written) == (written, 1, 0)
        assert len(list(read_log(written.splitlines()))) == 2


def test_a_stream_that_a_whole_response_states_once_more_stays():
    """The response has the cost; a record of another stream between the chunks would make them a call of their own."""
    (a1, a2, a3, a4), (b1, b2, b3, b4) = stream("a"), stream("b")
    whole = {**CHAT, "id": "a", "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}
    text = text_of(a1, b1, a2, b2, b3, b4, a3, a4, whole)
    written, *counts = again(text)
    of_b, of_a = {"response": [b1, b2, b3, b4], "cost": 0.00012}, {"response": whole, "cost": 0.00012}
    assert (written, counts) == (text_of(of_b, a1, a2, a3, a4, of_a), [2, 0])
    assert again(written) == (written, 2, 0)
    around = {"response": whole, "team": "search"}
    assert again(text_of(a1, a2, a3, a4, around))[0] == text_of(a1, a2, a3, a4, {**around, "cost": 0.00012})


def test_a_call_without_a_line_of_its_own_stays():
    """In an array, over several lines, as events, or in a line with others; its cost is not lost without a word."""
    parts = [json.dumps(part) for part in stream("a")]
    for text, kept in (
        (json.dumps([CHAT, CHAT]) + "\n", 2),
        (json.dumps(stream("a")), 1),
        ("[\n" + "\n,\n".join(parts) + "\n]\n", 1),
        (json.dumps(CHAT, indent=1), 1),
        (json.dumps(CHAT) + json.dumps(CHAT), 2),
        ("".join(f"data: {part}\n\n" for part in parts) + "data: [DONE]\n", 1),
    ):
        assert again(text) == (text, 0, kept), text


def test_a_span_is_a_call_of_its_own_line():
    """Unless it stands in a line with others. 1,000 tokens in and 100 out cost 0.001 + 0.0002."""
    span = {
        "name": "chat",
        "context": {"trace_id": "0x1", "span_id": "0x2"},
        "attributes": {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "m",
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        },
    }
    written, *counts = again(text_of(span))
    assert (written, counts) == (text_of({"response": span, "cost": 0.0012}), [1, 0])
    assert again(written) == (written, 1, 0)


def test_half_of_a_surrogate_pair():
    """JSON may spell one out, which no file can hold as a character; it stays, as bytes that are no UTF-8 do."""
    for odd, kept in (
        ("\\ud800 \\udc80", "\\ud800 \\udc80"),
        ("\\ud83d\\ude00", "\\ud83d\\ude00"),
        ("\udcff \\ud800", "\udcff \\ud800"),
    ):
        line = json.dumps({"response": CHAT, "user": "?"})
        written, *counts = again(line.replace("?", odd))
        assert written == json.dumps({"response": CHAT, "user": "?", "cost": 0.00002}).replace("?", kept)
        assert written.encode(errors="surrogateescape").count(b"\xff") == odd.count("\udcff")
        assert counts == [1, 0]


def test_lines_that_are_gone():
    """A log that became shorter while it was read is an error, and no log without its end."""
    found = CostedLines(["{}\n"], print)
    call = Record({"response": CHAT}, "log", 3)
    with pytest.raises(OSError, match="became shorter"):
        found.add(call, PRICES.calculate(CHAT))
