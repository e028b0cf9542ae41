"""The model that answered, where the name that was asked for is unknown, or is that of another model."""

from __future__ import annotations

from ..core.notes import Note
from ..errors import UnknownModelError
from .asked import Asked, same_model
from .names import Query, is_provider
from .sought import first
from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.ratecard import RateCard
    from .deployment import Deployment
    from .deployments import Choice
    from .names import Match
    from .rows import Source
    from .stack import Stack


def answered(
    source: Source, asked: Asked, choice: Choice | None, stack_of: Callable[[Asked, Choice | None], Stack]
) -> Stack | None:
    """Return the layers of the model that the response names; None if that is unknown too.

    The name of a deployment is free text: what runs behind it is what the response names. A proxy answers with the name
    that was called, which does not say what runs behind it.
    """
    response_model = asked.response_model
    deployment = choice.deployments[0] if choice is not None and choice.deployments else None
    name = asked.model if deployment is None else deployment.backend
    called = (asked.model, deployment.alias if deployment is not None else None)
    if name is None or response_model is None or response_model in called:
        return None
    head, slash, _ = name.partition("/")
    prefix = family(head) if slash and is_provider(source, family(head)) else None
    provider = asked.provider or prefix or asked.response_provider
    answer = Asked(response_model, None, provider, region=asked.region, size=asked.size, quality=asked.quality)
    if choice is not None and deployment is not None:
        choice = type(choice)(choice.how, [deployment.behind(response_model, provider)])
    try:
        found = stack_of(answer, choice)
    except UnknownModelError:
        return None
    said = f"no price is known for {name!r}: the response says {response_model!r}, which is priced"
    if deployment is not None:
        said += "; base_model decides what the deployment is priced as"
    note = Note("response_model_priced", said, name)
    compiled = found.compile_with

    def compile_with(layers: Any, further: tuple[Note, ...], *rest: Any) -> RateCard:
        card = compiled(layers, (note, *further), *rest)
        card.model, card.match_rule = asked.model or card.model, "response_model"
        return card

    found.compile_with = compile_with
    return found


def other_model(source: Source, asked: Asked, deployment: Deployment | None, matched: Match) -> list[Note]:
    """Return a note if the response names another known model than the one that was called, whose row is matched."""
    called, answers, why = asked.model or "", asked.response_model or "", "as the caller named it"
    if deployment is not None:
        # A proxy answers with the name that was called; a base_model says what answers under another name.
        if answers in (called, deployment.alias) or deployment.base_model is not None:
            return []
        called, why = deployment.backend, f"as it is behind {deployment.alias!r}"
    if asked.base_model or same_model(answers, called):
        return []
    try:
        other = first(source, [Query(answers, asked.response_provider)], [])
    except UnknownModelError:
        return []
    if other is None or other.name == matched.name:
        return []
    return [Note("other_model", f"the response says {answers!r}; {matched.name!r} is priced, {why}", answers)]
