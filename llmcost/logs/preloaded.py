"""What each process that reads logs needs. A program imports this in the process of which the others are copies.

The first line of a log asks all readers and formats what shape it has, and to load them takes longer than to read
thousands of lines.
"""

from __future__ import annotations

from ..readers.known import discovered
from .session_formats import FORMATS

READERS = discovered()
for form in FORMATS:
    form.lines()
