"""LiteLLM: a logger that prices its calls, in the SDK, in a Router and in a proxy.

::

    litellm.callbacks = [llmcost.integrations.litellm.logger]

    litellm_settings:            # config.yaml of a proxy
      callbacks: llmcost.integrations.litellm.logger

It puts ``kwargs["llmcost"]``, a Cost, beside ``kwargs["response_cost"]``, and enters each call once in its tracker,
whose handlers are ``llmcost.success_callback`` and ``llmcost.failure_callback``.
https://docs.litellm.ai/docs/observability/custom_callback
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, Any

from litellm.integrations.custom_logger import CustomLogger

from ..api.costmap import CostMap
from ..api.given import prices_among
from ..core.notes import Note
from ..core.remembering import LONGEST
from ..errors import MissingUsageError
from ..tracking.attempt import Attempt
from ..tracking.context import Behalf, Cover, behalf
from ..tracking.default import DEFAULT
from ..tracking.failures import error_of, reached
from ..tracking.loops import current_loop
from ..tracking.pricing import Facts
from ..tracking.usages import usage_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.usage import Usage
    from ..tracking.call import TrackedCall
    from ..tracking.ledger import Ledger
    from ..tracking.runs import Runs

# Calls that are known at once. LiteLLM tells of each several times, and of a stream that is left early never.
_MOST = 10_000
# Where LiteLLM says that a call ran, the strongest first: its parameters for Vertex and Bedrock, and for the regional
# hosts of OpenAI.
_PLACES = ("vertex_location", "vertex_ai_location", "aws_region_name", "region_name", "data_residency")
_VERTEX = ("vertex_ai", "vertex_ai_beta")
# Its discounts and margins, by provider.
_TERMS = ("cost_discount_config", "cost_margin_config")
# Calls whose parameters in LiteLLM say what was made.
_MEDIA = ("image", "video")


class Logger(CustomLogger):  # type: ignore[misc]
    """Prices the calls of LiteLLM by what it knows of them, and enters each once.

    Args:
        tracker: where calls are entered; the default one if it is not given.
        override: whether ``kwargs["response_cost"]`` becomes our number, for every handler that runs afterwards.
    """

    def __init__(self, tracker: Ledger | None = None, *, override: bool = False) -> None:
        super().__init__()
        self._ledger, self._override = tracker if tracker is not None else DEFAULT, override
        self._lock = RLock()
        self._begun: dict[str, tuple[Cover, Behalf]] = {}
        self._priced: dict[str, TrackedCall | None] = {}
        self._failed: dict[tuple[str, int], None] = {}
        # LiteLLM's discounts and margins, as they were last read.
        self._read: tuple[object, Any] = (None, None)

    # LiteLLM calls these by the names of their arguments.

    def log_pre_api_call(self, model: Any, messages: Any, kwargs: dict[str, Any]) -> None:
        """Note on whose behalf a call is made, and cover it: a client that is tracked itself counts it."""
        del model, messages
        self._ledger.guard.call("litellm", self._begin, kwargs)

    def _begin(self, kwargs: dict[str, Any]) -> None:
        cover = Cover(lasting=True)
        cover.enter()
        with self._lock:
            _keep(self._begun, _name_of(kwargs), (cover, behalf()))

    def logging_hook(self, kwargs: dict[str, Any], result: Any, call_type: str) -> tuple[dict[str, Any], Any]:
        """Return the arguments of the handlers, with our cost beside LiteLLM's."""
        self._ledger.dispatch.later(
            self._ledger.guard.call("litellm", self._seen, kwargs, result, call_type, default=())
        )
        return kwargs, result

    async def async_logging_hook(
        self, kwargs: dict[str, Any], result: Any, call_type: str
    ) -> tuple[dict[str, Any], Any]:
        """Return the arguments of the handlers, with our cost beside LiteLLM's."""
        for coroutine in self._ledger.guard.call("litellm", self._seen, kwargs, result, call_type, default=()):
            await coroutine
        return kwargs, result

    def log_failure_event(self, kwargs: dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Enter a call that failed."""
        del response_obj
        left = self._ledger.guard.call("litellm", self._broken, kwargs, start_time, end_time, default=())
        self._ledger.dispatch.later(left)

    async def async_log_failure_event(
        self, kwargs: dict[str, Any], response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """Enter a call that failed."""
        del response_obj
        for coroutine in self._ledger.guard.call("litellm", self._broken, kwargs, start_time, end_time, default=()):
            await coroutine

    def _seen(self, kwargs: dict[str, Any], result: Any, call_type: str) -> Sequence[Runs]:
        response = result
        if kwargs.get("stream"):
            # A sync stream tells of every chunk; what counts is the answer that LiteLLM puts together at its end.
            response = kwargs.get("async_complete_streaming_response") or kwargs.get("complete_streaming_response")
            if response is None:
                return ()
        name = _name_of(kwargs)
        with self._lock:
            first = name not in self._priced
            if first:
                _keep(self._priced, name, None)
            cover, who = self._begun.get(name, (None, None))
        if not first:
            self._put(kwargs, self._priced.get(name))
            return ()
        attempt = self._attempt(kwargs, call_type, who)
        call = attempt.measured(lambda: _usage(response, streamed=bool(kwargs.get("stream"))))
        with self._lock:
            self._priced[name] = call
        self._put(kwargs, call)
        if call is None or (cover is not None and cover.counted):
            return ()
        if cover is not None:
            cover.count()
        return self._ledger.settled(call, response, attempt.loop)

    def _put(self, kwargs: dict[str, Any], call: TrackedCall | None) -> None:
        if call is None:
            return
        kwargs["llmcost"] = call.cost
        if self._override:
            kwargs["response_cost"] = call.response_cost
            payload = kwargs.get("standard_logging_object")
            if isinstance(payload, dict):
                payload["response_cost"] = call.response_cost

    def _broken(self, kwargs: dict[str, Any], start: Any, end: Any) -> Sequence[Runs]:
        error = kwargs.get("exception")
        name = _name_of(kwargs)
        with self._lock:
            # One attempt is told of by both kinds of handlers, with the same exception.
            if (name, id(error)) in self._failed:
                return ()
            _keep(self._failed, (name, id(error)), None)
            cover, who = self._begun.get(name, (None, None))
        if cover is not None and cover.counted:
            return ()
        attempt = self._attempt({"start_time": start, "end_time": end, **kwargs}, str(kwargs.get("call_type")), who)
        if not isinstance(error, BaseException):
            return attempt.broke(None)
        failure = error_of(error)
        return attempt.broke(failure) if reached(error, failure) else attempt.failed(failure)

    def _attempt(self, kwargs: Mapping[str, Any], call_type: str, who: Behalf | None) -> Attempt:
        name = kwargs.get("litellm_call_id")
        attempt = Attempt(
            self._ledger,
            lambda: _facts(kwargs, call_type)._replace(terms=self._ledger.guard.call("litellm", self._terms)),
            current_loop(),
            id=str(name) if name else None,
        )
        attempt.for_whom(_behalf(kwargs, who or behalf()))
        start, end = kwargs.get("start_time"), kwargs.get("end_time")
        if isinstance(start, datetime) and isinstance(end, datetime):
            first = kwargs.get("completion_start_time")
            attempt.timed(start, first if isinstance(first, datetime) else None, end)
        return attempt

    def _terms(self) -> Any:
        """Return the discounts and margins that LiteLLM applies to its own costs; None without any."""
        import litellm

        stated = {name: shares for name in _TERMS if (shares := getattr(litellm, name, None))}
        if not stated:
            return None
        # A change is made in the same mapping, so that its content is compared.
        said = repr(stated)
        if self._read[0] != said:
            self._read = said, CostMap({}).with_config({"litellm_settings": stated}).deployments
        return self._read[1]


def _name_of(kwargs: Mapping[str, Any]) -> str:
    """Return the id of a call, or the digest of a long one: a proxy takes the id from a header of the request."""
    name = str(kwargs.get("litellm_call_id"))
    return name if len(name) <= LONGEST else sha256(name.encode("utf-8", "replace")).hexdigest()


def _keep(kept: dict[Any, Any], name: Any, value: Any) -> None:
    if len(kept) >= _MOST:
        del kept[next(iter(kept))]
    kept[name] = value


def _usage(response: Any, *, streamed: bool) -> Usage:
    """Return the usage of a response, without the cost that LiteLLM has computed and written into it."""
    usage = usage_of(response)
    if usage.booked:
        usage = usage.replaced(reported=None, booked=False)
    if streamed and not (usage.quantities or usage.alternatives or usage.parts or usage.duration or usage.free):
        raise MissingUsageError("LiteLLM put together a stream that stated no usage: call with include_usage")
    choices = getattr(response, "choices", None)
    if streamed and choices and all(getattr(choice, "finish_reason", None) is None for choice in choices):
        said = "the stream has no end: LiteLLM has estimated what it did not state"
        usage = usage.replaced(partial=True, notes=(*usage.notes, Note("estimated_tokens", said)))
    return usage


def _facts(kwargs: Mapping[str, Any], call_type: str) -> Facts:
    """Return what LiteLLM knows of a call: the model behind an alias, and the prices of its deployment."""
    params = _mapping(kwargs.get("litellm_params"))
    info = {**_mapping(_mapping(params.get("metadata")).get("model_info")), **_mapping(params.get("model_info"))}
    given: dict[str, Any] = {}
    prices = {**prices_among(info), **prices_among(params)}
    if prices:
        given["prices"] = prices
    base = params.get("base_model") or info.get("base_model")
    if isinstance(base, str):
        given["base_model"] = base
    if kwargs.get("cache_hit") is True:
        given["cache_hit"] = True
    optional = _mapping(kwargs.get("optional_params"))
    names = ["service_tier"]
    if any(word in call_type for word in _MEDIA):
        names += ["size", "quality", "n"]
    given.update({name: optional[name] for name in names if optional.get(name) is not None})
    model, provider = kwargs.get("model"), kwargs.get("custom_llm_provider") or params.get("custom_llm_provider")
    model = model if isinstance(model, str) and model else None
    provider = provider if isinstance(provider, str) and provider else None
    place = _text(optional, *_PLACES) or _text(params, *_PLACES) or _default_place(provider)
    if place is not None:
        given["region"] = place
    priced_under = _text(info, "pricing_provider")
    if provider == "azure" and base is None and not prices and priced_under is None:
        # The name of a deployment is its owner's, and says nothing of the model.
        return Facts(model, provider, model, None, given)
    return Facts(model, priced_under or provider, None, None, given)


def _default_place(provider: str | None) -> str | None:
    """Return where LiteLLM calls a model of Vertex if nothing else says where it runs."""
    import litellm

    place = getattr(litellm, "vertex_location", None) if provider is not None and provider in _VERTEX else None
    return place if isinstance(place, str) and place else None


def _behalf(kwargs: Mapping[str, Any], who: Behalf) -> Behalf:
    """Return on whose behalf a call is made: as LiteLLM's payload says, else as ``llmcost.context`` does."""
    payload = _mapping(kwargs.get("standard_logging_object"))
    metadata = _mapping(payload.get("metadata"))
    tags = payload.get("request_tags")
    return Behalf(
        _text(metadata, "user_api_key_team_alias", "user_api_key_team_id") or who.team,
        _text(metadata, "user_api_key_user_id") or _text(payload, "end_user") or _text(kwargs, "user") or who.user,
        _text(payload, "session_id") or who.session,
        tuple(dict.fromkeys((*who.tags, *(str(tag) for tag in tags if tag)))) if isinstance(tags, list) else who.tags,
        who.metadata,
    )


def _text(fields: Mapping[str, Any], *names: str) -> str | None:
    return next((fields[name] for name in names if isinstance(fields.get(name), str) and fields[name]), None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


logger = Logger()
