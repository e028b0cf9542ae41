"""What a response states beside the names that its reader knows. Loaded where a name is unknown."""

from __future__ import annotations

from ..core.scalars import own
from ..errors import shown
from .fields import Attributes, fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .blocks import Block, Fields

# What stands in any usage and is never billed by its number, by the end or the middle of a name in lower case.
IGNORED_ENDS = {
    "_time": "a measured time, as speed of the answer",
    "_ms": "a measured time, as speed of the answer",
    "_time_sec": "a measured time, as speed of the answer",
    "_rate": "a measured share",
    "cost": "money, and no counter: a cost that is believed is read by name",
    "costusd": "money, and no counter: a cost that is believed is read by name",
    "_usd": "money, and no counter: a cost that is believed is read by name",
    "cost_details": "money, and no counter: a cost that is believed is read by name",
    "cost_estimate": "money, and no counter: a cost that is believed is read by name",
    "price": "money, and no counter: a cost that is believed is read by name",
    "context_window": "a limit of the model",
}
IGNORED_MIDDLES = {
    "latency": "a measured time, as speed of the answer",
    "time_to_first_token": "a measured speed",
    "_per_sec": "a measured speed",
    "time_per_": "a measured speed",
}
IGNORED_BEGINNINGS = {"max_": "a limit of the request"}
_ENDS, _BEGINNINGS = tuple(IGNORED_ENDS), tuple(IGNORED_BEGINNINGS)
# So many values below an unknown name are looked at; a larger object is itself taken for a counter.
_MOST_VALUES = 1000
MOST_NAMES = 64
_LONGEST_NAME = 80
_LONGEST_NUMBER = 40
# What an SDK keeps among the fields of its objects for itself.
_PRIVATE = "__"


def stated_fields(value: object) -> Mapping[str, object] | None:
    """Return the fields that a value itself states; None for what is no object.

    A class without fields of its own states nothing: what only ``dir()`` shows may be anything.
    """
    if type(value) is dict:
        return value
    if value is None or isinstance(value, (str, bytes, int, float, type)):
        return None
    fields: object = fields_of(value)
    if isinstance(fields, Attributes):
        return {name: inner for name, inner in fields.attributes().items() if not name.startswith("_")}
    return fields  # type: ignore[return-value]


def unread_of(block: Block, counters: object, response: Fields) -> dict[str, object]:
    """Return every number above 0 of these counters under a name that the block does not know, by its path.

    Rows of a list share their paths, and are added up.
    """
    found: dict[str, object] = {}
    fields = stated_fields(counters)
    if block.view is None and block.also is not None and fields is not None:
        block = block.also(block, response, fields)
    for path, number in _of_block(block, _seen(block, counters), f"{block.label}." if block.label else ""):
        before = found.get(path, 0)
        if len(found) >= MOST_NAMES and path not in found:
            break
        both = isinstance(before, (int, float)) and isinstance(number, (int, float))
        found[path] = before + number if both else number  # type: ignore[operator]
    # The order of the keys of a response says nothing.
    return {path: found[path] for path in sorted(found)}


def _seen(block: Block, counters: object) -> object:
    """Return the counters of what stands at the place of a block; in each row, if it is a list."""
    if block.view is None:
        return counters
    rows = counters if isinstance(counters, (list, tuple)) else [counters]
    found: list[object] = []
    for row in rows:
        fields = stated_fields(row)
        counted = row if fields is None else block.view(fields)
        found += counted if fields is not None and isinstance(counted, list) else [counted]
    return found


def _of_block(block: Block, counters: object, path: str) -> Iterator[tuple[str, object]]:
    """Yield what a block does not know of one object, or of each row of a list."""
    fields = stated_fields(counters)
    if fields is None and isinstance(counters, (list, tuple)):
        for row in counters:
            # A row that is a list has no names, so that each number in it is unknown.
            inside = numbers_of(row, path.rstrip(".") or "usage") if isinstance(row, list) else None
            yield from inside or _of_block(block, row, path)
        return
    if fields is None:
        yield from numbers_of(counters, path.rstrip(".") or "usage")
        return
    for key, value in fields.items():
        name = key if isinstance(key, str) else shown(key)
        if value is None or not name.startswith(block.prefix) or name.startswith(_PRIVATE):
            continue
        if name in block.inner:
            inner = block.inner[name]
            yield from _of_block(inner, _seen(inner, value), f"{inner.label or path + name}.")
        elif name not in block.names and not name.endswith(block.ends) and ignored_anywhere(name) is None:
            yield from numbers_of(value, f"{path}{name}")


def ignored_anywhere(name: str) -> str | None:
    """Return why a name is ignored in every usage; None if it is not."""
    lower = name.lower()
    # Most names are in no table. Hostile input has very many of them, so that they leave here.
    for middle in IGNORED_MIDDLES:
        if middle in lower:
            break
    else:
        if not lower.endswith(_ENDS) and not lower.startswith(_BEGINNINGS):
            return None
    for table, holds in (
        (IGNORED_ENDS, lower.endswith),
        (IGNORED_BEGINNINGS, lower.startswith),
        (IGNORED_MIDDLES, lower.__contains__),
    ):
        for part, why in table.items():
            if holds(part):
                return why
    return None


def numbers_of(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Yield every number above 0 in a value, with the path to it; a loop, since values may be nested for ever."""
    waiting = [(path, value)]
    looked = 0
    while waiting:
        path, value = waiting.pop()
        looked += 1
        if looked > _MOST_VALUES:
            yield path, "more than can be looked through"
            return
        number = number_of(value)
        if number is not None:
            yield path[:_LONGEST_NAME], number
        elif isinstance(value, (list, tuple)):
            waiting += [(path, item) for item in reversed(value)]
        else:
            fields = stated_fields(value)
            if fields:
                inside = [
                    (f"{path}.{name}"[: _LONGEST_NAME + 1], inner)
                    for name, inner in fields.items()
                    if not isinstance(name, str) or ignored_anywhere(name) is None
                ]
                waiting += reversed(inside)


def number_of(value: object) -> object:
    """Return a number above 0, of any type or as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not text[:1].isdecimal() or len(text) > _LONGEST_NUMBER:
            return None
        try:
            value = int(text) if text.isdecimal() else float(text)
        except ValueError:
            return None
    value = own(value)
    if isinstance(value, bool) or not hasattr(type(value), "as_integer_ratio"):
        return None
    try:
        number: int | float = value if isinstance(value, int) else float(value)  # type: ignore[arg-type]
    except (ValueError, ArithmeticError):
        return None
    return number if number > 0 else None
