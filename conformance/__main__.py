"""Hold a tool to the cases: ``python -m conformance``; ``--help`` says how another one is asked."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .adapters import Command, Llmcost
from .build import lines
from .judging import CANNOT, DUST, REFUSED, RIGHT, WRONG, judged_price, judged_usage, score

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def _adapter(args: argparse.Namespace) -> AbstractContextManager[Any]:
    if args.command:
        return Command(args.command)
    if args.adapter:
        module, _, name = args.adapter.partition(":")
        return nullcontext(getattr(import_module(module), name or "Adapter")())
    return nullcontext(Llmcost())


def main(arguments: list[str] | None = None) -> int:
    """Print the score, and what was not right; return 1 if anything was not."""
    parser = argparse.ArgumentParser(
        prog="python -m conformance", description="Hold a tool to the cases of this folder."
    )
    parser.add_argument("--adapter", metavar="MODULE:CLASS", help="a class of Python with price(case) and usage(case)")
    parser.add_argument(
        "--command", metavar="PROGRAM", help="a program that answers a line for each line that it reads"
    )
    parser.add_argument("--only", choices=("prices", "usages"), help="one of the two files")
    parser.add_argument("--quiet", action="store_true", help="the score alone")
    args = parser.parse_args(arguments)
    good = True
    with _adapter(args) as adapter:
        for name, file, judged in (
            ("prices", "cases.jsonl", judged_price),
            ("usages", "usages.jsonl", judged_usage),
        ):
            if args.only not in {None, name}:
                continue
            verdicts = [judged(adapter, case) for case in lines(file)]
            found = score(verdicts)
            print(f"{name}: " + ", ".join(f"{found[word]} {word}" for word in (RIGHT, DUST, WRONG, REFUSED, CANNOT)))
            for verdict in verdicts:
                if verdict.word != RIGHT and not args.quiet:
                    print(f"  {verdict}")
            good = good and found[RIGHT] == len(verdicts)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
