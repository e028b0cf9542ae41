"""The page on readers shows what is there."""

from __future__ import annotations

import ast
import re

import pytest

import llmcost
from tests.docs.page import DOCS, blocks

ROOT = DOCS.parent
PAGE = (DOCS / "readers.md").read_text(encoding="utf-8")
PUBLIC, *QUOTED = [content for kind, _, content, _ in blocks(PAGE) if kind == "python"]
SOURCES = [
    (ROOT / path).read_text(encoding="utf-8")
    for path in (
        "llmcost/readers/bedrock_sonic.py",
        "tests/readers/test_bedrock_sonic.py",
        "tests/laws/test_reader_laws.py",
    )
]


@pytest.mark.parametrize("block", QUOTED, ids=range(len(QUOTED)))
def test_what_is_quoted_is_the_code(block):
    """Every block stands in the worked example or in the laws, as it is."""
    assert any(block in source for source in SOURCES)


def test_what_the_public_part_says_is_so():
    """Every value in its comments is the one that comes out."""
    names: dict[str, object] = {}
    exec(compile(PUBLIC, "readers.md", "exec"), names)
    said = re.findall(r"^(usage\.\w+) +# ({.*?}|'.*?'|\d+)", PUBLIC, re.MULTILINE)
    assert [expression for expression, _ in said] == [
        "usage.quantities",
        "usage.input_tokens",
        "usage.output_tokens",
        "usage.total_tokens",
        "usage.model",
        "usage.unread",
    ]
    for expression, value in said:
        assert getattr(names["usage"], expression.removeprefix("usage.")) == ast.literal_eval(value)


def test_every_helper_that_it_names_is_there():
    """The names in its list are those of fields.py, and every error is public."""
    from llmcost.readers import fields, reader

    for name in ("sub", "items", "text", "when", "count", "whole_number", "quantity"):
        assert f"`{name}" in PAGE
        assert callable(getattr(fields, name))
    assert callable(reader.missing)
    for error in re.findall(r"`(\w+Error)`", PAGE):
        assert issubclass(getattr(llmcost, error), llmcost.LLMCostError)


def test_the_files_it_names_exist():
    """Every file that the page sends its reader to is there."""
    paths = re.findall(r"`((?:llmcost|tests)/[\w/]+\.py)`", PAGE)
    assert len(paths) >= 4
    for path in paths:
        assert (ROOT / path).exists(), path
