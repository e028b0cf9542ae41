"""Which readers there are, and which of them reads a response that is whole.

The reader of chat completions loads with the package, the other common ones with the first response that it does
not recognise, and the rest when none of the common ones recognises a response. These are found in this folder: a
module with a ``READER`` is a reader, and nothing lists them.
"""

from __future__ import annotations

from ..errors import UnrecognizedResponseError
from . import anthropic, gemini, openai_chat, openai_responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields, Reader

COMMON: tuple[Reader, ...] = (openai_chat.READER, openai_responses.READER, anthropic.READER, gemini.READER)
BY_OBJECT = {name: reader for reader in COMMON for name in reader.objects}
BY_TYPE = {name: reader for reader in COMMON for name in reader.types}
_discovered: list[Reader] = []
# What LiteLLM keeps beside a response, of any envelope.
_HIDDEN = "_hidden_params"


def read_known(fields: Fields, dialect: str | None = None) -> Usage:
    """Return the usage of any fields, by the reader that their ``object`` or ``type`` names, else by the first one.

    Raises UnrecognizedResponseError if no reader recognises them.
    """
    kind = fields.get("object")
    if type(kind) is str:
        reader = BY_OBJECT.get(kind)
        if reader is not None:
            return reader.read(fields)
    else:
        kind = fields.get("type")
        reader = BY_TYPE.get(kind) if type(kind) is str else None
        if reader is not None and _HIDDEN not in fields and reader.recognises(fields):
            try:
                return reader.read(fields)
            except TypeError:
                pass  # an empty cell of a table that cannot be asked whether it is true: read with care
    return read_whole(fields, dialect)


def read_whole(fields: Fields, dialect: str | None = None) -> Usage:
    """Return the usage of a whole response or of a bare usage, by the first reader that recognises its fields.

    Raises UnrecognizedResponseError if no reader does.
    """
    try:
        return _read_whole(fields, dialect)
    except TypeError:
        from ..core.scalars import own_fields

        plain = own_fields(fields)
        if plain is fields:
            raise
    # An empty cell that is pandas.NA cannot even be asked whether it is true.
    return _read_whole(plain, dialect)


def _read_whole(fields: Fields, dialect: str | None) -> Usage:
    if _HIDDEN in fields:
        from .litellm_hidden import read_dict

        return read_dict(fields, lambda rest: read_whole(rest, dialect))
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
    found = find_reader(fields)
    if found is None or found.stream is None:
        usage = bare.read_around(fields, dialect, _reader_of) or _read_around(fields)
        if usage is None:
            raise unrecognized(fields)
        return usage
    # One event of a stream: the last one often holds the whole response.
    stream = found.stream()
    stream.feed(fields)
    return stream.usage()


def _read_around(fields: Fields) -> Usage | None:
    """Return the usage of an object that is of no API itself, and holds a response, or counters of models."""
    from .by_model import read_models
    from .wrapped import read_inside

    return read_inside(fields, _reader_of) or read_models(fields)


def _reader_of(fields: Fields) -> Reader | None:
    return next((reader for reader in (*COMMON, *discovered()) if reader.recognises(fields)), None)


def find_reader(fields: Fields) -> Reader | None:
    """Return the reader whose stream a chunk belongs to, or None."""
    for reader in COMMON:
        if reader.stream is not None and reader.chunk(fields):
            return reader
    for reader in discovered():
        if reader.stream is not None and reader.chunk(fields):
            return reader
    return None


def is_whole(fields: Fields) -> bool:
    """Return whether a reader recognises a whole response in these fields."""
    return _reader_of(fields) is not None


def discovered() -> list[Reader]:
    """Return the readers of this folder beside the common ones, loading them the first time."""
    if not _discovered:
        import sys
        from importlib import import_module
        from pkgutil import iter_modules

        found = []
        for module in sorted(iter_modules(sys.modules[__package__].__path__), key=lambda m: m.name):
            reader = getattr(import_module(f"{__package__}.{module.name}"), "READER", None)
            if reader is not None and reader not in COMMON:
                found.append(reader)
        # All at once: another thread that saw a part of them would not know a response that it has.
        _discovered[:] = sorted(found, key=lambda reader: reader.rank)
    return _discovered


def unrecognized(fields: Fields) -> UnrecognizedResponseError:
    """Return the error for a shape that no reader knows: its keys, and how to go on."""
    keys = ", ".join(str(key)[:40] for key in list(fields)[:12]) or "none"
    if keys == "error":
        return UnrecognizedResponseError(
            "this is an error of the provider: it states no usage, so that there is nothing to price"
        )
    return UnrecognizedResponseError(
        f"no reader knows this response (its keys: {keys}), of the {len(COMMON) + len(discovered())} that there are. "
        "Pass the whole response, or the counters yourself: usage={'prompt_tokens': ..., 'completion_tokens': ...} or "
        "usage=llmcost.Usage(input=..., output=...), with model="
    )
