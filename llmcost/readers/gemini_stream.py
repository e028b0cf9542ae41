"""The chunks of a streamed generateContent."""

from __future__ import annotations

from ..core.late import Late
from ..core.lower_bound import break_off
from ..errors import shown
from .chunk_reader import ChunkReader
from .fields import camel, items, names_of, sub
from .gemini import COUNTERS, RESPONSE, read
from .google_grounding import Grounding
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from . import gemini_media
    from .reader import Fields
else:
    gemini_media = Late("llmcost.readers.gemini_media")


class Stream(ChunkReader):
    """Every chunk repeats running totals: the last that is stated counts, for each field; none of them falls to 0."""

    def __init__(self) -> None:
        self._counters: dict[str, object] = {}
        self._fields: dict[str, object] = {}
        self._grounding = Grounding()
        self._kinds: set[str] = set()
        self._finished = self._whole = False

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        response = camel(chunk, RESPONSE)
        for name in ("modelVersion", "createTime", "responseId"):
            if response[name] is not None:
                self._fields[name] = response[name]
        holders = (chunk, *items(response, "candidates"))
        for holder in holders:
            self._grounding.add(holder)
        self._kinds |= gemini_media.kinds_of(holders)
        self._whole = self._whole or _is_whole(chunk)
        self._finished = self._finished or self._whole or _ends(response)
        counters = camel(sub(response, "usageMetadata") or {}, COUNTERS)
        stated = {name: n for name, n in counters.items() if n or (n is not None and name not in self._counters)}
        if stated:
            # A total belongs to the counters of its own chunk.
            self._counters.pop("totalTokenCount", None)
        self._counters.update(stated)

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk answers on after the end, under another id or without one."""
        if not self._finished:
            return False
        if self._whole and _AUTHOR in chunk:
            return True
        response = camel(chunk, RESPONSE)
        mine, its = self._fields.get("responseId"), response["responseId"]
        if mine and its:
            return mine != its
        # Some models end every chunk. Their totals run all the same, for one prompt.
        stated = camel(sub(response, "usageMetadata") or {}, COUNTERS)
        before, after = self._counters.get("promptTokenCount"), stated["promptTokenCount"]
        return bool(before and after and before != after)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far."""
        if not self._counters:
            raise missing("this stream")
        usage = read({**self._fields, "usageMetadata": self._counters})
        gemini_media.settle(usage, self._kinds, split=gemini_media.is_split(self._counters))
        self._grounding.bill(usage)
        # Some models give every chunk the reason why the answer ended, so that none of them is surely the last.
        if not (self._finished and ended):
            break_off(usage)
        return usage


def _is_whole(chunk: Fields) -> bool:
    """Return whether this is an event of Google's Agent Development Kit that states the usage of a whole answer.

    It has no candidates, and says of whom it is; the parts of an answer are partial.
    https://google.github.io/adk-docs/events/
    """
    return _AUTHOR in chunk and chunk.get("partial") is not True


_AUTHOR = "author"


def _ends(response: Fields) -> bool:
    """Return whether a chunk says why the answer ended, or why there is none."""
    reasons = [camel(candidate, _REASON)["finishReason"] for candidate in items(response, "candidates")]
    reasons.append(camel(sub(response, "promptFeedback") or {}, _BLOCK)["blockReason"])
    words = [getattr(reason, "value", reason) for reason in reasons if reason]
    return any(not (word if isinstance(word, str) else shown(word)).upper().endswith("UNSPECIFIED") for word in words)


_REASON, _BLOCK = names_of("finishReason"), names_of("blockReason")
