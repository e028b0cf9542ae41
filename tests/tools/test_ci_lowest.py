"""The lowest versions are read from the project's own file, and none is made up."""

from __future__ import annotations

import pytest

from tools.ci.lowest import PROJECT, lowest
from tools.prices.toml import read_toml

EXTRAS = {
    "cli": ["click>=8.2", "rich >= 13.7,<20"],
    "tokens": ["tiktoken>=0.7"],
    "plot": ["plotext>=5.3"],
    "test-core": ["x-y[cli,tokens]", "pytest>=8.2"],
}


def test_each_requirement_at_its_lower_bound():
    """Those of the project and of the two extras that the tests name; not the third one, and not pytest."""
    project = {"name": "x-y", "dependencies": ["pydantic>=2.6"], "optional-dependencies": EXTRAS}
    assert lowest(project) == ["pydantic==2.6", "click==8.2", "rich==13.7", "tiktoken==0.7"]


@pytest.mark.parametrize("requirement", ["click", "click<9", "click!=8.1"])
def test_a_requirement_without_a_lower_bound_is_an_error(requirement):
    """Nobody could say what its lowest version is."""
    project = {"name": "x-y", "dependencies": [requirement], "optional-dependencies": EXTRAS}
    with pytest.raises(ValueError, match=f"'{requirement}' has no lower bound"):
        lowest(project)


def test_this_project_has_a_lower_bound_for_everything():
    """One constraint for each requirement of the project and of its extras cli and tokens."""
    project = read_toml(PROJECT)["project"]
    extras = project["optional-dependencies"]
    assert len(lowest(project)) >= len(project["dependencies"]) + len(extras["cli"]) + len(extras["tokens"])
