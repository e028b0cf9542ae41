"""Readers: one provider's response shape -> a usage. They never price.

The four common readers load with the package. The others are found in this folder when none of those
recognises a response: a module with a ``READER`` is a reader, and nothing lists them.
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import UnrecognizedResponseError
from . import anthropic, gemini, openai_chat, openai_responses
from .fields import fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reader import Reader

COMMON: tuple[Reader, ...] = (openai_chat.READER, openai_responses.READER, anthropic.READER, gemini.READER)
_BY_OBJECT = {name: reader for reader in COMMON for name in reader.objects}
_found: list[Reader] = []


def read_usage(response: object, dialect: str | None = None) -> Usage:
    """Return the usage that a response states: disjoint quantities, model, tier, region, reported cost.

    Takes a raw dict, an SDK object, a list (or any iterable) of stream chunks or events of one call, or a bare
    usage dict. ``dialect`` names how a bare usage dict counts (``openai``, ``responses``, ``anthropic``,
    ``gemini``, ``converse``) where its keys do not tell.

    >>> read_usage({"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}).quantities
    {'input': 1000, 'output': 50}

    Raises:
        UnrecognizedResponseError: no reader knows the shape.
        MissingUsageError: the shape is known, its counters are not there.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    if type(response) is dict:
        fields: Mapping[str, object] = response
        kind = response.get("object")
        if type(kind) is str:
            reader = _BY_OBJECT.get(kind)
            if reader is not None:
                return reader.read(response)
        elif dialect is None and response.get("prompt_tokens") is not None and response.keys() <= openai_chat.COUNTERS:
            # Counters and nothing else: no envelope to look for.
            return openai_chat.read_counters(response, {})
    elif isinstance(response, Usage):
        return response
    elif isinstance(response, (str, bytes, int, float)) or response is None:
        raise UnrecognizedResponseError(
            f"expected a response (dict, SDK object or list of stream chunks), got {type(response).__name__}"
        )
    else:
        found = fields_of(response)
        if found is None:
            if hasattr(response, "__aiter__"):
                raise UnrecognizedResponseError("an async stream is metered in its own loop: see llmcost.StreamMeter")
            from .streams import read_stream

            return read_stream(response)
        fields = found
        kind = fields.get("object")
        if type(kind) is str:
            reader = _BY_OBJECT.get(kind)
            if reader is not None:
                return reader.read(fields)
    for reader in COMMON:
        if reader.recognises(fields):
            return reader.read(fields)
    for reader in discovered():
        if reader.recognises(fields):
            return reader.read(fields)
    from . import bare

    usage = bare.read(fields, dialect)
    if usage is not None:
        return usage
    raise unrecognized(fields)


def discovered() -> list[Reader]:
    """Return the readers of this folder beside the common ones, loading them the first time."""
    if not _found:
        from importlib import import_module
        from pkgutil import iter_modules

        for module in sorted(iter_modules(__path__), key=lambda m: m.name):
            reader = getattr(import_module(f"{__name__}.{module.name}"), "READER", None)
            if reader is not None and reader not in COMMON:
                _found.append(reader)
        _found.sort(key=lambda reader: reader.rank)
    return _found


def unrecognized(fields: Mapping[str, object]) -> UnrecognizedResponseError:
    """Return the error for a shape that no reader knows: what was looked for, and how to go on."""
    known = ", ".join(reader.name for reader in (*COMMON, *discovered()))
    keys = ", ".join(str(key)[:40] for key in list(fields)[:12]) or "none"
    return UnrecognizedResponseError(
        f"no reader knows this response (its keys: {keys}). Looked for: {known}. "
        "Pass the counters yourself: usage={'prompt_tokens': ..., 'completion_tokens': ...} or "
        "usage=llmcost.Usage(input=..., output=...), with model="
    )
