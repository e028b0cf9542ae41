"""Makers' own ids: a name without a seller means the model of its maker, where the maker sells it.

A maker's API answers with the bare id (``grok-4.7``), which a map lists under the maker (``xai/grok-4.7``) and under
every reseller. The bare id is the maker's. The first pattern counts, and only where the maker's row exists.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Maker -> how its ids begin. Ids of OpenAI, Anthropic and Cohere are rows of their own.
MAKERS = {
    # https://docs.x.ai/docs/models
    "xai": ("grok-",),
    # https://platform.kimi.ai/docs/pricing/chat
    "moonshot": ("kimi-", "moonshot-"),
    # https://docs.z.ai/guides/overview/pricing
    "zai": ("glm-",),
    # https://www.alibabacloud.com/help/en/model-studio/models
    "dashscope": ("qwen", "qwq-", "qvq-"),
    # https://docs.mistral.ai/getting-started/models/models_overview/
    "mistral": (
        *("mistral-", "ministral-", "magistral-", "codestral-", "devstral-", "pixtral-", "voxtral-"),
        *("open-mistral-", "open-mixtral-"),
    ),
    # https://docs.perplexity.ai/getting-started/pricing
    "perplexity": ("sonar",),
    # The API writes MiniMax-M3. https://platform.minimax.io/docs/guides/models-intro
    "minimax": ("minimax-",),
    # https://api-docs.deepseek.com/quick_start/pricing
    "deepseek": ("deepseek-",),
    # https://ai.google.dev/gemini-api/docs/models
    "gemini": ("gemini-", "gemma-", "veo-", "imagen-", "lyria-"),
    # https://docs.voyageai.com/docs/embeddings
    "voyage": ("voyage-",),
    # https://platform.xiaomimimo.com/
    "xiaomi_mimo": ("mimo-",),
    # https://llama.developer.meta.com/docs/models
    "meta": ("muse-",),
    # https://docs.anthropic.com/en/docs/about-claude/models
    "anthropic": ("claude-",),
    # https://docs.cohere.com/docs/models
    "cohere": ("command-",),
}
# The first letters of ids -> how they go on, and whose they are; a name without a row is asked this several times.
_LETTERS = 3
_BY_LETTERS: dict[str, tuple[tuple[str, str], ...]] = {}
for _maker, _begins in MAKERS.items():
    for _begin in _begins:
        _BY_LETTERS[_begin[:_LETTERS]] = (*_BY_LETTERS.get(_begin[:_LETTERS], ()), (_begin, _maker))
# How the ids of closed models begin: their makers sell them. A cloud or a gateway that lists such a model
# under a spelling of its own has another price. An id with @ is written as Vertex writes it.
_CLOSED = ("claude-", "gemini-", "grok-", "sonar")
# Groq's own names of open models end so. https://console.groq.com/docs/models
_GROQ = ("-versatile", "-instant")


def maker_of(name: str) -> str | None:
    """Return whose id a name without a seller is.

    >>> maker_of("grok-4.7"), maker_of("MiniMax-M3"), maker_of("llama-3.3-70b-versatile"), maker_of("gpt-4o")
    ('xai', 'minimax', 'groq', None)
    """
    folded = name.casefold()
    for begin, maker in _BY_LETTERS.get(folded[:_LETTERS], ()):
        if folded.startswith(begin):
            return maker
    return "groq" if folded.endswith(_GROQ) else None


def is_closed(name: str) -> bool:
    """Return whether a name is written as an id of a maker whose models are not open.

    >>> is_closed("claude-4-opus"), is_closed("claude-opus-4@20250514"), is_closed("qwen3-32b")
    (True, False, False)
    """
    return name.casefold().startswith(_CLOSED) and "@" not in name


def makers_rows(folded: Mapping[str, tuple[str, ...]], maker: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the rows that a maker may have for an id of its own, each with the rule; bare ones may be another's.

    ``folded`` has the names of the map by their case-folded form.
    """
    for spelling, rule in ((name, "maker"), (dashed(name), "dotted_version")):
        if spelling is not None:
            yield from ((row, rule) for row in folded.get(f"{maker}/{spelling}".casefold(), ()))
            if spelling != name:
                yield from ((row, rule) for row in folded.get(spelling.casefold(), ()))


def dashed(name: str) -> str | None:
    """Return a name with dashes for the dots between digits; None if it has no such dot.

    >>> dashed("claude-opus-5.5"), dashed("claude-opus-5")
    ('claude-opus-5-5', None)
    """
    if "." not in name:
        return None
    before, *rest = name.split(".")
    pieces = [before]
    for after in rest:
        pieces += ("-" if before[-1:].isdecimal() and after[:1].isdecimal() else ".", after)
        before = after
    found = "".join(pieces)
    return found if found != name else None
