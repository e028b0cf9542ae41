"""Records of a log: a response, what was known beside it, when it was made, and what it cost then."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, Usage, UsageError, read_log
from llmcost.api.facts import FACTS
from llmcost.logs.keywords import KEYWORDS
from llmcost.logs.record import Record

CHAT = {
    "object": "chat.completion",
    "model": "m",
    "created": 1767312000,
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}
COUNTERS = {"prompt_tokens": 10, "completion_tokens": 5}


def test_a_response_alone_is_a_record():
    """Nothing in it is taken for the log's own, whatever it is called."""
    record = Record({**CHAT, "cost": 1, "time": "noon"})
    assert (record.response["cost"], record.usage, record.facts, record.time, record.cost) == (1, None, {}, None, None)
    assert record.stated().quantities == {"input": 10, "output": 5}


def test_a_response_of_any_shape_is_a_record():
    """What a reader recognises is no record around something, though it has a model and a usage."""
    usage = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 0}
    message = {"type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage, "cost": 1}
    assert Record(message).response is message
    assert Record(message).cost is None


@pytest.mark.parametrize(
    "around",
    [
        {"response": CHAT},
        {"response": "The answer is 4.", "usage": COUNTERS, "model": "m"},
        {"usage": Usage(input=10, output=5), "model": "m"},
        {"model": "m", **COUNTERS, "user": "ada", "cost": 3},
        {"response": {"id": 1}, "usage": COUNTERS, "model": "m"},
    ],
    ids=["response", "usage", "Usage", "counters", "usage beside a response"],
)
def test_where_the_counters_stand(around):
    """In the response, beside it, or in the record itself."""
    usage = Record(around).stated()
    assert usage.quantities == {"input": 10, "output": 5}
    assert usage.reported is None


def test_every_keyword_is_one_of_calculate():
    """What a record may say is what a call may say."""
    assert set(KEYWORDS) == set(FACTS) - {"at", "replace", "scale_rest"}


@pytest.mark.parametrize(("name", "kinds"), KEYWORDS.items(), ids=list(KEYWORDS))
def test_a_fact_has_its_type(name, kinds):
    """Anything else is named, with what it should be; what is empty is not said."""
    right = {str: "x", int: 2, float: 1.5, bool: True, dict: {"input_cost_per_token": 1}}[kinds[-1]]
    # A single tag may stand alone.
    assert Record({"response": CHAT, name: right}).facts == {name: [right] if list in kinds else right}
    for wrong in ([1], 1 if str in kinds else "1", True if bool not in kinds else 1):
        with pytest.raises(ValueError, match=f"^{name}=.* should be {kinds[0].__name__}"):
            Record({"response": CHAT, name: wrong})
    assert Record({"response": CHAT, name: None}).facts == Record({"response": CHAT, name: ""}).facts == {}


@pytest.mark.parametrize("name", ["at", "time", "timestamp", "created_at", "start_time", "startTime"])
@pytest.mark.parametrize("written", ["2026-08-24T02:00:00Z", 1787536800, 1787536800.5, "2026-08-24"])
def test_when_a_call_was_made(name, written):
    """By any of the names that logs give it."""
    assert Record({"usage": COUNTERS, name: written}).stated().at == written


def test_whose_time_counts():
    """`at` over the response's own, and that over any other of the record's."""
    stated = [Record({"response": CHAT, name: "2026-08-24"}).stated().at for name in ("at", "time")]
    assert stated == ["2026-08-24", 1767312000]
    assert Record({"usage": COUNTERS, "response": CHAT, "time": "2026-08-24"}).stated().at == 1767312000


@pytest.mark.parametrize("written", [1.2, 999_999_999, True, "noon", 1787536800000, [1], float("nan")])
def test_what_is_no_time(written):
    """A duration, or milliseconds, are not taken for a time."""
    with pytest.raises(ValueError, match=r"is no time of a call: .*give the time as `at`"):
        Record({"response": CHAT, "time": written})


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ({"cost": 0.0042}, "0.0042"),
        ({"cost": "0.00420"}, "0.0042"),
        ({"response_cost": Decimal("0.1")}, "0.1"),
        ({"cost": {"total": "0.25", "model": "m"}}, "0.25"),
        ({"cost": 0}, "0"),
        ({"cost": 1, "response_cost": 1.0}, "1"),
    ],
)
def test_a_recorded_cost(said, cost):
    """Exact, as it is written; a 0 is one."""
    assert str(Record({"response": CHAT, **said}).cost) == cost


@pytest.mark.parametrize("wrong", [-1, "free", True, float("nan"), float("inf"), [], {}, {"total": None}, "-0.1"])
def test_what_is_no_recorded_cost(wrong):
    """It is not passed over, so that the price of the time takes its place."""
    with pytest.raises(ValueError, match=r"cost=.* is no recorded cost"):
        Record({"response": CHAT, "cost": wrong}).cost


def test_two_costs_are_none():
    """One of them is wrong."""
    with pytest.raises(ValueError, match="two costs: cost=1, response_cost=2"):
        Record({"response": CHAT, "cost": 1, "response_cost": 2}).cost


def test_a_record_that_says_nothing_to_bill():
    """A response without counters is an error; with a duration it is one that can be billed."""
    with pytest.raises(UsageError):
        Record({"response": {"text": "Hi"}, "model": "m"}).stated()
    with pytest.raises(UsageError):
        Record({"model": "m", "user": "ada"}).stated()
    assert Record({"response": {"text": "Hi"}, "model": "m", "duration": 3}).stated() is None
    assert Record({"model": "m", "duration": 3}).stated() is None


def test_counters_that_contradict_each_other_are_counters():
    """The error is theirs, and not that there are none."""
    with pytest.raises(UsageError, match="cache_read"):
        Record(
            {"model": "m", "prompt_tokens": 1, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 9}}
        ).stated()


def test_rows_with_and_without_a_time_of_their_own():
    """What the row before stated is only a guess: o3 fell on 2025-06-10 from 10 and 40 USD per million to 2 and 8."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    dated = {"object": "chat.completion", "model": "o3", "created": 1749513599, "usage": usage}
    bare = {"object": "chat.completion", "model": "o3", "usage": usage}
    rows = [(dated, "0.014"), (bare, "0.0028"), (dated, "0.014"), (dated, "0.014"), (bare, "0.0028"), (bare, "0.0028")]
    for response, expected in rows:
        record = Record({"response": response, "time": "2025-06-10T00:00:00Z"})
        assert str(record.calculate()) == expected
        assert str(record.calculate()) == expected


def test_a_call_that_cannot_be_priced_says_so_each_time():
    """Whether the row before stated its time or not."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 0}})
    for _ in range(3):
        assert str(Record({"response": CHAT, "time": "2026-08-24"}).calculate(cost_map=prices)) == "0.00001"
        with pytest.raises(UnknownModelError):
            Record({"response": {**CHAT, "model": "no-such"}, "time": "2026-08-24"}).calculate(cost_map=prices)


def test_a_response_from_elsewhere_goes_along():
    """What LiteLLM's response carries beside its body is read, also where its usage was read before."""

    class Response:
        __module__ = "litellm.types"
        _hidden_params = {"region_name": "eu"}

        def __init__(self):
            self.__dict__.update(CHAT)

    prices = CostMap(
        {"m": {"input_cost_per_token": 1, "output_cost_per_token": 0}, "eu/m": {"input_cost_per_token": 3}}
    )
    record = Record(Response())
    assert record.stated().quantities == {"input": 10, "output": 5}
    assert record.calculate(cost_map=prices).to_dict() == prices.calculate(Response()).to_dict()


def test_what_is_the_logs_own():
    """Neither our fields nor the response; nothing of a response that stands alone."""
    fields = {"usage": COUNTERS, "model": "m", "time": "2026-08-24", "cost": 1, "team": "a", "tags": ["b"]}
    assert Record(fields).own == {"team": "a"}
    assert Record(fields).facts == {"model": "m", "tags": ["b"]}
    assert Record(CHAT).own == {}
    assert Record([CHAT]).own == {}


def test_a_record_says_where_it_stands():
    """File and line; one of one's own stands nowhere."""
    assert repr(Record(CHAT, "log.jsonl", 3)) == "<Record log.jsonl:3>"
    assert (repr(Record(CHAT)), Record(CHAT).place, Record(CHAT).line) == ("<Record>", "", None)


def test_facts_that_are_not_stated_are_not_shared():
    """Nobody can write to the facts of all records."""
    with pytest.raises(TypeError):
        Record(CHAT).facts["model"] = "x"


@pytest.mark.parametrize("more", [{}, {"service_tier": "default"}], ids=["common", "with a fact"])
def test_a_quantity_that_the_caller_gives_is_priced_at_the_time_of_the_record(more):
    """60 seconds x 1 USD in 2024, and x 2 USD since 2025, where the response itself states no usage."""
    row = {
        "input_cost_per_second": 1,
        "llmcost": {"prices": [{"from": "2025-01-01", "input_cost_per_second": 2}]},
    }
    prices = CostMap({"m": row})
    for time, usd in (("2024-06-01T00:00:00Z", 60), ("2025-06-01T00:00:00Z", 120)):
        record = Record({"response": {"text": "Hi"}, "time": time, **more})
        assert record.calculate(cost_map=prices, model="m", duration=60).total == usd


def test_a_map_of_ones_own_prices_what_a_log_says(tmp_path):
    """A subclass that has its own ``calculate`` is asked for each call of a log."""

    class Doubled(CostMap):
        asked = 0

        def calculate(self, *given, **facts):
            type(self).asked += 1
            return super().calculate(*given, **facts)

    log = tmp_path / "log.jsonl"
    log.write_text('{"model": "m", "usage": {"input_tokens": 10, "output_tokens": 0}}\n')
    prices = Doubled({"m": {"input_cost_per_token": 1e-06}})
    assert [str(call.calculate(cost_map=prices)) for call in read_log(log)] == ["0.00001"]
    assert Doubled.asked == 1
