"""How fast the page of a spend log is in a browser: drawn, and filtered, with 10,000 calls.

    python benchmarks/page.py                   # with the system's Chromium, by Playwright
    python benchmarks/page.py --calls 20000 --rounds 15

Times are of the page's own clock, the least of all rounds: other work of the machine only adds to them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import sync_playwright

import llmcost

# Milliseconds, at 10,000 calls.
DRAWN, FILTERED = 100, 50
START = datetime(2026, 11, 1, tzinfo=timezone.utc)


def page_of(folder: Path, calls: int) -> Path:
    usage = [llmcost.Usage(input=500 + 7 * n, cache_read=100 + n, output=50 + n) for n in range(97)]
    costs = [llmcost.calculate(usage=own, model=model) for own in usage for model in ("gpt-4o", "gpt-4o-mini")]
    with llmcost.SpendLog(folder / "spend.db", drain=False) as log:
        for n in range(calls):
            team, user = f"team-{n % 12}", f"user-{n % 400}"
            log.record(costs[n % len(costs)], id=f"id-{n}", team=team, user=user, at=START + timedelta(seconds=200 * n))
        log.drain()
        path = folder / "page.html"
        path.write_text(log.page(), encoding="utf-8")
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    given = parser.parse_args()
    drawn, filtered, sorted_ = [], [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = page_of(Path(folder), given.calls)
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        for _ in range(given.rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(path.as_uri())
            page.wait_for_selector("body[data-drawn]")
            drawn.append(float(page.get_attribute("body", "data-drawn") or "nan"))
            page.fill("#search", "team-3 mini")
            filtered.append(float(page.get_attribute("body", "data-chosen") or "nan"))
            page.fill("#search", "")
            page.click("[data-column=cost]")
            sorted_.append(float(page.get_attribute("body", "data-chosen") or "nan"))
            page.close()
        browser.close()
        size = path.stat().st_size
    print(f"{given.calls:,} calls, {size / 1e6:.1f} MB, least of {given.rounds} rounds, in ms")
    print(f"drawn {min(drawn):.1f} (at most {DRAWN}), filtered {min(filtered):.1f} (at most {FILTERED}), ", end="")
    print(f"sorted {min(sorted_):.1f}")
    return int(min(drawn) > DRAWN or min(filtered) > FILTERED)


if __name__ == "__main__":
    sys.exit(main())
