"""Any response object as a mapping of its fields, and its counters as counts."""

from __future__ import annotations

from ..core.counts import checked, is_number
from ..core.late import Late
from ..errors import InconsistentUsageError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import decimal
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..core.counts import Quantity
else:
    decimal = Late("decimal")

# Words of Anthropic's for "in no region of its own", in its messages and in usages that others pass on.
EVERYWHERE = frozenset({"global", "not_available"})


class Attributes:
    """A foreign object read through its attributes, as a mapping."""

    __slots__ = ("_object",)

    def __init__(self, source: object) -> None:
        self._object = source

    def get(self, name: str, default: object = None) -> object:
        """Return an attribute."""
        return getattr(self._object, name, default)

    def __getitem__(self, name: str) -> object:
        return getattr(self._object, name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and hasattr(self._object, name)

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in dir(self._object) if not name.startswith("_")])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def attributes(self) -> dict[str, object]:
        """Return what the object itself holds, without what its class has; empty for a class with slots."""
        return getattr(self._object, "__dict__", {})

    def keys(self) -> Iterator[str]:
        """Return the names of what is public."""
        return iter(self)

    def items(self) -> list[tuple[str, object]]:
        """Return what is public by its name."""
        return [(name, self.get(name)) for name in self]


def fields_of(value: object) -> Mapping[str, object] | None:
    """Return the fields of a dict, a mapping or an object; None for a list or an iterable of chunks.

    Declared fields and extras of a pydantic object (every SDK's) are read from where they are stored:
    vendor extras such as ``cost`` are not declared, and getattr() per field would be slow.
    """
    kind = type(value)
    if kind is dict:
        return value  # type: ignore[return-value]
    if kind is list or kind is tuple:
        return None
    try:
        extra = value.__pydantic_extra__  # type: ignore[attr-defined]
    except (AttributeError, KeyError):
        pass
    else:
        return value.__dict__ if type(extra) is dict and not extra else _stored(value, extra)
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):
        return _plain(value)
    if hasattr(value, "_asdict"):
        found = value._asdict()
        if isinstance(found, dict):
            return _plain(found)
    if hasattr(kind, "__fields__"):
        # An object of pydantic 1 can be iterated over, like a stream of chunks; it is one response.
        return value.__dict__
    if hasattr(value, "__iter__") or hasattr(value, "__next__") or hasattr(value, "__aiter__"):
        return None
    return Attributes(value)  # type: ignore[return-value]


def _stored(value: object, extra: object) -> Mapping[str, object]:
    """Return the fields of an object of pydantic, or of a dict that has a value for every attribute.

    A dict that is also read as ``response.usage`` is of the second kind.
    """
    if type(extra) is dict:
        return {**value.__dict__, **extra} if extra else value.__dict__
    return _plain(value) if isinstance(value, dict) else value.__dict__


def _plain(value: Any) -> Mapping[str, object]:
    """Return the fields of a mapping by its keys, as a dict.

    The row of a table is such a mapping: it may iterate over its values, and hold numbers of an array library.
    """
    from ..core.scalars import own_fields

    return own_fields({key: value[key] for key in value.keys()})  # noqa: SIM118


def sub(fields: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    """Return a nested object's fields; None if it is absent, null or an SDK's sentinel for that."""
    value = fields.get(name)
    if type(value) is dict:
        return value
    if value is None:
        return None
    try:
        extra = value.__pydantic_extra__  # type: ignore[attr-defined]
    except (AttributeError, KeyError):
        return nested(value)
    if type(extra) is dict and not extra:
        return value.__dict__
    return _stored(value, extra)


def items(fields: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Return a list of nested objects as mappings, without everything else in the list."""
    value = fields.get(name)
    if not isinstance(value, (list, tuple)):
        return []
    found = []
    for item in value:
        inner = nested(item)
        if inner is not None:
            found.append(inner)
    return found


def nested(value: object) -> Mapping[str, object] | None:
    """Return the fields of a value inside a response; None if it is no object."""
    if type(value) is dict:
        return value
    # An SDK's "not given" sentinel is falsy and has no fields; an empty dict is an object all the same.
    if isinstance(value, (str, bytes, int, float, type)) or not (value or isinstance(value, dict)):
        return None
    return None if is_number(value) else fields_of(value)


# What may stand in the place of a count and is no sentinel. An empty text, list or object is no count either.
_VALUES = (bool, str, int, float, list, dict, tuple, set, frozenset)


def count(fields: Mapping[str, object], name: str) -> int:
    """Return a counter that may be missing: absent, null and an SDK's sentinel are 0."""
    value = fields.get(name)
    if type(value) is int and 0 <= value < 1 << 49:
        return value
    return 0 if value is None or not _is_given(value) else whole_number(name, value)


def _is_given(value: object) -> bool:
    """Return whether a counter is there. SDKs mark a missing counter by a falsy object of their own."""
    if isinstance(value, _VALUES):
        return True
    try:
        return bool(value) or isinstance(value, decimal.Decimal)
    except (TypeError, ValueError):
        return True  # an array or an empty cell of a table, which is no count


def whole_number(name: str, value: object) -> int:
    """Return a count of tokens as an int: floats that are whole numbers are accepted.

    Raises:
        MissingUsageError: it is NaN or the like.
        InconsistentUsageError: it is no count.
    """
    quantity = checked(name, value)
    if quantity != int(quantity):
        raise InconsistentUsageError(f"{name}={shown(value)} is not a whole number", {}, {name: value})
    return int(quantity)


def quantity(fields: Mapping[str, object], name: str) -> Quantity:
    """Return a quantity that may be a fraction (seconds); absent, null and an SDK's sentinel are 0."""
    value = fields.get(name)
    return 0 if value is None or not _is_given(value) else checked(name, value)


def text(fields: Mapping[str, object], name: str) -> str | None:
    """Return a text field; None if it is absent, empty or no text."""
    value = fields.get(name)
    if isinstance(value, str):
        # str enums of SDKs compare as text but print as their class.
        return str.__str__(value) or None
    return None


def when(fields: Mapping[str, object], name: str) -> object:
    """Return when something was: seconds since 1970, ISO text or an SDK's datetime; None for anything else."""
    value = fields.get(name)
    if isinstance(value, str):
        return str.__str__(value) or None
    if isinstance(value, (int, float)):
        return value if 0 < value < 1 << 49 and value is not True else None
    if is_number(value):
        return when({name: _own_number(value)}, name)
    if not hasattr(value, "isoformat"):
        return None
    from ..core.scalars import time_of

    return time_of(value)


def _own_number(value: Any) -> float | None:
    """Return a number of another type as Python's own; None for one that is not finite or beyond every float."""
    try:
        number = float(value)
        return int(number) if number.is_integer() else number
    except (ValueError, ArithmeticError):
        return None


def camel(fields: Mapping[str, object], names: dict[str, str]) -> dict[str, object]:
    """Return the fields by their REST names, whichever spelling the object has."""
    found = {}
    for name, snake in names.items():
        value = fields.get(name)
        found[name] = value if value is not None else fields.get(snake)
    return found


def names_of(*names: str) -> dict[str, str]:
    """Return REST names with the spelling that the SDK has for them."""
    return {name: "".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in names}
