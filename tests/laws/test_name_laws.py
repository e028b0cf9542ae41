"""A law of names: what a reader says it reads, it reads."""

from __future__ import annotations

from llmcost import LLMCostError, read_usage
from llmcost.readers.known import COMMON, discovered
from tests import responses
from tests.laws.more_shapes import MORE
from tests.laws.test_unread_laws import at, changed, objects, stands, told_places

READERS = (*COMMON, *discovered())
EXAMPLES = [example.response for example in responses.everything() if isinstance(example.response, (dict, list))]
# What is put under a name, so that whatever is read there becomes another.
VALUES = (7, 10**9, "flex", None, "2026-01-02T00:00:00Z", True, {"a": 1}, {"type": "redeemed"}, [])
# Names whose value changes no example, in lower case without underscores, each with the reason.
_MONEY = "money, which gateways state beside a response, and not beside this"
_SERVED = "how a call was served, which a response states among its counters, and not this"
WITHOUT_AN_EXAMPLE = {
    "Anthropic session": {
        **dict.fromkeys(("model", "type"), "what an iteration of a message is, which no session states"),
        **dict.fromkeys(("cost", "costdetails", "isbyok"), _MONEY),
    },
    "DashScope": {"cachetype": "which cache it is: what it costs, the counters beside it say"},
    "Google embeddings": {"truncated": "whether a text was cut, which is billed as what is left of it"},
    "OpenAI Decisions": {
        **dict.fromkeys(("cost", "costinusdticks", "isbyok"), _MONEY),
        **dict.fromkeys(("servicetier", "inferencegeo", "speed"), _SERVED),
    },
    "OpenAI Realtime": {"type": "whether tokens or seconds are stated, which the counters beside it tell as well"},
    "OpenAI Responses": {"texttokens": "what images leave of the tokens of a tool that makes images"},
    "browser-use": {"model": "the name of a model, under which its row stands"},
}


def blocks_in(response):
    """Yield the reader, the block and the place of every object of counters in a response, inner ones too."""
    for reader, _, block, place in told_places(response):
        yield from inner_blocks(reader, block, response, place)


def inner_blocks(name, block, response, place):
    """Yield a block at a place, and those inside it; one that looks for its rows by itself at each of them."""
    rows = block.view(at(response, place)) if block.view is not None else None
    if isinstance(rows, list):
        for below in (place, *objects(at(response, place), place)):
            if any(at(response, below) is row for row in rows):
                yield name, block, below
    else:
        yield name, block, place
    for key, inner in block.inner.items():
        for below in stands(at(response, place).get(key), ()):
            yield from inner_blocks(name, inner, response, (*place, key, *below))


def outcome(response):
    """Return all that is read of a response, or the error that it is."""
    try:
        usage = read_usage(response)
    except LLMCostError as error:
        return repr(error)
    return usage.to_dict(), usage.reported, usage.alternatives, usage.notes, usage.free, usage.undecided


def put(response, place, name, value):
    """Return a copy of a response with a value under a name of the object at a place."""
    return changed(response, place, lambda held: held.update({name: value}))


def folded(name):
    """Return a name as its two spellings share it."""
    return name.replace("_", "").lower()


def test_a_name_that_a_reader_knows_is_read():
    """In some response another value under it gives another usage or an error; otherwise it is listed above."""
    known, read = set(), set()
    for response in (*EXAMPLES, *MORE):
        before = outcome(response)
        for reader, block, place in blocks_in(response):
            for name in block.read:
                key = reader, folded(name)
                known.add(key)
                if key not in read and any(outcome(put(response, place, name, value)) != before for value in VALUES):
                    read.add(key)
    assert len(read) > 300
    assert known - read == {(reader, name) for reader, names in WITHOUT_AN_EXAMPLE.items() for name in names}
