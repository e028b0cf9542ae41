"""OpenAI Images, generated and edited, whole and streamed.

Models that count tokens state them; output that is not split is image tokens. The older ones are sold by the image,
by size and quality. Either way the images are counted, because a price may be set for them.
https://platform.openai.com/docs/api-reference/images/object
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from . import openai_chat, openai_responses
from .chunk_reader import ChunkReader
from .dialects import correct, is_hinted, restated, with_dialects
from .fields import count, items, sub, text, when
from .other_names import of_one_set
from .reader import Block, Reader, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_COMPLETED = ("image_generation.completed", "image_edit.completed")
_EVENTS = (*_COMPLETED, "image_generation.partial_image", "image_edit.partial_image")
_LONGEST_SIZE = 20
_COUNTERS = openai_responses.IMAGES
_MADE = "generated_images"
_BLOCK = _COUNTERS.joined(openai_chat.BLOCK).joined(Block(_MADE))
_BLOCK.also = with_dialects
_DRAWING = Block("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "model", label="svg_usage")


def read(fields: Fields) -> Usage:
    """Return the usage of the images of a response, or of the event that ends a stream.

    >>> usage = read({"created": 1, "size": "1024x1024", "data": [{"url": "https://..."}]})
    >>> usage.alternatives[0][:2]
    ({'output_images': 1}, {'output_pixels': 1048576})

    Raises:
        MissingUsageError: there are neither images nor tokens.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    data = items(fields, "data")
    return _read(fields, len(data) if fields.get("type") not in _COMPLETED else 1, _is_azure(fields, data))


def _read(fields: Fields, images: int, azure: bool) -> Usage:
    counters = _counters(fields)
    # Volcengine leaves those out that failed: https://www.volcengine.com/docs/82379/1541523
    images = count(counters, _MADE) or images
    facts: dict[str, object] = {"at": when(fields, "created") or when(fields, "created_at")}
    for name in ("model", "quality", "size"):
        value = text(fields, name)
        if value is not None and len(value) <= (_LONGEST_SIZE if name == "size" else 200) and value != "auto":
            facts[name] = value
    if azure:
        facts["provider"] = "azure"
    units: list[Quantities] = []
    context = 0
    notes: tuple[Note, ...] = ()
    stated = counters.get("input_tokens") is not None or counters.get("output_tokens") is not None
    # Tokens of 0 beside images were not counted. Only the images are known.
    tokens = None
    if stated and not (images and not counters.get("input_tokens") and not counters.get("output_tokens")):
        tokens = read_counters(counters)
    elif counters.get("prompt_tokens") is not None:
        tokens = read_chat_counters(counters)
    elif not images:
        raise missing("this response, which holds no images either,")
    if tokens is not None:
        context, notes = tokens.context or 0, tokens.notes
        if tokens.quantities:
            units.append(tokens.quantities)
    if images:
        units += image_units(images, text(facts, "size"))
    searches = count(counters, "web_search_requests")
    usage = Usage.of({"web_searches": searches}, context, "images", facts)
    if units:
        usage.alternatives = (tuple(units),)
    usage.notes = notes
    drawing = sub(fields, "svg_usage")
    if drawing is not None:
        usage.parts = (_read_svg(drawing),)
    return correct(fields, counters, usage) if is_hinted(counters) else usage


def _counters(fields: Fields) -> Fields:
    """Return the counters by the names of the one API that counts, where gateways write those of two."""
    counters = sub(fields, "usage") or {}
    if is_hinted(counters):
        counters = restated(fields, counters)
    if counters.get(_MADE) is not None and counters.get("input_tokens") is None:
        return {**counters, "input_tokens": 0}
    if counters.get("input_tokens") is None or all(name not in counters for name in _OF_CHAT):
        return counters
    same = of_one_set(counters, "input_tokens")
    details = same.get("prompt_tokens_details")
    return {**same, "input_tokens_details": details} if details and not same.get("input_tokens_details") else same


_OF_CHAT = ("prompt_tokens", "prompt_tokens_details")


def read_counters(counters: Fields) -> Usage:
    """Return the usage of the ``usage`` object of an image model.

    >>> read_counters({"input_tokens": 22, "output_tokens": 1372, "total_tokens": 1394}).quantities
    {'input': 22, 'output_image': 1372}

    Raises:
        MissingUsageError: the tokens of one side are not stated.
        InconsistentUsageError: details exceed their whole.
    """
    for name in ("input_tokens", "output_tokens"):
        if counters.get(name) is None:
            raise missing(f"a usage object of an image model without {name}")
    sides = count(counters, "input_tokens") + count(counters, "output_tokens")
    notes = refuse_total_alone("total_tokens", count(counters, "total_tokens"), sides)
    for side in ("input", "output"):
        details, whole = sub(counters, f"{side}_tokens_details") or {}, count(counters, f"{side}_tokens")
        parts = {name: count(details, name) for name in ("text_tokens", "image_tokens")}
        if sum(parts.values()) > whole:
            raise InconsistentUsageError(
                f"the parts of the {side} exceed {side}_tokens={whole}: {parts}", {f"{side}_tokens": whole}, parts
            )
    usage = openai_responses.read_image_counters(counters, {})
    usage.notes += notes
    return usage


def read_chat_counters(counters: Fields) -> Usage:
    """Return the usage of an image model whose counters have chat's names, as gateways write them.

    >>> read_chat_counters({"prompt_tokens": 22, "completion_tokens": 1372, "total_tokens": 1394}).quantities
    {'input': 22, 'output_image': 1372}

    Raises:
        MissingUsageError: the tokens of the answer are not stated.
        InconsistentUsageError: details exceed their whole.
    """
    usage = openai_chat.read_counters(counters, {}, "images")
    details = sub(counters, "completion_tokens_details") or {}
    written = usage.quantities.get("output")
    if written and not any(count(details, name) for name in ("text_tokens", "image_tokens")):
        usage.quantities["output_image"] = usage.quantities.pop("output")
    return usage


def _read_svg(counters: Fields) -> Usage:
    """Return what the model that wrote the drawing used: it is billed beside the images."""
    model = text(counters, "model")
    if model is None:
        raise missing("an svg_usage without the model that drew it")
    same: dict[str, object] = {name: counters.get(name) for name in ("input_tokens", "output_tokens", "total_tokens")}
    same["output_tokens_details"] = {"reasoning_tokens": counters.get("reasoning_tokens")}
    return openai_responses.read_counters(same, {"model": model})


def _is_azure(fields: Fields, data: list[Fields]) -> bool:
    return any("content_filter_results" in item or "prompt_filter_results" in item for item in (fields, *data[:1]))


def recognises(fields: Fields) -> bool:
    """Return whether these are images, or the last event of a stream of them."""
    if fields.get("type") in _COMPLETED:
        return True
    if fields.get("object") not in (None, "", "list") or "data" not in fields:
        return False
    first = (items(fields, "data") or [{}])[0]
    if any(first.get(name) is not None for name in ("b64_json", "revised_prompt")):
        return True
    named = first.get("url") is not None or any(name in fields for name in ("svg_usage", "output_format", "background"))
    return named and ("created" in fields or "model" in fields)


def _is_event(fields: Fields) -> bool:
    return fields.get("type") in _EVENTS


class _Stream(ChunkReader):
    """Every image ends with an event of its own, which states its usage."""

    def __init__(self) -> None:
        self._images: list[Usage] = []

    def feed(self, chunk: Fields) -> None:
        """Take the next event; a partial image is inside the tokens of the completed one."""
        self.ended = chunk.get("type") in _COMPLETED
        if self.ended:
            self._images.append(read(chunk))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the images that were completed."""
        del ended  # the content says it
        if not self._images:
            raise missing("this stream of images, which broke off before an image was completed,")
        usage = self._images[0].replaced()
        if len(self._images) > 1:
            usage = Usage.of({}, 0, "images", {})
            usage.parts = tuple(self._images)
            said = f"{len(self._images)} images were completed: what each states is added up"
            usage.notes = (Note("several_media", said),)
        usage.partial = not self.ended
        return usage


_BLOCKS = {"usage": _BLOCK, "svg_usage": _DRAWING}
READER = Reader("OpenAI Images", recognises, read, _BLOCKS, chunk=_is_event, stream=_Stream)
