"""Names: which entry of a price map a model's name means, by named rules and never by likeness.

Rules in order, each first exact and then case-folded:

=================  ===================================================================
exact              the name itself
provider_row       ``<provider>/<name>``
only_row           the only row ``*/<name>``, or several that price the same
regional_row       ``<provider>/<region>/<name>``
base_of_region     the row without its region or geography prefix (with a note)
arn                the model or system profile inside an AWS ARN
fine_tuned         ``ft:<base>`` for ``ft:<base>:<organisation>:<id>``
dated_snapshot     the name without a trailing date
version            the name without a trailing ``@version``
latest             the name without ``-latest``
alias              the row that a name found by one of the others stands for (with a note)
=================  ===================================================================
"""

from __future__ import annotations

from ..errors import UnknownModelError, shown
from .entries import EXPANDERS
from .keys import looks_like_price
from .provider_rules import BEDROCK_ROUTES, GEOGRAPHIES, ROUTERS, family, rules_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Protocol

    class Source(Protocol):
        """Where entries are looked up by name."""

        def get(self, name: str) -> Mapping[str, object] | None:
            """Return the entry of exactly this name."""

        def alias_of(self, name: str) -> str | None:
            """Return the row that a name stands for; None for a row of its own."""

        def index(self) -> Index:
            """Return the index of all names, built at the first miss."""


class Index:
    """All names of a source, by the ways in which they are looked for.

    Attributes:
        names: every name, aliases among them.
        aliases: name -> the row that it stands for.
        folded: case-folded name -> names.
        rest: what follows the first slash -> names.
        providers: every provider that a row or a name states.
    """

    __slots__ = ("aliases", "folded", "names", "providers", "rest")

    def __init__(
        self, names: Iterable[str], providers: Iterable[str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.names, self.aliases = tuple(names), aliases or {}
        self.folded: dict[str, list[str]] = {}
        self.rest: dict[str, list[str]] = {}
        for name in self.names:
            self.folded.setdefault(name.casefold(), []).append(name)
            rest = name.partition("/")[2]
            if rest:
                self.rest.setdefault(rest.casefold(), []).append(name)
        self.providers = frozenset(providers) | {family(provider) for provider in providers}


class Match:
    """A found name.

    Attributes:
        name: the map key.
        rule: the named rule that found it.
        note: what to tell the reader of the bill, or an empty text.
    """

    __slots__ = ("name", "note", "rule")

    def __init__(self, name: str, rule: str, note: str = "") -> None:
        self.name, self.rule, self.note = name, rule, note


class Query:
    """What is looked for: the name in all its declared spellings, and whose it is.

    Attributes:
        provider: whose row it has to be; None for anybody's.
        seller: whose row is meant where none is named exactly: empty for nobody's, None for anybody's.
        tried: every name that was looked for.
    """

    __slots__ = ("name", "provider", "region", "seller", "tried")

    def __init__(self, name: str, provider: str | None = None, region: str | None = None) -> None:
        self.name = name
        self.provider = family(provider) if provider else None
        self.region = region
        self.seller: str | None = None
        self.tried: list[str] = []


def find(source: Source, query: Query) -> Match | None:
    """Return the entry that a query means in one source, or None.

    Raises UnknownModelError if several providers sell the name at different prices.
    """
    found = _find(source, query)
    target = source.alias_of(found.name) if found is not None else None
    if found is None or target is None:
        return found
    note = f"{found.name} is an alias of {target} in this map"
    return Match(target, ALIAS, "; ".join(filter(None, (found.note, note))))


# The rule of a name that stands for a row.
ALIAS = "alias"


def _find(source: Source, query: Query) -> Match | None:
    name, provider, region = query.name, query.provider, query.region
    if provider is None and region is None and _try(source, query, name):
        return Match(name, "exact")
    head, slash, rest = name.partition("/")
    owner = family(head)
    if slash and (provider is None or owner == provider) and is_provider(source, owner):
        regional = _regional(source, query, owner, rest)
        if regional is not None:
            return regional
        # A full name that has a row is that row, whatever provider the row states.
        if _try(source, query, name):
            return Match(name, "exact")
        provider, name = owner, rest
    elif provider is None and region is not None and _try(source, query, name):
        seller = (source.get(name) or {}).get("litellm_provider")
        return _regional(source, query, family(str(seller)) if seller else None, name) or Match(name, "exact")
    # A bare name with a region could only meet another provider's row there.
    for spelling, rule, note in spellings(name, provider, region if provider is not None else None):
        found = _find_spelling(source, query, spelling, provider)
        if found is not None:
            match_rule = found.rule if rule == "exact" else rule
            return Match(found.name, match_rule, note)
    return None


def _try(source: Source, query: Query, name: str) -> bool:
    if name not in query.tried:
        query.tried.append(name)
    return source.get(name) is not None


def _regional(source: Source, query: Query, provider: str | None, name: str) -> Match | None:
    """Return the provider's row for the region of the call, which is more specific than the one without."""
    regional = f"{provider}/{query.region}/{name}"
    if provider and query.region and _try(source, query, regional):
        return Match(regional, "regional_row")
    return None


def is_provider(source: Source, word: str) -> bool:
    """Return whether a word is the name of a provider, in any map or in this one."""
    return word in _WELL_KNOWN or word in source.index().providers


# Prefixes that are providers in any map; they also spare the common names the index.
_WELL_KNOWN = frozenset(
    {"openai", "azure", "anthropic", "bedrock", "vertex_ai", "gemini", "openrouter", "mistral", "cohere", "groq",
     "together_ai", "fireworks_ai", "deepseek", "xai", "perplexity", "huggingface", "sagemaker", "replicate", "ollama",
     "voyage", "hosted_vllm", "azure_ai", "databricks"}
)  # fmt: skip


def _find_spelling(source: Source, query: Query, name: str, provider: str | None) -> Match | None:
    if provider is not None:
        if _try(source, query, f"{provider}/{name}"):
            return Match(f"{provider}/{name}", "provider_row")
        if _try(source, query, name) and _belongs(source, name, provider):
            return Match(name, "exact")
        for folded in (f"{provider}/{name}", name):
            for found in source.index().folded.get(folded.casefold(), ()):
                if found.casefold() != name.casefold() or _belongs(source, found, provider):
                    return Match(found, "case_folded")
        return None
    if _try(source, query, name):
        return Match(name, "exact")
    index = source.index()
    same = _one_price(source, query, name, index.folded.get(name.casefold(), []))
    if same is not None:
        return Match(same, "case_folded")
    query.tried.append(f"*/{name}")
    rows = index.rest.get(name.casefold(), [])
    if query.seller is not None:
        rows = [row for row in rows if family(row.partition("/")[0]) == query.seller]
    only = _one_price(source, query, name, [row for row in rows if row.partition("/")[2] == name] or rows)
    return Match(only, "only_row") if only is not None else None


def _belongs(source: Source, name: str, provider: str) -> bool:
    entry = source.get(name)
    owner = entry.get("litellm_provider") if entry else None
    return not owner or family(str(owner)) == provider


def _one_price(source: Source, query: Query, name: str, rows: Sequence[str]) -> str | None:
    """Return the first of several rows that price the same; raise UnknownModelError if they do not."""
    if len(rows) > 1 and len({_prices(source.get(row) or {}) for row in rows}) > 1:
        raise UnknownModelError(
            query.name,
            None,
            query.tried,
            f"{name!r} is sold by several providers at different prices: {', '.join(rows[:12])}; "
            "name one of them, or pass provider=",
        )
    return rows[0] if rows else None


def _prices(entry: Mapping[str, object]) -> str:
    """Return a text that is equal for entries that price the same: prices, factors, and the vendor's rules."""
    given = sorted((key, _text(value)) for key, value in entry.items() if looks_like_price(key) or key in EXPANDERS)
    return repr((given, rules_for(str(entry.get("litellm_provider"))).source))


def _text(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # an int that is no price, which is told when the entry is compiled
        return shown(value)


def spellings(name: str, provider: str | None, region: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield every declared spelling of a name, the most specific first: ``(name, rule, note)``."""
    seen = set()
    for spelling, rule, note in _all_spellings(name, provider, region):
        if spelling and spelling not in seen:
            seen.add(spelling)
            yield spelling, rule, note


def _all_spellings(name: str, provider: str | None, region: str | None) -> Iterator[tuple[str, str, str]]:
    bases = [(name, "exact", "")]
    if name.startswith("arn:"):
        inside = _arn_model(name)
        if inside is None:
            return
        bases = [(inside, "arn", "")]
    for route in BEDROCK_ROUTES:
        if provider == "bedrock" and name.startswith(route):
            bases.append((name[len(route) :], "exact", ""))
    for route in ROUTERS:
        if provider == "azure_ai" and name.startswith(f"{route}/"):
            bases.append((route, "exact", ""))
    if region:
        yield f"{region}/{name}", "regional_row", ""
    for base, rule, note in list(bases):
        yield base, rule, note
        stripped = _without_region(base, provider)
        if stripped is not None:
            bases.append(
                (stripped, "base_of_region", "regional row missing: base row used, geo profiles usually cost more")
            )
    for base, _, note in bases[1:]:
        yield base, "base_of_region" if note else "exact", note
    for base, _, note in bases:
        for rule, shorten in _SHORTER:
            shorter = shorten(base)
            if shorter is not None:
                yield shorter, rule, note


def _arn_model(name: str) -> str | None:
    """Return the model or the system profile that an ARN names; None where it does not contain it."""
    kind, _, model = name.split(":", 5)[-1].partition("/")
    if kind in {"foundation-model", "inference-profile"}:
        return model
    return None


def _without_region(name: str, provider: str | None) -> str | None:
    for prefix in GEOGRAPHIES:
        # us.anthropic.claude-...: a geography is followed by vendor.model.
        if name.startswith(prefix) and "." in name[len(prefix) :]:
            return name[len(prefix) :]
    head, slash, rest = name.partition("/")
    if slash and provider in {"bedrock", "vertex_ai", "azure"} and _is_region(head):
        return rest
    return None


def _is_region(word: str) -> bool:
    """Return whether a word is a cloud region: ``us-east-1``, ``europe-west4``, ``eu``."""
    return word in {"us", "eu", "global"} or (word.count("-") in {1, 2} and word[-1:].isdecimal())


def _without_date(name: str) -> str | None:
    base, date = split_date(name)
    return base if date else None


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
    # Nothing but a date may follow: gpt-4o-mini-2024-07-18 is no gpt-4o.
    return split_date("x" + tail)[0] == "x" or (len(tail) == 5 and tail[0] == "-" and tail[1:].isdecimal())


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to five known names that look like an unknown one: a hint for a person, never a match."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only on the way to an error

    bare = name.rpartition("/")[2].casefold()[:80]
    by_tail: dict[str, list[str]] = {}
    for known in names:
        by_tail.setdefault(known.rpartition("/")[2].casefold(), []).append(known)
    close = get_close_matches(bare, by_tail, 5, 0.6)
    return tuple(min(by_tail[tail], key=len) for tail in close)
