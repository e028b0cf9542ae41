"""Request: what a request to a provider says of the call."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import unquote

from ..core.remembering import remembered
from ..prices.hosts import host
from .json_text import value_of
from .pricing import Facts

# Where a path names the model or the deployment: Gemini and Vertex, Azure, Bedrock, Replicate.
_IN_PATH = re.compile(
    r"/(?:models|tunedModels|endpoints)/(?P<model>[^/:]+(?:/[^/:]+)?):[A-Za-z]+$"
    r"|/openai/deployments/(?P<deployment>[^/]+)/"
    r"|/model/(?P<bedrock>[^/]+)/(?:invoke|converse)"
    r"|/models/(?P<replicate>[^/]+/[^/]+)/predictions$"
)
# Sellers at whom the name in a request is that of a deployment, whatever the path.
# https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
_DEPLOYED = frozenset({"azure"})
_VERTEX = "vertex_ai"
_LOCATION = re.compile(r"/projects/[^/]+/locations/(?P<region>[^/]+)/")

# Posts without work of a model, and posts that make or change something for a later call.
_NO_CALL = re.compile(
    r"(?:count_tokens|:countTokens|:computeTokens|/input_tokens|/tokenize|/detokenize|/cancel"
    r"|/chat/completions/[^/]+|/(?:client_secrets|sessions|transcription_sessions|token)|:cancel)$"
    r"|/(?:files|uploads|assistants|fine_tuning|vector_stores|containers|evals|batches|skills|cachedContents"
    r"|organization|webhooks|tunedModels|fileSearchStores)(?:/|$)|:batchGenerateContent$|/threads(?:/[^/]+(?:/messages)?)?$"
)
# Posts that a model does work on, whatever stands before: a gateway may have a path of its own.
_CALL_AFTER_ALL = re.compile(
    r"(?:/threads/runs|/threads/[^/]+/runs|/completions|/responses|/embeddings|/v1/messages"
    r"|:generateContent|:streamGenerateContent)$"
)


@remembered(1024)
def may_be_call(method: str, path: str) -> bool:
    """Return whether a request may be a call of a model: a post, and none that only manages something.

    >>> may_be_call("POST", "/v1/chat/completions"), may_be_call("GET", "/v1/models"), may_be_call("POST", "/v1/files")
    (True, False, False)
    """
    return method == "POST" and (_NO_CALL.search(path) is None or _CALL_AFTER_ALL.search(path) is not None)


def facts_of(name: str, path: str, retry: str | None, body: dict[str, Any], seller: str | None) -> Facts:
    """Return what a request says of a call.

    Args:
        name, path: of its address.
        retry: how many attempts there were before, as Stainless's clients say in a header.
        body: its fields.
        seller: whose client sends it, for hosts that are not known.
    """
    found = host(name)
    provider, region = found if found is not None else (seller, None)
    place = _place(path)
    if provider == "azure_ai" and "/openai/" in path:
        # One resource answers for OpenAI's models and for the others.
        provider = "azure"
    if place.location is not None and (provider is None or provider == _VERTEX):
        # The path alone tells it, where a gateway's host does not.
        provider, region = _VERTEX, place.location
    if place.names:
        model, deployment = place.model, place.deployment
    else:
        model, deployment = body.get("model"), None
        model = model.removeprefix("models/") if isinstance(model, str) and model else None
    if provider in _DEPLOYED and deployment is None:
        model, deployment = None, model
    given = _given(body, place.work)
    if region is not None:
        given["region"] = region
    attempt = int(retry) + 1 if retry and retry.isdecimal() and len(retry) < 6 else None
    asks_usage = _asks_usage(body) if place.work == _WORDS and body.get("stream") else None
    return Facts(model, provider, deployment, attempt, given, asks_usage)


def fields_of_body(content: str | bytes | bytearray) -> dict[str, Any]:
    """Return the fields of a body of JSON; none for anything else."""
    try:
        value = value_of(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


_WORDS, _MEDIA, _SPEECH, _OTHER = range(4)


class _Place(NamedTuple):
    """What the path of a request says.

    Attributes:
        model, deployment: which of them it names, if it names one (``names``).
        location: the location of Vertex in it.
        work: which kind of work it asks for, where that decides which fields of the request count.
    """

    names: bool
    model: str | None
    deployment: str | None
    location: str | None
    work: int


@remembered(1024)
def _place(path: str) -> _Place:
    match, location = _IN_PATH.search(path), _LOCATION.search(path)
    model = deployment = None
    if match is not None:
        found = match.groupdict()
        deployment = found["deployment"]
        model = found["model"] or found["bedrock"] or found["replicate"]
    work = _OTHER
    if "/images/" in path or path.endswith("/videos") or "/videos/" in path:
        work = _MEDIA
    elif path.endswith("/audio/speech"):
        work = _SPEECH
    elif path.endswith("/completions"):
        work = _WORDS
    return _Place(
        match is not None,
        None if model is None else unquote(model),
        None if deployment is None else unquote(deployment),
        None if location is None else location["region"],
        work,
    )


def _given(body: dict[str, Any], work: int) -> dict[str, Any]:
    """Return the keywords of ``calculate`` that a request states."""
    given: dict[str, Any] = {}
    tier = body.get("service_tier") or body.get("serviceTier")
    tier = tier.get("type") if isinstance(tier, dict) else tier
    if isinstance(tier, str):
        given["service_tier"] = tier
    if "tools" in body or "web_search_options" in body:
        size = _search_size(body)
        if size is not None:
            given["search_context_size"] = size
    if work == _MEDIA:
        for name in ("size", "quality", "resolution"):
            if isinstance(body.get(name), str) and body[name] != "auto":
                given[name] = body[name]
        if str(body.get("n", "")).isdigit():
            given["n"] = int(body["n"])
        if str(body.get("seconds", "")).isdigit():
            given["duration"] = int(body["seconds"])
    elif work == _SPEECH and isinstance(body.get("input"), str):
        given["characters"] = len(body["input"])
    return given


def _search_size(body: dict[str, Any]) -> str | None:
    options, tools = body.get("web_search_options"), body.get("tools")
    for place in (options, *(tools if isinstance(tools, list) else ())):
        size = place.get("search_context_size") if isinstance(place, dict) else None
        if isinstance(size, str):
            return size
    return None


def _asks_usage(body: dict[str, Any]) -> bool:
    """Return whether a stream of OpenAI's completions asks for its usage."""
    options = body.get("stream_options")
    return bool(isinstance(options, dict) and options.get("include_usage"))
