"""A page of the docs, run from top to bottom as its reader would type it.

========== ==========================================================================================================
block      what becomes of it
========== ==========================================================================================================
``python`` a session of ``>>>`` (``pycon`` is another word for it); without prompts it is a program
``console`` commands of the program, each behind ``$``, with the output that begins as it is shown; ``...`` ends it
named      ``yaml calls.yaml``, or a first line ``# config.yaml``: a file of this name, in the folder of the page
``json`` ``yaml`` ``toml`` without a name: has to be readable
``py``     a program that needs more than the page has: it has to compile, and to name what llmcost has
``sh`` ``text`` shown, and not run: what installs packages, and what is no code; ``sql`` is run by the test of its page
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
FILES = {"yaml", "json", "jsonl", "csv", "toml"}
SHOWN = {"sh", "text", "sql"}


def blocks(text):
    """Yield kind, name, content and line of every fenced block."""
    for found in BLOCK.finditer(text):
        yield found[2], found[3], found[4], text.count("\n", 0, found.start()) + 1


class Typist:
    """Types sessions one after the other; what one leaves behind is there for the next.

    Attributes:
        names: what the sessions have made.
    """

    def __init__(self, path, names=None):
        self.path, self.names = path, dict(names or {})
        self._runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS)

    def types(self, content, line):
        """Type a session of ``>>>``, or a program."""
        if ">>>" in content:
            session = doctest.DocTestParser().get_doctest(content, self.names, f"line {line}", self.path.name, line)
            self._runner.run(session, clear_globs=False)
            self.names = session.globs
        else:
            exec(compile(content, f"{self.path.name}:{line}", "exec"), self.names)

    def examples(self):
        """Return how many examples were typed, all of which gave what is shown."""
        failed, attempted = self._runner.summarize(verbose=False)
        assert failed == 0, self.path.name
        return attempted


def run(path, folder, names=None, *, before=None, plain=str, codes=(0,)):
    """Run a page in a folder, which is the current one.

    Args:
        path: the page.
        folder: where its files are written.
        names: what is there before the first session.
        before: called with the content of each session, before it is typed.
        plain: takes out of an output what another day or another build of the data changes.
        codes: the exit codes that the commands may have.

    Returns:
        How many blocks of each kind there were, how many examples were typed, and the names that are left.
    """
    typist, ran = Typist(path, names), Counter()
    for kind, name, content, line in blocks(path.read_text(encoding="utf-8")):
        ran[kind] += 1
        first = re.match(r"# ([\w.-]+\.ya?ml)\n", content)
        if kind in FILES and (name or first):
            file = folder / (name or first[1])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        elif kind in SESSIONS:
            if before is not None:
                before(content)
            typist.types(content, line)
        elif kind == "console":
            type_commands(content, f"{path.name}:{line}", plain, codes)
        elif kind == "py":
            names_exist(content)
        elif kind == "json":
            json.loads(content)
        elif kind == "yaml":
            yaml.safe_load(content)
        else:
            assert kind in SHOWN, f"{path.name}:{line}: nothing runs a block of {kind!r}"
    return ran, typist.examples(), typist.names


def type_commands(content, place, plain=str, codes=(0,)):
    """Type each command of a block; what it writes begins as it is shown."""
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        program, *arguments = shlex.split(command)
        result = CliRunner().invoke(app, arguments)
        assert program == "llmcost", (place, command)
        assert result.exit_code in codes, (place, command, result.output)
        head, cut, _ = shown.partition("...\n")
        written = plain(result.stdout)
        assert written.startswith(plain(head)) if cut else written == plain(head), (place, command, result.stdout)


def names_exist(content):
    """A program compiles, and each name of llmcost in it is there."""
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("llmcost"):
            module = importlib.import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), content
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "llmcost":
            assert hasattr(importlib.import_module("llmcost"), node.attr) or node.attr == "integrations", content
