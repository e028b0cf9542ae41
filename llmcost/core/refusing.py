"""The error that names the value of a foreign type which made reading fail. This loads when something failed.

A response may hold any object, and the code of the object runs when it is read: a property may raise, an array may
refuse to be true or false. This is a fault of the response and not of the reader: the error says where the object is.
"""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from ..errors import ArgumentError, LLMCostError, UnrecognizedResponseError, shown, told
from ..errors.foreign_values import class_name, has_known_zone, is_one_of, module_name
from ..errors.printing import is_told
from ..errors.warning_classes import LLMCostWarning
from .copied import copied
from .usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

_PLAIN = frozenset({bool, float, str, bytes, Decimal, type(None)})
# Types of the standard library that raise nothing of their own.
_TIMES = "datetime"
_OURS = "llmcost."
_HOLDERS = frozenset({dict, list, tuple})
_MOST_VALUES, _DEEPEST, _LONGEST_NAME, _LONGEST_SAID = 20_000, 100, 80, 200
# A larger int has no text and no float.
_LARGEST = 10**300
# What hands out the attributes of an object, and those of a module.
_ATTRIBUTES = frozenset({"getset_descriptor", "member_descriptor"})
# _ANSWERS are arguments that hold an answer; all others hold what the caller says of it.
_NOT_LOOKED_INTO = frozenset({"builtins", "pydantic", "pydantic_core", "numpy", "pandas"})
_ANSWERS = frozenset({"response", "completion_response", "usage", "usage_object", "chunk"})


def refuse(error: Exception, /, **values: object) -> None:
    """Raise a UsageError for a foreign object in a response, or an ArgumentError for one in an argument.

    Return if ``error`` is an error or a warning of llmcost, or if there is no value that can be the cause; the caller
    raises it then.
    """
    if isinstance(error, (LLMCostError, LLMCostWarning)):
        return  # a warning is an error where the caller has asked for that
    for name, value in values.items():
        kind = UnrecognizedResponseError if name in _ANSWERS else ArgumentError
        found = _first(value, name, kind)
        if found is not None:
            path, what = found
            raise kind(f"{path}: {what} cannot be read here ({_told(error)})") from error


def refuse_call(error: Exception, function: Callable[..., object], scope: Mapping[str, object]) -> None:
    """Do as ``refuse`` does, with the arguments of a function, from its local names."""
    # The arguments of a function with another one before it are its own.
    code: Any = getattr(function, "__wrapped__", function).__code__  # type: ignore[attr-defined, unused-ignore]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    more = scope.get("more")
    refuse(error, **{name: scope[name] for name in names if name != "self"}, **(more if type(more) is dict else {}))


def _told(error: Exception) -> str:
    """Return what an error is and says. It may be the object's own too, of a class whose words raise."""
    name = class_name(type(error))
    said = BaseException.args.__get__(error)[:1]  # type: ignore[attr-defined]
    if not said or not issubclass(type(said[0]), str) or not is_told(said[0]):
        return name
    return f"{name}: {told(said[0], _LONGEST_SAID)}"


def _first(value: object, name: str, kind: type[LLMCostError]) -> tuple[str, str] | None:
    """Return where the first foreign value stands and what it is; None if all are plain.

    Objects of an SDK are looked into: one of them is the cause only if nothing that it holds is.
    """
    waiting: list[tuple[str, object, int]] = [(name, value, 0)]
    outer: tuple[str, str] | None = None
    outermost = type(value)
    for _ in range(_MOST_VALUES):
        if not waiting:
            return outer
        path, value, depth = waiting.pop()
        python_type = type(value)
        if python_type is Decimal and value.is_snan():  # type: ignore[attr-defined]
            return path, shown(value)
        if _raises_nothing(value, python_type):
            continue
        if python_type is int:
            return path, shown(value)
        if python_type is Usage:
            copied(value)  # type: ignore[arg-type]  # it raises if an attribute was set to what it cannot be
        if depth > _DEEPEST:
            return path, f"{class_name(python_type)} that contains itself or is nested too deep"
        inside = list(_inside(value, path, kind))
        if outer is None and not is_one_of(python_type, _HOLDERS) and not _is_ours(python_type):
            outer = path, class_name(python_type)
        waiting += [(step, inner, depth + 1) for step, inner in reversed(inside)]
    return outer or (name, f"{class_name(outermost)} of more values than can be looked through")


def _raises_nothing(value: object, kind: type) -> bool:
    if is_one_of(kind, _PLAIN) or (kind is int and abs(value) < _LARGEST):  # type: ignore[arg-type]
        return True
    if module_name(kind) != _TIMES:
        return False
    return not isinstance(value, (datetime, time)) or has_known_zone(value)


def _inside(value: object, path: str, kind: type[LLMCostError]) -> Iterator[tuple[str, object]]:
    """Yield what a value holds, each with its path; raise the error for an attribute that raises when it is read."""
    python_type = type(value)
    if python_type is dict:
        # Another thread, or the text of a key, may change the dict.
        for key, inner in list(value.items()):  # type: ignore[attr-defined]
            yield f"a key of {path}", key
            yield f"{path}{_step(key)}", inner
        return
    if is_one_of(python_type, _HOLDERS):
        yield from ((f"{path}[{place}]", inner) for place, inner in enumerate(value))  # type: ignore[arg-type, var-annotated]
        return
    for name in _names(value):
        try:
            found = getattr(value, name)
        except AttributeError:
            continue  # a slot that is empty
        except Exception as error:
            raise kind(f"{path}.{name} of {class_name(python_type)} raises when it is read ({_told(error)})") from error
        yield f"{path}.{name}", found


def _step(key: object) -> str:
    return f".{key[:_LONGEST_NAME]}" if type(key) is str else f"[{shown(key)}]"


def _is_ours(kind: type) -> bool:
    return module_name(kind).startswith(_OURS)


def _names(value: object) -> Iterator[str]:
    """Yield the names of what an object itself holds, and of the properties and slots of its class."""
    seen = set()
    classes = type.mro(type(value))
    # A class may have put a property of its own in the place of the attributes.
    holders = (type.__getattribute__(base, "__dict__").get("__dict__") for base in classes)
    holder: Any = next((found for found in holders if found is not None), None)
    attributes = holder.__get__(value) if class_name(type(holder)) in _ATTRIBUTES else {}
    ours = _is_ours(type(value))
    for name in list(attributes):
        if type(name) is str and (ours or not name.startswith("_")):
            seen.add(name)
            yield name
    for base in classes[:-1]:
        if module_name(base).partition(".")[0] in _NOT_LOOKED_INTO:
            continue
        for name, made in list(type.__getattribute__(base, "__dict__").items()):
            told = class_name(type(made)) in {"property", "member_descriptor", "cached_property"}
            if ours:
                told = class_name(type(made)) == "member_descriptor"
            if told and (ours or not name.startswith("_")) and name not in seen:
                seen.add(name)
                yield name
