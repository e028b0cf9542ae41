"""Frameworks over the SDKs: each call is seen and priced. They are run where they are installed."""

from __future__ import annotations

import asyncio

import pytest

from tests.servers.provider import events, whole
from tests.tracking.outcomes import outcome
from tests.tracking.test_clients import CHAT, CHUNKS, CLAUDE_EVENTS, MESSAGE, RESPONSE

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("let_go")]


def test_langchain(provider, tracker, calls):
    """Its model holds clients of OpenAI's, sync and async; a stream asks for its usage if it is told to."""
    langchain = pytest.importorskip("langchain_openai")
    model = langchain.ChatOpenAI(model="gpt-4o", api_key="x", base_url=f"{provider.url}/v1", stream_usage=True)
    assert tracker.track(model) is model
    provider.gives(whole(CHAT))
    assert model.invoke("hi").content == "hi"
    assert asyncio.run(model.ainvoke("hi")).content == "hi"
    assert outcome(calls) == [("priced", 0.0035)] * 2
    provider.gives(events(CHUNKS))
    assert "".join(chunk.content for chunk in model.stream("hi")) == "a"
    assert outcome(calls) == [("priced", 0.0035)]


def test_langchain_with_claude(provider, tracker, calls):
    """A model that makes its clients when they are first asked for, alone and with tools bound to it."""
    langchain = pytest.importorskip("langchain_anthropic")
    model = langchain.ChatAnthropic(model="claude-sonnet-4-20250514", api_key="x", base_url=provider.url)
    provider.gives(whole(MESSAGE))
    bound = model.bind_tools([])
    assert tracker.track(bound) is bound
    assert bound.invoke("hi").content == "hi"
    assert asyncio.run(model.ainvoke("hi")).content == "hi"
    provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
    assert "".join(chunk.text for chunk in model.stream("hi")) == "a"
    assert outcome(calls) == [("priced", 0.0045)] * 3


def test_pydantic_ai(provider, tracker, calls):
    """An agent with a client that is tracked, and a model that is tracked itself."""
    pytest.importorskip("pydantic_ai")
    import openai
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider.gives(whole(CHAT))
    client = openai.AsyncOpenAI(api_key="x", base_url=f"{provider.url}/v1")
    model = OpenAIChatModel("gpt-4o", provider=OpenAIProvider(openai_client=client))
    tracker.track(client)
    assert Agent(model).run_sync("hi").output == "hi"
    assert outcome(calls) == [("priced", 0.0035)]
    another = OpenAIChatModel("gpt-4o", provider=OpenAIProvider(api_key="x", base_url=f"{provider.url}/v1"))
    assert tracker.track(another) is another
    assert Agent(another).run_sync("hi").output == "hi"
    assert outcome(calls)[-1:] == [("priced", 0.0035)]
    agent = Agent(OpenAIChatModel("gpt-4o", provider=OpenAIProvider(api_key="x", base_url=f"{provider.url}/v1")))
    assert tracker.track(agent) is agent
    assert agent.run_sync("hi").output == "hi"
    assert outcome(calls)[-1:] == [("priced", 0.0035)]


def test_openai_agents(provider, tracker, calls):
    """An agent over the Responses API."""
    agents = pytest.importorskip("agents")
    import openai

    agents.set_tracing_disabled(True)
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "hi", "annotations": []}],
    }
    provider.gives(whole({**RESPONSE, "output": [message]}))
    client = tracker.track(openai.AsyncOpenAI(api_key="x", base_url=f"{provider.url}/v1"))
    model = agents.OpenAIResponsesModel("gpt-4o", client)
    result = asyncio.run(agents.Runner.run(agents.Agent(name="a", model=model), "hi"))
    assert result.final_output == "hi"
    assert outcome(calls) == [("priced", 0.0035)]
