"""Google's embeddings: tokens as floats, or billable characters for models that are sold by them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import google_embeddings, read_usage
from tests.sdks import Kind

from .billing import bill, lines

ContentEmbedding = Kind("google.genai.types.ContentEmbedding")
EmbedContentResponse = Kind("google.genai.types.EmbedContentResponse")

BY_TOKEN = {"input_cost_per_token": 1e-07}
BY_CHARACTER = {"input_cost_per_character": 2.5e-08}
PREDICTIONS = {
    "predictions": [
        {"embeddings": {"statistics": {"token_count": 6, "truncated": False}, "values": [0.1]}},
        {"embeddings": {"statistics": {"token_count": 9.0, "truncated": False}, "values": [0.1]}},
    ],
    "metadata": {"billableCharacterCount": 61},
}
TWO = {
    "embeddings": [{"values": [0.1], "statistics": {"tokenCount": count}} for count in (6, 9)],
    "metadata": {"billableCharacterCount": 61},
}
REST = {
    "embeddings": [{"values": [0.1], "statistics": {"tokenCount": 15}}],
    "metadata": {"billableCharacterCount": 61},
}


def dumped(response):
    """The SDK's object as a dict of its own names."""
    return EmbedContentResponse.model_validate(response).model_dump()


@pytest.mark.parametrize(
    ("build", "response"),
    [(dict, PREDICTIONS), (EmbedContentResponse.model_validate, TWO), (dumped, TWO), (dict, TWO), (dict, REST)],
)
@pytest.mark.parametrize(
    ("rates", "line"),
    [
        ({**BY_TOKEN, **BY_CHARACTER}, ("input", 15, Decimal("0.0000015"))),
        (BY_TOKEN, ("input", 15, Decimal("0.0000015"))),
        (BY_CHARACTER, ("input_characters", 61, Decimal("0.000001525"))),
    ],
)
def test_tokens_before_characters(build, response, rates, line):
    """The card decides: one line, in tokens if it has a price for them."""
    cost = CostMap({"e": rates}).calculate(build(response), model="e")
    assert [(found.meter, found.quantity, found.amount) for found in cost.line_items] == [line]
    assert cost.complete


def test_the_callers_characters_replace_the_responses():
    """They are not billed beside each other."""
    cost = CostMap({"e": BY_CHARACTER}).calculate(PREDICTIONS, model="e", characters=100)
    assert [(line.meter, line.quantity) for line in cost.line_items] == [("input_characters", 100)]
    assert CostMap({"e": {**BY_TOKEN, **BY_CHARACTER}}).calculate(
        PREDICTIONS, model="e", characters=100
    ).total == Decimal("0.0000015")


def test_predictions_are_of_vertex():
    """The envelope proves the cloud."""
    assert read_usage(PREDICTIONS).provider == "vertex_ai"
    assert read_usage(REST).provider is None


def test_only_one_unit_is_stated():
    """Tokens without characters are a plain quantity; characters without tokens are what there is."""
    assert read_usage({**PREDICTIONS, "metadata": {}}).quantities == {"input": 15}
    partly = {
        "predictions": [*PREDICTIONS["predictions"], {"embeddings": {"values": []}}],
        "metadata": {"billableCharacterCount": 61},
    }
    assert read_usage(partly).alternatives == (({"input_characters": 61},),)


def test_a_usage_metadata_counts_by_modality():
    """Multimodal embeddings state tokens as generateContent does."""
    metadata = {"promptTokenCount": 300, "promptTokensDetails": [{"modality": "IMAGE", "tokenCount": 258}]}
    response = {"embeddings": [{"values": [0.1]}], "usageMetadata": metadata}
    assert read_usage(response).quantities == {"input": 42, "input_image": 258}
    # Releases of the SDK for Python 3.10 do not have the field yet.
    if "usage_metadata" in EmbedContentResponse.load().model_fields:
        found = read_usage(EmbedContentResponse.model_validate(response))
        assert found.quantities == {"input": 42, "input_image": 258}


@pytest.mark.parametrize(
    "build",
    [
        lambda: {"predictions": [{"embeddings": {"values": [0.1]}}]},
        lambda: EmbedContentResponse(embeddings=[ContentEmbedding(values=[0.1])]),
    ],
    ids=["dict", "object"],
)
def test_nothing_is_counted(build):
    """The Developer API does not count for every model; that is an error and not 0."""
    with pytest.raises(MissingUsageError, match="this embedding"):
        read_usage(build())


def test_half_a_token():
    """A count is whole, even where it is a float."""
    with pytest.raises(InconsistentUsageError, match="token_count"):
        read_usage({"predictions": [{"embeddings": {"statistics": {"token_count": 1.5}}}]})


@pytest.mark.parametrize(
    "other",
    [
        {"id": "1", "embeddings": [[0.1]], "texts": ["a"], "meta": {"billed_units": {"input_tokens": 1}}},
        {"id": "1", "embeddings": {"float": [[0.1]]}, "meta": {}},
        {"object": "list", "data": [{"embedding": [0.1]}]},
        {"predictions": [{"bytesBase64Encoded": "aGk=", "mimeType": "image/png"}]},
        {"model": "m", "embeddings": [[0.1]], "prompt_eval_count": 3},
    ],
)
def test_embeddings_of_other_vendors(other):
    """Cohere's, OpenAI's and Ollama's are not taken."""
    assert not google_embeddings.READER.recognises(other)


def test_a_line_of_a_batch():
    """6 tokens at the rate of a batch: only the output of a batch repeats what was sent, as ``instance``."""
    counted = {"embeddings": {"statistics": {"token_count": 6, "truncated": False}, "values": [0.1]}}
    line = {"instance": {"content": "x"}, "predictions": [counted], "status": ""}
    row = {"input_cost_per_token": 1.5e-07, "input_cost_per_token_batches": 1.2e-07, "mode": "embedding"}
    assert bill(row, line) == lines(("input", 6, "0.00000072"))
    assert bill(row, {"predictions": [counted]}) == lines(("input", 6, "0.0000009"))
