"""Why litellm's number is another one than ours, where it is: named reasons, each an edit that reproduces it.

A reason does not excuse a difference, it has to account for it: it edits the entry, or the call, so that llmcost
would come to litellm's own number. A difference counts as explained only if the edits that apply reach that number
to the last digit that a float can hold. Whatever is left over fails the test. That our number is right is not shown
here but in ``by_hand``, which works out every call from the entry's keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from llmcost import CostMap, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from .usages import Call

    Entry = dict[str, object]

_INPUT, _OUTPUT = "input_cost_per_token", "output_cost_per_token"
_READ, _WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"
_TIERS = ("flex", "priority", "batches", "balanced", "ultrafast", "decisions")


class State(NamedTuple):
    """What a reason edits: the entry that is priced, and the call.

    Attributes:
        rows: every entry of the map.
        provider: the one that litellm is called with.
        keys: the price keys that litellm takes over from an entry.
        theirs: what litellm comes to.
        lost: litellm's batch calculator does not find the model.
    """

    entry: Entry
    call: Call
    rows: dict[str, Entry]
    provider: str
    keys: frozenset[str]
    theirs: float
    lost: bool

    def price(self) -> float:
        """Return what llmcost makes of it."""
        call = self.call
        cost = CostMap({call.model: self.entry}).calculate(
            usage=Usage(**call.quantities),
            model=call.model,
            service_tier=call.requested,
            served_tier=call.served,
            batch=call.batch,
            at=call.at,
        )
        return cost.response_cost


class Reason(NamedTuple):
    """One way in which litellm differs, and why ours is right.

    Attributes:
        edit: the state as litellm sees it, or None where the reason does not apply.
        batch: whether it is about batches, about all other calls, or (None) about both.
    """

    name: str
    why: str
    edit: Callable[[State], State | None]
    batch: bool | None = False


def explain(state: State) -> list[str] | None:
    """Return the names of the reasons that together account for litellm's number; None if they do not."""
    names = []
    batch = state.call.batch
    now = state.price()
    for reason in REASONS:
        edited = reason.edit(state) if reason.batch in {None, batch} else None
        if edited is None:
            continue
        state = edited
        then = state.price()
        if not equal(now, then):
            names.append(reason.name)
        now = then
    return names if names and equal(now, state.theirs) else None


def equal(one: float, other: float) -> bool:
    """Return whether two numbers differ by no more than the rounding of a few float operations."""
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


# Edits.


def _another_row(state: State) -> State | None:
    if not state.call.model.startswith(f"{state.provider}/{state.provider}/"):
        return None
    short = state.call.model.removeprefix(f"{state.provider}/")
    other = state.rows.get(short, state.rows.get(short.lower()))
    return None if other is None else state._replace(entry=dict(other))


def _size_in_the_name(state: State) -> State | None:
    name = state.call.model
    if state.provider != "together_ai" or not name.startswith("together-ai-") or "embedding" in name:
        return None
    return state._replace(entry=dict(state.rows["together-ai-up-to-4b"]))


def _own_calculator(state: State) -> State | None:
    """Perplexity and Dashscope have calculators of their own, which read the flat rates alone."""
    if state.provider == "perplexity":
        return _one_prompt(_flat(state, tiers=True))
    if state.provider in {"dashscope", "qwencloud", "qwen_ai_platform"} and "tiered_pricing" not in state.entry:
        return _flat(state, tiers=False)
    return None


def _unread_tier(state: State) -> State | None:
    if state.provider not in {
        "fireworks_ai",
        "deepseek",
        "tencent",
        "xai",
        "perplexity",
        "dashscope",
        "qwencloud",
        "qwen_ai_platform",
    }:
        return None
    return state._replace(call=state.call._replace(requested=None, served=None))


def _unread_keys(state: State) -> State | None:
    kept = {key: value for key, value in state.entry.items() if _kept(key, state.keys)}
    return None if len(kept) == len(state.entry) else state._replace(entry=kept)


def _kept(key: str, keys: frozenset[str]) -> bool:
    if "cost" not in key or key in keys:
        return True
    # Any threshold is taken over, but with no tier behind it except batches.
    tail = key.rpartition("_tokens")[2]
    return (
        "_above_" in key
        and key.rpartition("_above_")[2].partition("_tokens")[0].rstrip("k").isdecimal()
        and (tail in {"", "_batches"})
    )


def _vendor_factors(state: State) -> State | None:
    # Without a provider no vendor's factor fills a missing rate.
    if state.entry.get("litellm_provider") not in {"anthropic", "vertex_ai-anthropic_models"}:
        return None
    return state._replace(entry={**state.entry, "litellm_provider": "none"})


_CHILDREN = {
    "input_cost_per_audio_token": _INPUT,
    "input_cost_per_image_token": _INPUT,
    "input_cost_per_video_token": _INPUT,
    _READ: _INPUT,
    "cache_read_input_audio_token_cost": _READ,
    _WRITE: _INPUT,
    "cache_creation_input_token_cost_above_1hr": _WRITE,
    "output_cost_per_audio_token": _OUTPUT,
    "output_cost_per_image_token": _OUTPUT,
    "output_cost_per_reasoning_token": _OUTPUT,
}


def _repeats(state: State) -> State | None:
    """Spell out under every condition what repeats its parent, so that it no longer follows it."""
    entry = dict(state.entry)
    for child, parent in _CHILDREN.items():
        if child not in entry or entry[child] != entry.get(parent):
            continue
        for key in state.entry:
            if key.startswith(f"{parent}_above_") or (key.startswith(parent) and key.endswith(_TIERS)):
                tier = child == "output_cost_per_reasoning_token" and key.endswith(_TIERS)
                entry.setdefault(key.replace(parent, child, 1), state.entry[key] if tier else entry[child])
    return None if entry == state.entry else state._replace(entry=entry)


def _missing_cells(state: State) -> State | None:
    """Spell out what stays as it is where the entry has a tier for the parent alone, or below a threshold alone."""
    entry = dict(state.entry)
    for child, parent in _CHILDREN.items():
        for tier in _TIERS:
            if child in entry and f"{parent}_{tier}" in entry and f"{parent}_batches" != f"{parent}_{tier}":
                same = child == "output_cost_per_reasoning_token"
                entry.setdefault(f"{child}_{tier}", entry[f"{parent}_{tier}"] if same else entry[child])
    for key in state.entry:
        if re.search(r"_above_\d+k_tokens$", key):
            base = key.rpartition("_above_")[0]
            for tier in _TIERS:
                if f"{base}_{tier}" in state.entry:
                    entry.setdefault(f"{key}_{tier}", state.entry[key])
    return None if entry == state.entry else state._replace(entry=entry)


def _long_writes(state: State) -> State | None:
    """Drop the price of a write for an hour above a threshold where a tier is named."""
    if not {state.call.requested, state.call.served} - {None, "default"}:
        return None
    kept = {key: value for key, value in state.entry.items() if "_above_1hr_above_" not in key}
    return None if len(kept) == len(state.entry) else state._replace(entry=kept)


def _cached_audio(state: State) -> State | None:
    audio = "cache_read_input_audio_token_cost"
    if _READ in state.entry or audio in state.entry:
        return None
    text = {key.replace(_INPUT, audio, 1): rate for key, rate in state.entry.items() if key.startswith(_INPUT)}
    return state._replace(entry={audio: 0.0, **text, **state.entry})


def _image_output(state: State) -> State | None:
    image = state.entry.get("output_cost_per_image_token")
    if image is None or state.entry.get(_OUTPUT):
        return None
    return state._replace(entry={**state.entry, _OUTPUT: image})


def _vertex_characters(state: State) -> State | None:
    if state.provider != "vertex_ai" or any(
        name in state.call.model for name in ("claude", "llama", "mistral", "jamba", "codestral", "gemma", "gemini-2")
    ):
        return None
    if "output_cost_per_character" not in state.entry:
        return None
    quantities = {m: q for m, q in state.call.quantities.items() if not m.startswith(("output", "reasoning"))}
    return state._replace(call=state.call._replace(quantities=quantities, answer=0))


# In litellm's batch each of these has a rate: of what it repeats if the map prices no batch of its own.
_BATCHED = {
    _READ: _INPUT,
    _WRITE: _INPUT,
    "input_cost_per_audio_token": _INPUT,
    "input_cost_per_image_token": _INPUT,
    "input_cost_per_video_token": _INPUT,
}
_IMAGES = "output_cost_per_image_token"
# It knows one kind of written, of read and of generated tokens.
_ONE_KIND = {
    "cache_write_1h": "cache_write",
    "cache_read_audio": "cache_read",
    "reasoning": "output",
    "output_audio": "output",
}


def _batch(state: State) -> State:
    """Fill in every rate of a batch that the map does not state, as litellm does."""
    # Ranges of the prompt and hours of the day are nothing to it.
    entry = {key: value for key, value in state.entry.items() if key not in {"tiered_pricing", "off_peak_pricing"}}
    thresholds = {found.group() for key in entry if (found := re.search(r"_above_\d+k_tokens", key))}

    def add(stem: str, rate: float) -> None:
        # A threshold without a batch rate of its own takes the batch rate below it.
        flat = entry.setdefault(f"{stem}_batches", rate)
        for threshold in thresholds:
            entry.setdefault(f"{stem}{threshold}_batches", flat)

    def plain(key: str) -> float:
        rate = entry.get(key)
        return rate if isinstance(rate, (int, float)) else 0.0

    own = f"{_INPUT}_batches" in entry
    add(_INPUT, plain(_INPUT) / 2)
    kinds = dict(_ONE_KIND)
    if own:
        # What is cached and has no batch rate keeps its own; without one it is input.
        reads, audio = f"{_READ}_batches" in entry, "cache_read_input_audio_token_cost"
        for threshold in ("", *thresholds) if not reads and _READ in entry else ():
            entry.setdefault(f"{_READ}{threshold}_batches", entry.get(f"{_READ}{threshold}", entry[_READ]))
        for threshold in ("", *thresholds) if not reads and audio in entry else ():
            entry.setdefault(f"{audio}{threshold}_batches", entry.get(f"{audio}{threshold}", entry[audio]))
        if f"{audio}_batches" in entry:
            del kinds["cache_read_audio"]
        if f"{_WRITE}_above_1hr_batches" in entry:
            del kinds["cache_write_1h"]
        for stem, parent in _BATCHED.items():
            if f"{stem}_batches" in entry:
                add(stem, 0.0)
            for threshold in ("", *thresholds):
                entry.setdefault(f"{stem}{threshold}_batches", entry[f"{parent}{threshold}_batches"])
    else:
        add(_READ, plain(_READ) / 2)
        add(_WRITE, (plain(_WRITE) or plain(_INPUT)) / 2)
        for medium in ("audio", "image", "video"):
            add(f"input_cost_per_{medium}_token", plain(_INPUT) / 2)
    images = f"{_IMAGES}_batches" in entry or _IMAGES in entry
    add(_OUTPUT, plain(_OUTPUT) / 2)
    if images:
        add(_IMAGES, plain(_IMAGES) / 2)
    quantities: dict[str, int] = {}
    for meter, tokens in state.call.quantities.items():
        kind = kinds.get(meter, meter)
        quantities[kind] = quantities.get(kind, 0) + tokens
    return state._replace(entry=entry, call=state.call._replace(quantities=quantities))


def _sold_batch(state: State) -> State | None:
    return _batch(state) if _sells_batches(state.entry) else None


def _unsold_batch(state: State) -> State | None:
    return None if _sells_batches(state.entry) else _batch(state)


def _sells_batches(entry: Entry) -> bool:
    return entry.get("litellm_provider") in {"anthropic", "fireworks_ai"} or any(
        key.endswith("_batches") for key in entry
    )


def _lost_batch(state: State) -> State | None:
    return state._replace(entry={_INPUT: 0.0, _OUTPUT: 0.0}) if state.lost else None


def _flat(state: State, *, tiers: bool) -> State:
    """Return the state with flat rates alone."""
    kept = {
        key: value
        for key, value in state.entry.items()
        if "_above_" not in key and not (tiers and key.endswith(_TIERS))
    }
    return state._replace(entry=kept)


def _one_prompt(state: State) -> State:
    """Return the state with prompt as input and answer as output, but for what is cached or reasoned at a rate."""
    given = state.call.quantities.get
    reasoning = given("reasoning", 0) if "output_cost_per_reasoning_token" in state.entry else 0
    read = given("cache_read", 0) + given("cache_read_audio", 0) if _READ in state.entry else 0
    quantities = {
        "input": state.call.prompt - read,
        "cache_read": read,
        "output": state.call.answer - reasoning,
        "reasoning": reasoning,
    }
    return state._replace(call=state.call._replace(quantities=quantities))


REASONS = (
    Reason(
        "another row",
        "litellm takes a provider's name that stands twice at the front for a slip, and prices the row of the shorter "
        "name. There is a row of exactly the name that was asked for, and llmcost prices that.",
        _another_row,
        batch=None,
    ),
    Reason(
        "size in the name",
        "litellm takes the number before the first b of Together's size categories for the size: 21.1b-41b is 1b to "
        "it. The row that was named has the price.",
        _size_in_the_name,
        batch=None,
    ),
    Reason(
        "a calculator that reads less",
        "litellm's calculators for Perplexity and Dashscope read the flat rates alone: no kinds of tokens but cached "
        "ones (Perplexity), no thresholds. The map has those rates, and the vendors bill by them.",
        _own_calculator,
    ),
    Reason(
        "tier not read",
        "litellm does not hand the served tier on to the calculators of these providers. The response says which tier "
        "was served, and the map prices it.",
        _unread_tier,
    ),
    Reason(
        "key not read",
        "litellm takes a fixed list of keys over from an entry and passes the others over, such as the audio rate of "
        "the priority tier. llmcost decodes every key of the map by grammar.",
        _unread_keys,
        batch=None,
    ),
    Reason(
        "vendor's own factor",
        "The entry gives no rate for cache writes, or none above the threshold; litellm bills them as plain input or "
        "at the rate below it. Anthropic states a write as 1.25 x input and one for an hour as 2 x input: "
        "https://platform.claude.com/docs/en/about-claude/pricing",
        _vendor_factors,
    ),
    Reason(
        "rate that repeats another",
        "A modality's, a write's or reasoning's rate that equals the plain one is the map's repetition of it: above a "
        "threshold and in a tier it goes up and down with it. litellm leaves it at the base rate.",
        _repeats,
    ),
    Reason(
        "a cell that the entry lacks",
        "The entry has a price of a tier for the input and none for what is cached, or none above the threshold. "
        "llmcost takes what the tier does to the plain price, and marks it. litellm leaves the price as it is outside "
        "the tier, or takes the plain one of the tier for reasoning.",
        _missing_cells,
    ),
    Reason(
        "long writes in a tier",
        "The entry has a price of a write for an hour above a threshold, which litellm does not look for once a tier "
        "is named, be it sold or not.",
        _long_writes,
    ),
    Reason(
        "cached audio",
        "Where the map has no rate for cached tokens, cached audio is audio to llmcost; litellm bills it as text, at a "
        "fraction of the rate.",
        _cached_audio,
    ),
    Reason(
        "text from an image model",
        "The entry prices image tokens out and no others. litellm bills text and reasoning as images; llmcost marks "
        "them as unpriced.",
        _image_output,
    ),
    Reason(
        "by character",
        "litellm counts the characters of the answer's text for this old Vertex model, so an answer whose text is not "
        "in the response costs 0. llmcost bills the tokens that the response states.",
        _vertex_characters,
    ),
    Reason(
        "no price for batches",
        "litellm takes half of every rate of a model for which the map has no batch prices, and nothing for cached "
        "tokens that have no rate. llmcost bills it at standard with a note: not every vendor sells batches, nor at "
        "half.",
        _unsold_batch,
        batch=True,
    ),
    Reason(
        "batch of few kinds",
        "The map, or the vendor's own page, prices batches of this model. litellm's batch bills writes for an hour "
        "like short ones and cached audio like cached text, and knows neither reasoning nor audio out, nor thresholds "
        "and kinds of tokens without a batch key of their own.",
        _sold_batch,
        batch=True,
    ),
    Reason(
        "lost in a batch",
        "litellm's batch calculator asks for the model once more under another provider's name, does not find it, and "
        "answers 0. llmcost prices the row.",
        _lost_batch,
        batch=True,
    ),
)
