"""Modules that load when something of theirs is asked for."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Late:
    """A module that loads when one of its names is first asked for.

    An import statement inside a function looks for the loaded module again at each call, which takes a good part of the
    time in which a common call is priced. Here a name that was asked for once is an attribute like any other.

    >>> math = Late("math")
    >>> math.lcm(4, 6)
    12
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        """Return what the module has under a name; Python asks for each name once."""
        __import__(self._module)
        found = getattr(sys.modules[self._module], name)
        setattr(self, name, found)
        return found
