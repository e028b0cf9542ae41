"""The sdist and the wheel hold what they must, and work without the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import llmcost
from tests.sdks import optional
from tools.prices.facts import written
from tools.prices.release import release
from tools.prices.write import one_per_line

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


WHICH = """
import json, llmcost
llmcost.completion_cost({"object": "chat.completion", "model": "gpt-4o", "usage": {
    "prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}})
info = llmcost.map_info(verify=True)
cost = llmcost.calculate(model="gpt-4o", usage=llmcost.Usage(input=1_000_000))
import sys
assert "llm_costmap_data" not in sys.modules
print(json.dumps([f"{float(cost):g}", info.set, info.why, info.version]))
"""


@pytest.fixture(scope="module")
def data_wheel(tmp_path_factory):
    """Return a function that builds a data wheel of a day, with gpt-4o's input at a price in USD per million tokens."""
    optional("hatchling")

    def make(day, price):
        place = tmp_path_factory.mktemp("wheel")
        source = place / "data"
        shutil.copytree(ROOT / "data", source)
        path = source / "model_prices.json"
        models = json.loads(path.read_bytes())
        models["gpt-4o"]["input_cost_per_token"] = price * 1e-06
        path.write_bytes(one_per_line(models))
        info = json.loads((source / "map_info.json").read_bytes())
        info |= {"as_of": day, "version": ".".join(str(int(part)) for part in day.split("-"))}
        info["sizes"][path.name] = path.stat().st_size
        info["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        (source / "map_info.json").write_bytes(written(info))
        return release(source, place)[0]

    return make


def which(python, place, **environment):
    """The price of a million tokens, the set in use, why, and its version."""
    home = {"XDG_DATA_HOME": str(place / "share"), "LLMCOST_TODAY": "2030-01-01"}
    done = run(python, "-W", "ignore", "-c", WHICH, cwd=place, **home, **environment)
    return json.loads(done.stdout)


def test_the_data_wheel_beside_the_engine(clean, data_wheel):
    """Installed it is used, each word pins a set, a user's update may be newer or older, and removed it is gone."""
    python, place = clean
    bundled = which(python, place)
    assert bundled[:2] == ["2.5", "package"]
    newer = data_wheel("2029-12-05", 4)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", newer, cwd=place)
    assert which(python, place)[:2] == ["4", "data"]
    assert which(python, place)[3] == "2029.12.5"
    assert which(python, place, LLMCOST_PRICES="package")[:2] == ["2.5", "package"]
    assert which(python, place, LLMCOST_PRICES="data")[:3] == ["4", "data", "LLMCOST_PRICES=data pins it"]
    update = "import llmcost, sys; print(llmcost.CostMap.update(sys.argv[1]).installed)"
    home = {"XDG_DATA_HOME": str(place / "share"), "LLMCOST_TODAY": "2030-01-01"}
    later = data_wheel("2029-12-20", 3)
    assert run(python, "-c", update, later, cwd=place, **home).stdout == "True\n"
    assert which(python, place)[:2] == ["3", "update"]
    assert which(python, place, LLMCOST_PRICES="data")[:2] == ["4", "data"]
    newest = data_wheel("2029-12-31", 5)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", newest, cwd=place)
    assert which(python, place)[:2] == ["5", "data"]
    assert which(python, place, LLMCOST_PRICES="update")[:2] == ["3", "update"]
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "llm-costmap-data", cwd=place)
    assert which(python, place)[:2] == ["3", "update"]
    shutil.rmtree(place / "share")
    assert which(python, place) == bundled


def test_the_data_wheel_inside_a_zip(clean, data_wheel):
    """A zip on the path that holds it, as an application in one file has it."""
    python, place = clean
    zipped = place / "data.zip"
    zipped.write_bytes(data_wheel("2029-12-05", 4).read_bytes())
    assert which(python, place)[:2] == ["2.5", "package"]
    code = f"import sys; sys.path.insert(0, {str(zipped)!r})\n{WHICH}"
    done = run(
        python, "-W", "ignore", "-c", code, cwd=place, XDG_DATA_HOME=str(place / "share"), LLMCOST_TODAY="2030-01-01"
    )
    assert json.loads(done.stdout)[:2] == ["4", "data"]


def test_a_read_only_environment(clean, data_wheel):
    """Neither a look-up nor the status writes; an update says that it cannot, and the prices stay."""
    python, place = clean
    home = place / "locked"
    home.write_text("a file: no folder can be made in it", encoding="utf-8")
    locked = {"XDG_DATA_HOME": str(home), "LLMCOST_TODAY": "2030-01-01", "PYTHONDONTWRITEBYTECODE": "1"}
    wheel = data_wheel("2029-12-05", 4)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=place)
    try:
        done = run(python, "-W", "ignore", "-c", WHICH, cwd=place, **locked)
        assert json.loads(done.stdout)[:2] == ["4", "data"]
        code = (
            "import llmcost, sys\ntry: llmcost.CostMap.update(sys.argv[1])\nexcept llmcost.UpdateError as e: print(e)"
        )
        said = run(python, "-c", code, data_wheel("2029-12-06", 3), cwd=place, **locked).stdout
        assert "cannot be written to" in said
        assert "the last prices stay in use" in said
        assert json.loads(run(python, "-W", "ignore", "-c", WHICH, cwd=place, **locked).stdout)[0] == "4"
    finally:
        run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "llm-costmap-data", cwd=place)
