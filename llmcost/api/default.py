"""The one room with state: the default map, which the module-level functions use.

``register_model`` puts a new view of it in place under a lock; whoever is pricing at that moment keeps the
view it started with, so that a registration is never seen half. Nothing else in the package is global, but
caches that only remember what was computed.
"""

from __future__ import annotations

from os import environ

from .costmap import CostMap

if environ.get("LLMCOST_LOG"):
    from .log import log_calls

    log_calls(CostMap, environ["LLMCOST_LOG"])

DEFAULT = CostMap()
