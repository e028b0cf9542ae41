"""fal: what an image model returns; it states no cost and no counters, so that the images are counted.

https://docs.fal.ai/model-apis/model-endpoints/queue, https://fal.ai/models/fal-ai/flux-pro/v1.1/api
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.usage import Usage
from .fields import count, items, text
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# What stands beside the images, so that they are known for fal's.
_SIGNS = frozenset({"timings", "seed", "has_nsfw_concepts"})


def read(fields: Fields) -> Usage:
    """Return the images of an answer, and their size if all have the same.

    >>> read({"images": [{"url": "a", "width": 1024, "height": 768}], "seed": 1}).size
    '1024x768'

    Raises InconsistentUsageError if a side of an image is no count.
    """
    images = items(fields, "images")
    sizes = {(count(image, "width"), count(image, "height")) for image in images}
    width, height = sizes.pop() if len(sizes) == 1 else (0, 0)
    size = f"{width}x{height}" if width and height else None
    usage = Usage.of({}, 0, "fal", {"provider": "fal_ai", **({"size": size} if size else {})})
    usage.alternatives = (image_units(len(images), size),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether these are images of fal's, or of its queue."""
    images = items(fields, "images")
    return bool(images) and not _SIGNS.isdisjoint(fields) and all(text(image, "url") is not None for image in images)


READER = Reader("fal", recognises, read, "an answer states no counters: its images are counted")
