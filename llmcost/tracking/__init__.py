"""Calls as they happen: who called which model, what was used, and what it cost.

::

    client or function -> attempt -> tracked call -> handlers, log
                          (tap)      (usage, cost)
"""
