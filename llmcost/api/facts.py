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
- ``bills``: it decides what the bill has beside the rates;
- ``overlays``: it says how the call's own prices lie over those of the map. A fact that overlays is a keyword alone:
  records and the command line do not have it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_VALUES = {
    "text": "NAME",
    "number": "SECONDS",
    "count": "N",
    "flag": "",
    "time": "TIME",
    "choice": "WORD",
    "prices": "KEY=USD",
    "texts": "WORD",
    "fees": "NAME=N",
}


class Fact:
    """One keyword of ``calculate``.

    Attributes:
        name: the keyword; ``--name`` on the command line, with hyphens.
        kind: what its values are: ``text``, ``texts``, ``number`` (seconds), ``count``, ``flag``, ``time``,
            ``choice``, ``fees`` or ``prices``.
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
    Fact("model", "text", "names", "The model that was called; it is used instead of the model in the response."),
    Fact("provider", "text", "names", "The provider whose prices apply, if several sell the model."),
    Fact(
        "deployment",
        "text",
        "names",
        "The deployment of the configuration that was called: its id or its backend.",
        value="ID",
    ),
    Fact("base_model", "text", "names", "Price the call as this model, such as the base of a fine-tuned one."),
    Fact(
        "dialect",
        "text",
        "reads",
        "The API that a bare usage comes from: openai, responses, anthropic, gemini, converse.",
    ),
    Fact(
        "service_tier",
        "text",
        "selects",
        "The tier that was requested. A tier that the response states is used instead.",
        value="TIER",
    ),
    Fact(
        "served_tier",
        "text",
        "selects",
        "The tier that was served; it is used instead of the tier in the response.",
        value="TIER",
    ),
    Fact("batch", "flag", "selects", "The call was part of a batch, which often has prices of its own."),
    Fact("region", "text", "names", "Where the call was served, for prices by region."),
    Fact("at", "time", "dates", "The time of the price: ISO text, a date, or seconds since 1970."),
    Fact("size", "text", "completes", "The size of images or videos, such as 1024x1024.", value="WxH"),
    Fact("quality", "text", "completes", "The quality of images, such as high.", value="WORD"),
    Fact("resolution", "text", "completes", "The resolution of videos or images, such as 720p or 4k.", value="WORD"),
    Fact("n", "count", "completes", "How many images, videos or results were asked for."),
    Fact("characters", "count", "completes", "How many characters were spoken or embedded."),
    Fact(
        "elapsed",
        "number",
        "completes",
        "The measured seconds of the call; only models that are billed by time use them.",
    ),
    Fact("search_context_size", "text", "completes", "How much a web search reads: low, medium or high.", value="WORD"),
    Fact("web_searches", "count", "completes", "How many web searches were made, if the response does not state them."),
    Fact("fees", "fees", "completes", "Your own fees by name, and how many units of each the call used."),
    Fact("image_model", "text", "completes", "The model that a tool made images with."),
    Fact("embedding_model", "text", "completes", "The model that embedded texts as part of the call."),
    Fact("transcription_model", "text", "completes", "The model that transcribed a live session."),
    Fact("call_type", "text", "reads", "LiteLLM's word for the kind of call: aretrieve_batch, rerank.", value="WORD"),
    Fact("cache_hit", "flag", "counts", "The application's own cache answered: the call costs nothing.", default=False),
    Fact(
        "prefer",
        "choice",
        "counts",
        "Which cost is used if the provider reports one: auto uses the reported cost, unless you set prices.",
        "auto",
        ("auto", "calculated", "reported"),
    ),
    Fact("tags", "texts", "bills", "Tags of the call; some discounts, margins and fees apply to tagged calls only."),
    Fact(
        "strict",
        "flag",
        "counts",
        "A meter without a rate is an error, and not only marked as unpriced.",
        default=False,
    ),
    Fact(
        "replace",
        "flag",
        "overlays",
        "The prices of this call are the whole rate card; no other price applies.",
        default=False,
    ),
    Fact(
        "scale_rest",
        "flag",
        "overlays",
        "Prices under conditions follow a changed base price in proportion.",
        default=False,
    ),
    Fact("prices", "prices", "names", "Prices of this call alone, named as in the map (USD per unit)."),
)
FACTS = {row.name: row for row in _ROWS}

# The facts that decide a Plan: two calls that differ in one of them have different Plans.
PLANNED = frozenset(
    row.name for row in _ROWS if row.does in {"names", "selects", "counts", "overlays"} and row.name != "model"
)
COMPLETING = frozenset(row.name for row in _ROWS if row.does == "completes")
# Facts that can be billed when a response has no counters: 90 seconds of a model that is sold by time.
QUANTIFYING = frozenset(row.name for row in _ROWS if row.does == "completes" and row.kind in {"number", "count"})


def docstring(rows: Iterable[Fact] = _ROWS) -> str:
    """Return the docstring of ``calculate``, with each fact among its arguments."""
    told = "\n".join(f"    {row.name}: {row.help}" for row in rows)
    return f"""Return what a call cost, with the lines that say why.

>>> import llmcost
>>> counters = {{"prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306}}
>>> counters["prompt_tokens_details"] = {{"cached_tokens": 1920}}
>>> cost = llmcost.calculate({{"object": "chat.completion", "model": "gpt-4o-2024-08-06", "usage": counters}})
>>> str(cost), [line.meter for line in cost.line_items]
('0.005615', ['input', 'cache_read', 'output'])

Args:
    response: A raw dict, an SDK object, or a list of stream chunks.
    usage: A Usage or a dict of counters: without a response, or in place of the usage in it. Needs ``model``.
{told}

Raises:
    UnknownModelError: no price is known for the model.
    UsageError: the response has no usage, contradicts itself, or is not recognised.
    UnpricedUsageError: with ``strict``, or with ``prefer="reported"`` where no cost is reported.
    PriceDataError: ``at`` is no time or is before the model's first price, or the price data cannot be read.
    UnknownPriceKeyError, InvalidPriceError: a price of the call cannot be billed by.
    ArgumentError: an argument is of the wrong type, is no value that it may have, or is not known.
"""


# Arguments of LiteLLM's functions, and what calculate() has for each.
THEIRS = {
    "completion_response": "response=",
    "custom_llm_provider": "provider=",
    "region_name": "region=",
    "data_residency": "region=",
    "vertex_location": "region=",
    "total_time": "duration= (seconds)",
    "response_time_ms": "elapsed= (seconds)",
    "router_model_id": "deployment=",
    "custom_cost_per_token": "prices=",
    "custom_cost_per_second": "input_cost_per_second=",
    "optional_params": "its facts one by one (service_tier=, size=, n= ...), or completion_cost()",
}
