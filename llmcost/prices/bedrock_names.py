"""Names of Bedrock's models: with and without a version, and the makers' own ids, with which Claude answers there."""

from __future__ import annotations

import re

from .price_text import prices_of
from .spellings import without_geography
from .vendors import GEOGRAPHIES, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rows import Source

_VERSIONS = ("-v1:0", ":0", "-v1")
_MAKER = "anthropic"
_VERSION = re.compile(r"(?:-[0-9]{8})?(?:-v[0-9].*)?")


def versions(source: Source, name: str) -> Iterator[str]:
    """Yield what may be meant by an id without its version, or with one that its row lacks.

    https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
    """
    bare = without_geography(name)
    completed = {row for mark in ("-v", ":") for row in source.index().beginning(bare + mark)}
    for ending in _VERSIONS:
        for found in (name + ending, name.removesuffix(ending)):
            row = source.get(found) or source.get(without_geography(found)) or {}
            # amazon.titan-embed-text has two versions, and says neither.
            certain = not found.startswith(name) or completed <= {without_geography(found)}
            if certain and found != name and _is_bedrocks(row):
                yield found


def rows_of(source: Source, name: str) -> list[str]:
    """Return Bedrock's rows of one of Claude's own ids, that of its regions first."""
    bare = f"{_MAKER}.{name}"
    found = [row for place in ("", *GEOGRAPHIES) for row in source.index().beginning(place + bare)]
    return [row for row in found if _is_version(row, bare) and _is_bedrocks(source.get(row) or {})]


def only_price(source: Source, name: str, rows: list[str]) -> str | None:
    """Return the row that prices one of Claude's ids wherever Bedrock runs it, but for GovCloud; None if none does.

    Newer models cost a tenth more outside the global profile, which asks the maker's price and may have no row yet.
    https://platform.claude.com/docs/en/about-claude/pricing
    """
    prices = {row: prices_of(source.get(row) or {}) for row in rows if not row.startswith("us-gov.")}
    fullest = max(prices, key=lambda row: len(prices[row]), default=None)
    if fullest is None or without_geography(rows[0]) != rows[0]:
        return None
    asked, sold = (source.get(row) or {} for row in (name, fullest))
    alike = all(asked.get(key) == sold.get(key) for key in ("input_cost_per_token", "output_cost_per_token"))
    return rows[0] if alike and all(found <= prices[fullest] for found in prices.values()) else None


def _is_version(row: str, bare: str) -> bool:
    return _VERSION.fullmatch(without_geography(row), len(bare)) is not None


def _is_bedrocks(row: object) -> bool:
    return isinstance(row, dict) and family(str(row.get("litellm_provider"))) == "bedrock"
