"""What a bill says: one screen of text, made from the same lines as the total, and how each price was found."""

from __future__ import annotations

from ..errors import printable, shown, told
from ..errors.printing import message
from . import rate as rates
from .columns import on_the_point, share_of
from .dimensions import text as text_of
from .exact import decimal_of, plain, ratio
from .meters import METERS
from .term import TERM_KINDS
from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from typing import Protocol

    from .lines import LineItem
    from .notes import Note
    from .rate import Rate, Shadow
    from .ratecard import RateCard
    from .rating import Segment

    class Bill(Protocol):
        """What is explained: a Cost."""

        model: str | None
        reported: Decimal | None
        requested_tier: str | None
        served_tier: str | None
        basis: str
        waived: str | None

        @property
        def line_items(self) -> tuple[LineItem, ...]: ...
        @property
        def segments(self) -> tuple[Segment, ...]: ...
        @property
        def calculated(self) -> Bill | None: ...
        @property
        def counts(self) -> str: ...
        @property
        def unpriced(self) -> tuple[str, ...]: ...
        @property
        def lower_bound(self) -> bool: ...
        @property
        def matched_as(self) -> str | None: ...
        @property
        def match_rule(self) -> str | None: ...
        @property
        def provider(self) -> str | None: ...
        @property
        def billed_tier(self) -> str: ...
        @property
        def notes(self) -> tuple[Note, ...]: ...
        def as_integer_ratio(self) -> tuple[int, int]: ...


# Columns of the table, by their number. _LEFT are written from the left, and _MONEY with their decimal points in one
# line. A column of _OFTEN_EMPTY is left out if no line has anything in it.
_TITLES = ("meter", "quantity", "unit", "USD / unit", "USD / 1M", "USD", "share", "set by")
_LEFT, _MONEY, _OFTEN_EMPTY = frozenset({0, 2, 7}), frozenset({3, 4, 5}), frozenset({3, 4, 6})
# So many characters of a name or of a cell are shown. A name of a model, a tier or a fee may be any text.
_LONGEST = 500
# Meters of lines that state an amount, and not a quantity times a rate.
_WITHOUT_A_RATE = TERM_KINDS | {"reported", "free"}


def explain(cost: Bill, *, verbose: bool = False) -> str:
    """Return why a call cost what it cost, in printable lines."""
    bound = "at least " if cost.lower_bound else ""
    title = _short(cost.matched_as or cost.model or "several models")
    blocks = [[f"{title}: {bound}{cost} USD"], _names(cost), _table(cost)]
    calculated = cost.calculated
    if calculated is not None and calculated is not cost:
        blocks.append(["  by the rate card", *_table(calculated)])
    blocks.append([f"  {label:<12}{value}" for label, value in _facts(cost)])
    if cost.notes:
        blocks.append(["  notes", *(f"   - {told(note)}" for note in cost.notes)])
    if verbose:
        blocks += decision_path(cost)
    return _text(blocks)


def _text(blocks: list[list[str]]) -> str:
    """Return blocks of lines as one text. A line break inside a line is part of a foreign value and is spelled out."""
    return "\n\n".join("\n".join(map(message, lines)) for lines in blocks if lines)


def _short(text: str) -> str:
    return told(text, _LONGEST)


def _names(cost: Bill) -> list[str]:
    asked = f"asked for {_short(cost.model)}, " if cost.model and cost.model != cost.matched_as else ""
    if cost.matched_as is None:
        return []
    provider = f" of {_short(cost.provider)}" if cost.provider else ""
    return [f"  {asked}priced as {_short(cost.matched_as)}{provider} (match rule: {cost.match_rule})"]


def _table(cost: Bill) -> list[str]:
    lines = cost.line_items
    several = len({line.model for line in lines}) > 1
    rows: list[tuple[str, ...]] = [_TITLES]
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
        # Tokens are priced by the million: a rate for one of them would say the same again.
        rate, million = "", ""
        if line.meter not in _WITHOUT_A_RATE:
            if line.unit == "token":
                million = plain(line.rate_per_million)
            else:
                rate = plain(line.rate, 0)
        share = share_of(line.amount, cost) if len(lines) > 1 else ""
        rows.append((meter, quantity, line.unit, rate, million, plain(line.amount, 0), share, source.strip()))
    for meter in cost.unpriced:
        rows.append((meter, "", "", "", "", "unpriced", "", ""))
    rows.append(("total", "", "", "", "", str(cost), "", ""))
    columns = []
    for place in range(len(_TITLES)):
        cells = [printable(row[place]) if place in _MONEY else _short(row[place]) for row in rows]
        if place in _MONEY:
            cells[1:] = on_the_point(cells[1:])
        if place not in _OFTEN_EMPTY or any(map(str.strip, cells[1:])):
            width = max(map(len, cells))
            columns.append([cell.ljust(width) if place in _LEFT else cell.rjust(width) for cell in cells])
    text = [("  " + "  ".join(row)).rstrip() for row in zip(*columns, strict=True)]
    rule = "  " + "  ".join("-" * len(column[0]) for column in columns[:-1])
    return [text[0], rule, *text[1:-1], rule, text[-1]]


def _facts(cost: Bill) -> list[tuple[str, str]]:
    facts = []
    tiers = (cost.requested_tier, cost.served_tier)
    if any(tiers) or cost.billed_tier != STANDARD:
        facts.append(
            ("tier", f"requested={_short(tiers[0] or '-')} served={_short(tiers[1] or '-')} billed={cost.billed_tier}")
        )
    for segment in cost.segments:
        text = _context(segment)
        if text:
            facts.append(("context", text))
    if cost.basis != "current":
        facts.append(("price", f"dated: {cost.basis}"))
    days = dict.fromkeys(segment.tariff.card.as_of for segment in cost.segments if segment.tariff is not None)
    days.pop("", None)
    if days:
        facts.append(("prices", f"as of {', '.join(days)}"))
    if cost.waived:
        facts.append(("waived", told(cost.waived)))
    if cost.reported is not None:
        facts.append(("reported", f"{plain(cost.reported)} USD by the provider"))
        calculated = cost.calculated
        facts.append(("calculated", "not known" if calculated is None else f"{calculated} USD by the rate card"))
    if cost.unpriced:
        meters = ", ".join(map(_short, cost.unpriced))
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


def decision_path(cost: Bill) -> list[list[str]]:
    """Return how every card of a cost was found, and which of its rates were billed, in force, or not used.

    A block of lines for each card, and one for its layers.
    """
    blocks = []
    for segment in cost.segments:
        if segment.tariff is None:
            continue
        card = segment.tariff.card
        billed = [priced.rate for meter in segment.quantities if (priced := segment.tariff.price(meter)) is not None]
        title = "decision path" if segment is cost.segments[0] else f"decision path of the part {_short(segment.model)}"
        if card.trail:
            blocks.append([f"  {title}", *(f"   {what:<13}{told(text)}" for what, text in card.trail)])
        blocks.append(["  layers, strongest first", *layer_lines(card, billed)])
    return blocks


def layer_lines(card: RateCard, billed: Iterable[Rate] = ()) -> list[str]:
    """Return every rate of a card, layer by layer, strongest first, with what became of it, in printable lines.

    ``billed`` are the rates that a call used; the others are in force but were not needed, or a stronger layer
    put them out of force.
    """
    used = {id(rate) for rate in billed}
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {layer: [] for layer in card.layers}
    for rate in card.cells.values():
        state = "billed" if id(rate) in used else "in force"
        found.setdefault((rate.layer, rate.map_key), []).append(_row(rate, state))
    for shadow in card.shadowed:
        rate = shadow.rate
        found.setdefault((rate.layer, rate.map_key), []).append(_row(rate, f"not used: {why_not(shadow)}"))
    lines = []
    for (layer, key), rows in found.items():
        lines.append(f"   {layer} {_short(key)}")
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        lines += [f"     {name:<{widths[0]}}  {price:>{widths[1]}}  {state}" for name, price, state in sorted(rows)]
    if card.unknown:
        lines.append("   set aside: price keys that this version does not know")
    lines += [
        f"     {_short(aside.key)}  {shown(aside.value)}  {aside.layer} {_short(aside.map_key)}"
        for aside in card.unknown
    ]
    if card.terms:
        lines.append("   terms, each on the sum before it")
    for term in card.terms:
        amount = plain(decimal_of(term.numerator, term.denominator)[0], 0)
        unit = " USD for each call" if term.kind == "fee" else ""
        lines.append(f"     {term.kind} {amount}{unit}  {term.layer} {_short(term.map_key)}: {term.price_key}")
    return [message(line) for line in lines]


_WHY_NOT = {
    rates.SET: "{by} sets it",
    rates.UNSET: "{by} un-sets it",
    rates.CARD_REPLACED: "{by} replaces the card",
    rates.FREE_MODEL: "{by} states that the model is free",
    rates.ANOTHER_UNIT: "{by} prices this model by the {what}",
    rates.ZERO_BESIDE_A_PRICE: "a token rate of 0 beside another unit's price",
    rates.LIKE_ITS_PARENT: "equal to the rate of {what}, which it follows",
    rates.ROUTING_FEE: "a router's fee is no price of an answer",
    rates.IMAGE_PRICE: "{by} sets what an image costs",
    rates.PRICED_BY_SIZE: "{what}",
}


def why_not(shadow: Shadow) -> str:
    """Return in words why a rate is not in force; what follows from it is said once, in the notes.

    >>> rate = rates.Rate("input", (), (1, 4), "map", "m", "k")
    >>> why_not(rates.Shadow(rate, "call", rates.SET))
    'call sets it'
    """
    return _WHY_NOT[shadow.reason].format(by=_short(shadow.by), what=_short(shadow.what))


def _row(rate: Rate, state: str) -> tuple[str, str, str]:
    price = f"{plain(rate.usd, 0)} USD/{METERS[rate.meter].unit}"
    derived = f" ({'; '.join(note.brief for note in rate.derived)})" if rate.derived else ""
    when = f" [{text_of(rate.conditions)}]" if rate.derived and rate.conditions else ""
    return _short(f"{rate.price_key}{when}"), price, f"{state}{derived}"
