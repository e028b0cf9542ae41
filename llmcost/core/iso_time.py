"""Times in ISO text, read alike by every supported Python."""

from __future__ import annotations

from .late import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
else:
    re = Late("re")

# The forms of ISO 8601 that logs and APIs write: dashes and colons may be left out, and the zone is Z or an offset.
_FORM = (
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s?(?:([Zz])|([+-]\d\d):?(\d\d)?)?)?"
)


def as_iso(text: str) -> str:
    """Return ISO text as ``datetime.fromisoformat`` of every Python reads it.

    It has dashes, colons, an offset for Z, and six digits of a second.

    >>> as_iso("2026-08-24T02:00:00.1234567Z"), as_iso("20260824T0200+0530"), as_iso("2026-08-24")
    ('2026-08-24T02:00:00.123456+00:00', '2026-08-24T02:00:00.000000+05:30', '2026-08-24')

    Raises:
        ValueError: it has another form, which some Pythons read and others do not.
    """
    found = re.fullmatch(_FORM, text.strip(), re.ASCII)
    if found is None:
        raise ValueError(text)
    year, _, month, date, hour, minute, second, digits, utc, offset, more = found.groups(default="")
    if not hour:
        return f"{year}-{month}-{date}"
    zone = "+00:00" if utc else f"{offset}:{more or '00'}" if offset else ""
    return f"{year}-{month}-{date}T{hour}:{minute or '00'}:{second or '00'}.{digits[:6]:0<6}{zone}"
