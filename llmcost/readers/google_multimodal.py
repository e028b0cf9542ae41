"""Vertex AI's multimodal embeddings: an image and the seconds of a video as units, and a text that is not counted.

A video has an embedding for each interval. Intervals of 15 seconds or more have the lowest of three prices a second;
which of the other two a shorter one has, a price map does not say.
https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-multimodal-embeddings
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..core.usage import Usage
from .fields import count, items
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_TEXT, _IMAGE, _VIDEO = "textEmbedding", "imageEmbedding", "videoEmbeddings"
_ALL = (_TEXT, _IMAGE, _VIDEO)
_START, _END = "startOffsetSec", "endOffsetSec"
_CHEAPEST = 15


def read(fields: Fields) -> Usage:
    """Return the images and the seconds of all predictions; what is not counted is unread.

    >>> read({"predictions": [{"imageEmbedding": [0.1], "textEmbedding": [0.1]}]}).quantities
    {'input_images': 1}
    """
    seconds = images = texts = short = 0
    for row in items(fields, "predictions"):
        texts += _TEXT in row
        images += _IMAGE in row
        lengths = [count(part, _END) - count(part, _START) for part in items(row, _VIDEO)]
        seconds += sum(lengths)
        # The last interval is what was left of the video.
        short += bool(lengths) and len(lengths) > 1 and max(lengths) < _CHEAPEST
    quantities = {"input_images": images, "input_video_seconds": seconds}
    usage = Usage.of(quantities, 0, "gemini", _SELLER)
    unread = {f"predictions.{_TEXT}": texts, f"predictions.{_VIDEO} of less than {_CHEAPEST} seconds": short}
    add_unread(usage, {name: number for name, number in unread.items() if number})
    return usage


_SELLER: dict[str, object] = {"provider": "vertex_ai"}


def recognises(fields: Fields) -> bool:
    """Return whether these are embeddings of several modalities."""
    rows = items(fields, "predictions") if "predictions" in fields else []
    return bool(rows) and any(name in rows[0] for name in _ALL)


READER = Reader(
    "Vertex AI multimodal embeddings", recognises, read, "it counts what was embedded, as the response has it"
)
