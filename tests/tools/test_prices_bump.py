"""A bump on made-up wheels: what it settles, what it stops at, and what it writes."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest

from tools.prices.__main__ import main
from tools.prices.releases import DayUnknownError, Release

IN, OUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
MEMBER = "litellm/map.json"
CHAT = {"litellm_provider": "acme", "mode": "chat", IN: 1e-06, OUT: 2e-06, "source": "https://acme.test"}
OPENAI = {**CHAT, "litellm_provider": "openai", "source": "https://openai.test"}
# So many that the change of one is no large step.
OTHERS = {f"acme/{number}": CHAT for number in range(100)}
OLD = {**OTHERS, "acme/m": CHAT, "gpt-m": OPENAI}
NEWER = {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}, "gpt-m": {**OPENAI, OUT: 4e-06}}
NOTICE = """\
| litellm | date | sha256 of the wheel |
|---|---|---|
| 1.0 | 2026-02-01 | `00` |

After the table.
"""
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Prices\n\nThe first map.\n\n## [0.1]\n"
OVERRIDE = """
# Why this one.
[[override]]
ids = ["acme/m", "gpt-m"]
keys.input_cost_per_token = ["1e-06", "8e-07"]
url = "https://acme.test/prices"
checked = "2026-02-05"
expires = "2026-05-01"
why = "x"

# ---- the next part ----

[[dispute]]
ids = ["acme/1"]
why = "nobody knows"
"""
ADDITION = """
[[model]]
id = ["gpt-new", "acme/new"]
provider = "openai"
mode = "chat"
since = "2026-02-10"
url = "https://openai.test/new"
read = "2026-02-12"
expires = "2026-03-20"
keys = { input_cost_per_token = "2e-06", output_cost_per_token = "6e-06" }
[[model.change]]
from = "2026-04-01"
factor = "2"
url = "https://openai.test/rise"
"""


class Registry:
    """A folder of wheels, with the day on which each was uploaded."""

    def __init__(self, folder):
        self.folder, self.rows, self.asked, self.knows_days = folder, [], [], True

    def publish(self, version, day, models, package="litellm"):
        wheel = self.folder / f"{package}-{version}-py3-none-any.whl"
        data = json.dumps(models).encode()
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(zipfile.ZipInfo(MEMBER), data)
        self.rows.append((package, Release(version, wheel.name, sha256(wheel.read_bytes())), day))
        return data

    def ask(self, package, version, before):
        self.asked.append((package, version, before))
        if before and not self.knows_days:
            raise DayUnknownError("no such option")
        found = [
            (release.version, release)
            for name, release, day in self.rows
            if name == package and version in {"", f"=={release.version}"} and (not before or day < before)
        ]
        return max(found)[1] if found else None


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Place:
    """A project of its own: lock, rules, data and the registry."""

    def __init__(self, folder):
        self.folder = folder
        self.rules, self.data, self.cache = (folder / name for name in ("rules", "data", "cache"))
        for path in (self.rules, self.data, self.cache):
            path.mkdir()
        for name in ("overrides.toml", "history.toml", "allowed.toml", "additions.toml", "price_changes.jsonl"):
            (self.rules / name).write_text("")
        self.registry = Registry(self.cache)
        self.lock = folder / "lock.json"
        self.changelog = folder / "CHANGELOG.md"
        self.changelog.write_text(CHANGELOG)
        (self.data / "NOTICE.md").write_text(NOTICE)

    def start(self, models=OLD, today="2026-02-12"):
        member = self.registry.publish("1.0", "2026-02-01", models)
        release = self.registry.rows[0][1]
        row = {"package": "litellm", "version": "1.0", "file": release.file, "sha256": release.sha256, "license": "MIT"}
        row |= {"member": MEMBER, "member_sha256": sha256(member), "data_date": "2026-02-01"}
        self.lock.write_text(json.dumps({"about": "x", "today": today, "inputs": [row]}, indent=2) + "\n")
        assert main(["build", *self.where()]) == 0

    def where(self):
        return [
            "--lock",
            str(self.lock),
            "--cache",
            str(self.cache),
            "--rules",
            str(self.rules),
            "--data",
            str(self.data),
        ]

    def bump(self, *more, today="2026-03-10"):
        args = ["bump", *self.where(), "--changelog", str(self.changelog), "--today", today, *more]
        return main(args, lambda _: self.registry.ask)

    def written(self):
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and self.cache not in path.parents
        }

    def models(self):
        return json.loads((self.data / "model_prices.json").read_bytes())

    def history(self):
        return json.loads((self.data / "price_history.json").read_bytes())


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_new_release(place, capsys):
    """It goes in front of the former one, with the day of its upload; every file says so."""
    place.start()
    place.registry.publish(
        "2.0", "2026-03-05", {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}, "gpt-m": {**OPENAI, OUT: 4e-06}}
    )
    assert place.bump() == 0
    lock = json.loads(place.lock.read_text())
    assert lock["today"] == "2026-03-10"
    assert [(row["version"], row["data_date"]) for row in lock["inputs"]] == [
        ("2.0", "2026-03-05"),
        ("1.0", "2026-02-01"),
    ]
    assert place.models()["acme/m"][IN] == 1.5e-06
    info = json.loads((place.data / "map_info.json").read_bytes())
    assert (info["version"], info["as_of"], info["models"]) == ("2026.3.10", "2026-03-05", 102)
    assert lock["inputs"][0]["sha256"] in (place.data / "NOTICE.md").read_text()
    assert "After the table." in (place.data / "NOTICE.md").read_text()
    # A maker's price stands in the changelog, per million tokens; a reseller's does not.
    changelog = place.changelog.read_text()
    assert "#### 2026-03-10\n\n102 models as of 2026-03-05: 0 added, 0 retired; 0 aliases." in changelog
    assert f"| gpt-m | {OUT} | 2 | 4 | https://openai.test |" in changelog
    assert "acme/m" not in changelog
    assert changelog.index("#### 2026-03-10") < changelog.index("The first map.") < changelog.index("## [0.1]")
    report = capsys.readouterr().out
    assert "| litellm | 1.0 (2026-02-01) | 2.0 (2026-03-05) |" in report
    assert f"| gpt-m | {OUT} | 0.000002 | 0.000004 | +100% | https://openai.test | single |" in report
    assert "acme: 1 prices of 1 models" in report


def test_a_second_release_of_a_day_has_a_number_of_its_own(place):
    """One version has one content. A bump that changes nothing keeps the number, and another day begins anew."""

    def stated():
        info = json.loads((place.data / "map_info.json").read_bytes())
        return json.loads(place.lock.read_text()).get("release"), info["version"]

    place.start(today="2026-03-10")
    place.registry.publish("2.0", "2026-03-05", {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}})
    assert place.bump() == 0
    assert stated() == (2, "2026.3.10.2")
    assert place.bump() == 0
    assert stated() == (2, "2026.3.10.2")
    place.registry.publish("2.1", "2026-03-06", {**OLD, "acme/m": {**CHAT, IN: 1.25e-06}})
    assert place.bump() == 0
    assert stated() == (3, "2026.3.10.3")
    # What is built of the lock is what the bump has written.
    written = place.written()
    assert main(["build", *place.where()]) == 0
    assert place.written() == written
    assert place.bump(today="2026-03-11") == 0
    assert stated() == (None, "2026.3.11")


def test_a_dry_run_writes_nothing(place, capsys):
    """The report alone, and the same status."""
    place.start()
    place.registry.publish("2.0", "2026-03-05", {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}})
    before = place.written()
    assert place.bump("--dry-run", "--report", str(place.folder / "report.md")) == 0
    assert place.written() == before
    assert "| acme/m | input_cost_per_token | 0.000001 | 0.0000015 | +50% |" in capsys.readouterr().out


def test_the_same_inputs_give_the_same_bytes(place):
    """A second bump of the same day changes nothing, and a build from what it wrote gives what it wrote."""
    place.start()
    place.registry.publish(
        "2.0", "2026-03-05", {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}, "gpt-m": {**OPENAI, OUT: 4e-06}}
    )
    assert place.bump("--report", str(place.folder / "report.md")) == 0
    assert (place.folder / "report.md").read_text().startswith("# Prices of 2026-03-10\n")
    assert main(["build", "--check", *place.where()]) == 0
    before = place.written()
    assert place.bump() == 0
    assert place.written() == before


def test_no_release_after_the_day(place):
    """The newest up to the day: a later one is not taken."""
    place.start()
    place.registry.publish("2.0", "2026-03-11", {**OLD, "acme/m": {**CHAT, IN: 1.5e-06}})
    assert place.bump(today="2026-03-10") == 0
    assert [row["version"] for row in json.loads(place.lock.read_text())["inputs"]] == ["1.0"]
    assert place.bump(today="2026-03-11") == 0
    assert [row["data_date"] for row in json.loads(place.lock.read_text())["inputs"]] == ["2026-03-11", "2026-02-01"]


def test_a_day_that_cannot_be_read_is_asked_for(place, capsys):
    """It is never guessed, and one that cannot be is refused."""
    place.start()
    place.registry.publish("2.0", "2026-03-05", OLD)
    place.registry.knows_days = False
    before = place.written()
    assert place.bump() == 1
    assert "litellm 2.0: the day of its upload cannot be read" in capsys.readouterr().err
    assert place.bump("--day", "litellm=2026-01-31") == 1
    assert "2026-01-31 is not between 2026-02-01 and 2026-03-10" in capsys.readouterr().err
    assert place.written() == before
    assert place.bump("--day", "litellm=2026-03-05") == 0
    assert json.loads(place.lock.read_text())["inputs"][0]["data_date"] == "2026-03-05"


def test_offline(place, capsys):
    """Without the registry there is nothing to find."""
    place.start()
    assert place.bump("--offline") == 1
    assert "a bump asks the registry for releases" in capsys.readouterr().err


def test_an_override_that_upstream_has_adopted(place, capsys):
    """It is dropped, and with it its comment; the other id and the next part stay."""
    (place.rules / "overrides.toml").write_text(OVERRIDE)
    place.start()
    place.registry.publish("2.0", "2026-03-05", {**OLD, "gpt-m": {**OPENAI, IN: 8e-07}})
    assert place.bump() == 0
    assert (place.rules / "overrides.toml").read_text() == OVERRIDE.replace('["acme/m", "gpt-m"]', '["acme/m"]')
    assert "- ended: gpt-m: upstream states what the override says" in capsys.readouterr().out
    place.registry.publish("3.0", "2026-03-12", {**OLD, "gpt-m": {**OPENAI, IN: 8e-07}, "acme/m": {**CHAT, IN: 8e-07}})
    assert place.bump(today="2026-03-12") == 0
    assert (place.rules / "overrides.toml").read_text() == "\n" + OVERRIDE[OVERRIDE.index("# ---- the next") :]
    assert place.models()["acme/m"][IN] == place.models()["gpt-m"][IN] == 8e-07


def test_an_override_that_fails_stops(place, capsys):
    """Another price upstream than expected and than corrected: a table says what to decide, and nothing is written."""
    (place.rules / "overrides.toml").write_text(OVERRIDE)
    place.start()
    place.registry.publish("2.0", "2026-03-05", {**OLD, "gpt-m": {**OPENAI, IN: 7e-07}})
    before = place.written()
    assert place.bump("--report", str(place.folder / "report.md")) == 3
    assert {name for name in place.written() if name not in before} == {"report.md"}
    assert all(place.written()[name] == content for name, content in before.items())
    report = capsys.readouterr().out
    assert "| 1e-06 | 7e-07 | 8e-07 | https://acme.test/prices |" in report[report.index("## To decide") :]


def test_a_dispute_of_a_model_that_is_gone(place, capsys):
    """It ends without a person."""
    text = '[[dispute]]\nids = ["gone", "acme/1"]\nwhy = "nobody knows"\n\n[[settled]]\nids = ["gone"]\nwhy = "known"\n'
    place.start()
    (place.rules / "overrides.toml").write_text(text)
    assert place.bump() == 0
    assert (place.rules / "overrides.toml").read_text() == '[[dispute]]\nids = ["acme/1"]\nwhy = "nobody knows"\n\n'
    assert capsys.readouterr().out.count("- ended: gone: no such model any more") == 2


NEW = {**OPENAI, IN: 2e-06, OUT: 6e-06}


def test_an_addition_that_upstream_has_adopted(place, capsys):
    """The rule is dropped, and its first day and announced change go on in the history."""
    (place.rules / "additions.toml").write_text(ADDITION)
    place.start()
    history = place.history()["gpt-new"]
    place.registry.publish("2.0", "2026-03-05", {**OLD, "gpt-new": NEW})
    assert place.bump() == 0
    assert 'id = ["acme/new"]' in (place.rules / "additions.toml").read_text()
    assert place.models()["gpt-new"] == {**NEW, "price_valid_until": "2026-03-31"}
    assert place.history()["gpt-new"] == history
    assert [row["from"] for row in history] == ["2026-02-10", "2026-04-01"]
    assert history[1][OUT] == [6e-06, 1.2e-05]
    report = capsys.readouterr().out
    assert "gpt-new: upstream has it at the prices of the addition; its dates stand in history.toml" in report
    assert "By hand, in no source: acme/new" in report


@pytest.mark.parametrize(
    ("entry", "today", "why"),
    [
        ({**NEW, IN: 3e-06}, "2026-03-10", "input_cost_per_token is 3e-06 upstream, the addition says 2e-06"),
        (None, "2026-03-21", "expired on 2026-03-20; read https://openai.test/new again"),
        (NEW, "2026-04-01", "expired on 2026-03-20; read https://openai.test/new again"),
    ],
)
def test_an_addition_that_does_not_fit(place, capsys, entry, today, why):
    """Upstream contradicts it, or it has ended."""
    (place.rules / "additions.toml").write_text(ADDITION)
    place.start()
    place.registry.publish("2.0", "2026-03-05", {**OLD, "gpt-new": entry} if entry else OLD)
    before = place.written()
    assert place.bump(today=today) == 3
    assert place.written() == before
    assert why in capsys.readouterr().out


def test_aliases(place, capsys):
    """New, moved, gone and left out; a row that became an alias is one, and one that is gone leads where it led."""
    former = {"latest": {"alias_of": "acme/m"}, "former": {"alias_of": "acme/1"}, "acme/new-latest": CHAT}
    place.start({**OLD, **former})
    newer = {"latest": {"alias_of": "gpt-m"}, "lost": {"alias_of": "gone"}, "acme/new-latest": {"alias_of": "acme/m"}}
    place.registry.publish("2.0", "2026-03-05", {**OLD, **newer})
    assert place.bump() == 0
    aliases = {name: row for name, row in place.models().items() if "alias_of" in row}
    targets = {name: row["alias_of"] for name, row in aliases.items()}
    assert targets == {"latest": "gpt-m", "acme/new-latest": "acme/m", "former": "acme/1"}
    info = json.loads((place.data / "map_info.json").read_bytes())
    assert (info["models"], info["aliases"]) == (102, 3)
    report = capsys.readouterr().out
    assert "3 aliases, 1 added, 1 moved" in report
    assert "| latest | acme/m | gpt-m |" in report
    assert "Left out: lost -> gone: no row has the name of its target" in report


def test_a_reseller_is_held_back(place, capsys):
    """A jump, a broken invariant and a doubtful new row: the former prices stay for 14 days, and all else is taken."""
    place.start()
    newer = {
        "acme/m": {**CHAT, IN: 4e-06, OUT: 9e-06},
        "acme/1": {**CHAT, OUT: 5e-07},
        "acme/doubtful": {**CHAT, OUT: 5e-07},
        "acme/fine": CHAT,
    }
    place.registry.publish("2.0", "2026-03-05", {**OLD, **newer})
    assert place.bump() == 0
    models = place.models()
    assert (models["acme/m"][IN], models["acme/m"][OUT], models["acme/1"][OUT]) == (1e-06, 2e-06, 2e-06)
    assert "acme/doubtful" not in models
    record = json.loads((place.data / "provenance.json").read_bytes())["acme/1"]
    assert (record["held"], record["confidence"]) == ({OUT: 5e-07}, "disputed")
    assert record["note"] == "held back until 2026-03-24: E15: input 1e-06, output 5e-07"
    assert "acme/fine" in models
    report = capsys.readouterr().out
    assert f"| acme/m | {IN} | 1e-06 | 4e-06 | 2026-03-24 | E40: output_cost_per_token 0.000002 -> 0.000009" in report
    assert f"| acme/1 | {OUT} | 2e-06 | 5e-07 | 2026-03-24 | E15: input 1e-06, output 5e-07 |" in report
    assert main(["build", "--check", *place.where()]) == 0
    # Upstream corrects one: its hold ends. The others still hold on their last day, and are to decide on the next.
    newer["acme/m"] = {**CHAT, IN: 1.1e-06}
    place.registry.publish("3.0", "2026-03-20", {**OLD, **newer})
    assert place.bump(today="2026-03-24") == 0
    assert place.models()["acme/m"][IN] == 1.1e-06
    assert "- ended: acme/m: input_cost_per_token was held back" in capsys.readouterr().out
    assert place.bump(today="2026-03-25") == 3
    assert "| acme/1 | held back until 2026-03-24: E15: input 1e-06, output 5e-07 |" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({IN: 4e-06, OUT: 9e-06}, "E40 input_cost_per_token 0.000001 -> 0.000004 (+300.0%)"),
        ({OUT: 5e-07}, "E15 input 1e-06, output 5e-07"),
    ],
)
def test_a_maker_stops(place, capsys, change, why):
    """A maker's or a cloud's price is never held back: a person looks, and says so in the rules."""
    place.start()
    place.registry.publish("2.0", "2026-03-05", {**OLD, "gpt-m": {**OPENAI, **change}})
    before = place.written()
    assert place.bump() == 3
    assert place.written() == before
    assert why in capsys.readouterr().out
    allowed = '[[allow]]\ncode = "E15"\nids = ["gpt-m"]\nwhy = "the page says so"\nexpires = "2026-06-01"\n'
    (place.rules / "allowed.toml").write_text(allowed)
    (place.rules / "overrides.toml").write_text('[[settled]]\nids = ["gpt-m"]\nwhy = "the page says so"\n')
    assert place.bump() == 0
    assert {key: place.models()["gpt-m"][key] for key in change} == change


def test_a_large_step(place, capsys):
    """More than two in a hundred prices at once stop until a person accepts them."""
    place.start()
    place.registry.publish("2.0", "2026-03-05", {name: {**row, IN: 1.1e-06} for name, row in OLD.items()})
    assert place.bump() == 3
    assert "E41 102 of 102 models change a base price" in capsys.readouterr().out
    assert place.bump("--accept") == 0


def test_an_id_that_vanishes_is_retired(place, capsys):
    """Also one whose row would not be taken from an older list: it was there, and old logs name it."""
    odd = {**CHAT, IN: 3e-06, OUT: 1e-06}
    (place.rules / "allowed.toml").write_text(
        '[[allow]]\ncode = "E15"\nids = ["acme/odd"]\nwhy = "so it is sold"\nexpires = "2026-06-01"\n'
    )
    place.start({**OLD, "acme/odd": odd})
    place.registry.publish("2.0", "2026-03-05", {name: row for name, row in OLD.items() if name != "acme/m"})
    assert place.bump() == 0
    assert place.models()["acme/m"] == {**CHAT, "retired_on": "2026-03-05"}
    assert place.models()["acme/odd"] == {**odd, "retired_on": "2026-03-05"}
    assert "In no list any more, and kept: acme/odd" in capsys.readouterr().out
    assert main(["build", "--check", *place.where()]) == 0


def test_new_keys_are_told(place, capsys):
    """Keys that a model did not have, and keys that this version does not know: nobody need decide."""
    place.start()
    place.registry.publish(
        "2.0", "2026-03-05", {**OLD, "gpt-m": {**OPENAI, READ: 1e-07, "input_cost_per_furlong": 1e-06}}
    )
    assert place.bump() == 0
    report = capsys.readouterr().out
    assert f"| {READ} | 1 |" in report
    assert "key that this version does not know: input_cost_per_furlong, on 1 models" in report


def test_what_ends_soon(place, capsys):
    """The rules of the next 14 days, the changes of the next 60, and promises that have passed."""
    place.start()
    (place.rules / "overrides.toml").write_text(
        OVERRIDE.replace("2026-05-01", "2026-03-24") + '[[until]]\nids = ["acme/1"]\nday = "2026-03-09"\n'
    )
    (place.rules / "history.toml").write_text(
        '[[change]]\nids = ["acme/2"]\nfrom = "2026-05-09"\nconf = "medium"\nurl = "u"\n'
        'keys.input_cost_per_token = ["1e-06", "2e-06"]\n'
    )
    assert place.bump("--dry-run") == 0
    report = capsys.readouterr().out
    assert "- ends on 2026-03-24: overrides.toml: acme/m, gpt-m" in report
    assert "- 2026-05-09: acme/2" in report
    assert "- promised until a day that has passed: acme/1" in report
    (place.rules / "overrides.toml").write_text(OVERRIDE.replace("2026-05-01", "2026-03-25"))
    (place.rules / "history.toml").write_text((place.rules / "history.toml").read_text().replace("05-09", "05-10"))
    assert place.bump("--dry-run") == 0
    report = capsys.readouterr().out
    assert "ends on" not in report
    assert "- 2026-05-10" not in report
