"""What hostile input may take: work in proportion to its size, and no file that never ends.

Work is the number of calls of functions, which no slow machine makes more of.
"""

from __future__ import annotations

import gc
import gzip
import os
import subprocess
import sys
import threading
import warnings
from importlib.util import find_spec
from pathlib import Path

import pytest

import llmcost
from llmcost import CostMap, LLMCostError, Usage
from tests.fuzz.test_responses import work
from tests.sdks import optional

ROOT = Path(llmcost.__file__).parents[1]
CHAT = {
    "object": "chat.completion",
    "model": "m",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010},
}


def deployment(params="", info=""):
    """A configuration of one deployment."""
    inner = f"    model_info:\n{info}" if info else ""
    return f"model_list:\n- model_name: a\n  litellm_params:\n    model: m\n{params}{inner}"


CONFIGS = {
    "deployments": lambda n: (
        "model_list:\n"
        + "".join(
            f"- model_name: a{i}\n  litellm_params: {{model: m, input_cost_per_token: {i + 1}e-9}}\n" for i in range(n)
        )
    ),
    "unknown models": lambda n: (
        "model_list:\n"
        + "".join(
            f"- model_name: a{i}\n  litellm_params: {{model: nobody/x{i}}}\n  model_info: {{base_model: no{i}}}\n"
            for i in range(n)
        )
    ),
    "mistyped price keys": lambda n: deployment("".join(f"    input_cost_per_tokn_{i}: 1e-6\n" for i in range(n))),
    "keys that only read like prices": lambda n: deployment(
        "".join(f"    input_cost_per_team_{i}: see the contract\n" for i in range(n))
    ),
    "tiers": lambda n: deployment(
        "    tiered_pricing:\n"
        + "".join(f"    - {{range: [{i}, {i + 1}], input_cost_per_token: 1e-6}}\n" for i in range(n))
    ),
    "prices that follow each other": lambda n: deployment(
        info="      llmcost:\n        prices:\n"
        + "".join(f"        - {{from: {1000 + i}-01-01, until: {1001 + i}-01-01, free: true}}\n" for i in range(n))
    ),
    "prices that all overlap": lambda n: deployment(
        info="      llmcost:\n        prices:\n"
        + "".join(f"        - {{from: {1000 + i}-01-01, input_cost_per_token: 1e-6}}\n" for i in range(n))
    ),
    "terms": lambda n: (
        "llmcost:\n  terms:\n"
        + "".join(f"  - {{name: t{i}, kind: discount, value: 0.1, meters: [input]}}\n" for i in range(n))
    ),
    "fees": lambda n: "llmcost:\n  fees:\n" + "".join(f"    fee{i}: 0.01\n" for i in range(n)),
    "aliases": lambda n: "router_settings:\n  model_group_alias:\n" + "".join(f"    al{i}: m\n" for i in range(n)),
}


@pytest.mark.parametrize("what", CONFIGS)
def test_a_configuration_takes_work_in_proportion(what):
    """Twice as many of a thing take at most two and a half times the work, so that 5 MB of it take a few seconds."""
    optional("yaml")
    prices = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})

    def measured(many):
        text = CONFIGS[what](many)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work(lambda: prices.with_config(text))

    measured(10)
    once, twice = measured(400), measured(800)
    assert twice < 2.5 * once, (once, twice)
    assert once < 400 * 1000


def test_the_collector_of_cycles_waits_for_a_configuration(monkeypatch):
    """It would look through the values of a large one again and again."""
    optional("yaml")
    from llmcost.config import build

    waits, built = [], build.Builder.build
    monkeypatch.setattr(build.Builder, "build", lambda one: (waits.append(not gc.isenabled()), built(one))[1])
    CostMap({"m": {"input_cost_per_token": 1e-6}}).with_config(CONFIGS["deployments"](2))
    assert waits == [True]
    assert gc.isenabled()


def test_the_first_mistakes_have_hints():
    """Looking for the key that was meant is slow: the first 25 mistakes name it, and all are reported."""
    optional("yaml")
    with pytest.raises(llmcost.ConfigError) as raised:
        CostMap({"m": {"input_cost_per_token": 1e-6}}).with_config(CONFIGS["mistyped price keys"](40))
    assert len(raised.value.problems) == 40
    assert "Did you mean 'input_cost_per_token" in raised.value.problems[0]


def test_a_configuration_of_short_entries_ends_soon(monkeypatch):
    """Of deployments, of values and of mistakes there are only so many: what is beyond them is said, and not read."""
    optional("yaml")
    from llmcost.config import build, document

    monkeypatch.setattr(build, "_MOST_DEPLOYMENTS", 2000)
    monkeypatch.setattr(document, "MOST_NODES", 10_000)
    prices = CostMap({"m": {"input_cost_per_token": 1e-6}})

    def problems(text):
        with pytest.raises(llmcost.ConfigError) as raised:
            prices.with_config(text)
        return raised.value.problems

    many = problems("model_list:\n" + "- {}\n" * 1500)
    assert many[999] == "<text>:1001: model_list[999].model_name: is missing"
    assert many[1000:] == ("1,000 problems are listed; what follows them was not looked at",)
    assert problems("model_list:\n" + "- {}\n" * 2001) == (
        "<text>:1: model_list: no more than 2,000 deployments are read",
    )
    (full,) = problems("model_list:\n" + "- {}\n" * 10_001)
    assert full.endswith("it holds more than 10,000 values")
    doubtful = "model_list:\n" + "- {model_name: a, litellm_parms: 1}\n" * 1200
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        prices.with_config(doubtful.replace("a,", "m,"))
    assert len(found) == 1001
    assert str(found[-1].message) == "<text>:1002: 1,000 likely mistakes are listed, and no further ones"


@pytest.mark.parametrize(
    "key", ["_" * 2000 + "guardrail_cost_per_unt", "input_cost_per_token" + "_x" * 2000, "cost_" * 2000]
)
def test_a_price_key_of_many_words(key):
    """Each run of words that may be a known key is looked at once: not the square of their number, nor its cube."""
    assert work(lambda: CostMap({"m": {key: 1, "input_cost_per_token": 1e-6}}).calculate(CHAT)) < 400_000


def test_a_name_that_nobody_knows():
    """A first question and its message take a bounded number of steps: no map is searched through."""
    prices = CostMap.bundled()
    with pytest.raises(llmcost.UnknownModelError):
        prices.calculate(CHAT, model="warm-up")
    for name in ("nobody-1", "openai/nobody-2", "us.anthropic.nobody-v1:0", "x" * 20_000):
        assert work(lambda name=name: prices.calculate(CHAT, model=name)) < 1500, name


def test_a_size_that_nobody_knows():
    """Each of many sizes of an image is looked for among those of its model, and not among all names."""
    prices = CostMap.bundled()
    usage = Usage(output_images=1)
    prices.calculate(usage=usage, model="dall-e-3", size="1x1")
    for number in range(2, 5):
        size = f"{number}x{number}"
        assert work(lambda size=size: prices.calculate(usage=usage, model="dall-e-3", size=size)) < 2000


def test_prices_of_one_call_leave_few_cards():
    """Of 1,000 prices that calls had for themselves 256 cards stay, for the garbage collector to walk."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6}})
    for number in range(1000):
        cost = prices.calculate(usage=Usage(input=1000), model="m", input_cost_per_token=f"{number + 1}e-9")
        assert cost.total * 10**6 == number + 1
    assert len(prices._state.priced) <= 256
    assert len(prices._state.priced_plans) <= 256


@pytest.mark.parametrize("own", [True, False], ids=["prices", "names"])
def test_a_card_that_is_let_go_leaves_nothing_to_the_garbage_collector(own, monkeypatch):
    """Of 600 cards 256 are kept, and the others go by themselves: a collector that found them would stop a call."""
    from llmcost.prices import price_map

    monkeypatch.setattr(price_map, "_MOST_CARDS", 256)
    monkeypatch.setattr(llmcost.api.costmap, "_MOST_PLANS", 256)
    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
    prices = CostMap({f"m{number}": row for number in range(600)})
    answers = [{**CHAT, "model": f"m{0 if own else number}"} for number in range(600)]
    gc.collect()
    gc.disable()
    try:
        for number, answer in enumerate(answers):
            given = {"input_cost_per_token": f"{number + 1}e-9"} if own else {}
            assert prices.calculate(answer, **given).complete
        assert gc.collect() < 100
    finally:
        gc.enable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("door", ["config", "include", "update", "LLMCOST_PRICES", "CostMap"])
def test_a_file_that_never_ends(door, tmp_path, monkeypatch, no_updates):
    """A pipe that nobody writes and a device without an end are refused at once, by every door to a file."""
    optional("yaml")
    pipe, config = tmp_path / "pipe.json", tmp_path / "config.yaml"
    os.mkfifo(pipe)
    config.write_text("include: [pipe.json]\nmodel_list: []\n")
    for path in (str(pipe), "/dev/zero"):
        monkeypatch.setenv("LLMCOST_PRICES", path)
        doors = {
            "config": lambda path=path: CostMap({}).with_config(Path(path)),
            "include": lambda: CostMap({}).with_config(config),
            "update": lambda path=path: CostMap.update(path),
            "LLMCOST_PRICES": lambda: list(CostMap.bundled()),
            "CostMap": lambda path=path: CostMap(path),
        }
        with pytest.raises(LLMCostError, match=r"no regular file|cannot be read"):
            doors[door]()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_log_and_a_bill_that_never_begin_or_end(tmp_path):
    """A pipe that nobody writes and a device without an end are refused at once; a pipe with bytes is read."""
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    doors = {
        "read_log": lambda path: list(llmcost.read_log(path)),
        "read_bill": llmcost.read_bill,
        "reconcile": lambda path: llmcost.reconcile([], path),
        "focus_rows": lambda path: list(llmcost.focus_rows(path, "account")),
    }
    for door in doors.values():
        for path in (pipe, str(pipe), "/dev/zero", Path("a\0b"), os.fsencode(tmp_path / "none")):
            with pytest.raises(LLMCostError):
                door(path)
    # The reader is there before the writer, so that opening waits for neither.
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with open(pipe, "wb") as writer:  # noqa: PTH123 - as the other end
        writer.write(b'{"response": {"model": "gpt-4o", "usage": {"prompt_tokens": 3, "completion_tokens": 1}}}\n')
        writer.flush()
        # Its end is the writer's.
        threading.Timer(0, writer.close).start()
        (record,) = llmcost.read_log(pipe)
    os.close(reader)
    assert record.calculate().usage.quantities == {"input": 3, "output": 1}


def names_in(folder):
    """The names in a folder, without the files that SQLite has beside an open database."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(("-shm", "-wal")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_place_at_which_no_log_and_no_file_can_stand(tmp_path):
    """A folder, a circle of links, a name that no system takes, a pipe: an error of ours, and nothing is left."""
    optional("sqlalchemy")
    (tmp_path / "folder.spool").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    os.mkfifo(tmp_path / "pipe")
    cost = CostMap({"m": {"input_cost_per_token": 1e-6}}).calculate(usage=Usage(input=1), model="m")

    class Bytes:
        def __fspath__(self):
            return os.fsencode(tmp_path / "bytes")

    def kept(**where):
        with llmcost.SpendLog(**where, drain=False) as log:
            log.record(cost)
            log.drain(5)
            return log.total().calls

    for odd in (tmp_path, tmp_path / "circle", "a\0b", "\ud800", Path("a\0")):
        with pytest.raises(LLMCostError):
            kept(database=odd, spool=tmp_path / "apart")
    for odd in ("a\0b", "\ud800"):
        with pytest.raises(llmcost.SpendLogError, match=r"no file can have this name"):
            kept(database=tmp_path / "log.db", spool=odd)
    # What is no segment of the spool is let be, and a path may be given in bytes.
    assert kept(database=Bytes(), spool=tmp_path) == 1
    with llmcost.SpendLog(Bytes(), spool=tmp_path, drain=False) as log:
        before = names_in(tmp_path)
        for odd, form in ((tmp_path / "circle", "csv"), (Path("a\0"), "csv"), (tmp_path, "jsonl")):
            with pytest.raises(LLMCostError):
                log.export(odd, form)
        if find_spec("pyarrow"):
            with pytest.raises(llmcost.ArgumentError, match="is written to a file"):
                log.export(tmp_path / "pipe", "parquet")
        assert names_in(tmp_path) == before


def test_a_bill_that_unpacks_to_more_than_any_bill_is_refused(tmp_path, monkeypatch):
    """Before it fills the memory: a packed file may be a thousand times as large as it looks."""
    from llmcost.bills import tables

    monkeypatch.setattr(tables, "_LARGEST", 10_000)
    packed = tmp_path / "bill.csv.gz"
    packed.write_bytes(gzip.compress(b"a" * 10_001))
    with pytest.raises(llmcost.BillError, match=r"more than 10,000 bytes"):
        llmcost.read_bill(packed)


def steps(call):
    """Return how many instructions of Python a call takes: a loop without a call in it counts too."""
    taken = 0

    def count(frame, event, _argument):
        nonlocal taken
        frame.f_trace_opcodes = True
        taken += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return taken


@pytest.mark.parametrize("tier", [{}, {"input_cost_per_token_priority": 2e-6}], ids=["alone", "with a tier"])
def test_a_card_of_many_ranges_takes_its_size(tier):
    """Four times as many ranges take no more than five times as long to compile."""

    def price(ranges):
        rows = [{"range": [n, n + 1], "input_cost_per_token": (n + 1) * 1e-9} for n in range(ranges)]
        CostMap({"m": {"tiered_pricing": rows, **tier}}).calculate(usage=Usage(input=5), model="m")

    price(10)
    assert steps(lambda: price(200)) < 5 * steps(lambda: price(50))


IN_ANOTHER = """
import sys
import threading
# Loaded here first: several interpreters that load it at once end the process of CPython 3.13.0.
import datetime
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

def run(code):
    other = interpreters.create()
    found = interpreters.run_string(other, BEFORE + code)
    interpreters.destroy(other)
    assert found is None, found

BEFORE = '''
import sys
import llmcost
prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
usage = {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}
answer = {"object": "chat.completion", "model": "m", "choices": [], "usage": usage}
'''
"""
# What is done in the other interpreter, or in several, each with what it prints.
SITUATIONS = {
    "prices": ("run('print(prices.calculate(answer).total)')", "0.001"),
    "a configuration": (
        """run('''
try:
    prices.with_config({"model_list": []})
except llmcost.MissingDependencyError as error:
    print("subinterpreter" in str(error))
else:
    print(True)
''')""",
        "True",
    ),
    "a registration": (
        """
run("llmcost.register_model({'mine': {'input_cost_per_token': 1}}); print('mine' in llmcost.model_cost)")
run("print('mine' in llmcost.model_cost)")
import llmcost
print("mine" in llmcost.model_cost)
""",
        "True False False",
    ),
    "a stream": (
        """run('''
meter = llmcost.StreamMeter(cost_map=prices)
meter.feed({**answer, "object": "chat.completion.chunk"})
print(meter.finish().total)
''')""",
        "0.001",
    ),
    "handlers beside the calls": (
        """run('''
got = []
keep = lambda kwargs, *_: got.append(kwargs["response_cost"])
told = llmcost.Tracker(success=[keep], handlers="thread", cost_map=prices)
assert told.track(lambda: answer)() is answer
assert told.flush()
print(got, told.stats()["errors"])
''')""",
        "[0.001] {}",
    ),
    "a budget": (
        """run('''
budget = llmcost.Budget("0.01")
ask = llmcost.Tracker(budget=budget, cost_map=prices).track(lambda **_: answer)
ask(model="m", messages=[], max_tokens=1)
print(budget.spent)
''')""",
        "0.001",
    ),
    "a spend log": (
        """
run(f'''
log = llmcost.SpendLog({sys.argv[1]!r} + "/a.db")
log.record(prices.calculate(answer), id="1")
try:
    log.drain(60)
except llmcost.MissingDependencyError as error:
    assert "call drain() in the main one" in str(error)
log.close()
''')
import llmcost
with llmcost.SpendLog(sys.argv[1] + "/a.db", drain=False) as log:
    log.drain(60)
    print(log.total().cost)
""",
        "0.001",
    ),
    "a log": (
        """run('''
import json
(record,) = llmcost.read_log([json.dumps(answer)], cost_map=prices)
print(record.calculate().total)
''')""",
        "0.001",
    ),
    "eight at once": (
        """
code = '''
llmcost.register_model({"m": {"input_cost_per_token": NUMBER}})
for tokens in range(1, 1000):
    assert llmcost.calculate(usage=llmcost.Usage(input=tokens), model="m").total == NUMBER * tokens
print(end="x")
'''
several = [threading.Thread(target=run, args=(code.replace("NUMBER", str(number)),)) for number in range(1, 9)]
for one in several:
    one.start()
for one in several:
    one.join()
""",
        "xxxxxxxx",
    ),
}


@pytest.mark.skipif(sys.implementation.name != "cpython" or sys.platform == "win32", reason="CPython's own module")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_another_interpreter_of_the_process(situation, tmp_path):
    """It prices, 1000 x 1e-6, and tracks; what does not load there, or starts no thread, is refused or done without."""
    if situation == "a spend log":
        optional("sqlalchemy")
    if sys.version_info[:2] == (3, 12) and situation not in {"prices", "a configuration", "a stream", "a log"}:
        pytest.skip("its _decimal and _datetime are not made for several interpreters, and end the process")
    code, printed = SITUATIONS[situation]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_ANOTHER + code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert (done.stdout.split(), done.returncode) == (printed.split(), 0), done.stderr
