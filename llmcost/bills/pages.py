"""Pages: the rows of a report in JSON, as a provider's API answers, each with its place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import BillError
from .tables import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any


def documents(text: str, path: str) -> list[dict[str, Any]]:
    """Return the objects of JSON: one, an array of them, or one after another as in JSON Lines.

    Numbers are kept as they are written.

    Raises BillError if the file is torn, or holds something else.
    """
    read = json.JSONDecoder(parse_float=Decimal)
    found: list[dict[str, Any]] = []
    position = _next(text, 0)
    while position < len(text):
        try:
            value, end = read.raw_decode(text, position)
        except RecursionError:
            raise BillError("it is JSON that is too deep to be a bill", path) from None
        except ValueError as error:
            line = text.count("\n", 0, getattr(error, "pos", position)) + 1
            raise BillError(f"the file is torn, or no JSON: {error}", path, line) from None
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, dict) for one in values):
            raise BillError("it is JSON, and no report of costs or usage", path, text.count("\n", 0, position) + 1)
        found += values
        position = _next(text, end)
    return found


def _next(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def flat(*objects: Mapping[str, Any]) -> dict[str, object]:
    """Return the fields of objects, those of inner objects as ``outer_inner``.

    >>> flat({"a": 1, "amount": {"value": 2}}, {"b": None})
    {'a': 1, 'amount_value': 2, 'b': None}
    """
    found: dict[str, object] = {}
    for one in objects:
        for name, value in one.items():
            if isinstance(value, dict):
                found.update({f"{name}_{inner}": held for inner, held in value.items()})
            else:
                found[name] = value
    return found


def items(pages: Iterable[Mapping[str, Any]], path: str) -> tuple[list[Row], list[str]]:
    """Return the rows of pages that list them, and what there is to say of the pages.

    Raises BillError where a page has another form.
    """
    rows = [
        Row(flat(one), path, None, f"{_page(number)}data[{place}]")
        for number, page in enumerate(pages)
        for place, one in enumerate(_list(page, "data", path))
    ]
    return rows, []


def buckets(pages: Iterable[Mapping[str, Any]], path: str) -> tuple[list[Row], list[str]]:
    """Return the results of the buckets of pages, with the fields of their bucket; and what there is to say of them.

    Raises BillError where a page has another form.
    """
    rows: list[Row] = []
    remarks: list[str] = []
    more: object = None
    for number, page in enumerate(pages):
        more = page.get("has_more")
        for place, bucket in enumerate(_list(page, "data", path)):
            outer = {name: value for name, value in bucket.items() if name not in {"results", "result"}}
            inner = "results" if "results" in bucket else "result"
            results = _list(bucket, inner, path)
            # A bucket without results is a day of the bill without any costs.
            for count, result in enumerate(results or [{}]):
                rows.append(Row(flat(outer, result), path, None, f"{_page(number)}data[{place}].{inner}[{count}]"))
    if more:
        remarks.append("the report goes on: the last page says has_more, and its next page is not here")
    return rows, remarks


def any_with(data: object, names: Collection[str]) -> bool:
    """Return whether one of the objects of a list has all of these fields."""
    return isinstance(data, list) and any(isinstance(one, dict) and one.keys() >= set(names) for one in data)


def _page(number: int) -> str:
    return f"[{number}]." if number else ""


def _list(holder: Mapping[str, Any], name: str, path: str) -> list[Any]:
    found = holder.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BillError(f"{name} is no list of objects: it is no report of costs or usage", path)
    return found
