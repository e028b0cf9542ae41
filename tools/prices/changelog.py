"""The price section of CHANGELOG.md, written from a bump: what makers and clouds charge now."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from llmcost.core.meters import METERS, TOKEN
from llmcost.core.tiers import TIERS
from llmcost.errors import UnknownPriceKeyError
from llmcost.prices.differences import written
from llmcost.prices.keys import decode

from .bump_report import prices_changed, source_of
from .decisions import markdown
from .step import changes

if TYPE_CHECKING:
    from .bump import Bumped

_HEADING = "### Prices\n"
_CONDITION = re.compile(rf"(_above_\d+(hr|k_tokens))*(_({'|'.join(sorted(TIERS))}))?$")


def with_prices(changelog: str, result: Bumped) -> str:
    """Return the changelog with the section of this release of the prices in front of the former ones.

    A section of the same day is replaced; it stays if nothing has changed since. Raises ValueError if the changelog
    has no part "Prices" to write to.
    """
    start = changelog.find(_HEADING)
    if start < 0:
        raise ValueError("the changelog has no heading '### Prices'")
    start += len(_HEADING)
    title = f"#### {result.new.today}\n"
    parts = re.split(r"(?m)^(?=#)", changelog[start:])
    if any(part.startswith(title) for part in parts) and not changes(result.before, result.built):
        return changelog
    rest = "".join(part for part in parts if not part.startswith(title)).lstrip("\n")
    return f"{changelog[:start]}\n{title}\n" + "\n".join(section(result)) + f"\n\n{rest}"


def section(result: Bumped) -> list[str]:
    """Return the lines of the section: counts, and the changes of makers' and clouds' prices."""
    models, before = result.built.models, result.before.models
    retired = sum("retired_on" in models.get(name, {}) and "retired_on" not in entry for name, entry in before.items())
    newest = max(source.data_date for source in result.new.sources)
    lines = [
        f"{len(models)} models as of {newest}: {len(models.keys() - before.keys())} added, "
        f"{retired} retired; {len(result.built.aliases)} aliases.",
    ]
    together: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    found = prices_changed(result, changes(result.before, result.built), first_party=True)
    moved = {(change.model, change.key) for change in found}
    for change in found:
        # A threshold, a tier and a longer cache write that move with their price are not told again.
        base = _CONDITION.sub("", change.key)
        if base != change.key and (change.model, base) in moved:
            continue
        key, old, new = change.key, _shown(change.key, change.old), _shown(change.key, change.new)
        together[key, old, new, source_of(result, change.model)].append(change.model)
    rows = [(", ".join(sorted(ids)), key, old, new, page) for (key, old, new, page), ids in together.items()]
    if rows:
        lines += [
            "",
            "Prices per token are in USD per million. Thresholds and tiers that moved alike are left out.",
            "",
        ]
        lines += markdown(("model", "key", "old", "new", "source"), sorted(rows))
    return lines


def _shown(key: str, value: object) -> str:
    """Return a price as people write it: that of a token per million.

    >>> _shown("input_cost_per_token", 2.5e-06), _shown("input_cost_per_image", 0.04), _shown("x_cost", None)
    ('2.5', '0.04', 'none')
    """
    try:
        decoded = decode(key.rpartition(".")[2])
    except UnknownPriceKeyError:
        decoded = None
    if decoded is not None and METERS[decoded[0]].unit == TOKEN and isinstance(value, float):
        return f"{value * 1e6:.10g}"
    return written(value)
