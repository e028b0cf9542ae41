"""litellm, priced from our map."""

from __future__ import annotations

import logging
import os
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .usages import Call

    Entries = Mapping[str, Mapping[str, object]]

# It would ask a server for its prices at import.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


class LiteLLM:
    """The installed litellm with our entries as its cost map."""

    def __init__(self, entries: Entries) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                import litellm
                from litellm import _internal_context as context
                from litellm import utils
            except ImportError as error:
                raise RuntimeError("the sweep needs its own environment: see tests/sweep/README.md") from error
        logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
        litellm.suppress_debug_info = True
        litellm.model_cost = entries
        litellm.add_known_models()
        utils._invalidate_model_cost_lowercase_map()
        self._litellm, self._context = litellm, context
        # The keys that it takes over from an entry; it passes every other one over.
        self.keys = frozenset(litellm.types.utils.ModelInfoBase.__annotations__)

    def loses(self, call: Call, provider: str) -> bool:
        """Return whether it takes the model for another provider's, under which it finds no prices."""
        found = self._litellm.get_llm_provider(model=call.model, custom_llm_provider=provider)[1]
        try:
            self._litellm.get_model_info(model=call.model, custom_llm_provider=found)
        except Exception as error:  # noqa: BLE001 - it raises nothing narrower
            return "isn't mapped" in str(error)
        return False

    def response(self, call: Call) -> object:
        """Return the call as litellm's own response object, with its counters where litellm itself puts them."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            response = self._litellm.ModelResponse(
                model=call.model, usage=self._litellm.Usage(**usage(call)), created=int(call.at.timestamp())
            )
            if call.served is not None:
                response.service_tier = call.served
        return response

    def cost(self, call: Call, provider: str) -> float:
        """Return USD by litellm."""
        with self._context.pinned_billing_time(call.at), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cost: float = self._litellm.completion_cost(
                completion_response=self.response(call),
                model=call.model,
                custom_llm_provider=provider,
                # Its service_tier= would overrule the response; what the request asked for stands in its parameters.
                optional_params={"service_tier": call.requested} if call.requested else None,
                call_type="aretrieve_batch" if call.batch else None,
            )
        return cost


def usage(call: Call) -> dict[str, object]:
    """Return litellm's counters: the prompt holds the cache and the media, the completion the reasoning."""
    given = call.quantities.get
    short, hour = given("cache_write", 0), given("cache_write_1h", 0)
    cached_text, cached_audio = given("cache_read", 0), given("cache_read_audio", 0)
    prompt: dict[str, object] = {"text_tokens": given("input", 0), "cached_tokens": cached_text + cached_audio}
    if cached_audio:
        # The counts by medium hold what of it was cached.
        prompt["text_tokens"] = given("input", 0) + cached_text
        prompt["cached_tokens_details"] = {"text_tokens": cached_text, "audio_tokens": cached_audio}
    if short or hour:
        prompt["cache_creation_tokens"] = short + hour
        prompt["cache_creation_token_details"] = {
            "ephemeral_5m_input_tokens": short,
            "ephemeral_1h_input_tokens": hour,
        }
    for medium in ("audio", "image", "video"):
        prompt[f"{medium}_tokens"] = given(f"input_{medium}", 0) + given(f"cache_read_{medium}", 0)
    counters: dict[str, object] = {
        "prompt_tokens": call.prompt,
        "completion_tokens": call.answer,
        "total_tokens": call.prompt + call.answer,
        "prompt_tokens_details": prompt,
        "completion_tokens_details": {
            "text_tokens": given("output", 0),
            "reasoning_tokens": given("reasoning", 0),
            "audio_tokens": given("output_audio", 0),
            "image_tokens": given("output_image", 0),
        },
    }
    if short or hour:
        counters["cache_creation_input_tokens"] = short + hour
        counters["cache_read_input_tokens"] = cached_text + cached_audio
    return counters


def provider(entry: Mapping[str, object]) -> str:
    """Return the provider that litellm is called with for an entry."""
    stated = str(entry["litellm_provider"])
    if stated.startswith("vertex_ai"):
        return "vertex_ai"
    return "bedrock" if stated == "bedrock_converse" else stated
