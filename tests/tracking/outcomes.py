"""What became of calls, and the list is empty again."""

from __future__ import annotations


def outcome(calls):
    """Return the status and the cost of each."""
    found = [(call.status, call.response_cost) for call in calls]
    calls.clear()
    return found


def seen(calls):
    """Return the status, the cost, the model and the provider of each."""
    found = [(call.status, call.response_cost, call.model, call.provider) for call in calls]
    calls.clear()
    return found
