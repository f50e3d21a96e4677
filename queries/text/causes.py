"""Why the system did not write a file, in words with what to do."""

from __future__ import annotations

import errno

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def cause_of(error: OSError) -> str:
    """The cause in a clause; the path is named before it."""
    if error.errno in _FULL:
        return "the disk is full: make room and run it again"
    return error.strerror.lower() if error.strerror else str(error)
