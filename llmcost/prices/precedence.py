"""Which of several sets of price data is used, and why another one cannot be."""

from __future__ import annotations

import os

from ..core import VERSION
from ..errors import LLMCostError, PriceDataError, shown
from .data_sets import DATA, MAP, PACKAGE, UPDATE, DataSet, Replaceable, Wheel
from .moments import day_number, today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The form of the files that this version reads.
FORMAT = 1


def newest(sets: Sequence[DataSet]) -> DataSet:
    """Return the newest of some sets. Of two sets of one day it is the later release, else the first of them."""
    days = [one.day for one in sets]
    latest = max(days)
    same = [one for one, day in zip(sets, days, strict=True) if day == latest]
    best = same[0]
    for one in same[1:]:
        if corrects(one.info, best.info):
            best = one
    said = []
    for one, day in zip(sets, days, strict=True):
        if one is not best and day != latest:
            said.append(f"{one.origin} is older, of {day or None}")
        elif one is not best:
            order = "an earlier release" if corrects(best.info, one.info) else "and comes after it"
            said.append(f"{one.origin} is of the same day, {order}")
    best.why = "; ".join(said)
    return best


def corrects(info: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether a set is a later release than another one of the same day; False if one of them states none.

    >>> corrects({"version": "2026.11.26.2"}, {"version": "2026.11.26"}), corrects({"version": "2026.11.26"}, {})
    (True, False)
    """
    version, before = info.get("version"), other.get("version")
    return bool(version and before) and _release(version) > _release(before)


def named(
    setting: str,
    package: Callable[[], DataSet],
    located: Callable[[], Replaceable | None],
    user_update: Callable[[], Replaceable | None],
) -> DataSet:
    """Return the set that LLMCOST_PRICES names or pins; raise PriceDataError if it is not there or cannot be used."""
    if setting in {PACKAGE, DATA, UPDATE}:
        data_set = package() if setting == PACKAGE else located() if setting == DATA else user_update()
        if data_set is None:
            absent = "no llm-costmap-data is installed" if setting == DATA else "this user has no update"
            raise PriceDataError(
                f"LLMCOST_PRICES={setting} pins a set that is not there: {absent} (a path of this name is ./{setting})"
            )
        why = trouble(data_set, dated=False) if isinstance(data_set, Replaceable) else ""
        if why:
            raise PriceDataError(f"LLMCOST_PRICES={setting} pins {data_set.origin}, which {why}")
        data_set.why = f"LLMCOST_PRICES={setting} pins it"
        return data_set
    if os.path.isdir(setting):
        data_set = DataSet(setting, (os.path.join(setting, ""),))
    else:
        data_set = DataSet(setting, (), setting)
    try:
        readable = data_set.read(MAP) is not None
    except OSError as error:
        raise PriceDataError(f"LLMCOST_PRICES={setting!r} cannot be read: {error}") from error
    if not readable:
        raise PriceDataError(f"LLMCOST_PRICES={setting!r} is neither a JSON price map nor a folder with {MAP}")
    data_set.why = "LLMCOST_PRICES names it"
    return data_set


def trouble(data: Replaceable, *, dated: bool = True) -> str:
    """Return why a set cannot be used, in words that follow its name; "" if it can.

    Its files have the sizes that were stated, so that none was cut off; whether a digit has changed is not asked at a
    start. ``dated``: a day after tomorrow is refused, since no true release would be newer.
    """
    try:
        if not data.whole():
            return "is damaged: a file is missing, or has not its size,"
        why = unfit(data.info)
        if why:
            return why
        if isinstance(data, Wheel) and day_number(data.day) > today() + 1 and dated:
            return f"is of {data.day}, a day after tomorrow,"
    except (OSError, LLMCostError) as error:
        return f"cannot be read ({error})"
    except ValueError:
        return f"is of {shown(data.day)}, which is no day,"
    return ""


def unfit(info: Mapping[str, object]) -> str:
    """Return why this version cannot bill by a set that states this; "" if it can.

    >>> unfit({"format": 1, "needs": "0.1"})
    ''
    >>> unfit({"format": 2})
    'has format 2, which llm-costmap ... does not know: it needs a newer one'
    """
    form, needs = info.get("format", FORMAT), info.get("needs", "0")
    if type(form) is not int or form != FORMAT:
        return f"has format {str(form)[:20]}, which llm-costmap {VERSION} does not know: it needs a newer one"
    if _release(needs) > _release(VERSION):
        return f"needs llm-costmap >= {str(needs)[:20]} (this is {VERSION})"
    return ""


def _release(version: object) -> tuple[int, ...]:
    """Return the numbers of a version. A text that is no version counts as later than every version."""
    numbers = []
    for part in str(version).split("."):
        if not (part.isascii() and part.isdecimal()):
            break
        numbers.append(int(part))
    while numbers and not numbers[-1]:
        del numbers[-1]
    return tuple(numbers) if numbers or str(version)[:1] == "0" else (10**9,)
