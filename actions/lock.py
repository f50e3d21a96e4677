"""One deletion or restore at a time on one machine: two would look at and write the same things."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.session import Refusal


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the lock until the end of the block; the system lets go of it when a program dies.

    Raises Refusal where another program holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / ".deleting", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(f"{folder} cannot be written: {error}") from error
    try:
        if not _taken(descriptor):
            raise Refusal("another deletion or restore is under way with this store")
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
