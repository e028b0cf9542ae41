"""Values of responses, files and callers as text that is safe to show."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# So many characters of a value stand in a message.
_LONGEST = 120


def printable(value: object) -> str:
    r"""Return a text on one line, with control characters and marks of the reading direction spelled out.

    >>> print(printable("gpt\x1b[2J\n\u202e"))
    gpt\x1b[2J\n\u202e
    """
    text = str.__str__(value) if isinstance(value, str) else str(value)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shown(value: object) -> str:
    """Return a value as a message shows it: as Python writes it, printable and shortened. It never raises.

    >>> shown("5e-6"), shown(10**5000)
    ("'5e-6'", 'an int that is too long to show')
    """
    kind = type(value)
    if kind is str:
        text = repr(value[: _LONGEST + 1])  # type: ignore[index]
    elif kind is int or kind is float or kind is bool or value is None:
        try:
            text = repr(value)
        except ValueError:  # an int beyond sys.get_int_max_str_digits()
            return "an int that is too long to show"
    else:
        # What a foreign type does when it is asked for its text is unknown, and how much a container holds too.
        from .foreign_values import described

        text = described(value, _LONGEST)
    return printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}...")


def did_you_mean(name: str, names: Iterable[str], alike: float = 0.6) -> str:
    """Return the question whether a known name was meant, with a space before it; nothing where none is near.

    >>> did_you_mean("modle", ["model", "at"]), did_you_mean("zzz", ["model", "at"])
    (" Did you mean 'model'?", '')

    Args:
        alike: how alike the names have to be, from 0 to 1.
    """
    from difflib import get_close_matches

    near = get_close_matches(name, names, 1, alike)
    return was_meant(near[0]) if near else ""


def was_meant(name: str) -> str:
    """Return the question whether this name was meant, with a space before it."""
    return f" Did you mean {name!r}?"
