"""The price build, on made-up wheels, and the committed price file it produced."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.prices.__main__ import main
from tools.prices.build import build
from tools.prices.fetch import InputError
from tools.prices.slips import row_fault, tier_faults

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
    "acme/old": {**CHAT, "input_cost_per_token": 3e-06},
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


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Three wheels in tmp_path, and a lock file that does not list them by date."""
    rows = []
    for version, day, models in [
        ("2.0", "2026-02-01", MIDDLE),
        ("3.0", "2026-03-01", NEWEST),
        ("1.0", "2026-01-01", OLDEST),
    ]:
        wheel = tmp_path / f"litellm-{version}-py3-none-any.whl"
        data = json.dumps(models).encode()
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(MEMBER, data)
        rows.append(
            {
                "package": "litellm",
                "version": version,
                "file": wheel.name,
                "sha256": sha256(wheel.read_bytes()),
                "member": MEMBER,
                "member_sha256": sha256(data),
                "data_date": day,
                "license": "MIT",
            }
        )
    path = tmp_path / "inputs.lock.json"
    path.write_text(json.dumps({"inputs": rows}))
    return path


def built(lock: Path) -> dict[str, Any]:
    data, _ = build(lock, lock.parent, offline=True)
    models: dict[str, Any] = json.loads(data)
    return models


def edit_first_row(lock: Path, **changes: str) -> None:
    document = json.loads(lock.read_text())
    document["inputs"][0].update(changes)
    lock.write_text(json.dumps(document))


def test_same_inputs_give_the_same_bytes(lock: Path) -> None:
    assert build(lock, lock.parent, offline=True) == build(lock, lock.parent, offline=True)


def test_layout(lock: Path) -> None:
    lines = build(lock, lock.parent, offline=True)[0].decode().split("\n")
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
        "input_cost_per_token": 3e-06,
        "retired_on": "2026-03-01",
    }
    assert models["acme/oldest"]["retired_on"] == "2026-02-01"
    assert "retired_on" not in models["acme/now"]


def test_an_older_wheel_replaces_an_unusable_row(lock: Path) -> None:
    # Wheel 2.0 still listed the model, so it was gone by 3.0.
    assert built(lock)["acme/blunder"] == {**CHAT, "retired_on": "2026-03-01"}


def test_numbers_and_keys_are_cleaned(lock: Path) -> None:
    data = build(lock, lock.parent, offline=True)[0].decode()
    assert data.split("\n")[2] == (
        '"acme/now":{"input_cost_per_token":1e-07,"litellm_provider":"acme","max_tokens":4096,'
        '"mode":"chat","output_cost_per_token":0.0,"supports_vision":true,'
        '"tiered_pricing":[{"input_cost_per_token":3e-07,"range":[0,1000]}]},'
    )


def test_slips_and_case_doubles_are_dropped_and_reported(lock: Path) -> None:
    data, report = build(lock, lock.parent, offline=True)
    assert not {"acme/slip", "ACME/NOW"} & json.loads(data).keys()
    assert "  acme/slip (litellm 1.0): token price above $600 per million" in report
    assert "  ACME/NOW (litellm 1.0): differs from a current id only in case" in report


@pytest.mark.parametrize("key", ["sha256", "member_sha256"])
def test_a_wrong_sha256_is_refused(lock: Path, key: str) -> None:
    edit_first_row(lock, **{key: "0" * 64})
    with pytest.raises(InputError, match=r"sha256 mismatch for .*litellm-2\.0"):
        build(lock, lock.parent, offline=True)


def test_offline_names_a_missing_wheel(lock: Path) -> None:
    (lock.parent / "litellm-1.0-py3-none-any.whl").unlink()
    with pytest.raises(InputError, match=r"litellm-1\.0-py3-none-any\.whl is not in the cache"):
        build(lock, lock.parent, offline=True)


def test_command_line(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = lock.parent / "out.json"
    args = ["build", "--offline", "--lock", str(lock), "--cache", str(lock.parent)]
    args += ["--output", str(output)]
    assert main([*args, "--check"]) == 1
    assert main(args) == 0
    assert main([*args, "--check"]) == 0
    assert "5 models: 2 current, 3 retired" in capsys.readouterr().out
    edit_first_row(lock, sha256="0" * 64)
    assert main(args) == 2
    assert "sha256 mismatch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("model_id", "changes", "fault"),
    [
        ("a/ok", {}, None),
        ("a/ok", {"output_cost_per_token": 500e-6}, None),
        ("a/dear-image", {"input_cost_per_image_above_128k_tokens": 0.01}, None),
        ("a/x", {"cache_read_input_token_cost": 0.01}, "above $600"),
        ("a/x", {"output_cost_per_token": 4e-09}, "below $0.01"),
        ("a/x", {"output_cost_per_token": 1e-07}, "below half"),
        ("a/", {}, "without a model name"),
    ],
)
def test_row_faults(model_id: str, changes: dict[str, float], fault: str | None) -> None:
    found = row_fault(model_id, {**CHAT, **changes})
    assert found is None if fault is None else fault in str(found)


@pytest.mark.parametrize(
    ("model_id", "mode", "usable"),
    [
        ("a/model", "chat", False),
        ("a/expert", "chat", False),
        ("a/model:free", "chat", True),
        ("a/model-exp-0827", "chat", True),
        ("text-moderation", "moderation", True),
    ],
)
def test_zero_prices_need_a_sign_of_being_free(model_id: str, mode: str, usable: bool) -> None:
    entry = {"litellm_provider": "a", "mode": mode, "input_cost_per_token": 0.0}
    assert (row_fault(model_id, entry) is None) is usable


def test_tier_faults() -> None:
    entry = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "input_cost_per_token_above_128k_tokens": 1.33e-05,
        "cache_creation_input_token_cost": 1e-06,
        "cache_creation_input_token_cost_above_1hr": 6e-06,
    }
    assert tier_faults(entry) == [
        "input_cost_per_token_above_128k_tokens",
        "cache_creation_input_token_cost_above_1hr",
    ]


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
    assert len(by_line) == len(lines) - 3 >= 5000


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
        "openrouter/openai/gpt-4o",
    }
    assert sum(model_id.startswith("openrouter/") for model_id in retired) > 400
    assert all("litellm_provider" in entry for entry in models.values())


def test_notice_names_every_input() -> None:
    notice = (ROOT / "data" / "NOTICE.md").read_text("utf-8")
    for row in json.loads((ROOT / "tools/prices/inputs.lock.json").read_text("utf-8"))["inputs"]:
        assert row["sha256"] in notice
        assert row["data_date"] in notice
