"""OpenAI Decisions: answers to questions, at rates of their own.

https://developers.openai.com/api/docs/pricing
"""

from __future__ import annotations

from . import openai_responses
from .fields import items, sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a decision: counted like a response, billed in the ``decisions`` tier.

    >>> usage = read({"answers": [], "model": "gpt-6-luna", "usage": {"input_tokens": 40, "output_tokens": 2}})
    >>> usage.quantities, usage.service_tier
    ({'input': 40, 'output': 2}, 'decisions')

    Raises:
        MissingUsageError: the tokens are not stated.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this decision")
    facts: dict[str, object] = {"service_tier": "decisions", "model": text(fields, "model")}
    return openai_responses.read_counters(counters, facts, "decisions")


_ANSWERS = ("predicate", "choice", "score", "refusal")


def recognises(fields: Fields) -> bool:
    """Return whether this is a decision."""
    if "usage" not in fields or not isinstance(fields.get("answers"), (list, tuple)):
        return False
    answers = items(fields, "answers")
    if answers:
        return answers[0].get("type") in _ANSWERS
    return "input_tokens" in (sub(fields, "usage") or {})


READER = Reader("OpenAI Decisions", recognises, read, {"usage": openai_responses.BLOCK}, whole="input_tokens")
