"""Images of Bedrock's InvokeModel: those of Titan and Nova Canvas, and those of Stability AI.

An answer counts nothing: its images are counted. Of Stability's, one that a filter held back has its reason.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.usage import Usage
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the images of an answer.

    >>> read({"images": ["iVBO"], "seeds": [7], "finish_reasons": [None]}).alternatives
    (({'output_images': 1}, {'input_images': 1}),)

    Raises MissingUsageError if it holds none.
    """
    images = [image for image in _images(fields) if image]
    if not images:
        raise missing("this answer of an image model, which holds no image,")
    usage = Usage.of({}, 0, "images", {"provider": "bedrock"})
    usage.alternatives = (image_units(len(images), None),)
    return usage


def _images(fields: Fields) -> list[str]:
    images = fields.get("images")
    return [image for image in images if isinstance(image, str)] if isinstance(images, (list, tuple)) else []


def recognises(fields: Fields) -> bool:
    """Return whether these are images as text, and what Bedrock states beside them."""
    if "images" not in fields or not ("error" in fields or ("seeds" in fields and "finish_reasons" in fields)):
        return False
    images = fields.get("images")
    return isinstance(images, (list, tuple)) and all(image is None or isinstance(image, str) for image in images)


READER = Reader("Bedrock images", recognises, read, "an answer states no counters: its images are counted")
