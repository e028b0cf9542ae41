"""The meters: everything that is counted and billed, one row each.

A row says what the meter is called, in which unit it is counted, on which side of the bill it
stands, which meters lend it a rate if the card has none for it, and how price maps spell it.

- Quantities are disjoint. A cached audio token is ``cache_read_audio`` and nothing else. If it were
  also counted as ``input`` the call would be billed twice.
- ``parents`` is the whole line of borrowing, nearest first. A meter that finds no rate on that line
  is unpriced; it never costs 0.
- A price key may be per 1,000 units (``per=1000``); rates are always per one unit.
- The first key of a row is its name in error messages and generated entries; the others are
  spellings that public maps use for the same cell.
"""

from __future__ import annotations

INPUT, OUTPUT, OTHER = "input", "output", "other"
TOKEN = "token"


class Meter:
    """One thing that is counted and billed."""

    __slots__ = ("keys", "name", "parents", "per", "side", "unit")

    def __init__(
        self, name: str, unit: str, side: str, keys: tuple[str, ...], parents: tuple[str, ...] = (), per: int = 1
    ) -> None:
        self.name, self.unit, self.side = name, unit, side
        self.keys, self.parents, self.per = keys, parents, per

    def __repr__(self) -> str:
        return f"Meter({self.name!r})"


_ROWS = (
    # Tokens in. Cached media tokens: the cache rate if there is one, else their own modality's.
    Meter("input", TOKEN, INPUT, ("input_cost_per_token",)),
    Meter("input_audio", TOKEN, INPUT, ("input_cost_per_audio_token",), ("input",)),
    Meter("input_image", TOKEN, INPUT, ("input_cost_per_image_token",), ("input",)),
    Meter("input_video", TOKEN, INPUT, ("input_cost_per_video_token",), ("input",)),
    Meter("cache_read", TOKEN, INPUT, ("cache_read_input_token_cost", "input_cost_per_token_cache_hit"), ("input",)),
    Meter(
        "cache_read_audio",
        TOKEN,
        INPUT,
        ("cache_read_input_audio_token_cost",),
        ("cache_read", "input_audio", "input"),
    ),
    Meter(
        "cache_read_image",
        TOKEN,
        INPUT,
        ("cache_read_input_image_token_cost",),
        ("cache_read", "input_image", "input"),
    ),
    Meter(
        "cache_read_video",
        TOKEN,
        INPUT,
        ("cache_read_input_video_token_cost",),
        ("cache_read", "input_video", "input"),
    ),
    Meter("cache_read_explicit", TOKEN, INPUT, ("explicit_cache_read_input_token_cost",), ("cache_read", "input")),
    Meter("cache_write", TOKEN, INPUT, ("cache_creation_input_token_cost",), ("input",)),
    Meter(
        "cache_write_audio",
        TOKEN,
        INPUT,
        ("cache_creation_input_audio_token_cost",),
        ("cache_write", "input_audio", "input"),
    ),
    Meter("cache_write_1h", TOKEN, INPUT, ("cache_creation_input_token_cost_above_1hr",), ("cache_write", "input")),
    Meter("cache_write_12h", TOKEN, INPUT, ("cache_creation_input_token_cost_above_12hr",), ("cache_write", "input")),
    Meter("citation", TOKEN, INPUT, ("citation_cost_per_token",), ("input",)),
    # Tokens out.
    Meter("output", TOKEN, OUTPUT, ("output_cost_per_token",)),
    Meter("reasoning", TOKEN, OUTPUT, ("output_cost_per_reasoning_token",), ("output",)),
    Meter("output_audio", TOKEN, OUTPUT, ("output_cost_per_audio_token",), ("output",)),
    Meter("output_image", TOKEN, OUTPUT, ("output_cost_per_image_token",), ("output",)),
    Meter("output_video", TOKEN, OUTPUT, ("output_cost_per_video_token",), ("output",)),
    # The same work in other units.
    Meter("input_characters", "character", INPUT, ("input_cost_per_character",)),
    Meter("output_characters", "character", OUTPUT, ("output_cost_per_character",)),
    Meter("input_images", "image", INPUT, ("input_cost_per_image",)),
    Meter("output_images", "image", OUTPUT, ("output_cost_per_image",)),
    Meter("input_pixels", "pixel", INPUT, ("input_cost_per_pixel",)),
    Meter("output_pixels", "pixel", OUTPUT, ("output_cost_per_pixel",)),
    # Time counts as input, whichever key it is priced by.
    Meter("input_seconds", "second", INPUT, ("input_cost_per_second",)),
    Meter("output_seconds", "second", INPUT, ("output_cost_per_second",)),
    Meter("compute_seconds", "second", INPUT, ("cost_per_second",)),
    Meter("input_audio_seconds", "second", INPUT, ("input_cost_per_audio_per_second",), ("input_seconds",)),
    Meter("input_video_seconds", "second", INPUT, ("input_cost_per_video_per_second",), ("input_seconds",)),
    Meter("output_video_seconds", "second", OUTPUT, ("output_cost_per_video_per_second",), ("output_seconds",)),
    # Per call, and per unit of work.
    Meter("queries", "query", OTHER, ("input_cost_per_query",)),
    Meter("requests", "request", OTHER, ("input_cost_per_request",)),
    Meter("text_messages", "message", OTHER, ("input_cost_per_text_message",)),
    Meter("ocr_pages", "page", OTHER, ("ocr_cost_per_page",)),
    Meter("ocr_credits", "credit", OTHER, ("ocr_cost_per_credit",)),
    # If the seller has no price for an annotated page, it has the price of a page.
    Meter("annotation_pages", "page", OTHER, ("annotation_cost_per_page",), ("ocr_pages",)),
    # Tool fees. They are on top of tokens. A grounded prompt is the older unit of Gemini's search.
    Meter("web_searches", "search", OTHER, ("web_search_cost_per_query",)),
    Meter("preview_searches", "search", OTHER, ("preview_search_cost_per_query",), ("web_searches",)),
    Meter("grounded_prompts", "prompt", OTHER, ("grounding_cost_per_prompt",)),
    Meter("maps_queries", "query", OTHER, ("google_maps_grounding_cost_per_query",)),
    Meter("file_searches", "call", OTHER, ("file_search_cost_per_1k_calls",), per=1000),
    Meter("x_searches", "call", OTHER, ("x_search_cost_per_1k_calls",), per=1000),
    Meter("attachment_searches", "call", OTHER, ("attachment_search_cost_per_1k_calls",), per=1000),
    # A run of a program, for sellers that sell the run and not the container.
    Meter("code_executions", "call", OTHER, ("code_execution_cost_per_1k_calls",), per=1000),
    Meter("code_sessions", "session", OTHER, ("code_interpreter_cost_per_session",)),
    Meter("computer_input", TOKEN, OTHER, ("computer_use_input_cost_per_1k_tokens",), ("input",), per=1000),
    Meter("computer_output", TOKEN, OTHER, ("computer_use_output_cost_per_1k_tokens",), ("output",), per=1000),
    Meter("storage_gb_days", "GB-day", OTHER, ("file_search_cost_per_gb_per_day", "vector_store_cost_per_gb_per_day")),
    # Tokens that an explicit cache keeps, times the hours. They belong to no call.
    Meter("cache_storage_token_hours", "token-hour", OTHER, ("cache_storage_cost_per_token_per_hour",)),
    Meter("guardrail_units", "unit", OTHER, ("guardrail_cost_per_unit",)),
)

METERS = {row.name: row for row in _ROWS}
PROMPT_METERS = frozenset(
    row.name for row in _ROWS if row.unit == TOKEN and row.side == INPUT and row.name != "citation"
)
# The tokens of the model itself. The tokens of a tool are a fee on top.
TOKEN_METERS = frozenset(row.name for row in _ROWS if row.unit == TOKEN and row.side != OTHER)
# Tokens of the prompt that were read from a cache.
CACHE_READS = frozenset(row.name for row in _ROWS if row.name.startswith("cache_read"))
OUTPUT_METERS = frozenset(row.name for row in _ROWS if row.side == OUTPUT)
TIME_METERS = frozenset(row.name for row in _ROWS if row.unit == "second")
# What every call is by itself: its whole price, or a fee beside its tokens.
CALL_METERS = frozenset({"requests", "queries"})
# Meters that pay for a whole call. They are not counted in tokens.
WHOLE_CALL_METERS = TIME_METERS | CALL_METERS
# The units in which a whole call may be sold instead of tokens.
WORK_METERS = frozenset(
    row.name
    for row in _ROWS
    if row.unit in {"second", "character", "image", "pixel", "page", "credit"} or row.name in CALL_METERS
)
# The model's own work, in all units in which it may be sold. Every other meter is a fee on top, such as a tool's.
MODEL_METERS = TOKEN_METERS | WORK_METERS
# One undivided time is rated once, by the first of these that the card prices above 0.
TIME_ORDER = (
    "compute_seconds",
    "input_seconds",
    "output_seconds",
    "input_audio_seconds",
    "input_video_seconds",
    "output_video_seconds",
)


def minimum_key(meter: str) -> str:
    """Return the key of a map that states how many units of a meter a request is billed for at least.

    >>> minimum_key("input_seconds")
    'input_cost_per_second_minimum'
    """
    return f"{METERS[meter].keys[0]}_minimum"


def keys_per_many(key: str) -> tuple[tuple[str, int], ...]:
    """Return how a person may write a price key for many units at once, and for how many.

    >>> keys_per_many("input_cost_per_audio_token"), keys_per_many("cache_read_input_token_cost")
    ((('input_cost_per_million_audio_tokens', 1000000),), (('cache_read_input_cost_per_million_tokens', 1000000),))
    >>> keys_per_many("input_cost_per_second")
    (('input_cost_per_minute', 60), ('input_cost_per_hour', 3600))
    """
    head, per, unit = key.rpartition("_per_")
    if per and unit.endswith(("token", "character")):
        return ((f"{head}_per_million_{unit}s", 1_000_000),)
    if per and unit == "second":
        return ((f"{head}_per_minute", 60), (f"{head}_per_hour", 3600))
    for kind in ("audio_", "image_", "video_", ""):
        head, found, rest = key.partition(f"_{kind}token_cost")
        if found and not per:
            return ((f"{head}_cost_per_million_{kind}tokens{rest}", 1_000_000),)
    return ()


def side_of(meter: str) -> str:
    """Return the side of the bill a meter stands on: ``input``, ``output`` or ``other``."""
    row = METERS.get(meter)
    return row.side if row else "other"


def token_side(meter: str) -> str | None:
    """Return the side of the bill on which a meter counts tokens, a tool's too; None for one that counts no tokens.

    >>> token_side("cache_read"), token_side("computer_input"), token_side("output_seconds")
    ('input', 'other', None)
    """
    row = METERS.get(meter)
    return row.side if row is not None and row.unit == TOKEN else None


def no_meter(where: str, name: str) -> Exception:
    """Return the error for a name that is neither a meter nor a fact, with what may have been meant."""
    from ..errors import ArgumentError, did_you_mean, shown

    if name.endswith("_tokens"):
        hint = "; for counters as APIs write them pass the dict itself"
    else:
        hint = f".{near}" if (near := did_you_mean(name, METERS)) else f"; the meters are {', '.join(METERS)}"
    return ArgumentError(f"{where} has no meter and no fact {shown(name)}{hint}")
