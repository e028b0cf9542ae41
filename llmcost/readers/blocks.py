"""The names that an object of counters may hold, as data: those that are read, those that are ignored, and why."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Fields = Mapping[str, object]
    # Blocks, each with the keys that lead to it.
    Places = tuple[tuple[tuple[str, ...], "Block"], ...]

_NOTHING: dict[str, str] = {}
_NO_BLOCKS: dict[str, Block] = {}


class Block:
    """The names that one object of counters may hold.

    Attributes:
        read: names that the reader turns into quantities or facts.
        ignored: names that are not billed, each with the reason.
        inner: names of nested objects, or lists of them, each with its own block.
        prefix: only names that begin with it are counters; the object holds other things too.
        view: makes the counters of what stands there, where that is not the mapping that has these names.
        ends: names with one of these ends are read too.
        also: takes this block, a response and its counters; returns the block that also knows the names that others
            add to this envelope, and one and the same block for the same names.
        label: what stands before the names of this block in ``usage.unread``.
    """

    __slots__ = ("_inside", "also", "ends", "ignored", "inner", "label", "names", "prefix", "read", "view")

    def __init__(
        self,
        *read: str,
        ignored: Mapping[str, str] = _NOTHING,
        inner: Mapping[str, Block] = _NO_BLOCKS,
        prefix: str = "",
        ends: tuple[str, ...] = (),
        view: Callable[[Fields], Fields | list[Fields] | None] | None = None,
        also: Callable[[Block, Fields, Fields], Block] | None = None,
        label: str = "",
    ) -> None:
        self.read, self.ignored, self.inner = frozenset(read), ignored, inner
        self.prefix, self.ends, self.view, self.also, self.label = prefix, ends, view, also, label
        self.names = self.read.union(ignored, inner)
        self._inside = tuple(inner.items())

    def knows(self, counters: object) -> bool:
        """Return whether every name is known, here and below; False where that takes a longer look."""
        if type(counters) is not dict:
            if type(counters) is list:
                return all(type(row) is not list and self.knows(row) for row in counters)
            if isinstance(counters, dict):
                return False
            extra = getattr(counters, "__pydantic_extra__", False)
            if extra is False or extra:
                return False
            counters = counters.__dict__
        if self.view is not None or not self.names.issuperset(counters):
            return False
        for name, block in self._inside:
            if name in counters:
                value = counters[name]
                if value and not block.knows(value):
                    return False
        return True

    def joined(self, other: Block) -> Block:
        """Return a block that knows what both know, and asks nobody else."""
        inner = {**other.inner, **self.inner}
        for name in other.inner.keys() & self.inner.keys():
            inner[name] = self.inner[name].joined(other.inner[name])
        return Block(
            *self.read,
            *other.read,
            ignored={**other.ignored, **self.ignored},
            inner=inner,
            prefix=self.prefix,
            ends=self.ends + other.ends,
            view=self.view,
            label=self.label,
        )


def places_of(blocks: Mapping[str, Block] | str) -> Places:
    """Return each block with the keys that lead to it."""
    if isinstance(blocks, str):
        return ()
    found = [(tuple(path.split(".")) if path else (), block) for path, block in blocks.items()]
    # The top is looked at where nothing was found below it, so last.
    return tuple(sorted(found, key=lambda place: not place[0]))
