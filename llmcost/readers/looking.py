"""Which names of the counters of a response no block knows."""

from __future__ import annotations

from .blocks import places_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.usage import Usage
    from .blocks import Block, Fields, Places


def _at(fields: Fields, keys: tuple[str, ...]) -> object:
    """Return the values of a response at the end of this path of keys; a list has one for each of its rows."""
    found: list[object] = [fields]
    for key in keys:
        below: list[object] = []
        for holder in found:
            inner = holder.get(key) if type(holder) is dict else _of_object(holder, key)
            if isinstance(inner, (list, tuple)):
                below += inner
            elif inner is not None:
                below.append(inner)
        found = below
        if not found:
            return None
    return found[0] if len(found) == 1 else found


def _of_object(holder: object, key: str) -> object:
    from .unknown import stated_fields

    inside = stated_fields(holder)
    return inside.get(key) if inside is not None else None


def look(fields: Fields, places: Places) -> dict[str, object]:
    """Return every number above 0 that stands in a block under a name which the block does not know, by its path."""
    found: dict[str, object] = {}
    below = False
    for keys, block in places:
        counters = fields.get(keys[0]) if keys else fields
        if not counters or (below and not keys):
            continue
        if len(keys) > 1:
            counters = _at(fields, keys)
            if not counters:
                continue
        below = True
        if block.knows(counters):
            continue
        if block.also is not None and type(counters) is dict:
            block = block.also(block, fields, counters)  # noqa: PLW2901 - the same place, with more names
            if block.knows(counters):
                continue
        from .unknown import unread_of

        found.update(unread_of(block, counters, fields))
    return found


def with_unread(usage: Usage, fields: Fields, blocks: Mapping[str, Block]) -> Usage:
    """Return the usage of a response with what its blocks do not know."""
    unread = look(fields, places_of(blocks))
    if unread:
        from ..core.unread import add_unread

        add_unread(usage, unread)
    return usage
