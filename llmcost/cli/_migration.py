"""What of LiteLLM a code base uses, by its syntax trees: what is the same here, what changes, and what is not here."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import llmcost
from llmcost.api.surface import INSTEAD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAME, CHANGES, ABSENT = "same", "changes", "not here"

# What means something else, by function and keyword.
_KEYWORDS = {
    "total_time": "seconds here; write response_time_ms= for milliseconds",
    "custom_cost_per_second": "a price per second, and times are seconds; write response_time_ms= for milliseconds",
    "router_model_id": "a deployment of the configuration, or a registered entry with prices",
    "litellm_logging_obj": "accepted and ignored",
    "litellm_model_name": "accepted and ignored",
}
_FUNCTIONS = {
    "get_model_info": "an unknown model is an UnknownModelError",
    "get_max_tokens": "an unknown model is an UnknownModelError",
}
_READ_ONLY = "read-only: write register_model({...})"
# Settings that are read and assigned to as in LiteLLM.
_SETTINGS = frozenset({"cost_discount_config", "cost_margin_config", "success_callback", "failure_callback"})
# LiteLLM's modules, whose names are looked at themselves.
_MODULES = frozenset(
    {"_logging", "cost_calculator", "exceptions", "litellm_core_utils", "main", "router", "types", "utils"}
)
# The lists of functions; LiteLLM also takes the names of its integrations.
_CALLBACKS = frozenset({"success_callback", "failure_callback"})
_NO_TEXT = "a text such as 'langfuse' is a TypeError: it names an integration of LiteLLM's; give a function"
_ADDS = frozenset({"append", "extend", "insert"})
_WRITES = frozenset({"update", "setdefault", "pop", "popitem", "clear"})
_FEATURE = "supports_"
_SAYS = "an unknown model is an UnknownModelError, and a row that does not say it is False"
_PRICING = frozenset(
    {"completion_cost", "cost_per_token", "response_cost_calculator", "batch_cost_calculator", "get_model_info"}
)
# Folders of packages and of version control, where nobody's own code stands.
_NOT_OWN = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})


class Finding:
    """One use of LiteLLM's.

    Attributes:
        place: the file and the line.
        name: what is used.
        verdict: ``same``, ``changes`` or ``not here``.
        why: what changes, or what to use instead; empty where it is the same.
    """

    def __init__(self, place: str, name: str, verdict: str, why: str = "") -> None:
        self.place, self.name, self.verdict, self.why = place, name, verdict, why

    def __str__(self) -> str:
        return f"{self.place}: {self.name}: {self.verdict}{f' ({self.why})' if self.why else ''}"


def sources(path: Path) -> Iterator[Path]:
    """Yield the Python files and configurations of a path, in the order of their names."""
    if path.is_file():
        yield path
        return
    for found in sorted(path.rglob("*")):
        inside = found.relative_to(path).parts
        hidden = any(part.startswith(".") or part in _NOT_OWN for part in inside)
        if not hidden and found.suffix in {".py", ".yaml", ".yml"} and found.is_file():
            yield found


def in_code(text: str, place: str) -> list[Finding]:
    """Return what a Python source uses of LiteLLM.

    >>> [str(found) for found in in_code("from litellm import cost_per_token", "a.py")]
    ['a.py:1: cost_per_token: same']

    Raises SyntaxError for what is no Python of this version.
    """
    reader = _Reader(place)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        reader.import_of(node)
    for node in ast.walk(tree):
        reader.use_of(node)
    return sorted(reader.findings, key=lambda finding: (int(finding.place.rpartition(":")[2]), finding.name))


class _Reader:
    """Reads one file: first under which names it imports LiteLLM, then what it does with them."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._modules: set[str] = set()
        # The name in the file -> LiteLLM's.
        self._names: dict[str, str] = {}
        self.findings: list[Finding] = []

    def import_of(self, node: ast.AST) -> None:
        """Take an import of LiteLLM's: of its own, of a module that hands it on, or a call that returns it."""
        if isinstance(node, ast.Import):
            self._modules |= {
                alias.asname or "litellm" for alias in node.names if alias.name.partition(".")[0] == "litellm"
            }
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] == "litellm":
            for alias in node.names:
                if alias.name in _MODULES:
                    self._modules.add(alias.asname or alias.name)
                else:
                    self._names[alias.asname or alias.name] = alias.name
                    self._add(node, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            self._modules |= {alias.asname or alias.name for alias in node.names if alias.name == "litellm"}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            arguments = [one.value for one in node.value.args if isinstance(one, ast.Constant)]
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            self._modules |= names if "litellm" in arguments else names & {"litellm"}

    def use_of(self, node: ast.AST) -> None:
        """Take what is done with a name of LiteLLM's: it is read, called, assigned to."""
        if isinstance(node, ast.Attribute):
            name = self._of(node)
            if name is not None and isinstance(node.ctx, ast.Store):
                self._put(node, f"{name} = ...", *_assigned(name))
            elif name is not None:
                self._add(node, name)
        elif isinstance(node, ast.Call):
            name = self._of(node.func)
            for keyword in node.keywords if name in _PRICING else ():
                if keyword.arg in _KEYWORDS:
                    self._put(node, f"{name}({keyword.arg}=)", CHANGES, _KEYWORDS[keyword.arg])
            if isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES and self._in_rows(node.func.value):
                self._put(node, f"model_cost.{node.func.attr}()", CHANGES, _READ_ONLY)
            if isinstance(node.func, ast.Attribute) and node.func.attr in _ADDS:
                self._texts(node, node.func.value, *node.args)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._texts(node, target, node.value)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
            if self._in_rows(node.value):
                self._put(node, "model_cost[...] = ...", CHANGES, _READ_ONLY)

    def _texts(self, node: ast.AST, target: ast.AST, *values: ast.AST) -> None:
        """Take a text that is put into a list of callbacks."""
        name = self._of(target)
        if name not in _CALLBACKS:
            return
        items = [
            one for value in values for one in (value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value])
        ]
        for item in items:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                self._put(node, f"{name} of {item.value!r}", CHANGES, _NO_TEXT)

    def _in_rows(self, node: ast.AST) -> bool:
        """Return whether an expression is ``model_cost`` or one of its entries."""
        while isinstance(node, ast.Subscript):
            node = node.value
        return self._of(node) == "model_cost"

    def _of(self, node: ast.AST) -> str | None:
        """Return LiteLLM's name that an expression means; None for any other, and for a module of LiteLLM's."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if not isinstance(node, ast.Attribute) or node.attr in _MODULES:
            return None
        base = node.value
        while isinstance(base, ast.Attribute) and base.attr in _MODULES:
            base = base.value
        return node.attr if isinstance(base, ast.Name) and base.id in self._modules else None

    def _add(self, node: ast.AST, name: str) -> None:
        if name in _FUNCTIONS:
            self._put(node, name, CHANGES, _FUNCTIONS[name])
        elif name.startswith(_FEATURE):
            self._put(node, name, CHANGES, _SAYS)
        elif name in llmcost.__all__ or name in _SETTINGS or name == "token_counter":
            self._put(node, name, SAME)
        else:
            self._put(node, name, *_absent(name))

    def _put(self, node: ast.AST, name: str, verdict: str, why: str = "") -> None:
        self.findings.append(Finding(f"{self._place}:{getattr(node, 'lineno', 0)}", name, verdict, why))


def _assigned(name: str) -> tuple[str, str]:
    if name in _SETTINGS:
        return SAME, ""
    return (CHANGES, _READ_ONLY) if name == "model_cost" else _absent(name)


def _absent(name: str) -> tuple[str, str]:
    return ABSENT, INSTEAD.get(name, "it is no name of LiteLLM's cost surface: keep LiteLLM for it")


def in_config(path: Path, place: str) -> list[Finding]:
    """Return what a proxy's configuration sets that is no price, and every problem of its prices."""
    from llmcost.config.settings import settings_of

    names = settings_of(path.read_text(encoding="utf-8"))
    if names is None:
        return []
    found = [
        Finding(f"{place}:{line}" if line else place, f"litellm_settings.{name}", ABSENT, INSTEAD[name])
        for name, line in names.items()
        if name in INSTEAD
    ]
    try:
        deployments = llmcost.CostMap().with_config(path).deployments
    except llmcost.ConfigError as error:
        return [*found, *(Finding(place, "prices", CHANGES, problem) for problem in error.problems)]
    return [*found, Finding(place, f"{len(deployments or ())} deployments", SAME)]
