"""Write the table of docs/readers.md: each shape, who sends it, what is read of its counters, what is ignored and why.

Run ``python -m tools.docs.readers_table``; with ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from llmcost.readers import dialects
from llmcost.readers.known import COMMON, discovered
from llmcost.readers.unknown import IGNORED_BEGINNINGS, IGNORED_ENDS, IGNORED_MIDDLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmcost.readers.reader import Block, Reader

TARGET = Path(__file__).resolve().parents[2] / "docs" / "readers.md"
HEAD = """## What is read of each shape

(This part is written from the tables of the readers by `python -m tools.docs.readers_table`.)

A name that is neither read nor ignored, and holds a number above 0, is in `usage.unread`. Names of inner objects have
the object's name and a dot before them. Before a colon stands where the names are found.

"""
TABLE = "| shape | where it comes from | read | ignored, and why |\n|---|---|---|---|\n"


def table() -> str:
    """Return the part of the page, from its head on.

    >>> table().splitlines()[0]
    '## What is read of each shape'
    """
    rows = [_row(reader.name, _about(reader), list(_places(reader))) for reader in (*COMMON, *discovered())]
    found = HEAD + "### Readers\n\n" + TABLE + "".join(rows)
    found += "\n### Dialects\n\nNames that vendors add to the usage object of OpenAI's envelope.\n\n" + TABLE
    for module in sorted(iter_modules(dialects.__path__), key=lambda m: m.name):
        inside = import_module(f"{dialects.__name__}.{module.name}")
        if hasattr(inside, "BLOCK"):
            found += _row(module.name, _first_line(inside.__doc__), [("", inside.BLOCK)])
    found += "\n### Ignored everywhere\n\n| names | why |\n|---|---|\n"
    for words, names in (("end in", IGNORED_ENDS), ("begin with", IGNORED_BEGINNINGS), ("hold", IGNORED_MIDDLES)):
        found += "".join(f"| that {words} `{name}`, in any case | {why} |\n" for name, why in names.items())
    return found


def _places(reader: Reader) -> Iterator[tuple[str, Block | str]]:
    if isinstance(reader.blocks, str):
        yield "", reader.blocks
        return
    yield from reader.blocks.items()


def _row(name: str, about: str, places: list[tuple[str, Block | str]]) -> str:
    read, ignored = [], []
    for place, block in places:
        before = f"{place}: " if place else ""
        if isinstance(block, str):
            read.append(f"no counters of its own: {block}")
            continue
        names, reasons = list(_read(block, "")), list(_ignored(block, ""))
        if names:
            read.append(before + ", ".join(f"`{each}`" for each in names))
        if reasons:
            ignored.append(before + "; ".join(f"`{each}`: {why}" for each, why in reasons))
    cells = (name, about, "<br>".join(read), "<br>".join(ignored))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _read(block: Block, path: str) -> Iterator[str]:
    yield from (f"{path}{name}" for name in sorted(block.read))
    yield from (f"{path}*{end}" for end in block.ends)
    for name, inner in sorted(block.inner.items()):
        yield from _read(inner, f"{path}{name}.")


def _ignored(block: Block, path: str) -> Iterator[tuple[str, str]]:
    yield from ((f"{path}{name}", why) for name, why in sorted(block.ignored.items()))
    for name, inner in sorted(block.inner.items()):
        yield from _ignored(inner, f"{path}{name}.")


def _about(reader: Reader) -> str:
    return _first_line(sys.modules[reader.recognises.__module__].__doc__)


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0].replace("``", "`")


def page(text: str) -> str:
    """Return the page with this part at its end, in the place of the one that it has."""
    return text.partition(HEAD.splitlines()[0])[0].rstrip("\n") + "\n\n" + table()


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` compare it; return the exit code."""
    text = TARGET.read_text(encoding="utf-8")
    if arguments == ["--check"]:
        return int(text != page(text))
    TARGET.write_text(page(text), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
