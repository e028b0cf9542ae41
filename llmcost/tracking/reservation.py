"""Reservation: what is held for one call in its budgets until it is known what the call cost."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.cost import Cost
from ..core.exact import decimal_of
from ..core.signatures import as_signed
from .failures import error_of, reached
from .limits import usd

if TYPE_CHECKING:
    from decimal import Decimal
    from types import TracebackType
    from typing import Protocol

    from .book import Slot

    class Told(Protocol):
        """A budget, which is told that a call of one of its periods has ended."""

        def reached(self, period: str) -> None:
            """Call the handlers of the shares that are reached."""

    Held = tuple[Told, str, Fraction, Slot]


class Reservation:
    """What is held for one call. The first of ``settle``, ``give_back`` and ``keep`` counts.

    As a context manager it ends with the block: what was not settled is kept as spent; where the block raises an error
    that says that the provider did no work (a refusal, no connection), it is given back.
    """

    __slots__ = ("_held", "_open")

    def __init__(self, held: list[Held]) -> None:
        self._held = held
        # Taking the one element out is what ends it: two threads cannot both do so.
        self._open = [held]

    @property
    def amount(self) -> Decimal:
        """USD that are held: the most that any of the budgets holds."""
        most = max((amount for _, _, amount, _ in self._held), default=Fraction(0))
        return decimal_of(most.numerator, most.denominator)[0]

    @as_signed
    def settle(self, cost: Cost | str | float | Decimal) -> None:
        """Enter what the call cost, a Cost or USD, and give the rest back.

        Raises ArgumentError for what is no amount.
        """
        self.close(Fraction(*cost.as_integer_ratio()) if isinstance(cost, Cost) else usd("cost", cost))

    def give_back(self) -> None:
        """Give all of it back: the call cost nothing."""
        self.close(Fraction(0))

    def keep(self) -> None:
        """Enter all of it as spent: nobody knows what the call cost."""
        self.close(None)

    def close(self, spent: Fraction | None, *, at_least: bool = False) -> None:
        """End it: ``spent`` is what the call cost, None all that is held, and ``at_least`` the greater of both."""
        try:
            held = self._open.pop()
        except IndexError:
            return
        for budget, period, amount, slot in held:
            slot.close(amount if spent is None else max(amount, spent) if at_least else spent)
            budget.reached(period)

    def __enter__(self) -> Reservation:  # noqa: PYI034 - typing.Self is of 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and not reached(error, error_of(error)):
            self.give_back()
        else:
            self.keep()

    def __del__(self) -> None:
        # Its holder has gone without closing it: the call may have been billed.
        self.keep()
