"""Times as options write them: a date is the start of a day on the clock of a zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from llmcost.spend.clocks import start_of

if TYPE_CHECKING:
    from datetime import tzinfo

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def on_clock(text: str | None, zone: tzinfo) -> object:
    """Return a date as its start in a zone, and a time without a zone as one of it; any other text as it is."""
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return start_of(date.fromisoformat(text), zone)
        moment = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text.strip()))
    except ValueError:
        # A span, or what is refused later with a better message.
        return text
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
