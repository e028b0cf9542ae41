"""The fields beside bare counters, which are often a row of somebody's log: facts of price, and everything else."""

from __future__ import annotations

from ..core.counts import is_number
from ..core.notes import Note
from ..core.tiers import TIER_WORDS
from ..errors import shown
from .blocks import Block
from .dialects.reported import TICKS_PER_USD, add_charged, charge, doubt_cost
from .fields import EVERYWHERE, text, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .blocks import Fields

_TIERS = ("service_tier", "serviceTier")
_BATCH = ("batch", "is_batch")
REQUESTS = ("num_model_requests", "requests", "successful_requests", "request_count", "api_requests")
# Digits of the largest count, and one.
_LONGEST = 17
_TIMES = ("created", "created_at", "timestamp")
# Costs that somebody calculated by prices of their own.
COSTS = ("total_cost", "totalCost", "cost_usd", "costUSD", "cost_in_usd", "response_cost", "spend")
# Counters of senders with a cost that is no bill: Cloudflare's gateway and Cline estimate it; Copilot has a multiple.
# https://developers.cloudflare.com/ai-gateway/observability/costs https://docs.github.com/copilot/concepts/billing
_ESTIMATING = ("tokens_in", "tokens_out", "tokensIn", "tokensOut", "cacheReadTokens", "cacheWriteTokens")
_ORDINARY = EVERYWHERE | {"", "standard"}
_LABEL = "the name or the number of a call, a request or a person"
_SETTING = "a setting of the request"
_SUM = "not billed by its number: more than one makes a sum of requests"
BESIDE = Block(
    *(
        "model",
        "model_name",
        "provider",
        "dialect",
        "tier",
        "inference_geo",
        "speed",
        "region",
        "cost",
        "cost_in_usd_ticks",
    ),
    *_TIERS,
    *_BATCH,
    *_TIMES,
    ignored={
        **dict.fromkeys(("id", "object", "request_id", "user_id", "status", "index", "version"), _LABEL),
        **dict.fromkeys(("temperature", "top_p", "n", "seed", "stream"), _SETTING),
        **dict.fromkeys(REQUESTS, _SUM),
        "failed_requests": "calls that used nothing",
        **dict.fromkeys(("start", "end"), "when the call began and ended"),
        **dict.fromkeys(COSTS, "a cost that somebody calculated"),
    },
)


def with_numbers(fields: Fields, deepest: int = 3) -> Fields:
    """Return counters with those that are written as text as numbers: rows of a table of text, and JSON of gRPC.

    >>> with_numbers({"input_tokens": "1000", "id": "7"})
    {'input_tokens': 1000, 'id': '7'}
    """
    found: dict[str, object] = {}
    for name, value in fields.items():
        if name in BESIDE.names:
            continue
        if type(value) is str and value.isdecimal() and value.isascii() and len(value) < _LONGEST:
            found[name] = int(value)
        elif type(value) is dict and deepest:
            inner = with_numbers(value, deepest - 1)
            if inner is not value:
                found[name] = inner
    return {**fields, **found} if found else fields


def add_facts(usage: Usage, fields: Fields) -> None:
    """State the facts of price in the fields beside the counters; a note names each that is not understood."""
    notes: list[Note] = []
    if usage.model is None:
        usage.model = text(fields, "model") or text(fields, "model_name")
    provider = text(fields, "provider")
    if provider is not None and usage.provider is None and usage.named_provider is None:
        usage.named_provider = provider
    _add_tier(usage, fields, notes)
    for name in _BATCH:
        flag = _flag(fields.get(name))
        if flag:
            usage.batch = True
        elif flag is None:
            notes.append(_not_applied(name, fields[name], "batch="))
    for name, fact in (("inference_geo", "region"), ("speed", "speed")):
        value = text(fields, name)
        if value is not None and value not in _ORDINARY and getattr(usage, fact) is None:
            setattr(usage, fact, value)
    place = text(fields, "region")
    if place is not None and usage.region is None and place not in _ORDINARY:
        notes.append(_not_applied("region", place, "region="))
    if _flag(fields.get("cache_hit")):
        notes.append(_not_applied("cache_hit", fields["cache_hit"], "cache_hit="))
    if usage.at is None:
        usage.at = next((at for name in _TIMES if (at := when(fields, name)) is not None), None)
    if any(is_number(many := fields.get(name)) and many > 1 for name in REQUESTS):
        usage.aggregate, usage.context = True, None
    ticks = charge(usage, fields.get("cost_in_usd_ticks"), "cost_in_usd_ticks", TICKS_PER_USD)
    if usage.reported is None and ticks is not None:
        usage.reported, usage.provider = ticks, "xai"
    if any(name in fields for name in _ESTIMATING):
        doubt_cost(usage, fields, "cost")
    elif usage.reported is None:
        add_charged(usage, fields)
    if notes:
        usage.notes = (*usage.notes, *notes)
    doubt_cost(usage, fields, *COSTS)


# A flag as JSON, tables and text write it.
_FLAGS: dict[object, bool] = {
    None: False,
    **dict.fromkeys((False, "false", "no", "0", "", "none", "null"), False),
    **dict.fromkeys((True, "true", "yes", "1"), True),
}


def _flag(value: object) -> bool | None:
    """Return what a flag says; None for what is no flag, such as the name of a batch.

    >>> _flag(True), _flag("True"), _flag(1), _flag("no"), _flag(None), _flag("batch_7")
    (True, True, True, False, False, None)
    """
    word = value.strip().lower() if isinstance(value, str) else value
    return _FLAGS.get(word) if isinstance(word, (str, bool, int, float, type(None))) else None


def _add_tier(usage: Usage, fields: Fields, notes: list[Note]) -> None:
    if usage.service_tier is not None:
        return
    usage.service_tier = next((tier for name in _TIERS if (tier := text(fields, name)) is not None), None)
    tier = text(fields, "tier")
    if usage.service_tier is None and tier is not None:
        if tier.lower() in TIER_WORDS:
            usage.service_tier = tier
        else:
            notes.append(_not_applied("tier", tier, "service_tier="))


def _not_applied(name: str, value: object, keyword: str) -> Note:
    return Note(
        "fact_not_applied", f"{name}={shown(value)} is not applied: if it decides the price, pass {keyword}", name
    )
