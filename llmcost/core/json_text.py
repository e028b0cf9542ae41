"""JSON texts of price data, read without the package ``json``: that one loads regular expressions and enums first.

The scanner is the one that ``json`` itself uses. What it cannot read is handed to ``json``, which says why, as is every
text where Python has no such scanner.
"""

from __future__ import annotations

from .exact import float_of
from .late import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import json
    from collections.abc import Callable
    from typing import Any
else:
    json = Late("json")

try:
    from _json import encode_basestring, make_scanner
except ImportError:  # pragma: no cover - a Python without the compiled half of json
    encode_basestring = make_scanner = None  # type: ignore[assignment, misc]

_SPACE = " \t\n\r"


class _Strict:
    """How the scanner is asked to read: as ``json.loads`` does, with floats that keep what they say."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = staticmethod(float_of), int, float


_scan: Callable[[str, int], tuple[Any, int]] | None = (
    make_scanner(_Strict) if make_scanner is not None else None  # type: ignore[arg-type]
)


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text; a float that is too small for one stays text (see ``float_of``).

    >>> read_json(b' {"a": [1, 2.5e-06, 1e-400]} ')
    {'a': [1, 2.5e-06, '1e-400']}

    Raises:
        ValueError: the text is no JSON.
        RecursionError: it is nested too deep.
    """
    if _scan is not None:
        try:
            written = (text if isinstance(text, str) else text.decode(errors="surrogatepass")).strip(_SPACE)
            value, end = _scan(written, 0)
            if end == len(written):
                return value
        except (StopIteration, ValueError):
            pass  # json says below what is wrong
    return json.loads(text, parse_float=float_of)


def quote(text: str) -> str:
    """Return a text as JSON writes it, with its own characters.

    >>> quote("gpt-4o")
    '"gpt-4o"'
    """
    return encode_basestring(text) if encode_basestring is not None else json.dumps(text, ensure_ascii=False)
