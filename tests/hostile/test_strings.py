"""No text of a response, a map, a file or a caller reaches a screen, a log, a page or a table as something to obey."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import select
import subprocess
import sys
import time
import unicodedata
import warnings
from datetime import datetime, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner

import llmcost
from llmcost import CostMap, LLMCostError, Note
from llmcost.api.logged import LoggedCostMap
from llmcost.cli._app import app
from tests.sdks import optional

from .strings import STRINGS, WHOLE, is_safe

SECRET = "sk-never-shown-4711"
ROOT = str(Path(llmcost.__file__).parents[1])
ROW = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
# Colours are what we send; nothing else that begins with an escape is.
COLOURS = re.compile("\x1b\\[[0-9;]*m")
# Where rich draws a progress bar: the cursor is hidden and shown, a line is erased, and the cursor goes up.
DRAWN = re.compile("\x1b\\[(\\?25[lh]|2K|1A)")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def chat(text, model=None):
    """Return a completion whose texts are foreign."""
    return {
        "id": text,
        "object": "chat.completion",
        "model": text if model is None else model,
        "service_tier": text,
        "system_fingerprint": text,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, f"cache_{text}_tokens": 5},
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A map, a log, responses, a configuration, a session log, a table: every text in them is foreign."""
    folder = tmp_path_factory.mktemp("hostile")
    found = {name: folder / f"{name}.json" for name in ("map", "newer", "responses", "unknown")}
    rows = {text: {**ROW, "litellm_provider": text, "mode": text, "source": text} for text in WHOLE}
    found["map"].write_text(json.dumps(rows))
    newer = {text: {**row, "input_cost_per_token": 2e-6} for text, row in rows.items()}
    found["newer"].write_text(json.dumps(newer))
    found["responses"].write_text(json.dumps([chat(text) for text in WHOLE]))
    found["log"] = folder / "log.jsonl"
    found["log"].write_text("".join(json.dumps({"response": chat(t), "user": t, "tags": [t]}) + "\n" for t in WHOLE))
    found["broken"] = folder / "broken.jsonl"
    found["broken"].write_text("".join(f"{text}\n" for text in WHOLE), encoding="utf-8")
    found["unknown"].write_text(json.dumps([chat(f"y {text}") for text in WHOLE]))
    deployments = [
        {
            "model_name": text,
            "litellm_params": {
                "model": text,
                "input_cost_per_token": 3e-6,
                "api_key": "os.environ/LLMCOST_HOSTILE_SECRET",
            },
            "model_info": {"id": text, "base_model": "os.environ/LLMCOST_HOSTILE_SECRET" if text == "*" else None},
        }
        for text in WHOLE
    ]
    found["config"] = folder / "config.yaml"
    found["config"].write_text(json.dumps({"model_list": deployments}))
    found["refused"] = folder / "refused.yaml"
    found["refused"].write_text(json.dumps({t: [{"model_name": t, "litellm_params": {t: t}}] for t in WHOLE}))
    projects = folder / "projects" / "p"
    projects.mkdir(parents=True)
    lines = [
        {
            "type": "assistant",
            "timestamp": "2026-11-20T10:00:00Z",
            "sessionId": text,
            "cwd": text,
            "requestId": f"r{number}",
            "uuid": f"u{number}",
            "message": {
                "id": f"m{number}",
                "type": "message",
                "role": "assistant",
                "model": text,
                "content": [],
                "usage": {"input_tokens": 10, "output_tokens": 1},
            },
        }
        for number, text in enumerate(WHOLE)
    ]
    (projects / "s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found["projects"] = folder / "projects"
    optional("sqlalchemy")
    found["db"] = folder / "spend.db"
    prices = CostMap(rows)
    with llmcost.SpendLog(found["db"], drain=False) as log, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, text in enumerate(WHOLE):
            cost = prices.calculate(chat(text))
            at = datetime(2026, 11, 20, number % 24, tzinfo=timezone.utc)
            names = {"team": text, "user": text, "session": text, "tags": [text]}
            log.record(cost, id=f"c{number}", at=at, **names)
    return {name: str(path) for name, path in found.items()}


# A line each: what is run, and whether it reads the spend log.
COMMANDS = """
price --map {map} {responses}
price --map {map} --json {responses}
price --map {map} --csv {log}
price --map {map} --by user {log}
price --map {map} {unknown} {broken}
explain --verbose --map {map} {responses}
models --map {map}
models --map {map} --json
show --verbose --map {map} --config {config} x
compare --map {map} --input 1000 gpt\x1b4o gpt\x9b4o
diff {map} {newer}
rates --map {map}
reprice --map {newer} --old-map {map} {log}
whatif --map {map} --batch {log}
check --map {map} {config} {responses}
check {refused}
sessions --map {map} {projects}
sessions --map {map} --csv {projects}
sessions --map {map} --by project {projects}
spend --db {db}
spend --db {db} --by user
spend --db {db} --by team --csv
spend --db {db} --by tag --json
spend --db {db} --by session
spend --db {db} show c5
spend --db {db} tail --once
spend --db {db} export
spend --db {db} export --format jsonl
spend --db {db} html
spend --db {db} statusline
spend --db {db} reprice --map {newer}
""".strip().splitlines()


def test_there_are_two_hundred():
    """Each is one of its own, and most of them would do harm."""
    assert len(STRINGS) >= 200
    assert sum(not is_safe(text) for text in STRINGS) >= 120


def test_errors_notes_and_bills():
    """In every slot of a call: what an error, a bill, a note and a log line say of it is printable."""
    for text in STRINGS:
        prices = CostMap({text: {**ROW, "litellm_provider": text, "mode": text}, "m": ROW})
        shown = [str(Note("caller", text, text)), repr(Note("caller", text))]
        for ask in (
            lambda text=text, prices=prices: prices.calculate(chat(text), region=text, tags=[text]),
            lambda text=text, prices=prices: prices.calculate(chat(text, "m"), fees={text: 1}),
            lambda text=text, prices=prices: prices.calculate(chat(text, "m"), base_model=f"y{text}"),
            lambda text=text, prices=prices: prices.calculate(
                chat(text, "m"), size=text, quality=text, resolution=text
            ),
            lambda text=text, prices=prices: prices.calculate(chat(text, "m"), at=text),
            lambda text=text, prices=prices: prices.calculate(chat(text, "m"), prices={f"{text}_cost": 1}),
            lambda text=text, prices=prices: prices.calculate(usage={text: text}, model="m", dialect=text),
            lambda text=text, prices=prices: prices.calculate({text: text, "object": text, "type": text}),
            lambda text=text, prices=prices: prices.with_config({text: [text], "model_list": [{"model_name": text}]}),
            lambda text=text: CostMap({}).register({text: {f"{text}_cost_per_token": text}}),
        ):
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                try:
                    cost = ask()
                    if isinstance(cost, llmcost.Cost):
                        shown += [cost.explain(), cost.explain(verbose=True), repr(cost), *cost.notes]
                        shown.append(str(cost.line_items))
                except LLMCostError as error:
                    shown += [str(error), repr(error)]
            shown += [str(one.message) for one in told]
        assert [said for said in shown if not is_safe(said)] == [], ascii(text)


def test_a_reference_is_shown_and_not_what_it_stands_for(monkeypatch):
    """A key that was named by mistake, in any field of a configuration, is never printed."""
    monkeypatch.setenv("LLMCOST_HOSTILE_SECRET", SECRET)
    reference = "os.environ/LLMCOST_HOSTILE_SECRET"
    told = []
    fields = (
        "model",
        "base_model",
        "region_name",
        "aws_region_name",
        "custom_llm_provider",
        "id",
        "api_key",
        "api_base",
    )
    for field in (*fields, "input_cost_per_token", "tiered_pricing", "mode"):
        for place in ("litellm_params", "model_info"):
            deployment = {"model_name": "a", "litellm_params": {"model": "gpt-4o"}, "model_info": {"id": "x"}}
            deployment[place][field] = reference
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                try:
                    prices = LoggedCostMap().with_config({"model_list": [deployment]})
                    told.append(repr(prices.deployments))
                    told += [str(vars(one)) if hasattr(one, "__dict__") else repr(one) for one in prices.deployments]
                    cost = prices.calculate(chat("x", "gpt-4o"), model="a")
                    told += [cost.explain(verbose=True), json.dumps(cost.to_dict()), repr(cost)]
                    told.append(prices.rate_card("a").explain() if hasattr(prices.rate_card("a"), "explain") else "")
                    prices.calculate(chat("x"), model="unknown")
                except LLMCostError as error:
                    told += [str(error), repr(error), str(error.args)]
            told += [str(one.message) for one in warned]
    assert not [text for text in told if SECRET in text]
    assert len(told) > 40


@pytest.mark.parametrize("line", COMMANDS, ids=[line.replace("{", "").replace("}", "")[:60] for line in COMMANDS])
def test_every_command(files, line, monkeypatch, tmp_path):
    """Standard output and standard error are printable; CSV has no cell that a spreadsheet runs; a page no script."""
    monkeypatch.setenv("LLMCOST_HOSTILE_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)
    arguments = [word.format(**files) for word in line.split(" ")]
    done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in {0, 1, 2}
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.is_file())
    assert SECRET not in done.stdout + done.stderr + written
    assert is_safe(done.stderr), ascii(done.stderr)
    if "--csv" in line or line.endswith("export"):
        rows = list(csv.reader(io.StringIO(done.stdout)))
        assert len(rows) > (1 if "sessions" in line else 100)
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(FORMULA) or re.fullmatch(r"-?[0-9.]+", cell), ascii(cell)
    elif "--json" in line or "jsonl" in line:
        for text in done.stdout.splitlines() if "jsonl" in line else [done.stdout]:
            json.loads(text)
        assert is_safe(done.stdout)
    else:
        assert is_safe(done.stdout), ascii(done.stdout)
    if "html" in line:
        assert written.count("<script") == written.count("</script>")
        assert "alert(1)</script>" not in written


def test_a_path_that_the_system_refuses(files, tmp_path):
    """What it says is one printable line, whatever the path is."""
    plain = tmp_path / "plain"
    plain.write_text("x")
    for text in ("\x1b]0;x\x07", "a\r\nb", "\u202egpj", "n" * 5000 + "\x1b[2J"):
        arguments = ["spend", "import", files["log"], "--map", files["map"], "--db", str(plain / text)]
        for line in (
            arguments,
            [*arguments[:-1], str(tmp_path / "a.db"), "--spool", str(plain / text)],
            ["diff", text, text],
        ):
            done = CliRunner().invoke(app, line)
            assert isinstance(done.exception, SystemExit), done.exception
            assert is_safe(done.stderr), ascii(done.stderr)
            assert done.stderr.startswith("Error: ")


@pytest.mark.parametrize(
    "line", ["price {odd}", "show {odd} --base-model gpt-4o", "price --duration {odd} x", "rates --base {odd}", "{odd}"]
)
def test_a_word_of_the_command_line_is_cut(line, tmp_path, monkeypatch):
    """What was typed is quoted as far as one needs to know it again: of 100,000 letters the first."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [word.format(odd="x" * 100_000) for word in line.split(" ")])
    assert isinstance(done.exception, SystemExit) or done.exit_code == 0
    assert 0 < len(done.stderr + done.stdout) < 12_000


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize(
    "line",
    [
        line
        for line in COMMANDS
        if line.split()[0] in {"price", "models", "check", "diff", "sessions", "spend", "explain"}
    ][::2],
)
def test_the_screen_of_a_terminal(files, line, tmp_path):
    """Through a pseudo-terminal, in colour: beside colours and what draws a bar, no control character arrives."""
    import pty

    arguments = [word.format(**files) for word in line.split(" ")]
    master, slave = pty.openpty()
    environment = {
        **os.environ,
        "PYTHONPATH": ROOT,
        "TERM": "xterm-256color",
        "COLUMNS": "100",
        "FORCE_COLOR": "1",
        "LLMCOST_HOSTILE_SECRET": SECRET,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "llmcost", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=tmp_path,
        close_fds=True,
    )
    os.close(slave)
    screen = b""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        screen += part
    os.close(master)
    assert process.wait(timeout=30) in {0, 1, 2}
    text = screen.decode("utf-8")
    assert SECRET not in text
    rest = DRAWN.sub("", COLOURS.sub("", text)).replace("\r\n", "\n").replace("\r", "")
    odd = {char for char in rest if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char != "\n"}
    assert odd == set(), sorted(map(ascii, odd))
    assert len(rest) > 20


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes it")
def test_a_closed_output_is_said_in_no_traceback(files):
    """``llmcost models >&-``, and a reader that left."""
    for ending in (">&-", "2>&-", ">&- 2>&-", "| head -n 1", "| true"):
        command = f'"{sys.executable}" -m llmcost models --map "{files["map"]}" {ending}'
        environment = {**os.environ, "PYTHONPATH": ROOT}
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=120, check=False, env=environment
        )
        assert "Traceback (" not in done.stderr, (ending, done.stderr)
        assert done.returncode in {0, 1, 2, 141}, (ending, done.returncode, done.stderr)


def test_an_interrupt_while_it_loads_is_no_traceback(tmp_path):
    """Ctrl-C before the first command has loaded: one exit code, 130, and no traceback."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), ROOT])}
    done = subprocess.run(
        [sys.executable, "-m", "llmcost", "models"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 130
