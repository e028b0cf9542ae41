"""A warning that points at the line which called llmcost."""

from __future__ import annotations

import sys
import warnings

_OURS = __name__.partition(".")[0]


def warn_caller(said: str, category: type[Warning]) -> None:
    """Warn at the line that called llmcost, through however many functions of the package."""
    depth, frame = 1, sys._getframe()
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == _OURS:
        depth, frame = depth + 1, frame.f_back
    warnings.warn(said, category, stacklevel=depth)
