"""The rooms, the import rule and the circles, held as data; and what ``import llmcost`` may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import llmcost
from tools.ci.never_loaded import NEVER_LOADED
from tools.docs.imports import circles, graph, imported
from tools.docs.imports import room as room_of

ROOT = Path(llmcost.__file__).parent

# room -> rooms it may import. Arrows point inward only; siblings do not see each other.
ROOMS = {
    "errors": set(),
    "replacing": set(),
    "collecting": set(),
    "core": {"errors"},
    "prices": {"errors", "core"},
    "updates": {"errors", "replacing", "core", "prices"},
    "readers": {"errors", "core"},
    "config": {"errors", "collecting", "core", "prices"},
    "api": {"errors", "core", "prices", "updates", "readers", "config"},
    "logs": {"errors", "core", "prices", "readers", "api"},
    "tracking": {"errors", "core", "prices", "readers", "api"},
    "frames": {"errors", "replacing", "collecting", "core", "readers", "api"},
    "spend": {"errors", "replacing", "core", "api", "tracking", "logs"},
    "sessions": {"errors", "core", "prices", "api", "logs", "spend"},
    "bills": {"errors", "core", "prices", "readers", "api", "logs", "spend"},
    "integrations": {"errors", "core", "api", "tracking"},
    "cli": {
        *{"errors", "core", "prices", "updates", "readers", "config", "api", "logs", "frames", "spend", "sessions"},
        *{"replacing", "bills", ""},
    },
    "__main__": {"cli"},
    # Import paths of LiteLLM's.
    "utils": {"api", ""},
    "cost_calculator": {"api", ""},
    # The package itself hands out the public names.
    "": {"errors", "core", "prices", "readers", "api", "logs", "tracking", "frames", "spend", "bills"},
}

# Third parties, and the only rooms that may import them, each in the file that uses it.
THIRD_PARTIES = {
    "pydantic": {"config"},
    "pydantic_core": {"config"},
    "yaml": {"config"},
    "importlib_resources": {"prices"},
    "tiktoken": {"api"},
    "click": {"cli", "config"},
    "rich": {"cli"},
    "plotext": {"cli"},
    "litellm": {"integrations"},
    "opentelemetry": {"integrations"},
    "langchain_core": {"integrations"},
    "prometheus_client": {"integrations"},
    "narwhals": {"frames"},
    "polars": {"frames", "cli"},
    "pandas": {"frames"},
    "pyarrow": {"frames", "spend", "bills", "cli"},
    "duckdb": {"frames", "cli"},
    "zstandard": {"logs"},
    "orjson": {"logs"},
    "pyspark": {"frames"},
    "sqlalchemy": {"spend"},
    "alembic": {"spend"},
}

# Modules that import each other, each to the other, as they stand. This list may only become shorter: a circle that
# has gone leaves it, and one that has become smaller is written smaller.
KNOWN_CIRCLES: tuple[set[str], ...] = ()

PRICE_A_CALL = """
import builtins, socket, sys
opened = []
real = builtins.open
builtins.open = lambda *args, **kwargs: (opened.append(str(args[0])), real(*args, **kwargs))[1]
class NoSocket(socket.socket):
    def __init__(self, *args, **kwargs): raise AssertionError("a socket was opened")
socket.socket = NoSocket
import llmcost
assert not opened, opened
cost = llmcost.completion_cost({"object": "chat.completion", "model": "gpt-4o",
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}})
assert cost == 7.5e-05, cost
# The pointer to an update, if there is one; the map and its date, where it is installed or in the checkout.
names = [name.replace("\\\\", "/").rpartition("/")[2] for name in opened]
assert set(names) == {"current.json", "model_prices.json", "map_info.json"}, opened
assert len(names) <= 5, opened
"""


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports(path: Path):
    """Yield ``(room or None, top-level package)`` of every import of a file."""
    for name in imported(path, ROOT):
        top = name.partition(".")[0]
        if top == "llmcost":
            inner = room_of(name)
            yield (inner if inner in ROOMS else ""), None
        else:
            yield None, top


FILES = sorted(ROOT.rglob("*.py"))


def test_imports_point_inward():
    """A file imports its own room, rooms further in, the standard library, and its own third parties."""
    for path in FILES:
        here = room(path)
        assert here in ROOMS, f"{here} is a new room: give it a row"
        for inner, outer in imports(path):
            if inner is not None:
                assert inner == here or inner in ROOMS[here], f"{path} may not import {inner or 'the package'}"
            elif outer not in sys.stdlib_module_names:
                assert here in THIRD_PARTIES.get(outer, set()), f"{path} may not import {outer}"


def test_no_circle_inside_a_room():
    """No modules import each other, be it in a function or for types alone; but those that are known."""
    found, known = circles(graph(ROOT)), {frozenset(circle) for circle in KNOWN_CIRCLES}
    assert not found - known, "a new circle, or a known one with other modules"
    assert not known - found, "a known circle has gone: take it off the list"


# A file that is longer holds two ideas: part it by idea.
MOST_LINES = 300


def test_a_file_holds_one_idea():
    """No file is longer than a reader keeps in mind, and none has a function that only raises NotImplementedError."""
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= MOST_LINES, path
        raised = [node.exc for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise) and node.exc]
        assert not [exc for exc in raised if ast.unparse(exc).startswith("NotImplementedError")], path


def test_every_warning_is_safe_to_show():
    """A warning is one of the classes of errors, whose base spells out what a terminal would obey."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base) for base in node.bases}
                assert not bases & {"UserWarning", "Warning"} or node.name == "LLMCostWarning", f"{path}:{node.lineno}"


def test_core_knows_no_provider():
    """No vendor's name stands in the engine."""
    names = ("openai", "anthropic", "gemini", "bedrock", "azure", "vertex", "xai", "deepseek", "openrouter")
    for path in (ROOT / "core").glob("*.py"):
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
        ]
        assert not [text for text in strings if text.lower() in names], path


def test_one_catch_all_at_most():
    """No handler of the package swallows every exception; one may name the field that raised it."""
    for path in FILES:
        if path.name == "_guard.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                name = ast.unparse(node.type) if node.type else "everything"
                if name == "Exception" and isinstance(node.body[-1], ast.Raise):
                    continue
                assert name not in {"everything", "Exception", "BaseException"}, f"{path}:{node.lineno}"


def test_the_first_price_opens_nothing_but_the_map():
    """Importing opens no file and no socket; the first price opens the map."""
    subprocess.run([sys.executable, "-c", PRICE_A_CALL], check=True, timeout=60)


def test_the_first_price_loads_no_heavy_module():
    """The modules that cost most at import are not loaded by then."""
    code = PRICE_A_CALL.replace("import builtins, socket, sys", "import sys; before = set(sys.modules)")
    code = code.partition("opened = []")[0] + "import llmcost" + code.partition("import llmcost")[2]
    code = "\n".join(line for line in code.splitlines() if "opened" not in line)
    code += f"\nloaded = (set(sys.modules) - before) & set({NEVER_LOADED!r})\nassert not loaded, loaded\n"
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT.parent)!r})\n{code}"],
        check=True,
        timeout=60,
    )
