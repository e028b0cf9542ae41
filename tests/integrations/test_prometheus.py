"""The collector in a registry of Prometheus, over a log with calls in it."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

import llmcost
from tests.sdks import optional

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100}


@pytest.fixture
def log(tmp_path):
    optional("sqlalchemy")
    found = llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False)
    yield found
    found.close()


def test_a_scrape(log):
    """Two calls of gpt-4o are 2 x 0.0035 USD, one of gpt-4o-mini 1,000 x 1.5e-7 + 100 x 6e-7 = 0.00021."""
    prometheus = optional("prometheus_client")
    from llmcost.integrations.prometheus import SpendCollector

    registry = prometheus.CollectorRegistry()
    registry.register(SpendCollector(log))
    for number, (model, team) in enumerate([("gpt-4o", "search"), ("gpt-4o", None), ("gpt-4o-mini", "search")]):
        log.record(llmcost.calculate(usage=USAGE, model=model), id=str(number), team=team)
    log.drain()
    lines = prometheus.generate_latest(registry).decode().splitlines()
    assert {line for line in lines if line.startswith("llmcost_") and "tokens" not in line} == {
        'llmcost_cost_usd_total{axis="model",value="gpt-4o"} 0.007',
        'llmcost_cost_usd_total{axis="model",value="gpt-4o-mini"} 0.00021',
        'llmcost_cost_usd_total{axis="team",value="search"} 0.00371',
        'llmcost_cost_usd_total{axis="team",value=""} 0.0035',
        'llmcost_calls_total{axis="model",status="priced",value="gpt-4o"} 2.0',
        'llmcost_calls_total{axis="model",status="priced",value="gpt-4o-mini"} 1.0',
        'llmcost_calls_total{axis="team",status="priced",value="search"} 2.0',
        'llmcost_calls_total{axis="team",status="priced",value=""} 1.0',
    }
    assert 'llmcost_tokens_total{axis="team",side="input",value="search"} 2000.0' in lines
    # A later scrape asks anew.
    log.record(llmcost.calculate(usage=USAGE, model="gpt-4o"), id="later")
    log.drain()
    assert registry.get_sample_value("llmcost_cost_usd_total", {"axis": "model", "value": "gpt-4o"}) == 0.0105


def test_an_empty_name_is_no_series_of_its_own():
    """A label without a value is none to Prometheus: 1 USD of no team and 2 of the team "" are one series, 3 USD."""
    prometheus = optional("prometheus_client")
    from llmcost.integrations.prometheus import SpendCollector

    class Log:
        def by(self, axis):
            del axis
            for value, usd in ((None, Decimal(1)), ("", Decimal(2))):
                yield SimpleNamespace(value=value, cost=usd, statuses={"priced": 1}, input=10, output=1)

    registry = prometheus.CollectorRegistry()
    registry.register(SpendCollector(Log(), axes=["team"]))
    assert sorted(line for line in prometheus.generate_latest(registry).decode().splitlines() if line[0] != "#") == [
        'llmcost_calls_total{axis="team",status="priced",value=""} 2.0',
        'llmcost_cost_usd_total{axis="team",value=""} 3.0',
        'llmcost_tokens_total{axis="team",side="input",value=""} 20.0',
        'llmcost_tokens_total{axis="team",side="output",value=""} 2.0',
    ]


def test_what_is_no_axis(log):
    optional("prometheus_client")
    from llmcost.integrations.prometheus import SpendCollector

    with pytest.raises(ValueError, match="an axis is one of model, provider"):
        SpendCollector(log, axes=["colour"])
