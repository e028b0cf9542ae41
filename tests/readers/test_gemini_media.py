"""Gemini's answers that hold media, and do not split their tokens by modality."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage
from tests.sdks import Kind

GenerateContentResponse = Kind("google.genai.types.GenerateContentResponse")

RATES = {"input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06, "output_cost_per_image_token": 3e-05}
PRICES = CostMap({"gemini-image": {**RATES, "output_cost_per_audio_token": 1e-05}})
COUNTED = {"promptTokenCount": 10, "candidatesTokenCount": 1290, "totalTokenCount": 1300}


def response(*parts, **counters):
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": "STOP"}
    return {"candidates": [candidate], "modelVersion": "gemini-image", "usageMetadata": {**COUNTED, **counters}}


def data(mime):
    return {"inlineData": {"mimeType": mime, "data": "AAAA"}}


@pytest.mark.parametrize(("mime", "meter"), [("image/png", "output_image"), ("audio/L16", "output_audio")])
def test_media_alone(mime, meter):
    """1290 tokens of an image at 30 a million, or of speech at 10, and 10 x 3e-7; a thought is counted apart."""
    amount = {"output_image": "0.0387", "output_audio": "0.0129"}[meter]
    for raw in (response(data(mime)), response({"text": "Hm", "thought": True}, data(mime))):
        cost = PRICES.calculate(raw)
        assert [(line.meter, line.amount) for line in cost.line_items] == [
            ("input", Decimal("0.000003")),
            (meter, Decimal(amount)),
        ]
        assert [note.code for note in cost.notes] == ["modality_assumed"]


def test_media_beside_text():
    """How many of the tokens are the image is not told: as text they are the least that it can cost."""
    cost = PRICES.calculate(response({"text": "Here"}, data("image/png")))
    assert (cost.total, cost.lower_bound) == (Decimal("0.003228"), True)
    assert [note.code for note in cost.notes] == ["left_out"]


def test_media_beside_text_in_a_stream():
    """The same bound where the parts come one by one, and the stream did not break off."""
    first = response({"text": "Here"}, candidatesTokenCount=1, totalTokenCount=11)
    last = response(data("image/png"))
    usage = read_usage([first, last])
    assert (usage.quantities, usage.partial) == ({"input": 10, "output": 1290}, True)
    cost = PRICES.calculate([first, last])
    assert (cost.total, [note.code for note in cost.notes]) == (Decimal("0.003228"), ["left_out"])
    del last["candidates"][0]["finishReason"], first["candidates"][0]["finishReason"]
    assert [note.code for note in PRICES.calculate([first, last]).notes] == ["left_out", "broken_off"]


def test_media_beside_a_call_of_a_function():
    """The call is text too, and its tokens are among the 1290."""
    usage = read_usage(response({"functionCall": {"name": "f"}}, data("image/png")))
    assert (usage.quantities, usage.partial) == ({"input": 10, "output": 1290}, True)


def test_a_picture_that_code_has_drawn():
    """The tokens are those of the code, alone and in a stream: its output is no answer of the model."""
    code = {"executableCode": {"language": "PYTHON", "code": "plot()"}}
    ran = {"codeExecutionResult": {"outcome": "OUTCOME_OK"}}
    for raw in (response(code, ran, data("image/png")), [response(code, ran), response(data("image/png"))]):
        usage = read_usage(raw)
        assert (usage.quantities, usage.partial, usage.notes) == ({"input": 10, "output": 1290}, False, ())


def test_a_picture_inside_the_thoughts():
    """It is counted in the thoughts, so that the answer is what stands beside it."""
    usage = read_usage(response({**data("image/png"), "thought": True}, {"text": "Here"}))
    assert (usage.quantities, usage.partial, usage.notes) == ({"input": 10, "output": 1290}, False, ())


def test_tokens_that_are_split():
    """The details say it, whatever the answer holds: 1290 x 3e-5."""
    details = [{"modality": "IMAGE", "tokenCount": 1290}]
    usage = read_usage(response({"text": "Here"}, data("image/png"), candidatesTokensDetails=details))
    assert (usage.quantities, usage.notes) == ({"input": 10, "output_image": 1290}, ())


def test_other_parts_are_text():
    """A call of a function, and data of no kind of media that a model answers with, are billed as text."""
    for part in ({"functionCall": {"name": "f"}}, data("application/pdf"), {"text": "Hi"}):
        assert read_usage(response(part)).quantities == {"input": 10, "output": 1290}


def test_an_event_of_the_agent_development_kit():
    """It holds the content itself, alone and in a list of events."""
    whole = response(data("image/png"))
    event = {**whole["candidates"][0], "author": "painter", **whole}
    del event["candidates"]
    assert read_usage(event).quantities == read_usage([event]).quantities == {"input": 10, "output_image": 1290}


def test_stream_and_sdk_object():
    """The image stands in an earlier chunk than the counters; the SDK spells its fields in snake_case."""
    whole = response(data("image/png"))
    wanted = read_usage(whole).quantities
    first = {**whole, "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}}
    last = {**response({"text": ""}), "candidates": [{"content": {"parts": [{"text": ""}]}, "finishReason": "STOP"}]}
    assert read_usage([first, last]).quantities == wanted
    assert read_usage(GenerateContentResponse.model_validate(whole)).quantities == wanted
    assert read_usage(GenerateContentResponse.model_validate(whole).model_dump()).quantities == wanted


def test_a_turn_of_the_live_api():
    """What the model says before the counters is their answer, and no part of the next turn: 50 x 1e-5 of speech."""
    said = {"serverContent": {"modelTurn": {"parts": [data("audio/pcm")]}}}
    counted = {"usageMetadata": {"promptTokenCount": 10, "responseTokenCount": 50, "totalTokenCount": 60}}
    turns = read_usage([said, counted, counted]).parts
    assert [turn.quantities for turn in turns] == [{"input": 10, "output_audio": 50}, {"input": 10, "output": 50}]
    assert PRICES.calculate([said, counted], model="gemini-image").total == Decimal("0.000503")
    spoken = {"serverContent": {"modelTurn": {"parts": [{"text": "Here"}, data("audio/pcm")]}}}
    usage = read_usage([spoken, counted])
    assert (usage.quantities, usage.partial) == ({"input": 10, "output": 50}, True)
    split = {"responseTokensDetails": [{"modality": "TEXT", "tokenCount": 50}]}
    told = {"usageMetadata": {**counted["usageMetadata"], **split}}
    assert read_usage([said, told]).quantities == {"input": 10, "output": 50}
