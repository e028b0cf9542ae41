"""Terms with names: by meter, model, tag and date, each a line of its own; and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import ArgumentError, ConfigError, ConfigWarning, CostMap, PriceDataError, Usage
from llmcost.api.unused_terms import CALLS

# a: 2 USD for a million tokens of input, 8 of output.
HEAD = """
model_list:
  - model_name: a
    litellm_params: {model: openai/own-model}
    model_info:
      input_cost_per_million_tokens: 2
      output_cost_per_million_tokens: 8
      llmcost: {terms: [%s]}
  - model_name: b
    litellm_params: {model: openai/own-model, input_cost_per_million_tokens: 2, output_cost_per_million_tokens: 8}
llmcost:
  terms: [%s]
"""
USAGE = Usage(input=1_000_000, output=500_000)
MILLION = {"name": "volume", "kind": "discount", "value": 0.1}


def terms(cost):
    return [(line.meter, line.map_key, str(line.amount)) for line in cost.line_items if line.unit == "term"]


@pytest.mark.parametrize(
    ("own", "for_all", "call", "expected", "total"),
    [
        # 2 + 4 = 6 USD before the terms.
        ("{name: v, kind: discount, value: 0.1}", "", {}, [("discount", "v", "-0.6")], "5.4"),
        ("{name: v, kind: discount, value: 0.1, meters: [input]}", "", {}, [("discount", "v", "-0.2")], "5.8"),
        ("{name: v, kind: discount, value: 0.1, meters: [cache_read]}", "", {}, [], "6"),
        ("{name: v, kind: fee, value: 0.25}", "", {}, [("fee", "v", "0.25")], "6.25"),
        # 10% off the input, 2 - 0.2; 50% on all, (1.8 + 4) / 2; a fee at the end, whatever is written first.
        (
            "{name: f, kind: fee, value: 1}, {name: m, kind: margin, value: 0.5}",
            "{name: v, kind: discount, value: 0.1, meters: [input]}",
            {},
            [("discount", "v", "-0.2"), ("margin", "m", "2.9"), ("fee", "f", "1")],
            "9.7",
        ),
        # Two discounts of 100% take what is there, once.
        (
            "{name: x, kind: discount, value: 1, meters: [input]}, {name: y, kind: discount, value: 1}",
            "",
            {},
            [("discount", "x", "-2"), ("discount", "y", "-4")],
            "0",
        ),
        (
            "",
            "{name: t, kind: margin, value: 0.5, tags: [resold, lent]}",
            {"tags": ["lent"]},
            [("margin", "t", "3")],
            "9",
        ),
        ("", "{name: t, kind: margin, value: 0.5, tags: [resold]}", {"tags": ("own",)}, [], "6"),
        ("", "{name: t, kind: margin, value: 0.5, tags: [resold]}", {}, [], "6"),
        ("", "{name: t, kind: margin, value: 0.5, models: [b]}", {}, [], "6"),
        ("", "{name: t, kind: margin, value: 0.5, models: [a]}", {}, [("margin", "t", "3")], "9"),
        ("", "{name: t, kind: margin, value: 0.5, models: [openai/*]}", {}, [("margin", "t", "3")], "9"),
        ("", "{name: t, kind: margin, value: 0.5, from: 2026-07-01}", {"at": "2026-06-30T23:59:59Z"}, [], "6"),
        (
            "",
            "{name: t, kind: margin, value: 0.5, from: 2026-07-01}",
            {"at": "2026-07-01"},
            [("margin", "t", "3")],
            "9",
        ),
        ("", "{name: t, kind: margin, value: 0.5, until: 2026-07-01}", {"at": "2026-07-01"}, [], "6"),
    ],
)
def test_a_term_is_a_line_of_its_own(configured, own, for_all, call, expected, total):
    cost = configured(HEAD % (own, for_all)).calculate(usage=USAGE, model="a", **call)

    assert terms(cost) == expected
    assert cost.total == Decimal(total)
    assert sum(line.amount for line in cost.line_items) == cost.total


def test_listed_terms_stand_beside_those_of_a_provider(configured):
    """10% off by the provider: 6 - 0.6; then 50% of 5.4 off by name."""
    text = (
        HEAD % ("{name: v, kind: discount, value: 0.5}", "")
        + "\nlitellm_settings: {cost_discount_config: {openai: 0.1}}"
    )

    cost = configured(text).calculate(usage=USAGE, model="a")

    assert terms(cost) == [("discount", "openai", "-0.6"), ("discount", "v", "-2.7")]
    assert [line.note for line in cost.line_items[2:]] == ["10% of the sum before it", "v: 50% of the sum before it"]


@pytest.mark.parametrize("registered", [False, True])
def test_rows_of_ones_own_list_terms_too(registered):
    row = {"m": {"input_cost_per_token": "2e-6", "output_cost_per_token": "8e-6", "llmcost": {"terms": [MILLION]}}}
    prices = CostMap({} if registered else row)
    if registered:
        prices.register(row)

    cost = prices.calculate(usage=USAGE, model="m")

    assert terms(cost) == [("discount", "volume", "-0.6")]


def test_a_wrong_row_is_refused_and_says_where():
    with pytest.raises(PriceDataError, match=r"registered m: llmcost.terms\[0\].value = 2: a discount above 1"):
        CostMap({}).register({"m": {"llmcost": {"terms": [{**MILLION, "value": 2}]}}})


def test_a_term_by_tag_leaves_the_reported_cost_of_other_calls(configured):
    """A gateway states 0.5 USD, which counts unless a price or a term of one's own is in force."""
    prices = configured(
        "llmcost: {terms: [{name: t, kind: margin, value: 1, tags: [resold]}]}", {"m": {"input_cost_per_token": "1e-6"}}
    )
    response = {
        "object": "chat.completion",
        "model": "m",
        "usage": {"prompt_tokens": 10**6, "completion_tokens": 0, "total_tokens": 10**6, "cost": 0.5},
    }

    found = [prices.calculate(response, tags=tags) for tags in (None, ["resold"])]

    assert [(cost.counts, cost.total) for cost in found] == [("reported", Decimal("0.5")), ("calculated", 2)]


def test_tags_are_a_list_of_texts(bundled):
    for wrong in ("resold", [1], 7):
        with pytest.raises(ArgumentError, match="tag"):
            bundled.calculate(usage=Usage(input=1), model="gpt-4o", tags=wrong)


def test_a_term_of_no_model_is_warned_of(configured):
    with pytest.warns(ConfigWarning, match=r":11: llmcost.terms\[0\]: the term 't' never applies: no model is called"):
        configured(HEAD % ("", "{name: t, kind: fee, value: 1, models: [c]}"))


ONE = "{name: t, kind: margin, value: 1, %s}"


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("tags: [resold, lent]", "none had the tag lent or resold"),
        ("meters: [web_searches]", "none used web_searches"),
        ("tags: [resold], meters: [input]", "none had the tag resold and used input"),
    ],
)
def test_a_term_that_no_call_has_is_warned_of_once(configured, what, why):
    """After a thousand calls that it could have been for, not after one less, and not again."""
    prices = configured(HEAD % ("", ONE % what))

    def call(times):
        for _ in range(times):
            prices.calculate(usage=Usage(input=1, output=1), model="a", tags=["other"])

    call(CALLS - 1)
    with pytest.warns(ConfigWarning) as said:
        prices.calculate(usage=Usage(input=1, output=1), model="a", tags=["other"])
    call(CALLS)

    text = "the term 't' (llmcost.terms[0] of config llmcost) was on none of the first 1,000 calls that it could be for"
    assert [str(warning.message) for warning in said] == [f"{text}: {why}"]
    assert said[0].filename == __file__


@pytest.mark.parametrize("what", ["tags: [resold]", "from: 2199-01-01", "models: [b]", "until: 2020-01-01"])
def test_a_term_that_one_call_had_or_that_is_of_other_calls_is_not_warned_of(configured, what):
    """The one call that has the tag is enough; another model, and another time, are no calls that it could be for."""
    prices = configured(HEAD % ("", ONE % what))

    prices.calculate(usage=Usage(input=1, output=1), model="a", tags=["resold"])
    for _ in range(CALLS + 1):
        prices.calculate(usage=Usage(input=1, output=1), model="a")


def test_every_mistake_has_its_line(bundled, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(
        """\
llmcost:
  discount: 0.1
  terms:
    - {kind: discount, value: 0.1}
    - {name: b, kind: rebate, value: 0.1}
    - {name: c, kind: discount, value: 1.1}
    - {name: d, kind: margin, value: -1}
    - {name: e, kind: margin, value: much}
    - {name: f, kind: margin}
    - {name: g, kind: margin, value: 1, meters: [inptu]}
    - {name: h, kind: margin, value: 1, meters: input}
    - {name: i, kind: margin, value: 1, tags: []}
    - {name: j, kind: margin, value: 1, models: gpt-4o}
    - {name: k, kind: margin, value: 1, from: 2026-01-01, until: 2025-01-01}
    - {name: l, kind: margin, value: 1, from: 2026}
    - {name: m, kind: margin, value: 1, meter: [input]}
    - nothing
    - {name: o, kind: margin, value: 1}
    - {name: o, kind: margin, value: 1}
    - {name: p, kind: margin, value: os.environ/NOT_SET_ANYWHERE}
    - {name: q, name: r, kind: margin, value: 1}
""",
        encoding="utf-8",
    )

    with pytest.raises(ConfigError) as error:
        bundled.with_config(path)

    said = str(error.value).splitlines()
    wrong = [
        "discount",
        *(
            [
                "name",
                "kind",
                "value",
                "value",
                "value",
                "value",
                "meters",
                "meters",
                "tags",
                "models",
                "until",
                "from",
                "meter",
            ]
        ),
    ]
    assert [line.split(":")[1] for line in said] == [str(number) for number in (2, *range(4, 18), 19, 20, 21)]
    for line, field in zip(said, wrong, strict=False):
        assert f".{field}" in line.split(": ")[1]
