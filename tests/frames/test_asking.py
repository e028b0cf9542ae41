"""Asking: what a kind of call costs for each counter, or that it is no sum of such shares."""

from __future__ import annotations

from llmcost import CostMap
from llmcost.core.statuses import ERROR
from llmcost.frames.asking import Question, ask


class Changing:
    """Prices of which every call finds others: 2 and 8 millionths of a dollar for a token, then 3 and 8."""

    def __init__(self):
        self.maps = [
            CostMap({"m": {"input_cost_per_token": rate, "output_cost_per_token": 8e-6}}) for rate in (2e-6, 3e-6)
        ]

    def calculate(self, *given, **facts):
        return self.maps.pop(0).calculate(*given, **facts)


def question(meters, *, alone):
    return Question(
        "m", *(None,) * 3, batch=False, aggregate=False, context=0, when=None, duration=None, meters=meters, alone=alone
    )


def test_the_share_of_each_counter():
    """2 and 8 millionths of a dollar for a token: over one denominator 1 and 4."""
    answer = ask(Changing(), question(("input", "output"), alone=True))
    shares = {place: share * 10**6 // answer.per for place, share in answer.form.items()}
    assert shares == {("input", "input"): 2, ("output", "output"): 8}


def test_a_second_call_bears_the_shares_out():
    """Where counters may depend on each other, a call of other sizes has to cost what the shares say."""
    said = "the cost is no sum of shares of the counters: price it with calculate()"
    answer = ask(Changing(), question(("input", "output"), alone=False))
    assert (answer.status, answer.notes, answer.form) == (ERROR, (said,), {})
    same = Changing()
    same.maps = [same.maps[0]] * 2
    assert ask(same, question(("input", "output"), alone=False)).form


def test_no_counters_are_asked_about_once():
    """Without a counter there is nothing that could depend on another: 0.004 USD for each request."""
    prices = Changing()
    prices.maps = [CostMap({"m": {"input_cost_per_request": 0.004}})]
    answer = ask(prices, question((), alone=False))
    assert {place: share * 1000 // answer.per for place, share in answer.form.items()} == {("call", "requests"): 4}
