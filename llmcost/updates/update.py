"""Updates of the price data: fetched, checked, and put in place in one step.

Never on import and never implicit. Whatever goes wrong, the last good prices stay in use. An update is a
folder of the form of ``data/``; its ``map_info.json`` names the sha256 of every file.
"""

from __future__ import annotations

import json
import os

from ..errors import ArgumentError, UpdateError, printable, shown
from ..prices import places
from ..prices.moments import now
from ..prices.rows import DictSource
from .checks import disagreeing, models_of, refuse_the_older, same, validated, why_unusual
from .differences import differences
from .download import download
from .held import doubtful, without
from .install import install, kept_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from .differences import Change

_MOST_NAMED = 5


class Report:
    """What an update would do, or has done.

    Attributes:
        installed: whether it was put in place.
        unchanged: whether there was nothing new.
        changes: what is different from the prices that it replaces, the biggest first.
        unusual: why it is only taken with ``accept``; empty for an ordinary update.
        as_of: the date of the new data, or "" if it states none.
        path: where it lies, once installed.
        unknown: price keys that this version does not know, each with the models that have it; they are set aside.
        dropped: aliases that stand for no row, each in words; their names are unknown.
        missing: files that the present prices have beside them and the new ones have not.
        twice: where two prices of one rate are stated, in words; the first spelling counts.
        held: prices that moved as slips do: the rows are as they were, and the rest is taken.
        pastless: models that had dated changes and have none any more; an alias has those of the row it stands for.
    """

    __slots__ = (
        "as_of",
        "changes",
        "dropped",
        "held",
        "installed",
        "missing",
        "pastless",
        "path",
        "twice",
        "unchanged",
        "unknown",
        "unusual",
    )

    def __init__(
        self,
        changes: tuple[Change, ...] = (),
        as_of: str = "",
        *,
        installed: bool = False,
        unchanged: bool = False,
        unusual: tuple[str, ...] = (),
        path: str = "",
        unknown: Mapping[str, tuple[str, ...]] | None = None,
        dropped: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
        twice: tuple[str, ...] = (),
        pastless: tuple[str, ...] = (),
        held: tuple[Change, ...] = (),
    ) -> None:
        self.missing, self.twice, self.pastless, self.held = missing, twice, pastless, held
        self.unknown, self.dropped = dict(unknown or {}), dropped
        self.changes, self.as_of, self.unusual = changes, as_of, unusual
        self.installed, self.unchanged, self.path = installed, unchanged, path

    @property
    def remarks(self) -> tuple[str, ...]:
        """What of the new data this version cannot use, in words."""
        found = []
        if self.unknown:
            count = f"{len(self.unknown)} key{'s' if len(self.unknown) > 1 else ''} this version does not know"
            models = len({name for names in self.unknown.values() for name in names})
            keys = ", ".join(sorted(self.unknown)[:_MOST_NAMED]) + (", ..." if len(self.unknown) > _MOST_NAMED else "")
            found.append(f"{count}, on {models:,} model{'s' if models > 1 else ''}: {keys}; set aside")
        for what, rows in (
            ("aliases that are left out", self.dropped),
            ("held back, and priced as before", tuple(map(str, self.held))),
            ("two prices of one rate; the first counts", self.twice),
            ("models that lose their past prices", () if places.HISTORY in self.missing else self.pastless),
        ):
            if rows:
                more = "; ..." if len(rows) > _MOST_NAMED else ""
                found.append(f"{what}: {'; '.join(rows[:_MOST_NAMED])}{more}")
        if places.HISTORY in self.missing:
            found.append(f"it has no {places.HISTORY}: a past day is priced by these prices too, and is not exact")
        return tuple(found)

    def __str__(self) -> str:
        if self.unchanged:
            return "the prices are up to date"
        counts = {kind: sum(change.kind == kind for change in self.changes) for kind in ("added", "removed", "changed")}
        done = "installed" if self.installed else "not installed"
        text = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        return printable("; ".join((f"prices of {self.as_of or 'unknown date'}: {text}", *self.remarks, done)))


def _pastless(
    files: Mapping[str, bytes], present: places.DataSet, entries: Mapping[str, Mapping[str, object]]
) -> tuple[str, ...]:
    """Return the models of an update that had dated changes until now and have none any more."""
    dated = [
        {name for name, rows in json.loads(text or b"{}").items() if any("seen" not in row for row in rows)}
        for text in (present.read(places.HISTORY), files.get(places.HISTORY))
    ]
    return tuple(sorted((dated[0] - dated[1]) & entries.keys()))


def _stated(files: Mapping[str, bytes]) -> Mapping[str, object]:
    """Return what the files of an update say of themselves; nothing for a single map."""
    found = json.loads(files.get(places.INFO) or b"{}")
    return found if isinstance(found, dict) else {}


def default_source() -> str:
    """Return where updates come from by default: the environment variable ``LLMCOST_UPDATE_FROM``."""
    source = os.environ.get("LLMCOST_UPDATE_FROM")
    if not source:
        raise UpdateError(
            "no source of updates is set: pass an https address or a path, of a folder with map_info.json or of a data "
            "wheel, or set LLMCOST_UPDATE_FROM"
        )
    return source


def _held(
    changes: tuple[Change, ...],
    entries: Mapping[str, Mapping[str, object]],
    files: Mapping[str, bytes],
    taken: frozenset[str],
) -> tuple[Change, ...]:
    """Return the changes that are held back: those that look like slips, without the models that are ``taken``."""
    doubts = doubtful(changes, entries, json.loads(files.get(places.HISTORY) or b"{}"))
    strangers = sorted(taken - {change.model for change in doubts})
    if strangers:
        raise UpdateError(f"nothing is held back of {', '.join(strangers[:_MOST_NAMED])}, which accept names")
    return tuple(change for change in doubts if change.model not in taken)


def _oddities(
    files: Mapping[str, bytes], present: places.DataSet, entries: Mapping[str, Mapping[str, object]]
) -> dict[str, Any]:
    """Return what is odd about the files of an update, as fields of its report."""
    return {
        "dropped": tuple(DictSource(entries).dropped()),
        "twice": disagreeing(files),
        "pastless": _pastless(files, present, entries),
        "missing": tuple(
            name for name in (places.HISTORY, places.PROVENANCE) if name not in files and present.read(name)
        ),
    }


def update(
    source: str | None, *, check: bool = False, accept: bool | Collection[str] = False, folder: str | None = None
) -> Report:
    """Return what an update does; put it in place unless ``check``.

    Args:
        source: an https address or a path, of a folder with ``map_info.json``, of a data wheel (``.whl``), or of a
            single JSON map; that of ``default_source`` if it is not given.
        check: only say what it would do, and in ``unusual`` why it would be refused.
        accept: take what is held back, and the whole update although it changes or deletes more than is usual; or the
            models of which what is held back is taken.
        folder: where updates are kept; the user's data folder if it is not given.

    Raises:
        UpdateError: it cannot be fetched, is damaged, is no price data, needs a newer llmcost, is older than the prices
            in use, or changes more than is usual; or ``accept`` names a model of which nothing is held back. The last
            good prices stay in use.
    """
    if not issubclass(type(source), (str, type(None))):
        # A number would be a file that the process has open.
        raise ArgumentError(f"source={shown(source)}: it has to be text: an address, or a path")
    source = ("" if source is None else str.__str__(source)) or default_source()
    folder = kept_in(folder)
    # The set that the update replaces. LLMCOST_PRICES is stronger than all, and is not compared.
    present = places.best(folder)
    pointer = places.pointed(folder) if present.kind == places.UPDATE else None
    # Who accepts something wants it from the source, however little that has changed.
    etag = (
        str(pointer.get("etag") or "") if pointer is not None and pointer.get("source") == source and not accept else ""
    )
    found = download(source, etag)
    if found is None:
        return Report(unchanged=True, as_of=str(present.info.get("as_of") or ""))
    entries, unknown = validated(found.files, source)
    notes = {"unknown": unknown, **_oddities(found.files, present, entries)}
    if same(found.files, found.as_of, present):
        return Report(unchanged=True, as_of=found.as_of)
    refuse_the_older(found.as_of, source, _stated(found.files))
    before = models_of(json.loads(present.read(places.MAP) or b"{}"))
    changes = every = tuple(differences(before, entries))
    if accept is not True:
        notes["held"] = _held(every, entries, found.files, frozenset(accept or ()))
        names = {change.model for change in notes["held"]}
        if names:
            found.files = without(found.files, before, present.read(places.HISTORY), names)
            changes = tuple(change for change in changes if change.model not in names)
            if same(found.files, found.as_of, present):
                return Report(unchanged=True, as_of=found.as_of, **notes)
    unusual = why_unusual(every, len(before), found.as_of, str(present.info.get("as_of") or ""))
    if check:
        return Report(changes, found.as_of, unusual=unusual, **notes)
    if unusual and accept is not True:
        raise UpdateError(
            "the update is refused: "
            + "; ".join(unusual)
            + ". Look at it with check, and if it is right, repeat with accept"
        )
    facts = {"source": source, "etag": found.etag, "as_of": found.as_of, "installed": now().date().isoformat()}
    path = install(found.files, facts, folder)
    return Report(changes, found.as_of, installed=True, unusual=unusual, path=path, **notes)
