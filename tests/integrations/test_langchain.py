"""The callback handler in LangChain itself, with models that answer what they are told to."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

import llmcost
from tests.sdks import optional

USAGE = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
# gpt-4o is 2.5e-6 USD a token in and 1e-5 out: 1,000 x 2.5e-6 + 100 x 1e-5.
COST = Decimal("0.0035")


@pytest.fixture
def calls():
    return []


@pytest.fixture
def handler(calls):
    """Return a handler whose tracker puts calls into ``calls``."""
    optional("langchain_core")
    from llmcost.integrations.langchain import CostHandler

    def keep(kwargs, *_):
        calls.append(kwargs["call"])

    return lambda **settings: CostHandler(llmcost.Tracker(success=[keep], failure=[keep], **settings))


def model(*answers, name="gpt-4o", provider="openai", **more):
    """Return a model that gives answers in turn, and raises those that are errors."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    waiting = list(answers)

    class Model(BaseChatModel):
        _llm_type = "own"
        asked: list = []

        def _get_ls_params(self, stop=None, **given):
            return {"ls_provider": provider, "ls_model_name": name, "ls_model_type": "chat", **more}

        def _generate(self, messages, stop=None, run_manager=None, **given):
            self.asked.append(messages)
            answer = waiting.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            message = AIMessage("hi", usage_metadata=answer, response_metadata={"model_name": name})
            return ChatResult(generations=[ChatGeneration(message=message)])

    return Model()


def test_a_call(handler, calls):
    """Its cost, its provider, and on whose behalf it is made."""
    handling = handler()
    with llmcost.context(team="search"):
        assert model(USAGE).invoke("hi", config={"callbacks": [handling]}).content == "hi"
    (call,) = calls
    assert (call.status, call.cost.total, call.model, call.provider, call.team) == (
        "priced", COST, "gpt-4o", "openai", "search",
    )  # fmt: skip
    assert handling._open == {}


def test_an_async_call(handler, calls):
    asyncio.run(model(USAGE).ainvoke("hi", config={"callbacks": [handler()]}))
    assert [call.cost.total for call in calls] == [COST]


def test_each_call_of_a_batch(handler, calls):
    model(USAGE, USAGE, USAGE).batch(["a", "b", "c"], config={"callbacks": [handler()]})
    assert [call.cost.total for call in calls] == [COST] * 3


@pytest.mark.parametrize(
    ("error", "status"), [(TimeoutError("late"), "maybe_billed"), (type("ConnectError", (OSError,), {})(), "failed")]
)
def test_a_call_that_fails(handler, calls, error, status):
    """The host sees its own error."""
    with pytest.raises(type(error)):
        model(error).invoke("hi", config={"callbacks": [handler()]})
    assert [(call.status, call.error.kind) for call in calls] == [(status, type(error).__name__)]


def test_an_answer_without_a_usage(handler, calls):
    """It costs something that nobody knows."""
    model(None).invoke("hi", config={"callbacks": [handler()]})
    assert [(call.status, call.response_cost) for call in calls] == [("unpriced", None)]


def test_a_seller_that_only_langchain_knows(handler, calls):
    """The model is priced by its name."""
    model(USAGE, provider="fake-chat-model").invoke("hi", config={"callbacks": [handler()]})
    assert [call.cost.total for call in calls] == [COST]


def test_a_budget_refuses_before_the_model_is_asked(handler, calls):
    """The limit of the answer is what LangChain says: 1,000 x 1e-5 = 0.01 and a little for the text."""
    budget = llmcost.Budget("0.012")
    asking, config = model(USAGE, USAGE, ls_max_tokens=1000), {"callbacks": [handler(budget=budget)]}
    asking.invoke("hi", config=config)
    assert (budget.spent, budget.reserved) == (COST, 0)
    with pytest.raises(llmcost.BudgetExceededError, match=r"a call that may cost 0\.01"):
        asking.invoke("hi", config=config)
    assert len(asking.asked) == 1
    assert [call.status for call in calls] == ["priced", "failed"]
