"""A YAML document as a tree that knows the line of everything in it.

Only text, numbers, booleans, lists and mappings are constructed, also where a file carries tags. Files and trees that
are larger than any real configuration are refused, and so are aliases that multiply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import yaml

from ..errors import shown
from .scalars import LONGEST_NUMBER, MERGE, plain, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

# A configuration of 5,000 deployments has about 2 MB and 120,000 nodes. The time to read one goes by its nodes.
MOST_BYTES, MOST_NODES, DEEPEST = 10_000_000, 400_000, 100

# libyaml reads twenty times as fast; a Python without it gives the same events.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What ends a list or a mapping.
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})


class Unreadable(Exception):  # noqa: N818 - it becomes one problem of a ConfigError and never leaves this room
    """A text that is no YAML document, or one that is refused."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why, self.line = why, line


class Place(NamedTuple):
    """Where something stands: the file (None for a mapping) and its line."""

    file: str | None
    line: int | None

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part is not None)


class Node:
    """A value of the document and where it stands.

    Attributes:
        value: a scalar, a list of nodes, or a dict of nodes.
        text: a scalar as it was written.
        place: its line; for the value of a mapping the line of its key.
        repeated: keys that stand twice in a mapping: the key, the line of the second, and the first, which is lost.
        anchored: whether it has an anchor, so that it is most likely there to be used elsewhere.
    """

    __slots__ = ("anchored", "place", "repeated", "text", "value")

    def __init__(
        self,
        value: object,
        place: Place,
        text: str | None = None,
        repeated: tuple[tuple[str, Place, Node], ...] = (),
    ) -> None:
        self.value, self.place, self.text, self.repeated = value, place, text, repeated
        self.anchored = False

    def at(self, place: Place) -> Node:
        """Return the same value under a key that stands elsewhere."""
        copy = Node(self.value, place, self.text, self.repeated)
        copy.anchored = self.anchored
        return copy

    @property
    def fields(self) -> dict[str, Node]:
        """The content of a mapping; empty for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def elements(self) -> list[Node]:
        """The content of a list; empty for any other value."""
        return self.value if isinstance(self.value, list) else []

    def get(self, key: str) -> Node | None:
        """Return what a mapping holds under a key, or None."""
        return self.fields.get(key)

    def data(self) -> object:
        """Return the value without its places."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value


def of_mapping(given: Mapping[object, object]) -> Node:
    """Return the tree of a mapping that somebody has already read; it has no lines.

    Raises Unreadable if it contains itself or is beyond any real configuration.
    """
    nowhere, left = Place(None, None), [MOST_NODES]

    def node(value: object, depth: int) -> Node:
        left[0] -= 1
        listed = isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))
        if depth > DEEPEST or left[0] < (len(value) if listed else 0):  # type: ignore[arg-type]
            raise Unreadable("the mapping contains itself, or is far too big for a configuration")
        if isinstance(value, Mapping):
            return Node({str(key): node(inner, depth + 1) for key, inner in value.items()}, nowhere)
        if listed:
            return Node([node(inner, depth + 1) for inner in value], nowhere)  # type: ignore[attr-defined]
        return Node(value, nowhere, _text_of(value))

    return node(given, 0)


def _text_of(value: object) -> str | None:
    """Return a scalar as a YAML file would have it; None for what is no scalar."""
    try:
        return str(value) if isinstance(value, (str, int, float, Decimal)) else None
    except ValueError:  # an int beyond sys.get_int_max_str_digits()
        return shown(value)


def of_text(text: str, file: str | None) -> Node:
    """Return the tree of a YAML text; an empty one is None.

    Raises Unreadable if the text is no YAML, holds several documents, or is refused.
    """
    if len(text) > MOST_BYTES:
        raise Unreadable(f"the file has more than {MOST_BYTES:,} characters, which no configuration has")
    try:
        return _Builder(file).build(yaml.parse(text, Loader=_LOADER))
    except UnicodeEncodeError as error:
        raise Unreadable("not YAML: a lone surrogate stands in it", text.count("\n", 0, error.start) + 1) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # The line itself is not quoted: it may hold a secret.
        raise Unreadable(f"not YAML: {error.problem or error.context}", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        # YAML does not allow this character. Only its position is told.
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        raise Unreadable("not YAML: a control character stands in it", line) from None


class _Frame:
    """A list or a mapping that is being read."""

    __slots__ = ("anchor", "before", "height", "key", "merged", "nodes", "place", "repeated")

    def __init__(self, place: Place, anchor: str | None, before: int, *, is_mapping: bool) -> None:
        self.place, self.anchor, self.before = place, anchor, before
        self.height = 1
        self.nodes: list[Node] | dict[str, Node] = {} if is_mapping else []
        # A key that waits for its value: its text, its place, and whether it merges. A list or a mapping has no text.
        self.key: tuple[str | None, Place, bool] | None = None
        self.merged: list[Node] = []
        self.repeated: list[tuple[str, Place, Node]] = []


class _Builder:
    """Builds the tree from the events of a parser, without recursion, counting what aliases stand for."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._stack: list[_Frame] = []
        # anchor -> the node, how many nodes it stands for, how deep it is.
        self._anchors: dict[str, tuple[Node, int, int]] = {}
        self._count = 0
        self._root: Node | None = None
        # What unquoted texts say: a configuration writes the same values over and over.
        self._plain: dict[str, object] = {}

    def build(self, events: Iterator[yaml.Event]) -> Node:
        place = Place(self._file, 1)
        for event in events:
            mark = event.start_mark
            line = mark.line + 1 if mark else 1
            if place.line != line:
                # All that stands in a line shares its place.
                place = Place(self._file, line)
            # Most events are scalars, of which a large file has hundreds of thousands.
            if type(event) is yaml.ScalarEvent:
                self._scalar(event, place)
            elif type(event) in _ENDS:
                self._end()
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if len(self._stack) >= DEEPEST:
                    raise Unreadable(f"nested more than {DEEPEST} levels deep", line)
                is_mapping = type(event) is yaml.MappingStartEvent
                self._stack.append(_Frame(place, event.anchor, self._count, is_mapping=is_mapping))
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event.anchor or "", place)
            elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
                raise Unreadable("a second document starts here; a configuration is one", line)
        return self._root or Node(None, Place(self._file, 1))

    def _add(self, node: Node, weight: int, height: int, anchor: str | None) -> None:
        self._count += weight
        if self._count > MOST_NODES:
            raise Unreadable(f"with its aliases, it holds more than {MOST_NODES:,} values", node.place.line)
        if anchor is not None:
            node.anchored = True
            self._anchors[anchor] = (node, weight, height)
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        if height >= frame.height:
            frame.height = height + 1
        if not isinstance(frame.nodes, dict):
            frame.nodes.append(node)
        elif frame.key is None:
            frame.key = (node.text, node.place, node.value is MERGE)
        else:
            key, frame.key = frame.key, None
            self._put(frame, frame.nodes, key, node)

    def _put(self, frame: _Frame, nodes: dict[str, Node], key: tuple[str | None, Place, bool], node: Node) -> None:
        text, place, merges = key
        if text is None:
            return  # no configuration has a list or a mapping as a key
        if merges:
            frame.merged.append(node)
            return
        if text in nodes:
            frame.repeated.append((text, place, nodes[text]))
        nodes[text] = node if node.place is place or node.place == place else node.at(place)

    def _alias(self, anchor: str, place: Place) -> None:
        if anchor not in self._anchors:
            raise Unreadable("an alias stands before its anchor, or inside it", place.line)
        node, weight, height = self._anchors[anchor]
        if len(self._stack) + height > DEEPEST:
            raise Unreadable(f"aliases nest it more than {DEEPEST} levels deep", place.line)
        self._add(node.at(place), weight, height, None)

    def _end(self) -> None:
        frame = self._stack.pop()
        value = frame.nodes
        if isinstance(value, dict) and frame.merged:
            value = self._merged(frame, value)
        node = Node(value, frame.place, None, tuple(frame.repeated))
        weight = self._count - frame.before
        self._count = frame.before
        self._add(node, weight + 1, frame.height, frame.anchor)

    def _merged(self, frame: _Frame, keys: dict[str, Node]) -> dict[str, Node]:
        """Return a mapping with what ``<<`` merges into it: the first that has a key wins, its own keys over all."""
        merged = dict(keys)
        for node in frame.merged:
            for source in node.elements or [node]:
                if not isinstance(source.value, dict):
                    raise Unreadable("<< merges mappings only", node.place.line)
                self._count += len(source.value)
                if self._count > MOST_NODES:
                    raise Unreadable(f"with its merges, it holds more than {MOST_NODES:,} values", node.place.line)
                for key, inner in source.value.items():
                    merged.setdefault(key, inner)
        return merged

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        text: str = event.value
        frame = self._stack[-1] if self._stack else None
        if event.tag is not None:
            node = Node(tagged(text, event.tag), place, text)
        elif not event.implicit[0] or len(text) > LONGEST_NUMBER:
            node = Node(text, place, text)
        elif frame is not None and frame.key is None and isinstance(frame.nodes, dict) and event.anchor is None:
            # Half of all scalars are plain keys, of which only the text counts: they need no node.
            self._count += 1
            frame.key = (text, place, text == "<<")
            return
        else:
            value = self._plain.get(text, self)
            if value is self:
                value = self._plain[text] = plain(text)
            node = Node(value, place, text)
        self._add(node, 1, 0, event.anchor)
