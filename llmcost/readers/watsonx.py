"""IBM watsonx: generated text, whose results each state their tokens.

https://cloud.ibm.com/apidocs/watsonx-ai#text-generation
"""

from __future__ import annotations

from ..core.usage import Usage
from .chunk_reader import ChunkReader
from .fields import count, items, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_PROMPT, _ANSWER = "input_token_count", "generated_token_count"


def read(fields: Fields) -> Usage:
    """Return the usage of a generated text.

    >>> read({"model_id": "m", "results": [{"generated_token_count": 12, "input_token_count": 31}]}).quantities
    {'input': 31, 'output': 12}

    Raises:
        MissingUsageError: a result does not state its tokens.
        InconsistentUsageError: a counter is no count.
    """
    results = items(fields, "results")
    if not results or any(row.get(_PROMPT) is None or row.get(_ANSWER) is None for row in results):
        raise missing("this generated text")
    prompt, answer = (sum(count(row, name) for row in results) for name in (_PROMPT, _ANSWER))
    facts = {"provider": "watsonx", "model": text(fields, "model_id"), "at": when(fields, "created_at")}
    return Usage.of(
        {meter: tokens for meter, tokens in (("input", prompt), ("output", answer)) if tokens},
        prompt,
        "watsonx",
        {name: value for name, value in facts.items() if value is not None},
    )


def recognises(fields: Fields) -> bool:
    """Return whether this is a generated text, or an event of one."""
    return any(_PROMPT in row or _ANSWER in row for row in items(fields, "results")[:1])


class _Stream(ChunkReader):
    """Events state what was generated so far; the prompt stands in some of them alone."""

    def __init__(self) -> None:
        self._fields: dict[str, object] = {}
        self._counters: dict[str, object] = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        for name in ("model_id", "created_at"):
            self._fields[name] = chunk.get(name) or self._fields.get(name)
        for row in items(chunk, "results"):
            for name in (_PROMPT, _ANSWER):
                tokens = count(row, name)
                if tokens or name not in self._counters:
                    self._counters[name] = tokens
            self.ended = self.ended or text(row, "stop_reason") not in {None, "not_finished"}

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event comes after the text has stopped."""
        return self.ended and recognises(chunk)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; a text that did not stop is a lower bound."""
        del ended  # the content says it
        usage = read({**self._fields, "results": [self._counters]})
        usage.partial = not self.ended
        return usage


_TOKENS = Block(_PROMPT, _ANSWER, ends=("generated_text",))
READER = Reader("watsonx", recognises, read, {"results": _TOKENS}, chunk=recognises, stream=_Stream)
