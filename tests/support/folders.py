"""Where tests put what others must reach: a server run by another user, somebody without rights."""

from __future__ import annotations

import os
import tempfile
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
