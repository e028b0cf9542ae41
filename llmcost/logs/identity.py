"""What tells a call of a log from all others, whenever the log is read: the id that it states, else what it holds."""

from __future__ import annotations

import json
from hashlib import sha256

from .whose import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .record import Record

_SIZE = 32


class Identities:
    """Names calls one after the other, file by file.

    A call without an id is named by a digest of all that its record holds. Of several of the same in one file, each is
    a call of its own; the same in another file is the same call, since files are copied and renamed.
    """

    def __init__(self) -> None:
        self._source: str | None = None
        self._seen: dict[str, int] = {}

    def of(self, call: Record) -> str:
        """Return the name of the next call.

        >>> from llmcost.logs.record import Record
        >>> names, record = Identities(), {"model": "gpt-4o", "usage": {"input": 1, "output": 1}}
        >>> names.of(Record({**record, "id": "7", "time": "2026-01-05T10:00:00Z"}))
        '7 2026-01-05T10:00:00Z'
        >>> names.of(Record(record)) == names.of(Record(record))
        False
        """
        stated = whose(call).id
        if stated is not None:
            return stated
        if call.source != self._source:
            self._source, self._seen = call.source, {}
        text = json.dumps(call.value, sort_keys=True, separators=(",", ":"), default=str)
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SIZE]
        count = self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"hash:{digest}" if count == 1 else f"hash:{digest}:{count}"
