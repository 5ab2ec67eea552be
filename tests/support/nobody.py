"""A user without any rights: what such a one comes to, and gets."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

#: The user and group that own nothing.
NOBODY: Final = 65534


def as_nobody(says: Callable[[], str]) -> str:
    """What `says` says as such a user; in a process of its own, for rights do not return."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in the child
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            said = says()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent judges it
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said
