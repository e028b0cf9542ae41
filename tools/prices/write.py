"""The files as bytes: JSON with one model per line, sorted, so that a model is found without parsing the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def one_per_line(records: Mapping[str, Any], *, sort_keys: bool = True) -> bytes:
    r"""Return a JSON object with one id per line.

    >>> one_per_line({"b": {"y": 1, "x": 2}, "a": {}}).decode()
    '{\n"a":{},\n"b":{"x":2,"y":1}\n}\n'
    """

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"))

    lines = [f"{text(name)}:{text(records[name])}" for name in sorted(records)]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
