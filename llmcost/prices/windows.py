"""Time windows: hours and weekdays in which a price holds, evaluated on the vendor's clock."""

from __future__ import annotations

from ..errors import InvalidPriceError, PriceDataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo

_WEEKDAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
}
_SHORT = {number: name[:3].title() for name, number in _WEEKDAYS.items()}
_SHORTEST = 3
_EVERY_DAY = tuple(_SHORT)
# The keys of one window.
IN_A_WINDOW = frozenset({"hours_utc", "weekdays"})


class Window:
    """Windows of the week: half-open hours in UTC, and ISO weekdays on the vendor's calendar.

    Two windows are equal if they were written equally, so that a stronger layer can replace one.
    """

    __slots__ = ("spans", "timezone")

    def __init__(self, block: Mapping[str, object], key: str, layer: str) -> None:
        self.timezone = str(block.get("weekday_timezone") or "UTC")
        windows = block.get("windows")
        windows = [] if windows is None else windows
        hours = {name: value for name, value in block.items() if name in IN_A_WINDOW}
        if type(windows) is list and windows and hours and "hours_utc" not in hours:
            raise InvalidPriceError(key, hours, layer, "weekdays beside windows: give each window its own")
        if type(windows) is list and (hours or not windows):
            # Hours beside the windows are one more of them.
            windows = [*windows, hours]
        if type(windows) is not list or not all(
            isinstance(window, dict) and window and window.keys() <= IN_A_WINDOW for window in windows
        ):
            raise InvalidPriceError(key, windows, layer, "a window has hours_utc, weekdays or both, and nothing else")
        self.spans = tuple(
            (*self._minutes(text, key, layer), self._days(window.get("weekdays"), key, layer))
            for window in windows
            for text in self._texts(window.get("hours_utc", "00:00-00:00"))
        )

    @staticmethod
    def _texts(hours: object) -> list[object]:
        return hours if isinstance(hours, list) and hours else [hours]

    @staticmethod
    def _days(days: object, key: str, layer: str) -> tuple[int, ...]:
        named = [_weekday(day) for day in days] if isinstance(days, list) else days
        if named is None:
            return _EVERY_DAY
        if not isinstance(named, list) or not named or not all(type(day) is int and 1 <= day <= 7 for day in named):
            raise InvalidPriceError(
                key, days, layer, "weekdays are numbers from 1 (Monday) to 7 (Sunday), or English names such as Sat"
            )
        return tuple(named)

    @staticmethod
    def _minutes(text: object, key: str, layer: str) -> tuple[int, int]:
        numbers = [number.strip() for part in str(text).split("-") for number in part.split(":")]
        if len(numbers) == 4 and all(number.isdecimal() and len(number) <= 2 for number in numbers):
            hour, minute, last_hour, last_minute = map(int, numbers)
            start, end = hour * 60 + minute, last_hour * 60 + last_minute
            if start < 1440 and end <= 1440 and minute < 60 and last_minute < 60:
                return start, end or 1440
        raise InvalidPriceError(key, text, layer, "hours are written 01:00-04:00")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and (self.spans, self.timezone) == (other.spans, other.timezone)

    def __hash__(self) -> int:
        return hash((self.spans, self.timezone))

    def __str__(self) -> str:
        spans = []
        for start, end, days in self.spans:
            names = "" if days == _EVERY_DAY else " ".join(["", *(_SHORT[day] for day in days)])
            spans.append(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}{names}")
        return f"{', '.join(spans)} UTC"


def _weekday(day: object) -> object:
    """Return the number of a weekday by its English name, which may be cut after three letters; else what it is."""
    text = str(day).strip().rstrip(".").lower()
    if len(text) < _SHORTEST:
        return day
    return next((number for name, number in _WEEKDAYS.items() if name.startswith(text)), day)


def clock(at: datetime) -> Callable[[Window], bool]:
    """Return a function that tells whether a moment lies in a window."""
    return lambda window: inside(window, at)


def inside(window: Window, at: datetime) -> bool:
    """Return whether a moment lies in a window: half-open hours in UTC, weekdays on the vendor's calendar."""
    from datetime import timezone

    utc = at.astimezone(timezone.utc)
    minute = utc.hour * 60 + utc.minute
    day = (utc if window.timezone == "UTC" else utc.astimezone(_zone(window.timezone))).isoweekday()
    for start, end, days in window.spans:
        if day not in days:
            continue
        # 22:00-02:00 passes midnight.
        if start <= minute < end or (end <= start and (minute >= start or minute < end)):
            return True
    return False


def turning_points(windows: Iterable[object]) -> tuple[int, set[int], set[float]]:
    """Return a period, when within it a window may open or close, both in seconds, and when a zone shifts its clock.

    The period is a day where every window is open on all days, else a week. Seconds count from a midnight in UTC. Where
    a zone has summer time, the shifts are those from 2010 to 2039.
    """
    readable = [window for window in windows if isinstance(window, Window)]
    daily = all(days == _EVERY_DAY for window in readable for _, _, days in window.spans)
    minutes = {minute % 1440 for window in readable for start, end, _ in window.spans for minute in (start, end)}
    shifts: set[float] = set()
    if not daily:
        for name in {window.timezone for window in readable}:
            offsets, changes = _offsets(name)
            minutes |= {-offset % 1440 for offset in offsets}
            shifts |= changes
    days = 1 if daily else 7
    return days * 86_400, {day * 86_400 + minute * 60 for day in range(days) for minute in minutes}, shifts


def _offsets(name: str) -> tuple[set[int], set[float]]:
    """Return the minutes by which a zone is ahead of UTC, and the moments at which that changes."""
    if name == "UTC":
        return {0}, set()
    from datetime import datetime, timezone

    zone = _zone(name)

    def ahead(hour: int) -> int:
        offset = datetime.fromtimestamp(hour * 3600, timezone.utc).astimezone(zone).utcoffset()
        return int(offset.total_seconds()) // 60 if offset is not None else 0

    first, last = (int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp()) // 3600 for year in (2010, 2040))
    found, changes = {ahead(first)}, set()
    for day in range(first, last, 24):
        low, high = day, min(day + 24, last)
        if ahead(low) == ahead(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == ahead(low) else (low, middle)
        found.add(ahead(high))
        changes.add(high * 3600.0)
    return found, changes


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PriceDataError(
            f"weekday_timezone={name!r} is not known here: it is a name such as Asia/Shanghai, and where the system "
            "has no time zones, `pip install tzdata` brings them"
        ) from error
