"""What vendors do that is data: thresholds, cache writes, batches, and names of providers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, Usage
from llmcost.core.exact import plain
from llmcost.prices.vendors import FIRST_PARTY, GEOGRAPHIES, ROUTER_FEES, RULES, SEARCHERS, family, rules_for

INPUT = {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}
CLAUDE = {**INPUT, "litellm_provider": "anthropic"}


def cells(raw, **own):
    """Return ``(meter, *conditions) -> (USD, how it was derived)``."""
    return {
        (meter, *(value for _, value in conditions)): (plain(rate.usd, 0), "; ".join(rate.derived))
        for (meter, conditions), rate in CostMap({"m": raw}).rate_card("m", prices=own or None).cells.items()
    }


PAGE = "https://platform.claude.com/docs/en/about-claude/pricing"


def test_anthropic_fills_cache_writes_and_batches():
    """A 5-minute write is 1.25 x input, a 1-hour one 2 x, and a batch half of everything."""
    assert cells(CLAUDE) == {
        ("input",): ("0.000002", ""),
        ("output",): ("0.00001", ""),
        ("input", "batches"): ("0.000001", f"batch = 0.5 x standard, {PAGE}"),
        ("output", "batches"): ("0.000005", f"batch = 0.5 x standard, {PAGE}"),
        ("cache_write",): ("0.0000025", f"1.25 x input, {PAGE}"),
        ("cache_write", "batches"): ("0.00000125", f"1.25 x input, {PAGE}"),
        ("cache_write_1h",): ("0.000004", f"2 x input, {PAGE}"),
        ("cache_write_1h", "batches"): ("0.000002", f"2 x input, {PAGE}"),
    }


def test_a_line_says_how_its_rate_was_derived():
    """1,000 written tokens at 1.25 x 2 USD per million."""
    cost = CostMap({"m": CLAUDE}).calculate(usage=Usage(cache_write=1000), model="m")
    (line,) = cost.line_items
    assert (plain(line.amount, 0), line.note, line.price_key) == (
        "0.0025",
        f"1.25 x input, {PAGE}",
        "input_cost_per_token",
    )
    assert cost.notes == (line.note,)


def test_a_given_rate_is_never_filled_over():
    """Not the base rate, not the batch rate."""
    given = cells(
        {
            **CLAUDE,
            "cache_creation_input_token_cost": 3e-06,
            "input_cost_per_token_batches": 1.5e-06,
            "cache_creation_input_token_cost_above_1hr_batches": 9e-06,
        }
    )
    assert given["cache_write",] == ("0.000003", "")
    assert given["cache_write", "batches"][0] == "0.0000015"  # half of the given write
    assert given["input", "batches"] == ("0.0000015", "")
    assert given["cache_write_1h", "batches"] == ("0.000009", "")


def test_a_given_write_is_filled_under_conditions():
    """The write of long prompts is 1.25 x their input."""
    found = cells({**CLAUDE, "cache_creation_input_token_cost": 3e-06, "input_cost_per_token_above_200k_tokens": 4e-06})
    assert found["cache_write", 200_000][0] == "0.000005"
    assert found["cache_write_1h", 200_000][0] == "0.000008"
    assert found["input", 200_000, "batches"][0] == "0.000002"


def test_a_write_that_repeats_the_input_follows_it():
    """Who says that writing costs what input costs is not overruled for long prompts."""
    found = cells({**CLAUDE, "cache_creation_input_token_cost": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06})
    assert not any(place[0] == "cache_write" for place in found)
    assert found["cache_write_1h", 200_000][0] == "0.000008"


def test_a_write_that_is_un_set_stays_so():
    """Null is the caller's word."""
    found = cells({**CLAUDE, "cache_creation_input_token_cost": 3e-06}, cache_creation_input_token_cost=None)
    assert ("cache_write",) not in found


def test_the_rules_follow_own_prices():
    """They are applied to the stacked rates: input at 4, so that a write is 5 and a batch 2."""
    found = cells(CLAUDE, input_cost_per_token=4e-06)
    assert (found["cache_write",][0], found["input", "batches"][0]) == ("0.000005", "0.000002")


def test_tools_are_not_halved_in_a_batch():
    """Tool fees are no tokens of the model."""
    found = cells({**CLAUDE, "web_search_cost_per_query": 0.01, "computer_use_input_cost_per_1k_tokens": 0.003})
    assert ("web_searches", "batches") not in found
    assert ("computer_input", "batches") not in found


def test_vertex_sells_writes_and_batches_as_anthropic_does():
    """Claude on Vertex: a write is 1.25 x the input, and a batch half of everything."""
    found = cells({**INPUT, "litellm_provider": "vertex_ai-anthropic_models"})
    assert found["cache_write",][0] == "0.0000025"
    assert (found["input", "batches"][0], found["cache_write", "batches"][0]) == ("0.000001", "0.00000125")


FIREWORKS = {**INPUT, "litellm_provider": "fireworks_ai"}


def test_fireworks_bills_cached_tokens_at_half_by_default():
    """4,000 of 5,000 tokens read: 1,000 x 0.56 + 4,000 x 0.28 + 100 x 1.68 USD per million, and a batch half of it."""
    listed = {"input_cost_per_token": 5.6e-07, "output_cost_per_token": 1.68e-06, "litellm_provider": "fireworks_ai"}
    prices = CostMap({"m": listed})
    usage = Usage(input=1000, cache_read=4000, output=100)
    cost = prices.calculate(usage=usage, model="m")
    assert {line.meter: plain(line.amount, 0) for line in cost.line_items} == {
        "input": "0.00056",
        "cache_read": "0.00112",
        "output": "0.000168",
    }
    assert "0.5 x input, https://docs.fireworks.ai/serverless/overview" in cost.notes
    assert str(prices.calculate(usage=usage, model="m", batch=True)) == "0.000924"


def test_a_cached_rate_that_fireworks_lists_is_no_default():
    """Half of input is for models that list none: a listed one follows the input into a tier."""
    found = cells({**FIREWORKS, "cache_read_input_token_cost": 4e-07, "input_cost_per_token_priority": 3e-06})
    assert found["cache_read",] == ("0.0000004", "")
    assert found["cache_read", "batches"][0] == "0.0000002"
    # 0.4 x 3 / 2: what the tier does to the input.
    assert found["cache_read", "priority"][0] == "0.0000006"


def test_dashscope_bills_its_two_caches_by_their_factors():
    """An implicit hit costs a fifth of input, an explicit one a tenth, a write a quarter more; a listed rate wins."""
    row = {"input_cost_per_token": 4e-07, "output_cost_per_token": 1.2e-06, "litellm_provider": "dashscope"}
    chat = {"object": "chat.completion", "model": "m", "choices": []}
    counters = {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}
    implicit = {**chat, "usage": {**counters, "prompt_tokens_details": {"cached_tokens": 500}}}
    details = {"cached_tokens": 500, "cache_creation_input_tokens": 300, "cache_type": "ephemeral"}
    explicit = {**chat, "usage": {**counters, "prompt_tokens_details": details}}
    prices = CostMap({"m": row})
    # 500 x 4e-07 + 500 x 8e-08; 200 x 4e-07 + 500 x 4e-08 + 300 x 5e-07
    assert [prices.calculate(body).total for body in (implicit, explicit)] == [Decimal("0.00024"), Decimal("0.00025")]
    listed = CostMap({"m": {**row, "cache_read_input_token_cost": 1.6e-07}})
    assert listed.calculate(implicit).total == Decimal("0.00028")


def test_mistral_bills_cached_tokens_at_a_tenth():
    """Mistral's own example: 1,008 of 1,013 tokens read, 30 written, of a row without a price of cached input."""
    row = {"input_cost_per_token": 4e-07, "output_cost_per_token": 2e-06, "litellm_provider": "mistral"}
    cost = CostMap({"m": row}).calculate(usage=Usage(input=5, cache_read=1008, output=30), model="m")
    assert {line.meter: plain(line.amount, 0) for line in cost.line_items} == {
        "input": "0.000002",
        "cache_read": "0.00004032",
        "output": "0.00006",
    }
    assert "0.1 x input, https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching" in cost.notes


def test_the_default_follows_tiers_and_own_prices():
    """Half of what input costs in that tier; and a price of one's own is the input that it is half of."""
    found = cells({**FIREWORKS, "input_cost_per_token_priority": 3e-06}, input_cost_per_token=4e-06)
    assert (found["cache_read",][0], found["cache_read", "priority"][0]) == ("0.000002", "0.0000015")


def test_a_cached_rate_that_somebody_states_is_no_default():
    """Null is the caller's word, and a read at the price of input is its repetition: both cost what input costs."""
    unset = cells(FIREWORKS, cache_read_input_token_cost=None)
    repeated = cells({**FIREWORKS, "cache_read_input_token_cost": 2e-06})
    assert {place[0] for place in unset} == {place[0] for place in repeated} == {"input", "output"}


@pytest.mark.parametrize("provider", ["openai", "groq", None])
def test_other_vendors_have_no_rules(provider):
    """A write without a rate costs what input costs, with a note."""
    assert set(cells({**INPUT, **({"litellm_provider": provider} if provider else {})})) == {("input",), ("output",)}
    assert rules_for(provider).source == ""


@pytest.mark.parametrize(
    ("provider", "tokens", "total"),
    [
        # 200,000 x 0.000001 or x 0.000002
        ("xai", 199_999, "0.199999"),
        ("xai", 200_000, "0.40"),
        ("xai", 200_001, "0.400002"),
        ("openai", 200_000, "0.20"),
        ("openai", 200_001, "0.400002"),
    ],
)
def test_a_threshold_is_reached_by_more_than_it(provider, tokens, total):
    """Strictly more, but at xAI by exactly as many."""
    raw = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "litellm_provider": provider,
    }
    assert str(CostMap({"m": raw}).calculate(usage=Usage(input=tokens), model="m")) == total


def test_every_rule_has_the_page_that_proves_it():
    """A billing rule without a source is a rumour."""
    assert all(rules.source.startswith("https://") for rules in RULES.values())


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("openai", "openai"),
        ("OpenAI", "openai"),
        ("azure_text", "azure"),
        ("cohere_chat", "cohere"),
        ("google", "gemini"),
        ("vertex_ai-llama_models", "vertex_ai"),
        ("vertex_ai_beta", "vertex_ai"),
        ("gcp.vertex_ai", "vertex_ai"),
        ("x-ai", "xai"),
        ("zhipuai", "zai"),
        ("qwen", "dashscope"),
        ("Amazon-Bedrock", "bedrock"),
        ("az.ai.inference", "azure_ai"),
        ("github-copilot", "github_copilot"),
        ("somebody_new", "somebody_new"),
    ],
)
def test_providers_of_one_vendor(provider, expected):
    """What maps and callers write for it."""
    assert family(provider) == expected


# Our word, and how callers, spans, frameworks and other lists of prices write it.
WORDS = {
    "dashscope": "alibaba alibaba_cloud alibaba-cloud qwen dashscope",
    "vercel_ai_gateway": "ai-gateway vercel vercel_ai_gateway",
    "bedrock": "anthropic-bedrock amazon_bedrock amazon-bedrock aws aws.bedrock bedrock_converse bedrock",
    "sagemaker": "amazon_sagemaker aws_sagemaker sagemaker",
    "azure_ai": "az.ai.inference azure_ai azure-ai-foundry azure.ai.inference",
    "azure": "az.ai.openai azure.ai.openai azure_openai azure-text azure",
    "cohere": "cohere_chat cohere",
    "github_copilot": "copilot github-copilot",
    "deepseek": "deepseek_ai deepseek-ai deepseek",
    "deepinfra": "deep_infra deepinfra",
    "fireworks_ai": "fireworks fireworks_ai fireworks_ai-embedding-models",
    "gemini": "gcp.gemini gcp.gen_ai google google_ai_studio google-genai google-gla gemini",
    "vertex_ai": "anthropic-vertex gcp.vertex_ai google-anthropic-vertex google-vertex google_vertex_ai "
    "google_vertexai vertex vertex_ai vertex_ai_beta vertex-anthropic vertexai vertex_ai-language-models",
    "huggingface": "hugging_face huggingface",
    "watsonx": "ibm.watsonx ibm.watsonx.ai watsonx",
    "moonshot": "kimi moonshot_ai moonshotai moonshot",
    "mistral": "mistral_ai mistralai mistral",
    "openrouter": "open_router openrouter",
    "perplexity": "perplexity-ai perplexity",
    "codestral": "text-completion-codestral codestral",
    "inception": "text-completion-inception inception",
    "openai": "text-completion-openai openai",
    "together_ai": "together together_ai togetherai",
    "voyage": "voyageai voyage-ai voyage",
    "xai": "x_ai x-ai xai",
    "xiaomi_mimo": "xiaomi xiaomi_mimo",
    "zai": "z_ai zhipuai zai",
}


@pytest.mark.parametrize(("found", "words"), WORDS.items())
def test_every_word_for_a_seller(found, words):
    """In any case, with a dash or a dot for the underscore."""
    for word in words.split():
        assert family(word) == family(word.upper()) == found
        assert family(f"{word}x") != found or word == "vertex_ai-language-models"


def test_every_named_seller_and_row_is_one_of_the_map():
    """A word that no row has would hold for nobody."""
    rows = dict(CostMap().items())
    sellers = {family(str(row.get("litellm_provider"))) for row in rows.values()}
    assert sellers >= FIRST_PARTY
    assert rows.keys() >= ROUTER_FEES


def test_geographies_are_tried_longest_first():
    """us-gov. before us., so that no prefix hides a longer one."""
    assert all(
        not later.startswith(earlier) for place, earlier in enumerate(GEOGRAPHIES) for later in GEOGRAPHIES[place + 1 :]
    )


SEARCHER = {**INPUT, "search_context_cost_per_query": {"search_context_size_medium": 0.03}}
SEARCHING = {
    "object": "chat.completion",
    "choices": [{"message": {"annotations": [{"type": "url_citation"}]}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-search-preview",
        "gpt-4o-mini-search-preview-2025-03-11",
        "gpt-5-search-api",
        "openrouter/openai/gpt-5-search-api",
    ],
)
def test_a_model_that_always_searches_says_that_its_searches_are_not_counted(model):
    """The response counts no search, and there was one at least: a lower bound, and a note asks for more."""
    prices = CostMap({model: SEARCHER})
    cost = prices.calculate({**SEARCHING, "model": model})
    # 1000 x 0.000002, 100 x 0.00001, 1 x 0.03
    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [
        ("input", "0.002"),
        ("output", "0.001"),
        ("web_searches", "0.03"),
    ]
    assert (cost.unpriced, cost.lower_bound) == (("web_searches",), True)
    assert [note for note in cost.notes if "web_searches=" in note] == [
        f"every call of {model} searches the web for a fee, and the response does not count the searches: "
        "one is in this cost, or those of web_searches="
    ]
    # and 2 x 0.03
    cost = prices.calculate({**SEARCHING, "model": model}, web_searches=2, search_context_size="medium")
    assert [(line.meter, str(line.amount)) for line in cost.line_items][2:] == [("web_searches", "0.06")]
    assert cost.complete
    # An answer from the application's own cache searched nothing.
    cost = prices.calculate({**SEARCHING, "model": model}, cache_hit=True)
    assert (cost.total, cost.complete, cost.lower_bound) == (0, True, False)
    # A caller who knows better says so.
    assert prices.calculate({**SEARCHING, "model": model}, web_searches=0).total == Decimal("0.003")


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-search-preview-mini", "my-gpt-5-search-api", "gpt-4o-search"])
def test_other_models_search_only_when_they_say_so(model):
    """A model that is not known to search on every call has no such note, whatever it is called."""
    cost = CostMap({model: SEARCHER}).calculate({**SEARCHING, "model": model})
    assert (str(cost.total), cost.notes) == ("0.003", ())


def test_the_map_prices_the_searches_of_models_that_always_search():
    """Each of these names has a row of its own with a price per search, so that web_searches= is billed."""
    for model in SEARCHERS:
        card = CostMap().rate_card(model)
        assert card.name == model
        assert card.by_meter["web_searches"]


@pytest.mark.parametrize(("queries", "asked"), [(1, "a"), (2, ["a", "b"])])
def test_a_request_of_parallel_is_billed_once(queries, asked):
    """0.005 for a request, however many queries it holds; Exa bills each of them."""
    search = {"input_cost_per_query": 0.005, "litellm_provider": "parallel_ai", "mode": "search"}
    prices = CostMap({"parallel_ai/search": search, "exa_ai/search": {**search, "litellm_provider": "exa_ai"}})
    arguments = {"call_type": "search", "optional_params": {"query": asked}}
    assert prices.completion_cost(model="parallel_ai/search", **arguments) == 0.005
    assert prices.completion_cost(model="exa_ai/search", **arguments) == 0.005 * queries


@pytest.mark.parametrize(("results", "complete"), [(1, True), (10, True), (11, False)])
def test_further_results_of_parallel_are_billed_apart(results, complete):
    """The price of a request holds 10 results, and no row has the price of more: 0.005 is a lower bound then."""
    search = {"input_cost_per_query": 0.005, "litellm_provider": "parallel_ai", "mode": "search"}
    prices = CostMap({"parallel_ai/search": search, "exa_ai/search": {**search, "litellm_provider": "exa_ai"}})
    cost = prices.calculate({"object": "search", "results": []}, model="parallel_ai/search", n=results)
    assert (cost.total, cost.complete) == (Decimal("0.005"), complete)
    assert ("results_above" in [note.code for note in cost.notes]) is not complete
    assert prices.calculate({"object": "search", "results": []}, model="exa_ai/search", n=results).complete


@pytest.mark.parametrize(
    ("word", "provider"),
    [("openai.responses", "openai"), ("google.vertex.chat", "vertex_ai"), ("acme.responses", "acme")],
)
def test_a_seller_named_with_its_api(word, provider):
    """The AI SDK names the API behind the seller; of what nobody knows, the seller's own word is left."""
    assert family(word) == provider
