"""litellm's price map: the base, and in older releases the models that have gone."""

from __future__ import annotations

import json

from ..entries import Entry, clean_entry, is_model


def read(data: bytes) -> tuple[dict[str, Entry], list[str]]:
    """Return the model entries of a price map, and the ids that are not models."""
    raw = json.loads(data)
    models = {model_id: clean_entry(entry) for model_id, entry in raw.items() if is_model(model_id, entry)}
    return models, sorted(raw.keys() - models.keys())
