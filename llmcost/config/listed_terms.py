"""The terms that a block ``llmcost`` lists: those of a deployment, and those for all models at the top of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.term import Fee
from ..prices.contract_rows import FEES, TERMS
from ..prices.entries import BLOCK
from ..prices.listed import means
from ..prices.term_rows import fee_of, term_of
from .by_request import SERVERS
from .environment import Unset, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.term import Term
    from ..prices.deployment import Deployment
    from ..prices.price_map import PriceMap
    from .document import Node
    from .environment import Environment
    from .problems import Problems

# The layer of terms for all models.
CONFIG = "config llmcost"
# What the block at the top of a configuration may hold.
_FOR_ALL = (TERMS, FEES)


class ListedTerms:
    """Reads the terms of one configuration; everything that is wrong with them is reported."""

    def __init__(self, environment: Environment, problems: Problems, base_map: PriceMap) -> None:
        self._environment, self._problems, self._base_map = environment, problems, base_map

    def fees_for_all(self, block: Node | None, deployments: Iterable[Deployment]) -> dict[str, Fee]:
        """Return the fees for all models, by name: of tools of MCP servers, and over them of the block at the top."""
        found = {}
        for tool in deployments:
            for layer in tool.layers if tool.address.startswith(SERVERS) else ():
                rate = layer.entry.rates.get(("requests", ()))
                if rate is not None:
                    value = rate.numerator, rate.denominator
                    found[tool.alias] = Fee(tool.alias, "call", value, rate.layer, rate.map_key, rate.price_key)
        return found | self.fees(block, BLOCK, CONFIG, "all models")

    def for_all(self, block: Node | None, deployments: Iterable[Deployment]) -> tuple[Term, ...]:
        """Return the terms for all models; ``block`` is the one at the top of the configuration."""
        if block is None:
            return ()
        check_top(block, self._problems)
        found = self.terms(block, BLOCK, CONFIG)
        names = [name for d in deployments for name in (d.alias, d.backend, d.base_model) if name]
        for term in found:
            if not means(term, names) and not any("*" in model or model in self._base_map for model in term.models):
                why = f"the term {term.name!r} never applies: no model is called {' or '.join(term.models)}"
                self._problems.doubt(block, term.price_key, why)
        return found

    def terms(self, options: Node | None, address: str, layer: str) -> tuple[Term, ...]:
        """Return the terms that a block ``llmcost`` lists."""
        problems = self._problems
        listed = options.get(TERMS) if options is not None else None
        if listed is None or listed.value is None:
            return ()
        where = f"{address}.{TERMS}"
        if not isinstance(listed.value, list):
            problems.error(listed, where, "a list of terms is expected: - {name: ..., kind: discount, value: 0.05}")
            return ()
        found: list[Term] = []
        names: dict[str, Node] = {}
        for index, node in enumerate(listed.elements):
            term = self._term(node, f"{where}[{index}]", f"{BLOCK}.{TERMS}[{index}]", layer)
            if term is None:
                continue
            if term.name in names:
                first = names[term.name].place
                problems.error(
                    node.get("name") or node, f"{where}[{index}].name", f"another term ({first}) has this name"
                )
            names[term.name] = node
            found.append(term)
        return tuple(found)

    def _term(self, node: Node, address: str, name: str, layer: str) -> Term | None:
        problems = self._problems
        if not isinstance(node.value, dict):
            problems.error(node, address, "a mapping of name, kind and value is expected", show=True)
            return None
        problems.repeated(node, address)
        fields: dict[str, object] = {}
        for key, inner in node.fields.items():
            try:
                fields[key] = self._environment.value(inner)
            except Unset as missing:
                problems.error(inner, f"{address}.{key}", f"the variable {missing.name} is not set", show=True)
                return None
        for key in ("models", "tags"):
            # YAML reads 2026 as a number, and a tag is a text.
            texts = node.get(key)
            if texts is not None and texts.elements:
                fields[key] = [inner.text if inner.text is not None else inner.data() for inner in texts.elements]

        def report(field: str, why: str) -> None:
            inner = node.get(field)
            shown = inner is not None and not is_reference(inner.value)
            problems.error(inner or node, f"{address}.{field}", why, show=shown)

        return term_of(fields, layer, name, report)

    def fees(self, options: Node | None, address: str, layer: str, key: str) -> dict[str, Fee]:
        """Return the fees that a block ``llmcost`` names, by name."""
        problems = self._problems
        listed = options.get(FEES) if options is not None else None
        if listed is None or listed.value is None:
            return {}
        where = f"{address}.{FEES}"
        if not isinstance(listed.value, dict):
            problems.error(listed, where, "a mapping is expected, of names to {unit, price}", show=True)
            return {}
        problems.repeated(listed, where)
        found: dict[str, Fee] = {}
        for name, node in listed.fields.items():
            problems.repeated(node, f"{where}.{name}")
            try:
                stated = self._environment.value(node)
            except Unset as missing:
                problems.error(node, f"{where}.{name}", f"the variable {missing.name} is not set")
                continue

            def report(field: str, why: str, name: str = name, node: Node = node) -> None:
                inner = node.get(field) or node
                at = f"{where}.{name}{f'.{field}' if field else ''}"
                problems.error(inner, at, why, show=not is_reference(inner.value))

            fee = fee_of(name, stated, layer, key, report)
            if fee is not None:
                found[name] = fee
        return found


def check_top(node: Node, problems: Problems) -> None:
    """Report what cannot stand in the block ``llmcost`` at the top of a configuration."""
    if not isinstance(node.value, dict):
        problems.error(node, BLOCK, f"a mapping is expected; there are {', '.join(_FOR_ALL)}", show=True)
    problems.repeated(node, BLOCK)
    for key, inner in node.fields.items():
        if key not in _FOR_ALL:
            why = f"is no option at the top of a configuration; there are {', '.join(_FOR_ALL)}"
            problems.error(inner, f"{BLOCK}.{key}", why)
