"""How the pages become a site: Sphinx with MyST (Markdown), furo, and the docstrings of the package."""

from __future__ import annotations

import os
import re
from pathlib import Path

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx import addnodes

import llmcost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parent.parent
# Pages of the site whose text stands at the top of the repository, where people look for it.
AT_THE_TOP = {"contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}

project = "llmcost"
author = "the llmcost authors"
project_copyright = "the llmcost authors; MIT licence"
version = release = llmcost.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"llmcost {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]

# Sections of a page are linked as GitHub links them.
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Names of Python lead to its documentation, if the build may ask for its index: a build needs no network.
if os.environ.get("LLMCOST_DOCS_ONLINE"):
    intersphinx_mapping = {"python": ("https://docs.python.org/3", None)}

# `sphinx-build -b linkcheck docs OUT` asks every address of a vendor or a project.
linkcheck_anchors = False
linkcheck_timeout = 20


def _of_the_site(_: Sphinx, page: str, source: list[str]) -> None:
    """Put the text of a file at the top in the place of its page, and lead links to such files to their pages."""
    if page in AT_THE_TOP:
        text = (ROOT / AT_THE_TOP[page]).read_text(encoding="utf-8")
        # What the site has not is named, and not linked.
        source[0] = re.sub(r"\[([^\]]+)\]\((?!docs/|https?:|#)[^)]+\)", r"\1", text).replace("](docs/", "](")
    # The empty line that ends the last example of a block is for doctest alone.
    source[0] = re.sub(r"\n\n+```$", "\n```", source[0], flags=re.MULTILINE)
    for name, file in AT_THE_TOP.items():
        source[0] = source[0].replace(f"](../{file}", f"]({name}.md")
    source[0] = re.sub(r"\[([^\]]+)\]\(\.\./[^)]+\.md\)", r"\1", source[0])


def _one_by_one(_: Sphinx, kind: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Part ``a, b: text`` below Attributes into an entry each; napoleon takes all names but the last for a type."""
    del kind, name, thing, options
    if "Attributes:" not in lines:
        return
    start = lines.index("Attributes:") + 1
    stop = next((at for at in range(start, len(lines)) if lines[at] and not lines[at].startswith(" ")), len(lines))
    found: list[str] = []
    entries: list[list[str]] = []
    for line in lines[start:stop]:
        if re.match(r" {4}\S", line) or not entries:
            entries.append([])
        entries[-1].append(line)
    for entry in entries:
        several = re.fullmatch(r" {4}((?:\w+, )+\w+): (.*)", entry[0])
        names = several[1].split(", ") if several else []
        found += [text for one in names for text in (f"    {one}: {several[2]}", *entry[1:])] if several else entry
    lines[start:stop] = found


def _linked(app: Sphinx, doctree: nodes.document) -> None:
    """Lead each name of the page on the API to its entry. In Markdown it is code, so that it can be read everywhere."""
    if app.env.docname != "api":
        return
    for code in list(doctree.findall(nodes.literal)):
        target = f"llmcost.{code.astext()}"
        link = addnodes.pending_xref(
            "", code.deepcopy(), refdomain="py", reftype="obj", reftarget=target, refexplicit=True, refdoc="api"
        )
        code.replace_self(link)


def setup(app: Sphinx) -> None:
    """Say what is particular about these pages."""
    # A log on a page may end in the middle of a line.
    for kind in ("jsonl", "csv"):
        app.add_lexer(kind, TextLexer)
    app.connect("source-read", _of_the_site)
    app.connect("doctree-read", _linked)
    # Before napoleon, whose priority is 500.
    app.connect("autodoc-process-docstring", _one_by_one, priority=400)
