"""Matching: the models of a bill and those of a log, which write one and the same model in their own ways.

A name of a bill is a name of the log, is priced by the same row of the map, is a dated snapshot of it, or has the same
words in another order, as ``Claude4.6Sonnet`` and ``anthropic.claude-sonnet-4-6``. Anything else is another model.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..core.remembering import remembered
from ..errors import LLMCostError
from ..prices.spellings import is_snapshot, split_date, without_geography

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..api.costmap import CostMap

_VERSION = re.compile(r"-v[0-9]+(?::[0-9]+)?$", re.ASCII)
_WORD = re.compile(r"[0-9]+|[a-z]+", re.ASCII)
_SUFFIX = re.compile(r"(?<=\s)(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$", re.ASCII)


class Models:
    """The models of a log, by the names that a bill may give them.

    Args:
        prices: the map that knows the names.
        names: ``(provider, model)`` of the log.
        providers: of the bill; empty for any.
    """

    def __init__(self, prices: CostMap, names: Iterable[tuple[str | None, str]], providers: frozenset[str]) -> None:
        self._prices, self._providers = prices, providers
        self._names = sorted({model for _, model in names})
        self._label: dict[str, str] = {name: name for name in self._names}
        self._labels: dict[str, str] = {}
        self._rows: list[str] | None = None

    def of_bill(self, name: str) -> str:
        """Return the one name under which a model of the bill and those of the log count."""
        if name in self._labels:
            return self._labels[name]
        same = self._same(name)
        # Names that the bill does not tell apart are one model here.
        label = self.of_log(same[0]) if same else self._row(name) or name
        for other in same:
            self._label[other] = label
        self._labels[name] = label
        return label

    def of_log(self, name: str) -> str:
        """Return the name under which a model of the log counts. Ask when all names of the bill have been given."""
        label = self._label.get(name, name)
        while self._label.get(label, label) != label:
            label = self._label[label]
        if label in self._labels.values():
            return label
        # An alias beside its dated version, which alone is on the bill: a call that broke off stated no version.
        dated = {found for found in self._labels.values() if is_snapshot(found, label)}
        return dated.pop() if len(dated) == 1 else label

    def _same(self, name: str) -> list[str]:
        if name in self._label:
            return [name]
        row = self._row(name)
        rules = (
            lambda candidate: row is not None and candidate == row,
            lambda candidate: is_snapshot(name, candidate) or is_snapshot(candidate, name),
            lambda candidate: words(candidate) == words(name) and _dates_agree(candidate, name),
        )
        for rule in rules:
            found = [candidate for candidate in self._names if rule(candidate)]
            if found:
                return found
        return []

    def _row(self, name: str) -> str | None:
        """Return the row of the map that prices a name."""
        for provider in (*sorted(self._providers), None):
            try:
                return self._prices.rate_card(name, provider=provider).name
            except LLMCostError:
                continue
        return self._by_words(name)

    def _by_words(self, name: str) -> str | None:
        """Return the one row of the providers of the bill that has the words of a name."""
        wanted = words(name)
        if self._rows is None:
            items = self._prices.items()
            self._rows = [row for row, entry in items if entry.get("litellm_provider") in self._providers]
        rows = [row for row in self._rows if words(row) == wanted and _dates_agree(row, name)]
        plain = [row for row in rows if without_geography(row) == row] or rows
        return plain[0] if len({words(row) for row in plain}) == 1 else None


@remembered(4096)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a model's name, without maker, place, version and date, in the order of the alphabet.

    >>> words("Claude4.6Sonnet") == words("us.anthropic.claude-sonnet-4-6-20250929-v1:0")
    True
    >>> (
    ...     words("Nova2.0Lite") == words("amazon.nova-2-lite-v1:0"),
    ...     words("gpt 4o 1120") == words("azure/gpt-4o-2024-11-20"),
    ... )
    (True, True)
    """
    bare = _SUFFIX.sub("", name.lower().rpartition("/")[2])
    bare = without_geography(bare)
    maker, point, rest = bare.partition(".")
    if point and maker.isalpha() and not rest[:1].isdecimal():
        bare = rest
    bare = split_date(_VERSION.sub("", bare).strip())[0]
    found = [word.lstrip("0") or "0" for word in _WORD.findall(bare)]
    # 2.0 and 2 are one version.
    return tuple(sorted(word for word in found if word != "0"))


def _dates_agree(one: str, two: str) -> bool:
    """Return whether two names are of one version, as far as both say it: ``1120`` is the 20th of November."""
    dates = {date for date in (_month_and_day(one), _month_and_day(two)) if date}
    return len(dates) < 2


def _month_and_day(name: str) -> str:
    short = _SUFFIX.search(name)
    if short is not None:
        return short[0]
    return split_date(_VERSION.sub("", name))[1].replace("-", "")[4:]
