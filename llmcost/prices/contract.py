"""A contract: the prices of one own layer at different times and in different regions.

Its parts are blocks. A block holds from its first moment until, and without, its last one, in the regions that it
names. Of two blocks that hold at once and price one cell, the more special one counts: one for regions before one for
all, then one with dates before one without. Two that are equally special are an error, so that the order in which they
are written never matters. The flat keys of an entry are one more block, without dates and regions.
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.remembering import remembered
from .entry import Entry
from .moments import ALWAYS, day, moment, moments_of, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..core.dimensions import Conditions
    from ..core.term import Fee, Term

    Cell = tuple[str, Conditions]
    # Takes the key that is wrong, and why.
    Report = Callable[[str, str], None]

# The keys of a block beside its prices.
FROM, UNTIL, REGIONS = "from", "until", "regions"
WHEN = (FROM, UNTIL, REGIONS)
_DAY = 86_400


class Block:
    """Prices that hold for some time, or in some regions.

    Attributes:
        name: what it is called in notes, such as ``llmcost.prices[1]``.
        entry: its prices.
        start, until: the first moment at which it holds, and the first at which it does so no more, in seconds since
            1970; infinite without one.
        regions: where it holds, in lower case; empty for everywhere.
        rank: how special it is: whether it is for regions, and whether it has dates.
    """

    __slots__ = ("_remarked", "entry", "name", "rank", "regions", "start", "until")

    def __init__(
        self,
        name: str,
        entry: Entry,
        start: float = ALWAYS[0],
        until: float = ALWAYS[1],
        regions: frozenset[str] = frozenset(),
    ) -> None:
        self.name, self.entry, self.start, self.until, self.regions = name, entry, start, until, regions
        self.rank = bool(regions), (start, until) != ALWAYS
        self._remarked = self.rank == (False, False)

    def remarked(self) -> Entry:
        """Return its prices, each with the remark when it is in force; made when somebody needs it."""
        if not self._remarked:
            note = Note("own_price_in_force", f"{self.name} of {self.entry.where} is in force{self.when}")
            for rate in self.entry.rates.values():
                if rate is not None:
                    rate.remarks = (note,)
            self._remarked = True
        return self.entry

    @property
    def when(self) -> str:
        """When and where it holds, in words: `` from 2026-01-01 until 2027-01-01 in eu``."""
        return "".join(
            (
                f" from {written(self.start)}" if self.start > ALWAYS[0] else "",
                f" until {written(self.until)}" if self.until < ALWAYS[1] else "",
                f" in {', '.join(sorted(self.regions))}" if self.regions else "",
            )
        )

    @property
    def cells(self) -> dict[object, str]:
        """Everything that it sets, each with the price key that says so."""
        found: dict[object, str] = {
            cell: rate.price_key if rate is not None else cell[0] for cell, rate in self.entry.rates.items()
        }
        found.update({(factor.fact, factor.value): factor.price_key for factor in self.entry.factors})
        if self.entry.info.get("free") is not None:
            found["free"] = "free"
        return found | {key: key for key in self.entry.unset}

    def holds(self, seconds: float, region: str) -> bool:
        """Return whether it is in force at a moment, for a call in a region; "" for one that states none."""
        return self.start <= seconds < self.until and (not self.regions or region in self.regions)

    def meets(self, other: Block) -> bool:
        """Return whether both can hold for one call, and neither of the two is more special."""
        return (
            self.rank == other.rank
            and self.start < other.until
            and other.start < self.until
            and (not self.regions or not self.regions.isdisjoint(other.regions))
        )


class Gap:
    """A cell that a layer prices at another time or in another region, and not here.

    Attributes:
        cell: the meter and its conditions.
        layer: the layer and its key.
        note: what is said of the price that is used in its place.
    """

    __slots__ = ("cell", "layer", "note")

    def __init__(self, cell: Cell, layer: tuple[str, str], note: Note) -> None:
        self.cell, self.layer, self.note = cell, layer, note


class Contract:
    """The blocks of one layer.

    Attributes:
        blocks: all of them, the least special first.
        terms: the commercial terms that stand beside them.
        fees: the fees of one's own that do, by name.
        moments: every moment at which one begins or ends, in order.
    """

    __slots__ = ("blocks", "fees", "moments", "terms")

    def __init__(
        self, blocks: Iterable[Block], terms: tuple[Term, ...] = (), fees: Mapping[str, Fee] | None = None
    ) -> None:
        self.terms, self.fees = terms, fees or {}
        # Blocks of one rank never price the same cell at the same time, so that their order does not matter.
        self.blocks = tuple(sorted(blocks, key=lambda block: block.rank))
        spans = [(block.start, block.until) for block in self.blocks]
        self.moments = moments_of([*spans, *((term.start, term.until) for term in terms)])

    @property
    def text(self) -> str:
        """A text that is equal for contracts that price the same at any time and anywhere."""
        return repr(
            sorted(
                (
                    *(block.start, block.until, sorted(block.regions)),
                    sorted((str(cell), rate and str(rate.usd)) for cell, rate in block.entry.rates.items()),
                    sorted(factor.text for factor in block.entry.factors),
                    sorted(block.entry.unset),
                    block.entry.info.get("free") is True,
                )
                for block in self.blocks
            )
        )

    def entry(self, flat: Entry, seconds: float, region: str) -> tuple[Entry, list[Gap]]:
        """Return what is in force at a moment in a region, over the flat keys, and what is priced at others only."""
        found = Entry(flat.layer, flat.key)
        found.rates, found.factors = dict(flat.rates), list(flat.factors)
        found.unset, found.info, found.unknown = set(flat.unset), dict(flat.info), list(flat.unknown)
        absent: list[Block] = []
        for block in self.blocks:
            if not block.holds(seconds, region):
                absent.append(block)
                continue
            found.rates.update(block.remarked().rates)
            found.factors += block.entry.factors
            found.unset |= block.entry.unset
            found.info.update(block.entry.info)
        missing: dict[Cell, list[Block]] = {}
        for block in absent:
            for cell, rate in block.entry.rates.items():
                if cell not in found.rates and rate is not None:
                    missing.setdefault(cell, []).append(block)
        gaps = [
            Gap(cell, (flat.layer, flat.key), _why_absent(flat, cell, blocks, seconds, region))
            for cell, blocks in missing.items()
        ]
        return found, gaps


def overlaps(blocks: Iterable[Block]) -> Iterator[tuple[Block, Block, str]]:
    """Yield each block that prices the same cell at the same time as another block of its rank, with the first such.

    They come as ``(the one that is stated first, the other, the price key)``.
    """
    by_rank: dict[tuple[bool, bool], list[tuple[int, Block]]] = {}
    for place, block in enumerate(blocks):
        by_rank.setdefault(block.rank, []).append((place, block))
    for ranked in by_rank.values():
        # In the order of time: a block is compared with the blocks that are not over when it begins.
        running: list[tuple[int, Block]] = []
        for place, block in sorted(ranked, key=lambda one: one[1].start):
            running = [one for one in running if one[1].until > block.start]
            for at, other in running:
                cells = block.cells if other.meets(block) else {}
                key = next((cells[cell] for cell in other.cells if cell in cells), None)
                if key is not None:
                    yield (other, block, key) if at < place else (block, other, key)
                    break
            running.append((place, block))


def _why_absent(flat: Entry, cell: Cell, blocks: list[Block], seconds: float, region: str) -> Note:
    """Return why a layer has no price for a cell: its blocks are over, are still to come, or hold in other regions."""
    key = next(rate.price_key for block in blocks if (rate := block.entry.rates[cell]) is not None)
    here = [block for block in blocks if not block.regions or region in block.regions]
    over = [block for block in here if block.until <= seconds]
    coming = [block for block in here if block.start > seconds]
    said = []
    if over:
        last = max(over, key=lambda block: block.until)
        said.append(f"{last.name} ended on {written(last.until)}")
    if coming:
        first = min(coming, key=lambda block: block.start)
        said.append(f"{first.name} begins on {written(first.start)}")
    if not here:
        regions = sorted({word for block in blocks for word in block.regions})
        said.append(f"{blocks[0].name} holds in {', '.join(regions)} and the call is {_in(region)}")
    text = f"{key} of {flat.where} is not in force: {'; '.join(said)}"
    return Note("own_price_not_in_force", text, cell[0])


def _in(region: str) -> str:
    return f"in {region}" if region else "in no stated region"


def written(seconds: float) -> str:
    """Return a moment as a person writes it: a day, or a day with its time in UTC."""
    return day(seconds) if seconds % _DAY == 0 else moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def span_in(fields: Mapping[str, object], block: str, report: Report) -> tuple[float, float]:
    """Return the moments from which on and before which a block holds, after everything wrong with them was reported.

    Args:
        fields: what is written; one without ``from`` or ``until`` holds always on that side.
        block: what it is: a block, or a term.
        report: takes the key that is wrong, and why.
    """
    edges = dict(zip((FROM, UNTIL), ALWAYS, strict=True))
    for key in edges:
        if fields.get(key) is not None:
            why = ""
            try:
                edges[key] = edge_of(fields[key])
            except ValueError as problem:
                why = str(problem)
            if why:
                report(key, why)
    if edges[FROM] >= edges[UNTIL]:
        report(UNTIL, f"is not after from: the {block} never holds")
    return edges[FROM], edges[UNTIL]


def edge_of(value: object) -> float:
    """Return the moment that ``from`` or ``until`` states, in seconds since 1970; a day is its first moment in UTC.

    Raises ValueError for anything but a day, or a day with a time.
    """
    if isinstance(value, str):
        return _edge_of_text(value)
    return _edge(value)


@remembered(256)
def _edge_of_text(text: str) -> float:
    return _edge(text)


def _edge(value: object) -> float:
    if isinstance(value, (int, float)):
        raise ValueError("a day is written YYYY-MM-DD; with a time, 2026-08-24T02:00:00Z")  # noqa: TRY004
    try:
        return float(seconds_of(value))
    except ValueError:
        raise ValueError("is no day: it is written YYYY-MM-DD, or with a time, 2026-08-24T02:00:00Z") from None


def regions_of(value: object) -> frozenset[str]:
    """Return the regions that a block names, in lower case; raise ValueError unless it is a list of names."""
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError("a list of regions is expected, such as [eu, us-east-1]")
    if not all(isinstance(word, str) and word.strip() for word in value):
        raise ValueError("a region is a name, such as eu or us-east-1")
    return frozenset(word.strip().lower() for word in value)
