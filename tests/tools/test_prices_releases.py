"""The newest releases: which is found, of which day it is, and which former lists stay."""

from __future__ import annotations

import json
import subprocess

import pytest

from tools.prices import releases
from tools.prices.fetch import InputError, Source
from tools.prices.notice import with_sources
from tools.prices.releases import MOST_LISTS, DayUnknownError, Release, installer, newest, thinned

KNOWN = Source("acme", "1.0", "acme-1.0.whl", "00", "acme/prices.json", "11", "2026-01-01", "MIT")
NEW = Release("2.0", "acme-2.0.whl", "22")


def uploaded(day, asked=None):
    """A registry that has release 2.0 since a day."""

    def ask(package, version, before):
        if asked is not None:
            asked.append(before)
        assert package == "acme"
        assert version in {"", "==2.0"}
        return NEW if day < before else Release("1.0", "acme-1.0.whl", "00")

    return ask


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-02", "2026-01-17", "2026-01-30", "2026-01-31"])
def test_the_day_of_an_upload(day):
    """Found by asking what was there before a day: seven questions at most for a month."""
    asked = []
    assert newest(KNOWN, "2026-01-31", uploaded(day, asked), None) == (NEW, day)
    assert len(asked) <= 7


def test_nothing_new():
    """A release after the day is not there yet."""
    assert newest(KNOWN, "2026-01-31", uploaded("2026-02-01"), None) is None


def test_a_day_that_is_given():
    """It is believed if it can be, and nothing is asked for it."""
    asked = []
    assert newest(KNOWN, "2026-01-31", uploaded("2026-01-17", asked), "2026-01-18") == (NEW, "2026-01-18")
    assert len(asked) == 1
    with pytest.raises(InputError, match="2026-02-01 is not between 2026-01-01 and 2026-01-31"):
        newest(KNOWN, "2026-01-31", uploaded("2026-01-17"), "2026-02-01")


def test_a_package_that_is_gone():
    """The lock knows a release that the registry does not."""
    with pytest.raises(InputError, match=r"acme: no release is found; the lock has 1\.0"):
        newest(KNOWN, "2026-01-31", lambda *_: None, None)


def lists(*days):
    return [Source("litellm", str(number), "f", "0", "m", "0", day, "MIT") for number, day in enumerate(days)]


def test_former_lists_stay_while_they_are_few():
    """They supply retired models, and the history is checked against them."""
    days = [f"2026-01-{31 - number}" for number in range(MOST_LISTS)]
    assert thinned(lists(*days)) == lists(*days)


def test_of_many_lists_the_last_three_and_one_a_quarter_stay():
    """The newest of each quarter of those beyond the third."""
    days = [*(f"2026-06-{30 - number}" for number in range(14)), "2026-03-31", "2026-01-01", "2025-12-31"]
    kept = [source.data_date for source in thinned(lists(*days))]
    assert kept == ["2026-06-30", "2026-06-29", "2026-06-28", "2026-06-27", "2026-03-31", "2025-12-31"]


class Run:
    """What the installer answers, and what it was asked."""

    def __init__(self, monkeypatch, tmp_path):
        self.answer, self.commands = (0, "{}", ""), []
        monkeypatch.setattr(releases.subprocess, "run", self.run)
        python = tmp_path / "installer" / "bin" / "python"
        monkeypatch.setattr(releases.sys, "platform", "linux")
        python.parent.mkdir(parents=True)
        python.touch()
        self.ask = installer(tmp_path)

    def run(self, command, **_):
        self.commands.append(command)
        return subprocess.CompletedProcess(command, *self.answer)


@pytest.fixture
def run(monkeypatch, tmp_path):
    return Run(monkeypatch, tmp_path)


def test_what_the_installer_reports(run):
    """One wheel, with its version, name and sha256; the day before which it was uploaded is an instant in UTC."""
    found = {"url": "https://files.test/a/acme-2.0-py3-none-any.whl", "archive_info": {"hashes": {"sha256": "22"}}}
    report = {"install": [{"metadata": {"version": "2.0"}, "download_info": found}]}
    run.answer = 0, json.dumps(report), ""
    assert run.ask("acme", "==2.0", "2026-01-02") == Release("2.0", "acme-2.0-py3-none-any.whl", "22")
    (command,) = run.commands
    assert command[-3:] == ["--uploaded-prior-to", "2026-01-02T00:00:00+00:00", "acme==2.0"]
    assert {"--dry-run", "--no-deps", "--only-binary=:all:"} <= set(command)
    run.ask("acme", "", "")
    assert "--uploaded-prior-to" not in run.commands[-1]


@pytest.mark.parametrize(
    ("stderr", "before", "error"),
    [
        ("ERROR: No matching distribution found for acme", "2026-01-02", None),
        ("\nno such option: --uploaded-prior-to\n", "2026-01-02", DayUnknownError),
        ("ERROR: Connection refused", "2026-01-02", InputError),
        ("ERROR: Connection refused", "", InputError),
    ],
)
def test_what_the_installer_cannot(run, stderr, before, error):
    """No such release is an answer; an old installer or a registry without days, and a failure, are told apart."""
    run.answer = 1, "", stderr
    if error is None:
        assert run.ask("acme", "", before) is None
    else:
        with pytest.raises(error):
            run.ask("acme", "", before)


NOTICE = """\
| litellm | date | sha256 of the wheel |
|---|---|---|
| 0.9 | 2025-12-01 | `ab` |

| package | version | date | file | what for | sha256 of the wheel |
|---|---|---|---|---|---|
| acme | 0.9 | 2025-12-01 | `acme/prices.json` | second opinion | `ab` |

The end.
"""


def test_the_notice_names_every_wheel():
    """Versions, days and sums are those of the sources; what a source is for stays."""
    sources = [*lists("2026-02-01", "2026-01-01"), KNOWN]
    expected = NOTICE.replace(
        "| 0.9 | 2025-12-01 | `ab` |\n\n", "| 0 | 2026-02-01 | `0` |\n| 1 | 2026-01-01 | `0` |\n\n"
    )
    expected = expected.replace("| acme | 0.9 | 2025-12-01 |", "| acme | 1.0 | 2026-01-01 |").replace("`ab`", "`00`")
    assert with_sources(NOTICE, sources) == expected
