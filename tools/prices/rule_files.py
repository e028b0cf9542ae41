"""Edits of the hand-kept TOML files that leave everything else as it stands, comments above all.

A file is a row of blocks: the comment lines directly above a ``[[header]]``, the header, and what follows up to the
next block. Every edit is read back: if a block does not say afterwards what it was to say, it is left as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HEADER = re.compile(r"\[\[(\w+)\]\]")


@dataclass
class Block:
    """One rule of a file, or what stands before the first one."""

    name: str
    text: str

    def rule(self) -> dict[str, Any]:
        """Return what the block says."""
        return dict(parse_toml(self.text)[self.name][0])


def blocks(text: str) -> list[Block]:
    r"""Return the blocks of a file; together they are the file.

    >>> [block.text for block in blocks("# a\n\n# b\n[[x]]\nn = 1\n\n[[y]]\n")]
    ['# a\n\n', '# b\n[[x]]\nn = 1\n\n', '[[y]]\n']
    """
    lines = text.splitlines(keepends=True)
    found, start, name = [], 0, ""
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if not header:
            continue
        first = number
        while first > start and lines[first - 1].startswith("#"):
            first -= 1
        found.append(Block(name, "".join(lines[start:first])))
        start, name = first, header[1]
    found.append(Block(name, "".join(lines[start:])))
    return [block for block in found if block.text]


def edited(text: str, name: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> str:
    """Return a file with every rule of a name changed: `change` returns the rule as it is to be, None to drop it."""
    kept = []
    for block in blocks(text):
        if block.name != name:
            kept.append(block.text)
            continue
        before = block.rule()
        after = change(block.rule())
        if after is None:
            kept.append(_tail(block.text))
            continue
        kept.append(block.text if after == before else _rewritten(block, before, after))
    return "".join(kept)


def _tail(text: str) -> str:
    r"""Return the comments below a rule that belong to what follows it: the heading of the next part.

    >>> _tail("[[x]]\nn = 1\n\n# ---- next ----\n\n"), _tail("[[x]]\nn = 1\n\n")
    ('# ---- next ----\n\n', '')
    """
    lines = text.splitlines(keepends=True)
    end = len(lines)
    while lines[end - 1].startswith("#") or not lines[end - 1].strip():
        end -= 1
    return "".join(lines[end:]).lstrip("\n")


def _rewritten(block: Block, before: dict[str, Any], after: dict[str, Any]) -> str:
    text = block.text
    for field in ("ids", "id", "like"):
        if isinstance(before.get(field), list) and after.get(field) != before[field]:
            text = _without_items(text, field, [item for item in before[field] if item not in after[field]])
    for key in before.get("keys", {}).keys() - after.get("keys", {}).keys():
        text = re.sub(rf"^(keys\.)?{re.escape(key)} *=.*\n", "", text, flags=re.MULTILINE)
        text = re.sub(rf"(?<=[{{,]) *{re.escape(key)} *= *(\"[^\"]*\"|\[[^\]]*\]) *,?", "", text)
    try:
        said = Block(block.name, text).rule()
    except ValueError:
        return block.text
    return text if said == after else block.text


def _without_items(text: str, field: str, items: Iterable[str]) -> str:
    """Return a block with items taken out of the list of a field, which may span lines."""
    start = re.search(rf"^{field} *= *\[", text, re.MULTILINE)
    if start is None:
        return text
    end = text.index("]", start.end())
    listed = text[start.end() : end]
    for item in items:
        listed = re.sub(rf'"{re.escape(item)}" *,? *', "", listed, count=1)
    return text[: start.end()] + listed.rstrip(", ") + text[end:]
