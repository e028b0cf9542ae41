"""What the sessions of coding agents cost: an index of their logs, which reads only what was not read before.

::

    files -> new lines -> calls with their cost -> copies settled -> sums -> answers
                          (index: SQLite in the user's cache)
"""
