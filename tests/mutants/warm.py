"""A warm process: it has loaded pytest and the packages that tests use, but not llmcost, and forks for each run.

    python -m tests.mutants.warm        reads a request a line, as JSON, and answers each with a line

The child imports llmcost and the tests anew, from the tree that it stands in, so that a changed file counts. It costs a
fraction of what a new interpreter does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pickle
import resource
import select
import signal
import sys
import threading
import time
import traceback
import warnings
from importlib import import_module
from pathlib import Path

import pytest

# What the tests of the rooms import; whichever is not installed is left out. A child has none of the threads that a
# package has started by then: polars, which needs its own, is not among them.
PRELOADED = (
    "hypothesis.strategies",
    "jsonschema",
    "yaml",
    "pydantic",
    "importlib_resources",
    "click",
    "rich.table",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql",
    "alembic.command",
    "psycopg",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "duckdb",
    "narwhals",
    "sqlglot",
    "httpx",
    "brotli",
    "zstandard",
    "orjson",
    "boto3",
    "botocore.stub",
    "botocore.eventstream",
    "openai.types.responses",
    "openai.types.chat",
    "anthropic.types.beta",
    "google.genai.types",
    "mistralai",
    "cohere",
    "groq",
    "together",
    "langchain_core.messages",
    "multiprocessing",
    "asyncio",
    "sqlite3",
    "coverage",
)
# Bytes that a child may have beyond what the warm process has: a mutant may fill memory without end.
MOST_BYTES = 3 << 30
# Only the plugins that the tests need; what is loaded already is none of them.
PLUGINS = ("xdist", "pytest_timeout", "_hypothesis_pytestplugin")
OPTIONS = ("-x", "-q", "--tb=no", "--no-header", "--timeout=0", "-n", "0", "-p", "no:cacheprovider")


class Chosen:
    """Keeps the chosen tests of what was collected, in the order asked for, and remembers what failed first."""

    def __init__(self, only: list[str] | None) -> None:
        self.only, self.failed = only, ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        if self.only is None:
            return
        by_name = {item.nodeid: item for item in items}
        items[:] = [by_name[name] for name in self.only if name in by_name]

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report):
        if report.failed and not self.failed:
            self.failed = f"the import of {report.nodeid}"


class Recording:
    """Notes which lines of the package each test runs, and how long it takes."""

    def __init__(self, package: Path, file: str) -> None:
        import coverage

        self.file, self.tests = file, []
        self.coverage = coverage.Coverage(source=[str(package)], data_file=f"{file}.coverage", config_file=False)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.coverage.switch_context(item.nodeid)
        began, cpu, failed = time.monotonic(), time.process_time(), item.session.testsfailed
        done = yield
        passed = item.session.testsfailed == failed
        self.tests.append((item.nodeid, time.process_time() - cpu, time.monotonic() - began, passed))
        self.coverage.switch_context("")
        return done

    def keep(self) -> None:
        """Write what was noted: ``(tests, {file: {line: names of tests}})``."""
        self.coverage.stop()
        data = self.coverage.get_data()
        here = Path.cwd()
        lines = {
            Path(file).relative_to(here).as_posix(): data.contexts_by_lineno(file) for file in data.measured_files()
        }
        Path(self.file).write_bytes(pickle.dumps((self.tests, lines)))


def child(request: dict, answer: int) -> None:
    """Run the tests of a request, and write how that ended."""
    os.setpgid(0, 0)
    with Path(request["said"]).open("wb") as said, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    # The streams of the warm process hold what was not flushed, and its own descriptors.
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    if request.get("cpu"):
        resource.setrlimit(resource.RLIMIT_CPU, (int(request["cpu"]), int(request["cpu"]) + 5))
        held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (held + MOST_BYTES, held + MOST_BYTES))
    chosen, plugins = Chosen(request.get("only")), []
    recording = Recording(Path("llmcost").resolve(), request["record"]) if request.get("record") else None
    options = [option for option in OPTIONS if recording is None or option != "-x"]
    if recording is not None:
        recording.coverage.start()
        plugins.append(recording)
    named = [part for plugin in PLUGINS for part in ("-p", plugin)]
    code = pytest.main(
        [*options, *named, f"--basetemp={request['temporary']}", *request["files"]], plugins=[chosen, *plugins]
    )
    if recording is not None:
        recording.keep()
    os.write(answer, json.dumps([int(code), chosen.failed]).encode())


def run(request: dict) -> dict:
    """Fork a child for a request; return its exit code, the first failing test and the seconds of CPU it took."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            child(request, write)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    os.close(write)
    ended = os.pidfd_open(pid)
    in_time = select.select([ended], [], [], request.get("wall"))[0]
    # What the child started goes with it.
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    os.close(ended)
    with os.fdopen(read, "rb") as told:
        text = told.read()
    code, failed = json.loads(text) if in_time and text else (None, "no end")
    return {"code": code, "failed": failed, "cpu": used.ru_utime + used.ru_stime}


def main() -> None:
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in PRELOADED:
        try:
            import_module(name)
        except ModuleNotFoundError:
            continue
    assert "llmcost" not in sys.modules
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
