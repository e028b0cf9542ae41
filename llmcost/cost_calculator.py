"""What people import from ``litellm.cost_calculator``: change the first word of the import."""

from __future__ import annotations

from . import batch_cost_calculator, completion_cost, cost_per_token, response_cost_calculator

__all__ = ["batch_cost_calculator", "completion_cost", "cost_per_token", "response_cost_calculator"]
