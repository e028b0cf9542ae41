"""Budgets of tracked clients: a call that has no room is not sent, and the host sees why."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import Answer, events, whole
from tests.tracking.test_clients import CHAT, CHUNKS, MESSAGE, MESSAGES

pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:The model:DeprecationWarning"),
]

# gpt-4o is 2.5e-6 USD a token in and 1e-5 out: the answer of the server costs 1,000 x 2.5e-6 + 100 x 1e-5 = 0.0035.
ASK = {"model": "gpt-4o", "messages": MESSAGES, "max_tokens": 1000}
COST = Decimal("0.0035")
CLIENTS = {
    "openai": ("OpenAI", "AsyncOpenAI", "/v1", CHAT, ASK),
    "groq": ("Groq", "AsyncGroq", "", CHAT, {**ASK, "model": "llama-3.3-70b-versatile"}),
    "anthropic": ("Anthropic", "AsyncAnthropic", "", MESSAGE, {**ASK, "model": "claude-sonnet-4-20250514"}),
}


def openai_client(provider, **settings):
    return optional("openai").OpenAI(api_key="x", base_url=f"{provider.url}/v1", **settings)


def create(client, ask, **more):
    made = client.messages if hasattr(client, "messages") else client.chat.completions
    return made.create(**ask, **more)


@pytest.mark.parametrize("sdk", CLIENTS)
@pytest.mark.parametrize("way", ["itself", "copy", "copy of a copy", "raw", "streamed"])
def test_a_refused_call_is_not_sent(provider, tracker, calls, sdk, way):
    """The host sees our error at once, above the SDK's retries, and the server no request."""
    sync, _, path, answer, ask = CLIENTS[sdk]
    provider.gives(whole(answer))
    budget = llmcost.Budget("0.00001")
    tracker.budgets = (budget,)
    client = tracker.track(getattr(optional(sdk), sync)(api_key="x", base_url=provider.url + path, max_retries=5))
    if way.startswith("copy"):
        client = client.with_options(timeout=9)
    if way == "copy of a copy":
        client = client.copy()
    if way == "raw":
        client = client.with_raw_response
    with pytest.raises(llmcost.BudgetExceededError) as raised:
        create(client, ask, **({"stream": True} if way == "streamed" else {}))
    assert raised.value.asked > budget.limit
    assert provider.requests == []
    assert [(call.status, call.error.kind, call.response_cost) for call in calls] == [
        ("failed", "BudgetExceededError", 0.0)
    ]
    assert (budget.spent, budget.reserved) == (0, 0)
    assert tracker.stats()["errors"] == {}


@pytest.mark.parametrize("sdk", CLIENTS)
def test_a_refused_call_of_an_async_client_is_not_sent(provider, sdk):
    _, name, path, answer, ask = CLIENTS[sdk]
    provider.gives(whole(answer))

    async def run():
        client = llmcost.track(
            getattr(optional(sdk), name)(api_key="x", base_url=provider.url + path, max_retries=5),
            budget=llmcost.Budget("0.00001"),
        )
        for each in (client, client.with_options(timeout=9)):
            with pytest.raises(llmcost.BudgetExceededError):
                await create(each, ask)

    asyncio.run(run())
    assert provider.requests == []


def test_a_call_is_settled_by_what_it_cost(provider):
    """0.0035 of the 0.0102 that were reserved."""
    budget = llmcost.Budget(1)
    client = llmcost.track(openai_client(provider), budget=budget)
    held = []
    provider.gives(whole(CHAT))
    provider.answers[0].pieces = Held(provider.answers[0].pieces, lambda: held.append(budget.reserved))
    create(client, ASK)
    size = len(provider.requests[0][3])
    # Bytes of the request x 2.5e-6 + 1,000 x 1e-5.
    assert held == [size * Decimal("2.5e-6") + Decimal("0.01")]
    assert (budget.spent, budget.reserved) == (COST, 0)


class Held(list):
    """Pieces of an answer; who asks for them is told of."""

    def __init__(self, pieces, told):
        super().__init__(pieces)
        self._told = told

    def __iter__(self):
        self._told()
        return super().__iter__()


def test_refusals_of_the_provider_give_back_and_each_attempt_reserves_anew(provider):
    """Twice 429, then an answer: one cost, in a budget that has room for one call at a time."""
    budget = llmcost.Budget("0.012")
    client = llmcost.track(openai_client(provider, max_retries=2), budget=budget)
    busy = Answer([b'{"error": {"message": "busy"}}'], status=429)
    provider.gives(busy, busy, whole(CHAT))
    create(client, ASK)
    assert len(provider.requests) == 3
    assert (budget.spent, budget.reserved) == (COST, 0)


def test_a_call_that_may_be_billed_is_kept(provider):
    """The connection is lost: what was reserved counts as spent, and the retry has no room."""
    budget = llmcost.Budget("0.012")
    client = llmcost.track(openai_client(provider, max_retries=2), budget=budget)
    provider.gives(Answer([b'{"id"'], cut=True))
    with pytest.raises(llmcost.BudgetExceededError) as raised:
        create(client, ASK)
    assert len(provider.requests) == 1
    assert budget.spent == len(provider.requests[0][3]) * Decimal("2.5e-6") + Decimal("0.01")
    assert raised.value.spent == budget.spent


def test_a_stream_is_settled_at_its_end(provider):
    budget = llmcost.Budget(1)
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(events(CHUNKS))
    stream = create(client, ASK, stream=True, stream_options={"include_usage": True})
    assert (budget.spent, budget.reserved > 0) == (0, True)
    assert list(stream)
    assert (budget.spent, budget.reserved) == (COST, 0)


def test_a_stream_that_is_left_is_kept(provider):
    """Nobody knows what it cost: what was reserved is spent."""
    budget = llmcost.Budget(1)
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(events(CHUNKS))
    stream = create(client, ASK, stream=True)
    next(stream)
    reserved = budget.reserved
    stream.close()
    assert (budget.spent, budget.reserved) == (reserved, 0)


def test_a_scope_holds_for_whom_it_names(provider):
    """Team search has a limit, others have none."""
    budget = llmcost.Budget("0.001", scope={"team": "search", "tag": "nightly", "model": "gpt-4o"})
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(whole(CHAT))
    create(client, ASK)
    with llmcost.context(team="search", tags=["daily"]):
        create(client, ASK)
    with llmcost.context(team="search", tags=["nightly"]):
        create(client, {**ASK, "model": "gpt-4o-mini"})
        with pytest.raises(llmcost.BudgetExceededError):
            create(client, ASK)
    assert budget.spent == 0


def test_several_budgets(provider):
    """The narrower one refuses, and the wider one holds nothing for the refused call."""
    team, day = (
        llmcost.Budget("0.015", scope={"team": "search"}, name="team"),
        llmcost.Budget("0.1", period="day", name="day"),
    )
    client = llmcost.track(openai_client(provider), budget=[team, day, team])
    provider.gives(whole(CHAT))
    with llmcost.context(team="search"):
        create(client, ASK)
        with pytest.raises(llmcost.BudgetExceededError, match=r"^team: "):
            create(client, {**ASK, "max_tokens": 2000})
    create(client, {**ASK, "max_tokens": 2000})
    assert (team.spent, day.spent, team.reserved, day.reserved) == (COST, 2 * COST, 0, 0)


def test_calls_at_once(provider):
    """Room for three calls of 0.0102: three of five are sent."""
    openai = optional("openai")
    body = len(json.dumps(ASK, separators=(",", ":")).encode())
    budget = llmcost.Budget(3 * (body * Decimal("2.5e-6") + Decimal("0.01")))
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(Answer([], hang=True))

    def call():
        try:
            create(client.with_options(timeout=openai.Timeout(60, read=0.5), max_retries=0), ASK)
        except llmcost.BudgetExceededError:
            return "refused"
        except openai.APITimeoutError:
            return "sent"

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: call(), range(5)))
    assert sorted(found) == ["refused"] * 2 + ["sent"] * 3
    assert (budget.spent, budget.left) == (budget.limit, 0)


@pytest.mark.parametrize(("unpriced", "spent"), [("allow", "0"), ("assume:0.25", "0.25")])
def test_calls_that_nothing_bounds_pass_where_they_may(provider, unpriced, spent):
    """A model without a price: nothing is known of what it cost, so that what was assumed counts."""
    budget = llmcost.Budget(1, unpriced=unpriced)
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(whole({**CHAT, "model": "my-own"}))
    create(client, {**ASK, "model": "my-own"})
    assert (budget.spent, budget.reserved) == (Decimal(spent), 0)


def test_calls_that_nothing_bounds_are_blocked(provider):
    budget = llmcost.Budget(1)
    client = llmcost.track(openai_client(provider), budget=budget)
    provider.gives(whole(CHAT))
    for ask in ({**ASK, "model": "my-own"}, {**ASK, "web_search_options": {}}):
        with pytest.raises(llmcost.BudgetExceededError, match="is not bounded"):
            create(client, ask)
    assert provider.requests == []


def test_untracked_again(provider):
    """Without its door and its tap a client is what it was."""
    client = openai_client(provider)
    before = dict(vars(client))
    assert llmcost.untrack(llmcost.track(client, budget=llmcost.Budget(0))) is client
    assert {name: value for name, value in vars(client).items() if name not in before} == {}
    provider.gives(whole(CHAT))
    assert create(client, ASK).model == CHAT["model"]


@pytest.mark.parametrize("kind", ["function", "coroutine", "generator", "async generator"])
def test_functions(kind):
    """A function is not called without room for it: 10 bytes and more x 2.5e-6 + 1,000 x 1e-5 > 0.01."""
    ran, budget = [], llmcost.Budget("0.02")

    def function(**keywords):
        ran.append(keywords)
        return CHAT

    async def coroutine(**keywords):
        return function(**keywords)

    def generator(**keywords):
        function(**keywords)
        yield from CHUNKS

    async def async_generator(**keywords):
        function(**keywords)
        for chunk in CHUNKS:
            yield chunk

    plain = {"function": function, "coroutine": coroutine, "generator": generator, "async generator": async_generator}[
        kind
    ]
    tracked = llmcost.track(plain, budget=budget)

    async def all_of(made):
        return [chunk async for chunk in made]

    def run(**keywords):
        made = tracked(**keywords)
        if kind == "coroutine":
            return asyncio.run(made)
        if kind == "async generator":
            return asyncio.run(all_of(made))
        return list(made)

    run(**ASK)
    assert (len(ran), budget.spent, budget.reserved) == (1, COST, 0)
    with pytest.raises(llmcost.BudgetExceededError):
        run(**{**ASK, "max_tokens": 2000})
    assert (len(ran), budget.spent, budget.reserved) == (1, COST, 0)


def test_a_client_inside_a_tracked_function_counts_in_its_budget(provider):
    """Once, by what the client sends; the second call inside has no room, and the third function call neither."""
    budget = llmcost.Budget("0.015", unpriced="assume:0.015")
    client = llmcost.Tracker().track(openai_client(provider))
    provider.gives(whole(CHAT))

    @llmcost.track(budget=budget)
    def agent():
        create(client, ASK)
        return create(client, {**ASK, "max_tokens": 2000})

    with pytest.raises(llmcost.BudgetExceededError):
        agent()
    assert len(provider.requests) == 1
    assert (budget.spent, budget.reserved) == (COST, 0)


def test_google(provider):
    """gemini-2.5-flash is 3e-7 USD in and 2.5e-6 out: 1,000 tokens of an answer are 0.0025."""
    genai = optional("google.genai")
    client = llmcost.track(
        genai.Client(api_key="x", http_options={"base_url": provider.url}), budget=llmcost.Budget("0.002")
    )
    provider.gives(whole({}))
    with pytest.raises(llmcost.BudgetExceededError):
        client.models.generate_content(model="gemini-2.5-flash", contents="hi", config={"max_output_tokens": 1000})
    assert provider.requests == []


def test_bedrock(provider, monkeypatch):
    """Converse of Nova Pro at 8e-7 USD in and 3.2e-6 out: 1,000 tokens of an answer are 0.0032."""
    boto3 = optional("boto3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    bedrock = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=provider.url)
    client = llmcost.track(bedrock, budget=llmcost.Budget("0.003"))
    provider.gives(whole({}))
    with pytest.raises(llmcost.BudgetExceededError):
        client.converse(
            modelId="amazon.nova-pro-v1:0",
            messages=[{"role": "user", "content": [{"text": "hi"}]}],
            inferenceConfig={"maxTokens": 1000},
        )
    assert provider.requests == []
