"""The benchmark's own virtual environment: llmcost from this checkout, and the peers at pinned versions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
FOLDER = HERE / ".venv-bench"


def python() -> Path:
    """Return the interpreter of the environment, after making or updating it."""
    found = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    # The project's own file too: its name and what it requires are installed with it.
    files = (HERE / "requirements.txt", CHECKOUT / "pyproject.toml")
    wanted = "".join(file.read_text(encoding="utf-8") for file in files) + sys.version
    stamp = FOLDER / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"making {FOLDER} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
        install = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", str(HERE / "requirements.txt")], check=True)
        # Editable, so that what is measured is always what stands in the checkout.
        subprocess.run([*install, "-e", str(CHECKOUT)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return found
