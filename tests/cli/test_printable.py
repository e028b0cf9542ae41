"""No command hands a terminal what a file, its name, a price map or the command line itself would tell it to do."""

from __future__ import annotations

import json

import pytest

from llmcost.cli._app import app
from tests.test_printable import EVIL, ROW, chat, is_safe

CONFIG = {
    "model_list": [
        {
            "model_name": EVIL,
            "litellm_params": {"model": EVIL, "input_cost_per_token": 3e-6},
            "model_info": {"id": EVIL},
        }
    ]
}


@pytest.fixture
def files(tmp_path):
    """A map, a newer map, a folder of responses, a log and a configuration in which every name is foreign."""
    folder = tmp_path / EVIL.replace("/", "")
    folder.mkdir()
    found = {name: folder / f"{name}.json" for name in ("map", "newer", "response", "unknown", "broken")}
    found["map"].write_text(json.dumps({EVIL: ROW, "gone" + EVIL: ROW}))
    found["newer"].write_text(json.dumps({EVIL: {**ROW, "input_cost_per_token": 2e-6}, "new" + EVIL: ROW}))
    found["response"].write_text(json.dumps(chat(service_tier=EVIL)))
    found["unknown"].write_text(json.dumps(chat("y" + EVIL)))
    found["broken"].write_text('{"usage": {"prompt_tokens": "' + "\x1b" + '"')
    found["log"] = folder / "log.jsonl"
    found["log"].write_text(json.dumps(chat()) + "\n" + json.dumps({"response": chat(), "time": EVIL}) + "\n")
    # A configuration whose name holds a line break would be taken for the text of one.
    found["config"] = tmp_path / "config\x1b[2J\u202e.yaml"
    found["config"].write_text(json.dumps(CONFIG))
    found["refused"] = tmp_path / "refused\x1b[2J.yaml"
    found["refused"].write_text(json.dumps({"model_list": [{"model_name": EVIL, "litellm_params": {EVIL: 1}}]}))
    found["folder"] = folder
    return {name: str(path) for name, path in found.items()}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("price --map {map} {folder}", "0.0014"),
        ("price --map {map} --model EVIL --input 1000", "0.001 USD"),
        ("explain --verbose --map {map} {response} {unknown} {broken}", "0.0014 USD"),
        ("models --map {map}", "2 of 2 models"),
        ("show --verbose --map {map} EVIL", "match rule: exact"),
        ("show --verbose --map {map} --config {config} EVIL", "match rule"),
        ("show --map {map} xEVIL", "no price is known"),
        ("compare --map {map} EVIL xEVIL --input 1000", "0.001"),
        ("diff {map} {newer}", "1 price of 1 model changed"),
        ("diff {map} {folder}", "no such price map"),
        ("reprice --map {map} --old-map {map} {log}", "0.0014"),
        ("whatif --map {map} --model EVIL {log}", "0.0014"),
        ("check --map {map} {config} {response}", "1 deployment"),
        ("check {refused}", "model_list[0]"),
        ("update --check --from {folder}", ""),
        ("price --service-tier EVIL EVIL", "no such file or folder"),
        ("price --input EVIL --model m", "is no count"),
        ("price --meter EVIL --model m", "is not NAME=N"),
        ("price --price EVIL --model m --input 1", "is not KEY=USD"),
        ("schema EVIL", "unexpected extra argument"),
        ("EVIL", "No such command"),
        ("--EVIL", "No such option"),
        ("models --EVIL", "No such option"),
        ("price --map EVIL x", "does not exist"),
        ("reprice {log} --write EVIL/x", "there is no folder"),
    ],
)
def test_no_command_obeys_a_name(runner, files, line, said):
    """Both outputs are printable, no line begins as the name wants it, and the command has done its work."""
    arguments = [word.format(**files).replace("EVIL", EVIL) for word in line.split()]
    result = runner.invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    for text in (result.stdout, result.stderr):
        assert is_safe(text), text
    assert said in result.stdout + result.stderr


def test_a_map_that_the_environment_names(runner, files, monkeypatch):
    """LLMCOST_PRICES takes the place of the bundled map; its names are shown as those of any other."""
    monkeypatch.setenv("LLMCOST_PRICES", files["map"])
    for arguments in (["show", EVIL], ["models"], ["price", files["response"]], ["update", "--check", "--from", "x"]):
        result = runner.invoke(app, arguments)
        assert is_safe(result.stdout + result.stderr), result.stdout + result.stderr
