"""The prices of an entry as one text, which is equal for entries that price the same."""

from __future__ import annotations

from ..errors import shown
from .blocks import EXPANDERS
from .keys import looks_like_price, uplift_region
from .vendors import rules_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def price_text(entry: Mapping[str, object], region: str | None) -> str:
    """Return a text that is equal for entries that price the same: prices, factors, and the vendor's rules.

    The factor of a region counts for a call that runs there.
    """
    counted = {None, (region or "").lower()}
    prices = sorted(price for price in prices_of(entry) if uplift_region(price[0]) in counted)
    return repr((prices, rules_for(str(entry.get("litellm_provider"))).source))


def prices_of(entry: Mapping[str, object]) -> frozenset[tuple[str, str]]:
    """Return the prices and factors of an entry, as texts."""
    return frozenset((key, _text(value)) for key, value in entry.items() if looks_like_price(key) or key in EXPANDERS)


def _text(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # compiling the entry reports this number
        return shown(value)
