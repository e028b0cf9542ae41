"""Page: a report as one file of HTML that asks for nothing outside itself.

What runs on it is named by its hash in the page's policy, so that no text of the log can run. uPlot draws the chart;
its licence stands in the page.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def page_of(report: dict[str, Any] | None) -> str:
    """Return the page of a report; with None the live page, which asks its server for one."""
    style, chart, script = _parts()
    parts = {
        "policy": policy(style, (chart, script), live=report is None),
        "style": style,
        "data": "" if report is None else as_data(report),
        "chart": chart,
        "script": script,
    }
    # One pass over the template: a brace in a part is not looked at again.
    first, *pieces = _asset("page.html").split("{")
    made = [first]
    for piece in pieces:
        name, _, rest = piece.partition("}")
        made += [parts[name], rest]
    return "".join(made)


def _parts() -> tuple[str, str, str]:
    """Return the style of a page, the chart's script with its licence, and the page's own script."""
    style = f"\n{_asset('uPlot.min.css')}\n{_asset('page.css')}"
    chart = f"\n/*!\n{_asset('uPlot.LICENSE').strip()}\n*/\n{_asset('uPlot.iife.min.js')}"
    return style, chart, f"\n{_asset('page.js')}"


def policy_of_live() -> str:
    """Return the content security policy of the live page."""
    style, chart, script = _parts()
    return policy(style, (chart, script), live=True)


def policy(style: str, scripts: tuple[str, ...], *, live: bool) -> str:
    """Return the content security policy of a page: its own style and scripts by their hashes, and nothing else."""
    runs = " ".join(_hash(script) for script in scripts)
    asks = " connect-src 'self';" if live else ""
    return f"default-src 'none'; script-src {runs}; style-src {_hash(style)};{asks} base-uri 'none'; form-action 'none'"


def as_data(report: dict[str, Any]) -> str:
    r"""Return a report as JSON that ends no element of HTML.

    >>> as_data({"team": "</script>"})
    '{"team":"\\u003c/script>"}'
    """
    return json.dumps(report, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return files(__package__ or "").joinpath("assets").joinpath(name).read_text("utf-8")
