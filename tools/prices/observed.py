"""Days on which a change was only noticed, moved back to the first release that already states the new price.

Some changes carry the day on which a mirror looked, or on which two catalogues corrected the same mistake. Such a day
is an upper bound. The locked releases of litellm are dated price lists: if the last one before that day already has
the new price, the price changed no later than the first release of that run. If no release ever had the old one, two
catalogues corrected a mistake, and the price did not change at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .entries import round_price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .entries import Entry

# How price_changes.jsonl says that a day is not the maker's.
_MIRRORED, _CORRECTED = "synced from gateway price API", "independent family shows"
NOTICED = (_MIRRORED, _CORRECTED)

Row = dict[str, Any]


@dataclass
class Observed:
    """The changes, some of them dated back; a line on each of those, and on each that is none."""

    rows: list[Row] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)


def date_back(
    rows: Iterable[Row], releases: Sequence[tuple[str, Mapping[str, Entry]]], ids_of: Callable[[Row], Iterable[str]]
) -> Observed:
    """Return the changes with the days that the releases, as (day, models), allow; `ids_of` finds a change's ids.

    A change that is dated back keeps its old day as `noticed`. A price that came back is dated back no further than to
    the change before it.
    """
    rows = list(rows)
    days: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        days[row["model"], row["key"]].append(row["from"])
    result = Observed()
    ordered = sorted(releases, key=lambda release: release[0])
    for row in rows:
        start = None
        if str(row["why"]).startswith(NOTICED):
            after = max((day for day in days[row["model"], row["key"]] if day < row["from"]), default="")
            between = [release for release in ordered if after < release[0] < row["from"]]
            start, always = _earlier(row, between, list(ids_of(row)))
            if start and always and not after and str(row["why"]).startswith(_CORRECTED):
                result.corrections.append(f"{row['model']}: {row['key']} {row['from']}: {start} has the new price")
                continue
        if start:
            result.moved.append(f"{row['model']}: {row['key']} {row['from']} -> {start}")
        result.rows.append({**row, "from": start, "noticed": row["from"]} if start else row)
    return result


def _earlier(
    row: Row, releases: Sequence[tuple[str, Mapping[str, Entry]]], ids: Sequence[str]
) -> tuple[str | None, bool]:
    """Return the first day of the run of releases up to the change that state the new price.

    And whether that run is all that there is: no release before it states another price.
    """
    for model_id in ids:
        before = [(day, models[model_id]) for day, models in releases if model_id in models]
        start = None
        for place, (day, entry) in enumerate(reversed(before)):
            if not _states(entry, row):
                break
            start, always = day, place == len(before) - 1
        if start:
            return start, always
    return None, False


def _states(entry: Entry, row: Row) -> bool:
    value, new = entry.get(row["key"]), row["new"]
    if not isinstance(value, float) or not isinstance(new, (Decimal, int, float)):
        return False
    return value == round_price(new)
