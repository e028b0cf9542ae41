"""fal: what an image model returns; it states no cost and no counters, so that the images are counted.

SiliconFlow's answers have the same names, and not those that say of an image what it is.
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

# Fields beside the images; any of them tells what they are.
_SIGNS = frozenset({"timings", "seed", "has_nsfw_concepts"})
# What fal says of its images, and nobody else with these signs.
_OF_IMAGES, _OF_AN_IMAGE = "has_nsfw_concepts", "content_type"


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
    usage = Usage.of({}, 0, "fal", {"size": size} if size else {})
    if _OF_IMAGES in fields or any(_OF_AN_IMAGE in image for image in images):
        usage.provider = "fal_ai"
    usage.alternatives = (image_units(len(images), size),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether these are images of fal's, or of an API that answers as fal does."""
    images = items(fields, "images")
    return bool(images) and not _SIGNS.isdisjoint(fields) and all(text(image, "url") is not None for image in images)


READER = Reader("fal", recognises, read, "an answer states no counters: its images are counted")
