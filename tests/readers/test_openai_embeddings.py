"""Embeddings and reranks: every token is input, pixels are pixels."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import openai_embeddings, read_usage
from tests.sdks import Kind

CreateEmbeddingResponse = Kind("openai.types.CreateEmbeddingResponse")

OPENAI = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.1, -0.2]}],
    "model": "text-embedding-3-small",
    "usage": {"prompt_tokens": 8192, "total_tokens": 8192},
}
MULTIMODAL = {
    "object": "list",
    "data": [{"object": "embedding", "embedding": [0.1], "index": 0}],
    "model": "voyage-multimodal-3",
    "usage": {"text_tokens": 5, "image_pixels": 1_500_000, "video_pixels": 500_000, "total_tokens": 3576},
}


def listed(usage, **more):
    return {"object": "list", "data": [], "model": "m", "usage": usage, **more}


def test_tokens_are_input():
    """An embedding has no output; its model is the response's."""
    usage = read_usage(OPENAI)
    assert usage.quantities == {"input": 8192}
    assert usage.model == "text-embedding-3-small"
    assert usage.context == 8192
    assert usage.notes == ()


@pytest.mark.parametrize(
    "build", [CreateEmbeddingResponse.model_validate, lambda r: CreateEmbeddingResponse.construct(**r)]
)
def test_sdk_object(build):
    """The SDK's object gives what its dict gives."""
    assert read_usage(build(OPENAI)) == read_usage(OPENAI)


def test_one_line():
    """8,192 tokens at 0.02 USD per million are one line of 0.00016384 USD."""
    cost = CostMap({"text-embedding-3-small": {"input_cost_per_token": 2e-08}}).calculate(OPENAI)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 8192, Decimal("0.00016384"))
    ]


@pytest.mark.parametrize(
    "usage",
    [
        {"total_tokens": 700},
        {"prompt_tokens": 700},
        {"prompt_tokens": 700, "total_tokens": 700, "completion_tokens": None, "prompt_tokens_details": None},
        {"prompt_tokens": 700, "total_tokens": 700, "completion_tokens": 0},
    ],
    ids=["voyage", "prompt alone", "fireworks", "mistral"],
)
def test_how_vendors_state_the_same(usage):
    """A total alone, null counters and a completion of 0 are all 700 tokens of input."""
    found = read_usage(listed(usage))
    assert found.quantities == {"input": 700}
    assert found.notes == ()


def test_rerank_by_tokens():
    """A rerank in the same envelope is its tokens."""
    ranked = {"object": "list", "data": [{"relevance_score": 0.4, "index": 0}], "model": "rerank-2.5"}
    assert read_usage({**ranked, "usage": {"total_tokens": 26000}}).quantities == {"input": 26000}


def test_image_tokens_of_an_embedding():
    """Where details split the prompt by modality, the parts are disjoint."""
    usage = {"prompt_tokens": 100, "total_tokens": 100, "prompt_tokens_details": {"image_tokens": 60}}
    assert read_usage(listed(usage)).quantities == {"input": 40, "input_image": 60}


def test_pixels_are_billed_as_pixels():
    """Text tokens and pixels are two lines; the total, which holds the pixels as tokens, is none."""
    usage = read_usage(MULTIMODAL)
    assert usage.quantities == {"input": 5, "input_pixels": 2_000_000}
    assert usage.provider == "voyage"
    rates = {"input_cost_per_token": 1.2e-07, "input_cost_per_pixel": 6e-10}
    cost = CostMap({"voyage/voyage-multimodal-3": rates}).calculate(MULTIMODAL)
    assert [(line.meter, line.amount) for line in cost.line_items] == [
        ("input", Decimal("0.0000006")),
        ("input_pixels", Decimal("0.0012")),
    ]


def test_pixels_without_a_price_are_marked():
    """A card without a price per pixel leaves them unpriced: the total is not a text count."""
    cost = CostMap({"voyage/voyage-multimodal-3": {"input_cost_per_token": 1.2e-07}}).calculate(MULTIMODAL)
    assert cost.unpriced == ("input_pixels",)
    assert [line.meter for line in cost.line_items] == ["input"]


def test_a_reported_cost_is_kept():
    """OpenRouter states what an embedding cost."""
    usage = read_usage(listed({"prompt_tokens": 10, "total_tokens": 10, "cost": 0.0000002}))
    assert usage.reported == Decimal("0.0000002")


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": None, "total_tokens": None}, {"image_pixels": 5}])
def test_missing_counters_raise(usage):
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage(listed(usage))


def test_missing_usage_raises():
    """Embeddings without a usage are known, and raise."""
    with pytest.raises(MissingUsageError, match="embeddings"):
        read_usage({**OPENAI, "usage": None})


@pytest.mark.parametrize("usage", [{"total_tokens": -1}, {"prompt_tokens": "many"}, {"prompt_tokens": 1.5}])
def test_counters_that_are_no_counts_raise(usage):
    """Negative, textual and fractional counters are inconsistent."""
    with pytest.raises(InconsistentUsageError):
        read_usage(listed(usage))


@pytest.mark.parametrize("name", ["completion_tokens", "output_tokens"])
@pytest.mark.parametrize(("total", "quantities"), [(5, {"input": 2, "output": 3}), (3, {"output": 3})])
def test_a_total_holds_the_answer_that_is_stated(name, total, quantities):
    """What is left of it is the prompt: no token is counted twice."""
    assert read_usage(listed({"total_tokens": total, name: 3})).quantities == quantities


def test_text_above_the_total_raises():
    """Text tokens can't exceed the total that holds them."""
    with pytest.raises(InconsistentUsageError):
        read_usage(listed({"text_tokens": 11, "image_pixels": 1, "total_tokens": 10}))


def test_other_lists_are_not_embeddings():
    """A list of files is no call."""
    files = {"object": "list", "data": [{"id": "file-1", "object": "file"}], "has_more": False}
    assert not openai_embeddings.recognises(files)


@pytest.mark.parametrize("holder", ["data", "embedding", "embeddings"])
def test_embeddings_that_do_not_say_what_they_are(holder):
    """GitHub Copilot's list names neither its kind nor a model; another list is none."""
    found = [{"embedding": [0.1], "index": 0}] if holder == "data" else [0.1]
    usage = read_usage({holder: found, "usage": {"prompt_tokens": 7, "total_tokens": 7}})
    assert (usage.quantities, usage.dialect) == ({"input": 7}, "embeddings")
    assert not openai_embeddings.recognises({"data": [{"id": "file-1"}], "usage": {"prompt_tokens": 7}})


def test_a_count_of_0_beside_embeddings_is_a_lower_bound():
    """What was embedded has tokens; a list of nothing has none, and a charge is believed."""
    data = [{"object": "embedding", "index": 0, "embedding": [0.1]}]
    empty = {"object": "list", "model": "voyage-3.5", "usage": {"total_tokens": 0}}
    prices = CostMap({"voyage-3.5": {"input_cost_per_token": 6e-08}})
    cost = prices.calculate({**empty, "data": data})
    assert (cost.total, cost.complete, "not_counted" in {note.code for note in cost.notes}) == (0, False, True)
    assert prices.calculate({**empty, "data": []}).complete
    charged = prices.calculate({**empty, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0, "cost": 0.002}})
    assert (charged.total, charged.complete) == (Decimal("0.002"), True)
