"""``llmcost check``: what every deployment of a configuration costs, who sets each rate, and what looks wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.bill import layer_lines
from ..core.exact import plain
from ..errors import LLMCostError, UnknownModelError, printable
from . import advice, examine, timeline

if TYPE_CHECKING:
    from ..core.ratecard import RateCard
    from ..core.term import Term
    from ..prices.deployment import Deployment
    from ..prices.deployments import Deployments
    from ..prices.price_map import PriceMap


class Checked(NamedTuple):
    """The result of a check.

    Attributes:
        text: the warnings, then every deployment with its rates and their layers; what is the same is said once.
        warnings: one text each; empty if all is well.
    """

    text: str
    warnings: tuple[str, ...]


class _Said(NamedTuple):
    """What there is to say of one deployment.

    Attributes:
        title: which it is.
        lines: its rates and their layers; layers of its own go by its name.
        warnings: what looks like a mistake.
    """

    title: str
    lines: list[str]
    warnings: list[str]


def check(config: object, base_map: PriceMap, *, verbose: bool = False) -> Checked:
    """Return what each deployment of a configuration costs over a map's prices, and what looks like a mistake.

    A deployment that has the prices of the map, and none of its own, is one line; with ``verbose`` it is all its rates.

    Raises:
        ConfigError: everything that is wrong with it.
    """
    deployments, problems = examine(config, base_map)
    priced = base_map.with_deployments(deployments)
    warnings = [("", str(finding)) for _, finding in problems.doubts]
    blocks: dict[tuple[str, ...], list[_Said]] = {}
    for deployment in deployments:
        shown_as = _deployment(priced, deployment, verbose=verbose)
        same = tuple(_unnamed(line, deployment.alias) for line in shown_as.lines)
        blocks.setdefault(same or (shown_as.title,), []).append(shown_as)
        place = f"{deployment.place}: " if deployment.place else ""
        warnings += [(f"{place}{deployment.address} {deployment.alias}", text) for text in shown_as.warnings]
    warnings += [*advice.of_names(deployments), *_ambiguous(priced, deployments)]
    count = f"{len(deployments)} deployment{'' if len(deployments) == 1 else 's'}"
    parts = [["warnings", *_grouped(warnings)]] if warnings else []
    alone = [group[0].title for group in blocks.values() if not group[0].lines]
    for same, group in blocks.items():
        if group[0].lines:
            parts.append([*(shown_as.title for shown_as in group), *(group[0].lines if len(group) == 1 else same)])
    parts += [alone] if alone else []
    if problems.unused:
        parts.append(
            ["settings of the proxy that llmcost does not apply", *(f" - {finding}" for finding in problems.unused)]
        )
    parts += [] if warnings else [[f"{count}, no warnings"]]
    text = "\n\n".join("\n".join(map(printable, lines)) for lines in parts)
    return Checked(text, tuple(printable(f"{place}: {text}" if place else text) for place, text in warnings))


def all_terms(priced: PriceMap) -> tuple[Term, ...]:
    """Return the terms that a configuration lists by name, those of all its deployments among them."""
    deployments = priced.deployments
    if deployments is None:
        return ()
    named = [term for deployment in deployments for term in deployment.terms if term.name]
    return (*named, *deployments.of_all)


def _unnamed(line: str, alias: str) -> str:
    """Return a line without the name of the deployment whose layer it heads: the rest of two may be the same."""
    return line.removesuffix(f" {alias}") if line.startswith("   config ") else line


def _grouped(warnings: list[tuple[str, str]]) -> list[str]:
    """Return the lines of warnings: one that holds for several deployments is said once, with all their places."""
    places: dict[str, list[str]] = {}
    for place, text in warnings:
        places.setdefault(text, []).append(place)
    lines = []
    for text, where in places.items():
        if len(where) == 1:
            lines.append(f" - {where[0]}: {text}" if where[0] else f" - {text}")
        else:
            lines += [f" - {len(where)} times: {text}", *(f"     {place}" for place in where if place)]
    return lines


def _title(deployment: Deployment) -> str:
    named = f", id {deployment.id}" if deployment.id else ""
    as_model = f", priced as {deployment.base_model}" if deployment.base_model else ""
    region = f", in {deployment.region}" if deployment.region else ""
    tier = f", at the {deployment.service_tier} tier" if deployment.service_tier else ""
    place = f"  ({deployment.place})" if deployment.place else ""
    return f"{deployment.address} {deployment.alias} -> {deployment.backend}{named}{as_model}{region}{tier}{place}"


def _deployment(priced: PriceMap, deployment: Deployment, *, verbose: bool) -> _Said:
    title = _title(deployment)
    if deployment.wild:
        lines = ["   the prices of whatever model is called"]
        card = priced.card_of(deployment) if deployment.layers else None
        more = (*layer_lines(card), *timeline.lines_of(priced, deployment)) if card is not None else ()
        return _Said(title, [*lines, *more], list(advice.of_wildcard(deployment)))
    if deployment.routes and not deployment.layers:
        return _Said(f"{title}: a router, the prices of the deployment that answers", [], [])
    try:
        card = priced.card_of(deployment)
    except UnknownModelError as problem:
        near = f" (nearest: {', '.join(problem.nearest[:3])})" if problem.nearest else ""
        why = (
            "no price is known for it, calls raise UnknownModelError unless the response names a known model: "
            f"set prices or base_model{near}"
        )
        return _Said(f"{title}: no price", [], [why])
    notes, warnings = _notes(card), [*advice.of_card(card), *advice.of_place(deployment, card)]
    if verbose or deployment.layers or card.terms or deployment.terms or notes:
        return _Said(title, [*notes, *layer_lines(card), *timeline.lines_of(priced, deployment)], warnings)
    return _Said(f"{title}: {_in_short(card)}", [], warnings)


def _in_short(card: RateCard) -> str:
    """Return which row a card is of, and what a million tokens cost, or which units it sells."""
    base = {rate.meter: rate for rate in card.cells.values() if not rate.conditions}
    tokens = [f"{name} {plain(base[name].per_million)}" for name in ("input", "output") if name in base]
    sold = f"USD a million tokens: {', '.join(tokens)}" if tokens else f"by {', '.join(base) or 'nothing'}"
    return f"map {card.name}, {sold}"


def _notes(card: RateCard) -> list[str]:
    return [f"   {note}" for note in card.notes if note.code != advice.OUT_OF_FORCE]


def _ambiguous(priced: PriceMap, deployments: Deployments) -> list[tuple[str, str]]:
    """Return the names under which several deployments price differently, so that a call by them raises."""
    found = []
    labels = {d.label for d in deployments}
    for name in dict.fromkeys(d.alias for d in deployments if not d.wild):
        try:
            priced.rate_card(name)
        except UnknownModelError as problem:
            if labels.intersection(problem.choices):
                found.append((f"model_name {name!r}", problem.why))
        except LLMCostError:
            continue  # the deployment that it is about has reported it
    return found
