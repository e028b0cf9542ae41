"""The page of a log in a browser: what it shows, how it is used, and what it never does."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

import llmcost
from llmcost.bills.bill import USAGE, BillLine
from llmcost.bills.causes import UNEXPLAINED
from tests.browser.conftest import START
from tests.spend.calls import PRICES, cost, exactly

pytestmark = pytest.mark.browser

# Text that would run, leave its element or turn round what follows it, if it were taken for more than text.
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "\u202egnp.exe",
    '"><b>bold</b>',
    "{data}{script}",
    "x" * 10_000,
)


def fill(log, number, **facts):
    for place in range(number):
        log.record(
            cost(1000 + place, 100),
            id=f"id-{place}",
            team=f"team-{place % 3}",
            user=f"user-{place % 7}",
            tags=[f"tag-{place % 2}"],
            at=START + timedelta(hours=place % 600, seconds=place),
            **facts,
        )
    log.drain()


def names(page, column):
    return page.locator(f"#table > tbody > tr:not(.more) > td:nth-child({column})").all_inner_texts()


def test_what_it_shows(log, show):
    """The figures of the log: to the digit in the data, and in the exact text under the total."""
    fill(log, 60)
    log.record(exactly("0.1234567890123456789"), id="long", team="team-0", at=START)
    log.record(cost(model="half"), id="half", at=START)
    log.drain()
    page = show(log.page())
    stated = json.loads(page.locator("#data").text_content())
    assert stated["total"]["cost"] == log.total().to_dict()["cost"]
    assert page.locator("#tiles .small").first.inner_text() == f"at least {log.total().cost} USD"
    assert page.locator("#bound").inner_text() == "The total is a lower bound: 1 partly priced."
    for group in stated["groups"]:
        assert group["rows"] == log.by(group["by"]).to_dict()["rows"], group["by"]
    assert sum(map(Decimal, stated["calls"]["cost"])) == log.total().cost
    # The sum of the table is of the same calls.
    assert page.locator("#found").get_attribute("data-cost") == str(log.total().cost)
    assert page.locator("#by-team").inner_text() == "Cost by team"


def test_filter_and_sort(log, show):
    """Words are looked for in names, tags and ids, all of them; the sum is that of the calls which are left."""
    fill(log, 60)
    page = show(log.page())
    assert page.locator("#page").inner_text() == "Page 1 of 2"
    page.fill("#search", "TEAM-1 tag-0")
    wanted = [place for place in range(60) if place % 3 == 1 and place % 2 == 0]
    assert len(names(page, 1)) == len(wanted) == 10
    assert set(names(page, 3)) == {"team-1"}
    usd = sum((Fraction(cost(1000 + place, 100).total) for place in wanted), Fraction(0))
    assert Fraction(page.locator("#found").get_attribute("data-cost")) == usd
    page.click("[data-column=input]")
    inputs = [int(text.replace(",", "")) for text in names(page, 6)]
    assert inputs == sorted((1000 + place for place in wanted), reverse=True)
    page.click("[data-column=input]")
    assert names(page, 6) == [f"{number:,}" for number in sorted(inputs)]
    assert page.locator("[aria-sort=ascending]").inner_text().startswith("Input")
    page.fill("#search", "id-59")
    assert len(names(page, 1)) == 1
    page.fill("#search", "nobody")
    assert page.locator("#table tbody").inner_text() == "No call is like that."
    assert page.locator("#found").inner_text() == "0 calls, $0.00"


def test_the_lines_of_a_call(log, show):
    """By the keyboard alone: to the first call by Tab, open by Enter, closed by Enter; the focus stays."""
    fill(log, 3)
    page = show(log.page())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "open":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    lines = page.locator(".lines tbody tr").all_inner_texts()
    # The latest call has 1002 tokens at 2e-6 and 100 at 8e-6, 0.002804 in all.
    wanted = [["input", "1,002", "0.002004", "71.5%"], ["output", "100", "0.0008", "28.5%"]]
    assert [line.split() for line in lines] == wanted
    assert "id-2" in page.locator(".facts").inner_text()
    page.keyboard.press("Enter")
    assert page.locator(".more").count() == 0
    assert page.evaluate("document.activeElement.className") == "open"


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_text(log, show, name):
    """It stays text in its cell: nothing runs, no element is made of it, and no other cell is changed."""
    priced = llmcost.CostMap({name: {"input_cost_per_token": 1e-6, "litellm_provider": "openai"}}).calculate(
        usage=llmcost.Usage(input=5), model=name
    )
    log.record(priced, id=f"id{name}", team=name, user=name, tags=[name], session=name, at=START)
    log.record(cost(), id="other", team="other", at=START - timedelta(days=1))
    log.drain()
    page = show(log.page())
    kept = log.calls(most=1)[0].team
    shown = kept if len(kept) <= 200 else f"{kept[:199]}…"
    assert names(page, 3)[0].strip() == shown
    assert page.locator("#table tbody tr").nth(0).locator("bdi").count() == 3
    page.locator(".open").first.click()
    assert kept in page.locator(".facts").inner_text()
    assert page.locator("main script, main img, main b").count() == 0
    assert page.evaluate("document.scripts.length") == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert names(page, 3)[1] == "other"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1920])
def test_everybody_can_read_it(log, show, axe, scheme, width):
    """axe-core finds nothing, open and closed, from a phone to a wide screen; nothing is wider than the screen."""
    fill(log, 80)
    log.record(cost(model="half"), id="half", team="team-0", at=START)
    log.drain()
    page = show(log.page(), color_scheme=scheme, viewport={"width": width, "height": 800})
    page.locator(".open").first.click()
    page.locator("summary").first.click()
    # The policy of the page lets no other script in; the debugger of the browser does.
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_more_calls_than_a_page_holds(log, show):
    """All totals, the last calls, and it says so."""
    fill(log, 30)
    page = show(log.page(most=10))
    assert page.locator("#held").inner_text() == "The last 10 of 30 calls; the totals above are of all."
    assert page.locator("#tiles .big").nth(1).inner_text() == "30"
    last = sum((call.cost for call in log.calls(most=10)), Decimal(0))
    assert Decimal(page.locator("#found").get_attribute("data-cost")) == last


def test_an_empty_log(log, show):
    """It says that there is nothing."""
    page = show(log.page())
    assert page.locator("#tiles .big").nth(1).inner_text() == "0"
    assert page.locator("#table tbody").inner_text() == "No call is like that."


def test_dark_is_dark(log, show):
    fill(log, 3)
    page = show(log.page(), color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 19, 23)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reconciled_bill(log, show, axe, scheme):
    """The sums, the causes with what to do, and the three views; names of the bill are text, whatever they are.

    1,000 tokens are logged at 2e-6, and 1,500 are billed: 0.001 USD. A line of 0.25 USD is on no list.
    """
    log.record(cost(1000, 0), id="1", at=START)
    log.drain()
    lines = [
        BillLine("b:2", START.date(), USAGE, "x", "small", {"input": Fraction(1500)}, Fraction("0.003")),
        *(BillLine("b:3", START.date(), UNEXPLAINED, text, amount=Fraction(1, 4)) for text in HOSTILE[:6]),
    ]
    bill = llmcost.Bill("bill.csv", "none", "Vendor", lines)
    found = llmcost.reconcile(bill, log, cost_map=PRICES)
    page = show(log.page(bill=found.to_dict(cells=False)), color_scheme=scheme)
    section = page.locator("#bill")
    assert "billed $1.503, logged $0.002, difference $1.501" in section.locator("#bill-sums").inner_text()
    rows = section.locator("#bill-causes tbody tr")
    assert rows.count() == 1 + len(HOSTILE[:6])
    assert rows.first.inner_text().split("\t")[:2] == ["calls that the log does not have", "$0.001"]
    for summary in section.locator("summary").all():
        summary.click()
    assert section.locator("#bill-rows table").count() == 3
    page.evaluate(axe)
    problems = page.evaluate("axe.run('#bill').then(found => found.violations.map(one => one.id))")
    assert problems == []


BILL = {
    "first": "2026-11-01",
    "last": "2026-11-30",
    "billed": "7.5312",
    "recorded": "8.1896",
    "difference": "-0.6584",
    "causes": [
        {"text": "calls that the log does not have", "amount": "0.0134", "advice": "look for other keys"},
        {"text": "a discount", "amount": "-2/3", "advice": "state the terms of the contract"},
    ],
    "rows": {
        axis: [
            {"value": value, "billed": "0.2370", "recorded": "1234.5", "difference": "-1234.263"},
            {"value": f"{value} too", "billed": "0.24831", "recorded": "0", "difference": "0.24831"},
        ]
        for axis, value in (("day", "2026-11-01"), ("model", "gpt-4o"), ("meter", "input"))
    },
    "remarks": ["the report goes on"],
}


def test_a_bill_beside_the_log(log, show):
    """Its sums, why they differ and what to do, and both sides by day, model and meter, opened by the keyboard."""
    fill(log, 3)
    page = show(log.page(bill=BILL))
    assert page.locator("#bill-sums").inner_text() == (
        "2026-11-01 to 2026-11-30: billed $7.531, logged $8.19, difference -$0.6584"
    )
    causes = page.locator("#bill-causes tbody tr").all_inner_texts()
    assert [cause.split("\t")[0].split("\n")[0] for cause in causes] == [one["text"] for one in BILL["causes"]]
    assert "look for other keys" in causes[0]
    assert causes[1].endswith("-2/3")
    assert page.locator("#bill-remarks").inner_text() == "the report goes on"
    assert page.locator("#bill-rows table:visible").count() == 0
    page.locator("#bill-rows summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#bill-rows table:visible").count() == 1
    rows = [row.split("\t") for row in page.locator("#bill-rows table").first.locator("tbody tr").all_inner_texts()]
    # An amount with fewer places gets figure spaces, so that the points of a column stand below each other.
    assert rows == [
        ["2026-11-01", "$0.237\u2007", "$1,234.50", "-$1,234.26\u2007\u2007"],
        ["2026-11-01 too", "$0.2483", "$0.00", "$0.2483"],
    ]


def test_a_page_without_a_bill(log, show):
    """It has no place for one."""
    fill(log, 1)
    assert show(log.page()).locator("#bill:visible").count() == 0


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_bill_is_text(log, show, name):
    """What a bill names stays text, whatever it holds, and makes nothing wider than the screen."""
    fill(log, 1)
    row = {"value": name, "billed": "1", "recorded": "1", "difference": "0"}
    bill = {
        **BILL,
        "causes": [{"text": name, "amount": "1", "advice": name}],
        "rows": {axis: [row] for axis in BILL["rows"]},
        "remarks": [name],
    }
    page = show(log.page(bill=bill), viewport={"width": 360, "height": 800})
    for summary in page.locator("#bill-rows summary").all():
        summary.click()
    shown = name if len(name) <= 200 else f"{name[:199]}…"
    assert page.locator("#bill-causes bdi").text_content() == shown
    assert page.locator("#bill-rows bdi").all_text_contents() == [shown] * 3
    assert page.locator("#bill-remarks").text_content() == name
    assert page.locator("main script, main img, main b").count() == 0
    assert page.evaluate("document.scripts.length") == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_a_bill(log, show, axe, scheme, width):
    """axe-core finds nothing in it, with all of it open; on a phone every amount of a cause is on the screen."""
    fill(log, 3)
    page = show(log.page(bill=BILL), color_scheme=scheme, viewport={"width": width, "height": 800})
    for summary in page.locator("#bill-rows summary").all():
        summary.click()
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#bill-causes .usd").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
