"""How a price was found: the names, the deployment, and what became of every rate of every layer."""

from __future__ import annotations

from .dimensions import text as conditions_text
from .exact import decimal_of, plain
from .meters import METERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .cost import Cost
    from .ratecard import Rate, RateCard


def decision_path(cost: Cost) -> str:
    """Return how every card of a cost was found, and which of its rates were billed, in force, or not used."""
    blocks = []
    for segment in cost.segments:
        if segment.tariff is None:
            continue
        card = segment.tariff.card
        billed = [priced.rate for meter in segment.quantities if (priced := segment.tariff.price(meter)) is not None]
        path = "\n".join(f"   {what:<13}{text}" for what, text in card.path)
        title = "decision path" if segment is cost.segments[0] else f"decision path of the part {segment.model}"
        if path:
            blocks.append(f"  {title}\n{path}")
        blocks.append("\n".join(["  layers, strongest first", *layer_lines(card, billed)]))
    return "\n\n".join(blocks)


def layer_lines(card: RateCard, billed: Iterable[Rate] = ()) -> list[str]:
    """Return every rate of a card, layer by layer, strongest first, with what became of it.

    ``billed`` are the rates that a call used; the others are in force but were not needed, or a stronger layer
    put them out of force.
    """
    used = {id(rate) for rate in billed}
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {layer: [] for layer in card.layers}
    for rate in card.cells.values():
        state = "billed" if id(rate) in used else "in force"
        found.setdefault((rate.layer, rate.map_key), []).append(_row(rate, state))
    for rate, why in card.shadowed:
        # What follows from the reason is said once, in the notes.
        row = _row(rate, f"not used: {why.partition(': ')[0]}")
        found.setdefault((rate.layer, rate.map_key), []).append(row)
    lines = []
    for (layer, key), rows in found.items():
        lines.append(f"   {layer} {key}")
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        lines += [f"     {name:<{widths[0]}}  {price:>{widths[1]}}  {state}" for name, price, state in sorted(rows)]
    if card.unknown:
        lines.append("   set aside: price keys that this version does not know")
    lines += [f"     {aside.key}  {aside.value}  {aside.layer} {aside.map_key}" for aside in card.unknown]
    if card.terms:
        lines.append("   terms, each on the sum before it")
    for term in card.terms:
        amount = plain(decimal_of(term.numerator, term.denominator)[0], 0)
        unit = " USD for each call" if term.kind == "fee" else ""
        lines.append(f"     {term.kind} {amount}{unit}  {term.layer} {term.map_key}: {term.price_key}")
    return lines


def _row(rate: Rate, state: str) -> tuple[str, str, str]:
    price = f"{plain(rate.usd, 0)} USD/{METERS[rate.meter].unit}"
    # The page that proves a vendor's rule stands in the notes of the bill.
    derived = f" ({rate.derived.partition(', http')[0]})" if rate.derived else ""
    when = f" [{conditions_text(rate.conditions)}]" if rate.derived and rate.conditions else ""
    return f"{rate.price_key}{when}", price, f"{state}{derived}"
