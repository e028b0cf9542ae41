"""Functions whose modules load with the first call."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Late:
    """A function of a module that loads with the first call.

    An import statement inside a function finds the loaded module again at each call, which takes as long as a
    common call takes to price. After the first call the name in the calling module is that of the function itself.

    >>> Late("math", "lcm")(4, 6)
    12
    """

    __slots__ = ("_function", "_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._function: Callable[..., Any] | None = None

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Return what the function returns."""
        if self._function is None:
            import sys

            __import__(self._module)
            self._function = getattr(sys.modules[self._module], self._name)
            names = sys._getframe(1).f_globals
            names.update({name: self._function for name, value in list(names.items()) if value is self})
        return self._function(*given, **named)
