"""The reader that docs/readers.md shows is the one of the package, and it works as shown."""

from __future__ import annotations

import re
from pathlib import Path

from llmcost.readers import openai_moderation

TEXT = (Path(__file__).parents[2] / "docs" / "readers.md").read_text(encoding="utf-8")


def test_the_example_reads_what_the_package_reads():
    """The page's code, run in the package's place, gives the same usage and recognises the same shapes."""
    (code, *_) = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    names = {"__name__": "llmcost.readers.example", "__package__": "llmcost.readers"}
    exec(code, names)  # noqa: S102 - the code of our own page
    response = {"id": "modr-1", "model": "m", "results": [{"flagged": False, "categories": {}}]}
    for fields in (response, {"results": [{"index": 0}]}, {**response, "usage": {}}, {"id": "modr-1", "results": []}):
        assert names["recognises"](fields) == openai_moderation.recognises(fields)
    assert names["read"](response) == openai_moderation.read(response)
    assert names["READER"].name == openai_moderation.READER.name


def test_the_files_it_names_exist():
    """Every file that the page sends its reader to is there."""
    root = Path(__file__).parents[2]
    for path in re.findall(r"`((?:llmcost|tests)/[\w/]+\.py)`", TEXT):
        assert (root / path).exists(), path
