"""Gemini Live: server messages; some of them state the usage of a turn.

Each turn is billed for its own prompt, which is the whole session so far: turns add up. Thoughts stand outside
``totalTokenCount``. https://ai.google.dev/gemini-api/docs/live-guide
"""

from __future__ import annotations

from ..core.late import Late
from ..core.lower_bound import break_off
from ..core.usage import Usage
from .chunk_reader import ChunkReader
from .fields import camel, names_of, sub
from .gemini import BLOCKS, LIVE, read_counters
from .google_grounding import Grounding
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import gemini_media
    from .reader import Fields
else:
    gemini_media = Late("llmcost.readers.gemini_media")

_MESSAGE = names_of("usageMetadata", "serverContent")
_CONTENT = names_of("modelTurn", "turnComplete")


def read(fields: Fields) -> Usage:
    """Return the usage of a single server message."""
    session = _Session()
    session.feed(fields)
    return session.usage()


def recognises(fields: Fields) -> bool:
    """Return whether this is a message of a session; one may hold nothing but its usage."""
    if not LIVE.isdisjoint(fields):
        return True
    counters = sub(fields, "usageMetadata") or sub(fields, "usage_metadata") or ()
    return "responseTokenCount" in counters or "response_token_count" in counters


class _Session(ChunkReader):
    """A turn's usage comes with one of its messages; what the model says after the last one is not counted yet."""

    session = True

    def __init__(self) -> None:
        self._turns: list[Usage] = []
        self._grounding = Grounding()
        self._kinds: set[str] = set()

    def feed(self, chunk: Fields) -> None:
        """Take the next message."""
        message = camel(chunk, _MESSAGE)
        content = sub(message, "serverContent")
        if content is not None:
            stated = camel(content, _CONTENT)
            self.ended = self.ended and stated["modelTurn"] is None
            self._grounding.add(content)
            self._kinds |= gemini_media.kinds_of(({"content": stated["modelTurn"]},))
        counters = sub(message, "usageMetadata")
        if counters:
            turn = read_counters(counters, {})
            gemini_media.settle(turn, self._kinds, split=gemini_media.is_split(counters))
            self._kinds = set()
            self._grounding.bill(turn)
            self._turns.append(turn)
            self._grounding = Grounding()
            self.ended = True

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the only turn, or of the session with its turns as parts."""
        if not self._turns:
            raise missing("this session")
        if len(self._turns) == 1:
            usage = self._turns[0].replaced()
        else:
            last = self._turns[-1]
            facts: dict[str, object] = {"provider": last.provider, "service_tier": last.service_tier}
            usage = Usage.of({}, 0, "gemini", facts)
            usage.parts = tuple(self._turns)
        # A session has no terminal event: between two turns its caller alone knows whether it is over.
        if not (self.ended and ended):
            break_off(usage)
        return usage


READER = Reader("Gemini Live", recognises, read, BLOCKS, chunk=recognises, stream=_Session)
