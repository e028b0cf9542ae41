"""The report of a bump, as Markdown: what a person reads before the new prices are used."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from llmcost.prices.differences import written

from .decisions import markdown, table
from .ids import is_first_party
from .report import agreement, new_keys
from .step import changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from llmcost.prices.differences import Change

    from .bump import Bumped

_SOON, _NEXT, _LARGEST = timedelta(days=14), timedelta(days=60), 10


def bump_report(result: Bumped) -> list[str]:
    """Return the lines of the report."""
    built, info = result.built, result.new
    lines = [f"# Prices of {info.today}", "", *_summary(result), ""]
    if result.decisions:
        lines += ["## To decide", "", *table(result.decisions), ""]
    step = changes(result.before, built)
    parts = (
        ("Sources", _sources(result)),
        ("Prices of makers and clouds", _first_party(result, step)),
        ("Prices of resellers", _resellers(result, step)),
        ("Added", _added(result)),
        ("Retired", _retired(result)),
        ("Aliases", _aliases(result)),
        ("New keys", _new_keys(result, step)),
        ("Scheduled and promised", _scheduled(result)),
        ("Rules", _rules(result)),
        ("Held back", _held(result)),
        ("Agreement", _agreement(result)),
        ("Invariants", _invariants(result)),
        ("Files", _files(result)),
    )
    for number, (title, content) in enumerate(parts, 1):
        lines += [f"## {number}. {title}", "", *(list(content) or ["none"]), ""]
    return lines


def _summary(result: Bumped) -> list[str]:
    models = result.built.models
    retired = sum("retired_on" in entry for entry in models.values())
    was = len(result.before.models)
    kinds = f"{len(models) - retired} current, {retired} retired"
    return [f"{len(models)} models ({kinds}), {len(result.built.aliases)} aliases; {was} models before."]


def _sources(result: Bumped) -> Iterator[str]:
    before = {source.package: source for source in reversed(result.old.sources)}
    after = {source.package: source for source in reversed(result.new.sources)}
    rows = []
    for package, now in sorted(after.items()):
        was = before.get(package)
        old = f"{was.version} ({was.data_date})" if was else "none"
        rows.append((package, old, f"{now.version} ({now.data_date})" if now != was else "the same"))
    yield from markdown(("source", "before", "now"), rows)
    left = {source.name for source in result.old.sources} - {source.name for source in result.new.sources}
    if left:
        yield f"\nNo longer read: {', '.join(sorted(left))}"


def prices_changed(result: Bumped, step: Iterable[Change], *, first_party: bool) -> list[Change]:
    """Return the changes of prices that were stated before, of makers and clouds or of all others."""
    models = result.built.models
    return [
        change
        for change in step
        if change.kind == "changed" and change.old is not None
        if is_first_party(models[change.model]["litellm_provider"]) == first_party
    ]


def source_of(result: Bumped, model_id: str) -> str:
    """Return the page that a model's price rests on, or else the package."""
    record = result.built.provenance[model_id]
    return str(record.get("url") or result.built.models[model_id].get("source") or record["source"])


def _row(result: Bumped, change: Change) -> tuple[str, ...]:
    percent = change.percent
    share = "" if percent is None else f"{percent:+.0f}%"
    confidence = result.built.provenance[change.model].get("confidence", "unpriced")
    page = source_of(result, change.model)
    return change.model, change.key, written(change.old), written(change.new), share, page, confidence


_COLUMNS = ("model", "key", "old", "new", "%", "source", "confidence")


def _first_party(result: Bumped, step: Sequence[Change]) -> Iterator[str]:
    found = prices_changed(result, step, first_party=True)
    if found:
        yield from markdown(_COLUMNS, (_row(result, change) for change in found))


def _resellers(result: Bumped, step: Sequence[Change]) -> Iterator[str]:
    sellers: dict[str, list[Change]] = defaultdict(list)
    for change in prices_changed(result, step, first_party=False):
        sellers[result.built.models[change.model]["litellm_provider"]].append(change)
    for seller, found in sorted(sellers.items()):
        models = len({change.model for change in found})
        yield f"{seller}: {len(found)} prices of {models} models"
        yield ""
        yield from markdown(_COLUMNS, (_row(result, change) for change in found[:_LARGEST]))
        yield ""


def _added(result: Bumped) -> Iterator[str]:
    models = result.built.models
    ids = sorted(models.keys() - result.before.models.keys())
    yield f"{len(ids)} models"
    first = [name for name in ids if is_first_party(models[name]["litellm_provider"])]
    if first:
        yield f"\nOf makers and clouds: {', '.join(first)}"
    counts = Counter(models[name]["litellm_provider"] for name in ids if name not in set(first))
    if counts:
        yield "\nOf others: " + ", ".join(f"{seller} {count}" for seller, count in counts.most_common())
    for name in sorted(result.built.added.models):
        yield f"\nBy hand, in no source: {name}"


def _retired(result: Bumped) -> Iterator[str]:
    before = result.before.models
    ids = sorted(
        name
        for name, entry in result.built.models.items()
        if "retired_on" in entry and name in before and "retired_on" not in before[name]
    )
    yield f"{len(ids)} models" + (f": {', '.join(ids)}" if ids else "")
    if result.kept:
        yield f"\nIn no list any more, and kept: {', '.join(result.kept)}"


def _aliases(result: Bumped) -> Iterator[str]:
    before, after = result.before.aliases, result.built.aliases
    new = sorted(after.keys() - before.keys())
    moved = sorted(name for name in after.keys() & before.keys() if after[name] != before[name])
    yield f"{len(after)} aliases, {len(new)} added, {len(moved)} moved"
    rows = [(name, before.get(name, ""), after[name]) for name in (*new, *moved)]
    if rows:
        yield ""
        yield from markdown(("alias", "meant", "means"), rows)
    yield from (f"\nLeft out: {what}" for what in result.built.left_out)
    gone = sorted(before.keys() - after.keys())
    if gone:
        yield f"\nGone: {', '.join(gone)}"


def _new_keys(result: Bumped, step: Iterable[Change]) -> Iterator[str]:
    fresh = [change for change in step if change.kind == "changed" and change.old is None]
    yield f"{len(fresh)} prices under keys that their {len({change.model for change in fresh})} models did not have"
    counts = Counter(change.key for change in fresh)
    if counts:
        yield ""
        yield from markdown(("key", "models"), counts.most_common())
    unknown = [line.strip() for line in new_keys(result.built.findings)]
    yield from (f"\n{line}" for line in unknown)


def _scheduled(result: Bumped) -> Iterator[str]:
    today, until = result.new.today, (date.fromisoformat(result.new.today) + _NEXT).isoformat()
    days: dict[str, list[str]] = defaultdict(list)
    for name, rows in result.built.history.rows.items():
        for row in rows:
            if today < row["from"][:10] <= until:
                days[row["from"]].append(name)
    yield from (f"- {day}: {', '.join(sorted(names))}" for day, names in sorted(days.items()))
    passed = sorted(
        name
        for name, entry in result.built.models.items()
        if str(entry.get("price_valid_until", today)) < today and "retired_on" not in entry
    )
    if passed:
        yield f"- promised until a day that has passed: {', '.join(passed)}"


def _rules(result: Bumped) -> Iterator[str]:
    yield from (f"- ended: {what}" for what in result.ended)
    yield from (f"- ends on {day}: {what}" for day, what in result.ending)
    yield from (f"- allowed for nothing: {what}" for what in result.built.unused)


def _held(result: Bumped) -> Iterator[str]:
    rows = [(rule.id, rule.key, rule.kept, rule.refused, rule.until, rule.why) for rule in result.built.held.holds]
    if rows:
        yield from markdown(("id", "key", "kept", "refused", "until", "why"), rows)


def _agreement(result: Bumped) -> Iterator[str]:
    levels = ("confirmed2", "confirmed1", "single", "disputed", "unpriced")

    def counts(records: Iterable[Any]) -> Counter[str]:
        return Counter(record.get("confidence", "unpriced") for record in records)

    before, after = counts(result.before.provenance.values()), counts(result.built.provenance.values())
    yield from markdown(("confidence", "before", "now"), ((level, before[level], after[level]) for level in levels))
    yield ""
    yield "```"
    yield from agreement(result.built)
    yield "```"


def _invariants(result: Bumped) -> Iterator[str]:
    counts = Counter(finding.code for finding in result.built.findings)
    yield ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    differ, right = sum(row[1] for row in result.built.replayed), sum(row[2] for row in result.built.replayed)
    yield f"\nllmledger replayed against {len(result.built.replayed)} litellm releases: {right} of {differ} prices"


def _files(result: Bumped) -> Iterator[str]:
    rows = [(name, len(content), sha256(content).hexdigest()) for name, content in result.built.files.items()]
    yield from markdown(("file", "bytes", "sha256"), rows)
