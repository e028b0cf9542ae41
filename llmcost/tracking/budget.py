"""Budget: a limit that calls are checked against before they are made."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..api.arguments import one_text
from ..api.default import DEFAULT
from ..api.estimate import estimate
from ..core.exact import decimal_of, plain
from ..core.signatures import as_signed
from ..errors import ArgumentError, BudgetExceededError, LLMCostError, SpendLogError, shown
from ._guard import Guard
from .book import Book, Charged, State, take_all
from .bounds import Unbounded
from .limits import assumed_by, count_of, handler_of, scope_of, seconds_of, share_of, usd
from .periods import checked, now, period_at
from .reservation import Reservation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from .book import SharedAccounts, Slot
    from .context import Behalf
    from .pricing import Facts
    from .reservation import Held


class Budget:
    """A limit in USD: what a call may cost is reserved before it is made, and settled when its cost is known.

    >>> budget = Budget("0.50", period="day", scope={"team": "search"})
    >>> with budget.reserve("0.30") as reservation:
    ...     reservation.settle("0.10")
    >>> str(budget.spent), str(budget.reserved), str(budget.left)
    ('0.1', '0', '0.4')

    It is the ``budget=`` of a ``Tracker``, of ``track(client, budget=...)`` and of ``@track(budget=...)``, which take
    several too: a call is then made if all of them have room for it.

    Args:
        limit: USD in each period: text, int, Decimal, or a float, which is read by its shortest repr.
        period: ``day`` or ``month`` (UTC); None never begins anew.
        scope: for which calls it holds, such as ``{"team": "search"}``: names among team, user, session and tag of
            ``llmcost.context``, and model and provider of the request. All of them have to fit; None is every call.
        unpriced: what becomes of a call that nothing bounds (no price, no limit of the answer, a tool that the provider
            runs): ``block`` refuses it, ``allow`` reserves nothing for it, ``assume:0.10`` reserves that much.
        count: how the text of a request is counted before it is sent: ``bytes``, since a token has at least one, or
            ``tokens``, by tiktoken (the extra ``tokens``, which fetches a file when it first counts) where the model's
            prompts are counted so; others by their bytes.
        on: share of the limit -> function that is called with the budget once a period, when that much is spent. That
            of 1.0 is called when a call is refused, too.
        name: by which errors and a shared budget name it.
        shared: a SpendLog in whose database the budget is kept for all processes that name it; by default it is kept in
            this process.
        lease: seconds after which what a process has reserved in a shared budget is free again when that process is
            dead. A living one renews what it holds.

    Attributes:
        limit: USD in each period.
        name: by which errors name it.
        period, scope, unpriced, count: as they were given.

    Raises:
        ArgumentError: the limit is no number or is negative, a handler is no function, a scope is no text, a shared
            budget has no name, or a setting has a value that it cannot have.
        MissingDependencyError: tokens are to be counted, and tiktoken is not installed.
    """

    @as_signed
    def __init__(
        self,
        limit: str | float | Decimal,
        *,
        period: str | None = None,
        scope: Mapping[str, str] | None = None,
        unpriced: str = "block",
        count: str = "bytes",
        on: Mapping[float, Callable[[Budget], object]] | None = None,
        name: str | None = None,
        shared: Any = None,
        lease: float = 60.0,
    ) -> None:
        most = usd("limit", limit)
        self.limit = _decimal(most)
        self.period, self.scope, self.unpriced = checked(period), scope_of(scope), unpriced
        self._assumed, self.count = assumed_by(unpriced), count_of(count)
        self._on = {share_of(share): handler_of(share, handler) for share, handler in (on or {}).items()}
        self._guard = Guard()
        if shared is not None and not name:
            raise ArgumentError("a shared budget has a name: Budget(..., shared=log, name='search a day')")
        self.name = one_text("name", name) if name else self._described()
        if shared is not None and not hasattr(shared, "budget_accounts"):
            raise ArgumentError(f"shared={shown(shared)}: it is a SpendLog")
        seconds = seconds_of(lease)
        self._accounts: Book | SharedAccounts = (
            Book(most) if shared is None else shared.budget_accounts(name, most, seconds)
        )

    def _described(self) -> str:
        whose = "".join(f", {name}={value}" for name, value in self.scope.items())
        return f"budget of {plain(self.limit)} USD{f' a {self.period}' if self.period else ''}{whose}"

    @property
    def spent(self) -> Decimal:
        """USD that calls of the present period have cost."""
        return _decimal(self._state().spent)

    @property
    def reserved(self) -> Decimal:
        """USD that the calls under way may cost."""
        return _decimal(self._state().reserved)

    @property
    def left(self) -> Decimal:
        """USD that are neither spent nor reserved; 0 if more was spent than the limit."""
        state = self._state()
        return _decimal(max(Fraction(self.limit) - state.spent - state.reserved, Fraction(0)))

    def _state(self) -> State:
        return self._accounts.state(period_at(self.period, now()))

    @as_signed
    def reserve(
        self,
        amount: str | float | Decimal | None = None,
        *,
        model: str | None = None,
        input: int = 0,
        max_output: int | None = None,
        **options: Any,
    ) -> Reservation:
        """Reserve USD by hand, or the most that a call of a model may cost.

        >>> budget = Budget("0.05")
        >>> with budget.reserve(model="gpt-4o", input=12_000, max_output=2_000) as reservation:
        ...     reservation.settle("0.04")  # what the call cost: a Cost, or USD
        >>> str(budget.left)
        '0.01'

        Args:
            amount: USD.
            model: the model, if the amount is to be worked out as ``estimate`` does.
            input, max_output: tokens, as of ``estimate``.
            **options: of ``estimate``.

        Raises:
            BudgetExceededError: the budget has no room for it.
            ArgumentError: neither an amount nor a model is given, or both are.
            LLMCostError: nothing bounds what the call may cost, as ``estimate`` says, and ``unpriced`` is ``block``.
        """
        if model is None and amount is not None:
            wanted = usd("amount", amount)
        elif model is None or amount is not None:
            raise ArgumentError("reserve() takes an amount of USD, or model= with what estimate() takes")
        else:
            try:
                options.setdefault("cost_map", DEFAULT)
                high = estimate(model, input=input, max_output=max_output, **options).high
                wanted = Fraction(*high.as_integer_ratio())
            except LLMCostError:
                if self._assumed is None:
                    raise
                wanted = self._assumed
        return reserve_all([(self, wanted)])

    def holds(self, who: Behalf, facts: Facts) -> bool:
        """Return whether the budget holds for a call."""
        given = facts.given
        stated = {
            "team": who.team,
            "user": who.user,
            "session": who.session,
            "model": given.get("model") or facts.model or facts.deployment,
            "provider": given.get("provider") or facts.provider,
        }
        return all(value in who.tags if name == "tag" else stated[name] == value for name, value in self.scope.items())

    def wanted(self, bound: Fraction | Unbounded) -> Fraction:
        """Return what has to be reserved for a call.

        Raises BudgetExceededError for one that nothing bounds, where such calls are blocked.
        """
        if not isinstance(bound, Unbounded):
            return bound
        if self._assumed is None:
            raise self.refusal(None, f"what it may cost is not bounded: {bound.reason}")
        return self._assumed

    def _shared_slot(self, accounts: SharedAccounts, period: str, amount: Fraction) -> Slot:
        """Reserve in a shared budget; nothing where it is away and calls that nothing bounds pass.

        Raises BudgetExceededError if it has no room, or is away and such calls are blocked.
        """
        try:
            taken = accounts.take(period, amount)
        except (SpendLogError, OSError) as error:
            if self._assumed is None:
                nothing = _decimal(Fraction(0))
                reason = f"the shared budget is away ({error})"
                raise BudgetExceededError(self.name, self.limit, nothing, nothing, None, reason) from error
            return Charged(accounts, period)
        if isinstance(taken, State):
            raise self.refusal(amount, state=taken)
        return taken

    def charge(self, spent: Fraction) -> None:
        """Enter what a call cost for which nothing was reserved."""
        period = period_at(self.period, now())
        self._accounts.charge(period, spent)
        self.reached(period)

    def reached(self, period: str, *, refused: bool = False) -> None:
        """Call the handlers of the shares that are reached, each once a period; they are told of the present one."""
        if self._on and period == period_at(self.period, now()):
            for share in self._accounts.reach(period, tuple(self._on), refused=refused):
                self._guard.call("budget", self._on[share], self)

    def refusal(self, wanted: Fraction | None, reason: str = "", state: State | None = None) -> BudgetExceededError:
        """Return the error for a call that is not made, when the handlers were told."""
        period = period_at(self.period, now())
        if state is None:
            try:
                state = self._accounts.state(period)
            except (SpendLogError, OSError):
                # The call is refused for another reason.
                state = State(Fraction(0), Fraction(0))
        else:
            self.reached(period, refused=True)
        asked = None if wanted is None else _decimal(wanted)
        return BudgetExceededError(
            self.name, self.limit, _decimal(state.spent), _decimal(state.reserved), asked, reason
        )

    def __repr__(self) -> str:
        return f"<Budget {self.name}: {self.spent:f} USD spent>"


def reserve_all(wanted: Sequence[tuple[Budget, Fraction]]) -> Reservation:
    """Reserve amounts in several budgets, or in none.

    Raises BudgetExceededError if one of them has no room.
    """
    moment = now()
    held: list[Held] = []
    local: list[tuple[Budget, str, Fraction, Book]] = []
    try:
        for budget, amount in wanted:
            period, accounts = period_at(budget.period, moment), budget._accounts
            if isinstance(accounts, Book):
                local.append((budget, period, amount, accounts))
            else:
                held.append((budget, period, amount, budget._shared_slot(accounts, period, amount)))
        found = take_all([(book, period, amount) for _, period, amount, book in local])
        if isinstance(found, tuple):
            place, state = found
            raise local[place][0].refusal(local[place][2], state=state)
    except BudgetExceededError:
        Reservation(held).give_back()
        raise
    held += [(budget, period, amount, slot) for (budget, period, amount, _), slot in zip(local, found, strict=True)]
    return Reservation(held)


def _decimal(amount: Fraction) -> Decimal:
    return decimal_of(amount.numerator, amount.denominator)[0]


def budgets_of(budget: Any) -> tuple[Budget, ...]:
    """Return the budgets that ``budget=`` names, each once.

    Raises ArgumentError for any other value.
    """
    if budget is None:
        return ()
    given: Iterable[Any] = (budget,) if isinstance(budget, Budget) or not hasattr(budget, "__iter__") else budget
    found = tuple(given)
    for each in found:
        if not isinstance(each, Budget):
            raise ArgumentError(f"budget={shown(each)}: it is a llmcost.Budget, or a list of them")
    return tuple(dict.fromkeys(found))
