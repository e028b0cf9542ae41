"""Storing: a batch of calls goes into the tables, and into their sums, as a whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, update

from .axes import MAP, METER, NONE, SAVED, SOURCE, TAG
from .hour_sums import Adding, HourSums, meter_amounts
from .instants import HOUR_US
from .money import split, usd_of
from .names import Names
from .rows import WEIGHT, weight
from .schema import call_tags, calls, drops, forms, meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from .database import Database
    from .names import Name
    from .rows import KeptForm, Row

_COLUMNS = tuple(column.name for column in calls.columns)
_INSERT = insert(calls).values({name: bindparam(name) for name in _COLUMNS})
_TAG = insert(call_tags).values(tag=bindparam("tag"), seq=bindparam("seq"))
# What is needed of a row that may be replaced: what decides, and what its sums are taken away by.
OLD = (
    *("id", "seq", "revised", *WEIGHT),
    *("model", "provider", "deployment", "team", "user_name", "session", "tags", "rest", "saved"),
)
_FIND = select(*(calls.c[name] for name in OLD)).where(calls.c.id.in_(bindparam("ids", expanding=True)))
# Calls that could not be kept, by the hour.
_DROPS = Adding(drops, (drops.c.hour,), ("calls",))
_SEQ, EPOCH = "seq", "forgotten"
_MOST_FORMS = 20_000


class Store:
    """Puts calls into the database. The codes of names and forms that it has seen are remembered."""

    def __init__(self, database: Database) -> None:
        self._database, self._names = database, Names()
        self._forms: dict[str, int] = {}
        self._epoch: str | None = None

    def put(self, rows: Iterable[Row], dropped: dict[int, int]) -> None:
        """Store calls, and how many were dropped in which hour. The same id counts once, with its largest usage."""
        best: dict[str, Row] = {}
        for row in rows:
            other = best.get(row.id)
            if other is None or row.weight > other.weight:
                best[row.id] = row
        with self._database.writing() as connection:
            batch = Batch(self._database, connection, self._last_seq(connection))
            old = {found.id: found for found in batch.existing(list(best))}
            kept = [
                row
                for row in sorted(best.values(), key=lambda row: row.at)
                if row.id not in old or row.weight > weight([getattr(old[row.id], name) for name in WEIGHT])
            ]
            names = self._names.codes(connection, _names(kept))
            forms = self._form_codes(connection, [row.form for row in kept if row.form is not None])
            for row in kept:
                batch.add(row, names, forms, old.get(row.id))
            batch.write(names, dropped)
        # Committed.
        self._names.learn(names)
        if len(self._forms) > _MOST_FORMS:
            self._forms.clear()
        self._forms.update(forms)

    def _last_seq(self, connection: Connection) -> int:
        """Return the last ``seq`` that was given away; know no names if somebody has forgotten some meanwhile."""
        found = {name: value for name, value in connection.execute(select(meta.c.name, meta.c.value))}  # noqa: C416 - rows
        if found.get(EPOCH) != self._epoch:
            self._epoch = found.get(EPOCH)
            self._names.forget()
        return int(found[_SEQ])

    def _form_codes(self, connection: Connection, wanted: list[KeptForm]) -> dict[str, int]:
        by_digest = {form.digest: form for form in wanted}
        found = {digest: self._forms[digest] for digest in by_digest if digest in self._forms}
        missing = sorted(digest for digest in by_digest if digest not in found)
        if not missing:
            return found
        rows = connection.execute(select(forms.c.digest, forms.c.code).where(forms.c.digest.in_(missing)))
        found.update((key, code) for key, code in rows)
        new = [digest for digest in missing if digest not in found]
        last = connection.execute(select(func.coalesce(func.max(forms.c.code), 0))).scalar_one()
        found |= {digest: last + place for place, digest in enumerate(new, 1)}
        if new:
            connection.execute(insert(forms), [{"code": found[d], "digest": d, "form": by_digest[d].text} for d in new])
        return found


def _names(rows: Sequence[Row]) -> set[Name]:
    found: set[Name] = set()
    formed: set[KeptForm] = set()
    for row in rows:
        found.update([name for name in row.named if name is not None])
        found.update([(TAG, tag) for tag in row.tags])
        if row.form is None:
            found.update([(METER, meter) for meter, _, _ in row.amounts])
        else:
            formed.add(row.form)
        if row.map:
            found.add((MAP, row.map))
        found.add((SOURCE, row.source))
    found.update([(METER, meter) for form in formed for meter in form.form.meters])
    return found


class Batch:
    """What one transaction changes."""

    def __init__(self, database: Database, connection: Connection, seq: int) -> None:
        self._database, self._connection, self._seq = database, connection, seq
        self._sums = HourSums()
        # Of each form, hour and status: calls, calls that saved something, and the sums of their quantities.
        self._formed: dict[tuple[KeptForm, int, int], list[int]] = {}
        self._new: list[tuple[Any, ...]] = []
        self._replaced: list[dict[str, Any]] = []
        self._tags: list[tuple[int, int]] = []

    def existing(self, ids: list[str]) -> Iterable[Any]:
        """Yield the rows of the database that have these ids."""
        for start in range(0, len(ids), 1000):
            yield from self._connection.execute(_FIND, {"ids": ids[start : start + 1000]})

    def add(self, row: Row, names: dict[Name, int], form_codes: dict[str, int], old: Any) -> None:
        """Add a call; in the place of its old row if there is one."""
        codes = [NONE if name is None else names[name] for name in row.named]
        tags = [names[TAG, tag] for tag in row.tags]
        seq = self._place(old)
        values = (
            seq,
            row.id,
            row.at,
            *codes[:3],
            row.status,
            *codes[3:],
            json.dumps(tags) if tags else None,
            row.input,
            row.output,
            row.nano,
            row.atto,
            row.rest,
            row.saved,
            row.latency_us,
            row.ttft_us,
            row.error,
            row.attempt,
            row.usage,
            row.lines,
            NONE if row.form is None else form_codes[row.form.digest],
            row.cost,
            names[MAP, row.map] if row.map else NONE,
            names[SOURCE, row.source],
            row.metadata,
            0 if old is None else old.revised + 1,
        )
        if old is None:
            self._new.append(values)
        else:
            self._replaced.append({f"new_{name}": value for name, value in zip(_COLUMNS, values, strict=True)})
        self._tags += [(tag, seq) for tag in tags]
        self._sum(row, names, codes, tags)

    def _place(self, old: Any) -> int:
        """Return the ``seq`` of a call: a new one, or that of its old row, which is taken out of the sums."""
        if old is None:
            self._seq += 1
            return self._seq
        take_away(self._connection, self._sums, old)
        self._connection.execute(delete(call_tags).where(call_tags.c.seq == old.seq))
        return int(old.seq)

    def _sum(self, row: Row, names: dict[Name, int], codes: list[int], tags: list[int]) -> None:
        """Add a call to the sums of its hour."""
        self._sums.add(
            1,
            row.at,
            row.status,
            codes,
            tags,
            (row.input, row.output),
            (row.nano, row.atto, row.rest),
            [(names[METER, meter], split(n, d)) for meter, n, d in row.amounts],
            split(*row.saving) if row.form is None and row.saving[0] else None,
        )
        if row.form is not None:
            # Their lines are added up by their quantities, and rated together.
            key = (row.form, row.at // HOUR_US, row.status)
            sums, added = self._formed.get(key), [1, int(row.saving[0] != 0), *row.quantities]
            self._formed[key] = added if sums is None else [*map(int.__add__, sums, added)]

    def _add_formed(self, names: dict[Name, int]) -> None:
        """Add the lines of the calls of each form to the sums."""
        for (kept, hour, status), (number, saving, *quantities) in self._formed.items():
            form = kept.form
            for meter, quantity, rate in zip(form.meters, quantities, form.rates, strict=True):
                amount = split(quantity * rate, form.denominator)
                self._sums.add_money((METER, hour, names[METER, meter], status), number, amount)
            if saving:
                saved = sum(map(int.__mul__, quantities, form.savings))
                self._sums.add_money((SAVED, hour, NONE, status), saving, split(saved, form.denominator))

    def write(self, names: dict[Name, int], dropped: dict[int, int]) -> None:
        """Write it."""
        database, connection = self._database, self._connection
        self._add_formed(names)
        database.insert(connection, calls, _INSERT, self._new)
        if self._replaced:
            changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _COLUMNS if name != "seq"}
            connection.execute(update(calls).where(calls.c.seq == bindparam("new_seq")).values(changed), self._replaced)
        database.insert(connection, call_tags, _TAG, self._tags)
        self._sums.write(database, connection)
        _DROPS.run(database, connection, sorted(dropped.items()))
        connection.execute(update(meta).where(meta.c.name == _SEQ).values(value=str(self._seq)))


def take_away(connection: Connection, sums: HourSums, old: Any) -> None:
    """Take a row that is in the database, with the columns ``OLD``, out of the sums."""
    amounts = meter_amounts(old.lines)
    codes = Names().codes(connection, {(METER, meter) for meter, _ in amounts})
    sums.add(
        -1,
        old.at,
        old.status,
        (old.model, old.provider, old.deployment, old.team, old.user_name, old.session),
        json.loads(old.tags) if old.tags else [],
        (old.input, old.output),
        (old.nano, old.atto, old.rest),
        [(codes[METER, meter], amount) for meter, amount in amounts],
        split(*usd_of(old.saved)) if old.saved else None,
    )
