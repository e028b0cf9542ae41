"""The kit's cases, asked of litellm and of genai-prices: ``python benchmarks/conformance.py`` prints their scores.

Each is asked in the way that suits it best: litellm gets its own response object, or the usage that its own
transformation of the API makes; genai-prices is told the provider and the API, and prices by the rates of the case.
What a library has no door for is ``cannot``, and counts against nobody.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import sys
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from conformance import CannotError
from conformance.adapters import Llmcost
from conformance.build import lines, rules
from conformance.judging import CANNOT, DUST, REFUSED, RIGHT, WRONG, judged_price, judged_usage

BEGIN, END = "<!-- scores: begin -->\n", "<!-- scores: end -->\n"
PAGE = ROOT / "docs" / "conformance.md"

# The API of a case -> the flavour by which genai-prices reads it.
FLAVOURS = {
    "chat.completions": "chat",
    "completions": "chat",
    "chat.complete": "chat",
    "chat": "chat",
    "responses": "responses",
    "embeddings": "embeddings",
    "images": "images",
    "messages": "default",
    "beta.messages": "default",
    "generateContent": "default",
    "converse": "default",
    "invoke_model": "anthropic",
    "v2.chat": "default",
    "ocr": "ocr",
}
SELLERS = {"gemini": "google", "vertex": "google", "vertex_ai": "google", "bedrock": "aws", "xai": "x-ai"}
# Price keys -> the names of a ModelPrice, USD per million tokens or per thousand calls.
MILLION = {
    "input_cost_per_token": "input_mtok",
    "output_cost_per_token": "output_mtok",
    "cache_read_input_token_cost": "cache_read_mtok",
    "cache_creation_input_token_cost": "cache_write_mtok",
    "cache_creation_input_token_cost_above_1hr": "cache_1h_write_mtok",
    "input_cost_per_audio_token": "input_audio_mtok",
    "output_cost_per_audio_token": "output_audio_mtok",
    "cache_read_input_audio_token_cost": "cache_audio_read_mtok",
}
METERS = {
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_tokens": "cache_read",
    "cache_write_tokens": "cache_write",
    "input_audio_tokens": "input_audio",
    "output_audio_tokens": "output_audio",
}


class LiteLLM:
    """litellm: the rates of a case are registered, and its own objects are asked."""

    def __init__(self) -> None:
        import litellm

        litellm.suppress_debug_info = True
        self._litellm = litellm

    def _object(self, case: dict[str, Any]) -> Any:
        """Return what litellm makes of a response."""
        litellm, response, api = self._litellm, case["response"], case["api"]
        if api == "chat.completions.stream" and isinstance(response, list) and case["provider"] == "openai":
            chunks = [litellm.ModelResponseStream(**chunk) for chunk in response]
            return litellm.stream_chunk_builder(chunks)
        if not isinstance(response, dict):
            raise CannotError("no door for the chunks of this stream")
        if api in {"chat.completions", "chat.complete", "chat"}:
            return litellm.ModelResponse(**response)
        if api == "completions":
            return litellm.TextCompletionResponse(**response)
        if api.startswith("responses"):
            from litellm.types.llms.openai import ResponsesAPIResponse

            return ResponsesAPIResponse(**response)
        if api == "embeddings" and case["provider"] == "openai":
            return litellm.EmbeddingResponse(**response)
        if api == "images":
            return litellm.ImageResponse(**response)
        if api in {"messages", "beta.messages", "invoke_model"} and "usage" in response:
            from litellm.llms.anthropic.chat.transformation import AnthropicConfig

            usage = AnthropicConfig().calculate_usage(usage_object=response["usage"], reasoning_content=None)
            return litellm.ModelResponse(model=response.get("model"), usage=usage)
        if api == "generateContent":
            from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import VertexGeminiConfig

            usage = VertexGeminiConfig._calculate_usage(completion_response=response)
            found = litellm.ModelResponse(model=case["called"], usage=usage)
            served = response["usageMetadata"].get("trafficType")
            found._hidden_params["provider_specific_fields"] = {"traffic_type": served}
            return found
        if api == "converse":
            from litellm.llms.bedrock.chat.converse_transformation import AmazonConverseConfig

            usage = AmazonConverseConfig().transform_usage(response["usage"])
            return litellm.ModelResponse(model=case["called"], usage=usage)
        if api in {"invoke_endpoint", "predictions"} and "duration" in case["facts"]:
            return litellm.ModelResponse(model=case["called"])
        raise CannotError(f"no object for {api}")

    def price(self, case: dict[str, Any]) -> float:
        """Return completion_cost of what litellm makes of the response."""
        litellm, facts = self._litellm, case["facts"]
        priced = next(iter(case["rates"]))
        provider = _litellm_provider(case)
        for name, rates in case["rates"].items():
            litellm.register_model({name: {"litellm_provider": provider, "mode": "chat", **rates}})
        found = self._object(case)
        seconds = facts.get("duration")
        return float(
            litellm.completion_cost(
                found,
                model=priced,
                custom_llm_provider=provider,
                **({"total_time": seconds * 1000} if seconds else {}),
                **({"service_tier": facts["service_tier"]} if "service_tier" in facts else {}),
            )
        )

    def usage(self, case: dict[str, Any]) -> dict[str, float]:
        """It has no door for a usage without a price."""
        raise CannotError("it reads no usage by itself")


def _litellm_provider(case: dict[str, Any]) -> str:
    names = {"vertex": "vertex_ai", "google": "gemini", "openai-compatible": "openai", "aws": "bedrock"}
    stated = next(iter(case["rates"].values())).get("litellm_provider")
    return str(stated or names.get(case["provider"], case["provider"]))


class GenaiPrices:
    """genai-prices: its extractors read the response, its arithmetic prices by the rates of the case."""

    def __init__(self) -> None:
        from genai_prices.data_snapshot import get_snapshot

        self._snapshot = get_snapshot()

    def _read(self, case: dict[str, Any], api: str, *, others_too: bool = False) -> Any:
        seller = SELLERS.get(case["provider"], case["provider"])
        provider = next((one for one in self._snapshot.providers if one.id == seller), None)
        if provider is None or not provider.extractors:
            raise CannotError(f"it has no extractor of {seller}")
        if not isinstance(case["response"], dict):
            raise CannotError("no door for the chunks of a stream")
        # The flavour that fits, else the first that can read the response.
        flavours = [one.api_flavor for one in provider.extractors]
        first = api if api in flavours else "default" if "default" in flavours else flavours[0]
        for flavour in [first, *(flavours if others_too or first != api else [])]:
            with suppress(ValueError, LookupError):
                return provider.extract_usage(case["response"], api_flavor=flavour)[1]
        return provider.extract_usage(case["response"], api_flavor=first)[1]

    def price(self, case: dict[str, Any]) -> Decimal:
        """Return the total of its usage by the rates of the case."""
        from genai_prices.types import ModelPrice, Tier, TieredPrices

        if case["api"] not in FLAVOURS or case["facts"]:
            raise CannotError(f"no door for {case['api']}")
        usage = self._read(case, FLAVOURS[case["api"]])
        rates = next(iter(case["rates"].values()))
        given: dict[str, Any] = {}
        for key, name in MILLION.items():
            if key not in rates:
                continue
            base = Decimal(str(rates[key])) * 1_000_000
            tiers = [
                Tier(start=int(above[1]) * 1000, price=Decimal(str(value)) * 1_000_000)
                for other, value in rates.items()
                if (above := re.fullmatch(f"{key}_above_([0-9]+)k_tokens", other))
            ]
            given[name] = TieredPrices(base=base, tiers=tiers) if tiers else base
        known = {key for key in rates if re.fullmatch(f"({'|'.join(MILLION)})(_above_[0-9]+k_tokens)?", key)}
        left = {key for key in rates if "cost" in key} - known
        if left:
            raise CannotError(f"it has no price like {', '.join(sorted(left))}")
        return Decimal(ModelPrice(**given).calc_price(usage)["total_price"])

    def usage(self, case: dict[str, Any]) -> dict[str, float]:
        """Return its counters as disjoint units, as far as its names go."""
        body = case["response"]
        responses = isinstance(body, dict) and "output" in body and "input_tokens" in (body.get("usage") or {})
        chat = isinstance(body, dict) and "prompt_tokens" in (body.get("usage") or {})
        found = self._read(case, "responses" if responses else "chat" if chat else "default", others_too=True)
        read = {
            name: int(value)
            for name, value in ((name, getattr(found, name, None)) for name in METERS)
            if isinstance(value, (int, float, Decimal)) and value
        }
        read["input_tokens"] = read.get("input_tokens", 0) - sum(
            read.get(name, 0) for name in ("cache_read_tokens", "cache_write_tokens", "input_audio_tokens")
        )
        read["output_tokens"] = read.get("output_tokens", 0) - read.get("output_audio_tokens", 0)
        return {METERS[name]: units for name, units in read.items() if units}


def folded(case: dict[str, Any]) -> dict[str, Any]:
    """Return a usage case without what a tool does not tell apart: reasoning is output, and searches do not count."""
    right = dict(case["expected"]["quantities"])
    right.pop("web_searches", None)
    thought = right.pop("reasoning", 0)
    if thought:
        right["output"] = right.get("output", 0) + thought
    return {**case, "expected": {"quantities": right}}


def table(verbose: bool = False) -> str:
    """Return the scores of all three as a table."""
    cases, recorded = lines("cases.jsonl"), lines("usages.jsonl")
    tools = (
        ("llmcost", Llmcost()),
        (f"litellm {importlib.metadata.version('litellm')}", LiteLLM()),
        (f"genai-prices {importlib.metadata.version('genai-prices')}", GenaiPrices()),
    )
    heads, rows, by_rule = [], [], {}
    for name, adapter in tools:
        priced = [judged_price(adapter, case) for case in cases]
        own = name == "llmcost"
        counted = [judged_usage(adapter, case if own else folded(case)) for case in recorded]
        heads.append(name)
        for verdict in priced if verbose else ():
            print(f"{name}: {verdict}")
        for what, verdicts in (("prices", priced), ("usages", counted)):
            found = Counter(verdict.word for verdict in verdicts)
            rows.append((what, name, *(found[word] for word in (RIGHT, DUST, WRONG, REFUSED, CANNOT))))
        for rule in rules():
            mine = [verdict for verdict in priced if verdict.case["rule"] == rule["id"] and verdict.word != CANNOT]
            right = sum(verdict.word in {RIGHT, DUST} for verdict in mine)
            by_rule.setdefault(rule["id"], []).append(f"{right} of {len(mine)}" if mine else "-")
    text = "| cases | tool | right | right but for float dust | wrong | refused | cannot be asked |\n"
    text += "|---|---|---|---|---|---|---|\n"
    text += "".join(f"| {' | '.join(map(str, row))} |\n" for row in sorted(rows, key=lambda row: row[0]))
    text += "\nThe prices by rule: right (float dust is no fault here), of those that the tool can be asked.\n\n"
    text += f"| rule | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}\n"
    return text + "".join(f"| `{rule}` | {' | '.join(found)} |\n" for rule, found in by_rule.items())


def main() -> int:
    """Print the table, or with ``--write`` put it on the page of the docs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the table on docs/conformance.md")
    parser.add_argument("--verbose", action="store_true", help="print every verdict on a price too")
    args = parser.parse_args()
    text = table(verbose=args.verbose)
    print(text)
    if args.write:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}{text}{END}{rest.partition(END)[2]}", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
