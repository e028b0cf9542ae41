"""Prices over time: both sides of every date, and what an answer may claim."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from llmcost import CostMap, PriceDataError, Usage
from llmcost.prices import moments
from llmcost.prices.history import NONE, Epochs, History
from llmcost.prices.moments import instant

ROWS = [
    {"from": "2025-04-16", "born": True, "src": "launch"},
    {"from": "2025-06-10", "input_cost_per_token": [1e-05, 2e-06], "src": "cut"},
    {"from": "2026-01-01T08:00:00Z", "input_cost_per_token": [2e-06, 3e-06], "tiered": [1, None], "src": "rise"},
]
TODAY = {"input_cost_per_token": 3e-06, "mode": "chat"}


def million(model: str, at: object, **options) -> tuple[list[str], str]:
    """USD per 1M tokens of the lines, and the basis, of a short call to a bundled model."""
    cost = CostMap().calculate(usage=Usage(input=1000, output=1000), model=model, at=at, **options)
    return [format(line.rate_per_million, "f") for line in cost.line_items], cost.basis


def test_an_entry_is_rebuilt_for_each_epoch():
    """Before the first change the old value holds; a key that is gone since is there again."""
    epochs = Epochs(list(reversed(ROWS)))
    assert epochs.born
    assert epochs.entry(TODAY, 1) == {"input_cost_per_token": 1e-05, "mode": "chat", "tiered": 1}
    assert epochs.entry(TODAY, 2) == {"input_cost_per_token": 2e-06, "mode": "chat", "tiered": 1}
    assert epochs.entry(TODAY, 3) == {"input_cost_per_token": 3e-06, "mode": "chat"}


def test_epochs_are_half_open():
    """The change holds from its very second on."""
    epochs = Epochs(ROWS)
    change = datetime(2026, 1, 1, 8, tzinfo=timezone.utc).timestamp()
    assert (epochs.at(change - 1), epochs.at(change)) == (2, 3)


DAY = 86_400.0
# 1970-01-02 and so on: two days that one source states, and one that a list states.
DOUBTED = [
    {"from": "1970-01-02", "born": True, "conf": "medium", "assumed": ["launch"]},
    {"from": "1970-01-04", "k": [1, 2], "after": "1970-01-03", "conf": "medium"},
    {"from": "1970-01-06", "k": [2, 3], "other": [None, 7]},
]


@pytest.mark.parametrize(("day", "since"), [(0, 5), (2, 5), (4.5, 5), (5, None), (9, None)])
def test_since_when_a_price_is_known(day, since):
    """Days that one source alone states are passed over, until the list of 1970-01-06, five days after 1970-01-01."""
    assert Epochs(DOUBTED).known_since(day * DAY) == (None if since is None else since * DAY)
    assert NONE.known_since(day * DAY) is None


@pytest.mark.parametrize(
    ("day", "changes"),
    [
        (0.5, [(1, {}), (3, {"k": (1, 2)}), (5, {"k": (2, 3), "other": (None, 7)})]),
        (2, [(3, {"k": (1, 2)}), (5, {"k": (2, 3), "other": (None, 7)})]),
        (3, [(5, {"k": (2, 3), "other": (None, 7)})]),
        (5, []),
    ],
)
def test_the_changes_after_a_moment(day, changes):
    """Those that are still to come, and of a row its prices alone: ``assumed`` is a list and no change."""
    assert Epochs(DOUBTED).after(day * DAY) == [(start * DAY, change) for start, change in changes]


def test_the_moments_of_a_model_are_those_of_its_changes_and_of_what_is_known():
    """The birth, the day since which the first change may have held, and the two changes."""
    assert Epochs(DOUBTED).moments == (DAY, 2 * DAY, 3 * DAY, 5 * DAY)
    assert NONE.moments == ()


@pytest.mark.parametrize(
    ("present", "settled"),
    [({"k": 3, "other": 7}, 5 * DAY), ({"k": 2}, float("inf")), ({"k": 3, "other": 7, "mode": "chat"}, 5 * DAY)],
)
def test_prices_are_settled_once_the_last_change_has_come(present, settled):
    """The entry still says what held before 1970-01-06: that change is to come, and no present price is for good."""
    assert Epochs(DOUBTED).settle(present).settled == settled
    history = History(f'{{\n"m":{json.dumps(DOUBTED, separators=(",", ":"))}\n}}'.encode())
    assert history.of("m", present).settled == settled


def test_without_a_change_prices_are_always_settled():
    """A list that was read on 1970-01-02 states what the entry says, whatever that is."""
    seen = Epochs([{"from": "1970-01-02", "seen": True}])
    assert seen.settle({"k": 1}).settled == DAY
    assert NONE.settle({"k": 1}).settled == float("-inf")


# The batch price follows the base price by its ratio in the first and the last change, and is stated in the second.
FOLLOWING = [
    {"from": "1970-01-02", "k": [1, 2], "batch": [0.5, 1], "assumed": ["batch"]},
    {"from": "1970-01-04", "k": [2, 3], "batch": [1, 1.5]},
    {"from": "1970-01-08", "k": [3, 6], "batch": [1.5, 3], "assumed": ["batch"]},
]


@pytest.mark.parametrize(("epoch", "guessed"), [(0, {"batch"}), (1, set()), (2, set()), (3, {"batch"})])
def test_a_price_that_is_taken_to_have_kept_its_ratio(epoch, guessed):
    """Today's entry is of the third epoch: what lies behind a change that assumes a price is a guess."""
    assert Epochs(FOLLOWING).guessed({"k": 3, "batch": 1.5}, epoch) == guessed


@pytest.mark.usefixtures("build_day")
@pytest.mark.parametrize(
    ("at", "batch", "basis"),
    [
        # Google's page dates the cut of 2026-08-13; nobody states what a cached token of a batch cost before it.
        ("2026-08-12", False, "exact"),
        ("2026-08-12", True, "assumed"),
        ("2026-08-13", True, "exact"),
        # The doubling of 2027-01-01 is announced for the standard price.
        ("2027-01-01", False, "scheduled"),
        ("2027-01-01", True, "assumed"),
    ],
)
def test_a_cost_is_dated_no_better_than_its_lines(at, batch, basis):
    """One basis for all lines: a line whose price nobody states takes it away, and a note names the price."""
    usage = Usage(input=1000, cache_read=1000)
    cost = CostMap().calculate(model="gemini/gemini-3.6-flash", usage=usage, at=at, batch=batch)
    assert cost.basis == basis
    named = {note.about for note in cost.notes if note.code == "assumed_price"}
    assert ("cache_read" in named) is (basis == "assumed")


def test_every_model_is_found_however_many_are_asked_for():
    """50 models, quotes and escapes in their names: one is searched for, many have an index; the first line counts."""
    names = [f'maker/"{number}"\\n":[é' for number in range(50)]
    lines = [f"{json.dumps(name, ensure_ascii=False)}:[{json.dumps(ROWS[1])}]" for name in names]
    text = "{\n" + ",\n".join([*lines, f"{json.dumps(names[0], ensure_ascii=False)}:[]"]) + "\n}"
    history = History(text.encode())
    for _ in range(2):
        assert [history.of(name).starts for name in names] == [(instant("2025-06-10"),)] * 50
    assert History(text.encode()).of(names[49]).starts == (instant("2025-06-10"),)
    assert history.of("nobody") is NONE


def test_a_model_without_rows_has_no_past():
    """Nothing is known, and nothing is made up."""
    history = History(b'{\n"m":[],\n"seen":[{"from":"2026-01-10","seen":true}]\n}')
    assert history.of("other") is NONE
    assert history.of("m").starts == ()
    # A day on which a list stated the price is something that is known, though nothing changed.
    assert history.of("seen").starts == ()
    assert [bool(history.of(name)) for name in ("other", "m", "seen")] == [False, False, True]


@pytest.mark.parametrize(
    "rows",
    [
        *('[{"from":"soon"}]', '[{"from":"2026-01-01","k":[1]}]', "[1]", "[{]", '[{"k":[1,2]}]'),
        *('[{"from":20260101}]', '[{"from":"2026-01-01","after":5}]'),
        *('[{"from":"2026-01-01","assumed":"k"}]', '[{"from":"2026-01-01","assumed":[{}]}]'),
    ],
)
def test_broken_rows_name_the_model(rows):
    """Rows that are not of the format are an error that says where."""
    with pytest.raises(PriceDataError, match="'m'"):
        History(f'{{\n"m":{rows}\n}}'.encode()).of("m")


# Each with both sides of its date. USD per 1M tokens, as in the vendors' announcements.
@pytest.mark.parametrize(
    ("model", "at", "expected"),
    [
        ("o3", "2025-06-09", ["10", "40"]),
        ("o3", "2025-06-10", ["2", "8"]),
        ("gpt-5.6-luna", "2026-07-29", ["1", "6"]),
        ("gpt-5.6-luna", "2026-07-30", ["0.2", "1.2"]),
        ("gpt-5.6-sol", "2026-08-20", ["5", "30"]),
        ("gpt-5.6-sol", "2026-08-21", ["4", "20"]),
        # Before its start date there is no peak; after it, peak, off-peak at the half-open end, and the weekend.
        ("deepseek-v4-pro", "2026-08-10T02:00:00Z", ["0.435", "0.87"]),
        ("deepseek-v4-pro", "2026-08-24T02:00:00Z", ["1.32", "3.96"]),
        ("deepseek-v4-pro", "2026-08-24T03:59:59Z", ["1.32", "3.96"]),
        ("deepseek-v4-pro", "2026-08-24T04:00:00Z", ["0.66", "1.98"]),
        ("deepseek-v4-pro", "2026-08-29T02:00:00Z", ["0.66", "1.98"]),
    ],
)
def test_dated_prices(model, at, expected):
    """A past call is priced by the prices of its day."""
    assert million(model, at) == (expected, "exact")


@pytest.mark.parametrize(
    ("model", "at", "expected"),
    [
        ("gemini/gemini-3.6-flash", "2026-12-31", ["0.75", "3.75"]),
        ("gemini/gemini-3.6-flash", "2027-01-01", ["1.5", "7.5"]),
        ("gemini/gemini-4-argon", "2026-11-30", ["2", "10"]),
        ("gemini/gemini-4-argon", "2026-12-01", ["4", "20"]),
    ],
)
def test_scheduled_changes_take_effect_by_themselves(model, at, expected):
    """The announced price holds from its day on."""
    assert million(model, at)[0] == expected


def test_a_tier_that_was_taken_away():
    """Claude Opus 4.6 billed long prompts higher until 2026-03-12, and never since."""
    usage = Usage(input=200_001, output=1000)
    before, after = (
        CostMap().calculate(usage=usage, model="claude-opus-4-6", at=at) for at in ("2026-03-12", "2026-03-13")
    )
    # 200001 x 10e-6 + 1000 x 37.5e-6, and 200001 x 5e-6 + 1000 x 25e-6
    assert (before.total, after.total) == (Decimal("2.03751"), Decimal("1.025005"))


@pytest.mark.parametrize(
    ("model", "at", "tokens", "expected"),
    [
        # 1000 x 30e-6 + 100 x 150e-6, at 30 and 150 USD a million
        ("claude-opus-4-6", "2026-03-20", 1000, "0.045"),
        ("claude-opus-4-7", "2026-07-24", 1000, "0.045"),
        # above 200k tokens 60 and 225 USD a million: 250000 x 60e-6 + 100 x 225e-6
        ("claude-opus-4-6", "2026-03-01", 250_000, "15.0225"),
    ],
)
def test_fast_mode_of_the_past_has_its_price(model, at, tokens, expected):
    """Fast mode of Opus 4.6 and 4.7 cost six times the standard price: https://code.claude.com/docs/en/fast-mode."""
    usage = {"input_tokens": tokens, "output_tokens": 100, "speed": "fast"}
    cost = CostMap().calculate({"type": "message", "model": model, "usage": usage}, at=at)
    assert (cost.total, cost.complete) == (Decimal(expected), True)


def test_fast_mode_that_was_removed_is_a_lower_bound():
    """Opus 4.7 has no fast mode since 2026-07-25: what a response says all the same has no price."""
    usage = {"input_tokens": 1000, "output_tokens": 100, "speed": "fast"}
    cost = CostMap().calculate({"type": "message", "model": "claude-opus-4-7", "usage": usage}, at="2026-07-25")
    # 1000 x 5e-6 + 100 x 25e-6
    assert (cost.total, cost.complete) == (Decimal("0.0075"), False)


def test_only_an_explicit_date_before_birth_raises():
    """A response's own clock may be wrong; what the caller says is taken at its word."""
    prices = CostMap()
    with pytest.raises(PriceDataError, match="before 'o3' existed"):
        prices.calculate(usage=Usage(input=1000), model="o3", at="2025-01-01")
    response = {
        "object": "chat.completion",
        "model": "o3",
        "created": 1735689600,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
    }
    cost = prices.calculate(response)
    # 1000 x 10e-6, the oldest price
    assert (cost.total, cost.basis) == (Decimal("0.01"), "assumed")


def test_a_responses_own_time_dates_its_price():
    """A log of 2025-05-01 gives the price of that day, without at=."""
    response = {
        "object": "chat.completion",
        "model": "o3",
        "created": 1746057600,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
    cost = CostMap().calculate(response)
    # 1000 x 10e-6 + 100 x 40e-6
    assert (cost.total, cost.basis) == (Decimal("0.014"), "exact")


@pytest.mark.parametrize("created", ["garbage", [1], True, -1, 10**18, {}])
def test_a_broken_clock_is_no_reason_not_to_price(created):
    """A response's time that is none is passed over; the prices are today's."""
    response = {
        "object": "chat.completion",
        "model": "o3",
        "created": created,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
    }
    assert CostMap().calculate(response).total == Decimal("0.002")


def test_without_history_the_current_price_is_assumed():
    """An explicit date for a model of unknown past says that today's price is assumed."""
    assert million("openrouter/perplexity/sonar", "2025-12-01")[1] == "assumed"
    assert million("openrouter/perplexity/sonar", None)[1] == "current"


def test_a_price_is_exact_since_a_list_states_it():
    """The list of 2024-12-25 has the row at today's price; nobody has said what the days before it cost."""
    assert million("gpt-4o-2024-08-06", "2024-12-25")[1] == "exact"
    cost = CostMap().calculate(model="gpt-4o-2024-08-06", usage=Usage(input=1000), at="2024-12-24")
    assert (cost.total, cost.basis) == (Decimal("0.0025"), "assumed")
    (note,) = [note for note in cost.notes if note.code == "known_since"]
    assert note == ("the price of gpt-4o-2024-08-06 is known since 2024-12-25: that it was the same before is assumed")


@pytest.mark.usefixtures("build_day")
def test_a_response_of_before_a_list_is_assumed_too():
    """1,000 tokens at 2.50 a million, of a response that states 2024-09-01 as its time."""
    response = {
        "object": "chat.completion",
        "created": 1725148800,
        "model": "gpt-4o-2024-08-06",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
    }
    cost = CostMap().calculate(response)
    assert (cost.total, cost.basis, [note.code for note in cost.notes]) == (
        Decimal("0.0025"),
        "assumed",
        ["known_since"],
    )
    later = CostMap().calculate(response | {"created": 1740787200})
    assert (later.total, later.basis, later.notes) == (Decimal("0.0025"), "exact", ())


def test_what_a_change_that_was_noticed_leaves_open():
    """A mirror saw 0.07 on 11-03; the price before it is exact on its own day, and assumed between the two."""
    model = "openrouter/z-ai/glm-5.3"
    assert [million(model, f"2026-{day}")[1] for day in ("10-19", "10-20", "11-02", "11-03")] == [
        "assumed",
        "assumed",
        "assumed",
        "exact",
    ]


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        # A page of the maker states the first day and the price; the date in a name states no price.
        ([{"from": "2026-01-10", "born": True, "conf": "high"}], {"2026-01-10": "exact"}),
        ([{"from": "2026-01-10", "born": True, "conf": "medium"}], {"2026-01-10": "assumed", "2026-09-01": "assumed"}),
        (
            [{"from": "2026-01-10", "born": True, "conf": "medium"}, {"from": "2026-02-01", "seen": True}],
            {"2026-01-31": "assumed", "2026-02-01": "exact"},
        ),
        (
            [{"from": "2026-01-10", "seen": True}, {"from": "2026-03-01", "k": [2, 1], "conf": "high"}],
            {"2026-01-09": "assumed", "2026-01-10": "exact", "2026-02-28": "exact", "2026-03-01": "exact"},
        ),
        (
            [
                {"from": "2026-01-10", "seen": True},
                {"from": "2026-03-01", "after": "2026-02-10", "k": [2, 1], "conf": "medium-high"},
            ],
            {"2026-02-09": "exact", "2026-02-10": "assumed", "2026-02-28": "assumed", "2026-03-01": "exact"},
        ),
        ([{"from": "2026-03-01", "k": [2, 1], "conf": "medium"}], {"2026-02-28": "assumed", "2026-03-01": "assumed"}),
    ],
)
def test_what_is_exact(rows, days):
    """Exact needs a statement that covers the day: a page, a dated change, or a list from whose day on all agree."""
    epochs = Epochs(rows)
    assert {day: epochs.basis_at(instant(day)) for day in days} == days
    assert epochs.basis == list(days.values())[-1]


def test_a_future_without_announcements_is_assumed():
    """Nobody has said what o3 costs in 2099; what is scheduled is said."""
    assert million("o3", "2099-01-01") == (["2", "8"], "assumed")
    assert million("o3", 4070908800) == (["2", "8"], "assumed")
    assert million("gemini/gemini-4-argon", "2099-01-01")[0] == ["4", "20"]


def test_own_prices_have_no_dates():
    """Dates concern the bundled layer only."""
    prices = CostMap({"o3": {"input_cost_per_token": 7e-06}})
    cost = prices.calculate(usage=Usage(input=1000), model="o3", at="2020-01-01")
    assert (cost.total, cost.basis) == (Decimal("0.007"), "current")
    bundled = CostMap()
    bundled.register({"o3": {"input_cost_per_token": 7e-06}})
    mixed = bundled.calculate(usage=Usage(input=1000, output=1000), model="o3", at="2025-06-09")
    # 1000 x 7e-6 registered + 1000 x 40e-6 of that day's map
    assert mixed.total == Decimal("0.047")


def test_at_takes_every_form_of_a_time():
    """Seconds, ISO text, a date, a datetime with and without zone mean the same moment."""
    moment = datetime(2025, 6, 10, tzinfo=timezone.utc)
    other_zone = moment.astimezone(timezone(timedelta(hours=-7)))
    for at in (
        1749513600,
        1749513600.0,
        "2025-06-10",
        "2025-06-10T00:00:00Z",
        date(2025, 6, 10),
        moment,
        datetime(2025, 6, 10),  # noqa: DTZ001 - a naive time is UTC
        other_zone,
    ):
        assert million("o3", at) == (["2", "8"], "exact")
    for wrong in ("soon", True, [], float("inf"), 1e30):
        with pytest.raises(PriceDataError, match="at="):
            million("o3", wrong)


def test_the_clock_of_windows_can_be_somebody_elses():
    """Weekdays are read on the vendor's calendar: Sunday 23:00 UTC is Monday in Shanghai."""
    from llmcost.prices.windows import Window, inside

    window = Window(
        {"hours_utc": "22:00-02:00", "weekdays": ["monday"], "weekday_timezone": "Asia/Shanghai"}, "k", "map"
    )
    sunday = datetime(2026, 8, 23, 23, tzinfo=timezone.utc)
    assert inside(window, sunday)
    assert not inside(window, sunday - timedelta(hours=1, seconds=1))
    assert not inside(window, sunday - timedelta(days=1))


def test_the_built_history_replays():
    """Every row of the bundled history is read, and joins up with the map's present prices."""
    from llmcost.prices.places import HISTORY, PACKAGED

    data = PACKAGED.read(HISTORY)
    history, prices = History(data), CostMap()
    names = json.loads(data)
    assert len(names) > 100
    # The day the map was built for: the file's "present" prices are those of that day.
    present = moments.seconds_of("2026-11-23")
    for name in names:
        epochs = history.of(name)
        assert epochs.entry(prices[name], epochs.at(present)) == prices[name], name
