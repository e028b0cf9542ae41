"""The facts of a call: what its caller may say of it, as a table.

A row is a keyword of ``calculate``, a field of a log's record and an option of the command line. The typed signature of
``CostMap.calculate``, for editors, repeats it, and a test holds both together. A fact that ``selects`` or ``completes``
needs the code that uses it, where a ``Call`` is made or a usage completed. What a fact does is one of

- ``names``: it decides which card is used, and with which prices;
- ``selects``: it decides which of the card's rates are in force;
- ``dates``: it decides of which day the prices are;
- ``completes``: it is counted, or says how something is counted;
- ``reads``: it says how the response is to be read;
- ``counts``: it decides which sum counts as the cost;
- ``overlays``: it says how the call's own prices lie over those of the map. These two are for code alone.
"""

from __future__ import annotations

from ..core.counts import is_stated
from ..core.exact import exact_key
from ..core.late import Late
from ..errors import PriceDataError, shown
from ..prices.entries import is_price_key
from .foreign import THEIRS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_apply = Late("llmcost.api.call_types", "apply")
_VALUES = {
    "text": "NAME",
    "number": "SECONDS",
    "count": "N",
    "flag": "",
    "time": "TIME",
    "choice": "WORD",
    "prices": "KEY=USD",
}


class Fact:
    """One keyword of ``calculate``.

    Attributes:
        name: the keyword; ``--name`` on the command line, with hyphens.
        kind: what its values are: ``text``, ``number`` (seconds), ``count``, ``flag``, ``time``, ``choice`` or
            ``prices``.
        does: what it decides; see the module.
        help: one sentence for docs and for the command line.
        value: the word that stands for its value where its use is shown, such as ``SECONDS``.
        default: the value that says nothing.
        choices: the values of a ``choice``.
    """

    __slots__ = ("choices", "default", "does", "help", "kind", "name", "value")

    def __init__(
        self,
        name: str,
        kind: str,
        does: str,
        help: str,
        default: object = None,
        choices: tuple[str, ...] = (),
        value: str = "",
    ) -> None:
        self.name, self.kind, self.does, self.help = name, kind, does, help
        self.default, self.choices = default, choices
        self.value = value or _VALUES[kind]


_ROWS = (
    Fact("duration", "number", "completes", "Seconds: the length of the media, or the time a hosted model was in use."),
    Fact("model", "text", "names", "The model that was called; stronger than what the response says."),
    Fact("provider", "text", "names", "Whose prices apply, where several sell the model."),
    Fact("deployment", "text", "names", "Id or backend of a deployment of the configuration.", value="ID"),
    Fact("base_model", "text", "names", "The model that it is priced as."),
    Fact("dialect", "text", "reads", "How a bare usage counts: openai, responses, anthropic, gemini, converse."),
    Fact(
        "service_tier",
        "text",
        "selects",
        "The tier that was requested; the response's own word is stronger.",
        value="TIER",
    ),
    Fact(
        "served_tier",
        "text",
        "selects",
        "The tier that was served, if the caller knows better than the response.",
        value="TIER",
    ),
    Fact("batch", "flag", "selects", "Priced as part of a batch."),
    Fact("region", "text", "names", "Where the call was served, for prices by region."),
    Fact("at", "time", "dates", "The time of the price: ISO text, a date, or seconds since 1970."),
    Fact("size", "text", "completes", "Size of images or videos, such as 1024x1024.", value="WxH"),
    Fact("quality", "text", "completes", "Quality of images.", value="WORD"),
    Fact("resolution", "text", "completes", "Resolution of videos or images: 720p, 4k.", value="WORD"),
    Fact("n", "count", "completes", "Images, videos or results that were asked for."),
    Fact("characters", "count", "completes", "Characters that were spoken or embedded."),
    Fact("elapsed", "number", "completes", "Measured seconds; used only by models billed by the time they take."),
    Fact("search_context_size", "text", "completes", "low, medium or high.", value="WORD"),
    Fact("web_searches", "count", "completes", "Searches, where the response does not state them."),
    Fact("image_model", "text", "completes", "The model of images that a tool made."),
    Fact("transcription_model", "text", "completes", "The model that transcribed a live session."),
    Fact(
        "call_type",
        "text",
        "reads",
        "LiteLLM's word for the kind of call, such as aretrieve_batch, rerank or create_video.",
        value="WORD",
    ),
    Fact("cache_hit", "flag", "counts", "Answered from the application's own cache: it costs nothing.", default=False),
    Fact(
        "prefer",
        "choice",
        "counts",
        "Which cost counts, where the provider reports one: auto takes that unless own prices are set.",
        "auto",
        ("auto", "calculated", "reported"),
    ),
    Fact("strict", "flag", "counts", "What has no rate is an error instead of a mark.", default=False),
    Fact("replace", "flag", "overlays", "The call's own prices are a whole card.", default=False),
    Fact(
        "scale_rest", "flag", "overlays", "Conditional prices follow a changed base price in proportion.", default=False
    ),
    Fact("prices", "prices", "names", "Prices of this call alone, named as in the map (USD per unit)."),
)
FACTS = {row.name: row for row in _ROWS}

# The facts that decide a Plan: two calls that differ in one of them have different Plans.
_PLANNED = frozenset(
    row.name for row in _ROWS if row.does in {"names", "selects", "counts", "overlays"} and row.name != "model"
)
_COMPLETING = frozenset(row.name for row in _ROWS if row.does == "completes")
# Facts that can be billed when a response has no counters: 90 seconds of a model that is sold by time.
QUANTIFYING = frozenset(row.name for row in _ROWS if row.does == "completes" and row.kind in {"number", "count"})


class Given:
    """The facts that a caller gives for one call; a fact that is not given has its default.

    Attributes:
        own: prices of the call alone.
        key: the values that decide the Plan; None if one of them cannot be looked up by.
        completes: whether something beside the response is counted.
        quantifies: whether a fact is given that can be billed without counters, such as ``duration``.
        kind: what its ``call_type`` says of the call, or None.
    """

    if TYPE_CHECKING:
        duration: Any
        provider: Any
        deployment: Any
        base_model: Any
        dialect: Any
        service_tier: Any
        served_tier: Any
        batch: bool | None
        region: Any
        size: Any
        quality: Any
        resolution: Any
        n: Any
        characters: Any
        elapsed: Any
        search_context_size: Any
        web_searches: Any
        image_model: Any
        transcription_model: Any
        call_type: Any
        cache_hit: bool
        prefer: str
        strict: bool
        replace: bool
        scale_rest: bool

    own: Mapping[str, object] = {}
    key: tuple[object, ...] | None = ()
    completes: bool = False
    quantifies: bool = False
    kind: str | None = None

    @property
    def counts_work(self) -> bool:
        """Whether something is given that counts work by itself; a measured time counts only on some cards."""
        return any(getattr(self, name) is not None for name in QUANTIFYING if name != "elapsed")

    def part_model(self, keyword: str | None) -> str | None:
        """Return the model that the caller names for a part of this kind."""
        found: str | None = getattr(self, keyword) if keyword else None
        return found


for _row in _ROWS:
    if _row.does != "dates" and _row.name not in {"model", "prices"}:
        setattr(Given, _row.name, _row.default)
NOTHING = Given()


def given_facts(duration: object, keywords: Mapping[str, object]) -> Given:
    """Return the facts that a caller gives; a name that is no fact is a price key.

    Raises:
        TypeError: a name is neither a fact nor a price key, or ``cache_hit`` is no bool.
        ValueError: ``prefer`` is not one of its words, or ``replace`` or ``scale_rest`` is given without prices.
        PriceDataError: ``prices`` is no mapping.
    """
    found = Given()
    fields = found.__dict__
    key: list[object] = []
    own: dict[str, object] = {}
    if duration is not None and is_stated(duration):
        found.duration, found.completes, found.quantifies = duration, True, True
    for name, value in keywords.items():
        row = FACTS.get(name)
        if row is None:
            if name in THEIRS:
                raise TypeError(f"calculate() has no {name}=, which is LiteLLM's: write {THEIRS[name]}")
            if not is_price_key(name):
                raise TypeError(f"calculate() got an unexpected keyword argument {name!r}, and it is no price key")
            own[name] = value
        elif value is not row.default and is_stated(value):
            fields[name] = value
            if name in _PLANNED:
                key.append((name, value))
            if name in _COMPLETING:
                found.completes = True
                found.quantifies = found.quantifies or name in QUANTIFYING
    _check(found)
    if "call_type" in fields:
        _apply(found.call_type, found, key)
    prices = fields.get("prices")
    if prices is not None:
        if not hasattr(prices, "keys"):
            raise PriceDataError(f"prices={shown(prices)}: expected a mapping of price keys to USD per unit")
        own = {**prices, **own}
        key = [pair for pair in key if pair != ("prices", prices)]
    if own:
        found.own = own
        try:
            key.append(exact_key(own))
        except (TypeError, ValueError):
            # Compiling the prices says what is wrong with them.
            found.key = None
    elif found.replace or found.scale_rest:
        raise ValueError("replace= and scale_rest= say how the call's own prices treat the others; none are given")
    if found.key is not None:
        found.key = tuple(key)
    return found


def prices_among(fields: Mapping[str, object]) -> dict[str, object]:
    """Return what is named like a price among other fields, such as those of a deployment; a null is none.

    >>> prices_among({"mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": None})
    {'input_cost_per_token': 2e-06}
    """
    return {name: value for name, value in fields.items() if value is not None and is_price_key(name)}


def _check(given: Given) -> None:
    if given.cache_hit is not False and given.cache_hit is not True:
        raise TypeError(f"cache_hit={shown(given.cache_hit)}: it is True or False, and text is neither")
    if given.prefer not in FACTS["prefer"].choices:
        raise ValueError(f"prefer={shown(given.prefer)}: it is one of {', '.join(map(repr, FACTS['prefer'].choices))}")


def docstring(rows: Iterable[Fact] = _ROWS) -> str:
    """Return the docstring of ``calculate``, with each fact among its arguments."""
    told = "\n".join(f"    {row.name}: {row.help}" for row in rows)
    return f"""Return what a call cost, with the lines that say why.

>>> cost = CostMap().calculate(
...     {{
...         "object": "chat.completion",
...         "model": "gpt-4o-2024-08-06",
...         "usage": {{
...             "prompt_tokens": 2006,
...             "completion_tokens": 300,
...             "total_tokens": 2306,
...             "prompt_tokens_details": {{"cached_tokens": 1920}},
...         }},
...     }}
... )
>>> str(cost), [line.meter for line in cost.line_items]
('0.005615', ['input', 'cache_read', 'output'])

Args:
    response: a raw dict, an SDK object, or a list of stream chunks.
    usage: a Usage or a usage dict, instead of a response or over the one inside it; needs ``model``.
{told}

Raises:
    UnknownModelError: no price is known for the model.
    UsageError: the response has no usage, contradicts itself, or is not recognised.
    UnpricedUsageError: with ``strict``, or with ``prefer="reported"`` where no cost is reported.
    UnknownPriceKeyError, InvalidPriceError: a price of the call cannot be billed by.
"""
