"""Imagen, Veo and Lyria: no counters; what was delivered is counted. Public maps price a clip of Lyria as an image.

Images and videos that a safety filter held back are not billed. A video's length stands in the request alone:
``duration=`` is that of each video. https://ai.google.dev/gemini-api/docs/pricing
"""

from __future__ import annotations

from itertools import pairwise

from ..core.counts import image_units
from ..core.notes import Note
from ..core.usage import Usage
from .fields import camel, items, names_of, sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_RESPONSE = names_of("generatedImages", "predictions", "generatedVideos", "generateVideoResponse")
_FILES = names_of("uri", "gcsUri", "imageBytes", "videoBytes", "bytesBase64Encoded", "audioContent")
# What a prediction of these is, and what one of Lyria is.
# https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/lyria-music-generation
_MADE = ("image/", "audio/")
_PROVIDERS = {"projects": "vertex_ai", "models": "gemini"}
_IMAGES = frozenset({"generatedImages", "generated_images"})
_VIDEOS = frozenset({"generatedVideos", "generated_videos", "generateVideoResponse", "videos", "raiMediaFilteredCount"})


def read(fields: Fields) -> Usage:
    """Return the images that were delivered, or the number of videos, each as long as the caller says."""
    if _is_operation(fields):
        return _read_operation(fields)
    if _VIDEOS.isdisjoint(fields):
        response = camel(fields, _RESPONSE)
        delivered = len(
            [row for row in (*items(response, "generatedImages"), *items(response, "predictions")) if _has_file(row)]
        )
        usage = Usage.of({}, 0, "images", {})
        usage.alternatives = (image_units(delivered, None),)
        return _or_free(usage, delivered, "image")
    return _videos(fields, {})


def _read_operation(fields: Fields) -> Usage:
    facts = _named(text(fields, "name") or "")
    error = sub(fields, "error")
    if error:
        usage = Usage.of({}, 0, "videos", facts)
        usage.free = f"a generation that failed is not billed: {text(error, 'message') or error.get('code')}"
        return usage
    response = sub(fields, "response") or sub(fields, "result")
    if response is None:
        raise missing("this operation", "It is not done: poll it until it is.")
    return _videos(response, facts)


def _named(operation: str) -> dict[str, object]:
    """Return what the name of an operation tells: ``projects/p/locations/REGION/.../models/MODEL/operations/1``."""
    parts = operation.split("/")
    facts: dict[str, object] = {}
    for part, following in pairwise(parts):
        if part == "models":
            facts["model"] = following
        elif part == "locations":
            facts["region"] = following
    if parts[0] in _PROVIDERS:
        facts["provider"] = _PROVIDERS[parts[0]]
    return facts


def _videos(response: Fields, facts: dict[str, object]) -> Usage:
    inner = sub(response, "generateVideoResponse") or response
    rows = [
        row
        for name in ("generatedVideos", "generated_videos", "generatedSamples", "videos")
        for row in items(inner, name)
    ]
    delivered = sum(1 for row in rows if _has_file(row))
    usage = Usage.of({}, 0, "videos", facts)
    usage.media = delivered
    if delivered > 1:
        usage.notes = (Note("several_media", f"{delivered} videos of the same length", "videos"),)
    return _or_free(usage, delivered, "video")


def _has_file(row: Fields) -> bool:
    file = sub(row, "image") or sub(row, "video") or row
    return any(value for value in camel(file, _FILES).values())


def _or_free(usage: Usage, delivered: int, kind: str) -> Usage:
    if not delivered:
        usage.alternatives = ()
        usage.media = None
        usage.free = f"no {kind} was delivered, and one that is held back is not billed"
    return usage


def _is_operation(fields: Fields) -> bool:
    """Return whether this is a long-running operation that makes videos, done or not."""
    if "/operations/" not in f"/{text(fields, 'name') or ''}":
        return False
    response = sub(fields, "response") or sub(fields, "result")
    return response is None or not _VIDEOS.isdisjoint(response)


def recognises(fields: Fields) -> bool:
    """Return whether these are images or videos that were generated."""
    if not _IMAGES.isdisjoint(fields) or "generatedVideos" in fields or "generated_videos" in fields:
        return True
    rows = items(fields, "predictions")
    if rows:
        return "raiFilteredReason" in rows[0] or (text(rows[0], "mimeType") or "").startswith(_MADE)
    return _is_operation(fields)


READER = Reader("Imagen and Veo", recognises, read, "it counts nothing: what was delivered is counted")
