"""The import graph is that of the source, with the imports that run late or never."""

from __future__ import annotations

import doctest

import pytest

from tools.docs import imports

FILES = {
    "__init__.py": "from .api import calls\n",
    "errors.py": "import json\n",
    "core/__init__.py": "",
    "core/cost.py": "from ..errors import Oops\nfrom . import exact\n",
    "core/exact.py": "def text():\n    from .explain import words\n",
    "core/explain.py": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from .cost import Cost\n",
    "api/__init__.py": "from p.core.cost import Cost as C\n",
    "api/calls.py": "import p.core.cost, yaml\nfrom .. import errors\nfrom .. import VERSION\n",
}


@pytest.fixture
def package(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "p" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "p"


def test_examples():
    """The examples in the tool's docstrings are true."""
    result = doctest.testmod(imports)
    assert result.attempted
    assert not result.failed


def test_every_import_is_an_arrow(package):
    """Of a module, of a name in one, relative and absolute, in a function and for types; other packages are none."""
    assert imports.graph(package) == {
        "p": {"p.api.calls"},
        "p.errors": set(),
        "p.core": set(),
        "p.core.cost": {"p.errors", "p.core.exact"},
        "p.core.exact": {"p.core.explain"},
        "p.core.explain": {"p.core.cost"},
        "p.api": {"p.core.cost"},
        "p.api.calls": {"p.core.cost", "p.errors", "p"},
    }


def test_circles_are_found_whole(package):
    """Three modules of core lead to each other, one of them late and one for types; the package and its api as well."""
    assert imports.circles(imports.graph(package)) == {
        frozenset({"p.core.cost", "p.core.exact", "p.core.explain"}),
        frozenset({"p", "p.api.calls"}),
    }


def test_rooms_are_folders_and_files_below_the_package(package):
    """An import inside a room is no arrow between rooms."""
    assert imports.rooms(imports.graph(package)) == {
        "": {"api"},
        "errors": set(),
        "core": {"errors"},
        "api": {"core", "errors", ""},
    }
