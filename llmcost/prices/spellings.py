"""Spellings: the names under which a map may list a model. Each follows from a rule; no similar name is taken."""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..core.rate import ANY, NOWHERE
from ..errors import shown
from .vendors import BY_REGION, GEOGRAPHIES, ROUTERS, ROUTES

# us-east-1, europe-west4; no 1024-x-1024, no team-2, and no us-gov-west-1: a government's region has prices of its own.
_REGION = "[a-z]{2,}-[a-z]+-?[0-9]{1,2}"

# The geography of the government's profiles, and the regions that it consists of.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_GOVERNMENT, _OF_THE_GOVERNMENT = "us-gov.", ("us-gov-west-1", "us-gov-east-1")

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    from ..core.rate import Factor

    # A name, the rule that makes it, and what the bill says of it.
    Spelling = tuple[str, str, tuple[Note, ...]]
else:
    re = Late("re")


def spellings(name: str, provider: str | None, region: str | None) -> Iterator[Spelling]:
    """Yield every declared spelling of a name, the most specific first: ``(name, rule, notes)``."""
    if not region and name and _is_plain(name):
        yield name, "exact", ()
        return
    seen = set()
    for spelling, rule, notes in _all_spellings(name, provider, region):
        if spelling and spelling not in seen:
            seen.add(spelling)
            yield spelling, rule, notes


def _is_plain(name: str) -> bool:
    """Return whether no rule writes a name in another way: it has no path, geography, version or date."""
    if "/" in name or ":" in name or "@" in name or name.endswith("-latest"):
        return False
    return without_geography(name) == name and not split_date(name)[1]


def _all_spellings(name: str, provider: str | None, region: str | None) -> Iterator[Spelling]:
    bases: list[Spelling] = [(name, "exact", ())]
    resource = next((name[len(route) :] for route in ROUTES.get(provider or "", ()) if name.startswith(route)), name)
    if resource.startswith("arn:"):
        inside, place = _arn_model(resource)
        if inside is None:
            return
        # arn:aws:bedrock:us-gov-west-1::foundation-model/...: the call runs there, whatever region= says.
        name, region = inside, place or region
        bases = [(name, "arn", ())]
    for route in ROUTES.get(provider or "", ()):
        if name.startswith(route):
            bases.append((name[len(route) :], "exact", ()))
    for router in ROUTERS.get(provider or "", ()):
        if name.startswith(f"{router}/"):
            bases.append((router, "exact", ()))
    if region:
        yield f"{region}/{name}", "regional_row", ()
    for base, rule, notes in list(bases):
        yield base, rule, notes
        stripped = _without_region(base, provider)
        if stripped is not None and base.startswith(_GOVERNMENT):
            # What runs there is sold at the prices of these regions, which are above those of all others.
            seller = "bedrock/" if provider is None else ""
            for place in sorted(_OF_THE_GOVERNMENT, key=lambda one: one != region):
                yield f"{seller}{place}/{stripped}", "regional_row", ()
        if stripped is not None:
            said = "regional row missing: base row used, geo profiles usually cost more"
            bases.append((stripped, "base_of_region", (Note("base_of_region", said),)))
    for base, _, notes in bases[1:]:
        yield base, "base_of_region" if notes else "exact", notes
    for base, _, notes in bases:
        for written in _redated(base):
            yield written, "date_written", notes
    for base, _, notes in bases:
        for rule, shorten in _SHORTER:
            shorter = shorten(base)
            if shorter is not None:
                yield shorter, rule, notes


def _arn_model(name: str) -> tuple[str | None, str]:
    """Return the model or the system profile that an ARN names, None where it does not contain it; and its region."""
    parts = name.split(":", 5)
    kind, _, model = parts[-1].partition("/")
    if len(parts) == 6 and kind in {"foundation-model", "inference-profile"}:
        return model, parts[3]
    return None, ""


def without_geography(name: str) -> str:
    """Return a Bedrock id without the geography of its profile.

    >>> without_geography("us.anthropic.claude-opus-5"), without_geography("gpt-5.1")
    ('anthropic.claude-opus-5', 'gpt-5.1')
    """
    prefix, _, rest = name.partition(".")
    # us.anthropic.claude-...: a geography is followed by vendor.model.
    return rest if "." in rest and f"{prefix}." in GEOGRAPHIES else name


def _without_region(name: str, provider: str | None) -> str | None:
    bare = without_geography(name)
    if bare != name:
        return bare
    place = place_in(name, provider)
    return name[len(place) + 1 :] if place is not None else None


def place_in(name: str, provider: str | None) -> str | None:
    """Return the region that a name states before the model; None without one.

    >>> place_in("us-east5/claude-opus-5-5", "vertex_ai"), place_in("claude-opus-5-5", "vertex_ai")
    ('us-east5', None)
    """
    head, slash, _ = name.partition("/")
    return head if slash and provider in BY_REGION and _is_region(head) else None


def of_no_region(region: str, name: str, factors: Iterable[Factor], said: Iterable[Note]) -> Iterator[Note]:
    """Yield a note if a call states where it runs, and no price of the row that it is priced by is of that place.

    ``factors`` are those of the row; ``said`` is what was noted of the row's name.
    """
    place = region.lower()
    if place in NOWHERE or any(factor.fact == "region" and factor.value in {place, ANY} for factor in factors):
        return
    # bedrock/us-gov-west-1/..., and the geography of us.anthropic.claude-...
    if f"/{place}/" in f"/{name}/".lower() or without_geography(name) != name:
        return
    if not any(note.code == "base_of_region" for note in said):
        why = f"{name} has no price of its own for the region {shown(region)}: its price without a region is used"
        yield Note("base_of_region", why, "region")


def _is_region(word: str) -> bool:
    """Return whether a word is a cloud region: ``us-east-1``, ``europe-west4``, ``eu``."""
    return word in {"us", "eu", "global"} or re.fullmatch(_REGION, word) is not None


def _without_date(name: str) -> str | None:
    base, date = split_date(name)
    return base if date else None


def _redated(name: str) -> Iterator[str]:
    """Yield a name with its date as other sellers write it: gpt-4o-20240513 is gpt-4o-2024-05-13, and not gpt-4o."""
    base, at, tail = name.rpartition("@")
    base, date = split_date(f"{base}-{tail}" if at else name)
    if date:
        digits = date.replace("-", "")
        dashed = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        yield from (f"{base}-{dashed}", f"{base}-{digits}", f"{base}@{digits}")


def split_date(name: str) -> tuple[str, str]:
    """Return a name and its trailing date: ``-YYYY-MM-DD``, ``-YYYYMMDD``; an empty date if it has none.

    >>> split_date("gpt-4o-2024-08-06"), split_date("claude-sonnet-4-20250514"), split_date("gpt-4-0613")
    (('gpt-4o', '2024-08-06'), ('claude-sonnet-4', '20250514'), ('gpt-4-0613', ''))
    """
    base, dash, tail = name.rpartition("-")
    if dash and len(tail) == 8 and tail.isdecimal() and _is_date(tail[:4], tail[4:6], tail[6:]):
        return base, tail
    parts = name.rsplit("-", 3)
    if len(parts) == 4 and [len(part) for part in parts[1:]] == [4, 2, 2] and _is_date(*parts[1:]):
        return parts[0], "-".join(parts[1:])
    return name, ""


def is_snapshot(name: str, of: str) -> bool:
    """Return whether a response's model is a dated snapshot of the one that the caller named.

    >>> is_snapshot("gpt-4o-2024-05-13", "gpt-4o"), is_snapshot("gpt-4-0613", "gpt-4"), is_snapshot("gpt-4o", "gpt-4")
    (True, True, False)
    >>> is_snapshot("gpt-4o-mini-2024-07-18", "gpt-4o")
    False
    """
    bare = of.rpartition("/")[2] if not name.startswith(of) else of
    tail = name[len(bare) :]
    if not name.startswith(bare) or not tail:
        return False
    if tail[0] == "@":
        return True
    # Only a date may follow: gpt-4o-mini-2024-07-18 is a snapshot of gpt-4o-mini, and not of gpt-4o.
    return split_date("x" + tail)[0] == "x" or (len(tail) == 5 and tail[0] == "-" and tail[1:].isdecimal())


def _is_date(year: str, month: str, day: str) -> bool:
    numbers = year + month + day
    return numbers.isdecimal() and "2019" < year < "2100" and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _without_version(name: str) -> str | None:
    base, at, _ = name.rpartition("@")
    return base if at else None


def _without_latest(name: str) -> str | None:
    return name[: -len("-latest")] if name.endswith("-latest") else None


def _fine_tuned(name: str) -> str | None:
    parts = name.split(":")
    return ":".join(parts[:2]) if parts[0] == "ft" and len(parts) > 2 else None


def _fine_tuned_undated(name: str) -> str | None:
    short = _fine_tuned(name) or name
    return _without_date(short) if short.startswith("ft:") else None


_SHORTER: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("fine_tuned", _fine_tuned),
    ("fine_tuned", _fine_tuned_undated),
    ("dated_snapshot", _without_date),
    ("version", _without_version),
    ("latest", _without_latest),
)
