"""Values of responses, files and callers as text that is safe to show."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    Listed = TypeVar("Listed")

# So many characters of a value stand in a message, so many of a part of it that is text, and so many has it in all.
_LONGEST, _LONGEST_PART, _LONGEST_MESSAGE = 120, 2_000, 10_000


def printable(value: object) -> str:
    r"""Return a text on one line, with control characters and marks of the reading direction spelled out.

    >>> print(printable("gpt\x1b[2J\n\u202e"))
    gpt\x1b[2J\n\u202e
    """
    # Told by its type: a foreign object may say that it is of another class, or fail when it is asked.
    text = str.__str__(value) if issubclass(type(value), str) else str(value)
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


def told(value: object, longest: int = _LONGEST_PART) -> str:
    """Return a part of a message: a text as it is, printable and shortened, and any other value as ``shown`` does.

    It never raises.

    >>> told("config.yaml"), told(None)
    ('config.yaml', 'None')
    """
    if not issubclass(type(value), str):
        return shown(value)
    text = str.__str__(value)
    return printable(text if len(text) <= longest else f"{text[: longest - 3]}...")


def message(value: object) -> str:
    """Return what a whole message says, on one line, as ``told`` does; it may be longer than a part.

    >>> message("no price is known"), len(message("x" * 20_000))
    ('no price is known', 10000)
    """
    return told(value, _LONGEST_MESSAGE)


def is_told(value: object) -> bool:
    """Return whether an error has this part: it is neither None nor an empty text.

    >>> is_told("m"), is_told(""), is_told(None)
    (True, False, False)
    """
    return value is not None and not (issubclass(type(value), str) and str.__len__(value) == 0)  # type: ignore[arg-type]


def several(values: Sequence[Listed]) -> tuple[Listed, ...]:
    """Return what an error lists. What is neither a list nor a tuple is one thing: it may have no end, or raise.

    >>> several(["a", "b"]), several("ab")
    (('a', 'b'), ('ab',))
    """
    return tuple(values) if type(values) is list or type(values) is tuple else (values,)  # type: ignore[return-value]


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


def was_meant(name: object) -> str:
    """Return the question whether this name was meant, with a space before it."""
    return f" Did you mean {shown(name)}?"
