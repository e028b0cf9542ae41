"""``llmcost models``: what the map knows."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

import llmcost
from llmcost.core.exact import plain
from llmcost.core.meters import METERS, TOKEN
from llmcost.errors import did_you_mean, printable

from ._app import EXIT_CODES, leave
from ._ending import FAILED
from ._options import Maps, cost_map
from ._table import BLOCK, Column, Table, say_hidden
from ._wording import error_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from llmcost.core.ratecard import RateCard


@click.command(epilog=EXIT_CODES)
@click.argument("search", nargs=-1)
@click.option("--provider", metavar="NAME", help="Only models of this provider.")
@click.option("--mode", metavar="MODE", help="Only models of this mode: chat, embedding, image_generation, rerank, ...")
@click.option("--current", is_flag=True, help="Leave out models that are retired.")
@click.option("--all", "every_row", is_flag=True, help=f"Show every row. Without this option a terminal shows {BLOCK}.")
@click.option("--json", "as_json", is_flag=True, help="JSON: name -> entry, with every price key.")
@cost_map
def models(
    search: tuple[str, ...],
    provider: str | None,
    mode: str | None,
    maps: Maps,
    *,
    current: bool,
    every_row: bool,
    as_json: bool,
) -> None:
    r"""List the models of the map, with their base prices.

    SEARCH is one or several words. A model is listed if its name contains all of them.

    \b
    llmcost models sonnet --provider anthropic
    llmcost models --mode rerank --json
    """
    prices = maps.made()
    words = [word.casefold() for text in search for word in text.split()]
    found: dict[str, Mapping[str, object]] = {}
    for name in prices:
        if all(word in name.casefold() for word in words):
            entry = prices[name]
            if (
                (provider is None or entry.get("litellm_provider") == provider)
                and (mode is None or entry.get("mode") == mode)
                and not (current and "retired_on" in entry)
            ):
                found[name] = entry
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        _table(prices, found, None if every_row or not sys.stdout.isatty() else BLOCK)
    if not found:
        click.echo(printable(f"no model matches{_hint(prices, words, provider, mode)}"), err=True)
        leave(FAILED)


def _hint(prices: llmcost.CostMap, words: list[str], provider: str | None, mode: str | None) -> str:
    """Return what may have been meant: the field that no model has, or the nearest names."""
    for option, value, key in (("--provider", provider, "litellm_provider"), ("--mode", mode, "mode")):
        known = {str(prices[name].get(key, "")) for name in prices}
        if value is not None and value not in known:
            return f": none has {option} {value}.{did_you_mean(value, known)}"
    near = ", ".join(_near(prices, "-".join(words))) if words and provider is None and mode is None else ""
    return f"; near it: {near}" if near else ""


def _near(prices: llmcost.CostMap, name: str) -> list[str]:
    try:
        prices.rate_card(name)
    except llmcost.UnknownModelError as error:
        return list(error.nearest[:3])
    return [name]


def _table(prices: llmcost.CostMap, models: Mapping[str, Mapping[str, object]], most: int | None) -> None:
    table = Table(
        Column("model", style="cyan", least=24),
        Column("provider", drop=2, least=10),
        Column("mode", drop=3),
        Column("input / 1M", "point", "bold"),
        Column("output / 1M", "point", "bold"),
        Column("context", "right", drop=1),
        Column("remarks", style="dim", drop=4, least=14, cut="end"),
    )
    for name, entry in islice(models.items(), most):
        try:
            card = prices.rate_card(name)
        except llmcost.LLMCostError as error:
            table.add(name, "", "", "", "", "", error_text(error).split("\n", 1)[0], style="red")
            continue
        context = entry.get("max_input_tokens")
        table.add(
            name,
            str(entry.get("litellm_provider", "")),
            str(entry.get("mode", "")),
            _million(card, "input"),
            _million(card, "output"),
            f"{context:,}" if isinstance(context, int) else "",
            ", ".join(_remarks(card, entry)),
        )
    table.end()
    if most is not None:
        say_hidden(len(models) - most)
    if models:
        day = f"; prices as of {prices.as_of}" if prices.as_of else ""
        click.echo(f"\n{len(models):,} of {len(prices):,} models{day}")


def _million(card: RateCard, meter: str) -> str:
    rate = card.cells.get((meter, ()))
    return plain(rate.per_million) if rate is not None else ""


def _remarks(card: RateCard, entry: Mapping[str, object]) -> Iterator[str]:
    """Yield prices by other units, and whether the model is on its way out."""
    for (meter, conditions), rate in card.cells.items():
        if METERS[meter].unit != TOKEN and METERS[meter].side != "other" and not conditions:
            yield f"{plain(rate.usd, 0)} / {METERS[meter].unit}"
    if card.free is not None:
        yield "free"
    if card.match_rule == "alias":
        yield f"alias of {card.name}"
    if card.thresholds:
        yield "more above " + ", ".join(f"{threshold:,}" for threshold in card.thresholds)
    if "retired_on" in entry:
        yield f"retired {entry['retired_on']}"
    elif "deprecation_date" in entry:
        yield f"ends {entry['deprecation_date']}"
