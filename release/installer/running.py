"""Other programs, and the one exception of the installer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


class Refused(Exception):
    """It was not installed; the text says why and what to do."""


def run(*command: str) -> None:
    """Refused with the last lines of what the program said where it fails.

    No index, path or setting of this machine's Python and pip reaches it.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    environ["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise Refused(f"{Path(command[0]).name} 没有成功。它的说明：\n{said}")
