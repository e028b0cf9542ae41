"""The room knows no rule of pricing: it asks, joins and multiplies."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import llmcost
from llmcost.core.meters import METERS
from llmcost.core.tiers import TIER_WORDS

FILES = sorted((Path(llmcost.__file__).parent / "frames").glob("*.py"))


def words(path):
    """Return the texts of a file that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
    }
    texts = [
        n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
    ]
    return [node.value for node in texts]


def test_no_price_key_and_no_word_of_a_tier():
    """No text of the code is a price key or names a tier; those that say no tier of their own are not meant."""
    keys = {key for row in METERS.values() for key in row.keys}
    tiers = set(TIER_WORDS) - {"standard", "auto", "default", "fast", "scale", "batch"}
    for path in FILES:
        for text in words(path):
            assert "_cost_per_" not in text, f"{path.name}: {text}"
            assert not keys & {text}, f"{path.name}: {text}"
            assert text not in tiers, f"{path.name}: {text}"


def test_one_comparison_with_steps_for_frames_and_one_for_sql():
    """A value is compared with a step of the sheet in one place of each."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in FILES}
    found = [name for name, text in sources.items() for _ in re.findall(r'value > nw\.col\(f"llmcost_n_', text)]
    assert found == ["pricing.py"]
    found = [name for name, text in sources.items() for _ in re.findall(r"\{value\} > n\.\{step\}", text)]
    assert found == ["view.py"]
    assert not [name for name, text in sources.items() if re.search(r"\bthreshold\w* *[<>]|[<>]=? *threshold", text)]
