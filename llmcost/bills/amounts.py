"""Numbers of a bill: exact, as they are written; a formula, a unit or a comma is no number."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import ratio
from ..core.iso_time import as_iso
from ..errors import BillError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

_SECONDS = re.compile(r"[0-9]{9,11}(\.0+)?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
# A double has up to 17 digits: behind this place they are no amounts, but what is left of binary fractions.
_MOST_PLACES = 12
_LARGEST = 30
_OUTERMOST_YEARS = frozenset({"0001", "9999"})
# So many amounts with the most places show that a bill is written to so many.
_ENOUGH, _USUAL_PLACES = 10, 6
USD = "USD"


class Field(NamedTuple):
    """A value of a bill, with its place.

    Attributes:
        name: the column or key.
        value: as it stands in the file: text of CSV; text, number or None of JSON.
        source, line: where it stands.
    """

    name: str
    value: object
    source: str
    line: int | None

    def refused(self, why: str) -> BillError:
        """Return the error that names the field."""
        return BillError(f"{self.name}={shown(self.value)}: {why}", self.source, self.line)

    @property
    def text(self) -> str:
        """The value as text, "" for none."""
        return "" if self.value is None else str(self.value).strip()

    def number(self) -> Decimal | None:
        """Return the number as it is written; None for an empty one.

        Raises BillError for anything else, such as a formula.
        """
        value = self.value
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        text = str(value).strip()
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)) or not _DECIMAL.fullmatch(text):
            raise self.refused(
                "a formula is no number: save the values, and not the formulas"
                if text.startswith(("=", "@", "+"))
                else "it is no number: write digits with a point, as 1234.56"
            )
        found = Decimal(text)
        if abs(found.adjusted()) > _LARGEST and found:
            raise self.refused("it is out of range for an amount or a count")
        return found

    def fraction(self) -> Fraction | None:
        """Return the number as a fraction; None for an empty one.

        Raises as ``number`` does.
        """
        found = self.number()
        return None if found is None else Fraction(found)

    def units(self, amount: Fraction | None = None) -> Fraction | None:
        """Return units; None for none.

        Args:
            amount: USD of the line that they are of; a line that gives money back may give units back.

        Raises BillError for what is no number, and for units below 0 that give nothing back.
        """
        found = self.fraction()
        if found is not None and found < 0 and (amount is None or amount > 0):
            raise self.refused("units below 0 are no usage, where no money is given back")
        return found

    def moment(self) -> date | datetime:
        """Return a time, ISO text or seconds since 1970; without a zone it is of UTC. A day alone is a date.

        Raises BillError for anything else.
        """
        text = self.text
        try:
            if text[:4] in _OUTERMOST_YEARS:
                raise ValueError("another zone may have it in a year that Python has not")
            if _SECONDS.fullmatch(text):
                return datetime.fromtimestamp(int(float(text)), timezone.utc)
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
            found = datetime.fromisoformat(as_iso(re.sub(" UTC$", "Z", text)))
        except ValueError:
            raise self.refused("it is no time: write 2026-11-20 or 2026-11-20T00:00:00Z") from None
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)

    def day(self, zone: tzinfo) -> date:
        """Return the day of a time; a day alone is that day in any zone.

        Raises BillError for what is no time.
        """
        return day_of(self.moment(), zone)


def given_number(value: object) -> Fraction | None:
    """Return a number that the caller gives, as it is written; None for anything else."""
    try:
        return Fraction(*ratio(value))
    except (TypeError, ValueError):
        return None


def day_of(moment: date | datetime, zone: tzinfo) -> date:
    """Return the day of a moment in a zone."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def day_before(end: date | datetime, zone: tzinfo) -> date:
    """Return the last day of a span that ends at a moment, which is no part of it.

    >>> day_before(date(2026, 11, 2), timezone.utc), day_before(datetime(2026, 11, 2, 1), timezone.utc)
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 2))
    """
    least = timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1)
    return day_of(end - least, zone)


class Money:
    """Amounts of one bill: in USD by the rates that are given, and to how many places they are written.

    Args:
        rates: currency -> USD of one unit of it.
    """

    def __init__(self, rates: Mapping[str, Fraction]) -> None:
        self._rates = rates
        # Decimal places -> how many amounts are written to so many.
        self._places: dict[int, int] = {}
        self.converted: dict[str, Fraction] = {}

    def usd(self, field: Field, currency: Field, scale: int = 0) -> Fraction | None:
        """Return an amount in USD; None for an empty one.

        Args:
            scale: the decimal places by which the unit is smaller than the currency: 2 for cents.

        Raises BillError for what is no number, and for another currency without a rate.
        """
        number = field.number()
        if number is None:
            return None
        exponent = number.normalize().as_tuple().exponent
        if number and isinstance(exponent, int):
            places = min(_MOST_PLACES, scale - exponent)
            self._places[places] = self._places.get(places, 0) + 1
        amount: Fraction = Fraction(number) / 10**scale
        code = currency.text.upper()
        if code == USD:
            return amount
        if not code:
            raise currency.refused("an amount without a currency: nothing says that it is USD")
        rate = self._rates.get(code)
        if rate is None:
            raise currency.refused(
                f"the amounts are not in USD: give what one {code} is in USD, rates={{{code!r}: ...}}"
            )
        self.converted[code] = rate
        return amount * rate

    @property
    def step(self) -> Fraction:
        """USD of the last digit to which amounts are written.

        Zeros at the end may have been left out, so that a few amounts say nothing: six places then.
        """
        places = max(self._places, default=0)
        if self._places.get(places, 0) < _ENOUGH:
            places = max(places, _USUAL_PLACES)
        largest: Fraction = max(self.converted.values(), default=Fraction(1))
        return largest * Fraction(1, 10**places)

    @property
    def remarks(self) -> list[str]:
        """What was converted, in words."""
        return [f"amounts in {code} are taken at {float(rate):g} USD" for code, rate in self.converted.items()]
