"""What a function says when an argument is not what its signature says, and what it passes on as it is."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from llmcost import Usage
from llmcost.core.signatures import as_signed
from llmcost.errors import ArgumentError, UsageError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from decimal import Decimal
    from typing import TextIO


@as_signed
def asked(
    path: str | os.PathLike[str] = "x",
    *,
    number: int = 0,
    share: float | Decimal | None = None,
    names: Iterable[str] = (),
    where: Mapping[str, object] | None = None,
    day: date | None = None,
    told: Callable[[str], object] | None = None,
    at: object = None,
) -> object:
    """Use every argument as a function does that looks at none before."""
    for name in names:
        name.strip()
    if where is not None:
        {**where}["user"].strip()
    if told is not None:
        told("x")
    return path + "x", number + 1, share and share * 2, day and day.year, at is None or at.real


class Evil:
    def __getattr__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"path": 5}, "path=5: it has to be str or os.PathLike[str]"),
        ({"path": "\ud800", "number": "1"}, r"path='\ud800': no file and no database holds such text"),
        ({"number": "1"}, "number='1': it has to be int"),
        ({"share": "a", "number": None}, "number=None: it has to be int"),
        ({"share": SimpleNamespace()}, "share=namespace(): it has to be float or Decimal or None"),
        ({"names": 5}, "names=5: it has to be Iterable[str]"),
        ({"where": 5}, "where=5: it has to be Mapping[str, object] or None"),
        ({"where": {"user": Evil()}}, "where.user: Evil cannot be read here (RuntimeError: strip)"),
        ({"day": "2026-01-01"}, "day='2026-01-01': it has to be date or None"),
        ({"told": "x"}, "told='x': it has to be Callable[[str], object] or None"),
        ({"at": Evil()}, "at: Evil cannot be read here (RuntimeError: real)"),
    ],
)
def test_the_argument_is_named(given, said):
    """The first one that is of another type, or that raises; the error travels, and holds its cause."""
    with pytest.raises(ArgumentError) as raised:
        asked(**given)
    assert str(raised.value) == said
    assert not isinstance(raised.value.__cause__, UsageError)
    assert str(pickle.loads(pickle.dumps(raised.value))) == said


class Place:
    """A path of another library."""

    def __fspath__(self):
        return "x"


def open_lines(path):
    with Path(path).open() as lines:
        yield from lines


def _lost(*_):
    raise ConnectionError("lost")
    yield


def test_what_the_caller_raises_goes_through():
    """An iterable, a function and a file of the caller fail as they fail, and so does a call of other arguments."""
    with pytest.raises(ConnectionError, match="lost"):
        asked(names=_lost())
    with pytest.raises(ZeroDivisionError):
        asked(told=lambda _: 1 / 0)
    with pytest.raises(FileNotFoundError):
        asked(names=open_lines("/no such folder/x"), at=Evil())
    with pytest.raises(ZeroDivisionError):
        asked(Place(), told=lambda _: 1 / 0)
    with pytest.raises(TypeError, match="zzz"):
        asked(zzz=1)
    with pytest.raises(KeyError, match="user"):
        asked(where={})
    with pytest.raises(UsageError, match="ours"):
        as_signed(lambda: (_ for _ in ()).throw(UsageError("ours")))()


def test_the_function_stays_what_it_is():
    """Its name, its signature and its result."""
    assert asked.__name__ == "asked"
    assert list(inspect.signature(asked).parameters)[:2] == ["path", "number"]
    assert asked("a", number=2) == ("ax", 3, None, None, True)


def test_a_path_that_the_system_refuses_is_named(tmp_path):
    """A name that is too long, a folder in the place of a file; what is written to an open file goes through."""

    @as_signed
    def write(target: str | os.PathLike[str], text: str = "") -> None:
        if isinstance(target, str):
            with open(target, "w", encoding="utf-8") as file:  # noqa: PTH123 - as a caller may name it
                file.write(text)
        else:
            raise OSError(28, "No space left on device")

    for place, said in ((str(tmp_path), "Is a directory"), (f"{tmp_path}/{'x' * 300}", "File name too long")):
        with pytest.raises(ArgumentError, match=f"^target='.*: {said}$"):
            write(place)
    with pytest.raises(ArgumentError, match=r"No space left on device$"):
        write(tmp_path)


@as_signed
def stored(usage: Usage, target: TextIO | None = None, **more: object) -> object:
    """Use a class of ours, something to write to, and what the caller adds."""
    if target is not None:
        target.write("x")
    return usage.quantities, {name: value.real for name, value in more.items()}


def test_a_class_of_ours():
    with pytest.raises(ArgumentError, match=r"^usage=5: it has to be Usage$"):
        stored(5)


def test_what_a_caller_adds_is_no_argument_of_ours():
    """Nothing is known of its type: the error of Python stays."""
    with pytest.raises(AttributeError, match="real"):
        stored(Usage(input=1), added=None)


def test_an_open_file_is_no_path():
    """A full disk is said as the system says it."""

    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        stored(Usage(input=1), Full())


@as_signed
def saved(target: TextIO | str | os.PathLike[str]) -> object:
    return target.write("x")


def test_an_open_file_where_a_path_may_stand():
    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        saved(Full())
