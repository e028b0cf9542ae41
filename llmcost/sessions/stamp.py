"""What stands for the prices in use, read without the prices themselves."""

from __future__ import annotations

import json
from hashlib import sha256

from ..core import VERSION
from ..prices.places import MAP, current


def stamp() -> str:
    """Return what stands for the prices in use: the costs of another stamp are worked out anew.

    Raises PriceDataError if ``LLMCOST_PRICES`` names nothing that can be read.
    """
    found = current()
    stated = json.dumps(found.info, sort_keys=True).encode() if found.info else found.read(MAP) or b""
    return f"{VERSION} {found.origin} {sha256(stated).hexdigest()}"
