"""Draw docs/price-history.svg: what a few models' output cost, from data/price_history.json.

Run ``python -m tools.docs.price_history_svg``; with ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "price-history.svg"
KEY = "output_cost_per_token"
MODELS = {
    "o3": "#5b6ee1",
    "gpt-5.6-sol": "#d1495b",
    "gpt-5.6-luna": "#e08e45",
    "deepseek/deepseek-v4-pro": "#2a9d8f",
    "gemini/gemini-3.6-flash": "#8e5ea2",
    "gemini/gemini-4-argon": "#4a4e69",
}
FIRST, LAST = date(2025, 4, 1), date(2027, 4, 1)
WIDTH, HEIGHT = 860, 440
LEFT, RIGHT, TOP, BOTTOM = 56, 190, 44, 40
LOW, HIGH = 0.7, 50.0
GRID = (1, 2, 5, 10, 20, 50)
LINE_HEIGHT = 15


@dataclass(frozen=True)
class Step:
    """A price in USD per million tokens that holds from a day to the next step; `end` is None for the last."""

    start: date
    end: date | None
    price: float


def steps(rows: list[dict[str, Any]], now: float) -> list[Step]:
    """Return the steps of one model's price; a known birth is the start of the first.

    >>> rows = [{"from": "2026-02-01", "output_cost_per_token": [4e-06, 2e-06]}]
    >>> [(step.start.isoformat(), step.price) for step in steps(rows, 2e-06)]
    [('2025-04-01', 4.0), ('2026-02-01', 2.0)]
    """
    changes = [(date.fromisoformat(row["from"][:10]), row[KEY]) for row in rows if KEY in row]
    born = [date.fromisoformat(row["from"][:10]) for row in rows if "born" in row]
    starts = [max(born[0], FIRST) if born else FIRST, *(day for day, _ in changes)]
    prices = [changes[0][1][0] if changes else now, *(new for _, (_, new) in changes)]
    ends = [*starts[1:], None]
    return [Step(start, end, round(price * 1e6, 6)) for start, end, price in zip(starts, ends, prices, strict=True)]


def draw(models: dict[str, Any], history: dict[str, Any], today: date) -> str:
    """Return the picture; what is scheduled after today is dashed."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#333">',
        "<title>Output prices of six models over time, USD per million tokens, logarithmic</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="600">USD per million output tokens</text>',
        *_axes(today),
    ]
    labels = []
    for name, colour in MODELS.items():
        line = steps(history.get(name, []), models[name][KEY])
        parts += _line(line, colour, today)
        labels.append((_y(line[-1].price), name.rpartition("/")[2], line[-1].price, colour))
    parts += _labels(labels)
    return "\n".join([*parts, "</svg>", ""])


def _axes(today: date) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    found = []
    for price in GRID:
        y = _y(price)
        found.append(f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="#e6e6e6"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">${price}</text>')
    for year in range(FIRST.year, LAST.year + 1):
        for month in (1, 4, 7, 10):
            day = date(year, month, 1)
            if FIRST <= day <= LAST:
                x = _x(day)
                found.append(f'<line x1="{x}" y1="{bottom}" x2="{x}" y2="{bottom + 5}" stroke="#999"/>')
                found.append(f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{day:%Y-%m}</text>')
    found.append(f'<line x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="#999"/>')
    x = _x(today)
    found.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{bottom}" stroke="#999" stroke-dasharray="2 3"/>')
    found.append(f'<text x="{x}" y="{TOP - 12}" text-anchor="middle" fill="#666">built {today}</text>')
    return found


def _line(line: list[Step], colour: str, today: date) -> list[str]:
    """Return a model's steps: solid up to today, dashed after it."""
    found = []
    for before, after in ((True, False), (False, True)):
        points: list[str] = []
        for step in line:
            start, end = step.start, step.end or LAST
            start, end = (start, min(end, today)) if before else (max(start, today), end)
            if start < end or (after and start == end):
                points += [f"{_x(start)},{_y(step.price)}", f"{_x(end)},{_y(step.price)}"]
        dash = ' stroke-dasharray="5 4"' if after else ""
        if points:
            path = " ".join(points)
            found.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.2"{dash}/>')
    return found


def _labels(labels: list[tuple[float, str, float, str]]) -> list[str]:
    """Return the names at the lines' ends, moved apart where they would touch."""
    found, last = [], float("-inf")
    for y, name, price, colour in sorted(labels):
        last = max(y, last + LINE_HEIGHT)
        found.append(f'<text x="{WIDTH - RIGHT + 8}" y="{round(last + 4, 1)}" fill="{colour}">{name} ${price:g}</text>')
    return found


def _x(day: date) -> float:
    share = (day - FIRST).days / (LAST - FIRST).days
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(price: float) -> float:
    share = math.log(price / LOW) / math.log(HIGH / LOW)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def main(argv: list[str] | None = None) -> int:
    """Write the picture, or with --check compare it."""
    data = ROOT / "data"
    models = json.loads((data / "model_prices.json").read_bytes())
    history = json.loads((data / "price_history.json").read_bytes())
    lock = json.loads((ROOT / "tools" / "prices" / "inputs.lock.json").read_text("utf-8"))
    picture = draw(models, history, date.fromisoformat(lock["today"]))
    if "--check" in (sys.argv[1:] if argv is None else argv):
        return 0 if TARGET.read_text("utf-8") == picture else 1
    TARGET.write_text(picture, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
