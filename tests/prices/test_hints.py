"""What an error shows a person who mistyped a name: what would have been meant first, and never a price."""

from __future__ import annotations

import pickle

import pytest

from llmcost import CostMap, UnknownModelError
from llmcost.prices.hints import hosts_of
from llmcost.prices.known_names import KnownNames

PRICES = CostMap()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gpt 5 mini", "gpt-5-mini"),
        ("GPT_5_Mini", "gpt-5-mini"),
        ("sonnet", "claude-sonnet-5-5"),
        ("opus", "claude-opus-5-5"),
        ("claude opus 5.5", "claude-opus-5-5"),
        ("gemini 2.5 flash", "gemini-2.5-flash"),
        ("gpt-4o:latest", "gpt-4o"),
        ("gpt-4oo", "gpt-4o"),
        ("gpt5", "gpt-5"),
        ("gpt turbo", "gpt-4-turbo"),
        ("claude opus", "claude-opus-5-5"),
        ("haiku", "claude-haiku-5-5"),
        ("sonnet 4.5", "claude-sonnet-4-5"),
        # The words in their order: o4-mini has them too.
        ("4o mini", "gpt-4o-mini"),
        ("o3 mini", "o3-mini"),
        # The maker's own row before those of others, and 4.20 is older than 4.7.
        ("deepseek r1", "deepseek/deepseek-r1"),
        ("grok", "xai/grok-4.7"),
        ("glm", "zai/glm-5.3"),
        ("qwen coder", "dashscope/qwen-coder"),
        ("command r plus", "command-r-plus"),
    ],
)
def test_what_a_person_would_type(typed, first):
    """Other spaces and dots, a family's name, a tail too many, a slip of the pen."""
    with pytest.raises(UnknownModelError) as error:
        PRICES.rate_card(typed, provider="acme")
    assert error.value.nearest[0] == first
    assert len(error.value.nearest) <= 5


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("gemini flash lite", "gemini-3.5-flash-lite"),
        ("flash 2.5", "gemini-2.5-flash"),
        ("gpt", "gpt-6.2-sol"),
        ("claude", "claude-sonnet-5-5"),
        ("kimi", "moonshot/kimi-k3"),
        ("mistral large", "mistral/mistral-large-4"),
        ("llama 70b", "groq/llama-3.3-70b-versatile"),
        ("gpt 4o mini", "gpt-4o-mini"),
    ],
)
def test_what_several_models_may_be(typed, among):
    """Words of a whole family: its newest models are among the five that are shown."""
    with pytest.raises(UnknownModelError) as error:
        PRICES.rate_card(typed, provider="acme")
    assert among in error.value.nearest


def test_a_choice_is_shown_the_same_twice():
    """Several sell the name: the second question gets the first one's answer, and no other names."""
    texts = []
    for _ in range(2):
        with pytest.raises(UnknownModelError) as error:
            PRICES.rate_card("hy4-preview")
        texts.append(str(error.value))
        assert error.value.nearest == ()
    assert texts[0] == texts[1]


def test_a_router_that_chooses_the_host():
    """':fastest' is whichever host answers: the rows that are known are listed."""
    with pytest.raises(UnknownModelError, match="leaves the host to a router") as error:
        PRICES.rate_card("deepseek-ai/DeepSeek-V3.2:fastest")
    assert error.value.choices == ("huggingface/novita/deepseek-ai/DeepSeek-V3.2",)
    assert hosts_of(PRICES.source, "deepseek-ai/DeepSeek-V3.2:novita") == []


V32 = "deepseek-ai/DeepSeek-V3.2"
KIMI = "moonshotai/kimi-k2"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (V32, f"deepinfra/{V32}", f"huggingface/novita/{V32}"),
        (f"huggingface/{V32}", f"huggingface/novita/{V32}", f"huggingface/novita/{V32}"),
        (KIMI, f"openrouter/{KIMI}", f"vercel_ai_gateway/{KIMI}"),
    ],
)
def test_a_name_that_others_sell(name, first, last):
    """Who serves it is not said: those who list it under that name, and no nearest one."""
    with pytest.raises(UnknownModelError, match="has no row of its own, and is sold by others: name ") as error:
        PRICES.rate_card(name)
    assert (error.value.choices[0], error.value.choices[-1], error.value.nearest) == (first, last, ())


def test_many_choices_are_not_all_shown():
    """The message has twelve of them; ``choices`` has all."""
    with pytest.raises(UnknownModelError, match=r"\.\.\., or pass provider=") as error:
        PRICES.rate_card("openai/gpt-oss-120b")
    assert len(error.value.choices) > 12
    assert error.value.choices[12] not in error.value.why


@pytest.mark.parametrize("name", ["openrouter/auto", "auto"])
def test_a_router_without_a_response(name):
    """Which model answers only the response says: nothing is like it."""
    with pytest.raises(UnknownModelError, match="is a router: the response names the model") as error:
        PRICES.rate_card(name)
    assert error.value.nearest == ()


def test_an_image_model_without_a_row_of_its_own():
    """Azure lists DALL-E by size: the keyword that is missing is named."""
    with pytest.raises(UnknownModelError, match=r"for each size: pass size=.*azure/hd/1024-x-1024") as error:
        PRICES.rate_card("azure/dall-e-3")
    assert error.value.nearest == ()


def test_a_hint_is_worked_out_when_it_is_read_and_once(monkeypatch):
    """Most handlers read none. The errors of one name share what was found, and a pickled error has it too."""
    asked = []
    nearest = KnownNames.nearest
    monkeypatch.setattr(KnownNames, "nearest", lambda known, name: asked.append(name) or nearest(known, name))
    prices, errors = CostMap({"my-model": {"input_cost_per_token": 2e-6}}), []
    for _ in range(2):
        with pytest.raises(UnknownModelError) as error:
            prices.rate_card("my-modle")
        errors.append(error.value)
    assert asked == []
    told = [
        (e.model, e.provider, e.tried, e.why, e.nearest, e.choices, str(e), str(pickle.loads(pickle.dumps(e))))
        for e in errors
    ]
    assert asked == ["my-modle"]
    assert told[0] == told[1]
    assert told[0][:6] == ("my-modle", None, ("my-modle", "*/my-modle"), "", ("my-model",), ())
    assert told[0][6] == told[0][7]
