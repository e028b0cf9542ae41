"""The explanation of a Cost: one screen of text, made from the same lines as the total."""

from __future__ import annotations

from .exact import decimal_of, plain, ratio
from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cost import Cost, LineItem
    from .rating import Segment

_LEFT = frozenset({0, 2, 6})


def explain(cost: Cost, *, verbose: bool = False) -> str:
    """Return why a call cost what it cost."""
    lines = cost.line_items
    bound = "at least " if cost.lower_bound else ""
    title = cost.matched_as or cost.model or "several models"
    blocks = [f"{title}: {bound}{cost} USD"]
    name = _names(cost)
    if name:
        blocks.append(name)
    blocks.append(_table(cost, lines))
    facts = _facts(cost)
    if facts:
        blocks.append("\n".join(f"  {label:<12}{value}" for label, value in facts))
    if cost.notes:
        blocks.append("\n".join(["  notes", *(f"   - {note}" for note in cost.notes)]))
    if verbose:
        from .path import decision_path  # noqa: PLC0415 - only for who asks how the price was found

        blocks.append(decision_path(cost))
    return "\n\n".join(block for block in blocks if block)


def _names(cost: Cost) -> str:
    asked = f"asked for {cost.model}, " if cost.model and cost.model != cost.matched_as else ""
    if cost.matched_as is None:
        return ""
    provider = f" of {cost.provider}" if cost.provider else ""
    return f"  {asked}priced as {cost.matched_as}{provider} (match rule: {cost.match_rule})"


def _table(cost: Cost, lines: Sequence[LineItem]) -> str:
    several = len({line.model for line in lines}) > 1
    rows = [("meter", "quantity", "unit", "USD / unit", "USD / 1M", "USD", "set by")]
    for line in lines:
        meter = f"{line.model} {line.meter}" if several else line.meter
        units = line.quantity
        quantity = f"{units:,}" if isinstance(units, int) else plain(decimal_of(*ratio(units))[0], 0)
        source = f"{line.layer} {line.map_key}: {line.price_key}" if line.price_key else line.layer
        if several and line.map_key == line.model:
            source = f"{line.layer}: {line.price_key}"
        if line.meter == "free":
            source = line.note
        conditions = "; ".join(filter(None, (line.conditions, *line.factors)))
        if conditions:
            source += f" [{conditions}]"
        money = line.meter in {"discount", "margin", "fee", "reported", "free"}
        rate = "" if money else plain(line.rate, 0)
        million = "" if money or line.unit != "token" else plain(line.rate_per_million)
        rows.append((meter, quantity, line.unit, rate, million, plain(line.amount, 0), source.strip()))
    for meter in cost.unpriced:
        rows.append((meter, "", "", "", "", "unpriced", ""))
    rows.append(("total", "", "", "", "", str(cost), ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    text = []
    for index, row in enumerate(rows):
        cells = [
            cell.ljust(width) if column in _LEFT else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        text.append(("  " + "  ".join(cells)).rstrip())
        if index in {0, len(rows) - 2}:
            text.append("  " + "  ".join("-" * width for width in widths[:6]))
    return "\n".join(text)


def _facts(cost: Cost) -> list[tuple[str, str]]:
    facts = []
    tiers = (cost.requested_tier, cost.served_tier)
    if any(tiers) or cost.billed_tier != STANDARD:
        facts.append(("tier", f"requested={tiers[0] or '-'} served={tiers[1] or '-'} billed={cost.billed_tier}"))
    for segment in cost.segments:
        text = _context(segment)
        if text:
            facts.append(("context", text))
    if cost.basis != "current":
        facts.append(("price", f"dated: {cost.basis}"))
    if cost.waived:
        facts.append(("waived", cost.waived))
    if cost.reported is not None:
        facts.append(("reported", f"{plain(cost.reported)} USD by the provider"))
        calculated = cost.calculated
        facts.append(("calculated", "not known" if calculated is None else f"{plain(calculated)} USD by the rate card"))
    if cost.unpriced:
        meters = ", ".join(cost.unpriced)
        facts.append(("unpriced", f"{meters}: no rate, or no quantity, is known; the total is a lower bound"))
    return facts


def _context(segment: Segment) -> str:
    tariff, context = segment.tariff, segment.usage.context
    if tariff is None or not tariff.card.thresholds or context is None:
        return ""
    verb = ">=" if tariff.card.inclusive else ">"
    if tariff.level:
        return f"{context:,} prompt tokens {verb} {tariff.level:,}: the whole request at the long-context rates"
    return f"{context:,} prompt tokens, not {verb} {tariff.card.thresholds[0]:,}: base rates"
