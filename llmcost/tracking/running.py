"""Running: one call of a tracked function, or of a method of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.late import Late
from ..readers import stated_usage
from .attempt import Attempt
from .context import Cover
from .failures import REFUSED, error_of, reached
from .loops import loop_of_coroutine
from .usages import StreamUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from . import gate
    from .ledger import Ledger
    from .pricing import Facts
    from .runs import Runs
else:
    # Most trackers have no budget.
    gate = Late("llmcost.tracking.gate")


class Running:
    """One call of a tracked function, which clients inside it may count instead.

    Args:
        facts: returns what its arguments say.
        response_of: returns the response, or the chunk, that a result is.

    Attributes:
        cover: what clients inside are covered by.
        attempt: the call.
        stream: takes the chunks, if it yields any.
    """

    def __init__(
        self,
        ledger: Ledger,
        facts: Callable[[], Facts],
        loop: Any = None,
        response_of: Callable[[Any], object] = lambda result: result,
    ) -> None:
        self.cover = Cover()
        self._response_of = response_of
        self.attempt = Attempt(ledger, facts, loop)
        self.stream = StreamUsage(ledger.guard)
        self.cover.attempt = self.attempt

    def admitted(self, asking: Callable[[], tuple[Mapping[str, Any], int | None]]) -> Running:
        """Reserve what it may cost, by what its arguments say; return the call itself.

        Raises BudgetExceededError if a budget has no room for it.
        """
        if self.attempt.budgets():
            error = gate.admitted(self.attempt, asking)
            if error is not None:
                self.attempt.left(self.attempt.failed(REFUSED))
                raise error
        return self

    def awaited(self) -> None:
        """Say that it is a coroutine, which can wait for async handlers whatever runs it."""
        if self.attempt.loop is None:
            self.attempt.loop = loop_of_coroutine()

    def chunk(self, chunk: object) -> None:
        """Take the next chunk."""
        self.attempt.first_byte()
        self.stream.feed(self.attempt.ledger.guard.call("response", self._response_of, chunk))

    def returned(self, response: object) -> Sequence[Runs]:
        """Settle it by what it has returned."""
        if self._covered():
            return self.attempt.covered()
        return self.attempt.answered(lambda: stated_usage(self._response_of(response)), response)

    def ended(self) -> Sequence[Runs]:
        """Settle it by the chunks that it has yielded, all of them."""
        if self._covered():
            return self.attempt.covered()
        return self.attempt.answered(self.stream.whole, streamed=True)

    def raised(self, error: BaseException | None) -> Sequence[Runs]:
        """Settle it by what it has raised, or by its having been closed early."""
        if self._covered():
            return self.attempt.covered()
        failure = None if error is None or isinstance(error, GeneratorExit) else error_of(error)
        begun = self.stream.begun
        if error is not None and failure is not None and not begun and not reached(error, failure):
            return self.attempt.failed(failure)
        return self.attempt.broke(failure, self.stream.cut if begun else None)

    def over(self, error: BaseException | None) -> tuple[()]:
        """Settle a stream that is read in a loop: StopIteration is its end, and None says that it was closed early."""
        return self.attempt.left(self.ended() if isinstance(error, StopIteration) else self.raised(error))

    def _covered(self) -> bool:
        counted = self.cover.counted
        if not counted:
            self.attempt.counted()
        return counted

    def streams(self, result: object) -> bool:
        """Return whether the result is a stream that is still to be read."""
        if self.cover.counted:
            return False
        return bool(self.attempt.ledger.guard.call("response", _is_stream, result, default=False))


def _is_stream(result: object) -> bool:
    return hasattr(result, "__next__") or hasattr(result, "__anext__")
