"""Rows: calls as they are stored, read from the lines of the spool."""

from __future__ import annotations

import json
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from ..core.forms import Form
from ..core.meters import INPUT, OUTPUT, token_side
from .axes import COLUMNS, STATUS_CODES
from .money import split, usd_of, usd_text
from .names import storable
from .spooled import CALL, DEFINITION, FORMED, WHOLE, as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from .names import Name

_AXES = tuple(COLUMNS)
_MOST_PLACES = 60
_READ = json.JSONDecoder()


# By these columns it is decided which of several rows of one id is kept: the one with the largest usage. Of equal ones
# it is the earliest: a call that is handed over again later does not move its cost to another day.
WEIGHT = ("output", "input", "nano", "atto", "at", "status", "usage", "lines")


class Row:
    """A call as it is stored.

    Attributes:
        id, at, status, ...: of the table ``calls``; what is a code there is a name here.
        named: ``(axis, text)`` of model, provider, deployment, team, user and session; None for what is not stated.
        input, output: tokens.
        quantities: of the meters of its form.
        amounts: USD of each line, as ``(meter, numerator, denominator)``; of a row without a form.
        saving: USD that caching saved, as a fraction.
        form: the form of its Cost, or None.
    """

    __slots__ = (
        "amounts",
        "at",
        "attempt",
        "atto",
        "cost",
        "error",
        "form",
        "id",
        "input",
        "latency_us",
        "lines",
        "map",
        "metadata",
        "named",
        "nano",
        "output",
        "quantities",
        "rest",
        "saved",
        "saving",
        "source",
        "status",
        "tags",
        "ttft_us",
        "usage",
    )

    id: str
    at: int
    status: int
    named: tuple[Name | None, ...]
    tags: tuple[str, ...]
    input: int
    output: int
    nano: int
    atto: int
    rest: str | None
    quantities: list[int]
    amounts: list[tuple[str, int, int]]
    saving: tuple[int, int]
    saved: str | None
    latency_us: int | None
    ttft_us: int | None
    error: str | None
    attempt: int | None
    usage: str | None
    lines: str | None
    form: KeptForm | None
    cost: str | None
    map: str | None
    source: str
    metadata: str | None

    @property
    def weight(self) -> tuple[Any, ...]:
        """What decides which of several rows of one id is kept: a total order, so that any may come first."""
        return weight([getattr(self, name) for name in WEIGHT])


def weight(columns: Sequence[Any]) -> tuple[Any, ...]:
    """Return the weight of a row, of its columns ``WEIGHT``."""
    *sizes, at, status, usage, lines = columns
    return *sizes, -at, status, usage or "", lines or ""


class KeptForm:
    """A form as the lines behind its definition use it.

    Attributes:
        digest: tells it from other forms.
        text: as it is stored.
    """

    def __init__(self, stated: dict[str, Any]) -> None:
        self.form = form = Form(stated)
        self.text = as_json(stated)
        self.digest = sha256(self.text.encode()).hexdigest()[:32]
        self._places = next((p for p in range(_MOST_PLACES) if 10**p % form.denominator == 0), None)
        self._scale = 0 if self._places is None else 10**self._places // form.denominator
        self._input, self._output = (
            [place for place, meter in enumerate(form.meters) if token_side(meter) == side] for side in (INPUT, OUTPUT)
        )
        self._heads = [json.dumps(meter) for meter in form.meters]

    def fill(self, row: Row, quantities: list[int], context: int | None, time: object) -> None:
        """Put into a row what its quantities and this form say."""
        form, heads = self.form, self._heads
        amounts = list(map(int.__mul__, quantities, form.rates))
        row.nano, row.atto, row.rest = split(sum(amounts), form.denominator)
        row.quantities, row.amounts = quantities, []
        saving = sum(map(int.__mul__, quantities, form.savings))
        row.saving = saving, form.denominator
        row.saved = self._usd(saving) if saving else None
        row.input = sum([quantities[place] for place in self._input])
        row.output = sum([quantities[place] for place in self._output])
        usd = self._usd
        used = lines = ""
        for head, quantity, amount in zip(heads, quantities, amounts, strict=True):
            used += f",{head}:{quantity}"
            lines += f',[{head},{quantity},"{usd(amount)}"]'
        if context is not None:
            used += f',"context":{context}'
        if time is not None:
            used += f',"at":{as_json(time)}'
        # What the usages of a form state alike is kept with the form.
        row.usage = f"{{{used[1:]}}}"
        row.lines = f"[{lines[1:]}]"
        row.form, row.cost, row.map = self, None, form.as_of

    def _usd(self, numerator: int) -> str:
        places = self._places
        if not places:
            return usd_text(numerator, self.form.denominator)
        digits = str(abs(numerator) * self._scale).zfill(places + 1)
        text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").removesuffix(".")
        return f"-{text}" if numerator < 0 else text


class Lines:
    """The lines of a segment, read as rows.

    Args:
        name: of the segment. A call without an id gets one that is made of its place.
        data: whole lines.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._data = name, data
        self._forms: dict[int, KeptForm] = {}
        # What was read before is most of what is read.
        self._names: dict[str, dict[str | None, Name | None]] = {axis: {None: None} for axis in _AXES}

    def __iter__(self) -> Iterator[tuple[Row | None, bytes]]:
        """Yield a row for each line that is a call, with the line; None for a line that cannot be read."""
        position, read = 0, _READ.decode
        for line in self._data.splitlines(keepends=True):
            try:
                fields = read(line.decode())
                if fields[0] == DEFINITION:
                    self._forms[fields[1]] = KeptForm(fields[2])
                else:
                    yield self._row(fields, position), line
            except (ValueError, TypeError, LookupError, OverflowError):
                yield None, line
            position += len(line)

    def _row(self, fields: list[Any], position: int) -> Row:
        row = Row()
        (
            at,
            stated_id,
            status,
            model,
            provider,
            deployment,
            team,
            user,
            session,
            tags,
            metadata,
            row.latency_us,
            row.ttft_us,
            error,
            row.attempt,
            source,
        ) = fields[-len(CALL) :]
        row.at = at
        row.id = self._id_of_place(position) if stated_id is None else storable(stated_id)
        row.status = STATUS_CODES[status]
        texts = (model, provider, deployment, team, user, session)
        row.named = tuple(map(self._named, self._names.items(), texts))
        row.tags = tuple(dict.fromkeys([storable(tag) for tag in tags])) if tags else ()
        row.metadata = None if metadata is None else as_json(metadata)
        row.error = None if error is None else storable(error)
        row.source = source
        if fields[0] == FORMED:
            _, number, quantities, context, time = fields[:5]
            self._forms[number].fill(row, quantities, context, time)
        elif fields[0] == WHOLE:
            _fill_whole(row, *fields[1:8])
        else:
            raise ValueError("no line of a spool")
        return row

    def _id_of_place(self, position: int) -> str:
        return f"hash:{sha256(f'{self._name}:{position}'.encode()).hexdigest()[:32]}"

    def _named(self, axis_and_names: tuple[str, dict[str | None, Name | None]], text: str | None) -> Name | None:
        axis, names = axis_and_names
        try:
            return names[text]
        except KeyError:
            assert text is not None  # noqa: S101 - None is known from the start
            name = names[text] = axis, storable(text)
            return name


def _fill_whole(
    row: Row,
    cost: dict[str, Any] | None,
    usage: dict[str, Any] | None,
    input: int | None,
    output: int | None,
    numerator: int,
    denominator: int,
    prices: str | None,
) -> None:
    row.nano, row.atto, row.rest = split(numerator, denominator)
    row.form, row.map, row.quantities = None, prices, []
    row.cost = None if cost is None else as_json(cost)
    row.usage = None if usage is None else as_json(usage)
    lines = [] if cost is None else cost["line_items"]
    row.amounts = [(line["meter"], *usd_of(line["amount"])) for line in lines]
    row.lines = None if cost is None else as_json([[line["meter"], line["quantity"], line["amount"]] for line in lines])
    row.saving = (0, 1) if cost is None else usd_of(cost["saved"])
    row.saved = usd_text(*row.saving) if row.saving[0] else None
    row.input = _tokens(lines, INPUT) if input is None else input
    row.output = _tokens(lines, OUTPUT) if output is None else output


def _tokens(lines: list[dict[str, Any]], side: str) -> int:
    """Return the tokens that lines count on a side, where the usage is not known."""
    return sum(int(Fraction(line["quantity"])) for line in lines if token_side(line["meter"]) == side)
