"""The page on integrations does what it says, with the frameworks themselves where they are installed."""

from __future__ import annotations

import pytest

from tests.docs.page import DOCS, Typist, blocks
from tests.servers.provider import whole
from tests.tracking.test_clients import CHAT, RESPONSE

PAGE = DOCS / "integrations.md"
TEXT = PAGE.read_text(encoding="utf-8")
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "hi", "annotations": []}],
}
ANSWERS = {"pydantic_ai": CHAT, "agents": {**RESPONSE, "output": [MESSAGE]}}

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("framework", ANSWERS)
def test_a_session_of_a_framework(provider, framework):
    """The answer costs what the page says; the call without room is not sent, and the host sees our error."""
    pytest.importorskip(framework)
    found = {name: (content, line) for kind, name, content, line in blocks(TEXT) if kind == "python" and name}
    assert found.keys() == ANSWERS.keys()
    provider.gives(whole(ANSWERS[framework]))
    reader = Typist(PAGE, {"SERVER": provider.url})

    reader.types(*found[framework])

    assert reader.examples()
    assert len(provider.requests) == 1
