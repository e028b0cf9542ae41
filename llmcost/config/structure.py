"""Checks blocks against their models, and says what is wrong in a person's words, at its line and address."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from . import models
from .environment import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .document import Node
    from .problems import Problems

Model = TypeVar("Model", bound=BaseModel)

# Errors of these kinds quote the value. Any other value may be a secret.
_SHOWN = frozenset({"value_error", "bool_parsing", "bool_type"})
_WHY = {
    "missing": "is missing",
    "string_type": "a name is expected",
    "model_type": "a mapping is expected",
    "dict_type": "a mapping is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
}
_READ = {*models.Params.model_fields, *models.ModelInfo.model_fields}


def checked(model: type[Model], given: object, node: Node, address: str, problems: Problems) -> Model | None:
    """Return what a block says, or None after reporting everything that is wrong with it."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            _report(problem["type"], problem["msg"], problem["loc"], node, address, problems)
    return None


def _report(kind: str, message: str, path: Iterable[str | int], node: Node, address: str, problems: Problems) -> None:
    inner: Node | None = node
    for step in path:
        address += f"[{step}]" if isinstance(step, int) else f".{step}"
        if inner is not None:
            node = inner
            inner = inner.elements[step] if isinstance(step, int) else inner.get(step)
    node = inner or node
    why = _WHY.get(kind, message.removeprefix("Value error, "))
    if kind == "value_error" and is_reference(node.value):
        # The message is left out: it may quote what the variable holds.
        why = "the variable does not hold such a number"
    if kind == "extra_forbidden":
        block = models.Options if address.rpartition(".")[0].endswith(".llmcost") else models.Margin
        why = f"is no option here; there are {', '.join(block.model_fields)}"
    problems.error(node, address, why, show=kind in _SHOWN)


def texts(node: Node) -> object:
    """Return the fields that llmcost reads, as they were written. Other fields may be secrets and are left out."""
    if node.fields:
        return {key: _text(inner) for key, inner in node.fields.items() if key in _READ and key != "llmcost"}
    return _text(node)


def _text(node: Node) -> object:
    return node.text if node.text is not None and node.value is not None else node.data()
