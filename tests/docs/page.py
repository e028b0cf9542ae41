"""A page of the docs, run from top to bottom as its reader would type it.

========== ==========================================================================================================
block      what becomes of it
========== ==========================================================================================================
``python`` a session of ``>>>`` (``pycon`` is another word for it); without prompts it is a program
``console`` commands of the program, each behind ``$``, with the output that begins as it is shown; ``...`` ends it
named      ``yaml calls.yaml``, or a first line ``# config.yaml``: a file of this name
``json`` ``yaml`` ``toml`` without a name: has to be readable
``py``     a program that needs more than the page has: it has to compile, and to name what llmcost has
``sh`` ``text`` shown, and not run: what installs packages, and what is no code
========== ==========================================================================================================
"""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import shlex
from collections import Counter
from pathlib import Path

import yaml
from click.testing import CliRunner

from llmcost.cli._app import app

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^( *)```(\w+)(?: +(\S+))?\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
SESSIONS = {"python", "pycon"}
SHOWN = {"sh", "text"}


def blocks(text):
    """Yield kind, name, content and line of every fenced block."""
    for found in BLOCK.finditer(text):
        yield found[2], found[3], found[4], text.count("\n", 0, found.start()) + 1


def run(path, folder, names=None):
    """Run a page in a folder, which is the current one; return how many blocks of each kind there were."""
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS)
    names, ran = dict(names or {}), Counter()
    for kind, name, content, line in blocks(path.read_text(encoding="utf-8")):
        ran[kind] += 1
        first = re.match(r"# ([\w.-]+\.ya?ml)\n", content)
        if kind in {"yaml", "json", "jsonl", "toml"} and (name or first):
            (folder / (name or first[1])).write_text(content, encoding="utf-8")
        elif kind in SESSIONS and ">>>" in content:
            session = doctest.DocTestParser().get_doctest(content, names, f"line {line}", path.name, line)
            runner.run(session, clear_globs=False)
            names = session.globs
        elif kind in SESSIONS:
            exec(compile(content, f"{path.name}:{line}", "exec"), names)  # noqa: S102 - the page's own code
        elif kind == "console":
            type_commands(content, f"{path.name}:{line}")
        elif kind == "py":
            names_exist(content)
        elif kind == "json":
            json.loads(content)
        elif kind == "yaml":
            yaml.safe_load(content)
        else:
            assert kind in SHOWN, f"{path.name}:{line}: nothing runs a block of {kind!r}"
    assert runner.summarize(verbose=False).failed == 0, path.name
    return ran


def type_commands(content, place):
    """Type each command of a block; what it writes begins as it is shown."""
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        program, *arguments = shlex.split(command)
        result = CliRunner().invoke(app, arguments)
        assert (program, result.exit_code) == ("llmcost", 0), (place, command, result.output)
        head, cut, _ = shown.partition("...\n")
        assert result.stdout.startswith(head) if cut else result.stdout == head, (place, command, result.stdout)


def names_exist(content):
    """A program compiles, and each name of llmcost in it is there."""
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("llmcost"):
            module = importlib.import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), content
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "llmcost":
            assert hasattr(importlib.import_module("llmcost"), node.attr) or node.attr == "integrations", content
