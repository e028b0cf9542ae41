"""The sum of a log is the sum of its calls, to the last digit, whatever they cost."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

import llmcost

MAP = llmcost.CostMap(
    {
        "steps": {
            "input_cost_per_token": "1.25e-6",
            "output_cost_per_token": "0.00001",
            "input_cost_per_token_above_200k_tokens": "2.5e-6",
            "output_cost_per_token_above_200k_tokens": "0.000015",
            "cache_read_input_token_cost": "1.25e-7",
            "cache_read_input_token_cost_above_200k_tokens": "2.5e-7",
            "input_cost_per_token_batches": "6.25e-7",
            "output_cost_per_token_batches": "5e-6",
            "litellm_provider": "gemini",
        },
        "fine": {
            "input_cost_per_token": "0.0000000123456789012",
            "output_cost_per_token": "3.3333333333333333333e-9",
            "litellm_provider": "openai",
        },
        "hourly": {"input_cost_per_second": "0.000123456789", "mode": "chat", "litellm_provider": "sagemaker"},
        "regional": {
            "input_cost_per_token": "3e-6",
            "output_cost_per_token": "15e-6",
            "provider_specific_entry": {"us": 1.1},
            "litellm_provider": "anthropic",
        },
    }
)
DAY = datetime(2026, 11, 20, tzinfo=timezone.utc)


def mixed_costs(number):
    """Costs with thresholds, tiers, factors, measured times, prices by the hour and rates of 19 digits."""
    chance = random.Random(20261120)
    for _ in range(number):
        kind = chance.randrange(6)
        read, written = chance.randrange(300_000), chance.randrange(5000)
        if kind == 0:
            yield MAP.calculate(usage=llmcost.Usage(input=read, cache_read=written, output=written), model="steps")
        elif kind == 1:
            yield MAP.calculate(usage=llmcost.Usage(input=read, output=written), model="steps", batch=True)
        elif kind == 2:
            yield MAP.calculate(usage=llmcost.Usage(input=read, output=written), model="fine")
        elif kind == 3:
            elapsed = Decimal(chance.randrange(10**8)) / 1_000_000
            yield MAP.calculate(model="hourly", duration=elapsed)
        elif kind == 4:
            yield MAP.calculate(usage=llmcost.Usage(input=read, output=written), model="regional", region="us")
        else:
            # A price by the hour, which no decimal per second expresses.
            third = {"input_cost_per_second": Fraction(1, 3600 * chance.choice((1, 7)))}
            yield MAP.calculate(model="own", duration=chance.randrange(1, 500), prices=third)


@pytest.mark.parametrize("number", [6000, pytest.param(200_000, marks=pytest.mark.kill)])
@pytest.mark.timeout(1800)
def test_the_sum_is_the_sum_of_the_fractions(log, number):
    """Of the whole log, of each team, of each hour, and of what one question asks of the calls themselves."""
    sums = {}
    for place, cost in enumerate(mixed_costs(number)):
        team, hour = f"t{place % 7}", place % 24
        paid = Fraction(*cost.as_integer_ratio())
        for key in ("all", team, hour):
            sums[key] = sums.get(key, Fraction(0)) + paid
        log.record(cost, id=str(place), team=team, at=DAY + timedelta(hours=hour, seconds=place % 3600))
    log.drain()

    def exact(found):
        return Fraction(*found.as_integer_ratio())

    assert exact(log.total()) == sums["all"]
    assert {group.value: exact(group) for group in log.by("team")} == {f"t{n}": sums[f"t{n}"] for n in range(7)}
    assert {group.value.hour: exact(group) for group in log.by("hour")} == {hour: sums[hour] for hour in range(24)}
    by_calls = log.by("team", where={"session": None, "status": ["priced"], "user": None})
    assert {group.value: exact(group) for group in by_calls} == {f"t{n}": sums[f"t{n}"] for n in range(7)}
    assert exact(log.by("meter").total) == sums["all"]
