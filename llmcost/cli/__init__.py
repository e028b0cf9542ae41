"""The command line. A command is a module of this folder with a function of the same name.

``llmcost/cli/price.py`` with ``@click.command def price(...)`` is ``llmcost price``; nothing lists the commands.
A module whose name starts with an underscore is no command. click and rich come with the extra ``cli``.
"""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper

from ..errors import how_to_install
from ._ending import code_after, flushed

_EXTRA = ("click", "rich")
_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code; without the extra, say in one line how to get it and exit with 1."""
    code: object = 0
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It was closed before the program began (>&-): what is written to it is nobody's.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end
    try:
        _run()
    except SystemExit as ended:
        code = ended.code
    except OSError as error:
        # The help and the version are written outside of any command.
        code = code_after(error)
    raise SystemExit(flushed(code))


def _run() -> None:
    if "statusline" in sys.argv:
        # A prompt waits for it: it is answered before click loads.
        from ._statusline import parsed, run

        found = parsed(sys.argv[1:])
        if found is not None:
            # It ends with its line: what it loads would be searched for garbage again and again, and has none.
            gc.disable()
            raise SystemExit(run(*found))
    try:
        from ._app import app
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise SystemExit(_INTERRUPTED) from None
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        print(
            f"llmcost: the command line needs {error.name}, which is not installed: {how_to_install('cli', *_EXTRA)}",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal cannot write is spelled out and does not end the command.
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="llmcost")
