"""Input and output under the names of one API: each of its pages has the example that is reduced here."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage

from .billing import bill, lines

ALEPH_ALPHA = {
    "model_version": "2022-12",
    "completions": [{"completion": "Hi", "finish_reason": "maximum_tokens"}],
    "num_tokens_prompt_total": 31,
    "num_tokens_generated": 12,
}
LLAMA_CPP = {
    "content": "Hi",
    "stop": True,
    "model": "m",
    "tokens_predicted": 12,
    "tokens_evaluated": 31,
    "tokens_cached": 42,
    "timings": {"prompt_n": 31, "predicted_n": 12},
}
LM_STUDIO = {
    "model_instance_id": "m",
    "output": [{"type": "message", "content": "Hi"}],
    "stats": {
        "input_tokens": 31,
        "total_output_tokens": 12,
        "reasoning_output_tokens": 0,
        "tokens_per_second": 43.7,
        "time_to_first_token_seconds": 0.78,
    },
    "response_id": "r",
}
YANDEX = {
    "result": {
        "alternatives": [{"message": {"role": "assistant", "text": "Hi"}, "status": "ALTERNATIVE_STATUS_FINAL"}],
        "usage": {
            "inputTextTokens": "31",
            "completionTokens": "12",
            "totalTokens": "43",
            "completionTokensDetails": {"reasoningTokens": "0"},
        },
        "modelVersion": "23.10.2024",
    }
}
HUNYUAN = {
    "Response": {
        "RequestId": "r",
        "Created": 1790000000,
        "Usage": {"PromptTokens": 31, "CompletionTokens": 12, "TotalTokens": 43},
        "Choices": [{"Message": {"Role": "assistant", "Content": "Hi"}}],
    }
}
ORACLE = {
    "modelId": "m",
    "modelVersion": "1.0",
    "chatResponse": {
        "apiFormat": "GENERIC",
        "choices": [{"index": 0, "message": {"role": "ASSISTANT"}, "finishReason": "stop"}],
        "usage": {"promptTokens": 31, "completionTokens": 12, "totalTokens": 43, "completionTokensDetails": None},
    },
}
SPARK = {
    "header": {"code": 0, "message": "Success", "sid": "s", "status": 2},
    "payload": {
        "choices": {"status": 2, "seq": 0, "text": [{"content": "Hi", "role": "assistant", "index": 0}]},
        "usage": {
            "text": {"question_tokens": 4, "prompt_tokens": 31, "completion_tokens": 12, "total_tokens": 43},
        },
    },
}
SIDES = {"input_tokens": 31, "output_tokens": 12}
REKA = {"id": "r", "responses": [{"message": {"content": "Hi"}, "finish_reason": "stop"}], "usage": SIDES}
TENSOR_ZERO = {"inference_id": "i", "variant_name": "v", "content": [{"type": "text", "text": "Hi"}], "usage": SIDES}
ZHIPU_OCR = {
    "model": "m",
    "md_results": "Hi",
    "data_info": {"num_pages": 2},
    "usage": {"prompt_tokens": 31, "completion_tokens": 12, "total_tokens": 43},
}
FORMS = {
    "Reka": REKA,
    "TensorZero": TENSOR_ZERO,
    "Zhipu's OCR": ZHIPU_OCR,
    "Aleph Alpha": ALEPH_ALPHA,
    "llama.cpp": LLAMA_CPP,
    "LM Studio": LM_STUDIO,
    "Yandex": YANDEX,
    "Yandex, the result alone": YANDEX["result"],
    "Oracle": ORACLE,
    "Spark": SPARK,
    "Hunyuan": HUNYUAN,
    "Hunyuan's SDK": HUNYUAN["Response"],
}


@pytest.mark.parametrize("response", FORMS.values(), ids=FORMS)
def test_both_sides(response):
    """31 x 3e-5 and 12 x 3.3e-5; nothing else in them counts."""
    row = {"input_cost_per_token": 3e-05, "output_cost_per_token": 3.3e-05}
    assert bill(row, response) == lines(("input", 31, "0.00093"), ("output", 12, "0.000396"))
    assert not read_usage(response).unread


def test_reasoning_is_inside():
    """Of 12 tokens 5 are reasoning."""
    stats = {**LM_STUDIO["stats"], "reasoning_output_tokens": 5}
    assert read_usage({**LM_STUDIO, "stats": stats}).quantities == {"input": 31, "output": 7, "reasoning": 5}
    used = {**YANDEX["result"]["usage"], "completionTokensDetails": {"reasoningTokens": "5"}}
    assert read_usage({"result": {"usage": used}}).quantities == {"input": 31, "output": 7, "reasoning": 5}


def test_the_cache_is_inside():
    """Of 31 tokens 20 come from the cache; Oracle names the model beside its response."""
    used = {**ORACLE["chatResponse"]["usage"], "promptTokensDetails": {"cachedTokens": 20}}
    usage = read_usage({**ORACLE, "chatResponse": {**ORACLE["chatResponse"], "usage": used}})
    assert (usage.quantities, usage.model) == ({"input": 11, "cache_read": 20, "output": 12}, "m")


@pytest.mark.parametrize("response", [REKA, TENSOR_ZERO])
def test_the_names_place_a_cache_of_which_the_page_says_nothing(response):
    """Anthropic's names count it beside the input, and cached_tokens of OpenAI's inside."""
    for name, fresh in (("cache_read_input_tokens", 31), ("cached_tokens", 11)):
        found = read_usage({**response, "usage": {**SIDES, name: 20}}).quantities
        assert found == {"input": fresh, "cache_read": 20, "output": 12}


def test_the_cost_of_a_gateway_is_no_bill():
    """TensorZero adds it up by the rates of its operator."""
    usage = read_usage({**TENSOR_ZERO, "usage": {**SIDES, "cost": 0.5}})
    assert (usage.reported, [note.code for note in usage.notes]) == (None, ["cost_not_used"])


def test_unknown_counters_are_noted():
    """Where nothing but counters stands."""
    assert read_usage({**LM_STUDIO, "stats": {**LM_STUDIO["stats"], "zzz": 7}}).unread == {"zzz": 7}


def test_what_is_missing_or_contradicts():
    """A side that is null is missing, and is not 0; reasoning above the output is the output."""
    with pytest.raises(MissingUsageError):
        read_usage({**ALEPH_ALPHA, "num_tokens_generated": None})
    with pytest.raises(InconsistentUsageError):
        read_usage({**ALEPH_ALPHA, "num_tokens_generated": -1})
    stats = {**LM_STUDIO["stats"], "reasoning_output_tokens": 13}
    assert read_usage({**LM_STUDIO, "stats": stats}).quantities == {"input": 31, "reasoning": 12}


def test_a_model_that_does_not_reason():
    """LM Studio leaves the reasoning out then: input and output are enough to know its names."""
    stats = {"input_tokens": 31, "total_output_tokens": 12}
    assert read_usage({**LM_STUDIO, "stats": stats}).quantities == {"input": 31, "output": 12}


def test_whose_prices_are_meant():
    """Oracle sells models of others under names that Bedrock has too, and LM Studio runs them on one's own machine."""
    assert (read_usage(ORACLE).provider, read_usage(LM_STUDIO).provider) == ("oci", "lm_studio")
    assert read_usage(REKA).provider is None
