"""Since when a price is known: what dated lists and pages state, and what a name's date does not."""

from __future__ import annotations

import pytest

from tools.prices.known import check_known, mark_known, states

INPUT, OUTPUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
TODAY = "2026-06-15"
# No price is another's than the lists'.
NOTHING = dict.fromkeys(("m", "m-2025-12-01"), ()).__getitem__


def row(price=2e-06, **more):
    return {"litellm_provider": "acme", "mode": "chat", INPUT: price, **more}


def lists(**days):
    """``d2026_01_05=row``: what the list of that day has of the model; None if it does not have it."""
    return [(day[1:].replace("_", "-"), f"list {day}", {"m": entry} if entry else {}) for day, entry in days.items()]


def marked(releases, rows=(), entry=None, elsewhere=NOTHING, **more):
    models, history = {"m": entry or row()}, {"m": [dict(change) for change in rows]} if rows else {}
    mark_known(models, history, releases, elsewhere, TODAY, **more)
    assert list(check_known(models, history, releases, elsewhere, more.get("meant"))) == []
    return history.get("m", [])


def days(rows):
    return [(found["from"], next((word for word in ("born", "seen") if word in found), "change")) for found in rows]


def test_the_first_list_that_states_it():
    """The first two lists agree with today's price: it is known since the first."""
    found = marked(lists(d2026_01_05=row(), d2026_03_05=row()))
    assert found == [{"from": "2026-01-05", "seen": True, "src": "list d2026_01_05"}]


def test_a_list_that_states_another_price():
    """0.000003 in January, and today's 0.000002 since March: nobody dated the step, so it is known since March."""
    assert days(marked(lists(d2026_01_05=row(3e-06), d2026_03_05=row()))) == [("2026-03-05", "seen")]


def test_a_price_that_went_and_came_back():
    """What a list of January says is no word on May if that of March says otherwise."""
    releases = lists(d2026_01_05=row(), d2026_03_05=row(3e-06), d2026_05_05=row())
    assert days(marked(releases)) == [("2026-05-05", "seen")]


def test_no_list_at_all():
    """A model that no release of litellm has is known since the newest source: on its day somebody states it."""
    assert marked(lists(d2026_01_05=None)) == [{"from": TODAY, "seen": True, "src": "the newest list"}]


def test_a_retired_model():
    """One that is gone is known by the lists that had it, and by no other."""
    entry = row(retired_on="2026-04-01")
    assert days(marked(lists(d2026_01_05=row()), entry=entry)) == [("2026-01-05", "seen")]
    assert marked([], entry=entry) == []


@pytest.mark.parametrize(("conf", "known"), [("high", []), ("medium", [("2026-03-05", "seen")])])
def test_a_birth(conf, known):
    """A page that states the first day states the price; a date in a name does not, and the first list does."""
    birth = {"from": "2026-02-01", "born": True, "conf": conf, "src": "s"}
    assert days(marked(lists(d2026_03_05=row()), [birth])) == [("2026-02-01", "born"), *known]


def test_a_dated_change():
    """It is known on its day; the list of January has what was before, and that of May is late."""
    change = {"from": "2026-04-01", INPUT: [3e-06, 2e-06], "conf": "high", "src": "s"}
    found = marked(lists(d2026_01_05=row(3e-06), d2026_05_05=row(3e-06)), [change])
    assert days(found) == [("2026-01-05", "seen"), ("2026-04-01", "change")]


def test_a_change_that_a_later_list_contradicts():
    """Two catalogues date the step, and the list of May has a third price: the day is in doubt until June."""
    change = {"from": "2026-04-01", INPUT: [3e-06, 2e-06], "conf": "medium-high", "src": "s"}
    found = marked(lists(d2026_05_05=row(9e-06), d2026_06_05=row()), [change])
    assert days(found) == [("2026-04-01", "change"), ("2026-06-05", "seen")]
    assert found[0]["conf"] == "medium"


def test_a_page_is_worth_more_than_a_list():
    """The maker's page dates the change; a list with another price is a slip of the list."""
    change = {"from": "2026-04-01", INPUT: [3e-06, 2e-06], "conf": "high", "src": "s"}
    assert days(marked(lists(d2026_05_05=row(9e-06)), [change])) == [("2026-04-01", "change")]


def test_a_change_that_was_noticed():
    """A mirror looked on 04-01; the list of March still has the old price: the change lies between the two."""
    change = {"from": "2026-04-01", INPUT: [3e-06, 2e-06], "conf": "medium-high", "src": "s", "bound": True}
    first, second = marked(lists(d2026_01_05=row(3e-06), d2026_03_05=row(3e-06)), [change])
    assert first["from"] == "2026-01-05"
    assert second["after"] == "2026-03-05"
    assert "bound" not in second


def test_a_corrected_price():
    """What we corrected is not what the lists state: they say nothing of it."""
    found = marked(lists(d2026_01_05=row(9e-06)), elsewhere={"m": {INPUT}}.__getitem__)
    assert days(found) == [(TODAY, "seen")]


def test_a_doubtful_price():
    """Of a disputed model no list says what it costs."""
    assert marked(lists(d2026_01_05=row()), doubtful=["m"]) == []


def test_an_alias():
    """A list that has the dated id at the price speaks of the alias too, though it has the alias at another one."""
    releases = [("2026-01-05", "list", {"m": row(3e-06), "m-2025-12-01": row()})]
    models, history = {"m": row(), "m-2025-12-01": row()}, {}
    mark_known(models, history, releases, NOTHING, TODAY, {"m": "m-2025-12-01"})
    assert days(history["m"]) == [("2026-01-05", "seen")]


@pytest.mark.parametrize(
    ("listed", "price", "said"),
    [
        (row(), row(), True),
        (row(3e-06), row(), False),
        # A cache price or a threshold that the list lacks, or has beside ours, is another price.
        (row(), row(**{READ: 1e-07}), False),
        (row(**{f"{INPUT}_above_200k_tokens": 4e-06}), row(), False),
        # Tiers, fees and longer writes come into lists late; a 0 is no price.
        (row(), row(**{f"{INPUT}_batches": 1e-06, "file_search_cost_per_1k_calls": 2.5}), True),
        (row(cache_creation_input_token_cost=0), row(), True),
        # A unit that only one of the two states is not compared.
        (row(input_cost_per_audio_token=1e-05), row(), True),
        (row(input_cost_per_audio_token=1e-05), row(input_cost_per_audio_token=2e-05), False),
        ({"mode": "chat"}, {"mode": "chat", "input_cost_per_image": 0.04}, None),
    ],
)
def test_what_a_list_states(listed, price, said):
    """What every call uses has to be the same; what a list may have left out does not count."""
    assert states(listed, price, [], ()) is said


def test_what_the_check_finds():
    """E47: a birth by page in January, and a list of March with another price, which no row explains."""
    history = {"m": [{"from": "2026-01-05", "born": True, "conf": "high", "src": "s"}]}
    releases = lists(d2026_03_05=row(3e-06))
    (finding,) = check_known({"m": row()}, history, releases, NOTHING)
    assert str(finding) == f"E47 m: list d2026_03_05 of 2026-03-05 states another {INPUT}"
