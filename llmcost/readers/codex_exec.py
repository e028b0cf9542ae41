"""What ``codex exec --json`` prints: events; ``turn.completed`` has the counters of the thread so far.

A turn makes any number of calls, so that its counters have no context. No model is named. The cached tokens are inside
the input, and the reasoning inside the output.
https://github.com/openai/codex/blob/main/codex-rs/exec/src/exec_events.rs
"""

from __future__ import annotations

from . import openai_responses
from .chunk_reader import ChunkReader
from .fields import count, sub, text
from .framework import summed
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

COUNTERS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
)
TURN = "turn.completed"
KINDS = ("thread.", "turn.", "item.")


class Turns:
    """The turns of one thread. A turn is the growth of the counters since the turn before it."""

    def __init__(self, before: list[int] | None = None) -> None:
        self.before = before or [0] * len(COUNTERS)

    def next(self, fields: Fields) -> dict[str, int]:
        """Return the counters of the turn that an event ends; all 0 for a turn without a call.

        Raises InconsistentUsageError if a counter is no count.
        """
        usage = sub(fields, "usage") or {}
        total = [count(usage, name) for name in COUNTERS]
        grown = [one - other for one, other in zip(total, self.before, strict=True)]
        self.before = total
        # Where a counter is smaller than before, the counters began anew.
        return dict(zip(COUNTERS, total if min(grown) < 0 else grown, strict=True))


def read(fields: Fields) -> Usage:
    """Return the usage of the thread up to the end of a turn.

    >>> used = {"input_tokens": 9, "cached_input_tokens": 5, "output_tokens": 2, "reasoning_output_tokens": 1}
    >>> read({"type": "turn.completed", "usage": used}).quantities
    {'input': 4, 'cache_read': 5, 'output': 1, 'reasoning': 1}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a part exceeds what holds it.
    """
    return _counted(Turns().next(fields))


def _counted(counters: dict[str, int]) -> Usage:
    if not any(counters.values()):
        raise missing("this thread of Codex, without a turn that counted anything,")
    entered, read_again, written, answer, thought = counters.values()
    stated = {
        "input_tokens": entered,
        "input_tokens_details": {"cached_tokens": read_again, "cache_write_tokens": written},
        "output_tokens": answer,
        "output_tokens_details": {"reasoning_tokens": thought},
    }
    return summed(openai_responses.read_counters(stated, {}))


def recognises(fields: Fields) -> bool:
    """Return whether this is the end of a turn."""
    return fields.get("type") == TURN and sub(fields, "usage") is not None


def is_event(fields: Fields) -> bool:
    """Return whether an event proves by itself that this program printed it."""
    if fields.get("type") == "thread.started":
        return text(fields, "thread_id") is not None
    return recognises(fields)


class _Thread(ChunkReader):
    """The events of one thread."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._sums = dict.fromkeys(COUNTERS, 0)

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk begins another thread than the one that was read so far."""
        return chunk.get("type") == "thread.started" and any(self._sums.values())

    def feed(self, chunk: Fields) -> None:
        if recognises(chunk):
            for name, number in self._turns.next(chunk).items():
                self._sums[name] += number

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of all turns together."""
        del ended
        return _counted(self._sums)


READER = Reader(
    "Codex",
    recognises,
    read,
    {"usage": Block(*COUNTERS, ignored={"total_tokens": "the sum of the input and the output"})},
    chunk=is_event,
    stream=_Thread,
    tells=(TURN,),
)
