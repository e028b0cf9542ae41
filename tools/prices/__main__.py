"""Command line: python -m tools.prices fetch | build [--check] | report | bump [--dry-run] | release."""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from .build import HERE, build
from .bump import bump, newer, write
from .bump_report import bump_report
from .changelog import with_prices
from .decisions import UndecidedError, stop_if_any
from .fetch import InputError, load_lock, read_member
from .notice import with_sources
from .progress import progress
from .release import release
from .releases import installer
from .report import report
from .step import Files, check_step, files_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from .releases import Ask

ROOT = HERE.parents[1]
DATA = ROOT / "data"
# The exit status of a bump that a person has to finish.
UNDECIDED = 3


def main(argv: list[str] | None = None, find: Callable[[Path], Ask] = installer) -> int:
    """Run the command line and return the exit status; `find` gives what a bump asks for releases."""
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
    command = commands.add_parser("bump", parents=[common], help="take the newest release of each source, and build")
    today = datetime.now(timezone.utc).date().isoformat()
    command.add_argument("--today", default=today, metavar="DAY", help="the day of the build")
    command.add_argument(
        "--day", action="append", default=[], metavar="PACKAGE=DAY", help="the day of a release's upload"
    )
    command.add_argument("--dry-run", action="store_true", help="write nothing; print the report")
    command.add_argument("--accept", action="store_true", help="take a step that changes more than is usual (E41)")
    command.add_argument("--report", type=Path, metavar="FILE", help="write the report to a file as well")
    command.add_argument("--changelog", type=Path, default=ROOT / "CHANGELOG.md")
    command = commands.add_parser("release", help="write the data wheel; the same data gives the same bytes")
    command.add_argument("--data", type=Path, default=DATA, help="folder of the files that are packed")
    command.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the wheel")
    args = parser.parse_args(argv)
    try:
        if args.command == "bump":
            return _bump(args, find(args.cache))
        if args.command == "release":
            wheel, digest = release(args.data, args.out)
            print(f"{digest}  {wheel.name}")
            return 0
        if args.command == "fetch":
            for source in progress(load_lock(args.lock).sources, "fetch"):
                read_member(source, args.cache, offline=args.offline)
            return 0
        return _build(args)
    except (InputError, UndecidedError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1 if args.command == "bump" else 2


def _build(args: argparse.Namespace) -> int:
    built = build(args.lock, args.cache, offline=args.offline, rules=args.rules)
    before = _before(args.data)
    print("\n".join(report(built, before.models or None)))
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
    if before.models and not args.accept:
        step = check_step(before, built)
        if step:
            print("\n".join(map(str, step)))
            print("error: the step is large; read it, then build with --accept", file=sys.stderr)
            return 1
    for name, content in built.files.items():
        (args.data / name).write_bytes(content)
    print(f"wrote {', '.join(built.files)}")
    return 0


def _bump(args: argparse.Namespace, ask: Ask) -> int:
    if args.offline:
        raise InputError("a bump asks the registry for releases: run it without --offline")
    lock = load_lock(args.lock)
    date.fromisoformat(args.today)
    days = dict(row.partition("=")[::2] for row in args.day)
    sources = newer(lock, args.today, ask, days, args.cache)
    folders = args.rules, args.data, args.cache
    result = bump(args.lock, sources, args.today, folders, accept=args.accept, say=_aside)
    text = "\n".join(bump_report(result)) + "\n"
    print(text)
    if args.report and not args.dry_run:
        args.report.write_text(text, "utf-8", newline="\n")
    if not args.dry_run and not result.decisions:
        _rewrite(args.data / "NOTICE.md", lambda text: with_sources(text, result.new.sources))
        _rewrite(args.changelog, lambda text: with_prices(text, result))
        # Documented examples show the day of the prices that they were made with.
        day = json.loads(result.built.files["map_info.json"])["as_of"]
        for page in (args.changelog.with_name("README.md"), *sorted((args.changelog.parent / "docs").glob("*.md"))):
            _rewrite(page, lambda text: dated(text, day))
        _aside(f"wrote {', '.join(write(result, args.lock, args.rules, args.data))}")
    return UNDECIDED if result.decisions else 0


def dated(text: str, day: str) -> str:
    """Return a page whose examples show another day of the prices.

    >>> dated("  prices      as of 2026-11-20", "2026-11-27")
    '  prices      as of 2026-11-27'
    """
    return re.sub(r"(prices +as of )\d{4}-\d\d-\d\d", rf"\g<1>{day}", text)


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    if path.exists():
        path.write_text(change(path.read_text("utf-8")), "utf-8", newline="\n")


def _aside(text: str) -> None:
    """What goes on while the report is made; the report itself is what is printed."""
    print(text, file=sys.stderr)


def _before(data: Path) -> Files:
    prices, provenance = _read(data / "model_prices.json"), _read(data / "provenance.json")
    return files_before(json.loads(prices or b"{}"), json.loads(provenance or b"{}"))


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
