"""What a row may state of its call beside counters."""

from __future__ import annotations

# By these a row is joined with the names of a sheet.
KEYS = ("model", "provider", "region")
FACTS = ("service_tier", "batch", "aggregate", "time", "duration")
STATED = (*KEYS, *FACTS)
