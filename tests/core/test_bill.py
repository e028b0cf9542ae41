"""The explanation: one screen of text, made of the lines that are the total."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap, Usage
from llmcost.core.term import Term
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments

RAW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "cache_read_input_token_cost": 5e-07,
    "web_search_cost_per_query": 0.01,
    "input_cost_per_token_above_200k_tokens": 4e-06,
    "geo_multiplier": {"us": 1.1},
    "litellm_provider": "acme",
}
PRICES = CostMap({"m": RAW, "n": {"input_cost_per_second": 0.5}, "x": {**RAW, "litellm_provider": "xai"}})


def explain(usage, model="m", **facts) -> list[str]:
    return PRICES.calculate(usage=usage, model=model, **facts).explain().splitlines()


def test_one_screen():
    """Every line with its rate, its share, who set it and under which conditions; then tier and context.

    The rate of a token is that of a million. 0.0022, 0.0011, 0.0033 and 0.02 of 0.0266 are the shares.
    """
    usage = Usage(input=1000, cache_read=2000, output=300, web_searches=2, region="us", service_tier="default")
    assert explain(usage, service_tier="priority", output_cost_per_token=1e-05) == [
        "m: 0.0266 USD",
        "",
        "  priced as m of acme (match rule: exact)",
        "",
        "  meter         quantity  unit    USD / unit  USD / 1M     USD  share  set by",
        "  ------------  --------  ------  ----------  --------  ------  -----",
        "  input            1,000  token                   2.00  0.0022   8.3%  map m: input_cost_per_token "
        "[x 1.1 (region us)]",
        "  cache_read       2,000  token                   0.50  0.0011   4.1%  map m: cache_read_input_token_cost "
        "[x 1.1 (region us)]",
        "  output             300  token                  10.00  0.0033  12.4%  call prices: output_cost_per_token "
        "[x 1.1 (region us)]",
        "  web_searches         2  search        0.01            0.02    75.2%  map m: web_search_cost_per_query",
        "  ------------  --------  ------  ----------  --------  ------  -----",
        "  total                                                 0.0266",
        "",
        "  tier        requested=priority served=default billed=standard",
        "  context     3,000 prompt tokens, not > 200,000: base rates",
    ]


def test_nothing_to_add():
    """Where no tier, no threshold and no note decided anything, the lines are all: 4 x 0.5; one line has no share."""
    assert explain(Usage(duration=4), "n") == [
        "n: 2.00 USD",
        "",
        "  priced as n (match rule: exact)",
        "",
        "  meter          quantity  unit    USD / unit   USD  set by",
        "  -------------  --------  ------  ----------  ----",
        "  input_seconds         4  second         0.5  2     map n: input_cost_per_second",
        "  -------------  --------  ------  ----------  ----",
        "  total                                        2.00",
    ]


def test_the_threshold_that_was_passed():
    """And which rule decides on it: more than, or as many as, the number."""
    line = "  context     200,001 prompt tokens > 200,000: the whole request at the long-context rates"
    assert line in explain(Usage(input=200_001))
    assert "  context     200,000 prompt tokens, not > 200,000: base rates" in explain(Usage(input=200_000))
    line = "  context     200,000 prompt tokens >= 200,000: the whole request at the long-context rates"
    assert line in explain(Usage(input=200_000), "x")
    assert any("[context > 200,000]" in line for line in explain(Usage(input=200_001)))


def test_what_was_asked_for_if_it_is_not_what_was_priced():
    """The name, and the rule that found the entry."""
    text = explain(Usage(input=5), "m-2026-01-01")
    assert text[0] == "m: 0.00001 USD"
    assert text[2] == "  asked for m-2026-01-01, priced as m of acme (match rule: dated_snapshot)"


def test_what_is_unpriced():
    """Marked in the table, named below, and the title says that it is a lower bound."""
    text = explain(Usage(input=5, maps_queries=2))
    assert text[0] == "m: at least 0.00001 USD"
    assert any(line.startswith("  maps_queries ") and line.endswith("unpriced") for line in text)
    assert "  unpriced    maps_queries: no rate, or no quantity, is known; the total is a lower bound" in text


def test_notes():
    """What had to be decided."""
    text = explain(Usage(input_audio=5))
    assert text[-2:] == ["  notes", "   - input_audio rate missing: input rate used"]


def test_several_models():
    """Each line names its model; the source does not name it again. 0.0000001 of 0.0000101 is 1 %."""
    usage = Usage(input=5, parts=(Usage(input_seconds=Decimal("0.0000002"), model="n"),))
    text = explain(usage)
    assert any(line.startswith("  m input  ") and line.endswith("  map: input_cost_per_token") for line in text)
    (line,) = (line for line in text if line.startswith("  n input_seconds  "))
    assert line.split() == [
        "n",
        "input_seconds",
        "0.0000002",
        "second",
        "0.5",
        "0.0000001",
        "1.0%",
        "map:",
        "input_cost_per_second",
    ]


def test_a_sum():
    """Its title is the model, if it is one; every context is there."""
    one, two = (PRICES.calculate(usage=Usage(input=tokens), model="m") for tokens in (5, 300_000))
    text = (one + two).explain().splitlines()
    assert text[0] == "m: 1.20001 USD"
    assert sum(line.startswith("  context") for line in text) == 2
    mixed = (one + PRICES.calculate(duration=1, model="n")).explain().splitlines()
    assert mixed[0] == "several models: 0.50001 USD"
    assert not any("priced as" in line for line in mixed)


def test_terms_have_no_rate():
    """A discount is a line without units: 0.4 off 4 is a ninth of the 3.6 that are left."""
    terms = (Term("discount", (1, 10), "config", "a", "cost_discount_config"),)
    prices = PRICES.with_deployments(Deployments([Deployment("m", "m", terms=terms)]))
    text = prices.calculate(usage=Usage(input=500_000, output=250_000), model="m").explain().splitlines()
    (line,) = (line for line in text if line.startswith("  discount"))
    assert line.split(maxsplit=5) == ["discount", "1", "term", "-0.4", "-11.1%", "config a: cost_discount_config"]
    assert "   - 10% of the sum before it" in text


def test_a_reported_cost():
    """Both numbers, and their difference."""
    text = explain(Usage(input=1000, reported="0.0042"))
    assert any(line.split() == ["reported", "1", "call", "0.0042", "response"] for line in text)
    assert "  reported    0.0042 USD by the provider" in text
    assert "  calculated  0.002 USD by the rate card" in text
    unknown = explain(Usage(input=1000, reported="0.0042"), "unheard-of")
    assert unknown[0] == "unheard-of: 0.0042 USD"
    assert any(line.split(maxsplit=1) == ["calculated", "not known"] for line in unknown)


def test_a_waived_and_a_free_call():
    """The reason stands there."""
    text = explain(Usage(input=5), cache_hit=True)
    assert "  waived      answered from the application's own cache" in text
    assert any("x 0 (answered from the application's own cache)" in line for line in text)
    free = explain(Usage(free="moderation is free"))
    assert any(line.split(maxsplit=4) == ["free", "1", "call", "0", "moderation is free"] for line in free)


def test_how_the_price_was_dated():
    """Unless it is simply today's."""
    cost = PRICES.calculate(usage=Usage(input=5), model="m")
    cost.basis = "assumed"
    assert "  price       dated: assumed" in cost.explain()


def test_verbose_adds_the_way_to_the_price():
    """The names tried and every rate of every layer, with what became of it."""
    cost = PRICES.calculate(
        usage=Usage(input=5, parts=(Usage(input_seconds=1, model="n"), Usage(input=1, model="zz"))),
        model="m",
        output_cost_per_token=1e-05,
    )
    text = cost.explain(verbose=True)
    assert text.startswith(cost.explain())
    assert "   names tried  m" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "output_cost_per_token 0.00001 USD/token in force" in rows
    assert "output_cost_per_token 0.000008 USD/token not used: call sets it" in rows
    assert "input_cost_per_token 0.000002 USD/token billed" in rows
    assert "decision path of the part n" in rows
    assert "input_cost_per_second 0.5 USD/second billed" in rows


def test_lines_of_nothing_have_no_share():
    """The sum is 0, of which nothing is a part."""
    prices = CostMap({"f": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "acme"}})
    text = prices.calculate(usage=Usage(input=3, output=2), model="f").explain()
    assert "share" not in text
    assert "%" not in text
