"""Gemini's answers that hold images, speech or videos, and do not say which of their tokens those are.

An image costs many times as much as text of as many tokens. https://ai.google.dev/gemini-api/docs/pricing
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from ..core.notes import Note
from .fields import camel, items, names_of, nested, sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .reader import Fields

_DETAILS = (
    *("candidatesTokensDetails", "candidates_tokens_details", "candidatesTokenDetails"),
    *("responseTokensDetails", "response_tokens_details"),
)
_MEDIA = frozenset({"audio", "image", "video"})
_PART = names_of("inlineData", "executableCode", "functionCall")


def kinds_of(holders: Iterable[Fields]) -> set[str]:
    """Return what candidates or events hold: ``text``, ``code``, or the kind of media; thoughts are counted apart.

    >>> image = {"inlineData": {"mimeType": "image/png", "data": "..."}}
    >>> sorted(kinds_of([{"content": {"parts": [{"text": "Here"}, image]}}]))
    ['image', 'text']
    """
    found = set()
    for holder in holders:
        for part in items(sub(holder, "content") or {}, "parts"):
            if part.get("thought"):
                continue
            stated = camel(part, _PART)
            data = nested(stated["inlineData"])
            if data is not None:
                mime = text(data, "mimeType") or text(data, "mime_type") or ""
                kind = mime.partition("/")[0]
                found.add(kind if kind in _MEDIA else "text")
            elif stated["executableCode"]:
                found.add("code")
            elif part.get("text") or stated["functionCall"]:
                found.add("text")
    return found


def is_split(counters: Fields) -> bool:
    """Return whether counters say which tokens of the answer are of which kind."""
    return any(counters.get(name) for name in _DETAILS)


def settle(usage: Usage, kinds: set[str], *, split: bool, name: str = "candidatesTokensDetails") -> None:
    """Count the tokens of an answer that is one kind of media as such; note one whose parts are not told apart.

    ``name`` is that of the details that would tell them apart.
    """
    tokens = usage.quantities.get("output")
    media = kinds & _MEDIA
    if not media or not tokens or split:
        return
    if "code" in kinds:
        # The code that the model wrote has drawn it: https://ai.google.dev/gemini-api/docs/code-execution
        return
    if len(kinds) == 1:
        (kind,) = media
        del usage.quantities["output"]
        usage.quantities[f"output_{kind}"] = tokens
        said = f"the answer is {kind} alone, and its tokens are not split: all of them are taken as {kind}"
        usage.notes = (*usage.notes, Note("modality_assumed", said, name))
    else:
        said = f"the answer holds {' and '.join(sorted(kinds))}, and its tokens are not split: they are billed as text"
        leave_out(usage, said, name)
