"""What the prices in use are: their date, their age, and how many there are."""

from __future__ import annotations

from hashlib import sha256

from ..core.signatures import as_signed
from ..errors import printable
from ..prices import places
from ..prices.moments import moment, now
from ..updates.integrity import verify as verify_set
from .default import DEFAULT, CostMap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class MapInfo:
    """Facts about a price map.

    Attributes:
        version: the release of the data, or "" if it does not say.
        date: the day as of which the prices are, ISO text, or "".
        age_days: whole days since then, or None.
        sha256: of the file.
        models, providers: how many it has.
        aliases: how many further names it has, each of which stands for one of the models.
        dropped: the aliases whose row is missing, each in words; these names are unknown models.
        unknown: the price keys that this version does not know, each with the number of models that have it. They
            are set aside.
        origin: where it was read from.
        set: ``package``, ``data`` (the data wheel), ``update``, ``own`` (``LLMCOST_PRICES``), or "" for given entries.
        why: why this set is in use, in words, or "".
        format, needs: the form of its files, and the oldest llmcost that bills by them, or None.
        keys_since: price keys that older versions of llmcost set aside, each with the first that knows it.
        sources: what the prices were made of: package -> its version and day.
        scheduled: the coming days on which prices change, each with the number of models.

    >>> info = map_info(cost_map=CostMap({"my-model": {"input_cost_per_token": 2e-6}}))
    >>> info.models, info.origin, info.to_dict()["date"]
    (1, 'given entries', '')
    """

    __slots__ = (
        "age_days",
        "aliases",
        "date",
        "dropped",
        "format",
        "keys_since",
        "models",
        "needs",
        "origin",
        "providers",
        "scheduled",
        "set",
        "sha256",
        "sources",
        "unknown",
        "version",
        "why",
    )

    def __init__(
        self,
        version: str,
        date: str,
        age_days: int | None,
        sha256: str,
        models: int,
        providers: int,
        origin: str,
        *,
        aliases: int = 0,
        dropped: tuple[str, ...] = (),
        unknown: Mapping[str, int] | None = None,
        set: str = "",
        why: str = "",
        stated: Mapping[str, Any] | None = None,
    ) -> None:
        self.version, self.date, self.age_days, self.sha256 = version, date, age_days, sha256
        self.models, self.providers, self.origin = models, providers, origin
        self.aliases, self.dropped, self.unknown = aliases, dropped, dict(unknown or {})
        self.set, self.why, stated = set, why, stated or {}
        self.format, self.needs = stated.get("format"), stated.get("needs")
        self.keys_since, self.sources = dict(stated.get("keys_since") or {}), dict(stated.get("sources") or {})
        self.scheduled = [list(row) for row in stated.get("scheduled") or ()]

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict."""
        return {name: getattr(self, name) for name in self.__slots__} | {"dropped": list(self.dropped)}

    def __repr__(self) -> str:
        text = f"<MapInfo {self.version or self.origin}, as of {self.date or 'unknown'}, {self.models} models>"
        return printable(text)


@as_signed
def map_info(*, cost_map: CostMap = DEFAULT, verify: bool = False) -> MapInfo:
    """Return facts about the prices in use: their day, their age and where they come from.

    Args:
        cost_map: whose prices; the package's default map if it is not given.
        verify: compare every file of the set with the sha256 that ``map_info.json`` states. Sizes are compared at
            every start; a changed digit is seen here only.

    Raises PriceDataError with ``verify`` if a file is not the one that was published.

    >>> info = map_info()
    >>> info.models > 5000, len(info.sha256)
    (True, 64)
    """
    names = cost_map.source.index()
    data = cost_map.data
    stated = data.info if data is not None else {}
    date = str(stated.get("as_of") or "")
    text = (data.read(places.MAP) or b"") if data is not None else b""
    if verify and data is not None:
        verify_set(data)
    return MapInfo(
        str(stated.get("version") or ""),
        date,
        (now() - moment(date)).days if date else None,
        sha256(text).hexdigest() if text else "",
        len(names.names) - len(names.aliases),
        len(names.providers),
        data.origin if data is not None else "given entries",
        aliases=len(names.aliases),
        dropped=tuple(cost_map.source.dropped()),
        unknown={key: len(models) for key, models in cost_map.source.unknown().items()},
        set=data.kind if data is not None else "",
        why=data.why if data is not None else "",
        stated=stated,
    )
