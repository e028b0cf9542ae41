"""The searches that ground an answer of Google's, in the units in which they are sold."""

from __future__ import annotations

from ..core.notes import Note
from ..core.unread import add_unread
from .fields import camel, items, names_of, sub, text

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
        self.maps = self.searched = False
        self.stores = 0

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
        # What a search has to show beside the answer: it may come without the queries.
        self.searched = self.searched or any((sub(stated, "searchEntryPoint") or {}).values())
        chunks = items(stated, "groundingChunks")
        self.maps = self.maps or any(sub(chunk, "maps") is not None for chunk in chunks)
        self.stores = max(self.stores, sum(map(_is_stored, chunks)))

    def bill(self, usage: Usage) -> None:
        """Add the fees: per unique query from Gemini 3 on, once per grounded prompt before; the card knows which.

        https://ai.google.dev/gemini-api/docs/pricing
        """
        if self.queries:
            usage.alternatives = (*usage.alternatives, searches(len(self.queries)))
        elif self.searched and not self.images:
            usage.alternatives = (*usage.alternatives, searches(1))
            said = "the response shows that a search grounded it, and no query: 1 search"
            usage.notes = (*usage.notes, Note("query_assumed", said, "web_searches"))
        if self.maps:
            usage.quantities["maps_queries"] = 1
            said = "the response does not count its Google Maps queries: 1 assumed"
            usage.notes = (*usage.notes, Note("query_assumed", said, "maps_queries"))
        if self.images:
            # No page says what they cost.
            add_unread(usage, {"imageSearchQueries": len(self.images)})
        if self.stores:
            # A request of Vertex AI Search, "grounding with your data", has a fee that depends on its edition.
            # https://cloud.google.com/vertex-ai/generative-ai/pricing
            add_unread(usage, {"groundingChunks.retrievedContext": self.stores})


_GROUNDING = names_of("webSearchQueries", "imageSearchQueries", "groundingChunks", "searchEntryPoint")
# What the name of a document in a data store of Vertex AI Search has in it, and none of a store of files has.
_STORE = "/dataStores/"
_CHUNK, _PLACE = names_of("retrievedContext"), names_of("documentName")


def _is_stored(chunk: Fields) -> bool:
    """Return whether what an answer rests on stands in a data store of Vertex AI Search."""
    retrieved = sub(camel(chunk, _CHUNK), "retrievedContext")
    return retrieved is not None and _STORE in (text(camel(retrieved, _PLACE), "documentName") or "")


def searches(queries: int) -> tuple[Quantities, ...]:
    """Return searches in the units in which they are sold: the prompt that they grounded, or each query."""
    return {"grounded_prompts": 1}, {"web_searches": queries}
