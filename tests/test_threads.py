"""Eight threads at once: nobody ever sees half a registration, another call's prices, or another deployment's."""

from __future__ import annotations

import sys
from decimal import Decimal
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

import llmcost
from llmcost import CostMap, UnknownModelError, Usage
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments
from llmcost.prices.entries import compile_entry
from llmcost.prices.layers import MODEL_INFO, Layer

if TYPE_CHECKING:
    from collections.abc import Callable

MILLION = Usage(input=1_000_000, output=1_000_000)


@pytest.fixture(autouse=True)
def _switch_often():
    """Let threads take turns a thousand times as often, so that what can interleave does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-06)
    yield
    sys.setswitchinterval(before)


def at_once(*workers: Callable[[], None]) -> None:
    """Run workers together, all starting at the same moment, and raise what any of them raises."""
    barrier, raised = Barrier(len(workers)), []

    def run(worker: Callable[[], None]) -> None:
        barrier.wait()
        try:
            worker()
        except BaseException as error:  # noqa: BLE001 - an assertion in a thread would be lost
            raised.append(error)

    threads = [Thread(target=run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in raised:
        raise error


def both(million: int) -> dict[str, object]:
    """Return an entry whose output always costs twice its input."""
    return {"input_cost_per_token": f"{million}e-06", "output_cost_per_token": f"{2 * million}e-06"}


def response(model: str) -> dict[str, object]:
    counters = {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000, "total_tokens": 2_000_000}
    return {"object": "chat.completion", "model": model, "usage": counters}


def test_a_registration_is_never_seen_half():
    """Four threads register, four price: input and output are always of one registration."""
    prices = CostMap({"m": both(1)})
    seen: set[Decimal] = set()

    def register() -> None:
        for million in range(2, 40):
            prices.register({"m": both(million), f"other-{million}": both(1)})

    def price() -> None:
        for number in range(150):
            cost = prices.calculate(response("m")) if number % 2 else prices.calculate(usage=MILLION, model="m")
            first, second = (line.amount for line in cost.line_items)
            assert second == 2 * first
            assert cost.total == 3 * first
            seen.add(first)

    at_once(*[register] * 4, *[price] * 4)
    assert seen <= {Decimal(million) for million in range(1, 40)}
    assert prices.calculate(response("m")).total == 3 * 39
    assert len(prices) == 1 + 38


def test_prices_of_a_call_are_of_that_call():
    """Eight threads, each with prices of its own, on one model: nobody sees another's."""
    prices = CostMap({"m": both(1)})
    before = prices["m"]

    def worker(million: int) -> Callable[[], None]:
        def price() -> None:
            for number in range(100):
                own = both(million) if number % 2 else {}
                expected = 3 * million if number % 2 else 3
                assert prices.calculate(response("m"), prices=own or None).total == expected
                assert prices.completion_cost(response("m"), **own) == expected

        return price

    at_once(*(worker(million) for million in range(2, 10)))
    assert prices["m"] == before
    assert prices.calculate(response("m")).total == 3


def test_get_model_info_is_the_same_before_and_after():
    """Whatever mix of calls happens on the default map."""
    names = ("gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5-20250929")
    before = {name: llmcost.get_model_info(name) for name in names}
    expected = llmcost.calculate(response("gpt-4o")).to_dict()

    def worker(number: int) -> Callable[[], None]:
        def mix() -> None:
            for _ in range(40):
                llmcost.completion_cost(response("gpt-4o"), input_cost_per_token=number, output_cost_per_token=0)
                llmcost.calculate(response("gpt-4o-mini"), prices=both(number), replace=True)
                llmcost.calculate(usage=MILLION, model=names[2], batch=True, input_cost_per_second=number, duration=1)
                llmcost.cost_per_token("gpt-4o", prompt_tokens=5, completion_tokens=number)
                llmcost.get_model_info("gpt-4o").clear()
                with pytest.raises(UnknownModelError):
                    llmcost.calculate(response(f"unheard-of-{number}"))
                assert llmcost.calculate(response("gpt-4o")).to_dict() == expected

        return mix

    with pytest.warns(llmcost.SuspiciousPriceWarning):
        at_once(*(worker(number) for number in range(1, 9)))
    assert {name: llmcost.get_model_info(name) for name in names} == before


def test_deployments_of_one_backend_are_priced_apart():
    """One of them is given away; under eight threads it never gives the other away."""

    def deployed(alias: str, million: int) -> Deployment:
        return Deployment(alias, "openai/m", layers=(Layer(compile_entry(both(million), MODEL_INFO, alias)),))

    prices = CostMap({"openai/m": both(1)}).with_deployments(
        Deployments([deployed("free", 0), deployed("paid", 5), Deployment("plain", "openai/m")])
    )
    expected = {"free": 0, "paid": 15, "plain": 3}

    def price() -> None:
        for _ in range(60):
            for alias, total in expected.items():
                assert prices.calculate(response("m"), model=alias).total == total

    at_once(*[price] * 8)


def test_the_first_look_up_may_come_from_eight_threads():
    """The map is read and indexed while others ask for it."""
    prices = CostMap()
    totals: list[Decimal] = []

    def price() -> None:
        totals.append(prices.calculate(response("gpt-4o"), model="OPENAI/GPT-4o").total)
        with pytest.raises(UnknownModelError):
            prices.rate_card("no such model")

    at_once(*[price] * 8)
    # 1,000,000 x 2.5 and x 10 USD per million
    assert totals == [Decimal("12.5")] * 8


def test_a_tariff_is_compiled_under_eight_threads():
    """One card, every kind of call for the first time: rates, parents and notes are always whole."""
    raw = {
        **both(1),
        "input_cost_per_token_above_200k_tokens": "2e-06",
        "output_cost_per_second_720p": 1,
        "output_cost_per_second_1080p": 2,
    }
    costs = [
        (Usage(input=200_000), "0.20", ()),
        (Usage(input=200_001), "0.400002", ()),
        (Usage(cache_read_audio=10), "0.00001", ("cache_read_audio rate missing: input rate used",)),
        (
            Usage(input=1, output_video_seconds=5),
            "0.000001",
            ("output_seconds is priced by 720p, 1080p: pass resolution=, size= or quality=",),
        ),
    ]
    for _ in range(20):
        prices = CostMap({"m": raw})

        def price(prices: CostMap = prices) -> None:
            for usage, total, notes in costs:
                cost = prices.calculate(usage=usage, model="m")
                assert (str(cost), cost.notes) == (total, notes)

        at_once(*[price] * 8)
