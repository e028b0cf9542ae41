"""What people import from ``litellm.cost_calculator``: change the first word of the import."""

from __future__ import annotations

from . import batch_cost_calculator, completion_cost, cost_per_token, response_cost_calculator
from .api.surface import attribute

__all__ = ["batch_cost_calculator", "completion_cost", "cost_per_token", "response_cost_calculator"]


def __getattr__(name: str) -> object:
    return attribute(name)
