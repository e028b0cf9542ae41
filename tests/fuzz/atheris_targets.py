"""Targets for a fuzzer that is led by coverage, which pip installs as ``atheris``; nothing else needs it.

    PYTHONPATH=. python tests/fuzz/atheris_targets.py readers -max_total_time=3600 corpus/
    PYTHONPATH=. python tests/fuzz/atheris_targets.py keys -max_total_time=3600

A corpus is a folder of inputs to begin with, such as a response a file. What it finds is written to a file
(``crash-...``); the bytes go into a test.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pkgutil import walk_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def readers(data: bytes) -> None:
    """Read any JSON as a response."""
    import llmcost

    try:
        response = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        usage = llmcost.read_usage(response)
    except llmcost.LLMCostError as error:
        assert str(error)
    else:
        assert usage.total_tokens >= 0


def keys(data: bytes) -> None:
    """Decode any text as a price key of a map."""
    import llmcost

    name, _, price = data.decode("utf-8", "replace").partition("=")
    try:
        card = llmcost.CostMap({"m": {name: price}}).rate_card("m")
    except llmcost.LLMCostError as error:
        assert str(error)
    else:
        assert all(rate.numerator >= 0 for rate in card.cells.values())


TARGETS: dict[str, Callable[[bytes], None]] = {"readers": readers, "keys": keys}


def main() -> None:
    """Run the target that the command line names, until the fuzzer's own options end it."""
    import atheris

    name = sys.argv.pop(1)
    # What loads later, such as a reader at its first response, would not be seen.
    with atheris.instrument_imports(include=["llmcost"]):
        for room in ("core", "errors", "prices", "readers", "api"):
            package = import_module(f"llmcost.{room}")
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                import_module(module.name)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
