"""Readers: one provider's response shape -> a usage. They never price."""

from __future__ import annotations

from ..core.late import Late
from ..core.stated import NOTHING_MORE
from ..core.usage import Usage
from ..errors import InconsistentUsageError, UnrecognizedResponseError
from . import openai_chat
from .fields import fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core import copied, refusing
    from . import known, nothing

else:
    # The common call needs one reader.
    copied = Late("llmcost.core.copied")
    known = Late("llmcost.readers.known")
    nothing = Late("llmcost.readers.nothing")
    refusing = Late("llmcost.core.refusing")

_CHAT, _read_chat = frozenset(openai_chat.READER.objects), openai_chat.READER.read


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
        InconsistentUsageError: counters contradict each other or are no counts, or may be read in several ways of which
            nothing tells the right one; ``.readings`` are the usages that they may mean.
    """
    try:
        usage = stated_usage(response, dialect)
    except Exception as error:
        refusing.refuse(error, response=response, dialect=dialect)
        raise
    if usage.more is not NOTHING_MORE and usage.undecided is not None and usage.reported is None:
        raise InconsistentUsageError(usage.undecided, readings=usage.readings)
    return usage


def stated_usage(response: object, dialect: str | None = None) -> Usage:
    """Return the usage of ``read_usage``; one that may be read in several ways has them in ``readings``."""
    if type(response) is not dict:
        usage = _of_object(response, dialect)
    elif type(kind := response.get("object")) is str:
        usage = _read_chat(response) if kind in _CHAT else known.read_known(response, dialect)
    elif dialect is None and type(response.get("prompt_tokens")) is int and openai_chat.COUNTERS.issuperset(response):
        # Counters and nothing else: no envelope to look for.
        try:
            found = openai_chat.quickly(response, openai_chat.NO_FACTS, "openai")
            usage = openai_chat.read_alone(response) if found is None else found
        except TypeError:
            # An empty cell of a table that cannot be asked whether it is true: read with care.
            usage = known.read_known(response, dialect)
    else:
        usage = known.read_known(response, dialect)
    return usage if usage.quantities else nothing.doubted(response, usage)


def _of_object(response: object, dialect: str | None) -> Usage:
    """Return the usage of anything but a dict: an object of an SDK, a usage, or the chunks of a stream."""
    if isinstance(response, Usage):
        return copied.copied(response)
    if isinstance(response, (str, bytes, int, float, type)) or response is None:
        raise _no_response(response)
    found = fields_of(response)
    if type(found) is not dict:
        _refuse_carrier(response)
    if found is None:
        if hasattr(response, "__aiter__"):
            raise UnrecognizedResponseError("an async stream is metered in its own loop: see llmcost.StreamMeter")
        from .streams import read_stream

        return read_stream(response)
    if str(type(response).__module__)[:7] == "litellm":
        from .litellm_hidden import read_object

        return read_object(response, found, lambda fields: _read(fields, dialect))
    return _read(found, dialect)


def _no_response(value: object) -> UnrecognizedResponseError:
    """Return the error for a text, a number or nothing, which is no response."""
    text = isinstance(value, (str, bytes))
    way = "json.loads reads JSON text" if text else "pass the whole response, or its counters as usage= with model="
    kind = "None" if value is None else f"of type {type(value).__name__}"
    return UnrecognizedResponseError(
        f"a response is a dict, an object of an SDK or the list of a stream's chunks; this is {kind}: {way}"
    )


def _refuse_carrier(response: object) -> None:
    """Refuse the path of a file and a response of HTTP: only the caller may read what they carry."""
    kind = type(response)
    if hasattr(kind, "__fspath__"):
        raise UnrecognizedResponseError("this is the path of a file: pass what json.load() reads of it")
    if hasattr(kind, "parse") and hasattr(kind, "headers"):
        # What the SDKs of OpenAI, Anthropic and others give for with_raw_response.
        raise UnrecognizedResponseError("this is a raw response of an SDK: pass what its method parse() returns")
    if hasattr(kind, "json") and hasattr(response, "status_code") and hasattr(response, "headers"):
        raise UnrecognizedResponseError("this is an HTTP response: pass what its method json() returns")


def _read(fields: Mapping[str, object], dialect: str | None) -> Usage:
    """Return the usage of an object's fields."""
    kind = fields.get("object")
    if type(kind) is str and kind in _CHAT:
        return _read_chat(fields)
    return known.read_known(fields, dialect)
