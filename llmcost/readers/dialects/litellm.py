"""LiteLLM's normalised usage: Anthropic's counter names, but inside ``prompt_tokens``.

The envelope decides: in a ``chat.completion`` the counters are inclusive, whatever they are called.
https://docs.litellm.ai/docs/completion/prompt_caching
"""

from __future__ import annotations

from ...errors import InconsistentUsageError
from ..fields import count, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with reads and writes taken out of the input once, and writes split by time to live."""
    del fields
    if usage is None:
        return None
    quantities = usage.quantities
    for name, meter in (("cache_read_input_tokens", "cache_read"), ("cache_creation_input_tokens", "cache_write")):
        stated = count(counters, name)
        known = quantities.get(meter, 0)
        if stated <= known:
            continue
        extra = stated - known
        left = quantities.get("input", 0) - extra
        if left < 0:
            raise InconsistentUsageError(
                f"{name}={stated} exceeds what is left of prompt_tokens={counters.get('prompt_tokens')}",
                {"prompt_tokens": counters.get("prompt_tokens")}, {name: stated},
            )  # fmt: skip
        quantities[meter] = stated
        quantities["input"] = left
        if not left:
            del quantities["input"]
    details = sub(counters, "prompt_tokens_details") or {}
    split = sub(details, "cache_creation_token_details") or sub(counters, "cache_creation_token_details") or {}
    hour = count(split, "ephemeral_1h_input_tokens")
    if hour:
        written = quantities.get("cache_write", 0)
        if hour > written:
            raise InconsistentUsageError(
                f"ephemeral_1h_input_tokens={hour} exceeds the {written} tokens written",
                {"cache_creation_input_tokens": written}, {"ephemeral_1h_input_tokens": hour},
            )  # fmt: skip
        quantities["cache_write_1h"] = hour
        quantities["cache_write"] = written - hour
        if not quantities["cache_write"]:
            del quantities["cache_write"]
    return usage
