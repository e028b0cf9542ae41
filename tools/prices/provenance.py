"""For every model: where its price comes from, which other families of sources agree, and how sure that makes us.

Sources are counted by family, because some copy each other: litellm (its map and its commits), genai-prices,
models.dev (which model-prices builds on) and Microsoft's meters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from llmcost.core.tiers import TIERS

from .entries import Entry, price_keys, round_price
from .fees import Fees
from .held import Held
from .ids import candidates, family, spelled, undated
from .official import Meters, metered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .additions import Addition
    from .merge import Origin
    from .overrides import Corrected
    from .sources.genai import GenaiModel
    from .sources.ledger import LedgerEvent
    from .sources.model_prices import ModelPricesModel

GENAI, MODELS_DEV, LITELLM, MICROSOFT = "genai-prices", "models.dev", "litellm", "Microsoft meters"
_FAMILY_OF = {"litellm": LITELLM, "genai-prices": GENAI, "model-prices": MODELS_DEV, "azure-genai-prices": MICROSOFT}
_CONDITIONAL = re.compile(rf"_above_|_({'|'.join(sorted(TIERS))})$")
# Two sources agree if they are this close: some round to cents.
CLOSE = Decimal("0.005")
INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"

Quotes = dict[str, list[dict[str, Any]]]


class Witnesses:
    """What each family says of an id."""

    def __init__(
        self,
        genai: Sequence[GenaiModel],
        first_party: Sequence[ModelPricesModel],
        meters: Meters,
        past: Mapping[str, Entry],
        ledger: Mapping[str, Sequence[LedgerEvent]],
        history: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        self._meters, self._past, self._ledger, self._history = meters, past, ledger, history
        self._by_id: dict[str, dict[str, list[tuple[str, dict[str, Any]]]]] = {GENAI: {}, MODELS_DEV: {}}
        for model in genai:
            for name in (model.id, *model.aliases):
                self._note(GENAI, model.provider, name, model.prices)
                if model.peak:
                    self._note(GENAI, model.provider, name, model.peak)
        for item in first_party:
            self._note(MODELS_DEV, item.provider, item.id, item.prices)

    def _note(self, source: str, provider: str, model: str, prices: dict[str, Any]) -> None:
        names = candidates(provider, model)
        if provider.startswith("huggingface_"):
            names = [f"huggingface/{provider.removeprefix('huggingface_')}/{model}"]
        for name in names:
            found = self._by_id[source].setdefault(spelled(name), [])
            if prices not in [known for _, known in found]:
                found.append((_owner(provider), prices))

    def of(self, model_id: str, entry: Entry) -> Quotes:
        """Return the families' prices of an id; a dated snapshot falls back on its model."""
        owner = family(entry["litellm_provider"])
        found: Quotes = {}
        for source, by_id in self._by_id.items():
            for name in (spelled(model_id), spelled(undated(model_id))):
                quotes = [prices for who, prices in by_id.get(name, ()) if who == owner and prices]
                if quotes:
                    found[source] = quotes
                    break
        meters = metered(model_id, self._meters)
        if meters:
            found[MICROSOFT] = [meters]
        if model_id in self._past:
            past = self._past[model_id]
            found[LITELLM] = [
                {key: Decimal(repr(past[key])) for key in price_keys(past) if isinstance(past[key], float)}
            ]
        return found

    def was(self, model_id: str, key: str) -> set[float]:
        """Return the former prices of an id: those of the history, and those that litellm once had."""
        events = [event for event in self._ledger.get(model_id, ()) if event.key == key]
        values = [event.old for event in events if isinstance(event.old, Decimal)]
        if key in self._past.get(model_id, {}) and isinstance(self._past[model_id][key], float):
            values.append(Decimal(repr(self._past[model_id][key])))
        stated = {row[key][0] for row in self._history.get(model_id, ()) if key in row and row[key][0] is not None}
        return {round_price(value) for value in values} | stated


def _owner(provider: str) -> str:
    return "huggingface" if provider.startswith("huggingface_") else family(provider)


@dataclass(frozen=True)
class Evidence:
    """What the records of all models are made from."""

    origins: Mapping[str, Origin]
    witnesses: Witnesses
    corrected: Corrected
    # What the meters replaced, and the meters' name.
    metered: Mapping[str, Mapping[str, float | None]]
    meters: str
    # Models that rest on an addition alone.
    added: Mapping[str, Addition] = field(default_factory=dict)
    fees: Fees = field(default_factory=Fees)
    held: Held = field(default_factory=Held)


def build_provenance(models: Mapping[str, Entry], evidence: Evidence) -> dict[str, dict[str, Any]]:
    """Return one record per model."""
    return {model_id: _record(model_id, entry, evidence) for model_id, entry in models.items()}


def _record(model_id: str, entry: Entry, evidence: Evidence) -> dict[str, Any]:
    origin, corrected = evidence.origins[model_id], evidence.corrected
    addition = evidence.added.get(model_id)
    own = _FAMILY_OF.get(origin.source.rpartition(" ")[0], origin.source)
    quotes = evidence.witnesses.of(model_id, entry)
    quotes.pop(own, None)
    if model_id in evidence.metered:
        quotes.pop(MICROSOFT, None)
    agree, differ, stale = _verdicts(model_id, entry, quotes, evidence.witnesses)

    record: dict[str, Any] = {"source": origin.source, "as_of": origin.as_of}
    if model_id in evidence.metered:
        record["source"] = f"{origin.source}, {evidence.meters}"
    if model_id in corrected.urls:
        record["url"], record["as_of"] = corrected.urls[model_id]
    if addition is not None:
        record["url"] = addition.url
        record |= {"also": addition.also} if addition.also else {}
    replaced: dict[str, Any] = {key: _number(old) for key, old in corrected.keys.get(model_id, {}).items()}
    replaced |= {**evidence.fees.replaced.get(model_id, {}), **evidence.metered.get(model_id, {})}
    if replaced:
        record["corrected"] = sorted(replaced)
    if model_id in evidence.fees.written:
        record["fees"] = dict(sorted(evidence.fees.written[model_id].items()))
    told = {own: dict(sorted(replaced.items()))} if replaced else {}
    views = {"agree": agree, "differ": told | differ, "stale": stale}
    record |= {name: value for name, value in views.items() if value}
    if price_keys(entry) or entry.get("free"):
        # The second witness of an addition is a page, and no family of sources.
        witnesses = len(agree) + bool(addition is not None and addition.also)
        record["confidence"] = _confidence(witnesses, differ, model_id, corrected)
    refused = evidence.held.refused(model_id)
    if refused:
        record["held"] = refused
    note = corrected.disputes.get(model_id) or corrected.settled.get(model_id)
    if note:
        record["note"] = note
    if model_id in corrected.moving and not entry.get("free"):
        record["moves"] = corrected.moving[model_id]
    return record


def _verdicts(
    model_id: str, entry: Entry, quotes: Quotes, witnesses: Witnesses
) -> tuple[list[str], dict[str, dict[str, float]], list[str]]:
    """Return the families that agree, those that differ with what they say, and those that repeat a former price."""
    agree: list[str] = []
    differ: dict[str, dict[str, float]] = {}
    stale: list[str] = []
    for name, said in sorted(quotes.items()):
        verdicts = [_compare(entry, prices) for prices in said]
        other = next((other for _, other in verdicts if other), {})
        if any(same and not unlike for same, unlike in verdicts):
            agree.append(name)
        elif other and _was_so(model_id, other, witnesses):
            stale.append(name)
        elif other:
            differ[name] = other
    return agree, differ, stale


def _number(text: str) -> float | None:
    return None if text == "none" else round_price(Decimal(text))


def _was_so(model_id: str, other: Mapping[str, float], witnesses: Witnesses) -> bool:
    """Return whether a source only repeats former prices; it is judged by input and output where it states them."""
    telling = [key for key in (INPUT, OUTPUT) if key in other] or list(other)
    return all(other[key] in witnesses.was(model_id, key) for key in telling)


def _confidence(agree: int, differ: Mapping[str, Any], model_id: str, corrected: Corrected) -> str:
    if model_id in corrected.disputes or (differ and not agree and model_id not in corrected.settled):
        return "disputed"
    return ("single", "confirmed1", "confirmed2")[min(agree, 2)]


def _compare(entry: Entry, prices: Mapping[str, Any]) -> tuple[bool, dict[str, float]]:
    """Return whether a source states one of the entry's base prices, and the prices on which the two differ."""
    off_peak = entry.get("off_peak_pricing", {})
    shared, other = False, {}
    for key, price in prices.items():
        if _CONDITIONAL.search(key) or not isinstance(price, Decimal) or not isinstance(entry.get(key), float):
            continue
        ours = [Decimal(repr(value)) for value in (entry[key], off_peak.get(key)) if isinstance(value, float)]
        shared = True
        if not any(abs(value - price) <= max(value, price) * CLOSE for value in ours):
            other[key] = round_price(price)
    return shared, other
