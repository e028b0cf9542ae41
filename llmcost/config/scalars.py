"""What a scalar of a YAML document says: a number, a truth value, null, or its text."""

from __future__ import annotations

from typing import Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from ..core.exact import float_of

_PREFIX = "tag:yaml.org,2002:"
LONGEST_NUMBER = 100
# What ``<<`` says.
MERGE: Final = object()
_CONSTRUCTOR = SafeConstructor()
_NUMBERS = {
    "int": _CONSTRUCTOR.construct_yaml_int,
    "float": _CONSTRUCTOR.construct_yaml_float,
    "bool": _CONSTRUCTOR.construct_yaml_bool,
}
# First letter -> what a text that begins with it may be, each with its form.
_FORMS = Resolver.yaml_implicit_resolvers


def plain(text: str) -> object:
    """Return what a text without quotes and without a tag says.

    >>> plain("1.5"), plain("yes"), plain("~"), plain("gpt-4o"), plain("2026-01-01")
    (1.5, True, None, 'gpt-4o', '2026-01-01')
    """
    for tag, form in _FORMS.get(text[:1], ()):
        if form.match(text):
            return tagged(text, tag)
    return text


def tagged(text: str, tag: str) -> object:
    """Return what a scalar of a tag says; its text where that is no number, truth value or null.

    A number that is too small for a float is its text too: the float would be 0, and a price of 0 is free.

    >>> tagged("5", "tag:yaml.org,2002:int"), tagged("five", "tag:yaml.org,2002:int"), tagged("5", "!secret")
    (5, 'five', '5')
    """
    kind = tag.removeprefix(_PREFIX)
    if kind == "merge":
        return MERGE
    if kind == "null":
        return None
    make = _NUMBERS.get(kind)
    if make is None or len(text) > LONGEST_NUMBER:
        return text
    try:
        value = make(yaml.ScalarNode(f"{_PREFIX}{kind}", text))
        lost = kind == "float" and value == 0 and isinstance(float_of(text.replace("_", "")), str)
    except (ValueError, KeyError, IndexError):
        return text
    return text if lost else value
