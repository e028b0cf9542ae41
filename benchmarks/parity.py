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

# LiteLLM asks a server about a model of these providers before it prices it.
ASKS_A_SERVER = frozenset({"huggingface", "github_copilot"})
# Rows of LiteLLM's map that are no models.
NO_MODELS = ("sample_spec", "fallback_generalizations")
_MEDIA = frozenset({"image", "video", "transcription", "rerank", "ocr"})


class Answer:
    """What the two say of one call: a number, or the error."""

    def __init__(self, call: Call, row: Mapping[str, Any], ours: float | Exception, theirs: float | Exception) -> None:
        self.call, self.row, self.ours, self.theirs = call, row, ours, theirs

    def equal(self) -> bool:
        """Return whether both are the same number, or both raise."""
        if isinstance(self.ours, Exception) or isinstance(self.theirs, Exception):
            return isinstance(self.ours, Exception) and isinstance(self.theirs, Exception)
        return _same(self.ours, self.theirs)

    def priced(self, *drop: str, **arguments: object) -> float | None:
        """Return our number for the call without some keys of its row, or with other arguments; None for an error."""
        row = {key: value for key, value in self.row.items() if not any(word in key for word in drop)}
        found = ours_of(llmcost.CostMap({self.call.model: row}), self.call, **arguments)
        return None if isinstance(found, Exception) else found

    def reproduced(self, *drop: str, **arguments: object) -> bool:
        """Return whether LiteLLM's number is ours under an edit of the row or of the call."""
        found = self.priced(*drop, **arguments)
        return found is not None and isinstance(self.theirs, float) and _same(found, self.theirs)

    def more_by(self, key: str) -> bool:
        """Return whether ours is LiteLLM's number and a fee of the row beside it."""
        fee = self.row.get(key)
        both = isinstance(self.ours, float) and isinstance(self.theirs, float) and isinstance(fee, (int, float))
        return both and _same(self.ours, self.theirs + fee)  # type: ignore[operator]


def _same(one: float, two: float) -> bool:
    return abs(one - two) <= 1e-9 * max(abs(one), abs(two), 1e-12)


def _unpriced(found: Answer) -> bool:
    return isinstance(found.ours, llmcost.UnpricedUsageError)


REASONS: dict[str, Callable[[Answer], bool]] = {
    "what has no rate is not free": lambda a: _unpriced(a) and a.theirs == 0,
    "a dict of a medium is read": lambda a: (
        a.call.form == "dict" and a.call.kind in _MEDIA and (a.theirs == 0 or isinstance(a.theirs, Exception))
    ),
    "batch is half where it is sold so": lambda a: (
        a.call.kind == "batch"
        and isinstance(a.ours, float)
        and isinstance(a.theirs, float)
        and _same(a.ours, 2 * a.theirs)
    ),
    "the fee of a request is billed": lambda a: a.more_by("input_cost_per_request"),
    "long prompts of every seller": lambda a: a.reproduced("_above_"),
    "a tier by its vendor's factor": lambda a: (
        "optional_params" in a.call.arguments and a.reproduced(optional_params={})
    ),
    "a row of its own name": lambda a: a.call.provider == "together_ai" and a.call.model.startswith("together-ai-"),
    "image tokens are image tokens": lambda a: a.call.kind == "image" and a.reproduced("_image_token"),
    "a size or quality that is not stated": lambda a: a.call.kind == "image" and _unpriced(a),
    "speech in tokens has audio": lambda a: a.call.kind == "speech" and _unpriced(a),
    "results that nobody stated": lambda a: a.call.kind == "search" and _unpriced(a),
    "parallel.ai by the request": lambda a: a.call.kind == "search" and a.call.provider == "parallel_ai",
    "a 0 of LiteLLM's where its map has a price": lambda a: a.theirs == 0 and isinstance(a.ours, float),
    "a price where LiteLLM raises": lambda a: isinstance(a.theirs, Exception) and isinstance(a.ours, float),
}


def ours_of(prices: llmcost.CostMap, call: Call, **changed: object) -> float | Exception:
    """Return what llmcost says of a call."""
    arguments = {**call.arguments, **changed}
    try:
        return prices.completion_cost(
            call.response, call.model, custom_llm_provider=call.provider, prefer="calculated", **arguments
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
            yield Answer(call, row, ours_of(prices, call), theirs_of(call))


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
