"""Budgets by hand: what is reserved, settled, given back and kept, by whom and in which period."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

import llmcost
from llmcost.tracking.budget import reserve_all

DAY = 86_400


def refused(budget, amount):
    with pytest.raises(llmcost.BudgetExceededError) as raised:
        budget.reserve(amount)
    return raised.value


def test_a_limit_is_read_as_it_is_written():
    """A float by its shortest repr: three times 0.1 fit into 0.3, which binary fractions would deny."""
    budget = llmcost.Budget(0.3)
    for _ in range(3):
        budget.reserve(0.1).keep()
    assert (budget.limit, budget.spent, budget.left) == (Decimal("0.3"), Decimal("0.3"), 0)
    refused(budget, "1e-30")


def test_what_becomes_of_a_reservation():
    """Settled, given back and kept: 1 - 0.1 - 0 - 0.25 = 0.65 are left."""
    budget = llmcost.Budget(1)
    one, two, three = (budget.reserve(Decimal("0.25")) for _ in range(3))
    assert (budget.spent, budget.reserved, budget.left) == (0, Decimal("0.75"), Decimal("0.25"))
    one.settle("0.1")
    two.give_back()
    three.keep()
    assert (budget.spent, budget.reserved, budget.left) == (Decimal("0.35"), 0, Decimal("0.65"))


def test_the_first_end_of_a_reservation_counts():
    """A second one changes nothing."""
    budget = llmcost.Budget(1)
    held = budget.reserve("0.5")
    held.settle("0.2")
    held.settle("0.4")
    held.keep()
    held.give_back()
    assert (budget.spent, budget.reserved) == (Decimal("0.2"), 0)


def test_a_cost_settles_exactly():
    """1,000 x 2.5e-6 + 100 x 1e-5 = 0.0035 USD."""
    budget = llmcost.Budget("0.01")
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    with budget.reserve("0.01") as held:
        held.settle(llmcost.calculate(usage=usage, model="gpt-4o"))
    assert budget.spent == Decimal("0.0035")


def test_a_call_that_cost_more_than_was_reserved_is_spent_all_the_same():
    """Nothing is left then, and never less than nothing."""
    budget = llmcost.Budget(1)
    budget.reserve("0.5").settle("1.5")
    assert (budget.spent, budget.left) == (Decimal("1.5"), 0)
    refused(budget, 0.01)


@pytest.mark.parametrize(
    ("error", "spent"),
    [(ConnectionRefusedError, "0.5"), (type("ConnectError", (OSError,), {}), "0"), (TimeoutError, "0.5")],
)
def test_a_block_that_ends_in_an_error(error, spent):
    """What never left this machine is given back; what the provider may have worked on is kept."""
    budget = llmcost.Budget(1)
    with pytest.raises(error), budget.reserve("0.5"):
        raise error
    assert (budget.spent, budget.reserved) == (Decimal(spent), 0)


def test_a_block_that_settles_nothing_keeps_all():
    budget = llmcost.Budget(1)
    with budget.reserve("0.5"):
        pass
    assert budget.spent == Decimal("0.5")


def test_a_reservation_that_is_let_go_of_is_kept():
    """It does not stay reserved for ever."""
    budget = llmcost.Budget(1)
    held = budget.reserve("0.5")
    del held
    gc.collect()
    assert (budget.spent, budget.reserved) == (Decimal("0.5"), 0)


def test_what_a_call_cannot_have_cost():
    """A call is settled by no amount below 0 and by no NaN, whatever its type; what was reserved stays reserved."""
    budget = llmcost.Budget(1)
    held = budget.reserve("0.5")
    for wrong in (-5, Decimal(-1), -0.5, "-1", Decimal("NaN"), Decimal("Infinity"), float("nan"), None):
        with pytest.raises(llmcost.ArgumentError, match="cost="):
            held.settle(wrong)
    assert (budget.spent, budget.reserved) == (0, Decimal("0.5"))
    held.settle(Decimal("0.25"))
    assert budget.spent == Decimal("0.25")


def test_by_the_model():
    """12,000 x 2.5e-6 + 2,000 x 1e-5 = 0.05 USD."""
    budget = llmcost.Budget("0.05")
    held = budget.reserve(model="gpt-4o", input=12_000, max_output=2_000)
    assert (held.amount, budget.left) == (Decimal("0.05"), 0)
    held.give_back()
    with pytest.raises(llmcost.UnknownModelError):
        budget.reserve(model="no-such-model", input=1, max_output=1)
    assuming = llmcost.Budget(1, unpriced="assume:0.10")
    assert assuming.reserve(model="no-such-model", input=1, max_output=1).amount == Decimal("0.10")


def test_days_and_months_are_those_of_utc(clock):
    """A call counts in the period in which it was reserved."""
    day, month, always = (llmcost.Budget(1, period=period) for period in ("day", "month", None))
    late = [budget.reserve("0.6") for budget in (day, month, always)]
    clock.now += DAY - 0.5
    assert {budget.left for budget in (day, month, always)} == {Decimal("0.4")}
    clock.now += 0.5
    assert (day.left, month.left, always.left) == (1, Decimal("0.4"), Decimal("0.4"))
    for held in late:
        held.settle("0.6")
    assert (day.spent, month.spent, always.spent) == (0, Decimal("0.6"), Decimal("0.6"))
    clock.now += 4 * DAY
    assert (month.spent, always.spent) == (0, Decimal("0.6"))


def test_handlers_are_called_once_a_period(clock):
    """At half, at four fifths, and when a call is refused."""
    told = []
    budget = llmcost.Budget(
        1, period="day", on={share: lambda _, share=share: told.append(share) for share in (0.5, 0.8, 1.0)}
    )
    budget.reserve("0.4").keep()
    assert told == []
    budget.reserve("0.1").keep()
    assert told == [0.5]
    budget.reserve("0.2").keep()
    refused(budget, "0.4")
    assert told == [0.5, 1.0]
    budget.reserve("0.3").keep()
    refused(budget, "0.4")
    assert told == [0.5, 1.0, 0.8]
    clock.now += DAY
    budget.reserve("0.9").keep()
    assert told == [0.5, 1.0, 0.8, 0.5, 0.8]


def test_what_a_handler_raises_disturbs_nobody(caplog):
    """It is logged once."""

    def handler(budget):
        raise ValueError(str(budget.spent))

    budget = llmcost.Budget(1, on={0.5: handler})
    budget.reserve("0.5").keep()
    assert budget.spent == Decimal("0.5")
    assert "budget: ValueError" in caplog.text


def test_several_budgets_reserve_all_or_nothing():
    """What the second refuses is not held by the first."""
    wide, narrow = llmcost.Budget(10, name="wide"), llmcost.Budget("0.1", name="narrow")
    amount = wide.reserve(0)._held[0][2] + 1
    with pytest.raises(llmcost.BudgetExceededError, match="narrow: a call that may cost 1 USD"):
        reserve_all([(wide, amount), (narrow, amount)])
    assert (wide.reserved, narrow.reserved) == (0, 0)


def test_the_error():
    """It carries what it says, and crosses processes."""
    budget = llmcost.Budget("0.50", scope={"team": "search"}, period="day")
    budget.reserve("0.1").settle("0.1")
    held = budget.reserve("0.3")
    error = refused(budget, "0.2")
    expected = (
        "budget of 0.50 USD a day, team=search",
        Decimal("0.50"),
        Decimal("0.1"),
        Decimal("0.3"),
        Decimal("0.2"),
    )
    for each in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (each.budget, each.limit, each.spent, each.reserved, each.asked) == expected
        assert str(each) == (
            "budget of 0.50 USD a day, team=search: a call that may cost 0.2 USD is not made: "
            "the limit is 0.5 USD, 0.1 are spent and 0.3 reserved"
        )
    assert isinstance(error, RuntimeError)
    held.give_back()


def test_five_calls_at_once_of_which_three_fit():
    """0.45 USD has room for exactly three of 0.15, a thousand times."""
    with ThreadPoolExecutor(5) as pool:
        for _ in range(1000):
            budget, start = llmcost.Budget("0.45"), threading.Barrier(5)

            def call(budget=budget, start=start):
                start.wait()
                try:
                    budget.reserve("0.15").settle("0.15")
                except llmcost.BudgetExceededError:
                    return False
                return True

            made = [pool.submit(call) for _ in range(5)]
            assert sum(each.result() for each in made) == 3
            assert (budget.spent, budget.left) == (Decimal("0.45"), 0)


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"limit": -1}, ValueError, "limit=-1: an amount of USD is not negative"),
        ({"limit": "much"}, ValueError, "limit='much': not a decimal number"),
        ({"limit": True}, TypeError, "limit=True: not a number"),
        ({"limit": 1, "period": "week"}, ValueError, "period='week': it is 'day', 'month' or None"),
        ({"limit": 1, "unpriced": "guess"}, ValueError, "unpriced='guess': it is 'block', 'allow' or 'assume:'"),
        ({"limit": 1, "unpriced": "assume:x"}, ValueError, "unpriced=assume='x'"),
        ({"limit": 1, "scope": {"colour": "red"}}, ValueError, "a scope names team, user"),
        ({"limit": 1, "scope": {"team": 7}}, TypeError, "the value is a text"),
        ({"limit": 1, "on": {0: print}}, ValueError, "on={0: ...}: a share of the limit is a number such as 0.8"),
        ({"limit": 1, "on": {80: print}}, ValueError, "on={80: ...}: a share of the limit is a number such as 0.8"),
        ({"limit": 1, "on": {0.5: "print"}}, TypeError, "a function of the budget"),
        ({"limit": 1, "shared": object()}, ValueError, "a shared budget has a name"),
    ],
)
def test_what_is_no_budget(wrong, kind, said):
    """The message names the word and the value."""
    with pytest.raises(kind) as raised:
        llmcost.Budget(**wrong)
    assert said in str(raised.value)


def test_what_is_no_lease():
    """Without a lease of some time, what one call reserves would be free for the next one at once."""
    for lease in (0, -1, "soon", float("nan"), float("inf"), None, True):
        with pytest.raises(llmcost.ArgumentError, match="a number of seconds above 0"):
            llmcost.Budget(1, lease=lease)
    with pytest.raises(llmcost.ArgumentError, match="shared=5: it is a SpendLog"):
        llmcost.Budget(1, name="day", shared=5)


def test_what_is_no_reservation():
    budget = llmcost.Budget(1)
    for wrong in ({}, {"amount": 1, "model": "gpt-4o"}):
        with pytest.raises(TypeError, match="an amount of USD, or model="):
            budget.reserve(**wrong)
    with pytest.raises(TypeError, match=r"budget=1: it is a llmcost\.Budget"):
        llmcost.Tracker(budget=1)
