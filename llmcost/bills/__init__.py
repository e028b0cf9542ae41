"""Bills: what a provider asks for, beside what the log says, and why they differ.

::

    bill (a file) -> lines --+
                             +-> charges -> decompose -> causes, whose sum is the difference
    log (calls)   -> ledger -+
"""
