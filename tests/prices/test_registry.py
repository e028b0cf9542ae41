"""What is kept of questions, and the lock under which maps are changed."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from fractions import Fraction

import pytest

import llmcost
from llmcost.prices import registry
from llmcost.prices.asked import Asked
from llmcost.prices.registry import LOCK, Kept, layer_of_call

FORK = """
import os, signal, threading
from llmcost import CostMap
from llmcost.prices.registry import LOCK
prices, held, done = CostMap({"m": {"input_cost_per_token": 1e-06}}), threading.Event(), threading.Event()
def hold():
    with LOCK:
        held.set()
        done.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if not child:
    signal.alarm(20)
    prices.register({"m": {"input_cost_per_token": 2e-06}})
    os._exit(0 if prices["m"] == {"input_cost_per_token": 2e-06} else 1)
status = os.waitpid(child, 0)[1]
done.set()
thread.join()
prices.register({"m": {"input_cost_per_token": 3e-06}})
assert status == 0, status
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
def test_a_child_registers_though_it_was_forked_while_another_thread_did():
    """The thread that holds the lock does not exist in the child, so that nobody would release it there."""
    subprocess.run([sys.executable, "-c", FORK], check=True, timeout=60)


def test_a_renewed_lock_is_free():
    """Whoever held the old one."""
    with LOCK:
        old = LOCK._lock
        assert old.locked()
        LOCK.renew()
        assert not LOCK._lock.locked()
        LOCK.__enter__()
    assert not LOCK._lock.locked()


def test_the_oldest_makes_room():
    """One for one, and a key that is there already is the oldest still."""
    kept = Kept()
    for number in range(5):
        kept.keep(number, str(number), 3)
    assert kept == {2: "2", 3: "3", 4: "4"}


def test_what_another_thread_has_removed_makes_room_too():
    """The answer is kept, and the next one makes room for both."""

    class Raced(Kept):
        def pop(self, key):
            raise KeyError(key)

    kept = Raced({"a": 1})
    kept.keep("b", 2, 1)
    assert kept == {"a": 1, "b": 2}
    later = Kept(kept)
    later.keep("c", 3, 1)
    assert later == {"c": 3}


def test_a_tied_answer_forgets_what_holds_it_when_it_goes():
    """The oldest of three; the others keep what they have worked out."""

    class Answer:
        forgotten = 0

        def forget(self):
            self.forgotten += 1

    answers = [Answer(), Answer(), Answer()]
    kept = registry.KeptTied()
    for number, answer in enumerate(answers):
        kept.keep(number, answer, 2)
    assert [answer.forgotten for answer in answers] == [1, 0, 0]
    assert list(kept) == [1, 2]


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("m" * 500, True),
        ("m" * 501, False),
        ((None, ("m" * 501,)), False),
        (("m" * 500,) * 10, True),
        (("m" * 500,) * 10 + ("m",), False),
        # 10**4000 has 13,288 bits: about 4,429 digits; 10**5000 has 16,610: about 5,536.
        (10**4000, True),
        ((Fraction, 10**5000), False),
    ],
)
def test_a_question_that_is_too_long_is_not_kept(key, kept):
    """A name of more than 500 letters, or more than 5,000 in all; the digits of a number count, too."""
    cache = Kept()
    cache.keep(key, "answer", 10)
    assert (len(cache) == 1) == kept
    assert registry._LONGEST_QUESTION == 5000


def test_prices_of_one_call():
    """No prices are no layer; a price of a token that reads like one of a million is warned about."""
    assert layer_of_call({}, replace=False, scale_rest=False) == ()
    with pytest.warns(llmcost.SuspiciousPriceWarning, match="input_cost_per_token"):
        (layer,) = layer_of_call({"input_cost_per_token": 2.5}, replace=True, scale_rest=False)
    assert layer.replace is True


def test_a_call_whose_prices_have_no_price_key():
    """It would be priced as if nothing was given."""
    with pytest.raises(llmcost.ArgumentError, match="none of its keys is a price key, such as input_cost_per_token"):
        layer_of_call({"input": 3}, replace=False, scale_rest=False)


def test_a_price_that_follows_an_alias_scales_no_other():
    """1,000 tokens in a batch at the map's 1e-6: the alias that was registered first did not ask for scaling."""
    row = {"input_cost_per_token": 2e-06, "input_cost_per_token_batches": 1e-06, "output_cost_per_token": 2e-06}
    prices = llmcost.CostMap({"m": row, "other": row})
    prices.register({"m": {"alias_of": "other"}})
    prices.register({"m": {"input_cost_per_token": 4e-06}})
    usage = llmcost.Usage(input=1000)
    assert str(prices.calculate(usage=usage, model="m").total) == "0.004"
    assert str(prices.calculate(usage=usage, model="m", batch=True).total) == "0.001"


def test_a_row_is_compiled_once_for_all_its_questions():
    """Regions choose no row here: their cards stand on one compiled row, and what is registered is read at once."""
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    stacks = [prices._resolver().stack(Asked("m", region=region), priced=False) for region in ("eu", "us", None)]
    assert len({id(layer) for stack in stacks for layer in stack.layers}) == 1
    prices.register({"m": {"input_cost_per_token": 2e-6}})
    usage = llmcost.Usage(input=1000)
    assert str(prices.calculate(usage=usage, model="m", region="eu").total) == "0.002"


def test_what_is_registered_travels_to_another_process():
    """Without what was compiled of it; an alias still means the row of the map below."""
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 2e-6}})
    prices.register_model({"short": {"alias_of": "m"}, "n": {"input_cost_per_token": 3e-6}})
    assert str(prices.calculate(usage={"input": 1000}, model="short")) == "0.002"
    assert prices._state.cards
    state = pickle.loads(pickle.dumps(prices._state))
    assert list(state.registered) == list(prices._state.registered)
    assert (state.source.alias_of("short"), bool(state.cards)) == ("m", False)
