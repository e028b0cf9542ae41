"""Terms as they are written: ``{name, kind, value, meters, models, tags, from, until}`` -> a Term."""

from __future__ import annotations

from ..core.exact import ratio
from ..core.meters import METERS
from ..core.term import OWN_FEE, TERM_KINDS, Fee, Term
from ..errors import did_you_mean
from .contract import FROM, UNTIL, span_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .contract import Report

KEYS = ("name", "kind", "value", "meters", "models", "tags", FROM, UNTIL)


def term_of(fields: Mapping[str, object], layer: str, address: str, report: Report) -> Term | None:
    """Return a term; None after everything that is wrong with it was reported.

    Args:
        fields: what is written, its variables looked up.
        layer: the layer that it stands in.
        address: where it stands there, such as ``llmcost.terms[0]``.
        report: takes the field that is wrong, and why.
    """
    wrong: list[str] = []

    def say(field: str, why: str) -> None:
        wrong.append(field)
        report(field, why)

    for key in fields:
        if key not in KEYS:
            hint = did_you_mean(str(key), KEYS) or f" There are {', '.join(KEYS)}."
            say(str(key), f"is no key of a term.{hint}")
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        say("name", "a term needs a name, which its line shows")
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in TERM_KINDS:
        say("kind", f"is one of {', '.join(sorted(TERM_KINDS))}")
    value = _value(fields.get("value"), kind, say)
    meters = _names(fields.get("meters"), "meters", "input, or fee:name for a fee of your own", say)
    for meter in meters:
        if meter not in METERS and not meter.startswith(OWN_FEE):
            say("meters", f"{meter!r} is no meter.{did_you_mean(meter, METERS)}")
    models = _names(fields.get("models"), "models", "a model_name, or openai/*", say)
    tags = _names(fields.get("tags"), "tags", "a tag of your calls", say)
    start, until = span_in(fields, "term", say)
    if wrong or value is None:
        return None
    found = Term(str(kind), value, layer, str(name), address)
    found.name = str(name)
    found.meters, found.models, found.tags = frozenset(meters), models, frozenset(tags)
    found.start, found.until = start, until
    return found


FEE_KEYS = ("unit", "price")


def fee_of(name: str, row: object, layer: str, map_key: str, report: Report) -> Fee | None:
    """Return a fee of one's own: ``{unit, price}``, or its price alone; None after what is wrong was reported.

    Args:
        name: its name.
        stated: what is written, its variables looked up.
        layer: the layer that it stands in.
        map_key: the entry that it stands in.
        report: takes the field that is wrong ("" for the whole), and why.
    """
    fields = row if isinstance(row, dict) else {"price": row}
    for key in fields:
        if key not in FEE_KEYS:
            report(str(key), f"is no key of a fee; there are {', '.join(FEE_KEYS)}")
            return None
    unit = fields.get("unit", "call")
    if not isinstance(unit, str) or not unit.strip():
        report("unit", "is what is counted, such as call")
        return None
    price = fields.get("price")
    try:
        value = ratio(price.strip() if isinstance(price, str) else price)
    except (TypeError, ValueError):
        value = -1, 1
    if value[0] < 0:
        report("price" if isinstance(row, dict) else "", "a price is a finite number >= 0, in USD per unit")
        return None
    return Fee(name, unit, value, layer, map_key, f"llmcost.fees.{name}")


def _value(stated: object, kind: object, say: Report) -> tuple[int, int] | None:
    try:
        found = ratio(stated.strip() if isinstance(stated, str) else stated)
    except (TypeError, ValueError):
        say("value", "a number >= 0 is expected: a share (0.05 is 5%), or USD for each call where the kind is fee")
        return None
    if found[0] < 0:
        say("value", "it is below 0; a number >= 0 is expected")
    elif kind == "discount" and found[0] > found[1]:
        say("value", "a discount above 1 (100%) would make a total negative; 0.05 is 5%")
    else:
        return found
    return None


def _names(stated: object, field: str, such_as: str, say: Report) -> tuple[str, ...]:
    if stated is None:
        return ()
    if not isinstance(stated, (list, tuple)) or not stated or not all(isinstance(one, str) and one for one in stated):
        say(field, f"a list of texts is expected, such as [{such_as}]")
        return ()
    return tuple(stated)
