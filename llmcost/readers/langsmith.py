"""LangSmith: a run as the client returns it, as an export or a webhook has it.

Its costs are calculated by prices of LangSmith. A run of a chain or an agent adds up the runs below it.
https://docs.langchain.com/langsmith/run-data-format
"""

from __future__ import annotations

from ..core.exact import plus
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import UsageError
from . import langchain, langchain_result
from .dialects.reported import doubt_cost
from .fields import items, sub, text, when
from .framework import HANDED_ON, read_bare, summed
from .langchain_provider import add_stated, fees_of
from .logged import Logged
from .openai_calls import add_calls
from .reader import Reader, missing
from .span import RUNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_MODEL = ("model", "model_name", "model_id")


def read(fields: Fields) -> Usage:
    """Return the usage of a run.

    >>> usage = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> about = {"metadata": {"ls_model_name": "gpt-4o", "ls_provider": "openai"}}
    >>> found = read({"run_type": "llm", "extra": about, "outputs": {"usage_metadata": usage}})
    >>> found.model, found.named_provider, found.quantities
    ('gpt-4o', 'openai', {'input': 9, 'output': 2})

    Raises MissingUsageError if the run states no tokens.
    """
    outputs, extra = sub(fields, "outputs") or {}, sub(fields, "extra") or {}
    about = sub(extra, "metadata") or {}
    holders = (fields, outputs, about)
    counters, top = next((found for holder in holders if (found := sub(holder, "usage_metadata"))), None), _top(fields)
    if _is_kept(counters, outputs):
        usage = Usage.of({}, 0, "langsmith", {"free": langchain.KEPT})
    elif counters is not None:
        usage = read_bare(counters, "this run of LangSmith", "langchain")
        doubt_cost(usage, counters, "total_cost")
    elif top is not None:
        usage = read_bare(top, "this run of LangSmith", "langchain")
        usage.dialect = "langsmith"
    elif "generations" in outputs:
        usage = langchain_result.read(outputs)
    else:
        raise missing("this run of LangSmith")
    if usage.model is None:
        usage.model = _model(about, extra, fields)
    provider, at = text(about, "ls_provider"), when(fields, "start_time")
    for name, value in (("named_provider", provider), ("at", at)):
        if value is not None:
            setattr(usage, name, value)
    if usage.free is None and (counters is not None or top is not None):
        _add_stated(usage, outputs)
    if usage.free is None:
        doubt_cost(usage, fields, "total_cost")
    kind = text(fields, "run_type")
    if kind not in RUNS:
        said = f"a run of the kind {kind} adds up the runs below it: price either it or them"
        usage = summed(usage)
        usage.notes = (*usage.notes, Note("sum_of_spans", said, "usage"))
    return usage


def _add_stated(usage: Usage, outputs: Fields) -> None:
    """Add what only the provider says of an answer, which a run may hold as LangChain's or as the provider's.

    Of several answers the run has the sum of the tokens, and each may have fees.
    """
    messages = langchain_result.messages_of(outputs) or [outputs]
    if len(messages) > 1:
        if all(sub(message, "usage_metadata") is None for message in messages):
            return
        try:
            together = langchain_result.read(outputs)
        except UsageError:
            # The run counts the tokens of all answers, whatever one of them lacks.
            return
        for answer in together.parts or (together,):
            for meter, units in fees_of(answer).items():
                usage.quantities[meter] = plus(usage.quantities.get(meter, 0), units)
            usage.alternatives = (*usage.alternatives, *answer.alternatives)
        return
    add_stated(usage, messages[0], sub(messages[0], "response_metadata") or {})
    add_calls(usage, items(outputs, "output"), items(outputs, "tools"))


def _is_kept(counters: Fields | None, outputs: Fields) -> bool:
    """Return whether the answers come from LangChain's cache: the run counts their tokens all the same."""
    if counters is not None:
        return langchain.is_kept(counters)
    found = [sub(message, "usage_metadata") for message in langchain_result.messages_of(outputs)]
    return bool(found) and all(one is not None and langchain.is_kept(one) for one in found)


def _top(fields: Fields) -> Fields | None:
    """Return the counters that stand in the run itself, by LangChain's names."""
    if fields.get("prompt_tokens") is None or fields.get("completion_tokens") is None:
        return None
    return {
        "input_tokens": fields["prompt_tokens"],
        "output_tokens": fields["completion_tokens"],
        "total_tokens": fields.get("total_tokens"),
        "input_token_details": sub(fields, "prompt_token_details"),
        "output_token_details": sub(fields, "completion_token_details"),
    }


def _model(about: Fields, extra: Fields, fields: Fields) -> str | None:
    named = text(about, "ls_model_name")
    holders = (sub(extra, "invocation_params") or {}, sub(sub(fields, "serialized") or {}, "kwargs") or {})
    return named or next((found for holder in holders for name in _MODEL if (found := text(holder, name))), None)


def recognises(fields: Fields) -> bool:
    """Return whether this is a run."""
    return "run_type" in fields


READER = Reader(
    "LangSmith run",
    recognises,
    read,
    HANDED_ON,
    rank=45,
    logged=Logged(
        id=("id",),
        time=("start_time",),
        user=("extra.metadata.user_id",),
        session=("extra.metadata.session_id", "extra.metadata.thread_id"),
        tags=("tags",),
    ),
)
