"""LiteLLM's logger, in the SDK and in a Router, against a server of this machine."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from types import SimpleNamespace

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import events, whole

# It would ask a server for its prices at import.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)

# LiteLLM and what it loads warn of themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

# gpt-4o: 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035 USD.
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1764000000,
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    "usage": USAGE,
}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1764000000, "model": "gpt-4o-2024-08-06"}
STREAM = [
    {**CHUNK, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "hi"}, "finish_reason": None}]},
    {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {**CHUNK, "choices": [], "usage": USAGE},
]
MESSAGES = [{"role": "user", "content": "hi"}]


@pytest.fixture
def lite(provider):
    """LiteLLM with a logger whose calls are kept, and what its handlers saw."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        litellm = optional("litellm")
        from litellm.integrations.custom_logger import CustomLogger

        from llmcost.integrations.litellm import Logger

    calls, seen = [], []

    class Later(CustomLogger):
        """A handler that runs after ours."""

        def log_success_event(self, kwargs, response_obj, start_time, end_time):
            seen.append((kwargs["response_cost"], kwargs.get("llmcost")))

        async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
            seen.append((kwargs["response_cost"], kwargs.get("llmcost")))

    keep = [lambda kwargs, *_: calls.append(kwargs["call"])]
    tracker = llmcost.Tracker(success=keep, failure=keep)
    before = litellm.callbacks, litellm.success_callback, litellm._async_success_callback

    def use(**how):
        litellm.callbacks = [Logger(tracker, **how), Later()]

    use()
    given = {"model": "openai/gpt-4o", "messages": MESSAGES, "api_base": f"{provider.url}/v1", "api_key": "x"}
    yield SimpleNamespace(litellm=litellm, calls=calls, seen=seen, given=given, tracker=tracker, use=use)
    litellm.callbacks = before[0]
    for kept in (litellm.success_callback, litellm._async_success_callback, litellm.failure_callback):
        kept[:] = []
    litellm._async_failure_callback[:] = []


def run(work):
    """Run a coroutine, and close the clients that LiteLLM keeps: their loop ends with it."""
    from litellm import in_memory_llm_clients_cache
    from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients

    async def closing():
        try:
            await work
        finally:
            await close_litellm_async_clients()
            for kept in in_memory_llm_clients_cache.cache_dict.values():
                if not asyncio.iscoroutinefunction(kept.close):
                    kept.close()
            in_memory_llm_clients_cache.flush_cache()

    asyncio.run(closing())


async def until(condition):
    """Wait for what LiteLLM does in tasks and threads of its own."""
    for _ in range(2000):
        if condition():
            # Whatever comes a second time would come soon.
            await asyncio.sleep(0.05)
            return
        await asyncio.sleep(0.005)
    raise AssertionError("LiteLLM told nobody")


def outcome(lite):
    found = [(call.status, call.response_cost) for call in lite.calls]
    lite.calls.clear()
    return found


def test_async(lite, provider):
    """Counted once though both kinds of handlers are told; our cost stands beside LiteLLM's."""
    provider.gives(whole(CHAT))

    async def main():
        with llmcost.context(team="t", tags=["a"]):
            await lite.litellm.acompletion(**lite.given, user="u")
        await until(lambda: lite.calls and lite.seen)

    run(main())
    (call,) = lite.calls
    assert (call.status, call.response_cost, call.model, call.provider) == ("priced", 0.0035, "gpt-4o", "openai")
    assert (call.team, call.tags, call.user) == ("t", ("a",), "u")
    assert all(cost.response_cost == 0.0035 for _, cost in lite.seen)
    assert lite.tracker.stats()["errors"] == {}


def test_sync(lite, provider):
    """A call and a stream; of the stream every chunk is told, and its end counts."""
    provider.gives(whole(CHAT))
    lite.litellm.completion(**lite.given)
    run(until(lambda: lite.calls))
    assert outcome(lite) == [("priced", 0.0035)]
    provider.gives(events(STREAM))
    list(lite.litellm.completion(**lite.given, stream=True, stream_options={"include_usage": True}))
    run(until(lambda: lite.calls))
    assert outcome(lite) == [("priced", 0.0035)]


@pytest.mark.parametrize("usage", [True, False])
def test_async_stream(lite, provider, usage):
    """A stream without usage is unpriced, where LiteLLM says 0.0."""
    provider.gives(events(STREAM if usage else STREAM[:2]))

    async def main():
        options = {"stream_options": {"include_usage": True}} if usage else {}
        stream = await lite.litellm.acompletion(**lite.given, stream=True, **options)
        async for _ in stream:
            pass
        await until(lambda: lite.calls)

    run(main())
    assert outcome(lite) == [("priced", 0.0035)] if usage else [("unpriced", None)]


def test_override(lite, provider):
    """Handlers that run afterwards see our number: 1000 x 1e-6 + 100 x 2e-6 = 0.0012 of the call's own prices."""
    lite.use(override=True)
    provider.gives(whole(CHAT))

    async def main():
        prices = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
        await lite.litellm.acompletion(**lite.given, **prices)
        await until(lambda: lite.calls and lite.seen)

    run(main())
    assert outcome(lite) == [("priced", 0.0012)]
    assert {cost for cost, _ in lite.seen} == {0.0012}


def test_router(lite, provider):
    """The response holds the alias; the deployment's base_model and prices are known to LiteLLM.

    base_model azure/gpt-4-1106-preview: 1000 x 10e-6 + 100 x 30e-6 = 0.013; own prices as above: 0.0012.
    """
    params = {"api_base": provider.url, "api_key": "x", "api_version": "2024-06-01"}
    deployments = [
        {
            "model_name": "my-azure",
            "litellm_params": {"model": "azure/chatgpt-v-2", **params},
            "model_info": {"base_model": "azure/gpt-4-1106-preview"},
        },
        {
            "model_name": "my-own",
            "litellm_params": {"model": "openai/private", "api_base": f"{provider.url}/v1", "api_key": "x"},
            "model_info": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
        },
    ]
    provider.gives(whole(CHAT))

    async def main():
        router = lite.litellm.Router(model_list=deployments)
        for number, name in enumerate(("my-azure", "my-own"), 1):
            await router.acompletion(model=name, messages=MESSAGES)
            await until(lambda number=number: len(lite.calls) == number)

    run(main())
    assert outcome(lite) == [("priced", 0.013), ("priced", 0.0012)]


@pytest.mark.parametrize(
    ("model", "params", "usd"),
    [
        # claude-sonnet-4-5, 1000 x 3e-6 + 100 x 15e-6 = 0.0045; a tenth more at any endpoint but the global one
        ("vertex_ai/claude-sonnet-4-5@20250929", {"vertex_location": "us-east5"}, 0.00495),
        ("vertex_ai/claude-sonnet-4-5@20250929", {"vertex_location": "global"}, 0.0045),
        # claude-3-haiku, 1000 x 0.25e-6 + 100 x 1.25e-6 = 0.000375; GovCloud has a row of its own: 0.3e-6 and 1.5e-6
        ("bedrock/anthropic.claude-3-haiku-20240307-v1:0", {"aws_region_name": "us-gov-west-1"}, 0.00045),
        # gpt-5.4, 1000 x 2.5e-6 + 100 x 15e-6 = 0.004; a tenth more at OpenAI's hosts of a region
        ("openai/gpt-5.4", {"api_base": "https://eu.api.openai.com/v1"}, 0.0044),
        # azure/eu/gpt-4o-2024-08-06: 1000 x 2.75e-6 + 100 x 11e-6, although openai is called
        ("openai/eu/gpt-4o-2024-08-06", {"model_info": {"pricing_provider": "azure"}}, 0.00385),
    ],
)
def test_where_a_deployment_runs(lite, model, params, usd):
    """LiteLLM says it beside the response, which does not."""
    info = params.pop("model_info", {}) if "model_info" in params else {}
    listed = {"model_name": "mine", "litellm_params": {"model": model, "api_key": "x", **params}, "model_info": info}
    answer = lite.litellm.ModelResponse(**{**CHAT, "model": model.partition("/")[2]})

    async def main():
        router = lite.litellm.Router(model_list=[listed])
        await router.acompletion(model="mine", messages=MESSAGES, mock_response=answer)
        await until(lambda: lite.calls)

    run(main())
    assert outcome(lite) == [("priced", usd)]


@pytest.mark.parametrize(
    ("terms", "usd"),
    [
        ({"cost_discount_config": {"openai": 0.1}}, 0.00315),  # 0.0035 less a tenth
        ({"cost_margin_config": {"global": {"fixed_amount": 0.001}}}, 0.0045),
        ({"cost_discount_config": {"openai": 0.1}, "cost_margin_config": {"openai": 0.2}}, 0.00378),
        ({"cost_discount_config": {"azure": 0.1}}, 0.0035),
    ],
)
def test_discounts_and_margins_of_litellm(lite, provider, monkeypatch, terms, usd):
    """They are in our number too, which may take the place of LiteLLM's."""
    lite.use(override=True)
    for name, shares in terms.items():
        monkeypatch.setattr(lite.litellm, name, shares)
    provider.gives(whole(CHAT))

    async def main():
        await lite.litellm.acompletion(**lite.given)
        await until(lambda: lite.calls and lite.seen)

    run(main())
    assert outcome(lite) == [("priced", usd)]
    assert {cost for cost, _ in lite.seen} == {usd}


def test_terms_of_the_tracker_s_own_configuration(lite, provider, monkeypatch):
    """They take the place of LiteLLM's, so that nothing is taken off twice."""
    monkeypatch.setattr(lite.litellm, "cost_discount_config", {"openai": 0.5})
    monkeypatch.setattr(
        lite.tracker,
        "cost_map",
        llmcost.CostMap.bundled().with_config({"litellm_settings": {"cost_discount_config": {"openai": 0.1}}}),
    )
    provider.gives(whole(CHAT))

    async def main():
        await lite.litellm.acompletion(**lite.given)
        await until(lambda: lite.calls)

    run(main())
    assert outcome(lite) == [("priced", 0.00315)]


def test_failures(lite, provider):
    """A refusal is failed, once."""
    provider.gives(whole({"error": {"message": "no"}}, status=400))

    async def main():
        with pytest.raises(lite.litellm.BadRequestError):
            await lite.litellm.acompletion(**lite.given)
        await until(lambda: lite.calls)

    run(main())
    assert outcome(lite) == [("failed", 0.0)]


def test_a_tracked_client_inside(lite, provider):
    """A client that is tracked itself sees most: it counts, and the logger only puts its cost beside."""
    openai = optional("openai")
    client = lite.tracker.track(openai.AsyncOpenAI(api_key="x", base_url=f"{provider.url}/v1"))
    provider.gives(whole(CHAT))

    async def main():
        await lite.litellm.acompletion(**lite.given, client=client)
        await until(lambda: lite.calls and lite.seen)
        assert outcome(lite) == [("priced", 0.0035)]
        # Afterwards the client's own calls are counted as before.
        await client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
        await client.close()

    run(main())
    assert outcome(lite) == [("priced", 0.0035)]
    assert lite.seen[-1][1].response_cost == 0.0035


def test_the_application_s_own_cache(lite, provider):
    """The second answer comes from LiteLLM's cache: it costs nothing."""
    pytest.importorskip("litellm_proxy_extras")  # LiteLLM reads its cache with what its proxy needs
    provider.gives(whole(CHAT))
    lite.litellm.cache = lite.litellm.Cache(type="local")

    async def main():
        for number in (1, 2):
            await lite.litellm.acompletion(**lite.given, caching=True)
            await until(lambda number=number: len(lite.calls) == number)

    try:
        run(main())
    finally:
        lite.litellm.cache = None
    assert outcome(lite) == [("priced", 0.0035), ("cached", 0.0)]
