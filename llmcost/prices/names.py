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

from ..core.notes import Note
from ..errors import UnknownModelError, shown
from .blocks import EXPANDERS
from .keys import looks_like_price
from .vendors import family, rules_for
from .vendors import seller as whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .rows import Source


class Match:
    """A found name.

    Attributes:
        name: the map key.
        rule: the named rule that found it.
        notes: what to tell the reader of the bill.
    """

    __slots__ = ("name", "notes", "rule")

    def __init__(self, name: str, rule: str, notes: tuple[Note, ...] = ()) -> None:
        self.name, self.rule, self.notes = name, rule, notes


class Query:
    """What is looked for: the name in all its declared spellings, and whose it is.

    Attributes:
        provider: whose row it has to be; None for anybody's.
        seller: whose row is meant where none is named exactly: empty for nobody's, None for anybody's.
    """

    __slots__ = ("name", "provider", "region", "seller")

    def __init__(
        self, name: str, provider: str | None = None, region: str | None = None, seller: str | None = None
    ) -> None:
        self.name = name
        self.provider = whose(provider) if provider else None
        self.region, self.seller = region, seller

    def of(self, seller: str) -> Query:
        """Return the same query for one seller."""
        return Query(self.name, self.provider, self.region, seller)


def find(source: Source, query: Query, tried: list[str] | None = None) -> Match | None:
    """Return the entry that a query means in one source, or None.

    Every name that was looked for is added to ``tried``.

    Raises UnknownModelError if several providers sell the name at different prices.
    """
    search = _Search(source, query)
    found = search.find()
    if tried is not None:
        tried += search.tried
    target = source.alias_of(found.name) if found is not None else None
    if found is None or target is None:
        return found
    note = Note("alias", f"{found.name} is an alias of {target} in this map")
    return Match(target, ALIAS, (*found.notes, note))


# The rule of a name that stands for a row.
ALIAS = "alias"


def is_provider(source: Source, word: str) -> bool:
    """Return whether a word is the name of a provider, in any map or in this one."""
    return word in _WELL_KNOWN or word in source.index().providers


# Prefixes that are providers in any map; they also spare the common names the index.
_WELL_KNOWN = frozenset(
    {
        "openai",
        "azure",
        "anthropic",
        "bedrock",
        "vertex_ai",
        "gemini",
        "openrouter",
        "mistral",
        "cohere",
        "groq",
        "together_ai",
        "fireworks_ai",
        "deepseek",
        "xai",
        "perplexity",
        "huggingface",
        "sagemaker",
        "replicate",
        "ollama",
        "voyage",
        "hosted_vllm",
        "azure_ai",
        "databricks",
    }
)


def _belongs(source: Source, name: str, provider: str) -> bool:
    entry = source.get(name)
    owner = entry.get("litellm_provider") if entry else None
    return not owner or family(str(owner)) == provider


def _prices(entry: Mapping[str, object]) -> str:
    """Return a text that is equal for entries that price the same: prices, factors, and the vendor's rules."""
    given = sorted((key, _text(value)) for key, value in entry.items() if looks_like_price(key) or key in EXPANDERS)
    return repr((given, rules_for(str(entry.get("litellm_provider"))).source))


def _text(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # compiling the entry reports this number
        return shown(value)


class _Search:
    """One look-up of a name.

    Attributes:
        tried: every name that was looked for, in order.
    """

    __slots__ = ("query", "source", "tried")

    def __init__(self, source: Source, query: Query) -> None:
        self.source, self.query, self.tried = source, query, list[str]()

    def find(self) -> Match | None:
        """Return the entry by the rules in their order, aliases as they are named."""
        source, query = self.source, self.query
        name, provider, region = query.name, query.provider, query.region
        if provider is None and region is None and self._has(name):
            return Match(name, "exact")
        head, slash, rest = name.partition("/")
        owner = family(head)
        if slash and (provider is None or owner == provider) and is_provider(source, owner):
            regional = self._regional(owner, rest)
            if regional is not None:
                return regional
            # A full name that has a row is that row, also where the row states another provider.
            if self._has(name):
                return Match(name, "exact")
            provider, name = owner, rest
        elif provider is None and region is not None and self._has(name):
            seller = (source.get(name) or {}).get("litellm_provider")
            return self._regional(family(str(seller)) if seller else None, name) or Match(name, "exact")
        from .spellings import spellings

        # Without a provider, a name with a region would only match the row of another provider.
        for spelling, rule, notes in spellings(name, provider, region if provider is not None else None):
            found = self._spelled(spelling, provider)
            if found is not None:
                match_rule = found.rule if rule == "exact" else rule
                return Match(found.name, match_rule, notes)
        return None

    def _has(self, name: str) -> bool:
        if name not in self.tried:
            self.tried.append(name)
        return self.source.get(name) is not None

    def _regional(self, provider: str | None, name: str) -> Match | None:
        """Return the provider's row for the region of the call, which is more specific than the one without."""
        regional = f"{provider}/{self.query.region}/{name}"
        if provider and self.query.region and self._has(regional):
            return Match(regional, "regional_row")
        return None

    def _spelled(self, name: str, provider: str | None) -> Match | None:
        if provider is not None:
            if self._has(f"{provider}/{name}"):
                return Match(f"{provider}/{name}", "provider_row")
            if self._has(name) and _belongs(self.source, name, provider):
                return Match(name, "exact")
            for folded in (f"{provider}/{name}", name):
                for found in self.source.index().folded.get(folded.casefold(), ()):
                    if found.casefold() != name.casefold() or _belongs(self.source, found, provider):
                        return Match(found, "case_folded")
            return None
        if self._has(name):
            return Match(name, "exact")
        index = self.source.index()
        same = self._one_price(name, index.folded.get(name.casefold(), []))
        if same is not None:
            return Match(same, "case_folded")
        self.tried.append(f"*/{name}")
        rows = index.rest.get(name.casefold(), [])
        if self.query.seller is not None:
            rows = [row for row in rows if family(row.partition("/")[0]) == self.query.seller]
        only = self._one_price(name, [row for row in rows if row.partition("/")[2] == name] or rows)
        return Match(only, "only_row") if only is not None else None

    def _one_price(self, name: str, rows: Sequence[str]) -> str | None:
        """Return the first of several rows that price the same; raise UnknownModelError if they do not."""
        if len(rows) > 1 and len({_prices(self.source.get(row) or {}) for row in rows}) > 1:
            raise UnknownModelError(
                self.query.name,
                None,
                self.tried,
                f"{name!r} is sold by several providers at different prices: {', '.join(rows[:12])}; "
                "name one of them, or pass provider=",
                choices=rows,
            )
        return rows[0] if rows else None


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
    from .spellings import split_date

    # Only a date may follow: gpt-4o-mini-2024-07-18 is no snapshot of gpt-4o.
    return split_date("x" + tail)[0] == "x" or (len(tail) == 5 and tail[0] == "-" and tail[1:].isdecimal())


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to five known names that look like an unknown one: a hint for a person, never a match."""
    from difflib import get_close_matches

    bare = name.rpartition("/")[2].casefold()[:80]
    by_tail: dict[str, list[str]] = {}
    for known in names:
        by_tail.setdefault(known.rpartition("/")[2].casefold(), []).append(known)
    close = get_close_matches(bare, by_tail, 5, 0.6)
    return tuple(min(by_tail[tail], key=len) for tail in close)
