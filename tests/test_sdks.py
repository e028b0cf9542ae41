"""The test of an SDK's object is skipped without the SDK, and nothing else skips it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tools.prices.toml import read_toml

from .sdks import OTHERS, SDKS, Kind, module, optional

EXTRAS = read_toml(Path(__file__).parent.parent / "pyproject.toml")["project"]["optional-dependencies"]


@pytest.fixture
def incomplete(monkeypatch):
    """An environment of which nobody says that it is complete."""
    monkeypatch.delenv("LLMCOST_TESTS", raising=False)


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A package that lacks one of its own modules, and one of somebody else's."""
    monkeypatch.syspath_prepend(tmp_path)
    for name, line in (("broken_own", "import broken_own.missing"), ("broken_other", "import no_such_package")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(line)
    yield
    for name in ("broken_own", "broken_other"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("incomplete")
def test_a_missing_package_skips():
    """The reason names the package."""
    for name in ("no_such_package", "no_such_package.module"):
        with pytest.raises(pytest.skip.Exception, match=rf"^{re.escape(name)} is not installed$"):
            optional(name)


def test_a_complete_environment_misses_nothing(monkeypatch):
    """There it is a failure."""
    monkeypatch.setenv("LLMCOST_TESTS", "complete")
    with pytest.raises(pytest.fail.Exception, match="no_such_package is not installed, and LLMCOST_TESTS=complete"):
        optional("no_such_package")


@pytest.mark.usefixtures("incomplete", "shell")
@pytest.mark.parametrize("name", ["broken_own", "broken_other"])
def test_a_broken_package_is_not_missing(name):
    """What it lacks is an error."""
    with pytest.raises(ModuleNotFoundError):
        optional(name)


@pytest.mark.usefixtures("incomplete")
def test_a_module_that_an_sdk_has_not_is_an_error(monkeypatch):
    """Only the SDK itself may be missing: a class that was moved is seen."""
    monkeypatch.setattr("tests.sdks.SDKS", ("json",))
    assert module("json.decoder").__name__ == "json.decoder"
    with pytest.raises(ModuleNotFoundError):
        module("json.nowhere")
    with pytest.raises(AttributeError):
        Kind("json.decoder.Nothing").load()


def test_the_extra_brings_every_sdk():
    """Each is a requirement of the extra ``test``, under its name with a dash, and nothing else is skipped."""
    required = {re.split(r"[^\w-]", row)[0] for row in EXTRAS["test"][1:]}
    assert required == {re.sub(r"[._]", "-", sdk) for sdk in (*SDKS, *OTHERS)}
