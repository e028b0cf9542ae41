"""Calls that are rated alike, then and anew: their counters are added up, and the sum is rated by both prices."""

from __future__ import annotations

from typing import NamedTuple

from ..api.kinds import Kinds
from ..core.call_cost import CallCost
from ..core.rating import amount
from ..errors import UsageError
from ..readers import stated_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..core.notes import Note


class Together(NamedTuple):
    """Calls of one kind: how many, the name of their row, and what they cost in USD, as fractions.

    ``undated`` and ``assumed`` say whether they state no time, and whether their old price is assumed.
    """

    calls: int
    name: str
    old: tuple[int, int]
    new: tuple[int, int]
    notes: tuple[Note, ...]
    undated: bool
    assumed: bool


class Alike:
    """The kinds of calls of a log, with both prices of each.

    Args:
        old_map: whose prices the old ones are.
    """

    def __init__(self, old_map: CostMap) -> None:
        self._kinds = Kinds(old_map)

    def plainly(self, response: dict[str, object], when: int | None) -> bool:
        """Add the response of a call, and its time; False where its record has to be taken."""
        try:
            usage = stated_usage(response)
        except UsageError:
            return False
        if usage.at is None:
            usage.at = when
        return self._kinds.add(usage)

    def learn(self, name: str, before: Cost, new: Cost, *, assumed: bool) -> None:
        """Learn the kind of a call from its costs, if its new price rates the units that its old one does."""
        if type(new) is not CallCost or new._tariff is None:
            return  # such as a price that depends on the hour
        usage, below = new.usage, new._tariff.card.first_threshold
        if usage.context is None or usage.context >= below:
            return  # one of the prices may have a threshold that the other does not have
        # Nothing is learnt where the old cost is of another usage.
        kind = self._kinds.learn(usage, before)
        if kind is not None:
            kind.below = min(kind.below, below)
            kind.about = name, new._tariff, new.notes, assumed

    def taken(self) -> Iterator[Together]:
        """Hand over the calls that were added up."""
        for kind, _, pile in self._kinds.taken():
            name, anew, notes, assumed = kind.about
            units = kind.quantities(pile)
            old, new = ((amount(units, tariff) or 0, tariff.denominator) for tariff in (kind.tariff, anew))
            yield Together(pile.calls, name, old, new, notes, kind.undated, assumed)
