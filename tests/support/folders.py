"""Where tests put what others must reach: a server run by another user, somebody without rights."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

#: The most bytes that the path of a socket may have on Linux.
LONGEST: Final = 107


def within_reach(of_a_socket: str = "") -> Path:
    """The folder for temporary files, or another that everybody may enter.

    Its path is short enough for a socket of this name below it.
    """
    for folder in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        short = len(os.fsencode(folder / of_a_socket)) <= LONGEST
        way = [part for part in (folder, *folder.parents) if part.exists()]
        entered = all(part.stat().st_mode & 1 for part in way)
        if short and entered and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise RuntimeError("No folder for temporary files may be entered by all and has a short path.")


@cache
def of_this_process() -> Path:
    """A folder for what is made once and copied; gone when this process ends."""
    folder = tempfile.mkdtemp(prefix="auditflow-kept-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
