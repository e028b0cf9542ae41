"""The folder of what llmcost keeps for a user, for rooms that do not see the prices."""

from __future__ import annotations

from ..prices.places import data_folder


def user_folder() -> str:
    """Return the folder ``llmcost`` in the platform's place for application data; "" if there is none."""
    return data_folder()
