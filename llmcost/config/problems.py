"""Problems: everything that is wrong or doubtful in a configuration, each with its place and its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import ConfigError, ConfigWarning
from .environment import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Node, Place

# A person mends no more in one go, and what reads a configuration has to end soon.
_MOST = 1000
# Looking for a similar name is slow, and a reader needs the first few hints only.
_MOST_HINTS = 25
# No price that a person types is longer. What is longer may be a secret that was pasted into the wrong line.
_LONGEST_SHOWN = 24
TWICE = "stands twice in this mapping; YAML keeps the last and loses the first: keep one of the two"


class Finding(NamedTuple):
    """One thing to say: where, of what, and what."""

    place: Place
    address: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.place), f"{self.address}{self.text}") if part)


class TooMany(Exception):  # noqa: N818 - it ends the reading of a configuration and never leaves this room
    """A configuration has more problems than anybody reads."""


class Problems:
    """Collects the problems of a configuration, so that all of them are reported together: the first 1,000.

    Attributes:
        errors: problems that keep the configuration from being used.
        doubts: likely mistakes in what can be read: ``(warning category, finding)``.
        unused: settings of a proxy about money that llmcost does not apply; no mistakes.
    """

    def __init__(self) -> None:
        self.errors: list[Finding] = []
        self.doubts: list[tuple[type[Warning], Finding]] = []
        self.unused: list[Finding] = []

    @property
    def hints(self) -> bool:
        """Whether the next error may say which similar name was meant: only the first few do."""
        return len(self.errors) < _MOST_HINTS

    def error(self, node: Node | Place, address: str, why: str, *, show: bool = False) -> None:
        """Add an error; ``show`` adds the value that was written there."""
        place = node if isinstance(node, tuple) else node.place
        given = f" = {_as_written(node)}" if show and not isinstance(node, tuple) else ""
        self.errors.append(Finding(place, address, f"{given}: {why}" if address else why))
        if len(self.errors) >= _MOST:
            raise TooMany

    def repeated(self, node: Node | None, address: str, matters: Callable[[str], bool] = bool) -> None:
        """Add each key of a mapping that stands twice and ``matters``; a mapping that is not there has none."""
        for key, place, _ in node.repeated if node is not None else ():
            if matters(key):
                self.error(place, f"{address}.{key}", TWICE)

    def doubt(self, node: Node, address: str, why: str, category: type[Warning] = ConfigWarning) -> None:
        """Add a likely mistake."""
        if len(self.doubts) < _MOST:
            self.doubts.append((category, Finding(node.place, address, f": {why}")))
        elif len(self.doubts) == _MOST:
            said = f"{_MOST:,} likely mistakes are listed, and no further ones"
            self.doubts.append((ConfigWarning, Finding(node.place, "", said)))

    def not_applied(self, node: Node, address: str, why: str) -> None:
        """Add a setting that is right, and says nothing here."""
        self.unused.append(Finding(node.place, address, f": {why}"))

    def raise_errors(self, path: object) -> None:
        """Raise all errors in one ConfigError, in the order of the files and their lines; nothing if there are none."""
        if not self.errors:
            return
        files = list(dict.fromkeys(finding.place.file for finding in self.errors))
        found = sorted(self.errors, key=lambda f: (files.index(f.place.file), f.place.line or 0))
        first = found[0]
        texts = [str(finding) for finding in found]
        if len(texts) >= _MOST:
            texts.append(f"{_MOST:,} problems are listed; what follows them was not looked at")
        raise ConfigError(
            texts,
            None if path is None else str(path),
            first.place.line,
            first.address or None,
        )

    def warn(self) -> None:
        """Issue the doubts as warnings."""
        import warnings

        for category, finding in self.doubts:
            warnings.warn(str(finding), category, stacklevel=2)


def _as_written(node: Node) -> str:
    """Return a value as it was written, shortened; what may be a secret is described instead."""
    value = node.value
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, (bool, int, float)) or value is None:
        return node.text or repr(value)
    if not isinstance(value, str):
        return f"a {type(value).__name__}"
    if is_reference(value) or (len(value) <= _LONGEST_SHOWN and not value.startswith("sk-")):
        return repr(value)
    return f"a text of {len(value)} characters"
