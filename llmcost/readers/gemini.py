"""Gemini generateContent, from the Developer API and from Vertex AI.

``promptTokenCount`` holds the cached tokens; candidates, thoughts and tool-use prompts are counted apart.
SDK objects spell the same fields in snake_case. https://ai.google.dev/api/generate-content#UsageMetadata
"""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from .answers import in_candidates
from .fields import camel, count, items, names_of, sub, text, when
from .gemini_text import quick, read_text
from .reader import Block, Names, Reader, doubt_zeros, missing, of_total, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import gemini_media
    from .reader import Fields
else:
    gemini_media = Late("llmcost.readers.gemini_media")

_IN = {"AUDIO": "input_audio", "IMAGE": "input_image", "VIDEO": "input_video"}
_OUT = {"AUDIO": "output_audio", "IMAGE": "output_image", "VIDEO": "output_video"}
_TEXTS = ("TEXT", "DOCUMENT", "UNSPECIFIED")
_CACHED = {"AUDIO": "cache_read_audio", "IMAGE": "cache_read_image", "VIDEO": "cache_read_video"}

COUNTERS = names_of(
    "promptTokenCount",
    "candidatesTokenCount",
    "responseTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
    "cachedContentTokenCount",
    "totalTokenCount",
    "promptTokensDetails",
    "candidatesTokensDetails",
    "responseTokensDetails",
    "cacheTokensDetails",
    "toolUsePromptTokensDetails",
    # The answer of embedContent spells these in the singular.
    *("promptTokenDetails", "candidatesTokenDetails", "cacheTokenDetails", "toolUsePromptTokenDetails"),
    *("trafficType", "serviceTier"),
)
_ROW = Block("modality", "tokenCount", "token_count")
_SPLIT = {name for name in COUNTERS if name.endswith("Details")}
BLOCK = Block(
    *(name for pair in COUNTERS.items() for name in pair if pair[0] not in _SPLIT),
    inner={name: _ROW for pair in COUNTERS.items() for name in pair if pair[0] in _SPLIT},
)
_SIDES = ("promptTokenCount", "candidatesTokenCount")
RESPONSE = names_of("modelVersion", "usageMetadata", "createTime", "candidates", "promptFeedback", "responseId")
# Words for an answer that is whole, or as long as it may be.
_ENDS = frozenset({"STOP", "MAX_TOKENS"})


def read(fields: Fields) -> Usage:
    """Return the usage of a generated content; an empty ``usageMetadata`` is no evidence of a count."""
    response = fields if "usageMetadata" in fields else camel(fields, RESPONSE)
    counters = sub(response, "usageMetadata")
    if counters is None:
        raise missing("this generateContent response")
    facts: dict[str, object] = {}
    model = text(response, "modelVersion")
    if model is not None:
        # Vertex and the Developer API put a path before the name: models/..., publishers/google/models/...
        facts["model"] = model.rpartition("models/")[2]
    created = when(response, "createTime")
    if created is not None:
        facts["at"], facts["provider"] = created, "vertex_ai"  # the Developer API does not state it
    usage = read_counters(counters, facts)
    candidates = items(response, "candidates")
    doubt_zeros(
        usage, "this generateContent response", _SIDES, answered=lambda counted: in_candidates(candidates, counted)
    )
    # An event of Google's Agent Development Kit has no candidates, and their content and metadata itself.
    holders = (fields, *candidates)
    if "output" in usage.quantities and any("content" in holder for holder in holders):
        gemini_media.settle(usage, gemini_media.kinds_of(holders), split=gemini_media.is_split(counters))
    if any("groundingMetadata" in holder or "grounding_metadata" in holder for holder in holders):
        from .google_grounding import Grounding

        grounding = Grounding()
        for holder in holders:
            grounding.add(holder)
        grounding.bill(usage)
    return usage


def read_counters(counters: Fields, facts: dict[str, object], dialect: str = "gemini") -> Usage:
    """Return the usage of a ``usageMetadata`` object."""
    of_text = read_text(counters, facts, dialect)
    if of_text is not None:
        return of_text
    stated = counters if "promptTokenCount" in counters else camel(counters, COUNTERS)
    if stated.get("promptTokenCount") is None:
        # Every request has a prompt; and a total alone does not say which tokens are whose.
        raise missing("a usageMetadata without promptTokenCount")
    prompt, tool = count(stated, "promptTokenCount"), count(stated, "toolUsePromptTokenCount")
    cached = count(stated, "cachedContentTokenCount")
    if cached > prompt:
        raise InconsistentUsageError(
            f"cachedContentTokenCount={cached} exceeds promptTokenCount={prompt}",
            {"promptTokenCount": prompt},
            {"cachedContentTokenCount": cached},
        )
    notes: list[Note] = []
    quantities = _prompt(stated, prompt, cached, notes)
    quantities["input"] = quantities.get("input", 0) + tool
    details = _modalities(stated, "toolUsePromptTokensDetails", _IN, tool, notes)
    for meter, tokens in details.items():
        quantities[meter] = quantities.get(meter, 0) + tokens
        quantities["input"] -= tokens
    answer_name = "candidatesTokenCount" if stated.get("candidatesTokenCount") is not None else "responseTokenCount"
    answer = count(stated, answer_name)
    media = _modalities(stated, answer_name.replace("TokenCount", "TokensDetails"), _OUT, answer, notes)
    thoughts = count(stated, "thoughtsTokenCount")
    quantities["output"] = answer - sum(media.values())
    quantities.update(media)
    quantities["reasoning"] = thoughts
    total = count(stated, "totalTokenCount")
    parts = prompt + tool + answer + thoughts
    refuse_total_alone("totalTokenCount", total, parts)
    # A total may leave the thoughts out, as the Live API's does. Those that fit into the candidates may be inside them.
    may_be_inside = answer_name == "candidatesTokenCount" and thoughts <= answer
    if total and total != parts and (total != parts - thoughts or may_be_inside):
        notes.append(of_total("totalTokenCount", total, parts))
    traffic = stated.get("trafficType")
    tier = traffic or stated.get("serviceTier")
    word = getattr(tier, "value", tier)
    if isinstance(word, str) and word and not word.upper().endswith("UNSPECIFIED"):
        facts["service_tier"] = word
    if traffic:
        facts["provider"] = "vertex_ai"
    usage = Usage.of(quantities, prompt + tool, dialect, facts)
    usage.notes = tuple(notes)
    return usage


def _prompt(stated: Fields, prompt: int, cached: int, notes: list[Note]) -> dict[str, int | float]:
    """Return the prompt by modality, fresh and cached; tokens that no detail explains are text."""
    sent = _modalities(stated, "promptTokensDetails", _IN, prompt, notes)
    inside = _modalities(stated, "cacheTokensDetails", _CACHED, cached, notes)
    if cached and not inside and sent:
        text = prompt - sum(sent.values())
        overflow = cached - text
        for modality, meter in _IN.items():
            taken = min(max(overflow, 0), sent.get(meter, 0))
            if taken:
                inside[_CACHED[modality]] = taken
                overflow -= taken
        if inside:
            said = "cached tokens are not split by modality: taken as text first, the overflow as media"
            notes.append(Note("cached_not_split", said, "cachedContentTokenCount"))
    quantities: dict[str, int | float] = {}
    for modality, meter in _IN.items():
        fresh = sent.get(meter, 0) - inside.get(_CACHED[modality], 0)
        if fresh < 0 and items(stated, "promptTokensDetails"):
            # A document may be one in the prompt, whose tokens are text, and images in the cache.
            inside[_CACHED[modality]] += fresh
            said = f"{-fresh} cached tokens are {modality} where the prompt has none: taken as cached text"
            notes.append(Note("modality_assumed", said, "cacheTokensDetails"))
            fresh = 0
        if fresh < 0:
            raise InconsistentUsageError(
                f"more {modality} tokens are cached than the prompt has", {meter: sent.get(meter, 0)}, dict(inside)
            )
        quantities[meter] = fresh
    cached_text = cached - sum(inside.values())
    fresh_text = prompt - sum(sent.values()) - cached_text
    if fresh_text < 0:
        raise InconsistentUsageError(
            f"more text tokens are cached than the prompt has: {cached_text}",
            {"promptTokenCount": prompt},
            {"cachedContentTokenCount": cached},
        )
    return {"input": fresh_text, "cache_read": cached_text, **inside, **quantities}


def _modalities(
    stated: Fields, name: str, meters: dict[str, str], most: int, notes: list[Note]
) -> dict[str, int | float]:
    """Return the tokens of each modality that is not text; documents, unspecified and unknown ones are text."""
    found: dict[str, int | float] = {}
    for row in items(stated, name) or items(stated, name.replace("TokensDetails", "TokenDetails")):
        modality = row.get("modality")
        word = getattr(modality, "value", modality)
        meter = meters.get(word.upper()) if isinstance(word, str) else None
        tokens = count(row, "tokenCount" if row.get("tokenCount") is not None else "token_count")
        if meter is not None and tokens:
            found[meter] = found.get(meter, 0) + tokens
        elif tokens and isinstance(word, str) and not word.upper().endswith(_TEXTS):
            said = f"{tokens} tokens of the modality {shown(word)} are billed as text"
            notes.append(Note("modality_assumed", said, word[:40]))
    if sum(found.values()) > most:
        raise InconsistentUsageError(f"{name} add up to more than {most}", {name: most}, dict(found))
    return found


# Messages of the Live API may have a usageMetadata too, and so may embeddings; they have readers of their own.
LIVE = frozenset(
    {
        "serverContent",
        "server_content",
        "setupComplete",
        "setup_complete",
        "toolCall",
        "toolCallCancellation",
        "sessionResumptionUpdate",
        "goAway",
    }
)
# The content of an explicit cache has the same counters, and is no call.
CACHED_CONTENT = frozenset({"expireTime", "expire_time"})
_OTHERS = LIVE | CACHED_CONTENT | {"embeddings"}


def recognises(fields: Fields) -> bool:
    """Return whether this is a generateContent response."""
    if "usageMetadata" in fields:
        return _OTHERS.isdisjoint(fields)
    if "candidates" in fields or "promptFeedback" in fields:
        return "usage_metadata" in fields or "modelVersion" in fields or "model_version" in fields
    if "usage_metadata" in fields and _OTHERS.isdisjoint(fields):
        return "prompt_token_count" in (sub(fields, "usage_metadata") or ())
    return False


def _is_chunk(fields: Fields) -> bool:
    if not recognises(fields):
        return False
    counters = sub(fields, "usageMetadata")
    # A session of the Live API has a usage for each turn.
    return counters is None or "responseTokenCount" not in counters


_streams = Late("llmcost.readers.gemini_stream")


def ended(fields: Fields) -> str | None:
    """Return the id of a chunk that ends its only answer; None for any other, and for one that keys alone do not tell.

    >>> ended({"responseId": "r1", "candidates": [{"finishReason": "STOP"}]}), ended({"responseId": "r1"})
    ('r1', None)
    """
    identity, answers = fields.get("responseId"), fields.get("candidates")
    if type(identity) is not str or type(answers) is not list or len(answers) != 1:
        return None
    answer = answers[0]
    is_end = type(answer) is dict and type(word := answer.get("finishReason")) is str and word in _ENDS
    return (identity or None) if is_end else None


BLOCKS = {"usageMetadata": BLOCK, "usage_metadata": BLOCK}
READER = Reader(
    "Gemini generateContent",
    *(recognises, read, BLOCKS),
    quick=quick,
    chunk=_is_chunk,
    stream=lambda: _streams.Stream(),  # noqa: PLW0108 - loads when a stream is read
    tells=(Names('"usageMetadata"'), '"groundingMetadata"', ('"finishReason"',), ('"promptFeedback"',)),
)
