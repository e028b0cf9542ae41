"""Stack: the layers of one model, as they are at one time or another."""

from __future__ import annotations

from ..core.late import Late
from .entries import BLOCK
from .layers import Layer, compile_card
from .moments import bounds, clock, moments_of, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..core.notes import Note
    from ..core.ratecard import RateCard
    from ..core.term import Fee, Term
    from . import batch_rows, contract_rows
    from .contract import Gap
    from .entry import Entry
    from .layers import Finish
    from .overlay import Overlay

    Compile = Callable[[tuple[Layer, ...], tuple[Note, ...], tuple[Gap, ...], tuple[Term, ...]], RateCard]


else:
    # Few rows have prices with dates, or a row of their seller for batches.
    contract_rows = Late("llmcost.prices.contract_rows")
    batch_rows = Late("llmcost.prices.batch_rows")


class Stack:
    """The layers of one model below the call's own prices, strongest first.

    Attributes:
        compile_with: returns the rate card of layers, and of further notes, under the name of the stack.
        moments: the moments at which prices and terms of one's own begin or end.
        terms: the commercial terms, of any time, in the order in which they are applied.
        fees: the fees of one's own, by name.
    """

    __slots__ = ("_region", "compile_with", "fees", "layers", "moments", "terms")

    def __init__(
        self,
        layers: tuple[Layer, ...],
        compile_with: Compile,
        region: str | None = None,
        terms: tuple[Term, ...] = (),
        fees: Mapping[str, Fee] | None = None,
    ) -> None:
        self.layers, self.compile_with = layers, compile_with
        self._region = (region or "").lower()
        self.terms, self.fees = terms, fees or {}
        self.moments: tuple[float, ...] = ()
        contracts = [layer.contract for layer in layers if layer.contract is not None]
        if contracts or terms:
            self.moments = moments_of(
                [*(contract.moments for contract in contracts), *((term.start, term.until) for term in terms)]
            )

    def span(self) -> int:
        """Return the number of the span between its moments that is the present."""
        return span_of(self.moments, clock()) if self.moments else 0

    def in_force(self, span: int) -> tuple[tuple[Layer, ...], tuple[Gap, ...]]:
        """Return the layers as they are between two of the moments, and what they price at other times or places."""
        if all(layer.contract is None for layer in self.layers):
            return self.layers, ()
        start = self.start(span)
        layers: list[Layer] = []
        found: list[Gap] = []
        for layer in self.layers:
            if layer.contract is None:
                layers.append(layer)
                continue
            entry, gaps = layer.contract.entry(layer.entry, start, self._region)
            # A layer without a price here replaces nothing: the layer below fills the gap.
            prices = bool(entry.rates or entry.factors or entry.info.get("free"))
            layers.append(Layer(entry, replace=layer.replace and prices, scale_rest=layer.scale_rest))
            found += gaps
        return tuple(layers), tuple(found)

    def start(self, span: int) -> float:
        """Return when a span between two of the moments begins."""
        return bounds(self.moments, span)[0]

    def terms_at(self, span: int) -> tuple[Term, ...]:
        """Return the terms that hold between two of the moments."""
        start = self.start(span)
        return tuple(term for term in self.terms if term.start <= start < term.until) if self.terms else ()

    def card(self) -> RateCard:
        """Return the present rate card of its own layers."""
        span = self.span()
        layers, gaps = self.in_force(span)
        return self.compile_with(layers, (), gaps, self.terms_at(span))


def compiler(finish: Finish | None, notes: tuple[Note, ...], **facts: Any) -> Compile:
    """Return what compiles the rate card of layers; ``facts`` are what ``compile_card`` takes of the model's name."""

    def compile_with(
        layers: tuple[Layer, ...],
        further: tuple[Note, ...],
        gaps: tuple[Gap, ...],
        in_force: tuple[Term, ...],
    ) -> RateCard:
        # A row for batches has the prices of the day that the layers are of.
        dated = next((layer.entry.batch for layer in layers if layer.entry.batch is not None), None)
        of_the_day = finish
        if dated is not None and isinstance(finish, batch_rows.BatchRow):
            of_the_day = batch_rows.BatchRow(dated)
        last = with_gaps(of_the_day, gaps, layers) if gaps else of_the_day
        return compile_card(layers, notes=(*notes, *further), terms=in_force, finish=last, **facts)

    return compile_with


def layer_of(entry: Entry, row: Mapping[str, object]) -> Layer:
    """Return the layer of an entry and its row; a row of one's own may have prices with dates."""
    if entry.info.pop(BLOCK, None) is None:
        return Layer(entry)
    return Layer(entry, contract=contract_rows.contract_of(row, entry))


def with_gaps(finish: Finish | None, gaps: Sequence[Gap], layers: Sequence[Layer]) -> Finish:
    """Return a last step over the cells that says, on each rate used in place of another, that it is not in force."""
    places = {(layer.entry.layer, layer.entry.key): place for place, layer in enumerate(layers)}

    def remark(overlay: Overlay) -> None:
        if finish is not None:
            finish(overlay)
        cells = overlay.cells
        for gap in gaps:
            rate = cells.get(gap.cell)
            if rate is None:
                overlay.notes.append(gap.note)
            # A row of the map that is no layer, such as the seller's row for batches, is weaker than every layer.
            elif places[gap.layer] < places.get((rate.layer, rate.map_key), len(places)):
                copy = rate.times((1, 1), *rate.derived)
                copy.remarks = (*rate.remarks, gap.note)
                cells[gap.cell] = copy

    return remark
