"""The spool: a line that was appended is whole and stays, whatever happens to the process that appended it."""

from __future__ import annotations

import gc
import json
import os
import re
import stat
import subprocess
import sys
import threading

import pytest

import llmcost
from llmcost.spend import segments
from llmcost.spend.rows import Lines
from llmcost.spend.spool import Spool
from llmcost.spend.spooled import definition, with_cost
from tests.spend.calls import PRICES, cost

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor such limits")
TAIL = '0,null,"priced",null,null,null,null,null,null,[],null,null,null,null,null,"record"]'


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


def spool(folder, **how):
    return Spool(folder, **{"cap": 1 << 30, "fsync": "never", "full": "raise", "define": definition, **how})


def append(to, tokens=1):
    paid = cost(tokens)
    to.append(*with_cost(paid, paid.usage, TAIL), paid)


def until_full(to):
    """Append until it fails; return how many were appended, and the error."""
    for kept in range(10_000):
        try:
            append(to, 7)
        except llmcost.SpendLogError as error:
            return kept, str(error)
    raise AssertionError("it is never full")


def stored(folder):
    """The tokens of every row that can be read, segment by segment, of segments that nobody holds."""
    found = []
    for path in segments.paths(folder):
        segment = segments.taken(path)
        if segment is not None:
            found.append([row.input for row, _ in Lines(path.name, segment.lines())])
            segment.close()
    return found


def test_a_segment_is_the_writers_until_it_is_sealed(folder):
    """Nobody else takes it before; then its lines are there in their order."""
    one = spool(folder)
    append(one, 1)
    append(one, 2)
    assert stored(folder) == []
    one.seal()
    append(one, 3)
    assert stored(folder) == [[1, 2]]
    one.seal()
    assert stored(folder) == [[1, 2], [3]]


def test_a_form_is_written_once_a_segment(folder):
    """Each segment can be read by itself."""
    one = spool(folder)
    for _ in range(2):
        for tokens in range(1, 10):
            append(one, tokens)
        one.seal()
    for path in segments.paths(folder):
        kinds = [json.loads(line)[0] for line in path.read_bytes().splitlines()]
        assert kinds == ["d"] + ["c"] * 9


@unix
def test_only_the_owner_reads_it(folder):
    """Names of users stand in it."""
    append(spool(folder))
    (path,) = segments.paths(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_torn_last_line_is_no_line(folder):
    """What has no end was not acknowledged."""
    one = spool(folder)
    append(one, 1)
    append(one, 2)
    one.seal()
    (path,) = segments.paths(folder)
    whole = path.read_bytes()
    for size in range(whole.rindex(b"\n", 0, -1) + 1, len(whole)):
        path.write_bytes(whole[:size])
        assert stored(folder) == [[1]]


def test_many_threads(folder):
    """Eight threads append 500 lines each while segments are sealed: each line is there once and whole."""
    one, over = spool(folder), threading.Event()

    def sealing():
        while not over.is_set():
            one.seal()

    sealer = threading.Thread(target=sealing)
    writers = [
        threading.Thread(target=lambda n=n: [append(one, n * 500 + k + 1) for k in range(500)]) for n in range(8)
    ]
    sealer.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    over.set()
    sealer.join()
    one.seal()
    assert sorted(tokens for found in stored(folder) for tokens in found) == list(range(1, 4001))


def test_a_line_inside_a_line(folder, monkeypatch):
    """The garbage collector settles a call while another one is appended: both are kept."""
    one = spool(folder)
    append(one, 1)
    real = os.write

    def write(descriptor, data):
        monkeypatch.setattr(os, "write", real)
        append(one, 2)
        one.seal()
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    append(one, 3)
    one.seal()
    assert sorted(stored(folder)) == [[1, 3], [2]]


def test_the_cap(folder):
    """At the cap an append raises and leaves no part of a line; room is there again when a segment is stored."""
    one = spool(folder, cap=4000)
    kept, error = until_full(one)
    assert re.search(r"the spool is full, 4,000 bytes wait.*spool_cap=", error)
    assert kept > 5
    assert segments.size_of(folder) <= 4000
    one.seal()
    assert stored(folder) == [[7] * kept]
    segments.taken(segments.paths(folder)[0]).delete()
    append(one, 8)
    one.seal()
    assert stored(folder) == [[8]]


def test_blocking_at_the_cap(folder):
    """An append waits until somebody has stored what waits."""
    one = spool(folder, cap=2000, full="block")
    append(one, 1)
    waiting = threading.Event()

    def fill():
        for _ in range(20):
            append(one, 2)
        waiting.set()

    writer = threading.Thread(target=fill, daemon=True)
    writer.start()
    tokens = []
    while not waiting.is_set() or segments.paths(folder):
        one.seal()
        for path in segments.paths(folder):
            segment = segments.taken(path)
            if segment is not None:
                tokens += [row.input for row, _ in Lines(path.name, segment.lines())]
                segment.delete()
    assert tokens == [1] + [2] * 20


WRITER = """
import resource, signal, sys
from pathlib import Path
import llmcost
from tests.spend import test_spool as t
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3001, resource.RLIM_INFINITY))
one, kept = t.spool(Path(sys.argv[1])), 0
try:
    while True:
        t.append(one, 7)
        kept += 1
except llmcost.SpendLogError as error:
    print(kept, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
t.append(one, 8)
"""


def run(code, *given):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, given)], capture_output=True, text=True, timeout=120, check=False
    )


@unix
def test_a_disk_that_is_full_in_the_middle_of_a_line(folder):
    """The system writes a part of a line and no more: the part is taken back, and later lines are whole."""
    done = run(WRITER, folder)
    assert done.returncode == 0, done.stderr
    kept = int(done.stdout.split()[0])
    assert "cannot be kept" in done.stdout
    assert stored(folder) == [[7] * kept + [8]]


@unix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_full_disk(tmp_path):
    """A disk of 64 KiB: an error, nothing half-written, nothing lost that was acknowledged."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        one = spool(disk / "spool")
        kept, error = until_full(one)
        assert "cannot be kept" in error
        one.seal()
        assert kept > 100
        assert stored(disk / "spool") == [[7] * kept]
    finally:
        subprocess.run(["umount", disk], check=True)


FORKED = """
import os, sys
from pathlib import Path
from tests.spend import test_spool as t
folder = Path(sys.argv[1])
one = t.spool(folder)
t.append(one, 1)
child = os.fork()
if not child:
    t.append(one, 2)
    os._exit(0)
os.waitpid(child, 0)
t.append(one, 3)
# The child's segment is left, the own one is not.
assert t.stored(folder) == [[2]], t.stored(folder)
"""


@unix
def test_a_forked_process_has_a_file_of_its_own(folder):
    """Lines of the two never meet in one file, and each file is left when its process is gone."""
    done = run(FORKED, folder)
    assert done.returncode == 0, done.stderr
    assert sorted(stored(folder)) == [[1, 3], [2]]


INHERITED = """
import os, sys, time
from pathlib import Path
from tests.spend import test_spool as t
one = t.spool(Path(sys.argv[1]))
t.append(one, 1)
if not os.fork():
    os.write(1, b".")
    os.close(1)
    os.close(2)
    sys.stdin.read()
    os._exit(0)
os._exit(0)
"""


@unix
def test_a_child_that_lives_on_does_not_hold_the_file(folder):
    """What a dead parent has left is taken while its child lives."""
    program = [sys.executable, "-c", INHERITED, str(folder)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        # The child says that it has left the file, which may be after the end of its parent.
        assert parent.stdout.read(1) == b"."
        assert parent.wait(60) == 0
        assert stored(folder) == [[1]]


def test_fsync(folder, monkeypatch):
    """``always`` waits for the disk for each line, and does not acknowledge what the disk refuses."""
    from llmcost.spend import spool as module

    synced = []
    monkeypatch.setattr(module, "_sync", synced.append)
    one = spool(folder, fsync="always")
    append(one, 1)
    append(one, 2)
    assert len(synced) == 2

    def refuse(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(module, "_sync", refuse)
    with pytest.raises(llmcost.SpendLogError, match="Input/output error"):
        append(one, 3)
    one.seal()
    assert stored(folder) == [[1, 2]]


def test_nothing_is_left_open(folder):
    """A spool that is let go of lets go of its file."""
    append(spool(folder), 5)
    gc.collect()
    assert stored(folder) == [[5]]


@pytest.mark.parametrize(
    ("at", "written"), [(None, "null"), (1_764_000_000, "1764000000"), ("2026-01-02", '"2026-01-02"')]
)
def test_the_line_of_a_call(at, written):
    """Its quantities, the size of its prompt and its time, then the rest, which is given."""
    usage = llmcost.Usage(input=1000, output=100, at=at)
    found = PRICES.calculate(usage=usage, model="small")
    assert with_cost(found, found.usage, "rest")[0] == f"[1000,100],1000,{written},rest"
