"""Prices of images of one size: a row that is named by a size has a price for an image, and none for a pixel.

Lists of prices divide what an image costs by its pixels and round the quotient, so that the product is not the price.
The price is the shortest number for which the quotient can stand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from llmcost.core.call import sides_of

_SIDES = ("input", "output")


def by_image(model_id: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with prices of an image where it is that of one size; every other as it is.

    >>> by_image("hd/1792-x-1024/dall-e-3", {"input_cost_per_pixel": 6.539e-08, "output_cost_per_pixel": 0.0})
    {'input_cost_per_image': 0.12}
    """
    sizes = [size for word in model_id.split("/")[:-1] if (size := sides_of(word)) is not None]
    pixels = {f"{side}_cost_per_pixel": f"{side}_cost_per_image" for side in _SIDES}
    if len(sizes) != 1 or not any(entry.get(key) for key in pixels):
        return entry
    found = {key: value for key, value in entry.items() if key not in pixels}
    for key, image in pixels.items():
        if entry.get(key) and not entry.get(image):
            found[image] = _whole_price(Decimal(repr(entry[key])), sizes[0][0] * sizes[0][1])
    return found


def _whole_price(rate: Decimal, units: int) -> float:
    """Return the shortest price whose part for one unit is the rate, but for its last digit.

    >>> _whole_price(Decimal("1.9e-08"), 1024 * 1024), _whole_price(Decimal("3.173828125e-08"), 1024 * 1024)
    (0.02, 0.03328)
    """
    last = Decimal((0, (1,), int(rate.as_tuple().exponent)))
    lowest, product, highest = ((rate + step) * units for step in (-last, Decimal(0), last))
    digits = 1
    while not lowest <= Decimal(f"{product:.{digits}g}") <= highest:
        digits += 1
    return float(f"{product:.{digits}g}")
