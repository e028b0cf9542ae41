"""A server of PostgreSQL of a test's own, which can be stopped and started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def programs():
    """Return the folder of Debian's newest programs of PostgreSQL; None without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


class Postgres:
    """A cluster in a folder of its own, on a socket in it; it does not run as root."""

    def __init__(self):
        # The name of a socket is short, and the folders of pytest are its user's alone.
        self.folder, self._programs = Path(tempfile.mkdtemp(prefix="soak-")), programs()
        folder, self._as = self.folder, []
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            self._as = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tests")
        self.start()
        self.address = f"postgresql://tests@/postgres?host={folder}"

    def start(self):
        """Start the server, and wait until it answers."""
        options = f"-c listen_addresses= -k {self.folder}"
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", options, "start")

    def stop(self, how="fast"):
        """Stop it: ``fast`` ends what runs, ``immediate`` is as if the machine lost its power."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", how, "stop")

    def close(self):
        """End the server, and remove what it wrote."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def _run(self, program, *arguments):
        done = subprocess.run(
            [*self._as, str(self._programs / program), *arguments],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{program} {' '.join(arguments)}: exit code {done.returncode}"
