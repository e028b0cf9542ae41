"""The picture of ``llmcost sessions --plot`` for the docs, of made-up sessions of two agents, the same at each run.

python -m tools.docs.sessions_shot          # needs plotext
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

from .terminal import screen

PICTURE = Path(__file__).parents[2] / "docs" / "sessions-terminal.svg"
START, DAYS = datetime(2026, 11, 1, tzinfo=timezone.utc), 21
_MODELS = ("claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001", "claude-opus-4-5-20251101")
_COMMANDS = (["--plot", "--since", "2026-11-09"], ["--by", "project"])
_COLUMNS = 92
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def _message(chance: random.Random, number: int, at: datetime) -> dict[str, object]:
    usage = {
        "input_tokens": chance.randrange(20),
        "cache_creation_input_tokens": chance.randrange(8000),
        "cache_read_input_tokens": chance.randrange(120_000),
        "output_tokens": chance.randrange(2500),
    }
    body = {"id": f"msg_{number}", "type": "message", "role": "assistant", "model": chance.choice(_MODELS)}
    return {
        "type": "assistant",
        "sessionId": f"s{number // 40}",
        "cwd": chance.choice(("/project/shop", "/project/shop", "/project/search", "/project/docs")),
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "requestId": f"req_{number}",
        "message": {**body, "stop_reason": "end_turn", "usage": usage},
    }


def fill(home: Path) -> None:
    """Write messages of three weeks: many on working days, few on the others."""
    chance, number = random.Random(19), 0  # noqa: S311 - test data
    folder = home / ".claude" / "projects" / "-project"
    folder.mkdir(parents=True)
    for day in range(DAYS):
        at = START + timedelta(days=day, hours=9)
        with (folder / f"day-{day}.jsonl").open("w") as file:
            for _ in range(chance.randrange(10, 40) if at.weekday() >= 5 else chance.randrange(60, 220)):
                at += timedelta(seconds=chance.randrange(20, 200))
                file.write(json.dumps(_message(chance, number, at)) + "\n")
                number += 1


def main() -> None:
    """Make the picture."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=_COLUMNS, file=StringIO(), highlight=False)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        fill(home)
        own = {"HOME": name, "XDG_CACHE_HOME": str(home / ".cache"), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""}
        own |= dict.fromkeys(("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "OPENCODE_DATA_DIR"), "")
        for number, arguments in enumerate(_COMMANDS):
            if number:
                console.print()
            console.print(Text(f"$ llmcost sessions {' '.join(arguments)}", style="bold"))
            written = screen(["sessions", *arguments], _COLUMNS, own).rstrip("\n")
            console.print(Text.from_ansi(written))
    # A name of its own for its styles, so that it is the same at each run; and no fonts from a server.
    picture = console.export_svg(title="llmcost sessions", unique_id="sessions")
    PICTURE.write_text(_FONT.sub("", picture).replace("Fira Code", "DejaVu Sans Mono"), encoding="utf-8")
    print(f"{PICTURE.name}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
