"""The sdist and the wheel hold what they must, and work without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import llmcost

ROOT = Path(__file__).parent.parent
DATA = sorted(path.name for path in (ROOT / "data").iterdir() if path.is_file())
PRICE = """
import llmcost, sys
cost = llmcost.calculate({"object": "chat.completion", "model": "gpt-4o-2024-08-06", "usage": {
    "prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
    "prompt_tokens_details": {"cached_tokens": 1920}}})
assert str(cost) == "0.005615", cost
print(llmcost.__file__)
"""

pytestmark = pytest.mark.package


def run(*command, cwd, **environment):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **environment},
        check=True,
        text=True,
        capture_output=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build sdist -> wheel, as an index user's installer would."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def clean(built, tmp_path_factory):
    """A clean environment with the wheel in it, and without the checkout on the path."""
    place = tmp_path_factory.mktemp("clean")
    venv.create(place / "venv", with_pip=True)
    python = place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", next(built.glob("*.whl")), cwd=place)
    return python, place


def test_wheel_holds_the_data_and_the_types(built):
    """Data, the schema of a cost, the notice, the licences and py.typed are in the wheel; the tools are not."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"llmcost/_data/{name}" for name in (*DATA, "cost.schema.json")} <= names
    assert "llmcost/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/data/NOTICE.md") for name in names)
    # The page hands on the chart, and its licence with it.
    assert any(name.endswith("licenses/llmcost/spend/assets/uPlot.LICENSE") for name in names)
    assets = {"uPlot.LICENSE", "uPlot.iife.min.js", "uPlot.min.css", "page.html", "page.css", "page.js"}
    assert {f"llmcost/spend/assets/{name}" for name in assets} <= names
    assert not [name for name in names if name.startswith(("tools/", "tests/", "benchmarks/"))]


def test_the_distribution_has_its_own_name(built, clean):
    """Files and metadata are named llm-costmap, with the version of the package, and import as llmcost alone."""
    wheel, sdist = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
    assert wheel.name == f"llm_costmap-{llmcost.__version__}-py3-none-any.whl"
    assert sdist.name == f"llm_costmap-{llmcost.__version__}.tar.gz"
    with zipfile.ZipFile(wheel) as opened:
        folders = {name.partition("/")[0] for name in opened.namelist()}
    assert folders == {"llmcost", f"llm_costmap-{llmcost.__version__}.dist-info"}
    python, place = clean
    ask = "from importlib.metadata import version; import llmcost; print(version('llm-costmap'), llmcost.__version__)"
    assert run(python, "-c", ask, cwd=place).stdout.split() == [llmcost.__version__] * 2


def test_sdist_holds_what_builds_and_tests_it(built):
    """The sdist holds data, tests with the tools that they test, and examples."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"data/model_prices.json", "data/NOTICE.md", "pyproject.toml", "README.md", "LICENSE"} <= names
    assert {"tests/golden/cases.jsonl", "tools/prices/toml.py", "examples/chat.json"} <= names


def test_installed_wheel_prices_a_call(clean):
    """The bundled map is found beside the installed package."""
    python, place = clean
    assert str(place) in run(python, "-c", PRICE, cwd=place).stdout


def test_zip_import_prices_a_call(built, clean):
    """Imported from a zip, the map is read through importlib.resources."""
    python, place = clean
    wheel = next(built.glob("*.whl"))
    zipped = place / "llmcost.zip"
    zipped.write_bytes(wheel.read_bytes())
    found = run(python, "-c", f"import sys; sys.path.insert(0, {str(zipped)!r})\n{PRICE}", cwd=place).stdout
    assert str(zipped) in found


def test_script_without_its_extra_says_so(clean):
    """The command line without click prints one line that names the extra."""
    python, place = clean
    script = python.parent / "llmcost"
    done = subprocess.run([str(script), "--help"], cwd=place, text=True, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert "pip install click rich (the extra cli of llm-costmap)" in done.stderr
    assert "Traceback" not in done.stderr
