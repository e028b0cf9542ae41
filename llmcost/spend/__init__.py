"""The spend log: every call kept, exact, never lost.

::

    record() -> spool -> drainer -> database -> totals, views
                (file)   (thread)   (SQLite or PostgreSQL)
"""
