"""Media that is counted in pieces and seconds among the details of a prompt, as LiteLLM states it of embeddings.

Such models are sold by the image, the second, the character or the query; where a count is stated it stands for the
tokens of its modality, which are the same work in another unit.
https://docs.litellm.ai/docs/embedding/supported_embedding
"""

from __future__ import annotations

from .fields import quantity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

# Counter -> the unit in which its work is sold, and the tokens of the same work.
_COUNTS = {
    "query_count": ("queries", "input"),
    "character_count": ("input_characters", "input"),
    "image_count": ("input_images", "input_image"),
    "audio_length_seconds": ("input_audio_seconds", "input_audio"),
    "video_length_seconds": ("input_video_seconds", "input_video"),
}


def units_of(details: Fields, inside: dict[str, int], fresh: int) -> tuple[int, tuple[tuple[Quantities, ...], ...]]:
    """Return the tokens without a count of the same work, and groups of units that measure the same work.

    The tokens of a medium are taken out of ``inside``. Where they are not told from the rest of the prompt, the rest is
    theirs, unless ``text_tokens`` says that it is text.

    >>> inside = {"input_image": 258}
    >>> units_of({"image_count": 1}, inside, 9), inside
    ((9, (({'input_images': 1}, {'input_image': 258}),)), {})
    >>> units_of({"image_count": 1}, {}, 768)
    (0, (({'input_images': 1}, {'input': 768}),))
    """
    groups: list[tuple[Quantities, ...]] = []
    written = min(int(quantity(details, "text_tokens")), fresh)
    left = fresh - written
    for name, (unit, meter) in _COUNTS.items():
        counted = quantity(details, name)
        if not counted:
            continue
        if meter == "input":
            tokens, left, written = left + written, 0, 0
            same = "input"
        elif meter in inside:
            tokens, same = inside.pop(meter), meter
        else:
            tokens, left, same = left, 0, "input"
        groups.append(({unit: counted}, {same: tokens}) if tokens else ({unit: counted},))
    return left + written, tuple(groups)
