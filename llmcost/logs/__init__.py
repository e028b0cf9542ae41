"""Calls of the past: reading them from files, and pricing them anew.

::

    files -> values -> calls -> records -> costs -> sums
              (text)   (chunks)           (question)

A line that holds a whole call is made a record where it is read: see ``lane``.
"""
