"""``llmcost show``: the rate card of a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from llmcost.api.given import given_facts
from llmcost.api.planning import asked_of, plan_of
from llmcost.core.bill import why_not
from llmcost.core.dimensions import text
from llmcost.core.exact import plain
from llmcost.core.meters import METERS, TOKEN
from llmcost.core.rate import PUBLIC
from llmcost.core.usage import counted
from llmcost.errors import printable, told
from llmcost.errors.printing import message
from llmcost.prices.covered import covered
from llmcost.prices.layers import REGISTERED
from llmcost.prices.moments import day, now
from llmcost.updates.differences import written

from ._app import EXIT_CODES
from ._cards import card_json, in_order
from ._completion import models
from ._options import Maps, cost_map, fact_options, given
from ._table import Column, Table
from ._wording import in_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    import llmcost
    from llmcost.core.ratecard import RateCard


@click.command(epilog=EXIT_CODES, short_help="Show every rate of a model, and who set it.")
@click.argument("model", shell_complete=models)
@click.option(
    "--verbose", "-v", is_flag=True, help="Also show the rates that a stronger layer replaced or put out of force."
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@fact_options("provider", "deployment", "base_model", "region", "at")
@cost_map
def show(
    model: str,
    maps: Maps,
    *,
    verbose: bool,
    as_json: bool,
    **options: Any,
) -> None:
    r"""Show every rate of MODEL, with the condition under which it holds and who set it.

    \b
    llmcost show gpt-5.4
    llmcost show my-alias --config config.yaml
    llmcost show my-alias --config config.yaml --at 2027-01-01
    """
    prices = maps.made()
    card, dated = _card_at(prices, model, given(options))
    others = {key: covered(prices, key) for layer, key in card.layers if layer == REGISTERED}
    if as_json:
        more = {"evidence": dict(_evidence(prices, card)), "covers": others}
        click.echo(json.dumps(card_json(card) | more, indent=2))
        return
    known_as = "" if card.model == card.name else f"asked for {told(card.model)}, "
    of = f" of {told(card.provider)}" if card.provider else ""
    mode = f", {told(card.mode)}" if card.mode else ""
    click.echo(click.style(told(card.name), bold=True) + printable(f"{of}{mode}"))
    click.echo(printable(f"  {known_as}match rule: {card.match_rule}") + "\n")
    _rates(card)
    remarks = [*dated, *_remarks(card), *_covers(others, verbose=verbose), *_evidence(prices, card)]
    if remarks:
        click.echo()
    for label, value in remarks:
        click.echo(f"  {label:<12}{in_options(message(value))}")
    if verbose and card.shadowed:
        click.echo("\n  not used")
        for shadow in card.shadowed:
            click.echo(printable(f"   - {shadow.rate!r}: {why_not(shadow)}"))


def _card_at(prices: llmcost.CostMap, model: str, facts: dict[str, Any]) -> tuple[RateCard, list[tuple[str, str]]]:
    """Return the rate card of a model at the time that is asked for, and how its prices are dated."""
    at = facts.pop("at", None)
    if at is None:
        return prices.rate_card(model, **facts), []
    nothing, given = counted({}, 0, "meters"), given_facts(facts)
    plan = plan_of(prices, asked_of(model, nothing, given), nothing, given)
    dated, basis, notes = plan.at(prices, at, explicit=True)
    return dated.card, [("at", f"{at}, dated: {basis}"), *(("note", note) for note in notes)]


def _rates(card: RateCard) -> None:
    table = Table(
        Column("meter", style="cyan"),
        Column("when", least=18, cut="end"),
        Column("USD / unit", "point", "bold"),
        Column("unit", drop=1),
        Column("USD / 1M", "point"),
        Column("set by", style="dim", drop=2, least=16),
    )
    before = ""
    for rate in in_order(card):
        unit = METERS[rate.meter].unit
        million = plain(rate.per_million) if unit == TOKEN else ""
        source = rate.layer if rate.map_key in {card.name, ""} else f"{rate.layer} {rate.map_key}"
        more = "; ".join((*rate.derived, *rate.remarks))
        table.add(
            "" if rate.meter == before else rate.meter,
            text(rate.conditions) or "always",
            plain(rate.usd, 0),
            unit,
            million,
            f"{source}: {rate.price_key}{f' ({more})' if more else ''}",
        )
        before = rate.meter
    table.end()


def _covers(others: dict[str, tuple[str, ...]], *, verbose: bool) -> Iterator[tuple[str, str]]:
    """Yield for which names what is registered holds: dated snapshots, and other sellers."""
    for key, names in others.items():
        if not names:
            continue
        shown = names if verbose else names[:_MOST_COVERED]
        more = f" and {len(names) - len(shown)} more (--verbose)" if len(names) > len(shown) else ""
        yield "covers", f"{', '.join(shown)}{more}: the prices registered for {key!r} are theirs, too"


def _evidence(prices: llmcost.CostMap, card: RateCard) -> Iterator[tuple[str, str]]:
    """Yield what the map's numbers rest on: their day and source, who confirms them, and what is announced."""
    name = next((key for layer, key in card.layers if layer in PUBLIC), None)
    if name is None or not card.as_of:
        return
    yield "prices", f"as of {card.as_of}"
    attested = card.attest(name) if card.attest is not None else {}
    if "source" in attested:
        yield "from", f"{attested['source']} of {attested.get('as_of', card.as_of)}"
    if attested.get("url"):
        yield "page", str(attested["url"])
    if "confidence" in attested:
        agree, differ = (_names(attested.get(word)) for word in ("agree", "differ"))
        said = "; ".join(filter(None, (agree and f"{agree} agree", differ and f"{differ} differ")))
        yield "confidence", f"{attested['confidence']}{f' ({said})' if said else ''}"
    if attested.get("note"):
        yield "disputed" if attested.get("confidence") == "disputed" else "settled", str(attested["note"])
    if attested.get("moves"):
        yield "moves", str(attested["moves"])
    if "price_valid_until" in card.info:
        yield "promised", f"until {card.info['price_valid_until']}"
    for start, changes in prices.epochs(card).after(now().timestamp()):
        moved = [
            f"{key} {written(old)} -> {written(new)}" for key, (old, new) in sorted(changes.items(), key=_plainest)
        ]
        more = f", and {len(moved) - _MOST_MOVED} more" if len(moved) > _MOST_MOVED else ""
        yield "scheduled", f"{day(start)}: {', '.join(moved[:_MOST_MOVED])}{more}"


def _plainest(change: tuple[str, object]) -> tuple[int, str]:
    """Return what puts the price of every call before those of its tiers."""
    return change[0].count("_"), change[0]


def _names(families: object) -> str:
    return ", ".join(map(str, families)) if isinstance(families, (list, dict)) else ""


_MOST_MOVED, _MOST_COVERED = 3, 8
_LIMITS = ("max_input_tokens", "max_output_tokens", "max_tokens")
_DATES = ("deprecation_date", "retired_on")


def _remarks(card: RateCard) -> Iterator[tuple[str, str]]:
    if card.free is not None:
        yield "free", f"{' '.join(card.free)} states that the model costs nothing: its work without a price costs 0"
    for factor in card.factors:
        yield "factor", f"{factor.text} on token rates"
    for term in card.terms:
        size = term.numerator / term.denominator
        yield (
            "term",
            f"{term.kind} {f'{size:g} USD' if term.kind == 'fee' else f'{size:.4g} of the sum'} ({term.layer})",
        )
    if card.inclusive:
        yield "threshold", "reached by exactly its number of tokens"
    limits = [f"{value:,} {name}" for name in _LIMITS if isinstance(value := card.info.get(name), int)]
    if limits:
        yield "limits", ", ".join(limits)
    for name in _DATES:
        if name in card.info:
            yield name.replace("_", " ").removesuffix(" date"), str(card.info[name])
    if "source" in card.info and not card.as_of:
        yield "source", str(card.info["source"])
    if len(card.layers) > 1:
        yield "layers", "; ".join(f"{layer} {key}" for layer, key in card.layers)
    for aside in card.unknown:
        yield "set aside", f"{aside.key} = {aside.value} ({aside.map_key}): a price key that this version does not know"
    for note in card.notes:
        yield "note", note
