"""llmcost beside the installed LiteLLM, over LiteLLM's own map: what is right, what differs on purpose, what is left.

    python benchmarks/parity.py              # every model of the map, each in the calls of its mode
    python benchmarks/parity.py --sample 40  # every 40th model
    python benchmarks/parity.py --show 20    # the calls that no reason explains, this many

It exits with 1 if a difference has no reason. Each reason is a row of ``docs/litellm.md``, and explains a difference
only if the numbers bear it out: LiteLLM's is reproduced, or it is the 0 or the error that the reason names.
"""

from __future__ import annotations

import argparse
import copy
import logging
import os
import re
import sys
import warnings
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

# LiteLLM asks a server for its prices at import otherwise.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from parity_calls import Call, Makers, calls_of, provider_of

import llmcost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Row = Mapping[str, Any]

# LiteLLM asks a server about a model of these providers before it prices it.
ASKS_A_SERVER = frozenset({"huggingface", "github_copilot"})
# Rows of LiteLLM's map that are no models.
NO_MODELS = ("sample_spec", "fallback_generalizations")
_MEDIA = frozenset({"image", "video", "transcription", "rerank", "ocr"})


class Answer:
    """What the two say of one call: a number, or the error."""

    def __init__(self, call: Call, rows: Mapping[str, Row], prices: llmcost.CostMap) -> None:
        self.call, self.rows, self.prices = call, rows, prices
        self.ours, self.theirs = ours_of(prices, call), theirs_of(call)
        self.row = rows[call.model]

    def equal(self) -> bool:
        """Return whether both are the same number, or both raise."""
        if isinstance(self.ours, Exception) or isinstance(self.theirs, Exception):
            return isinstance(self.ours, Exception) and isinstance(self.theirs, Exception)
        return _same(self.ours, self.theirs)

    def priced(self, *drop: str, of: str = "", **arguments: object) -> float | None:
        """Return our number for the call, its row less keys of some patterns, by another row, or with other arguments.

        None for an error.
        """
        row = {key: value for key, value in self.rows[of or self.call.model].items() if not _any(drop, key)}
        found = ours_of(llmcost.CostMap({self.call.model: row}), self.call, **arguments)
        return None if isinstance(found, Exception) else found

    def reproduced(self, *drop: str, of: str = "", **arguments: object) -> bool:
        """Return whether LiteLLM's number is ours under an edit of the row or of the call."""
        return self.theirs_is(self.priced(*drop, of=of, **arguments))

    def theirs_is(self, number: float | None) -> bool:
        """Return whether that is LiteLLM's number."""
        return number is not None and isinstance(self.theirs, float) and _same(number, self.theirs)

    def halved(self, of: str = "") -> bool:
        """Return whether LiteLLM's number is half of ours for the same call outside a batch, the fees left out."""
        whole = self.priced(*_FEES, of=of, call_type=None) if self.call.kind == "batch" else None
        return whole is not None and self.theirs_is(whole / 2)

    def above_by(self, fee: object) -> bool:
        """Return whether ours is LiteLLM's number and a fee of the row beside it."""
        return (
            isinstance(fee, float)
            and isinstance(self.ours, float)
            and isinstance(self.theirs, float)
            and _same(self.ours, self.theirs + fee)
        )

    def like_its_object(self) -> bool:
        """Return whether we price a raw dict as LiteLLM's object that says the same, where LiteLLM does not."""
        if self.call.twin is None or self.call.kind not in _MEDIA:
            return False
        if not isinstance(self.ours, float) or not (self.theirs == 0 or isinstance(self.theirs, Exception)):
            return False
        return _same(self.ours, _number(ours_of(self.prices, self.call, response=self.call.twin)))


_FEES = ("_per_request", "search_context_cost")


def _any(patterns: tuple[str, ...], key: str) -> bool:
    return any(re.search(pattern, key) for pattern in patterns)


def _number(found: float | Exception) -> float:
    return -1.0 if isinstance(found, Exception) else found


def _same(one: float, two: float) -> bool:
    return abs(one - two) <= 1e-9 * max(abs(one), abs(two), 1e-12)


def _unpriced(found: Answer) -> bool:
    return isinstance(found.ours, llmcost.UnpricedUsageError)


def _input_price(row: Row) -> object:
    tiers = row.get("tiered_pricing")
    return tiers[0]["input_cost_per_token"] if isinstance(tiers, list) else row.get("input_cost_per_token")


def _search_fee(row: Row) -> object:
    fees = row.get("search_context_cost_per_query")
    return fees.get("search_context_size_medium") if isinstance(fees, dict) else None


def _other_rows(found: Answer) -> list[str]:
    """Return the rows that LiteLLM prices instead: the name without what it takes for a repetition, or a size."""
    name, provider = found.call.model, found.call.provider
    if provider == "together_ai" and (name.startswith("together-ai-") or _unpriced(found)):
        return [other for other in found.rows if other.startswith("together-ai-")]
    short = name.removeprefix(f"{provider}/")
    return [short] if name.startswith(f"{provider}/{provider}/") and short in found.rows else []


REASONS: dict[str, Callable[[Answer], bool]] = {
    "what has no rate is not free": lambda a: _unpriced(a) and a.theirs == 0,
    "a dict of a medium is read": lambda a: a.call.form == "dict" and a.like_its_object(),
    "batch is half where it is sold so": lambda a: a.halved(),
    "the fee of a request is billed": lambda a: a.above_by(a.row.get("input_cost_per_request")),
    "a model that searches on every call": lambda a: "search" in a.call.model and a.above_by(_search_fee(a.row)),
    "long prompts of every seller": lambda a: a.reproduced("_above_"),
    "a tier by its vendor's factor": lambda a: (
        "optional_params" in a.call.arguments and a.reproduced(optional_params={})
    ),
    "a cache by its vendor's factor": lambda a: (
        "cache_read_input_token_cost" not in a.row and a.reproduced(cache_read_input_token_cost=_input_price(a.row))
    ),
    "a row of its own name": lambda a: any(a.reproduced(of=name) or a.halved(name) for name in _other_rows(a)),
    "an image by the piece": lambda a: a.call.kind == "image" and a.reproduced("output_cost_per_image$"),
    "image tokens are image tokens": lambda a: a.call.kind == "image" and a.reproduced("_image_token"),
    "a size or quality that is not stated": lambda a: a.call.kind == "image" and _unpriced(a),
    "speech in tokens has audio": lambda a: a.call.kind == "speech" and _unpriced(a),
    "results that nobody stated": lambda a: a.call.kind == "search" and _unpriced(a) and not _results(a.call),
    "parallel.ai by the request": lambda a: (
        a.call.provider == "parallel_ai" and _same(_number(a.ours), float(a.row["input_cost_per_query"]))
    ),
    "a 0 of LiteLLM's where its map has a price": lambda a: a.theirs == 0 and _number(a.ours) > 0,
    "a price where LiteLLM raises": lambda a: isinstance(a.theirs, Exception) and _number(a.ours) > 0,
}


def _results(call: Call) -> object:
    return call.arguments["optional_params"].get("max_results")


def ours_of(prices: llmcost.CostMap, call: Call, **changed: object) -> float | Exception:
    """Return what llmcost says of a call."""
    arguments = {"response": call.response, **call.arguments, **changed}
    try:
        return prices.completion_cost(
            arguments.pop("response"), call.model, custom_llm_provider=call.provider, prefer="calculated", **arguments
        )
    except llmcost.LLMCostError as error:
        return error


def theirs_of(call: Call) -> float | Exception:
    """Return what LiteLLM says of a call; its arguments may be changed by it."""
    try:
        return float(
            litellm.completion_cost(
                copy.copy(call.response),
                model=call.model,
                custom_llm_provider=call.provider,
                **copy.deepcopy(call.arguments),
            )
        )
    except Exception as error:  # noqa: BLE001 - it raises nothing narrower
        return error


def answers(sample: int = 1) -> Iterator[Answer]:
    """Yield what both say of every call of the models of LiteLLM's map, or of each so-manieth."""
    rows = {name: row for name, row in copy.deepcopy(litellm.model_cost).items() if name not in NO_MODELS}
    prices, make = llmcost.CostMap(rows), Makers(litellm)
    for number, (name, row) in enumerate(rows.items()):
        if number % sample or provider_of(row) in ASKS_A_SERVER:
            continue
        for call in calls_of(name, row, make):
            yield Answer(call, rows, prices)


def reason_of(found: Answer) -> str | None:
    """Return the reason for a difference, or None."""
    return next((name for name, holds in REASONS.items() if holds(found)), None)


def main() -> int:
    """Print the table; return 1 if a difference has no reason."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=1, help="only every so-manieth model")
    parser.add_argument("--show", type=int, default=10, help="so many calls without a reason")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    litellm.suppress_debug_info = True
    kinds: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    left: list[Answer] = []
    for found in answers(options.sample):
        kinds[found.call.kind, found.call.form] += 1
        if found.equal():
            reasons["equal"] += 1
            continue
        reason = reason_of(found)
        if reason is None:
            left.append(found)
        else:
            reasons[reason] += 1
    print(f"llmcost {llmcost.__version__} beside litellm {version('litellm')}: {sum(kinds.values()):,} calls\n")
    for (kind, form), calls in sorted(kinds.items()):
        print(f"  {kind:<14} {form:<7} {calls:>7,}")
    print()
    for reason, calls in reasons.most_common():
        print(f"  {calls:>7,}  {reason}")
    print(f"  {len(left):>7,}  to be explained\n")
    for found in left[: options.show]:
        print(f"{found.call!r}\n    llmcost {found.ours!r}\n    litellm {found.theirs!r}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
