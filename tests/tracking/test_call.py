"""TrackedCall: what is kept of a call, and in which form."""

from __future__ import annotations

import json
import pickle

import llmcost

RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    "choices": [{"finish_reason": "stop", "message": {"content": "the answer"}}],
}


def one(response=RESPONSE, **settings):
    found = []
    keep = [lambda kwargs, *_: found.append(kwargs["call"])]
    with llmcost.context(team="t", user="u", session="s", tags=["x"], metadata={"k": 1}):
        llmcost.Tracker(success=keep, **settings).track(lambda: response)()
    return found[0]


def test_it_is_json():
    """Every field is there; money is text, and no word of the answer is."""
    call = one()
    plain = json.loads(json.dumps(call.to_dict()))
    assert set(plain) == set(llmcost.TrackedCall.__slots__)
    assert plain["cost"]["total"] == "0.0035"
    assert plain["usage"]["input"] == 1000
    assert (plain["team"], plain["user"], plain["session"], plain["tags"], plain["metadata"]) == (
        "t",
        "u",
        "s",
        ["x"],
        {"k": 1},
    )
    assert plain["started"].endswith("+00:00")
    assert "the answer" not in json.dumps(plain)


def test_it_pickles():
    """A copy says the same."""
    call = one()
    assert pickle.loads(pickle.dumps(call)).to_dict()["id"] == call.id
    assert pickle.loads(pickle.dumps(call)).cost == call.cost


def test_statuses():
    """A reported cost, a hit of one's own cache, a model that is free, a meter without a rate."""
    assert one({**RESPONSE, "provider": "OpenAI", "usage": {**RESPONSE["usage"], "cost": 0.01}}).status == "reported"
    cached = one(cache_hit=True)
    assert (cached.status, cached.response_cost) == ("cached", 0.0)
    entries = {"gpt-4o": {"input_cost_per_token": 1e-6}, "free-model": {"free": True}}
    prices = llmcost.CostMap(entries)
    partial = one(cost_map=prices)
    # 1000 x 1e-6; the output has no rate.
    assert (partial.status, partial.response_cost) == ("partial", 0.001)
    free = one({**RESPONSE, "model": "free-model"}, cost_map=prices)
    assert (free.status, free.response_cost) == ("free", 0.0)
    nothing = one(cost_map=llmcost.CostMap({"gpt-4o": {"input_cost_per_image": 1}}))
    assert (nothing.status, nothing.response_cost) == ("unpriced", None)
