"""The usage of a call by its text alone: its characters where the model is sold by them, else its tokens.

Characters need no tokenizer and are exact; white space is among them, as vendors count. https://openai.com/api/pricing
"""

from __future__ import annotations

from ..core.usage import Usage
from ..prices.entries import is_price_key
from .arguments import one_text
from .call_types import SPOKEN, kind_of
from .tokens import contents_of, count_usage, not_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..prices.price_map import PriceMap

# Facts that decide whose card it is.
_NAMING = ("provider", "base_model", "region", "deployment")


def usage_of_text(
    prices: PriceMap,
    response: object,
    model: str | None,
    facts: Mapping[str, object],
    *,
    prompt: str = "",
    messages: object = None,
    completion: str = "",
) -> Usage | None:
    """Return the usage of a text; None where there is a response, whose content the text is and which states the usage.

    Raises:
        UnknownModelError: no price is known for the model.
        MissingDependencyError: its tokens have to be counted, and tiktoken is not installed or has no encoding.
    """
    spoken = kind_of(facts.get("call_type")) == SPOKEN if facts.get("call_type") is not None else False
    if response is not None and not spoken:
        return None
    texts, others = contents_of(messages or None)
    sent = len(one_text("prompt", prompt or "")) + sum(map(len, texts))
    written = len(one_text("completion", completion or ""))
    billed = getattr(response, "_hidden_params", None)
    if spoken and isinstance(billed, dict) and isinstance(billed.get("billed_characters"), int):
        sent = billed["billed_characters"]
    naming = {name: facts.get(name) for name in _NAMING if facts.get(name) is not None}
    call_prices = {name: value for name, value in facts.items() if is_price_key(name)}
    card = prices.rate_card(model, prices=call_prices or None, **naming)  # type: ignore[arg-type]
    sides = (("input_characters", sent), ("output_characters", written))
    used = [meter for meter, characters in sides if characters] or ["input_characters"]
    if spoken or all(meter in card.by_meter for meter in used):
        return Usage(**dict(sides)).replaced(notes=not_text(others))
    return count_usage(model, prompt=prompt, messages=messages, completion=completion)
