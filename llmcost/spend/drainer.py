"""Drainer: moves what the spool holds to the database, in batches; a segment is deleted after its last commit."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from ..errors import printable
from .database import Database, UnavailableError
from .rows import Lines
from .segments import paths, refuse, taken
from .storing import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .drops import Drops
    from .place import Place
    from .rows import Row
    from .segments import Segment

_LOG = logging.getLogger("llmcost")
_BATCH = 2000


class Drainer:
    """Stores segments.

    Args:
        place: of the log.
        durable: a commit waits for the disk.
        patience: seconds for which it waits for another writer.
        drops: how many calls could not be kept.
    """

    def __init__(self, place: Place, *, durable: bool, patience: float, drops: Drops) -> None:
        self.database = Database(place, durable=durable, patience=patience)
        self._folder, self._drops = place.spool, drops
        self._store = Store(self.database)

    def drain(self) -> None:
        """Store all segments that nobody holds.

        Raises SpendLogError if the database cannot be used. What was not stored stays in the spool.
        """
        for path in paths(self._folder):
            segment = taken(path)
            if segment is None:
                continue
            try:
                self._move(segment)
                segment.delete()
            finally:
                segment.close()
        if self._drops.waiting:
            self._put([])

    def _move(self, segment: Segment) -> None:
        rows = iter(Lines(segment.path.name, segment.lines()))
        while batch := list(islice(rows, _BATCH)):
            for row, line in batch:
                if row is None:
                    self._refuse(line, "it cannot be read")
            self._put([(row, line) for row, line in batch if row is not None])

    def _put(self, batch: Sequence[tuple[Row, bytes]]) -> None:
        dropped = self._drops.take()
        try:
            self._store.put([row for row, _ in batch], dropped)
        except UnavailableError:
            self._drops.give_back(dropped)
            raise
        except (SQLAlchemyError, ValueError, OverflowError) as error:
            # One of them is what the database refuses: the others are stored.
            self._drops.give_back(dropped)
            if len(batch) == 1:
                self._refuse(batch[0][1], f"the database refuses it: {type(error).__name__}")
            elif batch:
                half = len(batch) // 2
                self._put(batch[:half])
                self._put(batch[half:])
            else:
                raise

    def _refuse(self, line: bytes, why: str) -> None:
        path = refuse(self._folder, line)
        _LOG.error("llmcost: a line of the spool is not stored: %s; it is kept in %s", why, printable(path))
