"""The chunks of a streamed chat completion, of OpenAI and of everybody who speaks as it does."""

from __future__ import annotations

from ..core.counts import is_number
from .answers import counters_of, drawn_in, in_choices
from .chunk_reader import ChunkReader
from .dialects import HINTS
from .fields import fields_of, items, sub
from .openai_chat import ASK, SIDES, read, settle_drawn
from .reader import doubt_zeros

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_KEPT = HINTS | {"model", "service_tier", "created", "id", "provider", "system_fingerprint"}
_TELLING = (list, dict)


class Stream(ChunkReader):
    """The last usage that is not null counts: chunks repeat it cumulatively, and a later null or 0 does not erase it.

    It ends with the reason why the answer ended, or with a usage that stands in a chunk of its own. Ids say nothing
    before that: some servers give every chunk another one.
    """

    def __init__(self) -> None:
        self._fields: dict[str, object] = {"object": "chat.completion"}
        self._closed = self._answered = False
        # Whether the model is one that draws, once a chunk has named it; every chunk passes here.
        self._draws: bool | None = None
        self._drawn: set[str] = set()

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk; an empty model (Azure's first chunk) and a null usage say nothing."""
        kept = self._fields
        for name, value in chunk.items():
            # An empty list or object tells whose envelope it is, too.
            if name in _KEPT and (value or (type(value) in _TELLING and name not in kept)):
                kept[name] = value
        choices = items(chunk, "choices")
        counters = counters_of(chunk, choices)
        if counters:
            found = fields_of(counters)
            if found:
                before = kept.get("usage")
                kept["usage"] = _with_what_was_said(found, before) if isinstance(before, dict) else found
        if self._draws is not False:
            self._draws = "image" in str(kept["model"]) if "model" in kept else None
            self._drawn |= drawn_in(choices)
        if not self._closed:
            self._closed = bool(counters and not choices)
            self.ended = self.ended or self._closed or any(choice.get("finish_reason") for choice in choices)
            self._answered = self._answered or in_choices(choices)

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk answers on after the end, under another id or, without ids, from the beginning.

        The usage in a chunk of its own may have an id of its own too, and comes once.
        """
        if not self.ended:
            return False
        choices = items(chunk, "choices")
        mine, its = self._fields.get("id"), chunk.get("id")
        if mine and mine == its:
            return False
        if not choices:
            return self._closed and bool(chunk.get("usage"))
        if mine and its:
            return any(choice.get("message") or choice.get("text") or _says(choice) for choice in choices)
        return any(choice.get("message") or (sub(choice, "delta") or {}).get("role") for choice in choices)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the stream; one that repeats it in every chunk may have been cut off."""
        del ended  # the content says it
        usage = read(self._fields)
        if self._answered and not usage.output_tokens:
            doubt_zeros(usage, "this stream", SIDES, answered=lambda _: True, hint=ASK)
        usage.partial = not self.ended
        if self._draws and "image" in self._drawn:
            settle_drawn(usage, sub(self._fields, "usage") or {}, self._drawn)
        return usage


# What states a side of the call, and the parts of that side.
_SIDES = (("prompt_tokens", "prompt_tokens_details"), ("completion_tokens", "completion_tokens_details"))


def _with_what_was_said(counters: Fields, before: dict[str, object]) -> Fields:
    """Return the counters of a chunk with what it leaves out, or states as 0, and an earlier chunk stated.

    Gateways of Anthropic's streams state the prompt in the first chunk and the answer in the last.
    """
    kept = {whole for whole, _ in _SIDES if before.get(whole) and not counters.get(whole)}
    if kept == {"completion_tokens"} and _total_tells_the_answer(counters):
        return counters
    if kept:
        stated = {name: value for name, value in counters.items() if value}
        for whole, parts in _SIDES:
            if whole in kept:
                stated.pop(parts, None)
        # The total of either chunk is that of its own side.
        return {name: value for name, value in {**before, **stated}.items() if name != "total_tokens"}
    for whole, parts in _SIDES:
        if before.get(parts) and counters.get(parts) is None and counters.get(whole) == before.get(whole):
            counters = {**counters, parts: before[parts]}
    return counters


def _total_tells_the_answer(counters: Fields) -> bool:
    """Return whether a chunk without the answer states a total of both sides: the difference is newer than the past."""
    prompt, total = counters.get("prompt_tokens"), counters.get("total_tokens")
    return counters.get("completion_tokens") is None and is_number(prompt) and is_number(total) and total > prompt


def _says(choice: Fields) -> bool:
    delta = sub(choice, "delta") or {}
    return any(delta.get(name) for name in delta)
