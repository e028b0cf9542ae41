"""What ``llmcost spend`` looks like: on terminals of 60, 80 and 120 columns, without colour, in a pipe.

The screens are kept as text beside this file. After a change that is meant, write them anew and look at each:
``LLMCOST_WRITE_SCREENS=1 pytest tests/cli/test_spend_screens.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import llmcost
from tests.sdks import optional
from tests.spend.calls import cost, exactly

FOLDER = Path(__file__).parent / "screens"
DAY = datetime(2026, 11, 20, tzinfo=timezone.utc)
TEAMS = ("search", "support", "a-team-with-a-name-that-is-longer-than-a-narrow-terminal-has-room-for")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder with a log: teams of 12.34, 2.50 and 0.0028 USD on three days, and a lower bound."""
    optional("sqlalchemy")
    folder = tmp_path_factory.mktemp("home")
    with llmcost.SpendLog(folder / "spend.db", drain=False) as log:
        log.record(exactly("12.345678"), id="a", team=TEAMS[0], at=DAY)
        log.record(exactly("2.5"), id="b", team=TEAMS[1], user="\u202eu-1", at=DAY + timedelta(days=1))
        log.record(cost(1_234_567, 100), id="c", team=TEAMS[2], at=DAY + timedelta(days=2))
        log.record(cost(model="half"), id="d", at=DAY + timedelta(days=2, hours=1))
        log.drain()
    return folder


def environment(home):
    return {"HOME": str(home), "LLMCOST_SPEND_DB": str(home / "spend.db")}


def compare(name, text):
    path = FOLDER / f"{name}.txt"
    if os.environ.get("LLMCOST_WRITE_SCREENS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


QUESTIONS = {"team": ["--by", "team"], "day": ["--by", "day", "--since", "2026-11-20"], "tail": ["tail", "--no-follow"]}


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("question", QUESTIONS)
def test_terminals(home, question, columns):
    """No line is wider than the terminal, and no name is folded."""
    from tools.docs.terminal import bare, screen

    text = bare(screen(["spend", *QUESTIONS[question]], columns, environment(home)))
    assert max(map(len, text.splitlines())) <= columns
    compare(f"spend-{question}-{columns}", text)


def test_without_colour(home):
    """NO_COLOR: the same text, and no colour; bold and dim are left."""
    from tools.docs.terminal import bare, screen

    coloured = screen(["spend", *QUESTIONS["team"]], 80, environment(home))
    plain = screen(["spend", *QUESTIONS["team"]], 80, {**environment(home), "NO_COLOR": "1"})
    assert bare(plain) == bare(coloured)
    assert "\x1b[36m" in coloured
    assert not any(f"\x1b[{code}m" in plain for code in (*range(30, 38), *range(90, 98), "1;33"))


def test_a_pipe(home):
    """Whole names, every column, no bars, no escape sequences."""
    done = subprocess.run(
        [sys.executable, "-m", "llmcost", "spend", "--by", "team"],
        env={**os.environ, **environment(home), "COLUMNS": "60", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert "\x1b" not in done.stdout
    assert TEAMS[2] in done.stdout
    compare("spend-team-pipe", done.stdout)
