"""What a bump settles in the hand-kept files without a person: rules that upstream has made needless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import additions, held
from .held import write_holds
from .rule_files import edited
from .spellings import first_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .additions import Addition
    from .build import Built

OVERRIDES, HISTORY = "overrides.toml", "history.toml"


def settle(rules: Path, built: Built) -> list[str]:
    """Edit the files of a folder in place; return what was done, nothing if all rules are needed."""
    return [*_overrides(rules / OVERRIDES, built), *_additions(rules, built), *_holds(rules / held.NAME, built)]


def _overrides(path: Path, built: Built) -> Iterator[str]:
    """Drop corrections that upstream states itself, and words on the price of models that are gone."""
    adopted, gone = built.corrected.adopted, set(built.corrected.gone)
    done: list[str] = []

    def correction(rule: dict[str, Any]) -> dict[str, Any] | None:
        keys = {first_spelling(key): key for key in rule.get("keys", {})}
        theirs = [name for name in rule["ids"] if name in adopted and keys.keys() <= set(adopted[name])]
        done.extend(f"{name}: upstream states what the override says" for name in theirs)
        left = [name for name in rule["ids"] if name not in theirs]
        common = {spelled for key, spelled in keys.items() if all(key in adopted.get(name, ()) for name in left)}
        if left and common:
            done.append(f"{', '.join(left)}: upstream states what the override says of {', '.join(sorted(common))}")
            rule["keys"] = {key: value for key, value in rule["keys"].items() if key not in common}
        return {**rule, "ids": left} if left else None

    def word(rule: dict[str, Any]) -> dict[str, Any] | None:
        left = [name for name in rule.get("ids", ()) if name not in gone]
        done.extend(f"{name}: no such model any more" for name in rule.get("ids", ()) if name in gone)
        if "ids" not in rule:
            return rule
        return {**rule, "ids": left} if left or "providers" in rule else None

    text = path.read_text("utf-8")
    after = text
    for name in ("override", "factor"):
        after = edited(after, name, correction)
    for name in ("dispute", "settled"):
        after = edited(after, name, word)
    if after != text:
        path.write_text(after, "utf-8", newline="\n")
        yield from done


def _additions(rules: Path, built: Built) -> Iterator[str]:
    """Drop additions that upstream has; their first day and announced changes go on in history.toml."""
    path, ended = rules / additions.NAME, built.added.adopted
    if not ended:
        return

    def change(rule: dict[str, Any]) -> dict[str, Any] | None:
        ids = [rule["id"]] if isinstance(rule["id"], str) else rule["id"]
        places = [place for place, name in enumerate(ids) if name not in ended]
        if len(places) == len(ids):
            return rule
        if not places:
            return None
        like = rule.get("like")
        rest = {"like": [like[place] for place in places]} if isinstance(like, list) else {}
        return {**rule, "id": [ids[place] for place in places], **rest}

    text = path.read_text("utf-8")
    after = edited(text, "model", change)
    if after == text:
        return
    path.write_text(after, "utf-8", newline="\n")
    history = rules / HISTORY
    blocks = "".join(block for _, addition in sorted(ended.items()) for block in _dated(addition))
    history.write_text(history.read_text("utf-8").rstrip("\n") + "\n" + blocks, "utf-8", newline="\n")
    for name in sorted(ended):
        yield f"{name}: upstream has it at the prices of the addition; its dates stand in {HISTORY}"


def _dated(addition: Addition) -> Iterator[str]:
    ids, url = json.dumps([addition.model_id]), json.dumps(addition.url)
    yield f'\n[[born]]\nids = {ids}\nfrom = "{addition.since}"\nurl = {url}\n'
    for start, page, keys in addition.rows():
        yield (
            f'\n[[change]]\nids = {ids}\nfrom = "{start}"\nconf = "medium"\nurl = {json.dumps(page)}\n'
            f'checked = "{addition.read}"\n[change.keys]\n'
        )
        yield from (f'{key} = ["{old}", "{new}"]\n' for key, (old, new) in keys.items())


def _holds(path: Path, built: Built) -> Iterator[str]:
    """End the holds of prices that upstream no longer states."""
    if built.held.ended:
        path.write_text(write_holds(built.held.holds), "utf-8", newline="\n")
    for rule in built.held.ended:
        yield f"{rule.id}: {rule.key} was held back and is another one upstream"
