"""Screenshots of the spend log for the docs: the terminal, and the page (light, dark, on a phone).

python -m tools.docs.spend_shots            # needs Playwright and the system's Chromium
"""

from __future__ import annotations

import shutil
import tempfile
from io import StringIO
from pathlib import Path

import llmcost

from .demo_log import fill
from .terminal import screen

DOCS = Path(__file__).parents[2] / "docs"
# A picture that is larger is not kept.
MOST_BYTES = 300_000
_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #f6f7f9; }}
pre {{ display: inline-block; margin: 0; padding: 18px 22px; background: #14171c; color: #e4e7eb;
  font: 15px/1.38 "DejaVu Sans Mono", monospace; }}
</style><pre>{text}</pre>"""
_COMMANDS = (["--by", "model"], ["--by", "day", "--since", "2026-11-16", "--until", "2026-11-25"])


def _terminal(folder: Path, columns: int) -> str:
    """Return two commands and what they write, as a page."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    environment = {"LLMCOST_SPEND_DB": str(folder / "spend.db"), "HOME": str(folder)}
    console = Console(record=True, width=columns, file=StringIO(), highlight=False)
    for number, arguments in enumerate(_COMMANDS):
        if number:
            console.print()
        console.print(Text(f"$ llmcost spend {' '.join(arguments)}", style="bold"))
        console.print(Text.from_ansi(screen(["spend", *arguments], columns, environment)))
    return _TERMINAL.format(text=console.export_html(theme=MONOKAI, inline_styles=True, code_format="{code}").strip())


def main() -> None:
    """Make the pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        fill(folder / "spend.db")
        with llmcost.SpendLog(folder / "spend.db", drain=False) as log:
            (folder / "page.html").write_text(log.page(), encoding="utf-8")
        (folder / "terminal.html").write_text(_terminal(folder, 84), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 600})
        page.goto((folder / "terminal.html").as_uri())
        page.locator("pre").screenshot(path=DOCS / "spend-terminal.png")
        for picture, width, height, scheme, opened in (
            ("light", 1200, 1400, "light", 2),
            ("dark", 1200, 900, "dark", None),
            ("phone", 390, 844, "light", None),
        ):
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto((folder / "page.html").as_uri())
            page.wait_for_selector("body[data-drawn]")
            if opened is not None:
                page.locator(".open").nth(opened).click()
                page.mouse.move(0, 0)
                page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=DOCS / f"spend-page-{picture}.png")
        browser.close()
    for path in sorted(DOCS.glob("spend-*.png")):
        size = path.stat().st_size
        print(f"{path.name}: {size:,} bytes")
        if size > MOST_BYTES:
            path.unlink()
            raise SystemExit(f"{path.name} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
