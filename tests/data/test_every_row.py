"""Every row of the bundled map, priced by a realistic call of its mode: a total of 0 is free and says so."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from llmcost import CostMap, LLMCostError
from llmcost.prices import places

MAP = {name: row for name, row in json.loads(places.PACKAGED.read(places.MAP)).items() if "alias_of" not in row}
CHAT = {
    "object": "chat.completion",
    "choices": [],
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 200},
    },
}
RESPONSE = {
    "object": "response",
    "output": [],
    "usage": {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100},
}
EMBEDDING = {
    "object": "list",
    "data": [{"object": "embedding", "embedding": []}],
    "usage": {"prompt_tokens": 1000, "total_tokens": 1000},
}
IMAGE = {
    "created": 1,
    "data": [{"url": "x"}],
    "usage": {"input_tokens": 50, "output_tokens": 4160, "total_tokens": 4210},
}
TURN = {
    "input_tokens": 1000,
    "input_token_details": {"text_tokens": 400, "audio_tokens": 600},
    "output_tokens": 500,
    "output_token_details": {"text_tokens": 100, "audio_tokens": 400},
    "total_tokens": 1500,
}
REALTIME = [
    {"type": "session.created", "event_id": "a", "session": {"object": "realtime.session"}},
    {"type": "response.done", "event_id": "b", "response": {"object": "realtime.response", "usage": TURN}},
]
PAGES = {"pages": [{"index": 0}, {"index": 1}], "usage_info": {"pages_processed": 2, "doc_size_bytes": 10}}
RERANKED = {"results": [{"index": 0, "relevance_score": 0.5}], "meta": {"billed_units": {"search_units": 1}}}
# Each mode -> the calls of which one is what the model does: a response, and what the caller states beside it.
CALLS = {
    "audio_speech": [(None, {"characters": 1000, "duration": 60}), (CHAT, {})],
    "audio_transcription": [({"text": "x", "duration": 60}, {}), (CHAT, {})],
    "embedding": [(EMBEDDING, {}), (EMBEDDING, {"duration": 60, "n": 1})],
    "image_edit": [(IMAGE, {"size": "1024x1024", "quality": "medium"})],
    "image_generation": [(IMAGE, {"size": "1024x1024", "quality": "medium"}), (CHAT, {})],
    "ocr": [(PAGES, {})],
    "realtime": [(REALTIME, {}), (REALTIME, {"duration": 60})],
    "rerank": [(RERANKED, {}), (CHAT, {})],
    "responses": [(RESPONSE, {})],
    "search": [(None, {"web_searches": 1})],
    "video_generation": [(None, {"duration": 5, "n": 1, "size": "1280x720"})],
}
OTHERS = [(CHAT, {}), (None, {"duration": 60})]


@pytest.fixture(scope="module")
def costs():
    """Return every Cost by the name of its row, and how many calls were refused by name."""
    prices = CostMap()
    found, refused = [], Counter()
    for name, row in MAP.items():
        for response, facts in CALLS.get(row.get("mode"), OTHERS):
            try:
                found.append(
                    (name, prices.calculate(response, model=name, provider=row.get("litellm_provider"), **facts))
                )
            except LLMCostError as error:
                refused[type(error).__name__] += 1
    return found, refused


def test_nearly_all_calls_have_a_cost(costs):
    """A refusal is an error of ours, by its name."""
    found, refused = costs
    assert len({name for name, _ in found}) > 0.97 * len(MAP)
    assert sum(refused.values()) < 0.05 * len(found)


def test_nothing_costs_nothing_in_silence(costs):
    """A total of 0 is that of a row that is free, and the Cost says so; or the map has 0 for it, and it says that."""
    silent = []
    for name, cost in costs[0]:
        if cost.total or not cost.complete:
            continue
        codes = {note.code for note in cost.notes}
        free = MAP[cost.matched_as].get("free") is True and "free_model" in codes
        if not free and not codes & {"zero_by_map", "zero_rate", "not_billed"}:
            silent.append((name, cost.to_dict()["notes"]))
    assert silent == []
