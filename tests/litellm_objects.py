"""Objects of LiteLLM's own classes; a test that asks for one is skipped where LiteLLM is not installed."""

from __future__ import annotations

import logging
import os
import warnings
from importlib import import_module

from tests.sdks import optional

# It would ask a server for its prices at import.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)

_MODULES = {
    "VideoObject": "litellm.types.videos.main",
    "SearchResponse": "litellm.llms.base_llm.search.transformation",
    "OCRResponse": "litellm.llms.base_llm.ocr.transformation",
    "RerankResponse": "litellm.types.rerank",
    "LiteLLMRealtimeStreamLoggingObject": "litellm.types.utils",
}


def class_of(name):
    """Return a class of LiteLLM's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optional("litellm")
        return getattr(import_module(_MODULES.get(name, "litellm")), name)


def made(name, hidden=None, **fields):
    """Return an object of a class of LiteLLM's, with what it hides beside the fields."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = class_of(name)(**fields)
    found._hidden_params = hidden or {}
    return found


def answer(model, prompt, completion, hidden=None, **details):
    """Return a ``ModelResponse`` with such counters; ``details`` are those of the prompt."""
    usage = class_of("Usage")(
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=prompt + completion,
        prompt_tokens_details=details or None,
    )
    return made("ModelResponse", hidden, model=model, usage=usage)
