"""Locks a file that is open, for as long as it is; the system lets go of it when a program dies."""

from __future__ import annotations

import sys


def is_locked_by(descriptor: int) -> bool:
    """Lock it; whether it could be had, which is at once."""
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
