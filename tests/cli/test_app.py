"""The command as a process: how it starts, ends, and behaves beside other programs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import llmcost
from llmcost.cli._app import app

COMMAND = [sys.executable, "-m", "llmcost"]
# Colours would be asked for by these, and a pipe must not get them all the same.
ENVIRONMENT = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "40", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}


def call(*args, stdin="", **more):
    """Run the command in a process of its own, with its output in pipes."""
    return subprocess.run(
        [*COMMAND, *map(str, args)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=ENVIRONMENT,
        **more,
    )


@pytest.fixture
def log(tmp_path, completion):
    """The path of a log of many responses."""

    def make(count, **more):
        path = tmp_path / f"log{count}.jsonl"
        line = json.dumps(completion("gpt-4o-2024-08-06", **more)) + "\n"
        path.write_text(line * count)
        return path

    return make


def test_help_lists_the_commands():
    """Every command with a line that is not cut off, and the exit codes."""
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("compare", "explain", "models", "price", "show"):
        assert re.search(rf"^  {name} +\S.*\.$", result.output, re.MULTILINE)
        assert not re.search(rf"^  {name} .*\.\.\.$", result.output, re.MULTILINE)
    assert "2    the command line or a configuration is wrong" in result.output
    assert "\\b" not in result.output


def test_every_command_has_a_help_of_its_own():
    """With examples, each on a line of its own."""
    for name in app.list_commands(click.Context(app)):
        result = CliRunner().invoke(app, [name, "--help"])
        assert result.exit_code == 0
        assert "\\b" not in result.output
        assert re.search(rf"^  llmcost {name}\b", result.output, re.MULTILINE), result.output
    assert "  llmcost explain response.json  " in CliRunner().invoke(app, ["--help"]).output


def test_the_commands_of_a_command_have_examples_line_by_line():
    """As those of the program have: each example on a line of its own."""
    context, found = click.Context(app), []
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        for inner in command.commands if isinstance(command, click.Group) else ():
            output = CliRunner().invoke(app, [name, inner, "--help"]).output
            assert "\\b" not in output, output
            found += re.findall(rf"^  (llmcost {name} {inner} .*)$", output, re.MULTILINE)
    assert {"llmcost migrate check src", "llmcost migrate check app.py --all", "llmcost spend show chatcmpl-9f3"} <= {
        *found
    }


def test_commands_are_found_by_their_file_and_loaded_when_needed():
    """Running one command loads no other, and neither rich's tables nor yaml."""
    code = (
        "import sys; sys.argv = ['llmcost', 'models', 'no-such-model']\n"
        "from llmcost.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        "loaded = [n for n in sys.modules if n.startswith('llmcost.cli.') and not n.startswith('llmcost.cli._')]\n"
        "assert loaded == ['llmcost.cli.models'], loaded\n"
        "assert not {'rich.table', 'rich.progress', 'yaml', 'pydantic'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)


def test_the_help_is_quick():
    """Listing the commands loads nothing that only one of them needs."""
    code = (
        "import sys; sys.argv = ['llmcost', '--help']\n"
        "from llmcost.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'pydantic', 'yaml', 'rich.table', 'rich.progress', 'llmcost.config', 'urllib.request', 'socket'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)


def test_an_unknown_command():
    """It is a wrong command line, and the word is named."""
    result = call("prise")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "'prise'" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_version():
    """The version of the package, and of which day its prices are."""
    said = call("--version").stdout
    name, *_, version = said.split()
    assert (name.strip(","), version) == ("llmcost", llmcost.__version__)
    assert re.search(r"prices as of \d{4}-\d\d-\d\d, \d+ days? old, from ", said)


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra(missing):
    """One line that says how to get it, and exit code 1."""
    code = f"import sys; sys.modules[{missing!r}] = None; from llmcost.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"llmcost: the command line needs {missing}, which is not installed: "
        "pip install click rich (the extra cli of llm-costmap)\n"
    )


def test_another_missing_module_is_no_missing_extra():
    """A module that breaks is shown as it is, and not as a missing extra."""
    code = "import sys, llmcost; sys.modules['pkgutil'] = None; from llmcost.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "pkgutil" in result.stderr
    assert "pip install" not in result.stderr


def test_a_pipe_gets_plain_text(log):
    """No colours and nothing cut off or wrapped, whatever the terminal around it is like."""
    path = log(2)
    result = call("price", path)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert f"{path}:1  gpt-4o-2024-08-06  1,000             100  0.0035" in result.stdout.splitlines()
    long = call("show", "gpt-5.4")
    assert "map: cache_read_input_token_cost_above_272k_tokens_batches" in long.stdout
    assert "\x1b" not in long.stdout
    assert "\x1b" not in call("explain", path).stdout


def test_names_that_cannot_be_written(tmp_path, completion):
    """What the terminal has no letters for, or would obey, is spelled out."""
    path = tmp_path / "log.jsonl"
    line = {
        "response": completion("mod-ж\x1b[2J\ud800"),
        "prices": {"input_cost_per_token": 1e-6, "output_cost_per_token": 0},
    }
    path.write_text(json.dumps(line))
    for command in ("price", "explain"):
        result = subprocess.run(
            [*COMMAND, command, path],
            capture_output=True,
            timeout=60,
            check=True,
            env={**ENVIRONMENT, "PYTHONIOENCODING": "cp1252"},
        )
        assert rb"mod-\u0436\x1b[2J\ud800" in result.stdout
        assert b"\x1b" not in result.stdout


def test_a_reader_that_leaves(log):
    """Whoever closes the pipe ends the command, without a traceback."""
    # Many more rows than a pipe holds.
    process = subprocess.Popen(
        [*COMMAND, "price", log(5000)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    with process:
        assert process.stdout.readline().startswith("response")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_a_reader_that_was_never_there(log):
    """A short output whose reader is gone before it is written ends the same way."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [*COMMAND, "price", log(1)], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(writing)
    assert (process.returncode, process.stderr) == (141, "")


def test_an_interrupt(completion):
    """Ctrl-C while waiting for input ends the command with one word."""
    # Whatever starts the tests may ignore Ctrl-C, as a shell does for a job in the background, and a process inherits
    # that. Here the command starts as it does in a terminal.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from llmcost.cli import main\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "price", "--json", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        process.stdin.write(json.dumps(completion("gpt-4o")) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == '{"calls": [\n'
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == "interrupted\n"
    assert process.returncode == 130


def test_standard_input(completion):
    """A dash reads it; an empty one is an error."""
    assert "0.0035" in call("price", "-", stdin=json.dumps(completion("gpt-4o"))).stdout
    empty = call("price", "-")
    assert empty.returncode == 1
    assert "error: stdin: is empty" in empty.stderr


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux tells it")
def test_a_long_log_takes_no_more_memory_than_a_short_one(log):
    """20,000 responses of a kilobyte each are read, priced and written one by one."""
    code = (
        "import atexit, re, sys\n"
        "most = lambda: re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1]\n"
        "atexit.register(lambda: print(most(), file=sys.stderr))\n"
        "from llmcost.cli import main\n"
        "main()\n"
    )

    def most(count):
        arguments = [sys.executable, "-c", code, "price", str(log(count, padding="x" * 1000))]
        result = subprocess.run(
            arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300, check=True
        )
        return int(result.stderr) / 1024

    short, long = most(500), most(20_000)
    assert long - short < 4, f"{long:.1f} MB for 20,000 lines, {short:.1f} MB for 500"


pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")


def on_a_terminal(*args, width=100, **environment):
    """Run the command on a terminal; return its exit code and what the terminal got."""
    import fcntl
    import struct
    import termios

    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    env = {name: value for name, value in ENVIRONMENT.items() if name not in {"COLUMNS", "FORCE_COLOR", "NO_COLOR"}}
    process = subprocess.Popen(
        [*COMMAND, *map(str, args)], stdin=other, stdout=other, stderr=other, env={**env, **environment}
    )
    os.close(other)
    pieces = []
    while True:
        try:
            piece = os.read(main, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(main)
    return process.wait(60), b"".join(pieces).decode()


def without_colours(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_a_terminal_gets_a_coloured_table_that_fits(log):
    """Long names are shortened, numbers stay whole, no line is wider than the terminal."""
    code, text = on_a_terminal("price", log(2), width=80)
    assert code == 0
    assert "\x1b[1m" in text
    lines = without_colours(text).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("0.0035" in line for line in lines) == 2
    assert any("0.007" in line for line in lines)


def test_no_color_is_respected(log):
    """The table stays, its colours go."""
    _, text = on_a_terminal("price", log(2), NO_COLOR="1")
    assert "\x1b[36m" not in text
    assert "0.0035" in text


def test_a_terminal_gets_the_first_rows_and_a_progress_bar(log):
    """After 200 rows a long log shows how far it is, then the totals; --all shows every row."""
    path = log(2500, padding="x" * 2000)
    code, text = on_a_terminal("price", path, width=120)
    assert code == 0
    plain = without_colours(text)
    assert plain.count("0.0035") == 200
    assert re.search(r"[\d,]+ responses .*\d+%", plain)
    assert "... and 2,300 rows more: --all shows them" in plain
    # 2500 x 0.0035
    assert "8.75" in plain
    code, text = on_a_terminal("price", "--all", path, width=120)
    assert text.count("0.0035") == 2500
    assert "responses" not in text


def test_a_short_log_shows_no_progress(log):
    """A bar that is over at once is noise."""
    _, text = on_a_terminal("price", log(300))
    assert "responses" not in text
    assert "... and 100 rows more" in text


def test_a_misspelt_command_names_the_one_that_is_meant(runner):
    for word, hint in (("modles", " Did you mean 'models'?"), ("xyzzy", "")):
        result = runner.invoke(app, [word])
        assert result.exit_code == 2
        assert result.stderr.endswith(f"Error: No such command '{word}'.{hint}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is full")
@pytest.mark.parametrize("words", ["--help", "--version", "price --help", "models gpt-4o", "price nope.json", "x"])
def test_a_disk_that_is_full(words, tmp_path):
    """One line says so, with an exit code of ours, whatever was still to be written."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "llmcost", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(llmcost.__file__).parents[1])},
            text=True,
            check=False,
        )
    assert done.returncode in {1, 2}
    assert done.stderr.count("rror: ") == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is full")
@pytest.mark.parametrize("words", ["x", "price nope.json", "sessions statusline", "models gpt-4o"])
def test_messages_to_a_disk_that_is_full(words, tmp_path):
    """They are lost, and the exit code is one of ours all the same."""
    codes = []
    for place in ("/dev/full", os.devnull):
        with Path(place).open("w") as messages:
            done = subprocess.run(
                [sys.executable, "-m", "llmcost", *words.split()],
                stdout=subprocess.DEVNULL,
                stderr=messages,
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(Path(llmcost.__file__).parents[1]), "HOME": str(tmp_path)},
                check=False,
            )
        codes.append(done.returncode)
    assert codes[0] in {0, 1, 2}
    assert (codes[0] == 0) == (codes[1] == 0)
