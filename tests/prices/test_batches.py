"""What a batch costs: by the map's own price, by the seller's page, or by the row that the seller has for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, Usage
from llmcost.prices.batches import BATCHES, batch_id, documented
from llmcost.prices.entries import compile_entry
from llmcost.prices.spellings import split_date, without_geography

PRICES = CostMap()
USAGE = Usage(input=1_000_000, output=100_000)


def costs(model, usage=USAGE, prices=PRICES, **facts):
    return [str(prices.calculate(model=model, usage=usage, batch=batch, **facts).total) for batch in (False, True)]


@pytest.mark.parametrize(
    ("model", "standard", "batch"),
    [
        # Listed in no key of the map; half by the seller's page. gpt-4: 30 + 0.1 x 60.
        ("gpt-4", "36", "18"),
        ("gpt-4-turbo", "13", "6.5"),
        ("gpt-3.5-turbo", "0.65", "0.325"),
        ("ft:gpt-3.5-turbo-0125", "3.6", "1.8"),
        ("o1-mini", "1.54", "0.77"),
        ("o3-deep-research", "14", "7"),
        ("o4-mini-deep-research", "2.8", "1.4"),
        ("computer-use-preview", "4.2", "2.1"),
        ("text-embedding-ada-002", "0.1", "0.05"),
        ("vertex_ai/claude-3-5-haiku", "1.2", "0.6"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "0.375", "0.1875"),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", "1.65", "0.825"),
        ("us.meta.llama3-3-70b-instruct-v1:0", "0.792", "0.396"),
        ("us.anthropic.claude-opus-5", "8.25", "4.125"),
        ("anthropic.claude-sonnet-4-6", "4.95", "2.475"),
        ("minimax.minimax-m2.1", "0.42", "0.21"),
        # 0.50 + 0.1 x 1.50: Azure had a batch deployment of it in 2024.
        ("azure/gpt-35-turbo", "0.65", "0.325"),
        ("azure/global-standard/gpt-4o-mini", "0.21", "0.105"),
        # 0.50 + 0.1 x 1.50, and an embedding at 0.10: Mistral sells all of its models as a batch.
        ("mistral/mistral-large-latest", "0.65", "0.325"),
        ("mistral/mistral-embed", "0.1", "0.05"),
        # 0.15 + 0.1 x 0.60, and 0.59 + 0.1 x 0.79.
        ("groq/openai/gpt-oss-120b", "0.21", "0.105"),
        ("groq/llama-3.3-70b-versatile", "0.669", "0.3345"),
        # 1.04 + 0.1 x 1.04.
        ("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "1.144", "0.572"),
        # 60 % of 0.60 + 0.1 x 3.
        ("moonshot/kimi-k2.5", "0.9", "0.54"),
    ],
)
def test_by_the_sellers_page(model, standard, batch):
    """1,000,000 tokens in and 100,000 out."""
    assert costs(model) == [standard, batch]


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-audio-preview-2024-12-17",
        "anthropic.claude-instant-v1",
        "azure/gpt-6-sol",
        "azure/us-gov/gpt-5.1",
        "groq/openai/gpt-oss-safeguard-20b",
        "groq/qwen/qwen3-32b",
        "together_ai/Qwen/Qwen2.5-7B-Instruct-Turbo",
        "together_ai/meta-llama/Llama-3-70b-chat-hf",
        "moonshot/kimi-k3",
        # AWS lists Claude Opus 5 and Sonnet 4.6; none of these was on the list when it was read.
        "anthropic.claude-sonnet-5",
        "global.anthropic.claude-fable-5-1",
        "us.anthropic.claude-opus-4-8",
        "anthropic.claude-opus-5-5",
        "cohere.embed-v4:0",
        "us.writer.palmyra-x5-v1:0",
    ],
)
def test_what_no_page_sells_as_a_batch(model):
    """It is billed at standard, and says so."""
    cost = PRICES.calculate(model=model, usage=USAGE, batch=True)
    assert cost.total == PRICES.calculate(model=model, usage=USAGE).total
    assert [note.code for note in cost.notes if note.code == "tier_without_rates"] == ["tier_without_rates"]


def test_a_derived_line_cites_its_page():
    """The line says by which rule, and on which page it stands."""
    (line,) = PRICES.calculate(model="gpt-4", usage=Usage(input=1000), batch=True).line_items
    (note,) = line.notes
    assert note.code == "derived_rate"
    assert note == "batch = 0.5 x standard, https://developers.openai.com/api/docs/guides/batch"


def test_cached_input_of_older_models_keeps_its_price():
    """OpenAI's list has no batch price for cached gpt-4o: 600 x 1.25 + 400 x 1.25 (half of 2.50) per million."""
    cost = PRICES.calculate(model="gpt-4o", usage=Usage(input=400, cache_read=600), batch=True)
    assert {line.meter: line.amount for line in cost.line_items} == {
        "input": Decimal("0.0005"),
        "cache_read": Decimal("0.00075"),
    }


def test_cached_input_in_a_batch_of_groq():
    """All tokens are billed at the batch rate, cached or not: half of 0.15. https://console.groq.com/docs/batch."""
    usage = Usage(input=1_000_000, cache_read=1_000_000)
    assert costs("groq/openai/gpt-oss-120b", usage) == ["0.225", "0.15"]


def test_a_transcription_in_a_batch():
    """It is sold by the second: 1000 x 0.00003083, and half of it."""
    cost = PRICES.calculate(model="groq/whisper-large-v3", duration=1000, batch=True)
    assert (str(cost.total), cost.billed_tier) == ("0.015415", "batches")


def test_a_row_of_the_seller_for_batches():
    """OpenRouter sells a batch under an id of its own: batch=True takes that row, and says which."""
    model = "openrouter/google/gemini-4-argon"
    assert costs(model, at="2026-11-26") == ["3", "1.5"]
    assert costs(f"{model}:batch", at="2026-11-26")[0] == "1.5"
    cost = PRICES.calculate(model=model, usage=USAGE, batch=True)
    assert [note.about for note in cost.line_items[0].notes] == [f"{model}:batch"]
    assert batch_id(f"{model}:batch", "openrouter") is None
    assert batch_id("vercel_ai_gateway/openai/gpt-5", "vercel_ai_gateway") == "vercel_ai_gateway/openai/gpt-5-batch"


@pytest.mark.parametrize(
    ("at", "standard", "batch"), [("2026-11-30", "3", "1.5"), ("2026-12-01", "6", "3"), ("2027-06-01", "6", "3")]
)
def test_a_batch_row_has_the_price_of_the_day(at, standard, batch):
    """Google's 2 and 10 double on 2026-12-01, and so do the 1 and 5 of a batch: 1,000,000 in and 100,000 out."""
    assert costs("openrouter/google/gemini-4-argon", at=at) == [standard, batch]
    assert costs("openrouter/google/gemini-4-argon:batch", at=at)[0] == batch


@pytest.mark.parametrize(
    ("model", "standard", "batch"),
    [
        # Of the two prices the model's alone has moved since: 0.44 and 1.32, a batch 0.048 and 0.144.
        ("openrouter/deepseek/deepseek-v4-flash-0731", "0.572", "0.0624"),
        # Both have moved, on other days: 0.0352 and 0.0112, a batch 0.05 and 0.15 until 2026-11-09.
        ("openrouter/deepseek/deepseek-v4.1-flash", "0.03632", "0.065"),
    ],
)
def test_a_batch_row_has_a_past_of_its_own(model, standard, batch):
    """What a price of the model becomes says nothing of the row for batches: 1,000,000 in and 100,000 out."""
    assert costs(model, at="2026-10-25") == [standard, batch]
    assert costs(f"{model}:batch", at="2026-10-25")[0] == batch


@pytest.mark.parametrize(("at", "batch"), [("2026-11-08", "3.42"), ("2026-11-09", "1.517"), ("2026-11-20", "1.517")])
def test_a_batch_row_changes_while_its_model_stands_still(at, batch):
    """3 and 15 since 2026-11-03; a batch 2.28 and 11.4, and 0.917 and 6 since the 9th: 1,000,000 in and 100,000 out."""
    model = "openrouter/moonshotai/kimi-k3"
    assert costs(model, at=at) == ["4.5", batch]
    assert costs(f"{model}:batch", at=at)[0] == batch
    # What a batch costs since then says nothing of how the model's own price is dated.
    assert PRICES.calculate(model=model, usage=USAGE, at=at).basis == "exact"


def test_a_batch_row_is_whole():
    """A million tokens each: 1.5 + 7.5, at any length of the prompt; the model costs more above 200,000."""
    model, usage = "openrouter/anthropic/claude-sonnet-4.6", Usage(input=1_000_000, output=1_000_000)
    cost = PRICES.calculate(model=model, usage=usage, batch=True)
    assert (cost.total, [line.rate for line in cost.line_items]) == (9, [Decimal("1.5e-6"), Decimal("7.5e-6")])
    assert PRICES.calculate(model=f"{model}:batch", usage=usage).total == 9
    # A row with thresholds keeps them: 3 + 11.25.
    older = "openrouter/anthropic/claude-sonnet-4.5"
    assert PRICES.calculate(model=older, usage=usage, batch=True).total == Decimal("14.25")


def test_a_batch_row_against_its_model():
    """What the batch row leaves out it sells at its price of input, not at the model's; what somebody set stays.

    The model: 4, 8 above 128k, writes 5, off-peak 2. Its batches: 1, 3 above 200k, searches as in the model.
    """
    facts = {"litellm_provider": "openrouter", "mode": "chat"}
    off_peak = {"hours_utc": "00:00-06:00", "input_cost_per_token": 2e-06}
    model = {
        "input_cost_per_token": 4e-06,
        "input_cost_per_token_above_128k_tokens": 8e-06,
        "cache_creation_input_token_cost": 5e-06,
        "web_search_cost_per_query": 0.01,
        "off_peak_pricing": off_peak,
    }
    batch = {"input_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 3e-06}
    prices = CostMap({"openrouter/m": facts | model, "openrouter/m:batch": facts | batch})

    def bill(at="2026-11-20T12:00:00Z", prices=prices, **usage):
        return prices.calculate(model="openrouter/m", usage=Usage(**usage), batch=True, at=at).total

    assert [bill(input=count) for count in (100_000, 150_000, 300_000)] == [
        Decimal("0.1"),
        Decimal("0.15"),
        Decimal("0.9"),
    ]
    assert bill("2026-11-20T03:00:00Z", input=100_000) == Decimal("0.1")
    assert [bill(cache_write=count) for count in (100_000, 300_000)] == [Decimal("0.1"), Decimal("0.9")]
    assert bill(input=100_000, web_searches=2) == Decimal("0.12")
    # A price for another tier says nothing of a batch. One for batches takes the whole row's place: of prompts above
    # 128k nobody said what both are, so that they are at the model's 8.
    prices.register({"openrouter/m": {"input_cost_per_token_priority": 9e-06}})
    assert bill(input=100_000) == Decimal("0.1")
    prices.register({"openrouter/m": {"input_cost_per_token_batches": 2e-06}})
    assert [bill(input=count) for count in (100_000, 300_000)] == [Decimal("0.2"), Decimal("2.4")]


def test_a_batch_price_in_the_row_of_the_model_stays():
    """A million in at 1 of the batch row, and out at 3 of the model's own. Tiers of the batch row are not used."""
    facts = {"litellm_provider": "openrouter", "mode": "chat"}
    model = {"input_cost_per_token": 4e-06, "output_cost_per_token": 8e-06, "output_cost_per_token_batches": 3e-06}
    batch = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "input_cost_per_token_priority": 9e-06}
    # The row says of cached tokens what they cost with priority, and so sells them in a batch at its price of input.
    cached = {"cache_read_input_token_cost": 4e-07}
    row = facts | batch | {f"{name}_priority": 3e-06 for name in cached}
    prices = CostMap({"openrouter/m": facts | model | cached, "openrouter/m:batch": row})
    usage = Usage(input=1_000_000, output=1_000_000)
    assert prices.calculate(model="openrouter/m", usage=usage, batch=True).total == 4
    assert prices.calculate(model="openrouter/m", usage=Usage(cache_read=1_000_000), batch=True).total == 1


@pytest.mark.parametrize(
    ("model", "amounts"),
    [
        # The map lists halves of 5 and 10 for the prompt, and none of 40 for the image: 20.
        ("gpt-image-1", ["2.5", "5", "20"]),
        # It lists none of a snapshot, whose name is the one in a response: halves of 5, 8 and 30.
        ("gpt-image-2-2026-04-21", ["2.5", "4", "15"]),
        ("gpt-image-2", ["2.5", "4", "15"]),
        # Of these it lists none, and nothing says that they are sold as a batch.
        ("gpt-image-2.6-flare", ["5", "8", "30"]),
    ],
)
def test_tokens_of_images_by_openais_page(model, amounts):
    """A million tokens each of the prompt's text, of its images, and of the images that are made."""
    usage = Usage(input=1_000_000, input_image=1_000_000, output_image=1_000_000)
    cost = PRICES.calculate(model=model, usage=usage, batch=True)
    assert [line.amount for line in cost.line_items] == [Decimal(amount) for amount in amounts]


def test_every_word_names_a_row_of_the_map():
    """A word that no row has sells no batch at its price. The map has the first two under text-completion-openai."""
    words = {word: rule for rule in BATCHES.values() for word in rule.models}
    for name, row in PRICES.items():
        rule = BATCHES.get(str(row.get("litellm_provider")))
        bare = without_geography(name.rpartition("/")[2])
        for word in rule.models if rule is not None else ():
            if bare.startswith(word[:-1]) if word.endswith("*") else split_date(bare)[0] == word:
                words.pop(word, None)
    assert sorted(words) == ["babbage-*", "davinci-*"]


def test_a_price_of_ones_own_is_not_replaced_by_a_batch_row():
    """2 x a million tokens of one's own price; the seller's batch row knows nothing of it."""
    cost = PRICES.calculate(
        model="openrouter/google/gemini-4-argon", usage=Usage(input=1_000_000), batch=True, input_cost_per_token=2e-06
    )
    assert cost.total == 2


ROW = {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}


def test_above_a_threshold_a_batch_keeps_its_part():
    """0.6 of 2 below 200,000 tokens, so 0.6 of 4 above: 300,000 x 2.4 per million."""
    row = ROW | {"input_cost_per_token_batches": 1.2e-06, "input_cost_per_token_above_200k_tokens": 4e-06}
    prices = CostMap({"m": row})
    assert costs("m", Usage(input=300_000), prices) == ["1.2", "0.72"]
    (line,) = prices.calculate(model="m", usage=Usage(input=300_000), batch=True).line_items
    assert line.notes[0] == (
        "input_cost_per_token_above_200k_tokens x input_cost_per_token_batches / input_cost_per_token"
    )


def test_a_listed_cell_is_not_derived():
    """A list that states the batch price of long prompts has the last word."""
    row = ROW | {"input_cost_per_token_batches": 1e-06, "input_cost_per_token_above_200k_tokens": 4e-06}
    prices = CostMap({"m": row | {"input_cost_per_token_above_200k_tokens_batches": 3e-06}})
    assert costs("m", Usage(input=300_000), prices) == ["1.2", "0.9"]


def test_a_tier_of_the_parent():
    """Reasoning has a price of its own and none for priority: 10 x 16 / 8 per million, marked as derived."""
    row = ROW | {"output_cost_per_reasoning_token": 1e-05, "output_cost_per_token_priority": 1.6e-05}
    cost = CostMap({"m": row}).calculate(model="m", usage=Usage(reasoning=1000), service_tier="priority")
    assert cost.total == Decimal("0.02")
    assert [note.code for note in cost.line_items[0].notes] == ["derived_rate"]


def test_one_price_of_ones_own_is_not_scaled_by_the_lists_tiers():
    """A registered price of long prompts beside the list's batch price: nobody said what both are together."""
    prices = CostMap({"m": ROW | {"input_cost_per_token_batches": 1e-06}})
    prices.register({"m": {"input_cost_per_token_above_200k_tokens": 5e-06}})
    assert prices.calculate(model="m", usage=Usage(input=300_000), batch=True).total == Decimal("1.5")


HALF = {
    "litellm_provider": "openai",
    "mode": "chat",
    "input_cost_per_token": 2e-06,
    "input_cost_per_token_batches": 1e-06,
    "output_cost_per_token": 8e-06,
    "output_cost_per_token_batches": 3e-06,
    "cache_read_input_token_cost": 1e-06,
    "cache_read_input_token_cost_batches": 5e-07,
}


@pytest.mark.parametrize(
    ("row", "guessed", "found"),
    [
        # The output is no half, and OpenAI documents none for cached input.
        (HALF, set(), {"input_cost_per_token_batches"}),
        # Half of a guess is a guess.
        (HALF, {"input_cost_per_token"}, set()),
        (HALF | {"input_cost_per_token_batches": None}, set(), set()),
        ({"litellm_provider": "openai", "mode": "chat", "input_cost_per_token_batches": 1e-06}, set(), set()),
        (HALF | {"mode": "realtime"}, set(), set()),
        (HALF | {"litellm_provider": "acme", "mode": None}, set(), set()),
    ],
)
def test_a_batch_price_that_the_seller_documents(row, guessed, found):
    """A ratio that the seller's page states is no assumption, at whatever date."""
    assert documented(compile_entry(row, "map", "gpt-4o"), frozenset(guessed)) == found


def test_every_row_has_its_page():
    """A rule without a page is no rule."""
    assert all(rule.page.startswith("https://") for rule in BATCHES.values())
    assert all(0 < rule.factor[0] < rule.factor[1] for rule in BATCHES.values())
