"""Line items: the lines of a bill, made of what was rated when they are read."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact

from .counts import as_json
from .dimensions import text as text_of
from .exact import decimal_of, plain, ratio
from .meters import METERS, side_of
from .notes import Note, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .counts import Quantities, Quantity
    from .ratecard import RateCard
    from .tariff import Priced, Tariff

_LINE_FIELDS = (
    *("model", "meter", "quantity", "unit", "rate", "amount", "conditions", "factors"),
    *("layer", "map_key", "price_key", "notes"),
)


class Grounds:
    """What a line item says besides its meter, its quantity and its amount; its fields are those of ``LineItem``.

    Attributes:
        units, per: USD per one unit as a fraction, factors included.
        card: the card that has the rate; None for a line without one, such as a discount.
    """

    __slots__ = (
        "card",
        "conditions",
        "factors",
        "layer",
        "map_key",
        "model",
        "notes",
        "per",
        "price_key",
        "rate",
        "unit",
        "units",
    )

    def __init__(
        self,
        model: str,
        unit: str,
        rate: Decimal,
        conditions: str,
        factors: tuple[str, ...],
        layer: str,
        map_key: str,
        price_key: str,
        notes: tuple[Note, ...],
    ) -> None:
        self.model, self.unit, self.rate, self.conditions, self.factors = model, unit, rate, conditions, factors
        self.layer, self.map_key, self.price_key, self.notes = layer, map_key, price_key, notes
        self.units, self.per = 0, Decimal(1)
        self.card: RateCard | None = None

    @classmethod
    def of(cls, card: RateCard, meter: str, priced: Priced, waived: str | None = None) -> Grounds:
        """Return the grounds of a meter as a tariff prices it; ``waived`` is the reason if it costs nothing."""
        rate = priced.rate
        numerator, denominator = rate.numerator, rate.denominator
        factors = [factor.text for factor in priced.factors]
        for factor in priced.factors:
            numerator, denominator = numerator * factor.numerator, denominator * factor.denominator
        if priced.free:
            factors.append("x 0 (free)")
        if waived is not None:
            numerator = 0
            factors.append(f"x 0 ({waived})")
        self = cls(
            card.name,
            METERS[meter].unit,
            rate.usd,
            text_of(rate.conditions),
            tuple(factors),
            rate.layer,
            rate.map_key,
            rate.price_key,
            priced.notes + rate.derived + rate.remarks,
        )
        self.units, self.per = numerator, Decimal(denominator)
        self.card = card
        return self


class LineItem:
    """One line of a cost.

    Attributes:
        meter: what was counted.
        quantity: how many units.
        rate: USD per one unit.
        amount: USD, the quantity times the rate times the factors.

    >>> import llmcost
    >>> line = llmcost.calculate(usage={"input": 200, "output": 500}, model="gpt-4o").line_items[0]
    >>> line.model, line.meter, line.quantity, line.unit, str(line.rate), str(line.rate_per_million), str(line.amount)
    ('gpt-4o', 'input', 200, 'token', '0.0000025', '2.5', '0.0005')
    >>> line.side, line.layer, line.map_key, line.price_key, line.conditions, line.factors, line.notes, str(line.note)
    ('input', 'map', 'gpt-4o', 'input_cost_per_token', '', (), (), '')
    >>> line.source["confidence"], line.to_dict()["amount"], len(line.values())
    ('confirmed2', '0.0005', 12)
    """

    __slots__ = ("_grounds", "amount", "meter", "quantity", "rate")

    meter: str
    quantity: Quantity
    rate: Decimal
    amount: Decimal
    _grounds: Grounds

    def __init__(
        self,
        model: str,
        meter: str,
        quantity: Quantity,
        unit: str,
        rate: Decimal,
        amount: Decimal,
        conditions: str = "",
        factors: tuple[str, ...] = (),
        layer: str = "",
        map_key: str = "",
        price_key: str = "",
        notes: tuple[Note, ...] = (),
    ) -> None:
        self.meter, self.quantity, self.rate, self.amount = meter, quantity, rate, amount
        self._grounds = Grounds(model, unit, rate, conditions, factors, layer, map_key, price_key, notes)

    @property
    def model(self) -> str:
        """The map key whose card priced it."""
        return self._grounds.model

    @property
    def unit(self) -> str:
        """What is counted: token, second, image ..."""
        return self._grounds.unit

    @property
    def conditions(self) -> str:
        """The conditions of the rate as text, empty for the base rate."""
        return self._grounds.conditions

    @property
    def factors(self) -> tuple[str, ...]:
        """Factors on the rate as text, such as ``x 1.1 (region us)``."""
        return self._grounds.factors

    @property
    def layer(self) -> str:
        """The layer that set the rate: call, config, registered, base_model or map."""
        return self._grounds.layer

    @property
    def map_key(self) -> str:
        """The entry that the rate stands in."""
        return self._grounds.map_key

    @property
    def price_key(self) -> str:
        """The key that the rate stands under."""
        return self._grounds.price_key

    @property
    def notes(self) -> tuple[Note, ...]:
        """What had to be decided for this line, and by which rules its rate was derived."""
        return self._grounds.notes

    @property
    def note(self) -> Note:
        """The notes as one text with the code of the first; without notes, text and code are empty."""
        return joined(self._grounds.notes)

    @property
    def rate_per_million(self) -> Decimal:
        """USD per 1,000,000 units."""
        numerator, denominator = self.rate.as_integer_ratio()
        return decimal_of(numerator * 1_000_000, denominator)[0]

    @property
    def source(self) -> dict[str, object]:
        """Where the rate comes from: ``url``, ``as_of``, ``confidence``, and which lists ``agree`` and ``differ``.

        Known of the bundled map's rates, and read when it is asked for; empty for a user's own prices and for a
        line that was pickled.
        """
        card = self._grounds.card
        return dict(card.attest(self.map_key)) if card is not None and card.attest is not None else {}

    @property
    def side(self) -> str:
        """``input``, ``output`` or ``other``."""
        return side_of(self.meter)

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "model": self.model,
            "meter": self.meter,
            "quantity": as_json(self.quantity),
            "unit": self.unit,
            "rate": plain(self.rate, 0),
            "amount": plain(self.amount, 0),
            "conditions": self.conditions,
            "factors": list(self.factors),
            "layer": self.layer,
            "map_key": self.map_key,
            "price_key": self.price_key,
            "notes": [note.to_dict() for note in self.notes],
        }

    def values(self) -> tuple[object, ...]:
        """Return what it is made of, in the order of its arguments."""
        return tuple(getattr(self, field) for field in _LINE_FIELDS)

    def __reduce__(self) -> tuple[object, ...]:
        return LineItem, self.values()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LineItem) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash(self.values())

    def __repr__(self) -> str:
        return (
            f"LineItem({self.model!r}, {self.meter!r}, {self.quantity}, {self.unit!r}, "
            f"rate={plain(self.rate, 0)}, amount={plain(self.amount, 0)})"
        )


class _RatedLine(LineItem):
    """A line item that is filled in where it is made: Python's own constructor is the fastest."""

    __slots__ = ()
    __init__ = object.__init__


# A quotient of nearly all counts and rates fits; one that does not raises Inexact instead of being rounded.
_divided = Context(prec=40, Emin=-999999, Emax=999999, traps=[Inexact]).divide


def lines_of(quantities: Quantities, tariff: Tariff, waived: Mapping[str, str]) -> tuple[LineItem, ...]:
    """Return the lines of what was rated by a tariff."""
    found = []
    cached = {} if waived else tariff.grounds
    for meter in quantities:
        grounds = cached.get(meter)
        if grounds is None:
            grounds = _grounds(meter, tariff, waived.get(meter))
        line = _RatedLine()
        line.meter = meter
        line.quantity = quantity = quantities[meter]
        line.rate = grounds.rate
        line._grounds = grounds
        try:
            # Only a whole number may be multiplied here: the product of a Decimal depends on the caller's context.
            line.amount = (
                _divided(quantity * grounds.units, grounds.per) if type(quantity) is int else _amount(quantity, grounds)
            )
        except Inexact:
            line.amount = _amount(quantity, grounds)
        found.append(line)
    return (*found,)


def _amount(quantity: Quantity, grounds: Grounds) -> Decimal:
    """Return the amount of a line whose quantity is no whole number, or whose amount has many digits."""
    units, per = ratio(quantity)
    return decimal_of(units * grounds.units, per * int(grounds.per))[0]


def _grounds(meter: str, tariff: Tariff, waived: str | None) -> Grounds:
    priced = tariff.price(meter)
    assert priced is not None  # noqa: S101 - a tariff has lines only of meters that it prices
    grounds = Grounds.of(tariff.card, meter, priced, waived)
    if waived is None:
        tariff.grounds[meter] = grounds
    return grounds
