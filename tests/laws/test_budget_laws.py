"""Laws of budgets: whatever is reserved, settled, given back, kept or let go of, in whichever order and period."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

import llmcost
from llmcost.tracking import periods
from llmcost.tracking.budget import reserve_all

DAY = 86_400
AMOUNTS = st.integers(0, 60).map(lambda cents: Fraction(cents, 100))
LIMITS = {"day": Fraction(1), "always": Fraction(3, 2)}


class Budgets(RuleBasedStateMachine):
    """Two budgets and a model of them: lists of what was spent, and of what is held, in hundredths of a USD."""

    held = Bundle("held")

    def __init__(self):
        super().__init__()
        self.moment = 1764115200.0
        self.before, periods.time = periods.time, lambda: self.moment
        self.told = []
        self.budgets = {
            "day": llmcost.Budget("1", period="day", on={share: self.telling(share) for share in (0.5, 0.8, 1.0)}),
            "always": llmcost.Budget("1.5"),
        }
        # (budget, period) -> what was spent; reservation number -> what it holds where.
        self.spent, self.open, self.number = {}, {}, 0

    def teardown(self):
        periods.time = self.before

    def telling(self, share):
        return lambda _: self.told.append((int(self.moment // DAY), share))

    def period(self, name):
        return name, int(self.moment // DAY) if name == "day" else 0

    def sums(self, place):
        spent = self.spent.get(place, Fraction(0))
        return spent, sum((held[place] for held in self.open.values() if place in held), Fraction(0))

    @rule(
        target=held,
        names=st.sampled_from([("day",), ("always",), ("day", "always"), ("always", "day")]),
        amount=AMOUNTS,
    )
    def reserve(self, names, amount):
        places = [self.period(name) for name in names]
        fits = all(sum(self.sums(place)) + amount <= LIMITS[place[0]] for place in places)
        try:
            found = reserve_all([(self.budgets[name], amount) for name in names])
        except llmcost.BudgetExceededError:
            assert not fits, "a call that fits was refused"
            return None
        assert fits, "a call that does not fit was let in"
        self.number += 1
        self.open[self.number] = dict.fromkeys(places, amount)
        return self.number, found

    def ended(self, number, spent=None):
        for place, amount in self.open.pop(number, {}).items():
            self.spent[place] = self.spent.get(place, Fraction(0)) + (amount if spent is None else min(spent, amount))

    @rule(one=held, part=st.integers(0, 4))
    def settle(self, one, part):
        """A part of what is held, as a call that cost less than it might have; again after its end, too."""
        if one is not None:
            most = min(self.open.get(one[0], {None: Fraction(1)}).values())
            one[1].settle(most * part / 4)
            self.ended(one[0], most * part / 4)

    @rule(one=held)
    def fail(self, one):
        if one is not None:
            one[1].give_back()
            self.ended(one[0], Fraction(0))

    @rule(one=held)
    def may_be_billed(self, one):
        if one is not None:
            one[1].keep()
            self.ended(one[0])

    @rule(one=consumes(held))
    def expire(self, one):
        """Whoever holds it is gone."""
        if one is not None:
            one[1].__del__()
            self.ended(one[0])

    @rule(seconds=st.sampled_from([1, DAY // 2, DAY]))
    def pass_time(self, seconds):
        self.moment += seconds

    @invariant()
    def never_above_the_limit_and_never_stuck(self):
        for name, budget in self.budgets.items():
            spent, reserved = self.sums(self.period(name))
            assert (Fraction(budget.spent), Fraction(budget.reserved)) == (spent, reserved)
            assert spent + reserved <= LIMITS[name]
            assert Fraction(budget.left) == LIMITS[name] - spent - reserved

    @invariant()
    def handlers_are_called_once_a_period(self):
        assert len(self.told) == len(set(self.told))
        spent = self.sums(self.period("day"))[0]
        for share in (Fraction(1, 2), Fraction(4, 5)):
            assert ((int(self.moment // DAY), float(share)) in self.told) == (spent >= share)


def test_budgets():
    run_state_machine_as_test(Budgets, settings=settings(max_examples=150, stateful_step_count=25, deadline=None))


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
def test_ten_thousand_sequences():
    run_state_machine_as_test(Budgets, settings=settings(max_examples=10_000, stateful_step_count=25, deadline=None))
