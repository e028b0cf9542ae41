"""The distribution is llm-costmap: the import name is another project's on the index, and nobody is sent there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import llmcost.cli
from llmcost.spend.log import PACKAGES
from tools.prices.toml import read_toml

ROOT = Path(__file__).parent.parent
PROJECT = read_toml(ROOT / "pyproject.toml")["project"]
OURS, THEIRS = "llm-costmap", "llmcost"

# The other project's name as a word of its own, and not as a file or folder of this one.
NAME = rf"(?<![\w./@-]){THEIRS}(?![\w/-]|\.\w)"
# What a command may have between its verb and a name, up to the end of the command.
REST = r"[^\n;&|`#]*?"
TOLD = re.compile(
    "|".join(
        (
            # pip install, pip3, python -m pip, uv pip install, uv add, uvx, pipx, poetry, pdm, conda ...
            rf"\b(?:pip\d?|uv|pipx|poetry|pdm|rye|pipenv|conda|mamba|micromamba|easy_install|uvx)\b{REST}"
            rf"\b(?:install|add|inject|run|download|wheel|upgrade)\b{REST}{NAME}",
            rf"\b(?:easy_install|uvx|--with|--from)\b[ =]+{NAME}",
            # Requirements: an extra, a version, an address.
            rf"(?<![\w./@-]){THEIRS}\s*(?:\[\w|[=~<>!]=\s*\d|[<>]\s*\d|@\s*(?:git|http|file))",
            # Prose.
            rf"\binstall(?:s|ing)? {NAME}",
            # Look-ups of a distribution that is not ours.
            rf"\b(?:version|requires|distribution|metadata)\({NAME}",
        )
    ),
    re.IGNORECASE,
)


def told(text: str) -> list[str]:
    """Return the places of a text that tell somebody to install the other project."""
    text = re.sub(r"\\\n\s*", " ", text)  # a command over several lines
    text = re.sub(r"[\"'],\s*[\"']", " ", text)  # a command as a list of words
    return [found[0] for found in TOLD.finditer(re.sub(r"[\"'*]", "", text))]


def texts():
    """Yield every text file of the project, with its content."""
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name in {".ci", ".github"} or not name.startswith((".", "__"))]
        for name in names:
            path = Path(folder, name)
            try:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


@pytest.mark.parametrize(
    "line",
    [
        "pip install {}",
        "`pip install {}`",
        "pip3 install --upgrade -q {}",
        "python -m pip install '{}'",
        'python -m pip install "{}[cli]"',
        "pip install rich {}==0.1",
        "pip install \\\n    {}",
        "uv add {}",
        "uv pip install {}",
        "uv tool install '{}[cli,tokens]'",
        "uvx {} price examples",
        "uv run --with {} python",
        "pipx install {}",
        "pipx run {}",
        "poetry add {}@latest",
        "conda install -c conda-forge {}",
        "[sys.executable, '-m', 'pip', 'install', '{}']",
        "Install {} with your usual tool.",
        "the extra ``{}[tokens]`` brings it",
        'dependencies = ["{}>=0.1"]',
        "{} ~= 0.2",
        "{} @ git+https://example.org/x.git",
        'version("{}")',
        "importlib.metadata.distribution('{}')",
    ],
)
def test_what_would_send_somebody_there(line):
    """Each of these is found, and none of them with our name in its place."""
    assert told(line.format(THEIRS))
    assert not told(line.format(OURS))


@pytest.mark.parametrize(
    "line",
    [
        "pip install -e '.[cli]' && .venv/bin/{} price examples",
        "`pip install .`; what it brings is imported as `{}`",
        "pip install ./{}",
        "pip install '/src/{}[cli]'",
        "pip uninstall {}",
        "{} is not installed",
        "the installation of {}",
        "{}.calculate(response)",
        "{} == other",
        "{}/errors.py:3",
        "{}, version 1.0",
    ],
)
def test_what_is_harmless(line):
    """The name of the import, of the command and of a folder may stand anywhere."""
    assert not told(line.format(THEIRS))


def test_nobody_is_sent_there():
    """No text of the project tells anybody to install the other project."""
    read = dict(texts())
    assert {"README.md", "pyproject.toml", "docs/updates.md", "llmcost/cli/__init__.py"} <= {
        path.as_posix() for path in read
    }
    assert {str(path): found for path, text in read.items() if (found := told(text))} == {}


def test_the_project_has_its_own_name():
    """The name, the command, and the extras, which name the project itself."""
    assert PROJECT["name"] == OURS
    assert PROJECT["scripts"] == {THEIRS: f"{llmcost.cli.__name__}:main"}
    own = [row for rows in PROJECT["optional-dependencies"].values() for row in rows if "[" in row]
    assert own
    assert all(row.startswith(f"{OURS}[") for row in own)


@pytest.mark.parametrize(
    ("extra", "packages"),
    [
        ("cli", llmcost.cli._EXTRA),
        ("tokens", ("tiktoken",)),
        ("spend", PACKAGES["spend"]),
        ("postgres", PACKAGES["postgres"]),
    ],
)
def test_what_is_said_of_an_extra_is_what_it_brings(extra, packages):
    """The packages that an error names are those of the extra."""
    assert {re.split(r"[^\w-]", row)[0] for row in PROJECT["optional-dependencies"][extra]} == set(packages)
