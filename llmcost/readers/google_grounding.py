"""The searches that ground an answer of Google's, in the units in which they are sold."""

from __future__ import annotations

from ..core.notes import Note
from ..core.unread import add_unread
from .fields import camel, items, names_of, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from ..core.usage import Usage
    from .reader import Fields


class Grounding:
    """What a prompt was grounded in; the same metadata may be repeated from chunk to chunk."""

    def __init__(self) -> None:
        self.queries: dict[str, None] = {}
        self.images: dict[str, None] = {}
        self.maps = False

    def add(self, holder: Fields) -> None:
        """Take the metadata of a candidate, or of a turn."""
        grounding = sub(holder, "groundingMetadata") or sub(holder, "grounding_metadata")
        if grounding is None:
            return
        stated = camel(grounding, _GROUNDING)
        for name, found in (("webSearchQueries", self.queries), ("imageSearchQueries", self.images)):
            queries = stated[name]
            if isinstance(queries, (list, tuple)):
                found.update((query, None) for query in queries if isinstance(query, str) and query.strip())
        if not self.maps:
            self.maps = any(sub(chunk, "maps") is not None for chunk in items(stated, "groundingChunks"))

    def bill(self, usage: Usage) -> None:
        """Add the fees: per unique query from Gemini 3 on, once per grounded prompt before; the card knows which.

        https://ai.google.dev/gemini-api/docs/pricing
        """
        if self.queries:
            usage.alternatives = (*usage.alternatives, searches(len(self.queries)))
        if self.maps:
            usage.quantities["maps_queries"] = 1
            said = "the response does not count its Google Maps queries: 1 assumed"
            usage.notes = (*usage.notes, Note("query_assumed", said, "maps_queries"))
        if self.images:
            # No page says what they cost.
            add_unread(usage, {"imageSearchQueries": len(self.images)})


_GROUNDING = names_of("webSearchQueries", "imageSearchQueries", "groundingChunks")


def searches(queries: int) -> tuple[Quantities, ...]:
    """Return searches in the units in which they are sold: the prompt that they grounded, or each query."""
    return {"grounded_prompts": 1}, {"web_searches": queries}
