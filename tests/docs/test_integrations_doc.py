"""The page on integrations does what it says, with the frameworks themselves where they are installed."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.servers.provider import whole
from tests.tracking.test_clients import CHAT, RESPONSE

PAGE = Path(__file__).parents[2] / "docs" / "integrations.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python (\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
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
    blocks = {found[1]: found for found in BLOCK.finditer(TEXT)}
    assert blocks.keys() == ANSWERS.keys()
    found = blocks[framework]
    provider.gives(whole(ANSWERS[framework]))
    line = TEXT.count("\n", 0, found.start()) + 1
    session = doctest.DocTestParser().get_doctest(found[2], {"SERVER": provider.url}, f"line {line}", PAGE.name, line)
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS)

    runner.run(session)

    assert runner.summarize(verbose=False).failed == 0
    assert len(provider.requests) == 1
