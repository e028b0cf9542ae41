"""A gateway in front of OpenAI. It says in a header what each call cost, and it answers also if pricing fails.

    pip install fastapi uvicorn openai
    OPENAI_API_KEY=... uvicorn examples.gateway:app
    curl -i localhost:8000/v1/chat/completions -H 'x-team: search' -H 'content-type: application/json' \
        -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}'

``x-llm-cost`` is the exact cost in USD. If the model has no price it is ``unknown`` and never 0: the call costs
something.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import openai
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

import llmcost

app = FastAPI()
calls: dict[str, llmcost.TrackedCall] = {}


def keep(kwargs: dict[str, Any], *_: object) -> None:
    """Keep a call until its answer is sent."""
    if kwargs["call"].session:
        calls[kwargs["call"].session] = kwargs["call"]


# Prices of one's own: cost_map=llmcost.CostMap.bundled().with_config("config.yaml").
tracker = llmcost.Tracker(success=[keep], failure=[keep], include_usage="ask")
client = tracker.track(openai.AsyncOpenAI(max_retries=0))


@app.post("/v1/chat/completions")
async def complete(request: Request) -> Response:
    """Pass a call on. What a stream costs is known at its end: see /costs."""
    body = await request.json()
    session = None if body.get("stream") else uuid4().hex
    with llmcost.context(team=request.headers.get("x-team"), session=session):
        try:
            answer = await client.chat.completions.with_raw_response.create(**body)
        except openai.APIStatusError as error:
            return JSONResponse({"error": error.body}, error.status_code, headers=header(session))
    if session is None:
        return StreamingResponse(answer.http_response.aiter_bytes(), media_type="text/event-stream")
    return Response(answer.content, media_type="application/json", headers=header(session))


def header(session: str | None) -> dict[str, str]:
    """Return what the call of a session cost, as a header."""
    call = calls.pop(session or "", None)
    return {"x-llm-cost": "unknown" if call is None or call.response_cost is None else str(call.cost)}


@app.get("/costs")
def costs() -> dict[str, str]:
    """Return what all calls cost, and how many there were of each status."""
    return {name: str(value) for name, value in tracker.stats().items()}
