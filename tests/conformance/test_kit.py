"""The kit: its files are those of the golden cases, llmcost has every case right, and a wrong answer is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

import conformance
from conformance.__main__ import main
from conformance.adapters import Command
from conformance.build import files, lines, rules
from conformance.judging import judged_price, judged_usage

ROOT = Path(conformance.__file__).parent
CASES, USAGES = lines("cases.jsonl"), lines("usages.jsonl")
CASE = CASES[0]
FAILING = next(case for case in CASES if case["expected"].get("error"))


@pytest.mark.parametrize("path", list(files()), ids=lambda path: path.name)
def test_a_file_is_up_to_date(path):
    """It is what ``python -m conformance.build`` writes."""
    assert path.read_text(encoding="utf-8") == files()[path]


def test_every_line_is_of_the_schema():
    """Of both files; and a line with a float for money is not."""
    validator = jsonschema.Draft202012Validator(json.loads((ROOT / "case.schema.json").read_text(encoding="utf-8")))
    for case in (*CASES, *USAGES):
        validator.validate(case)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**CASE, "expected": {"total": 0.005615}})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({name: value for name, value in CASE.items() if name != "page"})


def test_every_rule_has_a_page_and_cases():
    """No rule is left over, and no API stands under two."""
    assert {case["rule"] for case in CASES} == {rule["id"] for rule in rules()}
    assert all(rule["page"].startswith("https://") for rule in rules())
    assert max(Counter(api for rule in rules() for api in rule["apis"]).values()) == 1


def test_the_page_states_the_numbers():
    """So many cases of either kind."""
    page = (ROOT.parent / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert f"{len(CASES)} cases with a price and {len(USAGES)} recorded responses" in page


def test_llmcost_has_all_of_them_right(capsys):
    """Each total and each unit, exactly."""
    assert main([]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"prices: {len(CASES)} right, 0 dust, 0 wrong, 0 refused, 0 cannot",
        f"usages: {len(USAGES)} right, 0 dust, 0 wrong, 0 refused, 0 cannot",
    ]


class Answers:
    """A tool that always answers the same, or raises it."""

    def __init__(self, answer):
        self._answer = answer

    def price(self, case):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    usage = price


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("0.005615", "right"),
        (Decimal("0.0056150"), "right"),
        (0.005615, "right"),
        (0.005615000000000001, "dust"),
        (0.0056151, "wrong"),
        ("0.005615000000000001", "wrong"),
        ({"total": "0.005615"}, "right"),
        ({"total": "0"}, "wrong"),
        (ValueError("no price"), "refused"),
        (conformance.CannotError("no door"), "cannot"),
    ],
)
def test_an_answer_is_judged(answer, word):
    """The first case costs 86 x 2.5e-6 + 1920 x 1.25e-6 + 300 x 1e-5 = 0.005615 USD."""
    assert judged_price(Answers(answer), CASE).word == word


@pytest.mark.parametrize(("answer", "word"), [("0", "wrong"), (ValueError("refused"), "right")])
def test_what_has_to_be_refused(answer, word):
    """A missing usage that is priced at 0 is wrong."""
    assert judged_price(Answers(answer), FAILING).word == word


def test_units_are_judged():
    """All of them, and no others; fees and times of tools are not counted."""
    right = USAGES[0]["expected"]["quantities"]
    assert judged_usage(Answers({**right, "code_sessions": 1}), USAGES[0]).word == "right"
    assert judged_usage(Answers({**right, "input": right["input"] + 1}), USAGES[0]).word == "wrong"
    assert judged_usage(Answers(ValueError("unknown")), USAGES[0]).word == "refused"


def test_a_program_of_any_language(tmp_path):
    """It reads a case a line, and answers a line."""
    program = tmp_path / "price.py"
    program.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    case = json.loads(line)\n"
        "    answers = {'a': {'total': '0.5'}, 'b': {'error': 'no'}, 'c': {'cannot': 'no door'}}\n"
        "    print(json.dumps(answers.get(case['id'], {'quantities': {'input': 1}})), flush=True)\n",
        encoding="utf-8",
    )
    with Command(f"{sys.executable} {program}") as tool:
        cases = [{"id": name, "expected": {"total": "0.5"}} for name in "abc"]
        assert [judged_price(tool, case).word for case in cases] == ["right", "refused", "cannot"]
        assert judged_usage(tool, {"id": "d", "expected": {"quantities": {"input": 1}}}).word == "right"


def test_another_tool_fails_the_run(capsys):
    """The exit code says that not everything was right, and each case is named."""
    assert main(["--adapter", "tests.conformance.test_kit:Zero", "--only", "prices"]) == 1
    text = capsys.readouterr().out
    assert "wrong    openai-chat-cached-docs-2006-1920: total 0, and not 0.005615" in text


class Zero:
    """A tool that says 0 to everything."""

    def price(self, case):
        return "0"


def test_it_runs_from_the_command_line():
    """As the page says."""
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "--only", "prices", "--quiet"],
        cwd=ROOT.parent,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.startswith(f"prices: {len(CASES)} right"), done.stderr
