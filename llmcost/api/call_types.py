"""LiteLLM's words for kinds of calls, and what each says of one.

A word of an asynchronous call has an ``a`` before it. Most words say nothing that a response does not.
https://docs.litellm.ai/docs/proxy/logging_spec
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .given import Given

BATCH, QUERY, FREE, SPOKEN, UNKNOWN = "batch", "query", "free", "spoken", "unknown"
VIDEO, TRANSCRIPT, IMAGE = "openai_video", "openai_transcription", "openai_images"
# Kinds that name a reader: it reads what no reader recognises.
READERS = frozenset({VIDEO, TRANSCRIPT, IMAGE})

_WORDS: dict[str, str | None] = {
    "retrieve_batch": BATCH,
    "rerank": QUERY,
    "search": QUERY,
    "moderation": FREE,
    "speech": SPOKEN,
    "transcription": TRANSCRIPT,
    **dict.fromkeys(
        ("create_video", "video_generation", "video_retrieve", "video_remix", "video_edit", "video_extension"), VIDEO
    ),
    **dict.fromkeys(("image_generation", "image_edit", "image_variation"), IMAGE),
    **dict.fromkeys(
        (
            "completion",
            "text_completion",
            "embedding",
            "responses",
            "responses_websocket",
            "anthropic_messages",
            "generate_content",
            "generate_content_stream",
            "create_interaction",
            "realtime",
            "ocr",
            "decisions",
            "systemone",
            "extraction",
            "pass_through_endpoint",
            "run_thread",
            "run_thread_stream",
            "vector_store_search",
        )
    ),
}
# The words of chat, which say nothing that the counters do not say.
CHAT = frozenset({None, "completion", "acompletion", "text_completion", "atext_completion"})


def is_chat(word: object) -> bool:
    """Return whether a word of LiteLLM's, or None, means the completion of a chat or of a text.

    >>> is_chat("acompletion"), is_chat("aspeech"), is_chat([])
    (True, False, False)
    """
    return (word is None or type(word) is str) and word in CHAT


def kind_of(word: object) -> str | None:
    """Return what a word says of a call; None if it says nothing, ``unknown`` if it is no word of LiteLLM's.

    >>> kind_of("aretrieve_batch"), kind_of("acompletion"), kind_of("_arealtime"), kind_of("rertieve_batch")
    ('batch', None, None, 'unknown')
    """
    bare = str(getattr(word, "value", word)).lstrip("_")
    for name in (bare, bare.removeprefix("a")):
        if name in _WORDS:
            return _WORDS[name]
    return UNKNOWN


def apply(word: object, given: Given, key: list[object]) -> None:
    """Add what a word says of a call to the facts of its caller, and to what decides their Plan."""
    kind = kind_of(word)
    if kind == BATCH:
        if given.batch is None:
            given.batch = True
            key.append(("batch", True))
    elif kind is not None:
        given.kind, given.completes = kind, True
        given.quantifies = given.quantifies or kind in {QUERY, FREE}
