"""OpenAI: the costs and the usage of an organization, as its API answers or as its page exports them as CSV.

Costs (https://platform.openai.com/docs/api-reference/usage/costs) are USD by the day and line item. Usage
(https://platform.openai.com/docs/api-reference/usage/completions) is tokens by the day, model, tier and batch, without
money. Days are of UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.tiers import BATCHES, STANDARD
from .bill import USAGE, BillLine
from .causes import UNEXPLAINED
from .cells import NOT_STATED, ZERO, Conditions
from .forms import Form
from .grammar import grammar
from .pages import any_with, buckets
from .units import units_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction
    from typing import Any

    from .amounts import Money
    from .bill import Bill
    from .forms import Source
    from .tables import Row

_NAME = "openai"
_COSTS = frozenset({"start_time", "amount_value", "amount_currency", "line_item"})
_USAGE = frozenset({"start_time", "input_tokens", "output_tokens", "num_model_requests", "model"})
_WHOSE = frozenset(
    {
        *("object", "end_time", "start_time_iso", "end_time_iso", "organization_id", "organization_name"),
        *("project_id", "project_name", "api_key_id", "api_key_name", "user_id", "user_email", "quantity_unit"),
    }
)
_COUNTED = (
    *("input_tokens", "input_cached_tokens", "input_uncached_tokens", "input_cache_write_tokens", "output_tokens"),
    *("input_text_tokens", "input_cached_text_tokens", "output_text_tokens", "input_audio_tokens"),
    *("input_cached_audio_tokens", "output_audio_tokens", "input_image_tokens", "input_cached_image_tokens"),
    "output_image_tokens",
)
# What the other kinds of usage count: the object of the API, or its columns -> the meter of each counter.
_OTHER_USAGE = {
    "organization.usage.embeddings.result": {"input_tokens": "input"},
    "organization.usage.moderations.result": {"input_tokens": "input"},
    "organization.usage.audio_speeches.result": {"characters": "input_characters"},
    "organization.usage.audio_transcriptions.result": {"seconds": "input_seconds"},
    "organization.usage.images.result": {"images": "output_images"},
    "organization.usage.code_interpreter_sessions.result": {"num_sessions": "code_sessions"},
}
_KNOWN = frozenset(
    {
        *(_COSTS | _USAGE | _WHOSE),
        *_COUNTED,
        *(name for counted in _OTHER_USAGE.values() for name in counted),
        *("batch", "service_tier", "quantity", "size", "source"),
    }
)


def _is_page(page: Mapping[str, Any]) -> bool:
    """Return whether an object is an answer of OpenAI's API."""
    return page.get("object") == "page" and any_with(page.get("data"), {"start_time"})


def _bill(source: Source) -> Bill:
    names = grammar(_NAME)
    lines = []
    undivided = False
    for row, day in source.by_day("start_time", "end_time"):
        if "amount_value" in row.values or row.text("object").startswith("organization.costs"):
            line = _cost(row, day, source.money)
        elif row.text("model") or row.text("object") in _OTHER_USAGE:
            line = _used(row, day, source)
        else:
            undivided = undivided or bool(row.field("input_tokens").units())
            line = None
        if line is not None:
            lines.append(line)
    if undivided:
        source.remarks.append("usage that is not grouped by model counts for nothing: ask the API for group_by=model")
    states = names.states if any(line.conditions != NOT_STATED for line in lines) else frozenset()
    return source.bill(FORM, names.vendor, lines, providers=names.providers, meters=names.meters, states=states)


def _cost(row: Row, day: date, money: Money) -> BillLine | None:
    """Return a line of costs; None for the empty row of a day without any."""
    amount = money.usd(row.field("amount_value"), row.field("amount_currency"))
    if amount is None:
        return None
    item = row.text("line_item")
    if not item:
        return BillLine(row.place, day, USAGE, "all line items", amount=amount)
    found = grammar(_NAME).decode(item)
    if found is None:
        return BillLine(row.place, day, UNEXPLAINED, item, amount=amount)
    quantity, unit = row.field("quantity"), row.field("quantity_unit")
    count = units_of(quantity, unit, found.meter, amount) if unit.text else quantity.units(amount)
    units: dict[str, Fraction | None] = {found.meter: count}
    return BillLine(row.place, day, USAGE, item, found.model, units, amount, found.conditions)


def _used(row: Row, day: date, source: Source) -> BillLine:
    """Return a line of usage."""
    model = row.text("model") or None
    counted = _OTHER_USAGE.get(row.text("object"))
    units: dict[str, Fraction | None] = (
        dict(_tokens(row)) if counted is None else {meter: row.field(name).units() for name, meter in counted.items()}
    )
    requests = row.field("num_model_requests").units()
    word = row.text("service_tier")
    tier = BATCHES if row.text("batch").lower() == "true" else source.tier(word)
    if tier is None and row.text("batch") and not word:
        tier = STANDARD
    text = f"usage of {model or 'all models'}"
    return BillLine(
        row.place, day, USAGE, text, model, units, None, Conditions(tier), None if requests is None else int(requests)
    )


def _tokens(row: Row) -> dict[str, Fraction]:
    """Return disjoint units of a row: cached tokens, images and audio are inside the total of the input.

    Where text, audio and images with their cached parts add up to the total, each of them is without its cached part.
    """
    found = {name: row.field(name).units() or ZERO for name in _COUNTED}
    cached_audio, cached_image = found["input_cached_audio_tokens"], found["input_cached_image_tokens"]
    audio, image = found["input_audio_tokens"], found["input_image_tokens"]
    apart = found["input_text_tokens"] + found["input_cached_text_tokens"] + audio + image + cached_audio + cached_image
    if apart != found["input_tokens"]:
        audio, image = audio - cached_audio, image - cached_image
    written = found["input_cache_write_tokens"]
    fresh = found["input_tokens"] - found["input_cached_tokens"] - written - audio - image
    units = {
        "input": fresh,
        "input_audio": audio,
        "input_image": image,
        "cache_read": found["input_cached_tokens"] - cached_audio - cached_image,
        "cache_read_audio": cached_audio,
        "cache_read_image": cached_image,
        "cache_write": written,
        "output": found["output_tokens"] - found["output_audio_tokens"] - found["output_image_tokens"],
        "output_audio": found["output_audio_tokens"],
        "output_image": found["output_image_tokens"],
    }
    negative = next((meter for meter, quantity in units.items() if quantity < 0), None)
    if negative is not None:
        raise row.field("input_tokens").refused(f"its parts are more than the whole ({negative})")
    return {meter: quantity for meter, quantity in units.items() if quantity}


FORM = Form(_NAME, (_COSTS, _USAGE), _KNOWN, _bill, _is_page, buckets)
