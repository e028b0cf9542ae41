"""Text Generation Inference, the native route of Hugging Face's server; its /v1 route speaks OpenAI's.

``details`` counts the tokens generated. The prompt is counted only through ``prefill``, which is empty unless it is
asked for, and by the last event of a stream. https://huggingface.co/docs/text-generation-inference
"""

from __future__ import annotations

from ..core.usage import Usage
from .chunk_reader import LastChunkReader
from .fields import count, sub
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_BLOCK = Block(
    "generated_tokens",
    "input_length",
    ignored={
        "prefill": "the tokens of the prompt themselves, one in each row",
        "tokens": "the tokens of the answer themselves",
        "seed": "a setting of the request",
        "best_of_sequences": "the answers that were not chosen",
    },
)


def read(fields: Fields) -> Usage:
    """Return the usage of a generation.

    >>> details = {"generated_tokens": 20, "prefill": [{"id": 1}, {"id": 2}, {"id": 3}]}
    >>> read({"generated_text": "x", "details": details}).quantities
    {'input': 3, 'output': 20}

    Raises:
        MissingUsageError: there are no details, or none of the prompt.
        InconsistentUsageError: a counter is no count.
    """
    details = sub(fields, "details")
    if details is None or details.get("generated_tokens") is None:
        raise missing(
            "this generation", "Ask for it with details=true and decoder_input_details=true, or pass duration=."
        )
    prefill = details.get("prefill")
    prompt = count(details, "input_length") or (len(prefill) if isinstance(prefill, (list, tuple)) else 0)
    if not prompt:
        raise missing("a generation without its prefill", "Ask for it with decoder_input_details=true, or pass usage=.")
    answer = count(details, "generated_tokens")
    quantities: dict[str, int | float] = {"input": prompt, "output": answer}
    return Usage.of(quantities, prompt, "tgi", {})


def recognises(fields: Fields) -> bool:
    """Return whether this is a generation."""
    return type(fields.get("generated_text")) is str and "choices" not in fields


def _is_event(fields: Fields) -> bool:
    return "token" in fields and "generated_text" in fields


def _last(event: Fields) -> Fields | None:
    """Return the last event, which has the details; the others have a token each."""
    return event if event.get("details") else None


READER = Reader(
    "Text Generation Inference",
    recognises,
    read,
    {"details": _BLOCK},
    chunk=_is_event,
    stream=lambda: LastChunkReader(read, _last),
)
