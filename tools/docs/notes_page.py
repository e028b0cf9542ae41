"""Write docs/notes.md: the codes of notes, and what each says.

Run ``python -m tools.docs.notes_page``; with ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import sys
from pathlib import Path

from llmcost.core.note_codes import CODES

TARGET = Path(__file__).resolve().parents[2] / "docs" / "notes.md"
HEAD = """# Notes

A note says what was decided or assumed for a call. It is a text with a code. The text may change; the
code stays the same.

```python
>>> import llmcost
>>> usage = {"input_tokens": 100, "cache_creation_input_tokens": 2000, "output_tokens": 10}
>>> cost = llmcost.calculate(usage=usage, model="claude-sonnet-4-5")
>>> for note in cost.notes:
...     print(note.code, note.about, note, sep=" | ")
ttl_assumed | cache_write | ttl unknown, 5m rate used

```

- `cost.notes` holds all notes of a call, with those of its lines.
- `line.notes` holds the notes of one line. `line.note` joins them into one text, with the code of the first.
- `usage.notes` holds the notes of a reader.
- `note.about` is the meter, price key, counter, model or layer that a note is about. It is None for the whole call.
- `to_dict()` writes each note as `{"code": ..., "text": ..., "about": ...}`.

(`python -m tools.docs.notes_page` writes the table from the package.)

| code | what it says |
|---|---|
"""


def page() -> str:
    """Return the page.

    >>> page().splitlines()[0]
    '# Notes'
    """
    return HEAD + "".join(f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items())


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` compare it; return the exit code."""
    if arguments == ["--check"]:
        return int(TARGET.read_text(encoding="utf-8") != page())
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
