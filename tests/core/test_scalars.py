"""Numbers and times as tables hold them: numpy's and pandas', fractions, and empty cells."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from unittest.mock import MagicMock

import pytest

import llmcost
from llmcost.core.exact import ratio
from llmcost.core.scalars import is_missing, own, own_fields, time_of
from tests.sdks import optional

MAP = llmcost.CostMap(
    {
        "m": {
            "input_cost_per_token": 2.5e-6,
            "output_cost_per_token": 1e-5,
            "cache_read_input_token_cost": 1.25e-6,
            "litellm_provider": "openai",
            "mode": "chat",
        },
        "by-second": {"input_cost_per_second": 0.00042, "mode": "chat"},
    }
)
NAN = float("nan")


class Whole:
    """What numpy's integers do: no int, and taken for one."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __eq__(self, other):
        return self.value == other

    def __hash__(self):
        return hash(self.value)


class NA:
    """What pandas.NA does: it compares as itself, and is neither true nor false."""

    def __eq__(self, other):
        return self

    def __ne__(self, other):
        return self

    __hash__ = None

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


class Length(Whole):
    """What a number with a unit does: it refuses to be compared with a number without one."""

    def __init__(self, value, refusal):
        super().__init__(value)
        self.refusal = refusal

    def __eq__(self, other):
        raise self.refusal

    __hash__ = None


class Held:
    """What a tensor of one number does: it holds it, and writes itself with words around it."""

    def __init__(self, value):
        self.value = value

    def item(self):
        return self.value

    def __eq__(self, other):
        return self is other or self.value == other

    __hash__ = None


def test_nothing_of_an_array_library_is_imported():
    code = (
        "import sys, llmcost; llmcost.calculate(usage={'prompt_tokens': 5.0, 'completion_tokens': float('nan'), "
        "'total_tokens': 6}, model='gpt-4o', at=float('nan')); sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("value", [5, 2.5, "x", True, None, b"x", [1], {"a": 1}, Decimal("0.1")])
def test_what_is_pythons_own_stays_what_it_is(value):
    assert own(value) is value


@pytest.mark.parametrize("value", [NAN, Decimal("NaN"), Decimal("sNaN"), NA()])
def test_what_differs_from_itself_is_missing(value):
    assert is_missing(value)
    assert own(value) is None


def test_an_object_that_makes_up_every_method_is_no_number():
    mock = MagicMock()
    assert own(mock) is mock
    with pytest.raises(llmcost.InconsistentUsageError, match="prompt_tokens=MagicMock is not a count"):
        MAP.calculate(usage={"prompt_tokens": mock, "completion_tokens": 1}, model="m")


@pytest.mark.parametrize("refusal", [TypeError("no unit"), ValueError("no unit")])
def test_a_number_with_a_unit_is_no_count(refusal):
    """It counts as an integer, and says that it is none: 5 metres are not 5 tokens."""
    value = Length(5, refusal)
    assert own(value) is value
    with pytest.raises(llmcost.InconsistentUsageError, match="prompt_tokens="):
        MAP.calculate(usage={"prompt_tokens": value, "completion_tokens": 1}, model="m")


def test_what_a_tensor_of_one_number_holds():
    """Its text is no number, hence the number itself: half a second at 0.00042 is 0.00021."""
    assert own(Held(0.5)) == 0.5
    assert type(own(Held(0.5))) is float
    assert MAP.calculate(model="by-second", duration=Held(0.5)).total == Decimal("0.00021")
    assert (own(Held(5)), type(own(Held(5)))) == (5, int)


def test_what_holds_no_plain_number():
    """An object is left as it is with another one inside, and where it is unequal to what it holds."""
    box = type("Box", (), {"item": lambda _: 5})()
    for value in (Held(object()), Held(MagicMock()), box):
        assert own(value) is value


def test_an_object_inside_itself_has_an_end():
    """Nothing is changed in it; and what is more than 32 objects deep stays as it is."""
    endless = {"a": 1}
    endless["again"] = endless
    assert own_fields(endless) is endless
    for depth, kind in ((32, int), (33, Whole)):
        found = {"count": Whole(3)}
        for _ in range(depth):
            found = {"inner": found}
        read = own_fields(found)
        for _ in range(depth):
            read = read["inner"]
        assert (type(read["count"]), read["count"]) == (kind, 3)


def test_fields_that_are_no_dict_are_left_to_their_reader():
    """A mapping of another kind is the same one, with the values that it had."""
    fields = MappingProxyType({"a": Whole(3)})
    assert own_fields(fields) is fields
    assert type(fields["a"]) is Whole


def test_fields_are_made_pythons_own_in_the_objects_inside_too():
    fields = {"a": 1, "details": {"cached_tokens": Whole(3), "audio_tokens": NAN}}
    assert own_fields(fields) == {"a": 1, "details": {"cached_tokens": 3, "audio_tokens": None}}
    assert own_fields(fields["details"]) is not fields["details"]
    plain = {"a": 1, "details": {"cached_tokens": 3}}
    assert own_fields(plain) is plain


def test_a_fraction_is_exact():
    """A third of a second at 0.00042: 0.00014, of which no decimal of the third could be multiplied out."""
    assert ratio(Fraction(1, 3)) == (1, 3)
    cost = MAP.calculate(model="by-second", duration=Fraction(1, 3))
    assert cost.total == Decimal("0.00014")
    assert cost.exact
    assert cost.to_dict()["line_items"][0]["quantity"] == "1/3"
    assert llmcost.Cost.from_dict(cost.to_dict()) == cost
    assert "0.00014 USD" in cost.explain()
    assert llmcost.Usage(input_seconds=Fraction(6, 4)).quantities == {"input_seconds": Decimal("1.5")}
    assert own(Fraction(10**6)) == 10**6


def test_a_fraction_that_is_no_whole_number_counts_no_tokens():
    with pytest.raises(llmcost.InconsistentUsageError, match=r"prompt_tokens=Fraction\(1, 3\) is not a whole number"):
        MAP.calculate(usage={"prompt_tokens": Fraction(1, 3), "completion_tokens": 1}, model="m")
    with pytest.raises(ValueError, match="out of range"):
        ratio(Fraction(1, 10**41))


@pytest.mark.parametrize("empty", [NAN, NA(), Decimal("NaN")])
class TestAnEmptyCell:
    """It says nothing: of a part that is 0, of a whole it is an error."""

    @pytest.mark.parametrize(
        "usage",
        [
            {"prompt_tokens": 1000, "completion_tokens": 100, "cached_tokens": ...},
            {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": ...}},
            {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": ...},
            {"prompt_tokens": 1000, "completion_tokens": ..., "total_tokens": 1100},
            {"input_tokens": 1000, "output_tokens": 100, "cache_read_input_tokens": ...},
            {"inputTokens": 1000, "outputTokens": 100, "cacheReadInputTokens": ...},
            {"promptTokenCount": 1000, "candidatesTokenCount": 100, "cachedContentTokenCount": ...},
            {"input": 1000, "output": 100, "cache_read": ...},
            {"model": ..., "prompt_tokens": 1000, "completion_tokens": 100, "service_tier": ...},
        ],
    )
    def test_of_a_part(self, empty, usage):
        """1000 x 2.5e-6 + 100 x 1e-5 = 0.0035, as without the cell."""
        filled = {
            name: {"cached_tokens": empty} if isinstance(value, dict) else empty if value is ... else value
            for name, value in usage.items()
        }
        cost = MAP.calculate(usage=filled, model="m")
        assert cost.total == Decimal("0.0035")
        assert not any("tier" in note for note in cost.notes)

    @pytest.mark.parametrize(
        "usage",
        [
            {"prompt_tokens": ..., "completion_tokens": 100},
            {"prompt_tokens": 1000, "completion_tokens": ...},
            {"input_tokens": ..., "output_tokens": 100},
            {"inputTokens": 1000, "outputTokens": ...},
            {"input": ..., "output": 100},
            {"input": 1000, "output": ...},
        ],
    )
    def test_of_a_whole(self, empty, usage):
        with pytest.raises(llmcost.MissingUsageError):
            MAP.calculate(usage={n: empty if v is ... else v for n, v in usage.items()}, model="m")

    def test_of_a_usage_of_our_own(self, empty):
        assert llmcost.Usage(input=200, cache_read=empty, output=1).quantities == {"input": 200, "output": 1}
        with pytest.raises(llmcost.MissingUsageError, match="output="):
            llmcost.Usage(input=200, output=empty)
        assert llmcost.Usage(input=200, model=empty, at=empty).to_dict() == {"input": 200, "context": 200}

    def test_of_counters_that_stand_alone(self, empty):
        assert MAP.cost_per_token("m", 1000, 100, cache_read_input_tokens=empty) == (0.0025, 0.001)
        with pytest.raises(llmcost.MissingUsageError, match="prompt_tokens="):
            MAP.cost_per_token("m", empty, 100)

    def test_of_a_fact(self, empty):
        """1000 x 2.5e-6 + 100 x 1e-5, and nothing is said of a tier, a provider or a time."""
        cost = MAP.calculate(
            {
                "object": "chat.completion",
                "model": "m",
                "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
            },
            model=empty,
            service_tier=empty,
            provider=empty,
            region=empty,
            duration=empty,
            at=empty,
        )
        assert (cost.total, cost.notes, cost.model) == (Decimal("0.0035"), (), "m")


def test_an_object_that_counts_as_an_integer_is_a_count():
    usage = {"prompt_tokens": Whole(1000), "completion_tokens": Whole(100), "cached_tokens": Whole(800)}
    assert MAP.calculate(usage=usage, model="m").total == Decimal("0.0025")
    with pytest.raises(llmcost.InconsistentUsageError, match="prompt_tokens=-5 is not a count"):
        MAP.calculate(usage={"prompt_tokens": Whole(-5), "completion_tokens": 1}, model="m")


class TestNumpy:
    """Cached 800 of 1000, and 100: 200 x 2.5e-6 + 800 x 1.25e-6 + 100 x 1e-5 = 0.0025."""

    @pytest.mark.parametrize("kind", ["int64", "int8", "uint32", "float64", "float32", "float16"])
    def test_a_count(self, kind):
        kind = getattr(optional("numpy"), kind)
        details = {"cached_tokens": kind(80)}
        usage = {"prompt_tokens": 100, "completion_tokens": kind(100), "prompt_tokens_details": details}
        assert MAP.calculate(usage=usage, model="m").usage.quantities == {"input": 20, "cache_read": 80, "output": 100}
        assert llmcost.Usage(input=kind(20)).quantities == {"input": 20}
        assert MAP.cost_per_token("m", kind(100), kind(100), cache_read_input_tokens=kind(80)) == (0.00015, 0.001)

    @pytest.mark.parametrize("name", ["cache_read_input_tokens", "cache_creation_input_tokens"])
    def test_a_count_of_anthropic(self, name):
        np = optional("numpy")
        usage = {"input_tokens": np.int64(10), "output_tokens": np.int32(1), name: np.int64(90)}
        assert llmcost.read_usage(usage).input_tokens == 100

    @pytest.mark.parametrize("value", [2.5, 0.1])
    def test_no_whole_number_is_no_count(self, value):
        np = optional("numpy")
        with pytest.raises(llmcost.InconsistentUsageError, match=f"prompt_tokens=.*{value}.* is not a whole number"):
            MAP.calculate(usage={"prompt_tokens": np.float32(value), "completion_tokens": 1}, model="m")

    @pytest.mark.parametrize("make", [lambda np: np.array([1, 2]), lambda np: np.array([]), lambda np: np.bool_(1)])
    def test_what_is_no_count(self, make):
        value = make(optional("numpy"))
        for name in ("prompt_tokens", "cached_tokens"):
            usage = {"prompt_tokens": 10, "completion_tokens": 1, name: value}
            with pytest.raises(llmcost.InconsistentUsageError, match=f"{name}="):
                MAP.calculate(usage=usage, model="m")

    def test_seconds_and_prices_are_read_by_their_own_digits(self):
        """A float32 of 1.2 is 1.2 and no 1.2000000477: 1.2 x 0.00042 = 0.000504."""
        np = optional("numpy")
        assert MAP.calculate(model="by-second", duration=np.float32(1.2)).total == Decimal("0.000504")
        cost = MAP.calculate(model="by-second", duration=2, input_cost_per_second=np.float32(0.1))
        assert cost.total == Decimal("0.2")

    @pytest.mark.parametrize("unit", ["D", "s", "ms", "ns"])
    def test_a_time(self, unit):
        """o3 cost 10 and 40 per million until 2025-06-10, then 2 and 8: 0.014 and 0.0028."""
        np = optional("numpy")
        usage = llmcost.Usage(input=1000, output=100)
        totals = [
            llmcost.calculate(usage=usage, model="o3", at=np.datetime64(day, unit)).total
            for day in ("2025-06-09", "2025-06-10")
        ]
        assert totals == [Decimal("0.014"), Decimal("0.0028")]

    def test_no_time(self):
        np = optional("numpy")
        usage = llmcost.Usage(input=1000, output=100)
        assert MAP.calculate(usage=usage, model="m", at=np.datetime64("NaT", "s")).basis == "current"
        with pytest.raises(llmcost.PriceDataError, match="is no time"):
            llmcost.calculate(usage=usage, model="o3", at=np.timedelta64(5, "s"))


class TestPandas:
    """A row of a DataFrame is a usage."""

    def frame(self, kind):
        pandas = optional("pandas")
        frame = pandas.DataFrame(
            {
                "model": ["m", "m"],
                "prompt_tokens": [1000, 1000],
                "completion_tokens": [100, 100],
                "cached_tokens": [800, None],
            }
        )
        return frame.astype({"prompt_tokens": kind, "completion_tokens": kind, "cached_tokens": kind})

    @pytest.mark.parametrize("kind", ["float64", "Int64", "Float32"])
    def test_every_row(self, kind):
        """The first has 800 cached, 0.0025; the second has an empty cell, 0.0035."""
        frame = self.frame(kind)
        series = [row for _, row in frame.iterrows()]
        for rows in (series, frame.to_dict("records")):
            totals = [MAP.calculate(usage=row).total for row in rows]
            assert totals == [Decimal("0.0025"), Decimal("0.0035")], rows

    def test_times(self):
        pandas = optional("pandas")
        usage = llmcost.Usage(input=1000, output=100)
        at = pandas.Series(pandas.to_datetime(["2025-06-09", None]))
        assert llmcost.calculate(usage=usage, model="o3", at=at[0]).total == Decimal("0.014")
        assert llmcost.calculate(usage=usage, model="o3", at=at[1]).basis == "current"


def test_a_dict_is_no_scalar():
    """One of a class of its own is handed back as it is, whatever else it can do."""

    class Fields(dict):
        def __index__(self):
            return 5

    value = Fields(a=1)
    assert own(value) is value


def test_a_time_is_pythons_own_or_its_text():
    """What writes itself as something else is no time."""

    class Stamp:
        def __init__(self, text):
            self.isoformat = lambda: text

    assert time_of(date(2026, 1, 1)) == date(2026, 1, 1)
    assert (time_of(Stamp("2026-01-01")), time_of(Stamp(5))) == ("2026-01-01", None)
