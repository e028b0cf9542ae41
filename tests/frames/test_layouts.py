"""Layouts: a row of a provider's or a gateway's table is what the reader of its response makes of it."""

from __future__ import annotations

import random

import pytest

import llmcost
from llmcost.core.statuses import status_of
from llmcost.errors import InconsistentUsageError, PriceDataError
from llmcost.frames.layouts import LAYOUTS as LAYOUTS_KNOWN
from llmcost.frames.layouts import columns_of_layout
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

# Each counter at another rate, cached audio too: a token that is taken for another changes the sum.
PRICES = llmcost.CostMap(
    {
        "m": {
            "input_cost_per_token": 2e-6,
            "cache_read_input_token_cost": 3e-7,
            "cache_creation_input_token_cost": 5e-6,
            "cache_creation_input_token_cost_above_1hr": 7e-6,
            "input_cost_per_audio_token": 1.1e-5,
            "cache_read_input_audio_token_cost": 1.3e-6,
            "output_cost_per_token": 1.7e-5,
            "output_cost_per_reasoning_token": 1.9e-5,
            "output_cost_per_audio_token": 2.3e-5,
            "web_search_cost_per_query": 0.029,
        }
    }
)
COUNTS = (0, 0, 1, 5, 40, 100, 1000, None)


def columns(rows):
    """Return rows as a Polars frame; a column may be empty."""
    pl = optional("polars")
    names = rows[0]
    return pl.DataFrame(
        {n: pl.Series([row[n] for row in rows], dtype=None if n == "model" else pl.Int64) for n in names}
    )


def nested(row):
    """Return the usage of a flat row: ``a.b`` stands for b in a; null details are left out."""
    found = {}
    for name, value in row.items():
        if name != "model" and value is not None:
            holder, _, inner = name.rpartition(".")
            (found.setdefault(holder, {}) if holder else found)[inner] = value
    return found


def seeded(names, size=1500):
    chosen = random.Random(7)
    return [{"model": "m", **{name: chosen.choice(COUNTS) for name in names}} for _ in range(size)]


LAYOUTS = {
    "openai": (
        "prompt_tokens",
        "completion_tokens",
        "prompt_tokens_details.cached_tokens",
        "prompt_tokens_details.audio_tokens",
        "completion_tokens_details.reasoning_tokens",
        "completion_tokens_details.audio_tokens",
    ),
    "anthropic": (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "server_tool_use.web_search_requests",
    ),
    "gemini": (
        "promptTokenCount",
        "candidatesTokenCount",
        "cachedContentTokenCount",
        "thoughtsTokenCount",
        "toolUsePromptTokenCount",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_is_what_the_reader_makes_of_its_response(layout):
    """1,500 random rows, contradictions among them: cost, side and status are those of the response."""
    rows = seeded(LAYOUTS[layout])
    seen = set()
    for row, ours in zip(rows, rows_of(llmcost.price_table(columns(rows), layout, cost_map=PRICES)), strict=True):
        seen.add(ours["status"])
        try:
            cost = PRICES.calculate(usage=nested(row), model="m", dialect=layout)
        except InconsistentUsageError:
            assert ours["status"] == "inconsistent_usage", row
        except llmcost.MissingUsageError:
            assert ours["status"] == "unpriced", row
        else:
            if any(note.code == "reasoning_above_answer" for note in cost.notes):
                # Which of the two counts is wrong is left to the card by the reader, and is a contradiction in a table.
                assert ours["status"] == "inconsistent_usage", row
                continue
            assert (ours["cost"], ours["cost_output"]) == (cost.total, cost.output), row
            assert ours["status"] == status_of(cost), row
    # Nothing of an Anthropic row holds anything else of it.
    assert seen == {"priced", "unpriced", *(["inconsistent_usage"] if layout != "anthropic" else [])}


def test_the_split_of_a_cache_write():
    """10 of 30 written tokens are kept for an hour: 20 x 5e-6 + 10 x 7e-6 = 0.00017. 5 + 10 are not 30."""
    base = {"model": "m", "input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 30}
    split = "cache_creation.ephemeral_5m_input_tokens", "cache_creation.ephemeral_1h_input_tokens"
    rows = [{**base, split[0]: short, split[1]: hour} for short, hour in ((20, 10), (5, 10), (None, None))]
    priced = rows_of(llmcost.price_table(columns(rows), "anthropic", cost_map=PRICES, money="float"))
    assert [(row["cost"], row["status"]) for row in priced] == [
        (0.00017, "priced"),
        (None, "inconsistent_usage"),
        (0.00015, "priced"),
    ]


def test_cached_tokens_beside_audio():
    """Of 100 tokens 60 are audio and 50 cached: the 40 of text first, then 10 of audio."""
    row = {"model": "m", "prompt_tokens": 100, "completion_tokens": 0, "cached_tokens": 50, "input_audio_tokens": 60}
    (priced,) = rows_of(llmcost.price_table(columns([row]), "openai", cost_map=PRICES, money="float"))
    assert priced["cost"] == 0.000575  # 40 x 3e-7 + 10 x 1.3e-6 + 50 x 1.1e-5


def test_spans_and_spend_logs():
    """1000 tokens with 800 of them cached and 50 out: 200 x 2e-6 + 800 x 3e-7 + 50 x 1.7e-5 = 0.00149."""
    pl = optional("polars")
    span = pl.DataFrame(
        {
            "gen_ai.request.model": ["alias"],
            "gen_ai.response.model": ["m"],
            "gen_ai.usage.input_tokens": [1000],
            "gen_ai.usage.output_tokens": [50],
            "gen_ai.usage.cache_read.input_tokens": [800],
        }
    )
    day = pl.DataFrame(
        {"model": ["m"], "prompt_tokens": [1000], "completion_tokens": [50], "cache_read_input_tokens": [800]}
    )
    for frame, layout in ((span, "otel"), (day, "litellm_spend")):
        assert rows_of(llmcost.price_table(frame, layout, cost_map=PRICES, money="float"))[0]["cost"] == 0.00149


def test_a_daily_row_has_no_prompt_of_one_request():
    """A day with 300,000 tokens in 100 requests is below the threshold of 200,000 in each: a lower bound."""
    pl = optional("polars")
    prices = llmcost.CostMap(
        {
            "m": {
                "input_cost_per_token": 1e-6,
                "output_cost_per_token": 1e-6,
                "input_cost_per_token_above_200k_tokens": 2e-6,
            }
        }
    )
    day = pl.DataFrame({"model": ["m"], "prompt_tokens": [300_000], "completion_tokens": [0], "api_requests": [100]})
    (priced,) = rows_of(llmcost.price_table(day, "litellm_spend", cost_map=prices, money="float"))
    assert (priced["cost"], priced["status"]) == (0.3, "partial")


# Layout, what is said or counted, and the names that its column may have; a dot stands for a field of an object.
NAMES = (
    ("openai", "model", "model"),
    ("openai", "time", "created created_at"),
    ("openai", "service_tier", "service_tier"),
    ("openai", "prompt", "prompt_tokens input_tokens usage.prompt_tokens usage.input_tokens"),
    ("openai", "completion", "completion_tokens output_tokens usage.completion_tokens usage.output_tokens"),
    ("openai", "cached", "cached_tokens input_cached_tokens prompt_tokens_details.cached_tokens"),
    ("openai", "cached", "input_tokens_details.cached_tokens usage.prompt_tokens_details.cached_tokens"),
    ("openai", "input_audio", "input_audio_tokens prompt_tokens_details.audio_tokens"),
    ("openai", "input_audio", "input_tokens_details.audio_tokens usage.input_tokens_details.audio_tokens"),
    ("openai", "reasoning", "reasoning_tokens completion_tokens_details.reasoning_tokens"),
    ("openai", "reasoning", "output_tokens_details.reasoning_tokens usage.output_tokens_details.reasoning_tokens"),
    ("openai", "output_audio", "output_audio_tokens completion_tokens_details.audio_tokens"),
    ("openai", "output_audio", "output_tokens_details.audio_tokens usage.completion_tokens_details.audio_tokens"),
    ("anthropic", "model", "model"),
    ("anthropic", "service_tier", "service_tier usage.service_tier"),
    ("anthropic", "input", "input_tokens uncached_input_tokens usage.input_tokens usage.uncached_input_tokens"),
    ("anthropic", "output", "output_tokens usage.output_tokens"),
    ("anthropic", "cached", "cache_read_input_tokens usage.cache_read_input_tokens"),
    ("anthropic", "written", "cache_creation_input_tokens usage.cache_creation_input_tokens"),
    ("anthropic", "short", "ephemeral_5m_input_tokens cache_creation.ephemeral_5m_input_tokens"),
    ("anthropic", "hour", "ephemeral_1h_input_tokens usage.cache_creation.ephemeral_1h_input_tokens"),
    ("anthropic", "searches", "web_search_requests server_tool_use.web_search_requests"),
    ("gemini", "model", "model modelVersion model_version"),
    ("gemini", "time", "createTime create_time"),
    ("gemini", "prompt", "promptTokenCount prompt_token_count usageMetadata.promptTokenCount"),
    ("gemini", "prompt", "usage_metadata.prompt_token_count"),
    ("gemini", "answer", "candidatesTokenCount candidates_token_count usageMetadata.candidatesTokenCount"),
    ("gemini", "answer", "usage_metadata.candidates_token_count"),
    ("gemini", "cached", "cachedContentTokenCount cached_content_token_count usage_metadata.cachedContentTokenCount"),
    ("gemini", "cached", "usageMetadata.cached_content_token_count"),
    ("gemini", "thoughts", "thoughtsTokenCount thoughts_token_count usageMetadata.thoughtsTokenCount"),
    ("gemini", "thoughts", "usage_metadata.thoughts_token_count"),
    ("gemini", "tool", "toolUsePromptTokenCount tool_use_prompt_token_count usageMetadata.toolUsePromptTokenCount"),
    ("gemini", "tool", "usage_metadata.tool_use_prompt_token_count"),
    ("otel", "model", "gen_ai.response.model gen_ai.request.model"),
    ("otel", "provider", "gen_ai.provider.name gen_ai.system"),
    ("otel", "service_tier", "gen_ai.openai.response.service_tier openai.response.service_tier"),
    ("otel", "time", "timestamp start_time Timestamp"),
    ("otel", "prompt", "gen_ai.usage.input_tokens"),
    ("otel", "completion", "gen_ai.usage.output_tokens"),
    ("otel", "cached", "gen_ai.usage.cache_read.input_tokens"),
    ("otel", "written", "gen_ai.usage.cache_creation.input_tokens"),
    ("otel", "reasoning", "gen_ai.usage.reasoning.output_tokens"),
    ("litellm_spend", "model", "model"),
    ("litellm_spend", "provider", "custom_llm_provider"),
    ("litellm_spend", "time", "startTime start_time"),
    ("litellm_spend", "aggregate", "aggregate api_requests"),
    ("litellm_spend", "prompt", "prompt_tokens"),
    ("litellm_spend", "completion", "completion_tokens"),
    ("litellm_spend", "cached", "cache_read_input_tokens"),
    ("litellm_spend", "written", "cache_creation_input_tokens"),
)
WHOLES = {
    "openai": {"prompt": "prompt_tokens", "completion": "completion_tokens"},
    "anthropic": {"input": "input_tokens", "output": "output_tokens"},
    "gemini": {"prompt": "promptTokenCount"},
    "otel": {"prompt": "gen_ai.usage.input_tokens", "completion": "gen_ai.usage.output_tokens"},
    "litellm_spend": {"prompt": "prompt_tokens", "completion": "completion_tokens"},
}


@pytest.mark.parametrize(("layout", "what", "names"), NAMES)
def test_the_names_of_a_column(layout, what, names):
    """A field of an object is flattened with a dot, with one underscore or with two."""
    for name in names.split():
        flat = {name} if layout == "otel" else {name, name.replace(".", "_"), name.replace(".", "__")}
        for column in flat:
            others = [whole for counter, whole in WHOLES[layout].items() if counter != what]
            said, counted = columns_of_layout(layout, [column, *others])
            assert {**said, **counted}[what] == column


@pytest.mark.parametrize("layout", LAYOUTS_KNOWN)
def test_every_name_is_tested(layout):
    """Whatever a layout says or counts stands in the table above, and no column without a meaning is taken."""
    found = LAYOUTS_KNOWN[layout]
    assert {what for one, what, _ in NAMES if one == layout} == {*found.stated, *found.counters}
    with pytest.raises(PriceDataError, match="has no column"):
        columns_of_layout(layout, ["model", "tokens"])


def test_what_is_no_layout_is_refused():
    """A layout that nobody knows, a table without its counters, and one without a model."""
    rows = [{"model": "m", "prompt_tokens": 1, "completion_tokens": 1}]
    with pytest.raises(ValueError, match="'meters', 'openai', 'anthropic'"):
        llmcost.price_table(columns(rows), "azure")
    with pytest.raises(PriceDataError, match="no column 'input_tokens'"):
        llmcost.price_table(columns(rows), "anthropic")
    with pytest.raises(PriceDataError, match="no column names the model"):
        llmcost.price_table(columns(rows).drop("model"), "openai")


NO_COUNTS = {
    "a tool's tokens below 0": ("gemini", {"promptTokenCount": 10, "toolUsePromptTokenCount": -3}),
    "a split below 0 that adds up to 0": (
        "anthropic",
        {
            "input_tokens": 10,
            "output_tokens": 1,
            "cache_creation_input_tokens": 5,
            "ephemeral_5m_input_tokens": -1,
            "ephemeral_1h_input_tokens": 1,
        },
    ),
    "a prompt beyond any count": (
        "openai",
        {"prompt_tokens": 15 * 10**14, "completion_tokens": 1, "cached_tokens": 8 * 10**14},
    ),
    "a difference that 64 bits do not hold": (
        "openai",
        {"prompt_tokens": 2**63 - 1, "completion_tokens": 1, "cached_tokens": -5},
    ),
}


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pyarrow"])
@pytest.mark.parametrize(("layout", "counts"), NO_COUNTS.values(), ids=NO_COUNTS)
def test_a_counter_that_is_no_count_leaves_no_meter(layout, counts, engine):
    """What is below 0 or above 10^15 is inconsistent, also where the meters made of it would look like counts."""
    frame = frame_of(optional("pyarrow").table({"model": ["m"], **{name: [n] for name, n in counts.items()}}), engine)
    (row,) = rows_of(llmcost.price_table(frame, layout, cost_map=PRICES))
    assert (row["cost"], row["status"]) == (None, "inconsistent_usage")


UNREAD = {
    "openai": ("prompt_tokens completion_tokens", "input_tokens prompt_tokens_details.image_tokens cache_write_tokens"),
    "anthropic": ("input_tokens output_tokens", "prompt_tokens thinking_tokens"),
    "gemini": ("promptTokenCount", "prompt_token_count"),
    "otel": ("gen_ai.usage.input_tokens gen_ai.usage.output_tokens", "gen_ai.usage.audio_tokens"),
    "litellm_spend": ("prompt_tokens completion_tokens", "reasoning_tokens"),
}
BESIDE = "total_tokens totalTokenCount max_tokens completion_tokens_details.rejected_prediction_tokens text_tokens team"


@pytest.mark.parametrize("layout", UNREAD)
def test_a_counter_that_a_layout_does_not_read_is_named(layout):
    """It may hold what another column does not: nothing that counts is left out without a word."""
    import warnings

    pl = optional("polars")
    read, unread = (names.split() for names in UNREAD[layout])
    known = {"model": ["m"], **{name: [1] for name in (*read, *BESIDE.split())}}
    model = {"otel": "gen_ai.request.model"}.get(layout, "model")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        llmcost.price_table(pl.DataFrame(known).rename({"model": model}), layout, cost_map=PRICES)
    for column in unread:
        frame = pl.DataFrame({**known, column: [5]}).rename({"model": model})
        with pytest.warns(
            llmcost.UnreadUsageWarning, match=rf"column '{column}' is not read by columns='{layout}'"
        ) as w:
            llmcost.price_table(frame, layout, cost_map=PRICES)
        assert [one.filename for one in w] == [__file__]
