"""Names: every rule by which a name is found, and everything that is never done to find one."""

from __future__ import annotations

import itertools

import pytest

from llmcost import ArgumentError, CostMap, UnknownModelError, Usage
from llmcost.prices.known_names import KnownNames
from llmcost.prices.name_index import Index
from llmcost.prices.names import Query, find
from llmcost.prices.rows import DictSource, MapSource
from llmcost.prices.spellings import is_snapshot
from llmcost.prices.vendors import family

CHEAP = {"input_cost_per_token": 1e-06}
DEAR = {"input_cost_per_token": 2e-06}


def look_up(entries, name, provider=None, region=None):
    """Return ``(map key, rule, note)`` of a name, or None."""
    found = find(DictSource(entries), Query(name, provider, region))
    return None if found is None else (found.name, found.rule, "; ".join(found.notes))


@pytest.mark.parametrize(
    "seller",
    [
        *("openai", "azure", "anthropic", "bedrock", "vertex_ai", "gemini", "openrouter", "mistral", "cohere", "groq"),
        *("together_ai", "fireworks_ai", "deepseek", "xai", "perplexity", "huggingface", "sagemaker", "replicate"),
        *("ollama", "voyage", "hosted_vllm", "azure_ai", "databricks"),
    ],
)
def test_a_well_known_seller_is_one_in_any_map(seller):
    """Also in a map of one's own that names nobody: the prefix is taken off."""
    assert look_up({"m": CHEAP}, f"{seller}/m") == ("m", "exact", "")
    assert look_up({"m": CHEAP}, f"not_{seller}/m") is None


# The rules, one by one.


def test_exact():
    """The name itself is the strongest rule."""
    assert look_up({"gpt-4o": CHEAP, "openai/gpt-4o": DEAR}, "gpt-4o") == ("gpt-4o", "exact", "")


def test_the_provider_row_is_stronger_than_the_bare_name():
    """With a provider, its own row comes first."""
    entries = {"gpt-4o": CHEAP, "azure/gpt-4o": DEAR}
    assert look_up(entries, "gpt-4o", "azure") == ("azure/gpt-4o", "provider_row", "")


def test_a_bare_row_counts_if_it_belongs_to_the_provider():
    """A row of the provider under its bare name is that provider's."""
    entries = {"gpt-4o": {**CHEAP, "litellm_provider": "openai"}}
    assert look_up(entries, "gpt-4o", "openai") == ("gpt-4o", "exact", "")
    assert look_up(entries, "openai/gpt-4o") == ("gpt-4o", "exact", "")


def test_a_row_of_another_provider_is_never_used():
    """What OpenAI asks for a model says nothing of what Azure asks."""
    entries = {"gpt-4o": {**CHEAP, "litellm_provider": "openai"}}
    assert look_up(entries, "gpt-4o", "azure") is None
    assert look_up(entries, "azure/gpt-4o") is None


def test_a_row_without_a_provider_belongs_to_all():
    """Own prices rarely say whose they are."""
    assert look_up({"gpt-4o": CHEAP}, "azure/gpt-4o") == ("gpt-4o", "exact", "")


def test_a_family_of_providers_is_one_provider():
    """Rows of bedrock_converse are Bedrock's, those of vertex_ai-language-models Vertex'."""
    entries = {"nova": {**CHEAP, "litellm_provider": "bedrock_converse"}}
    assert look_up(entries, "bedrock/nova") == ("nova", "exact", "")
    assert family("vertex_ai-anthropic_models") == "vertex_ai"
    assert family("together") == "together_ai"


def test_a_full_name_with_a_row_is_that_row():
    """A row under exactly the full name is taken, whatever provider it states."""
    entries = {"openai/gpt-4o": {**CHEAP, "litellm_provider": "somebody"}, "gpt-4o": DEAR}
    assert look_up(entries, "openai/gpt-4o") == ("openai/gpt-4o", "exact", "")
    assert look_up(entries, "openai/gpt-4o", "openai") == ("openai/gpt-4o", "exact", "")


@pytest.mark.parametrize("name", ["GPT-4o", "OpenAI/GPT-4o", "openai/GPT-4O"])
def test_case_folding_comes_after_the_exact_spelling(name):
    """Another case of the letters finds the row, and says so."""
    entries = {"gpt-4o": {**CHEAP, "litellm_provider": "openai"}}
    assert look_up(entries, name) == ("gpt-4o", "case_folded", "")
    assert look_up({**entries, "GPT-4o": DEAR}, "GPT-4o") == ("GPT-4o", "exact", "")


def test_case_folding_keeps_to_the_provider():
    """A folded name of another provider's row is not taken; a folded provider row is."""
    entries = {"gpt-4o": {**CHEAP, "litellm_provider": "openai"}, "Azure/GPT-4o": DEAR}
    assert look_up(entries, "GPT-4O", "azure") == ("Azure/GPT-4o", "case_folded", "")
    assert look_up({"gpt-4o": entries["gpt-4o"]}, "GPT-4O", "azure") is None


def test_names_that_differ_by_case_alone_have_to_price_the_same():
    """Two rows for one folded name at two prices are no answer."""
    assert look_up({"My": CHEAP, "mY": CHEAP}, "my") == ("My", "case_folded", "")
    with pytest.raises(UnknownModelError, match="different prices: My, mY"):
        look_up({"My": CHEAP, "mY": DEAR}, "my")


@pytest.mark.parametrize("provider", ["openai", "OpenAI", "OPENAI"])
def test_the_provider_is_read_in_any_case(provider):
    """provider="OpenAI" means OpenAI."""
    assert look_up({"gpt-4o": {**CHEAP, "litellm_provider": "openai"}}, "gpt-4o", provider) == ("gpt-4o", "exact", "")


def only(name, row, how="the only row of that name"):
    """What ``look_up`` finds of a name whose only row is used."""
    return row, "only_row", f"{name!r} names no seller: {row} is priced, {how}; provider= says otherwise"


def test_the_only_row():
    """Without a provider the only row of that name is meant, and the note says whose it is."""
    entries = {"groq/llama-9": CHEAP, "groq/llama-9b": DEAR}
    assert look_up(entries, "llama-9") == only("llama-9", "groq/llama-9")
    assert look_up({"groq/Llama-9": CHEAP}, "llama-9") == only("llama-9", "groq/Llama-9")


def test_several_rows_that_price_the_same_are_one():
    """It does not matter which of them is meant."""
    entries = {"a/llama-9": CHEAP, "b/llama-9": {**CHEAP, "max_tokens": 5}}
    assert look_up(entries, "llama-9") == only("llama-9", "a/llama-9", "as all rows of that name are")


def test_the_factor_of_a_region_counts_for_a_call_that_runs_there():
    """Two sellers ask the same, but in Canada one of them asks a quarter more."""
    entries = {"a/llama-9": CHEAP, "b/llama-9": {**CHEAP, "regional_processing_uplift_multiplier_ca": 1.25}}
    for region in (None, "us", "us-east-1", "global"):
        assert look_up(entries, "llama-9", region=region)[:2] == ("a/llama-9", "only_row"), region
    for region in ("ca", "CA"):
        with pytest.raises(UnknownModelError, match="at different prices") as error:
            look_up(entries, "llama-9", region=region)
        assert error.value.choices == ("a/llama-9", "b/llama-9")


@pytest.mark.parametrize("server", ["ollama", "lemonade"])
def test_no_name_alone_means_a_server_of_ones_own(server):
    """A model is free there and nowhere else; a row of one's own with a price of 0 is asked for by its name."""
    entries = {f"{server}/llama-9": {"free": True, "litellm_provider": server}}
    with pytest.raises(UnknownModelError, match="free on a machine of one's own") as error:
        look_up(entries, "llama-9")
    assert error.value.choices == (f"{server}/llama-9",)
    assert look_up(entries, "llama-9", server) == (f"{server}/llama-9", "provider_row", "")
    free = {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": server}
    assert look_up({f"{server}/llama-9": free}, "llama-9") == only("llama-9", f"{server}/llama-9")


@pytest.mark.parametrize("name", ["claude-4-opus", "Claude-4-opus", "gemini-9-flash", "grok-9-fast", "sonar-9"])
def test_a_makers_closed_model_is_not_that_of_another_seller(name):
    """Nobody else gives such a model a price: a seller with a spelling of its own is named, and not used."""
    entries = {f"acme/{name}": CHEAP, "claude-opus-9": DEAR}
    with pytest.raises(UnknownModelError, match="is written as a maker's id") as error:
        look_up(entries, name)
    assert error.value.choices == (f"acme/{name}",)
    assert look_up(entries, name, "acme") == (f"acme/{name}", "provider_row", "")
    # Written as Vertex writes it, it is Vertex' id.
    entries = {"vertex_ai/claude-opus-9@20270101": CHEAP}
    name = "claude-opus-9@20270101"
    assert look_up(entries, name) == only(name, f"vertex_ai/{name}")


@pytest.mark.parametrize(
    "other",
    [DEAR, {**CHEAP, "geo_multiplier": {"us": 1.1}}, {**CHEAP, "litellm_provider": "anthropic"}],
    ids=["price", "factor", "rules of the vendor"],
)
def test_several_rows_that_price_differently_are_an_error(other):
    """The error lists them and says how to choose; nothing is guessed."""
    with pytest.raises(UnknownModelError, match="several providers at different prices: a/llama-9, b/llama-9") as error:
        look_up({"a/llama-9": CHEAP, "b/llama-9": other}, "llama-9")
    assert "pass provider=" in str(error.value)
    assert error.value.tried == ("llama-9", "*/llama-9")


def test_rows_are_compared_whatever_stands_in_them():
    """A price that is no price is told when the row is compiled, and not when rows are compared."""
    odd = {"input_cost_per_token": 10**5000}
    found = look_up({"a/llama-9": odd, "b/llama-9": dict(odd)}, "llama-9")
    assert found == only("llama-9", "a/llama-9", "as all rows of that name are")
    with pytest.raises(UnknownModelError):
        look_up({"a/llama-9": odd, "b/llama-9": CHEAP}, "llama-9")


# Regions, ARNs, snapshots.

CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
BASE_NOTE = "regional row missing: base row used, geo profiles usually cost more"


def test_a_regional_row_beats_the_base_row():
    """Most specific first: the geography's own row, where there is one."""
    entries = {CLAUDE: CHEAP, f"au.{CLAUDE}": DEAR}
    assert look_up(entries, f"bedrock/au.{CLAUDE}") == (f"au.{CLAUDE}", "exact", "")


def test_a_geography_without_a_row_uses_the_base_row_and_says_so():
    """The approximation is visible."""
    entries = {CLAUDE: CHEAP, f"au.{CLAUDE}": DEAR}
    assert look_up(entries, f"bedrock/jp.{CLAUDE}") == (CLAUDE, "base_of_region", BASE_NOTE)
    assert look_up(entries, f"jp.{CLAUDE}") == (CLAUDE, "base_of_region", BASE_NOTE)


@pytest.mark.parametrize("prefix", ["us-gov.", "global.", "apac.", "us.", "eu.", "jp.", "au.", "ca.", "uk."])
def test_every_declared_geography(prefix):
    """The prefixes of Bedrock's profiles, and no others."""
    assert look_up({CLAUDE: CHEAP}, f"bedrock/{prefix}{CLAUDE}") == (CLAUDE, "base_of_region", BASE_NOTE)


@pytest.mark.parametrize("route", ["", "bedrock/"])
def test_a_profile_of_the_government_is_sold_at_the_prices_of_its_regions(route):
    """A row of the profile counts first, then one of its two regions, and the price of all others last, noted."""
    west, east = f"bedrock/us-gov-west-1/{CLAUDE}", f"bedrock/us-gov-east-1/{CLAUDE}"
    entries = {CLAUDE: CHEAP, east: DEAR}
    assert look_up(entries, f"{route}us-gov.{CLAUDE}") == (east, "regional_row", "")
    entries |= {west: DEAR}
    assert look_up(entries, f"{route}us-gov.{CLAUDE}") == (west, "regional_row", "")
    if route:
        assert look_up(entries, f"{route}us-gov.{CLAUDE}", region="us-gov-east-1")[0] == east
    assert look_up({**entries, f"us-gov.{CLAUDE}": DEAR}, f"{route}us-gov.{CLAUDE}")[0] == f"us-gov.{CLAUDE}"
    assert look_up(entries, f"{route}us.{CLAUDE}") == (CLAUDE, "base_of_region", BASE_NOTE)


@pytest.mark.parametrize("name", [f"mars.{CLAUDE}", "us.claude"])
def test_other_prefixes_are_part_of_the_name(name):
    """An undeclared prefix, or one that no vendor follows, is not taken off."""
    assert look_up({CLAUDE: CHEAP, "claude": CHEAP}, f"bedrock/{name}") is None


@pytest.mark.parametrize("route", ["converse/", "invoke/", "converse_like/", "responses/", "mantle/"])
def test_the_route_of_a_bedrock_name_is_no_part_of_the_model(route):
    """LiteLLM writes the API between provider and model."""
    assert look_up({CLAUDE: CHEAP}, f"bedrock/{route}{CLAUDE}") == (CLAUDE, "exact", "")
    assert look_up({CLAUDE: CHEAP}, f"bedrock/{route}us.{CLAUDE}") == (CLAUDE, "base_of_region", BASE_NOTE)


@pytest.mark.parametrize("name", ["openai/responses/m", "azure/responses/m", "azure/o_series/m", "azure/gpt5_series/m"])
def test_the_route_of_other_names_is_no_part_of_the_model(name):
    """The same of OpenAI and Azure; elsewhere such a word is the beginning of the name."""
    provider = name.partition("/")[0]
    assert look_up({f"{provider}/m": CHEAP}, name)[0] == f"{provider}/m"
    assert look_up({"groq/m": CHEAP}, f"groq/{name.partition('/')[2]}") is None


def test_the_region_of_the_call_selects_a_regional_row():
    """region= is tried in front of the name."""
    entries = {"azure/eu/gpt-4o": DEAR, "azure/gpt-4o": CHEAP}
    assert look_up(entries, "azure/gpt-4o", region="eu") == ("azure/eu/gpt-4o", "regional_row", "")
    assert look_up(entries, "gpt-4o", "azure", region="eu") == ("azure/eu/gpt-4o", "regional_row", "")
    assert look_up(entries, "azure/gpt-4o", region="us") == ("azure/gpt-4o", "exact", "")


def test_the_region_selects_among_the_rows_of_the_owner():
    """The provider that the bare row states sells it by region; another provider's regional row is not meant."""
    bare = {**CHEAP, "litellm_provider": "bedrock_converse"}
    entries = {"a.m": bare, "bedrock/us-east-1/a.m": DEAR, "m": CHEAP, "azure/us-east-1/m": DEAR}
    assert look_up(entries, "a.m", region="us-east-1") == ("bedrock/us-east-1/a.m", "regional_row", "")
    assert look_up(entries, "a.m", region="us-west-2") == ("a.m", "exact", "")
    assert look_up(entries, "m", region="us-east-1") == ("m", "exact", "")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bedrock/us-east-1/nova", ("bedrock/nova", "base_of_region", BASE_NOTE)),
        ("vertex_ai/europe-west4/nova", ("nova", "base_of_region", BASE_NOTE)),
        ("azure/eu/nova", ("nova", "base_of_region", BASE_NOTE)),
        ("bedrock/us-gov-west-1/nova", None),
        ("bedrock/custom/nova", None),
        ("groq/us-east-1/nova", None),
    ],
)
def test_a_region_in_front_of_the_model(name, found):
    """It is taken off where the provider sells by region and the word is a region."""
    entries = {"bedrock/nova": CHEAP} if name.startswith("bedrock") else {"nova": CHEAP}
    assert look_up(entries, name) == found


@pytest.mark.parametrize(("model", "region"), [("bedrock/us-east-1/nova", "us-east-1"), ("bedrock/nova", "us-east-1")])
def test_a_region_without_a_price_is_noted_once(model, region):
    """Whether the name states it, the caller, or both."""
    prices = CostMap({"bedrock/nova": CHEAP})
    cost = prices.calculate(usage={"input": 1}, model=model, region=region)
    assert [note.code for note in cost.notes] == ["base_of_region"]


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE}",
        f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{CLAUDE}",
    ],
)
def test_an_arn_that_contains_the_model(arn):
    """Models and system profiles are named in their ARN."""
    assert look_up({CLAUDE: CHEAP}, arn) == (CLAUDE, "arn", "")
    assert look_up({CLAUDE: CHEAP}, f"bedrock/{arn}") == (CLAUDE, "arn", "")


def test_the_profile_of_a_geography_in_an_arn():
    """Its geography is looked for first, and taken off with a note."""
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{CLAUDE}"
    assert look_up({CLAUDE: CHEAP, f"us.{CLAUDE}": DEAR}, arn) == (f"us.{CLAUDE}", "arn", "")
    assert look_up({CLAUDE: CHEAP}, arn) == (CLAUDE, "base_of_region", BASE_NOTE)


@pytest.mark.parametrize("route", ["", "bedrock/", "bedrock/converse/"])
def test_an_arn_says_where_the_call_runs(route):
    """The row of its region is more specific than the one without, also where region= says another one."""
    name = "anthropic.claude-3-haiku-20240307-v1:0"
    prices = CostMap(
        {
            name: {"litellm_provider": "bedrock", "input_cost_per_token": 1e-06},
            f"bedrock/us-gov-west-1/{name}": {"litellm_provider": "bedrock", "input_cost_per_token": 2e-06},
        }
    )
    arn = f"{route}arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{name}"
    for region in (None, "us-east-1"):
        card = prices.rate_card(arn, region=region)
        assert (card.name, card.match_rule) == (f"bedrock/us-gov-west-1/{name}", "regional_row")
    elsewhere = prices.rate_card(arn.replace("us-gov-west-1", "us-east-1"))
    assert (elsewhere.name, elsewhere.match_rule) == (name, "arn")


def test_what_only_begins_like_an_arn():
    """Too few parts: it names nothing."""
    with pytest.raises(UnknownModelError):
        CostMap({"x": {"input_cost_per_token": 1e-06}}).rate_card("arn:foundation-model/x")


@pytest.mark.parametrize("kind", ["application-inference-profile", "provisioned-model", "imported-model"])
def test_an_arn_that_does_not_contain_the_model_asks_for_the_base_model(kind):
    """Nobody can tell the model from it, so the message names the keyword."""
    arn = f"bedrock/arn:aws:bedrock:eu-west-1:123456789012:{kind}/abc123"
    prices = CostMap({CLAUDE: CHEAP})
    with pytest.raises(UnknownModelError, match="pass base_model="):
        prices.rate_card(arn)
    assert prices.rate_card(arn, base_model=CLAUDE).name == CLAUDE


def test_a_fine_tuned_name_finds_ft_rows_only():
    """Fine-tuned models cost more than their base, so the base row is no answer."""
    entries = {"ft:gpt-4o-mini-2024-07-18": DEAR, "gpt-4o-mini-2024-07-18": CHEAP, "gpt-4.1": CHEAP}
    tuned = "ft:gpt-4o-mini-2024-07-18:my-org::abc"
    assert look_up(entries, tuned) == ("ft:gpt-4o-mini-2024-07-18", "fine_tuned", "")
    assert look_up(entries, f"openai/{tuned}") == ("ft:gpt-4o-mini-2024-07-18", "fine_tuned", "")
    assert look_up(entries, "ft:gpt-4.1:my-org::abc") is None


def test_a_fine_tuned_snapshot_finds_the_undated_ft_row():
    """The base of a fine-tuned name may be dated too."""
    assert look_up({"ft:gpt-4o": DEAR}, "ft:gpt-4o-2024-08-06:org::id") == ("ft:gpt-4o", "fine_tuned", "")
    assert look_up({"ft:gpt-4o": DEAR}, "ft:gpt-4o-2024-08-06") == ("ft:gpt-4o", "fine_tuned", "")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("m-2024-07-18", "dated_snapshot"),
        ("m-20240718", "dated_snapshot"),
        ("m@20240718", "version"),
        ("m@default", "version"),
        ("m-latest", "latest"),
    ],
)
def test_what_may_stand_behind_a_name(name, rule):
    """A date, a version and -latest are taken off, each by its own rule; a row of the full name is stronger."""
    assert look_up({"m": CHEAP}, name) == ("m", rule, "")
    assert look_up({"m": CHEAP, name: DEAR}, name) == (name, "exact", "")
    assert look_up({"p/m": CHEAP}, f"p/{name}", "p") == ("p/m", rule, "")


@pytest.mark.parametrize("name", ["m-2024-13-01", "m-20241301", "m-20180101", "m-0613", "m-2024-7-18", "m-1.5", "mm"])
def test_what_is_no_date(name):
    """Thirteenth months, years before the models and bare numbers belong to the name."""
    assert look_up({"m": CHEAP}, name) is None


def test_a_snapshot_of_a_regional_name():
    """Region and date are taken off together, with the note."""
    assert look_up({"a.m": CHEAP}, "us.a.m-20240718") == ("a.m", "dated_snapshot", BASE_NOTE)


@pytest.mark.parametrize(
    ("name", "of", "expected"),
    [
        ("gpt-4o-2024-05-13", "gpt-4o", True),
        ("gpt-4o-2024-05-13", "openai/gpt-4o", True),
        ("claude-sonnet-4-20250514", "claude-sonnet-4", True),
        ("mistral-large-2407", "mistral-large", True),
        ("claude-3@20240229", "claude-3", True),
        ("gpt-4o-mini-2024-07-18", "gpt-4o", False),
        ("gpt-4o-mini-2024-07-18", "openai/gpt-4o", False),
        ("gpt-4o", "gpt-4o", False),
        ("gpt-4o", "gpt-4", False),
        ("gpt-4.1", "gpt-4o", False),
        ("gpt-4-12345", "gpt-4", False),
    ],
)
def test_a_snapshot_adds_a_date_and_nothing_else(name, of, expected):
    """gpt-4o-mini-2024-07-18 is a snapshot of gpt-4o-mini and not of gpt-4o."""
    assert is_snapshot(name, of) is expected


# What is never done.

FAMILIES = {
    "gpt-5": CHEAP,
    "gpt-5.4": DEAR,
    "claude-opus-4": DEAR,
    "gpt-4o": DEAR,
    "gpt-4o-mini": CHEAP,
}


@pytest.mark.parametrize(
    "name",
    ["gpt-5.4-mini", "claude-opus-4.7", "claude-opus-99", "gpt-9", "huggingface/foo", "fireworks_ai/x", "gpt", "4o"],
)
def test_a_name_is_never_guessed(name):
    """No version is another version, no part of a name is the name, and no family has a default price."""
    for order in itertools.islice(itertools.permutations(FAMILIES), 0, 120, 17):
        with pytest.raises(UnknownModelError):
            CostMap({key: FAMILIES[key] for key in order}).rate_card(name)


def test_the_order_of_the_map_does_not_matter():
    """A dated snapshot of gpt-4o-mini is never gpt-4o, in whatever order the rows stand."""
    for order in itertools.permutations(FAMILIES):
        card = CostMap({key: FAMILIES[key] for key in order}).rate_card("gpt-4o-mini-2024-07-18")
        assert (card.name, card.match_rule) == ("gpt-4o-mini", "dated_snapshot")


def test_the_error_says_what_was_tried_and_hints():
    """The nearest names are a hint for a person, found when they are read."""
    prices = CostMap({"gpt-4o": CHEAP, "azure/gpt-4o": CHEAP, "claude-3": CHEAP})
    with pytest.raises(UnknownModelError) as error:
        prices.rate_card("gpt-4oo", provider="acme")
    assert error.value.model == "gpt-4oo"
    assert error.value.provider == "acme"
    assert error.value.tried == ("acme/gpt-4oo", "gpt-4oo")
    assert error.value.nearest == ("gpt-4o",)


def test_nearest_gives_the_shortest_of_equal_names():
    """A hint is short, and there are at most five."""
    names = ["openrouter/openai/gpt-4o", "gpt-4o", *(f"p/gpt-4o{letter}" for letter in "abcdef")]
    found = KnownNames(names).nearest("x/GPT-4o")
    assert found[0] == "gpt-4o"
    assert len(found) == 5


def test_the_index_knows_every_provider():
    """A prefix is a provider if a row states it, by its own name or its family's."""
    index = Index(["a/b/c", "x"], ["vertex_ai-language-models", "acme"])
    assert index.rest == {"b/c": ("a/b/c",)}
    assert {"vertex_ai", "acme"} <= index.providers
    entries = {"m": {**CHEAP, "litellm_provider": "acme"}}
    assert look_up(entries, "acme/m") == ("m", "exact", "")
    assert look_up(entries, "other/m") is None


# Which of several names is priced (caller, response, router).


def chat(model, **more):
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    return {"object": "chat.completion", "model": model, "usage": usage, **more}


def test_the_snapshot_that_the_response_names_is_priced():
    """gpt-4o was asked for, gpt-4o-2024-05-13 served: the snapshot's price is the bill's."""
    prices = CostMap({"gpt-4o": CHEAP, "gpt-4o-2024-05-13": DEAR})
    cost = prices.calculate(chat("gpt-4o-2024-05-13"), model="gpt-4o")
    # 1,000,000 x 0.000002
    assert (cost.matched_as, str(cost.total)) == ("gpt-4o-2024-05-13", "2")
    assert cost.model == "gpt-4o"


def test_another_known_model_in_the_response_is_noted():
    """The caller's name is priced, and a note tells of the other; mini is not a snapshot of its big sister."""
    prices = CostMap({"gpt-4o": DEAR, "gpt-4o-mini": CHEAP})
    cost = prices.calculate(chat("gpt-4o-mini-2024-07-18"), model="gpt-4o")
    assert (cost.matched_as, str(cost.total)) == ("gpt-4o", "2")
    assert cost.notes == ("the response says 'gpt-4o-mini-2024-07-18'; 'gpt-4o' is priced, as the caller named it",)


@pytest.mark.parametrize("other", ["unheard-of", "GPT-4o", "openai/gpt-4o", "gpt-4o-2024-08-06", "twice"])
def test_no_note_where_there_is_nothing_to_tell(other):
    """An unknown, ambiguous or equal name in the response changes nothing."""
    prices = CostMap({"gpt-4o": DEAR, "a/twice": CHEAP, "b/twice": DEAR})
    cost = prices.calculate(chat(other), model="gpt-4o")
    assert (cost.matched_as, cost.notes) == ("gpt-4o", ())


@pytest.mark.parametrize(
    ("model", "sellers"),
    [
        ("hy4-preview", ("aihubmix", "kyma", "tencent")),
        ("longcat-2.0", ("aihubmix", "opencode_go")),
    ],
)
def test_a_response_that_does_not_prove_its_seller_asks_for_it(model, sellers):
    """Several sell the bundled name at different prices: all are listed, and the named one's price is used."""
    prices = CostMap()
    with pytest.raises(UnknownModelError, match=r"name one of them, or pass provider=") as error:
        prices.calculate(chat(model))
    assert all(f" {seller}/{model}" in error.value.why for seller in sellers)
    for seller in sellers:
        assert prices.calculate(chat(model), provider=seller).matched_as == f"{seller}/{model}"


@pytest.mark.parametrize("router", ["openrouter/auto", "auto", "azure/model-router"])
def test_a_router_falls_back_to_the_model_of_the_response(router):
    """A router's name stands for whatever model it picked."""
    prices = CostMap({"gpt-4o": DEAR})
    cost = prices.calculate(chat("gpt-4o"), model=router)
    assert (cost.matched_as, str(cost.total), cost.model) == ("gpt-4o", "2", router)
    # A name that is no router's and has no row is one of the caller's own, which the bill says.
    other = prices.calculate(chat("gpt-4o"), model="acme/picker")
    assert (other.matched_as, other.match_rule) == ("gpt-4o", "response_model")
    assert [note.code for note in other.notes] == ["response_model_priced"]


def test_a_router_with_a_row_has_its_own_price():
    """Where the map prices the router itself, that is its price."""
    prices = CostMap({"gpt-4o": DEAR, "openrouter/auto": CHEAP})
    assert prices.calculate(chat("gpt-4o"), model="openrouter/auto").matched_as == "openrouter/auto"


def test_a_name_is_needed():
    """Neither the call nor the response names a model: the message asks for it."""
    with pytest.raises(UnknownModelError, match="pass model="):
        CostMap({"m": CHEAP}).calculate(usage=Usage(input=1))


def test_images_are_listed_by_size_and_quality():
    """Maps list generated images as quality/size/name; the plain name comes last."""
    entries = {
        "hd/1024-x-1024/dall-e": {"output_cost_per_image": 0.08},
        "standard/1024-x-1024/dall-e": {"output_cost_per_image": 0.04},
        "azure/512-x-512/dall-e": {"output_cost_per_image": 0.02},
        "dall-e": {"output_cost_per_image": 0.01},
    }
    prices = CostMap(entries)

    def name(model, **facts):
        return prices.calculate(usage=Usage(output_images=1), model=model, **facts).matched_as

    assert name("dall-e", size="1024x1024", quality="hd") == "hd/1024-x-1024/dall-e"
    assert name("dall-e", size="1024x1024") == "standard/1024-x-1024/dall-e"
    assert name("azure/dall-e", size="512x512") == "azure/512-x-512/dall-e"
    assert name("dall-e", size="256x256") == "dall-e"
    assert name("dall-e") == "dall-e"
    with pytest.raises(ArgumentError, match="size=512: it has to be text"):
        name("dall-e", size=512)


def test_a_rewritten_name_that_several_sell_is_not_found():
    """What is left of the name has two prices, and nothing says whose is meant."""
    entries = {"a/m": CHEAP, "b/m": DEAR}
    tried = []
    assert find(DictSource(entries), Query("m[1m]"), tried) is None
    assert tried[-1] == "*/m"
    assert look_up({"a/m": CHEAP}, "m[1m]") == ("a/m", "context_suffix", only("m", "a/m")[2])


@pytest.mark.parametrize("owner", ["bedrock", "vertex_ai"])
def test_a_bare_row_of_a_reseller_is_not_the_makers(owner):
    """A row under the maker's id is passed over where it states another seller, and the maker's own is next."""
    resellers = {"claude-opus-5-5": {**DEAR, "litellm_provider": owner}}
    assert look_up(resellers, "claude-opus-5.5") == ("claude-opus-5-5", "dotted_version", "")
    both = {**resellers, "Claude-Opus-5-5": {**CHEAP, "litellm_provider": "anthropic"}}
    said = "'claude-opus-5.5' is an id of anthropic. Its row Claude-Opus-5-5 is priced; provider= names another seller"
    assert look_up(both, "claude-opus-5.5") == ("Claude-Opus-5-5", "dotted_version", said)


def test_once_all_names_are_known_an_unknown_one_is_looked_up_nowhere(monkeypatch):
    """Neither among the lines nor among the aliases; a name that is known is found as before."""
    source = MapSource(b'{\n"a": {"input_cost_per_token": 1e-06, "aliases": ["b"]},\n"c": {"alias_of": "a"}\n}')
    known = ("a", "b", "c")
    before = [(source.get(name), source.alias_of(name)) for name in (*known, "d")]
    source.index()
    assert [(source.get(name), source.alias_of(name)) for name in (*known, "d")] == before
    monkeypatch.setattr(source, "_row", None)
    assert (source.get("d"), source.alias_of("d")) == (None, None)
