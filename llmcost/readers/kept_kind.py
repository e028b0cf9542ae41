"""What is known of one kind of record that applications, gateways and services keep of calls."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = tuple[str, ...]


class RecordKind:
    """A kind of record.

    Attributes:
        page: where it is described.
        beside: keys of the record, by which it is told.
        path: where its counters stand.
        whole: names that the counters have.
        names: a name -> the usual one of the same count.
        others: whether names beside ``names`` that speak of tokens are counters, too.
        prefix: what the names of counters beside ``names`` begin with; a name without it is no counter.
        but: names that are neither counters nor costs, where every other name is one of them.
        way: whether the cache is inside the input; None where the names or the total tell.
        model, seller: where they may be named, the first of them that is stated.
        sums: whether the record adds up several calls.
        kinds: a field of the record, and its values that are calls; None if there is no such field.
        hit: where it says that a cache of the keeper answered, and the values that say so; None if it never does.
    """

    __slots__ = (
        *("beside", "but", "hit", "kinds", "model", "names", "others"),
        *("page", "path", "prefix", "seller", "sums", "way", "whole"),
    )

    def __init__(
        self,
        page: str,
        beside: tuple[str, ...],
        path: Path,
        whole: tuple[str, ...],
        *,
        names: dict[str, str] | None = None,
        others: bool = True,
        prefix: str | None = None,
        but: frozenset[str] | None = None,
        way: str | None = None,
        model: tuple[Path, ...] = (("model",),),
        seller: tuple[Path, ...] = (("provider",),),
        sums: bool = False,
        kinds: tuple[str, frozenset[str]] | None = None,
        hit: tuple[Path, tuple[object, ...]] | None = None,
    ) -> None:
        self.page, self.beside, self.path, self.whole = page, beside, path, whole
        self.names, self.others, self.but, self.way = names or {}, others, but, way
        self.prefix = prefix
        self.model, self.seller, self.sums, self.kinds, self.hit = model, seller, sums, kinds, hit
