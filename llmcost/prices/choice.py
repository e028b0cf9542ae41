"""Which deployment of a configuration is meant: the one that is named, or any of several that price the same."""

from __future__ import annotations

from ..errors import LLMCostError, UnknownModelError
from .asked import Asked
from .deployments import Choice, ambiguous
from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..core.ratecard import RateCard
    from .deployment import Deployment
    from .deployments import Deployments
    from .rows import Source

    CardOf = Callable[[Asked, Deployment], RateCard]


def choose(source: Source, deployments: Deployments, asked: Asked, card_of: CardOf) -> Choice:
    """Return the deployment that is asked for, if any, and how it was found; ``source`` has the rows of the map.

    Raises UnknownModelError if ``deployment=`` names none, or several are meant that price differently.
    """
    by_id = deployments.by_id(asked.model_id) if asked.model_id is not None else None
    provider = asked.provider or asked.response_provider
    if asked.deployment is not None:
        choice = deployments.by_deployment(asked.deployment, asked.model)
        if not choice.deployments:
            raise UnknownModelError(asked.deployment, why=f"the configuration has no deployment {asked.deployment!r}")
    elif by_id is not None and by_id.deployments:
        choice = by_id
    elif asked.model is not None:
        choice = deployments.named(asked.model)
        if asked.response_model is not None and choice.deployments:
            choice = deployments.answering(choice, asked.response_model, provider)
    elif asked.response_model is not None:
        choice = deployments.serving(
            asked.response_model, provider, _sellers(source, deployments, asked.response_model)
        )
    else:
        return Choice()
    fitting = choice.deployments
    if len(fitting) > 1 and provider is not None:
        # Any of them may have answered, unless the provider is known and has one.
        fitting = tuple(one for one in fitting if one.seller == family(provider)) or fitting
    if len(fitting) > 1 and len({_priced_as(one, asked, card_of) for one in fitting}) > 1:
        raise ambiguous(asked.model or asked.response_model or asked.deployment or "", fitting)
    return Choice(choice.how, fitting[:1], choice.fallback) if fitting else choice


def _sellers(source: Source, deployments: Deployments, model: str) -> Iterator[str]:
    """Yield the words for those who sell the model of a response: whose row it is, and whose wildcards have a row."""
    stated = (source.get(model) or {}).get("litellm_provider")
    owners = (str(stated), family(str(stated))) if stated else ()
    for seller in deployments.sellers():
        if seller in owners or source.get(f"{seller}/{model}") is not None:
            yield seller


def _priced_as(deployment: Deployment, asked: Asked, card_of: CardOf) -> str:
    """Return a text that is equal for deployments that price the same."""
    single = Asked(
        deployment.alias,
        asked.response_model,
        asked.provider,
        asked.response_provider,
        asked.base_model,
        asked.region,
    )
    try:
        card = card_of(single, deployment)
    except LLMCostError as error:
        return f"{type(error).__name__} {deployment.backend}"
    cells = sorted((meter, str(conditions), rate.usd) for (meter, conditions), rate in card.cells.items())
    terms = [
        (term.kind, term.numerator, term.denominator, sorted(term.meters), sorted(term.tags), term.start, term.until)
        for term in (*card.terms, *deployment.terms)
    ]
    # Prices with dates or regions are all compared, also those that are not in force now.
    dated = [layer.contract.text for layer in deployment.layers if layer.contract is not None]
    fees = [(name, fee.numerator, fee.denominator) for name, fee in sorted(deployment.fees.items())]
    return repr((cells, card.region, card.requested_tier, [factor.text for factor in card.factors], terms, dated, fees))
