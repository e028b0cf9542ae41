"""Options that several commands share: the facts of a call, whose prices are used, and how numbers are written."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

import llmcost
from llmcost.api.facts import FACTS
from llmcost.errors import shown
from llmcost.prices.entries import is_price_key
from llmcost.prices.moments import moment, today

from ._completion import COMPLETIONS
from ._table import EXACT, rounding

if TYPE_CHECKING:
    from collections.abc import Callable

    _Whole = click.ParamType[int]
    _Moment = click.ParamType[str | int]
else:
    # Older releases of click cannot be subscripted.
    _Whole = _Moment = click.ParamType


class _Count(_Whole):
    """A whole number as people write it: 12000, 12_000, 12,000, 12k, 1.5M, 1e6."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        # Beyond some thousand digits Python makes no number of a text.
        written = _WRITTEN.fullmatch(str(value).strip()) if len(str(value)) <= _LONGEST else None
        if written is None:
            self.fail(f"{shown(value)} is no count; write 12000, 12_000, 12k, 1.5M or 1e6", param, ctx)
        whole, fraction, scale = written["whole"], written["fraction"] or "", written["scale"] or ""
        zeros = int(written["power"]) if written["power"] else _ZEROS[scale.lower()]
        if len(fraction.rstrip("0")) > zeros:
            self.fail(f"{value!r} is not a whole number", param, ctx)
        return int(re.sub(r"[,_]", "", whole) + fraction.rstrip("0").ljust(zeros, "0"))


_WRITTEN = re.compile(
    r"(?P<whole>\d+|\d{1,3}([,_]\d{3})+)(\.(?P<fraction>\d+))?((?P<scale>[kKmM])|[eE]\+?(?P<power>\d{1,2}))?", re.ASCII
)
_LONGEST = 100
_ZEROS = {"": 0, "k": 3, "m": 6}
COUNT = _Count()


class _Time(_Moment):
    """A point in time: ISO text, or seconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        # Eight digits are a date.
        when = int(value) if _SECONDS.fullmatch(str(value)) else str(value)
        try:
            moment(when)
        except llmcost.PriceDataError:
            self.fail(f"{shown(value)} is no time; write 2026-08-24T02:00:00Z or seconds since 1970", param, ctx)
        return when


_SECONDS = re.compile(r"\d{9,12}", re.ASCII)


# How the values of each kind of fact are read; a flag has none.
TYPES: dict[str, click.ParamType[Any] | type] = {"text": str, "number": float, "count": COUNT, "time": _Time()}
# Facts of calculate() that are options; own prices are written one by one, as --price.
OPTIONS = tuple(name for name, fact in FACTS.items() if fact.kind != "prices" and fact.does != "overlays")


def together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a decorator that adds several options, in the order in which the help shows them."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def fact_options(*names: str) -> Callable[[Any], Any]:
    """Return a decorator that adds an option for each named fact, or for all, and ``--price KEY=USD``."""
    price = click.option(
        "--price",
        "prices",
        metavar="KEY=USD",
        multiple=True,
        callback=_prices,
        help="A price for these calls, in USD per unit: --price input_cost_per_token=2e-6. Repeatable.",
    )
    return together(*map(_option, names or OPTIONS), price)


def _option(name: str) -> Callable[[Any], Any]:
    fact = FACTS[name]
    flag = f"--{name.replace('_', '-')}"
    if fact.kind == "flag":
        return click.option(flag, name, is_flag=True, default=None, help=fact.help)
    if fact.kind == "choice":
        return click.option(flag, name, type=click.Choice(fact.choices), help=fact.help)
    if fact.kind == "fees":
        # --fee crm_lookup=3
        each = flag.removesuffix("s")
        return click.option(each, name, multiple=True, callback=_fees, metavar=fact.value, help=fact.help)
    if fact.kind == "texts":
        # --tag batch --tag nightly
        each = flag.removesuffix("s")
        return click.option(each, name, multiple=True, callback=_or_none, metavar=fact.value, help=fact.help)
    return click.option(
        flag, name, type=TYPES[fact.kind], metavar=fact.value, help=fact.help, shell_complete=COMPLETIONS.get(name)
    )


def _fees(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, Decimal] | None:
    del ctx
    fees = {}
    for text in given:
        name, _, count = text.rpartition("=")
        try:
            fees[name.strip()] = Decimal(count.strip())
        except InvalidOperation:
            raise click.BadParameter(f"{text!r} is not NAME=N, such as crm_lookup=3", param=param) from None
    return fees or None


def _or_none(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> list[str] | None:
    del ctx, param
    return list(given) or None


def _prices(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str] | None:
    del ctx
    prices = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise click.BadParameter(f"{text!r} is not KEY=USD, such as input_cost_per_token=2e-6", param=param)
        prices[key.strip()] = value.strip()
    for key in prices:
        try:
            is_key = is_price_key(key)
        except llmcost.UnknownPriceKeyError as error:
            raise click.BadParameter(str(error), param=param) from None
        if not is_key:
            raise click.BadParameter(f"{shown(key)} is no price key, such as input_cost_per_token", param=param)
    return prices or None


def given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given, as keywords of ``calculate()``."""
    return {name: value for name, value in options.items() if value is not None}


def _keep_exact(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    ctx.meta[EXACT] = bool(value)


exact = click.option(
    "--exact",
    is_flag=True,
    expose_value=False,
    callback=_keep_exact,
    help="Show every digit of amounts; by default they are rounded to the cent or to four significant digits.",
)

# A file that is read.
FILE = click.Path(exists=True, dir_okay=False)
map_option = click.option(
    "--map", "base", metavar="FILE", type=FILE, help="Use the price map of this JSON file instead of the bundled one."
)
register_option = click.option(
    "--register", "registered", metavar="FILE", type=FILE, help="Add the models and prices of this JSON file."
)
_config_option = click.option(
    "--config",
    metavar="FILE",
    type=FILE,
    help="Use the deployments and prices of this YAML file (LiteLLM's config.yaml).",
)


class Maps(NamedTuple):
    """Whose prices are used: the options ``--config``, ``--map`` and ``--register``."""

    config: str | None
    base: str | None
    registered: str | None

    def made(self) -> llmcost.CostMap:
        """Return the map of these options.

        Raises:
            ConfigError, PriceDataError: a file cannot be used, or what the environment says of prices.
        """
        prices = llmcost.CostMap(self.base) if self.base else llmcost.CostMap.bundled()
        # A wrong LLMCOST_PRICES or LLMCOST_TODAY would be the error of each call: it is said once.
        _ = prices.as_of, today()
        if self.registered:
            prices.register(self.registered)
        return prices.with_config(self.config) if self.config else prices


def cost_map(command: Any) -> Any:
    """Add the options that say whose prices are used; the function gets ``maps``."""

    @wraps(command)
    def run(*given: Any, config: str | None, base: str | None, registered: str | None, **more: Any) -> Any:
        return command(*given, maps=Maps(config, base, registered), **more)

    return together(_config_option, map_option, register_option)(run)


def say_day(day: str) -> None:
    """Write below a table of which day its prices are, if that is known, and whether its amounts are rounded."""
    said = [*([f"prices as of {day}"] if day else []), *rounding()]
    if said:
        click.echo("\n" + "; ".join(said))
