"""litellm's price map: the base, and in older releases the models that have gone."""

from __future__ import annotations

from dataclasses import dataclass

from llmcost.core.json_text import read_json

from ..aliases import read_aliases
from ..entries import Entry, clean_entry, is_model


@dataclass
class PriceMap:
    """What a price map holds: models, other names of them, and records that are neither."""

    models: dict[str, Entry]
    aliases: dict[str, str]
    others: list[str]


def read(data: bytes) -> PriceMap:
    """Return the content of a price map."""
    raw = read_json(data)
    models = {model_id: clean_entry(entry) for model_id, entry in raw.items() if is_model(model_id, entry)}
    aliases = read_aliases(raw)
    return PriceMap(models, aliases, sorted(raw.keys() - models.keys() - aliases.keys()))
