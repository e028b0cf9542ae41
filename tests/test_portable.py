"""What is of one kind of system alone stands behind a question which system it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import llmcost

ROOT = Path(llmcost.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
# Modules of the standard library that a system without POSIX, or one that is not Windows, has not.
# https://docs.python.org/3/library/unix.html https://docs.python.org/3/library/windows.html
ONE_SYSTEM = {
    "crypt", "curses", "fcntl", "grp", "msvcrt", "nis", "ossaudiodev", "posix", "pty", "pwd", "readline", "resource",
    "spwd", "syslog", "termios", "tty", "winreg", "winsound", "_winapi",
}  # fmt: skip
ATTRIBUTES = {
    "os": {
        "fork", "forkpty", "register_at_fork", "getuid", "geteuid", "getgid", "getegid", "setsid", "killpg", "getpgid",
        "fchmod", "fchown", "chown", "lchown", "mkfifo", "mknod", "nice", "sched_getaffinity", "statvfs", "uname",
        "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY", "startfile",
    },
    "signal": {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGALRM", "alarm", "setitimer", "pthread_kill"},
    "time": {"tzset", "pthread_getcpuclockid"},
    "socket": {"AF_UNIX"},
}  # fmt: skip
GUARDS = ("sys.platform", "os.name", "hasattr(", "platform.system(")


def unguarded(source):
    """Yield what a source uses of one system, where no question of the system stands around it or before it."""

    def visit(node, guarded):
        if isinstance(node, (ast.If, ast.IfExp)):
            inner = guarded or any(guard in ast.unparse(node.test) for guard in GUARDS)
            for child in ast.iter_child_nodes(node):
                yield from visit(child, guarded if child is node.test else inner)
            return
        if isinstance(node, ast.Try) and any("ImportError" in ast.unparse(h.type) for h in node.handlers if h.type):
            guarded = True
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.partition(".")[0] in ONE_SYSTEM]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            names = [module] if module.partition(".")[0] in ONE_SYSTEM else []
            names += [alias.name for alias in node.names if alias.name in ATTRIBUTES.get(module, ())]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [node.attr] if node.attr in ATTRIBUTES.get(node.value.id, ()) else []
        if names and not guarded:
            yield f"{node.lineno}: {', '.join(names)}"
        for child in ast.iter_child_nodes(node):
            yield from visit(child, guarded)

    yield from visit(ast.parse(source), guarded=False)


def test_no_module_of_one_system_is_used_unguarded():
    """On Windows, ``import fcntl`` at the top of a file ends the program."""
    found = {path: list(unguarded(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {str(path): lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", ["1: fcntl"]),
        ("from pwd import getpwuid", ["1: pwd"]),
        ("from os import fork", ["1: fork"]),
        ("import os\nos.geteuid()", ["2: geteuid"]),
        ("import signal\ndef f():\n    signal.alarm(1)", ["3: alarm"]),
        ("import sys\nif sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl", []),
        ("import os\nif hasattr(os, 'fork'):\n    os.fork()", []),
        ("try:\n    import resource\nexcept ImportError:\n    resource = None", []),
        ("import os\nos.path.join('a', 'b')", []),
    ],
)
def test_what_the_test_looks_for(source, found):
    """It fails on an import that is not guarded, and on no other."""
    assert list(unguarded(source)) == found


def test_the_page_on_security_names_what_is_read():
    """Every variable of the environment that the source names stands in it, and every test that it names is there."""
    page = (ROOT.parent / "SECURITY.md").read_text(encoding="utf-8")
    named = {
        node.value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch("(LLMCOST|XDG|CODEX|CLAUDE_CONFIG)_[A-Z_]+", node.value)
    }
    assert named
    assert {name for name in named if f"`{name}`" not in page} == set()
    for word in page.split("`"):
        if word.startswith("tests/"):
            assert (ROOT.parent / word).exists(), word
