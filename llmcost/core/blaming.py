"""Which argument made a function fail: the first that is not what the signature says. Loaded when one fails."""

from __future__ import annotations

import inspect
import re
from datetime import date, datetime, tzinfo
from decimal import Decimal

from ..errors import ArgumentError, LLMCostError, shown, told
from ..errors.foreign_values import class_name, has_method, module_name
from ..errors.warning_classes import LLMCostWarning
from .refusing import refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _has(*names: str) -> Callable[[object], bool]:
    """Return the test whether the class of a value has these methods: a mock has every attribute, its class has not."""
    return lambda value: all(has_method(type(value), name) for name in names)


def _is(*kinds: type) -> Callable[[object], bool]:
    return lambda value: issubclass(type(value), kinds)


def _is_whole(value: object) -> bool:
    return type(value) is not bool and has_method(type(value), "__index__")


def _is_number(value: object) -> bool:
    return _is_whole(value) or issubclass(type(value), float)


# The words of annotations whose values can be checked; for every other word any value is right.
_KINDS: dict[str, Callable[[object], bool]] = {
    "str": _is(str),
    "bytes": _is(bytes),
    "bool": _is(bool),
    "int": _is_whole,
    "float": _is_number,
    "Decimal": _is(Decimal),
    "None": _is(type(None)),
    "date": _is(date),
    "datetime": _is(datetime),
    "tzinfo": _is(tzinfo),
    "Mapping": _has("keys", "__getitem__"),
    "Iterable": _has("__iter__"),
    "Callable": callable,
    "os.PathLike": _has("__fspath__"),
    "TextIO": _has("write"),
    "IO": _has("write"),
}
_KINDS["Sequence"] = _KINDS["Collection"] = _KINDS["Iterable"]
# Classes of ours, told by name: this room imports none of theirs.
_OURS = frozenset({"CostMap", "SpendLog", "Bill", "Record", "TrackedCall", "Cost", "Sheet", "Tracker", "Usage"})
# What these hold is looked into: a value of a foreign type in it may be the cause. Of a path only its text is used.
_LOOKED_INTO = frozenset(
    {"TrackedCall", "Usage", "str", "int", "float", "bool", "Decimal", "object", "Mapping", "date"}
)
# An array in the place of one of a few values defines an equality and a truth of its own.
_ARRAYS = frozenset({"numpy", "pandas"})


def blame(
    error: Exception, function: Callable[..., object], given: tuple[object, ...], named: Mapping[str, object]
) -> None:
    """Raise the ArgumentError for the argument that made a call fail.

    Return if ``error`` is an error or a warning of llmcost, or if every argument is what it has to be; the caller
    raises it then.
    """
    if isinstance(error, (LLMCostError, LLMCostWarning)):
        return
    signature = inspect.signature(function)
    try:
        arguments = signature.bind(*given, **named).arguments
    except TypeError:
        return  # an argument is missing or unknown: Python has said so
    known = {name: str(signature.parameters[name].annotation) for name in arguments}
    known = {name: words for name, words in known.items() if words != "inspect._empty"}
    if isinstance(error, OSError) and _said_by_the_system(error):
        _blame_path(error, {name: arguments[name] for name, words in known.items() if "os.PathLike" in words})
    kinds = {name: [word.partition("[")[0].strip() for word in _alternatives(words)] for name, words in known.items()}
    looked_into = {}
    for name, words in kinds.items():
        value = arguments[name]
        if signature.parameters[name].kind in {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}:
            continue
        fitting = next((word for word in words if _fits(value, word)), None)
        if fitting is None:
            said = " or ".join(_alternatives(known[name]))
            raise ArgumentError(f"{name}={shown(value)}: it has to be {said}") from error
        if type(value) is str and not _can_be_written(value):
            raise ArgumentError(f"{name}={shown(value)}: no file and no database holds such text") from error
        room = module_name(type(value)).partition(".")[0]
        if room in _ARRAYS or fitting in _LOOKED_INTO:
            looked_into[name] = value
    # No type is the cause of what the system says of a file.
    if not isinstance(error, OSError):
        refuse(error, **looked_into)


def _blame_path(error: OSError, paths: Mapping[str, object]) -> None:
    """Raise the ArgumentError for the path that a system refuses; what is open already is no path."""
    for name, value in paths.items():
        if issubclass(type(value), str) or _KINDS["os.PathLike"](value):
            raise ArgumentError(f"{name}={shown(value)}: {told(_said_by_the_system(error))}") from error


def _said_by_the_system(error: OSError) -> object:
    """Return why the system refuses; a class of the caller's may have code in the place of that."""
    return OSError.strerror.__get__(error)  # type: ignore[union-attr]


def _alternatives(annotation: str) -> list[str]:
    """Return the alternatives of an annotation.

    >>> _alternatives("Callable[[A | B], object] | None")
    ['Callable[[A | B], object]', 'None']
    """
    depth, found = 0, [""]
    for part in re.split(r"([\[\]|])", annotation):
        depth += (part == "[") - (part == "]")
        if part == "|" and not depth:
            found.append("")
        else:
            found[-1] += part
    return [text.strip() for text in found]


def _fits(value: object, word: str) -> bool:
    if word in _OURS:
        return any(class_name(base) == word for base in type.mro(type(value)))
    return word not in _KINDS or _KINDS[word](value)


def _can_be_written(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
