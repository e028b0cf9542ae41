"""Checking: whether the data of a rate sheet are one, so that a damaged file prices no row wrong, and none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.meters import METERS
from ..core.statuses import ROW_STATUSES, STATUSES
from ..errors import PriceDataError, shown
from .packing import DIGITS
from .stated import KEYS, STATED

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = frozenset({*KEYS, "status", "unpriced", "matched_as", "basis"})
# Text that may be missing.
MAY_BE_MISSING = frozenset({"status", "matched_as", "basis"})
_FIELDS = {
    "unit": str,
    "as_of": str,
    "valid_until": str,
    "meters": list,
    "facts": list,
    "tiers": dict,
    "sizes": dict,
    "notes": list,
    "names": dict,
    "rates": dict,
}
# No rate and no unit has more digits.
_MOST_DIGITS = 1000
_BEYOND = 10**_MOST_DIGITS
# What a column of rates is multiplied by.
_SOURCES = frozenset({*METERS, "duration", "call"})
_NEEDED = {
    "names": (*KEYS, "base", "status", "note_id"),
    "rates": ("code", "status", "unpriced", "matched_as", "basis", "note_id"),
}


def check(stated: Mapping[str, Any]) -> None:
    """Raise PriceDataError if the dict of a sheet lacks something, or holds what no sheet has."""
    odd = [name for name, kind in _FIELDS.items() if type(stated.get(name)) is not kind]
    odd += [name for name in stated if name not in _FIELDS and name != "schema"]
    if odd:
        _refuse(f"{odd[0]} is {shown(stated.get(odd[0]))}")
    unit = stated["unit"]
    if len(unit) > _MOST_DIGITS or not unit.isascii() or not unit.isdecimal() or not int(unit):
        _refuse(f"unit is {shown(stated['unit'])}")
    for what, known in (("meters", METERS), ("facts", STATED)):
        for word in stated[what]:
            if not isinstance(word, str) or word not in known:
                _refuse(f"{shown(word)} is none of the {what}")
    for what, words in (("tiers", stated["tiers"]), ("sizes", {**dict.fromkeys(DIGITS), **stated["sizes"]})):
        for word, number in words.items():
            if type(number) is not int or number < (what == "sizes"):
                _refuse(f"{what}[{shown(word)}] is {shown(number)}")
    for table, needed in _NEEDED.items():
        _check_table(table, stated[table], needed)
    _check_rates(stated["rates"])
    for table in _NEEDED:
        for number in stated[table]["note_id"]:
            if number is not None and not 0 < number <= len(stated["notes"]):
                _refuse(f"{table} names the note {number:,} of {len(stated['notes']):,}")
    _check_unique("names", list(zip(*(stated["names"][key] for key in KEYS), strict=True)))
    _check_unique("rates", stated["rates"]["code"])
    for status in {*stated["names"]["status"], *stated["rates"]["status"]}:
        if status is not None and status not in (*STATUSES, *ROW_STATUSES):
            _refuse(f"{shown(status)} is no status")


def _check_table(table: str, columns: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    lacking = [name for name in needed if name not in columns]
    if lacking:
        _refuse(f"{table} has no column {lacking[0]}")
    first = columns[needed[0]]
    size = len(first) if type(first) is list else 0
    for name, values in columns.items():
        if type(values) is not list or len(values) != size:
            _refuse(f"column {shown(name)} of {table} has not {size:,} rows, as others have")
        kinds = {type(value) for value in values}
        # A rate of a kind of call without a cost is a number, too; a missing one would be no cost.
        given: set[type] = {str} if name in TEXTS else {int}
        if name in MAY_BE_MISSING or name in {"base", "note_id"}:
            given.add(type(None))
        whole = [value for value in values if type(value) is int]
        if whole and (max(whole) >= _BEYOND or min(whole) <= -_BEYOND):
            _refuse(f"column {shown(name)} of {table} has a number of more than {_MOST_DIGITS:,} digits")
        if not kinds <= given:
            _refuse(f"column {shown(name)} of {table} holds {shown(next(v for v in values if type(v) not in given))}")


def _check_rates(columns: Mapping[str, list[int]]) -> None:
    """Refuse a rate of what is no counter, and one below 0: only the line of a discount is below 0."""
    for name, values in columns.items():
        if name.startswith("rate_"):
            source, _, line = name.removeprefix("rate_").partition("__")
            if source not in _SOURCES:
                _refuse(f"column {shown(name)} of rates is of no counter")
            if line in {"", *METERS} and min(values, default=0) < 0:
                _refuse(f"column {shown(name)} of rates holds {min(values):,}")


def _check_unique(table: str, keys: list[Any]) -> None:
    if len(set(keys)) != len(keys):
        _refuse(f"{table} has several rows of one call")


def _refuse(why: str) -> None:
    raise PriceDataError(f"the rate sheet is damaged: {why}; make it anew with rate_sheet()")
