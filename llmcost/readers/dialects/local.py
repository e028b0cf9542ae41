"""llama.cpp and LM Studio, which run models on the caller's own machine: what they answer is no seller's.

llama.cpp states how long it took in ``timings``, LM Studio has ``stats``. The names of models are the caller's, or
those of makers whose prices do not hold there. https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md,
https://lmstudio.ai/docs/developer/openai-compat
"""

from __future__ import annotations

from ..fields import sub
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the server that the response proves."""
    del counters
    if usage.provider is not None:
        return usage
    if "predicted_n" in (sub(fields, "timings") or ()):
        usage.provider = "llama_cpp"
    elif sub(fields, "stats") is not None and _names_its_model(fields):
        usage.provider = "lm_studio"
    return usage


def _names_its_model(fields: Fields) -> bool:
    """Return whether the fingerprint is the model, or the model is described, as LM Studio alone has it."""
    return "model_info" in fields or fields.get("system_fingerprint") == fields.get("model")
