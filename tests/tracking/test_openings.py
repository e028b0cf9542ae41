"""Openings: what a request leaves open."""

from __future__ import annotations

import pytest

from llmcost.tracking.openings import openings_of

KINDS = (
    *("image_url", "input_image", "input_audio", "input_file", "file", "image", "video", "video_url", "document"),
    *("audio", "container_upload", "inlineData", "inline_data", "fileData", "file_data"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_medium_is_more_than_its_text(kind):
    """By the type of a part of the prompt, or by its key: its bytes do not bound its tokens."""
    for part in ({"type": kind}, {kind: {"data": "x"}}):
        assert openings_of({"messages": [{"role": "user", "content": [part]}]}).more == kind
    assert openings_of({"messages": [{"role": "user", "content": kind}]}).more == ""


@pytest.mark.parametrize("name", ["functionDeclarations", "function_declarations", "toolSpec", "cachePoint"])
def test_a_function_of_the_caller_has_no_fee(name):
    assert openings_of({"tools": [{name: []}]}).fees == ()
    assert openings_of({"tools": [{f"{name}x": []}]}).fees == (f"{name}x",)


def test_a_request_that_holds_itself_has_an_end():
    """The host's own call goes on, whatever it makes of such a request; what the request holds is seen once."""
    message = {"role": "user", "content": [{"type": "image_url"}]}
    message["content"].append(message)
    messages = [message]
    messages.append(messages)
    assert openings_of({"messages": messages}).more == "image_url"
