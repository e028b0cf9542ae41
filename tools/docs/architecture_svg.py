"""Draw docs/architecture.svg: the rooms of the package, and an arrow from each to what it imports.

Run ``python -m tools.docs.architecture_svg``; with ``--check`` nothing is written and a difference is an error.

Every room stands above all that it imports. An arrow that others already imply (api to core, where api imports config
and config imports core) is not drawn; a box's tooltip names all that the room imports.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

from tools.docs.imports import Graph, graph, rooms

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "llmcost"
TARGET = ROOT / "docs" / "architecture.svg"
BOX_WIDTH, BOX_HEIGHT, GAP, BEND = 132, 38, 34, 24
ROW, MARGIN = 84, 24
SWEEPS = 12

# A row holds rooms, and a bend (importer, imported, row) for each arrow that passes it.
Node = str | tuple[str, str, int]
Rows = list[list[Node]]


def levels(of: Graph) -> dict[str, int]:
    """Return the row of each room, from below: one above the highest of those that it imports.

    >>> levels({"api": {"core", "errors"}, "core": {"errors"}, "errors": set()})
    {'errors': 0, 'core': 1, 'api': 2}
    """
    found: dict[str, int] = {}
    waiting = sorted(of)
    while waiting:
        ready = [room for room in waiting if of[room] <= found.keys()]
        if not ready:
            raise ValueError(f"rooms import each other in a circle: {', '.join(waiting)}")
        for room in ready:
            found[room] = 1 + max((found[other] for other in of[room]), default=-1)
        waiting = [room for room in waiting if room not in found]
    return found


def reduced(of: Graph) -> Graph:
    """Return the arrows without those that others imply.

    >>> reduced({"api": {"core", "errors"}, "core": {"errors"}, "errors": set()})
    {'api': {'core'}, 'core': {'errors'}, 'errors': set()}
    """
    below: Graph = {}
    for room in levels(of):
        below[room] = of[room].union(*(below[other] for other in of[room]))
    return {
        room: {other for other in others if not any(other in below[third] for third in others)}
        for room, others in of.items()
    }


def draw(of: Graph) -> str:
    """Return the picture of a graph of rooms."""
    arrows, level = reduced(of), levels(of)
    rows, links = _rows(arrows, level)
    _order(rows, links)
    x = _places(rows, links)
    width = round(max(x[node] + _width(node) / 2 for row in rows for node in row) + MARGIN)
    height = 2 * MARGIN + ROW * (len(rows) - 1) + BOX_HEIGHT
    bottom = height - MARGIN - BOX_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14" fill="#333">',
        "<title>The rooms of llmcost: an arrow leads from a room to what it imports</title>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#777"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for room, others in sorted(arrows.items()):
        for other in sorted(others):
            bent = range(level[room] - 1, level[other], -1)
            points = [(x[room], float(bottom - ROW * level[room] + BOX_HEIGHT))]
            points += [(x[room, other, at], bottom - ROW * at + BOX_HEIGHT / 2) for at in bent]
            points.append((x[other], bottom - ROW * level[other]))
            path = " ".join(f"{across:.0f},{down:.0f}" for across, down in points)
            parts.append(
                f'<polyline points="{path}" fill="none" stroke="#777" stroke-width="1.4" marker-end="url(#head)"/>'
            )
    for room in sorted(of):
        left, top = round(x[room] - BOX_WIDTH / 2), bottom - ROW * level[room]
        name = room or PACKAGE.name
        imports = ", ".join(sorted(other or PACKAGE.name for other in of[room]))
        parts += [
            f"<g><title>{name} imports {imports or 'nothing'}</title>",
            f'<rect x="{left}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" fill="#eef1fb" '
            'stroke="#5b6ee1"/>',
            f'<text x="{round(x[room])}" y="{top + 24}" text-anchor="middle" font-weight="600">{name}</text></g>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _rows(arrows: Graph, level: dict[str, int]) -> tuple[Rows, dict[Node, set[Node]]]:
    """Return the rows from below, and for each node those above and below it that it is joined to."""
    rows: Rows = [[] for _ in range(1 + max(level.values()))]
    links: dict[Node, set[Node]] = {room: set() for room in arrows}
    for room in sorted(arrows):
        rows[level[room]].append(room)
    for room, others in sorted(arrows.items()):
        for other in sorted(others):
            upper: Node = room
            for at in range(level[room] - 1, level[other] - 1, -1):
                lower: Node = other if at == level[other] else (room, other, at)
                if lower != other:
                    rows[at].append(lower)
                    links[lower] = set()
                links[upper].add(lower)
                links[lower].add(upper)
                upper = lower
    return rows, links


def _order(rows: Rows, links: dict[Node, set[Node]]) -> None:
    """Sort each row by the middle of what its nodes are joined to, so that few arrows cross."""
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            place = {node: index - len(other) / 2 for other in rows for index, node in enumerate(other)}
            row.sort(key=lambda node: (_middle(node, links, place), str(node)))


def _places(rows: Rows, links: dict[Node, set[Node]]) -> dict[Node, float]:
    """Return the middle of each node: near those it is joined to, in the order of its row, never overlapping."""
    x: dict[Node, float] = {node: 0.0 for row in rows for node in row}
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            wanted = {node: _middle(node, links, x) for node in row}
            for before, node in pairwise(row):
                wanted[node] = max(wanted[node], wanted[before] + (_width(before) + _width(node)) / 2 + GAP)
            # What was pushed to the right moves half of it back.
            shift = sum(wanted[node] - _middle(node, links, x) for node in row) / len(row)
            x.update({node: wanted[node] - shift for node in row})
    left = min(x[node] - _width(node) / 2 for row in rows for node in row) - MARGIN
    return {node: middle - left for node, middle in x.items()}


def _middle(node: Node, links: dict[Node, set[Node]], place: dict[Node, float]) -> float:
    joined = links[node]
    return sum(place[other] for other in joined) / len(joined) if joined else place[node]


def _width(node: Node) -> int:
    return BOX_WIDTH if isinstance(node, str) else BEND


def main(argv: list[str] | None = None) -> int:
    """Write the picture, or with --check compare it."""
    of = rooms(graph(PACKAGE))
    # `python -m llmcost` only starts the command line: it is not drawn as a room.
    of.pop("__main__", None)
    picture = draw(of)
    if "--check" in (sys.argv[1:] if argv is None else argv):
        return 0 if TARGET.is_file() and TARGET.read_text("utf-8") == picture else 1
    TARGET.write_text(picture, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
