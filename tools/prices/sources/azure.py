"""azure-genai-prices: Microsoft's own retail meters, read into prices per model.

A meter has no model id, only a name such as "gpt 4o 0806 cached Inp glbl Tokens". Words that are known give the
direction, the tier and the place; the words that remain are the model. A meter with a word of its own kind
(fine-tuning, hosting, graders, audio, images) is not read.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

PRODUCTS = frozenset({"Azure OpenAI", "Azure OpenAI GPT5", "Azure OpenAI Reasoning", "Azure OpenAI Embedding"})
_UNITS = {"1K": 1000, "1M": 1_000_000}
_PLACES = {
    "global": ("gl", "glbl", "global"),
    "data zone": ("dz", "dzn", "dzone", "datazone"),
    "regional": ("regnl", "rgnl", "regn", "regional", "region"),
}
_DIRECTIONS = {
    "input": ("inp", "inpt", "input", "in"),
    "output": ("opt", "out", "outp", "outpt", "output"),
}
_CACHED = ("cd", "cchd", "cached", "cched", "ccchd")
_PLACE_OF = {word: place for place, words in _PLACES.items() for word in words}
_DIRECTION_OF = {word: direction for direction, words in _DIRECTIONS.items() for word in words}
_NOISE = frozenset({"tokens", "1m", "1k", "std", "az", "shortco"})
_OTHER_KINDS = re.compile(
    r"\b(ft|fine|grdr|grader|mdl|model|hosting|hstng|trng|training|dev|aud|audio|txt|img|image|rt|realtime\w*|tts|"
    r"transcribe|unit|session|calls|whisper|dall|sora|flex)\b"
)
_STEMS = {
    ("input", "plain"): "input_cost_per_token",
    ("output", "plain"): "output_cost_per_token",
    ("input", "read"): "cache_read_input_token_cost",
    ("input", "write"): "cache_creation_input_token_cost",
}


def read(data: bytes) -> tuple[dict[tuple[str, str, str], tuple[Decimal, ...]], str]:
    """Return ``(model, place, price key) -> USD per token``, and the day of the meters.

    There are several prices where it depends on the region.
    """
    snapshot: dict[str, Any] = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    found: dict[tuple[str, str, str], set[Decimal]] = defaultdict(set)
    for item in snapshot["items"]:
        if item["productName"] in PRODUCTS and item["unitOfMeasure"] in _UNITS and item["retailPrice"] > 0:
            meter = parse_meter(item["meterName"])
            if meter:
                found[meter].add(Decimal(item["retailPrice"]) / _UNITS[item["unitOfMeasure"]])
    return {meter: tuple(sorted(prices)) for meter, prices in found.items()}, snapshot["fetched_at"][:10]


def parse_meter(name: str) -> tuple[str, str, str] | None:
    """Return the model, the place and the price key of a meter's name, or None for a meter that is not read.

    >>> parse_meter("gpt 4o 0806 cached Inp glbl Tokens")
    ('gpt-4o-0806', 'global', 'cache_read_input_token_cost')
    >>> parse_meter("5.6 luna LongCo Opt Std DZ 1M Tokens")
    ('gpt-5.6-luna', 'data zone', 'output_cost_per_token_above_272k_tokens')
    >>> parse_meter("gpt-4o-0806-FT-Hstng-glbl Unit") is None
    True
    """
    text = re.sub(r"[-_ ]+", " ", name.lower()).replace("data zone", "dz")
    if _OTHER_KINDS.search(text):
        return None
    place = direction = None
    kind, condition = "plain", ""
    words: list[str] = []
    for word in text.split():
        if word in _PLACE_OF:
            place = _PLACE_OF[word]
        elif word in _DIRECTION_OF:
            direction = _DIRECTION_OF[word]
        elif word in _CACHED:
            kind = "read" if kind == "plain" else kind
        elif word == "wr":
            kind, direction = "write", "input"
        elif word in {"batch", "pp"}:
            condition += "_batches" if word == "batch" else "_priority"
        elif word == "longco":
            condition = "_above_272k_tokens" + condition
        elif word not in _NOISE:
            words.append(word)
    if text.startswith(("text embedding", "embedding")):
        direction = direction or "input"
    stem = _STEMS.get((direction or "", kind))
    if not stem or not place or not words:
        return None
    model = "-".join(words)
    return (f"gpt-{model}" if model[0].isdigit() else model), place, stem + condition
