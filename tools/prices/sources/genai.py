"""genai-prices: prices of 47 providers, OpenRouter above all, with dated changes.

Its data is a Python module made of constructor calls with literals. It is read as a syntax tree and never run: a
node that is no literal and no known constructor is an error.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from llmcost.core.tiers import TIER_WORDS

MILLION, THOUSAND, HOUR = Decimal(1_000_000), Decimal(1000), Decimal(3600)

# Their price name -> our key and how many of our units one of their prices covers.
KEYS: dict[str, tuple[str, Decimal]] = {
    "input_mtok": ("input_cost_per_token", MILLION),
    "output_mtok": ("output_cost_per_token", MILLION),
    "cache_read_mtok": ("cache_read_input_token_cost", MILLION),
    "cache_write_mtok": ("cache_creation_input_token_cost", MILLION),
    "cache_write_1h_mtok": ("cache_creation_input_token_cost_above_1hr", MILLION),
    "input_audio_mtok": ("input_cost_per_audio_token", MILLION),
    "output_audio_mtok": ("output_cost_per_audio_token", MILLION),
    "cache_audio_read_mtok": ("cache_read_input_audio_token_cost", MILLION),
    "input_image_mtok": ("input_cost_per_image_token", MILLION),
    "output_image_mtok": ("output_cost_per_image_token", MILLION),
    "cache_image_read_mtok": ("cache_read_input_image_token_cost", MILLION),
    "input_video_mtok": ("input_cost_per_video_token", MILLION),
    "output_video_mtok": ("output_cost_per_video_token", MILLION),
    "output_reasoning_mtok": ("output_cost_per_reasoning_token", MILLION),
    "output_citation_mtok": ("citation_cost_per_token", MILLION),
    "input_mchars": ("input_cost_per_character", MILLION),
    "input_document_kpages": ("ocr_cost_per_page", THOUSAND),
    "input_annotated_document_kpages": ("annotation_cost_per_page", THOUSAND),
    "input_text_messages_kcount": ("input_cost_per_text_message", THOUSAND),
    "requests_kcount": ("input_cost_per_request", THOUSAND),
    "audio_hours": ("input_cost_per_second", HOUR),
    "input_audio_hours": ("input_cost_per_second", HOUR),
}
# A search fee is a block of three equal prices; file storage has no meter of ours.
SEARCHES, IGNORED = "web_searches_kcount", frozenset({"storage_searches_kcount"})
TIERS = {
    (field, word): f"_{TIER_WORDS[word]}"
    for field, word in (("processing", "batch"), ("service_tier", "priority"), ("service_tier", "flex"))
}


@dataclass
class GenaiModel:
    """A model as genai-prices lists it, with the prices of one day in our keys."""

    provider: str
    id: str
    prices: dict[str, Any]
    url: str
    # The sync with a provider's own list gives every model a name; rows written by hand before it have none.
    synced: bool
    deprecated: bool
    context_window: int | None
    aliases: list[str] = field(default_factory=list)
    peak: dict[str, Any] = field(default_factory=dict)


def read(data: bytes, today: str) -> list[GenaiModel]:
    """Return all models with the prices of a day."""
    day = date.fromisoformat(today)
    return [_model(provider, model, day) for provider in _providers(data) for model in provider["models"]]


def _providers(data: bytes) -> list[dict[str, Any]]:
    for statement in ast.parse(data).body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found = _literal(statement.value)
            if statement.target.id == "providers" and isinstance(found, list):
                return found
    raise ValueError("genai-prices: the module has no list named 'providers'")


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal; a constructor call becomes a dict of its arguments and its name."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_literal(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {_literal(key): _literal(value) for key, value in zip(node.keys, node.values, strict=True) if key}
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "datetime.UTC":
        return "UTC"
    if isinstance(node, ast.Call):
        name, arguments = ast.unparse(node.func), [_literal(item) for item in node.args]
        if name == "Decimal":
            return Decimal(str(arguments[0]))
        if name == "datetime.date":
            return date(*arguments)
        if name == "datetime.time" or name.isidentifier():
            return {"": name, "args": arguments} | {k.arg: _literal(k.value) for k in node.keywords if k.arg}
    raise ValueError(f"genai-prices: line {node.lineno}: {ast.unparse(node)[:60]} is no literal")


def _model(provider: dict[str, Any], model: dict[str, Any], day: date) -> GenaiModel:
    conditional = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    prices: dict[str, Any] = {}
    peak: dict[str, Any] = {}
    for row in conditional:
        constraint = row.get("constraint")
        if constraint and "start_time" in constraint:
            peak = _prices(row["prices"], "")
        elif not constraint or constraint["start_date"] <= day:
            prices = _prices(row["prices"], "")
    # The first variant that holds wins, per price.
    for variant in model.get("price_variants") or []:
        constraint = variant.get("constraint")
        suffixes = [TIERS.get(pair) for pair in variant["when"].items()]
        if len(suffixes) == 1 and suffixes[0] and (not constraint or constraint["start_date"] <= day):
            for key, price in _prices(variant["prices"], suffixes[0]).items():
                prices.setdefault(key, price)
    return GenaiModel(
        provider=provider["id"],
        id=model["id"],
        prices=prices,
        peak=peak,
        url=(provider.get("pricing_urls") or [""])[0],
        synced="name" in model,
        deprecated=bool(model.get("deprecated")),
        context_window=model.get("context_window"),
        aliases=[name for name in _equals(model["match"]) if name != model["id"]],
    )


def _prices(row: dict[str, Any], suffix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, price in row.items():
        if name == SEARCHES:
            each = price / THOUSAND
            found["search_context_cost_per_query"] = {
                f"search_context_size_{s}": each for s in ("high", "low", "medium")
            }
        elif name in KEYS:
            key, per = KEYS[name]
            if isinstance(price, dict):
                found[key + suffix] = price["base"] / per
                for tier in price["tiers"]:
                    found[f"{key}_above_{_thousands(tier['start'])}k_tokens{suffix}"] = tier["price"] / per
            else:
                found[key + suffix] = price / per
        elif name not in {"", "args"} | IGNORED:
            raise ValueError(f"genai-prices: unknown price {name!r}")
    return found


def _thousands(start: int) -> int:
    """Return a tier's threshold in thousands; xAI's "200k and more" is written as "more than 199,999"."""
    return (start + 1) // 1000 if start % 1000 == 999 else start // 1000


def _equals(clause: dict[str, Any]) -> list[str]:
    if "equals" in clause:
        return [clause["equals"]]
    return [name for inner in clause.get("or_", []) for name in _equals(inner)]
