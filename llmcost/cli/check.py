"""``llmcost check``: what a configuration makes of prices, and why a price is not used."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import click

import llmcost
from llmcost.errors import printable
from llmcost.logs.files import Files

from ._app import EXIT_CODES, leave
from ._cards import card_json
from ._headings import Headed
from ._options import Maps, fact_options, given, map_option, register_option
from ._pricing import Failures, priced
from ._wording import in_options

if TYPE_CHECKING:
    from llmcost.prices.deployment import Deployment


@click.command(
    cls=Headed, epilog=EXIT_CODES, short_help="Find mistakes in a configuration, and show who sets each rate."
)
@click.argument("config", metavar="CONFIG.yaml")
@click.argument("files", nargs=-1, metavar="[RESPONSE.json]...")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="JSON: the warnings, the text, every deployment and every call.",
)
@click.option("--verbose", "-v", is_flag=True, help="Show every rate of deployments without prices of their own, too.")
@fact_options()
@map_option
@register_option
def check(
    config: str,
    files: tuple[str, ...],
    base: str | None,
    registered: str | None,
    *,
    verbose: bool,
    as_json: bool,
    **options: Any,
) -> None:
    r"""Find mistakes in CONFIG, and show for each deployment its rates and who sets them.

    With a RESPONSE it also shows how that call is priced: which names were tried, which deployment was chosen, and
    which price of which layer was used. The last lines name the terms, such as discounts and fees, that none of these
    calls had.

    \b
    llmcost check config.yaml
    llmcost check config.yaml response.json --model azure-gpt-3.5
    """
    from llmcost.config.check import all_terms
    from llmcost.config.check import check as check_config

    facts = given(options)
    if facts and not files:
        raise click.UsageError("facts and prices of calls are given, and no call: name the responses")
    prices = Maps(None, base, registered).made()
    found = check_config(config, prices, verbose=verbose)
    if not as_json:
        click.echo(in_options(found.text))
    if not files and not as_json:
        return
    with warnings.catch_warnings():
        # They stand in the text already.
        warnings.simplefilter("ignore")
        configured = prices.with_config(config)
    stated: dict[str, object] = {"warnings": list(found.warnings), "text": found.text.splitlines()}
    if as_json:
        stated["deployments"] = [_as_json(configured, one) for one in configured.deployments or ()]
    if not files:
        click.echo(json.dumps(stated, indent=1))
        return
    failures = Failures()
    calls: list[dict[str, object]] = []
    for result in priced(Files(files), configured, facts):
        if result.cost is None:
            failures.add(result)
        elif as_json:
            calls.append({"place": result.call.place, **result.cost.to_dict()})
        else:
            click.echo(f"\n{printable(result.call.place)}\n{in_options(result.cost.explain(verbose=True))}")
    unused = [term for term in all_terms(configured) if not term.used]
    if as_json:
        names = [{"name": term.name, "layer": term.layer, "model": term.map_key} for term in unused]
        click.echo(json.dumps({**stated, "calls": calls, "unused_terms": names, "failed": failures.count}, indent=1))
    elif unused:
        click.echo("\nterms that none of these calls had")
        for term in unused:
            click.echo(printable(f" - {term.name}: {term.layer} {term.map_key}, {term.price_key}"))
    failures.show()
    leave(failures.code)


def _as_json(configured: llmcost.CostMap, deployment: Deployment) -> dict[str, object]:
    """Return a deployment with its rate card; ``card`` is None, with the reason, where it has no price of its own."""
    card: dict[str, object] | None = None
    why = ""
    try:
        if not deployment.wild or deployment.layers:
            card = card_json(configured.card_of(deployment))
    except llmcost.UnknownModelError as error:
        why = str(error)
    return {
        "address": deployment.address,
        "place": deployment.place,
        "model_name": deployment.alias,
        "model": deployment.backend,
        "id": deployment.id,
        "base_model": deployment.base_model,
        "region": deployment.region,
        "service_tier": deployment.service_tier,
        "card": card,
        "error": why,
    }
