"""A bill that tools of any language can be held to: responses, rates, and what they cost."""

from __future__ import annotations

from .adapters import Adapter, CannotError

__all__ = ["Adapter", "CannotError"]
