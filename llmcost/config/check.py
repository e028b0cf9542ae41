"""``llmcost check``: what every deployment of a configuration costs, who sets each rate, and what looks wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.bill import layer_lines
from ..errors import LLMCostError, UnknownModelError, printable
from . import advice, examine

if TYPE_CHECKING:
    from ..core.ratecard import RateCard
    from ..prices.deployments import Deployment, Deployments
    from ..prices.price_map import PriceMap


class Checked(NamedTuple):
    """The result of a check.

    Attributes:
        text: every deployment with its rates and their layers, then the warnings.
        warnings: one text each; empty if all is well.
    """

    text: str
    warnings: tuple[str, ...]


def check(config: object, base_map: PriceMap) -> Checked:
    """Return what each deployment of a configuration costs over a map's prices, and what looks like a mistake.

    Raises:
        ConfigError: everything that is wrong with it.
    """
    deployments, problems = examine(config, base_map)
    priced = base_map.with_deployments(deployments)
    warnings = [str(finding) for _, finding in problems.doubts]
    blocks = []
    for deployment in deployments:
        lines, said = _deployment(priced, deployment)
        blocks.append([_title(deployment), *lines])
        place = f"{deployment.place}: " if deployment.place else ""
        warnings += [f"{place}{deployment.address} {deployment.alias}: {text}" for text in said]
    warnings += [f"{what}: {text}" for what, text in (*advice.of_names(deployments), *_ambiguous(priced, deployments))]
    count = f"{len(deployments)} deployment{'' if len(deployments) == 1 else 's'}"
    if warnings:
        blocks.append(["warnings", *(f" - {text}" for text in warnings)])
    else:
        blocks.append([f"{count}, no warnings"])
    text = "\n\n".join("\n".join(map(printable, lines)) for lines in blocks)
    return Checked(text, tuple(map(printable, warnings)))


def _title(deployment: Deployment) -> str:
    named = f", id {deployment.id}" if deployment.id else ""
    as_model = f", priced as {deployment.base_model}" if deployment.base_model else ""
    region = f", in {deployment.region}" if deployment.region else ""
    place = f"  ({deployment.place})" if deployment.place else ""
    return f"{deployment.address} {deployment.alias} -> {deployment.backend}{named}{as_model}{region}{place}"


def _deployment(priced: PriceMap, deployment: Deployment) -> tuple[list[str], list[str]]:
    if deployment.wild:
        lines = ["   the prices of whatever model is called"]
        own = priced.card_of(deployment) if deployment.layers else None
        return [*lines, *(layer_lines(own) if own is not None else ())], list(advice.of_wildcard(deployment))
    try:
        card = priced.card_of(deployment)
    except UnknownModelError as problem:
        near = f" (nearest: {', '.join(problem.nearest[:3])})" if problem.nearest else ""
        return ["   no price"], [
            f"no price is known for it, calls raise UnknownModelError: set prices or base_model{near}"
        ]
    return [*_notes(card), *layer_lines(card)], list(advice.of_card(card))


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
