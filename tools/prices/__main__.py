"""Command line: python -m tools.prices build [--check] [--offline]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .build import build
from .fetch import InputError

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parents[1] / "data" / "model_prices.json"


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.prices")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="build data/model_prices.json")
    command.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    command.add_argument("--offline", action="store_true", help="use only cached wheels")
    command.add_argument("--lock", type=Path, default=HERE / "inputs.lock.json")
    command.add_argument("--cache", type=Path, default=HERE / ".cache")
    command.add_argument("--output", type=Path, default=OUTPUT)
    args = parser.parse_args(argv)

    try:
        data, report = build(args.lock, args.cache, offline=args.offline)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(report))
    if args.check:
        same = args.output.exists() and args.output.read_bytes() == data
        print(f"{args.output.name} is {'up to date' if same else 'NOT what the inputs give'}")
        return 0 if same else 1
    args.output.write_bytes(data)
    print(f"wrote {args.output.name}, {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
