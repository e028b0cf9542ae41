"""Names: which entry of a price map a model's name means, by named rules and never by likeness.

Rules in order, each first exact and then case-folded:

=================  ===================================================================
exact              the name itself
provider_row       ``<provider>/<name>``
maker              ``<maker>/<name>`` for a maker's own id without a seller (with a note)
only_row           the only row ``*/<name>``, or several that price the same (with a note)
regional_row       ``<provider>/<region>/<name>``
base_of_region     the row without its region or geography prefix (with a note)
arn                the model or system profile inside an AWS ARN
fine_tuned         ``ft:<base>`` for ``ft:<base>:<organisation>:<id>``
date_written       the name with its date written another way: ``-20240513`` for ``-2024-05-13``
dated_snapshot     the name without a trailing date
version            the name without a trailing ``@version``
latest             the name without ``-latest``
alias              the row that a name found by one of the others stands for (with a note)
=================  ===================================================================

A name that none of them finds is written anew by the rules of ``rewrites``, one or two of them, and looked for again.
"""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..errors import UnknownModelError
from .vendors import ON_ONES_OWN, ORGANISATIONS, family
from .vendors import seller as whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import makers, rewrites, spellings
    from .rows import Source
else:
    # Asked where no row has the name as it is written.
    makers = Late("llmcost.prices.makers")
    rewrites = Late("llmcost.prices.rewrites")
    spellings = Late("llmcost.prices.spellings")


class Match:
    """A found name.

    Attributes:
        name: the map key.
        rule: the named rule that found it.
        notes: what to tell the reader of the bill.
        region: where the name says that the model runs; None where it says nothing.
    """

    __slots__ = ("name", "notes", "region", "rule")

    def __init__(self, name: str, rule: str, notes: tuple[Note, ...] = (), region: str | None = None) -> None:
        self.name, self.rule, self.notes, self.region = name, rule, notes, region


class Query:
    """What is looked for: the name in all its declared spellings, and whose it is.

    Attributes:
        provider: whose row it has to be; None for any row.
        seller: whose row is meant where no row has exactly this name: "" for rows without a seller, None for any row.
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
    return Match(target, ALIAS, (*found.notes, note), found.region)


# The rule of a name that stands for a row.
ALIAS = "alias"


def is_provider(source: Source, word: str) -> bool:
    """Return whether a word is the name of a provider, in any map or in this one."""
    return word in _WELL_KNOWN or word in source.index().providers


# Prefixes that are providers in any map; they also spare the common names the index.
_WELL_KNOWN = frozenset(
    {"openai", "azure", "anthropic", "bedrock", "vertex_ai", "gemini", "openrouter", "mistral", "cohere", "groq"}
    | {"together_ai", "fireworks_ai", "deepseek", "xai", "perplexity", "huggingface", "sagemaker", "replicate"}
    | {"ollama", "voyage", "hosted_vllm", "azure_ai", "databricks"}
)


def _belongs(source: Source, name: str, provider: str) -> bool:
    entry = source.get(name)
    owner = entry.get("litellm_provider") if entry else None
    return not owner or family(str(owner)) == provider


# At most so many rules rewrite one name, one after the other.
_MOST_REWRITTEN = 2


class _Search:
    """One look-up of a name.

    Attributes:
        tried: every name that was looked for, in order.
    """

    __slots__ = ("query", "rewritten", "source", "tried")

    def __init__(self, source: Source, query: Query, rewritten: int = 0) -> None:
        self.source, self.query, self.tried, self.rewritten = source, query, list[str](), rewritten

    def find(self) -> Match | None:
        """Return the entry by the rules in their order, aliases as they are named."""
        several = None
        try:
            found = self._as_it_is()
        except UnknownModelError as error:
            found, several = None, error
        if found is None and self.rewritten < _MOST_REWRITTEN:
            found = self._anew()
        if found is None and several is not None:
            raise several
        return found

    def _anew(self) -> Match | None:
        """Return the entry of a name without a row, which a rule of ``rewrites`` writes anew to look for it."""
        query = self.query
        provider, name = query.provider, query.name
        head, slash, rest = name.partition("/")
        if slash:
            owner = family(head)
            if provider in {None, owner} and is_provider(self.source, owner):
                provider, name = owner, rest
        if not rewrites.has_sign(name, provider):
            return None
        for rewrite in rewrites.rewrites(self.source, query.name, name, provider, query.region, self._sells):
            wanted = Query(rewrite.name, rewrite.provider, rewrite.region, query.seller)
            search = _Search(self.source, wanted, self.rewritten + 1)
            try:
                found = search.find()
            except UnknownModelError:
                found = None
            self.tried += [tried for tried in search.tried if tried not in self.tried]
            if found is not None and rewrite.allows(found.rule):
                return Match(found.name, rewrite.rule, (*rewrite.notes, *found.notes), rewrite.region)
        return None

    def _sells(self, word: str) -> bool:
        return is_provider(self.source, word)

    def _as_it_is(self) -> Match | None:
        source, query = self.source, self.query
        name, provider, region = query.name, query.provider, query.region
        if provider is None and region is None and self._has(name):
            return Match(name, "exact")
        head, slash, rest = name.partition("/")
        owner, folds = family(head) if slash else "", True
        # Registered rows do not know every provider of the map; who sells the map's row is one.
        if slash and (provider is None or owner == provider) and (owner == query.seller or is_provider(source, owner)):
            folds = head.casefold() not in ORGANISATIONS
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
        # Without a provider, a name with a region would only match the row of another provider.
        for spelling, rule, notes in spellings.spellings(name, provider, region if provider is not None else None):
            found = self._spelled(spelling, provider, folds=folds)
            if found is not None:
                match_rule = found.rule if rule == "exact" else rule
                return Match(found.name, match_rule, (*notes, *found.notes), spellings.place_in(name, provider))
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

    def _spelled(self, name: str, provider: str | None, *, folds: bool) -> Match | None:
        if provider is not None:
            if self._has(f"{provider}/{name}"):
                return Match(f"{provider}/{name}", "provider_row")
            if self._has(name) and _belongs(self.source, name, provider):
                return Match(name, "exact")
            folded_rows = self.source.index().folded if folds else {}
            for folded in (f"{provider}/{name}", name):
                for found in folded_rows.get(folded.casefold(), ()):
                    if found.casefold() != name.casefold() or _belongs(self.source, found, provider):
                        return Match(found, "case_folded")
            return None
        if self._has(name):
            return Match(name, "exact")
        index = self.source.index()
        folded_row = self._one_price(name, index.folded.get(name.casefold(), ()))
        if folded_row is not None:
            return Match(folded_row, "case_folded")
        makers_row = self._makers(name)
        if makers_row is not None:
            return makers_row
        self.tried.append(f"*/{name}")
        rows: Sequence[str] = index.rest.get(name.casefold(), ())
        if self.query.seller is not None:
            rows = [row for row in rows if family(row.partition("/")[0]) == self.query.seller]
        alike = [row for row in rows if row.partition("/")[2] == name] or rows
        only = self._one_price(name, alike)
        if only is None or self.query.seller is not None:
            return Match(only, "only_row") if only is not None else None
        if makers.is_closed(name):
            said = f"{name!r} is written as a maker's id, and the maker has no such row; others sell it"
            raise self._several(said, alike)
        if family(only.partition("/")[0]) in ON_ONES_OWN and (self.source.get(only) or {}).get("free"):
            said = f"{name!r} names no seller, and is free on a machine of one's own alone"
            raise self._several(said, alike)
        how = "the only row of that name" if len(alike) == 1 else "as all rows of that name are"
        said = f"{name!r} names no seller: {only} is priced, {how}; provider= says otherwise"
        return Match(only, "only_row", (Note("only_row", said, only),))

    def _makers(self, name: str) -> Match | None:
        """Return the maker's row for a maker's own id without a seller: a reseller's row does not stand for it."""
        maker = makers.maker_of(name)
        if maker is None or self.query.seller not in {None, maker}:
            return None
        for row, rule in makers.makers_rows(self.source.index().folded, maker, name):
            if "/" in row or _belongs(self.source, row, maker):
                said = f"{name!r} is an id of {maker}. Its row {row} is priced; provider= names another seller"
                return Match(row, rule, (Note("makers_row", said, row),))
        return None

    def _one_price(self, name: str, rows: Sequence[str]) -> str | None:
        """Return the first of several rows that price the same; raise UnknownModelError if they do not."""
        if len(rows) > 1:
            from .price_text import price_text

            if len({price_text(self.source.get(row) or {}, self.query.region) for row in rows}) > 1:
                raise self._several(f"{name!r} is sold by several providers at different prices", rows)
        return rows[0] if rows else None

    def _several(self, said: str, rows: Sequence[str]) -> UnknownModelError:
        """Return the error for a name that leaves open whose row is meant."""
        why = f"{said}: {', '.join(rows[:12])}; name one of them, or pass provider="
        return UnknownModelError(self.query.name, None, self.tried, why, choices=rows)
