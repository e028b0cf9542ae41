"""``os.environ/NAME`` references: looked up only where a price depends on them, so that no secret is ever read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .document import Node

REFERENCE = "os.environ/"


class Unset(Exception):  # noqa: N818 - it becomes one problem of a ConfigError and never leaves this room
    """A variable that a price depends on is not set."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Environment:
    """The variables of the process, under those that the configuration sets itself (``environment_variables``)."""

    def __init__(self, declared: Node | None) -> None:
        self._declared = declared

    def get(self, name: str) -> str | None:
        """Return the value of a variable, or None."""
        node = self._declared.get(name) if self._declared is not None else None
        if node is not None and node.text is not None and not is_reference(node.value):
            return node.text
        return os.environ.get(name)

    def value(self, node: Node) -> object:
        """Return what stands at a node without places, every reference in it replaced; raise Unset."""
        if isinstance(node.value, dict):
            return {key: self.value(inner) for key, inner in node.value.items()}
        if isinstance(node.value, list):
            return [self.value(inner) for inner in node.value]
        if not is_reference(node.value):
            return node.value
        name = str(node.value)[len(REFERENCE) :]
        found = self.get(name)
        if found is None:
            raise Unset(name)
        return found


def is_reference(value: object) -> bool:
    """Return whether a value stands for a variable of the environment."""
    return isinstance(value, str) and value.startswith(REFERENCE)
