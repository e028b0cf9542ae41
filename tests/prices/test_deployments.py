"""Deployments: which one a name means, and that none ever prices for another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.core.term import Term
from llmcost.prices.asked import Asked
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments
from llmcost.prices.entries import compile_entry
from llmcost.prices.layers import MODEL_INFO, Layer

MILLION = Usage(input=1_000_000)


def deployed(alias, backend, usd=None, **facts):
    """Return a deployment, with a price per million of its own if one is given."""
    layers = ()
    if usd is not None:
        layers = (Layer(compile_entry({"input_cost_per_token": f"{usd}e-06"}, MODEL_INFO, alias)),)
    return Deployment(alias, backend, layers=layers, **facts)


def over(entries, *deployments, **more):
    """Return a map with these deployments over its entries: model -> USD per million."""
    prices = CostMap({name: {"input_cost_per_token": f"{usd}e-06"} for name, usd in entries.items()})
    return prices.with_deployments(Deployments(deployments, **more))


def price(prices, **facts):
    return str(prices.calculate(usage=MILLION, **facts).total)


def chat(model):
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    return {"object": "chat.completion", "model": model, "usage": usage}


def test_an_alias_is_priced_as_its_deployment():
    """Own price, else the backend's in the map."""
    prices = over({"azure/gpt-4o": 3}, deployed("chat", "azure/gpt-4o"), deployed("mine", "azure/gpt-4o", 5))
    cost = prices.calculate(usage=MILLION, model="chat")
    assert (str(cost), cost.model, cost.matched_as) == ("3.00", "chat", "azure/gpt-4o")
    assert price(prices, model="mine") == "5"


def test_two_deployments_of_one_backend_do_not_influence_each_other():
    """One is given away, the other is not."""
    prices = over({"openai/m": 3}, deployed("free", "openai/m", 0), deployed("paid", "openai/m"))
    assert [price(prices, model=name) for name in ("free", "paid", "free", "paid")] == ["0", "3", "0", "3"]


def test_an_alias_with_several_deployments_that_price_the_same():
    """It does not matter which of them answered."""
    prices = over({}, deployed("a", "openai/m", 2, id="1"), deployed("a", "azure/n", 2, id="2"))
    assert price(prices, model="a") == "2"


@pytest.mark.parametrize("asks", [{"model": "a"}, {"response": chat("m")}])
def test_several_that_price_differently_are_an_error(asks):
    """It lists them and asks for deployment=, at the first call and at every later one."""
    prices = over({}, deployed("a", "openai/m", 2, id="east"), deployed("a", "azure/m", 3, address="model_list[1]"))
    response = asks.pop("response", None)
    for _ in range(2):
        with pytest.raises(
            UnknownModelError, match=r"price differently: east \(openai/m\); model_list\[1\] \(azure/m\)"
        ) as raised:
            prices.calculate(response, usage=None if response else MILLION, **asks)
        assert raised.value.choices == ("east (openai/m)", "model_list[1] (azure/m)")


def test_a_deployment_that_cannot_be_priced_differs_from_one_that_can():
    """Unknown is not the same as any price."""
    prices = over({}, deployed("a", "openai/m", 2), deployed("a", "openai/unknown"))
    with pytest.raises(UnknownModelError, match=r"several deployments"):
        price(prices, model="a")


@pytest.mark.parametrize("choice", ["east", "openai/m", "model_list[0]"])
def test_deployment_chooses(choice):
    """By id, by backend, or by where it stands."""
    prices = over(
        {},
        deployed("a", "openai/m", 2, id="east", address="model_list[0]"),
        deployed("a", "azure/m", 3, id="west", address="model_list[1]"),
    )
    assert price(prices, model="a", deployment=choice) == "2"
    assert price(prices, deployment=choice) == "2"
    assert price(prices, model="east") == "2"


def test_deployment_chooses_within_the_alias():
    """The same backend behind two aliases: the model says which; another name does not matter."""
    prices = over({}, deployed("a", "openai/m", 2), deployed("b", "openai/m", 3))
    assert price(prices, model="b", deployment="openai/m") == "3"
    with pytest.raises(UnknownModelError, match=r"several deployments"):
        price(prices, model="c", deployment="openai/m")


def test_an_unknown_deployment():
    """The error is about the deployment."""
    with pytest.raises(UnknownModelError, match=r"the configuration has no deployment 'north'"):
        price(over({}, deployed("a", "openai/m", 2)), model="a", deployment="north")


def test_a_backend_may_be_named():
    """Who names the backend means its deployment."""
    assert price(over({"openai/m": 1}, deployed("a", "openai/m", 2)), model="openai/m") == "2"


def test_an_alias_of_an_alias():
    """model_group_alias: another name for a model_name."""
    prices = over({}, deployed("a", "openai/m", 2), aliases={"old": "a"})
    assert price(prices, model="old") == "2"
    assert str(prices.calculate(chat("old")).total) == "2"


def test_without_a_deployment_the_map_prices_and_a_note_says_so():
    """A name that the configuration does not have is looked up as ever."""
    prices = over({"other": 4}, deployed("a", "openai/m", 2))
    cost = prices.calculate(usage=MILLION, model="other")
    assert str(cost) == "4.00"
    assert cost.notes == ("no deployment of the configuration is named 'other': none of its prices is used",)
    assert over({"other": 4}).calculate(usage=MILLION, model="other").notes == ()


@pytest.mark.parametrize(
    ("response", "expected"),
    [("a", "2"), ("openai/m", "2"), ("m", "2"), ("m-2026-01-01", "2"), ("other", "4")],
)
def test_the_model_of_a_response_finds_its_deployment(response, expected):
    """A proxy answers with the alias, a provider with its model or a dated snapshot of it."""
    prices = over({"other": 4}, deployed("a", "openai/m", 2), deployed("b", "openai/n", 3))
    assert str(prices.calculate(chat(response)).total) == expected


def test_wildcards_are_filled_in():
    """openai/* is any model of OpenAI; the longest pattern that fits is meant."""
    prices = over(
        {"openai/m": 1, "openai/special-m": 2},
        deployed("*", "openai/*"),
        deployed("special-*", "openai/special-*", 7),
    )
    assert price(prices, model="m") == "1"
    assert price(prices, model="special-m") == "7"
    assert str(prices.calculate(chat("special-m")).total) == "7"
    with pytest.raises(UnknownModelError):
        price(prices, model="n")


def test_a_wildcard_without_prices_is_no_deployment_of_a_response():
    """Where it routes to is the model itself; with the provider it may fit too. An alias may lead to nothing."""
    prices = over({"m": 4}, deployed("*", "openai/*"), deployed("openai/s*", "openai/s*", 7))
    assert str(prices.calculate(chat("m")).total) == "4"
    assert prices.deployments.serving("s1", "openai").deployments[0].backend == "openai/s1"
    lost = Deployments([deployed("a", "openai/m", 2)], aliases={"gone": "away"})
    assert lost.serving("gone").deployments == ()


@pytest.mark.parametrize(
    ("model", "provider", "usd"),
    [
        ("m", None, "7"),  # the row m is of openai, whose wildcard calls it
        ("m", "openai", "7"),
        ("m", "other", "4"),  # another seller's, so that no wildcard calls it
        ("n", None, "8"),  # no row of this name, but one of gemini
        ("own", None, "9"),  # the only model that the wildcard calls
    ],
)
def test_a_wildcard_is_found_by_the_model_that_it_calls(model, provider, usd):
    """The response names what stands behind the alias, and the provider only sometimes."""
    rows = {"m": {"input_cost_per_token": "4e-06", "litellm_provider": "openai"}, "gemini/n": {}, "own": {}}
    prices = CostMap({**rows, "other/m": {"input_cost_per_token": "4e-06", "litellm_provider": "other"}})
    listed = deployed("x/*", "openai/*", 7), deployed("y/*", "gemini/*", 8), deployed("z-*", "azure/own", 9)
    prices = prices.with_deployments(Deployments([*listed, deployed("free/*", "groq/*")]))
    assert str(prices.calculate(chat(model), provider=provider).total) == usd


def test_a_model_that_several_wildcards_call():
    """Both may have answered: where they price differently, the call has to say which it was."""
    rows = {"m": {"litellm_provider": "openai"}, "azure/m": {"litellm_provider": "azure"}}
    prices = CostMap(rows).with_deployments(
        Deployments([deployed("x/*", "openai/*", 1), deployed("y/*", "azure/*", 2)])
    )
    with pytest.raises(UnknownModelError, match="price differently"):
        prices.calculate(chat("m"))
    assert str(prices.calculate(chat("m"), provider="azure").total) == "2"


@pytest.mark.parametrize(
    ("provider", "usd"), [("azure", "2"), ("openai", "1"), ("az.ai.openai", "2"), ("groq", None), (None, None)]
)
def test_the_deployment_of_the_provider_answered(provider, usd):
    """Two sellers of one model: the provider, if it is known and has one, tells which it was."""
    prices = over({}, deployed("a", "openai/m", 1), deployed("a", "azure/m", 2))
    for model in (None, "a"):
        if usd is not None:
            assert str(prices.calculate(chat("m"), model=model, provider=provider).total) == usd
            continue
        with pytest.raises(UnknownModelError, match="price differently"):
            prices.calculate(chat("m"), model=model, provider=provider)


def test_another_provider_than_the_configured_one():
    """A deployment of openai/ may be any host that speaks OpenAI's API: it is still the one that answered."""
    prices = over({}, deployed("a", "openai/m", 1), deployed("b", "n", 2, provider="azure"))
    assert str(prices.calculate(chat("m"), provider="groq").total) == "1"
    assert str(prices.calculate(chat("n"), provider="azure").total) == "2"


def test_a_wildcard_that_was_called_is_no_failure():
    """The model behind it answered, and not the fallback that could have answered too."""
    found = Deployments([deployed("open/*", "openai/*", 1), deployed("big", "azure/m", 2)], fallbacks={"*": ("big",)})
    prices = CostMap({"m": {"litellm_provider": "openai"}}).with_deployments(found)
    assert str(prices.calculate(chat("m-2026-01-01"), model="open/m").total) == "1"


def test_wildcards_of_equal_length_are_several():
    """Two deployments under one pattern are an alias with two."""
    prices = over({}, deployed("m-*", "openai/*", 1), deployed("m-*", "azure/*", 2), deployed("m*", "x/*", 3))
    with pytest.raises(UnknownModelError, match=r"\(openai/1\);.*\(azure/1\); pass deployment="):
        price(prices, model="m-1")
    assert price(prices, model="m1") == "3"


@pytest.mark.parametrize(
    ("alias", "backend", "name", "expected"),
    [
        ("a/*/c", "x/*", "a/b/c", "x/b"),
        ("*-*", "p/*/q/*", "m-1", "p/m/q/1"),
        ("a*", "fixed", "abc", "fixed"),
        ("a**b", "x/*", "a1b", "x/"),
        ("a*", "x", "b", None),
        ("a*c", "x", "ab", None),
        ("a*b*c", "x", "axc", None),
        ("*b", "x/*", "b", "x/"),
    ],
)
def test_what_the_stars_stand_for(alias, backend, name, expected):
    """Each star of the alias fills one of the backend."""
    filled = Deployment(alias, backend).called(name)
    assert (None if filled is None else filled.backend) == expected


def test_a_base_model_of_a_deployment():
    """It stands in for the map where the deployment has no own prices."""
    prices = over(
        {"base": 4}, deployed("a", "azure/mine", base_model="base"), deployed("b", "azure/mine", 2, base_model="base")
    )
    cost = prices.calculate(usage=MILLION, model="a")
    assert (str(cost), cost.match_rule) == ("4.00", "base_model")
    assert price(prices, model="b") == "2"


def test_a_deployment_without_any_price_is_unknown():
    """The message names it."""
    with pytest.raises(UnknownModelError, match=r"the deployment east \(azure/mine\) has no prices of its own"):
        price(over({}, deployed("a", "azure/mine", id="east")), model="a")


def test_the_region_of_a_deployment():
    """It selects the regional row, where the call names no region."""
    entries = {"azure/m": 1, "azure/eu/m": 2, "azure/us/m": 3}
    prices = over(entries, deployed("a", "azure/m", region="eu"))
    assert price(prices, model="a") == "2"
    assert price(prices, model="a", region="us") == "3"


def test_the_id_that_a_response_carries():
    """It says which deployment answered; an unknown one says nothing."""
    prices = over({"other": 4}, deployed("a", "openai/m", 2, id="east"), deployed("a", "openai/m", 3, id="west"))
    assert prices.card(Asked("a", model_id="west")).cells["input", ()].usd == Decimal("0.000003")
    assert prices.card(Asked("other", model_id="north")).name == "other"


def test_nothing_is_named_at_all():
    """Neither by the call nor by the response: the message asks for a model."""
    with pytest.raises(UnknownModelError, match=r"pass model="):
        over({}, deployed("a", "openai/m", 2)).calculate(usage=MILLION)


def test_card_of_one_deployment():
    """What a check prints."""
    prices = over({}, deployed("a", "openai/m", 2), deployed("a", "openai/m", 3))
    assert [str(prices.card_of(d).cells["input", ()].usd) for d in prices.deployments] == ["0.000002", "0.000003"]
    assert len(prices.deployments) == 2


TEN, FIVE = Term("discount", (1, 10), "config"), Term("discount", (1, 20), "config")
MARGIN, FEE = Term("margin", (1, 10), "config"), Term("fee", (1, 100), "config")


def test_terms_are_those_of_the_deployment_else_of_the_provider():
    """An own discount takes the place of the provider's, and so does an own margin; global is for the rest."""
    found = Deployments((), discounts={"OpenAI": (TEN,)}, margins={"openai": (MARGIN,), "global": (FEE,)})
    assert found.terms("openai", None) == (TEN, MARGIN)
    assert found.terms("azure", None) == found.terms(None, None) == (FEE,)
    assert found.terms("openai", Deployment("a", "b", terms=(FIVE,))) == (FIVE, MARGIN)
    assert found.terms("openai", Deployment("a", "b", terms=(FEE,))) == (TEN, FEE)
    assert Deployments().terms("openai", None) == ()


def test_a_discount_for_models_of_a_provider():
    """The model's own, else the pattern with the most letters, else the provider's; each only for its provider."""
    shares = {"OpenAI": (TEN,), "openai/gpt-*": (FIVE,), "openai/gpt-4*": (FEE,), "openai/gpt-4o": (MARGIN,)}
    found = Deployments((), discounts=shares)
    named = {name: found.terms("openai", None, row=name) for name in ("o3", "gpt-5", "gpt-4.1", "openai/gpt-4o")}
    assert named == {"o3": (TEN,), "gpt-5": (FIVE,), "gpt-4.1": (FEE,), "openai/gpt-4o": (MARGIN,)}
    assert found.terms("azure", None, row="azure/gpt-4o") == ()
    # Of the two names the row's is the stronger; an alias is no model, and what stands behind it is.
    assert found.terms("openai", None, "gpt-4o", "gpt-4o-2024-08-06") == (MARGIN,)
    assert found.terms("openai", Deployment("gpt-4o", "openai/o3"), "gpt-4o", "o3") == (TEN,)
    assert found.terms("openai", Deployment("mine", "openai/gpt-4o"), "mine", "gpt-4o-2024-08-06") == (MARGIN,)
    # A region between the provider and the model is passed over, and is not where regions do not stand.
    by_region = Deployments((), discounts={"azure/gpt-[45]o?": (FIVE,), "groq/m": (TEN,)})
    assert by_region.terms("azure", None, row="azure/eu/gpt-4o1") == (FIVE,)
    assert by_region.terms("azure", None, row="azure/gpt-6o1") == ()
    assert by_region.terms("groq", None, row="groq/eu/m") == ()


@pytest.mark.parametrize(("model", "lines"), [("openai/m", ["1", "-0.1"]), ("m", ["1", "-0.1"]), ("azure/m", ["1"])])
def test_terms_by_provider_are_applied(model, lines):
    """The provider is the prefix, or the one that the row states: 1 USD less 10 %."""
    prices = CostMap(
        {
            "m": {"input_cost_per_token": 1e-06, "litellm_provider": "openai"},
            "azure/m": {"input_cost_per_token": 1e-06},
        }
    ).with_deployments(Deployments((), discounts={"openai": (TEN,)}))
    cost = prices.calculate(usage=MILLION, model=model)
    assert [format(line.amount, "f") for line in cost.line_items] == lines


def test_the_names_of_a_configuration_as_text():
    """At most ten, and how many more."""
    many = Deployments([deployed(f"a{number}", "b") for number in range(11)], aliases={"z": "a1"})
    assert many.names() == "a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more"
    assert Deployments([deployed("a", "b")]).names() == "a"


def test_a_map_with_deployments_shares_the_prices_and_not_the_state():
    """Registering in one is not seen in the other."""
    base = CostMap({"openai/m": {"input_cost_per_token": 1e-06}})
    prices = base.with_deployments(Deployments([deployed("a", "openai/m")]))
    prices.register({"openai/m": {"input_cost_per_token": 2e-06}})
    assert (price(prices, model="a"), price(base, model="openai/m")) == ("2", "1")


FALLBACKS = {"fast": ("hidden", "big"), "big": ("fast", "biggest"), "lost": ("gone",)}


def with_fallbacks():
    """Return a map of five groups, 1 to 5 USD per million; ``hidden`` runs m2 under a name of Azure's."""
    return over(
        {"openai/m1": 1, "openai/m2": 2, "openai/m3": 3, "openai/m4": 4, "openai/m5": 5},
        deployed("fast", "openai/m1"),
        deployed("hidden", "azure/ours", base_model="openai/m2"),
        deployed("big", "openai/m3"),
        deployed("biggest", "openai/m4"),
        deployed("lost", "openai/m5"),
        fallbacks=FALLBACKS,
    )


@pytest.mark.parametrize(
    ("called", "answered", "expected", "fallback"),
    [
        # The group that was called, by its backend, by its alias, and by the model that its base_model names.
        ("fast", "m1", "1", []),
        ("fast", "fast", "1", []),
        ("hidden", "m2-2026-01-01", "2", []),
        # The second fallback, as the first does not serve the answer; and a fallback of that one.
        ("fast", "m3", "3", ["big"]),
        ("fast", "m4", "4", ["biggest"]),
        # big -> fast, and fast leads back to big: each group is looked at once.
        ("big", "m1", "1", ["fast"]),
        # No fallback leads there: what was called is priced.
        ("fast", "m5", "1", []),
        ("biggest", "m1", "4", []),
        # A fallback that no deployment has.
        ("lost", "m1", "5", []),
    ],
)
def test_the_fallback_that_can_have_answered_is_priced(called, answered, expected, fallback):
    """1,000,000 tokens at 1 to 5 USD per million; a note says which fallback answered."""
    cost = with_fallbacks().calculate(chat(answered), model=called)
    assert str(cost.total) == expected
    assert [note.about for note in cost.notes if note.code == "fallback_answered"] == fallback


def test_how_a_fallback_was_found():
    """Its deployments alone are returned, with the name of their group; otherwise those that were asked for."""
    found = with_fallbacks().deployments
    fast = found.named("fast")
    answered = found.answering(fast, "m4-2026-01-01", "openai")
    assert [d.alias for d in answered.deployments] == ["biggest"]
    assert (answered.fallback, answered.how) == ("biggest", "by the response's model 'm4-2026-01-01', as a fallback")
    assert found.answering(fast, "m5", "openai") is fast


@pytest.mark.parametrize(("answered", "total"), [("acme/cheap", "1.00"), ("cheap", "1.00"), ("other", "3.00")])
def test_a_router_has_the_price_of_the_deployment_that_answers(answered, total):
    """LiteLLM's own routers call one of the other deployments, or a model that is none: 1 and 3 USD a million."""
    routed = deployed("pick-one", "auto_router/complexity")
    prices = over({"other": 3}, routed, deployed("cheap", "acme/cheap", 1))
    assert str(prices.calculate(chat(answered), model="pick-one")) == total


def test_a_deployment_of_an_unknown_backend_is_priced_as_what_answers():
    """The note says what was priced, and what decides it otherwise."""
    prices = over({"gpt-4o": 3}, deployed("mine", "azure/my-own-name"))
    cost = prices.calculate(chat("gpt-4o"), model="mine")
    assert (str(cost), cost.matched_as, cost.match_rule) == ("3.00", "gpt-4o", "response_model")
    note = next(note for note in cost.notes if note.code == "response_model_priced")
    assert "base_model decides what the deployment is priced as" in note
