"""Rules that a person writes from a vendor's page: their fields, and for how long the reading holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def faults(
    rule: Mapping[str, Any], today: str, *, needed: Sequence[str], also: Sequence[str], read: str, days: int
) -> Iterator[str]:
    """Yield what is wrong with a rule.

    ``needed`` and ``also`` are its fields; ``read`` is the field with the day on which the page was read, which holds
    for ``days`` days at the most, until the day of the field ``expires``.

    >>> rule = {"url": "https://vendor.example", "read": "2026-11-01", "expires": "2027-03-01"}
    >>> list(faults(rule, "2026-11-20", needed=("url", "read", "expires"), also=(), read="read", days=90))
    ['expires 2027-03-01, more than 90 days after it was read (2026-11-01)']
    """
    missing = [field for field in needed if not rule.get(field)]
    if missing:
        yield f"without {', '.join(missing)}"
    unknown = sorted(rule.keys() - {*needed, *also})
    if unknown:
        yield f"no such field: {', '.join(unknown)}"
    if missing:
        return
    seen, expires, day = (date.fromisoformat(text) for text in (rule[read], rule["expires"], today))
    if seen > day:
        yield f"{read} on {seen}, after the day of the build ({day})"
    if (expires - seen).days > days:
        yield f"expires {expires}, more than {days} days after it was {read} ({seen})"
    if expires < day:
        yield f"expired on {expires}; read {rule['url']} again"
