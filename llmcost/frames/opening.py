"""What reads tables: loaded where a table is given, and asked for by name where it is missing."""

from __future__ import annotations

from typing import Any

from ..errors import MissingDependencyError, how_to_install


def narwhals() -> Any:
    """Return narwhals.

    Raises MissingDependencyError without it.
    """
    try:
        import narwhals as nw
    except ImportError:
        raise MissingDependencyError(
            f"tables are priced through narwhals: {how_to_install('frames', 'narwhals')}", "frames"
        ) from None
    return nw
