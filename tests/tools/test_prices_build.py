"""The whole price build on made-up wheels, and the committed files."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.prices.__main__ import main
from tools.prices.build import Built, build
from tools.prices.fetch import InputError
from tools.prices.report import report

ROOT = Path(__file__).resolve().parents[2]
MEMBER = "litellm/map.json"

CHAT = {
    "litellm_provider": "acme",
    "mode": "chat",
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 2e-06,
}
NEWEST = {
    "sample_spec": {"litellm_provider": "one of ...", "input_cost_per_token": 0.0},
    "fallback_generalizations": {"rules": []},
    "acme/now": {
        **CHAT,
        "input_cost_per_token": 1.0000000000000001e-07,
        "output_cost_per_token": 0,
        "max_tokens": 4096.0,
        "supports_vision": True,
        "supports_audio_input": False,
        "tiered_pricing": [{"range": [0, 1000], "input_cost_per_token": 3.0000000000000004e-07}],
        "rpm": 100,
        "metadata": {"notes": "x"},
    },
    "acme/é": CHAT,
}
MIDDLE = {
    "acme/now": CHAT,
    "acme/old": {**CHAT, "input_cost_per_token": 1.5e-06},
    "acme/blunder": {**CHAT, "input_cost_per_token": 1.0},
}
OLDEST = {
    "acme/old": {**CHAT, "input_cost_per_token": 9e-06},
    "acme/oldest": CHAT,
    "acme/blunder": CHAT,
    "acme/slip": {**CHAT, "output_cost_per_token": 0.2},
    "ACME/NOW": CHAT,
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel_row(folder: Path, package: str, version: str, day: str, member: str, data: bytes) -> dict[str, str]:
    wheel = folder / f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, data)
    return {
        "package": package,
        "version": version,
        "file": wheel.name,
        "sha256": sha256(wheel.read_bytes()),
        "member": member,
        "member_sha256": sha256(data),
        "data_date": day,
        "license": "MIT",
    }


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Three wheels and empty rules in tmp_path, and a lock file that does not list the wheels by date."""
    rows = [
        wheel_row(tmp_path, "litellm", version, day, MEMBER, json.dumps(models).encode())
        for version, day, models in [
            ("2.0", "2026-02-01", MIDDLE),
            ("3.0", "2026-03-01", NEWEST),
            ("1.0", "2026-01-01", OLDEST),
        ]
    ]
    for name in ("overrides.toml", "history.toml", "allowed.toml", "price_changes.jsonl"):
        (tmp_path / name).write_text("")
    path = tmp_path / "inputs.lock.json"
    path.write_text(json.dumps({"today": "2026-03-10", "inputs": rows}))
    return path


def run(lock: Path) -> Built:
    return build(lock, lock.parent, offline=True, rules=lock.parent, say=lambda _: None)


def built(lock: Path) -> dict[str, Any]:
    models: dict[str, Any] = json.loads(run(lock).files["model_prices.json"])
    return models


def edit_first_row(lock: Path, **changes: str) -> None:
    document = json.loads(lock.read_text())
    document["inputs"][0].update(changes)
    lock.write_text(json.dumps(document))


def test_same_inputs_give_the_same_bytes(lock: Path) -> None:
    """Two builds from one lock file are equal byte by byte, the report included."""
    assert run(lock).files == run(lock).files
    assert report(run(lock)) == report(run(lock))


def test_layout(lock: Path) -> None:
    """The price file has one model per line, sorted."""
    lines = run(lock).files["model_prices.json"].decode().split("\n")
    assert lines[0] == "{"
    assert lines[-2:] == ["}", ""]
    assert [line.split(":{")[0] for line in lines[1:-2]] == [
        '"acme/blunder"',
        '"acme/now"',
        '"acme/old"',
        '"acme/oldest"',
        '"acme/é"',
    ]
    assert all(line.endswith("},") for line in lines[1:-3])
    assert lines[-3].endswith("}")


def test_only_models_are_kept(lock: Path) -> None:
    assert not {"sample_spec", "fallback_generalizations"} & built(lock).keys()


def test_a_retired_row_comes_from_the_newest_wheel_that_had_it(lock: Path) -> None:
    models = built(lock)
    assert models["acme/old"] == {
        **CHAT,
        "input_cost_per_token": 1.5e-06,
        "retired_on": "2026-03-01",
    }
    assert models["acme/oldest"]["retired_on"] == "2026-02-01"
    assert "retired_on" not in models["acme/now"]


def test_an_older_wheel_replaces_an_unusable_row(lock: Path) -> None:
    # Wheel 2.0 still listed the model, so it was gone by 3.0.
    assert built(lock)["acme/blunder"] == {**CHAT, "retired_on": "2026-03-01"}


def test_numbers_and_keys_are_cleaned(lock: Path) -> None:
    data = run(lock).files["model_prices.json"].decode()
    assert data.split("\n")[2] == (
        '"acme/now":{"input_cost_per_token":1e-07,"litellm_provider":"acme","max_tokens":4096,'
        '"mode":"chat","output_cost_per_token":0.0,"supports_vision":true,'
        '"tiered_pricing":[{"input_cost_per_token":3e-07,"range":[0,1000]}]},'
    )


def test_slips_and_case_doubles_are_dropped_and_reported(lock: Path) -> None:
    assert not {"acme/slip", "ACME/NOW"} & built(lock).keys()
    dropped = run(lock).merged.dropped
    assert ("litellm 1.0", "acme/slip", "token price above $600 per million") in dropped
    assert ("litellm 1.0", "ACME/NOW", "differs from a current id only in case") in dropped


@pytest.mark.parametrize("key", ["sha256", "member_sha256"])
def test_a_wrong_sha256_is_refused(lock: Path, key: str) -> None:
    edit_first_row(lock, **{key: "0" * 64})
    with pytest.raises(InputError, match=r"sha256 mismatch for .*litellm-2\.0"):
        run(lock)


def test_offline_names_a_missing_wheel(lock: Path) -> None:
    (lock.parent / "litellm-1.0-py3-none-any.whl").unlink()
    with pytest.raises(InputError, match=r"litellm-1\.0-py3-none-any\.whl is not in the cache"):
        run(lock)


def test_command_line(lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`build` writes the files, `--check` tells whether they are what the inputs give, and errors have a status."""
    data = tmp_path / "data"
    data.mkdir()
    args = ["build", "--offline", "--lock", str(lock), "--cache", str(lock.parent)]
    args += ["--rules", str(lock.parent), "--data", str(data)]
    assert main([*args, "--check"]) == 1
    assert main(args) == 0
    assert main([*args, "--check"]) == 0
    printed = capsys.readouterr().out
    assert "5 models of 1 providers: 2 current, 3 retired, 0 free" in printed
    names = {"model_prices.json", "price_history.json", "provenance.json"}
    assert {file.name for file in data.iterdir()} == {*names, "map_info.json"}
    info = json.loads((data / "map_info.json").read_bytes())
    assert info["models"] == 5
    assert info["sha256"] == {name: hashlib.sha256((data / name).read_bytes()).hexdigest() for name in names}
    assert main(["fetch", *args[1:6]]) == 0
    edit_first_row(lock, sha256="0" * 64)
    assert main(args) == 2
    assert "sha256 mismatch" in capsys.readouterr().err


def test_a_broken_invariant_stops_the_build(lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An entry that breaks an E rule writes nothing until it is allowed by id and with a reason."""
    data = tmp_path / "data"
    data.mkdir()
    document = json.loads(lock.read_text())
    bad = {**NEWEST, "acme/cheap": {**CHAT, "input_cost_per_token": 9e-06}}
    row = wheel_row(tmp_path, "litellm", "3.0", "2026-03-01", MEMBER, json.dumps(bad).encode())
    document["inputs"][1] = row
    lock.write_text(json.dumps(document))
    args = ["build", "--offline", "--lock", str(lock), "--cache", str(lock.parent)]
    args += ["--rules", str(lock.parent), "--data", str(data)]
    assert main(args) == 1
    assert "NOT ALLOWED E15 acme/cheap: input 9e-06, output 2e-06" in capsys.readouterr().out
    assert not list(data.iterdir())
    (tmp_path / "allowed.toml").write_text(
        '[[allow]]\ncode = "E15"\nids = ["acme/cheap"]\nwhy = "so it is"\nexpires = "2026-06-01"\n'
    )
    assert main(args) == 0


def test_an_override_that_no_longer_fits_stops_the_build(
    lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the model, the key, both values and the page to read."""
    (tmp_path / "overrides.toml").write_text(
        '[[override]]\nids = ["acme/old"]\nkeys.input_cost_per_token = ["7e-06", "1e-06"]\n'
        'url = "https://acme.test/prices"\nchecked = "2026-03-01"\nexpires = "2026-05-01"\nwhy = "x"\n'
    )
    (found,) = run(lock).decisions
    assert str(found).startswith("acme/old: input_cost_per_token is 1.5e-06 upstream, the override expects 7e-06")
    assert (found.expected, found.upstream, found.ours) == ("7e-06", "1.5e-06", "1e-06")
    assert found.page == "https://acme.test/prices"
    args = ["build", "--offline", "--lock", str(lock), "--cache", str(lock.parent), "--rules", str(lock.parent)]
    assert main([*args, "--data", str(tmp_path / "nowhere")]) == 2
    assert "the override expects 7e-06" in capsys.readouterr().err


def test_a_fee_is_written_and_reported(lock: Path, tmp_path: Path) -> None:
    """The table of fees gives a model its price per search, with the page; a fee that fits nothing is to be decided."""
    rule = (
        '[[fee]]\nproviders = ["acme"]\ntool = "web_search"\nkey = "search_context_cost_per_query"\nprice = "0.01"\n'
        'models = ["acme/é"]\nsince = "2026-01-01"\nurl = "https://acme.test"\nchecked = "2026-03-01"\n'
        'expires = "2026-05-01"\nwhy = "10 per 1,000"\n'
    )
    (tmp_path / "tools.toml").write_text(rule)
    found = run(lock)
    sizes = ("search_context_size_high", "search_context_size_low", "search_context_size_medium")
    assert found.models["acme/é"]["search_context_cost_per_query"] == dict.fromkeys(sizes, 0.01)
    assert found.provenance["acme/é"]["fees"] == {"search_context_cost_per_query": "https://acme.test"}
    assert "  acme web_search 0.01: written into 1 rows, 0 had it" in report(found)
    (tmp_path / "tools.toml").write_text(rule.replace("acme/é", "acme/gone"))
    assert [str(decision) for decision in run(lock).decisions] == ["acme web_search: fee: it applies to no model"]


def test_a_scheduled_change_is_promised_in_the_entry(lock: Path, tmp_path: Path) -> None:
    """The day before a scheduled change stands in the entry, so that only a later call opens the history."""
    (tmp_path / "history.toml").write_text(
        '[[change]]\nids = ["acme/é"]\nfrom = "2026-04-01"\nconf = "high"\nurl = "https://acme.test"\n'
        'keys.input_cost_per_token = ["1e-06", "2e-06"]\n'
    )
    assert built(lock)["acme/é"]["price_valid_until"] == "2026-03-31"
    history = json.loads(run(lock).files["price_history.json"])
    assert history["acme/é"] == [
        {"from": "2026-03-01", "seen": True, "src": "litellm 3.0"},
        {"from": "2026-04-01", "input_cost_per_token": [1e-06, 2e-06], "conf": "high", "src": "https://acme.test"},
    ]


def test_each_price_is_known_since_a_list(lock: Path) -> None:
    """A model of the newest list, and two that older ones have: each is known since the first that has its price."""
    history = json.loads(run(lock).files["price_history.json"])
    seen = {name: (rows[0]["from"], rows[0]["src"]) for name, rows in history.items()}
    assert seen["acme/now"] == ("2026-03-01", "litellm 3.0")
    assert seen["acme/old"] == ("2026-02-01", "litellm 2.0")
    assert seen["acme/oldest"] == ("2026-01-01", "litellm 1.0")


@pytest.fixture(scope="module")
def committed() -> bytes:
    return (ROOT / "data" / "model_prices.json").read_bytes()


def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


def test_committed_file_is_one_sorted_model_per_line(committed: bytes) -> None:
    whole = json.loads(committed, object_pairs_hook=refuse_duplicates)
    lines = committed.decode().split("\n")
    assert (lines[0], lines[-2:]) == ("{", ["}", ""])
    by_line: dict[str, Any] = {}
    for line in lines[1:-2]:
        by_line.update(json.loads("{" + line.removesuffix(",") + "}"))
    assert by_line == whole
    assert list(by_line) == sorted(by_line)
    assert len(by_line) == len(lines) - 3 >= 5500


def test_committed_file_is_found_by_line(committed: bytes) -> None:
    for model_id in json.loads(committed):
        assert b"\n" + json.dumps(model_id, ensure_ascii=False).encode() + b":{" in committed


def test_committed_file_has_retired_models(committed: bytes) -> None:
    models = json.loads(committed)
    sonnet = models["claude-3-5-sonnet-20241022"]
    assert (sonnet["input_cost_per_token"], sonnet["output_cost_per_token"]) == (3e-06, 1.5e-05)
    flash = models["gemini/gemini-1.5-flash"]
    assert (flash["mode"], flash["output_cost_per_token"]) == ("chat", 3e-07)
    retired = {model_id for model_id, entry in models.items() if "retired_on" in entry}
    assert retired >= {
        "claude-3-5-sonnet-20241022",
        "claude-3-7-sonnet-20250219",
        "1024-x-1024/dall-e-2",
        "standard/1024-x-1024/dall-e-3",
        "gemini-1.5-pro",
        "gemini/gemini-1.5-flash",
        "o1-mini",
        "xai/grok-2",
        "xai/grok-3",
    }
    assert sum(model_id.startswith("openrouter/") for model_id in models) > 900
    assert len({entry.get("litellm_provider") for entry in models.values()}) >= 140


def test_notice_names_every_input() -> None:
    notice = (ROOT / "data" / "NOTICE.md").read_text("utf-8")
    for row in json.loads((ROOT / "tools/prices/inputs.lock.json").read_text("utf-8"))["inputs"]:
        assert row["sha256"] in notice
        assert row["data_date"] in notice
