"""The quantities of a call that is asked about, from options."""

from __future__ import annotations

from typing import Any

import click

import llmcost

from ._options import COUNT, together

QUANTITIES = {
    "input": "Tokens of the whole prompt, cached and written ones included.",
    "cached": "How many of the --input tokens are read from the cache.",
    "cache_write": "How many of the --input tokens are written to the cache (for 5 minutes, where that matters).",
    "cache_write_1h": "How many of the --input tokens are written to the cache for an hour.",
    "output": "Tokens of the answer, reasoning included.",
    "reasoning": "How many of the --output tokens are reasoning.",
}
_PARTS = {"input": ("cached", "cache_write", "cache_write_1h"), "output": ("reasoning",)}


# The options that state quantities; ``usage_of`` takes them out of the options again.
quantities = together(
    *(
        click.option(f"--{name.replace('_', '-')}", name, type=COUNT, metavar="N", help=text)
        for name, text in QUANTITIES.items()
    ),
    click.option(
        "--meter",
        "meters",
        multiple=True,
        metavar="NAME=N",
        help="Any other meter: --meter input_audio=300. Repeatable.",
    ),
)


def usage_of(options: dict[str, Any]) -> llmcost.Usage | None:
    """Return the disjoint quantities that the options state, or None; the options lose them.

    Cached tokens are taken out of --input, and reasoning out of --output.
    """
    meters = options.pop("meters")
    stated = {name: options.pop(name) for name in QUANTITIES}
    if not meters and all(count is None for count in stated.values()):
        return None
    counts = {name: count or 0 for name, count in stated.items()}
    for whole, parts in _PARTS.items():
        inside = sum(counts[part] for part in parts)
        if inside > counts[whole]:
            names = " and ".join(f"--{part.replace('_', '-')}" for part in parts if counts[part])
            raise click.UsageError(
                f"{names} ({inside:,}) exceed --{whole} ({counts[whole]:,}), of which they are a part"
            )
        counts[whole] -= inside
    given: dict[str, object] = {"cache_read" if name == "cached" else name: count for name, count in counts.items()}
    for text in meters:
        name, _, number = text.partition("=")
        try:
            given[name.strip()] = float(number) if "." in number else COUNT.convert(number, None, None)
        except (ValueError, click.BadParameter):
            raise click.UsageError(f"--meter {text!r} is not NAME=N, such as input_audio=300") from None
    try:
        return llmcost.Usage(**given)
    except TypeError as error:
        raise click.UsageError(str(error).replace("Usage()", "--meter")) from None
