"""Who imports whom inside the package, read from its source: imports in functions and under TYPE_CHECKING count too.

What is imported by a name that is made at run time (readers and commands that are found, and public names that load
when they are asked for) is not seen.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Graph = dict[str, set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Return the files of a package by the dotted names of their modules."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, package: Path) -> Iterator[str]:
    """Yield the full dotted name of everything that a file imports, relative imports resolved.

    ``from ..core import exact`` in ``llmcost/api/tokens.py`` is ``llmcost.core.exact``.
    """
    here = [package.name, *path.relative_to(package).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            target = [*base, *(node.module.split(".") if node.module else [])]
            yield from (".".join([*target, alias.name]) for alias in node.names)


def graph(package: Path) -> Graph:
    """Return the modules that each module of the package imports of it."""
    files = modules(package)
    found: Graph = {}
    for name, path in files.items():
        wanted = (_module(text, files) for text in imported(path, package))
        found[name] = {module for module in wanted if module is not None and module != name}
    return found


def _module(name: str, files: Mapping[str, Path]) -> str | None:
    """Return the module that a dotted name is, or is a name of; None outside the package."""
    while name and name not in files:
        name = name.rpartition(".")[0]
    return name or None


def room(module: str) -> str:
    """Return the room of a module: the folder or file below the package; "" for the package itself.

    >>> room("llmcost.core.usage"), room("llmcost.errors"), room("llmcost")
    ('core', 'errors', '')
    """
    return module.split(".")[1] if "." in module else ""


def rooms(imports: Graph) -> Graph:
    """Return the rooms that each room imports.

    >>> rooms({"p": {"p.a.x"}, "p.a.x": {"p.a.y", "p.errors"}, "p.a.y": set(), "p.errors": set()})
    {'': {'a'}, 'a': {'errors'}, 'errors': set()}
    """
    found: Graph = {}
    for module, others in imports.items():
        here = room(module)
        found.setdefault(here, set()).update({room(other) for other in others} - {here})
    return found


def circles(imports: Graph) -> set[frozenset[str]]:
    """Return the circles of a graph: each set of two nodes or more in which every node leads to every other one.

    >>> [sorted(circle) for circle in circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}})]
    [['b', 'c']]
    """
    reached = {node: _reachable(node, imports) for node in imports}
    together = (frozenset(other for other in reached[node] if node in reached[other]) for node in imports)
    return {circle for circle in together if len(circle) > 1}


def _reachable(start: str, imports: Graph) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in imports[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
