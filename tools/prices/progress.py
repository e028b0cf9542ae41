"""A progress bar where rich is installed, and a line per step where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


def progress(items: Sequence[T], what: str) -> Iterable[T]:
    """Yield the items and show how far it is."""
    try:
        from rich.progress import track
    except ImportError:
        return _plain(items, what)
    return track(items, description=what)


def _plain(items: Sequence[T], what: str) -> Iterable[T]:
    for number, item in enumerate(items, 1):
        print(f"{what} {number}/{len(items)}: {item}")
        yield item
