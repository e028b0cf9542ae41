"""Calls of the past: reading them from files, and pricing them anew.

::

    files -> values -> calls -> records -> costs -> sums
              (text)   (chunks)           (question)
"""
