"""Responses in little room: what all calls of a kind share is kept once, and their numbers apart.

A log of months has hundreds of thousands of calls. Their responses are kept since prices may change, and then each call
is priced anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..logs.keywords import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..logs.session_call import SessionCall
    from ..logs.session_format import Fields


as_json = json.JSONEncoder(separators=(",", ":")).encode


def packed(call: SessionCall) -> tuple[str, str]:
    """Return the shape and the numbers of a call's response and facts, as texts.

    The id of the response is left out: it would make a shape of its own of each call.
    """
    value = call.value
    assert isinstance(value, dict)  # noqa: S101 - a session call makes its value itself
    response = {name: part for name, part in value["response"].items() if name != "id"}
    facts = {name: part for name, part in value.items() if name in KEYWORDS}
    numbers: list[int] = []
    shape = as_json([_without(response, numbers), _without(facts, numbers)])
    return shape, ",".join(map(str, numbers))


def unpacked(shape: str, numbers: str) -> tuple[Fields, Fields]:
    """Return the response and the facts of what ``packed`` has written."""
    response, facts = json.loads(shape)
    rest = map(int, numbers.split(",")) if numbers else iter(())
    return _with(response, rest), _with(facts, rest)  # type: ignore[return-value]


def _without(value: object, numbers: list[int]) -> object:
    """Return a value with 0 for each of its whole numbers, which are added to the others."""
    kind = type(value)
    if kind is int:
        numbers.append(value)  # type: ignore[arg-type]
        return 0
    if kind is dict:
        return {name: _without(part, numbers) for name, part in value.items()}  # type: ignore[attr-defined]
    if kind is list:
        return [_without(part, numbers) for part in value]  # type: ignore[attr-defined]
    return value


def _with(value: object, numbers: Iterator[int]) -> object:
    kind = type(value)
    if kind is int:
        return next(numbers)
    if kind is dict:
        return {name: _with(part, numbers) for name, part in value.items()}  # type: ignore[attr-defined]
    if kind is list:
        return [_with(part, numbers) for part in value]  # type: ignore[attr-defined]
    return value
