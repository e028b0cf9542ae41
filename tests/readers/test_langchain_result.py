"""LangChain's results of callbacks, and usages by model."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

USAGE = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100, "input_token_details": {"cache_read": 800}}
MESSAGE = {
    "content": "x",
    "type": "ai",
    "usage_metadata": USAGE,
    "response_metadata": {"model_name": "gpt-4o-2024-08-06"},
}
RESULT = {
    "generations": [[{"text": "x", "generation_info": {"finish_reason": "stop"}, "message": MESSAGE}]],
    "llm_output": {"token_usage": {"prompt_tokens": 1000, "completion_tokens": 100}, "model_name": "gpt-4o"},
    "run": None,
    "type": "LLMResult",
}
DUMPED = {
    "generations": [
        [
            {
                "text": "x",
                "message": {"lc": 1, "type": "constructor", "id": ["langchain", "AIMessage"], "kwargs": MESSAGE},
            }
        ]
    ],
    "llm_output": None,
}
by_model = {"gpt-4o-2024-08-06": USAGE, "o3": {"input_tokens": 20, "output_tokens": 5, "total_tokens": 25}}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 100}


@pytest.mark.parametrize("result", [RESULT, DUMPED])
def test_the_usage_of_the_message(result):
    """It has the details that the output of the model leaves out."""
    usage = read_usage(result)
    assert (usage.quantities, usage.model, usage.context) == (QUANTITIES, "gpt-4o-2024-08-06", 1000)


def test_answers_to_one_prompt_and_several_prompts():
    """Two answers repeat the usage of one call; two prompts are two calls, each with its own context."""
    ((generation,),) = RESULT["generations"]
    assert read_usage({**RESULT, "generations": [[generation, generation]]}).quantities == QUANTITIES
    usage = read_usage({**RESULT, "generations": [[generation], [generation]]})
    assert [(part.quantities, part.context) for part in usage.parts] == [(QUANTITIES, 1000)] * 2
    assert usage.model == "gpt-4o-2024-08-06"


def test_a_prompt_without_a_usage():
    """It is left out, which makes a lower bound."""
    ((generation,),) = RESULT["generations"]
    usage = read_usage({**RESULT, "generations": [[generation], [{"text": "y"}]]})
    assert (usage.quantities, usage.partial, [note.code for note in usage.notes]) == (QUANTITIES, True, ["left_out"])


def test_models_without_messages():
    """The output of the model is all prompts together."""
    legacy = {"generations": [[{"text": "x"}], [{"text": "y"}]], "llm_output": RESULT["llm_output"]}
    usage = read_usage(legacy)
    assert (usage.quantities, usage.model, usage.aggregate) == ({"input": 1000, "output": 100}, "gpt-4o", True)
    with pytest.raises(MissingUsageError):
        read_usage({"generations": [[{"text": "x"}]], "llm_output": None})


def test_usages_by_model():
    """What the handler of callbacks adds up: a part for each model."""
    usage = read_usage({"usage_metadata": by_model})
    assert [(part.model, part.quantities, part.aggregate) for part in usage.parts] == [
        ("gpt-4o-2024-08-06", QUANTITIES, True),
        ("o3", {"input": 20, "output": 5}, True),
    ]


def test_objects_of_the_package():
    """A callback receives an object."""
    outputs = pytest.importorskip("langchain_core.outputs")
    messages = pytest.importorskip("langchain_core.messages")
    message = messages.AIMessage("x", usage_metadata=USAGE, response_metadata=MESSAGE["response_metadata"])
    result = outputs.LLMResult(generations=[[outputs.ChatGeneration(message=message)]])
    assert read_usage(result).quantities == QUANTITIES
    callbacks = pytest.importorskip("langchain_core.callbacks")
    handler = callbacks.UsageMetadataCallbackHandler()
    handler.on_llm_end(result)
    assert read_usage(handler).quantities == QUANTITIES
    load = pytest.importorskip("langchain_core.load")
    assert read_usage(load.dumpd(message)).quantities == QUANTITIES


@pytest.mark.parametrize("generations", [5, 1e308, float("inf"), len, "x", {}])
def test_generations_that_are_no_list(generations):
    """They state nothing; what the result itself states is read."""
    result = {"generations": generations, "llm_output": {"token_usage": {"prompt_tokens": 9, "completion_tokens": 2}}}
    run = {"run_type": "llm", "outputs": result}
    assert read_usage(run).quantities == {"input": 9, "output": 2}


def test_generations_of_another_api():
    """A job of Azure for videos is no result of LangChain's."""
    job = {"object": "video.generation.job", "status": "succeeded", "generations": [{"id": "g"}], "n_seconds": 5}
    with pytest.raises(UnrecognizedResponseError):
        read_usage(job)
