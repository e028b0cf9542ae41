"""How tools are asked: llmcost itself, and a program of any language behind a pipe."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any, Protocol


class CannotError(Exception):
    """The tool has no way to be asked this: it counts as neither right nor wrong."""


class Adapter(Protocol):
    """What the runner asks. Any exception but CannotError counts as a refusal."""

    def price(self, case: dict[str, Any]) -> object:
        """Return the cost in USD: text or Decimal for an exact one, else a float; or a dict with ``total``."""

    def usage(self, case: dict[str, Any]) -> dict[str, float]:
        """Return the units of a response by meter."""


class Llmcost:
    """llmcost, from this checkout or from where it is installed."""

    def price(self, case: dict[str, Any]) -> dict[str, object]:
        """Return the total and the reported cost of a case, by its rates alone."""
        from llmcost import CostMap

        prices = CostMap(case["rates"])
        cost = prices.calculate(case["response"], model=case["called"], prefer="calculated", **case["facts"])
        if cost.unpriced:
            raise ValueError(f"unpriced: {', '.join(cost.unpriced)}")
        return {"total": cost.total, "reported": cost.reported}

    def usage(self, case: dict[str, Any]) -> dict[str, float]:
        """Return what a response states, its parts included; of units that measure the same work the first."""
        from llmcost import read_usage

        found: dict[str, float] = {}
        for part in read_usage(case["response"]).walk():
            for units in (part.quantities, *(group[0] for group in part.alternatives)):
                for meter, quantity in units.items():
                    found[meter] = found.get(meter, 0) + quantity  # type: ignore[operator]
        return found


class Command:
    """A program that reads a case a line and writes an answer a line.

    >>> with Command("cat") as cat:  # it answers with the case itself
    ...     cat.price({"total": "0.5"})
    '0.5'
    """

    def __init__(self, command: str) -> None:
        self._program = subprocess.Popen(  # noqa: S603 - the caller's own program
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Command:  # noqa: PYI034 - typing.Self is of Python 3.11
        return self

    def __exit__(self, *error: object) -> None:
        assert self._program.stdin is not None  # noqa: S101 - it was asked for
        assert self._program.stdout is not None  # noqa: S101
        self._program.stdin.close()
        self._program.wait()
        self._program.stdout.close()

    def _answer(self, case: dict[str, Any]) -> dict[str, Any]:
        assert self._program.stdin is not None  # noqa: S101 - it was asked for
        assert self._program.stdout is not None  # noqa: S101
        self._program.stdin.write(json.dumps(case) + "\n")
        self._program.stdin.flush()
        line = self._program.stdout.readline()
        if not line:
            raise SystemExit("the program has ended before it had answered every case")
        answer: dict[str, Any] = json.loads(line)
        if "cannot" in answer:
            raise CannotError(answer["cannot"])
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def price(self, case: dict[str, Any]) -> object:
        """Return the total that the program answers."""
        return self._answer(case)["total"]

    def usage(self, case: dict[str, Any]) -> dict[str, float]:
        """Return the quantities that the program answers."""
        found: dict[str, float] = self._answer(case)["quantities"]
        return found
