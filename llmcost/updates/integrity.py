"""Whether the files of a set of price data are those that were published."""

from __future__ import annotations

from hashlib import sha256

from ..errors import PriceDataError
from ..prices import places


def verify(data: places.DataSet) -> None:
    """Raise PriceDataError unless every file of a set has the sha256 that its ``map_info.json`` states."""
    digests = data.info.get("sha256")
    if not isinstance(digests, dict) or places.MAP not in digests:
        raise PriceDataError(f"{data.origin}: {places.INFO} states no sha256 to compare with")
    for name, digest in digests.items():
        if sha256(data.read(str(name)) or b"").hexdigest() != digest:
            raise PriceDataError(
                f"{data.origin}: {name} is not the file that was published: `llmcost update`, or install anew"
            )
